/* Fields and groups of a template. What the schema cannot say is checked here: options and units
 * fit the source of their field, a field says where it is filled from. */
#include <math.h>

#include "knowledge/template_reader.h"

/* ---- options and triggers */

static bool is_true(const char *attribute)
{
    return attribute != NULL && (*attribute == 't' || *attribute == '1');
}

/* No word is in two of these. */
static unsigned meaning_of(const char *value)
{
    unsigned v = 0;
    rt_str word = rt_str_from(value);
    bool known = rt_presence_parse(word, &v) || rt_side_parse(word, &v) ||
                 rt_change_parse(word, &v) || rt_severity_parse(word, &v);
    return known ? v : 0;
}

/* A list that fields share is read once. */
static void read_options(rt_reader_xml *r, xmlNode *parent, rt_template_field *f)
{
    uint32_t n = rt_xml_count(parent, "option"), i = 0;
    f->options = parent->_private;
    f->n_options = n;
    if (f->options != NULL || n == 0)
        return;
    rt_template_option *out = RT_NEW(r->arena, rt_template_option, n);
    f->n_options = out != NULL ? n : 0;
    if (out == NULL)
        return;
    xmlNode *o = rt_xml_next(parent->children, "option");
    for (; o != NULL; o = rt_xml_next(o->next, "option"))
        out[i++] = (rt_template_option){
            .value = rt_read_attribute(r, o, "value"),
            .label = rt_read_attribute(r, o, "label"),
            .code = rt_read_code(r, o),
            .concepts =
                rt_read_concepts(r, o, rt_read_attribute(r, o, "concepts"), RT_CLOSURE_KINDS),
            .places = rt_read_concepts(r, o, rt_read_attribute(r, o, "places"), RT_CLOSURE_PARTS),
            .synonyms = rt_read_words(r, rt_read_attribute(r, o, "synonyms")),
            .meaning = meaning_of(rt_read_attribute(r, o, "value")),
        };
    for (i = 0; i < n; i++)
        rt_template_option_text(&out[i], r->arena);
    f->options = parent->_private = out;
}

static xmlNode *shared_options(rt_reader_xml *r, const char *id) /* the schema: it is there */
{
    xmlNode *n = rt_xml_next(r->root->children, "options");
    while (n != NULL && strcmp(rt_read_attribute(r, n, "id"), id) != 0)
        n = rt_xml_next(n->next, "options");
    return n;
}

static const rt_trigger *read_triggers(rt_reader_xml *r, xmlNode *parent, uint32_t *count)
{
    uint32_t n = rt_xml_count(parent, "trigger"), i = 0;
    rt_trigger *out = RT_NEW(r->arena, rt_trigger, n);
    if (out == NULL)
        return NULL;
    xmlNode *t = rt_xml_next(parent->children, "trigger");
    for (; t != NULL; t = rt_xml_next(t->next, "trigger")) {
        out[i] = (rt_trigger){
            .concepts =
                rt_read_concepts(r, t, rt_read_attribute(r, t, "concepts"), RT_CLOSURE_KINDS),
            .places = rt_read_concepts(r, t, rt_read_attribute(r, t, "places"), RT_CLOSURE_PARTS),
            .excludes =
                rt_read_concepts(r, t, rt_read_attribute(r, t, "excludes"), RT_CLOSURE_KINDS),
            .outside = rt_read_concepts(r, t, rt_read_attribute(r, t, "outside"), RT_CLOSURE_PARTS),
        };
        out[i].unplaced = is_true(rt_read_attribute(r, t, "unplaced"));
        if (out[i].concepts.n == 0 && out[i].places.n == 0)
            rt_read_fail(r, t, "a trigger needs concepts or places");
        i++;
    }
    *count = n;
    return out;
}

/* ---- source, unit, range */

