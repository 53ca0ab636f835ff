/* What one stage made, as a table (TSV) for tests and people. */
#ifndef RT_OUTPUT_DUMP_H
#define RT_OUTPUT_DUMP_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* stage: one of the names in roentext.h at rt_report_dump; RT_EUSAGE if it is none. A heading row,
 * then a row for each record of the stage. Offsets are code points of the document text; a tab, a
 * line end or a backslash in a cell is written \t \n \\. */
rt_code rt_write_dump(const rt_doc *d, const rt_knowledge *k, const char *stage, rt_buf *out,
                      rt_err *err);

#endif
