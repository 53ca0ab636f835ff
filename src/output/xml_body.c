/* Sections with their fields, and findings, of a report in XML. */
#include "output/xml_writer.h"

#include <math.h>

/* ---- quantities */

void rt_xml_quantity(rt_xml *x, const char *element, double value, double high,
                     const char *comparator, const char *unit)
{
    rt_xml_open(x, element);
    rt_attr_number(&x->m, "value", value);
    if (!isnan(high))
        rt_attr_number(&x->m, "high", high);
    rt_xml_attr(x, "comparator", comparator);
    rt_xml_attr(x, "unit", unit != NULL ? unit : "1");
    rt_xml_attr(x, "ucum", unit != NULL ? rt_ucum_code(unit) : NULL);
    rt_xml_close(x);
}

/* ---- fields */

static const char *field_type(rt_field_type t)
{
    switch (t) {
    case RT_FIELD_TYPE_CHOICE:
        return "choice";
    case RT_FIELD_TYPE_NUMBER:
        return "number";
    case RT_FIELD_TYPE_TEXT:
        return "text";
    }
    return "text";
}

static void write_number(rt_xml *x, const rt_slot *s)
{
    double v = 0;
    if (rt_str_number(s->value, &v))
        rt_xml_quantity(x, "quantity", v, (double)NAN, NULL, s->unit);
}

static void write_value(rt_xml *x, const rt_slot *s, const rt_template_field *f)
{
    if (s->value.len == 0)
        return;
    rt_xml_open(x, "value");
    if (s->option != RT_NIL) {
        rt_xml_attr(x, "option", f->options[s->option].value);
        rt_xml_code_ref(x, &f->options[s->option].code);
    } else if (f->type == RT_FIELD_TYPE_NUMBER) {
        write_number(x, s);
    } else {
        rt_xml_open(x, "text");
        rt_chars(&x->m, s->value);
        rt_xml_close(x);
    }
    rt_xml_close(x);
}

static bool same_span(rt_span a, rt_span b)
{
    return a.beg == b.beg && a.end == b.end;
}

/* Findings that one normal statement implies share its span: it is written once. */
static void write_slot_evidence(rt_xml *x, const rt_slot *s)
{
    if (s->at.beg < s->at.end)
        rt_xml_evidence(x, "pattern", s->at);
    if (s->findings.count == 0)
        return;
    bool derived = true;
    rt_span last = {0, 0};
    for (uint32_t i = 0; i < s->findings.count; i++)
        derived =
            derived && x->d->findings.at[x->d->slot_findings.at[s->findings.first + i]].derived;
    rt_xml_open(x, "evidence");
    rt_xml_attr(x, "method", derived ? "derived" : "dict");
    for (uint32_t i = 0; i < s->findings.count; i++) {
        rt_span at = x->d->findings.at[x->d->slot_findings.at[s->findings.first + i]].at;
        if (!same_span(at, last))
            rt_xml_span(x, "span", at, NULL);
        last = at;
    }
    rt_xml_close(x);
}

static void slot_id(rt_xml *x, const rt_slot_name *name, const char *id)
{
    if (*name->dot == '\0')
        rt_xml_attr(x, "id", id);
    else
        rt_attr_printf(&x->m, "id", "%s%s%s", name->prefix, name->dot, id);
}

static void write_field(rt_xml *x, const rt_slot *s, const rt_template_field *f)
{
    rt_xml_open(x, "field");
    rt_slot_name name = rt_slot_name_of(x->k->templates, x->d, s);
    slot_id(x, &name, name.id);
    rt_xml_attr(x, "label", f->label);
    rt_xml_attr(x, "type", field_type(f->type));
    rt_xml_attr(x, "state", rt_state_name(s->state));
    if (f->required)
        rt_xml_attr_bool(x, "required", true);
    rt_xml_attr_findings(x, "findings", x->d->slot_findings.at, s->findings);
    rt_xml_code_ref(x, &f->code);
    write_value(x, s, f);
    write_slot_evidence(x, s);
    rt_xml_close(x);
}

static void open_group(rt_xml *x, const rt_slot *s, const rt_template_group *g)
{
    rt_slot_name name = rt_slot_name_of(x->k->templates, x->d, s);
    rt_xml_open(x, "group");
    slot_id(x, &name, name.group);
    rt_xml_attr_u(x, "n", name.n);
    rt_xml_attr(x, "label", name.label != NULL ? name.label : g->label);
}

