/* Which pairs of bytes stand in a text, by hash: a word with another pair does not stand there. Of
 * many words most are told so, without a look at the text. */
#ifndef RT_BASE_PAIRS_H
#define RT_BASE_PAIRS_H

#include <stdint.h>

#include "base/str.h"

typedef struct rt_pairs {
    rt_str in; /* the text that was read; nothing: none yet */
    uint64_t bits[16];
} rt_pairs;

static inline unsigned rt_pair(const char *p)
{
    return ((unsigned)(unsigned char)p[0] << 4 ^ (unsigned char)p[1]) & 1023;
}

/* Reads the text, unless it is the one that was read last. */
static inline void rt_pairs_read(rt_pairs *p, rt_str in)
{
    if (p->in.ptr == in.ptr && p->in.len == in.len)
        return;
    *p = (rt_pairs){.in = in};
    for (size_t i = 0; i + 1 < in.len; i++) {
        unsigned bit = rt_pair(in.ptr + i);
        p->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static inline bool rt_pairs_has(const rt_pairs *p, const char *at)
{
    unsigned bit = rt_pair(at);
    return (p->bits[bit / 64] >> bit % 64 & 1) != 0;
}

/* May the word, which ends with NUL, stand in the text? Its first three bytes tell. */
static inline bool rt_pairs_may(const rt_pairs *p, const char *word)
{
    return word[0] == 0 || word[1] == 0 ||
           (rt_pairs_has(p, word) && (word[2] == 0 || rt_pairs_has(p, word + 1)));
}

#endif
