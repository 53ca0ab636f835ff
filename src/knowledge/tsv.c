/* Rows and cells of a data file. See tsv.h. */
#include "knowledge/tsv.h"

#include <stdarg.h>

#include "base/utf8.h"

static rt_code fail_at(const rt_tsv *t, size_t at, rt_err *err, const char *msg)
{
    return rt_fail_at(err, RT_EINPUT, t->path, t->text, at, "%s", msg);
}

static size_t offset_of(const rt_tsv *t, rt_str at)
{
    return (size_t)(at.ptr - t->text.ptr);
}

rt_code rt_tsv_fail(const rt_tsv *t, rt_str at, rt_err *err, const char *fmt, ...)
{
    char msg[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return fail_at(t, offset_of(t, at), err, msg);
}

/* The next line that is neither empty nor a comment. */
static bool next_line(rt_tsv *t, rt_str *line)
{
    while (t->rest.len > 0) {
        rt_cut cut = rt_str_cut(t->rest, '\n');
        t->rest = cut.tail;
        t->line++;
        if (cut.head.len > 0 && cut.head.ptr[0] != '#') {
            *line = cut.head;
            return true;
        }
    }
    return false;
}

static rt_code split(rt_tsv *t, rt_str line, rt_str *cells, uint32_t *n, rt_err *err)
{
    *n = 0;
    for (;;) {
        rt_cut cut = rt_str_cut(line, '\t');
        if (*n == RT_TSV_COLUMNS)
            return rt_tsv_fail(t, cut.head, err, "more than %d columns", RT_TSV_COLUMNS);
        if (!rt_str_eq(rt_str_trim(cut.head), cut.head))
            return rt_tsv_fail(t, cut.head, err, "blanks around a cell");
        cells[(*n)++] = cut.head;
        if (!cut.found)
            return RT_OK;
        line = cut.tail;
    }
}

static rt_code check_bytes(const rt_tsv *t, rt_err *err)
{
    size_t at;
    if (!rt_utf8_valid(t->text, &at))
        return fail_at(t, at, err, "not valid UTF-8");
    if (rt_str_find(t->text, (rt_str){"\0", 1}, &at))
        return fail_at(t, at, err, "NUL byte");
    if (rt_str_find(t->text, RT_STR("\r"), &at))
        return fail_at(t, at, err, "carriage return: the file must have LF line ends");
    return RT_OK;
}

rt_code rt_tsv_open(rt_tsv *t, const char *path, rt_str text, const char *const *wanted,
                    rt_err *err)
{
    *t = (rt_tsv){.path = path, .text = text, .rest = text};
    rt_code code = check_bytes(t, err);
    if (code != RT_OK)
        return code;
    rt_str line;
    if (!next_line(t, &line))
        return fail_at(t, 0, err, "no row of column names");
    code = split(t, line, t->name, &t->columns, err);
    if (code != RT_OK)
        return code;
    for (uint32_t i = 0; wanted[i]; i++) {
        rt_str name = i < t->columns ? t->name[i] : rt_str_slice(line, line.len, line.len);
        if (!rt_str_eq(name, rt_str_from(wanted[i])))
            return rt_tsv_fail(t, name, err, "column %u must be \"%s\"", i + 1, wanted[i]);
    }
    return RT_OK;
}

rt_code rt_tsv_row(rt_tsv *t, bool *more, rt_err *err)
{
    rt_str line;
    *more = next_line(t, &line);
    if (!*more)
        return RT_OK;
    uint32_t n;
    rt_code code = split(t, line, t->cell, &n, err);
    if (code != RT_OK)
        return code;
    if (n > t->columns)
        return rt_tsv_fail(t, t->cell[t->columns], err, "%u cells, but only %u columns", n,
                           t->columns);
    for (uint32_t i = n; i < t->columns; i++)
        t->cell[i] = rt_str_slice(line, line.len, line.len);
    return RT_OK;
}
