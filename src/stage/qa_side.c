/* Checks of side: Q01. */
#include "stage/qa.h"

static uint8_t opposite(uint8_t side)
{
    return side == RT_SIDE_LEFT ? RT_SIDE_RIGHT : RT_SIDE_LEFT;
}

static bool one_sided(const rt_qa_fact *f)
{
    return f->side == RT_SIDE_LEFT || f->side == RT_SIDE_RIGHT;
}

static bool related(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return rt_lexicon_is_a(q->lex, a->concept, b->concept) ||
           rt_lexicon_is_a(q->lex, b->concept, a->concept);
}

static bool one_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return a->place != RT_NIL && b->place != RT_NIL &&
           (rt_lexicon_part_of(q->lex, a->place, b->place) ||
            rt_lexicon_part_of(q->lex, b->place, a->place));
}

/* May both speak of one lesion, but for its side? */
static bool alike(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    if (a->organ != 0 && b->organ != 0)
        return a->organ == b->organ;
    return related(q, a, b) || one_place(q, a, b);
}

/* Q01: the impression puts on one side what the findings have on the other side alone. */
static bool check_lesion(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *other = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part < RT_QA_BODY || b == f || !rt_qa_positive(b) || !alike(q, f, b))
            continue;
        if (b->part == RT_QA_IMPRESSION && b->side == opposite(f->side))
            return true; /* the impression has both sides */
        if (b->part != RT_QA_BODY)
            continue;
        if (b->side == f->side || b->side == RT_SIDE_BILATERAL)
            return true;
        if (b->side == opposite(f->side) && (!other || related(q, f, b)))
            other = b;
    }
    if (other)
        rt_qa_report(q, RT_Q(1), other->at, f->at);
    return other != NULL;
}

static bool is_vague(const rt_qa *q, const rt_qa_fact *f)
{
    return f->region == 0 || (q->lex->concepts[f->concept].flags & RT_CONCEPT_GENERIC) != 0;
}

/* Many levels, each with both sides: a side there does not tell which lesion is meant. */
static bool is_unsided(const rt_qa *q, const rt_qa_fact *f)
{
    return rt_checks_in(q->checks, f->concept, RT_QA_SET_UNSIDED) ||
           (f->place != RT_NIL && rt_checks_in(q->checks, f->place, RT_QA_SET_UNSIDED));
}

static bool one_region(const rt_qa_fact *a, const rt_qa_fact *b)
{
    return a->region == 0 || b->region == 0 || a->region == b->region;
}

/* Q01 again: the findings speak of one side alone, and the impression of the other. Whatever the
 * lesion is called there. */
static void check_only_side(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *other = NULL;
    if (f->place == RT_NIL && is_vague(q, f))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part == RT_QA_IMPRESSION && b->side == opposite(f->side))
            return;
        if (b->part != RT_QA_BODY)
            continue;
        if (b->side == f->side || b->side == RT_SIDE_BILATERAL)
            return;
        if (b->side == opposite(f->side) && rt_qa_positive(b) && one_region(f, b))
            other = b;
    }
    if (other)
        rt_qa_report(q, RT_Q(1), other->at, f->at);
}

void rt_qa_side(rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part == RT_QA_IMPRESSION && one_sided(f) && rt_qa_positive(f) && !is_unsided(q, f))
            if (!check_lesion(q, f))
                check_only_side(q, f);
    }
}
