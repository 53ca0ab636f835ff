/* Stage measure: sizes and other quantities, from the numbers and unit words that the scan found.
 *
 *   [about|<] 1.2 [cm] x 0.8 [cm] [x ...] UNIT      12x8 mm    3 by 4 cm    约1.2cm x 0.8cm
 *   [about|<] 3 ~ 6 UNIT                            3-6mm      3 to 6 mm    3～6mm
 *   TWO UNIT                                        two centimeter
 *   QUANTITY earlier                                8 mm previously
 *
 * A number without a unit is no measurement: im37, 4R, L4/5 and dates fall out by that alone.
 * Linear: each number is read once. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "stage/stage.h"

enum { REACH = 40 /* bytes before a number in which its quantifiers may start */ };

typedef struct cursor {
    const rt_lexicon *lex;
    const rt_doc *d;
    rt_str s;
    uint32_t at;
    uint32_t hit; /* first hit that starts at or behind the current number */
} cursor;

static void skip_blank(cursor *c)
{
    while (c->at < c->s.len && (c->s.ptr[c->at] == ' ' || c->s.ptr[c->at] == '\n'))
        c->at++;
}

/* Longer than any quantity is written: a code, or a slip, and no number of an XML schema. */
enum { MAX_NUMBER = 12 };

static bool read_number(cursor *c, double *out)
{
    uint32_t beg = c->at, end = beg;
    while (end < c->s.len &&
           (rt_is_digit(c->s.ptr[end]) || (c->s.ptr[end] == '.' && end + 1 < c->s.len &&
                                           end > beg && rt_is_digit(c->s.ptr[end + 1]))))
        end++;
    if (end == beg || end - beg > MAX_NUMBER || !rt_str_number(rt_str_slice(c->s, beg, end), out))
        return false;
    c->at = end;
    return true;
}

static const rt_unit *read_unit(cursor *c)
{
    rt_match m[16];
    uint32_t save = c->at;
    skip_blank(c);
    if (c->at < c->s.len && c->s.ptr[c->at] == '-')
        c->at++;
    uint32_t n = rt_automaton_match(&c->lex->automaton, c->s, c->at, m, 16);
    while (n-- > 0) {
        bool ends = m[n].end == c->s.len || !rt_is_word(c->s.ptr[m[n].end]) ||
                    c->s.ptr[m[n].end] == 'x' || !rt_is_word(c->s.ptr[m[n].end - 1]);
        rt_range r = c->lex->patterns[m[n].pattern].entries;
        for (uint32_t i = r.first; ends && i < r.first + r.count; i++) {
            if (c->lex->entries[i].kind == RT_ENTRY_UNIT) {
                c->at = m[n].end;
                return &c->lex->units[c->lex->entries[i].target];
            }
        }
    }
    c->at = save;
    return NULL;
}

static const rt_quantifier *quantifier_of(const rt_lexicon *x, uint32_t pattern)
{
    rt_range r = x->patterns[pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_QUANTIFIER)
            return &x->quantifiers[x->entries[i].target];
    return NULL;
}

static bool means(const rt_lexicon *x, uint32_t pattern, rt_quantifier_type meaning)
{
    rt_range r = x->patterns[pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_QUANTIFIER &&
            (meaning == RT_QUANTIFIER_END ||
             x->quantifiers[x->entries[i].target].meaning == (uint32_t)meaning))
            return true;
    return false;
}

/* End of the longest quantifier of that meaning (RT_QUANTIFIER_END: of any) that starts at `at`, or
 * `at`. */
static uint32_t quantifier_end(const cursor *c, uint32_t at, rt_quantifier_type meaning)
{
    rt_match m[16];
    uint32_t n = rt_automaton_match(&c->lex->automaton, c->s, at, m, 16);
    while (n-- > 0) {
        bool whole = m[n].end == c->s.len || !rt_is_word(c->s.ptr[m[n].end]) ||
                     !rt_is_word(c->s.ptr[m[n].end - 1]);
        if (whole && means(c->lex, m[n].pattern, meaning))
            return m[n].end;
    }
    return at;
}

/* The word that joins two numbers, x for "by" and t for "to" (not behind a unit), else 0. */
static char read_joining_word(cursor *c, char first, bool with_unit)
{
    uint32_t end =
        quantifier_end(c, c->at, first == 'b' ? RT_QUANTIFIER_TIMES : RT_QUANTIFIER_RANGE);
    if (end == c->at || (first == 't' && with_unit))
        return 0;
    c->at = end;
    return first == 'b' ? 'x' : 't';
}

