/* Template fields from findings, never from words: what fills a field has been read, placed and
 * judged by the stages before, and its head is the evidence.
 *
 *   findings that speak now, of the patient  --triggers of the field-->  its statements
 *   statements  -->  present / possible / absent  -->  state, value, evidence
 *
 * Fields of a group are filled once for each instance, from its statements alone. A report of two
 * exams fills the templates of both. */
#include "stage/fill.h"

/* ---- which findings speak for a field */

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

/* "The liver is normal" denies whatever a trigger asks for in the liver or in a part of it, but
 * "the right lobe is normal" says nothing of the liver. "No tear of the menisci" speaks of both. */
static bool denies_all_in(const rt_filler *w, const rt_finding *f, const rt_trigger *t,
                          bool blanket)
{
    for (uint32_t i = 0; i < t->places.n; i++)
        for (uint32_t p = 0; p < f->anatomy.count; p++) {
            uint32_t place = w->d->places.at[f->anatomy.first + p].concept;
            if (rt_lexicon_is_a(w->x, t->places.at[i], place) ||
                (blanket && (rt_lexicon_part_of(w->x, t->places.at[i], place) ||
                             rt_lexicon_is_a(w->x, place, t->places.at[i]))))
                return true;
        }
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

static bool triggers(const rt_filler *w, uint32_t speaker, const rt_trigger *all, uint32_t n)
{
    const rt_finding *f = &w->d->findings.at[w->speak[speaker]];
    bool blanket = w->blanket[speaker];
    for (uint32_t i = 0; i < n; i++) {
        const rt_trigger *t = &all[i];
        if (blanket && denies_all_in(w, f, t, true))
            return true;
        if ((t->concepts.n == 0 || rt_concept_in(f->concept, t->concepts)) &&
            !rt_concept_in(f->concept, t->excludes) &&
            (t->places.n == 0 || rt_lies_in(w, f, t->places) ||
             (t->unplaced && f->anatomy.count == 0) ||
             (rt_denies(f) && denies_all_in(w, f, t, false))) &&
            (t->outside.n == 0 || !rt_lies_in(w, f, t->outside)) && !denies_a_kind(f, t))
            return true;
    }
    return false;
}

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

void rt_statement_add(rt_statements *s, const rt_doc *d, uint32_t finding)
{
    const rt_finding *f = &d->findings.at[finding];
    if (s->n == RT_MAX_STATEMENTS)
        return;
    s->at[s->n++] = finding;
    s->present += rt_affirms(f);
    s->absent += rt_denies(f);
    s->hedged += !rt_affirms(f) && !rt_denies(f);
}

void rt_fill_tell_ceiling(rt_filler *w, const char *what)
{
    if (!w->ceiling)
        rt_doc_issue(w->c->perm, w->d, RT_ISSUE_TOO_MANY, (rt_span){0, 0}, rt_str_from(what));
    w->ceiling = true;
}

/* A field about a whole organ is not denied by what is missing in it: "no gallstones" says nothing
 * of the rest of the gallbladder. */
static bool may_speak(const rt_filler *w, uint32_t speaker)
{
    const rt_finding *f = &w->d->findings.at[w->speak[speaker]];
    return !w->summary || !rt_denies(f) || f->derived || denies_anything(w, f);
}

/* ---- which fields a finding may speak for: most are never asked (knowledge/template_index.c) */

static void add_fields(uint64_t *to, const uint64_t *fields, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++)
        to[i] |= fields[i];
}

static void find_fields(const rt_filler *w, uint32_t speaker, uint64_t *out)
{
    const rt_template_index *x = &w->t->index;
    const rt_finding *f = &w->d->findings.at[w->speak[speaker]];
    memset(out, 0, x->words * sizeof *out);
    add_fields(out, rt_template_fields(x, f->concept, RT_FIELDS_KINDS), x->words);
    for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++) {
        uint32_t place = w->d->places.at[p].concept;
        add_fields(out, rt_template_fields(x, place, RT_FIELDS_PLACES), x->words);
        if (rt_denies(f))
            add_fields(out, rt_template_fields(x, place, RT_FIELDS_DENIED), x->words);
        if (w->blanket[speaker])
            add_fields(out, rt_template_fields(x, place, RT_FIELDS_BLANKET), x->words);
    }
    if (f->anatomy.count == 0)
        add_fields(out, x->unplaced, x->words);
}

static bool find_all_fields(rt_filler *w)
{
    rt_arena *temp = &w->c->temp;
    uint32_t words = w->t->index.words;
    uint64_t *fields = RT_NEW(temp, uint64_t, words);
    w->asked_words = (w->n_speak + 63) / 64;
    w->asked = RT_NEW(temp, uint64_t, (size_t)words * 64 * w->asked_words);
    if (fields == NULL || w->asked == NULL)
        return false;
    for (uint32_t i = 0; i < w->n_speak; i++) {
        find_fields(w, i, fields);
        for (uint32_t k = 0; k < words; k++)
            for (uint64_t left = fields[k]; left != 0; left &= left - 1) {
                size_t field = (size_t)k * 64 + (unsigned)__builtin_ctzll(left);
                w->asked[field * w->asked_words + i / 64] |= UINT64_C(1) << i % 64;
            }
    }
    return true;
}

