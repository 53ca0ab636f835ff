/* Raw records from a file or stream, cut as cheaply as can be: the workers do the parsing. Lines
 * and whole files are cut here, rows of CSV in csv_rows.c, HL7 messages in hl7_cut.c.
 *
 * A line longer than the ceiling is skipped in the source with the memory of the ceiling: its
 * beginning is kept for the message, the rest is read over until the line ends. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/reader.h"

/* Limits. Three bytes of source for each byte of the largest text: JSON may write \u80ba for a
 * character of three bytes. */
static const size_t default_ceiling = (size_t)24 << 20;
#ifdef RT_HARD
enum { FIRST_BUFFER = 7, MAX_HEADING = 64 };
#else
enum { FIRST_BUFFER = 128 * 1024, MAX_HEADING = 64 * 1024 };
#endif

/* ---- bytes */

static rt_code no_memory(const rt_reader *r, rt_err *err)
{
    return rt_fail(err, RT_ENOMEM, "%s: out of memory", r->path);
}

static rt_code system_error(const char *path, const char *doing, int number, rt_err *err)
{
    char reason[128] = "unknown error";
    if (strerror_r(number, reason, sizeof reason) != 0)
        return rt_fail(err, RT_EIO, "%s: cannot %s: error %d", path, doing, number);
    return rt_fail(err, RT_EIO, "%s: cannot %s: %s", path, doing, reason);
}

/* Room for more bytes: first by moving what is left to the front, then by growing. */
static rt_code make_room(rt_reader *r, rt_err *err)
{
    if (r->len < r->cap)
        return RT_OK;
    if (r->pos > 0) {
        memmove(r->buf, r->buf + r->pos, r->len - r->pos);
        r->len -= r->pos;
        r->scanned -= r->pos;
        r->gone += r->pos;
        r->pos = 0;
    }
    if (r->len < r->cap - r->cap / 4)
        return RT_OK;
    assert(r->cap >= FIRST_BUFFER);
    char *larger = realloc(r->buf, r->cap * 2);
    if (larger == NULL)
        return no_memory(r, err);
    r->buf = larger;
    r->cap *= 2;
    return RT_OK;
}

/* One read(2). A signal that interrupts it ends the reading: the caller has a handler installed
 * and wants to stop. */
rt_code rt_reader_fill(rt_reader *r, rt_err *err)
{
    rt_code code = make_room(r, err);
    if (code != RT_OK)
        return code;
    ssize_t n = read(r->fd, r->buf + r->len, r->cap - r->len);
    if (n < 0)
        return system_error(r->path, "read", errno, err);
    r->ended = n == 0;
    r->len += (size_t)n;
    return RT_OK;
}

/* ---- one record */

rt_code rt_reader_skip_line(rt_reader *r, rt_err *err)
{
    for (;;) {
        char *end = memchr(r->buf + r->scanned, '\n', r->len - r->scanned);
        if (end != NULL) {
            r->scanned = (size_t)(end - r->buf);
            return RT_OK;
        }
        r->len = r->scanned = r->pos + RT_KEPT_OF_OVERSIZE;
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK || r->ended)
            return code;
    }
}

/* Finds the end of the line that begins at pos: *end, and where the next one begins: *next. */
static rt_code find_line(rt_reader *r, size_t *end, size_t *next, bool *oversize, rt_err *err)
{
    rt_code code = RT_OK;
    *oversize = false;
    for (;;) {
        char *stop = memchr(r->buf + r->scanned, '\n', r->len - r->scanned);
        r->scanned = stop != NULL ? (size_t)(stop - r->buf) : r->len;
        if (r->scanned - r->pos > r->ceiling) {
            *oversize = true;
            code = stop == NULL ? rt_reader_skip_line(r, err) : RT_OK;
            break;
        }
        if (stop != NULL || r->ended)
            break;
        code = rt_reader_fill(r, err);
        if (code != RT_OK)
            break;
    }
    *end = *oversize ? r->pos + RT_KEPT_OF_OVERSIZE : r->scanned;
    *next = r->scanned < r->len ? r->scanned + 1 : r->len;
    return code;
}

rt_raw rt_reader_give(rt_reader *r, size_t end, size_t next, bool oversize, uint32_t lines)
{
    rt_raw raw = {
        .bytes = rt_str_slice((rt_str){r->buf, r->len}, r->pos, end),
        .source = r->path,
        .line = r->line + 1,
        .format = r->format,
        .oversize = oversize,
        .csv = r->csv,
    };
    r->line += lines;
    r->pos = r->scanned = next;
    return raw;
}

uint32_t rt_count_lines(rt_str s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n' || (s.ptr[i] == '\r' && (i + 1 == s.len || s.ptr[i + 1] != '\n'));
    return n;
}

static rt_code next_line(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    *more = false;
    while (r->pos < r->len || !r->ended) {
        size_t end = 0, next = 0;
        bool oversize = false;
        rt_code code = find_line(r, &end, &next, &oversize, err);
        if (code != RT_OK)
            return code;
        *out = rt_reader_give(r, end, next, oversize, next > r->pos);
        *more = rt_str_trim(out->bytes).len > 0;
        if (*more)
            return RT_OK;
    }
    return RT_OK;
}

