/* The value of one field. A field about an attribute (size, side, option ...) takes it from the
 * statements that affirm, the largest lesion first; if all of them deny, the attribute is not
 * applicable. Measured anatomy and stated categories are no findings: their evidence is the span of
 * the slot. */
#include <math.h>

#include "stage/fill.h"

/* ---- the slot */

static void use(rt_filler *w, rt_slot *slot, uint32_t index) /* a statement becomes evidence */
{
    RT_PUSH(w->c->perm, &w->d->slot_findings, w->s.at[index]);
    slot->findings.count = w->d->slot_findings.len - slot->findings.first;
    w->mapped[rt_statement(w, index)->sentence] = true;
}

static void use_if(rt_filler *w, rt_slot *slot, bool (*wanted)(const rt_finding *f))
{
    for (uint32_t i = 0; i < w->s.n; i++)
        if (wanted(rt_statement(w, i)))
            use(w, slot, i);
}

static void choose(const rt_filler *w, rt_slot *slot, const char *value)
{
    for (uint32_t i = 0; i < w->field->n_options; i++) {
        if (strcmp(w->field->options[i].value, value) == 0) {
            slot->option = i;
            slot->value = rt_str_from(w->field->options[i].value);
            return;
        }
    }
}

static bool has_value(const rt_slot *slot)
{
    return slot->value.len > 0;
}

/* ---- presence */

/* "No new hemorrhage": what is absent has no change of its own, but the word stands before it. */
static bool follows_change(const rt_filler *w, const rt_finding *f)
{
    if (f->mention == RT_NIL || f->mention == 0)
        return false;
    const rt_mention *before = &w->d->mentions.at[f->mention - 1];
    return before->type == RT_TYPE_CHANGE && before->sentence == f->sentence;
}

/* Words beside the head narrow a denial down: "no large effusion", "no new opacity". */
static bool is_qualified(const rt_filler *w, const rt_finding *f)
{
    return f->modifiers.count > 0 || f->measures.count > 0 || f->severity != RT_SEVERITY_NONE ||
           f->change != RT_CHANGE_NONE || follows_change(w, f);
}

/* Do both lie in the same places? "Left axillary nodes; no supraclavicular nodes". */
static bool same_places(const rt_doc *d, const rt_finding *a, const rt_finding *b)
{
    bool same = a->anatomy.count == b->anatomy.count;
    for (uint32_t i = 0; same && i < a->anatomy.count; i++)
    same = d->places.at[a->anatomy.first + i].concept == d->places.at[b->anatomy.first + i].concept;
    return same;
}

/* A denial on both sides of what is on one contradicts it across sections; in its own it mostly
 * speaks of the rest. */
static bool same_side(const rt_finding *no, const rt_finding *yes)
{
    return no->side == yes->side || (no->side == RT_SIDE_BILATERAL && no->section != yes->section);
}

/* Has its own section affirmed it? Then a blanket denial there means "no other". */
static bool denies_others(const rt_filler *w, const rt_finding *no)
{
    for (uint32_t i = 0; i < w->s.n; i++)
        if (rt_affirms(rt_statement(w, i)) && rt_statement(w, i)->section == no->section &&
            rt_lexicon_is_a(w->x, rt_statement(w, i)->concept, no->concept))
            return true;
    return false;
}

/* A blanket denial in another section (impression against findings), or of the same place and
 * side. */
static bool contradicts(const rt_filler *w, const rt_finding *no, const rt_finding *yes)
{
    if (no->derived || yes->derived || is_qualified(w, no) ||
        !rt_lexicon_is_a(w->x, yes->concept, no->concept))
        return false;
    bool blanket = no->side == RT_SIDE_NONE && no->anatomy.count == 0 && !denies_others(w, no);
    return blanket || (same_side(no, yes) && same_places(w->d, no, yes));
}

