/* A report as a Chinese shared document, WS/T 500.6-2016 (examination report): CDA R2 with the data
 * elements of WS 363. */
#ifndef RT_OUTPUT_WST500_H
#define RT_OUTPUT_WST500_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One document, appended to out, the same bytes for the same report. What the record does not say
 * has nullFlavor UNK. */
rt_code rt_write_wst500(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

#endif
