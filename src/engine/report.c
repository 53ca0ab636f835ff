/* Getters and writers of an analysed report. */
#include "engine/engine.h"

#include "base/buf.h"
#include "output/dump.h"
#include "output/html.h"
#include "output/json.h"
#include "output/xml.h"

#define MAX_OUTPUT (1U << 30) /* bytes of one structured report */

rt_str rt_report_text(const rt_report *r)
{
    return r->doc->text.doc;
}

size_t rt_report_finding_count(const rt_report *r)
{
    return r->doc->findings.len;
}

rt_finding_view rt_report_finding(const rt_report *r, size_t i)
{
    const rt_finding *f = &r->doc->findings.at[i];
    const rt_lexicon *x = r->know->lexicon;
    const rt_concept *c = &x->concepts[f->concept];
    return (rt_finding_view){
        .span = f->at,
        .concept = rt_lexicon_text(x, c->id),
        .name_en = rt_lexicon_text(x, c->pref_en),
        .name_zh = rt_lexicon_text(x, c->pref_zh),
        .type = rt_type_name(c->type),
        .presence = rt_presence_name(f->presence),
        .temporality = rt_temporality_name(f->temporality),
        .experiencer = rt_experiencer_name(f->experiencer),
        .change = f->change ? rt_change_name(f->change) : NULL,
        .severity = f->severity ? rt_severity_name(f->severity) : NULL,
        .laterality = f->side ? rt_side_name(f->side) : NULL,
        .section = rt_section_name(r->doc->sections.at[f->section].type),
        .derived = f->derived,
    };
}

static rt_code send(rt_buf *b, rt_code code, rt_sink to, rt_err *err)
{
    if (code == RT_OK)
        code = rt_buf_check(b, err);
    if (code == RT_OK)
        code = to.write(to.user, rt_buf_str(b).ptr, b->len, err);
    rt_buf_free(b);
    return code;
}

rt_code rt_report_write(const rt_report *r, rt_output as, rt_sink to, rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    rt_code code = RT_OK;
    switch (as) {
    case RT_OUTPUT_XML:
        code = rt_write_xml(r->doc, r->know, &b, err);
        break;
    case RT_OUTPUT_JSONL:
        code = rt_write_json(r->doc, r->know, &b, err);
        break;
    case RT_OUTPUT_HTML:
        code = rt_write_html(r->doc, r->know, &b, err);
        break;
    case RT_OUTPUT_TERMINAL:
        code = rt_write_terminal(r->doc, r->know, &b, err);
        break;
    }
    return send(&b, code, to, err);
}

rt_code rt_error_write(const rt_record *in, const rt_err *why, rt_output as, rt_sink to,
                       rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    rt_code code = RT_OK;
    switch (as) {
    case RT_OUTPUT_XML:
        code = rt_write_xml_error(in, why, &b, err);
        break;
    case RT_OUTPUT_JSONL:
        code = rt_write_json_error(in, why, &b, err);
        break;
    case RT_OUTPUT_HTML:
    case RT_OUTPUT_TERMINAL:
        rt_buf_addf(&b, "%s\n", why->msg);
        break;
    }
    return send(&b, code, to, err);
}

rt_code rt_report_dump(const rt_report *r, const char *stage, rt_sink to, rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    return send(&b, rt_write_dump(r->doc, r->know, stage, &b, err), to, err);
}
