/* The file system, with every call that a signal may interrupt tried again. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

enum {
    FIRST_READ = 64 * 1024, /* of what does not tell its size */
    HASH_READ = 32 * 1024,  /* a multiple of RT_HASH_BLOCK */
    TEMP_NAMES = 100,       /* tried before giving up: leftovers of killed runs, other threads */
};

static rt_code fail_os(rt_err *err, const char *doing, const char *path, int number)
{
    char why[128];
    if (strerror_r(number, why, sizeof why) != 0)
        snprintf(why, sizeof why, "error %d", number);
    return rt_fail(err, number == ENOMEM ? RT_ENOMEM : RT_EIO, "cannot %s %s: %s", doing, path,
                   why);
}

/* ---- reading ---- */

static int open_to_read(const char *path)
{
    int fd;
    do
        fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* What is there, at most n bytes: 0 at the end, -1 with errno. */
static ssize_t read_some(int fd, char *to, size_t n)
{
    ssize_t got;
    do
        got = read(fd, to, n);
    while (got < 0 && errno == EINTR);
    return got;
}

static bool grow(rt_bytes *b, size_t *cap, size_t wanted)
{
    char *p = realloc(b->ptr, wanted);
    if (p == NULL)
        return false;
    b->ptr = p;
    *cap = wanted;
    return true;
}

/* One byte more than the size is asked for, so that the end shows in the first read. */
static size_t first_capacity(int fd, size_t limit)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
        return FIRST_READ;
    return (uintmax_t)st.st_size > limit ? limit + 1 : (size_t)st.st_size + 1;
}

static rt_code read_all(int fd, const char *name, size_t limit, rt_bytes *b, rt_err *err)
{
    size_t cap = 0;
    if (limit >= SIZE_MAX / 4)
        limit = SIZE_MAX / 4;
    for (size_t wanted = first_capacity(fd, limit);; wanted = cap * 2) {
        if (!grow(b, &cap, wanted))
            return rt_fail(err, RT_ENOMEM, "out of memory for %s", name);
        while (b->len < cap) {
            ssize_t got = read_some(fd, b->ptr + b->len, cap - b->len);
            if (got < 0)
                return fail_os(err, "read", name, errno);
            if (got == 0)
                return RT_OK;
            b->len += (size_t)got;
            if (b->len > limit)
                return rt_fail(err, RT_ELIMIT, "%s is larger than %zu bytes", name, limit);
        }
    }
}

rt_code rt_file_read(const char *path, size_t limit, rt_bytes *out, rt_err *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    int fd = is_stdin ? STDIN_FILENO : open_to_read(path);
    if (fd < 0)
        return fail_os(err, "open", name, errno);
    rt_bytes b = {.ptr = NULL};
    rt_code code = read_all(fd, name, limit, &b, err);
    if (!is_stdin)
        close(fd);
    if (code != RT_OK)
        free(b.ptr);
    else
        *out = b;
    return code;
}

rt_code rt_file_map(const char *path, rt_bytes *out, rt_err *err)
{
    int fd = open_to_read(path);
    if (fd < 0)
        return fail_os(err, "open", path, errno);
    struct stat st;
    rt_code code = RT_OK;
    rt_bytes b = {.ptr = NULL};
    if (fstat(fd, &st) != 0) {
        code = fail_os(err, "read", path, errno);
    } else if (!S_ISREG(st.st_mode)) {
        code = rt_fail(err, RT_EIO, "cannot map %s: not a regular file", path);
    } else if (st.st_size > 0) { /* nothing cannot be mapped */
        b.len = (size_t)st.st_size;
        b.ptr = mmap(NULL, b.len, PROT_READ, MAP_PRIVATE, fd, 0);
        b.mapped = b.ptr != MAP_FAILED;
        if (!b.mapped)
            code = fail_os(err, "map", path, errno);
    }
    close(fd);
    if (code == RT_OK)
        *out = b;
    return code;
}

/* As many bytes as fit, fewer only at the end; -1 with errno. */
static ssize_t read_full(int fd, char *to, size_t n)
{
    size_t len = 0;
    for (ssize_t got = 1; len < n && got > 0; len += (size_t)got) {
        got = read_some(fd, to + len, n - len);
        if (got < 0)
            return got;
    }
    return (ssize_t)len;
}

