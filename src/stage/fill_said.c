/* Fields whose source is no finding: anatomy that is measured, categories that are stated, words
 * about the examination, advice. */
#include "stage/fill.h"

/* ---- measured anatomy */

typedef struct measured {
    uint32_t concept; /* anatomy, or RT_NIL: the measurement has a side alone ("right lobe 4.9 cm")
                       */
    unsigned side;
    bool known;
} measured_thing;

/* A normal statement swallows its words: "the portal vein is patent, 11 mm". */
static measured_thing normal_before(const rt_filler *w, const rt_measure *m)
{
    const rt_doc *d = w->d;
    measured_thing t = {RT_NIL, RT_SIDE_NONE, false};
    uint32_t i = rt_doc_first_normal_in(d, m->sentence);
    for (; i < d->normals.len && d->normals.at[i].sentence == m->sentence &&
           d->normals.at[i].at.beg < m->at.beg;
         i++) {
        const rt_normal *n = &w->x->normals[d->normals.at[i].normal];
        if (n->anatomy.count > 0)
            t = (measured_thing){w->x->links[n->anatomy.first], RT_SIDE_NONE, true};
    }
    return t;
}

/* One mention more before the measurement: true when the anatomy is found. */
static bool take_mention(const rt_filler *w, const rt_mention *a, measured_thing *t)
{
    if (a->type == RT_TYPE_SIDE && t->side == RT_SIDE_NONE) {
        t->side = w->x->concepts[a->concept].value;
        t->known = true;
    } else if (a->type == RT_TYPE_ANATOMY) {
        *t = (measured_thing){a->concept, a->side != RT_SIDE_NONE ? a->side : t->side, true};
        return true;
    }
    return false;
}

/* Mentions of the sentence up to the measurement, the nearest first; an observation ends the walk,
 * and so does another measurement once a side is known ("right lobe 48 mm, left lobe 46 mm"). */
static bool take_sentence(const rt_filler *w, const rt_measure *m, measured_thing *t)
{
    const rt_doc *d = w->d;
    uint32_t first = rt_doc_first_mention_in(d, m->sentence), i = first;
    uint32_t last = m > d->measures.at && m[-1].sentence == m->sentence ? m[-1].at.end : 0;
    while (i < d->mentions.len && d->mentions.at[i].at.beg < m->at.beg)
        i++;
    while (i-- > first) {
        const rt_mention *a = &d->mentions.at[i];
        if (rt_type_is_observation(a->type) || (t->known && a->at.beg < last))
            return true;
        if (take_mention(w, a, t))
            return true;
    }
    return false;
}

/* The anatomy before the measurement in its sentence with nothing observed in between, else that of
 * a normal statement there, else that of the sub-heading. */
static measured_thing measured_anatomy(const rt_filler *w, const rt_measure *m)
{
    const rt_doc *d = w->d;
    measured_thing t = {RT_NIL, RT_SIDE_NONE, false};
    uint32_t heading = d->sentences.at[m->sentence].heading;
    bool over = take_sentence(w, m, &t);
    measured_thing normal = normal_before(w, m);
    if (normal.known && (!over || !t.known))
        return normal;
    if (over || heading == RT_NIL)
        return t;
    uint32_t i = rt_doc_first_mention_in(d, heading), end = i;
    while (end < d->mentions.len &&
           d->mentions.at[end].at.end <= d->sentences.at[heading].label.end)
        end++;
    while (end-- > i)
        if (take_mention(w, &d->mentions.at[end], &t))
            break;
    return t;
}

static bool item_takes(const rt_filler *w, uint32_t concept, unsigned side)
{
    const rt_template_item *item = w->item;
    if (item == NULL)
        return true;
    return (item->side == RT_SIDE_NONE || item->side == side || side == RT_SIDE_BILATERAL) &&
           (item->places.n == 0 || (concept != RT_NIL && rt_concept_in(concept, item->places)));
}

static bool measures_it(const rt_filler *w, const rt_measure *m)
{
    if (m->prior || m->kind != RT_MEASURE_LENGTH || !rt_fill_plausible(w, m->value[0]))
        return false;
    measured_thing a = measured_anatomy(w, m);
    if (!a.known || !item_takes(w, a.concept, a.side))
        return false;
    for (uint32_t i = 0; i < w->field->n_triggers; i++) {
        const rt_trigger *t = &w->field->triggers[i];
        if (a.concept != RT_NIL ? rt_concept_in(a.concept, t->places) : t->unplaced)
            return true;
    }
    return false;
}

/* "A 9 mm stone": the next mention stands right behind the measurement. */
static bool is_of_next(const rt_doc *d, const rt_measure *m, uint32_t mention)
{
    return mention < d->mentions.len && d->mentions.at[mention].sentence == m->sentence &&
           d->mentions.at[mention].at.beg <= m->at.end + 1;
}

