/* From the XML of a template to its record. The schema has checked the structure, so what is read
 * here is there; what the schema cannot say is checked here: concepts exist, options fit the source
 * of their field.
 *
 * The first failure sticks in the reader; helpers called after it give empty results. */
#include "knowledge/template_read.h"

#include <libxml/tree.h>
#include <stdarg.h>
#include <stdlib.h>

#include "text/fold.h"

typedef struct reader {
    const rt_lexicon *x;
    rt_arena *arena;
    const char *path;
    xmlNode *root;
    rt_err *err;
    rt_code code;
} reader;

__attribute__((format(printf, 3, 4))) static void fail(reader *r, const xmlNode *at,
                                                       const char *fmt, ...)
{
    if (r->code != RT_OK)
        return;
    char msg[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    r->code = rt_fail(r->err, RT_EINPUT, "%s", msg);
    if (r->err == NULL)
        return;
    snprintf(r->err->where, sizeof r->err->where, "%s", r->path);
    r->err->line = (uint32_t)xmlGetLineNo(at);
}

/* ---- nodes and text */

static bool is_named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

static xmlNode *next_named(xmlNode *n, const char *name) /* n itself or the next sibling */
{
    while (n != NULL && !is_named(n, name))
        n = n->next;
    return n;
}

static uint32_t count_named(const xmlNode *parent, const char *name)
{
    uint32_t count = 0;
    for (const xmlNode *n = parent->children; n != NULL; n = n->next)
        count += is_named(n, name);
    return count;
}

static const char *keep(reader *r, rt_str s) /* NUL-terminated, in the arena */
{
    char *z = RT_NEW(r->arena, char, s.len + 1);
    if (z == NULL)
        return "";
    memcpy(z, s.ptr, s.len);
    return z;
}

static const char *take(reader *r, xmlChar *value) /* frees what libxml2 gave */
{
    if (value == NULL)
        return NULL;
    const char *z = keep(r, rt_str_trim(rt_str_from((const char *)value)));
    xmlFree(value);
    return z;
}

static const char *attribute(reader *r, xmlNode *n, const char *name) /* NULL: not there */
{
    return take(r, xmlGetNoNsProp(n, (const xmlChar *)name));
}

/* ---- lists: "a | b | c" */

static uint32_t count_items(rt_str list)
{
    uint32_t n = list.len > 0;
    for (size_t i = 0; i < list.len; i++)
        n += list.ptr[i] == '|';
    return n;
}

static rt_str next_item(rt_str *list)
{
    rt_cut cut = rt_str_cut(*list, '|');
    *list = cut.tail;
    return rt_str_trim(cut.head);
}

static rt_concept_list concepts(reader *r, const xmlNode *at, const char *list)
{
    rt_str rest = rt_str_from(list);
    uint32_t n = count_items(rest);
    uint32_t *out = RT_NEW(r->arena, uint32_t, n);
    if (out == NULL)
        return (rt_concept_list){NULL, 0, 0};
    uint64_t bits = 0;
    for (uint32_t i = 0; i < n; i++) {
        rt_str name = next_item(&rest);
        out[i] = 0;
        if (!rt_lexicon_by_id(r->x, name, &out[i]) && !rt_lexicon_by_name(r->x, name, &out[i]))
            fail(r, at, "no concept of the lexicon is called '%.*s'", (int)name.len, name.ptr);
        bits |= 1ULL << out[i] % 64;
    }
    return (rt_concept_list){out, n, bits};
}

static rt_word_list words(reader *r, const char *list)
{
    rt_str rest = rt_str_from(list);
    uint32_t n = count_items(rest);
    rt_str *out = RT_NEW(r->arena, rt_str, n);
    if (out == NULL)
        return (rt_word_list){NULL, 0};
    for (uint32_t i = 0; i < n; i++)
        out[i] = rt_fold_term(r->arena, next_item(&rest));
    return (rt_word_list){out, n};
}

static rt_concept_list attribute_concepts(reader *r, xmlNode *n, const char *name)
{
    return concepts(r, n, attribute(r, n, name));
}

static rt_word_list child_words(reader *r, xmlNode *parent, const char *name)
{
    return words(r, take(r, xmlNodeGetContent(next_named(parent->children, name))));
}

static rt_concept_list child_concepts(reader *r, xmlNode *parent, const char *name)
{
    xmlNode *n = next_named(parent->children, name);
    return concepts(r, n, take(r, xmlNodeGetContent(n)));
}

/* ---- match */

static void mark(uint8_t *marks, rt_concept_list list, uint8_t sign)
{
    for (uint32_t i = 0; i < list.n; i++)
        marks[list.at[i]] |= sign;
}

static uint8_t signs_above(const rt_lexicon *x, const uint8_t *marks, rt_range links)
{
    uint8_t found = 0;
    for (uint32_t i = 0; i < links.count; i++)
        found |= marks[x->links[links.first + i]];
    return found;
}

static bool same_region(const rt_lexicon *x, uint32_t concept, rt_concept_list places)
{
    const char *region = rt_lexicon_text(x, x->concepts[concept].region);
    for (uint32_t i = 0; i < places.n; i++)
        if (strcmp(region, rt_lexicon_text(x, x->concepts[places.at[i]].region)) == 0)
            return true;
    return false;
}

/* Anatomy has the sign of what it is a part of; an observation, of what it is a kind of, and of the
 * region that the lexicon gives it. */
static const uint8_t *signs(reader *r, xmlNode *match)
{
    const rt_lexicon *x = r->x;
    uint8_t *out = RT_NEW(r->arena, uint8_t, x->n_concepts);
    uint8_t *marks = RT_NEW(r->arena, uint8_t, x->n_concepts);
    rt_concept_list places = child_concepts(r, match, "places");
    rt_concept_list hints = child_concepts(r, match, "hints");
    rt_concept_list core = child_concepts(r, match, "core");
    if (out == NULL || marks == NULL || r->code != RT_OK)
        return out;
    mark(marks, places, RT_SIGN_PLACE);
    mark(marks, hints, RT_SIGN_HINT);
    mark(marks, core, RT_SIGN_CORE);
    for (uint32_t i = 0; i < x->n_concepts; i++) {
        const rt_concept *c = &x->concepts[i];
        out[i] = signs_above(x, marks, c->kinds) & (RT_SIGN_HINT | RT_SIGN_CORE);
        if (c->type == RT_TYPE_ANATOMY)
            out[i] |= signs_above(x, marks, c->parts) & RT_SIGN_PLACE;
        else if (rt_type_is_observation(c->type) && same_region(x, i, places))
            out[i] |= RT_SIGN_PLACE;
    }
    return out;
}

static double prior(reader *r, xmlNode *match)
{
    double v = 0;
    const char *text = attribute(r, match, "prior");
    if (text != NULL && (!rt_str_number(rt_str_from(text), &v) || v < 0 || v > 0.1))
        fail(r, match, "prior is a number from 0 to 0.1");
    return v;
}

static uint32_t measures(reader *r, xmlNode *match) /* bits of their kinds */
{
    uint32_t bits = 0;
    rt_str rest = rt_str_from(attribute(r, match, "measures"));
    for (uint32_t n = count_items(rest); n > 0; n--) {
        unsigned kind = 0;
        rt_str name = next_item(&rest);
        if (!rt_measure_parse(name, &kind))
            fail(r, match, "'%.*s' is no kind of measurement", (int)name.len, name.ptr);
        bits |= 1U << kind;
    }
    return bits;
}

static rt_template_match read_match(reader *r, xmlNode *match)
{
    return (rt_template_match){
        .modalities = words(r, attribute(r, match, "modalities")),
        .words = child_words(r, match, "words"),
        .other_words = child_words(r, match, "otherWords"),
        .body_words = child_words(r, match, "bodyWords"),
        .other_bodies = child_words(r, match, "otherBodies"),
        .signs = signs(r, match),
        .measures = measures(r, match),
        .prior = prior(r, match),
    };
}

/* ---- fields */

static rt_code_ref read_code(reader *r, xmlNode *parent)
{
    xmlNode *n = next_named(parent->children, "code");
    if (n == NULL)
        return (rt_code_ref){NULL, NULL, NULL};
    return (rt_code_ref){attribute(r, n, "system"), attribute(r, n, "code"),
                         attribute(r, n, "display")};
}

static void read_options(reader *r, xmlNode *parent, rt_template_field *f)
{
    uint32_t n = count_named(parent, "option"), i = 0;
    rt_template_option *out = RT_NEW(r->arena, rt_template_option, n);
    if (out == NULL)
        return;
    xmlNode *o = next_named(parent->children, "option");
    for (; o != NULL; o = next_named(o->next, "option"))
        out[i++] = (rt_template_option){
            .value = attribute(r, o, "value"),
            .label = attribute(r, o, "label"),
            .code = read_code(r, o),
            .concepts = attribute_concepts(r, o, "concepts"),
        };
    f->options = out;
    f->n_options = n;
}

static xmlNode *shared_options(reader *r, const char *id) /* the schema says that it is there */
{
    xmlNode *n = next_named(r->root->children, "options");
    while (n != NULL && strcmp(attribute(r, n, "id"), id) != 0)
        n = next_named(n->next, "options");
    return n;
}

static void read_triggers(reader *r, xmlNode *field, rt_template_field *f)
{
    uint32_t n = count_named(field, "trigger"), i = 0;
    rt_trigger *out = RT_NEW(r->arena, rt_trigger, n);
    if (out == NULL)
        return;
    xmlNode *t = next_named(field->children, "trigger");
    for (; t != NULL; t = next_named(t->next, "trigger")) {
        out[i] = (rt_trigger){
            .concepts = attribute_concepts(r, t, "concepts"),
            .places = attribute_concepts(r, t, "places"),
            .excludes = attribute_concepts(r, t, "excludes"),
        };
        if (out[i].concepts.n == 0 && out[i].places.n == 0)
            fail(r, t, "a trigger needs concepts or places");
        i++;
    }
    f->triggers = out;
    f->n_triggers = n;
}

static const struct {
    const char *name;
    rt_field_type type;
} sources[] = {
#define X(c, name, type) {name, RT_FIELD_TYPE_##type},
    RT_FIELD_SOURCES(X)
#undef X
};

static void read_source(reader *r, xmlNode *field, rt_template_field *f)
{
    const char *name = attribute(r, field, "from");
    for (unsigned i = 0; i < RT_FROM_END; i++) {
        if (strcmp(name, sources[i].name) == 0) {
            f->from = (rt_field_from)i;
            f->type = sources[i].type;
        }
    }
}

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
        return o->concepts.n > 0;
    case RT_FROM_SIDE:
        return rt_side_parse(value, &v) && v != RT_SIDE_NONE;
    case RT_FROM_CHANGE:
        return rt_change_parse(value, &v) && v != RT_CHANGE_NONE;
    case RT_FROM_SEVERITY:
        return rt_severity_parse(value, &v) && v != RT_SEVERITY_NONE;
    case RT_FROM_SIZE:
    case RT_FROM_COUNT:
    case RT_FROM_PLACE:
    case RT_FROM_TEXT:
    case RT_FROM_END:
        return false;
    }
    return false;
}

