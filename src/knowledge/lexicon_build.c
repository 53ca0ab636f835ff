/* From rows to patterns: closures of is_a and part_of, regular English plurals, sides stated by
 * forms, one pattern a distinct folded form with its readings. See lexicon_rows.c for the rows. */
#include "knowledge/lexicon_build.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold.h"

/* ---- closures
 * ------------------------------------------------------------------------------------------ */

typedef struct closure {
    uint32_t *seen;  /* stamp of the last walk that met a concept */
    uint32_t *stack; /* concepts met, in order */
    uint32_t stamp;  /* of the current walk */
} closure;

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t push_parents(const rt_load *l, closure *c, rt_range parents, uint32_t n)
{
    for (uint32_t i = 0; i < parents.count; i++) {
        uint32_t p = l->links.at[parents.first + i];
        if (c->seen[p] != c->stamp) {
            c->seen[p] = c->stamp;
            c->stack[n++] = p;
        }
    }
    return n;
}

/* Does a walk up from the parents of `concept` come back to it? */
static bool walk(const rt_load *l, const rt_concept *direct, closure *c, uint32_t concept,
                 bool parts, uint32_t *count)
{
    c->stamp++;
    uint32_t n = 0;
    const rt_concept *d = &direct[concept];
    n = push_parents(l, c, d->kinds, n);
    if (parts)
        n = push_parents(l, c, d->parts, n);
    for (uint32_t i = 0; i < n; i++) {
        d = &direct[c->stack[i]];
        n = push_parents(l, c, d->kinds, n);
        if (parts)
            n = push_parents(l, c, d->parts, n);
    }
    *count = n;
    return c->seen[concept] == c->stamp;
}

static rt_range close_one(rt_load *l, closure *c, uint32_t concept, uint32_t n)
{
    c->stack[n++] = concept;
    qsort(c->stack, n, sizeof *c->stack, compare_u32);
    rt_range out = {l->links.len, n};
    for (uint32_t i = 0; i < n; i++)
        RT_PUSH(&l->arena, &l->links, c->stack[i]);
    return out;
}

static uint64_t bits_of(const rt_load *l, rt_range links)
{
    uint64_t bits = 0;
    for (uint32_t i = links.first; i < links.first + links.count && i < l->links.len; i++)
        bits |= 1ULL << l->links.at[i] % 64;
    return bits;
}

static uint32_t flags_of(const rt_load *l, rt_range links)
{
    uint32_t flags = 0;
    for (uint32_t i = links.first; i < links.first + links.count && i < l->links.len; i++)
        flags |= l->concepts.at[l->links.at[i]].flags;
    return flags;
}

static rt_code complain_concept(rt_load *l, uint32_t concept, const char *what, rt_err *err)
{
    rt_err problem = {0};
    rt_code code =
        rt_fail_at(&problem, RT_EINPUT, "concepts.tsv", rt_bytes_str(&l->files[0]),
                   (size_t)(l->concept_places.at[concept].ptr - l->files[0].ptr), "%s", what);
    return rt_load_complain(l, code, &problem, err);
}

