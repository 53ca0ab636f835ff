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

rt_code rt_scratch_template(const rt_engine *e, rt_scratch *s, rt_str id, rt_err *err)
{
    uint32_t index;
    if (rt_str_eq(id, RT_STR("auto")))
        id.len = 0;
    if (id.len > 0 && (id.len >= sizeof s->template_id ||
                       !rt_templates_find(e->templates, id, RT_LANG_EN, &index)))
        return rt_fail(err, RT_EUSAGE,
                       "no template is called '%.*s': `roentext template list` names them",
                       (int)id.len, id.ptr);
    memcpy(s->template_id, id.ptr, id.len);
    s->template_id[id.len] = '\0';
    return RT_OK;
}

void rt_scratch_findings_only(rt_scratch *s)
{
    s->findings_only = true;
}
