/* A report as DICOM Enhanced SR, template TID 2000, in the XML of DCMTK: xml2dsr makes the DICOM
 * file of it. */
#ifndef RT_OUTPUT_DSR_H
#define RT_OUTPUT_DSR_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One document, appended to out, the same bytes for the same report. Values of the record are cut
 * to what DICOM holds; identifiers that would be cut are left out. */
rt_code rt_write_dsr(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

#endif
