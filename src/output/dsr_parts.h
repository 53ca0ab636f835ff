/* Shared by the files of the DICOM SR writer: content items. */
#ifndef RT_OUTPUT_DSR_PARTS_H
#define RT_OUTPUT_DSR_PARTS_H

#include "knowledge/knowledge.h"
#include "output/codes.h"
#include "output/facts.h"
#include "output/markup.h"

/* What the value representations hold: characters, says the standard, but receivers and dciodvfy
 * count bytes, so we do. */
enum { SHORT_STRING = 16, LONG_STRING = 64, DECIMAL_STRING = 16 };

#define MOD "HAS CONCEPT MOD"
#define PROPERTY "HAS PROPERTIES"
#define CONTAINS "CONTAINS"

typedef struct rt_dsr {
    rt_markup m;
    const rt_doc *d;
    const rt_knowledge *k;
    rt_identity id;
    rt_buf text; /* one value that had to be changed */
} rt_dsr;

/* ---- dsr_parts.c: an item is opened with its concept, then come its own items, then its value */

/* Nothing if the value is empty. */
void rt_dsr_element(rt_dsr *w, const char *name, rt_str value, size_t max);
void rt_dsr_triple(rt_dsr *w, rt_code_ref c); /* code value, scheme, meaning */
void rt_dsr_open_item(rt_dsr *w, const char *kind, const char *relationship, rt_code_ref concept);
void rt_dsr_code_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_code_ref value);
void rt_dsr_text_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_span at);
void rt_dsr_free_text(rt_dsr *w, rt_str s); /* value of a text item */
void rt_dsr_decimal(rt_dsr *w, double v);   /* value of a number, then its unit */
void rt_dsr_unit(rt_dsr *w, const char *name);
rt_code_ref rt_dsr_in_language(const rt_dsr *w, uint32_t concept); /* named in that of the report */
/* A modifier, if the value is not 0. */
void rt_dsr_word(rt_dsr *w, const char *name, unsigned value, rt_code_ref code);

/* ---- dsr_finding.c */

extern const rt_code_ref rt_dsr_finding_code;

void rt_dsr_finding(rt_dsr *w, uint32_t index);

/* ---- dsr_fields.c: containers of our own */

void rt_dsr_fields(rt_dsr *w);
void rt_dsr_issues(rt_dsr *w);
void rt_dsr_unmapped(rt_dsr *w);

#endif