static bool conflicting(const rt_filler *w) /* pairs of at most MAX_STATEMENTS */
{
    for (uint32_t i = 0; i < w->s.n; i++)
        for (uint32_t j = 0; j < w->s.n; j++)
            if (rt_denies(rt_statement(w, i)) && rt_affirms(rt_statement(w, j)) &&
                contradicts(w, rt_statement(w, i), rt_statement(w, j)))
                return true;
    return false;
}

static bool affirms_or_denies(const rt_finding *f)
{
    return rt_affirms(f) || rt_denies(f);
}

static bool hedges(const rt_finding *f)
{
    return !affirms_or_denies(f);
}

static bool suspects(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_POSSIBLE;
}

static void choose_hedge(rt_filler *w, rt_slot *slot)
{
    bool suspected = false;
    for (uint32_t i = 0; i < w->s.n; i++)
        suspected = suspected || suspects(rt_statement(w, i));
    choose(w, slot, suspected ? "possible" : "unlikely");
    if (!has_value(slot))
        choose(w, slot, "possible");
}

/* "No consolidation; pneumonia is unlikely": nothing that speaks for it. */
static bool all_unlikely(const rt_filler *w)
{
    for (uint32_t i = 0; i < w->s.n; i++)
        if (suspects(rt_statement(w, i)))
            return false;
    return true;
}

static void fill_presence(rt_filler *w, rt_slot *slot)
{
    if (w->s.present > 0 && w->s.absent > 0 && conflicting(w)) {
        slot->state = RT_STATE_CONFLICT;
        use_if(w, slot, affirms_or_denies);
    } else if (w->s.present > 0) {
        slot->state = RT_STATE_FILLED;
        choose(w, slot, "present");
        use_if(w, slot, rt_affirms);
    } else if (w->s.hedged > 0 && !(w->s.absent > 0 && all_unlikely(w))) {
        slot->state = RT_STATE_UNCERTAIN;
        choose_hedge(w, slot);
        use_if(w, slot, hedges);
    } else if (w->s.absent > 0) {
        slot->state = RT_STATE_NEGATED;
        choose(w, slot, "absent");
        use_if(w, slot, rt_denies);
    }
}

/* ---- attributes: each taker gives the value of one finding, or says that it has none */

double rt_finding_length(const rt_doc *d, const rt_finding *f)
{
    double best = 0;
    for (uint32_t i = 0; i < f->measures.count; i++) {
        const rt_measure *m = &d->measures.at[d->finding_measures.at[f->measures.first + i]];
        if (m->prior || m->kind != RT_MEASURE_LENGTH)
            continue;
        for (unsigned k = 0; k < m->n; k++)
            best = fmax(best, m->value[k]);
        if (!isnan(m->high))
            best = fmax(best, m->high);
    }
    return best;
}

/* Severity is a closed value of the finding; an option names its concept ("mild"). */
static bool is_so_severe(const rt_filler *w, const rt_finding *f, const rt_template_option *o)
{
    for (uint32_t i = 0; i < o->concepts.n && f->severity != RT_SEVERITY_NONE; i++) {
        const rt_concept *c = &w->x->concepts[o->concepts.at[i]];
        if (c->type == RT_TYPE_SEVERITY && c->value == f->severity)
            return true;
    }
    return false;
}

static bool meets(const rt_filler *w, const rt_finding *f, const rt_template_option *o)
{
    if (rt_concept_in(f->concept, o->concepts) || rt_lies_in(w, f, o->places) ||
        is_so_severe(w, f, o))
        return true;
    for (uint32_t i = 0; i < f->modifiers.count; i++)
        if (rt_concept_in(w->d->modifiers.at[f->modifiers.first + i].concept, o->concepts))
            return true;
    return false;
}

static void take_option(rt_filler *w, rt_slot *slot, const rt_finding *f)
{
    for (uint32_t i = 0; i < w->field->n_options; i++) {
        if (meets(w, f, &w->field->options[i])) {
            choose(w, slot, w->field->options[i].value);
            return;
        }
    }
}

