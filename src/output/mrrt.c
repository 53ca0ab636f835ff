/* The MRRT writer.
 *
 *   head    Dublin Core, and in <script type="text/xml"> the codes of fields and options
 *   body    section -> header, then a paragraph a field: label and select or input
 *                   -> what repeats: a section of its own
 *                   -> a text area for the narrative
 *
 * A list begins with an empty option: nothing is chosen unless the report says it. */
#include "output/mrrt.h"

#include <stdio.h>

#include "output/codes.h"
#include "output/facts.h"

typedef struct writer {
    rt_buf *out;
    const rt_doc *d; /* NULL: the empty template */
    const rt_knowledge *k;
    const rt_template *t;
    uint32_t index;           /* of t; meaningless without d */
    const char *prefix, *dot; /* of ids: the second template of a report has its own */
} writer;

/* ---- text */

static void put(writer *w, rt_str s) /* one line is all that the value of an input may hold */
{
    rt_buf_add_xml(w->out, s, true);
}

static void putz(writer *w, const char *z)
{
    put(w, rt_str_from(z));
}

static void raw(writer *w, const char *z)
{
    rt_buf_addz(w->out, z);
}

static void attribute(writer *w, const char *name, const char *value)
{
    rt_buf_addf(w->out, " %s=\"", name);
    putz(w, value);
    raw(w, "\"");
}

/* ---- head */

static void meta(writer *w, const char *name, const char *content)
{
    raw(w, "<meta");
    attribute(w, "name", name);
    attribute(w, "content", content);
    raw(w, "/>\n");
}

static void dublin_core(writer *w, const char *date)
{
    char id[256];
    snprintf(id, sizeof id, "urn:roentext:template:%s:%s:%s", w->t->id, rt_lang_name(w->t->lang),
             w->t->version);
    meta(w, "dcterms.title", w->t->title);
    meta(w, "dcterms.description", w->t->title);
    meta(w, "dcterms.identifier", id);
    meta(w, "dcterms.type", "IMAGE_REPORT_TEMPLATE");
    meta(w, "dcterms.language", rt_lang_name(w->t->lang));
    meta(w, "dcterms.publisher", "roentext");
    meta(w, "dcterms.rights", "MIT licence; RadLex terms under the RadLex licence");
    meta(w, "dcterms.license", "https://opensource.org/license/mit");
    if (date != NULL)
        meta(w, "dcterms.date", date);
    meta(w, "dcterms.creator", "roentext");
}

static void code(writer *w, rt_code_ref c)
{
    raw(w, "<code");
    attribute(w, "meaning", c.display != NULL ? c.display : c.code);
    attribute(w, "value", c.code);
    attribute(w, "scheme", rt_system_of(c.system)->title);
    raw(w, "/>");
}

static void term(writer *w, const char *type, rt_code_ref c)
{
    if (c.code == NULL)
        return;
    raw(w, "<term");
    attribute(w, "type", type);
    raw(w, ">");
    code(w, c);
    raw(w, "</term>\n");
}

static void entry(writer *w, const char *id, const char *option, rt_code_ref c)
{
    if (c.code == NULL)
        return;
    rt_buf_addf(w->out, "<entry ORIGTXT=\"%s", id);
    if (option != NULL) {
        raw(w, ".");
        putz(w, option);
    }
    raw(w, "\"><term>");
    code(w, c);
    raw(w, "</term></entry>\n");
}

static void template_attributes(writer *w)
{
    static const char *const systems[] = {"RADLEX", "LN", "RADELEMENT", "ROENTEXT"};
    raw(w, "<script type=\"text/xml\">\n<template_attributes>\n"
           "<top-level-flag>true</top-level-flag>\n<status>ACTIVE</status>\n<coding_schemes>\n");
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        const rt_system *s = rt_system_of(systems[i]);
        raw(w, "<coding_scheme");
        attribute(w, "name", s->title);
        attribute(w, "designator", s->oid != NULL ? s->oid : s->uri);
        raw(w, "/>\n");
    }
    raw(w, "</coding_schemes>\n");
    term(w, "modality", rt_modality_code(w->t->modality));
    term(w, "body part", rt_body_part_code(w->t->body_part));
    raw(w, "<coded_content>\n");
    for (uint32_t i = 0; i < w->t->n_sections; i++)
        entry(w, rt_section_name(w->t->sections[i].type), NULL,
              rt_section_code(w->t->sections[i].type));
    for (uint32_t i = 0; i < w->t->n_fields; i++) {
        const rt_template_field *f = &w->t->fields[i];
        entry(w, f->id, NULL, f->code);
        for (uint32_t o = 0; o < f->n_options; o++)
            entry(w, f->id, f->options[o].value, f->options[o].code);
    }
    raw(w, "</coded_content>\n</template_attributes>\n</script>\n");
}

/* ---- fields */

typedef struct place {   /* where a field stands: the template's, or one of its repetitions */
    const rt_slot *slot; /* NULL: nothing to fill in */
    uint32_t n;          /* repetition, 0: none */
} place;

