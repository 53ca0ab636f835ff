/* A report as FHIR R4: a Bundle (collection) of a DiagnosticReport, the patient, an Observation for
 * each finding, a ServiceRequest for each recommendation and a Communication for each record of
 * one. What FHIR has no element for stands in extensions urn:roentext:fhir:... */
#ifndef RT_OUTPUT_FHIR_H
#define RT_OUTPUT_FHIR_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One Bundle, appended to out, the same bytes for the same report: on one line as JSON, or as an
 * XML document. Both are written by one walk and say the same. */
rt_code rt_write_fhir(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);
rt_code rt_write_fhir_xml(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

/* An OperationOutcome in the place of a record that could not be converted. */
rt_code rt_write_fhir_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err);
rt_code rt_write_fhir_xml_error(const rt_record *record, const rt_err *why, rt_buf *out,
                                rt_err *err);

#endif
