/* Many needles, one pass; see sieve.h.
 *
 * Small tables of bits say whether a needle may stand at a place of the text: most places cost no
 * more than that. Needles of ASCII are looked for at every second byte: three bytes of the text are
 * compared with the first three of the needles and with those behind their first byte, then four
 * bytes that would be their first. Han needles are looked for by their first two characters, or by
 * the one that they have. What may be there leads to a chain of needles, which are compared eight
 * bytes at a time. Needles that are not sought are kept alone. */
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
    unsigned char pivot; /* the byte that is looked for: see rt_sieve_find */
} item;

struct rt_sieve {
    uint64_t windows[BITS / 64]; /* ASCII: four of the first five bytes */
    uint64_t keys[BITS / 64];    /* see key_of */
    uint64_t
        singles[BITS / 64];  /* needles that begin with a single Han character: its last bytes */
    uint32_t chains[CHAINS]; /* by key: first item, plus 1 */
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

static inline uint32_t last_two(uint64_t han) /* bytes of the first character */
{
    return (uint32_t)(han >> 8 & 0xFFFF);
}

enum { WINDOW = 4, ASCII_BYTES = WINDOW + 1, HAN_BYTES = 3, PAIR_BYTES = 2 * HAN_BYTES };

static uint64_t key_of(const rt_needle *n)
{
    uint64_t head = rt_eight_at(n->bytes, n->len, 0);
    if (is_ascii(head))
        return LOW(head, ASCII_BYTES);
    return n->len < PAIR_BYTES ? LOW(head, HAN_BYTES) : LOW(head, PAIR_BYTES);
}

static void set_bits(rt_sieve *s, uint64_t key)
{
    set(s->keys, bit_of(key));
    if (is_ascii(key)) {
        set(s->windows, bit_of(LOW(key, WINDOW)));
        set(s->windows, bit_of(key >> 8));
    } else if (key == LOW(key, HAN_BYTES)) {
        set(s->singles, last_two(key));
    }
}

bool rt_needle_may_be_sought(const rt_needle *n)
{
    unsigned char first = (unsigned char)n->bytes[0];
    if (!is_ascii(first))
        return (first & 0xF0) == 0xE0 && n->len >= HAN_BYTES;
    return n->len >= ASCII_BYTES && is_ascii((unsigned char)n->bytes[1]);
}

/* ---- adding */

/* How seldom a byte stands in a report: all Han characters begin alike. */
static unsigned rarity(unsigned char c)
{
    static const char common[] = " etaoinsrhldcumfpgwybvkxjqz";
    const char *at = c > 0 ? strchr(common, c) : NULL;
    if (c >= 0x80)
        return c >= 0xC0 ? 0 : 12;
    return at ? (unsigned)(at - common) : sizeof common;
}

static unsigned char pivot_of(const rt_needle *n)
{
    unsigned char best = 0;
    for (unsigned char i = 1; i < n->len; i++)
        if (rarity((unsigned char)n->bytes[i]) >= rarity((unsigned char)n->bytes[best]))
            best = i;
    return best;
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

static bool same(const rt_needle *a, const rt_needle *b)
{
    return a->len == b->len && a->edges == b->edges && memcmp(a->bytes, b->bytes, a->len) == 0;
}

uint32_t rt_sieve_add(rt_sieve *s, const rt_needle *n, bool sought)
{
    assert(!sought || rt_needle_may_be_sought(n));
    uint64_t head = rt_eight_at(n->bytes, n->len, 0), key = key_of(n);
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
    new->pivot = pivot_of(n);
    memcpy(new->needle.bytes, n->bytes, n->len);
    if (sought) {
        set_bits(s, key);
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
    f->at = rt_arena_raw(a, s->n + 1U, sizeof *f->at, _Alignof(uint32_t));
    return f->bits && f->list && f->at ? f : NULL;
}

void rt_found_clear(rt_found *f)
{
    for (uint32_t i = 0; i < f->n; i++)
        f->bits[f->list[i] / 64] = 0;
    f->n = 0;
}

static inline void note(rt_found *f, uint32_t needle, size_t at)
{
    if (rt_found_has(f, needle))
        return;
    set(f->bits, needle);
    f->at[needle] = (uint32_t)at;
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
            note(h->found, k - 1, i);
    }
}

static inline void look_for(const search *h, uint64_t key, uint64_t word, size_t i)
{
    if (is_set(h->sieve->keys, bit_of(key)))
        compare(h, key, word, i);
}

/* Four bytes of a needle of ASCII may stand at text[i]: it begins there, or one byte before. */
static void look_twice(const search *h, size_t i)
{
    if (i >= h->text.len)
        return;
    uint64_t word = rt_eight_at(h->text.ptr, h->text.len, i);
    look_for(h, LOW(word, ASCII_BYTES), word, i);
    if (i == 0)
        return;
    word = word << 8 | (unsigned char)h->text.ptr[i - 1];
    look_for(h, LOW(word, ASCII_BYTES), word, i - 1);
}

static inline bool may_stand(const rt_sieve *s, uint64_t word)
{
    return is_set(s->windows, bit_of(LOW(word, WINDOW)));
}

/* All of a word is ASCII: six of its bytes. The next may be looked at with the byte behind them. */
static inline void look_at_eight(const search *h, const rt_sieve *s, uint64_t word, size_t i)
{
    if (may_stand(s, word))
        look_twice(h, i);
    if (may_stand(s, word >> 16))
        look_twice(h, i + 2);
    if (may_stand(s, word >> 32))
        look_twice(h, i + 4);
}

static inline void look_at_han(const search *h, const rt_sieve *s, uint64_t word, size_t i)
{
    uint64_t two = LOW(word, PAIR_BYTES);
    if (is_set(s->keys, bit_of(two)))
        compare(h, two, word, i);
    if (is_set(s->singles, last_two(word)))
        compare(h, LOW(word, HAN_BYTES), word, i);
}

bool rt_sieve_seeks(const rt_sieve *s, uint32_t needle)
{
    return s->items[needle].sought;
}

rt_fspan rt_sieve_span(const rt_sieve *s, uint32_t needle, uint32_t at)
{
    return (rt_fspan){at, at + s->items[needle].needle.len};
}

static bool stands_at(const item *it, rt_str text, size_t i)
{
    const rt_needle *n = &it->needle;
    if (n->len > text.len - i || (rt_eight_at(text.ptr, text.len, i) & it->mask) != it->head)
        return false;
    return (n->len <= 8 || memcmp(n->bytes + 8, text.ptr + i + 8, n->len - 8U) == 0) &&
           edges_hold(n, text, i);
}

/* Looks for the rarest of its bytes. */
bool rt_sieve_find(const rt_sieve *s, uint32_t needle, rt_str text, size_t from, rt_fspan *out)
{
    const item *it = &s->items[needle];
    for (size_t i = from + it->pivot; i < text.len; i++) {
        const char *at = memchr(text.ptr + i, it->needle.bytes[it->pivot], text.len - i);
        if (at == NULL)
            return false;
        i = (size_t)(at - text.ptr);
        size_t beg = i - it->pivot;
        *out = (rt_fspan){(uint32_t)beg, (uint32_t)beg + it->needle.len};
        if (stands_at(it, text, beg))
            return true;
    }
    return false;
}

void rt_sieve_scan(const rt_sieve *s, rt_str text, rt_found *found)
{
    const search h = {s, text, found};
    size_t whole = text.len < 8 ? 0 : text.len - 7; /* words, by their first bytes */
    for (size_t i = 0; i < text.len;) {
        uint64_t word = i < whole ? rt_eight(text.ptr + i) : rt_eight_at(text.ptr, text.len, i);
        if ((word & 0xF0) == 0xE0) {
            look_at_han(&h, s, word, i);
            i += HAN_BYTES;
        } else if ((word & RT_EIGHT_TOPS) == 0) {
            look_at_eight(&h, s, word, i);
            i += 6;
        } else if (is_ascii(word)) {
            if (may_stand(s, word))
                look_twice(&h, i);
            i += is_ascii(word >> 8) ? 2 : 1;
        } else {
            i++;
        }
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
