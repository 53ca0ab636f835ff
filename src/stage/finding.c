/* Stage finding: each observation with its assertion and its relations becomes a finding; each
 * normal statement becomes the absences that it implies (derived). Nothing that stands in advice or
 * under a condition is a finding.
 *
 * A side is taken from the nearest of: the form itself and the side words at it, its places, the
 * sub-heading, its list, the rest of its sentence, the title of a one-sided exam ("MRI LEFT KNEE").
 * Never from another sentence. */
#include "base/utf8.h"
#include "knowledge/between.h"
#include "stage/stage.h"

#include <math.h>

static const rt_concept *concept_of(const rt_ctx *c, const rt_doc *d, uint32_t mention)
{
    return &c->know->lexicon->concepts[d->mentions.at[mention].concept];
}

static uint8_t join_sides(uint8_t a, uint8_t b)
{
    if (a == RT_SIDE_NONE || a == RT_SIDE_MIDLINE || a == b)
        return b == RT_SIDE_NONE ? a : b;
    return b == RT_SIDE_NONE || b == RT_SIDE_MIDLINE ? a : RT_SIDE_BILATERAL;
}

static void add_place(rt_ctx *c, rt_doc *d, rt_finding *f, uint32_t mention)
{
    const rt_mention *m = &d->mentions.at[mention];
    RT_PUSH(c->perm, &d->places, (rt_place){rt_doc_span(d, m->at), m->concept, m->side});
    f->anatomy.count++;
}

/* What the places say; a place that holds another one has been made precise by it ("left upper lobe
 * in both lungs"). */
static uint8_t side_of_places(const rt_ctx *c, const rt_doc *d, const rt_finding *f)
{
    const rt_place *at = f->anatomy.count > 0 ? &d->places.at[f->anatomy.first] : NULL;
    uint8_t side = RT_SIDE_NONE;
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        bool whole = false;
        for (uint32_t k = 0; k < f->anatomy.count; k++)
        whole |= k != i && at[k].side != RT_SIDE_NONE && at[k].concept != at[i].concept &&
                 rt_lexicon_part_of(c->know->lexicon, at[k].concept, at[i].concept);
        if (!whole)
            side = join_sides(side, (uint8_t)at[i].side);
    }
    return side;
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
                                          : d->mentions.at[r->to].side);
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
    }
}

/* Longest reading of a hit within the mention by a concept of the type, of which its bit speaks. */
static const rt_hit *inner_hit(const rt_ctx *c, const rt_doc *d, const rt_mention *m,
                               const rt_hit *from, unsigned type, uint32_t *concept)
{
    const rt_lexicon *x = c->know->lexicon;
    const rt_hit *found = NULL;
    uint32_t reads = type == RT_TYPE_ANATOMY    ? RT_READS_ANATOMY
                     : type == RT_TYPE_SEVERITY ? RT_READS_SEVERITY
                                                : RT_READS_SIDE;
    for (const rt_hit *h = from; h < d->hits.at + d->hits.len && h->at.beg < m->at.end; h++) {
        if ((h->reads & reads) == 0 || h->at.end > m->at.end ||
            h->at.end - h->at.beg == m->at.end - m->at.beg ||
            (found && h->at.end - h->at.beg <= found->at.end - found->at.beg))
            continue;
        rt_range r = x->patterns[h->pattern].entries;
        for (uint32_t i = r.first; i < r.first + r.count; i++) {
            const rt_entry *e = &x->entries[i];
            if (e->kind != RT_ENTRY_CONCEPT || x->concepts[e->target].type != type ||
                e->require.count > 0 || e->flags & RT_FORM_CASED)
                continue;
            found = h;
            *concept = e->target;
            break;
        }
    }
    return found;
}

/* What the head phrase itself holds: the pleura of "pleural effusion", 略 of 略大. */
static void read_inside(rt_ctx *c, rt_doc *d, rt_finding *f, uint32_t *hit)
{
    const rt_mention *m = &d->mentions.at[f->mention];
    const rt_lexicon *x = c->know->lexicon;
    while (*hit < d->hits.len && d->hits.at[*hit].at.beg < m->at.beg)
        (*hit)++;
    const rt_hit *from = d->hits.at + *hit;
    uint32_t concept;
    const rt_hit *h = inner_hit(c, d, m, from, RT_TYPE_ANATOMY, &concept);
    if (h && !(x->concepts[concept].flags & RT_CONCEPT_GENERIC)) {
        RT_PUSH(c->perm, &d->places, (rt_place){rt_doc_span(d, h->at), concept, RT_SIDE_NONE});
        f->anatomy.count++;
    }
    h = f->severity == RT_SEVERITY_NONE ? inner_hit(c, d, m, from, RT_TYPE_SEVERITY, &concept)
                                        : NULL;
    if (h) {
        f->severity = x->concepts[concept].value;
        f->severity_at = rt_doc_span(d, h->at);
    }
    h = f->side == RT_SIDE_NONE ? inner_hit(c, d, m, from, RT_TYPE_SIDE, &concept) : NULL;
    if (h) {
        f->side = x->concepts[concept].value;
        f->side_at = rt_doc_span(d, h->at);
    }
}

