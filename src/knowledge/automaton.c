/* Double-array trie: construction and matching. See automaton.h.
 *
 * Construction places the children of one state after the other (depth first over the sorted
 * patterns). The base of a state is the first value b for which all cells b ^ c are free; blocks of
 * 256 cells (xor stays within one) are tried in order, and a block in which placing failed
 * MAX_FAILURES times is given up, which keeps the search linear. */
#include "knowledge/automaton.h"

#include <stdlib.h>

#define NIL UINT32_MAX
#define BLOCK 256U
#define MAX_FAILURES 24 /* of one block, before it is left as it is */
#define MAX_CELLS (1U << 27)

typedef struct builder {
    const rt_str *patterns;
    rt_cell *cells;
    uint32_t n_cells;
    uint32_t first_block; /* blocks before it are given up */
    uint16_t *free_cells; /* of each block */
    uint8_t *failures;    /* of each block */
} builder;

typedef struct range { /* patterns that share the first `depth` bytes, and their state */
    uint32_t beg, end, depth, state;
} range;

static bool add_block(builder *b)
{
    if (b->n_cells >= MAX_CELLS)
        return false;
    uint32_t n = b->n_cells + BLOCK, blocks = n / BLOCK;
    rt_cell *cells = realloc(b->cells, n * sizeof *cells);
    if (!cells)
        return false;
    b->cells = cells;
    uint16_t *free_cells = realloc(b->free_cells, blocks * sizeof *free_cells);
    if (!free_cells)
        return false;
    b->free_cells = free_cells;
    uint8_t *failures = realloc(b->failures, blocks);
    if (!failures)
        return false;
    b->failures = failures;
    for (uint32_t i = b->n_cells; i < n; i++)
        cells[i] = (rt_cell){0, NIL, NIL};
    free_cells[blocks - 1] = BLOCK;
    failures[blocks - 1] = 0;
    b->n_cells = n;
    return true;
}

/* First base in the block where every byte of set finds a free cell. */
static bool fit_block(const builder *b, uint32_t block, const unsigned char *set, uint32_t n,
                      uint32_t *base)
{
    for (uint32_t low = 0; low < BLOCK; low++) {
        uint32_t candidate = block * BLOCK + low, i = 0;
        while (i < n && b->cells[candidate ^ set[i]].check == NIL)
            i++;
        if (i == n) {
            *base = candidate;
            return true;
        }
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

static uint32_t distinct_bytes(const builder *b, const range *r, unsigned char *set)
{
    uint32_t n = 0;
    for (uint32_t i = r->beg; i < r->end; i++) {
        unsigned char c = (unsigned char)b->patterns[i].ptr[r->depth];
        if (n == 0 || set[n - 1] != c)
            set[n++] = c;
    }
    return n;
}

/* Give the children of r's state their cells, and push their ranges. */
static bool place(builder *b, range r, range *stack, uint32_t *top)
{
    if (b->patterns[r.beg].len == r.depth) /* sorted: the pattern that ends here comes first */
        b->cells[r.state].pattern = r.beg++;
    if (r.beg == r.end)
        return true;
    unsigned char set[BLOCK];
    uint32_t n = distinct_bytes(b, &r, set), base;
    if (!find_base(b, set, n, &base))
        return false;
    b->cells[r.state].base = base;
    b->free_cells[base / BLOCK] = (uint16_t)(b->free_cells[base / BLOCK] - n);
    uint32_t beg = r.beg;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = beg, cell = base ^ set[i];
        while (end < r.end && (unsigned char)b->patterns[end].ptr[r.depth] == set[i])
            end++;
        b->cells[cell].check = r.state;
        stack[(*top)++] = (range){beg, end, r.depth + 1, cell};
        beg = end;
    }
    return true;
}

rt_code rt_automaton_build(const rt_str *patterns, uint32_t n, rt_cell **cells, uint32_t *n_cells,
                           rt_err *err)
{
    builder b = {.patterns = patterns};
    /* depth first: at most one pending range a pattern */
    range *stack = malloc(((size_t)n + 1) * sizeof *stack);
    bool ok = stack && add_block(&b);
    if (ok) {
        b.cells[0].check =
            0; /* the root; nobody's child, since place() never hands out a taken cell */
        b.free_cells[0]--;
        uint32_t top = 0;
        if (n > 0)
            stack[top++] = (range){0, n, 0, 0};
        while (ok && top > 0) {
            range r = stack[--top];
            ok = place(&b, r, stack, &top);
        }
    }
    free(stack);
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

/* One step; NIL if there is no such edge. */
static inline uint32_t step(const rt_automaton *a, uint32_t state, char byte)
{
    uint32_t t = a->cells[state].base ^ (unsigned char)(byte == '\n' ? ' ' : byte);
    return t != 0 && a->cells[t].check == state ? t : NIL;
}

uint32_t rt_automaton_match(const rt_automaton *a, rt_str text, uint32_t at, rt_match *out,
                            uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t s = 0, i = at; i < text.len && n < max;) {
        s = step(a, s, text.ptr[i++]);
        if (s == NIL)
            break;
        if (a->cells[s].pattern != NIL)
            out[n++] = (rt_match){i, a->cells[s].pattern};
    }
    return n;
}

bool rt_automaton_lookup(const rt_automaton *a, rt_str key, uint32_t *pattern)
{
    uint32_t s = 0;
    for (size_t i = 0; i < key.len && s != NIL; i++)
        s = step(a, s, key.ptr[i]);
    if (key.len == 0 || s == NIL || a->cells[s].pattern == NIL)
        return false;
    *pattern = a->cells[s].pattern;
    return true;
}
