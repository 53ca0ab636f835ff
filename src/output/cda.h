/* A report as an HL7 CDA R2 document: imaging report of DICOM PS3.20, with its findings coded. */
#ifndef RT_OUTPUT_CDA_H
#define RT_OUTPUT_CDA_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One document, appended to out, the same bytes for the same report. What the record does not say
 * has nullFlavor UNK. */
rt_code rt_write_cda(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

#endif
