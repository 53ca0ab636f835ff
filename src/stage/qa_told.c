/* What is told (Q35, Q36), corrected (Q37) and signed (Q48). */
#include "base/utf8.h"
#include "stage/qa.h"

/* ---- Q35, Q36 */

/* The impression has the finding too, or one like it. */
static bool taken_up(const rt_qa *q, uint32_t finding)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].finding == finding)
            return q->facts.at[i].part != RT_QA_BODY || rt_qa_is_concluded(q, &q->facts.at[i]);
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
    if (q->d->flags.len == 0 || q->d->communications.len > 0 || rt_qa_first(q, RT_MARK_TOLD) ||
        rt_qa_first(q, RT_MARK_WILL_TELL))
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

/* The record calls it a critical value. */
static bool is_critical_value(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_word *w;
    for (rt_fspan in = rt_qa_sentence_at(q, sentence);
         rt_qa_find_in(q, sentence, RT_MARK_TOLD, in, &w); in.beg = w->at.beg + 1)
        if (rt_qa_value(q, w)[0] != '\0')
            return true;
    return false;
}

static void check_record(rt_qa *q)
{
    rt_mark_sets told = RT_QA_WORDS(RT_MARK_TOLD, RT_MARK_WILL_TELL);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, told, w)) != NULL;) {
        bool future = w->mark == RT_MARK_WILL_TELL;
        if (w->sentence == RT_NIL || rt_qa_part_of_sentence(q, w->sentence) == RT_QA_HISTORY)
            continue;
        /* the next sentence may go on with the record */
        rt_fspan in = rt_qa_sentence_at(q, w->sentence);
        if (w->sentence + 1 < q->d->sentences.len)
            in.end = q->d->sentences.at[w->sentence + 1].at.end;
        if (w->sentence > 0)
            in.beg = q->d->sentences.at[w->sentence - 1].at.beg;
        const char *lacks =
            future                                                                     ? "told"
            : !rt_qa_find(q, RT_MARK_RECIPIENT, in, NULL)                              ? "recipient"
            : !has_clock(q, in) && (is_urgent(q) || is_critical_value(q, w->sentence)) ? "time"
                                                                                       : NULL;
        if (lacks && !rt_qa_says(q, w->sentence, RT_MARK_DOCUMENTED))
            rt_qa_report_word(q, RT_Q(36), rt_qa_span(q, rt_qa_sentence_at(q, w->sentence)),
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

/* "The side is wrong, should read left": and the report has the right side alone still. */
static bool left_uncorrected(const rt_qa *q, rt_fspan in)
{
    uint8_t last = RT_SIDE_NONE;
    bool other = false;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t side = rt_qa_side_of(q, m);
        if (m->at.beg >= in.beg && m->at.end <= in.end &&
            (side == RT_SIDE_LEFT || side == RT_SIDE_RIGHT))
            last = side;
    }
    for (uint32_t i = 0; i < q->d->mentions.len && last != RT_SIDE_NONE; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t side = rt_qa_side_of(q, m);
        rt_qa_part part = rt_qa_part_of_sentence(q, m->sentence);
        if (side == RT_SIDE_NONE || (part != RT_QA_BODY && part != RT_QA_IMPRESSION) ||
            (m->at.beg >= in.beg && m->at.end <= in.end))
            continue;
        if (side != rt_qa_opposite(last))
            return false;
        other = true;
    }
    return other;
}

/* An addendum that corrects says what: a side, a place, a finding, a size. */
static void check_addendum(rt_qa *q, uint32_t section)
{
    rt_fspan in = q->d->sections.at[section].at;
    const rt_qa_word *w;
    if (!rt_qa_find(q, RT_MARK_CORRECTED, in, &w))
        return;
    if (left_uncorrected(q, in)) {
        rt_qa_report(q, RT_Q(37), rt_qa_span(q, w->at), RT_QA_NONE);
        return;
    }
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

/* The report has that finding, on the side of the addendum or on none. */
static bool has_alike(const rt_qa *q, const rt_qa_fact *added, uint8_t side)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part >= RT_QA_BODY && b->part != RT_QA_ADDENDUM && b->finding != RT_NIL &&
            !rt_qa_is(b, RT_QA_SET_VAGUE) && rt_qa_related(q, added, b) &&
            rt_qa_alike(q, added, b) && (side == RT_SIDE_NONE || b->side == side))
            return true;
    }
    return false;
}

