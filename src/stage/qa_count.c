/* Numbers of lesions (Q25): "two", 3枚, "ribs 4-7", 第2~5肋; other ribs of the same number (Q24).
 */
#include "base/utf8.h"
#include "stage/qa.h"

enum {
    MAX_RIB = 12,
    REACH = 40, /* bytes between a number and the head that it counts */
};

static bool whole_number(const rt_qa *q, uint32_t i, double *value)
{
    rt_fspan at = q->d->numbers.at[i].at;
    return rt_str_number(rt_text_fslice(&q->d->text, at), value);
}

/* Of several number words the last one before the head: "three cysts and a solitary hemangioma". */
static const rt_qa_word *count_word(const rt_qa *q, rt_fspan in, uint32_t head)
{
    const rt_qa_word *first = NULL, *w = NULL;
    if (!rt_qa_find(q, RT_MARK_COUNT_WORD, in, &first))
        return NULL;
    in.beg = first->at.end;
    in.end = head < in.end ? head : in.end;
    while (rt_qa_find(q, RT_MARK_COUNT_WORD, in, &w)) {
        first = w;
        in.beg = w->at.end;
    }
    return first;
}

/* "3根": a number with a unit that counts, or a number word. 0: none. */
static uint32_t stated(const rt_qa *q, rt_fspan in, uint32_t head, rt_span *at)
{
    const rt_qa_word *w;
    double n;
    for (uint32_t i = rt_doc_first_number(q->d, in.beg);
         i < q->d->numbers.len && q->d->numbers.at[i].at.beg < in.end; i++) {
        uint32_t end = q->d->numbers.at[i].at.end;
        while (end < in.end && q->d->text.folded.ptr[end] == ' ')
            end++;
        if (rt_qa_find(q, RT_MARK_COUNT_UNIT, (rt_fspan){end, end + 1}, &w) &&
            whole_number(q, i, &n)) {
            *at = rt_qa_span(q, (rt_fspan){q->d->numbers.at[i].at.beg, w->at.end});
            return (uint32_t)n;
        }
    }
    w = count_word(q, in, head);
    if (!w || !rt_str_number(rt_str_from(rt_qa_value(q, w)), &n))
        return 0;
    *at = rt_qa_span(q, w->at);
    return (uint32_t)n;
}

/* Ribs that are named by number: 4-7 are four, 3, 5 and 6 are three. 0: none; which: their bits. */
static uint32_t named_ribs(const rt_qa *q, rt_fspan in, rt_span *at, uint32_t *which)
{
    bool rib[MAX_RIB + 1] = {false};
    double before = 0, n;
    uint32_t count = 0, end = in.beg;
    rt_str s = q->d->text.folded;
    for (uint32_t i = rt_doc_first_number(q->d, in.beg);
         i < q->d->numbers.len && q->d->numbers.at[i].at.beg < in.end; i++) {
        rt_fspan here = q->d->numbers.at[i].at;
        if (!whole_number(q, i, &n) || n < 1 || n > MAX_RIB)
            return 0; /* a size: no telling */
        rt_str gap = rt_str_slice(s, end < here.beg ? end : here.beg, here.beg);
        bool range = before > 0 && gap.len <= REACH &&
                     (rt_str_find(gap, RT_STR("-"), NULL) || rt_str_find(gap, RT_STR("~"), NULL) ||
                      rt_str_find(gap, RT_STR("through"), NULL) ||
                      rt_str_find(gap, rt_checks_say(q->checks, "to", true), NULL) ||
                      rt_str_find(gap, RT_STR(" to "), NULL));
        for (uint32_t r = range ? (uint32_t)before : (uint32_t)n; r <= (uint32_t)n; r++)
            rib[r] = true;
        *at = rt_qa_join(rt_qa_span(q, here), *at);
        before = n;
        end = here.end;
    }
    *which = 0;
    for (uint32_t r = 1; r <= MAX_RIB; r++) {
        count += rib[r];
        *which |= rib[r] ? 1U << r : 0;
    }
    return count;
}

/* ribs: bits of those that are named, 0 when the number is told otherwise. */
static uint32_t count_of(const rt_qa *q, const rt_qa_fact *f, rt_span *at, uint32_t *ribs)
{
    *ribs = 0;
    rt_fspan in = rt_qa_sentence_at(q, f->sentence);
    *at = rt_qa_at(q, f);
    if (f->count > 0)
        return f->count;
    rt_span word = RT_QA_NONE;
    uint32_t mention = q->d->findings.at[f->finding].mention;
    uint32_t n =
        stated(q, in, mention == RT_NIL ? in.end : q->d->mentions.at[mention].at.beg, &word);
    if (n == 0 && rt_qa_says(q, f->sentence, RT_MARK_RIBS)) {
        word = rt_qa_at(q, f);
        n = named_ribs(q, in, &word, ribs);
    }
    if (n > 0)
        *at = rt_qa_join(word, rt_qa_at(q, f));
    return n;
}

