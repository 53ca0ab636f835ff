/* What is advised: follow-up (Q32, Q33, Q34), its side and place (Q42). */
#include "base/utf8.h"
#include "stage/qa.h"

enum {
    MAX_BACK = 12, /* bytes from a unit of time back to the number it belongs to */
    OPENING = 12,  /* bytes at the start of a sentence that may name the means */
    TAIL = 4,      /* bytes behind a word that ends its sentence */
};

/* ---- sentences of advice */

static bool advises(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_section_of(q, sentence) == RT_SECTION_RECOMMENDATION ||
           rt_qa_says(q, sentence, RT_MARK_ADVISE);
}

bool rt_qa_advisable(const rt_qa *q, uint32_t sentence)
{
    return (rt_qa_part_of_sentence(q, sentence) >= RT_QA_BODY ||
            rt_qa_section_of(q, sentence) == RT_SECTION_RECOMMENDATION) &&
           advises(q, sentence);
}

/* Months behind the last number before a unit: "6-12 months" is 12. */
static double months_at(const rt_qa *q, const rt_qa_word *unit)
{
    rt_str s = q->d->text.folded;
    double number, factor;
    uint32_t e = unit->at.beg, end = e;
    while (e > 0 && end - e < MAX_BACK && (s.ptr[e - 1] == ' ' || s.ptr[e - 1] == '-'))
        e--;
    uint32_t b = e;
    while (b > 0 && end - b < MAX_BACK && rt_is_digit(s.ptr[b - 1]))
        b--;
    if (b == e || !rt_str_number(rt_str_slice(s, b, e), &number) ||
        !rt_str_number(rt_str_from(rt_qa_value(q, unit)), &factor))
        return 0;
    return number * factor;
}

static bool may_tell_interval(const rt_qa *q, uint32_t sentence)
{
    rt_mark_sets says = q->sentences[sentence].says;
    return rt_qa_in_sets(says, RT_MARK_INTERVAL) || rt_qa_in_sets(says, RT_MARK_TIME_UNIT);
}

double rt_qa_interval(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = rt_qa_sentence_at(q, sentence);
    const rt_qa_word *w;
    double most = 0, v;
    if (rt_qa_find_in(q, sentence, RT_MARK_INTERVAL, in, &w) &&
        rt_str_number(rt_str_from(rt_qa_value(q, w)), &v))
        most = v;
    while (rt_qa_find_in(q, sentence, RT_MARK_TIME_UNIT, in, &w)) {
        v = months_at(q, w);
        most = v > most ? v : most;
        in.beg = w->at.beg + 1;
    }
    return most;
}

/* ---- Q32 */

static bool any_advice(const rt_qa *q)
{
    for (uint32_t s = 0; s < q->d->sentences.len; s++) /* "nodule, CT of the chest in 3 months" */
        if (rt_qa_part_of_sentence(q, s) == RT_QA_IMPRESSION && may_tell_interval(q, s) &&
            rt_qa_says(q, s, RT_MARK_MODALITY))
            return true;
    return q->d->advice.len > 0 || rt_qa_first(q, RT_MARK_ADVISE) ||
           rt_qa_first(q, RT_MARK_NO_FOLLOW_UP) || rt_qa_first(q, RT_MARK_FOLLOW_UP);
}

/* By its kind, or as a focal lesion of an organ whose lesions all are. */
static bool is_followed(const rt_qa *q, const rt_qa_fact *f)
{
    return rt_qa_is(f, RT_QA_SET_FOLLOWED) ||
           (rt_qa_is(f, RT_QA_SET_FOCAL) && rt_qa_in(q, f, RT_QA_SET_FOLLOWED));
}

/* The impression calls it benign by name. */
static bool is_benign_by_name(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->positive.len && f->organ != 0; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part == RT_QA_IMPRESSION && b->organ == f->organ && rt_qa_is(b, RT_QA_SET_BENIGN) &&
            !is_followed(q, b))
            return true;
    }
    return false;
}

/* Its size stands in the report, for itself or for another mention of it. */
static double size_of(const rt_qa *q, const rt_qa_fact *f)
{
    double most = f->size;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->size > most && b->part >= RT_QA_BODY && rt_qa_same_place(q, f, b) &&
            (rt_qa_related(q, f, b) || rt_qa_one_family(q, f, b)))
            most = b->size;
    }
    return most;
}