/* A place that another one of the finding is a part of says nothing more. */
static bool is_whole_of_other(const rt_filler *w, const rt_finding *f, uint32_t index)
{
    uint32_t own = w->d->places.at[f->anatomy.first + index].concept;
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        uint32_t other = w->d->places.at[f->anatomy.first + i].concept;
        if (i != index && other != own && rt_lexicon_part_of(w->x, other, own))
            return true;
    }
    return false;
}

static rt_str place_words(const rt_filler *w, const rt_place *p)
{
    const rt_concept *c = &w->x->concepts[p->concept];
    return p->at.beg < p->at.end
               ? rt_text_slice(&w->d->text, p->at)
               : rt_str_from(rt_lexicon_text(w->x, w->d->zh ? c->pref_zh : c->pref_en));
}

static rt_str next_words(const rt_filler *w, const rt_finding *f, uint32_t index)
{
    return index + 1 < f->anatomy.count
               ? place_words(w, &w->d->places.at[f->anatomy.first + index + 1])
               : (rt_str){"", 0};
}

/* 右肺上叶 and 前段 behind it are one place: 右肺上叶前段. */
static bool goes_on(rt_str before, rt_str one)
{
    return before.len > 0 && before.ptr + before.len == one.ptr;
}

static bool contains(rt_str s, rt_str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (rt_str_eq_nocase(rt_str_slice(s, i, i + part.len), part))
            return true;
    return false;
}

static rt_str preferred(const rt_filler *w, const rt_concept *c)
{
    return rt_str_from(rt_lexicon_text(w->x, w->d->zh ? c->pref_zh : c->pref_en));
}

/* "Subdural hematoma" and "soft tissue swelling" name no place but their own kind; "bibasilar
 * atelectasis" does. */
static bool is_of_name(const rt_filler *w, const rt_finding *f, const rt_place *p)
{
    rt_str name = preferred(w, &w->x->concepts[f->concept]);
    return p->at.beg < p->at.end && p->at.beg >= f->at.beg && p->at.end <= f->at.end &&
           !f->derived &&
           (contains(name, rt_text_slice(&w->d->text, p->at)) ||
            contains(name, preferred(w, &w->x->concepts[p->concept])));
}

static void take_place(rt_filler *w, rt_slot *slot, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        if (is_of_name(w, f, &w->d->places.at[f->anatomy.first + i]))
            continue;
        rt_str one = place_words(w, &w->d->places.at[f->anatomy.first + i]), before = slot->value;
        if (goes_on(before, one)) {
            slot->value.len += one.len;
            continue;
        }
        if ((is_whole_of_other(w, f, i) && !goes_on(one, next_words(w, f, i))) ||
            contains(before, one))
            continue;
        slot->value = before.len == 0 ? one
                                      : rt_arena_printf(w->c->perm, "%.*s; %.*s", (int)before.len,
                                                        before.ptr, (int)one.len, one.ptr);
    }
}

static void take_change(rt_filler *w, rt_slot *slot, const rt_finding *f)
{
    if (f->change != RT_CHANGE_NONE)
        choose(w, slot, rt_change_name(f->change));
}

typedef void taker(rt_filler *w, rt_slot *slot, const rt_finding *f);

/* Does a come before b? The larger one, then what is certain, then the more severe one where both
 * are graded. */
static bool is_ahead(const rt_filler *w, const rt_finding *a, const rt_finding *b)
{
    double p = rt_finding_length(w->d, a), q = rt_finding_length(w->d, b);
    if (p > q || q > p)
        return p > q;
    if (rt_affirms(a) != rt_affirms(b))
        return rt_affirms(a);
    return b->severity != RT_SEVERITY_NONE && a->severity > b->severity;
}

static uint32_t main_statement(const rt_filler *w)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < w->s.n; i++)
        if (!rt_denies(rt_statement(w, i)) &&
            (rt_denies(rt_statement(w, best)) ||
             is_ahead(w, rt_statement(w, i), rt_statement(w, best))))
            best = i;
    return best;
}

