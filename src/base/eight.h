/* Eight bytes at a time, in a word: which of them are what? The answers hold for any order of
 * bytes.
 *
 * A question about `some` byte may be asked of any bytes; one about `each` needs ASCII (no top bit)
 * and answers with the top bit of every byte for which it is true. */
#ifndef RT_BASE_EIGHT_H
#define RT_BASE_EIGHT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RT_EIGHT(byte) (0x0101010101010101ULL * (byte))
#define RT_EIGHT_TOPS RT_EIGHT(0x80)

static inline uint64_t rt_eight_order(uint64_t w)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static inline uint64_t rt_eight(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return rt_eight_order(w);
}

static inline uint64_t rt_four(const char *p)
{
    uint32_t w;
    memcpy(&w, p, sizeof w);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap32(w);
#endif
    return w;
}

/* The bytes of p[len] from i < len on, and zeros behind the last. */
static inline uint64_t rt_eight_at(const char *p, size_t len, size_t i)
{
    const unsigned char *few = (const unsigned char *)p + i;
    size_t n = len - i;
    if (n >= 8)
        return rt_eight(p + i);
    if (len >= 8)
        return rt_eight(p + len - 8) >> 8 * (8 - n);
    if (n >= 4)
        return rt_four(p + i) | rt_four(p + len - 4) << 8 * (n - 4);
    /* the first, the middle and the last are all there are */
    return few[0] | (uint64_t)few[n / 2] << 8 * (n / 2) | (uint64_t)few[n - 1] << 8 * (n - 1);
}

static inline void rt_eight_put(char *p, uint64_t w)
{
    w = rt_eight_order(w);
    memcpy(p, &w, sizeof w);
}

static inline size_t rt_eight_first(uint64_t answer) /* which is not 0 */
{
    return (size_t)__builtin_ctzll(answer) / 8;
}

static inline size_t rt_eight_count(uint64_t answer) /* bytes whose top bit is set, of tops alone */
{
    return (size_t)((answer >> 7) * RT_EIGHT(1) >> 56);
}

static inline uint64_t rt_some_zero(uint64_t w) /* not 0 if some byte is 0 */
{
    return (w - RT_EIGHT(1)) & ~w & RT_EIGHT_TOPS;
}

static inline uint64_t rt_some_is(uint64_t w, unsigned char byte)
{
    return rt_some_zero(w ^ RT_EIGHT(byte));
}

static inline uint64_t rt_some_below(uint64_t w, unsigned char byte) /* byte <= 0x80 */
{
    return (w - RT_EIGHT(byte)) & ~w & RT_EIGHT_TOPS;
}

static inline uint64_t rt_each_zero(uint64_t w) /* of any bytes */
{
    return ~(((w & ~RT_EIGHT_TOPS) + RT_EIGHT(0x7F)) | w) & RT_EIGHT_TOPS;
}

/* A quote or a control character (below blank): with one bit turned, quotes are blanks, blanks and
 * signs of exclamation are above, and the others stay where they are. */
static inline uint64_t rt_some_quote(uint64_t w)
{
    return rt_some_below(w ^ RT_EIGHT('"' ^ ' '), '!');
}

static inline uint64_t rt_each_is(uint64_t w, unsigned char byte)
{
    return ~((w ^ RT_EIGHT(byte)) + RT_EIGHT(0x7F)) & RT_EIGHT_TOPS;
}

static inline uint64_t rt_each_within(uint64_t w, unsigned char first, unsigned char last)
{
    return (w + RT_EIGHT(0x80U - first)) & ~(w + RT_EIGHT(0x7FU - last)) & RT_EIGHT_TOPS;
}

#endif
