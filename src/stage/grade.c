/* Stage grade: categories that a report writes: "BI-RADS 4A", "TI-RADS: 3", Fazekas 2级, "BI-RADS:
 * right 4A, left 2". The system is a property of the lexicon; what follows it is read as its value
 * if it looks like one. A category is never concluded from what is described. */
#include "base/utf8.h"
#include "stage/stage.h"

enum {
    MAX_VALUE = 3,  /* bytes: "4a", "iii", "10" */
    MAX_BLANK = 4,  /* signs and blanks between system and value */
    MAX_VALUES = 4, /* of one system in one sentence: right and left, twice */
    MAX_SIDE = 12,  /* bytes between a side and its value */
};

typedef struct reader {
    rt_ctx *c;
    rt_doc *d;
    const rt_mention *system;
    uint32_t index; /* of the system in mentions */
} reader;

static bool is_between(char c)
{
    return strchr(" \n:=-(#", c) != NULL;
}

/* A number with at most one letter, or a roman numeral, that ends as a word. Empty: none. */
static rt_fspan value_at(rt_str s, uint32_t at)
{
    uint32_t i = at;
    while (i < s.len && i - at <= MAX_VALUE && strchr("ivx", s.ptr[i]) != NULL)
        i++;
    if (i == at) {
        while (i < s.len && i - at < 2 && rt_is_digit(s.ptr[i]))
            i++;
        if (i > at && i < s.len && s.ptr[i] >= 'a' && s.ptr[i] <= 'x' &&
            (i + 1 == s.len || !rt_is_word(s.ptr[i + 1])))
            i++;
    }
    bool whole = i > at && i - at <= MAX_VALUE && (i == s.len || !rt_is_word(s.ptr[i])) &&
                 !(i + 1 < s.len && s.ptr[i] == '.' && rt_is_digit(s.ptr[i + 1]));
    return whole ? (rt_fspan){at, i} : (rt_fspan){at, at};
}

static uint32_t skip(rt_str s, uint32_t at, uint32_t most)
{
    uint32_t end = at + most;
    while (at < s.len && at < end && is_between(s.ptr[at]))
        at++;
    return at;
}

static unsigned side_of(const reader *r, uint32_t mention)
{
    const rt_mention *m = &r->d->mentions.at[mention];
    const rt_concept *c = &r->c->know->lexicon->concepts[m->concept];
    return m->type == RT_TYPE_SIDE ? c->value : m->side;
}

/* A normal statement swallows the side that it begins with: 左乳未见异常, BI-RADS 1类. */
static unsigned side_of_normal(const reader *r)
{
    const rt_lexicon *x = r->c->know->lexicon;
    unsigned side = RT_SIDE_NONE;
    for (uint32_t i = 0; i < r->d->normals.len; i++) {
        const rt_normal_hit *n = &r->d->normals.at[i];
        rt_str s = rt_text_fslice(&r->d->text, n->at);
        uint32_t concept;
        if (n->sentence != r->system->sentence || n->at.beg > r->system->at.beg)
            continue;
        size_t len =
            s.len >= 3 && (unsigned char)s.ptr[0] >= 0xE3 ? 3 : rt_str_cut(s, ' ').head.len;
        if (rt_lexicon_by_folded(x, rt_str_slice(s, 0, len), &concept) &&
            x->concepts[concept].type == RT_TYPE_SIDE)
            side = x->concepts[concept].value;
    }
    return side;
}

/* The last side that the sentence names before the mention, else its sub-heading. */
static unsigned side_before(const reader *r, uint32_t mention)
{
    const rt_doc *d = r->d;
    uint32_t sentence = r->system->sentence, heading = d->sentences.at[sentence].heading;
    for (uint32_t i = mention; i-- > 0 && d->mentions.at[i].sentence == sentence;)
        if (side_of(r, i) != RT_SIDE_NONE)
            return side_of(r, i);
    if (side_of_normal(r) != RT_SIDE_NONE)
        return side_of_normal(r);
    for (uint32_t i = mention; heading != RT_NIL && i-- > 0;) {
        if (d->mentions.at[i].sentence == heading && side_of(r, i) != RT_SIDE_NONE)
            return side_of(r, i);
        if (d->mentions.at[i].sentence < heading)
            break;
    }
    return RT_SIDE_NONE;
}

static void push(reader *r, rt_fspan value, uint32_t beg, unsigned side)
{
    RT_PUSH(r->c->perm, &r->d->grades,
            (rt_grade){.at = rt_doc_span(r->d, (rt_fspan){beg, value.end}),
                       .concept = r->system->concept,
                       .sentence = r->system->sentence,
                       .value = rt_text_fslice(&r->d->text, value),
                       .side = side});
}

/* "right 4A, left 2": each side behind the system that is followed by a value. */
static void read_sides(reader *r)
{
    const rt_doc *d = r->d;
    uint32_t found = 0;
    for (uint32_t i = r->index + 1; i < d->mentions.len && found < MAX_VALUES; i++) {
        const rt_mention *m = &d->mentions.at[i];
        if (m->sentence != r->system->sentence)
            return;
        if (side_of(r, i) == RT_SIDE_NONE)
            continue;
        uint32_t end = m->at.end;
        if (i + 1 < d->mentions.len && d->mentions.at[i + 1].type == RT_TYPE_ANATOMY &&
            d->mentions.at[i + 1].at.beg < end + MAX_SIDE)
            end = d->mentions.at[i + 1].at.end > end ? d->mentions.at[i + 1].at.end : end;
        rt_fspan value = value_at(d->text.folded, skip(d->text.folded, end, MAX_BLANK));
        if (value.beg == value.end)
            continue;
        push(r, value, m->at.beg, side_of(r, i));
        found++;
    }
}

static void read_value(reader *r)
{
    rt_str s = r->d->text.folded;
    rt_fspan value = value_at(s, skip(s, r->system->at.end, MAX_BLANK));
    if (value.beg < value.end)
        push(r, value, r->system->at.beg, side_before(r, r->index));
    else
        read_sides(r);
}

rt_code rt_stage_grade(rt_ctx *c, rt_doc *d)
{
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        reader r = {c, d, &d->mentions.at[i], i};
        if (r.system->type == RT_TYPE_PROPERTY)
            read_value(&r);
    }
    return RT_OK;
}
