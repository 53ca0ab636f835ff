/* Template fields from findings, never from words: what fills a field has been read, placed and
 * judged by the stages before, and its head is the evidence.
 *
 *   findings that speak now, of the patient  --triggers of the field-->  its statements
 *   statements  -->  present / possible / absent  -->  state, value, evidence
 *
 * Fields of a group are filled once for each instance, from its statements alone. A report of two
 * exams fills the templates of both. */
#include "stage/fill.h"

void rt_fill_tell_ceiling(rt_filler *w, const char *what)
{
    if (!w->ceiling)
        rt_doc_issue(w->c->perm, w->d, RT_ISSUE_TOO_MANY, (rt_span){0, 0}, rt_str_from(what));
    w->ceiling = true;
}

/* The statements of a field, or of a group (its number behind those of the fields). */
static void collect(rt_filler *w, uint32_t row, bool history, bool summary)
{
    rt_statements_clear(&w->s);
    for (uint32_t k = 0; k < w->words; k++) {
        const rt_askers *a = &w->asked[(size_t)row * w->words + k];
        const rt_speakers *who = &w->who[k];
        uint64_t left = (a->sure | a->maybe) & who->own & (history ? UINT64_MAX : who->current) &
                        (summary ? who->whole : UINT64_MAX);
        for (; left != 0; left &= left - 1) {
            uint32_t i = k * 64 + (uint32_t)__builtin_ctzll(left);
            if (!rt_fill_speaks(w, row, i))
                continue;
            if (w->s.n == RT_MAX_STATEMENTS) {
                rt_fill_tell_ceiling(w, "statements for one template field");
                return;
            }
            rt_statement_add(&w->s, w->d, w->speak[i]);
        }
    }
}

/* ---- fields */

static bool needs_statements(rt_field_from from)
{
    return from != RT_FROM_DIMENSION && from != RT_FROM_GRADE && from != RT_FROM_MENTION &&
           from != RT_FROM_ADVICE;
}

static rt_slot empty_slot(const rt_filler *w, uint32_t index)
{
    return (rt_slot){.template_index = w->template_index,
                     .field = index,
                     .instance = w->instance,
                     .state = RT_STATE_NOT_MENTIONED,
                     .option = RT_NIL};
}

/* Fields of which nothing is said, but not those that repeat. */
static void leave_empty(rt_filler *w, uint32_t from, uint32_t end)
{
    uint32_t template_index = w->template_index, instance = w->instance;
    for (uint32_t i = from; i < end; i++)
        if (w->t->fields[i].group == RT_NIL)
            RT_PUSH(w->c->perm, &w->d->slots,
                    (rt_slot){.template_index = template_index,
                              .field = i,
                              .instance = instance,
                              .state = RT_STATE_NOT_MENTIONED,
                              .option = RT_NIL});
}

static void fill_field(rt_filler *w, uint32_t index)
{
    rt_slot slot = empty_slot(w, index);
    slot.findings.first = w->d->slot_findings.len;
    w->field = &w->t->fields[index];
    if (w->s.n > 0 || !needs_statements(w->field->from))
        rt_fill_value(w, &slot);
    RT_PUSH(w->c->perm, &w->d->slots, slot);
}

