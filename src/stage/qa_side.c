/* Checks of side: Q01. */
#include "stage/qa.h"

enum {
    FIRST_WORDS = 6, /* bytes at the start of a sentence where it points back */
    NEAR_HEAD = 32,  /* bytes before the head where "this right" points back */
};

/* A removed tube was there, and so was the organ whose bed is empty. */
static bool was_there(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    return rt_qa_is_device(q, f) ||
           (f->finding != RT_NIL && rt_qa_type(q, f) == RT_TYPE_PROCEDURE &&
            rt_qa_says(q, b->sentence, RT_MARK_GONE));
}

/* Q01: the impression puts on one side what the findings have on the other side alone. */
static bool check_lesion(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *other = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part < RT_QA_BODY || b == f ||
            (!rt_qa_positive(b) && !(b->side == f->side && was_there(q, f, b))) ||
            !rt_qa_alike(q, f, b) || rt_qa_in(q, b, RT_QA_SET_UNSIDED))
            continue;
        if (b->part == RT_QA_IMPRESSION && b->side == rt_qa_opposite(f->side))
            return true; /* the impression has both sides */
        if (b->part != RT_QA_BODY)
            continue;
        if (b->side == f->side || b->side == RT_SIDE_BILATERAL)
            return true;
        if (b->side == rt_qa_opposite(f->side) && (!other || rt_qa_related(q, f, b)))
            other = b;
    }
    if (other && rt_qa_is_device(q, f) &&
        rt_qa_is_device(q, other)) /* nor can one tube be on both sides */
        rt_qa_report(q, RT_Q(41), rt_qa_at(q, other), rt_qa_at(q, f));
    if (other)
        rt_qa_report(q, RT_Q(1), rt_qa_at(q, other), rt_qa_at(q, f));
    return other != NULL;
}

static bool is_vague(const rt_qa *q, const rt_qa_fact *f)
{
    return f->region == 0 || (q->lex->concepts[f->concept].flags & RT_CONCEPT_GENERIC) != 0;
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
        if (b->part == RT_QA_IMPRESSION && b->side == rt_qa_opposite(f->side))
            return;
        if (b->part != RT_QA_BODY)
            continue;
        if (b->side == f->side || b->side == RT_SIDE_BILATERAL)
            return;
        if (b->side == rt_qa_opposite(f->side) && rt_qa_positive(b) && one_region(f, b) &&
            !rt_qa_in(q, b, RT_QA_SET_UNSIDED))
            other = b;
    }
    if (other)
        rt_qa_report(q, RT_Q(1), rt_qa_at(q, other), rt_qa_at(q, f));
}

/* "Displaced by this right mass": a demonstrative, not only an article, stands before the head. */
static bool points_back(const rt_qa *q, const rt_qa_fact *f)
{
    uint32_t mention = f->finding == RT_NIL ? q->sentences[f->sentence].sided
                                            : q->d->findings.at[f->finding].mention;
    if (mention == RT_NIL)
        return false;
    uint32_t head = q->d->mentions.at[mention].at.beg, beg = q->d->sentences.at[f->sentence].at.beg;
    rt_fspan in = {head > beg + NEAR_HEAD ? head - NEAR_HEAD : beg, head};
    const rt_qa_word *w;
    while (rt_qa_find_in(q, f->sentence, RT_MARK_ANAPHOR, in, &w)) {
        if (rt_qa_value(q, w)[0] != '\0')
            return true;
        in.beg = w->at.end;
    }
    return false;
}

/* Q03: "the right nodule" further on, where only a left one was described. A size of its own, or a
 * word for a second lesion, makes it another one. */
static void check_flip(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *before = NULL;
    rt_fspan in = rt_qa_sentence_at(q, f->sentence);
    in.end = in.beg + FIRST_WORDS < in.end ? in.beg + FIRST_WORDS : in.end;
    bool pointed = points_back(q, f);
    if (!(pointed ||
          (f->finding != RT_NIL && rt_qa_find_in(q, f->sentence, RT_MARK_ANAPHOR, in, NULL))) ||
        f->size > 0 || rt_qa_says(q, f->sentence, RT_MARK_SECOND))
        return;
    rt_span here = rt_qa_at(q, f);
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b == f || b->finding == RT_NIL || b->part < RT_QA_BODY)
            continue;
        bool same_kind = rt_qa_related(q, f, b) || (b->organ != 0 && b->organ == f->organ) ||
                         (f->finding == RT_NIL && rt_qa_part_place(q, f, b));
        if (same_kind && b->sentence != f->sentence &&
            (b->side == f->side || b->side == RT_SIDE_BILATERAL))
            return;
        if (b->part == f->part && same_kind && rt_qa_alike(q, f, b) &&
            b->side == rt_qa_opposite(f->side) &&
            (b->sentence != f->sentence || (pointed && q->d->zh)) && (b->size > 0 || q->d->zh) &&
            rt_qa_type(q, b) != RT_TYPE_DEVICE && rt_qa_at(q, b).beg < here.beg)
            before = b;
    }
    if (before && before->sentence + 2 >= f->sentence)
        rt_qa_report(q, RT_Q(3), rt_qa_at(q, before), here);
}

void rt_qa_side(rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (!rt_qa_one_sided(f))
            continue;
        if (f->part == RT_QA_IMPRESSION && !rt_qa_in(q, f, RT_QA_SET_UNSIDED) &&
            !((f->finding == RT_NIL || rt_qa_type(q, f) == RT_TYPE_PROCEDURE) &&
              (rt_qa_says(q, f->sentence, RT_MARK_ADVISE) ||
               rt_qa_says(q, f->sentence, RT_MARK_ROUTINE)))) /* Q42 */
            if (!check_lesion(q, f))
                check_only_side(q, f);
        if (f->part == RT_QA_BODY && rt_qa_has(q, RT_MARK_ANAPHOR))
            check_flip(q, f);
    }
}
