/* The report as a whole: what is left out (Q11, Q16, Q38, Q43, Q45), told (Q35, Q36), corrected
 * (Q37) and signed (Q48). */
#include "base/utf8.h"
#include "stage/qa.h"

enum { MANY_ORGANS = 3 /* left out of a complete exam: more than a slip */ };

/* ---- Q11 */

static bool is_significant(const rt_qa *q, const rt_qa_fact *f)
{
    double least = rt_checks_param(q->checks, RT_QA_PARAM_OMIT_SIZE);
    if (f->finding == RT_NIL || f->part != RT_QA_BODY || !f->current ||
        f->presence != RT_PRESENCE_PRESENT || f->acuity == RT_QA_OLD ||
        f->change == RT_CHANGE_STABLE || f->change == RT_CHANGE_RESOLVED ||
        f->change == RT_CHANGE_DECREASED || f->severity == RT_SEVERITY_MILD ||
        q->d->findings.at[f->finding].derived || rt_qa_says(q, f->sentence, RT_MARK_HARMLESS))
        return false;
    if (rt_qa_says(q, f->sentence, RT_MARK_FREE_OF) || rt_qa_cued(q, f->sentence, RT_CUE_NORMAL))
        return false;
    return rt_checks_in(q->checks, f->concept, RT_QA_SET_SIGNIFICANT) ||
           (rt_checks_in(q->checks, f->concept, RT_QA_SET_NODULE) && f->size >= least);
}

static bool is_diagnosis(const rt_qa *q, const rt_qa_fact *f)
{
    return f->finding != RT_NIL && q->lex->concepts[f->concept].type == RT_TYPE_DIAGNOSIS;
}

/* The impression speaks of it: of its kind, or of another lesion of its organ. */
static bool is_concluded(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part != RT_QA_IMPRESSION && b->part != RT_QA_ADDENDUM)
            continue;
        if (b->finding != RT_NIL && b->presence == RT_PRESENCE_ABSENT &&
            q->d->findings.at[b->finding].derived)
            continue; /* "otherwise unremarkable" */
        if (rt_qa_related(q, f, b))
            return true;
        bool here = b->organ != 0 ? b->organ == f->organ : rt_qa_part_place(q, f, b);
        if (!here && (f->organ != 0 || f->place != RT_NIL) && b->organ != 0)
            continue;
        if (rt_checks_in(q->checks, b->concept, RT_QA_SET_FOCAL) ||
            rt_checks_in(q->checks, b->concept, RT_QA_SET_MALIGNANT) ||
            rt_checks_in(q->checks, b->concept, RT_QA_SET_SIGNIFICANT) ||
            (rt_checks_in(q->checks, b->concept, RT_QA_SET_BENIGN) &&
             !rt_checks_in(q->checks, b->concept, RT_QA_SET_DIFFUSE)) ||
            rt_checks_in(q->checks, b->concept, RT_QA_SET_VAGUE) ||
            (here && rt_qa_positive(b) && is_diagnosis(q, b) &&
             !rt_checks_in(q->checks, b->concept, RT_QA_SET_DIFFUSE)))
            return true;
    }
    return false;
}

/* The sentences of the impression; false: there is none, or it points back to the findings. */
static bool has_impression(const rt_qa *q)
{
    bool any = false;
    for (uint32_t i = 0; i < q->d->grades.len; i++) /* a category of 3 and above is a conclusion */
        if (rt_checks_in(q->checks, q->d->grades.at[i].concept, RT_QA_SET_RADS) &&
            rt_qa_part_of_sentence(q, q->d->grades.at[i].sentence) == RT_QA_IMPRESSION &&
            q->d->grades.at[i].value.len > 0 && q->d->grades.at[i].value.ptr[0] >= '3')
            return false;
    for (uint32_t i = 0; i < q->d->sentences.len; i++) {
        if (rt_qa_part_of_sentence(q, i) != RT_QA_IMPRESSION)
            continue;
        any = true;
        if (rt_qa_says(q, i, RT_MARK_AS_ABOVE))
            return false;
    }
    return any;
}

/* A fact that explains it in the findings is benign. */
static bool is_explained(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].sentence == f->sentence &&
            (rt_checks_in(q->checks, q->facts.at[i].concept, RT_QA_SET_BENIGN) ||
             q->facts.at[i].acuity == RT_QA_OLD))
            return true;
    return false;
}

