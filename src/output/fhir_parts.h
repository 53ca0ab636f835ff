/* Shared by fhir.c, fhir_report.c, fhir_finding.c, fhir_fields.c and fhir_more.c. */
#ifndef RT_OUTPUT_FHIR_PARTS_H
#define RT_OUTPUT_FHIR_PARTS_H

#include "knowledge/knowledge.h"
#include "output/codes.h"
#include "output/cp.h"
#include "output/facts.h"
#include "output/fhir_out.h"

typedef struct rt_fhir_report {
    rt_fhir f;
    const rt_doc *d;
    const rt_knowledge *k;
    rt_cp cp;
    rt_identity id;
    bool patient; /* the record says something of the patient: there is a Patient */
} rt_fhir_report;

/* Entries of the Bundle are numbered through; the number makes the identifier. Numbers of findings
 * begin at RT_FHIR_FINDINGS. */
enum { RT_FHIR_REPORT = 0, RT_FHIR_PATIENT = 1, RT_FHIR_FIELDS = 2, RT_FHIR_FINDINGS = 16 };

/* ---- fhir.c */

void rt_fhir_coding(rt_fhir_report *r, rt_code_ref code); /* "coding": [...] */
void rt_fhir_concept(rt_fhir_report *r, const char *name, rt_code_ref code, const char *text);
void rt_fhir_reference(rt_fhir_report *r, uint32_t entry);               /* a member "reference" */
void rt_fhir_subject(rt_fhir_report *r);                                 /* if there is a Patient */
void rt_fhir_entry(rt_fhir_report *r, uint32_t entry, const char *type); /* of the Bundle */
void rt_fhir_entry_end(rt_fhir_report *r);
void rt_fhir_quantity(rt_fhir_report *r, const char *name, double value, char comparator,
                      const char *unit);
void rt_fhir_range(rt_fhir_report *r, const char *name, double low, double high, const char *unit);
void rt_fhir_note(rt_fhir_report *r, rt_span at);

void rt_fhir_date(rt_fhir_report *r, const char *name, rt_field_id field); /* of the record */

/* ---- entries of the Bundle: fhir_report.c */

void rt_fhir_diagnostic_report(rt_fhir_report *r);

/* ---- fhir_more.c */

bool rt_fhir_knows_patient(const rt_record *in);
void rt_fhir_patient(rt_fhir_report *r);
void rt_fhir_recommendation(rt_fhir_report *r, uint32_t entry, const rt_advice *a);
void rt_fhir_communication(rt_fhir_report *r, uint32_t entry, const rt_communication *c);

/* ---- fhir_fields.c */

void rt_fhir_fields(rt_fhir_report *r); /* of the templates: a QuestionnaireResponse */
void rt_fhir_issue(rt_fhir_report *r, uint32_t entry, const rt_qa_issue *q);

/* ---- fhir_finding.c */

/* An extension of the list that is open: a place in the text and its words; empty: nothing. */
void rt_fhir_source_span(rt_fhir_report *r, rt_span at, const char *role);

void rt_fhir_observations(rt_fhir_report *r); /* findings, then stated categories */

#endif
