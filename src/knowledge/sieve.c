/* Many needles, one pass; see sieve.h.
 *
 * The first bytes of a needle are its key: six of Han words, four of others, fewer of short ones. A
 * key leads to a chain of needles, which are compared eight bytes at a time. Small tables of bits
 * say beforehand whether a key stands at a place of the text: most places cost no more than that.
 * Needles that are not sought are kept alone. */
#include "knowledge/sieve.h"

#include <assert.h>
#include <stdlib.h>

#include "base/eight.h"
#include "base/utf8.h"
#include "knowledge/image.h"

enum {
    MAX_NEEDLES = 8192,
    BITS = 1 << 16, /* 8 KiB, with some thousand bits set */
    CHAINS = 1 << 12,
};

typedef struct item {
    uint64_t head, mask; /* its first eight bytes */
    uint32_t next;       /* in its chain, plus 1 */
    rt_needle needle;
    bool sought;
    char pad[1];
} item;

struct rt_sieve {
    uint64_t keys[BITS / 64];  /* of three bytes and more */
    uint64_t pairs[BITS / 64]; /* of two bytes, and of three the first two */
    uint64_t twos[BITS / 64];  /* of two bytes */
    uint32_t chains[CHAINS];   /* by key: first item, plus 1 */
    uint32_t n, cap;
    item *items;
};

#define LOW(word, bytes) ((word) & (~0ULL >> (64 - 8 * (bytes))))

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

/* ---- keys */

static inline uint32_t bit_of(uint64_t key)
{
    return (uint32_t)(key * 0x9E3779B97F4A7C15ULL >> 48);
}

static inline uint32_t chain_of(uint64_t key)
{
    return bit_of(key) % CHAINS;
}

static inline bool is_set(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static inline void set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= 1ULL << i % 64;
}

static inline bool is_ascii(uint64_t word)
{
    return (word & 0x80) == 0;
}

static size_t key_bytes(const rt_needle *n)
{
    if (!is_ascii((unsigned char)n->bytes[0]))
        return n->len >= 6 ? 6 : 3;
    return n->len >= 4 ? 4 : n->len;
}

static void set_bits(rt_sieve *s, uint64_t key, size_t bytes)
{
    if (bytes > 2)
        set(s->keys, bit_of(key));
    else
        set(s->twos, (uint32_t)key);
    if (is_ascii(key) && bytes < 4)
        set(s->pairs, (uint32_t)LOW(key, 2));
}

/* ---- adding */

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

static bool same(const rt_needle *a, const rt_needle *b)
{
    return a->len == b->len && a->edges == b->edges && memcmp(a->bytes, b->bytes, a->len) == 0;
}

uint32_t rt_sieve_add(rt_sieve *s, const rt_needle *n, bool sought)
{
    assert(n->len > 1 || !sought);
    uint64_t head = rt_eight_at(n->bytes, n->len, 0), key = LOW(head, key_bytes(n));
    uint32_t *chain = &s->chains[chain_of(key)];
    for (uint32_t i = *chain; i > 0; i = s->items[i - 1].next)
        if (same(&s->items[i - 1].needle, n))
            return i - 1;
    if (!make_room(s))
        return UINT32_MAX;
    item *new = &s->items[s->n];
    memset(new, 0, sizeof *new); /* no chance byte comes into a compiled lexicon */
    new->mask = n->len < 8 ? LOW(~0ULL, n->len) : ~0ULL;
    new->head = head &new->mask;
    new->needle.len = n->len;
    new->needle.edges = n->edges;
    new->sought = sought;
    memcpy(new->needle.bytes, n->bytes, n->len);
    if (sought) {
        set_bits(s, key, key_bytes(n));
        new->next = *chain;
        *chain = s->n + 1;
    }
    return s->n++;
}

/* ---- finding */