static void check_field(reader *r, const xmlNode *at, const rt_template_field *f)
{
    for (uint32_t i = 0; i < f->n_options; i++)
        if (!option_fits(f->from, &f->options[i]))
            fail(r, at, "field %s: option '%s' does not fit what the field is filled from", f->id,
                 f->options[i].value);
    if (f->type == RT_FIELD_TYPE_CHOICE && f->n_options == 0)
        fail(r, at, "field %s has no options", f->id);
    if (f->from == RT_FROM_PRESENCE &&
        !(has_option(f, "present") && has_option(f, "absent") && has_option(f, "possible")))
        fail(r, at, "field %s needs the options present, absent, possible", f->id);
    if (f->type == RT_FIELD_TYPE_NUMBER && f->from == RT_FROM_SIZE && f->unit == NULL)
        fail(r, at, "field %s is a size and needs unit=\"mm\"", f->id);
    if (f->unit != NULL && strcmp(f->unit, "mm") != 0)
        fail(r, at, "field %s: sizes are in mm", f->id);
}

static rt_template_field read_field(reader *r, xmlNode *n, unsigned section)
{
    const char *required = attribute(r, n, "required"), *list = attribute(r, n, "options");
    rt_template_field f = {
        .id = attribute(r, n, "id"),
        .label = attribute(r, n, "label"),
        .section = section,
        .required = required != NULL && (*required == 't' || *required == '1'),
        .code = read_code(r, n),
        .unit = attribute(r, n, "unit"),
    };
    read_source(r, n, &f);
    read_triggers(r, n, &f);
    xmlNode *options = list != NULL ? shared_options(r, list) : n;
    if (options != NULL)
        read_options(r, options, &f);
    check_field(r, n, &f);
    return f;
}

