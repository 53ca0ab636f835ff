/* Where the program finds its data, the one call that opens the engine from there, and what a file
 * is that a command was given. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/command.h"

#ifndef PATH_MAX
#define PATH_MAX 4096
#endif

static bool is_folder(const char *base, const char *name)
{
    char path[PATH_MAX];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/%s", base, name);
    return n > 0 && (size_t)n < sizeof path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_home(const char *folder)
{
    return is_folder(folder, "lexicons") && is_folder(folder, "templates");
}

/* The folder that holds the running program, without the last '/'. */
static bool program_folder(char out[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (n <= 0)
        return false;
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

char *rt_home_find(void)
{
    const char *stated = getenv("ROENTEXT_HOME");
    if (stated != NULL && stated[0] != '\0')
        return strdup(stated);
    char folder[PATH_MAX];
    if (program_folder(folder)) {
        char share[PATH_MAX + 32];
        snprintf(share, sizeof share, "%s/../share/roentext", folder);
        if (is_home(share))
            return strdup(share);
        for (char *slash = NULL; folder[0] != '\0'; *slash = '\0') {
            if (is_home(folder))
                return strdup(folder);
            slash = strrchr(folder, '/');
            if (slash == NULL)
                break;
        }
    }
    return is_home(".") ? strdup(".") : NULL;
}

char *rt_home_compiled(void)
{
    char folder[PATH_MAX], path[PATH_MAX + 32];
    if (!program_folder(folder))
        return NULL;
    snprintf(path, sizeof path, "%s/lexicon.rtl", folder);
    return access(path, R_OK) == 0 ? strdup(path) : NULL;
}

static int open_engine(const char *profile, bool terms, rt_engine **out)
{
    char *home = rt_home_find();
    if (home == NULL) {
        fputs("roentext: no folder with lexicons/ and templates/ was found: set ROENTEXT_HOME\n",
              stderr);
        return RT_EXIT_USAGE;
    }
    char *compiled = rt_home_compiled();
    rt_err err = {.code = RT_OK};
    rt_code code = terms ? rt_engine_open_terms(home, compiled, out, &err)
                         : rt_engine_open_profile(home, compiled, profile, out, &err);
    if (code != RT_OK)
        rt_err_print(&err, stderr);
    free(home);
    free(compiled);
    return code == RT_OK ? RT_EXIT_OK : RT_EXIT_USAGE;
}

int rt_engine_open_under(const char *profile, rt_engine **out)
{
    return open_engine(profile, false, out);
}

int rt_engine_open_search(rt_engine **out)
{
    return open_engine(NULL, true, out);
}

int rt_engine_open_home(rt_engine **out)
{
    return rt_engine_open_under(NULL, out);
}

bool rt_is_database(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic] = "";
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false; /* what is read from a pipe is gone */
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, head, sizeof head);
    close(fd);
    return n == (ssize_t)sizeof head && memcmp(head, magic, sizeof magic) == 0;
}