/* Between two numbers of one quantity: x, * or "by" (dimension), - or ~ (range), "to" (t), else 0.
 * What goes from one size with a unit to another is no range ("from 3 mm to 5 mm"). */
static char read_joint(cursor *c, bool with_unit)
{
    uint32_t save = c->at;
    skip_blank(c);
    char j = c->at < c->s.len ? c->s.ptr[c->at] : 0;
    if (j == 'b' || j == 't')
        j = c->at > save ? read_joining_word(c, j, with_unit) : 0;
    else
        c->at++;
    if (j == 'x' || j == '*' || j == '-' || j == '~' || j == 't') {
        skip_blank(c);
        if (c->at < c->s.len && rt_is_digit(c->s.ptr[c->at]))
            return j == '*' ? 'x' : j == '-' ? '~' : j;
    }
    c->at = save;
    return 0;
}

static void quantify(rt_measure *v, uint32_t meaning)
{
    switch ((rt_quantifier_type)meaning) {
    case RT_QUANTIFIER_ABOUT:
        v->comparator = '~';
        break;
    case RT_QUANTIFIER_BELOW:
        v->comparator = '<';
        break;
    case RT_QUANTIFIER_ABOVE:
        v->comparator = '>';
        break;
    case RT_QUANTIFIER_PRIOR:
        v->prior = true;
        break;
    case RT_QUANTIFIER_PAST:
        v->prior = v->past = true;
        break;
    case RT_QUANTIFIER_NOW:
        v->now = true;
        break;
    case RT_QUANTIFIER_LARGEST:
    case RT_QUANTIFIER_EARLIER:
    case RT_QUANTIFIER_NUMBER:
    case RT_QUANTIFIER_TIMES:
    case RT_QUANTIFIER_RANGE:
    case RT_QUANTIFIER_END:
        break;
    }
}

/* Words directly before the number, from right to left ("previously about 8 mm"). c->hit stands
 * behind the last hit that starts before it; the walk back ends at the first hit too far away to
 * touch. */
static void read_before(const cursor *c, rt_measure *v)
{
    for (uint32_t i = c->hit; i-- > 0 && c->d->hits.at[i].at.beg + REACH > v->at.beg;) {
        const rt_hit *h = &c->d->hits.at[i];
        const rt_quantifier *q = quantifier_of(c->lex, h->pattern);
        if (!q || q->meaning > RT_QUANTIFIER_LARGEST || h->at.end > v->at.beg ||
            h->at.end + 1 < v->at.beg)
            continue;
        if (h->at.end < v->at.beg && c->s.ptr[h->at.end] != ' ')
            continue;
        quantify(v, q->meaning);
        v->at.beg = h->at.beg;
    }
}

/* Back over a date (2023-10-10, 2023年10月, with or without brackets) that ends at `end`; `end`
 * when there is none. */
static uint32_t before_date(rt_str s, uint32_t end)
{
    enum { YEAR = 4, DATE = 8 /* digits of a date, at most */ };
    static const char *const han[] = {"\xE5\xB9\xB4", "\xE6\x9C\x88", "\xE6\x97\xA5"}; /* 年月日 */
    uint32_t i = end, digits = 0, run = 0, longest = 0;
    while (i > 0 && strchr(" )(", s.ptr[i - 1]) != NULL)
        i--;
    while (i > 0 && digits <= DATE) {
        char c = s.ptr[i - 1];
        bool unit = false;
        for (size_t k = 0; k < sizeof han / sizeof *han; k++)
            unit = unit || (i >= 3 && memcmp(s.ptr + i - 3, han[k], 3) == 0);
        if (rt_is_digit(c)) {
            digits++;
            longest = ++run > longest ? run : longest;
        } else if (unit || c == '-' || c == '/' || c == '.') {
            run = 0;
        } else {
            break;
        }
        i -= unit ? 3 : 1;
    }
    if (longest != YEAR || digits > DATE || digits == YEAR)
        return end;
    while (i > 0 && strchr(" (", s.ptr[i - 1]) != NULL)
        i--;
    return i;
}

/* "Previously (2023-10-10) about 8 mm", 2024-04-20为1.6cm: a date in front, and at most a word of
 * measuring between. What stands behind the date of another day is a size of that day. */
