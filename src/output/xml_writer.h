/* Shared by xml.c, xml_header.c, xml_body.c and xml_finding.c. Findings and fields, which are
 * nearly all of the output, are put down in place (base/put.h); what is rare is written element by
 * element with output/markup. */
#ifndef RT_OUTPUT_XML_WRITER_H
#define RT_OUTPUT_XML_WRITER_H

#include "base/put.h"
#include "knowledge/knowledge.h"
#include "output/codes.h"
#include "output/cp.h"
#include "output/markup.h"

typedef struct rt_xml_slots { /* all of a section are among them; end 0: it has none */
    uint32_t first, end;
} rt_xml_slots;

typedef struct rt_xml {
    rt_markup m;
    const rt_doc *d;
    const rt_knowledge *k;
    const rt_cp *cp;                     /* large: not cleared with the rest */
    bool plain;                          /* nothing in the text of the document need be escaped */
    const rt_template_field *own, *also; /* fields of the templates of the first and second exam */
    rt_str also_id;                      /* what stands before the id of a field of the second */
    rt_xml_slots slots[RT_SECTION_END];
    uint32_t bad_fields; /* bits of rt_field_id: values that were left out */
} rt_xml;

/* ---- elements and attributes: see output/markup.h */

static inline void rt_xml_open(rt_xml *x, const char *element)
{
    rt_tag(&x->m, element);
}

static inline void rt_xml_close(rt_xml *x)
{
    rt_tag_end(&x->m);
}

static inline void rt_xml_attr(rt_xml *x, const char *name, const char *value)
{
    rt_attr(&x->m, name, value);
}

static inline void rt_xml_attr_u(rt_xml *x, const char *name, uint64_t value)
{
    rt_attr_u(&x->m, name, value);
}

static inline void rt_xml_attr_bool(rt_xml *x, const char *name, bool value)
{
    rt_attr_bool(&x->m, name, value);
}

void rt_xml_attr_str(rt_xml *x, const char *name, rt_str value); /* from outside, may be empty */
void rt_xml_attr_finding(rt_xml *x, const char *name, uint32_t finding); /* "f1" */
/* "f1 f3": how findings are named; nothing when the list is empty. at NULL: the findings of r */
void rt_xml_attr_findings(rt_xml *x, const char *name, const uint32_t *at, rt_range r);

/* ---- xml.c: the building blocks of the vocabulary; spans that are empty are not written */

void rt_xml_chars(rt_xml *x, rt_str text); /* of the document */
void rt_xml_span_named(rt_xml *x, rt_str element, rt_span at);
static inline void rt_xml_span(rt_xml *x, const char *element, rt_span at)
{
    rt_xml_span_named(x, rt_str_from(element), at);
}
void rt_xml_evidence(rt_xml *x, const char *method, rt_span at);
void rt_xml_code_ref(rt_xml *x, const rt_code_ref *code);   /* of ours: it needs no escapes */
void rt_xml_concept(rt_xml *x, uint32_t concept);           /* its code */
const char *rt_xml_name(const rt_xml *x, uint32_t concept); /* in the language of the report */

/* ---- xml_field.c */

void rt_xml_find_fields(rt_xml *x); /* own, also, slots */
void rt_xml_fields(rt_xml *x, unsigned section);

/* ---- xml_header.c, xml_body.c, xml_finding.c: the parts of a report, in the order of the schema
 */

void rt_xml_header(rt_xml *x);
void rt_xml_source(rt_xml *x);
void rt_xml_sections(rt_xml *x);
void rt_xml_findings(rt_xml *x);
void rt_xml_quantity(rt_xml *x, const char *element, double value, double high,
                     const char *comparator, const char *unit);

#endif