static const struct {
    const char *name;
    rt_field_type type;
} sources[] = {
#define X(c, name, type) {name, RT_FIELD_TYPE_##type},
    RT_FIELD_SOURCES(X)
#undef X
};

static void read_source(rt_reader_xml *r, xmlNode *field, rt_template_field *f)
{
    const char *name = rt_read_attribute(r, field, "from");
    for (unsigned i = 0; i < RT_FROM_END; i++) {
        if (strcmp(name, sources[i].name) == 0) {
            f->from = (rt_field_from)i;
            f->type = sources[i].type;
        }
    }
}

static double read_number(rt_reader_xml *r, xmlNode *n, const char *name)
{
    double v = (double)NAN;
    const char *text = rt_read_attribute(r, n, name);
    if (text != NULL && !rt_str_number(rt_str_from(text), &v))
        rt_read_fail(r, n, "%s is a number", name);
    return v;
}

static bool is_unit(const rt_lexicon *x, const char *unit)
{
    for (uint32_t i = 0; i < x->n_units; i++)
        if (strcmp(rt_lexicon_text(x, x->units[i].unit), unit) == 0)
            return true;
    return false;
}

/* ---- checks */

static bool has_option(const rt_template_field *f, const char *value)
{
    for (uint32_t i = 0; i < f->n_options; i++)
        if (strcmp(f->options[i].value, value) == 0)
            return true;
    return false;
}

/* Is the option one that its source can give? */
static bool option_fits(rt_field_from from, const rt_template_option *o)
{
    unsigned v = 0;
    rt_str value = rt_str_from(o->value);
    switch (from) {
    case RT_FROM_PRESENCE:
        return rt_presence_parse(value, &v) && v != RT_PRESENCE_QUERIED;
    case RT_FROM_OPTION:
        return o->concepts.n + o->places.n > 0;
    case RT_FROM_SIDE:
        return rt_side_parse(value, &v) && v != RT_SIDE_NONE;
    case RT_FROM_CHANGE:
        return rt_change_parse(value, &v) && v != RT_CHANGE_NONE;
    case RT_FROM_SEVERITY:
        return rt_severity_parse(value, &v) && v != RT_SEVERITY_NONE;
    case RT_FROM_MENTION:
        return rt_presence_parse(value, &v) && v == RT_PRESENCE_PRESENT;
    case RT_FROM_GRADE:
        return true;
    case RT_FROM_SIZE:
    case RT_FROM_MEASURE:
    case RT_FROM_DIMENSION:
    case RT_FROM_COUNT:
    case RT_FROM_ADVICE:
    case RT_FROM_PLACE:
    case RT_FROM_TEXT:
    case RT_FROM_END:
        return false;
    }
    return false;
}

static void check_unit(rt_reader_xml *r, const xmlNode *at, const rt_template_field *f)
{
    bool length = f->from == RT_FROM_SIZE || f->from == RT_FROM_DIMENSION;
    if (length && (f->unit == NULL || strcmp(f->unit, "mm") != 0))
        rt_read_fail(r, at, "field %s is a size and needs unit=\"mm\"", f->id);
    if (f->from == RT_FROM_MEASURE && f->unit == NULL)
        rt_read_fail(r, at, "field %s is a measurement and needs a unit", f->id);
    if (f->from == RT_FROM_MEASURE && f->unit != NULL && !is_unit(r->words->lexicon, f->unit))
        rt_read_fail(r, at, "field %s: '%s' is no unit of the lexicon", f->id, f->unit);
    if (f->unit != NULL && !length && f->from != RT_FROM_MEASURE)
        rt_read_fail(r, at, "field %s is filled from what has no unit", f->id);
    if (f->low > f->high)
        rt_read_fail(r, at, "field %s: the range is empty", f->id);
}

