#include "base/put.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void rt_buf_init(rt_buf *b, size_t limit)
{
    *b = (rt_buf){.limit = limit};
}

void rt_buf_free(rt_buf *b)
{
    free(b->ptr);
    rt_buf_init(b, b->limit);
}

void rt_buf_clear(rt_buf *b)
{
    b->len = 0;
    b->code = RT_OK;
}

/* RT_HARD: every addition moves the bytes. */
static size_t next_cap(const rt_buf *b, size_t wanted)
{
#ifdef RT_HARD
    (void)b;
    return wanted;
#else
    size_t cap = b->cap < 256 ? 256 : b->cap;
    while (cap < wanted)
        cap = cap > b->limit / 2 ? b->limit : cap * 2;
    cap = cap < b->limit ? cap : b->limit;
    return cap;
#endif
}

bool rt_buf_reserve(rt_buf *b, size_t n)
{
    if (b->code == RT_OK && n > b->limit - b->len)
        b->code = RT_ELIMIT;
    if (b->code != RT_OK)
        return false;
    if (n <= b->cap - b->len)
        return true;
    size_t cap = next_cap(b, b->len + n);
    char *p = realloc(b->ptr, cap);
    if (p == NULL) {
        b->code = RT_ENOMEM;
        return false;
    }
    b->ptr = p;
    b->cap = cap;
    return true;
}

void rt_buf_add_xml(rt_buf *b, rt_str s, bool on_one_line)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        const char *escape = c == '&'   ? "&amp;"
                             : c == '<' ? "&lt;"
                             : c == '>' ? "&gt;"
                             : c == '"' ? "&quot;"
                                        : NULL;
        if (escape != NULL)
            rt_buf_addz(b, escape);
        else
            rt_buf_addc(b, on_one_line && (unsigned char)c < 0x20 ? ' ' : c);
    }
}

void rt_buf_addz(rt_buf *b, const char *z)
{
    rt_buf_add(b, rt_str_from(z));
}

char *rt_put_large(char *p, uint64_t n)
{
    char digits[RT_PUT_U];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    return rt_put_short(p, (rt_str){digits + at, sizeof digits - at});
}

void rt_buf_addu(rt_buf *b, uint64_t number)
{
    char digits[RT_PUT_U];
    rt_buf_add(b, (rt_str){digits, (size_t)(rt_put_u(digits, number) - digits)});
}

void rt_buf_addf(rt_buf *b, const char *fmt, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, fmt, args);
    assert(n >= 0);
    if (n >= 0 && (size_t)n < sizeof small) {
        rt_buf_add(b, (rt_str){small, (size_t)n});
    } else if (n >= 0 && rt_buf_reserve(b, (size_t)n + 1)) { /* the NUL must fit, but is not kept */
        vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

/* The shortest digits that read back as v > 0, and the power of ten of the first. The decimal point
 * is whatever the locale has; it is skipped. */
static int shortest_digits(double v, char digits[20], int *power)
{
    char text[64];
    for (int precision = 0; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, v);
        if (!(strtod(text, NULL) < v) && !(strtod(text, NULL) > v))
            break;
    }
    int n = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    *power = (int)strtol(p + 1, NULL, 10);
    return n;
}

static void add_digits(rt_buf *b, const char *digits, int n, int power)
{
    for (int place = power > 0 ? power : 0; place >= 0 || power - place < n; place--) {
        int i = power - place;
        if (place == -1)
            rt_buf_addc(b, '.');
        rt_buf_addc(b, i >= 0 && i < n ? digits[i] : '0');
    }
}

/* Few decimals, which most have: n / scale is the double nearest to that decimal, so that it reads
 * back as v if it is v. */
char *rt_put_decimal(char *p, double v)
{
    static const double scales[] = {1, 10, 100, 1000, 10000};
    for (size_t i = 0; v < 1e9 && i < sizeof scales / sizeof *scales; i++) {
        double scale = scales[i], n = floor(v * scale + 0.5);
        if (n / scale < v || n / scale > v)
            continue;
        uint64_t whole = (uint64_t)n / (uint64_t)scale, rest = (uint64_t)n % (uint64_t)scale;
        p = rt_put_u(p, whole);
        if (i > 0)
            *p++ = '.';
        for (uint64_t place = (uint64_t)scale / 10; place > 0; place /= 10)
            *p++ = (char)('0' + rest / place % 10);
        return p;
    }
    return NULL;
}

/* What lies so near to the middle of two that the product may be on the other side of it is left to
 * printf. */
char *rt_put_share(char *p, double v)
{
    double thousandths = v * 1000, n = floor(thousandths + 0.5);
    if (!(v >= 0) || v >= 9.9 || fabs(fabs(thousandths - n) - 0.5) < 1e-6) {
        char text[RT_PUT_U];
        int length = snprintf(text, sizeof text, "%.3f", v);
        return rt_put_short(p, (rt_str){text, length < RT_PUT_U ? (size_t)length : RT_PUT_U - 1});
    }
    unsigned whole = (unsigned)n;
    *p++ = (char)('0' + whole / 1000);
    *p++ = '.';
    *p++ = (char)('0' + whole / 100 % 10);
    *p++ = (char)('0' + whole / 10 % 10);
    *p++ = (char)('0' + whole % 10);
    return p;
}

/* Whole numbers, which most are, go the short way. */
void rt_buf_number(rt_buf *b, double v)
{
    assert(isfinite(v));
    if (!isfinite(v))
        v = 0;
    if (v < 0)
        rt_buf_addc(b, '-');
    v = fabs(v);
    if (v < 1e15 && !(v > floor(v))) {
        rt_buf_addu(b, (uint64_t)v);
        return;
    }
    char decimal[RT_PUT_U], digits[20];
    char *end = rt_put_decimal(decimal, v);
    if (end != NULL) {
        rt_buf_add(b, (rt_str){decimal, (size_t)(end - decimal)});
        return;
    }
    int power, n = shortest_digits(v, digits, &power);
    add_digits(b, digits, n, power);
}

rt_code rt_buf_check(const rt_buf *b, rt_err *err)
{
    if (b->code == RT_ELIMIT)
        return rt_fail(err, RT_ELIMIT, "output is longer than %zu bytes", b->limit);
    if (b->code != RT_OK)
        return rt_fail(err, b->code, "out of memory");
    return RT_OK;
}

static rt_code append(void *user, const char *p, size_t n, rt_err *err)
{
    rt_buf *b = user;
    rt_buf_add(b, (rt_str){p, n});
    return rt_buf_check(b, err);
}

rt_sink rt_buf_sink(rt_buf *b)
{
    return (rt_sink){append, b};
}

rt_buf *rt_buf_behind(rt_sink to)
{
    return to.write == append ? to.user : NULL;
}
