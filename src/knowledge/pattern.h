/* Text patterns of the data files (PCRE2): compiled once, asked in memory of an arena. Case does
 * not matter; no pattern may hang a report: steps and memory are limited. */
#ifndef RT_KNOWLEDGE_PATTERN_H
#define RT_KNOWLEDGE_PATTERN_H

#include "base/arena.h"

typedef struct rt_pattern rt_pattern;

/* What one report needs to ask patterns; memory is taken when the first is asked. */
typedef struct rt_matcher {
    rt_arena *arena; /* outlasts it */
    void *general, *data, *limits;
} rt_matcher;

enum { RT_PATTERN_GROUPS = 3 }; /* the whole and two groups */

typedef struct rt_groups {
    size_t beg[RT_PATTERN_GROUPS], end[RT_PATTERN_GROUPS]; /* an unset group is empty */
} rt_groups;

/* NULL if the source is malformed: *fault is the byte where. Free with rt_pattern_free. */
rt_pattern *rt_pattern_compile(rt_str source, size_t *fault);
void rt_pattern_free(rt_pattern *p);
/* First match in s, which must be valid UTF-8; out may be NULL. */
bool rt_pattern_find(rt_matcher *m, const rt_pattern *p, rt_str s, rt_groups *out);

#endif
