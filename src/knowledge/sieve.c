/* Many needles, one pass; see sieve.h.
 *
 * Three bytes of the text hash to one bit of a small table; where the bit is set, the needles of
 * their chain are compared, and those of two bytes. Needles of one byte are looked for by memchr;
 * of needles of two bytes all 256 continuations are set. */
#include "knowledge/sieve.h"

#include <stdlib.h>

#include "knowledge/image.h"

enum {
    MAX_NEEDLES = 8192,
    BITS = 1 << 16, /* of the table: 8 KiB, with some thousand bits set */
    CHAINS = 4096,
    PAIRS = 64,
};

typedef struct item {
    uint32_t next; /* in its chain, plus 1 */
    rt_needle needle;
    char pad[3];
} item;

struct rt_sieve {
    uint64_t bits[BITS / 64];
    uint32_t chains[CHAINS]; /* by the first three bytes: first item, plus 1 */
    uint32_t pairs[PAIRS];   /* items of two bytes */
    uint32_t ones;           /* items of one byte, in a chain */
    uint32_t n, cap;
    item *items;
};

rt_sieve *rt_sieve_new(void)
{
    return calloc(1, sizeof(rt_sieve));
}

void rt_sieve_free(rt_sieve *s)
{
    if (s)
        free(s->items);
    free(s);
}

static inline uint32_t bit_of(uint32_t three)
{
    return three * 0x9E3779B1U >> 16;
}

static inline uint32_t chain_of(uint32_t three)
{
    return three * 0x9E3779B1U >> 20;
}

static inline uint32_t pair_of(const char *p)
{
    return ((unsigned char)p[0] * 37U + (unsigned char)p[1]) % PAIRS;
}

static inline uint32_t three_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static void set_bits(rt_sieve *s, const rt_needle *n)
{
    unsigned char b[3] = {(unsigned char)n->bytes[0], (unsigned char)n->bytes[1], 0};
    for (unsigned last = 0; last < 256; last++) {
        b[2] = (unsigned char)last;
        if (n->len > 2 && last != (unsigned char)n->bytes[2])
            continue;
        uint32_t bit = bit_of(three_at(b));
        s->bits[bit / 64] |= 1ULL << bit % 64;
    }
}

static uint32_t *chain_for(rt_sieve *s, const rt_needle *n)
{
    if (n->len == 1)
        return &s->ones;
    if (n->len == 2)
        return &s->pairs[pair_of(n->bytes)];
    return &s->chains[chain_of(three_at((const unsigned char *)n->bytes))];
}

static bool make_room(rt_sieve *s)
{
    if (s->n < s->cap)
        return true;
    uint32_t cap = s->cap > 0 ? s->cap * 2 : 256;
    item *items = cap <= MAX_NEEDLES ? realloc(s->items, cap * sizeof *items) : NULL;
    if (!items)
        return false;
    s->items = items;
    s->cap = cap;
    return true;
}

uint32_t rt_sieve_add(rt_sieve *s, const rt_needle *n)
{
    uint32_t *chain = chain_for(s, n);
    for (uint32_t i = *chain; i > 0; i = s->items[i - 1].next) {
        const rt_needle *old = &s->items[i - 1].needle;
        if (old->len == n->len && memcmp(old->bytes, n->bytes, n->len) == 0)
            return i - 1;
    }
    if (!make_room(s))
        return UINT32_MAX;
    if (n->len > 1)
        set_bits(s, n);
    item *new = &s->items[s->n];
    memset(new, 0, sizeof *new); /* no chance byte comes into a compiled lexicon */
    new->next = *chain;
    new->needle.len = n->len;
    memcpy(new->needle.bytes, n->bytes, n->len);
    *chain = s->n + 1;
    return s->n++;
}

size_t rt_sieve_words(const rt_sieve *s)
{
    return (s->n + 63) / 64;
}

static void compare(const rt_sieve *s, uint32_t i, const char *p, size_t left, uint64_t *found)
{
    for (; i > 0; i = s->items[i - 1].next) {
        const rt_needle *n = &s->items[i - 1].needle;
        if (n->len <= left && memcmp(p, n->bytes, n->len) == 0)
            found[(i - 1) / 64] |= 1ULL << (i - 1) % 64;
    }
}

static inline bool may_start(const rt_sieve *s, const unsigned char *p)
{
    uint32_t bit = bit_of(three_at(p));
    return s->bits[bit / 64] >> bit % 64 & 1;
}

void rt_sieve_scan(const rt_sieve *s, rt_str text, uint64_t *found)
{
    memset(found, 0, rt_sieve_words(s) * sizeof *found);
    for (uint32_t i = s->ones; i > 0; i = s->items[i - 1].next)
        if (text.len > 0 && memchr(text.ptr, s->items[i - 1].needle.bytes[0], text.len))
            found[(i - 1) / 64] |= 1ULL << (i - 1) % 64;
    size_t i = 0;
    for (; i + 2 < text.len; i++)
        if (may_start(s, (const unsigned char *)text.ptr + i)) {
            uint32_t chain = chain_of(three_at((const unsigned char *)text.ptr + i));
            compare(s, s->chains[chain], text.ptr + i, text.len - i, found);
            compare(s, s->pairs[pair_of(text.ptr + i)], text.ptr + i, 2, found);
        }
    if (i + 2 == text.len)
        compare(s, s->pairs[pair_of(text.ptr + i)], text.ptr + i, 2, found);
}

static void walk(rt_image *m, void *at)
{
    rt_sieve *s = at;
    s->cap = s->n;
    rt_image_plain(m, &s->items, s->n * sizeof *s->items);
}

void rt_sieve_image(rt_image *m, rt_sieve **s)
{
    rt_image_records(m, s, 1, sizeof **s, walk);
}
