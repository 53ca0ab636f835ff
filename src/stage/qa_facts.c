/* What stage qa knows of the sentences and of the findings: see qa.h. */
#include "stage/qa.h"

enum {
    MAX_FACTS = 400, /* of one report that are compared; more is no report that a person reads */
    MAX_TITLE = 100, /* bytes */
    LEVEL_WORD = 6,  /* bytes between a level and what lies there: "T6水平脊髓" */
    FEW = 8,         /* sided places beside the findings, as a rule */
};

/* ---- parts of the report */

/* What stands before the first heading: the title of the report if it is one short line without a
 * full stop; what it is otherwise, when the findings have a heading of their own, nobody knows. */
static rt_qa_part part_of_first(const rt_qa *q)
{
    const rt_section *s = &q->d->sections.at[0];
    if (s->heading.beg < s->heading.end || q->d->sections.len == 1)
        return RT_QA_BODY;
    rt_str text = rt_str_trim(rt_text_fslice(&q->d->text, s->at));
    if (text.len <= MAX_TITLE && !rt_str_find(text, RT_STR("."), NULL) &&
        !rt_str_find(text, RT_STR("。"), NULL) && !rt_str_find(text, RT_STR("\n"), NULL))
        return RT_QA_HISTORY;
    for (uint32_t i = 1; i < q->d->sections.len; i++)
        if (q->d->sections.at[i].type == RT_SECTION_FINDINGS)
            return RT_QA_NOWHERE;
    return RT_QA_BODY;
}

static rt_qa_part part_of(const rt_qa *q, uint32_t section)
{
    switch ((rt_section_type)q->d->sections.at[section].type) {
    case RT_SECTION_REQUEST:
    case RT_SECTION_CLINICAL:
        return RT_QA_HISTORY;
    case RT_SECTION_FINDINGS:
        return section == 0 ? part_of_first(q) : RT_QA_BODY;
    case RT_SECTION_IMPRESSION:
        return RT_QA_IMPRESSION;
    case RT_SECTION_ADDENDUM:
        return RT_QA_ADDENDUM;
    case RT_SECTION_TECHNIQUE:
    case RT_SECTION_COMPARISON:
    case RT_SECTION_RECOMMENDATION:
    case RT_SECTION_COMMUNICATION:
    case RT_SECTION_OTHER:
    case RT_SECTION_END:
        break;
    }
    return RT_QA_NOWHERE;
}

/* ---- sentences */

static uint32_t read_mentions(const rt_qa *q, uint32_t sentence, uint32_t from)
{
    const rt_mention *mentions = q->d->mentions.at;
    uint32_t i = from, n = q->d->mentions.len, sided = RT_NIL;
    uint8_t side = RT_SIDE_NONE;
    for (; i < n && mentions[i].sentence == sentence; i++) {
        uint8_t here = rt_qa_side_of(q, &mentions[i]);
        if (here == RT_SIDE_NONE)
            continue;
        side = sided == RT_NIL || here == side ? here : (uint8_t)RT_SIDE_NONE;
        sided = sided == RT_NIL ? i : sided;
    }
    rt_qa_sentence *s = &q->sentences[sentence];
    s->mentions = (rt_range){from, i - from};
    s->sided = sided;
    s->side = side;
    return i;
}

static uint32_t read_cues(const rt_qa *q, uint32_t sentence, uint32_t from)
{
    const rt_cue_hit *cues = q->d->cues.at;
    uint32_t i = from, n = q->d->cues.len, bits = 0;
    for (; i < n && cues[i].sentence == sentence; i++)
        bits |= 1U << q->lex->cues[cues[i].cue].category;
    q->sentences[sentence].cued = bits;
    return i;
}

bool rt_qa_read_sentences(rt_qa *q)
{
    uint32_t mention = 0, cue = 0;
    q->parts = RT_NEW(&q->c->temp, uint8_t, q->d->sections.len);
    q->sentences = RT_NEW(&q->c->temp, rt_qa_sentence, q->d->sentences.len);
    if (!q->parts || !q->sentences)
        return false;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        q->parts[i] = (uint8_t)part_of(q, i);
    for (uint32_t i = 0; i < q->d->sentences.len; i++) {
        q->sentences[i].part = q->parts[q->d->sentences.at[i].section];
        mention = read_mentions(q, i, mention);
        cue = read_cues(q, i, cue);
    }
    return true;
}