static bool is_tiny(const rt_qa *q, const rt_qa_fact *f, double least)
{
    double size = size_of(q, f);
    return size > 0 && size < least;
}

/* Something else is wrong with the lesion, which is to be mended first; or it is known. */
static bool is_settled_elsewhere(const rt_qa *q)
{
    static const uint8_t checks[] = {1, 3, 13, 15, 24, 25, 27, 28, 31, 44};
    for (size_t i = 0; i < sizeof checks; i++)
        if (q->issues[RT_Q(checks[i])] > 0)
            return true;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (rt_qa_is(&q->facts.at[i], RT_QA_SET_MALIGNANT))
            return true;
    for (uint32_t i = 0; i < q->d->flags.len; i++) /* which is no matter of follow-up */
        if (rt_rules_info(q->c->know->rules, q->d->flags.at[i].rule)->category == 1)
            return true;
    return q->d->grades.len > 0 || rt_qa_first(q, RT_MARK_CHANGED) ||
           rt_qa_first(q, RT_MARK_PRIOR_EXAM);
}

/* Of a region that was not examined: a nodule of the thyroid in an MR of the spine. */
static bool is_beside_exam(const rt_qa *q, const rt_qa_fact *f)
{
    uint32_t examined = q->exam.regions & ~1U;
    bool followed = rt_qa_is(f, RT_QA_SET_NODULE) || rt_qa_is(f, RT_QA_SET_MASS) ||
                    rt_qa_is(f, RT_QA_SET_ACTIONABLE);
    if (f->part != RT_QA_IMPRESSION || examined == 0 || f->region == 0 || f->organ == 0 ||
        !followed || (q->exam.organs >> f->organ & 1U))
        return false;
    return !is_tiny(q, f, rt_checks_param(q->checks, RT_QA_PARAM_OMIT_SIZE)) &&
           !(examined >> f->region & 1U) && !is_settled_elsewhere(q);
}

/* A word for "by chance" stands in the sentence; kind: one with a value, which names a lesion that
 * is mostly found so (a solid nodule). */
static bool by_chance(const rt_qa *q, uint32_t sentence, bool kind)
{
    const rt_qa_word *w;
    for (rt_fspan in = rt_qa_sentence_at(q, sentence);
         rt_qa_find_in(q, sentence, RT_MARK_INCIDENTAL, in, &w); in.beg = w->at.beg + 1)
        if ((rt_qa_value(q, w)[0] != '\0') == kind)
            return true;
    return false;
}

/* The findings say so of the lesion that the impression names. */
static bool chance_told(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->positive.len && f->part == RT_QA_IMPRESSION; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part == RT_QA_BODY && rt_qa_is(b, RT_QA_SET_FOCAL) && f->organ != 0 &&
            b->organ == f->organ && rt_qa_same_place(q, f, b) && by_chance(q, b->sentence, false))
            return true;
    }
    return false;
}

/* The request is of a check-up. */
static bool is_check_up(const rt_qa *q)
{
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_INCIDENTAL); w; w = rt_qa_next(q, w))
        if (strcmp(rt_qa_value(q, w), "check-up") == 0 && w->sentence != RT_NIL &&
            rt_qa_part_of_sentence(q, w->sentence) == RT_QA_HISTORY)
            return true;
    return false;
}

/* A lesion by a name that guidelines have a size for, in an exam that was not of it by name. */
static bool is_actionable(const rt_qa *q, const rt_qa_fact *f)
{
    return f->part == RT_QA_IMPRESSION && f->presence == RT_PRESENCE_PRESENT &&
           rt_qa_in(q, f, RT_QA_SET_ACTIONABLE) && !rt_qa_is(f, RT_QA_SET_MASS) &&
           (by_chance(q, f->sentence, true) || is_check_up(q)) &&
           size_of(q, f) >= rt_checks_param(q->checks, RT_QA_PARAM_INCIDENTAL) &&
           !(f->organ != 0 && (q->exam.organs >> f->organ & 1U)) && !is_settled_elsewhere(q);
}

/* Found without looking for it: the sentence says so, or the lesion lies beside what was examined,
 * or it is large enough whatever the exam was for. */
static bool is_incidental(const rt_qa *q, const rt_qa_fact *f)
{
    return by_chance(q, f->sentence, false) || chance_told(q, f) || is_beside_exam(q, f) ||
           is_actionable(q, f);
}

