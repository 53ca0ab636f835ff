/* Findings as JSON. */
#include "output/json_writer.h"

#include <math.h>

/* ---- closed words, with their member's name */

#define WORD(name, constant, word) RT_PIECE_OF(",\"" name "\":\"" word "\""),
static const rt_piece presences[] = {RT_PRESENCES(WORD, "presence")};
static const rt_piece temporalities[] = {RT_TEMPORALITIES(WORD, "temporality")};
static const rt_piece experiencers[] = {RT_EXPERIENCERS(WORD, "experiencer")};
static const rt_piece changes[] = {RT_CHANGES(WORD, "change")};
static const rt_piece severities[] = {RT_SEVERITIES(WORD, "severity")};
static const rt_piece sides[] = {RT_SIDES(WORD, "laterality")};
static const rt_piece types[] = {RT_TYPES(WORD, "type")};
static const rt_piece names[] = {RT_TYPES(WORD, "name")};
static const rt_piece sections[] = {RT_SECTIONS(WORD, "section")};
#undef WORD

static const rt_piece no_change = RT_PIECE_OF(",\"change\":null");
static const rt_piece no_severity = RT_PIECE_OF(",\"severity\":null");
static const rt_piece no_side = RT_PIECE_OF(",\"laterality\":null");
static const rt_piece no_section = RT_PIECE_OF(",\"section\":null");

/* The first value of an optional list is "none". */
static inline char *put_optional(char *p, const rt_piece *words, unsigned value,
                                 const rt_piece *none)
{
    return rt_put_piece(p, value != 0 ? &words[value] : none);
}

/* ---- what a finding holds lists of */

static char *put_place(const rt_json *w, char *p, uint32_t i)
{
    const rt_place *place = &w->d->places.at[i];
    const rt_concept *c = &w->k->lexicon->concepts[place->concept];
    rt_str id = rt_lexicon_id(w->k->lexicon, c), name = rt_lexicon_name(w->k->lexicon, c, false);
    p = rt_buf_more(w->out, p, 128 + id.len + RT_JSON_TEXT(name));
    if (p == NULL)
        return NULL;
    p = rt_put_short(rt_put(p, RT_STR("{\"concept\":\"")), id);
    p = rt_json_name(rt_put(p, RT_STR("\",\"name\":")), name, c->plain);
    p = put_optional(p, sides, place->side, &no_side);
    *p++ = '}';
    return p;
}

static char *put_modifier(const rt_json *w, char *p, uint32_t i)
{
    const rt_concept *c = &w->k->lexicon->concepts[w->d->modifiers.at[i].concept];
    rt_str value = rt_lexicon_name(w->k->lexicon, c, false);
    p = rt_buf_more(w->out, p, 128 + RT_JSON_TEXT(value));
    if (p == NULL)
        return NULL;
    char *beg = p;
    p = rt_put_piece(p, &names[c->type]);
    *beg = '{'; /* in the place of the comma */
    p = rt_json_name(rt_put(p, RT_STR(",\"value\":")), value, c->plain);
    *p++ = '}';
    return p;
}

/* Numbers have their own way of writing themselves. */
static char *put_number(const rt_json *w, char *p, double v)
{
    rt_buf_wrote(w->out, p);
    rt_buf_number(w->out, v);
    return rt_buf_room(w->out, 256);
}

static char *put_values(const rt_json *w, char *p, const rt_measure *m)
{
    p = rt_put(p, RT_STR("{\"values\":["));
    for (unsigned i = 0; p != NULL && i < m->n; i++) {
        *p = ',';
        p = put_number(w, p + (i > 0), m->value[i]);
    }
    if (p == NULL)
        return NULL;
    if (isnan(m->high))
        return rt_put(p, RT_STR("],\"high\":null"));
    *p = ',';
    p = put_number(w, p + (m->n > 0), m->high);
    return p != NULL ? put_number(w, rt_put(p, RT_STR("],\"high\":")), m->high) : NULL;
}

static char *put_measure(const rt_json *w, char *p, uint32_t i)
{
    const rt_measure *m = &w->d->measures.at[w->d->finding_measures.at[i]];
    rt_str unit = rt_str_from(m->unit);
    p = rt_buf_more(w->out, p, 256);
    p = p != NULL ? put_values(w, p, m) : NULL;
    p = p != NULL ? rt_buf_more(w->out, p, 256 + RT_JSON_TEXT(unit)) : NULL;
    if (p == NULL)
        return NULL;
    p = rt_put(p, RT_STR(",\"comparator\":"));
    p = m->comparator != 0 ? rt_json_quoted(p, (rt_str){&m->comparator, 1})
                           : rt_put(p, RT_STR("null"));
    p = rt_put(p, RT_STR(",\"unit\":"));
    p = m->unit != NULL ? rt_json_quoted(p, unit) : rt_put(p, RT_STR("null"));
    p = m->prior ? rt_put(p, RT_STR(",\"prior\":true")) : rt_put(p, RT_STR(",\"prior\":false"));
    p = rt_json_be(w, p, rt_doc_span(w->d, m->at));
    *p++ = '}';
    return p;
}

enum { SPARE = 64 }; /* bytes that are free behind every element: for a comma, a bracket, a name */

/* Each puts an element down, for which it makes room; NULL: the buffer has failed. */
typedef char *put_one(const rt_json *w, char *p, uint32_t index);

