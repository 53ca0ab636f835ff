/* What rt_report is inside the library: a document and the knowledge that its indices speak of. */
#ifndef RT_MODEL_REPORT_H
#define RT_MODEL_REPORT_H

#include "model/doc.h"

struct rt_knowledge;

struct rt_report {
    const rt_doc *doc;
    const struct rt_knowledge *know;
};

#endif
