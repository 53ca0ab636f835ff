/* Results to standard output, to a file, or to a folder of files.
 *
 * A file never stands half-written under its own name: it grows as NAME.partial beside it and is
 * renamed at the end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "cli/command.h"

enum {
    FLUSH_AT = 64 * 1024,
    NAME_BYTES = 160,   /* of an id in a file name; file systems allow 255 with suffix and number */
    FIRST_NAMES = 1024, /* slots; a power of two */
};

/* ---- small helpers over the operating system */

static rt_code system_error(const char *what, int number, rt_err *err)
{
    char reason[128] = "unknown error";
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return rt_fail(err, RT_EIO, "%s: %s", what, reason);
}

static rt_code write_all(int fd, rt_str s, const char *name, rt_err *err)
{
    while (s.len > 0) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_error(name, errno, err);
        s = rt_str_slice(s, (size_t)n, s.len);
    }
    return RT_OK;
}

static char *join(const char *a, const char *b, const char *c)
{
    size_t n = strlen(a) + strlen(b) + strlen(c) + 1;
    char *s = malloc(n);
    if (s != NULL)
        snprintf(s, n, "%s%s%s", a, b, c);
    return s;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Something that is written in place: a device, a pipe, a link to who knows what. */
static bool is_special(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* ---- opening */

static const char *out_name(const rt_out *o)
{
    return o->path != NULL ? o->path : "standard output";
}

static rt_code open_folder(rt_out *o, const char *path, rt_err *err)
{
    if (mkdir(path, 0777) != 0 && !(errno == EEXIST && is_folder(path)))
        return system_error(path, errno, err);
    o->folder = join(path, path[strlen(path) - 1] == '/' ? "" : "/", "");
    o->names = calloc(FIRST_NAMES, sizeof *o->names);
    o->names_cap = FIRST_NAMES;
    return o->folder != NULL && o->names != NULL ? RT_OK : rt_fail(err, RT_ENOMEM, "out of memory");
}

static rt_code open_file(rt_out *o, const char *path, rt_err *err)
{
    o->path = strdup(path);
    bool special = is_special(path);
    o->temp = special ? NULL : join(path, ".partial", "");
    if (o->path == NULL || (!special && o->temp == NULL))
        return rt_fail(err, RT_ENOMEM, "out of memory");
    o->fd = open(special ? path : o->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return o->fd < 0 ? system_error(path, errno, err) : RT_OK;
}

static void release(rt_out *o)
{
    rt_buf_free(&o->buf);
    free(o->path);
    free(o->temp);
    free(o->folder);
    free(o->names);
    *o = (rt_out){.fd = -1};
}

rt_code rt_out_open(rt_out *o, const char *path, rt_err *err)
{
    *o = (rt_out){.fd = -1};
    rt_buf_init(&o->buf, SIZE_MAX);
    rt_code code = RT_OK;
    if (path == NULL || strcmp(path, "-") == 0)
        o->fd = STDOUT_FILENO;
    else if (path[0] == '\0')
        code = rt_fail(err, RT_EUSAGE, "the name of the output is empty");
    else if (path[strlen(path) - 1] == '/' || is_folder(path))
        code = open_folder(o, path, err);
    else
        code = open_file(o, path, err);
    if (code != RT_OK)
        release(o);
    return code;
}

/* ---- one stream */

static rt_code flush(rt_out *o, rt_err *err)
{
    rt_code code = rt_buf_check(&o->buf, err);
    if (code == RT_OK)
        code = write_all(o->fd, rt_buf_str(&o->buf), out_name(o), err);
    rt_buf_clear(&o->buf);
    o->failed = o->failed || code != RT_OK;
    return code;
}

rt_code rt_out_write(rt_out *o, rt_str bytes, rt_err *err)
{
    rt_buf_add(&o->buf, bytes);
    return o->buf.len >= FLUSH_AT ? flush(o, err) : rt_buf_check(&o->buf, err);
}

static rt_code sink_write(void *user, const char *p, size_t n, rt_err *err)
{
    return rt_out_write(user, (rt_str){p, n}, err);
}

rt_sink rt_out_sink(rt_out *o)
{
    return (rt_sink){sink_write, o};
}

/* The end of a file that was written beside its name. */
static rt_code settle(rt_out *o, rt_code code, bool complete, rt_err *err)
{
    if (close(o->fd) != 0 && code == RT_OK)
        code = system_error(out_name(o), errno, err);
    if (o->temp == NULL)
        return code;
    if (code != RT_OK || o->failed)
        unlink(o->temp);
    else if (complete && rename(o->temp, o->path) != 0)
        code = system_error(o->path, errno, err);
    return code;
}

rt_code rt_out_close(rt_out *o, bool complete, rt_err *err)
{
    rt_code code = RT_OK;
    if (o->fd >= 0)
        code = flush(o, err);
    if (o->fd > STDERR_FILENO)
        code = settle(o, code, complete, err);
    release(o);
    return code;
}

/* ---- a folder of files */

/* Letters, digits, "-_." and whatever is not ASCII stay; no name begins with a dot or is longer
 * than NAME_BYTES. */
static void safe_name(rt_str id, char out[NAME_BYTES + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < id.len && n < NAME_BYTES; i++) {
        char c = id.ptr[i];
        bool safe = rt_is_word(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80 ||
                    (c == '.' && n > 0);
        if (!safe)
            c = '_';
        out[n++] = c;
    }
    while (n > 0 && n < id.len && rt_utf8_cont(id.ptr[n]))
        n--; /* not within a character */
    if (n == 0)
        out[n++] = '_';
    out[n] = '\0';
}

static bool grow_names(rt_out *o)
{
    size_t cap = o->names_cap * 2;
    uint64_t *larger = calloc(cap, sizeof *larger);
    if (larger == NULL)
        return false;
    for (size_t i = 0; i < o->names_cap; i++) {
        size_t slot = o->names[i] & (cap - 1);
        while (o->names[i] != 0 && larger[slot] != 0)
            slot = (slot + 1) & (cap - 1);
        if (o->names[i] != 0)
            larger[slot] = o->names[i];
    }
    free(o->names);
    o->names = larger;
    o->names_cap = cap;
    return true;
}

/* false: the name was given before. A chance meeting of two hashes costs a number, no more. */
static bool claim_name(rt_out *o, const char *name)
{
    uint64_t hash = rt_hash64(rt_str_from(name), 0) | 1U;
    size_t slot = hash & (o->names_cap - 1);
    for (; o->names[slot] != 0; slot = (slot + 1) & (o->names_cap - 1))
        if (o->names[slot] == hash)
            return false;
    o->names[slot] = hash;
    o->n_names++;
    return true;
}

static rt_code write_file(const char *path, rt_str bytes, rt_err *err)
{
    rt_out file;
    rt_code code = rt_out_open(&file, path, err);
    if (code != RT_OK)
        return code;
    code = rt_out_write(&file, bytes, err);
    rt_code closed = rt_out_close(&file, true, err);
    return code != RT_OK ? code : closed;
}

rt_code rt_out_file(rt_out *o, rt_str id, const char *suffix, rt_str bytes, rt_err *err)
{
    char safe[NAME_BYTES + 1], name[NAME_BYTES + 48];
    safe_name(id, safe);
    if (o->n_names * 2 >= o->names_cap && !grow_names(o))
        return rt_fail(err, RT_ENOMEM, "out of memory");
    snprintf(name, sizeof name, "%s%s", safe, suffix);
    for (unsigned n = 2; !claim_name(o, name); n++)
        snprintf(name, sizeof name, "%s-%u%s", safe, n, suffix);
    char *path = join(o->folder, name, "");
    if (path == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    rt_code code = write_file(path, bytes, err);
    free(path);
    return code;
}
