/* One code point at a time, and what script it is of. Input is valid UTF-8 unless a function says
 * so. */
#ifndef RT_BASE_UTF8_H
#define RT_BASE_UTF8_H

#include "base/str.h"

typedef enum rt_script {
    RT_SCRIPT_SPACE, /* blanks and line ends */
    RT_SCRIPT_LATIN, /* letters of alphabets */
    RT_SCRIPT_DIGIT,
    RT_SCRIPT_HAN,
    RT_SCRIPT_PUNCT, /* everything else */
} rt_script;

uint32_t rt_utf8_next(rt_str s, size_t *pos); /* the code point at *pos, *pos moves behind it */
uint32_t rt_utf8_prev(rt_str s,
                      size_t *pos); /* the code point before *pos, *pos moves to its start */
size_t rt_utf8_put(char out[4], uint32_t cp); /* bytes written */
bool rt_utf8_is_ascii(rt_str s);
bool rt_utf8_valid(rt_str s,
                   size_t *bad); /* strict (no surrogates, no overlong); bad may be NULL */
size_t rt_utf8_count(rt_str s);  /* code points */
rt_script rt_utf8_script(uint32_t cp);

/* Length of what stands at pos < s.len in bytes of unknown quality: a well-formed sequence (*good),
 * or the longest beginning of one that no more bytes can complete (at least one byte): what becomes
 * ONE U+FFFD (Unicode 3.9, "maximal subpart"). */
size_t rt_utf8_length(rt_str s, size_t pos, bool *good);

/* Columns that s takes on a terminal: Han and full width two, combining marks and controls none,
 * a byte that is not UTF-8 one. */
uint32_t rt_utf8_columns(rt_str s);
unsigned rt_utf8_width(uint32_t cp);

static inline uint32_t rt_utf8_half(uint32_t cp) /* a full-width ASCII character as half width */
{
    return cp > 0xFF00 && cp < 0xFF5F ? cp - 0xFEE0 : cp;
}

static inline bool rt_utf8_cont(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80U;
}

static inline bool rt_is_word(char c) /* ASCII letter or digit */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static inline bool rt_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool rt_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