rt_found *rt_found_new(const rt_sieve *s, rt_arena *a)
{
    rt_found *f = RT_NEW(a, rt_found, 1);
    if (f == NULL)
        return NULL;
    f->bits = RT_NEW(a, uint64_t, s->n / 64 + 1);
    f->list = rt_arena_raw(a, s->n + 1U, sizeof *f->list, _Alignof(uint32_t));
    return f->bits && f->list ? f : NULL;
}

void rt_found_clear(rt_found *f)
{
    for (uint32_t i = 0; i < f->n; i++)
        f->bits[f->list[i] / 64] = 0;
    f->n = 0;
}

static inline void note(rt_found *f, uint32_t needle)
{
    if (rt_found_has(f, needle))
        return;
    set(f->bits, needle);
    f->list[f->n++] = needle;
}

/* As PCRE2 sees it without its option UCP. */
static bool is_word(char c)
{
    return rt_is_word(c) || c == '_';
}

static bool is_boundary(rt_str text, size_t i)
{
    return (i > 0 && is_word(text.ptr[i - 1])) != (i < text.len && is_word(text.ptr[i]));
}

static bool edges_hold(const rt_needle *n, rt_str text, size_t i)
{
    return (!(n->edges & RT_EDGE_LEFT) || is_boundary(text, i)) &&
           (!(n->edges & RT_EDGE_RIGHT) || is_boundary(text, i + n->len));
}

typedef struct search {
    const rt_sieve *sieve;
    rt_str text;
    rt_found *found;
} search;

/* The needles of a key that stand at text[i], where the eight bytes of the word are. */
static void compare(const search *h, uint64_t key, uint64_t word, size_t i)
{
    const rt_sieve *s = h->sieve;
    for (uint32_t k = s->chains[chain_of(key)]; k > 0; k = s->items[k - 1].next) {
        const item *it = &s->items[k - 1];
        const rt_needle *n = &it->needle;
        if ((word & it->mask) != it->head || n->len > h->text.len - i)
            continue;
        if (n->len > 8 && memcmp(n->bytes + 8, h->text.ptr + i + 8, n->len - 8U) != 0)
            continue;
        if (n->edges == 0 || edges_hold(n, h->text, i))
            note(h->found, k - 1);
    }
}

static inline void look_for(const search *h, uint64_t key, uint64_t word, size_t i)
{
    if (is_set(h->sieve->keys, bit_of(key)))
        compare(h, key, word, i);
}

/* Looks at one place; how far to the next. */
static inline size_t look(const search *h, uint64_t word, size_t i)
{
    uint32_t pair = (uint32_t)LOW(word, 2);
    if (is_ascii(word)) {
        look_for(h, LOW(word, 4), word, i);
        if (is_set(h->sieve->pairs, pair)) {
            look_for(h, LOW(word, 3), word, i);
            if (is_set(h->sieve->twos, pair))
                compare(h, pair, word, i);
        }
        return 1;
    }
    if ((word & 0xF0) != 0xE0)
        return 1;
    look_for(h, LOW(word, 6), word, i);
    look_for(h, LOW(word, 3), word, i);
    return 3;
}

bool rt_sieve_seeks(const rt_sieve *s, uint32_t needle)
{
    return s->items[needle].sought;
}

bool rt_sieve_find(const rt_sieve *s, uint32_t needle, rt_str text, size_t from, rt_fspan *out)
{
    const rt_needle *n = &s->items[needle].needle;
    size_t at;
    while (rt_str_find(rt_str_slice(text, from, text.len), (rt_str){n->bytes, n->len}, &at)) {
        from += at;
        *out = (rt_fspan){(uint32_t)from, (uint32_t)from + n->len};
        if (edges_hold(n, text, from++))
            return true;
    }
    return false;
}

void rt_sieve_scan(const rt_sieve *s, rt_str text, rt_found *found)
{
    search h = {s, text, found};
    for (size_t i = 0; i < text.len;) {
        bool whole = i + 8 <= text.len;
        i += look(&h, whole ? rt_eight(text.ptr + i) : rt_eight_at(text.ptr, text.len, i), i);
    }
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
