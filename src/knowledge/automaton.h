/* A trie over folded patterns as a double array, tried at word starts (alphabetic text) and at
 * every Han character.
 *
 *   cell s, byte c:  t = base[s] ^ c;  if check[t] == s the edge s --c--> t exists
 *
 * Aho-Corasick with fail links was measured 2 to 3 times slower on reports: they match at word
 * starts only, and few bytes deep. '\n' in the text reads as ' ' (a wrapped line does not break a
 * term). */
#ifndef RT_KNOWLEDGE_AUTOMATON_H
#define RT_KNOWLEDGE_AUTOMATON_H

#include "base/err.h"
#include "base/str.h"

typedef struct rt_cell {
    uint32_t base;    /* of this state's edges */
    uint32_t check;   /* parent state; UINT32_MAX = free */
    uint32_t pattern; /* accepted here, UINT32_MAX = none */
} rt_cell;

typedef struct rt_automaton { /* borrowed cells */
    const rt_cell *cells;
    uint32_t n_cells;
} rt_automaton;

/* Build from patterns sorted by bytes, distinct, non-empty; pattern i accepts as i. *cells is heap,
 * the caller's. */
rt_code rt_automaton_build(const rt_str *patterns, uint32_t n, rt_cell **cells, uint32_t *n_cells,
                           rt_err *err);

/* All patterns that start exactly at text[at], shortest first, into out[] (end offset and pattern),
 * at most max. */
typedef struct rt_match {
    uint32_t end, pattern;
} rt_match;
uint32_t rt_automaton_match(const rt_automaton *a, rt_str text, uint32_t at, rt_match *out,
                            uint32_t max);
/* Exact lookup of a whole folded string. */
bool rt_automaton_lookup(const rt_automaton *a, rt_str key, uint32_t *pattern);

#endif
