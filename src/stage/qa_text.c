/* Checks of the words themselves: placeholders (Q17), dictation (Q18), misspellings (Q19), terms
 * that reporting standards advise against (Q47). */
#include "base/eight.h"
#include "base/utf8.h"
#include "stage/qa.h"
#include "text/fold.h"

enum {
    MAX_BRACES = 60,   /* bytes from an opening sign to its closing one */
    MIN_SENTENCE = 20, /* bytes of a sentence, the same */
    MIN_CLAUSE = 12,   /* bytes of a clause that may not stand twice in a row */
};

/* ---- Q17 */

/* A line of signs alone is a rule; "## Findings" is a heading. */
static bool is_rule_or_heading(rt_str s, rt_fspan at)
{
    size_t beg = at.beg, end = at.end;
    while (beg > 0 && s.ptr[beg - 1] != '\n')
        beg--;
    while (end < s.len && s.ptr[end] != '\n')
        end++;
    rt_str before = rt_str_trim(rt_str_slice(s, beg, at.beg));
    if (before.len == 0 && at.end < s.len && s.ptr[at.beg] == '#')
        return true;
    for (size_t i = beg; i < end; i++)
        if (s.ptr[i] != s.ptr[at.beg] && s.ptr[i] != ' ')
            return false;
    return true;
}

/* Behind the closing sign that belongs to an opening one on the same line; 0: there is none. */
static uint32_t closed_at(rt_str s, rt_fspan at, rt_str closing)
{
    uint32_t end = at.end + MAX_BRACES < s.len ? at.end + MAX_BRACES : (uint32_t)s.len;
    size_t pos, line;
    rt_str rest = rt_str_slice(s, at.end, end);
    if (!rt_str_find(rest, closing, &pos) || pos == 0)
        return 0;
    bool broken = rt_str_find(rest, RT_STR("\n"), &line) && line < pos;
    bool blank = rt_str_eq(closing, RT_STR("$")) &&
                 rt_str_find(rt_str_slice(rest, 0, pos), RT_STR(" "), NULL);
    return broken || blank ? 0 : (uint32_t)(at.end + pos + closing.len);
}

/* "{normal <12 mm}": a range of reference in braces. */
static bool is_range(rt_str s)
{
    bool sign = false, digit = false;
    for (size_t i = 0; i < s.len; i++) {
        sign = sign || s.ptr[i] == '<' || s.ptr[i] == '>' || s.ptr[i] == '-';
        digit = digit || rt_is_digit(s.ptr[i]);
    }
    return sign && digit;
}

/* [存在/变直/反弓]: words to choose from; numbers are an image reference. */
static bool is_pick_list(rt_str s)
{
    bool words = false;
    for (size_t i = 0; i < s.len; i++) {
        if (rt_is_digit(s.ptr[i]))
            return false;
        words = words || rt_utf8_cont(s.ptr[i]);
    }
    return words && rt_str_find(s, RT_STR("/"), NULL);
}

static void check_placeholder(rt_qa *q, const rt_qa_word *w)
{
    rt_fspan at = w->at;
    rt_str closing = rt_str_from(rt_qa_value(q, w));
    bool list = closing.len > 1 && closing.ptr[0] == '/';
    closing = list ? rt_str_slice(closing, 1, closing.len) : closing;
    if (closing.len > 0)
        at.end = closed_at(q->d->text.folded, at, closing);
    if (closing.len > 0 && at.end > 0 && is_range(rt_text_fslice(&q->d->text, at)))
        return;
    if (list && at.end > 0 && !is_pick_list(rt_text_fslice(&q->d->text, at)))
        return;
    if (at.end > 0 && !is_rule_or_heading(q->d->text.folded, w->at))
        rt_qa_report(q, RT_Q(17), rt_qa_span(q, at), RT_QA_NONE);
}

/* ---- Q18 */

/* A mark ends a clause; Chinese ones are folded but for the full stop. */
static bool ends_clause(rt_str s, size_t i)
{
    static const bool ends[256] = {
        [','] = true, [';'] = true, ['.'] = true, ['\n'] = true, [':'] = true,
    };
    return ends[(unsigned char)s.ptr[i]] ||
           (s.len - i >= 3 && memcmp(s.ptr + i, "\xE3\x80\x82", 3) == 0);
}

enum { ROW = 16 /* bytes that are looked at together: a length that compilers make one step of */ };

/* The bytes that may end a clause: the marks of ASCII are some of 08-0F, 18-1F, 28-2F and 38-3F. */
static void find_ends(const char *p, unsigned char found[ROW])
{
    for (size_t i = 0; i < ROW; i++) {
        unsigned char c = (unsigned char)p[i];
        found[i] = (unsigned char)(((c & 0xC8) == 0x08) | (c == 0xE3));
    }
}

static rt_span span_of(const rt_qa *q, rt_str s)
{
    uint32_t beg = (uint32_t)(s.ptr - q->d->text.folded.ptr);
    return rt_qa_span(q, (rt_fspan){beg, beg + (uint32_t)s.len});
}

