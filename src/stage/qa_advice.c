/* What is advised: RADS categories (Q29, Q30, Q31), follow-up (Q32, Q33, Q34), its side (Q42). */
#include "base/utf8.h"
#include "stage/qa.h"

enum {
    MAX_BACK = 12, /* bytes from a unit of time back to the number it belongs to */
    OPENING = 12,  /* bytes at the start of a sentence that may name the means */
    TAIL = 4,      /* bytes behind a word that ends its sentence */
    PROVEN = 6,    /* category of a known cancer, whatever else the organ has */
};

/* ---- sentences of advice */

static bool advises(const rt_qa *q, uint32_t sentence)
{
    unsigned type = q->d->sections.at[q->d->sentences.at[sentence].section].type;
    return type == RT_SECTION_RECOMMENDATION || rt_qa_says(q, sentence, RT_MARK_ADVISE);
}

static bool advisable(const rt_qa *q, uint32_t sentence)
{
    unsigned type = q->d->sections.at[q->d->sentences.at[sentence].section].type;
    return (rt_qa_part_of_sentence(q, sentence) >= RT_QA_BODY ||
            type == RT_SECTION_RECOMMENDATION) &&
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

/* The interval that a sentence names, in months; 0: none. */
static double interval_of(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = q->d->sentences.at[sentence].at;
    const rt_qa_word *w;
    double most = 0, v;
    if (rt_qa_find(q, RT_MARK_INTERVAL, in, &w) &&
        rt_str_number(rt_str_from(rt_qa_value(q, w)), &v))
        most = v;
    while (rt_qa_find(q, RT_MARK_TIME_UNIT, in, &w)) {
        v = months_at(q, w);
        most = v > most ? v : most;
        in.beg = w->at.beg + 1;
    }
    return most;
}

/* ---- Q29, Q30, Q31 */

static int digit_of(const rt_grade *g)
{
    for (size_t i = 0; i < g->value.len; i++)
        if (rt_is_digit(g->value.ptr[i]))
            return g->value.ptr[i] - '0';
    return -1;
}

static bool is_rads(const rt_qa *q, const rt_grade *g)
{
    return rt_checks_in(q->checks, g->concept, RT_QA_SET_RADS) && digit_of(g) >= 0;
}

/* Four and five (six: proven) are suspicious in all systems; one and two are not. */
static bool is_high(const rt_grade *g)
{
    return digit_of(g) >= 4;
}

static bool is_low(const rt_grade *g)
{
    return digit_of(g) == 1 || digit_of(g) == 2;
}

static bool denied(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_cued(q, sentence, RT_CUE_ABSENT);
}

/* First word of a set that is said in advice (or in the report), and is not denied. */
static const rt_qa_word *said(const rt_qa *q, rt_mark_type set, bool in_advice)
{
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->mark != set || w->sentence == RT_NIL)
            continue;
        bool here = in_advice ? advisable(q, w->sentence)
                              : rt_qa_part_of_sentence(q, w->sentence) >= RT_QA_BODY;
        if (here && !denied(q, w->sentence))
            return w;
    }
    return NULL;
}

/* Another category of the system stands nearer before the word: the advice is for that one. */
static bool of_another_grade(const rt_qa *q, const rt_grade *g, const rt_qa_word *w)
{
    uint32_t at = rt_qa_span(q, w->at).beg;
    for (uint32_t i = 0; i < q->d->grades.len; i++) {
        const rt_grade *b = &q->d->grades.at[i];
        if (is_rads(q, b) && !is_high(b) && b->at.beg > g->at.beg && b->at.beg < at)
            return true;
    }
    return false;
}

static void check_grade_advice(rt_qa *q, const rt_grade *g, bool all_low)
{
    const rt_qa_word *biopsy = said(q, RT_MARK_BIOPSY, true);
    if (all_low && biopsy) {
        rt_qa_report(q, RT_Q(30), g->at, rt_qa_span(q, biopsy->at));
        return;
    }
    if (!is_high(g) || biopsy)
        return;
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->sentence == RT_NIL || rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY)
            continue;
        bool late = w->mark == RT_MARK_ROUTINE ||
                    (w->mark == RT_MARK_FOLLOW_UP && interval_of(q, w->sentence) >= 6);
        if (!late || of_another_grade(q, g, w))
            continue;
        rt_qa_report(q, RT_Q(30), g->at, rt_qa_span(q, w->at));
        return;
    }
}

