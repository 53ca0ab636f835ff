/* PCRE2 with the memory of an arena and with limits; see pattern.h. */
#include "knowledge/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <assert.h>
#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "knowledge/image.h"

#define STEP_LIMIT 20000       /* backtracking steps of one search */
#define HEAP_LIMIT 256         /* KiB of it */
#define ARENA_BYTES (8U << 20) /* address space: only what is used becomes memory */

enum {
    MAX_PARTS = 96,
    MAX_ALL_PARTS = 1 << 16, /* of a set */
    MANY = 16,               /* needles of a need */
    FEW = 6,                 /* ... of which each place is looked at */
    MAX_PLACES = 8,          /* each has STEP_LIMIT */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct part { /* what is asked by itself: a pattern, or an alternative of it */
    rt_str source;
    rt_range needs; /* one behind the other; none: not known */
    uint32_t key;   /* the need that tells most, or RT_NIL: none is worth being sought */
    bool enough;    /* its one need is all that it asks for */
    bool leads;     /* it begins with the first need */
    bool han;       /* some need is nothing but words with Han characters */
    char pad[1];
    uint32_t but,
        rest; /* ^(?!.*A).*B: the patterns A and B, which ask the same of a line; or RT_NIL */
} part;

typedef struct use {     /* a part that has the needle in its key */
    uint32_t part, next; /* next of the same needle, plus 1 */
} use;

typedef struct pattern {
    rt_range parts;
    uint32_t in_parts; /* asked by its parts alone */
} pattern;

#pragma GCC diagnostic pop

typedef _Atomic(pcre2_code *) code_slot;

struct rt_patterns {
    rt_sieve *sieve;
    RT_VEC(part) parts;
    RT_VEC(pattern) patterns;
    RT_VEC(rt_range) needs;   /* in needles */
    RT_VEC(uint32_t) needles; /* numbers in the sieve */
    RT_VEC(uint32_t) first;   /* of each needle: its first use, plus 1 */
    RT_VEC(use) uses;
    RT_VEC(uint64_t) always; /* bits of the parts that need nothing */
    code_slot *codes;        /* of each part; NULL: not yet compiled */
    char *memory;            /* NULL: of a compiled lexicon */
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

static bool may_be_sought(const rt_need *need)
{
    for (uint32_t k = 0; k < need->n; k++)
        if (!rt_needle_may_be_sought(&need->at[k]))
            return false;
    return true;
}

/* The need that tells most of those that a sieve can seek, or RT_NIL. */
static uint32_t key_of(const rt_needs *needs)
{
    uint32_t best = RT_NIL;
    for (uint32_t i = 0; i < needs->n; i++)
        if (may_be_sought(&needs->at[i]) &&
            (best == RT_NIL || rt_need_better(&needs->at[i], &needs->at[best])))
            best = i;
    return best;
}

static bool is_han(const rt_need *need)
{
    for (uint32_t k = 0; k < need->n; k++)
        if (rt_utf8_is_ascii((rt_str){need->at[k].bytes, need->at[k].len}))
            return false;
    return true;
}

/* The needs of a part, their needles kept in the sieve; false: there is no room for them. */
static bool add_needs(rt_patterns *s, part *to)
{
    rt_needs needs;
    to->needs = (rt_range){s->needs.len, 0};
    to->key = RT_NIL;
    if (!rt_needs_of(to->source, &needs))
        return true;
    to->key = key_of(&needs);
    to->enough = needs.whole && needs.at[0].n <= MANY;
    to->leads = needs.leads;
    for (uint32_t i = 0; i < needs.n; i++) {
        const rt_need *need = &needs.at[i];
        to->han = to->han || is_han(need);
        RT_PUSH(&s->arena, &s->needs, (rt_range){s->needles.len, need->n});
        for (uint32_t k = 0; k < need->n; k++) {
            uint32_t needle = rt_sieve_add(s->sieve, &need->at[k], i == to->key);
            if (needle == UINT32_MAX)
                return false;
            RT_PUSH(&s->arena, &s->needles, needle);
        }
    }
    to->needs.count = needs.n;
    return !s->full;
}

static bool add_part(rt_patterns *s, rt_str source, bool alone, size_t *fault)
{
    part p = {.source = rt_arena_copy(&s->arena, source), .but = RT_NIL, .rest = RT_NIL};
    if (s->parts.len == MAX_ALL_PARTS || !add_needs(s, &p))
        return false;
    if (alone)
        p.enough = false; /* its groups may be asked for */
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

/* An alternative that is a group of words and more is spread: \b(a|b\w)\b as \b(?:a)\b,
 * \b(?:b\w)\b. */
static bool add_alternative(rt_patterns *s, rt_str source)
{
    rt_str inner[MAX_PARTS];
    rt_fspan group, inside;
    rt_needs needs;
    size_t fault;
    uint32_t n = 0;
    if (rt_group_of(source, &group, &inside) && !(rt_needs_of(source, &needs) && needs.whole))
        n = rt_alternatives_of(rt_str_slice(source, inside.beg, inside.end), inner, MAX_PARTS);
    if (n < 2)
        return add_part(s, source, false, &fault);
    for (uint32_t i = 0; i < n; i++) {
        rt_str one = rt_arena_printf(&s->arena, "%.*s(?:%.*s)%.*s", (int)group.beg, source.ptr,
                                     (int)inner[i].len, inner[i].ptr, (int)(source.len - group.end),
                                     source.ptr + group.end);
        if (!add_part(s, one, false, &fault))
            return false;
    }
    return true;
}

/* false: malformed, or not understood. */
static bool add_alternatives(rt_patterns *s, rt_str source)
{
    rt_str alternatives[MAX_PARTS];
    uint32_t first = s->parts.len, n = rt_alternatives_of(source, alternatives, MAX_PARTS), i = 0;
    while (i < n && add_alternative(s, alternatives[i]))
        i++;
    if (n == 0 || i < n)
        drop_parts(s, first);
    return n > 0 && i == n;
}

/* From the needles of its key to the part. */
static void link_part(rt_patterns *s, uint32_t i)
{
    const part *p = &s->parts.at[i];
    while (s->always.len <= i / 64)
        RT_PUSH(&s->arena, &s->always, 0);
    if (p->key == RT_NIL) {
        s->always.at[i / 64] |= 1ULL << i % 64;
        return;
    }
    rt_range key = s->needs.at[p->needs.first + p->key];
    for (uint32_t k = key.first; k < key.first + key.count; k++) {
        uint32_t needle = s->needles.at[k];
        while (s->first.len <= needle)
            RT_PUSH(&s->arena, &s->first, 0);
        RT_PUSH(&s->arena, &s->uses, (use){i, s->first.at[needle]});
        s->first.at[needle] = s->uses.len;
    }
}

/* A and B of ^(?!.*A).*B, which would go through the text again for each of its places. */
static bool split_denial(rt_str source, rt_str *but, rt_str *rest)
{
    static const char before[] = "^(?!.*", between[] = ").*";
    rt_str alternative;
    size_t i = sizeof before - 1;
    if (source.len < i || memcmp(source.ptr, before, i) != 0)
        return false;
    for (; i + sizeof between <= source.len; i++) {
        *but = rt_str_slice(source, sizeof before - 1, i);
        *rest = rt_str_slice(source, i + sizeof between - 1, source.len);
        if (memcmp(source.ptr + i, between, sizeof between - 1) == 0 &&
            rt_alternatives_of(*but, &alternative, 1) == 1 &&
            rt_alternatives_of(*rest, &alternative, 1) == 1)
            return true;
    }
    return false;
}

static void add_denial(rt_patterns *s, uint32_t i)
{
    rt_str but, rest;
    size_t fault;
    if (!split_denial(s->parts.at[i].source, &but, &rest))
        return;
    uint32_t a = rt_patterns_add(s, but, true, &fault), b = rt_patterns_add(s, rest, true, &fault);
    if (a != UINT32_MAX && b != UINT32_MAX) {
        s->parts.at[i].but = a;
        s->parts.at[i].rest = b;
    }
}

uint32_t rt_patterns_add(rt_patterns *s, rt_str source, bool folded, size_t *fault)
{
    pattern p = {.parts = {s->parts.len, 0}};
    *fault = 0;
    p.in_parts = folded && add_alternatives(s, source);
    if (!p.in_parts && !add_part(s, source, true, fault))
        return UINT32_MAX;
    p.parts.count = s->parts.len - p.parts.first;
    for (uint32_t i = p.parts.first; i < s->parts.len; i++)
        link_part(s, i);
    for (uint32_t i = p.parts.first; p.in_parts && i < p.parts.first + p.parts.count; i++)
        add_denial(s, i);
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
        from = found->at[needle] > from ? found->at[needle] : from;
    }
    return rt_sieve_find(s->sieve, needle, text, from, out);
}

/* Where the needles of a need stand from a place on: the earliest beginning and the earliest end. A
 * need of very many is not worth looking for. */
static bool find_need(const rt_found *found, const rt_patterns *s, rt_range need, rt_str text,
                      size_t from, rt_fspan *out)
{
    *out = (rt_fspan){UINT32_MAX, UINT32_MAX};
    if (need.count > MANY) {
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
static bool needs_stand(const rt_found *found, const rt_patterns *s, const part *p, rt_str text,
                        size_t *from)
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

/* A match begins where one of a few words does: PCRE2 is asked there alone, as long as there are
 * few of them. */
static bool matches_at_words(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text,
                             size_t from)
{
    const pcre2_code *code = code_of(s, i);
    rt_range first = s->needs.at[s->parts.at[i].needs.first];
    rt_fspan at;
    for (int k = 0; find_need(m->found, s, first, text, from, &at); k++, from = at.beg + 1)
        if (match(m, code, text, at.beg, k < MAX_PLACES ? PCRE2_ANCHORED : 0, NULL))
            return true;
        else if (k == MAX_PLACES)
            return false;
    return false;
}

static bool begins_with_few(const rt_patterns *s, const part *p)
{
    return p->leads && s->needs.at[p->needs.first].count <= FEW;
}

/* Of one line it may be told without PCRE2. */
static bool matches(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text, size_t from)
{
    const part *p = &s->parts.at[i];
    if (p->enough)
        return true;
    if (m->found && p->but != RT_NIL && memchr(text.ptr, '\n', text.len) == NULL)
        return !rt_pattern_stands(m, s, p->but, text) && rt_pattern_stands(m, s, p->rest, text);
    return begins_with_few(s, p) ? matches_at_words(m, s, i, text, from)
                                 : match(m, code_of(s, i), text, from, 0, NULL);
}

static bool part_stands(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text)
{
    size_t from;
    return needs_stand(m->found, s, &s->parts.at[i], text, &from) && matches(m, s, i, text, from);
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

static bool key_stands(const rt_patterns *s, const part *p, rt_str text)
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
    rt_image_str(m, &((part *)at)->source);
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