rt_code rt_file_hash(const char *path, uint64_t *out, rt_err *err)
{
    _Alignas(uint64_t) char piece[HASH_READ];
    rt_hash h = RT_HASH_START;
    int fd = open_to_read(path);
    if (fd < 0)
        return fail_os(err, "open", path, errno);
    ssize_t got = read_full(fd, piece, sizeof piece);
    for (; got == (ssize_t)sizeof piece; got = read_full(fd, piece, sizeof piece))
        rt_hash_add(&h, (rt_str){piece, sizeof piece});
    rt_code code = got < 0 ? fail_os(err, "read", path, errno) : RT_OK;
    close(fd);
    if (code != RT_OK)
        return code;
    size_t whole = (size_t)got - (size_t)got % RT_HASH_BLOCK;
    rt_hash_add(&h, (rt_str){piece, whole});
    *out = rt_hash_end(&h, (rt_str){piece + whole, (size_t)got - whole});
    return RT_OK;
}

void rt_bytes_free(rt_bytes *b)
{
    if (b->mapped)
        munmap(b->ptr, b->len);
    else
        free(b->ptr);
    *b = (rt_bytes){.ptr = NULL};
}

/* ---- writing ---- */

/* 0 or errno. */
static int write_all(int fd, rt_str bytes)
{
    for (size_t done = 0; done < bytes.len;) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);
        if (n < 0 && errno != EINTR)
            return errno;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Some file systems have nothing to synchronise and say so. */
static int synchronise(int fd)
{
    int n;
    do
        n = fsync(fd);
    while (n < 0 && errno == EINTR);
    return n == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

/* A pipe, a terminal, /dev/null: nothing to rename over. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static rt_code write_special(const char *path, rt_str bytes, rt_err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_os(err, "write", path, errno);
    int number = write_all(fd, bytes);
    close(fd);
    return number != 0 ? fail_os(err, "write", path, number) : RT_OK;
}

/* A new file beside path, readable as the user's umask says (mkstemp would make it private). */
static int open_temp(const char *path, char *temp, size_t size)
{
    for (int i = 0; i < TEMP_NAMES; i++) {
        snprintf(temp, size, "%s.%ld-%d.tmp", path, (long)getpid(), i);
        int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static int write_and_rename(int fd, const char *temp, const char *path, rt_str bytes)
{
    int number = write_all(fd, bytes);
    if (number == 0)
        number = synchronise(fd);
    if (close(fd) != 0 && number == 0)
        number = errno;
    if (number == 0 && rename(temp, path) != 0)
        number = errno;
    if (number != 0)
        unlink(temp);
    return number;
}

rt_code rt_file_write(const char *path, rt_str bytes, rt_err *err)
{
    if (is_special(path))
        return write_special(path, bytes, err);
    size_t size = strlen(path) + 40; /* of the suffix */
    char *temp = malloc(size);
    if (temp == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory for %s", path);
    int fd = open_temp(path, temp, size);
    int number = fd < 0 ? errno : write_and_rename(fd, temp, path, bytes);
    free(temp);
    return number != 0 ? fail_os(err, "write", path, number) : RT_OK;
}

/* ---- listing ---- */

typedef struct names {
    char **at;
    size_t len, cap;
} names;

static bool push_name(names *l, const char *name)
{
    if (l->len + 2 > l->cap) { /* and the NULL that ends the list */
        size_t cap = l->cap == 0 ? 32 : l->cap * 2;
        char **at = realloc(l->at, cap * sizeof *at);
        if (at == NULL)
            return false;
        l->at = at;
        l->cap = cap;
    }
    l->at[l->len + 1] = NULL;
    if (name == NULL) { /* only make the list exist */
        l->at[l->len] = NULL;
        return true;
    }
    l->at[l->len] = strdup(name);
    return l->at[l->len] != NULL && ++l->len > 0;
}

static bool is_wanted(DIR *dir, const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    struct stat st;
    return n >= m && strcmp(name + n - m, suffix) == 0 && fstatat(dirfd(dir), name, &st, 0) == 0 &&
           S_ISREG(st.st_mode);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

rt_code rt_dir_list(const char *path, const char *suffix, char ***out, rt_err *err)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return fail_os(err, "list", path, errno);
    names list = {.at = NULL};
    bool fits = push_name(&list, NULL);
    int number = 0;
    while (fits) {
        errno = 0;
        const struct dirent *entry = readdir(dir); /* of our own stream: safe among threads */
        number = errno;
        if (entry == NULL)
            break;
        if (is_wanted(dir, entry->d_name, suffix))
            fits = push_name(&list, entry->d_name);
    }
    closedir(dir);
    if (!fits || number != 0) {
        rt_dir_free(list.at);
        return fail_os(err, "list", path, fits ? number : ENOMEM);
    }
    qsort(list.at, list.len, sizeof *list.at, compare_names);
    *out = list.at;
    return RT_OK;
}

void rt_dir_free(char **list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        free(list[i]);
    free(list);
}