/* "Right Osgood-Schlatter disease": a conclusion of that side that no concept stands for. */
static bool is_named_otherwise(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t s = 0; s < q->d->sentences.len && rt_qa_one_sided(f); s++) {
        if (rt_qa_part_of_sentence(q, s) != RT_QA_IMPRESSION || rt_qa_says(q, s, RT_MARK_NORMAL) ||
            rt_qa_says(q, s, RT_MARK_ADVISE))
            continue;
        bool side = false, finding = false;
        rt_range r = rt_qa_mentions(q, s);
        for (uint32_t i = r.first; i < r.first + r.count; i++) {
            const rt_mention *m = &q->d->mentions.at[i];
            side = side || m->side == f->side ||
                   (m->type == RT_TYPE_SIDE && q->lex->concepts[m->concept].value == f->side);
        }
        for (uint32_t i = 0; i < q->facts.len && side; i++)
            finding =
                finding || (q->facts.at[i].sentence == s && q->facts.at[i].finding != RT_NIL &&
                            !rt_checks_in(q->checks, q->facts.at[i].concept, RT_QA_SET_VAGUE));
        if (side && !finding)
            return true;
    }
    return false;
}

static void check_omission(rt_qa *q)
{
    if (!rt_qa_wants(q, RT_Q(11)) || !has_impression(q))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (is_significant(q, f) && !is_explained(q, f) && !is_concluded(q, f) &&
            !is_named_otherwise(q, f))
            rt_qa_report(q, RT_Q(11), f->at, RT_QA_NONE);
    }
}

/* ---- Q16 */

static bool is_blank(rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (strchr(" \n.:-_()[]*=#", s.ptr[i]) == NULL)
            return false;
    return true;
}

static void check_sections(rt_qa *q)
{
    uint32_t filled[RT_SECTION_END] = {0};
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        filled[q->d->sections.at[i].type] +=
            !is_blank(rt_text_fslice(&q->d->text, q->d->sections.at[i].at));
    for (uint32_t i = 0; i < q->d->sections.len; i++) {
        const rt_section *s = &q->d->sections.at[i];
        bool needed = s->type == RT_SECTION_FINDINGS || s->type == RT_SECTION_IMPRESSION;
        bool said_blank = rt_qa_find(q, RT_MARK_BLANK, s->at, NULL) && s->at.end - s->at.beg < 24;
        if (needed && s->heading.beg < s->heading.end && (filled[s->type] == 0 || said_blank) &&
            !(filled[s->type] > 1))
            rt_qa_report(q, RT_Q(16), rt_qa_span(q, s->heading), RT_QA_NONE);
    }
}

/* ---- Q38 */

static bool is_named(const rt_qa *q, uint32_t organ)
{
    uint32_t row = rt_checks_organ(q->checks, organ);
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (rt_qa_part_of_sentence(q, m->sentence) >= RT_QA_BODY &&
            (rt_lexicon_part_of(q->lex, m->concept, organ) ||
             (row > 0 && rt_checks_organ(q->checks, m->concept) == row)))
            return true;
    }
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part >= RT_QA_BODY && q->facts.at[i].place != RT_NIL &&
            rt_lexicon_part_of(q->lex, q->facts.at[i].place, organ))
            return true;
    for (uint32_t i = 0; i < q->words.len; i++) {
        unsigned mark = q->words.at[i].mark;
        if ((mark == RT_MARK_REMOVED || mark == RT_MARK_ORGAN_NAME) &&
            rt_checks_concept(q->checks, q->words.at[i].word) == organ)
            return true;
    }
    return false;
}

/* The impression has nothing positive. */
static bool concludes_normal(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part == RT_QA_IMPRESSION && rt_qa_positive(&q->facts.at[i]))
            return false;
    return true;
}

static bool region_described(const rt_qa *q, uint32_t region)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++)
        if (rt_qa_part_of_sentence(q, q->d->mentions.at[i].sentence) >= RT_QA_BODY &&
            rt_checks_region(q->checks, q->d->mentions.at[i].concept) == region)
            return true;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part >= RT_QA_BODY && q->facts.at[i].region == region)
            return true;
    return false;
}

/* What is described does not stand for all that was examined, as the abdomen does for the pelvis.
 */
static bool is_apart(const rt_qa *q, uint32_t described)
{
    for (uint32_t i = 1; i < 32; i++)
        if ((described >> i & 1U) &&
            (rt_checks_apart(q->checks, i) & q->exam.regions & ~described) == 0)
            return false;
    return true;
}