/* Fields of one instance stand together; all groups stand behind the fields that do not repeat. */
static void write_groups(rt_xml *x, unsigned section)
{
    uint32_t open = RT_NIL;
    for (uint32_t i = 0; i < x->d->slots.len; i++) {
        const rt_slot *s = &x->d->slots.at[i];
        const rt_template_field *f = rt_slot_field(x->k->templates, s);
        if (s->instance == RT_NIL || f->section != section)
            continue;
        if (s->instance != open) {
            if (open != RT_NIL)
                rt_xml_close(x);
            open_group(x, s,
                       &rt_templates_at(x->k->templates, s->template_index)->groups[f->group]);
            open = s->instance;
        }
        write_field(x, s, f);
    }
    if (open != RT_NIL)
        rt_xml_close(x);
}

static void write_fields(rt_xml *x, unsigned section)
{
    for (uint32_t i = 0; i < x->d->slots.len; i++) {
        const rt_slot *s = &x->d->slots.at[i];
        const rt_template_field *f = rt_slot_field(x->k->templates, s);
        if (s->instance == RT_NIL && f->section == section)
            write_field(x, s, f);
    }
    write_groups(x, section);
}

/* ---- sections */

static void section_id(rt_xml *x, const char *attribute, unsigned type, uint32_t n) /* n from 1 */
{
    if (n > 1)
        rt_attr_printf(&x->m, attribute, "%s-%u", rt_section_name(type), n);
    else
        rt_xml_attr(x, attribute, rt_section_name(type));
}

static void open_section(rt_xml *x, unsigned type, uint32_t n, rt_span heading)
{
    rt_code_ref code = rt_section_code(type);
    rt_xml_open(x, "section");
    rt_xml_attr(x, "type", rt_section_name(type));
    section_id(x, "id", type, n);
    rt_xml_attr_str(x, "title", rt_section_title(x->k, x->d, type, heading));
    rt_xml_code_ref(x, &code);
    rt_xml_span(x, "heading", heading, NULL);
}

static bool has_fields(const rt_xml *x, unsigned section)
{
    for (uint32_t i = 0; i < x->d->slots.len; i++)
        if (rt_slot_field(x->k->templates, &x->d->slots.at[i])->section == section)
            return true;
    return false;
}

/* Fields whose section the report does not have stand in an empty one. */
static void write_missing_sections(rt_xml *x, const uint32_t seen[RT_SECTION_END])
{
    for (unsigned type = 0; type < RT_SECTION_END; type++) {
        if (seen[type] > 0 || !has_fields(x, type))
            continue;
        open_section(x, type, 1, (rt_span){0, 0});
        write_fields(x, type);
        rt_xml_close(x);
    }
}

static rt_span trimmed(const rt_doc *d, rt_span at)
{
    rt_str s = rt_str_trim(rt_text_slice(&d->text, at));
    if (s.len == 0)
        return (rt_span){0, 0};
    uint32_t beg = (uint32_t)(s.ptr - d->text.doc.ptr);
    return (rt_span){beg, beg + (uint32_t)s.len};
}

void rt_xml_sections(rt_xml *x)
{
    const rt_doc *d = x->d;
    uint32_t seen[RT_SECTION_END] = {0};
    rt_xml_open(x, "sections");
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        open_section(x, s->type, ++seen[s->type], rt_doc_span(d, s->heading));
        rt_xml_span(x, "narrative", trimmed(d, rt_doc_span(d, s->at)), NULL);
        if (seen[s->type] == 1)
            write_fields(x, s->type);
        rt_xml_close(x);
    }
    if (d->sections.len == 0) {
        open_section(x, RT_SECTION_OTHER, 1, (rt_span){0, 0});
        rt_xml_span(x, "narrative", (rt_span){0, (uint32_t)d->text.doc.len}, NULL);
        rt_xml_close(x);
    }
    write_missing_sections(x, seen);
    rt_xml_close(x);
}

/* ---- findings */

static void write_place(rt_xml *x, const rt_place *p)
{
    rt_xml_open(x, "anatomy");
    rt_xml_attr(x, "name", rt_xml_name(x, p->concept));
    rt_xml_attr(x, "laterality", p->side != RT_SIDE_NONE ? rt_side_name(p->side) : NULL);
    rt_xml_concept(x, p->concept);
    rt_xml_evidence(x, "dict", p->at);
    rt_xml_close(x);
}

