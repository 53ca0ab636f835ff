/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include "knowledge/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STEP_LIMIT 20000 /* backtracking steps of one search */
#define HEAP_LIMIT 256   /* KiB of it */

rt_pattern *rt_pattern_compile(rt_str source, size_t *fault)
{
    int code;
    PCRE2_SIZE at = 0;
    pcre2_code *p =
        pcre2_compile((PCRE2_SPTR)source.ptr, source.len,
                      PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (!p)
        *fault = at < source.len ? at : source.len;
    return (rt_pattern *)p;
}

void rt_pattern_free(rt_pattern *p)
{
    pcre2_code_free((pcre2_code *)p);
}

static void *give(PCRE2_SIZE n, void *arena)
{
    return rt_arena_alloc(arena, n, 1, _Alignof(max_align_t));
}

static void take_back(void *block, void *arena)
{
    (void)block; /* forgotten with the arena */
    (void)arena;
}

static bool ready(rt_matcher *m)
{
    if (m->limits)
        return true;
    m->general = pcre2_general_context_create(give, take_back, m->arena);
    m->data = m->general ? pcre2_match_data_create(RT_PATTERN_GROUPS, m->general) : NULL;
    m->limits = m->data ? pcre2_match_context_create(m->general) : NULL;
    if (!m->limits)
        return false; /* the arena is full: the report will be run again */
    pcre2_set_match_limit(m->limits, STEP_LIMIT);
    pcre2_set_heap_limit(m->limits, HEAP_LIMIT);
    return true;
}

bool rt_pattern_find(rt_matcher *m, const rt_pattern *p, rt_str s, rt_groups *out)
{
    if (s.len == 0 || !ready(m))
        return false;
    int n = pcre2_match((const pcre2_code *)p, (PCRE2_SPTR)s.ptr, s.len, 0, PCRE2_NO_UTF_CHECK,
                        m->data, m->limits);
    if (n < 0 || !out)
        return n >= 0;
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);
    *out = (rt_groups){0};
    size_t found = n == 0 ? RT_PATTERN_GROUPS : (size_t)n;
    for (size_t i = 0; i < found; i++) {
        if (at[2 * i] == PCRE2_UNSET)
            continue;
        out->beg[i] = at[2 * i];
        out->end[i] = at[2 * i + 1];
    }
    return true;
}
