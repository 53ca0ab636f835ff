/* Double-array trie: construction and matching. See automaton.h.
 *
 * Construction places the children of one state after the other. The base of a state is the first
 * value b, no other state's, for which all cells b ^ c are free: beside the state if there is room,
 * else blocks of 256 cells (xor stays within one) are tried in order, and a block in which placing
 * failed MAX_FAILURES times is given up, which keeps the search linear. */
#include "knowledge/automaton.h"

#include <stdlib.h>
#include <string.h>

#define NIL RT_NO_CELL /* a free cell: its label is no byte of UTF-8 */
#define LABEL RT_CELL_LABEL
#define ACCEPTS 0x100U
#define LEAF 0x200U
#define SHIFT 10
#define TAIL_HEAD 2U /* cells: pattern, length */
#define BLOCK 256U
#define LINE 16U        /* cells in a line of the cache */
#define MAX_FAILURES 24 /* of one block, before it is left as it is */
#define NEAR 4          /* levels that are placed breadth first */
#define MAX_CELLS (1U << (32 - SHIFT))

typedef struct builder {
    const rt_str *patterns;
    rt_cell *cells;
    bool *used; /* as a base */
    uint32_t n_cells;
    uint32_t first_block; /* blocks before it are given up */
    uint16_t *free_cells; /* of each block */
    uint8_t *failures;    /* of each block */
    rt_cell *tails;       /* they go behind the cells at the end */
    uint32_t n_tails, cap_tails;
} builder;

typedef struct range { /* patterns that share the first `depth` bytes, and their state */
    uint32_t beg, end, depth, state;
} range;

/* A larger block, or the old one and *ok false. */
static void *grow(void *old, size_t n, bool *ok)
{
    void *p = realloc(old, n);
    if (p)
        return p;
    *ok = false;
    return old;
}

static bool add_block(builder *b)
{
    if (b->n_cells + BLOCK > MAX_CELLS)
        return false;
    uint32_t n = b->n_cells + BLOCK, blocks = n / BLOCK;
    bool ok = true;
    b->cells = grow(b->cells, n * sizeof *b->cells, &ok);
    b->used = grow(b->used, n * sizeof *b->used, &ok);
    b->free_cells = grow(b->free_cells, blocks * sizeof *b->free_cells, &ok);
    b->failures = grow(b->failures, blocks, &ok);
    if (!ok)
        return false;
    for (uint32_t i = b->n_cells; i < n; i++) {
        b->cells[i] = NIL;
        b->used[i] = false;
    }
    b->free_cells[blocks - 1] = BLOCK;
    b->failures[blocks - 1] = 0;
    if (b->n_cells == 0) { /* the root, nobody's child */
        b->cells[0] = LABEL;
        b->free_cells[0]--;
    }
    b->n_cells = n;
    return true;
}

static bool fits(const builder *b, uint32_t base, const unsigned char *set, uint32_t n)
{
    uint32_t i = 0;
    while (i < n && b->cells[base ^ set[i]] == NIL)
        i++;
    return i == n && !b->used[base];
}

/* First base in the block where every byte of set finds a free cell. */
static bool fit_block(const builder *b, uint32_t block, const unsigned char *set, uint32_t n,
                      uint32_t *base)
{
    for (uint32_t low = 0; low < BLOCK; low++) {
        *base = block * BLOCK + low;
        if (fits(b, *base, set, n))
            return true;
    }
    return false;
}

/* A base that puts the last child beside its state, into the line of the cache that a walk has just
 * read. */
static bool fit_line(const builder *b, uint32_t state, const unsigned char *set, uint32_t n,
                     uint32_t *base)
{
    for (uint32_t i = 0; i < LINE; i++) {
        *base = ((state & ~(LINE - 1)) + i) ^ set[n - 1];
        if (fits(b, *base, set, n))
            return true;
    }
    return false;
}