/* An exam of several regions ("chest, abdomen, pelvis") with one of them alone in the report. */
static void check_regions(rt_qa *q)
{
    uint32_t described = 0, missing = RT_NIL;
    for (uint32_t i = 0; i < q->exam.places.len; i++) {
        uint32_t place = q->exam.places.at[i], region = rt_checks_region(q->checks, place);
        if (region == 0 || rt_checks_organ(q->checks, place) > 0 ||
            rt_checks_in(q->checks, place, RT_QA_SET_LIMB))
            continue;
        if (region_described(q, region))
            described |= 1U << region;
        else
            missing = place;
    }
    if (missing == RT_NIL || described == 0 || !is_apart(q, described))
        return;
    const rt_concept *c = &q->lex->concepts[missing];
    rt_qa_report_word(q, RT_Q(38), RT_QA_NONE, RT_QA_NONE,
                      rt_str_from(rt_lexicon_text(q->lex, q->d->zh ? c->pref_zh : c->pref_en)));
}

static void check_complete_exam(rt_qa *q)
{
    uint32_t named = 0, lacks = 0;
    rt_str missing = RT_STR("");
    if (!rt_qa_wants(q, RT_Q(38)))
        return;
    for (uint32_t i = 0; i < q->exam.words.len; i++) {
        uint32_t word = q->exam.words.at[i];
        uint32_t organ = rt_checks_concept(q->checks, word);
        if (q->lex->marks[word].mark != RT_MARK_COMPLETE || organ == RT_NIL)
            continue;
        bool seen = false; /* two words of the exam may ask for one organ */
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = q->lex->marks[q->exam.words.at[k]].mark == RT_MARK_COMPLETE &&
                   rt_checks_concept(q->checks, q->exam.words.at[k]) == organ;
        if (seen)
            continue;
        const rt_concept *c = &q->lex->concepts[organ];
        rt_str name = rt_str_from(rt_lexicon_text(q->lex, q->d->zh ? c->pref_zh : c->pref_en));
        if (is_named(q, organ)) {
            named++;
            continue;
        }
        lacks++;
        if (!rt_str_find(missing, name, NULL))
            missing = rt_arena_printf(q->c->perm, "%.*s%s%.*s", (int)missing.len, missing.ptr,
                                      missing.len > 0 ? ", " : "", (int)name.len, name.ptr);
    }
    /* A report that calls the exam normal says so of all; one of lesions may leave some out. */
    if (named >= 2 && lacks > 0 && (lacks >= MANY_ORGANS || concludes_normal(q)))
        rt_qa_report_word(q, RT_Q(38), RT_QA_NONE, RT_QA_NONE, missing);
    else if (named == 0)
        check_regions(q);
}

/* ---- Q43 */

/* A side is named anywhere: left or right, or both of what has a lesion. "Both hips are normal"
 * tells nothing of the side of the broken one. */
static bool any_side(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t side =
            m->type == RT_TYPE_SIDE ? q->lex->concepts[m->concept].value : (uint8_t)m->side;
        if (side == RT_SIDE_LEFT || side == RT_SIDE_RIGHT)
            return true;
    }
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].side != RT_SIDE_NONE && rt_qa_positive(&q->facts.at[i]))
            return true;
    return q->exam.side == RT_SIDE_LEFT || q->exam.side == RT_SIDE_RIGHT;
}

static void check_side_missing(rt_qa *q)
{
    if (!rt_qa_wants(q, RT_Q(43)) || any_side(q))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part != RT_QA_IMPRESSION || f->finding == RT_NIL || !rt_qa_positive(f) ||
            !f->current || !rt_qa_in(q, f, RT_QA_SET_NEEDS_SIDE) ||
            !(rt_checks_in(q->checks, f->concept, RT_QA_SET_FOCAL) ||
              rt_checks_in(q->checks, f->concept, RT_QA_SET_NEEDS_SIDE)) ||
            rt_qa_says(q, f->sentence, RT_MARK_MANY))
            continue;
        rt_qa_report(q, RT_Q(43), f->at, RT_QA_NONE);
        return;
    }
}

/* ---- Q45 */

/* "Is there a stress fracture?" */
static bool is_asked(const rt_qa *q, const rt_qa_fact *f)
{
    rt_str s = rt_str_trim(rt_qa_text_of(q, f->sentence));
    return f->presence == RT_PRESENCE_QUERIED ||
           (f->presence == RT_PRESENCE_PRESENT && s.len > 0 && s.ptr[s.len - 1] == '?');
}