/* ---- facts */

static void size_fact(const rt_qa *q, rt_qa_fact *fact, const rt_finding *f)
{
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        uint32_t measure = q->d->finding_measures.at[i];
        const rt_measure *m = &q->d->measures.at[measure];
        for (uint32_t k = 0; m->kind == RT_MEASURE_LENGTH && !m->prior && k < m->n; k++) {
            double v = m->high > m->value[k] ? m->high : m->value[k];
            if (v <= fact->size)
                continue;
            fact->size = v;
            fact->measure = measure;
        }
    }
}

/* What its modifiers say: bits of rt_qa_set. */
static uint64_t modifier_sets(const rt_qa *q, const rt_finding *f)
{
    uint64_t sets = 0;
    for (uint32_t i = f->modifiers.first; i < f->modifiers.first + f->modifiers.count; i++)
        sets |= q->about[q->d->modifiers.at[i].concept].sets;
    return sets;
}

static uint8_t acuity_of(uint64_t sets)
{
    bool acute = sets >> RT_QA_SET_ACUTE & 1U, old = sets >> RT_QA_SET_OLD & 1U;
    return acute == old ? RT_QA_ANY_AGE : acute ? RT_QA_ACUTE : RT_QA_OLD;
}

/* "Large effusion" is severe, "small" mild: sizes of what has no shape. */
static uint8_t severity_of(const rt_finding *f, uint64_t sets, uint64_t modifiers)
{
    if (f->severity != RT_SEVERITY_NONE || !(sets >> RT_QA_SET_AMOUNT & 1U))
        return f->severity;
    uint64_t all = sets | modifiers;
    bool little = all >> RT_QA_SET_LITTLE & 1U, much = all >> RT_QA_SET_MUCH & 1U;
    return little == much ? RT_SEVERITY_NONE : little ? RT_SEVERITY_MILD : RT_SEVERITY_SEVERE;
}

/* "Now 7 mm, was 12 mm": what the two sizes say where no word says it. */
static uint8_t change_of(const rt_qa *q, const rt_finding *f)
{
    rt_span at;
    if (f->change != RT_CHANGE_NONE || f->measures.count != 2)
        return f->change;
    double now = rt_qa_largest(q, f, false, &at), before = rt_qa_largest(q, f, true, &at);
    double slack = rt_checks_param(q->checks, RT_QA_PARAM_SIZE_SLACK);
    if (now == 0 || before == 0)
        return f->change;
    if (now == before && f->change == RT_CHANGE_NONE)
        return RT_CHANGE_STABLE;
    return now > before * slack   ? RT_CHANGE_INCREASED
           : before > now * slack ? RT_CHANGE_DECREASED
                                  : f->change;
}

/* The place right behind a level in front: "cord at T6", T6水平脊髓. The level says how high. */
static bool tells_level(const rt_qa *q, const rt_place *a, const rt_place *b)
{
    return rt_qa_concept_in(q, a->concept, RT_QA_SET_LEVEL) &&
           !rt_qa_concept_in(q, b->concept, RT_QA_SET_LEVEL) && !rt_qa_anywhere(q, b->concept) &&
           q->about[a->concept].region == q->about[b->concept].region && a->at.end <= b->at.beg &&
           b->at.beg - a->at.end <= LEVEL_WORD;
}

/* The first place that is of one organ alone; the last one if none is. */
static uint32_t main_place(const rt_qa *q, const rt_finding *f)
{
    const rt_place *p = q->d->places.at + f->anatomy.first, *end = p + f->anatomy.count;
    while (p + 1 < end && (rt_qa_anywhere(q, p->concept) || tells_level(q, p, p + 1)))
        p++;
    return p->concept;
}

