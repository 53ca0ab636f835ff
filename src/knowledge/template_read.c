/* From the XML of a template to its record: how the exam is recognised, and the whole. The schema
 * has checked the structure, so what is read here is there; what the schema cannot say is checked
 * here: concepts and classes of exam words exist. Fields are read in template_fields.c. */
#include "knowledge/template_read.h"

#include "knowledge/template_reader.h"

/* ---- signs: what each concept says about the exam */

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

static rt_concept_list child_concepts(rt_reader_xml *r, xmlNode *parent, const char *name,
                                      rt_closure closure)
{
    xmlNode *n = rt_xml_next(parent->children, name);
    return rt_read_concepts(r, n, rt_read_content(r, n), closure);
}

/* Anatomy has the sign of what it is a part of; an observation, of what it is a kind of, and of the
 * region that the lexicon gives it. */
static const uint8_t *signs(rt_reader_xml *r, xmlNode *match)
{
    const rt_lexicon *x = r->words->lexicon;
    uint8_t *out = RT_NEW(r->arena, uint8_t, x->n_concepts);
    uint8_t *marks = RT_NEW(r->arena, uint8_t, x->n_concepts);
    rt_concept_list places = child_concepts(r, match, "places", RT_CLOSURE_PARTS);
    rt_concept_list hints = child_concepts(r, match, "hints", RT_CLOSURE_KINDS);
    rt_concept_list core = child_concepts(r, match, "core", RT_CLOSURE_KINDS);
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

/* ---- match */

static double prior(rt_reader_xml *r, xmlNode *match)
{
    double v = 0;
    const char *text = rt_read_attribute(r, match, "prior");
    if (text != NULL && (!rt_str_number(rt_str_from(text), &v) || v < 0 || v > 0.1))
        rt_read_fail(r, match, "prior is a number from 0 to 0.1");
    return v;
}

static uint32_t measures(rt_reader_xml *r, xmlNode *match) /* bits of their kinds */
{
    uint32_t bits = 0;
    rt_str rest = rt_str_from(rt_read_attribute(r, match, "measures"));
    for (uint32_t n = rt_count_items(rest); n > 0; n--) {
        unsigned kind = 0;
        rt_str name = rt_next_item(&rest);
        if (!rt_measure_parse(name, &kind))
            rt_read_fail(r, match, "'%.*s' is no kind of measurement", (int)name.len, name.ptr);
        bits |= 1U << kind;
    }
    return bits;
}

static uint64_t classes(rt_reader_xml *r, xmlNode *match, const char *attribute, rt_exam_kind kind)
{
    uint64_t bits = 0;
    rt_str rest = rt_str_from(rt_read_attribute(r, match, attribute));
    for (uint32_t n = rt_count_items(rest); n > 0; n--) {
        uint64_t bit = 0;
        rt_str name = rt_next_item(&rest);
        if (!rt_exam_words_class(r->words->exams, kind, name, &bit))
            rt_read_fail(r, match, "exams.tsv has no class '%.*s' for %s", (int)name.len, name.ptr,
                         attribute);
        bits |= bit;
    }
    return bits;
}

static rt_template_match read_match(rt_reader_xml *r, xmlNode *match)
{
    return (rt_template_match){
        .modalities = classes(r, match, "modalities", RT_EXAM_MODALITY),
        .bodies = classes(r, match, "bodies", RT_EXAM_BODY),
        .exam = classes(r, match, "exam", RT_EXAM_NAME),
        .signs = signs(r, match),
        .prior = prior(r, match),
        .measures = measures(r, match),
    };
}

/* ---- the whole */

static unsigned read_lang(rt_reader_xml *r)
{
    unsigned lang = RT_LANG_EN;
    xmlChar *name = xmlGetNsProp(r->root, (const xmlChar *)"lang", XML_XML_NAMESPACE);
    if (!rt_lang_parse(rt_str_trim(rt_str_from((const char *)name)), &lang))
        rt_read_fail(r, r->root, "xml:lang is en or zh");
    xmlFree(name);
    return lang;
}

rt_code rt_template_read(xmlDoc *doc, const char *path, const rt_template_words *words,
                         rt_arena *arena, rt_template *out, rt_err *err)
{
    rt_reader_xml r = {.words = words, .arena = arena, .path = path, .err = err};
    r.root = xmlDocGetRootElement(doc);
    xmlNode *match = rt_xml_next(r.root->children, "match");
    *out = (rt_template){
        .id = rt_read_attribute(&r, r.root, "id"),
        .version = rt_read_attribute(&r, r.root, "version"),
        .title = rt_read_attribute(&r, r.root, "title"),
        .lang = read_lang(&r),
        .modality = rt_read_attribute(&r, r.root, "modality"),
        .body_part = rt_read_attribute(&r, r.root, "bodyPart"),
    };
    const char *manual = rt_read_attribute(&r, r.root, "manual");
    out->manual = manual != NULL && (*manual == 't' || *manual == '1');
    out->generic = match == NULL && !out->manual;
    if (match != NULL)
        out->match = read_match(&r, match);
    rt_read_sections(&r, out);
    bool indexed = true;
    if (r.code == RT_OK && !*arena->full)
        indexed = rt_template_index_make(out, words->lexicon, arena);
    if (!indexed)
        return rt_fail(err, RT_ELIMIT, "%s: too many fields and triggers", path);
    return r.code;
}
