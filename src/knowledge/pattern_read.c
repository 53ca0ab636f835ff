/* Text patterns become parts, which are asked by themselves, and the words that they need; see
 * pattern.h. */
#include <stdlib.h>

#include "base/utf8.h"
#include "knowledge/pattern_table.h"

#define ARENA_BYTES (8U << 20) /* address space: only what is used becomes memory */

enum { MAX_PARTS = 96 /* of an alternative, of a pattern */ };

rt_patterns *rt_patterns_new(void)
{
    rt_patterns *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->memory = malloc(ARENA_BYTES);
    s->sieve = rt_sieve_new();
    s->codes = calloc(RT_PATTERN_PARTS_MAX, sizeof *s->codes);
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

pcre2_code *rt_pattern_compile(rt_str source, size_t *fault)
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
static bool add_needs(rt_patterns *s, rt_pattern_part *to)
{
    rt_needs needs;
    to->needs = (rt_range){s->needs.len, 0};
    to->key = RT_NIL;
    if (!rt_needs_of(to->source, &needs))
        return true;
    to->key = key_of(&needs);
    to->enough = needs.whole && needs.at[0].n <= RT_NEED_MANY;
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
    rt_pattern_part p = {.source = rt_arena_copy(&s->arena, source), .but = RT_NIL, .rest = RT_NIL};
    if (s->parts.len == RT_PATTERN_PARTS_MAX || !add_needs(s, &p))
        return false;
    if (alone)
        p.enough = false; /* its groups may be asked for */
    pcre2_code *code = p.enough ? NULL : rt_pattern_compile(p.source, fault);
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
    const rt_pattern_part *p = &s->parts.at[i];
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
        RT_PUSH(&s->arena, &s->uses, (rt_pattern_use){i, s->first.at[needle]});
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
    rt_pattern_parts p = {.parts = {s->parts.len, 0}};
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