/* For a list of n records, as a rule no more. */
static void *room_for(rt_qa *q, uint32_t n, size_t size, uint32_t *cap)
{
    void *p = rt_arena_raw(&q->c->temp, n, size, _Alignof(max_align_t));
    *cap = p ? n : 0;
    return p;
}

/* Organ and region of the first place that has any, unless the finding has its own. */
static void place_fact(const rt_qa *q, rt_qa_fact *fact, rt_range anatomy)
{
    for (uint32_t p = anatomy.first; p < anatomy.first + anatomy.count; p++) {
        const rt_checked_concept *about = &q->about[q->d->places.at[p].concept];
        fact->organ = fact->organ == 0 ? about->organ : fact->organ;
        fact->region = fact->region == 0 ? about->region : fact->region;
    }
}

static void add_finding(rt_qa *q, uint32_t i, const rt_qa_sentence *s, bool lends)
{
    const rt_finding *f = &q->d->findings.at[i];
    const rt_checked_concept *about = &q->about[f->concept];
    uint64_t modifiers = modifier_sets(q, f);
    rt_qa_fact fact = {.finding = i,
                       .concept = f->concept,
                       .sentence = f->sentence,
                       .place = RT_NIL,
                       .part = q->parts[f->section],
                       .side = f->side,
                       .organ = about->organ, /* hydronephrosis by a ureter */
                       .presence = f->presence,
                       .severity = severity_of(f, about->sets, modifiers),
                       .change = f->change,
                       .acuity = acuity_of(about->sets | modifiers),
                       .current = f->temporality == RT_TEMPORALITY_CURRENT,
                       .derived = f->derived,
                       .count = f->count,
                       .sets = about->sets};
    if (f->anatomy.count > 0) {
        fact.place = main_place(q, f);
        place_fact(q, &fact, f->anatomy);
    }
    fact.region = fact.region == 0 ? about->region : fact.region;
    if (f->measures.count > 0) {
        size_fact(q, &fact, f);
        fact.change = change_of(q, f);
    }
    if (fact.side == RT_SIDE_NONE && lends) {
        fact.side = s->side;
        fact.lent = true;
    }
    RT_PUSH(&q->c->temp, &q->facts, fact);
}

/* Both are denied by one normal statement, of one place. */
static bool of_one_statement(const rt_qa *q, const rt_finding *a, const rt_finding *b)
{
    return a->derived && b->derived && a->at.beg == b->at.beg && a->at.end == b->at.end &&
           a->side == b->side && a->anatomy.count == 1 && b->anatomy.count == 1 &&
           q->d->places.at[a->anatomy.first].concept == q->d->places.at[b->anatomy.first].concept;
}

/* One more thing that the statement of the last fact denies. */
static void add_denied(rt_qa *q, uint32_t i)
{
    const rt_checked_concept *about = &q->about[q->d->findings.at[i].concept];
    rt_qa_fact fact = q->facts.at[q->facts.len - 1];
    const rt_checked_concept *place = &q->about[fact.place];
    fact.finding = i;
    fact.concept = q->d->findings.at[i].concept;
    fact.severity = severity_of(&q->d->findings.at[i], about->sets, 0);
    fact.acuity = acuity_of(about->sets);
    fact.sets = about->sets;
    fact.organ = about->organ != 0 ? about->organ : place->organ;
    fact.region = place->region != 0 ? place->region : about->region;
    RT_PUSH(&q->c->temp, &q->facts, fact);
}

/* A sentence with a side, but without a finding. */
static void add_sided_place(rt_qa *q, uint32_t sentence)
{
    const rt_qa_sentence *s = &q->sentences[sentence];
    if (s->side != RT_SIDE_LEFT && s->side != RT_SIDE_RIGHT)
        return;
    rt_qa_fact place = {.finding = RT_NIL,
                        .sentence = sentence,
                        .place = RT_NIL,
                        .part = s->part,
                        .side = s->side,
                        .current = true};
    for (uint32_t i = s->mentions.first; i < s->mentions.first + s->mentions.count; i++)
        if (q->d->mentions.at[i].type == RT_TYPE_ANATOMY) {
            uint32_t concept = q->d->mentions.at[i].concept;
            const rt_checked_concept *about = &q->about[concept];
            place.place = rt_qa_anywhere(q, place.place) ? concept : place.place;
            place.organ = place.organ == 0 ? about->organ : place.organ;
            place.region = place.region == 0 ? about->region : place.region;
        }
    if (place.place == RT_NIL)
        return; /* "left lateral view" */
    place.concept = place.place;
    place.sets = q->about[place.concept].sets;
    RT_PUSH(&q->c->temp, &q->facts, place);
}