/* A field about an attribute asks for what the field before it asked for. */
static void fill_collected(rt_filler *w, uint32_t index)
{
    const rt_template_field *f = &w->t->fields[index];
    bool own = f->from == RT_FROM_DIMENSION || f->history; /* asks as no other does */
    if (own || (needs_statements(f->from) && w->collected != f->triggers)) {
        collect(w, index, f->history, f->summary);
        w->collected = own ? NULL : f->triggers;
    }
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

static bool is_asked(const rt_filler *w, uint32_t row)
{
    return (w->asks[row / 64] >> row % 64 & 1) != 0;
}

/* An item of which the report says nothing leaves no trace. */
static void fill_item(rt_filler *w, uint32_t group, uint32_t index)
{
    const rt_template_group *g = &w->t->groups[group];
    uint32_t slots = w->d->slots.len, evidence = w->d->slot_findings.len;
    rt_fill_item(w, g, &g->items[index]);
    w->collected = NULL;
    begin_instance(w, group, index + 1, index);
    for (uint32_t i = g->first; i < g->first + g->n_fields; i++)
        if (is_asked(w, i))
            fill_collected(w, i);
        else
            RT_PUSH(w->c->perm, &w->d->slots, empty_slot(w, i));
    if (!speaks(w->d, slots)) {
        w->d->slots.len = slots;
        w->d->slot_findings.len = evidence;
        w->d->instances.len = w->instance;
    }
}

static void fill_items(rt_filler *w, uint32_t group)
{
    const rt_template_group *g = &w->t->groups[group];
    for (uint32_t i = 0; i < g->n_items; i++)
        fill_item(w, group, i);
    for (uint32_t k = 0; k < w->words; k++)
        w->who[k].own = UINT64_MAX;
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
static void collect_beside(rt_filler *w, const rt_statements *lesion, uint32_t index)
{
    for (uint32_t i = 0; i < w->n_speak; i++)
        if (same_sentence(w, lesion, w->speak[i]) && rt_fill_speaks(w, index, i))
            rt_statement_add(&w->s, w->d, w->speak[i]);
}

static void fill_of_lesion(rt_filler *w, const rt_statements *lesion, uint32_t index)
{
    const rt_template_field *f = &w->t->fields[index];
    const rt_template_group *g = &w->t->groups[f->group];
    rt_statements_clear(&w->s);
    if (f->triggers != g->triggers)
        collect_beside(w, lesion, index);
    for (uint32_t i = 0; i < lesion->n && f->triggers == g->triggers; i++)
        rt_statement_add(&w->s, w->d, lesion->at[i]);
    fill_field(w, index);
}

static void fill_lesions(rt_filler *w, uint32_t group)
{
    const rt_template_group *g = &w->t->groups[group];
    rt_arena temp = w->c->temp;
    rt_statements *lesions =
        rt_arena_raw(&temp, RT_MAX_LESIONS, sizeof *lesions, _Alignof(rt_statements));
    if (lesions == NULL)
        return; /* full: the report is run again */
    collect(w, w->t->n_fields + group, false, false);
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
    if (w->t->groups[group].n_items > 0)
        fill_items(w, group);
    else
        fill_lesions(w, group);
    w->instance = RT_NIL;
}

/* ---- templates */

/* A group has its place among the fields: that of the first of its own. */
static void ask_groups(rt_filler *w)
{
    for (uint32_t i = 0; i < w->t->n_groups; i++) {
        uint32_t first = w->t->groups[i].first;
        if (is_asked(w, w->t->n_fields + i))
            w->asks[first / 64] |= UINT64_C(1) << first % 64;
    }
}

/* Returns the field to go on with. */
static uint32_t fill_at(rt_filler *w, uint32_t from, uint32_t index)
{
    uint32_t group = w->t->fields[index].group;
    if (index < from) /* of a group that is filled */
        return from;
    if (from < index)
        leave_empty(w, from, index);
    if (group != RT_NIL) {
        fill_group(w, group);
        return w->t->groups[group].first + w->t->groups[group].n_fields;
    }
    fill_collected(w, index);
    return index + 1;
}

static void fill_template(rt_filler *w, uint32_t index)
{
    uint32_t next = 0;
    w->template_index = index;
    w->t = rt_templates_at(w->c->know->templates, index);
    w->collected = NULL;
    if (!RT_ROOM(w->c->perm, &w->d->slots, w->t->n_fields) || !rt_fill_ask(w))
        return; /* full: the report is run again */
    ask_groups(w);
    for (uint32_t k = 0; k < w->t->index.words; k++)
        for (uint64_t left = w->asks[k]; left != 0; left &= left - 1) {
            uint32_t field = k * 64 + (uint32_t)__builtin_ctzll(left);
            if (field < w->t->n_fields)
                next = fill_at(w, next, field);
        }
    leave_empty(w, next, w->t->n_fields);
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
    w.mapped = RT_NEW(&c->temp, bool, d->sentences.len);
    w.texts = rt_arena_raw(&c->temp, RT_MAX_STATEMENTS, sizeof *w.texts, _Alignof(rt_str));
    choose_templates(c, d, c->temp);
    if (w.mapped == NULL || w.texts == NULL || !rt_fill_find_speakers(&w))
        return RT_OK; /* full: the report is run again */
    fill_template(&w, d->template_index);
    if (d->template_also != RT_NIL)
        fill_template(&w, d->template_also);
    find_unmapped(&w);
    return RT_OK;
}
