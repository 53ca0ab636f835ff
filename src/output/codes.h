/* Code lists that several outputs need: one table each, in codes.c. A code stands here only if its
 * label was checked against the vocabulary that owns it; what has none keeps our own word, under
 * the system ROENTEXT. */
#ifndef RT_OUTPUT_CODES_H
#define RT_OUTPUT_CODES_H

#include "knowledge/knowledge.h"

/* A code system as each standard names it. oid NULL: it has none. */
typedef struct rt_system {
    const char *name;       /* in rt_code_ref: "RADLEX" */
    const char *designator; /* DICOM */
    const char *uri;        /* FHIR */
    const char *oid;        /* CDA */
    const char *title;
} rt_system;

const rt_system *rt_system_of(const char *name); /* of an unknown name: ours */

rt_code_ref rt_presence_code(unsigned presence);
rt_code_ref rt_side_code(unsigned side);
rt_code_ref rt_severity_code(unsigned severity);
rt_code_ref rt_change_code(unsigned change);
rt_code_ref rt_own_code(const char *word);            /* our word, as a code of ours */
rt_code_ref rt_section_code(unsigned section);        /* LOINC; code NULL: none fits */
rt_code_ref rt_category_code(uint32_t category);      /* of critical findings; code NULL: none */
rt_code_ref rt_modality_code(const char *modality);   /* of a template; code NULL: none */
rt_code_ref rt_body_part_code(const char *body_part); /* of a template; code NULL: none */
const char *rt_ucum_code(const char *unit);           /* of a normalised unit; NULL: none */

static inline bool rt_is_radlex(rt_str id) /* else it is ours */
{
    return id.len >= 3 && memcmp(id.ptr, "RID", 3) == 0;
}
rt_code_ref rt_concept_code(const rt_lexicon *x, uint32_t concept);
/* Named in the language of the report. */
const char *rt_concept_name(const rt_knowledge *k, const rt_doc *d, uint32_t concept);
rt_code_ref rt_concept_code_named(const rt_knowledge *k, const rt_doc *d, uint32_t concept);
/* The heading as the report has it, else what the template calls the section, else its type. */
rt_str rt_section_title(const rt_knowledge *k, const rt_doc *d, unsigned section, rt_span heading);

#endif
