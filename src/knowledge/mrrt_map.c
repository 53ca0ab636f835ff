/* What a field of an MRRT template is to us.
 *
 *   what it asks about   by its RadLex code, else by its label: an observation or an organ
 *   what it can say      yes and no, a side, a degree, a change, or one of several concepts,
 *                        by the codes and words of its options (lexicons/mrrt.tsv)
 *
 * Doubt leaves a field out: a field that says the wrong thing is worse than none. */
#include "knowledge/mrrt_map.h"

#include "base/utf8.h"

/* ---- concepts */

static bool usable(const rt_lexicon *x, uint32_t concept, bool modifiers)
{
    unsigned type = x->concepts[concept].type;
    return modifiers || type == RT_TYPE_ANATOMY || rt_type_is_observation(type);
}

/* The words of a label that name something: without a number, unit or remark behind them. */
static rt_str core_of(rt_str s)
{
    for (size_t i = 1; i < s.len; i++)
        if (strchr("([,:", s.ptr[i]) != NULL)
            return rt_str_trim(rt_str_slice(s, 0, i));
    return rt_str_trim(s);
}

static uint32_t by_name(const rt_mrrt_mapper *p, rt_str name, bool modifiers)
{
    uint32_t concept;
    const rt_str tries[] = {rt_str_trim(name), core_of(name)};
    for (size_t i = 0; i < 2; i++) {
        rt_str s = tries[i];
        while (s.len > 0 && strchr(".!", s.ptr[s.len - 1]) != NULL)
            s.len--;
        const rt_table_word *known = rt_word_find(p->k->mrrt, RT_MRRT_NAME, s);
        s = known != NULL ? known->value : s;
        if (s.len > 1 && rt_lexicon_by_name(p->k->lexicon, s, &concept) &&
            usable(p->k->lexicon, concept, modifiers))
        return concept;
    }
    return RT_NIL;
}

uint32_t rt_mrrt_concept(const rt_mrrt_mapper *p, const rt_mrrt_codes *codes, rt_str name,
                         bool modifiers)
{
    uint32_t concept;
    for (uint32_t i = 0; i < codes->n; i++)
        if (rt_lexicon_by_id(p->k->lexicon, codes->rid[i], &concept) &&
            usable(p->k->lexicon, concept, modifiers))
    return concept;
    return by_name(p, name, modifiers);
}

static bool is_anatomy(const rt_mrrt_mapper *p, uint32_t concept)
{
    return concept != RT_NIL && p->k->lexicon->concepts[concept].type == RT_TYPE_ANATOMY;
}

unsigned rt_mrrt_section(const rt_mrrt_mapper *p, uint32_t section)
{
    unsigned type = RT_SECTION_FINDINGS;
    if (section == RT_NIL)
        return type;
    rt_str name = p->m->sections.at[section];
    const rt_table_word *w = rt_word_find(p->k->mrrt, RT_MRRT_SECTION, name);
    if (w != NULL)
        return w->section;
    (void)rt_lexicon_heading(p->k->lexicon, name, &type);
    return type;
}

/* ---- options */

static rt_str bare_word(rt_str s)
{
    s = rt_str_trim(s);
    while (s.len > 0 && strchr(".:;", s.ptr[s.len - 1]) != NULL)
        s.len--;
    return s;
}

static const rt_table_word *option_word(const rt_mrrt_mapper *p, const rt_mrrt_option *o,
                                        rt_mrrt_kind kind)
{
    const rt_table_word *w = NULL;
    for (uint32_t i = 0; w == NULL && i < o->codes.n; i++)
        w = rt_word_find(p->k->mrrt, kind, o->codes.rid[i]);
    if (w == NULL)
        w = rt_word_find(p->k->mrrt, kind, bare_word(o->label));
    return w != NULL ? w : rt_word_find(p->k->mrrt, kind, bare_word(o->value));
}

static bool has_value(const rt_mrrt_target *t, rt_str value)
{
    for (uint32_t i = 0; i < t->n_choices; i++)
        if (rt_str_eq(t->choice[i].value, value))
            return true;
    return false;
}

static bool has_concept(const rt_mrrt_target *t, uint32_t concept)
{
    for (uint32_t i = 0; i < t->n_choices; i++)
        if (t->choice[i].concept == concept)
            return true;
    return false;
}

static void add_choice(rt_mrrt_target *t, rt_mrrt_choice c)
{
    if (t->n_choices < RT_MRRT_CHOICES)
        t->choice[t->n_choices++] = c;
}

static const rt_mrrt_option *option(const rt_mrrt_mapper *p, const rt_mrrt_field *f, uint32_t i)
{
    return &p->m->options.at[f->first_option + i];
}