static void read_dated(const cursor *c, rt_measure *v)
{
    enum { WORDS = 9 /* bytes: 大小约 */ };
    uint32_t least = v->at.beg > WORDS ? v->at.beg - WORDS : 0, i = v->at.beg;
    if (v->prior || v->now)
        return;
    for (;; i--) {
        uint32_t date = before_date(c->s, i);
        if (date < i) {
            v->prior = v->dated = true;
            return;
        }
        if (i <= least || i == 0 || strchr(",;:.\n", c->s.ptr[i - 1]) != NULL ||
            rt_is_word(c->s.ptr[i - 1]))
            return;
    }
}

/* "8 mm previously", unless that speaks of the number behind it ("12 mm previously 8 mm"). */
static void read_behind(cursor *c, rt_measure *v)
{
    uint32_t save = c->at;
    skip_blank(c);
    uint32_t end = quantifier_end(c, c->at, RT_QUANTIFIER_EARLIER);
    bool earlier = end > c->at;
    c->at = end;
    skip_blank(c);
    if (earlier && !(c->at < c->s.len && rt_is_digit(c->s.ptr[c->at])) &&
        quantifier_end(c, c->at, RT_QUANTIFIER_END) == c->at) {
        v->prior = true;
        v->past = false;
    }
    c->at = save;
}

/* "-4 HU": a sign before the number; a dash behind a word joins. */
static void read_sign(const cursor *c, rt_measure *v)
{
    uint32_t i = v->at.beg;
    if (v->kind != RT_MEASURE_ATTENUATION || i == 0 || c->s.ptr[i - 1] != '-' ||
        (i > 1 && !strchr(" \n(", c->s.ptr[i - 2])))
        return;
    v->value[0] = -v->value[0];
    v->at.beg--;
}

/* "increased from 3 to 5 mm": the first is the earlier one. */
static void settle_prior(rt_measure *v)
{
    if (!v->prior || isnan(v->high) || v->n != 1)
        return;
    v->value[0] = v->high;
    v->high = (double)NAN;
    v->prior = false;
}

static void take_unit(const cursor *c, rt_measure *v, const rt_unit *unit)
{
    for (uint32_t i = 0; i < v->n; i++)
        v->value[i] *= unit->factor;
    v->high *= unit->factor;
    v->kind = (uint8_t)unit->kind;
    v->unit = rt_lexicon_text(c->lex, unit->unit);
    v->at.end = c->at;
}

/* Read the quantity whose first number starts at c->at; false if it has no unit. */
static bool read_measure(cursor *c, rt_measure *v)
{
    *v =
        (rt_measure){.at = {c->at, c->at}, .high = (double)NAN, .mention = RT_NIL, .group = RT_NIL};
    if (c->at > 0 && rt_is_word(c->s.ptr[c->at - 1]))
        return false; /* im37 */
    const rt_unit *unit = NULL;
    char joint = 0;
    bool words = false; /* "to" joins, not a dash */
    do {
        double number;
        if (v->n == 3 || !read_number(c, &number))
            break;
        if (joint == '~' || joint == 't')
            v->high = number;
        else
            v->value[v->n++] = number;
        const rt_unit *u = read_unit(c);
        unit = u ? u : unit;
        joint = read_joint(c, u != NULL);
        words |= joint == 't';
    } while (joint);
    if (!unit || v->n == 0)
        return false;
    take_unit(c, v, unit);
    read_sign(c, v);
    read_before(c, v);
    if (v->kind == RT_MEASURE_LENGTH)
        read_dated(c, v);
    if (words)
        settle_prior(v);
    read_behind(c, v);
    return true;
}

/* "two centimeter": the number in words, a unit behind it. */
static bool read_spelled(cursor *c, const rt_hit *h, rt_measure *v)
{
    if (!(h->reads & RT_READS(RT_ENTRY_QUANTIFIER)))
        return false;
    const rt_quantifier *q = quantifier_of(c->lex, h->pattern);
    if (!q || q->meaning != RT_QUANTIFIER_NUMBER)
        return false;
    c->at = h->at.end;
    const rt_unit *unit = read_unit(c);
    *v = (rt_measure){.at = h->at, .high = (double)NAN, .mention = RT_NIL, .group = RT_NIL, .n = 1};
    v->value[0] = q->number;
    if (!unit || unit->kind != RT_MEASURE_LENGTH)
        return false; /* "two years" is said of no finding */
    take_unit(c, v, unit);
    read_before(c, v);
    return true;
}