/* A denial stands before the word in its clause. */
static bool denied_here(const rt_qa *q, const rt_qa_word *w)
{
    uint32_t beg = w->at.beg, first = q->d->sentences.at[w->sentence].at.beg;
    while (beg > first && strchr(",;", q->d->text.folded.ptr[beg - 1]) == NULL)
        beg--;
    for (uint32_t i = 0; i < q->d->cues.len; i++) {
        const rt_cue_hit *c = &q->d->cues.at[i];
        if (c->at.beg >= beg && c->at.end <= w->at.beg &&
            q->lex->cues[c->cue].category == RT_CUE_ABSENT)
            return true;
    }
    return false;
}

/* Said of the lesions in the findings, not of the category ("highly suggestive of malignancy"). */
static bool described_so(const rt_qa *q, rt_mark_type set)
{
    for (uint32_t i = 0; i < q->words.len; i++)
        if (q->words.at[i].mark == set && q->words.at[i].sentence != RT_NIL &&
            rt_qa_part_of_sentence(q, q->words.at[i].sentence) == RT_QA_BODY &&
            !denied_here(q, &q->words.at[i]))
            return true;
    return false;
}

static void check_grade_descriptors(rt_qa *q, const rt_grade *g)
{
    const rt_qa_word *suspicious = said(q, RT_MARK_SUSPICIOUS, false);
    if (is_low(g) && suspicious) {
        rt_qa_report(q, RT_Q(31), g->at, rt_qa_span(q, suspicious->at));
        return;
    }
    const rt_qa_word *simple = said(q, RT_MARK_SIMPLE, false);
    if (is_high(g) && digit_of(g) < PROVEN && simple && !described_so(q, RT_MARK_SUSPICIOUS) &&
        !described_so(q, RT_MARK_SOLID))
        rt_qa_report(q, RT_Q(31), g->at, rt_qa_span(q, simple->at));
}

/* The exam is of a specimen, or guides a needle. */
static bool is_exempt(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->exam.words.len; i++)
        if (q->lex->marks[q->exam.words.at[i]].mark == RT_MARK_RADS_EXEMPT)
            return true;
    return false;
}

/* Ultrasound and MR of the breast are also done without a question of cancer: a lesion asks for a
 * category. The other systems are of exams that always do. */
static bool has_lesion(const rt_qa *q, uint32_t word)
{
    if (strcmp(rt_lexicon_text(q->lex, q->lex->marks[word].value), "BI-RADS") != 0)
        return true;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part >= RT_QA_BODY && rt_qa_positive(&q->facts.at[i]) &&
            rt_checks_in(q->checks, q->facts.at[i].concept, RT_QA_SET_FOCAL))
            return true;
    return false;
}

static void check_grades(rt_qa *q)
{
    const rt_grade *worst = NULL;
    for (uint32_t i = 0; i < q->d->grades.len; i++) {
        const rt_grade *g = &q->d->grades.at[i];
        if (is_rads(q, g) && (!worst || digit_of(g) > digit_of(worst)))
            worst = g;
    }
    if (worst) {
        check_grade_advice(q, worst, is_low(worst));
        check_grade_descriptors(q, worst);
        return;
    }
    for (uint32_t i = 0; i < q->exam.words.len; i++) {
        uint32_t word = q->exam.words.at[i];
        if (q->lex->marks[word].mark != RT_MARK_RADS_EXAM || q->count[RT_MARK_RADS_NAME] > 0 ||
            q->count[RT_MARK_RADS_EXEMPT] > 0 || is_exempt(q) ||
            (!(q->exam.modalities & 1U << RT_QA_MG) && !has_lesion(q, word)))
            continue;
        rt_qa_report_word(q, RT_Q(29), RT_QA_NONE, RT_QA_NONE,
                          rt_str_from(rt_lexicon_text(q->lex, q->lex->marks[word].value)));
        return;
    }
}

/* ---- Q32 */

static bool any_advice(const rt_qa *q)
{
    return q->d->advice.len > 0 || q->count[RT_MARK_ADVISE] > 0 ||
           q->count[RT_MARK_NO_FOLLOW_UP] > 0 || q->count[RT_MARK_FOLLOW_UP] > 0;
}

static void check_incidental(rt_qa *q)
{
    if (q->count[RT_MARK_INCIDENTAL] == 0 || any_advice(q))
        return;
    double least = rt_checks_param(q->checks, RT_QA_PARAM_INCIDENTAL);
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->finding == RT_NIL || f->part < RT_QA_BODY || !rt_qa_positive(f) ||
            !rt_qa_says(q, f->sentence, RT_MARK_INCIDENTAL) ||
            !rt_checks_in(q->checks, f->concept, RT_QA_SET_FOLLOWED) ||
            (f->size > 0 && f->size < least) || f->change == RT_CHANGE_STABLE)
            continue;
        rt_qa_report(q, RT_Q(32), f->at, RT_QA_NONE);
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

