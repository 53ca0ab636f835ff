/* Stage scan: one pass over the folded text; every lexicon pattern and the start of every number.
 *
 * Patterns are tried at the start of a run of ASCII letters or digits, behind a digit (8mm), and at
 * every other character. A pattern that ends in an ASCII letter or digit must not be followed by
 * one. */
#include "base/utf8.h"
#include "stage/stage.h"

enum {
    MAX_MATCHES =
        64, /* nested patterns at one place; a form holds at most that many shorter ones */
    MAX_HITS =
        4000000, /* of one report; beyond it the rest is not analysed (issue ceiling-reached) */
};

static bool starts_here(rt_str s, uint32_t i)
{
    if (rt_utf8_cont(s.ptr[i]) || rt_is_blank(s.ptr[i]))
        return false;
    if (i == 0 || !rt_is_word(s.ptr[i]) || !rt_is_word(s.ptr[i - 1]))
        return true;
    return rt_is_digit(s.ptr[i - 1]) && !rt_is_digit(s.ptr[i]);
}

static bool ends_here(rt_str s, uint32_t end)
{
    return end == s.len || !rt_is_word(s.ptr[end]) || !rt_is_word(s.ptr[end - 1]);
}

/* Words for quality checks alone go into a list of their own: no other stage may see them. */
static void push_hit(rt_ctx *c, rt_doc *d, rt_hit h)
{
    if (h.reads & RT_READS(RT_ENTRY_MARK))
        RT_PUSH(c->perm, &d->marks, h);
    if (h.reads != RT_READS(RT_ENTRY_MARK))
        RT_PUSH(c->perm, &d->hits, h);
}

static void match_at(rt_ctx *c, rt_doc *d, uint32_t at)
{
    rt_match m[MAX_MATCHES];
    rt_str s = d->text.folded;
    uint32_t n = rt_automaton_match(&c->know->lexicon->automaton, s, at, m, MAX_MATCHES);
    for (uint32_t i = 0; i < n; i++)
        if (ends_here(s, m[i].end))
            push_hit(c, d,
                     (rt_hit){{at, m[i].end},
                              m[i].pattern,
                              c->know->lexicon->patterns[m[i].pattern].reads});
}

static uint32_t digits_end(rt_str s, uint32_t i)
{
    while (i < s.len && rt_is_digit(s.ptr[i]))
        i++;
    return i;
}

rt_code rt_stage_scan(rt_ctx *c, rt_doc *d)
{
    rt_str s = d->text.folded;
    uint32_t number_end = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        if (rt_is_digit(s.ptr[i]) && i >= number_end) {
            number_end = digits_end(s, i);
            RT_PUSH(c->perm, &d->numbers, (rt_number){{i, number_end}});
        }
        if (starts_here(s, i))
            match_at(c, d, i);
        if (d->hits.len + d->marks.len > MAX_HITS) {
            rt_doc_issue(c->perm, d, RT_ISSUE_TOO_MANY, (rt_span){0, 0}, RT_STR("lexicon hits"));
            break;
        }
    }
    return RT_OK;
}