static rt_code next_file(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    *more = !r->given;
    while (!r->given && !r->ended && r->len <= r->ceiling) {
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
    bool oversize = r->len > r->ceiling;
    size_t end = oversize ? RT_KEPT_OF_OVERSIZE : r->len;
    *out = rt_reader_give(r, end, 0, oversize, 0);
    r->given = true;
    return RT_OK;
}

rt_code rt_reader_next(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    switch (r->format) {
    case RT_FORMAT_TEXT:
        return next_file(r, out, more, err);
    case RT_FORMAT_CSV:
        return rt_cut_csv(r, out, more, err);
    case RT_FORMAT_HL7:
        return rt_cut_hl7(r, out, more, err);
    case RT_FORMAT_JSONL:
    case RT_FORMAT_AUTO:
        break;
    }
    return next_line(r, out, more, err);
}

/* ---- opening */

/* sorted by nothing but use: file name endings that decide the format */
static const struct {
    const char *suffix;
    rt_format format;
} suffixes[] = {
    {".jsonl", RT_FORMAT_JSONL}, {".ndjson", RT_FORMAT_JSONL}, {".json", RT_FORMAT_JSONL},
    {".txt", RT_FORMAT_TEXT},    {".csv", RT_FORMAT_CSV},      {".hl7", RT_FORMAT_HL7},
};

static rt_format format_of_name(const char *path)
{
    rt_str name = rt_str_from(path);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        rt_str suffix = rt_str_from(suffixes[i].suffix);
        if (name.len > suffix.len &&
            rt_str_eq_nocase(rt_str_slice(name, name.len - suffix.len, name.len), suffix))
            return suffixes[i].format;
    }
    return RT_FORMAT_AUTO;
}

/* What the source begins with: at least the first line, if it is not overlong. */
static rt_code read_beginning(rt_reader *r, rt_str *seen, rt_err *err)
{
    for (;;) {
        *seen = rt_str_trim((rt_str){r->buf, r->len});
        if (rt_str_starts(*seen, RT_STR("\xef\xbb\xbf")))
            *seen = rt_str_trim(rt_str_slice(*seen, 3, seen->len));
        bool enough = seen->len > 0 && (seen->ptr[0] == '{' || seen->len >= MAX_HEADING ||
                                        seen->ptr + seen->len < r->buf + r->len ||
                                        memchr(seen->ptr, '\n', seen->len) != NULL ||
                                        memchr(seen->ptr, '\r', seen->len) != NULL);
        if (enough || r->ended || r->len >= r->ceiling)
            return RT_OK;
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
}

static rt_code format_of_content(rt_reader *r, rt_err *err)
{
    rt_str seen;
    rt_code code = read_beginning(r, &seen, err);
    if (rt_str_starts(seen, RT_STR("{")))
        r->format = RT_FORMAT_JSONL;
    else if (rt_hl7_recognise(seen))
        r->format = RT_FORMAT_HL7;
    else
        r->format = rt_csv_recognise(seen) ? RT_FORMAT_CSV : RT_FORMAT_TEXT;
    return code;
}

/* A byte order mark is no part of the first line; UTF-16 cannot be cut at bytes. */
static rt_code check_first_bytes(rt_reader *r, rt_err *err)
{
    while (r->len < 3 && !r->ended) {
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
    rt_str seen = {r->buf, r->len};
    if (rt_str_starts(seen, RT_STR("\xff\xfe")) || rt_str_starts(seen, RT_STR("\xfe\xff")))
        return rt_fail(err, RT_EINPUT, "%s: %s in UTF-16 is not supported: use UTF-8", r->path,
                       r->format == RT_FORMAT_JSONL ? "JSONL"
                       : r->format == RT_FORMAT_CSV ? "CSV"
                                                    : "HL7");
    if (rt_str_starts(seen, RT_STR("\xef\xbb\xbf")))
        r->pos = r->scanned = 3;
    return RT_OK;
}

static rt_code find_format(rt_reader *r, rt_err *err)
{
    rt_code code = RT_OK;
    if (r->format == RT_FORMAT_AUTO)
        r->format = format_of_name(r->path);
    if (r->format == RT_FORMAT_AUTO)
        code = format_of_content(r, err);
    if (code == RT_OK && r->format != RT_FORMAT_TEXT)
        code = check_first_bytes(r, err);
    return code;
}

static rt_code open_source(rt_reader *r, rt_err *err)
{
    bool standard = strcmp(r->path, "-") == 0;
    r->fd = standard ? STDIN_FILENO : open(r->path, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0)
        return system_error(r->path, "open", errno, err);
    struct stat st;
    if (fstat(r->fd, &st) == 0 && S_ISDIR(st.st_mode))
        return rt_fail(err, RT_EIO, "%s: is a directory: name the files in it", r->path);
    return RT_OK;
}

rt_code rt_reader_open(const char *path, rt_format format, size_t max_record, rt_reader **out,
                       rt_err *err)
{
    rt_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    r->fd = -1;
    r->format = format;
    r->ceiling = max_record > 0 ? max_record : default_ceiling;
    if (r->ceiling < RT_KEPT_OF_OVERSIZE)
        r->ceiling = RT_KEPT_OF_OVERSIZE;
    r->cap = FIRST_BUFFER;
    r->path = strdup(path != NULL ? path : "-");
    r->buf = malloc(r->cap);
    rt_code code = r->path != NULL && r->buf != NULL ? open_source(r, err)
                                                     : rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = find_format(r, err);
    if (code != RT_OK) {
        rt_reader_close(r);
        return code;
    }
    *out = r;
    return RT_OK;
}

rt_code rt_reader_map(rt_reader *r, const char *map, rt_err *err)
{
    rt_code code = rt_csv_check_map(map, err);
    if (code != RT_OK)
        return code;
    char *copy = strdup(map);
    if (copy == NULL)
        return no_memory(r, err);
    free(r->map);
    r->map = copy;
    return RT_OK;
}

void rt_reader_close(rt_reader *r)
{
    if (r == NULL)
        return;
    if (r->fd > STDERR_FILENO || (r->fd >= 0 && strcmp(r->path, "-") != 0))
        close(r->fd);
    free(r->path);
    free(r->map);
    free(r->buf);
    free(r);
}
