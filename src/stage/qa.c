/* Stage qa: does the report contradict itself, the record or common sense? This file calls the
 * checks, which stand in qa_*.c, and keeps their reports; what they look at is gathered in
 * qa_facts.c and qa_words.c. Their words, numbers and messages are in lexicons/qa*.tsv. Linear in
 * the text but for comparisons of facts, which are bounded (MAX_FACTS). */
#include "stage/qa.h"

#include "base/utf8.h"

enum { NEAR = 48 /* bytes between a side word and the head that are shown as one place */ };

static rt_qa_group *const groups[] = {
    rt_qa_read_exam, /* first: others ask what was done */
    rt_qa_exam_checks, rt_qa_side,   rt_qa_pair,  rt_qa_patient, rt_qa_time,
    rt_qa_organ,       rt_qa_device, rt_qa_count, rt_qa_grade,   rt_qa_advice,
    rt_qa_whole,       rt_qa_told,   rt_qa_text,
};

/* ---- reports */

bool rt_qa_wants(const rt_qa *q, uint32_t check)
{
    return rt_checks_info(q->checks, check)->on &&
           q->issues[check] < rt_checks_param(q->checks, RT_QA_PARAM_MAX_ISSUES);
}

static rt_str message_of(const rt_qa *q, const char *form, const rt_span at[2], rt_str word)
{
    const rt_str part[] = {rt_text_slice(&q->d->text, at[0]), rt_text_slice(&q->d->text, at[1]),
                           word};
    size_t room = strlen(form) + part[0].len + part[1].len + (size_t)2 * word.len;
    char *z = RT_NEW(q->c->perm, char, room);
    return (rt_str){z, z ? rt_checks_message(form, part, z, room) : 0};
}

static bool touch(rt_span a, rt_span b)
{
    return (a.beg == b.beg && a.end == b.end) || (a.beg < b.end && b.beg < a.end);
}

/* A check has told of this place already: a second fact of the same words is no second mistake. */
static bool is_told(const rt_qa *q, uint32_t check, rt_span a, rt_span b)
{
    for (uint32_t i = 0; i < q->d->qa.len; i++) {
        const rt_qa_issue *old = &q->d->qa.at[i];
        if (old->check == check &&
            (touch(old->at[0], a) || (b.beg < b.end && touch(old->at[1], b))))
            return true;
    }
    return false;
}

void rt_qa_report_word(rt_qa *q, uint32_t check, rt_span a, rt_span b, rt_str word)
{
    if (!rt_qa_wants(q, check) || is_told(q, check, a, b))
        return;
    const rt_check_info *info = rt_checks_info(q->checks, check);
    rt_qa_issue issue = {.at = {a, b}, .check = check};
    issue.message = message_of(q, q->d->zh ? info->message_zh : info->message_en, issue.at, word);
    RT_PUSH(q->c->perm, &q->d->qa, issue);
    q->issues[check]++;
}

void rt_qa_report(rt_qa *q, uint32_t check, rt_span a, rt_span b)
{
    rt_qa_report_word(q, check, a, b, RT_STR(""));
}

rt_span rt_qa_join(rt_span a, rt_span b)
{
    if (b.beg >= b.end)
        return a;
    rt_span u = {a.beg < b.beg ? a.beg : b.beg, a.end > b.end ? a.end : b.end};
    return u.end - u.beg <= (a.end - a.beg) + (b.end - b.beg) + NEAR ? u : a;
}

bool rt_qa_is_blank(rt_str s)
{
    static const bool blank[256] = {
        [' '] = true, ['\n'] = true, ['.'] = true, [':'] = true, ['-'] = true,
        ['_'] = true, ['('] = true,  [')'] = true, ['['] = true, [']'] = true,
        ['*'] = true, ['='] = true,  ['#'] = true,
    };
    for (size_t i = 0; i < s.len; i++)
        if (!blank[(unsigned char)s.ptr[i]])
            return false;
    return true;
}

bool rt_qa_has_year(rt_str s)
{
    for (size_t i = 0, run = 0; i < s.len; i++) {
        run = rt_is_digit(s.ptr[i]) ? run + 1 : 0;
        if (run == 4)
            return true;
    }
    return false;
}

/* ---- two facts */

/* A calyx is a part of the kidney, which the left kidney is one of. */
static bool part_of_pair(const rt_qa *q, uint32_t part, uint32_t whole)
{
    rt_range kinds = q->lex->concepts[whole].kinds;
    for (uint32_t i = kinds.first; i < kinds.first + kinds.count; i++) {
        uint32_t kind = q->lex->links[i];
        if (kind != whole && (q->lex->concepts[kind].flags & RT_CONCEPT_PAIRED) &&
            rt_lexicon_part_of(q->lex, part, kind) && !rt_lexicon_is_a(q->lex, part, kind))
            return true;
    }
    return false;
}

bool rt_qa_part_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return a->place != RT_NIL && b->place != RT_NIL &&
           (rt_lexicon_part_of(q->lex, a->place, b->place) ||
            rt_lexicon_part_of(q->lex, b->place, a->place) || part_of_pair(q, a->place, b->place) ||
            part_of_pair(q, b->place, a->place));
}

bool rt_qa_same_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    if (rt_qa_one_sided(a) && b->side == rt_qa_opposite(a->side))
        return false;
    if (a->organ != b->organ && a->organ != 0 && b->organ != 0)
        return false;
    return rt_qa_anywhere(q, a->place) || rt_qa_anywhere(q, b->place) || rt_qa_part_place(q, a, b);
}

bool rt_qa_alike(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    if (a->organ != 0 && b->organ != 0)
        return a->organ == b->organ;
    return rt_qa_related(q, a, b) || rt_qa_part_place(q, a, b);
}

bool rt_qa_one_family(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    rt_range kinds = q->lex->concepts[a->concept].kinds;
    for (uint32_t i = kinds.first; i < kinds.first + kinds.count; i++)
        if (rt_lexicon_is_a(q->lex, b->concept, q->lex->links[i]) &&
            !(q->lex->concepts[q->lex->links[i]].flags & RT_CONCEPT_CONTAINER))
            return true;
    return false;
}

rt_code rt_stage_qa(rt_ctx *c, rt_doc *d)
{
    const rt_checks *checks = c->know->checks;
    rt_pairs asked = {.in = {NULL, 0}};
    rt_qa q = {.c = c,
               .d = d,
               .lex = c->know->lexicon,
               .checks = checks,
               .about = rt_checks_concepts(checks),
               .meaning = rt_checks_words(checks),
               .sets = rt_checks_sets(checks),
               .asked = &asked};
    if (!rt_qa_read_sentences(&q))
        return RT_OK; /* once more, with a larger arena */
    rt_qa_gather_facts(&q);
    if (!rt_qa_read_words(&q, rt_qa_read_record(&q)))
        return RT_OK;
    rt_qa_sort_facts(&q);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        groups[i](&q);
    return RT_OK;
}