static rt_code close_all(rt_load *l, rt_err *err)
{
    uint32_t n = l->concepts.len, count;
    closure c = {RT_NEW(&l->arena, uint32_t, n + 1), RT_NEW(&l->arena, uint32_t, n + 1), 0};
    rt_concept *direct = RT_NEW(&l->arena, rt_concept, n + 1);
    if (l->full)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    memcpy(direct, l->concepts.at, n * sizeof *direct);
    for (uint32_t i = 0; i < n; i++) {
        rt_concept *k = &l->concepts.at[i];
        bool cycle = walk(l, direct, &c, i, false, &count);
        if (!cycle)
            k->kinds = close_one(l, &c, i, count);
        cycle = cycle || walk(l, direct, &c, i, true, &count);
        if (!cycle)
            k->parts = close_one(l, &c, i, count);
        k->kind_bits = bits_of(l, k->kinds);
        k->part_bits = bits_of(l, k->parts);
        k->flags_above = flags_of(l, k->kinds) | flags_of(l, k->parts);
        rt_code code =
            cycle ? complain_concept(l, i, "is_a and part_of run in a circle", err) : RT_OK;
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

/* ---- plurals
 * ------------------------------------------------------------------------------------------- */

static bool ends(rt_str s, const char *with)
{
    size_t n = strlen(with);
    return s.len > n && memcmp(s.ptr + s.len - n, with, n) == 0;
}

/* Regular plural of a folded English form; empty if it has none. */
static rt_str plural(rt_arena *a, rt_str s)
{
    char last = s.ptr[s.len - 1];
    if (s.len < 4 || last < 'a' || last > 'z' || ends(s, "us") || ends(s, "ness") ||
        ends(s, "less") || ends(s, "ed") || ends(s, "ic") || ends(s, "al") || ends(s, "ing") ||
        ends(s, "ous"))
        return (rt_str){"", 0};
    const char *add = "s";
    size_t keep = s.len;
    if (ends(s, "is")) {
        keep -= 2;
        add = "es";
    } else if (ends(s, "thorax")) { /* hemothoraces */
        keep -= 1;
        add = "ces";
    } else if (ends(s, "ss") || ends(s, "x") || ends(s, "ch") || ends(s, "sh") || ends(s, "z")) {
        add = "es";
    } else if (ends(s, "s")) {
        return (rt_str){"", 0};
    } else if (last == 'y' && !strchr("aeiou", s.ptr[s.len - 2])) {
        keep -= 1;
        add = "ies";
    }
    return rt_arena_printf(a, "%.*s%s", (int)keep, s.ptr, add);
}

static void add_plurals(rt_load *l)
{
    uint32_t n = l->forms.len;
    for (uint32_t i = 0; i < n; i++) {
        rt_form f = l->forms.at[i];
        if (f.entry.kind != RT_ENTRY_CONCEPT || f.entry.flags & RT_FORM_CASED)
            continue;
        const rt_concept *c = &l->concepts.at[f.entry.target];
        if (c->type > RT_TYPE_PROCEDURE || c->flags & RT_CONCEPT_NOPLURAL)
            continue;
        f.folded = plural(&l->arena, f.folded);
        if (f.folded.len == 0)
            continue;
        f.entry.flags |= RT_FORM_DERIVED;
        f.order = l->forms.len;
        RT_PUSH(&l->arena, &l->forms, f);
    }
}

/* ---- sides
 * --------------------------------------------------------------------------------------------- */

/* Does `word` stand in `s` with alphabetic edges, or, if it is Chinese, at the beginning of `s`, or
 * anywhere if it is left or right (肝左叶)? */
static bool states(rt_str s, rt_str word, unsigned side)
{
    size_t pos;
    if (!rt_str_find(s, word, &pos))
        return false;
    if (!rt_is_word(word.ptr[0]))
        return pos == 0 || side == RT_SIDE_LEFT || side == RT_SIDE_RIGHT;
    return (pos == 0 || !rt_is_word(s.ptr[pos - 1])) &&
           (pos + word.len == s.len || !rt_is_word(s.ptr[pos + word.len]));
}

/* First form at or behind `key` in the sorted forms. */
static uint32_t lower_bound(const rt_load *l, rt_str key)
{
    uint32_t lo = 0, hi = l->forms.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (rt_str_cmp(l->forms.at[mid].folded, key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* `prefix` before another form of the same concept. */
static bool is_prefixed(const rt_load *l, const rt_form *f, rt_str prefix)
{
    if (!rt_str_starts(f->folded, prefix))
        return false;
    rt_str rest = rt_str_slice(f->folded, prefix.len, f->folded.len);
    for (uint32_t i = lower_bound(l, rest); i < l->forms.len; i++) {
        const rt_form *s = &l->forms.at[i];
        if (!rt_str_eq(s->folded, rest))
            return false;
        if (s->entry.kind == RT_ENTRY_CONCEPT && s->entry.target == f->entry.target)
            return true;
    }
    return false;
}

/* The side that a form states by its first syllables: bibasilar, dextroscoliosis. */
static uint8_t prefixed_side(const rt_load *l, const rt_form *f)
{
    if (is_prefixed(l, f, RT_STR("bi")))
        return RT_SIDE_BILATERAL;
    if (is_prefixed(l, f, RT_STR("dextro")))
        return RT_SIDE_RIGHT;
    return is_prefixed(l, f, RT_STR("levo")) ? RT_SIDE_LEFT : RT_SIDE_NONE;
}

typedef RT_VEC(const rt_form *) form_list;

static form_list side_forms(rt_load *l)
{
    form_list out = {0};
    for (uint32_t i = 0; i < l->forms.len; i++) {
        const rt_form *f = &l->forms.at[i];
        if (f->entry.kind == RT_ENTRY_CONCEPT &&
            l->concepts.at[f->entry.target].type == RT_TYPE_SIDE)
            RT_PUSH(&l->arena, &out, f); /* NOLINT(bugprone-sizeof-expression): of pointers */
    }
    return out;
}

/* The side that a form states by a form of a side concept within it; the longest wins. */
static uint8_t stated_side(const rt_load *l, const form_list *sides, const rt_form *f)
{
    size_t longest = 0;
    uint8_t side = RT_SIDE_NONE;
    for (uint32_t i = 0; i < sides->len; i++) {
        const rt_form *s = sides->at[i];
        uint8_t value = l->concepts.at[s->entry.target].value;
        if (s->folded.len < longest || s->folded.len >= f->folded.len ||
            !states(f->folded, s->folded, value))
            continue;
        side = s->folded.len > longest || side == value ? value : RT_SIDE_NONE;
        longest = s->folded.len;
    }
    return side == RT_SIDE_NONE ? prefixed_side(l, f) : side;
}

static bool one_han(rt_str s)
{
    size_t pos = 0;
    return rt_utf8_script(rt_utf8_next(s, &pos)) == RT_SCRIPT_HAN && pos == s.len;
}

/* Sides and flags that follow from a form's own bytes. Forms are sorted. */
static void mark_forms(rt_load *l)
{
    form_list sides = side_forms(l);
    for (uint32_t i = 0; i < l->forms.len; i++) {
        rt_form *f = &l->forms.at[i];
        if (f->entry.kind != RT_ENTRY_CONCEPT)
            continue;
        uint8_t type = l->concepts.at[f->entry.target].type;
        if (type <= RT_TYPE_PROCEDURE && f->entry.side == RT_SIDE_NONE)
            f->entry.side = stated_side(l, &sides, f);
        if (type <= RT_TYPE_PROCEDURE && one_han(f->folded))
            f->entry.flags |= RT_FORM_SHORT;
    }
}

/* ---- patterns
 * ------------------------------------------------------------------------------------------ */

static int compare_forms(const void *a, const void *b)
{
    const rt_form *x = a, *y = b;
    int c = rt_str_cmp(x->folded, y->folded);
    return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static rt_code complain_form(rt_load *l, const rt_form *f, rt_err *err, const char *fmt,
                             const char *other)
{
    rt_err problem = {0};
    char msg[300];
    snprintf(msg, sizeof msg, "\"%.*s\" %s %s", (int)f->written.len, f->written.ptr, fmt, other);
    rt_code code = rt_fail_at(&problem, RT_EINPUT, f->path, f->file,
                              (size_t)(f->written.ptr - f->file.ptr), "%s", msg);
    return rt_load_complain(l, code, &problem, err);
}

static rt_reading *find_reading(rt_load *l, const rt_form *f)
{
    for (uint32_t i = 0; i < l->readings.len; i++) {
        rt_reading *r = &l->readings.at[i];
        if (r->concept == f->entry.target && rt_str_eq(r->form, f->folded))
            return r;
    }
    return NULL;
}

/* Readings of one form by several concepts: the order and the conditions of ambiguous.tsv. */
static rt_code declare(rt_load *l, rt_form *f, const rt_form *first, rt_err *err)
{
    rt_reading *r = find_reading(l, f);
    if (!r && (f == first || f->entry.require.count > 0 || f->entry.forbid.count > 0))
        return RT_OK; /* the complaint stands at the second; an abbreviation has conditions */
    if (!r)
        return complain_form(l, f, err, "is also a form of",
                             l->pool.at + l->concepts.at[first->entry.target].id);
    r->used = true;
    f->entry.require = r->require;
    f->entry.forbid = r->forbid;
    f->order = (uint32_t)(r - l->readings.at);
    return RT_OK;
}

static const rt_form *first_of(const rt_load *l, uint32_t beg, uint32_t end, rt_entry_kind kind)
{
    for (uint32_t i = beg; i < end; i++)
        if (l->forms.at[i].entry.kind == kind && !(l->forms.at[i].entry.flags & RT_FORM_DERIVED))
            return &l->forms.at[i];
    return NULL;
}

/* A cue that denies or silences must not stand where an observation or a place stands. A historical
 * one may: 术后 makes the disease before it historical and is itself a postoperative change. So may
 * a word of change without a direction: 增大 is a finding, and behind a comparison a change. */
static bool blocks(const rt_load *l, const rt_form *cue, const rt_form *concept)
{
    const rt_cue *c = &l->cues.at[cue->entry.target];
    bool may = c->category == RT_CUE_HISTORICAL ||
               (c->category >= RT_CUE_NEW && c->direction == RT_DIRECTION_NONE);
    return !may && l->concepts.at[concept->entry.target].type <= RT_TYPE_PROCEDURE;
}

/* Complaints about forms[beg..end), which share one folded form. */
static rt_code check_group(rt_load *l, uint32_t beg, uint32_t end, rt_err *err)
{
    const rt_form *concept = first_of(l, beg, end, RT_ENTRY_CONCEPT);
    const rt_form *cue = first_of(l, beg, end, RT_ENTRY_CUE);
    if (concept && cue && blocks(l, cue, concept))
        return complain_form(l, cue, err, "is a cue that blocks concept",
                             l->pool.at + l->concepts.at[concept->entry.target].id);
    bool shared = false;
    for (uint32_t i = beg; i < end; i++) {
        const rt_form *f = &l->forms.at[i];
        if (f->entry.kind == RT_ENTRY_CUE && f != cue)
            return complain_form(l, f, err, "is a cue twice", "");
        if (f->entry.kind == RT_ENTRY_CONCEPT && !(f->entry.flags & RT_FORM_DERIVED))
        shared |= f->entry.target != concept->entry.target;
    }
    for (uint32_t i = beg; shared && i < end; i++) {
        rt_form *f = &l->forms.at[i];
        rt_code code = RT_OK;
        if (f->entry.kind == RT_ENTRY_CONCEPT && !(f->entry.flags & RT_FORM_DERIVED))
            code = declare(l, f, concept, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

/* An entry is dropped when it says what an earlier one says, or when it is a derived plural of a
 * form that somebody wrote down (a word for quality checks says nothing of the form). */
static bool is_redundant(const rt_load *l, const rt_form *f, bool written, rt_range entries)
{
    bool derived = f->entry.flags & RT_FORM_DERIVED;
    if (derived && written)
        return true;
    for (uint32_t i = 0; i < entries.count; i++) {
        const rt_entry *e = &l->entries.at[entries.first + i];
        if (derived && e->kind != RT_ENTRY_MARK)
            return true;
        if (e->kind == f->entry.kind && e->target == f->entry.target)
            return true;
    }
    return false;
}

/* Stage mention asks nothing before it takes the reading. */
static bool is_free(const rt_load *l, const rt_entry *e)
{
    unsigned cue = e->kind == RT_ENTRY_CUE ? l->cues.at[e->target].category : RT_CUE_END;
    return e->kind != RT_ENTRY_NORMAL && cue != RT_CUE_NORMAL &&
           (e->flags & (RT_FORM_CASED | RT_FORM_SHORT)) == 0 && e->require.count == 0 &&
           e->forbid.count == 0;
}

static uint32_t reads_of(const rt_load *l, const rt_entry *e)
{
    uint32_t reads = RT_READS(e->kind);
    unsigned type = e->kind == RT_ENTRY_CONCEPT ? l->concepts.at[e->target].type : RT_TYPE_END;
    reads |= type == RT_TYPE_ANATOMY ? RT_READS_ANATOMY : 0U;
    reads |= type == RT_TYPE_SEVERITY ? RT_READS_SEVERITY : 0U;
    reads |= type == RT_TYPE_SIDE ? RT_READS_SIDE : 0U;
    reads |= rt_type_is_observation(type) ? RT_READS_OBSERVATION : 0U;
    bool place = (e->kind != RT_ENTRY_HEADING && e->kind < RT_ENTRY_UNIT) ||
                 (e->kind == RT_ENTRY_QUANTIFIER && /* 不足 holds no foot */
                  l->quantifiers.at[e->target].meaning <= RT_QUANTIFIER_LARGEST);
    bool denies = e->kind == RT_ENTRY_CUE && l->cues.at[e->target].category == RT_CUE_ABSENT;
    reads |= denies ? RT_READS_DENIAL : 0U;
    reads |= place ? RT_READS_PLACE : 0U;
    reads |= place && (e->flags & RT_FORM_FREE) != 0 ? RT_READS_ALWAYS : 0U;
    return reads;
}

static rt_code make_pattern(rt_load *l, uint32_t beg, uint32_t end, rt_err *err)
{
    rt_code code = check_group(l, beg, end, err);
    if (code != RT_OK)
        return code;
    qsort(l->forms.at + beg, end - beg, sizeof *l->forms.at, compare_forms); /* declared order */
    bool written = first_of(l, beg, end, RT_ENTRY_CONCEPT) != NULL;
    rt_range entries = {l->entries.len, 0};
    uint32_t reads = 0;
    for (uint32_t i = beg; i < end; i++) {
        if (is_redundant(l, &l->forms.at[i], written, entries))
            continue;
        rt_entry e = l->forms.at[i].entry;
        e.flags |= is_free(l, &e) ? RT_FORM_FREE : 0;
        e.type = e.kind == RT_ENTRY_CONCEPT ? l->concepts.at[e.target].type : 0;
        RT_PUSH(&l->arena, &l->entries, e);
        reads |= reads_of(l, &e);
        entries.count++;
    }
    l->keys[l->patterns.len] = l->forms.at[beg].folded;
    RT_PUSH(&l->arena, &l->patterns, (rt_pattern){entries, reads});
    return RT_OK;
}

static rt_code make_patterns(rt_load *l, rt_err *err)
{
    l->keys = RT_NEW(&l->arena, rt_str, l->forms.len + 1);
    if (l->full)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    for (uint32_t beg = 0, end; beg < l->forms.len; beg = end) {
        end = beg + 1;
        while (end < l->forms.len && rt_str_eq(l->forms.at[end].folded, l->forms.at[beg].folded))
            end++;
        rt_code code = make_pattern(l, beg, end, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

static rt_code check_readings(rt_load *l, rt_err *err)
{
    for (uint32_t i = 0; i < l->readings.len; i++) {
        const rt_reading *r = &l->readings.at[i];
        if (r->used)
            continue;
        rt_err problem = {0};
        rt_code code = rt_fail_at(&problem, RT_EINPUT, "ambiguous.tsv", r->file,
                                  (size_t)(r->place.ptr - r->file.ptr),
                                  "\"%.*s\" is not a form that this concept shares with another",
                                  (int)r->place.len, r->place.ptr);
        code = rt_load_complain(l, code, &problem, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

rt_code rt_load_build(rt_load *l, rt_err *err)
{
    rt_code code = close_all(l, err);
    if (code != RT_OK)
        return code;
    add_plurals(l);
    qsort(l->forms.at, l->forms.len, sizeof *l->forms.at, compare_forms);
    mark_forms(l);
    code = make_patterns(l, err);
    return code == RT_OK ? check_readings(l, err) : code;
}
