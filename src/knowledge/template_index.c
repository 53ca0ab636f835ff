/* Which fields a finding can fill at all: the triggers of a field are tried on the few findings
 * that they may be about. By concept of the finding, and by each of its places, a row of bits:
 *
 *   kinds     a trigger has this concept
 *   places    a trigger without concepts has this place
 *   denied    ... or a kind of it: what is denied of a whole is denied of its kinds
 *   blanket   a trigger has this place, a kind or a part of it, or what it is a kind of
 *
 * Few rows differ, so that each is kept once. */
#include <stdlib.h>

#include "base/hash.h"
#include "knowledge/template_read.h"

enum { SLOTS = 1 << 13, MAX_ROWS = SLOTS / 2 };

typedef struct indexer {
    const rt_lexicon *x;
    rt_template_index *out;
    size_t row;     /* words of one: four parts */
    uint64_t *all;  /* a row for each concept */
    uint64_t *own;  /* of each concept: fields with a trigger that names this place itself */
    uint64_t named; /* bits of these places, as in kind_bits of a concept */
    uint16_t *slot; /* row number plus 1, by hash */
} indexer;

static uint64_t *part_of(const indexer *in, uint32_t concept, unsigned part)
{
    return in->all + concept * in->row + (size_t)part * in->out->words;
}

static void set_bit(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

static void set_in(const indexer *in, rt_concept_list list, unsigned part, uint32_t field)
{
    for (uint32_t w = 0; w < (in->x->n_concepts + 63) / 64; w++)
        for (uint64_t left = list.set[w]; left != 0; left &= left - 1)
            set_bit(part_of(in, w * 64 + (uint32_t)__builtin_ctzll(left), part), field);
}

static void set_above(const indexer *in, rt_range links, unsigned part, uint32_t field)
{
    for (uint32_t i = links.first; i < links.first + links.count; i++)
        set_bit(part_of(in, in->x->links[i], part), field);
}

static void add_trigger(indexer *in, const rt_trigger *t, uint32_t field)
{
    if (t->concepts.n > 0)
        set_in(in, t->concepts, RT_FIELDS_KINDS, field);
    else
        set_in(in, t->places, RT_FIELDS_PLACES, field);
    if (t->concepts.n == 0 && t->unplaced)
        set_bit(in->out->unplaced, field);
    for (uint32_t i = 0; i < t->places.n; i++) {
        const rt_concept *c = &in->x->concepts[t->places.at[i]];
        if (t->concepts.n == 0)
            set_above(in, c->kinds, RT_FIELDS_DENIED, field);
        set_above(in, c->kinds, RT_FIELDS_BLANKET, field);
        set_above(in, c->parts, RT_FIELDS_BLANKET, field);
        in->named |= (uint64_t)1 << t->places.at[i] % 64;
        set_bit(in->own + (size_t)t->places.at[i] * in->out->words, field);
    }
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

static bool is_empty(const uint64_t *row, size_t words)
{
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= row[w];
    return any == 0;
}

/* The number of a row among those that differ, as long as there is room for more. */
static bool number_of(indexer *in, rt_arena *arena, const uint64_t *row, uint16_t *out)
{
    rt_str bytes = {(const char *)row, in->row * sizeof *row};
    uint64_t h = rt_hash_file(bytes);
    for (;; h++) {
        uint16_t *slot = &in->slot[h % SLOTS];
        if (*slot > 0 && memcmp(in->out->rows.at + (*slot - 1) * in->row, row, bytes.len) != 0)
            continue;
        if (*slot == 0) {
            if (in->out->rows.len / in->row == MAX_ROWS)
                return false;
            *slot = (uint16_t)(in->out->rows.len / in->row + 1);
            for (size_t w = 0; w < in->row; w++)
                RT_PUSH(arena, &in->out->rows, row[w]);
        }
        *out = (uint16_t)(*slot - 1);
        return true;
    }
}

static bool fill_rows(indexer *in, const rt_template *t, rt_arena *arena)
{
    uint16_t *row_of = RT_NEW(arena, uint16_t, in->x->n_concepts);
    for (uint32_t i = 0; i < t->n_fields; i++) {
        const rt_template_field *f = &t->fields[i];
        for (uint32_t k = f->from == RT_FROM_DIMENSION; k < f->n_triggers; k++)
            add_trigger(in, &f->triggers[k], i); /* the first of a dimension is about anatomy */
    }
    for (size_t w = 0; w < in->row; w++)
        RT_PUSH(arena, &in->out->rows, 0); /* row 0: of most concepts, which fill nothing */
    for (uint32_t c = 0; row_of != NULL && !*arena->full && c < in->x->n_concepts; c++) {
        add_kinds_of(in, c);
        const uint64_t *row = part_of(in, c, 0);
        if (!is_empty(row, in->row) && !number_of(in, arena, row, &row_of[c]))
            return false;
    }
    in->out->row_of = row_of;
    return true;
}

bool rt_template_index_make(rt_template *t, const rt_lexicon *x, rt_arena *arena)
{
    rt_template_index *out = &t->index;
    out->words = (t->n_fields + 63) / 64;
    out->concepts = x->n_concepts;
    out->unplaced = RT_NEW(arena, uint64_t, out->words);
    indexer in = {.x = x, .out = out, .row = (size_t)out->words * RT_FIELDS_PARTS};
    in.all = calloc(x->n_concepts + 1, in.row * sizeof *in.all + 1);
    in.own = calloc(x->n_concepts + 1, out->words * sizeof *in.own + 1);
    in.slot = calloc(SLOTS, sizeof *in.slot);
    bool ok = in.all != NULL && in.own != NULL && in.slot != NULL;
    if (ok && out->unplaced != NULL)
        ok = fill_rows(&in, t, arena);
    free(in.all);
    free(in.own);
    free(in.slot);
    return ok;
}