/* The main statement first, then those that affirm and those that hedge in the order of the text,
 * until one has a value. */
static void fill_from_main(rt_filler *w, rt_slot *slot, taker *take)
{
    uint32_t first = main_statement(w);
    for (uint32_t k = 0; k <= 2 * w->s.n && !has_value(slot); k++) {
        uint32_t i = k == 0 ? first : (first + k - 1) % w->s.n;
        const rt_finding *f = rt_statement(w, i);
        if (rt_denies(f) || (k > 0 && rt_affirms(f) != (k <= w->s.n)))
            continue;
        take(w, slot, f);
        if (has_value(slot))
            use(w, slot, i);
    }
}

static void fill_side(rt_filler *w, rt_slot *slot)
{
    unsigned side = RT_SIDE_NONE;
    for (uint32_t i = 0; i < w->s.n; i++) {
        unsigned own = rt_statement(w, i)->side;
        if (rt_denies(rt_statement(w, i)) || own == RT_SIDE_NONE)
            continue;
        if (w->instance != RT_NIL && side != RT_SIDE_NONE && own == RT_SIDE_BILATERAL)
            continue; /* one of those that are called bilateral together */
        side = side == RT_SIDE_NONE || side == own ? own : (unsigned)RT_SIDE_BILATERAL;
        use(w, slot, i);
    }
    if (side != RT_SIDE_NONE)
        choose(w, slot, rt_side_name(side));
}

static void fill_severity(rt_filler *w, rt_slot *slot)
{
    uint32_t worst = RT_NIL;
    for (uint32_t i = 0; i < w->s.n; i++)
        if (!rt_denies(rt_statement(w, i)) && rt_statement(w, i)->severity != RT_SEVERITY_NONE &&
            (worst == RT_NIL || rt_statement(w, i)->severity > rt_statement(w, worst)->severity))
            worst = i;
    if (worst == RT_NIL)
        return;
    choose(w, slot, rt_severity_name(rt_statement(w, worst)->severity));
    use(w, slot, worst);
}

/* Largest current value in the unit of the field; 0 = none. */
static double measured(const rt_filler *w, const rt_finding *f)
{
    double best = 0;
    for (uint32_t i = 0; i < f->measures.count; i++) {
        const rt_measure *m = &w->d->measures.at[w->d->finding_measures.at[f->measures.first + i]];
        if (m->prior || m->unit == NULL || strcmp(m->unit, w->field->unit) != 0)
            continue;
        for (unsigned k = 0; k < m->n; k++)
            best = fmax(best, m->value[k]);
    }
    return best;
}

static bool plausible(const rt_filler *w, double value)
{
    return !(value < w->field->low) && !(value > w->field->high);
}

static double number_of(const rt_filler *w, const rt_finding *f)
{
    double v = w->field->from == RT_FROM_SIZE || w->field->from == RT_FROM_DIMENSION
                   ? rt_finding_length(w->d, f)
               : w->field->from == RT_FROM_MEASURE ? measured(w, f)
                                                   : f->count;
    return plausible(w, v) ? v : 0;
}

static void put_number(rt_filler *w, rt_slot *slot, double value)
{
    slot->value = rt_arena_printf(w->c->perm, "%.10g", value);
    slot->unit = w->field->unit;
}

static void fill_number(rt_filler *w, rt_slot *slot)
{
    uint32_t best = RT_NIL;
    for (uint32_t i = 0; i < w->s.n; i++)
        if (!rt_denies(rt_statement(w, i)) && number_of(w, rt_statement(w, i)) > 0 &&
            (best == RT_NIL ||
             number_of(w, rt_statement(w, i)) > number_of(w, rt_statement(w, best))))
            best = i;
    if (best == RT_NIL)
        return;
    put_number(w, slot, number_of(w, rt_statement(w, best)));
    use(w, slot, best);
}

