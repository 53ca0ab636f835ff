/* Template fields from findings, never from words: what fills a field has been read, placed and
 * judged by the stages before, and its head is the evidence.
 *
 *   findings that speak now, of the patient  --triggers of the field-->  its statements
 *   statements  -->  present / possible / absent  -->  state, value, evidence
 *
 * A field about an attribute (size, side, option ...) takes it from the statements that affirm, the
 * largest lesion first; if all of them deny, the attribute is not applicable. */
#include "stage/stage.h"

#include <math.h>

enum {
    MAX_STATEMENTS = 64
}; /* of one field: more are a listing, not evidence; and pairs are
      compared when looking for conflicts */

typedef struct statements { /* of one field, in the order of the text */
    uint32_t at[MAX_STATEMENTS];
    uint32_t n;
    uint32_t present, hedged, absent; /* how many of each */
} statements;

typedef struct speaker { /* a finding that may fill fields */
    uint32_t finding;
    uint64_t kind_bits, part_bits; /* of its concept and its places (see rt_concept_list) */
} speaker;

typedef struct filler {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *x;
    const rt_template_field *field;
    statements s;
    rt_str *texts; /* of sentences that a text field joins */
    speaker *speak;
    uint32_t n_speak;
    bool *mapped; /* sentences in which some field has evidence */
    bool ceiling; /* was hit and told */
} filler;

static const rt_finding *finding(const filler *w, uint32_t i) /* of the i-th statement */
{
    return &w->d->findings.at[w->s.at[i]];
}

/* ---- which findings speak for a field */

static bool may_fill(const rt_doc *d, const rt_finding *f)
{
    unsigned section = d->sections.at[f->section].type;
    return f->temporality == RT_TEMPORALITY_CURRENT && f->experiencer == RT_EXPERIENCER_PATIENT &&
           f->presence != RT_PRESENCE_QUERIED && section != RT_SECTION_REQUEST &&
           section != RT_SECTION_CLINICAL;
}

static bool is_any(const rt_lexicon *x, uint32_t concept, rt_concept_list kinds)
{
    for (uint32_t i = 0; i < kinds.n; i++)
        if (rt_lexicon_is_a(x, concept, kinds.at[i]))
            return true;
    return false;
}

static bool within_any(const filler *w, const rt_finding *f, rt_concept_list wholes)
{
    for (uint32_t p = 0; p < f->anatomy.count; p++)
        for (uint32_t i = 0; i < wholes.n; i++)
            if (rt_lexicon_part_of(w->x, w->d->places.at[f->anatomy.first + p].concept,
                                   wholes.at[i]))
                return true;
    return false;
}

/* Nearly all pairs of a field and a finding have nothing to do with each other: bits tell. */
static bool may_trigger(const rt_trigger *t, const speaker *s)
{
    return (t->concepts.n == 0 || (t->concepts.bits & s->kind_bits) != 0) &&
           (t->places.n == 0 || (t->places.bits & s->part_bits) != 0);
}

static bool triggers(const filler *w, const speaker *s)
{
    const rt_finding *f = &w->d->findings.at[s->finding];
    for (uint32_t i = 0; i < w->field->n_triggers; i++) {
        const rt_trigger *t = &w->field->triggers[i];
        if (may_trigger(t, s) && (t->concepts.n == 0 || is_any(w->x, f->concept, t->concepts)) &&
            (t->places.n == 0 || within_any(w, f, t->places)) &&
            !is_any(w->x, f->concept, t->excludes))
            return true;
    }
    return false;
}

static void tell_ceiling(filler *w)
{
    if (!w->ceiling)
        rt_doc_issue(w->c->perm, w->d, RT_ISSUE_TOO_MANY, (rt_span){0, 0},
                     RT_STR("statements for one template field"));
    w->ceiling = true;
}

static bool affirms(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_PRESENT;
}

static bool denies(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_ABSENT;
}