static void check_incidental(rt_qa *q)
{
    if (any_advice(q))
        return;
    double least = rt_checks_param(q->checks, RT_QA_PARAM_INCIDENTAL);
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->finding == RT_NIL || f->part < RT_QA_BODY || !is_followed(q, f) ||
            !is_incidental(q, f) || is_tiny(q, f, least) || f->change == RT_CHANGE_STABLE ||
            f->change == RT_CHANGE_DECREASED)
            continue;
        if (!is_benign_by_name(q, f))
            rt_qa_report(q, RT_Q(32), rt_qa_at(q, f), RT_QA_NONE);
        return;
    }
}

/* ---- Q33, Q34 */

/* "Probable haemangioma, follow-up." */
static bool ends_impression(const rt_qa *q, const rt_qa_word *w)
{
    rt_str s = q->d->text.folded;
    uint32_t end = q->d->sentences.at[w->sentence].at.end, at = w->at.end, beg = w->at.beg;
    while (at < end && (strchr(" .;", s.ptr[at]) != NULL ||
                        rt_str_starts(rt_str_slice(s, at, end), RT_STR("。"))))
        at += strchr(" .;", s.ptr[at]) != NULL ? 1 : 3;
    while (beg > 0 && s.ptr[beg - 1] == ' ')
        beg--;
    return at >= end && beg > 0 && strchr(",;.", s.ptr[beg - 1]) != NULL &&
           rt_qa_part_of_sentence(q, w->sentence) == RT_QA_IMPRESSION;
}

static void check_complete(rt_qa *q)
{
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_FOLLOW_UP); w; w = rt_qa_next(q, w)) {
        if (w->sentence == RT_NIL || !(rt_qa_advisable(q, w->sentence) || ends_impression(q, w)) ||
            rt_qa_interval(q, w->sentence) > 0 || rt_qa_has_year(rt_qa_text_of(q, w->sentence)) ||
            rt_qa_says(q, w->sentence, RT_MARK_AT_ONCE) ||
            rt_qa_says(q, w->sentence, RT_MARK_BIOPSY) || rt_qa_cued(q, w->sentence, RT_CUE_ABSENT))
            continue;
        rt_qa_report(q, RT_Q(33), rt_qa_span(q, rt_qa_sentence_at(q, w->sentence)), RT_QA_NONE);
        return;
    }
}

/* The sentence has a lesion of its own, which the advice is for. */
static bool has_finding(const rt_qa *q, uint32_t sentence)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].sentence == sentence && q->facts.at[i].finding != RT_NIL &&
            q->lex->concepts[q->facts.at[i].concept].type != RT_TYPE_PROCEDURE)
            return true;
    return false;
}

/* "Follow-up chest CT in 3 months.", "CT of the chest in 12 months." stand for themselves: the word
 * opens a sentence that has no finding, and looks ahead. */
static bool opens_advice(const rt_qa *q, const rt_qa_word *w)
{
    if (w->at.beg > q->d->sentences.at[w->sentence].at.beg + 4 ||
        rt_qa_says(q, w->sentence, RT_MARK_TIME_AGO) ||
        rt_qa_says(q, w->sentence, RT_MARK_PRIOR_EXAM))
        return false;
    return w->mark == RT_MARK_FOLLOW_UP &&
                   rt_qa_part_of_sentence(q, w->sentence) == RT_QA_IMPRESSION
               ? true
               : rt_qa_part_of_sentence(q, w->sentence) >= RT_QA_BODY &&
                     !has_finding(q, w->sentence);
}

/* The region that a sentence speaks of; 0: none, or more than one. */
static uint32_t region_of(const rt_qa *q, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    uint32_t found = 0;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        uint32_t region = q->about[q->d->mentions.at[i].concept].region;
        if (region == 0 || region == found)
            continue;
        if (found != 0)
            return 0;
        found = region;
    }
    return found;
}

/* "CT of the chest in 3 months; MR of the adrenals in 12": of two things. */
static bool other_region(const rt_qa *q, uint32_t a, uint32_t b)
{
    uint32_t x = region_of(q, a), y = region_of(q, b);
    return x != 0 && y != 0 && x != y;
}

