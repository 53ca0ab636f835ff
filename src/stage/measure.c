/* Stage measure: sizes and other quantities, from the numbers and unit words that the scan found.
 *
 *   [about|<] 1.2 [cm] x 0.8 [cm] [x ...] UNIT      12x8 mm    约1.2cm x 0.8cm
 *   [about|<] 3 ~ 6 UNIT                            3-6mm      3～6mm
 *   NAME 8.9                                        suvmax 8.9
 *
 * A number without a unit is no measurement: im37, 4R, L4/5 and dates fall out by that alone.
 * Linear: each number is read once. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "stage/stage.h"

typedef struct cursor {
    const rt_lexicon *lex;
    const rt_doc *d;
    rt_str s;
    uint32_t at;
} cursor;

/* Syntax of quantities, in both languages: words directly before a number. */
static const struct {
    const char *word;
    char comparator; /* 0: none */
    bool prior;
} before_words[] = {
    {"约为", '~', false},       {"约", '~', false},
    {"about ", '~', false},     {"approximately ", '~', false},
    {"approx. ", '~', false},   {"around ", '~', false},
    {"不足", '<', false},       {"小于", '<', false},
    {"less than ", '<', false}, {"<", '<', false},
    {"up to ", '<', false},     {"大于", '>', false},
    {"超过", '>', false},       {"greater than ", '>', false},
    {">", '>', false},          {"was ", 0, true},
    {"previously ", 0, true},   {"prior ", 0, true},
    {"compared to ", 0, true},  {"原", 0, true},
    {"前片", 0, true},          {"既往", 0, true},
};

static void skip_blank(cursor *c)
{
    while (c->at < c->s.len && (c->s.ptr[c->at] == ' ' || c->s.ptr[c->at] == '\n'))
        c->at++;
}

static bool read_number(cursor *c, double *out)
{
    uint32_t beg = c->at, end = beg;
    while (end < c->s.len &&
           (rt_is_digit(c->s.ptr[end]) || (c->s.ptr[end] == '.' && end + 1 < c->s.len &&
                                           end > beg && rt_is_digit(c->s.ptr[end + 1]))))
        end++;
    if (end == beg || !rt_str_number(rt_str_slice(c->s, beg, end), out))
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

/* Between two numbers of one quantity: x or * (dimension), - or ~ (range), else 0. */
static char read_joint(cursor *c)
{
    uint32_t save = c->at;
    skip_blank(c);
    char j = c->at < c->s.len ? c->s.ptr[c->at] : 0;
    if (j == 'x' || j == '*' || j == '-' || j == '~') {
        c->at++;
        skip_blank(c);
        if (c->at < c->s.len && rt_is_digit(c->s.ptr[c->at]))
            return j == '*' ? 'x' : j == '-' ? '~' : j;
    }
    c->at = save;
    return 0;
}

static bool ends_with(rt_str s, uint32_t end, const char *word)
{
    size_t n = strlen(word);
    return end >= n && memcmp(s.ptr + end - n, word, n) == 0;
}

static void read_before(const cursor *c, rt_measure *v)
{
    for (bool more = true; more;) {
        more = false;
        uint32_t end = v->at.beg;
        while (end > 0 && c->s.ptr[end - 1] == ' ')
            end--;
        for (size_t i = 0; i < sizeof before_words / sizeof *before_words && !more; i++) {
            if (!ends_with(c->s, v->at.beg, before_words[i].word) &&
                !ends_with(c->s, end, before_words[i].word))
                continue;
            uint32_t from = ends_with(c->s, v->at.beg, before_words[i].word) ? v->at.beg : end;
            if (before_words[i].comparator)
                v->comparator = before_words[i].comparator;
            v->prior |= before_words[i].prior;
            v->at.beg = from - (uint32_t)strlen(before_words[i].word);
            more = true;
        }
    }
}

/* Read the quantity whose first number starts at c->at; false if it has no unit. */
static bool read_measure(cursor *c, rt_measure *v)
{
    *v = (rt_measure){.at = {c->at, c->at}, .high = NAN, .mention = RT_NIL};
    if (c->at > 0 && rt_is_word(c->s.ptr[c->at - 1]))
        return false; /* im37 */
    const rt_unit *unit = NULL;
    char joint = 0;
    do {
        double number;
        if (v->n == 3 || !read_number(c, &number))
            break;
        if (joint == '~')
            v->high = number;
        else
            v->value[v->n++] = number;
        const rt_unit *u = read_unit(c);
        unit = u ? u : unit;
        joint = read_joint(c);
    } while (joint);
    if (!unit || v->n == 0)
        return false;
    for (uint32_t i = 0; i < v->n; i++)
        v->value[i] *= unit->factor;
    v->high *= unit->factor;
    v->kind = (uint8_t)unit->kind;
    v->unit = rt_lexicon_text(c->lex, unit->unit);
    v->at.end = c->at;
    read_before(c, v);
    return true;
}

rt_code rt_stage_measure(rt_ctx *ctx, rt_doc *d)
{
    cursor c = {ctx->know->lexicon, d, d->text.folded, 0};
    uint32_t sentence = 0, done = 0;
    for (uint32_t i = 0; i < d->numbers.len; i++) {
        uint32_t beg = d->numbers.at[i].at.beg;
        while (sentence < d->sentences.len && d->sentences.at[sentence].at.end <= beg)
            sentence++;
        if (beg < done || sentence == d->sentences.len || beg < d->sentences.at[sentence].at.beg)
            continue;
        rt_measure v;
        c.at = beg;
        if (!read_measure(&c, &v))
            continue;
        v.sentence = sentence;
        done = c.at;
        RT_PUSH(ctx->perm, &d->measures, v);
    }
    return RT_OK;
}