static void field_id(writer *w, const rt_template_field *f, uint32_t n)
{
    rt_buf_addf(w->out, "%s%s%s", w->prefix, w->dot, f->id);
    if (n > 0)
        rt_buf_addf(w->out, ".%u", (unsigned)n);
}

static bool is_answered(const rt_slot *s)
{
    return s != NULL && (s->state == RT_STATE_FILLED || s->state == RT_STATE_NEGATED ||
                         s->state == RT_STATE_UNCERTAIN);
}

/* What all fields have; the tag is open before and behind it. */
static void common(writer *w, const rt_template_field *f, place p, const char *type)
{
    raw(w, " id=\"");
    field_id(w, f, p.n);
    raw(w, "\"");
    attribute(w, "name", f->label);
    attribute(w, "data-field-type", type);
    if (f->unit != NULL)
        attribute(w, "data-field-units", f->unit);
    attribute(w, "data-field-completion-action", f->required ? "ALERT" : "NONE");
    if (p.slot != NULL)
        attribute(w, "data-state", rt_state_name(p.slot->state));
}

static void choice(writer *w, const rt_template_field *f, place p)
{
    raw(w, "<select");
    common(w, f, p, "SELECTION_LIST");
    raw(w, "><option value=\"\">-</option>");
    for (uint32_t i = 0; i < f->n_options; i++) {
        bool selected = is_answered(p.slot) && p.slot->option == i;
        raw(w, "<option id=\"");
        field_id(w, f, p.n);
        raw(w, ".");
        putz(w, f->options[i].value);
        raw(w, "\"");
        attribute(w, "value", f->options[i].value);
        raw(w, selected ? " selected=\"selected\">" : ">");
        putz(w, f->options[i].label);
        raw(w, "</option>");
    }
    raw(w, "</select>");
}

static void input(writer *w, const rt_template_field *f, place p, bool number)
{
    raw(w, "<input");
    attribute(w, "type", number ? "number" : "text");
    if (number)
        attribute(w, "step", "any");
    raw(w, " value=\"");
    if (is_answered(p.slot))
        put(w, p.slot->value);
    raw(w, "\"");
    common(w, f, p, number ? "NUMBER" : "TEXT");
    raw(w, "/>");
    if (f->unit != NULL) {
        raw(w, " ");
        putz(w, f->unit);
    }
}

static void field(writer *w, const rt_template_field *f, place p)
{
    raw(w, "<p><label for=\"");
    field_id(w, f, p.n);
    raw(w, "\">");
    putz(w, f->label);
    raw(w, w->t->lang == RT_LANG_ZH ? "：</label>" : ":</label> ");
    if (f->type == RT_FIELD_TYPE_CHOICE)
        choice(w, f, p);
    else
        input(w, f, p, f->type == RT_FIELD_TYPE_NUMBER);
    raw(w, "</p>\n");
}

/* The slot of the field in this repetition; NULL: none. */
static const rt_slot *slot_of(const writer *w, uint32_t field, uint32_t instance)
{
    for (uint32_t i = 0; w->d != NULL && i < w->d->slots.len; i++) {
        const rt_slot *s = &w->d->slots.at[i];
        if (s->template_index == w->index && s->field == field && s->instance == instance)
            return s;
    }
    return NULL;
}

/* ---- what repeats */

static void group_fields(writer *w, const rt_template_group *g, uint32_t instance, uint32_t n)
{
    for (uint32_t i = g->first; i < g->first + g->n_fields; i++)
        field(w, &w->t->fields[i], (place){slot_of(w, i, instance), n});
}

static void group_head(writer *w, const rt_template_group *g, const char *item, uint32_t n)
{
    rt_buf_addf(w->out, "<section id=\"group.%s%s%s", w->prefix, w->dot, g->id);
    if (n > 0)
        rt_buf_addf(w->out, ".%u", (unsigned)n);
    raw(w, "\"");
    attribute(w, "data-section-name", g->label);
    raw(w, "><header class=\"level2\">");
    putz(w, item != NULL ? item : g->label);
    if (n > 0 && item == NULL)
        rt_buf_addf(w->out, " %u", (unsigned)n);
    raw(w, "</header>\n");
}

/* Filled: once for each instance; else once for each listed item, or once. */
static void group(writer *w, uint32_t index)
{
    const rt_template_group *g = &w->t->groups[index];
    uint32_t written = 0;
    for (uint32_t i = 0; w->d != NULL && i < w->d->instances.len; i++) {
        const rt_instance *n = &w->d->instances.at[i];
        if (n->template_index != w->index || n->group != index)
            continue;
        group_head(w, g, n->item != RT_NIL ? g->items[n->item].label : NULL, n->n);
        group_fields(w, g, i, n->n);
        raw(w, "</section>\n");
        written++;
    }
    for (uint32_t i = 0; w->d == NULL && i < g->n_items; i++, written++) {
        group_head(w, g, g->items[i].label, i + 1);
        group_fields(w, g, RT_NIL, i + 1);
        raw(w, "</section>\n");
    }
    if (written > 0)
        return;
    group_head(w, g, NULL, 0);
    group_fields(w, g, RT_NIL, 0);
    raw(w, "</section>\n");
}

