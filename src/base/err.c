#include "base/err.h"

#include <stdarg.h>

#include "base/utf8.h"

/* A line longer than the record is shown from so many columns before the fault on. */
enum { BEFORE_FAULT = 60 };

static void fill(rt_err *err, rt_code code, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void fill(rt_err *err, rt_code code, const char *fmt, va_list args)
{
    *err = (rt_err){.code = code};
    vsnprintf(err->msg, sizeof err->msg, fmt, args);
}

rt_code rt_fail(rt_err *err, rt_code code, const char *fmt, ...)
{
    if (err == NULL || err->code != RT_OK)
        return code;
    va_list args;
    va_start(args, fmt);
    fill(err, code, fmt, args);
    va_end(args);
    return code;
}

/* Copies as much of s as fits, whole characters only; what a terminal would obey becomes a blank,
 * what is not UTF-8 a question mark. */
static void copy_printable(char *out, size_t size, rt_str s)
{
    size_t len = 0;
    for (size_t pos = 0; pos < s.len;) {
        bool good;
        size_t at = pos, n = rt_utf8_length(s, pos, &good);
        uint32_t cp = good ? rt_utf8_next(s, &at) : '?';
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            cp = ' ';
        char bytes[4];
        size_t m = rt_utf8_put(bytes, cp);
        if (len + m >= size)
            break;
        memcpy(out + len, bytes, m);
        len += m;
        pos += n;
    }
    out[len] = '\0';
}

/* Columns as copy_printable shows them: a control character takes one. */
static uint32_t shown_columns(rt_str s)
{
    uint32_t columns = rt_utf8_columns(s);
    for (size_t i = 0; i < s.len; i++)
        columns += (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7F;
    return columns;
}

static void place(rt_err *err, rt_str text, size_t at)
{
    size_t beg = 0, end = at;
    err->line = 1;
    for (size_t i = 0; i < at; i++)
        if (text.ptr[i] == '\n') {
            err->line++;
            beg = i + 1;
        }
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r')
        end++;
    err->col = 1 + shown_columns(rt_str_slice(text, beg, at));
    size_t from = beg;
    if (at - beg >= sizeof err->text - 20) { /* the fault would not be seen */
        from = at - BEFORE_FAULT;
        while (from < at && rt_utf8_cont(text.ptr[from]))
            from++;
    }
    copy_printable(err->text, sizeof err->text, rt_str_slice(text, from, end));
    err->caret = err->text[0] == '\0' ? 0 : 1 + shown_columns(rt_str_slice(text, from, at));
}

rt_code rt_fail_at(rt_err *err, rt_code code, const char *where, rt_str text, size_t at,
                   const char *fmt, ...)
{
    if (err == NULL || err->code != RT_OK)
        return code;
    va_list args;
    va_start(args, fmt);
    fill(err, code, fmt, args);
    va_end(args);
    copy_printable(err->where, sizeof err->where, rt_str_from(where));
    place(err, text, at < text.len ? at : text.len);
    return code;
}

void rt_err_print(const rt_err *err, FILE *to)
{
    if (err->where[0] != '\0')
        fprintf(to, "%s:", err->where);
    if (err->line > 0)
        fprintf(to, "%u:", err->line);
    if (err->col > 0)
        fprintf(to, "%u:", err->col);
    if (err->where[0] != '\0' || err->line > 0)
        fputc(' ', to);
    fprintf(to, "%s\n", err->msg);
    if (err->text[0] != '\0' && err->caret > 0)
        fprintf(to, "    %s\n    %*s^\n", err->text, (int)err->caret - 1, "");
}