/* A date: "repeat CT on 2025-03-01". */
static bool has_year(rt_str s)
{
    for (size_t i = 0, run = 0; i < s.len; i++) {
        run = rt_is_digit(s.ptr[i]) ? run + 1 : 0;
        if (run == 4)
            return true;
    }
    return false;
}

static void check_complete(rt_qa *q)
{
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->mark != RT_MARK_FOLLOW_UP || w->sentence == RT_NIL ||
            !(advisable(q, w->sentence) || ends_impression(q, w)) ||
            interval_of(q, w->sentence) > 0 || has_year(rt_qa_text_of(q, w->sentence)) ||
            rt_qa_says(q, w->sentence, RT_MARK_AT_ONCE) ||
            rt_qa_says(q, w->sentence, RT_MARK_BIOPSY) || denied(q, w->sentence))
            continue;
        rt_qa_report(q, RT_Q(33), rt_qa_span(q, q->d->sentences.at[w->sentence].at), RT_QA_NONE);
        return;
    }
}

/* "Follow-up chest CT in 3 months." stands for itself: the word opens a sentence of the impression.
 */
static bool opens_advice(const rt_qa *q, const rt_qa_word *w)
{
    return w->mark == RT_MARK_FOLLOW_UP &&
           w->at.beg <= q->d->sentences.at[w->sentence].at.beg + 4 &&
           rt_qa_part_of_sentence(q, w->sentence) == RT_QA_IMPRESSION;
}

/* The region that a sentence speaks of; 0: none, or more than one. */
static uint32_t region_of(const rt_qa *q, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    uint32_t found = 0;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        uint32_t region = rt_checks_region(q->checks, q->d->mentions.at[i].concept);
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

static void check_intervals(rt_qa *q)
{
    uint32_t first = RT_NIL, last = RT_NIL;
    double before = 0, early = rt_checks_param(q->checks, RT_QA_PARAM_EARLY_MONTHS);
    double small = rt_checks_param(q->checks, RT_QA_PARAM_SMALL_NODULE);
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        bool control = w->mark == RT_MARK_FOLLOW_UP || w->mark == RT_MARK_MODALITY;
        if (!control || w->sentence == RT_NIL || w->sentence == last ||
            !(advisable(q, w->sentence) || opens_advice(q, w)))
            continue;
        last = w->sentence;
        double months = interval_of(q, last);
        if (months == 0)
            continue;
        rt_span at = rt_qa_span(q, q->d->sentences.at[last].at);
        if (first != RT_NIL && (months > 1.5 * before || before > 1.5 * months) &&
            !rt_qa_says(q, last, RT_MARK_THEN) && !other_region(q, first, last))
            rt_qa_report(q, RT_Q(34), rt_qa_span(q, q->d->sentences.at[first].at), at);
        first = last;
        before = months;
        for (uint32_t k = 0; k < q->facts.len && months <= early; k++) {
            const rt_qa_fact *f = &q->facts.at[k];
            if (f->finding == RT_NIL || f->size == 0 || f->size >= small ||
                !rt_checks_in(q->checks, f->concept, RT_QA_SET_NODULE) ||
                !rt_qa_in(q, f, RT_QA_SET_LUNG) || q->count[RT_MARK_HIGH_RISK] > 0)
                continue;
            rt_qa_report(q, RT_Q(34), f->at, at);
            break;
        }
    }
}

/* ---- Q42 */

/* What is advised: a side and the organ that it is of, in a part of a sentence. */
static bool advised_side(const rt_qa *q, uint32_t sentence, rt_fspan in, rt_qa_fact *out)
{
    rt_range r = rt_qa_mentions(q, sentence);
    *out = (rt_qa_fact){.side = RT_SIDE_NONE, .place = RT_NIL};
    if (rt_qa_find(q, RT_MARK_GONE, in, NULL) || rt_qa_find(q, RT_MARK_REMOVED, in, NULL))
        return false; /* what was done, not what is advised */
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->at.beg < in.beg || m->at.end > in.end)
            continue;
        uint8_t side =
            m->type == RT_TYPE_SIDE ? q->lex->concepts[m->concept].value : (uint8_t)m->side;
        if (side != RT_SIDE_NONE) {
            if (out->side != RT_SIDE_NONE && out->side != side)
                return false;
            out->side = side;
            out->at = rt_qa_join(rt_qa_span(q, m->at), out->at);
        }
        uint32_t organ = rt_checks_organ(q->checks, m->concept);
        if (organ > 0 && out->organ == 0) {
            out->organ = (uint8_t)organ;
            out->at = rt_qa_join(rt_qa_span(q, m->at), out->at);
        }
    }
    return rt_qa_one_sided(out) && out->organ > 0;
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

