/* A trie over folded patterns as a double array, tried at word starts (alphabetic text) and at
 * every Han character.
 *
 *   cell of 32 bits:  | base, 22 bits | leaf | accepts | label, 8 bits |
 *   state s, byte c:  t = base(s) ^ c;  if label(t) == c the edge s --c--> t exists
 *
 * No two states share a base, so the label is check enough, and a state is one load. A state that
 * accepts holds its pattern in the cell base ^ 0, which no byte of a text reaches. Where one
 * pattern is left the trie ends in a leaf, whose base is the place of a tail: pattern, length, and
 * the bytes still to come, four a cell. Terms are long and most differ early: tails are compared
 * without chasing loads. Aho-Corasick with fail links was measured 2 to 3 times slower on reports:
 * they match at word starts only. '\n' in the text reads as ' ' (a wrapped line does not break a
 * term). */
#ifndef RT_KNOWLEDGE_AUTOMATON_H
#define RT_KNOWLEDGE_AUTOMATON_H

#include "base/err.h"
#include "base/str.h"

typedef uint32_t rt_cell;
#define RT_CELL_LABEL 0xFFU
#define RT_NO_CELL UINT32_MAX

typedef struct rt_automaton { /* borrowed cells */
    const rt_cell *cells;
    uint32_t n_cells;
} rt_automaton;

/* Build from patterns sorted by bytes, distinct, non-empty, valid UTF-8 without NUL; pattern i
 * accepts as i. *cells is heap,
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
/* To begin behind the first bytes: the state behind a prefix of some pattern, or behind so much of
 * it that only one pattern is left, with the number of the bytes read in place of the label. At
 * most 254 bytes; RT_NO_CELL: no pattern begins so. */
rt_cell rt_automaton_enter(const rt_automaton *a, rt_str prefix);
static inline rt_cell rt_automaton_root(const rt_automaton *a)
{
    return a->cells[0] & ~RT_CELL_LABEL;
}
/* As rt_automaton_match, for a text whose bytes from `at` on begin with the prefix; patterns that
 * are not longer are not found. */
uint32_t rt_automaton_match_from(const rt_automaton *a, rt_cell enter, rt_str text, uint32_t at,
                                 rt_match *out, uint32_t max);
/* Exact lookup of a whole folded string. */
bool rt_automaton_lookup(const rt_automaton *a, rt_str key, uint32_t *pattern);

#endif