static void collect(filler *w)
{
    w->s = (statements){.n = 0};
    for (uint32_t i = 0; i < w->n_speak; i++) {
        const speaker *speaks = &w->speak[i];
        if (!triggers(w, speaks))
            continue;
        const rt_finding *f = &w->d->findings.at[speaks->finding];
        if (w->s.n == MAX_STATEMENTS) {
            tell_ceiling(w);
            return;
        }
        w->s.at[w->s.n++] = speaks->finding;
        w->s.present += affirms(f);
        w->s.absent += denies(f);
        w->s.hedged += !affirms(f) && !denies(f);
    }
}

/* ---- the slot */

static void use(filler *w, rt_slot *slot, uint32_t index) /* a statement becomes evidence */
{
    RT_PUSH(w->c->perm, &w->d->slot_findings, w->s.at[index]);
    slot->findings.count = w->d->slot_findings.len - slot->findings.first;
    w->mapped[finding(w, index)->sentence] = true;
}

static void use_if(filler *w, rt_slot *slot, bool (*wanted)(const rt_finding *f))
{
    for (uint32_t i = 0; i < w->s.n; i++)
        if (wanted(finding(w, i)))
            use(w, slot, i);
}

static void choose(const filler *w, rt_slot *slot, const char *value)
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

/* Words beside the head narrow a denial down: "no large effusion", "no new opacity". */
static bool is_qualified(const rt_finding *f)
{
    return f->modifiers.count > 0 || f->measures.count > 0 || f->severity != RT_SEVERITY_NONE ||
           f->change != RT_CHANGE_NONE;
}

static uint32_t main_place(const filler *w, const rt_finding *f)
{
    return f->anatomy.count > 0 ? w->d->places.at[f->anatomy.first].concept : RT_NIL;
}

/* A blanket denial in another section (impression against findings), or of the same place and
 * side. In the same section a blanket denial mostly means "no other". */
static bool contradicts(const filler *w, const rt_finding *no, const rt_finding *yes)
{
    if (no->derived || yes->derived || is_qualified(no) ||
        !rt_lexicon_is_a(w->x, yes->concept, no->concept))
        return false;
    uint32_t place = main_place(w, no);
    bool blanket = no->side == RT_SIDE_NONE && place == RT_NIL && no->section != yes->section;
    return blanket || (no->side == yes->side && place == main_place(w, yes));
}

static bool conflicting(const filler *w) /* pairs of at most MAX_STATEMENTS */
{
    for (uint32_t i = 0; i < w->s.n; i++)
        for (uint32_t j = 0; j < w->s.n; j++)
            if (denies(finding(w, i)) && affirms(finding(w, j)) &&
                contradicts(w, finding(w, i), finding(w, j)))
                return true;
    return false;
}

static bool affirms_or_denies(const rt_finding *f)
{
    return affirms(f) || denies(f);
}

static bool hedges(const rt_finding *f)
{
    return !affirms_or_denies(f);
}

static bool suspects(const rt_finding *f)
{
    return f->presence == RT_PRESENCE_POSSIBLE;
}

static void choose_hedge(filler *w, rt_slot *slot)
{
    bool suspected = false;
    for (uint32_t i = 0; i < w->s.n; i++)
        suspected = suspected || suspects(finding(w, i));
    choose(w, slot, suspected ? "possible" : "unlikely");
    if (!has_value(slot))
        choose(w, slot, "possible");
}

static void fill_presence(filler *w, rt_slot *slot)
{
    if (w->s.present > 0 && w->s.absent > 0 && conflicting(w)) {
        slot->state = RT_STATE_CONFLICT;
        use_if(w, slot, affirms_or_denies);
    } else if (w->s.present > 0) {
        slot->state = RT_STATE_FILLED;
        choose(w, slot, "present");
        use_if(w, slot, affirms);
    } else if (w->s.hedged > 0) {
        slot->state = RT_STATE_UNCERTAIN;
        choose_hedge(w, slot);
        use_if(w, slot, hedges);
    } else if (w->s.absent > 0) {
        slot->state = RT_STATE_NEGATED;
        choose(w, slot, "absent");
        use_if(w, slot, denies);
    }
}