static void write_modifier(rt_xml *x, const rt_modifier *m)
{
    rt_xml_open(x, "modifier");
    rt_xml_attr(x, "name", rt_type_name(x->k->lexicon->concepts[m->concept].type));
    rt_xml_attr(x, "value", rt_xml_name(x, m->concept));
    rt_xml_concept(x, m->concept);
    rt_xml_evidence(x, "dict", m->at);
    rt_xml_close(x);
}

static void write_measure(rt_xml *x, const rt_measure *m)
{
    char comparator[2] = {m->comparator, '\0'};
    rt_xml_open(x, "measurement");
    rt_xml_attr(x, "name",
                rt_measure_name(m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind));
    if (m->prior)
        rt_xml_attr_bool(x, "prior", true);
    for (unsigned i = 0; i < m->n; i++)
        rt_xml_quantity(x, "quantity", m->value[i], i == 0 ? m->high : (double)NAN,
                        m->comparator != 0 ? comparator : NULL, m->unit);
    rt_xml_evidence(x, "pattern", rt_doc_span(x->d, m->at));
    rt_xml_close(x);
}

static void write_evidence(rt_xml *x, const rt_finding *f)
{
    rt_xml_open(x, "evidence");
    rt_xml_attr(x, "method", f->derived ? "derived" : "dict");
    rt_xml_span(x, "span", f->at, "head");
    rt_xml_span(x, "span", f->cue, "cue");
    rt_xml_span(x, "span", f->severity_at, "severity");
    rt_xml_span(x, "span", f->side_at, "side");
    rt_xml_close(x);
}

/* A vocabulary's first value is "none" and is not written. */
static void optional(rt_xml *x, const char *attribute, unsigned value, const char *name)
{
    rt_xml_attr(x, attribute, value != 0 ? name : NULL);
}

static void write_attributes(rt_xml *x, const rt_finding *f)
{
    rt_xml_attr(x, "name", rt_xml_name(x, f->concept));
    rt_xml_attr(x, "type", rt_type_name(x->k->lexicon->concepts[f->concept].type));
    rt_xml_attr(x, "presence", rt_presence_name(f->presence));
    rt_xml_attr(x, "temporality", rt_temporality_name(f->temporality));
    rt_xml_attr(x, "experiencer", rt_experiencer_name(f->experiencer));
    optional(x, "change", f->change, rt_change_name(f->change));
    optional(x, "severity", f->severity, rt_severity_name(f->severity));
    optional(x, "laterality", f->side, rt_side_name(f->side));
    if (f->count > 0)
        rt_xml_attr_u(x, "count", f->count);
}

static void write_parts(rt_xml *x, const rt_finding *f)
{
    const rt_doc *d = x->d;
    rt_xml_concept(x, f->concept);
    for (uint32_t i = 0; i < f->anatomy.count; i++)
        write_place(x, &d->places.at[f->anatomy.first + i]);
    for (uint32_t i = 0; i < f->modifiers.count; i++)
        write_modifier(x, &d->modifiers.at[f->modifiers.first + i]);
    for (uint32_t i = 0; i < f->measures.count; i++)
        write_measure(x, &d->measures.at[d->finding_measures.at[f->measures.first + i]]);
    for (uint32_t i = 0; i < f->suggests.count; i++) {
        rt_xml_open(x, "suggests");
        rt_xml_attr_finding(x, "finding", d->suggests.at[f->suggests.first + i]);
        rt_xml_close(x);
    }
    write_evidence(x, f);
}

/* The number of a section among those of its type. Findings go through the sections in order, so
 * that counting goes on where it stopped. */
typedef struct numbering {
    uint32_t next; /* first section that is not counted */
    uint32_t seen[RT_SECTION_END];
} numbering;

static uint32_t number_of(const rt_doc *d, numbering *n, uint32_t section)
{
    if (section + 1 < n->next)
        *n = (numbering){.next = 0};
    for (; n->next <= section; n->next++)
        n->seen[d->sections.at[n->next].type]++;
    return n->seen[d->sections.at[section].type];
}

void rt_xml_findings(rt_xml *x)
{
    numbering numbers = {.next = 0};
    rt_xml_open(x, "findings");
    for (uint32_t i = 0; i < x->d->findings.len; i++) {
        const rt_finding *f = &x->d->findings.at[i];
        rt_xml_open(x, "finding");
        rt_xml_attr_finding(x, "id", i);
        write_attributes(x, f);
        section_id(x, "section", x->d->sections.at[f->section].type,
                   number_of(x->d, &numbers, f->section));
        write_parts(x, f);
        rt_xml_close(x);
    }
    rt_xml_close(x);
}
