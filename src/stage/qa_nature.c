/* One lesion of the findings and the impression, at another level (Q24), of another nature (Q28) or
 * age (Q44). */
#include "stage/qa.h"

/* ---- Q24 */

/* The sentence calls what it names normal, and has nothing positive. */
static bool only_normal(const rt_qa *q, uint32_t sentence)
{
    bool free = false; /* "free of disease" */
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->sentence != sentence || f->finding == RT_NIL)
            continue;
        if (f->presence != RT_PRESENCE_ABSENT)
            return false;
        free = free || rt_qa_is(f, RT_QA_SET_VAGUE);
    }
    return free || rt_qa_cued(q, sentence, RT_CUE_NORMAL) ||
           rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

/* These find the level of a lesion, and where both stand if `at` is given. */

/* "Hyperplasia, 24 mm, segment III": the only level of a sentence with one lesion. */
static uint32_t level_in(const rt_qa *q, const rt_qa_fact *f, rt_span *at)
{
    rt_range r = rt_qa_mentions(q, f->sentence);
    uint32_t level = RT_NIL;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY && rt_qa_concept_in(q, m->concept, RT_QA_SET_LEVEL)) {
            if (level != RT_NIL)
                return RT_NIL;
            level = m->concept;
            if (at)
                *at = rt_qa_join(rt_qa_at(q, f), rt_qa_span(q, m->at));
        } else if (rt_type_is_observation(m->type) && i != q->d->findings.at[f->finding].mention) {
            return RT_NIL;
        }
    }
    return level;
}

static uint32_t level_of(const rt_qa *q, const rt_qa_fact *f, rt_span *at)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++) {
        if (!rt_qa_concept_in(q, q->d->places.at[i].concept, RT_QA_SET_LEVEL))
            continue;
        if (at)
            *at = rt_qa_join(rt_qa_at(q, f), q->d->places.at[i].at);
        return q->d->places.at[i].concept;
    }
    return g->anatomy.count == 0 ? level_in(q, f, at) : RT_NIL;
}

/* "L4 on L5": the level is between them. */
static bool between_levels(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    uint32_t first = RT_NIL;
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++) {
        uint32_t place = q->d->places.at[i].concept;
        if (!rt_qa_concept_in(q, place, RT_QA_SET_LEVEL))
            continue;
        if (first != RT_NIL && !rt_lexicon_part_of(q->lex, place, first) &&
            !rt_lexicon_part_of(q->lex, first, place))
            return true;
        first = place;
    }
    return false;
}

/* The level is named in the findings, with whatever lesion; a disc counts for its vertebrae. Not
 * when it is called normal, and not by the name of all ("other vertebrae"), which covers `besides`
 * too. */
static bool level_named(const rt_qa *q, uint32_t level, uint32_t besides)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY && rt_qa_part_of_sentence(q, m->sentence) == RT_QA_BODY &&
            (rt_lexicon_part_of(q->lex, m->concept, level) ||
             (rt_lexicon_part_of(q->lex, level, m->concept) &&
              !rt_lexicon_part_of(q->lex, besides, m->concept))) &&
            rt_qa_concept_in(q, m->concept, RT_QA_SET_LEVEL) && !only_normal(q, m->sentence))
            return true;
    }
    return false;
}

/* The sentence names that level too: "C5-6 spondylosis affecting the C6 root". */
static bool says_level(const rt_qa *q, uint32_t sentence, uint32_t level)
{
    rt_range r = rt_qa_mentions(q, sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (q->d->mentions.at[i].concept == level)
            return true;
    return false;
}

/* How many levels have positive findings in the findings: with one alone the name of the lesion
 * does not matter. */
static bool only_level(const rt_qa *q, uint32_t level)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY))
            continue;
        uint32_t other = level_of(q, b, NULL);
        if (other != RT_NIL && other != level)
            return false;
    }
    return true;
}

/* The findings have the very lesion, in a sentence that no level was read in. */
static bool stands_unlevelled(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY) || b->concept != f->concept)
            continue;
        rt_range r = rt_qa_mentions(q, b->sentence);
        bool level = false;
        for (uint32_t k = r.first; k < r.first + r.count; k++)
            level = level || rt_qa_concept_in(q, q->d->mentions.at[k].concept, RT_QA_SET_LEVEL);
        if (!level)
            return true;
    }
    return false;
}

void rt_qa_check_level(rt_qa *q, const rt_qa_fact *f)
{
    rt_span at, there;
    uint32_t level = rt_qa_says(q, f->sentence, RT_MARK_IMPOSSIBLE) ? RT_NIL : level_of(q, f, NULL);
    for (uint32_t i = 0; i < q->positive.len && level != RT_NIL; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY) || between_levels(q, b))
            continue;
        uint32_t other = level_of(q, b, NULL);
        if (other == RT_NIL || rt_lexicon_part_of(q->lex, other, level) ||
            rt_lexicon_part_of(q->lex, level, other) ||
            !(rt_qa_related(q, f, b) || (only_level(q, other) && !stands_unlevelled(q, f))) ||
            level_named(q, level, other) || says_level(q, f->sentence, other))
            continue;
        level_of(q, b, &there);
        level_of(q, f, &at);
        rt_qa_report(q, RT_Q(24), there, at);
        return;
    }
}

/* ---- Q28, Q44: one lesion, of another nature or age */

/* A lesion that nothing in its sentence explains as one of the set: the impression may mean it. */
static bool is_second_lesion(const rt_qa *q, const rt_qa_fact *b, rt_qa_set is)
{
    if (!rt_qa_is(b, RT_QA_SET_FOCAL) || rt_qa_is(b, is))
        return false;
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->sentence == b->sentence && rt_qa_is(q->positive.at[i], is))
            return false;
    return true;
}