/* ---- sections */

static void narrative(writer *w, unsigned type)
{
    const rt_doc *d = w->d;
    bool first = true;
    for (uint32_t i = 0; d != NULL && i < d->sections.len; i++) {
        if (d->sections.at[i].type != type)
            continue;
        raw(w, first ? "" : "\n");
        rt_span at = rt_doc_span(d, d->sections.at[i].at);
        rt_buf_add_xml(w->out, rt_str_trim(rt_text_slice(&d->text, at)), false);
        first = false;
    }
}

static void section_head(writer *w, unsigned type, const char *title)
{
    rt_buf_addf(w->out, "<section id=\"section.%s%s%s\"", w->prefix, w->dot, rt_section_name(type));
    attribute(w, "data-section-name", title);
    raw(w, "><header class=\"level1\">");
    putz(w, title);
    raw(w, "</header>\n");
}

static void text_area(writer *w, unsigned type, const char *title)
{
    rt_buf_addf(w->out, "<p><textarea id=\"%s_text\"", rt_section_name(type));
    attribute(w, "name", title);
    raw(w, " data-field-type=\"TEXTAREA\" data-field-completion-action=\"NONE\">");
    narrative(w, type);
    raw(w, "</textarea></p>\n");
}

static void section(writer *w, const rt_template_section *s, bool with_text)
{
    uint32_t done = RT_NIL; /* the group that was written last */
    section_head(w, s->type, s->title);
    for (uint32_t i = 0; i < w->t->n_fields; i++) {
        const rt_template_field *f = &w->t->fields[i];
        if (f->section != s->type)
            continue;
        if (f->group == RT_NIL)
            field(w, f, (place){slot_of(w, i, RT_NIL), 0});
        else if (f->group != done)
            group(w, f->group);
        done = f->group;
    }
    if (with_text)
        text_area(w, s->type, s->title);
    raw(w, "</section>\n");
}

static bool has_section(const rt_template *t, unsigned type)
{
    for (uint32_t i = 0; i < t->n_sections; i++)
        if (t->sections[i].type == type)
            return true;
    return false;
}

/* Parts of the report for which the template has no section. */
static void other_sections(writer *w)
{
    bool seen[RT_SECTION_END] = {false};
    for (uint32_t i = 0; i < w->d->sections.len; i++) {
        unsigned type = w->d->sections.at[i].type;
        if (seen[type] || has_section(w->t, type))
            continue;
        seen[type] = true;
        section_head(w, type, rt_section_name(type));
        text_area(w, type, rt_section_name(type));
        raw(w, "</section>\n");
    }
}

static void head(writer *w, const char *date)
{
    raw(w, "<!DOCTYPE html>\n<html>\n<head>\n<title>");
    putz(w, w->t->title);
    raw(w, "</title>\n<meta charset=\"UTF-8\"/>\n");
    dublin_core(w, date);
    template_attributes(w);
    raw(w, "</head>\n<body>\n");
}

rt_code rt_write_mrrt_template(const rt_template *t, const rt_knowledge *k, const char *date,
                               rt_buf *out, rt_err *err)
{
    writer w = {.out = out, .k = k, .t = t, .prefix = "", .dot = ""};
    head(&w, date);
    for (uint32_t i = 0; i < t->n_sections; i++)
        section(&w, &t->sections[i], true);
    raw(&w, "</body>\n</html>\n");
    return rt_buf_check(out, err);
}

rt_code rt_write_mrrt(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    writer w = {.out = out, .d = d, .k = k, .index = d->template_index, .prefix = "", .dot = ""};
    char date[16] = "";
    rt_date on;
    if (rt_fact_date(d->record, RT_FIELD_REPORT_DATE, &on) == RT_GIVEN_GOOD ||
        rt_fact_date(d->record, RT_FIELD_DATE, &on) == RT_GIVEN_GOOD)
        snprintf(date, sizeof date, "%04u-%02u-%02u", on.year % 10000, on.month % 100,
                 on.day % 100);
    w.t = rt_templates_at(k->templates, d->template_index);
    head(&w, date[0] != '\0' ? date : NULL);
    for (uint32_t i = 0; i < w.t->n_sections; i++)
        section(&w, &w.t->sections[i], true);
    other_sections(&w);
    if (d->template_also != RT_NIL) {
        w.index = d->template_also;
        w.t = rt_templates_at(k->templates, w.index);
        w.prefix = w.t->id;
        w.dot = ".";
        for (uint32_t i = 0; i < w.t->n_sections; i++)
            section(&w, &w.t->sections[i], false);
    }
    raw(&w, "</body>\n</html>\n");
    return rt_buf_check(out, err);
}