/* Word k of the speakers that may fill the field; RT_NIL: of all. */
static uint64_t askers(const rt_filler *w, uint32_t field, uint32_t k)
{
    if (field != RT_NIL)
        return w->asked[(size_t)field * w->asked_words + k];
    uint32_t left = w->n_speak - k * 64;
    return left < 64 ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
}

static bool wanted(const rt_filler *w, uint32_t i, const rt_trigger *all, uint32_t n, bool history)
{
    const rt_finding *f = &w->d->findings.at[w->speak[i]];
    return (f->temporality == RT_TEMPORALITY_CURRENT || history) && belongs(w, f) &&
           may_speak(w, i) && triggers(w, i, all, n);
}

/* field: whose triggers these are, or RT_NIL: of none. */
static void collect(rt_filler *w, const rt_trigger *all, uint32_t n, bool history, uint32_t field)
{
    w->s.n = w->s.present = w->s.hedged = w->s.absent = 0;
    w->collected = history ? NULL : all; /* an attribute asks for the same next */
    for (uint32_t k = 0; k < w->asked_words; k++)
        for (uint64_t left = askers(w, field, k); left != 0; left &= left - 1) {
            uint32_t i = k * 64 + (uint32_t)__builtin_ctzll(left);
            if (!wanted(w, i, all, n, history))
                continue;
            if (w->s.n == RT_MAX_STATEMENTS) {
                rt_fill_tell_ceiling(w, "statements for one template field");
                return;
            }
            rt_statement_add(&w->s, w->d, w->speak[i]);
        }
}

/* ---- fields */

static bool needs_statements(rt_field_from from)
{
    return from != RT_FROM_DIMENSION && from != RT_FROM_GRADE && from != RT_FROM_MENTION &&
           from != RT_FROM_ADVICE;
}

static void fill_field(rt_filler *w, uint32_t index)
{
    rt_slot slot = {.template_index = w->template_index,
                    .field = index,
                    .instance = w->instance,
                    .state = RT_STATE_NOT_MENTIONED,
                    .option = RT_NIL};
    slot.findings.first = w->d->slot_findings.len;
    w->field = &w->t->fields[index];
    if (w->s.n > 0 || !needs_statements(w->field->from))
        rt_fill_value(w, &slot);
    RT_PUSH(w->c->perm, &w->d->slots, slot);
}

static void fill_collected(rt_filler *w, uint32_t index)
{
    const rt_template_field *f = &w->t->fields[index];
    w->summary = f->summary;
    if (f->from ==
        RT_FROM_DIMENSION) { /* the first trigger is about anatomy, others about findings */
        collect(w, f->triggers + 1, f->n_triggers - 1, f->history, index);
        w->collected = NULL; /* behind the last trigger of a field stand those of the next */
    } else if (needs_statements(f->from) && w->collected != f->triggers)
        collect(w, f->triggers, f->n_triggers, f->history, index);
    fill_field(w, index);
}

static bool speaks(const rt_doc *d, uint32_t first_slot)
{
    for (uint32_t i = first_slot; i < d->slots.len; i++)
        if (d->slots.at[i].state <= RT_STATE_CONFLICT)
            return true;
    return false;
}

/* ---- groups */

static void begin_instance(rt_filler *w, uint32_t group, uint32_t n, uint32_t item)
{
    w->instance = w->d->instances.len;
    RT_PUSH(w->c->perm, &w->d->instances, (rt_instance){w->template_index, group, n, item});
}

/* An item of which the report says nothing leaves no trace. */
static void fill_item(rt_filler *w, uint32_t group, uint32_t index)
{
    const rt_template_group *g = &w->t->groups[group];
    uint32_t slots = w->d->slots.len, evidence = w->d->slot_findings.len;
    w->item = &g->items[index];
    w->group = g;
    w->collected = NULL;
    begin_instance(w, group, index + 1, index);
    for (uint32_t i = 0; i < g->n_fields; i++)
        fill_collected(w, g->first + i);
    if (!speaks(w->d, slots)) {
        w->d->slots.len = slots;
        w->d->slot_findings.len = evidence;
        w->d->instances.len = w->instance;
    }
    w->item = NULL;
    w->collected = NULL;
}

static bool same_sentence(const rt_filler *w, const rt_statements *lesion, uint32_t finding)
{
    for (uint32_t i = 0; i < lesion->n; i++)
        if (w->d->findings.at[lesion->at[i]].sentence == w->d->findings.at[finding].sentence)
            return true;
    return false;
}