/* beg: of the number itself */
static void push(rt_ctx *ctx, rt_doc *d, rt_measure v, uint32_t beg, uint32_t *sentence)
{
    while (*sentence < d->sentences.len && d->sentences.at[*sentence].at.end <= beg)
        (*sentence)++;
    v.sentence = *sentence;
    if (*sentence < d->sentences.len && beg >= d->sentences.at[*sentence].at.beg)
        RT_PUSH(ctx->perm, &d->measures, v);
}

/* Does the sentence speak of an earlier exam? */
static bool looks_back(const rt_lexicon *x, const rt_doc *d, uint32_t sentence)
{
    rt_fspan at = d->sentences.at[sentence].at;
    for (uint32_t i = rt_doc_first_hit(d, at.beg); i < d->hits.len && d->hits.at[i].at.beg < at.end;
         i++) {
        if (!(d->hits.at[i].reads & RT_READS(RT_ENTRY_QUANTIFIER)))
            continue;
        if (means(x, d->hits.at[i].pattern, RT_QUANTIFIER_PRIOR) ||
            means(x, d->hits.at[i].pattern, RT_QUANTIFIER_EARLIER))
            return true;
    }
    return false;
}

/* A report in the past tense: "the aorta was 3 cm" is of now, unless another size of its sentence
 * is
 * ("now 12 mm, was 8 mm"). */
static void settle_past(const rt_lexicon *x, rt_doc *d)
{
    for (uint32_t i = 0, end; i < d->measures.len; i = end) {
        bool past = false, now = false;
        for (end = i;
             end < d->measures.len && d->measures.at[end].sentence == d->measures.at[i].sentence;
             end++) {
            past |= d->measures.at[end].past;
            now |= !d->measures.at[end].prior;
        }
        if (!past || now || looks_back(x, d, d->measures.at[i].sentence))
            continue;
        for (uint32_t k = i; k < end; k++)
            d->measures.at[k].prior &= !d->measures.at[k].past;
    }
}

/* A size behind a date is of an earlier exam where another one of its sentence is of now; else the
 * date may be that of this exam. */
static void settle_dated(rt_doc *d)
{
    for (uint32_t i = 0, end; i < d->measures.len; i = end) {
        uint32_t now = 0;
        for (end = i;
             end < d->measures.len && d->measures.at[end].sentence == d->measures.at[i].sentence;
             end++)
            now += d->measures.at[end].kind == RT_MEASURE_LENGTH && !d->measures.at[end].prior;
        for (uint32_t k = i; k < end && now != 1; k++)
            d->measures.at[k].prior &= !d->measures.at[k].dated;
    }
}

/* "The 9 mm nodule now measures 12 mm": of two lengths of a sentence the first is of before. */
static void settle_now(rt_doc *d)
{
    for (uint32_t i = 1; i < d->measures.len; i++) {
        rt_measure *a = &d->measures.at[i - 1], *b = &d->measures.at[i];
        bool third = (i > 1 && d->measures.at[i - 2].sentence == b->sentence) ||
                     (i + 1 < d->measures.len && d->measures.at[i + 1].sentence == b->sentence);
        if (b->now && !a->now && !third && a->sentence == b->sentence &&
            a->kind == RT_MEASURE_LENGTH && b->kind == RT_MEASURE_LENGTH)
            a->prior = true;
    }
}

rt_code rt_stage_measure(rt_ctx *ctx, rt_doc *d)
{
    cursor c = {ctx->know->lexicon, d, d->text.folded, 0, 0};
    uint32_t sentence = 0, done = 0;
    rt_measure v;
    for (uint32_t i = 0; i <= d->numbers.len; i++) {
        uint32_t beg = i < d->numbers.len ? d->numbers.at[i].at.beg : RT_NIL;
        for (; c.hit < d->hits.len && d->hits.at[c.hit].at.beg < beg; c.hit++)
            if (read_spelled(&c, &d->hits.at[c.hit], &v))
                push(ctx, d, v, d->hits.at[c.hit].at.beg, &sentence);
        c.at = beg;
        if (i == d->numbers.len || beg < done || !read_measure(&c, &v))
            continue;
        v.at.beg = v.at.beg < done ? done : v.at.beg; /* "11 mm|from 7 mm" */
        done = c.at;
        push(ctx, d, v, beg, &sentence);
    }
    settle_dated(d);
    settle_past(ctx->know->lexicon, d);
    settle_now(d);
    return RT_OK;
}
