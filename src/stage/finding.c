/* Stage finding: each observation with its assertion and its relations becomes a finding; each
 * normal statement becomes the absences that it implies (derived). Nothing that stands in advice or
 * under a condition is a finding. */
#include "base/utf8.h"
#include "stage/stage.h"

static const rt_concept *concept_of(const rt_ctx *c, const rt_doc *d, uint32_t mention)
{
    return &c->know->lexicon->concepts[d->mentions.at[mention].concept];
}

static uint8_t join_sides(uint8_t a, uint8_t b)
{
    if (a == RT_SIDE_NONE || a == b)
        return b;
    if (b == RT_SIDE_NONE)
        return a;
    if (a == RT_SIDE_MIDLINE || b == RT_SIDE_MIDLINE)
        return a == RT_SIDE_MIDLINE ? b : a;
    return RT_SIDE_BILATERAL;
}

/* Side of an anatomy: its own form, else a side word directly before it (左 侧 胸膜). */
static uint8_t place_side(const rt_ctx *c, const rt_doc *d, uint32_t place)
{
    const rt_mention *m = &d->mentions.at[place];
    if (m->side != RT_SIDE_NONE || place == 0)
        return m->side;
    const rt_mention *before = m - 1;
    if (before->sentence != m->sentence || before->type != RT_TYPE_SIDE ||
        before->at.end + 3 < m->at.beg)
        return RT_SIDE_NONE;
    return concept_of(c, d, place - 1)->value;
}

static void add_place(rt_ctx *c, rt_doc *d, rt_finding *f, uint32_t mention)
{
    uint8_t side = place_side(c, d, mention);
    RT_PUSH(c->perm, &d->places,
            (rt_place){rt_doc_span(d, d->mentions.at[mention].at), d->mentions.at[mention].concept,
                       side});
    f->anatomy.count++;
    if (f->side == RT_SIDE_NONE)
        f->side = side;
}

static void add_relation(rt_ctx *c, rt_doc *d, rt_finding *f, const rt_relation *r)
{
    switch ((rt_relation_kind)r->kind) {
    case RT_REL_LOCATED_AT:
        add_place(c, d, f, r->to);
        break;
    case RT_REL_SIDE:
        if (d->mentions.at[r->from].side != RT_SIDE_NONE)
            break; /* stated by the form itself */
        f->side = join_sides(f->side, d->mentions.at[r->to].type == RT_TYPE_SIDE
                                          ? concept_of(c, d, r->to)->value
                                          : place_side(c, d, r->to));
        f->side_at = rt_doc_span(d, d->mentions.at[r->to].at);
        break;
    case RT_REL_SEVERITY:
        f->severity = concept_of(c, d, r->to)->value;
        f->severity_at = rt_doc_span(d, d->mentions.at[r->to].at);
        break;
    case RT_REL_MODIFIED_BY:
        RT_PUSH(
            c->perm, &d->modifiers,
            (rt_modifier){rt_doc_span(d, d->mentions.at[r->to].at), d->mentions.at[r->to].concept});
        f->modifiers.count++;
        break;
    case RT_REL_MEASURED_BY:
        RT_PUSH(c->perm, &d->finding_measures, r->to);
        f->measures.count++;
        break;
    }
}

/* First mention of a sentence or behind it. */
static uint32_t first_mention(const rt_doc *d, uint32_t sentence)
{
    uint32_t lo = 0, hi = d->mentions.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->mentions.at[mid].sentence < sentence)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Place and side from the sub-heading that governs the sentence ("LUNGS:", 肝脏:), if the sentence
 * names none. */
static void inherit(rt_ctx *c, rt_doc *d, rt_finding *f)
{
    uint32_t heading = d->sentences.at[f->sentence].heading;
    if (f->anatomy.count > 0 || heading == RT_NIL)
        return;
    const rt_sentence *h = &d->sentences.at[heading];
    for (uint32_t m = first_mention(d, heading);
         m < d->mentions.len && d->mentions.at[m].at.end <= h->label.end; m++) {
        if (d->mentions.at[m].type == RT_TYPE_ANATOMY) {
            add_place(c, d, f, m);
            return;
        }
    }
}

/* A Chinese list shares its side and place: 右肺癌伴阻塞性炎症、肺不张. Only while no new place has
 * been named. */
