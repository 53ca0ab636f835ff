/* Which findings speak for which fields of a template. What the triggers of its fields ask is
 * answered for a finding by the rows of its concept and of its places, all fields at once
 * (knowledge/template_index.c); a trigger is tried where they leave a doubt.
 *
 *   finding 0  --rows-->  bits of fields  --turned-->  field 0   bits of findings
 *   finding 1  ...                                     field 1   ...  */
#include "stage/fill.h"

/* ---- findings that speak at all */

/* Of the clinical information only history does: "prior craniotomy" fills the field of surgery. */
static bool may_fill(const rt_filler *w, const rt_finding *f)
{
    unsigned section = w->d->sections.at[f->section].type;
    bool history = f->temporality == RT_TEMPORALITY_HISTORICAL ||
                   (rt_affirms(f) && w->x->concepts[f->concept].type == RT_TYPE_PROCEDURE);
    return f->experiencer == RT_EXPERIENCER_PATIENT && f->presence != RT_PRESENCE_QUERIED &&
           section != RT_SECTION_REQUEST && (section != RT_SECTION_CLINICAL || history);
}

bool rt_lies_in(const rt_filler *w, const rt_finding *f, rt_concept_list places)
{
    for (uint32_t p = 0; p < f->anatomy.count; p++)
        if (rt_concept_in(w->d->places.at[f->anatomy.first + p].concept, places))
            return true;
    return false;
}

/* "No abnormal lymph nodes" says nothing of the breast that is the heading. */
static bool is_adjective(const rt_filler *w, const rt_finding *f)
{
    const rt_doc *d = w->d;
    uint32_t next = f->mention + 1;
    return f->mention != RT_NIL && next < d->mentions.len &&
           d->mentions.at[next].sentence == f->sentence &&
           d->mentions.at[next].type == RT_TYPE_ANATOMY &&
           d->mentions.at[next].at.beg == d->mentions.at[f->mention].at.end + 1 &&
           (f->anatomy.count == 0 || d->places.at[f->anatomy.first].at.end < f->at.beg);
}

/* "No abnormality", "no disease", "no lesion". */
static bool denies_anything(const rt_filler *w, const rt_finding *f)
{
    return rt_denies(f) && (w->x->concepts[f->concept].flags & RT_CONCEPT_GENERIC) != 0 &&
           !is_adjective(w, f);
}

/* A lesion has a size: "no focal lesion" says nothing of an enlarged organ or of calcification. */
static bool is_blanket(const rt_filler *w, const rt_finding *f)
{
    return denies_anything(w, f) && (w->x->concepts[f->concept].flags & RT_CONCEPT_SIZED) == 0;
}

/* A field about a whole organ is not denied by what is missing in it: "no gallstones" says nothing
 * of the rest of the gallbladder. */
static bool speaks_of_whole(const rt_filler *w, const rt_finding *f)
{
    return !rt_denies(f) || f->derived || denies_anything(w, f);
}

bool rt_fill_find_speakers(rt_filler *w)
{
    const rt_doc *d = w->d;
    w->words = (d->findings.len + 63) / 64;
    w->speak = rt_arena_raw(&w->c->temp, d->findings.len, sizeof *w->speak, _Alignof(uint32_t));
    w->who = RT_NEW(&w->c->temp, rt_speakers, w->words);
    if (w->speak == NULL || w->who == NULL)
        return false;
    for (uint32_t i = 0; i < d->findings.len; i++) {
        const rt_finding *f = &d->findings.at[i];
        if (!may_fill(w, f))
            continue;
        rt_speakers *who = &w->who[w->n_speak / 64];
        uint64_t bit = UINT64_C(1) << w->n_speak % 64;
        who->own |= bit;
        who->current |= f->temporality == RT_TEMPORALITY_CURRENT ? bit : 0;
        who->whole |= speaks_of_whole(w, f) ? bit : 0;
        w->speak[w->n_speak++] = i;
    }
    w->words = (w->n_speak + 63) / 64;
    return true;
}

/* ---- what the rows leave open */

/* "No stones in the kidneys" denies those of each of them. */
static bool denies_all_in(const rt_filler *w, const rt_finding *f, const rt_trigger *t)
{
    for (uint32_t i = 0; i < t->places.n; i++)
        for (uint32_t p = 0; p < f->anatomy.count; p++)
            if (rt_lexicon_is_a(w->x, t->places.at[i],
                                w->d->places.at[f->anatomy.first + p].concept))
                return true;
    return false;
}

