/* RADS categories: without one (Q29), against the advice (Q30) and the description (Q31). */
#include "base/utf8.h"
#include "stage/qa.h"

enum { PROVEN = 6 /* category of a known cancer, whatever else the organ has */ };

static int digit_of(const rt_grade *g)
{
    for (size_t i = 0; i < g->value.len; i++)
        if (rt_is_digit(g->value.ptr[i]))
            return g->value.ptr[i] - '0';
    return -1;
}

static bool is_rads(const rt_qa *q, const rt_grade *g)
{
    return rt_qa_concept_in(q, g->concept, RT_QA_SET_RADS) && digit_of(g) >= 0;
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

/* A denial stands before the word, or behind it in its clause. What is denied behind a comma is
 * something else: "purely cystic, no solid part". */
static bool is_denied(const rt_qa *q, const rt_qa_word *w)
{
    if (q->d->zh)
        return rt_qa_cued(q, w->sentence, RT_CUE_ABSENT);
    uint32_t i = rt_doc_first_cue_in(q->d, w->sentence);
    for (; i < q->d->cues.len && q->d->cues.at[i].sentence == w->sentence; i++) {
        const rt_cue_hit *c = &q->d->cues.at[i];
        if (q->lex->cues[c->cue].category == RT_CUE_ABSENT &&
            (c->at.beg < w->at.beg ||
             (c->at.beg >= w->at.end &&
              !memchr(q->d->text.folded.ptr + w->at.end, ',', c->at.beg - w->at.end))))
            return true;
    }
    return false;
}

/* First word of a set that is said in advice (or in the report), and is not denied. */
static const rt_qa_word *said(const rt_qa *q, rt_mark_type set, bool in_advice)
{
    for (const rt_qa_word *w = rt_qa_first(q, set); w; w = rt_qa_next(q, w)) {
        if (w->sentence == RT_NIL)
            continue;
        bool here = in_advice ? rt_qa_advisable(q, w->sentence)
                              : rt_qa_part_of_sentence(q, w->sentence) >= RT_QA_BODY;
        if (here && !(in_advice ? rt_qa_cued(q, w->sentence, RT_CUE_ABSENT) : is_denied(q, w)))
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
    rt_mark_sets control = RT_QA_WORDS(RT_MARK_ROUTINE, RT_MARK_FOLLOW_UP);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, control, w)) != NULL;) {
        if (w->sentence == RT_NIL || rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY)
            continue;
        bool late = w->mark == RT_MARK_ROUTINE || rt_qa_interval(q, w->sentence) >= 6;
        if (rt_qa_concept_in(q, g->concept, RT_QA_SET_BY_SIZE))
            late = w->mark == RT_MARK_ROUTINE && rt_qa_value(q, w)[0] != '\0'; /* none at all */
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

/* "Spongiform nodule", 囊性结节: the word is a part of one that says the opposite. */
static bool within_simple(const rt_qa *q, const rt_qa_word *w)
{
    for (const rt_qa_word *s = rt_qa_first(q, RT_MARK_SIMPLE); s; s = rt_qa_next(q, s))
        if (s->at.beg <= w->at.beg && w->at.end <= s->at.end)
            return true;
    return false;
}

/* Said of the lesions in the findings, not of the category ("highly suggestive of malignancy") and
 * not within a word for a simple one. */
static bool described_so(const rt_qa *q, rt_mark_type set)
{
    for (const rt_qa_word *w = rt_qa_first(q, set); w; w = rt_qa_next(q, w))
        if (w->sentence != RT_NIL && rt_qa_part_of_sentence(q, w->sentence) == RT_QA_BODY &&
            !within_simple(q, w) && !denied_here(q, w))
            return true;
    return false;
}

/* The findings have a mass or a nodule, whatever else is normal. */
static bool has_mass(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->part == RT_QA_BODY && (rt_qa_is(f, RT_QA_SET_NODULE) || rt_qa_is(f, RT_QA_SET_MASS)))
            return true;
    }
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
    if (simple && rt_qa_value(q, simple)[0] != '\0' && has_mass(q))
        return; /* something else is normal */
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
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->part >= RT_QA_BODY && rt_qa_is(q->positive.at[i], RT_QA_SET_FOCAL))
            return true;
    return false;
}

void rt_qa_grade(rt_qa *q)
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
        if (q->lex->marks[word].mark != RT_MARK_RADS_EXAM || rt_qa_first(q, RT_MARK_RADS_NAME) ||
            rt_qa_first(q, RT_MARK_RADS_EXEMPT) || is_exempt(q) ||
            (!(q->exam.modalities & 1U << RT_QA_MG) && !has_lesion(q, word)))
            continue;
        rt_qa_report_word(q, RT_Q(29), RT_QA_NONE, RT_QA_NONE,
                          rt_str_from(rt_lexicon_text(q->lex, q->lex->marks[word].value)));
        return;
    }
}