/* Does a place make the finding's places more precise? A level of the spine does, beside any of
 * them. */
static bool adds(const rt_ctx *c, const rt_doc *d, const rt_finding *f, uint32_t place)
{
    const rt_lexicon *x = c->know->lexicon;
    bool level = x->concepts[place].flags & RT_CONCEPT_LEVEL;
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++) {
        uint32_t own = d->places.at[i].concept;
        if (level ? (x->concepts[own].flags & RT_CONCEPT_LEVEL) != 0
                  : !rt_lexicon_part_of(x, place, own))
            return false;
    }
    return true;
}

/* "Right kidney: cyst in the lower pole", which is a part of it or of what it is a kind of. */
static bool lies_within(const rt_ctx *c, const rt_doc *d, const rt_finding *f, uint32_t whole)
{
    const rt_lexicon *x = c->know->lexicon;
    rt_range kinds = x->concepts[whole].kinds; /* itself among them */
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++) {
        bool within = false;
        for (uint32_t k = kinds.first; k < kinds.first + kinds.count; k++)
            within = within || rt_lexicon_part_of(x, d->places.at[i].concept, x->links[k]);
        if (!within)
            return false;
    }
    return f->anatomy.count > 0;
}

/* Place and side from the sub-heading that governs the sentence ("LUNGS:", 肝脏:), if the sentence
 * names none, or only a part of it. */
static void inherit(rt_ctx *c, rt_doc *d, rt_finding *f)
{
    uint32_t heading = d->sentences.at[f->sentence].heading;
    uint8_t side = RT_SIDE_NONE;
    if (heading == RT_NIL)
        return;
    const rt_sentence *h = &d->sentences.at[heading];
    for (uint32_t m = rt_doc_first_mention_in(d, heading);
         m < d->mentions.len && d->mentions.at[m].at.end <= h->label.end; m++) {
        const rt_mention *n = &d->mentions.at[m];
        uint8_t stated = n->type == RT_TYPE_SIDE ? concept_of(c, d, m)->value : n->side;
        side = stated != RT_SIDE_NONE ? stated : side;
        if (f->side == RT_SIDE_NONE && f->anatomy.count == 0)
            f->side = stated;
        if (n->type != RT_TYPE_ANATOMY)
            continue;
        if (f->side == RT_SIDE_NONE && lies_within(c, d, f, n->concept))
            f->side = side;
        if (adds(c, d, f, n->concept)) {
            add_place(c, d, f, m);
            return;
        }
    }
}

/* A place of the midline, itself or as a part of one; a paired organ has sides wherever it lies
 * (the kidney in the retroperitoneum). */
static bool lies_midline(const rt_lexicon *x, uint32_t place)
{
    bool own = (x->concepts[place].flags & RT_CONCEPT_MIDLINE) != 0;
    return own || (rt_lexicon_flagged(x, place, RT_CONCEPT_MIDLINE) &&
                   !rt_lexicon_flagged(x, place, RT_CONCEPT_PAIRED));
}

static bool is_midline(const rt_ctx *c, const rt_doc *d, const rt_finding *f)
{
    const rt_lexicon *x = c->know->lexicon;
    bool any = rt_lexicon_flagged(x, f->concept, RT_CONCEPT_MIDLINE);
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++)
        any |= lies_midline(x, d->places.at[i].concept);
    return any;
}

/* Does a side word, or a place that has a side, stand in the name of another observation behind it
 * ("with bilateral effusions"), or is it the place of one before it ("invasion of the left
 * sinus")? */
