/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include "knowledge/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#define STEP_LIMIT 20000 /* backtracking steps of one search */
#define HEAP_LIMIT 256   /* KiB of it */

enum { MAX_NEEDLES = 48 }; /* of a pattern; with more of them one nearly always stands */

struct rt_regex {
    pcre2_code *code;
    bool whole; /* one of its needles is all that it asks for */
    uint32_t n;
    uint32_t needles[]; /* numbers in the sieve; none: not known */
};

rt_regex *rt_regex_compile(rt_str source, rt_sieve *sieve, size_t *fault)
{
    int code;
    PCRE2_SIZE at = 0;
    rt_needle needles[MAX_NEEDLES];
    bool whole = false;
    uint32_t n = rt_needles_of(source, needles, MAX_NEEDLES, &whole);
    rt_regex *p = calloc(1, sizeof *p + n * sizeof *p->needles);
    if (p)
        p->code =
            pcre2_compile((PCRE2_SPTR)source.ptr, source.len,
                          PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (!p || !p->code) {
        free(p);
        *fault = at < source.len ? at : source.len;
        return NULL;
    }
    p->whole = whole;
    p->n = n;
    for (uint32_t i = 0; i < n; i++) {
        p->needles[i] = rt_sieve_add(sieve, &needles[i]);
        if (p->needles[i] == UINT32_MAX)
            p->n = 0;
    }
    return p;
}

void rt_regex_free(rt_regex *p)
{
    if (p)
        pcre2_code_free(p->code);
    free(p);
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

bool rt_regex_find(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out)
{
    if (s.len == 0 || !ready(m))
        return false;
    int n =
        pcre2_match(p->code, (PCRE2_SPTR)s.ptr, s.len, 0, PCRE2_NO_UTF_CHECK, m->data, m->limits);
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

/* The needles of s, in m->found; kept for the next question about the same text. */
static bool sift(rt_matcher *m, rt_str s)
{
    if (m->found && m->seen.ptr == s.ptr && m->seen.len == s.len)
        return true;
    if (!m->found)
        m->found = RT_NEW(m->arena, uint64_t, rt_sieve_words(m->sieve) + 1);
    if (!m->found)
        return false;
    rt_sieve_scan(m->sieve, s, m->found);
    m->seen = s;
    return true;
}

static bool needle_stands(const rt_matcher *m, const rt_regex *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (m->found[p->needles[i] / 64] >> p->needles[i] % 64 & 1)
            return true;
    return false;
}

bool rt_regex_find_folded(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out)
{
    if (p->n > 0 && sift(m, s)) {
        bool stands = needle_stands(m, p);
        if (!stands || (p->whole && !out))
            return stands;
    }
    return rt_regex_find(m, p, s, out);
}