/* A field with triggers of its own takes what they want of all that is said beside the lesion
 * ("nodule with microcalcifications"). */
static void collect_beside(rt_filler *w, const rt_statements *lesion, const rt_template_field *f)
{
    for (uint32_t i = 0; i < w->n_speak; i++)
        if (same_sentence(w, lesion, w->speak[i]) && triggers(w, i, f->triggers, f->n_triggers))
            rt_statement_add(&w->s, w->d, w->speak[i]);
}

static void fill_of_lesion(rt_filler *w, const rt_statements *lesion, uint32_t index)
{
    const rt_template_field *f = &w->t->fields[index];
    const rt_template_group *g = &w->t->groups[f->group];
    w->s.n = w->s.present = w->s.hedged = w->s.absent = 0;
    if (f->triggers != g->triggers)
        collect_beside(w, lesion, f);
    for (uint32_t i = 0; i < lesion->n && f->triggers == g->triggers; i++)
        rt_statement_add(&w->s, w->d, lesion->at[i]);
    fill_field(w, index);
}

static void fill_lesions(rt_filler *w, uint32_t group)
{
    const rt_template_group *g = &w->t->groups[group];
    rt_arena temp = w->c->temp;
    rt_statements *lesions = RT_NEW(&temp, rt_statements, RT_MAX_LESIONS);
    if (lesions == NULL)
        return; /* full: the report is run again */
    w->summary = false;
    collect(w, g->triggers, g->n_triggers, false, RT_NIL);
    uint32_t n = rt_fill_lesions(w, lesions);
    for (uint32_t k = 0; k < n; k++) {
        begin_instance(w, group, k + 1, RT_NIL);
        for (uint32_t i = 0; i < g->n_fields; i++)
            fill_of_lesion(w, &lesions[k], g->first + i);
    }
    w->collected = NULL;
}

static void fill_group(rt_filler *w, uint32_t group)
{
    const rt_template_group *g = &w->t->groups[group];
    if (g->n_items == 0)
        fill_lesions(w, group);
    for (uint32_t i = 0; i < g->n_items; i++)
        fill_item(w, group, i);
    w->instance = RT_NIL;
}

/* ---- templates */

static void find_speakers(rt_filler *w)
{
    for (uint32_t i = 0; i < w->d->findings.len; i++)
        if (may_fill(w, &w->d->findings.at[i]))
            w->speak[w->n_speak++] = i;
    for (uint32_t i = 0; i < w->n_speak; i++)
        w->blanket[i] = is_blanket(w, &w->d->findings.at[w->speak[i]]);
}

static void fill_template(rt_filler *w, uint32_t index)
{
    w->template_index = index;
    w->t = rt_templates_at(w->c->know->templates, index);
    w->collected = NULL;
    if (!find_all_fields(w))
        return; /* full: the report is run again */
    for (uint32_t i = 0; i < w->t->n_fields; i++) {
        uint32_t group = w->t->fields[i].group;
        if (group == RT_NIL)
            fill_collected(w, i);
        else if (w->t->groups[group].first == i)
            fill_group(w, group);
    }
}

static void find_unmapped(rt_filler *w)
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

static void choose_templates(rt_ctx *c, rt_doc *d, rt_arena temp)
{
    const rt_templates *all = c->know->templates;
    rt_choice choice = rt_template_pick(all, d, temp);
    uint32_t forced = RT_NIL;
    if (c->template_id.len > 0 &&
        rt_templates_find(all, c->template_id, d->zh ? RT_LANG_ZH : RT_LANG_EN, &forced))
        choice =
            (rt_choice){forced, 1, choice.best != forced ? choice.best : choice.second, RT_NIL};
    d->template_index = choice.best;
    d->template_score = choice.score;
    d->template_second = choice.second;
    d->template_also = choice.also;
}

rt_code rt_stage_fill(rt_ctx *c, rt_doc *d)
{
    rt_filler w = {.c = c, .d = d, .x = c->know->lexicon, .instance = RT_NIL};
    w.speak = RT_NEW(&c->temp, uint32_t, d->findings.len);
    w.blanket = RT_NEW(&c->temp, bool, d->findings.len);
    w.mapped = RT_NEW(&c->temp, bool, d->sentences.len);
    w.texts = RT_NEW(&c->temp, rt_str, RT_MAX_STATEMENTS);
    choose_templates(c, d, c->temp);
    if (w.speak == NULL || w.blanket == NULL || w.mapped == NULL || w.texts == NULL)
        return RT_OK; /* full: the report is run again */
    find_speakers(&w);
    fill_template(&w, d->template_index);
    if (d->template_also != RT_NIL)
        fill_template(&w, d->template_also);
    find_unmapped(&w);
    return RT_OK;
}
