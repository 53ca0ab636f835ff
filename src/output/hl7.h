/* A report as an HL7 v2.5.1 message, ORU^R01. */
#ifndef RT_OUTPUT_HL7_H
#define RT_OUTPUT_HL7_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One message, appended to out: segments end with CR, MSH-18 says UTF-8. The narrative is one OBX a
 * section, as the report has it; then come one OBX a field that says something, and one a critical
 * finding. The same report gives the same bytes: MSH-7 is the time of the report or the exam. */
rt_code rt_write_hl7(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

/* In the place of a record that could not be converted: an ACK that says why (MSA-1 AE). */
rt_code rt_write_hl7_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err);

#endif