/* The findings speak of the organ of f with a fact of one set and none of the other. */
static const rt_qa_fact *only_nature(const rt_qa *q, const rt_qa_fact *f, rt_qa_set is,
                                     rt_qa_set not )
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY) ||
            (b->organ != f->organ && b->organ != 0 && f->organ != 0))
            continue;
        if (is_second_lesion(q, b, is))
            return NULL;
        if (!rt_qa_same_place(q, b, f))
            continue;
        if (rt_qa_concept_in(q, b->concept, not ))
            return NULL;
        if (!rt_qa_is(b, is))
            continue;
        if (found && found->concept != b->concept)
            return NULL;
        found = b;
    }
    return found;
}

void rt_qa_check_nature(rt_qa *q, const rt_qa_fact *f)
{
    bool benign = rt_qa_is(f, RT_QA_SET_BENIGN);
    bool malignant = rt_qa_is(f, RT_QA_SET_MALIGNANT);
    if (benign == malignant)
        return;
    rt_qa_set mine = benign ? RT_QA_SET_BENIGN : RT_QA_SET_MALIGNANT;
    rt_qa_set other = benign ? RT_QA_SET_MALIGNANT : RT_QA_SET_BENIGN;
    const rt_qa_fact *b = only_nature(q, f, other, mine);
    for (uint32_t i = 0; b && i < q->positive.len; i++) { /* both are weighed in the impression */
        const rt_qa_fact *g = q->positive.at[i];
        if (g->part == RT_QA_IMPRESSION && rt_qa_is(g, other))
            return;
    }
    if (b && (!rt_qa_is(f, RT_QA_SET_VAGUE) || b->place == f->place))
        rt_qa_report(q, RT_Q(28), rt_qa_at(q, b), rt_qa_at(q, f));
}

/* Words of age that belong to no concept ("long healed", "of recent onset"), in the only sentence
 * of the findings that has the place, and none of the age that the impression gives. */
static bool check_age_words(rt_qa *q, const rt_qa_fact *f)
{
    bool acute = f->acuity == RT_QA_ACUTE;
    rt_mark_type mine = acute ? RT_MARK_ACUTE_WORD : RT_MARK_OLD_WORD;
    rt_mark_type other = acute ? RT_MARK_OLD_WORD : RT_MARK_ACUTE_WORD;
    uint32_t sentence = RT_NIL;
    rt_span at = RT_QA_NONE;
    if (!rt_qa_has(q, other) || f->place == RT_NIL || rt_qa_says(q, f->sentence, other))
        return false;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type != RT_TYPE_ANATOMY || rt_qa_part_of_sentence(q, m->sentence) != RT_QA_BODY ||
            m->sentence == sentence || !rt_lexicon_part_of(q->lex, m->concept, f->place) ||
            (rt_qa_one_sided(f) && m->side == rt_qa_opposite(f->side)))
            continue;
        if (sentence != RT_NIL)
            return false;
        sentence = m->sentence;
        at = rt_qa_span(q, m->at);
    }
    const rt_qa_word *w;
    if (sentence == RT_NIL || rt_qa_says(q, sentence, mine) ||
        !rt_qa_find_in(q, sentence, other, rt_qa_sentence_at(q, sentence), &w))
        return false;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (rt_qa_now_in(&q->facts.at[i], RT_QA_BODY) && q->facts.at[i].acuity == f->acuity &&
            (q->facts.at[i].sentence == sentence || rt_qa_one_family(q, f, &q->facts.at[i])))
            return false;
    rt_qa_report(q, RT_Q(44), rt_qa_join(rt_qa_span(q, w->at), at), rt_qa_at(q, f));
    return true;
}

/* One concept with an organ of its own, on one side: the styloid of the ulna lies at the wrist; or
 * of one region, when it names its place itself: a subdural haematoma over whatever lobe. */
static bool same_kind(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    bool of_region = f->region == b->region && rt_qa_is(f, RT_QA_SET_SIGNIFICANT) &&
                     (f->organ == 0 || b->organ == 0 || f->organ == b->organ) &&
                     !rt_qa_in(q, f, RT_QA_SET_LIMB) && !rt_qa_in(q, b, RT_QA_SET_LIMB);
    return b->concept == f->concept && (q->about[f->concept].organ != 0 || of_region) &&
           rt_qa_one_sided(f) && b->side == f->side;
}

/* "Sharp fracture line of the malleolus, a fresh fracture": the sentence gives the age further on.
 */
static bool is_dated_beside(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    for (uint32_t i = 0; i < q->positive.len && b->part == RT_QA_BODY; i++) {
        const rt_qa_fact *c = q->positive.at[i];
        if (c != b && c->sentence == b->sentence && c->acuity != RT_QA_ANY_AGE &&
            c->acuity != f->acuity && c->side == b->side && rt_qa_one_family(q, c, b))
            return true;
    }
    return false;
}

void rt_qa_check_age(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    if (f->acuity == RT_QA_ANY_AGE)
        return;
    if (check_age_words(q, f))
        return;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->finding == RT_NIL || b->part < RT_QA_BODY || b == f || !rt_qa_one_family(q, f, b))
            continue;
        if (b->acuity == RT_QA_ANY_AGE && is_dated_beside(q, f, b))
            continue;
        if (b->part == RT_QA_IMPRESSION ? b->acuity != f->acuity
                                        : b->acuity == f->acuity || b->acuity == RT_QA_ANY_AGE)
            return; /* both ages are there, or one that may be of either */
        if (b->part == RT_QA_BODY && (rt_qa_same_place(q, f, b) || same_kind(q, f, b)))
            found = b;
    }
    if (found)
        rt_qa_report(q, RT_Q(44), rt_qa_at(q, found), rt_qa_at(q, f));
}
