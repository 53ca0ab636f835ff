/* Borrowed bytes. An rt_str never owns, is never NUL-terminated by contract, and is never freed. */
#ifndef RT_BASE_STR_H
#define RT_BASE_STR_H

#include "roentext.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define RT_STR(literal) ((rt_str){"" literal "", sizeof(literal) - 1})

typedef struct rt_cut {
    rt_str head, tail; /* before and after the separator; tail is empty when there is none */
    bool found;
} rt_cut;

static inline rt_str rt_str_from(const char *z)
{
    return (rt_str){z ? z : "", z ? strlen(z) : 0};
}

static inline bool rt_str_eq(rt_str a, rt_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline rt_str rt_str_slice(rt_str s, size_t beg, size_t end)
{
    assert(beg <= end && end <= s.len);
    return (rt_str){s.len > 0 ? s.ptr + beg : s.ptr,
                    end - beg}; /* of nothing: NULL + 0 is no sum */
}

int rt_str_cmp(rt_str a, rt_str b);        /* byte order, like memcmp, shorter first */
bool rt_str_eq_nocase(rt_str a, rt_str b); /* ASCII case only */
bool rt_str_starts(rt_str s, rt_str prefix);
rt_cut rt_str_cut(rt_str s, char separator);          /* at the first separator */
rt_str rt_str_trim(rt_str s);                         /* ASCII blanks at both ends */
bool rt_str_find(rt_str s, rt_str what, size_t *pos); /* first occurrence; pos may be NULL */
bool rt_str_number(rt_str s, double *out); /* plain decimal, whole string, no exponent, no locale */

#endif