/* Behind the opening bracket; most lists are empty. */
static inline char *put_list(const rt_json *w, char *p, rt_range r, put_one *one)
{
    for (uint32_t i = 0; p != NULL && i < r.count; i++) {
        *p = ',';
        p = one(w, p + (i > 0), r.first + i);
    }
    if (p != NULL)
        *p++ = ']';
    return p;
}

/* ---- a finding */

enum {
    CONSTANT = 640, /* bytes of all names and words of a finding, and more */
};

/* Up to the lists. */
static char *put_head(const rt_json *w, uint32_t index, const rt_finding *f)
{
    const rt_lexicon *x = w->k->lexicon;
    const rt_concept *c = &x->concepts[f->concept];
    rt_str id = rt_lexicon_id(x, c), en = rt_lexicon_name(x, c, false);
    rt_str zh = rt_lexicon_name(x, c, true);
    char *p = rt_buf_room(w->out, CONSTANT + id.len + RT_JSON_TEXT(en) + RT_JSON_TEXT(zh));
    if (p == NULL)
        return NULL;
    *p = ',';
    p = rt_json_id(rt_put(p + (index > 0), RT_STR("{\"id\":")), index);
    p = rt_put_short(rt_put(p, RT_STR(",\"concept\":\"")), id);
    p = rt_json_name(rt_put(p, RT_STR("\",\"name\":")), en, c->plain);
    p = rt_json_name(rt_put(p, RT_STR(",\"name_zh\":")), zh, c->plain);
    p = rt_put_piece(p, &types[c->type]);
    p = rt_put_piece(p, &presences[f->presence]);
    p = rt_put_piece(p, &temporalities[f->temporality]);
    p = rt_put_piece(p, &experiencers[f->experiencer]);
    if (f->change == 0 && f->severity == 0 && f->side == 0)
        return rt_put(p, RT_STR(",\"change\":null,\"severity\":null,\"laterality\":null"));
    p = put_optional(p, changes, f->change, &no_change);
    p = put_optional(p, severities, f->severity, &no_severity);
    return put_optional(p, sides, f->side, &no_side);
}

static char *put_lists(const rt_json *w, char *p, const rt_finding *f)
{
    p = put_list(w, rt_put(p, RT_STR(",\"anatomy\":[")), f->anatomy, put_place);
    if (p != NULL && f->modifiers.count == 0 && f->measures.count == 0)
        return rt_put(p, RT_STR(",\"modifiers\":[],\"measurements\":[]"));
    if (p != NULL)
        p = put_list(w, rt_put(p, RT_STR(",\"modifiers\":[")), f->modifiers, put_modifier);
    if (p != NULL)
        p = put_list(w, rt_put(p, RT_STR(",\"measurements\":[")), f->measures, put_measure);
    return p;
}

static char *put_cue(const rt_json *w, char *p, rt_span cue)
{
    if (cue.beg >= cue.end)
        return rt_put(p, RT_STR(",\"cue\":null"));
    p = rt_json_span(w, rt_put(p, RT_STR(",\"cue\":")), cue);
    return rt_json_quoted(rt_put(p, RT_STR(",\"cue_text\":")), rt_text_slice(&w->d->text, cue));
}

static char *put_places_spans(const rt_json *w, char *p, rt_range places)
{
    p = rt_put(p, RT_STR(",\"anatomy_spans\":["));
    for (uint32_t i = 0; i < places.count; i++) {
        *p = ',';
        p = rt_json_span(w, p + (i > 0), w->d->places.at[places.first + i].at);
    }
    *p++ = ']';
    return p;
}

static char *put_tail(const rt_json *w, char *p, const rt_finding *f)
{
    bool placed = f->section < w->d->sections.len;
    rt_str text = rt_text_slice(&w->d->text, f->at);
    p = rt_buf_more(w->out, p,
                    CONSTANT + RT_JSON_TEXT(text) + 6 * (size_t)(f->cue.end - f->cue.beg) +
                        (size_t)f->anatomy.count * RT_JSON_SPAN +
                        (size_t)f->suggests.count * RT_JSON_ID);
    if (p == NULL)
        return NULL;
    p = rt_put_piece(p, placed ? &sections[w->d->sections.at[f->section].type] : &no_section);
    p = rt_put(p, RT_STR(",\"count\":"));
    p = f->count > 0 ? rt_put_u(p, f->count) : rt_put(p, RT_STR("null"));
    p = rt_json_ids(rt_put(p, RT_STR(",\"suggests\":")), w->d->suggests.at, f->suggests);
    p = rt_json_be(w, p, f->at);
    p = rt_json_quoted(rt_put(p, RT_STR(",\"text\":")), text);
    p = put_places_spans(w, put_cue(w, p, f->cue), f->anatomy);
    return f->derived ? rt_put(p, RT_STR(",\"method\":\"derived\"}"))
                      : rt_put(p, RT_STR(",\"method\":\"dict\"}"));
}

void rt_json_findings(rt_json *w)
{
    for (uint32_t i = 0; i < w->d->findings.len; i++) {
        const rt_finding *f = &w->d->findings.at[i];
        char *p = put_head(w, i, f);
        p = p != NULL ? put_lists(w, p, f) : NULL;
        p = p != NULL ? put_tail(w, p, f) : NULL;
        if (p == NULL)
            return;
        rt_buf_wrote(w->out, p);
    }
}