/* ---- attributes: each taker gives the value of one finding, or says that it has none */

static double largest_length(const rt_doc *d, const rt_finding *f) /* mm; 0 = none */
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

static bool meets(const filler *w, const rt_finding *f, rt_concept_list kinds)
{
    if (is_any(w->x, f->concept, kinds))
        return true;
    for (uint32_t i = 0; i < f->modifiers.count; i++)
        if (is_any(w->x, w->d->modifiers.at[f->modifiers.first + i].concept, kinds))
            return true;
    return false;
}

static void take_option(filler *w, rt_slot *slot, const rt_finding *f)
{
    for (uint32_t i = 0; i < w->field->n_options; i++) {
        if (meets(w, f, w->field->options[i].concepts)) {
            choose(w, slot, w->field->options[i].value);
            return;
        }
    }
}

static void take_place(filler *w, rt_slot *slot, const rt_finding *f)
{
    if (f->anatomy.count == 0)
        return;
    const rt_place *p = &w->d->places.at[f->anatomy.first];
    const rt_concept *c = &w->x->concepts[p->concept];
    slot->value = p->at.beg < p->at.end
                      ? rt_text_slice(&w->d->text, p->at)
                      : rt_str_from(rt_lexicon_text(w->x, w->d->zh ? c->pref_zh : c->pref_en));
}

static void take_change(filler *w, rt_slot *slot, const rt_finding *f)
{
    if (f->change != RT_CHANGE_NONE)
        choose(w, slot, rt_change_name(f->change));
}

typedef void taker(filler *w, rt_slot *slot, const rt_finding *f);

/* Largest lesion first, then in the order of the text, until one has a value. */
static void fill_from_main(filler *w, rt_slot *slot, taker *take)
{
    uint32_t largest = 0;
    double size = 0;
    for (uint32_t i = 0; i < w->s.n; i++) {
        double length = largest_length(w->d, finding(w, i));
        if (!denies(finding(w, i)) && length > size) {
            largest = i;
            size = length;
        }
    }
    for (uint32_t k = 0; k < w->s.n && !has_value(slot); k++) {
        uint32_t i = (largest + k) % w->s.n;
        if (denies(finding(w, i)))
            continue;
        take(w, slot, finding(w, i));
        if (has_value(slot))
            use(w, slot, i);
    }
}

static void fill_side(filler *w, rt_slot *slot)
{
    unsigned side = RT_SIDE_NONE;
    for (uint32_t i = 0; i < w->s.n; i++) {
        unsigned own = finding(w, i)->side;
        if (denies(finding(w, i)) || own == RT_SIDE_NONE)
            continue;
        side = side == RT_SIDE_NONE || side == own ? own : (unsigned)RT_SIDE_BILATERAL;
        use(w, slot, i);
    }
    if (side != RT_SIDE_NONE)
        choose(w, slot, rt_side_name(side));
}

static void fill_severity(filler *w, rt_slot *slot)
{
    uint32_t worst = RT_NIL;
    for (uint32_t i = 0; i < w->s.n; i++)
        if (!denies(finding(w, i)) && finding(w, i)->severity != RT_SEVERITY_NONE &&
            (worst == RT_NIL || finding(w, i)->severity > finding(w, worst)->severity))
            worst = i;
    if (worst == RT_NIL)
        return;
    choose(w, slot, rt_severity_name(finding(w, worst)->severity));
    use(w, slot, worst);
}

static double number_of(const filler *w, const rt_finding *f)
{
    return w->field->from == RT_FROM_SIZE ? largest_length(w->d, f) : f->count;
}

static void fill_number(filler *w, rt_slot *slot)
{
    uint32_t best = RT_NIL;
    for (uint32_t i = 0; i < w->s.n; i++)
        if (!denies(finding(w, i)) && number_of(w, finding(w, i)) > 0 &&
            (best == RT_NIL || number_of(w, finding(w, i)) > number_of(w, finding(w, best))))
            best = i;
    if (best == RT_NIL)
        return;
    slot->value = rt_arena_printf(w->c->perm, "%.10g", number_of(w, finding(w, best)));
    slot->unit = w->field->unit;
    use(w, slot, best);
}

