/* The document model: reset and issues. See doc.h. */
#include "model/doc.h"

void rt_doc_reset(rt_doc *d, const rt_record *record)
{
    *d = (rt_doc){.record = record,
                  .template_index = RT_NIL,
                  .template_second = RT_NIL,
                  .template_also = RT_NIL};
}

void rt_doc_issue(rt_arena *a, rt_doc *d, rt_issue_type type, rt_span at, rt_str detail)
{
    RT_PUSH(a, &d->issues, (rt_issue){.type = (uint32_t)type, .at = at, .detail = detail});
}
