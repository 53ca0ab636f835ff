/* Growing output bytes on the heap. The ceiling is given at birth; the first failure sticks and
 * later calls do nothing, so ten calls need one check (rt_buf_check). */
#ifndef RT_BASE_BUF_H
#define RT_BASE_BUF_H

#include <string.h>

#include "base/err.h"

typedef struct rt_buf {
    char *ptr;
    size_t len, cap, limit; /* len <= cap <= limit */
    rt_code code;           /* RT_OK, RT_ELIMIT or RT_ENOMEM */
} rt_buf;

void rt_buf_init(rt_buf *b, size_t limit);
void rt_buf_free(rt_buf *b);
void rt_buf_clear(rt_buf *b);             /* empty, capacity kept, error forgotten */
bool rt_buf_reserve(rt_buf *b, size_t n); /* room for n more; false: the buffer has failed */
/* Escaped for XML, text and attributes alike; on_one_line: control characters become blanks. */
void rt_buf_add_xml(rt_buf *b, rt_str s, bool on_one_line);
void rt_buf_addz(rt_buf *b, const char *z);
void rt_buf_addu(rt_buf *b, uint64_t number);
void rt_buf_addf(rt_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void rt_buf_number(rt_buf *b, double v); /* shortest decimal that reads back, never an exponent */
rt_code rt_buf_check(const rt_buf *b, rt_err *err);
rt_sink rt_buf_sink(rt_buf *b); /* writes append to b */
/* The buffer that the sink was made of, for who can write into it at once; NULL: of none. */
rt_buf *rt_buf_behind(rt_sink to);

static inline void rt_buf_addc(rt_buf *b, char c)
{
    if ((b->code == RT_OK && b->len < b->cap) || rt_buf_reserve(b, 1))
        b->ptr[b->len++] = c;
}

/* Here, so that what is added by a constant length becomes a few moves. */
static inline void rt_buf_add(rt_buf *b, rt_str s)
{
    if (s.len == 0 || ((b->code != RT_OK || s.len > b->cap - b->len) && !rt_buf_reserve(b, s.len)))
        return;
    memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

static inline rt_str rt_buf_str(const rt_buf *b)
{
    return (rt_str){b->ptr ? b->ptr : "", b->len};
}

#endif