/* A nodule of the lung that needs no early control, when there is no larger one and no risk. */
static const rt_qa_fact *small_nodule(const rt_qa *q)
{
    double small = rt_checks_param(q->checks, RT_QA_PARAM_SMALL_NODULE);
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->finding == RT_NIL || f->size == 0 || !rt_qa_is(f, RT_QA_SET_NODULE) ||
            !rt_qa_in(q, f, RT_QA_SET_LUNG))
            continue;
        if (f->size >= small)
            return NULL;
        found = found ? found : f;
    }
    return found && !rt_qa_first(q, RT_MARK_HIGH_RISK) ? found : NULL;
}

static void check_intervals(rt_qa *q)
{
    uint32_t first = RT_NIL, last = RT_NIL;
    double before = 0, early = rt_checks_param(q->checks, RT_QA_PARAM_EARLY_MONTHS);
    rt_mark_sets control = RT_QA_WORDS(RT_MARK_FOLLOW_UP, RT_MARK_MODALITY);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, control, w)) != NULL;) {
        if (w->sentence == RT_NIL || w->sentence == last || !may_tell_interval(q, w->sentence) ||
            !(rt_qa_advisable(q, w->sentence) || opens_advice(q, w)))
            continue;
        last = w->sentence;
        double months = rt_qa_interval(q, last);
        if (months == 0)
            continue;
        rt_span at = rt_qa_span(q, rt_qa_sentence_at(q, last));
        if (first != RT_NIL && (months > 1.5 * before || before > 1.5 * months) &&
            !rt_qa_says(q, last, RT_MARK_THEN) && !other_region(q, first, last))
            rt_qa_report(q, RT_Q(34), rt_qa_span(q, rt_qa_sentence_at(q, first)), at);
        first = last;
        before = months;
        const rt_qa_fact *f = months <= early ? small_nodule(q) : NULL;
        if (f)
            rt_qa_report(q, RT_Q(34), rt_qa_at(q, f), at);
    }
}

/* ---- Q42 */

typedef struct advised {
    rt_span at;
    uint8_t side, organ;
} advised;

/* That alone was examined; 0: none, or several. */
static uint8_t only_organ(const rt_qa *q)
{
    uint64_t organs = q->exam.organs;
    uint8_t organ = 0;
    if (organs == 0 || (organs & (organs - 1)) != 0)
        return 0;
    while (!(organs >> organ & 1U))
        organ++;
    return organ;
}

/* A word for what is missing; a bed or a region alone (附件区) says nothing. */
static bool is_gone(const rt_qa *q, uint32_t sentence, rt_fspan in)
{
    const rt_qa_word *w;
    for (; rt_qa_find_in(q, sentence, RT_MARK_GONE, in, &w); in.beg = w->at.beg + 1)
        if (rt_qa_value(q, w)[0] == '\0')
            return true;
    return false;
}

/* What is advised: a side and the organ that it is of, in a part of a sentence. */
static bool advised_side(const rt_qa *q, uint32_t sentence, rt_fspan in, advised *out)
{
    rt_range r = rt_qa_mentions(q, sentence);
    *out = (advised){RT_QA_NONE, RT_SIDE_NONE, 0};
    if (q->sentences[sentence].sided == RT_NIL || is_gone(q, sentence, in) ||
        rt_qa_find_in(q, sentence, RT_MARK_REMOVED, in, NULL))
        return false; /* what was done, not what is advised */
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->at.beg < in.beg || m->at.end > in.end)
            continue;
        uint8_t side = rt_qa_side_of(q, m);
        if (side != RT_SIDE_NONE) {
            if (out->side != RT_SIDE_NONE && out->side != side)
                return false;
            out->side = side;
            out->at = rt_qa_join(rt_qa_span(q, m->at), out->at);
        }
        uint8_t organ = q->about[m->concept].organ;
        if (organ > 0 && out->organ == 0) {
            out->organ = organ;
            out->at = rt_qa_join(rt_qa_span(q, m->at), out->at);
        }
    }
    if (out->organ == 0) /* "biopsy of the right lobe" in an exam of one organ */
        out->organ = only_organ(q);
    return (out->side == RT_SIDE_LEFT || out->side == RT_SIDE_RIGHT) && out->organ > 0;
}

