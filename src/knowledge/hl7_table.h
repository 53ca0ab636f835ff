/* What the words of HL7 v2 messages mean: lexicons/hl7.tsv, described at its top. */
#ifndef RT_KNOWLEDGE_HL7_TABLE_H
#define RT_KNOWLEDGE_HL7_TABLE_H

#include "base/err.h"

/* X(CONSTANT, "kind of row") */
#define RT_HL7_KINDS(X)                                                                            \
    X(SECTION, "section")                                                                          \
    X(SKIP, "skip")                                                                                \
    X(STATUS, "status")                                                                            \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(SERVICE, "service")

typedef enum rt_hl7_kind {
#define X(c, name) RT_HL7_##c,
    RT_HL7_KINDS(X)
#undef X
        RT_HL7_KIND_END
} rt_hl7_kind;

typedef struct rt_hl7_word { /* strings are the table's */
    rt_hl7_kind kind;
    rt_str key, value;
    rt_str heading_en, heading_zh; /* SECTION */
    unsigned section;              /* SECTION: rt_section_type */
} rt_hl7_word;

typedef struct rt_hl7_table rt_hl7_table;

/* RT_EINPUT with file:line:column on a malformed row. */
rt_code rt_hl7_table_load(const char *path, rt_hl7_table **out, rt_err *err);
void rt_hl7_table_close(rt_hl7_table *t);

/* The row of this kind with this key, ASCII case apart; NULL: none, or t is NULL, or no key. */
const rt_hl7_word *rt_hl7_find(const rt_hl7_table *t, rt_hl7_kind kind, rt_str key);

/* The first row of the section that has a LOINC-like code, for writing; NULL: none. */
const rt_hl7_word *rt_hl7_section(const rt_hl7_table *t, unsigned section);

#endif