static bool find_base(builder *b, const unsigned char *set, uint32_t n, uint32_t *base)
{
    for (uint32_t block = b->first_block;; block++) {
        if (block * BLOCK == b->n_cells && !add_block(b))
            return false;
        if (b->free_cells[block] < n || b->failures[block] >= MAX_FAILURES)
            continue;
        if (fit_block(b, block, set, n, base))
            return true;
        b->failures[block]++;
        while (b->first_block * BLOCK < b->n_cells && b->failures[b->first_block] >= MAX_FAILURES)
            b->first_block++;
    }
}

/* The bytes that follow in the patterns of r; 0 for the one that ends here, which comes first. */
static uint32_t distinct_bytes(const builder *b, const range *r, unsigned char *set)
{
    uint32_t n = 0;
    for (uint32_t i = r->beg; i < r->end; i++) {
        rt_str p = b->patterns[i];
        unsigned char c = p.len == r->depth ? 0 : (unsigned char)p.ptr[r->depth];
        if (n == 0 || set[n - 1] != c)
            set[n++] = c;
    }
    return n;
}

/* What follows the first `depth` bytes of a pattern that is alone. */
static bool place_tail(builder *b, uint32_t state, uint32_t pattern, uint32_t depth)
{
    rt_str rest = rt_str_slice(b->patterns[pattern], depth, b->patterns[pattern].len);
    uint32_t n = TAIL_HEAD + (uint32_t)(rest.len + sizeof(rt_cell) - 1) / sizeof(rt_cell);
    bool ok = b->n_tails + n < MAX_CELLS;
    if (ok && b->n_tails + n > b->cap_tails) {
        b->cap_tails = 2 * (b->n_tails + n);
        b->tails = grow(b->tails, b->cap_tails * sizeof *b->tails, &ok);
    }
    if (!ok)
        return false;
    rt_cell *tail = b->tails + b->n_tails;
    tail[n - 1] = 0;
    tail[0] = pattern;
    tail[1] = (rt_cell)rest.len;
    memcpy(tail + TAIL_HEAD, rest.ptr, rest.len);
    b->cells[state] |= LEAF | b->n_tails << SHIFT;
    b->n_tails += n;
    return true;
}

/* The tails behind the cells, and the leaves told. */
static bool append_tails(builder *b)
{
    bool ok = b->n_cells + b->n_tails < MAX_CELLS;
    if (ok)
        b->cells = grow(b->cells, ((size_t)b->n_cells + b->n_tails) * sizeof *b->cells, &ok);
    if (!ok)
        return false;
    for (uint32_t i = 0; i < b->n_cells; i++)
        if ((b->cells[i] & LABEL) != LABEL && (b->cells[i] & LEAF) != 0)
            b->cells[i] += b->n_cells << SHIFT;
    if (b->n_tails > 0)
        memcpy(b->cells + b->n_cells, b->tails, b->n_tails * sizeof *b->tails);
    b->n_cells += b->n_tails;
    return true;
}

/* Give the children of r's state their cells, and push their ranges. */
static bool place(builder *b, range r, range *stack, uint32_t *top)
{
    unsigned char set[BLOCK] = {0};
    if (r.depth > 0 && r.end - r.beg == 1)
        return place_tail(b, r.state, r.beg, r.depth);
    uint32_t n = distinct_bytes(b, &r, set), base;
    if (!fit_line(b, r.state, set, n, &base) && !find_base(b, set, n, &base))
        return false;
    b->cells[r.state] |= base << SHIFT;
    b->used[base] = true;
    b->free_cells[base / BLOCK] = (uint16_t)(b->free_cells[base / BLOCK] - n);
    uint32_t beg = r.beg, i = 0;
    if (set[0] == 0) {
        b->cells[r.state] |= ACCEPTS;
        b->cells[base] = LABEL | beg++ << SHIFT;
        i++;
    }
    for (; i < n; i++) {
        uint32_t end = beg, cell = base ^ set[i];
        while (end < r.end && (unsigned char)b->patterns[end].ptr[r.depth] == set[i])
            end++;
        b->cells[cell] = set[i];
        stack[(*top)++] = (range){beg, end, r.depth + 1, cell};
        beg = end;
    }
    return true;
}