/* The only finding of a sentence takes the side that the sentence speaks of, wherever it stands; so
 * does one normal statement, which may imply many things ("the left lung is clear"), and all that
 * is denied when nothing in the sentence has a side ("left cortex intact, no fracture"). */
static bool lends_side(const rt_qa *q, rt_range findings)
{
    const rt_finding *first = &q->d->findings.at[findings.first];
    bool one = true, denied = true;
    for (uint32_t i = 0; i < findings.count; i++) {
        one = one && first[i].derived && first[i].at.beg == first->at.beg;
        denied = denied && first[i].presence == RT_PRESENCE_ABSENT && first[i].side == RT_SIDE_NONE;
    }
    return findings.count == 1 || one || denied;
}

static void gather_sentence(rt_qa *q, uint32_t sentence, rt_range findings)
{
    if (findings.count == 0) {
        add_sided_place(q, sentence);
        return;
    }
    const rt_qa_sentence *s = &q->sentences[sentence];
    bool lends = s->side != RT_SIDE_NONE && lends_side(q, findings);
    const rt_finding *f = &q->d->findings.at[findings.first];
    for (uint32_t i = 0; i < findings.count; i++)
        if (i > 0 && q->facts.len > 0 && of_one_statement(q, &f[i - 1], &f[i]))
            add_denied(q, findings.first + i);
        else if (f[i].experiencer == RT_EXPERIENCER_PATIENT)
            add_finding(q, findings.first + i, s, lends);
}

/* Findings are sorted by sentence. */
void rt_qa_gather_facts(rt_qa *q)
{
    const rt_finding *findings = q->d->findings.at;
    uint32_t f = 0, n = q->d->findings.len;
    q->facts.at =
        room_for(q, n < MAX_FACTS ? n + FEW : MAX_FACTS, sizeof *q->facts.at, &q->facts.cap);
    for (uint32_t s = 0; s < q->d->sentences.len && q->facts.len < MAX_FACTS; s++) {
        rt_range r = {f, 0};
        while (f < n && findings[f].sentence <= s)
            f++;
        r.count = f - r.first;
        gather_sentence(q, s, r);
    }
    if (q->facts.len >= MAX_FACTS)
        rt_doc_issue(q->c->perm, q->d, RT_ISSUE_TOO_MANY, RT_QA_NONE,
                     RT_STR("findings that are compared"));
}

/* ---- sided places that are normal */

