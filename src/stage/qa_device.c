/* Devices (Q41): taken out and still there, ending in two places. */
#include "stage/qa.h"

/* The clause of the device says so: "the left tube was removed, the right one is in place". */
static bool is_taken_out(const rt_qa *q, const rt_qa_fact *f)
{
    uint32_t mention = q->d->findings.at[f->finding].mention;
    rt_fspan in = rt_qa_sentence_at(q, f->sentence);
    if (mention == RT_NIL)
        return rt_qa_says(q, f->sentence, RT_MARK_TAKEN_OUT);
    rt_fspan head = q->d->mentions.at[mention].at;
    rt_str s = q->d->text.folded;
    uint32_t beg = head.beg, end = head.end;
    while (beg > in.beg && strchr(",;", s.ptr[beg - 1]) == NULL)
        beg--;
    while (end < in.end && strchr(",;", s.ptr[end]) == NULL)
        end++;
    return rt_qa_find_in(q, f->sentence, RT_MARK_TAKEN_OUT, (rt_fspan){beg, end}, NULL);
}

/* It is there, and no other one took its place. */
static bool is_in_place(const rt_qa *q, const rt_qa_fact *b)
{
    return b->finding != RT_NIL && b->part >= RT_QA_BODY &&
           rt_qa_says(q, b->sentence, RT_MARK_IN_PLACE) &&
           !rt_qa_says(q, b->sentence, RT_MARK_REPLACED) &&
           !rt_qa_says(q, b->sentence, RT_MARK_TAKEN_OUT);
}

/* It was removed, or is not there at all. */
static bool is_gone(const rt_qa *q, const rt_qa_fact *f)
{
    return (f->presence == RT_PRESENCE_ABSENT && f->part >= RT_QA_BODY && !f->derived &&
            !rt_qa_says(q, f->sentence, RT_MARK_ROOM)) ||
           (rt_qa_says(q, f->sentence, RT_MARK_TAKEN_OUT) && is_taken_out(q, f));
}

static void check_device(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_sentence *s = &q->sentences[f->sentence];
    bool both = s->sided != RT_NIL && s->side == RT_SIDE_NONE; /* one of each side, perhaps */
    if (!is_gone(q, f) || rt_qa_says(q, f->sentence, RT_MARK_REPLACED) ||
        (both && rt_qa_says(q, f->sentence, RT_MARK_IN_PLACE)))
        return;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->sentence == f->sentence || !rt_qa_related(q, f, b) || !is_in_place(q, b) ||
            (rt_qa_one_sided(f) && b->side == rt_qa_opposite(f->side)))
            continue;
        rt_qa_report(q, RT_Q(41), rt_qa_at(q, f), rt_qa_at(q, b));
        return;
    }
}

/* "Extubated": the word names the device. */
static void check_named_device(rt_qa *q, const rt_qa_word *w)
{
    uint32_t device = q->meaning[w->word].concept;
    for (uint32_t i = 0; device != RT_NIL && i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->sentence == w->sentence || !rt_lexicon_is_a(q->lex, b->concept, device) ||
            !is_in_place(q, b))
            continue;
        rt_qa_report(q, RT_Q(41), rt_qa_span(q, w->at), rt_qa_at(q, b));
        return;
    }
}

/* The first mention behind the clause of the device. */
static uint32_t clause_end(const rt_qa *q, const rt_finding *g)
{
    rt_range r = rt_qa_mentions(q, g->sentence);
    rt_str s = q->d->text.folded;
    uint32_t head = q->d->mentions.at[g->mention].at.end, i = g->mention + 1;
    while (i < r.first + r.count &&
           (q->d->mentions.at[i].at.beg < head ||
            !memchr(s.ptr + head, ',', q->d->mentions.at[i].at.beg - head)))
        i++;
    return i;
}

/* The tip of a device in the places of one set, and in none of the other: those of the finding, and
 * what stands behind it ("PICC of the right arm, tip in the superior vena cava"). */
static bool ends_in(const rt_qa *q, const rt_qa_fact *f, rt_qa_set is, rt_qa_set is_not)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    bool found = false;
    uint32_t end = g->mention == RT_NIL ? 0 : clause_end(q, g);
    for (uint32_t i = g->mention == RT_NIL ? 0 : g->mention + 1; i < end; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY && rt_qa_concept_in(q, m->concept, is_not))
            return false;
        found = found || (m->type == RT_TYPE_ANATOMY && rt_qa_concept_in(q, m->concept, is));
    }
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++) {
        uint32_t place = q->d->places.at[i].concept;
        if (rt_qa_concept_in(q, place, is_not))
            return false;
        found = found || rt_qa_concept_in(q, place, is);
    }
    return found;
}

/* One device ends well in the findings and badly in the impression, or the reverse. */
static void check_tip(rt_qa *q, const rt_qa_fact *f)
{
    bool good = ends_in(q, f, RT_QA_SET_TIP_GOOD, RT_QA_SET_TIP_POOR);
    if (!good && !ends_in(q, f, RT_QA_SET_TIP_POOR, RT_QA_SET_TIP_GOOD))
        return;
    const rt_qa_fact *other = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->finding == RT_NIL || b->part != RT_QA_BODY || !rt_qa_related(q, f, b))
            continue;
        if (other || rt_qa_says(q, b->sentence, RT_MARK_REPLACED))
            return; /* two of them, or a new one */
        other = b;
    }
    if (other && !rt_qa_says(q, f->sentence, RT_MARK_REPLACED) &&
        ends_in(q, other, good ? RT_QA_SET_TIP_POOR : RT_QA_SET_TIP_GOOD,
                good ? RT_QA_SET_TIP_GOOD : RT_QA_SET_TIP_POOR))
        rt_qa_report(q, RT_Q(41), rt_qa_at(q, other), rt_qa_at(q, f));
}

void rt_qa_device(rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->part == RT_QA_IMPRESSION && rt_qa_is_device(q, q->positive.at[i]))
            check_tip(q, q->positive.at[i]);
    if (!rt_qa_has(q, RT_MARK_IN_PLACE))
        return; /* what is gone contradicts nothing */
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_TAKEN_OUT); w; w = rt_qa_next(q, w))
        if (w->sentence != RT_NIL)
            check_named_device(q, w);
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (rt_qa_is_device(q, &q->facts.at[i]))
            check_device(q, &q->facts.at[i]);
}
