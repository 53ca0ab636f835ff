/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include "knowledge/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <assert.h>
#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/vec.h"
#include "knowledge/image.h"

#define STEP_LIMIT 20000       /* backtracking steps of one search */
#define HEAP_LIMIT 256         /* KiB of it */
#define ARENA_BYTES (8U << 20) /* address space: only what is used becomes memory */

enum {
    MAX_NEEDLES = 48, /* of a pattern; with more of them one nearly always stands */
    MAX_PARTS = 48,
    MAX_ALL_PARTS = 1 << 16, /* of a set */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct part { /* what is asked by itself: a pattern, or an alternative of it */
    rt_str source;
    uint32_t first, n; /* in needles; none: not known */
    uint64_t enough;   /* one of the needles is all that it asks for */
} part;

typedef struct pattern {
    uint32_t first, n; /* in parts */
    uint32_t in_parts; /* asked by its parts alone */
} pattern;

#pragma GCC diagnostic pop

typedef _Atomic(pcre2_code *) code_slot;

struct rt_patterns {
    rt_sieve *sieve;
    RT_VEC(part) parts;
    RT_VEC(pattern) patterns;
    RT_VEC(uint32_t) needles; /* numbers in the sieve */
    code_slot *codes;         /* of each part; NULL: not yet compiled */
    char *memory;             /* NULL: of a compiled lexicon */
    rt_arena arena;
    bool full;
};

rt_patterns *rt_patterns_new(void)
{
    rt_patterns *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->memory = malloc(ARENA_BYTES);
    s->sieve = rt_sieve_new();
    s->codes = calloc(MAX_ALL_PARTS, sizeof *s->codes);
    if (s->memory == NULL || s->sieve == NULL || s->codes == NULL) {
        rt_patterns_free(s);
        return NULL;
    }
    s->arena = (rt_arena){s->memory, s->memory + ARENA_BYTES, &s->full};
    return s;
}

void rt_patterns_free(rt_patterns *s)
{
    if (s == NULL)
        return;
    for (uint32_t i = 0; s->codes != NULL && i < s->parts.len; i++)
        pcre2_code_free(atomic_load(&s->codes[i]));
    if (s->memory != NULL)
        rt_sieve_free(s->sieve);
    free(s->codes);
    free(s->memory);
    free(s);
}

/* ---- adding */

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

/* The needles of a part, kept in the sieve; false: there is no room for them. */
static bool add_needles(rt_patterns *s, part *to)
{
    rt_needle needles[MAX_NEEDLES];
    bool whole = false;
    uint32_t n = rt_needles_of(to->source, needles, MAX_NEEDLES, &whole);
    to->first = s->needles.len;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t needle = rt_sieve_add(s->sieve, &needles[i]);
        if (needle == UINT32_MAX)
            return false;
        RT_PUSH(&s->arena, &s->needles, needle);
    }
    to->n = n;
    to->enough = n > 0 && whole;
    return !s->full;
}

static bool add_part(rt_patterns *s, rt_str source, bool alone, size_t *fault)
{
    part p = {.source = rt_arena_copy(&s->arena, source)};
    if (s->parts.len == MAX_ALL_PARTS || !add_needles(s, &p))
        return false;
    if (alone)
        p.enough = 0; /* its groups may be asked for */
    pcre2_code *code = p.enough ? NULL : compile(p.source, fault);
    if (!p.enough && !code)
        return false;
    uint32_t i = s->parts.len;
    RT_PUSH(&s->arena, &s->parts, p);
    if (s->parts.len == i)
        pcre2_code_free(code);
    else
        atomic_init(&s->codes[i], code);
    return !s->full;
}

static void drop_parts(rt_patterns *s, uint32_t first)
{
    for (uint32_t i = first; i < s->parts.len; i++) {
        pcre2_code_free(atomic_load(&s->codes[i]));
        atomic_init(&s->codes[i], NULL);
    }
    s->parts.len = first;
}

/* false: malformed, or not understood. */
static bool add_alternatives(rt_patterns *s, rt_str source)
{
    rt_str alternatives[MAX_PARTS];
    size_t fault;
    uint32_t first = s->parts.len, n = rt_alternatives_of(source, alternatives, MAX_PARTS), i = 0;
    while (i < n && add_part(s, alternatives[i], false, &fault))
        i++;
    if (n == 0 || i < n)
        drop_parts(s, first);
    return n > 0 && i == n;
}