static void inherit_list(rt_doc *d, rt_finding *f)
{
    if (d->findings.len == 0 || d->sentences.at[f->sentence].lang != RT_LANG_ZH)
        return;
    const rt_finding *before = &d->findings.at[d->findings.len - 1];
    bool new_place = f->anatomy.count > 0 && d->places.at[f->anatomy.first].at.beg > before->at.beg;
    if (before->derived || before->sentence != f->sentence || new_place || f->side != RT_SIDE_NONE)
        return;
    f->side = before->side;
    if (f->anatomy.count == 0)
        f->anatomy = before->anatomy;
}

/* First hit that starts at or behind `beg`. */
static uint32_t first_hit(const rt_doc *d, uint32_t beg)
{
    uint32_t lo = 0, hi = d->hits.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (d->hits.at[mid].at.beg < beg)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* A degree within the form itself: 淋巴结稍大, 少量积液. */
static void inner_severity(rt_ctx *c, const rt_doc *d, rt_finding *f, rt_fspan at)
{
    const rt_lexicon *x = c->know->lexicon;
    for (uint32_t i = first_hit(d, at.beg); i < d->hits.len && d->hits.at[i].at.beg < at.end; i++) {
        if (!(d->hits.at[i].reads & RT_READS_SEVERITY))
            continue;
        rt_range r = x->patterns[d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; d->hits.at[i].at.end <= at.end && k < r.first + r.count; k++) {
            if (x->entries[k].kind != RT_ENTRY_CONCEPT ||
                x->concepts[x->entries[k].target].type != RT_TYPE_SEVERITY)
                continue;
            f->severity = x->concepts[x->entries[k].target].value;
            f->severity_at = rt_doc_span(d, d->hits.at[i].at);
            return;
        }
    }
}

static void push_finding(rt_ctx *c, rt_doc *d, uint32_t m, uint32_t *r)
{
    const rt_mention *mention = &d->mentions.at[m];
    const rt_assertion *a = &d->assertions.at[m];
    while (*r < d->relations.len && d->relations.at[*r].from < m)
        (*r)++;
    if (a->advised || a->temporality == RT_TEMPORALITY_CONDITIONAL)
        return;
    rt_finding f = {.at = rt_doc_span(d, mention->at),
                    .concept = mention->concept,
                    .mention = m,
                    .sentence = mention->sentence,
                    .section = d->sentences.at[mention->sentence].section,
                    .presence = a->presence,
                    .temporality = a->temporality,
                    .experiencer = a->experiencer,
                    .change = a->change,
                    .side = mention->side,
                    .anatomy = {d->places.len, 0},
                    .modifiers = {d->modifiers.len, 0},
                    .measures = {d->finding_measures.len, 0},
                    .suggests = {d->suggests.len, 0}};
    if (a->cue != RT_NIL)
        f.cue = rt_doc_span(d, d->cues.at[a->cue].at);
    for (; *r < d->relations.len && d->relations.at[*r].from == m; (*r)++)
        add_relation(c, d, &f, &d->relations.at[*r]);
    if (f.severity == RT_SEVERITY_NONE && d->sentences.at[f.sentence].lang == RT_LANG_ZH)
        inner_severity(c, d, &f, mention->at);
    inherit(c, d, &f);
    inherit_list(d, &f);
    RT_PUSH(c->perm, &d->findings, f);
}

/* What a normal statement denies. In a request or a history it denies nothing. */
static void push_normal(rt_ctx *c, rt_doc *d, const rt_normal_hit *h)
{
    const rt_lexicon *x = c->know->lexicon;
    const rt_normal *n = &x->normals[h->normal];
    uint32_t section = d->sentences.at[h->sentence].section;
    unsigned type = d->sections.at[section].type;
    if (type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL || type == RT_SECTION_COMPARISON)
        return;
    rt_span at = rt_doc_span(d, h->at);
    for (uint32_t i = n->absent.first; i < n->absent.first + n->absent.count; i++) {
        rt_finding f = {.at = at,
                        .concept = x->links[i],
                        .mention = RT_NIL,
                        .sentence = h->sentence,
                        .section = section,
                        .presence = RT_PRESENCE_ABSENT,
                        .derived = true,
                        .anatomy = {d->places.len, 0},
                        .modifiers = {d->modifiers.len, 0},
                        .measures = {d->finding_measures.len, 0},
                        .suggests = {d->suggests.len, 0}};
        if (n->anatomy.count > 0) {
            RT_PUSH(c->perm, &d->places, (rt_place){at, x->links[n->anatomy.first], RT_SIDE_NONE});
            f.anatomy.count = 1;
        }
        RT_PUSH(c->perm, &d->findings, f);
    }
}

static void push_intact(rt_ctx *c, rt_doc *d, const rt_intact *i, uint32_t absent)
{
    if (absent == RT_NIL)
        return;
    rt_span at = rt_doc_span(d, i->at);
    rt_finding f = {.at = at,
                    .concept = absent,
                    .mention = RT_NIL,
                    .sentence = i->sentence,
                    .section = d->sentences.at[i->sentence].section,
                    .presence = RT_PRESENCE_ABSENT,
                    .side = (uint8_t)i->side,
                    .derived = true,
                    .anatomy = {d->places.len, 1},
                    .modifiers = {d->modifiers.len, 0},
                    .measures = {d->finding_measures.len, 0},
                    .suggests = {d->suggests.len, 0}};
    RT_PUSH(c->perm, &d->places, (rt_place){at, i->concept, i->side});
    RT_PUSH(c->perm, &d->findings, f);
}

/* Normal statements that begin before a place in the text, or all that are left. */
typedef struct statements {
    uint32_t normal, intact;                       /* the next ones */
    uint32_t abnormality, enlargement, dilatation; /* concepts; RT_NIL: the lexicon has none */
} statements;

/* Anatomy that is called normal shows no abnormality; that is normal in size is not enlarged. */
static void push_whole(rt_ctx *c, rt_doc *d, const statements *s)
{
    const rt_intact *i = &d->intacts.at[s->intact];
    if (!i->size_only) {
        push_intact(c, d, i, s->abnormality);
        return;
    }
    push_intact(c, d, i, s->enlargement);
    push_intact(c, d, i, s->dilatation);
}

static void push_statements(rt_ctx *c, rt_doc *d, statements *s, uint32_t before)
{
    for (;;) {
        uint32_t n = s->normal < d->normals.len ? d->normals.at[s->normal].at.beg : RT_NIL;
        uint32_t i = s->intact < d->intacts.len ? d->intacts.at[s->intact].at.beg : RT_NIL;
        if (n >= before && i >= before)
            return;
        if (n <= i)
            push_normal(c, d, &d->normals.at[s->normal++]);
        else {
            push_whole(c, d, s);
            s->intact++;
        }
    }
}

/* "opacity, likely pneumonia": an explaining finding hangs on the one before it in the sentence. */
static void link_findings(rt_ctx *c, rt_doc *d)
{
    for (uint32_t i = 1; i < d->findings.len; i++) {
        rt_finding *f = &d->findings.at[i], *before = f - 1;
        if (f->derived || before->derived || f->sentence != before->sentence)
            continue;
        if (d->assertions.at[f->mention].link == RT_LINK_SUGGESTS && before->suggests.count == 0) {
            before->suggests = (rt_range){d->suggests.len, 1};
            RT_PUSH(c->perm, &d->suggests, i);
        }
    }
}

rt_code rt_stage_finding(rt_ctx *c, rt_doc *d)
{
    uint32_t r = 0;
    statements s = {0, 0, RT_NIL, RT_NIL, RT_NIL};
    (void)rt_lexicon_by_name(c->know->lexicon, RT_STR("abnormality"), &s.abnormality);
    (void)rt_lexicon_by_name(c->know->lexicon, RT_STR("enlargement"), &s.enlargement);
    (void)rt_lexicon_by_name(c->know->lexicon, RT_STR("dilatation"), &s.dilatation);
    for (uint32_t m = 0; m < d->mentions.len && m < d->assertions.len; m++) {
        push_statements(c, d, &s, d->mentions.at[m].at.beg);
        if (rt_type_is_observation(d->mentions.at[m].type))
            push_finding(c, d, m, &r);
    }
    push_statements(c, d, &s, RT_NIL);
    link_findings(c, d);
    return RT_OK;
}
