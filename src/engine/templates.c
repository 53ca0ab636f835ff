/* The templates of an engine, for people. */
#include "engine/engine.h"

#include "base/buf.h"

enum { MAX_LIST = 1 << 20 }; /* bytes */

rt_code rt_template_list(const rt_engine *e, rt_sink to, rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_LIST);
    rt_buf_addz(&b, "id\tlang\tversion\tfields\ttitle\n");
    for (uint32_t i = 0; i < rt_templates_count(e->templates); i++) {
        const rt_template *t = rt_templates_at(e->templates, i);
        rt_buf_addf(&b, "%s\t%s\t%s\t%u\t%s\n", t->id, rt_lang_name(t->lang), t->version,
                    (unsigned)t->n_fields, t->title);
    }
    rt_code code = rt_buf_check(&b, err);
    if (code == RT_OK)
        code = to.write(to.user, b.ptr, b.len, err);
    rt_buf_free(&b);
    return code;
}