uint32_t rt_patterns_add(rt_patterns *s, rt_str source, bool folded, size_t *fault)
{
    pattern p = {.first = s->parts.len};
    *fault = 0;
    p.in_parts = folded && add_alternatives(s, source);
    if (!p.in_parts && !add_part(s, source, true, fault))
        return UINT32_MAX;
    p.n = s->parts.len - p.first;
    RT_PUSH(&s->arena, &s->patterns, p);
    return s->full ? UINT32_MAX : s->patterns.len - 1;
}

/* ---- asking */

/* Whoever asks first compiles; of two at the same time one throws its own away. */
static const pcre2_code *code_of(const rt_patterns *s, uint32_t i)
{
    size_t fault;
    pcre2_code *code = atomic_load_explicit(&s->codes[i], memory_order_acquire), *before = NULL;
    if (code != NULL)
        return code;
    code = compile(s->parts.at[i].source, &fault);
    if (code == NULL || atomic_compare_exchange_strong(&s->codes[i], &before, code))
        return code; /* NULL: no memory */
    pcre2_code_free(code);
    return before;
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
    if (s.len == 0 || !code || !ready(m))
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

/* The needles of text, in m->found; kept for the next question about the same text. */
static bool sift(rt_matcher *m, const rt_patterns *s, rt_str text)
{
    if (m->found && m->seen.ptr == text.ptr && m->seen.len == text.len)
        return true;
    if (!m->found)
        m->found = RT_NEW(m->arena, uint64_t, rt_sieve_words(s->sieve) + 1);
    if (!m->found)
        return false; /* the arena is full: the report will be run again */
    rt_sieve_scan(s->sieve, text, m->found);
    m->seen = text;
    return true;
}

static bool may_stand(const rt_matcher *m, const rt_patterns *s, const part *of)
{
    for (uint32_t i = of->first; i < of->first + of->n; i++)
        if (m->found[s->needles.at[i] / 64] >> s->needles.at[i] % 64 & 1)
            return true;
    return of->n == 0;
}

bool rt_pattern_find(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text, rt_groups *out)
{
    assert(!s->patterns.at[i].in_parts);
    return match(m, code_of(s, s->patterns.at[i].first), text, out);
}

bool rt_pattern_find_folded(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded,
                            rt_groups *out)
{
    return sift(m, s, folded) && may_stand(m, s, &s->parts.at[s->patterns.at[i].first]) &&
           rt_pattern_find(m, s, i, folded, out);
}

bool rt_pattern_stands(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded)
{
    const pattern *p = &s->patterns.at[i];
    if (!p->in_parts)
        return rt_pattern_find_folded(m, s, i, folded, NULL);
    if (!sift(m, s, folded))
        return false;
    for (uint32_t k = p->first; k < p->first + p->n; k++) {
        const part *of = &s->parts.at[k];
        if (may_stand(m, s, of) && (of->enough || match(m, code_of(s, k), folded, NULL)))
            return true;
    }
    return false;
}

/* ---- in a compiled lexicon */

static void walk_part(rt_image *m, void *at)
{
    rt_image_str(m, &((part *)at)->source);
}

static void walk(rt_image *m, void *at)
{
    rt_patterns *s = at;
    rt_sieve_image(m, &s->sieve);
    s->parts.cap = s->parts.len;
    rt_image_records(m, &s->parts.at, s->parts.len, sizeof *s->parts.at, walk_part);
    RT_IMAGE_VEC(m, &s->patterns);
    RT_IMAGE_VEC(m, &s->needles);
    s->codes = NULL;
    s->memory = NULL;
    memset(&s->arena, 0, sizeof s->arena);
}

void rt_patterns_image(rt_image *m, rt_patterns **set)
{
    rt_image_records(m, set, 1, sizeof **set, walk);
}

bool rt_patterns_open(rt_patterns **set)
{
    rt_patterns *s = malloc(sizeof *s);
    if (s == NULL)
        return false;
    *s = **set;
    s->codes = calloc(s->parts.len + 1U, sizeof *s->codes);
    if (s->codes == NULL) {
        free(s);
        return false;
    }
    *set = s;
    return true;
}