static bool is_listed(uint32_t concept, rt_concept_list list)
{
    for (uint32_t i = 0; i < list.n; i++)
        if (list.at[i] == concept)
            return true;
    return false;
}

/* "The liver is normal" denies metastases of the liver, not those of anywhere. */
static bool denies_a_kind(const rt_finding *f, const rt_trigger *t)
{
    return f->derived && rt_denies(f) && t->places.n == 0 && !is_listed(f->concept, t->concepts);
}

static bool meets(const rt_filler *w, const rt_finding *f, const rt_trigger *t)
{
    return (t->concepts.n == 0 || rt_concept_in(f->concept, t->concepts)) &&
           !rt_concept_in(f->concept, t->excludes) &&
           (t->places.n == 0 || rt_lies_in(w, f, t->places) ||
            (t->unplaced && f->anatomy.count == 0) || (rt_denies(f) && denies_all_in(w, f, t))) &&
           (t->outside.n == 0 || !rt_lies_in(w, f, t->outside)) && !denies_a_kind(f, t);
}

static bool meets_any(const rt_filler *w, const rt_finding *f, uint32_t row)
{
    const rt_template *t = w->t;
    bool group = row >= t->n_fields;
    const rt_trigger *all = group ? t->groups[row - t->n_fields].triggers : t->fields[row].triggers;
    uint32_t n = group ? t->groups[row - t->n_fields].n_triggers : t->fields[row].n_triggers;
    for (uint32_t i = !group && t->fields[row].from == RT_FROM_DIMENSION; i < n; i++)
        if (meets(w, f, &all[i]))
            return true;
    return false;
}

bool rt_fill_speaks(const rt_filler *w, uint32_t row, uint32_t speaker)
{
    const rt_askers *a = &w->asked[(size_t)row * w->words + speaker / 64];
    uint64_t bit = UINT64_C(1) << speaker % 64;
    return (a->sure & bit) != 0 ||
           ((a->maybe & bit) != 0 && meets_any(w, &w->d->findings.at[w->speak[speaker]], row));
}

/* ---- what the rows say */

typedef struct fields { /* 64 of them */
    uint64_t places;    /* the finding lies in their places */
    uint64_t blanket;   /* it denies whatever is there: "the liver is normal" */
} fields;

static void find_places(const rt_filler *w, const rt_finding *f, fields *out)
{
    const rt_template_index *x = &w->t->index;
    bool denies = rt_denies(f), blanket = is_blanket(w, f);
    for (uint32_t k = 0; k < x->words; k++)
        out[k] = (fields){x->all[k].anywhere | (f->anatomy.count == 0 ? x->all[k].unplaced : 0), 0};
    for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++) {
        const uint64_t *row = rt_template_fields(x, w->d->places.at[p].concept, RT_FIELDS_PLACES);
        const uint64_t *denied = row + x->words, *all = denied + x->words;
        for (uint32_t k = 0; k < x->words; k++) {
            out[k].places |= row[k] | (denies ? denied[k] : 0);
            out[k].blanket |= blanket ? all[k] : 0;
        }
    }
}

/* What a normal statement denies of a kind ("the liver is normal": metastases of the liver) is not
 * denied of all (those of anywhere). */
static rt_askers find_fields(const rt_filler *w, const rt_finding *f, const fields *in, uint32_t k)
{
    const rt_template_index *x = &w->t->index;
    const rt_fields_of_all *all = &x->all[k];
    rt_fields_part kinds = f->derived && rt_denies(f) ? RT_FIELDS_NAMED : RT_FIELDS_KINDS;
    uint64_t placed = rt_template_fields(x, f->concept, RT_FIELDS_PLACED)[k] | all->any_kind;
    placed &= in->places;
    rt_askers out = {.sure = in->blanket | rt_template_fields(x, f->concept, kinds)[k] |
                             (placed & all->one)};
    out.maybe = placed & ~out.sure;
    return out;
}

/* From a finding to its fields. */
static void turn(rt_filler *w, uint32_t speaker, rt_askers found, uint32_t k)
{
    rt_askers *to = w->asked + (size_t)k * 64 * w->words + speaker / 64;
    uint64_t bit = UINT64_C(1) << speaker % 64;
    w->asks[k] |= found.sure | found.maybe;
    for (; found.sure != 0; found.sure &= found.sure - 1)
        to[(size_t)__builtin_ctzll(found.sure) * w->words].sure |= bit;
    for (; found.maybe != 0; found.maybe &= found.maybe - 1)
        to[(size_t)__builtin_ctzll(found.maybe) * w->words].maybe |= bit;
}

