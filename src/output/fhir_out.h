/* FHIR as it is written, in JSON or XML by the same calls: the two say the same, because there is
 * one walk over the report.
 *
 *     JSON  {"resourceType":"Observation","status":"final","note":[{"text":"a"}]}
 *     XML   <Observation><status value="final"/><note><text value="a"/></note></Observation>
 *
 * Calls come in the order of the XML schema, which JSON does not mind. Text is UTF-8 that XML 1.0
 * allows, unless a function says otherwise; FHIR has no empty strings, so empty ones are not
 * written, and no blanks but those of ASCII: others, U+3000 say, become ' ', one for one. The
 * buffer remembers a failure. */
#ifndef RT_OUTPUT_FHIR_OUT_H
#define RT_OUTPUT_FHIR_OUT_H

#include "output/markup.h"

enum { RT_FHIR_DEPTH = 16 }; /* of lists within lists; ours need 6 */

typedef struct rt_fhir {
    rt_buf *out;
    bool json;
    bool comma; /* JSON: due before the next member or element */
    rt_markup m;
    rt_buf text;   /* a value that had to be changed */
    rt_buf blanks; /* the same, for blanks */
    unsigned depth;
    const char *list[RT_FHIR_DEPTH]; /* XML: the element of each open list */
} rt_fhir;

void rt_fhir_begin(rt_fhir *f, rt_buf *out, bool json, const char *resource);
rt_code rt_fhir_end(rt_fhir *f, rt_err *err);

void rt_fhir_object(rt_fhir *f, const char *name);
void rt_fhir_object_end(rt_fhir *f);
void rt_fhir_list(rt_fhir *f, const char *name); /* must get at least one item */
void rt_fhir_item(rt_fhir *f);                   /* an object of the list */
void rt_fhir_item_end(rt_fhir *f);
void rt_fhir_list_end(rt_fhir *f);
/* A list of one object, which most are. */
void rt_fhir_only(rt_fhir *f, const char *name);
void rt_fhir_only_end(rt_fhir *f);
/* A resource as the member "resource" of an object. */
void rt_fhir_resource(rt_fhir *f, const char *type);
void rt_fhir_resource_end(rt_fhir *f);

void rt_fhir_str(rt_fhir *f, const char *name, rt_str value);
void rt_fhir_z(rt_fhir *f, const char *name, const char *value);  /* NULL: nothing */
void rt_fhir_outside(rt_fhir *f, const char *name, rt_str value); /* is cleaned */
/* A list of one string, which is cleaned. */
void rt_fhir_strings(rt_fhir *f, const char *name, rt_str value);
void rt_fhir_number(rt_fhir *f, const char *name, double value);
void rt_fhir_u(rt_fhir *f, const char *name, uint64_t value);
void rt_fhir_bool(rt_fhir *f, const char *name, bool value);
void rt_fhir_base64(rt_fhir *f, const char *name, rt_str bytes);
void rt_fhir_url(rt_fhir *f, const char *value); /* first in an extension: an attribute in XML */

/* XHTML: between the two calls, elements are written with rt_tag and the like to the result. */
rt_markup *rt_fhir_div(rt_fhir *f);
void rt_fhir_div_end(rt_fhir *f);

#endif
