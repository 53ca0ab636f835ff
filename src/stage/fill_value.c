/* The value of one field. A field about an attribute (size, side, option ...) takes it from the
 * statements that affirm, the largest lesion first; if all of them deny, the attribute is not
 * applicable. Measured anatomy and stated categories are no findings: their evidence is the span of
 * the slot (fill_said.c). */
#include <math.h>

#include "base/put.h"
#include "stage/fill.h"

#define MOST_SHORT 1e5 /* below it four decimals are nine digits: no more than are written */

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

static void put_option(const rt_filler *w, rt_slot *slot, uint32_t option)
{
    slot->option = option;
    slot->value = rt_str_from(w->field->options[option].value);
}

void rt_fill_choose(const rt_filler *w, rt_slot *slot, unsigned meaning)
{
    for (uint32_t i = 0; i < w->field->n_options; i++) {
        if (w->field->options[i].meaning == meaning) {
            put_option(w, slot, i);
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
    rt_fill_choose(w, slot, suspected ? RT_PRESENCE_POSSIBLE : RT_PRESENCE_UNLIKELY);
    if (!has_value(slot))
        rt_fill_choose(w, slot, RT_PRESENCE_POSSIBLE);
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
        rt_fill_choose(w, slot, RT_PRESENCE_PRESENT);
        use_if(w, slot, rt_affirms);
    } else if (w->s.hedged > 0 && !(w->s.absent > 0 && all_unlikely(w))) {
        slot->state = RT_STATE_UNCERTAIN;
        choose_hedge(w, slot);
        use_if(w, slot, hedges);
    } else if (w->s.absent > 0) {
        slot->state = RT_STATE_NEGATED;
        rt_fill_choose(w, slot, RT_PRESENCE_ABSENT);
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
            put_option(w, slot, i);
            return;
        }
    }
}

static void take_change(rt_filler *w, rt_slot *slot, const rt_finding *f)
{
    if (f->change != RT_CHANGE_NONE)
        rt_fill_choose(w, slot, f->change);
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
        rt_fill_choose(w, slot, side);
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
    rt_fill_choose(w, slot, rt_statement(w, worst)->severity);
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

bool rt_fill_plausible(const rt_filler *w, double value)
{
    return !(value < w->field->low) && !(value > w->field->high);
}

static double number_of(const rt_filler *w, const rt_finding *f)
{
    double v = w->field->from == RT_FROM_SIZE || w->field->from == RT_FROM_DIMENSION
                   ? rt_finding_length(w->d, f)
               : w->field->from == RT_FROM_MEASURE ? measured(w, f)
                                                   : f->count;
    return rt_fill_plausible(w, v) ? v : 0;
}

void rt_fill_put_number(rt_filler *w, rt_slot *slot, double value)
{
    char text[RT_PUT_U];
    char *end = value >= 0 && value < MOST_SHORT ? rt_put_decimal(text, value) : NULL;
    slot->value = end != NULL ? rt_arena_copy(w->c->perm, (rt_str){text, (size_t)(end - text)})
                              : rt_arena_printf(w->c->perm, "%.10g", value);
    slot->unit = w->field->unit;
}

void rt_fill_number(rt_filler *w, rt_slot *slot)
{
    uint32_t best = RT_NIL;
    for (uint32_t i = 0; i < w->s.n; i++)
        if (!rt_denies(rt_statement(w, i)) && number_of(w, rt_statement(w, i)) > 0 &&
            (best == RT_NIL ||
             number_of(w, rt_statement(w, i)) > number_of(w, rt_statement(w, best))))
            best = i;
    if (best == RT_NIL)
        return;
    rt_fill_put_number(w, slot, number_of(w, rt_statement(w, best)));
    use(w, slot, best);
}

/* Once a value is found. */
static void settle_attribute(rt_filler *w, rt_slot *slot)
{
    bool certain = false;
    for (uint32_t i = 0; i < slot->findings.count; i++) {
        uint32_t f = w->d->slot_findings.at[slot->findings.first + i];
        certain = certain || rt_affirms(&w->d->findings.at[f]);
    }
    if (slot->findings.count > 0)
        slot->state = certain ? RT_STATE_FILLED : RT_STATE_UNCERTAIN;
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

static bool is_attribute(rt_field_from from)
{
    return from != RT_FROM_PRESENCE && from != RT_FROM_TEXT && from != RT_FROM_DIMENSION &&
           from != RT_FROM_GRADE && from != RT_FROM_MENTION && from != RT_FROM_ADVICE;
}

void rt_fill_value(rt_filler *w, rt_slot *slot)
{
    if (w->s.absent == w->s.n && is_attribute(w->field->from)) { /* what is denied has none */
        slot->state = w->s.n > 0 ? RT_STATE_NOT_APPLICABLE : RT_STATE_NOT_MENTIONED;
        return;
    }
    switch (w->field->from) {
    case RT_FROM_PRESENCE:
        fill_presence(w, slot);
        return;
    case RT_FROM_TEXT:
        fill_text(w, slot);
        return;
    case RT_FROM_DIMENSION:
        rt_fill_dimension(w, slot);
        return;
    case RT_FROM_GRADE:
        rt_fill_grade(w, slot);
        return;
    case RT_FROM_MENTION:
        rt_fill_mention(w, slot);
        return;
    case RT_FROM_ADVICE:
        rt_fill_advice(w, slot);
        return;
    case RT_FROM_OPTION:
        fill_from_main(w, slot, take_option);
        break;
    case RT_FROM_PLACE:
        fill_from_main(w, slot, rt_fill_take_place);
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
        rt_fill_number(w, slot);
        break;
    }
    settle_attribute(w, slot);
}
