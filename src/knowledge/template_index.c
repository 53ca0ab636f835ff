/* Which fields a finding can fill: by its concept, and by each of its places, a row of bits. Most
 * of what a trigger asks is answered by the rows; it is tried itself only where they leave a doubt.
 *
 *   kinds     a trigger without places has this concept
 *   named     ... and names it: what a normal statement denies of a kind is not denied of all
 *   placed    a trigger with places has this concept, or one that is apart from some
 *   places    a trigger has this place
 *   denied    ... or a kind of it: what is denied of a whole is denied of its kinds
 *   blanket   a trigger has this place, a kind or a part of it, or what it is a kind of
 *
 * Few rows differ, so that each is kept once. */
#include <stdlib.h>

#include "knowledge/rows.h"
#include "knowledge/template_read.h"

typedef struct indexer {
    const rt_lexicon *x;
    rt_template_index *out;
    size_t row;     /* words of one: all parts */
    uint64_t *all;  /* a row for each concept */
    uint64_t *own;  /* of each concept: fields with a trigger that names this place itself */
    uint64_t named; /* bits of these places, as in kind_bits of a concept */
    rt_rows rows;
} indexer;

static uint64_t *part_of(const indexer *in, uint32_t concept, unsigned part)
{
    return in->all + concept * in->row + (size_t)part * in->out->words;
}

static void set_bit(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

/* In the rows of what the list stands for, but not of what `but` does. */
static void set_in(const indexer *in, rt_concept_list list, rt_concept_list but, unsigned part,
                   uint32_t field)
{
    for (uint32_t w = 0; list.n > 0 && w < list.words; w++)
        for (uint64_t left = list.set[w] & ~(but.n > 0 ? but.set[w] : 0); left != 0;
             left &= left - 1)
            set_bit(part_of(in, w * 64 + (uint32_t)__builtin_ctzll(left), part), field);
}

static void set_above(const indexer *in, rt_range links, unsigned part, uint32_t field)
{
    for (uint32_t i = links.first; i < links.first + links.count; i++)
        set_bit(part_of(in, in->x->links[i], part), field);
}

static void add_kinds(const indexer *in, const rt_trigger *t, uint32_t field)
{
    bool anywhere = t->places.n == 0 && t->outside.n == 0;
    set_in(in, t->concepts, t->excludes, anywhere ? RT_FIELDS_KINDS : RT_FIELDS_PLACED, field);
    for (uint32_t i = 0; anywhere && i < t->concepts.n; i++)
        if (!rt_concept_in(t->concepts.at[i], t->excludes))
            set_bit(part_of(in, t->concepts.at[i], RT_FIELDS_NAMED), field);
}

static void add_places(indexer *in, const rt_trigger *t, uint32_t field)
{
    set_in(in, t->places, (rt_concept_list){NULL, NULL, 0, 0}, RT_FIELDS_PLACES, field);
    for (uint32_t i = 0; i < t->places.n; i++) {
        const rt_concept *c = &in->x->concepts[t->places.at[i]];
        set_above(in, c->kinds, RT_FIELDS_DENIED, field);
        set_above(in, c->kinds, RT_FIELDS_BLANKET, field);
        set_above(in, c->parts, RT_FIELDS_BLANKET, field);
        in->named |= (uint64_t)1 << t->places.at[i] % 64;
        set_bit(in->own + (size_t)t->places.at[i] * in->out->words, field);
    }
}

static void add_triggers(indexer *in, const rt_trigger *t, uint32_t n, uint32_t field)
{
    rt_fields_of_all *all = &in->out->all[field / 64];
    uint64_t bit = (uint64_t)1 << field % 64;
    uint32_t placed = 0;
    bool simple = true;
    for (const rt_trigger *end = t + n; t < end; t++) {
        add_kinds(in, t, field);
        add_places(in, t, field);
        all->unplaced |= t->unplaced ? bit : 0;
        all->anywhere |= t->places.n == 0 && t->outside.n > 0 ? bit : 0;
        all->any_kind |= t->concepts.n == 0 ? bit : 0;
        placed += t->places.n > 0;
        simple = simple && t->outside.n == 0 && (t->concepts.n > 0 || t->excludes.n == 0);
    }
    all->one |= simple && placed == 1 ? bit : 0;
}

/* A blanket denial of a place denies what is asked of the place that it is a kind of. */
static void add_kinds_of(const indexer *in, uint32_t concept)
{
    rt_range kinds = in->x->concepts[concept].kinds;
    uint64_t *to = part_of(in, concept, RT_FIELDS_BLANKET);
    if ((in->x->concepts[concept].kind_bits & in->named) == 0)
        return;
    for (uint32_t i = kinds.first; i < kinds.first + kinds.count; i++)
        for (uint32_t w = 0; w < in->out->words; w++)
            to[w] |= in->own[(size_t)in->x->links[i] * in->out->words + w];
}

static void add_source(const indexer *in, rt_field_from from, uint32_t field)
{
    rt_fields_of_all *all = &in->out->all[field / 64];
    uint64_t bit = (uint64_t)1 << field % 64;
    all->dimension |= from == RT_FROM_DIMENSION ? bit : 0;
    all->grade |= from == RT_FROM_GRADE ? bit : 0;
    all->mention |= from == RT_FROM_MENTION ? bit : 0;
    all->advice |= from == RT_FROM_ADVICE ? bit : 0;
}

static bool fill_rows(indexer *in, const rt_template *t, rt_arena *arena)
{
    uint16_t *row_of = RT_NEW(arena, uint16_t, in->x->n_concepts);
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const rt_template_field *f = &t->fields[i];
        uint32_t about = f->from == RT_FROM_DIMENSION; /* its first trigger is about anatomy */
        add_triggers(in, f->triggers + about, f->n_triggers - about, i);
        add_source(in, f->from, i);
    }
    for (uint32_t i = 0; i < t->n_groups; i++)
        add_triggers(in, t->groups[i].triggers, t->groups[i].n_triggers, t->n_fields + i);
    for (uint32_t c = 0; row_of != NULL && !*arena->full && c < in->x->n_concepts; c++) {
        add_kinds_of(in, c);
        if (!rt_rows_number(&in->rows, arena, part_of(in, c, 0), &row_of[c]))
            return false;
    }
    in->out->row_of = row_of;
    in->out->rows.at = in->rows.all.at;
    in->out->rows.len = in->rows.all.len;
    return true;
}

bool rt_template_index_make(rt_template *t, const rt_lexicon *x, rt_arena *arena)
{
    rt_template_index *out = &t->index;
    out->words = (t->n_fields + t->n_groups + 63) / 64;
    out->concepts = x->n_concepts;
    out->all = RT_NEW(arena, rt_fields_of_all, out->words);
    indexer in = {.x = x, .out = out, .row = (size_t)out->words * RT_FIELDS_PARTS};
    in.all = calloc(x->n_concepts + 1, in.row * sizeof *in.all + 1);
    in.own = calloc(x->n_concepts + 1, out->words * sizeof *in.own + 1);
    bool ok = rt_rows_init(&in.rows, arena, in.row) && in.all != NULL && in.own != NULL;
    if (ok && out->all != NULL)
        ok = fill_rows(&in, t, arena);
    free(in.all);
    free(in.own);
    rt_rows_done(&in.rows);
    return ok;
}
