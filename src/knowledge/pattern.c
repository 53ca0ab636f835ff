/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include <assert.h>
#include <stdlib.h>

#include "knowledge/image.h"
#include "knowledge/pattern_table.h"

#define STEP_LIMIT 20000 /* backtracking steps of one search */
#define HEAP_LIMIT 256   /* KiB of it */

enum { MAX_PLACES = 8 /* where a match may begin: each has STEP_LIMIT */ };

/* Whoever asks first compiles; of two at the same time one throws its own away. */
static const pcre2_code *code_of(const rt_patterns *s, uint32_t i)
{
    size_t fault;
    pcre2_code *code = atomic_load_explicit(&s->codes[i], memory_order_acquire), *before = NULL;
    if (code != NULL)
        return code;
    code = rt_pattern_compile(s->parts.at[i].source, &fault);
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

static bool match(rt_matcher *m, const pcre2_code *code, rt_str s, size_t from, uint32_t options,
                  rt_groups *out)
{
    if (s.len == 0 || !code || !ready(m))
        return false;
    int n = pcre2_match(code, (PCRE2_SPTR)s.ptr, s.len, from, PCRE2_NO_UTF_CHECK | options, m->data,
                        m->limits);
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

/* The parts whose keys stand in the text: bits in m->due. */
static void find_due(const rt_matcher *m, const rt_patterns *s)
{
    const rt_found *f = m->found;
    memcpy(m->due, s->always.at, s->always.len * sizeof *m->due);
    for (uint32_t i = 0; i < f->n; i++) {
        if (f->list[i] >= s->first.len)
            continue;
        for (uint32_t k = s->first.at[f->list[i]]; k > 0; k = s->uses.at[k - 1].next)
            m->due[s->uses.at[k - 1].part / 64] |= 1ULL << s->uses.at[k - 1].part % 64;
    }
}

/* Goes through a text for the needles; kept for the next question about it. */
static bool sift(rt_matcher *m, const rt_patterns *s, rt_str text)
{
    if (m->found && m->seen.ptr == text.ptr && m->seen.len == text.len)
        return true;
    if (!m->found) {
        m->due = RT_NEW(m->arena, uint64_t, s->always.len + 2U);
        m->found = m->due ? rt_found_new(s->sieve, m->arena) : NULL;
    }
    if (!m->found)
        return false; /* the arena is full: the report will be run again */
    rt_found_clear(m->found);
    rt_sieve_scan(s->sieve, text, m->found);
    find_due(m, s);
    m->seen = text;
    return true;
}

static bool is_due(const rt_matcher *m, uint32_t i)
{
    return m->due[i / 64] >> i % 64 & 1;
}

/* found: what was sifted of the text; NULL: nothing was. */
static bool find_needle(const rt_found *found, const rt_patterns *s, uint32_t needle, rt_str text,
                        size_t from, rt_fspan *out)
{
    if (found && rt_sieve_seeks(s->sieve, needle)) {
        if (!rt_found_has(found, needle))
            return false;
        if (found->at[needle] >= from) {
            *out = rt_sieve_span(s->sieve, needle, found->at[needle]);
            return true;
        }
    }
    return rt_sieve_find(s->sieve, needle, text, from, out);
}

/* Where the needles of a need stand from a place on: the earliest beginning and the earliest end. A
 * need of very many is not worth looking for. */
static bool find_need(const rt_found *found, const rt_patterns *s, rt_range need, rt_str text,
                      size_t from, rt_fspan *out)
{
    *out = (rt_fspan){UINT32_MAX, UINT32_MAX};
    if (need.count > RT_NEED_MANY) {
        *out = (rt_fspan){(uint32_t)from, (uint32_t)from};
        return true;
    }
    for (uint32_t i = need.first; i < need.first + need.count; i++) {
        rt_fspan at;
        if (!find_needle(found, s, s->needles.at[i], text, from, &at))
            continue;
        out->beg = at.beg < out->beg ? at.beg : out->beg;
        out->end = at.end < out->end ? at.end : out->end;
    }
    return out->beg != UINT32_MAX;
}

/* Do the needs of a part stand in a text, one behind the other? *from: where it may begin. */
static bool needs_stand(const rt_found *found, const rt_patterns *s, const rt_pattern_part *p,
                        rt_str text, size_t *from)
{
    rt_fspan at = {0};
    *from = 0;
    for (uint32_t i = 0; i < p->needs.count; i++) {
        if (!find_need(found, s, s->needs.at[p->needs.first + i], text, at.end, &at))
            return false;
        if (i == 0 && p->leads)
            *from = at.beg;
    }
    return true;
}

bool rt_pattern_find(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text, rt_groups *out)
{
    assert(!s->patterns.at[i].in_parts);
    return match(m, code_of(s, s->patterns.at[i].parts.first), text, 0, 0, out);
}

bool rt_pattern_find_folded(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded,
                            rt_groups *out)
{
    uint32_t k = s->patterns.at[i].parts.first;
    size_t from;
    return sift(m, s, folded) && is_due(m, k) &&
           needs_stand(m->found, s, &s->parts.at[k], folded, &from) &&
           match(m, code_of(s, k), folded, from, 0, out);
}

const uint64_t *rt_patterns_due(rt_matcher *m, const rt_patterns *s, rt_str folded)
{
    return sift(m, s, folded) ? m->due : NULL;
}

rt_range rt_pattern_bits(const rt_patterns *s, uint32_t i)
{
    return s->patterns.at[i].parts;
}

bool rt_pattern_is_han(const rt_patterns *s, uint32_t i)
{
    rt_range parts = s->patterns.at[i].parts;
    for (uint32_t k = parts.first; k < parts.first + parts.count; k++)
        if (!s->parts.at[k].han)
            return false;
    return true;
}

/* Where a needle stands from a place on, or RT_NIL. */
static uint32_t place_of(const rt_found *found, const rt_patterns *s, uint32_t needle, rt_str text,
                         size_t from)
{
    rt_fspan at;
    return find_needle(found, s, needle, text, from, &at) ? at.beg : RT_NIL;
}

/* A match begins where one of a few words does: PCRE2 is asked there alone, as long as there are
 * few such places. */
static bool matches_at_words(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text,
                             size_t from)
{
    const pcre2_code *code = code_of(s, i);
    rt_range first = s->needs.at[s->parts.at[i].needs.first];
    uint32_t place[RT_NEED_MANY];
    for (uint32_t k = 0; k < first.count; k++)
        place[k] = place_of(m->found, s, s->needles.at[first.first + k], text, from);
    for (int tried = 0; tried <= MAX_PLACES; tried++) {
        uint32_t at = RT_NIL;
        for (uint32_t k = 0; k < first.count; k++)
            at = place[k] < at ? place[k] : at;
        if (at == RT_NIL)
            return false;
        if (match(m, code, text, at, tried < MAX_PLACES ? PCRE2_ANCHORED : 0, NULL))
            return true;
        for (uint32_t k = 0; k < first.count; k++)
            if (place[k] == at)
                place[k] = place_of(m->found, s, s->needles.at[first.first + k], text, at + 1);
    }
    return false;
}

static bool begins_with_few(const rt_patterns *s, const rt_pattern_part *p)
{
    return p->leads && s->needs.at[p->needs.first].count <= RT_NEED_MANY;
}

/* Of one line it may be told without PCRE2. */
static bool matches(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text, size_t from)
{
    const rt_pattern_part *p = &s->parts.at[i];
    if (p->enough)
        return true;
    if (m->found && p->but != RT_NIL && memchr(text.ptr, '\n', text.len) == NULL)
        return !rt_pattern_stands(m, s, p->but, text) && rt_pattern_stands(m, s, p->rest, text);
    return begins_with_few(s, p) ? matches_at_words(m, s, i, text, from)
                                 : match(m, code_of(s, i), text, from, 0, NULL);
}

/* A part that is due, if the text was sifted. */
static bool part_stands(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text)
{
    const rt_pattern_part *p = &s->parts.at[i];
    size_t from;
    if (p->enough && p->key != RT_NIL)
        return true; /* its only need is its key, which stands */
    return needs_stand(m->found, s, p, text, &from) && matches(m, s, i, text, from);
}

/* The next part that is due, from one on; the end if there is none. */
static uint32_t next_due(const rt_matcher *m, uint32_t i, uint32_t end)
{
    for (; i < end; i = i / 64 * 64 + 64) {
        uint64_t left = m->due[i / 64] >> i % 64;
        if (left != 0)
            return i + (uint32_t)__builtin_ctzll(left);
    }
    return end;
}

bool rt_pattern_stands(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded)
{
    rt_range parts = s->patterns.at[i].parts;
    if (!sift(m, s, folded))
        return false;
    uint32_t end = parts.first + parts.count;
    for (uint32_t k = next_due(m, parts.first, end); k < end; k = next_due(m, k + 1, end))
        if (part_stands(m, s, k, folded))
            return true;
    return false;
}

static bool key_stands(const rt_patterns *s, const rt_pattern_part *p, rt_str text)
{
    rt_fspan at;
    return p->key == RT_NIL ||
           find_need(NULL, s, s->needs.at[p->needs.first + p->key], text, 0, &at);
}

bool rt_pattern_stands_once(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded)
{
    rt_range parts = s->patterns.at[i].parts;
    assert(!m->found);
    for (uint32_t k = parts.first; k < parts.first + parts.count; k++)
        if (key_stands(s, &s->parts.at[k], folded) && part_stands(m, s, k, folded))
            return true;
    return false;
}

/* ---- in a compiled lexicon */

static void walk_part(rt_image *m, void *at)
{
    rt_image_str(m, &((rt_pattern_part *)at)->source);
}

static void walk(rt_image *m, void *at)
{
    rt_patterns *s = at;
    rt_sieve_image(m, &s->sieve);
    s->parts.cap = s->parts.len;
    rt_image_records(m, &s->parts.at, s->parts.len, sizeof *s->parts.at, walk_part);
    RT_IMAGE_VEC(m, &s->patterns);
    RT_IMAGE_VEC(m, &s->needs);
    RT_IMAGE_VEC(m, &s->needles);
    RT_IMAGE_VEC(m, &s->first);
    RT_IMAGE_VEC(m, &s->uses);
    RT_IMAGE_VEC(m, &s->always);
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