/* By its name, or by what is said of its organ: denied there, or another lesion of weight. */
static bool answers(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (rt_qa_related(q, f, b))
        return true;
    bool weighty = rt_checks_in(q->checks, b->concept, RT_QA_SET_SIGNIFICANT) ||
                   rt_checks_in(q->checks, b->concept, RT_QA_SET_FOCAL) ||
                   rt_checks_in(q->checks, b->concept, RT_QA_SET_MALIGNANT);
    bool minor = rt_checks_in(q->checks, f->concept, RT_QA_SET_SIGNIFICANT) && !weighty;
    if (rt_qa_alike(q, f, b))
        return b->presence == RT_PRESENCE_ABSENT || !minor;
    return f->organ == 0 && f->region > 1 && f->region == b->region &&
           b->part == RT_QA_IMPRESSION && (b->presence == RT_PRESENCE_ABSENT || weighty);
}

static void check_question(rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part != RT_QA_HISTORY || f->finding == RT_NIL || !is_asked(q, f) ||
            q->lex->concepts[f->concept].type == RT_TYPE_PROCEDURE ||
            rt_checks_in(q->checks, f->concept, RT_QA_SET_VAGUE))
            continue;
        bool answered = false, any = false;
        for (uint32_t k = 0; k < q->facts.len && !answered; k++) {
            const rt_qa_fact *b = &q->facts.at[k];
            any = any || b->part == RT_QA_IMPRESSION;
            answered = b->part >= RT_QA_BODY && answers(q, f, b);
        }
        for (uint32_t s = 0; s < q->d->sentences.len && !answered; s++)
            answered = rt_qa_part_of_sentence(q, s) == RT_QA_IMPRESSION &&
                       rt_qa_says(q, s, RT_MARK_NORMAL);
        if (!answered && any) {
            rt_qa_report(q, RT_Q(45), f->at, RT_QA_NONE);
            return;
        }
    }
}

/* ---- Q35, Q36 */

/* The impression has the finding too, or one like it. */
static bool taken_up(const rt_qa *q, uint32_t finding)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].finding == finding)
            return q->facts.at[i].part != RT_QA_BODY || is_concluded(q, &q->facts.at[i]);
    return true;
}

/* Known from an earlier exam, and not worse: told then. */
static bool is_no_news(const rt_qa *q, uint32_t finding)
{
    unsigned change = q->d->findings.at[finding].change;
    return change == RT_CHANGE_STABLE || change == RT_CHANGE_DECREASED ||
           change == RT_CHANGE_RESOLVED;
}

static void check_told(rt_qa *q)
{
    if (q->count[RT_MARK_TOLD] > 0 || q->count[RT_MARK_WILL_TELL] > 0 ||
        q->d->communications.len > 0)
        return;
    bool concluded = false;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        concluded = concluded || q->d->sections.at[i].type == RT_SECTION_IMPRESSION;
    for (uint32_t i = 0; i < q->d->flags.len; i++) {
        const rt_flag *f = &q->d->flags.at[i];
        if (rt_rules_info(q->c->know->rules, f->rule)->category != 1 || f->equivocal ||
            f->communicated || (concluded && !taken_up(q, f->finding)) || is_no_news(q, f->finding))
            continue; /* what the impression does not take up is no verdict */
        rt_qa_report(q, RT_Q(35), f->at, RT_QA_NONE);
        return;
    }
}

static bool has_clock(const rt_qa *q, rt_fspan in)
{
    rt_str s = q->d->text.folded;
    for (uint32_t i = in.beg; i + 3 < in.end; i++)
        if (rt_is_digit(s.ptr[i]) && s.ptr[i + 1] == ':' && rt_is_digit(s.ptr[i + 2]))
            return true;
    return rt_qa_find(q, RT_MARK_CLOCK, in, NULL);
}

/* The time matters where minutes do. */
static bool is_urgent(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->flags.len; i++)
        if (!q->d->flags.at[i].equivocal &&
            rt_rules_info(q->c->know->rules, q->d->flags.at[i].rule)->category <= 2)
            return true;
    return false;
}

