/* A report as one line of JSON (DESIGN.md section 8). */
#ifndef RT_OUTPUT_JSON_H
#define RT_OUTPUT_JSON_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One object and a line end, appended to out. All offsets are code points of the document text. */
rt_code rt_write_json(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

/* The line in the place of a record that could not be converted: its id and why. */
rt_code rt_write_json_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err);

#endif