/* The sentence calls something normal, or denies something. */
static bool is_normal(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_cued(q, sentence, RT_CUE_NORMAL) || rt_qa_cued(q, sentence, RT_CUE_ABSENT) ||
           rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

/* "Signal in the right femoral head, no collapse": what is denied comes behind a comma, the place
 * stands before it. */
static bool denied_behind(const rt_qa *q, uint32_t sentence, uint32_t place_end)
{
    uint32_t i = rt_doc_first_cue_in(q->d, sentence);
    for (; i < q->d->cues.len && q->d->cues.at[i].sentence == sentence; i++) {
        const rt_cue_hit *c = &q->d->cues.at[i];
        unsigned category = q->lex->cues[c->cue].category;
        if (category != RT_CUE_ABSENT && category != RT_CUE_NORMAL)
            continue;
        if (category == RT_CUE_NORMAL || c->at.beg < place_end ||
            !memchr(q->d->text.folded.ptr + place_end, ',', c->at.beg - place_end))
            return false;
    }
    return !rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

static uint32_t place_end(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_sentence *s = &q->sentences[sentence];
    uint32_t end = q->d->mentions.at[s->sided].at.end;
    for (uint32_t i = s->mentions.first; i < s->mentions.first + s->mentions.count; i++)
        if (q->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            end = q->d->mentions.at[i].at.end;
    return end;
}

/* "Nodule in the left lobe", where the exam is of one organ alone: of that. */
static void lend_organ(const rt_qa *q, rt_qa_fact *f)
{
    uint64_t organs = q->exam.organs;
    if (f->organ != 0 || f->finding == RT_NIL || f->part < RT_QA_BODY ||
        !rt_qa_is(f, RT_QA_SET_FOCAL) || !rt_qa_anywhere(q, f->place) || organs == 0 ||
        (organs & (organs - 1)) != 0)
        return;
    rt_range r = rt_qa_mentions(q, f->sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (q->about[q->d->mentions.at[i].concept].organ != 0)
            return;
    while (!(organs >> f->organ & 1U))
        f->organ++;
    f->of_exam = true;
}

/* Words tell whether a place without a finding is normal; then every fact joins its list. */
void rt_qa_sort_facts(rt_qa *q)
{
    /* NOLINTBEGIN(bugprone-sizeof-expression): lists of pointers */
    q->positive.at = room_for(q, q->facts.len, sizeof *q->positive.at, &q->positive.cap);
    q->absent.at = room_for(q, q->facts.len, sizeof *q->absent.at, &q->absent.cap);
    for (uint32_t i = 0; i < q->facts.len; i++) {
        rt_qa_fact *f = &q->facts.at[i];
        if (f->finding == RT_NIL && is_normal(q, f->sentence) &&
            !(f->organ > 0 && denied_behind(q, f->sentence, place_end(q, f->sentence))))
            f->presence = RT_PRESENCE_ABSENT;
        lend_organ(q, f);
        q->in_part[f->part]++;
        if (rt_qa_positive(f))
            RT_PUSH(&q->c->temp, &q->positive, f);
        if (f->presence == RT_PRESENCE_ABSENT) {
            RT_PUSH(&q->c->temp, &q->absent, f);
            q->denied[f->part]++;
        }
    }
    /* NOLINTEND(bugprone-sizeof-expression) */
}

/* ---- where they stand */

/* The words that say the side of a finding: of those of its sentence the nearest. */
static rt_span nearest_side(const rt_qa *q, const rt_finding *f)
{
    rt_range r = rt_qa_mentions(q, f->sentence);
    rt_fspan best = {0, 0}, head = q->d->mentions.at[f->mention].at;
    uint32_t distance = UINT32_MAX;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint32_t gap = m->at.end <= head.beg ? head.beg - m->at.end : m->at.beg - head.beg;
        if (rt_qa_side_of(q, m) != f->side || gap >= distance)
            continue;
        distance = gap;
        best = m->at;
    }
    return best.beg < best.end ? rt_qa_span(q, best) : RT_QA_NONE;
}

/* The side and the places of a sentence, as far as they stand together. */
static rt_span places_at(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_sentence *s = &q->sentences[sentence];
    rt_span at = rt_qa_span(q, q->d->mentions.at[s->sided].at);
    for (uint32_t i = s->mentions.first; i < s->mentions.first + s->mentions.count; i++)
        if (q->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            at = rt_qa_join(at, rt_qa_span(q, q->d->mentions.at[i].at));
    return at;
}

rt_span rt_qa_at(const rt_qa *q, const rt_qa_fact *f)
{
    if (f->finding == RT_NIL)
        return places_at(q, f->sentence);
    const rt_finding *g = &q->d->findings.at[f->finding];
    if (f->lent)
        return rt_qa_join(g->at,
                          rt_qa_span(q, q->d->mentions.at[q->sentences[f->sentence].sided].at));
    return g->side != RT_SIDE_NONE && g->mention != RT_NIL ? rt_qa_join(g->at, nearest_side(q, g))
                                                           : g->at;
}

rt_span rt_qa_size_at(const rt_qa *q, const rt_qa_fact *f)
{
    return f->size > 0 ? rt_qa_span(q, q->d->measures.at[f->measure].at) : RT_QA_NONE;
}