static void check_field(rt_reader_xml *r, const xmlNode *at, const rt_template_field *f)
{
    for (uint32_t i = 0; i < f->n_options; i++)
        if (!option_fits(f->from, &f->options[i]))
            rt_read_fail(r, at, "field %s: option '%s' does not fit what the field is filled from",
                         f->id, f->options[i].value);
    if (f->type == RT_FIELD_TYPE_CHOICE && f->n_options == 0)
        rt_read_fail(r, at, "field %s has no options", f->id);
    if (f->from == RT_FROM_PRESENCE &&
        !(has_option(f, "present") && has_option(f, "absent") && has_option(f, "possible")))
        rt_read_fail(r, at, "field %s needs the options present, absent, possible", f->id);
    if (f->n_triggers == 0 && f->from != RT_FROM_ADVICE)
        rt_read_fail(r, at, "field %s has no trigger", f->id);
    for (uint32_t i = 0; i < f->n_triggers; i++) {
        if (f->from == RT_FROM_DIMENSION && i == 0 && f->triggers[i].places.n == 0)
            rt_read_fail(r, at, "field %s measures anatomy: its first trigger needs places", f->id);
        bool words = f->from == RT_FROM_GRADE || f->from == RT_FROM_MENTION;
        if (words && f->triggers[i].concepts.n == 0)
            rt_read_fail(r, at, "field %s is about words: its triggers need concepts", f->id);
    }
    check_unit(r, at, f);
}

/* ---- fields */

/* The triggers of the field that `of` names, which stands before it; else, in a group of lesions,
 * those of the group. */
static void borrow_triggers(rt_reader_xml *r, xmlNode *n, const rt_template *t,
                            rt_template_field *f)
{
    const char *of = rt_read_attribute(r, n, "of");
    for (uint32_t i = 0; of != NULL && i < t->n_fields; i++) {
        if (strcmp(t->fields[i].id, of) == 0) {
            f->triggers = t->fields[i].triggers;
            f->n_triggers = t->fields[i].n_triggers;
            return;
        }
    }
    if (of != NULL) {
        rt_read_fail(r, n, "no field '%s' stands before it", of);
    } else if (f->group != RT_NIL) {
        f->triggers = t->groups[f->group].triggers;
        f->n_triggers = t->groups[f->group].n_triggers;
    }
}

static rt_template_field read_field(rt_reader_xml *r, xmlNode *n, const rt_template *t,
                                    uint32_t group)
{
    const char *list = rt_read_attribute(r, n, "options");
    rt_template_field f = {
        .id = rt_read_attribute(r, n, "id"),
        .label = rt_read_attribute(r, n, "label"),
        .section = t->sections[t->n_sections - 1].type,
        .group = group,
        .required = is_true(rt_read_attribute(r, n, "required")),
        .summary = is_true(rt_read_attribute(r, n, "summary")),
        .history = is_true(rt_read_attribute(r, n, "history")),
        .low = read_number(r, n, "low"),
        .high = read_number(r, n, "high"),
        .code = rt_read_code(r, n),
        .unit = rt_read_attribute(r, n, "unit"),
    };
    read_source(r, n, &f);
    f.triggers = read_triggers(r, n, &f.n_triggers);
    if (f.n_triggers == 0)
        borrow_triggers(r, n, t, &f);
    xmlNode *options = list != NULL ? shared_options(r, list) : n;
    if (options != NULL)
        read_options(r, options, &f);
    check_field(r, n, &f);
    rt_template_field_text(&f, r->arena);
    return f;
}

/* ---- groups */