static bool is_taken(const rt_ctx *c, const rt_doc *d, uint32_t m)
{
    const rt_between words = {c->know->lexicon, d};
    uint32_t sentence = d->mentions.at[m].sentence, last = m;
    for (uint32_t i = m + 1; i < d->mentions.len && d->mentions.at[i].sentence == sentence; i++) {
        rt_fspan gap = {d->mentions.at[last].at.end, d->mentions.at[i].at.beg};
        if (!rt_between_list(&words, gap, true) || rt_between_any(&words, gap, ","))
            break;
        if (rt_type_is_observation(d->mentions.at[i].type))
            return true;
        last = i;
    }
    if (d->mentions.at[m].type != RT_TYPE_ANATOMY)
        return false;
    for (uint32_t i = m; i-- > 0 && d->mentions.at[i].sentence == sentence;)
        if (rt_type_is_observation(d->mentions.at[i].type)) {
            rt_fspan gap = {d->mentions.at[i].at.end, d->mentions.at[i + 1].at.beg};
            return rt_between_relator(&words, gap, RT_RELATOR_PLACE) &&
                   !rt_between_any(&words, gap, ",;");
        }
    return false;
}

/* The nearest side that the sentence names before the finding, else behind it. What follows and is
 * said of another finding says nothing of this one ("hydrocephalus with bilateral effusions"). */
static uint8_t side_of_sentence(const rt_ctx *c, const rt_doc *d, const rt_finding *f)
{
    uint32_t first = rt_doc_first_mention_in(d, f->sentence);
    for (uint32_t m = f->mention; m-- > first;) {
        uint8_t side = d->mentions.at[m].type == RT_TYPE_SIDE ? concept_of(c, d, m)->value
                                                              : d->mentions.at[m].side;
        if (side != RT_SIDE_NONE && side != RT_SIDE_MIDLINE)
            return side;
    }
    for (uint32_t m = f->mention + 1;
         m < d->mentions.len && d->mentions.at[m].sentence == f->sentence; m++) {
        const rt_mention *n = &d->mentions.at[m];
        uint8_t side = n->type == RT_TYPE_SIDE ? concept_of(c, d, m)->value : n->side;
        if (side != RT_SIDE_NONE && side != RT_SIDE_MIDLINE)
            return rt_type_is_observation(n->type) || is_taken(c, d, m) ? RT_SIDE_NONE : side;
    }
    return RT_SIDE_NONE;
}

/* Regions of the body are compared by name; "general" is anywhere. */
static bool is_of_region(const rt_lexicon *x, uint32_t concept, rt_str region)
{
    rt_str of = rt_str_from(rt_lexicon_text(x, x->concepts[concept].region));
    return rt_str_eq(of, region) || rt_str_eq(of, RT_STR("general"));
}

/* The finding, or one of its places. */
static bool within_exam(const rt_ctx *c, const rt_doc *d, const rt_finding *f)
{
    const rt_lexicon *x = c->know->lexicon;
    rt_str exam = rt_str_from(rt_lexicon_text(x, d->exam.region));
    bool within = is_of_region(x, f->concept, exam);
    for (uint32_t i = f->anatomy.first; !within && i < f->anatomy.first + f->anatomy.count; i++)
        within = is_of_region(x, d->places.at[i].concept, exam);
    return within;
}

/* Does the form itself name its organ (心包|积液)? */
static bool names_organ(const rt_ctx *c, const rt_doc *d, const rt_finding *f)
{
    const rt_mention *m = &d->mentions.at[f->mention];
    uint32_t concept;
    const rt_hit *from = d->hits.at + rt_doc_first_hit(d, m->at.beg);
    return inner_hit(c, d, m, from, RT_TYPE_ANATOMY, &concept) != NULL;
}

/* A Chinese list shares its side and place: 右肺癌伴阻塞性炎症、肺不张. Only while no new place has
 * been named; what lies in the midline has no side (右肺癌,心包积液). */
static void inherit_list(const rt_ctx *c, rt_doc *d, rt_finding *f)
{
    if (d->findings.len == 0 || d->sentences.at[f->sentence].lang != RT_LANG_ZH)
        return;
    const rt_finding *before = &d->findings.at[d->findings.len - 1];
    bool new_place = f->anatomy.count > 0 && d->places.at[f->anatomy.first].at.beg > before->at.beg;
    if (before->derived || before->sentence != f->sentence || new_place || f->side != RT_SIDE_NONE)
        return;
    bool midline = rt_lexicon_flagged(c->know->lexicon, f->concept, RT_CONCEPT_MIDLINE);
    if (!midline)
        f->side = before->side;
    if (f->anatomy.count == 0 && !(midline && names_organ(c, d, f)))
        f->anatomy = before->anatomy;
}

/* Sizes stand in the sentence of the finding or in the next one. `from`: first measure of the
 * sentence. */