/* Goes on with the mark at end, and a blank behind it. */
static size_t next_clause(rt_str s, size_t end)
{
    size_t beg = end + ((unsigned char)s.ptr[end] == 0xE3 ? 3 : 1);
    return beg < s.len && s.ptr[beg] == ' ' ? beg + 1 : beg;
}

/* The clause behind another one: is it the same? Returns what the next one is to be compared with.
 */
static rt_str check_clause(rt_qa *q, rt_str before, rt_str s)
{
    if (s.len > 0 && (rt_is_blank(s.ptr[0]) || rt_is_blank(s.ptr[s.len - 1])))
        s = rt_str_trim(s);
    if (s.len >= MIN_CLAUSE && rt_str_eq(before, s))
        rt_qa_report(q, RT_Q(18), span_of(q, before), span_of(q, s));
    return s.len > 0 ? s : before;
}

/* The same clause twice in a row. */
static void check_clauses(rt_qa *q, rt_fspan section)
{
    rt_str s = rt_text_fslice(&q->d->text, section), before = RT_STR("");
    char last[ROW] = {0};
    size_t beg = 0;
    if (s.len % ROW > 0)
        memcpy(last, s.ptr + s.len - s.len % ROW, s.len % ROW);
    for (size_t i = 0; i < s.len; i += 8) {
        unsigned char found[ROW];
        if (i % ROW == 0)
            find_ends(s.len - i >= ROW ? s.ptr + i : last, found);
        for (uint64_t m = rt_eight((char *)found + i % ROW); m != 0; m &= m - 1) {
            size_t end = i + rt_eight_first(m);
            if (!ends_clause(s, end))
                continue;
            before = check_clause(q, before, rt_str_slice(s, beg, end));
            beg = next_clause(s, end);
        }
    }
    check_clause(q, before, rt_str_slice(s, beg, s.len));
}

/* The same sentence twice in a row. */
static void check_sentences(rt_qa *q)
{
    for (uint32_t i = 1; i < q->d->sentences.len; i++) {
        rt_fspan a = rt_qa_sentence_at(q, i - 1), b = rt_qa_sentence_at(q, i);
        if (b.end - b.beg >= MIN_SENTENCE && b.end - b.beg == a.end - a.beg &&
            rt_str_eq(rt_qa_text_of(q, i - 1), rt_qa_text_of(q, i)) &&
            rt_qa_part_of_sentence(q, i) >= RT_QA_BODY &&
            q->d->sentences.at[i].section == q->d->sentences.at[i - 1].section)
            rt_qa_report(q, RT_Q(18), rt_qa_span(q, a), rt_qa_span(q, b));
    }
}

/* Folding may have put right what was typed (纵膈 is read as 纵隔): then some character of the
 * document alone folds to another than stands there. */
static bool is_mistyped(const rt_qa *q, rt_fspan at)
{
    enum { HAN = 3 /* bytes */ };
    if (rt_str_eq(rt_text_slice(&q->d->text, rt_qa_span(q, at)), rt_text_fslice(&q->d->text, at)))
        return false;
    for (uint32_t i = at.beg; i + HAN <= at.end; i += HAN) {
        rt_fspan one = {i, i + HAN};
        rt_arena temp = q->c->temp;
        rt_str typed = rt_text_slice(&q->d->text, rt_qa_span(q, one));
        if (!rt_str_eq(rt_fold_term(&temp, typed), rt_text_fslice(&q->d->text, one)))
            return true;
    }
    return false;
}

static void check_word(rt_qa *q, const rt_qa_word *w)
{
    rt_str value = rt_str_from(rt_qa_value(q, w));
    if (w->mark != RT_MARK_PLACEHOLDER && rt_str_eq(rt_text_fslice(&q->d->text, w->at), value) &&
        !is_mistyped(q, w->at))
        return;
    rt_span at = rt_qa_span(q, w->at);
    if (w->mark == RT_MARK_PLACEHOLDER)
        check_placeholder(q, w);
    else if (w->mark == RT_MARK_TYPO)
        rt_qa_report_word(q, RT_Q(19), at, RT_QA_NONE, value);
    else if (w->mark == RT_MARK_NONSTANDARD)
        rt_qa_report_word(q, RT_Q(47), at, RT_QA_NONE, value);
    else
        rt_qa_report(q, RT_Q(18), at, RT_QA_NONE);
}

static void check_words(rt_qa *q)
{
    rt_mark_sets wrong = RT_QA_WORDS(RT_MARK_PLACEHOLDER, RT_MARK_DICTATION, RT_MARK_REPEATED,
                                     RT_MARK_TRUNCATED, RT_MARK_TYPO, RT_MARK_NONSTANDARD);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, wrong, w)) != NULL;)
        check_word(q, w);
}

void rt_qa_text(rt_qa *q)
{
    check_words(q);
    if (!rt_qa_wants(q, RT_Q(18)))
        return;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        if (rt_qa_part_of(q, i) >= RT_QA_BODY)
            check_clauses(q, q->d->sections.at[i].at);
    check_sentences(q);
}