/* "Biopsy of the right nodule is advised": the lesion is what the means at the start are for. */
static bool opens_with_means(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = rt_qa_sentence_at(q, sentence);
    in.end = in.beg + OPENING < in.end ? in.beg + OPENING : in.end;
    return rt_qa_find_in(q, sentence, RT_MARK_BIOPSY, in, NULL) ||
           rt_qa_find_in(q, sentence, RT_MARK_MODALITY, in, NULL) ||
           rt_qa_find_in(q, sentence, RT_MARK_FOLLOW_UP, in, NULL);
}

/* Behind the advising word ("recommend biopsy of ..."), or before it when it ends the sentence. */
static bool advised_by(const rt_qa *q, const rt_qa_word *w, advised *out)
{
    rt_fspan whole = rt_qa_sentence_at(q, w->sentence);
    rt_fspan behind = {w->at.end, whole.end}, before = {whole.beg, w->at.beg};
    return advised_side(q, w->sentence, behind, out) ||
           (whole.end - w->at.end <= TAIL &&
            (!has_finding(q, w->sentence) || opens_with_means(q, w->sentence)) &&
            advised_side(q, w->sentence, before, out));
}

/* "MRI of the brain to characterize the adrenal nodule": a place that no lesion of the report and
 * not the exam is of. Staging looks elsewhere on purpose; its words are forbidden in the table. */
static void check_advised_place(rt_qa *q, const rt_qa_word *w)
{
    rt_fspan in = rt_qa_sentence_at(q, w->sentence);
    rt_range r = rt_qa_mentions(q, w->sentence);
    const rt_mention *place = NULL;
    in.beg = w->at.end;
    if (!rt_qa_find_in(q, w->sentence, RT_MARK_PURPOSE, in, NULL) ||
        !rt_qa_find_in(q, w->sentence, RT_MARK_MODALITY, in, NULL))
        return;
    for (uint32_t i = r.first; i < r.first + r.count && !place; i++)
        if (q->d->mentions.at[i].at.beg >= w->at.end &&
            q->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            place = &q->d->mentions.at[i];
    uint32_t region = place ? q->about[place->concept].region : 0;
    if (region == 0 || (q->exam.regions >> region & 1U))
        return;
    const rt_qa_fact *lesion = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->part < RT_QA_BODY || f->region == 0)
            continue;
        if (rt_checks_around(q->checks, region) >> f->region & 1U ||
            rt_qa_is(f, RT_QA_SET_MALIGNANT))
            return;
        lesion = f;
    }
    if (lesion)
        rt_qa_report(q, RT_Q(42), rt_qa_at(q, lesion), rt_qa_span(q, place->at));
}

/* Another advice of the report is for that side of the organ: this one is for the other on purpose.
 */
static bool advised_too(const rt_qa *q, const rt_qa_word *w, uint32_t organ, uint8_t side)
{
    advised advice;
    for (const rt_qa_word *v = rt_qa_first(q, RT_MARK_ADVISE); v; v = rt_qa_next(q, v)) {
        if (v->sentence != RT_NIL && v->sentence != w->sentence && advised_by(q, v, &advice) &&
            advice.organ == organ && advice.side == side)
            return true;
    }
    return false;
}

static void check_advised_side(rt_qa *q, const rt_qa_word *w)
{
    advised advice;
    const rt_qa_fact *other = NULL;
    if (!advised_by(q, w, &advice))
        return;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->part < RT_QA_BODY || f->organ != advice.organ ||
            rt_qa_type(q, f) == RT_TYPE_PROCEDURE ||
            (f->sentence == w->sentence && opens_with_means(q, w->sentence)) ||
            rt_qa_at(q, f).beg >= rt_qa_span(q, w->at).end)
            continue;
        if (f->side == advice.side || f->side == RT_SIDE_BILATERAL)
            return;
        if (f->side == rt_qa_opposite(advice.side))
            other = f;
    }
    if (other && !advised_too(q, w, advice.organ, other->side))
        rt_qa_report(q, RT_Q(42), rt_qa_at(q, other), advice.at);
}

void rt_qa_advice(rt_qa *q)
{
    check_incidental(q);
    check_complete(q);
    if (rt_qa_has(q, RT_MARK_INTERVAL) || rt_qa_has(q, RT_MARK_TIME_UNIT))
        check_intervals(q);
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_ADVISE); w; w = rt_qa_next(q, w))
        if (w->sentence != RT_NIL) {
            check_advised_side(q, w);
            check_advised_place(q, w);
        }
}