static bool is_denied(const rt_qa *q, const rt_qa_fact *added)
{
    for (uint32_t i = 0; i < q->absent.len; i++) {
        const rt_qa_fact *b = q->absent.at[i];
        if (b->part >= RT_QA_BODY && b->part != RT_QA_ADDENDUM && !b->derived &&
            b->finding != RT_NIL && rt_qa_related(q, added, b) && rt_qa_same_place(q, added, b))
            return true;
    }
    return false;
}

/* What the addendum says is on the other side in the report, or denied there, or there. */
static bool contradicts(const rt_qa *q, const rt_qa_fact *added)
{
    if (added->presence == RT_PRESENCE_ABSENT)
        return added->acuity == RT_QA_ANY_AGE && added->change == RT_CHANGE_NONE &&
               has_alike(q, added, added->side);
    if (added->presence != RT_PRESENCE_PRESENT)
        return false;
    if (rt_qa_one_sided(added) && has_alike(q, added, rt_qa_opposite(added->side)) &&
        !has_alike(q, added, added->side) && !has_alike(q, added, RT_SIDE_BILATERAL))
        return true;
    return is_denied(q, added) && !has_alike(q, added, RT_SIDE_NONE);
}

/* An addendum that says the opposite of the report, and not that it corrects it. */
static void check_added(rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part != RT_QA_ADDENDUM || f->finding == RT_NIL || f->derived || !f->current ||
            rt_qa_is(f, RT_QA_SET_VAGUE) || !contradicts(q, f))
            continue;
        rt_qa_report(q, RT_Q(37), rt_qa_at(q, f), RT_QA_NONE);
        return;
    }
}

/* Nothing but blanks and lines between a label and the end of its line. */
static bool is_unsigned(const rt_qa *q, const rt_qa_word *w)
{
    rt_str s = q->d->text.folded;
    uint32_t end = w->at.end;
    while (end < s.len && s.ptr[end] != '\n')
        end++;
    return rt_qa_is_blank(rt_str_slice(s, w->at.end, end));
}

/* Says so of another exam. */
static bool is_cited(const rt_qa *q, const rt_qa_word *w)
{
    return w->sentence != RT_NIL && rt_qa_section_of(q, w->sentence) == RT_SECTION_COMPARISON;
}

static bool is_wrong_status(const rt_qa *q, const rt_qa_word *w, bool draft)
{
    switch (w->mark) {
    case RT_MARK_DRAFT:
        return !draft && !is_cited(q, w) && !rt_qa_first(q, RT_MARK_SIGNED);
    case RT_MARK_SIGNED:
        return draft;
    case RT_MARK_RELEASED:
        return draft || rt_qa_first(q, RT_MARK_UNSIGNED);
    case RT_MARK_SIGNER:
        return !draft && is_unsigned(q, w);
    default:
        return w->mark == RT_MARK_UNSIGNED;
    }
}

/* A draft by its status whose text neither says so nor has a line for who signs. */
static void report_quiet_draft(rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->sections.len; i++) {
        const rt_section *s = &q->d->sections.at[i];
        if (s->type != RT_SECTION_IMPRESSION || s->heading.beg == s->heading.end)
            continue;
        rt_qa_report(q, RT_Q(48), rt_qa_span(q, s->heading), RT_QA_NONE);
        return;
    }
}

static void check_status(rt_qa *q)
{
    static const char *const drafts[] = {"preliminary", "draft", "unsigned", "unverified"};
    bool draft = false;
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++)
        draft =
            draft || rt_str_eq_nocase(q->d->record->field[RT_FIELD_STATUS], rt_str_from(drafts[i]));
    rt_mark_sets status = RT_QA_WORDS(RT_MARK_UNSIGNED, RT_MARK_DRAFT, RT_MARK_SIGNED,
                                      RT_MARK_RELEASED, RT_MARK_SIGNER);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, status, w)) != NULL;)
        if (is_wrong_status(q, w, draft)) {
            rt_qa_report(q, RT_Q(48), rt_qa_span(q, w->at), RT_QA_NONE);
            return;
        }
    if (draft && !rt_qa_share(q->has, status))
        report_quiet_draft(q);
}

void rt_qa_told(rt_qa *q)
{
    check_told(q);
    check_record(q);
    bool added = false; /* an addendum that speaks of no correction */
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        if (q->d->sections.at[i].type == RT_SECTION_ADDENDUM) {
            const rt_section *s = &q->d->sections.at[i];
            rt_fspan whole = {s->heading.beg, s->at.end}; /* "Correction: ..." */
            added = added || !(rt_qa_is_blank(rt_text_fslice(&q->d->text, s->at)) ||
                               rt_qa_find(q, RT_MARK_CORRECTED, whole, NULL));
            check_addendum(q, i);
        }
    if (added)
        check_added(q);
    check_status(q);
}