static bool is_empty(const rt_mrrt_mapper *p, const rt_mrrt_option *o)
{
    return bare_word(o->label).len == 0 || option_word(p, o, RT_MRRT_EMPTY) != NULL;
}

static void lost_option(const rt_mrrt_mapper *p, const rt_mrrt_field *f, const rt_mrrt_option *o)
{
    rt_mrrt_note(p->notes, p->m->path, f->line, "field '%.*s': the option '%.*s' is left out",
                 (int)f->label.len, f->label.ptr, (int)o->label.len, o->label.ptr);
}

/* Options of one closed list. Of how many of them the table knows the meaning. */
static uint32_t take_words(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_kind kind,
                           bool organ, rt_mrrt_target *t)
{
    uint32_t known = 0;
    t->n_choices = 0;
    for (uint32_t i = 0; i < f->n_options; i++) {
        const rt_mrrt_option *o = option(p, f, i);
        const rt_table_word *w = option_word(p, o, kind);
        if (w == NULL && organ && kind == RT_MRRT_PRESENCE)
            w = option_word(p, o, RT_MRRT_NORMAL);
        known += w != NULL;
        if (w != NULL && !has_value(t, w->value))
            add_choice(t, (rt_mrrt_choice){o, w->value, RT_NIL});
    }
    return known;
}

static uint32_t option_concept(const rt_mrrt_mapper *p, const rt_mrrt_option *o)
{
    static const rt_mrrt_codes none = {.n = 0};
    if (is_empty(p, o))
        return RT_NIL;
    uint32_t c = rt_mrrt_concept(p, &o->codes, o->label, true);
    return c != RT_NIL ? c : rt_mrrt_concept(p, &none, o->value, true);
}

static uint32_t take_concepts(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *t)
{
    t->n_choices = 0;
    for (uint32_t i = 0; i < f->n_options; i++) {
        const rt_mrrt_option *o = option(p, f, i);
        uint32_t concept = option_concept(p, o);
        if (concept != RT_NIL && concept != t->concept && !has_concept(t, concept))
            add_choice(t, (rt_mrrt_choice){o, {"", 0}, concept});
    }
    return t->n_choices;
}

/* Our fields of presence can always say possible. */
static void complete_presence(rt_mrrt_target *t)
{
    static const char *const needed[] = {"present", "absent", "possible"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!has_value(t, rt_str_from(needed[i])))
            add_choice(t, (rt_mrrt_choice){NULL, rt_str_from(needed[i]), RT_NIL});
}

static const struct {
    rt_mrrt_kind kind;
    rt_field_from from;
} closed_lists[] = {
    {RT_MRRT_PRESENCE, RT_FROM_PRESENCE},
    {RT_MRRT_SIDE, RT_FROM_SIDE},
    {RT_MRRT_SEVERITY, RT_FROM_SEVERITY},
    {RT_MRRT_CHANGE, RT_FROM_CHANGE},
};

static void note_lost(const rt_mrrt_mapper *p, const rt_mrrt_field *f, const rt_mrrt_target *t)
{
    for (uint32_t i = 0; i < f->n_options; i++) {
        const rt_mrrt_option *o = option(p, f, i);
        bool taken = is_empty(p, o);
        for (uint32_t j = 0; j < t->n_choices; j++)
            taken = taken || t->choice[j].from == o;
        if (!taken)
            lost_option(p, f, o);
    }
}

/* Is any of its options a finding itself? Else they are modifiers of nothing in particular. */
static bool names_findings(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *t)
{
    const rt_lexicon *x = p->k->lexicon;
    bool found = false;
    (void)take_concepts(p, f, t);
    for (uint32_t i = 0; i < t->n_choices; i++)
        found = found || rt_type_is_observation(x->concepts[t->choice[i].concept].type);
    return found;
}

/* The list that explains the most options wins; a closed one must explain two, or all. */
static bool choose(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *t,
                   const char **why)
{
    bool organ = t->concept == RT_NIL && t->place != RT_NIL;
    size_t best = 0;
    uint32_t most = 0, concepts = take_concepts(p, f, t);
    for (size_t i = 0; i < sizeof closed_lists / sizeof closed_lists[0]; i++) {
        uint32_t n = take_words(p, f, closed_lists[i].kind, organ, t);
        if (n > most) {
            most = n;
            best = i;
        }
    }
    bool asks = t->concept != RT_NIL || t->place != RT_NIL;
    if (asks && most > 0 && most >= concepts) {
        t->from = closed_lists[best].from;
        (void)take_words(p, f, closed_lists[best].kind, organ, t);
        if (t->from == RT_FROM_PRESENCE)
            complete_presence(t);
    } else if (concepts > 0 && (asks || names_findings(p, f, t))) {
        t->from = RT_FROM_OPTION;
        (void)take_concepts(p, f, t);
    } else {
        *why = asks ? "none of its options means anything to the lexicon"
                    : "the lexicon does not know what it asks about";
        return false;
    }
    note_lost(p, f, t);
    return true;
}