static void add_measures(rt_ctx *c, rt_doc *d, rt_finding *f, uint32_t *from)
{
    while (*from < d->measures.len && d->measures.at[*from].sentence < f->sentence)
        (*from)++;
    for (uint32_t i = *from; i < d->measures.len && d->measures.at[i].sentence <= f->sentence + 1;
         i++) {
        if (d->measures.at[i].mention != f->mention && d->measures.at[i].group != f->mention)
            continue;
        RT_PUSH(c->perm, &d->finding_measures, i);
        f->measures.count++;
    }
}

/* The largest diameter of the finding before or now; 0: none, or several to choose from. */
static double diameter(const rt_doc *d, const rt_finding *f, bool prior)
{
    double most = 0;
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        const rt_measure *v = &d->measures.at[d->finding_measures.at[i]];
        if (v->kind != RT_MEASURE_LENGTH || v->prior != prior)
            continue;
        if (most > 0 || !isnan(v->high))
            return 0;
        for (uint32_t k = 0; k < v->n; k++)
            most = v->value[k] > most ? v->value[k] : most;
    }
    return most;
}

/* "34 mm, now 21 mm": sizes tell the change where no word does and nobody would call it an error of
 * measurement. */
static void settle_change(const rt_doc *d, rt_finding *f)
{
    const double share = 0.2, least = 2; /* of the smaller one, mm */
    if (f->change != RT_CHANGE_NONE || f->presence != RT_PRESENCE_PRESENT || f->measures.count < 2)
        return;
    double was = diameter(d, f, true), now = diameter(d, f, false);
    double smaller = was < now ? was : now, grown = now - was;
    if (smaller > 0 && fabs(grown) >= least && fabs(grown) >= share * smaller)
        f->change = grown > 0 ? RT_CHANGE_INCREASED : RT_CHANGE_DECREASED;
}

static void settle_side(rt_ctx *c, rt_doc *d, rt_finding *f)
{
    bool zh = d->sentences.at[f->sentence].lang == RT_LANG_ZH; /* stage/chinese has read more */
    uint8_t places = side_of_places(c, d, f);
    if (f->side == RT_SIDE_NONE || (places == RT_SIDE_BILATERAL && !zh))
        f->side = places; /* "in both lungs, more on the left" */
    inherit(c, d, f);
    if (f->side == RT_SIDE_NONE)
        f->side = side_of_places(c, d, f);
    inherit_list(c, d, f);
    if (f->side != RT_SIDE_NONE || is_midline(c, d, f))
        return;
    if (!zh)
        f->side = side_of_sentence(c, d, f);
    if (f->side == RT_SIDE_NONE && within_exam(c, d, f))
        f->side = (uint8_t)d->exam.side;
}

/* The number that a hit stands for ("three"), else 0. */
static uint32_t number_of(const rt_lexicon *x, const rt_hit *h)
{
    if (!(h->reads & RT_READS(RT_ENTRY_QUANTIFIER)))
        return 0;
    rt_range r = x->patterns[h->pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_quantifier *q = &x->quantifiers[x->entries[i].target];
        if (x->entries[i].kind == RT_ENTRY_QUANTIFIER && q->meaning == RT_QUANTIFIER_NUMBER)
            return (uint32_t)q->number;
    }
    return 0;
}

/* "three small nodules": a number in words with nothing but modifiers behind it, and a plural. What
 * is written in digits may be a grade, a segment or an image. 0: none is stated. */
static uint32_t stated_count(const rt_ctx *c, const rt_doc *d, const rt_mention *m)
{
    enum { REACH = 40 };
    const rt_between words = {c->know->lexicon, d};
    rt_str t = d->text.folded;
    uint32_t beg = d->sentences.at[m->sentence].at.beg;
    if (d->sentences.at[m->sentence].lang == RT_LANG_ZH || t.ptr[m->at.end - 1] != 's')
        return 0;
    for (uint32_t i = rt_doc_first_hit(d, m->at.beg); i-- > 0;) {
        const rt_hit *h = &d->hits.at[i];
        if (h->at.beg < beg || h->at.beg + REACH < m->at.beg)
            return 0;
        uint32_t n = h->at.end < m->at.beg ? number_of(words.lexicon, h) : 0;
        rt_fspan gap = {h->at.end, m->at.beg};
        if (n > 1)
            return rt_between_list(&words, gap, true) && !rt_between_any(&words, gap, ",-/(") ? n
                                                                                              : 0;
    }
    return 0;
}

typedef struct cursor { /* where the walk along sorted lists stands */
    uint32_t relation, hit, measure;
} cursor;

