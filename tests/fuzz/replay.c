/*
 * Runs one fuzz harness over files without a fuzzer: every file named, and every file of every
 * folder named.
 *
 * A harness traps when an invariant breaks, so the program dies in the middle of an input; the
 * handler then says which one it was. This keeps found crashes fixed on machines that have no
 * clang. Folders are not entered deeper than one level.
 */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input under test, for the handler alone; it can only call what is safe in a signal. */
static const char *current = "";

static void on_crash(int sig)
{
    static const char lead[] = "crashed on ";
    ssize_t n = write(STDERR_FILENO, lead, sizeof(lead) - 1);
    n = write(STDERR_FILENO, current, strlen(current));
    n = write(STDERR_FILENO, "\n", 1);
    (void)n;
    signal(sig, SIG_DFL);
    raise(sig);
}

/* 1 when the file was run, 0 when it could not be read. */
static int replay_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    struct stat st;
    if (in == NULL || fstat(fileno(in), &st) != 0) {
        perror(path);
        if (in != NULL)
            fclose(in);
        return 0;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data =
        malloc(size + 1); /* exactly sized but for one byte: an over-read shows under ASan */
    size_t got = data == NULL ? 0 : fread(data, 1, size, in);
    fclose(in);
    if (data != NULL && got == size) {
        uint8_t *exact = realloc(data, size == 0 ? 1 : size);
        data = exact == NULL ? data : exact;
        current = path;
        LLVMFuzzerTestOneInput(data, size);
    }
    free(data);
    return got == size;
}

static int replay_folder(const char *path, unsigned *failed)
{
    int passed = 0;
    DIR *dir = opendir(path);
    if (dir == NULL)
        return 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char file[4096];
        int n = snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || n < 0 || (size_t)n >= sizeof(file))
            continue;
        if (replay_file(file))
            passed++;
        else
            ++*failed;
    }
    closedir(dir);
    return passed;
}

int main(int argc, char **argv)
{
    int passed = 0;
    unsigned failed = 0;
    signal(SIGABRT, on_crash);
    signal(SIGILL, on_crash); /* __builtin_trap */
    signal(SIGSEGV, on_crash);
    signal(SIGTRAP, on_crash);
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            passed += replay_folder(argv[i], &failed);
        else if (replay_file(argv[i]))
            passed++;
        else
            failed++; /* also a target without seeds */
    }
    printf("%d passed, %u failed, 0 skipped\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
