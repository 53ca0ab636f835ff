/* A set of small numbers, one bit each: the reports that a query finds, the claims that it asks
 * for. Heap. Functions that return bool say false when memory has run out. */
#ifndef RT_INDEX_BITS_H
#define RT_INDEX_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rt_bits {
    uint64_t *at;
    int64_t n; /* numbers 0..n-1 */
} rt_bits;

bool rt_bits_new(rt_bits *b, int64_t n); /* empty */
void rt_bits_free(rt_bits *b);
/* Both of one n. */
void rt_bits_and(rt_bits *b, const rt_bits *other);
void rt_bits_or(rt_bits *b, const rt_bits *other);
void rt_bits_without(rt_bits *b, const rt_bits *other);
int64_t rt_bits_count(const rt_bits *b);
int64_t rt_bits_next(const rt_bits *b, int64_t from); /* the first at or after it, -1: none */
int64_t rt_bits_prev(const rt_bits *b, int64_t from); /* the last at or before it, -1: none */

static inline void rt_bits_set(rt_bits *b, int64_t i)
{
    if (i >= 0 && i < b->n)
        b->at[i / 64] |= (uint64_t)1 << i % 64;
}

static inline bool rt_bits_has(const rt_bits *b, int64_t i)
{
    return i >= 0 && i < b->n && (b->at[i / 64] >> i % 64 & 1) != 0;
}

#endif