static void push_finding(rt_ctx *c, rt_doc *d, uint32_t m, cursor *at)
{
    uint32_t *r = &at->relation;
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
                    .count = stated_count(c, d, mention),
                    .anatomy = {d->places.len, 0},
                    .modifiers = {d->modifiers.len, 0},
                    .measures = {d->finding_measures.len, 0},
                    .suggests = {d->suggests.len, 0}};
    if (a->cue != RT_NIL)
        f.cue = rt_doc_span(d, d->cues.at[a->cue].at);
    for (; *r < d->relations.len && d->relations.at[*r].from == m; (*r)++)
        add_relation(c, d, &f, &d->relations.at[*r]);
    add_measures(c, d, &f, &at->measure);
    settle_change(d, &f);
    bool zh = d->sentences.at[f.sentence].lang == RT_LANG_ZH;
    if (zh) /* an organ within the term is no new place: 右肺上叶结节,胸膜牵拉 */
        settle_side(c, d, &f);
    read_inside(c, d, &f, &at->hit);
    if (!zh)
        settle_side(c, d, &f);
    if (f.presence == RT_PRESENCE_ABSENT) { /* "no severe stenosis" does not call it severe */
        f.severity = RT_SEVERITY_NONE;
        f.count = 0;
    }
    RT_PUSH(c->perm, &d->findings, f);
}

/* Where the i-th absence of a normal statement is denied: of as many places as absences each has
 * its own (胰腺、脾脏), a single absence has all, others have the first. */
static void push_denied_places(rt_ctx *c, rt_doc *d, const rt_normal *n, uint32_t i, rt_finding *f)
{
    rt_range at = n->anatomy;
    if (at.count == n->absent.count)
        at = (rt_range){at.first + i, 1};
    else if (n->absent.count > 1 && at.count > 1)
        at.count = 1;
    for (uint32_t k = at.first; k < at.first + at.count; k++)
        RT_PUSH(c->perm, &d->places, (rt_place){f->at, c->know->lexicon->links[k], RT_SIDE_NONE});
    f->anatomy.count = at.count;
}

/* L5/S1 right before 椎间盘未见突出: a part of what the statement is of, which it is meant of
 * alone. */
static void narrow_place(const rt_lexicon *x, const rt_doc *d, const rt_normal_hit *h,
                         uint32_t next, rt_place *place)
{
    const rt_mention *m = next > 0 ? &d->mentions.at[next - 1] : NULL;
    if (!m || m->at.end != h->at.beg || m->sentence != h->sentence || m->type != RT_TYPE_ANATOMY ||
        m->concept == place->concept || !rt_lexicon_part_of(x, m->concept, place->concept))
        return;
    *place = (rt_place){rt_doc_span(d, m->at), m->concept, m->side};
}

/* What a normal statement denies. In a request or a history it denies nothing. next: the mention
 * behind its begin. */
static void push_normal(rt_ctx *c, rt_doc *d, const rt_normal_hit *h, uint32_t next)
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
        push_denied_places(c, d, n, i - n->absent.first, &f);
        if (f.anatomy.count == 1)
            narrow_place(x, d, h, next, &d->places.at[f.anatomy.first]);
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
    uint32_t normal, intact; /* the next ones */
} statements;

/* Anatomy that is called normal shows no abnormality; that is normal in size is not enlarged. */
static void push_whole(rt_ctx *c, rt_doc *d, statements *s)
{
    const rt_lexicon *x = c->know->lexicon;
    const rt_intact *i = &d->intacts.at[s->intact];
    if (!i->size_only) {
        push_intact(c, d, i, x->abnormality);
        return;
    }
    push_intact(c, d, i, x->enlargement);
    push_intact(c, d, i, x->dilatation);
}

/* next: the mention that stands there */
static void push_statements(rt_ctx *c, rt_doc *d, statements *s, uint32_t before, uint32_t next)
{
    for (;;) {
        uint32_t n = s->normal < d->normals.len ? d->normals.at[s->normal].at.beg : RT_NIL;
        uint32_t i = s->intact < d->intacts.len ? d->intacts.at[s->intact].at.beg : RT_NIL;
        if (n >= before && i >= before)
            return;
        if (n <= i)
            push_normal(c, d, &d->normals.at[s->normal++], next);
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
    cursor at = {0, 0, 0};
    statements s = {0, 0};
    for (uint32_t m = 0; m < d->mentions.len && m < d->assertions.len; m++) {
        push_statements(c, d, &s, d->mentions.at[m].at.beg, m);
        if (rt_type_is_observation(d->mentions.at[m].type))
            push_finding(c, d, m, &at);
    }
    push_statements(c, d, &s, RT_NIL, d->mentions.len);
    link_findings(c, d);
    return RT_OK;
}
