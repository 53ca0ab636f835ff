/* Shared by cda*.c and wst500.c: the data types of HL7 version 3, each of which has a nullFlavor in
 * the place of a value that nobody knows. */
#ifndef RT_OUTPUT_CDA_PARTS_H
#define RT_OUTPUT_CDA_PARTS_H

#include "knowledge/knowledge.h"
#include "output/codes.h"
#include "output/facts.h"
#include "output/markup.h"

typedef struct rt_cda {
    rt_markup m;
    const rt_doc *d;
    const rt_knowledge *k;
    rt_identity id;
    bool cites; /* findings are entries, so that fields can refer to them */
    uint32_t next_finding, next_advice, next_grade; /* first ones that no section has taken */
} rt_cda;

/* ---- cda_parts.c */

void rt_cda_begin(rt_cda *c, const rt_doc *d, const rt_knowledge *k, rt_buf *out);
void rt_cda_null(rt_cda *c, const char *element, const char *flavor);
void rt_cda_root(rt_cda *c, const char *element, const char *root);
void rt_cda_id(rt_cda *c, const char *root, rt_str extension); /* empty: unknown */
/* The point in time of two fields of the record; without a clock time (which RT_FIELD_COUNT never
 * is) the day alone. */
void rt_cda_time(rt_cda *c, const char *element, rt_field_id date, rt_field_id clock);
void rt_cda_name(rt_cda *c, rt_str name); /* of a person: "Family^Given", or as it is */
void rt_cda_birth_time(rt_cda *c);
/* <element code=".." codeSystem=".." displayName=".."> stays open; rt_tag_end closes it. */
void rt_cda_open_code(rt_cda *c, const char *element, const char *type, rt_code_ref code);
void rt_cda_code(rt_cda *c, const char *element, rt_code_ref code);
/* A code that says more of the open one: what is meant by it depends on it. */
void rt_cda_qualifier(rt_cda *c, const char *name, rt_code_ref value);
void rt_cda_quantity(rt_cda *c, const char *element, const char *type, double value,
                     const char *unit);
/* An observation as the entry of the section that is open: stays open for what it says. */
void rt_cda_open_entry(rt_cda *c);
void rt_cda_close_entry(rt_cda *c);
/* To what the section's text has marked: a letter for the kind of thing, its number from 0. */
void rt_cda_reference(rt_cda *c, char letter, uint32_t index);
void rt_cda_status(rt_cda *c, const char *code);
void rt_cda_string(rt_cda *c, rt_str value); /* <value xsi:type="ST"> */

/* ---- cda_finding.c */

/* The observation that is open is supported by a finding; inverted: it supports that one. */
void rt_cda_support(rt_cda *c, uint32_t finding, bool inverted);

void rt_cda_finding(rt_cda *c, uint32_t index);        /* an entry of the section that is open */
void rt_cda_recommendation(rt_cda *c, uint32_t index); /* the same */
void rt_cda_grade(rt_cda *c, uint32_t index);          /* the same */

/* ---- cda_fields.c */

void rt_cda_own_sections(rt_cda *c); /* fields, issues, unmapped text: what there is of them */

#endif