/* ---- numbers */

/* "Size (mm)": the unit in brackets at the end of a label. */
static rt_str unit_of(const rt_mrrt_field *f)
{
    rt_str s = f->label;
    if (f->unit.len > 0)
        return f->unit;
    if (s.len == 0 || (s.ptr[s.len - 1] != ')' && s.ptr[s.len - 1] != ']'))
        return (rt_str){"", 0};
    size_t at = s.len - 1;
    while (at > 0 && s.ptr[at - 1] != '(' && s.ptr[at - 1] != '[')
        at--;
    return rt_str_slice(s, at, s.len - 1);
}

static bool number(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *t,
                   const char **why)
{
    static const char *const units[] = {"HU", "ml", "%", "SUV"};
    rt_str unit = unit_of(f);
    const rt_table_word *w = rt_word_find(p->k->mrrt, RT_MRRT_UNIT, unit);
    if (w == NULL) {
        *why = unit.len > 0 ? "its unit is not one that reports are measured in" : "it has no unit";
        return false;
    }
    if (t->concept == RT_NIL && t->place == RT_NIL) {
        *why = "the lexicon does not know what it measures";
        return false;
    }
    bool length = rt_str_eq(w->value, RT_STR("mm")) || rt_str_eq(w->value, RT_STR("cm"));
    t->from = !length ? RT_FROM_MEASURE : t->concept != RT_NIL ? RT_FROM_SIZE : RT_FROM_DIMENSION;
    t->unit = "mm";
    for (size_t i = 0; !length && i < sizeof units / sizeof units[0]; i++)
        if (rt_str_eq(w->value, rt_str_from(units[i])))
            t->unit = units[i];
    if (rt_str_eq(w->value, RT_STR("cm")))
        rt_mrrt_note(p->notes, p->m->path, f->line, "field '%.*s': in mm now, not in cm",
                     (int)f->label.len, f->label.ptr);
    return true;
}

/* ---- the field */

/* "Nodule size": what stands before the word for size; the whole label if there is none. */
static rt_str without_size(const rt_mrrt_mapper *p, rt_str label)
{
    label = core_of(label);
    for (size_t i = 1; i < label.len; i++)
        if (rt_word_find(p->k->mrrt, RT_MRRT_SIZE, rt_str_slice(label, i, label.len)) != NULL)
            return rt_str_trim(rt_str_slice(label, 0, i));
    return label;
}

/* What the field asks about: itself, and where its section is. */
static void ask(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *t)
{
    static const rt_mrrt_codes none = {.n = 0};
    uint32_t c = rt_mrrt_concept(p, &f->codes, f->label, false);
    if (c == RT_NIL && f->type == RT_MRRT_NUMBER)
        c = by_name(p, without_size(p, f->label), false);
    if (c == RT_NIL)
        c = rt_mrrt_concept(p, &none, f->english, false);
    uint32_t place = RT_NIL;
    if (f->section != RT_NIL)
        place = rt_mrrt_concept(p, &none, p->m->sections.at[f->section], false);
    if (!is_anatomy(p, place))
        place = RT_NIL;
    t->concept = is_anatomy(p, c) ? RT_NIL : c;
    t->place = is_anatomy(p, c) ? c : c == RT_NIL ? RT_NIL : place;
}

bool rt_mrrt_target_of(const rt_mrrt_mapper *p, const rt_mrrt_field *f, rt_mrrt_target *out,
                       const char **why)
{
    unsigned section = rt_mrrt_section(p, f->section);
    *out = (rt_mrrt_target){.concept = RT_NIL, .place = RT_NIL};
    *why = NULL;
    if (section != RT_SECTION_FINDINGS && section != RT_SECTION_IMPRESSION)
        return false; /* the narrative of its section holds it */
    ask(p, f, out);
    bool asks = out->concept != RT_NIL || out->place != RT_NIL;
    switch (f->type) {
    case RT_MRRT_CHOICE:
        return choose(p, f, out, why);
    case RT_MRRT_CHECK:
        out->from = RT_FROM_PRESENCE;
        complete_presence(out);
        *why = "the lexicon knows no finding of that name";
        return out->concept != RT_NIL;
    case RT_MRRT_NUMBER:
        return number(p, f, out, why);
    case RT_MRRT_TEXT:
        out->from = RT_FROM_TEXT;
        return asks; /* else the narrative holds it */
    case RT_MRRT_OTHER:
        *why = "reports have nothing for a field of its type";
        return false;
    }
    return false;
}
