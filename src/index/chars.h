/* Lists of small numbers as text, a number a character: compact, and readable by any SQLite tool:
 * unicode(substr(list, i, 1)) - 32. Numbers that may be large take two characters, to the base
 * 1984, so that each of them has at most two bytes. */
#ifndef RT_INDEX_CHARS_H
#define RT_INDEX_CHARS_H

#include "base/buf.h"
#include "base/utf8.h"

enum {
    RT_CHARS_FIRST = 32,
    RT_CHARS_BASE = 1984,
    RT_CHARS_MAX = 0xD7FF - RT_CHARS_FIRST, /* what one character holds; surrogates come next */
};

static inline void rt_chars_put(rt_buf *b, uint32_t value)
{
    char bytes[4];
    if (value > RT_CHARS_MAX)
        value = RT_CHARS_MAX;
    rt_buf_add(b, (rt_str){bytes, rt_utf8_put(bytes, value + RT_CHARS_FIRST)});
}

static inline void rt_chars_put2(rt_buf *b, uint32_t value)
{
    rt_chars_put(b, value / RT_CHARS_BASE);
    rt_chars_put(b, value % RT_CHARS_BASE);
}

/* 0 at the end, and for what is no number. *pos < s.len or the end. */
static inline uint32_t rt_chars_next(rt_str s, size_t *pos)
{
    if (*pos >= s.len)
        return 0;
    unsigned char c = (unsigned char)s.ptr[*pos];
    if (c < 0x80) {
        ++*pos;
        return c >= RT_CHARS_FIRST ? c - (uint32_t)RT_CHARS_FIRST : 0;
    }
    uint32_t cp = rt_utf8_next(s, pos);
    return cp >= RT_CHARS_FIRST ? cp - RT_CHARS_FIRST : 0;
}

static inline uint32_t rt_chars_next2(rt_str s, size_t *pos)
{
    uint32_t high = rt_chars_next(s, pos);
    return high * RT_CHARS_BASE + rt_chars_next(s, pos);
}

#endif
