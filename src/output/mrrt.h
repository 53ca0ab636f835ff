/* Templates as IHE MRRT (HTML 5 that is well-formed XML as well), empty or filled from a report. */
#ifndef RT_OUTPUT_MRRT_H
#define RT_OUTPUT_MRRT_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* The empty template. date: dcterms.date (YYYY-MM-DD). */
rt_code rt_write_mrrt_template(const rt_template *t, const rt_knowledge *k, const char *date,
                               rt_buf *out, rt_err *err);

/* The template of the report, filled: what the report says stands in its fields (those in conflict
 * and those that are not mentioned stay empty, their state stands in data-state), repeated fields
 * once for each lesion or level, and the narrative whole in the text areas. */
rt_code rt_write_mrrt(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

#endif
