/* Text patterns of the data files (PCRE2): compiled once, asked in memory of an arena. Case does
 * not matter; no pattern may hang a report: steps and memory are limited. Folded text goes through
 * a sieve first: most patterns need a word that does not stand there, and are not asked at all. */
#ifndef RT_KNOWLEDGE_PATTERN_H
#define RT_KNOWLEDGE_PATTERN_H

#include "base/arena.h"
#include "knowledge/sieve.h"

typedef struct rt_regex rt_regex;

/* What one report needs to ask patterns; memory is taken when the first is asked. */
typedef struct rt_matcher {
    rt_arena *arena;       /* outlasts it */
    const rt_sieve *sieve; /* of the patterns that are asked */
    void *general, *data, *limits;
    uint64_t *found; /* needles in the text that was looked at last */
    rt_str seen;
} rt_matcher;

enum { RT_PATTERN_GROUPS = 3 }; /* the whole and two groups */

typedef struct rt_groups {
    size_t beg[RT_PATTERN_GROUPS], end[RT_PATTERN_GROUPS]; /* an unset group is empty */
} rt_groups;

/* NULL if the source is malformed (*fault is the byte where) or memory is out. What it needs goes
 * into the sieve. folded: it is asked of folded text alone, and never where it stands. Free with
 * rt_regex_free. */
rt_regex *rt_regex_compile(rt_str source, bool folded, rt_sieve *sieve, size_t *fault);
void rt_regex_free(rt_regex *p);
/* First match in s, which must be valid UTF-8; out may be NULL. */
bool rt_regex_find(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out);
/* The same in a piece of folded text, through the sieve. */
bool rt_regex_find_folded(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out);
/* Does it stand in a piece of folded text? Through the sieve, an alternative by itself. */
bool rt_regex_stands(rt_matcher *m, const rt_regex *p, rt_str folded);

#endif
