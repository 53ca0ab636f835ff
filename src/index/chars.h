/* Lists of small numbers as text, a number a character: compact, and readable by any SQLite tool:
 * unicode(substr(list, i, 1)) - 32, less 10240 if that is above 65535. Characters between U+D800
 * and U+FFFF are left out: some of them are none. */
#ifndef RT_INDEX_CHARS_H
#define RT_INDEX_CHARS_H

#include "base/buf.h"
#include "base/utf8.h"

enum {
    RT_CHARS_FIRST = 32,
    RT_CHARS_LOW = 0xD800 - RT_CHARS_FIRST, /* numbers below the gap */
    RT_CHARS_GAP = 0x10000 - 0xD800,
    RT_CHARS_MAX = 0x10FFFF - RT_CHARS_FIRST - RT_CHARS_GAP, /* the largest: 1,103,839 */
};

static inline void rt_chars_put(rt_buf *b, uint32_t value)
{
    char bytes[4];
    if (value > RT_CHARS_MAX)
        value = RT_CHARS_MAX;
    value += value < RT_CHARS_LOW ? RT_CHARS_FIRST : RT_CHARS_FIRST + RT_CHARS_GAP;
    rt_buf_add(b, (rt_str){bytes, rt_utf8_put(bytes, value)});
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
    if (cp >= 0x10000)
        cp -= RT_CHARS_GAP;
    return cp >= RT_CHARS_FIRST ? cp - RT_CHARS_FIRST : 0;
}

#endif