static void check_record(rt_qa *q)
{
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        bool future = w->mark == RT_MARK_WILL_TELL;
        if ((w->mark != RT_MARK_TOLD && !future) || w->sentence == RT_NIL ||
            rt_qa_part_of_sentence(q, w->sentence) == RT_QA_HISTORY)
            continue;
        /* the next sentence may go on with the record */
        rt_fspan in = q->d->sentences.at[w->sentence].at;
        if (w->sentence + 1 < q->d->sentences.len)
            in.end = q->d->sentences.at[w->sentence + 1].at.end;
        if (w->sentence > 0)
            in.beg = q->d->sentences.at[w->sentence - 1].at.beg;
        const char *lacks = future                                        ? "told"
                            : !rt_qa_find(q, RT_MARK_RECIPIENT, in, NULL) ? "recipient"
                            : !has_clock(q, in) && is_urgent(q)           ? "time"
                                                                          : NULL;
        if (lacks && !rt_qa_says(q, w->sentence, RT_MARK_DOCUMENTED))
            rt_qa_report_word(q, RT_Q(36), rt_qa_span(q, q->d->sentences.at[w->sentence].at),
                              RT_QA_NONE, rt_checks_say(q->checks, lacks, q->d->zh));
        return;
    }
}

/* ---- Q37, Q48 */

/* Part of a day or of a time of day: "2024-03-15", 16:40, 3月. */
static bool tells_time(const rt_qa *q, rt_fspan number)
{
    rt_str s = q->d->text.folded;
    return (number.beg > 0 && strchr("-/:", s.ptr[number.beg - 1]) != NULL) ||
           (number.end < s.len && strchr("-/:", s.ptr[number.end]) != NULL) ||
           rt_qa_find(q, RT_MARK_CLOCK, (rt_fspan){number.end, number.end + 1}, NULL) ||
           rt_qa_find(q, RT_MARK_TIME_UNIT, (rt_fspan){number.end, number.end + 1}, NULL);
}

/* An addendum that corrects says what: a side, a place, a finding, a size. */
static void check_addendum(rt_qa *q, uint32_t section)
{
    rt_fspan in = q->d->sections.at[section].at;
    const rt_qa_word *w;
    if (!rt_qa_find(q, RT_MARK_CORRECTED, in, &w))
        return;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->at.beg >= in.beg && m->at.end <= in.end && m->type <= RT_TYPE_SEVERITY)
            return;
    }
    for (uint32_t i = 0; i < q->d->numbers.len; i++)
        if (q->d->numbers.at[i].at.beg >= in.beg && q->d->numbers.at[i].at.beg < in.end &&
            !tells_time(q, q->d->numbers.at[i].at) && !rt_qa_find(q, RT_MARK_EXAM_DATE, in, NULL))
            return;
    rt_qa_report(q, RT_Q(37), rt_qa_span(q, w->at), RT_QA_NONE);
}

/* Nothing but blanks and lines between a label and the end of its line. */
static bool is_unsigned(const rt_qa *q, const rt_qa_word *w)
{
    rt_str s = q->d->text.folded;
    uint32_t end = w->at.end;
    while (end < s.len && s.ptr[end] != '\n')
        end++;
    return is_blank(rt_str_slice(s, w->at.end, end));
}

static void check_status(rt_qa *q)
{
    rt_str status = q->d->record->field[RT_FIELD_STATUS];
    bool draft = rt_str_eq_nocase(status, RT_STR("preliminary"));
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        bool cited = w->sentence != RT_NIL &&
                     q->d->sections.at[q->d->sentences.at[w->sentence].section].type ==
                         RT_SECTION_COMPARISON;
        bool wrong =
            w->mark == RT_MARK_UNSIGNED ||
            (w->mark == RT_MARK_DRAFT && !draft && !cited && q->count[RT_MARK_SIGNED] == 0) ||
            (w->mark == RT_MARK_SIGNED && draft) ||
            (w->mark == RT_MARK_RELEASED && (draft || q->count[RT_MARK_UNSIGNED] > 0)) ||
            (w->mark == RT_MARK_SIGNER && !draft && is_unsigned(q, w));
        if (!wrong)
            continue;
        rt_qa_report(q, RT_Q(48), rt_qa_span(q, w->at), RT_QA_NONE);
        return;
    }
}

void rt_qa_whole(rt_qa *q)
{
    check_omission(q);
    check_sections(q);
    check_complete_exam(q);
    check_side_missing(q);
    check_question(q);
    check_told(q);
    check_record(q);
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        if (q->d->sections.at[i].type == RT_SECTION_ADDENDUM)
            check_addendum(q, i);
    check_status(q);
}