/* Not all of the lesions are spoken of. "Five calculi, the largest 6 mm" says how many all the
 * same: words with a value (of size) do not count where the number stands at the head. */
static bool is_open(const rt_qa *q, const rt_qa_fact *f, bool *sized_only)
{
    rt_fspan in = rt_qa_sentence_at(q, f->sentence);
    const rt_qa_word *w;
    if (sized_only)
        *sized_only = true;
    while (rt_qa_find_in(q, f->sentence, RT_MARK_LARGEST, in, &w)) {
        bool numbered = f->count > 0 || rt_qa_find_in(q, f->sentence, RT_MARK_COUNT_WORD,
                                                      (rt_fspan){in.beg, w->at.beg}, NULL);
        if (sized_only)
            *sized_only = rt_qa_value(q, w)[0] != '\0';
        if (!numbered || rt_qa_value(q, w)[0] == '\0')
            return true;
        in.beg = w->at.end;
    }
    return false;
}

static bool is_counted(const rt_qa *q, const rt_qa_fact *f)
{
    return f->finding != RT_NIL && f->current && f->presence == RT_PRESENCE_PRESENT &&
           rt_qa_is(f, RT_QA_SET_COUNTED) && !is_open(q, f, NULL);
}

/* Another name for it: "three bright echoes of the left kidney" are the stones of the impression,
 * when one sentence alone has anything focal of that organ and side. */
static const rt_qa_fact *only_shown(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part != RT_QA_BODY || b->finding == RT_NIL ||
            !((f->organ != 0 && b->organ == f->organ) || rt_qa_part_place(q, f, b)) ||
            !(rt_qa_is(b, RT_QA_SET_FOCAL) || rt_qa_is(b, RT_QA_SET_COUNTED)) ||
            !rt_qa_same_place(q, f, b))
            continue;
        if ((found && found->sentence != b->sentence) || is_open(q, b, NULL))
            return NULL;
        found = found ? found : b;
    }
    return found;
}

/* The only counted fact of the findings that may be meant. */
static const rt_qa_fact *only_like(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        bool ribs = rt_qa_says(q, f->sentence, RT_MARK_RIBS) &&
                    rt_qa_says(q, b->sentence, RT_MARK_RIBS); /* acute, or of a rib: a fracture */
        bool sized_only;
        if (b->part == RT_QA_BODY && b->finding != RT_NIL && rt_qa_related(q, f, b) &&
            rt_qa_same_place(q, f, b) && is_open(q, b, &sized_only) && !sized_only)
            return NULL; /* "one further cyst": the sum is stated */
        if (b->part != RT_QA_BODY || !is_counted(q, b) ||
            !(ribs || (rt_qa_related(q, f, b) && rt_qa_same_place(q, f, b))) ||
            (rt_qa_one_sided(f) && b->side == rt_qa_opposite(f->side)))
            continue;
        if (found && found->sentence != b->sentence)
            return NULL;
        found = found ? found : b; /* one sentence tells of one set of lesions */
    }
    return found ? found : only_shown(q, f);
}

/* Some of the numbers of the sentence, one after the other from its start, add up to n. */
static bool adds_up(const rt_qa *q, uint32_t sentence, uint32_t n)
{
    rt_fspan in = rt_qa_sentence_at(q, sentence);
    uint32_t sum = 0;
    rt_span at;
    for (uint32_t beg = in.beg, end; beg < in.end && sum < n; beg = end + 1) {
        for (end = beg; end < in.end && strchr(",;", q->d->text.folded.ptr[end]) == NULL;)
            end++;
        sum += stated(q, (rt_fspan){beg, end}, end, &at);
    }
    if (sum == n)
        return true;
    const rt_qa_word *w;
    double value;
    for (sum = 0; rt_qa_find(q, RT_MARK_COUNT_WORD, in, &w); in.beg = w->at.end)
        sum += rt_str_number(rt_str_from(rt_qa_value(q, w)), &value) ? (uint32_t)value : 0;
    return sum == n;
}

void rt_qa_count(rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (f->part != RT_QA_IMPRESSION || !is_counted(q, f))
            continue;
        rt_span here, there;
        uint32_t ribs, others = 0, n = count_of(q, f, &here, &ribs);
        const rt_qa_fact *b = n > 0 ? only_like(q, f) : NULL;
        uint32_t m = b ? count_of(q, b, &there, &others) : 0;
        if (m > 0 && m != n && !adds_up(q, b->sentence, n))
            rt_qa_report(q, RT_Q(25), there, here);
        else if (m == n && (ribs & others) == 0 && ribs != 0 && others != 0)
            rt_qa_report(q, RT_Q(24), there, here);
    }
}