static void settle_attribute(rt_filler *w, rt_slot *slot)
{
    if (slot->findings.count == 0) {
        slot->state =
            w->s.n > 0 && w->s.absent == w->s.n ? RT_STATE_NOT_APPLICABLE : RT_STATE_NOT_MENTIONED;
        return;
    }
    bool certain = false;
    for (uint32_t i = 0; i < slot->findings.count; i++) {
        uint32_t f = w->d->slot_findings.at[slot->findings.first + i];
        certain = certain || rt_affirms(&w->d->findings.at[f]);
    }
    slot->state = certain ? RT_STATE_FILLED : RT_STATE_UNCERTAIN;
}

/* ---- anatomy that is measured, categories that are stated */

typedef struct measured {
    uint32_t concept; /* anatomy, or RT_NIL: the measurement has a side alone ("right lobe 4.9 cm")
                       */
    unsigned side;
    bool known;
} measured_thing;

/* First of a list sorted by sentence that stands in the sentence or behind it. */
#define FIRST_OF_SENTENCE(list, wanted, out)                                                       \
    do {                                                                                           \
        uint32_t lo_ = 0, hi_ = (list).len;                                                        \
        while (lo_ < hi_) {                                                                        \
            uint32_t mid_ = lo_ + (hi_ - lo_) / 2;                                                 \
            if ((list).at[mid_].sentence < (wanted))                                               \
                lo_ = mid_ + 1;                                                                    \
            else                                                                                   \
                hi_ = mid_;                                                                        \
        }                                                                                          \
        *(out) = lo_;                                                                              \
    } while (0)

/* A normal statement swallows its words: "the portal vein is patent, 11 mm". */
static measured_thing normal_before(const rt_filler *w, const rt_measure *m)
{
    const rt_doc *d = w->d;
    measured_thing t = {RT_NIL, RT_SIDE_NONE, false};
    uint32_t i = 0;
    FIRST_OF_SENTENCE(d->normals, m->sentence, &i);
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
    uint32_t first = 0, i = 0;
    uint32_t last = m > d->measures.at && m[-1].sentence == m->sentence ? m[-1].at.end : 0;
    FIRST_OF_SENTENCE(d->mentions, m->sentence, &first);
    for (i = first; i < d->mentions.len && d->mentions.at[i].at.beg < m->at.beg;)
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
    uint32_t heading = d->sentences.at[m->sentence].heading, i = 0;
    bool over = take_sentence(w, m, &t);
    measured_thing normal = normal_before(w, m);
    if (normal.known && (!over || !t.known))
        return normal;
    if (over || heading == RT_NIL)
        return t;
    FIRST_OF_SENTENCE(d->mentions, heading, &i);
    uint32_t end = i;
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
    if (m->prior || m->kind != RT_MEASURE_LENGTH || !plausible(w, m->value[0]))
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
    uint32_t i = 0, next = f->mention + 1;
    if (f->mention == RT_NIL)
        return NULL;
    FIRST_OF_SENTENCE(d->measures, f->sentence, &i);
    uint32_t end = d->mentions.at[f->mention].at.end;
    while (i < d->measures.len && d->measures.at[i].at.beg < end)
        i++;
    if (i == d->measures.len || d->measures.at[i].sentence != f->sentence)
        return NULL;
    const rt_measure *m = &d->measures.at[i];
    for (; next < d->mentions.len && d->mentions.at[next].at.beg < m->at.beg; next++)
        if (rt_type_is_observation(d->mentions.at[next].type))
            return NULL;
    bool fits = !m->prior && m->kind == RT_MEASURE_LENGTH && plausible(w, m->value[0]);
    return fits && !is_of_next(d, m, next) ? m : NULL;
}

static void put_dimension(rt_filler *w, rt_slot *slot, const rt_measure *m)
{
    put_number(w, slot, m->value[0]);
    slot->at = rt_doc_span(w->d, m->at);
    slot->state = RT_STATE_FILLED;
    w->mapped[m->sentence] = true;
}

