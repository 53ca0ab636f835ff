/* Sets of numbers. See bits.h. */
#include "index/bits.h"

#include <stdlib.h>

static size_t words_of(const rt_bits *b)
{
    return (size_t)(b->n + 63) / 64;
}

bool rt_bits_new(rt_bits *b, int64_t n)
{
    b->n = n < 1 ? 1 : n;
    b->at = calloc(words_of(b), sizeof *b->at);
    return b->at != NULL;
}

void rt_bits_free(rt_bits *b)
{
    free(b->at);
    *b = (rt_bits){0};
}

void rt_bits_and(rt_bits *b, const rt_bits *other)
{
    for (size_t i = 0; i < words_of(b); i++)
        b->at[i] &= other->at[i];
}

void rt_bits_or(rt_bits *b, const rt_bits *other)
{
    for (size_t i = 0; i < words_of(b); i++)
        b->at[i] |= other->at[i];
}

void rt_bits_without(rt_bits *b, const rt_bits *other)
{
    for (size_t i = 0; i < words_of(b); i++)
        b->at[i] &= ~other->at[i];
}

int64_t rt_bits_count(const rt_bits *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < words_of(b); i++)
        n += __builtin_popcountll(b->at[i]);
    return n;
}

int64_t rt_bits_next(const rt_bits *b, int64_t from)
{
    from = from < 0 ? 0 : from;
    if (from >= b->n)
        return -1;
    size_t i = (size_t)from / 64;
    uint64_t word = b->at[i] >> from % 64 << from % 64;
    while (word == 0) {
        if (++i >= words_of(b))
            return -1;
        word = b->at[i];
    }
    return (int64_t)i * 64 + __builtin_ctzll(word);
}

int64_t rt_bits_prev(const rt_bits *b, int64_t from)
{
    from = from >= b->n ? b->n - 1 : from;
    if (from < 0)
        return -1;
    size_t i = (size_t)from / 64;
    unsigned up = 63U - (unsigned)(from % 64);
    uint64_t word = b->at[i] << up >> up;
    while (word == 0) {
        if (i-- == 0)
            return -1;
        word = b->at[i];
    }
    return (int64_t)i * 64 + 63 - __builtin_clzll(word);
}