static void read_items(rt_reader_xml *r, xmlNode *group, rt_template_group *g)
{
    uint32_t i = 0;
    rt_template_item *out = RT_NEW(r->arena, rt_template_item, rt_xml_count(group, "item"));
    if (out == NULL)
        return;
    xmlNode *n = rt_xml_next(group->children, "item");
    for (; n != NULL; n = rt_xml_next(n->next, "item")) {
        const char *side = rt_read_attribute(r, n, "side");
        out[i] = (rt_template_item){
            .value = rt_read_attribute(r, n, "value"),
            .label = rt_read_attribute(r, n, "label"),
            .places = rt_read_concepts(r, n, rt_read_attribute(r, n, "places"), RT_CLOSURE_PARTS),
            .side = RT_SIDE_NONE,
        };
        if (side != NULL && !rt_side_parse(rt_str_from(side), &out[i].side))
            rt_read_fail(r, n, "'%s' is no side", side);
        if (side == NULL && out[i].places.n == 0)
            rt_read_fail(r, n, "an item needs places or a side");
        i++;
    }
    g->items = out;
    g->n_items = i;
}

typedef struct lists { /* of the template, while they grow */
    rt_template_field *fields;
    rt_template_group *groups;
} lists;

static void read_group(rt_reader_xml *r, xmlNode *n, rt_template *t, lists *all)
{
    rt_template_group g = {
        .id = rt_read_attribute(r, n, "id"),
        .label = rt_read_attribute(r, n, "label"),
        .section = t->sections[t->n_sections - 1].type,
        .code = rt_read_code(r, n),
        .first = t->n_fields,
    };
    g.triggers = read_triggers(r, n, &g.n_triggers);
    read_items(r, n, &g);
    if ((g.n_items > 0) == (g.n_triggers > 0))
        rt_read_fail(r, n, "group %s needs either triggers or items", g.id);
    all->groups[t->n_groups++] = g;
    xmlNode *f = rt_xml_next(n->children, "field");
    for (; f != NULL; f = rt_xml_next(f->next, "field")) {
        rt_template_field field = read_field(r, f, t, t->n_groups - 1);
        all->fields[t->n_fields++] = field;
    }
    all->groups[t->n_groups - 1].n_fields = t->n_fields - g.first;
}

/* ---- sections */

static uint32_t count_fields(const xmlNode *parent) /* groups are as deep as it goes */
{
    uint32_t n = rt_xml_count(parent, "field");
    for (const xmlNode *s = parent->children; s != NULL; s = s->next)
        if (rt_xml_is(s, "section") || rt_xml_is(s, "group"))
            n += count_fields(s);
    return n;
}

static uint32_t count_groups(const xmlNode *root)
{
    uint32_t n = 0;
    for (const xmlNode *s = root->children; s != NULL; s = s->next)
        if (rt_xml_is(s, "section"))
            n += rt_xml_count(s, "group");
    return n;
}

static void read_children(rt_reader_xml *r, xmlNode *section, rt_template *t, lists *all)
{
    for (xmlNode *n = section->children; n != NULL; n = n->next) {
        if (rt_xml_is(n, "group")) {
            read_group(r, n, t, all);
        } else if (rt_xml_is(n, "field")) {
            rt_template_field f = read_field(r, n, t, RT_NIL);
            all->fields[t->n_fields++] = f;
        }
    }
}

void rt_read_sections(rt_reader_xml *r, rt_template *t)
{
    rt_template_section *sections =
        RT_NEW(r->arena, rt_template_section, rt_xml_count(r->root, "section"));
    lists all = {RT_NEW(r->arena, rt_template_field, count_fields(r->root)),
                 RT_NEW(r->arena, rt_template_group, count_groups(r->root))};
    if (sections == NULL || all.fields == NULL || all.groups == NULL)
        return;
    t->sections = sections;
    t->fields = all.fields;
    t->groups = all.groups;
    xmlNode *s = rt_xml_next(r->root->children, "section");
    for (; s != NULL; s = rt_xml_next(s->next, "section")) {
        unsigned type = RT_SECTION_OTHER;
        (void)rt_section_parse(rt_str_from(rt_read_attribute(r, s, "type")), &type);
        sections[t->n_sections++] = (rt_template_section){
            .type = type, .title = rt_read_attribute(r, s, "title"), .code = rt_read_code(r, s)};
        read_children(r, s, t, &all);
    }
}