/* Level by level near the root, whose states are visited all the time and so share few cache lines;
 * then depth first, which keeps the rest of a term together. Each list holds disjoint ranges, at
 * most one a pattern. */
static bool place_all(builder *b, uint32_t n, range *now, range *next)
{
    bool ok = add_block(b);
    if (!ok || n == 0)
        return ok;
    uint32_t count = 1;
    now[0] = (range){0, n, 0, 0};
    for (uint32_t depth = 0; ok && depth < NEAR; depth++) {
        uint32_t top = 0;
        for (uint32_t i = 0; ok && i < count; i++)
            ok = place(b, now[i], next, &top);
        range *swap = now;
        now = next;
        next = swap;
        count = top;
    }
    while (ok && count > 0) {
        range r = now[--count];
        ok = place(b, r, now, &count);
    }
    return ok && append_tails(b);
}

rt_code rt_automaton_build(const rt_str *patterns, uint32_t n, rt_cell **cells, uint32_t *n_cells,
                           rt_err *err)
{
    builder b = {.patterns = patterns};
    range *now = calloc((size_t)n + 1, sizeof *now), *next = calloc((size_t)n + 1, sizeof *next);
    bool ok = now && next && place_all(&b, n, now, next);
    free(now);
    free(next);
    free(b.tails);
    free(b.used);
    free(b.free_cells);
    free(b.failures);
    if (!ok) {
        free(b.cells);
        return rt_fail(err, RT_ENOMEM, "no memory for an automaton of %u patterns", n);
    }
    *cells = b.cells;
    *n_cells = b.n_cells;
    return RT_OK;
}

static inline unsigned char read(char c)
{
    return (unsigned char)(c == '\n' ? ' ' : c);
}

/* Does the text go on with the tail of a leaf? */
static bool tail_follows(const rt_cell *tail, rt_str text, uint32_t at)
{
    const char *bytes = (const char *)(tail + TAIL_HEAD);
    uint32_t n = tail[1];
    if (n > text.len - at)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (read(text.ptr[at + i]) != (unsigned char)bytes[i])
            return false;
    return true;
}

rt_cell rt_automaton_enter(const rt_automaton *a, rt_str prefix)
{
    rt_cell s = a->cells[0];
    uint32_t depth = 0;
    for (; depth < prefix.len && (depth == 0 || (s & LEAF) == 0); depth++) {
        unsigned char c = read(prefix.ptr[depth]);
        s = a->cells[(s >> SHIFT) ^ c];
        if ((s & LABEL) != c)
            return RT_NO_CELL;
    }
    return (s & ~(LABEL | ACCEPTS)) | depth;
}

uint32_t rt_automaton_match_from(const rt_automaton *a, rt_cell enter, rt_str text, uint32_t at,
                                 rt_match *out, uint32_t max)
{
    uint32_t n = 0, i = at + (enter & LABEL);
    for (rt_cell s = enter;;) {
        if (s & LEAF) {
            const rt_cell *tail = a->cells + (s >> SHIFT);
            if (tail_follows(tail, text, i))
                out[n++] = (rt_match){i + tail[1], tail[0]};
            return n;
        }
        if (s & ACCEPTS) {
            out[n++] = (rt_match){i, a->cells[s >> SHIFT] >> SHIFT};
            if (n == max)
                return n;
        }
        if (i >= text.len)
            return n;
        unsigned char c = read(text.ptr[i++]);
        s = a->cells[(s >> SHIFT) ^ c];
        if ((s & LABEL) != c)
            return n;
    }
}

uint32_t rt_automaton_match(const rt_automaton *a, rt_str text, uint32_t at, rt_match *out,
                            uint32_t max)
{
    return rt_automaton_match_from(a, rt_automaton_root(a), text, at, out, max);
}

bool rt_automaton_lookup(const rt_automaton *a, rt_str key, uint32_t *pattern)
{
    enum { MOST = 256 }; /* patterns that begin with each other */
    rt_match m[MOST];
    uint32_t n = rt_automaton_match(a, key, 0, m, MOST);
    if (n == 0 || m[n - 1].end != key.len)
        return false;
    *pattern = m[n - 1].pattern;
    return true;
}