/* What is filled by no finding is asked where there is something of its kind. */
static uint64_t sources(const rt_doc *d, const rt_fields_of_all *all)
{
    return (d->measures.len > 0 ? all->dimension : 0) | (d->grades.len > 0 ? all->grade : 0) |
           (d->advice.len > 0 ? all->advice : 0) | all->mention;
}

bool rt_fill_ask(rt_filler *w)
{
    rt_arena *temp = &w->c->temp;
    const rt_template_index *x = &w->t->index;
    fields *in = RT_NEW(temp, fields, x->words);
    w->asks = RT_NEW(temp, uint64_t, x->words);
    w->asked = RT_NEW(temp, rt_askers, (size_t)(w->t->n_fields + w->t->n_groups) * w->words);
    if (in == NULL || w->asks == NULL || w->asked == NULL)
        return false;
    for (uint32_t k = 0; k < x->words; k++)
        w->asks[k] = sources(w->d, &x->all[k]);
    for (uint32_t i = 0; i < w->n_speak; i++) {
        const rt_finding *f = &w->d->findings.at[w->speak[i]];
        find_places(w, f, in);
        for (uint32_t k = 0; k < x->words; k++)
            turn(w, i, find_fields(w, f, &in[k], k), k);
    }
    return true;
}

/* ---- items of a group */

static bool is_item(const rt_filler *w, uint32_t concept)
{
    for (uint32_t i = 0; i < w->group->n_items; i++)
        if (rt_concept_in(concept, w->group->items[i].places))
            return true;
    return false;
}

/* Mentions before `end`, the last one first: is the item named there, as the last one or in the
 * list of the last ones ("L3-4 and L4-5: ...")? *named: some item is. */
static bool named_before(const rt_filler *w, uint32_t end, uint32_t sentence, bool *named)
{
    uint32_t first = end > RT_MAX_BEFORE ? end - RT_MAX_BEFORE : 0;
    for (uint32_t i = end; i-- > first && w->d->mentions.at[i].sentence == sentence;) {
        const rt_mention *m = &w->d->mentions.at[i];
        bool item = m->type == RT_TYPE_ANATOMY && is_item(w, m->concept);
        if (item && rt_concept_in(m->concept, w->item->places))
            return true;
        if (*named && !item)
            return false;
        *named = *named || item;
    }
    return false;
}

/* "L4-5: disc bulge. Mild canal stenosis." What lies in no item itself belongs to the one that was
 * named last in its sentence, else to that of its heading. */
static bool stands_under(const rt_filler *w, const rt_finding *f)
{
    const rt_doc *d = w->d;
    bool named = false;
    uint32_t heading = d->sentences.at[f->sentence].heading, end = f->mention;
    uint32_t own = 0; /* items that it lies in; a finding names only the last ones of a long list */
    for (uint32_t i = 0; i < f->anatomy.count; i++)
        own += is_item(w, d->places.at[f->anatomy.first + i].concept);
    if (f->mention == RT_NIL || own == 1)
        return false;
    if (named_before(w, end, f->sentence, &named))
        return true;
    if (named || own > 0 || heading == RT_NIL)
        return false;
    end = rt_doc_first_mention(d, d->sentences.at[heading].label.end);
    return named_before(w, end, heading, &named);
}

/* What is denied without a side is denied on both. */
static bool belongs(const rt_filler *w, const rt_finding *f)
{
    const rt_template_item *item = w->item;
    if (item == NULL)
        return true;
    if (item->side != RT_SIDE_NONE && f->side != item->side && f->side != RT_SIDE_BILATERAL &&
        !(rt_denies(f) && f->side == RT_SIDE_NONE))
        return false;
    return item->places.n == 0 || rt_lies_in(w, f, item->places) || stands_under(w, f);
}

void rt_fill_item(rt_filler *w, const rt_template_group *g, const rt_template_item *item)
{
    w->group = g;
    w->item = item;
    for (uint32_t k = 0; k < w->words; k++)
        w->who[k].own = 0;
    for (uint32_t i = 0; i < w->n_speak; i++)
        if (belongs(w, &w->d->findings.at[w->speak[i]]))
            w->who[i / 64].own |= UINT64_C(1) << i % 64;
}
