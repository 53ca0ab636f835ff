/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include "knowledge/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <assert.h>
#include <pcre2.h>
#include <stdlib.h>

#define STEP_LIMIT 20000 /* backtracking steps of one search */
#define HEAP_LIMIT 256   /* KiB of it */

enum {
    MAX_NEEDLES = 48, /* of a pattern; with more of them one nearly always stands */
    MAX_PARTS = 48,
};

typedef struct part {
    pcre2_code *code;  /* NULL: one of the needles is all that it asks for */
    uint32_t first, n; /* of the pattern's needles; none: not known */
} part;

struct rt_regex {
    part all;              /* code NULL: asked by its parts alone */
    part parts[MAX_PARTS]; /* its alternatives */
    uint32_t n_parts, n_needles;
    uint32_t *needles; /* numbers in the sieve */
};

static pcre2_code *compile(rt_str source, size_t *fault)
{
    int code;
    PCRE2_SIZE at = 0;
    pcre2_code *p =
        pcre2_compile((PCRE2_SPTR)source.ptr, source.len,
                      PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (!p)
        *fault = at < source.len ? at : source.len;
    return p;
}

/* The needles of a part, kept in the sieve. *whole: they are all that it asks for. */
static bool add_needles(rt_regex *p, part *to, rt_str source, rt_sieve *sieve, bool *whole)
{
    rt_needle needles[MAX_NEEDLES];
    uint32_t n = rt_needles_of(source, needles, MAX_NEEDLES, whole);
    to->first = p->n_needles;
    if (n == 0)
        return true;
    uint32_t *grown = realloc(p->needles, (p->n_needles + n) * sizeof *grown);
    if (!grown)
        return false;
    p->needles = grown;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t needle = rt_sieve_add(sieve, &needles[i]);
        if (needle == UINT32_MAX)
            return false;
        p->needles[p->n_needles++] = needle;
    }
    to->n = n;
    return true;
}

static bool compile_parts(rt_regex *p, rt_str source, rt_sieve *sieve)
{
    rt_str alternatives[MAX_PARTS];
    size_t fault;
    uint32_t n = rt_alternatives_of(source, alternatives, MAX_PARTS);
    for (uint32_t i = 0; i < n; i++) {
        part *to = &p->parts[p->n_parts++];
        bool whole = false;
        if (!add_needles(p, to, alternatives[i], sieve, &whole))
            return false;
        bool needed = to->n > 0 && whole;
        to->code = needed ? NULL : compile(alternatives[i], &fault);
        if (!needed && !to->code)
            return false;
    }
    return n > 0;
}

static void free_parts(rt_regex *p)
{
    for (uint32_t i = 0; i < p->n_parts; i++)
        pcre2_code_free(p->parts[i].code);
    p->n_parts = 0;
}

rt_regex *rt_regex_compile(rt_str source, bool folded, rt_sieve *sieve, size_t *fault)
{
    bool whole = false;
    rt_regex *p = calloc(1, sizeof *p);
    *fault = 0;
    if (!p)
        return NULL;
    bool in_parts = folded && compile_parts(p, source, sieve);
    if (in_parts)
        return p;
    free_parts(p); /* malformed, or not understood: as one */
    p->all.code = compile(source, fault);
    if (!p->all.code || !add_needles(p, &p->all, source, sieve, &whole)) {
        rt_regex_free(p);
        return NULL;
    }
    return p;
}

void rt_regex_free(rt_regex *p)
{
    if (!p)
        return;
    free_parts(p);
    pcre2_code_free(p->all.code);
    free(p->needles);
    free(p);
}

static void *give(PCRE2_SIZE n, void *arena)
{
    return rt_arena_raw(arena, n, 1, _Alignof(max_align_t));
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

static bool match(rt_matcher *m, const pcre2_code *code, rt_str s, rt_groups *out)
{
    if (s.len == 0 || !ready(m))
        return false;
    int n = pcre2_match(code, (PCRE2_SPTR)s.ptr, s.len, 0, PCRE2_NO_UTF_CHECK, m->data, m->limits);
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
        return false; /* the arena is full: the report will be run again */
    rt_sieve_scan(m->sieve, s, m->found);
    m->seen = s;
    return true;
}

static bool may_stand(const rt_matcher *m, const rt_regex *p, const part *of)
{
    for (uint32_t i = of->first; i < of->first + of->n; i++)
        if (m->found[p->needles[i] / 64] >> p->needles[i] % 64 & 1)
            return true;
    return of->n == 0;
}

bool rt_regex_find(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out)
{
    assert(p->n_parts == 0);
    return match(m, p->all.code, s, out);
}

bool rt_regex_find_folded(rt_matcher *m, const rt_regex *p, rt_str s, rt_groups *out)
{
    return sift(m, s) && may_stand(m, p, &p->all) && rt_regex_find(m, p, s, out);
}

bool rt_regex_stands(rt_matcher *m, const rt_regex *p, rt_str folded)
{
    if (p->n_parts == 0)
        return rt_regex_find_folded(m, p, folded, NULL);
    if (!sift(m, folded))
        return false;
    for (uint32_t i = 0; i < p->n_parts; i++) {
        const part *of = &p->parts[i];
        if (may_stand(m, p, of) && (!of->code || match(m, of->code, folded, NULL)))
            return true;
    }
    return false;
}