/* ---- the whole */

static uint32_t count_fields(const xmlNode *root)
{
    uint32_t n = 0;
    for (const xmlNode *s = root->children; s != NULL; s = s->next)
        if (is_named(s, "section"))
            n += count_named(s, "field");
    return n;
}

static void read_sections(reader *r, rt_template *t)
{
    rt_template_section *sections =
        RT_NEW(r->arena, rt_template_section, count_named(r->root, "section"));
    rt_template_field *fields = RT_NEW(r->arena, rt_template_field, count_fields(r->root));
    if (sections == NULL || fields == NULL)
        return;
    xmlNode *s = next_named(r->root->children, "section");
    for (; s != NULL; s = next_named(s->next, "section")) {
        unsigned type = RT_SECTION_OTHER;
        (void)rt_section_parse(rt_str_from(attribute(r, s, "type")), &type);
        sections[t->n_sections++] =
            (rt_template_section){type, attribute(r, s, "title"), read_code(r, s)};
        xmlNode *f = next_named(s->children, "field");
        for (; f != NULL; f = next_named(f->next, "field"))
            fields[t->n_fields++] = read_field(r, f, type);
    }
    t->sections = sections;
    t->fields = fields;
}

static unsigned read_lang(reader *r)
{
    unsigned lang = RT_LANG_EN;
    const char *name = take(r, xmlGetNsProp(r->root, (const xmlChar *)"lang", XML_XML_NAMESPACE));
    if (!rt_lang_parse(rt_str_from(name), &lang))
        fail(r, r->root, "xml:lang is en or zh");
    return lang;
}

rt_code rt_template_read(xmlDoc *doc, const char *path, const rt_lexicon *x, rt_arena *arena,
                         rt_template *out, rt_err *err)
{
    reader r = {.x = x, .arena = arena, .path = path, .err = err};
    r.root = xmlDocGetRootElement(doc);
    xmlNode *match = next_named(r.root->children, "match");
    *out = (rt_template){
        .id = attribute(&r, r.root, "id"),
        .version = attribute(&r, r.root, "version"),
        .title = attribute(&r, r.root, "title"),
        .lang = read_lang(&r),
        .modality = attribute(&r, r.root, "modality"),
        .body_part = attribute(&r, r.root, "bodyPart"),
        .generic = match == NULL,
    };
    if (match != NULL)
        out->match = read_match(&r, match);
    read_sections(&r, out);
    return r.code;
}