static void fill_dimension(rt_filler *w, rt_slot *slot)
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
    fill_number(w, slot); /* "wall thickened to 6 mm": of the finding */
    if (slot->findings.count > 0)
        slot->state = RT_STATE_FILLED;
}

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
static void fill_grade(rt_filler *w, rt_slot *slot)
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

/* Words about the examination, which are no findings. The first one is the evidence; all map. */
static void fill_mention(rt_filler *w, rt_slot *slot)
{
    for (uint32_t i = 0; i < w->d->mentions.len; i++) {
        const rt_mention *m = &w->d->mentions.at[i];
        unsigned section = w->d->sections.at[w->d->sentences.at[m->sentence].section].type;
        if (!rt_concept_in(m->concept, w->field->triggers[0].concepts) ||
            section == RT_SECTION_REQUEST || section == RT_SECTION_CLINICAL)
            continue;
        w->mapped[m->sentence] = true;
        if (slot->state == RT_STATE_FILLED)
            continue;
        slot->state = RT_STATE_FILLED;
        slot->at = rt_doc_span(w->d, m->at);
        choose(w, slot, rt_presence_name(RT_PRESENCE_PRESENT));
    }
}

/* The first recommendation is the value; the others are listed in the report, and all map. */
static void fill_advice(rt_filler *w, rt_slot *slot)
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

/* ---- text: the sentences that speak, joined */

static void fill_text(rt_filler *w, rt_slot *slot)
{
    uint32_t last = RT_NIL;
    size_t n = 0, length = 0;
    for (uint32_t i = 0; i < w->s.n; i++) {
        uint32_t sentence = rt_statement(w, i)->sentence;
        use(w, slot, i);
        if (sentence == last)
            continue;
        last = sentence;
        w->texts[n] =
            rt_text_slice(&w->d->text, rt_doc_span(w->d, w->d->sentences.at[sentence].at));
        length += w->texts[n++].len + 1;
    }
    char *joined = RT_NEW(w->c->perm, char, length);
    if (n == 0 || joined == NULL)
        return;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(joined + at, w->texts[i].ptr, w->texts[i].len);
        at += w->texts[i].len;
        if (i + 1 < n)
            joined[at++] = ' ';
    }
    slot->value = (rt_str){joined, at};
    slot->state = w->s.present > 0  ? RT_STATE_FILLED
                  : w->s.hedged > 0 ? RT_STATE_UNCERTAIN
                                    : RT_STATE_NEGATED;
}

/* ---- all sources */

void rt_fill_value(rt_filler *w, rt_slot *slot)
{
    switch (w->field->from) {
    case RT_FROM_PRESENCE:
        fill_presence(w, slot);
        return;
    case RT_FROM_TEXT:
        fill_text(w, slot);
        return;
    case RT_FROM_DIMENSION:
        fill_dimension(w, slot);
        return;
    case RT_FROM_GRADE:
        fill_grade(w, slot);
        return;
    case RT_FROM_MENTION:
        fill_mention(w, slot);
        return;
    case RT_FROM_ADVICE:
        fill_advice(w, slot);
        return;
    case RT_FROM_OPTION:
        fill_from_main(w, slot, take_option);
        break;
    case RT_FROM_PLACE:
        fill_from_main(w, slot, take_place);
        break;
    case RT_FROM_CHANGE:
        fill_from_main(w, slot, take_change);
        break;
    case RT_FROM_SIDE:
        fill_side(w, slot);
        break;
    case RT_FROM_SEVERITY:
        fill_severity(w, slot);
        break;
    case RT_FROM_SIZE:
    case RT_FROM_MEASURE:
    case RT_FROM_COUNT:
    case RT_FROM_END:
        fill_number(w, slot);
        break;
    }
    settle_attribute(w, slot);
}
