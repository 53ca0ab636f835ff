/* Shared by xml.c, xml_header.c and xml_body.c: elements in short lines over libxml2's
 * xmlTextWriter, which writes into the buffer as it goes. A failure sticks; it is asked for once,
 * at the end. */
#ifndef RT_OUTPUT_XML_WRITER_H
#define RT_OUTPUT_XML_WRITER_H

#include "base/buf.h"
#include "knowledge/knowledge.h"
#include "output/cp.h"

typedef struct rt_xml {
    struct _xmlTextWriter *w;
    rt_buf text; /* NUL-terminated copies for libxml2 */
    const rt_doc *d;
    const rt_knowledge *k;
    rt_cp cp;
    uint32_t bad_fields; /* bits of rt_field_id: values that were left out */
    bool failed;
} rt_xml;

/* ---- xml.c: elements and attributes */

void rt_xml_open(rt_xml *x, const char *element);
void rt_xml_close(rt_xml *x);
void rt_xml_attr(rt_xml *x, const char *name, const char *value); /* NULL: not written */
void rt_xml_attr_str(rt_xml *x, const char *name, rt_str value);  /* from outside: is cleaned */
void rt_xml_attr_given(rt_xml *x, const char *name,
                       rt_str value); /* the same; empty: not written */
void rt_xml_attr_u(rt_xml *x, const char *name, uint64_t value);
void rt_xml_attr_number(rt_xml *x, const char *name, double value);
void rt_xml_attr_bool(rt_xml *x, const char *name, bool value);
void rt_xml_attr_printf(rt_xml *x, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "f1 f3": how findings are named; nothing when the list is empty */
void rt_xml_attr_findings(rt_xml *x, const char *name, const uint32_t *at, rt_range r);
void rt_xml_string(rt_xml *x, rt_str text);

/* ---- xml.c: the building blocks of the vocabulary; spans that are empty are not written */

void rt_xml_span(rt_xml *x, const char *element, rt_span at,
                 const char *role); /* role may be NULL */
void rt_xml_evidence(rt_xml *x, const char *method, rt_span at);
void rt_xml_code_ref(rt_xml *x, const rt_code_ref *code);
void rt_xml_concept(rt_xml *x, uint32_t concept);           /* its code */
const char *rt_xml_name(const rt_xml *x, uint32_t concept); /* in the language of the report */

/* ---- xml_header.c, xml_body.c: the parts of a report, in the order of the schema */

void rt_xml_header(rt_xml *x);
void rt_xml_source(rt_xml *x);
void rt_xml_sections(rt_xml *x);
void rt_xml_findings(rt_xml *x);
void rt_xml_quantity(rt_xml *x, const char *element, double value, double high,
                     const char *comparator, const char *unit);

#endif