static void settle_attribute(filler *w, rt_slot *slot)
{
    if (slot->findings.count == 0) {
        slot->state =
            w->s.n > 0 && w->s.absent == w->s.n ? RT_STATE_NOT_APPLICABLE : RT_STATE_NOT_MENTIONED;
        return;
    }
    bool certain = false;
    for (uint32_t i = 0; i < slot->findings.count; i++) {
        uint32_t f = w->d->slot_findings.at[slot->findings.first + i];
        certain = certain || affirms(&w->d->findings.at[f]);
    }
    slot->state = certain ? RT_STATE_FILLED : RT_STATE_UNCERTAIN;
}

/* ---- text: the sentences that speak, joined */

static void fill_text(filler *w, rt_slot *slot)
{
    uint32_t last = RT_NIL;
    size_t n = 0, length = 0;
    for (uint32_t i = 0; i < w->s.n; i++) {
        uint32_t sentence = finding(w, i)->sentence;
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

/* ---- all fields */

static void fill_value(filler *w, rt_slot *slot)
{
    switch (w->field->from) {
    case RT_FROM_PRESENCE:
        fill_presence(w, slot);
        return;
    case RT_FROM_TEXT:
        fill_text(w, slot);
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
    case RT_FROM_COUNT:
    case RT_FROM_END:
        fill_number(w, slot);
        break;
    }
    settle_attribute(w, slot);
}

static void fill_field(filler *w, const rt_template_field *f, uint32_t index)
{
    rt_slot slot = {.field = index, .state = RT_STATE_NOT_MENTIONED, .option = RT_NIL};
    slot.findings.first = w->d->slot_findings.len;
    w->field = f;
    collect(w);
    fill_value(w, &slot);
    RT_PUSH(w->c->perm, &w->d->slots, slot);
}

static void find_speakers(filler *w)
{
    for (uint32_t i = 0; i < w->d->findings.len; i++) {
        const rt_finding *f = &w->d->findings.at[i];
        if (!may_fill(w->d, f))
            continue;
        speaker s = {.finding = i, .kind_bits = w->x->concepts[f->concept].kind_bits};
        for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++)
            s.part_bits |= w->x->concepts[w->d->places.at[p].concept].part_bits;
        w->speak[w->n_speak++] = s;
    }
}

static void find_unmapped(filler *w)
{
    for (uint32_t i = 0; i < w->d->sentences.len; i++) {
        const rt_sentence *s = &w->d->sentences.at[i];
        unsigned section = w->d->sections.at[s->section].type;
        rt_span at = rt_doc_span(w->d, s->at);
        if (!w->mapped[i] && at.beg < at.end &&
            (section == RT_SECTION_FINDINGS || section == RT_SECTION_IMPRESSION))
            RT_PUSH(w->c->perm, &w->d->unmapped, at);
    }
}

rt_code rt_stage_fill(rt_ctx *c, rt_doc *d)
{
    const rt_templates *all = c->know->templates;
    rt_arena temp = c->temp;
    filler w = {.c = c, .d = d, .x = c->know->lexicon};
    w.speak = RT_NEW(&temp, speaker, d->findings.len);
    w.mapped = RT_NEW(&temp, bool, d->sentences.len);
    w.texts = RT_NEW(&temp, rt_str, MAX_STATEMENTS);
    d->template_index = rt_template_pick(all, d, temp, &d->template_score, &d->template_second);
    const rt_template *t = rt_templates_at(all, d->template_index);
    if (w.speak == NULL || w.mapped == NULL || w.texts == NULL)
        return RT_OK; /* full: the report is run again */
    find_speakers(&w);
    for (uint32_t i = 0; i < t->n_fields; i++)
        fill_field(&w, &t->fields[i], i);
    find_unmapped(&w);
    return RT_OK;
}