/* "Biopsy of the right nodule is advised": the lesion is what the means at the start are for. */
static bool opens_with_means(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = q->d->sentences.at[sentence].at;
    in.end = in.beg + OPENING < in.end ? in.beg + OPENING : in.end;
    return rt_qa_find(q, RT_MARK_BIOPSY, in, NULL) || rt_qa_find(q, RT_MARK_MODALITY, in, NULL) ||
           rt_qa_find(q, RT_MARK_FOLLOW_UP, in, NULL);
}

/* Behind the advising word ("recommend biopsy of ..."), or before it when it ends the sentence. */
static bool advised_by(const rt_qa *q, const rt_qa_word *w, rt_qa_fact *out)
{
    rt_fspan whole = q->d->sentences.at[w->sentence].at;
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
    rt_fspan in = q->d->sentences.at[w->sentence].at;
    rt_range r = rt_qa_mentions(q, w->sentence);
    const rt_mention *place = NULL;
    in.beg = w->at.end;
    if (!rt_qa_find(q, RT_MARK_PURPOSE, in, NULL) || !rt_qa_find(q, RT_MARK_MODALITY, in, NULL))
        return;
    for (uint32_t i = r.first; i < r.first + r.count && !place; i++)
        if (q->d->mentions.at[i].at.beg >= w->at.end &&
            q->d->mentions.at[i].type == RT_TYPE_ANATOMY)
            place = &q->d->mentions.at[i];
    uint32_t region = place ? rt_checks_region(q->checks, place->concept) : 0;
    if (region == 0 || (q->exam.regions >> region & 1U))
        return;
    const rt_qa_fact *lesion = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part < RT_QA_BODY || !rt_qa_positive(f) || f->region == 0)
            continue;
        if (rt_checks_around(q->checks, region) >> f->region & 1U ||
            rt_checks_in(q->checks, f->concept, RT_QA_SET_MALIGNANT))
            return;
        lesion = f;
    }
    if (lesion)
        rt_qa_report(q, RT_Q(42), lesion->at, rt_qa_span(q, place->at));
}

static bool is_procedure(const rt_qa *q, const rt_qa_fact *f)
{
    return q->lex->concepts[f->concept].type == RT_TYPE_PROCEDURE;
}

/* Another advice of the report is for that side of the organ: this one is for the other on purpose.
 */
static bool advised_too(const rt_qa *q, const rt_qa_word *w, uint32_t organ, uint8_t side)
{
    rt_qa_fact advice;
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *v = &q->words.at[i];
        if (v->mark == RT_MARK_ADVISE && v->sentence != RT_NIL && v->sentence != w->sentence &&
            advised_by(q, v, &advice) && advice.organ == organ && advice.side == side)
            return true;
    }
    return false;
}

static void check_advised_side(rt_qa *q, const rt_qa_word *w)
{
    rt_qa_fact advice;
    const rt_qa_fact *other = NULL;
    if (!advised_by(q, w, &advice))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part < RT_QA_BODY || f->organ != advice.organ || !rt_qa_positive(f) ||
            is_procedure(q, f) ||
            (f->sentence == w->sentence && opens_with_means(q, w->sentence)) ||
            f->at.beg >= rt_qa_span(q, w->at).end)
            continue;
        if (f->side == advice.side || f->side == RT_SIDE_BILATERAL)
            return;
        if (f->side == rt_qa_opposite(advice.side))
            other = f;
    }
    if (other && !advised_too(q, w, advice.organ, other->side))
        rt_qa_report(q, RT_Q(42), other->at, advice.at);
}

void rt_qa_advice(rt_qa *q)
{
    check_grades(q);
    check_incidental(q);
    if (q->count[RT_MARK_FOLLOW_UP] + q->count[RT_MARK_TIME_UNIT] > 0) {
        check_complete(q);
        check_intervals(q);
    }
    for (uint32_t i = 0; i < q->words.len && q->count[RT_MARK_ADVISE] > 0; i++)
        if (q->words.at[i].mark == RT_MARK_ADVISE && q->words.at[i].sentence != RT_NIL) {
            check_advised_side(q, &q->words.at[i]);
            check_advised_place(q, &q->words.at[i]);
        }
}