/* "Dilated to 13 mm": the measurement behind the head of the finding, nothing observed between. */
static const rt_measure *measure_behind(const rt_filler *w, const rt_finding *f)
{
    const rt_doc *d = w->d;
    if (f->mention == RT_NIL)
        return NULL;
    uint32_t i = rt_doc_first_measure_in(d, f->sentence), next = f->mention + 1;
    uint32_t end = d->mentions.at[f->mention].at.end;
    while (i < d->measures.len && d->measures.at[i].at.beg < end)
        i++;
    if (i == d->measures.len || d->measures.at[i].sentence != f->sentence)
        return NULL;
    const rt_measure *m = &d->measures.at[i];
    for (; next < d->mentions.len && d->mentions.at[next].at.beg < m->at.beg; next++)
        if (rt_type_is_observation(d->mentions.at[next].type))
            return NULL;
    bool fits = !m->prior && m->kind == RT_MEASURE_LENGTH && rt_fill_plausible(w, m->value[0]);
    return fits && !is_of_next(d, m, next) ? m : NULL;
}

static void put_dimension(rt_filler *w, rt_slot *slot, const rt_measure *m)
{
    rt_fill_put_number(w, slot, m->value[0]);
    slot->at = rt_doc_span(w->d, m->at);
    slot->state = RT_STATE_FILLED;
    w->mapped[m->sentence] = true;
}

void rt_fill_dimension(rt_filler *w, rt_slot *slot)
{
    for (uint32_t i = 0; i < w->d->measures.len; i++)
        if (measures_it(w, &w->d->measures.at[i])) {
            put_dimension(w, slot, &w->d->measures.at[i]);
            return;
        }
    for (uint32_t i = 0; i < w->s.n; i++) {
        const rt_measure *m =
            rt_affirms(rt_statement(w, i)) ? measure_behind(w, rt_statement(w, i)) : NULL;
        if (m != NULL) {
            put_dimension(w, slot, m);
            return;
        }
    }
    rt_fill_number(w, slot); /* "wall thickened to 6 mm": of the finding */
    if (slot->findings.count > 0)
        slot->state = RT_STATE_FILLED;
}

/* ---- stated categories, words about the examination, advice */

static bool is_written(const rt_template_option *o, rt_str folded)
{
    for (uint32_t i = 0; i < o->synonyms.n; i++)
        if (rt_str_eq(o->synonyms.at[i], folded))
            return true;
    return rt_str_eq_nocase(rt_str_from(o->value), folded);
}

static void choose_grade(rt_filler *w, rt_slot *slot, const rt_grade *g)
{
    for (uint32_t i = 0; i < w->field->n_options; i++) {
        if (!is_written(&w->field->options[i], g->value))
            continue;
        slot->option = i;
        slot->value = rt_str_from(w->field->options[i].value);
        slot->at = g->at;
        w->mapped[g->sentence] = true;
        return;
    }
}

/* Of several lesions the highest category counts; options stand in rising order. */
void rt_fill_grade(rt_filler *w, rt_slot *slot)
{
    for (uint32_t i = 0; i < w->d->grades.len; i++) {
        const rt_grade *g = &w->d->grades.at[i];
        rt_slot other = {.option = RT_NIL};
        if (!rt_concept_in(g->concept, w->field->triggers[0].concepts) ||
            !item_takes(w, RT_NIL, g->side))
            continue;
        choose_grade(w, &other, g);
        if (other.option == RT_NIL)
            continue;
        if (slot->option == RT_NIL) {
            slot->option = other.option;
            slot->value = other.value;
            slot->at = other.at;
            slot->state = RT_STATE_FILLED;
        } else if (slot->option < other.option) { /* several lesions: options go up */
            slot->option = other.option;
            slot->value = other.value;
            slot->at = other.at;
        }
    }
}

static bool is_asked_for(const rt_doc *d, const rt_mention *m)
{
    unsigned section = d->sections.at[d->sentences.at[m->sentence].section].type;
    return section == RT_SECTION_REQUEST || section == RT_SECTION_CLINICAL;
}

/* Words about the examination, which are no findings. The first one is the evidence; all map. */
void rt_fill_mention(rt_filler *w, rt_slot *slot)
{
    const rt_doc *d = w->d;
    const rt_concept_list words = w->field->triggers[0].concepts;
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        const rt_mention *m = &d->mentions.at[i];
        if (!rt_concept_in(m->concept, words) || is_asked_for(d, m))
            continue;
        w->mapped[m->sentence] = true;
        if (slot->state == RT_STATE_FILLED)
            continue;
        slot->state = RT_STATE_FILLED;
        slot->at = rt_doc_span(d, m->at);
        rt_fill_choose(w, slot, RT_PRESENCE_PRESENT);
    }
}

/* The first recommendation is the value; the others are listed in the report, and all map. */
void rt_fill_advice(rt_filler *w, rt_slot *slot)
{
    const rt_doc *d = w->d;
    uint32_t s = 0;
    for (uint32_t i = 0; i < d->advice.len; i++) {
        rt_span at = d->advice.at[i].at;
        while (s < d->sentences.len && rt_doc_span(d, d->sentences.at[s].at).end <= at.beg)
            s++;
        if (s < d->sentences.len)
            w->mapped[s] = true;
        if (slot->state == RT_STATE_FILLED)
            continue;
        slot->state = RT_STATE_FILLED;
        slot->at = at;
        slot->value = rt_text_slice(&d->text, at);
    }
}
