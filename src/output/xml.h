/* A structured report as XML, urn:roentext:report:1 (templates/schema/roentext-report.xsd). */
#ifndef RT_OUTPUT_XML_H
#define RT_OUTPUT_XML_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One document, appended to out: valid against the schema whatever the report, and the same bytes
 * for the same report. All offsets are code points of the document text. */
rt_code rt_write_xml(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

/* The document in the place of a record that could not be converted: root element `error`. */
rt_code rt_write_xml_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err);

#endif
