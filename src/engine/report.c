/* Getters and writers of an analysed report. */
#include "engine/engine.h"

#include "base/buf.h"
#include "output/cda.h"
#include "output/dsr.h"
#include "output/dump.h"
#include "output/fhir.h"
#include "output/hl7.h"
#include "output/html.h"
#include "output/json.h"
#include "output/mrrt.h"
#include "output/wst500.h"
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

static rt_code find_check(const rt_engine *e, rt_str id, uint32_t *check, rt_err *err)
{
    if (rt_checks_find(id, check) && rt_checks_info(e->checks, *check)->name_en[0] != '\0')
        return RT_OK;
    return rt_fail(err, RT_EUSAGE, "no check is called \"%.*s\"", (int)id.len, id.ptr);
}

rt_code rt_qa_known(const rt_engine *e, rt_str id, rt_err *err)
{
    uint32_t check;
    return find_check(e, id, &check, err);
}

rt_code rt_qa_explain(const rt_engine *e, rt_str id, rt_sink to, rt_err *err)
{
    uint32_t check;
    rt_code code = find_check(e, id, &check, err);
    if (code != RT_OK)
        return code;
    const rt_check_info *c = rt_checks_info(e->checks, check);
    rt_buf b;
    rt_buf_init(&b, 1U << 16);
    rt_buf_addf(&b, "%s %s, %s, %s\n%s\n%s\n%s\n", c->id, c->name_en, rt_qa_level_name(c->severity),
                !c->on     ? "off"
                : c->asked ? "noisy: recorded, listed only with --check or --noisy"
                           : "on",
                c->explain_en, c->name_zh, c->explain_zh);
    return send(&b, RT_OK, to, err);
}

size_t rt_report_qa_count(const rt_report *r)
{
    return r->doc->qa.len;
}

rt_qa_view rt_report_qa(const rt_report *r, size_t i)
{
    const rt_qa_issue *q = &r->doc->qa.at[i];
    const rt_check_info *check = rt_checks_info(r->know->checks, q->check);
    return (rt_qa_view){
        check->id, rt_qa_level_name(check->severity), q->message, {q->at[0], q->at[1]}};
}

static rt_code write_message(const rt_record *in, const rt_err *why, rt_buf *out, rt_err *err)
{
    (void)in;
    rt_buf_addf(out, "%s\n", why->msg);
    return rt_buf_check(out, err);
}

/* The writers of each rt_output: of a report, and of what stands in the place of a bad record. */
static const struct {
    rt_code (*report)(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);
    rt_code (*error)(const rt_record *in, const rt_err *why, rt_buf *out, rt_err *err);
} outputs[RT_OUTPUT_COUNT] = {
    [RT_OUTPUT_XML] = {rt_write_xml, rt_write_xml_error},
    [RT_OUTPUT_JSONL] = {rt_write_json, rt_write_json_error},
    [RT_OUTPUT_FHIR] = {rt_write_fhir, rt_write_fhir_error},
    [RT_OUTPUT_FHIR_XML] = {rt_write_fhir_xml, rt_write_fhir_xml_error},
    [RT_OUTPUT_DSR] = {rt_write_dsr, rt_write_xml_error},
    [RT_OUTPUT_CDA] = {rt_write_cda, rt_write_xml_error},
    [RT_OUTPUT_WST500] = {rt_write_wst500, rt_write_xml_error},
    [RT_OUTPUT_HL7] = {rt_write_hl7, rt_write_hl7_error},
    [RT_OUTPUT_MRRT] = {rt_write_mrrt, write_message},
    [RT_OUTPUT_HTML] = {rt_write_html, write_message},
    [RT_OUTPUT_TERMINAL] = {rt_write_terminal, write_message},
};

rt_code rt_report_write(const rt_report *r, rt_output as, rt_sink to, rt_err *err)
{
    rt_buf b, *behind = rt_buf_behind(to);
    if (behind != NULL) {
        size_t before = behind->len;
        rt_code code = outputs[as].report(r->doc, r->know, behind, err);
        if (code == RT_OK)
            code = rt_buf_check(behind, err);
        behind->len = code == RT_OK ? behind->len : before;
        return code;
    }
    rt_buf_init(&b, MAX_OUTPUT);
    return send(&b, outputs[as].report(r->doc, r->know, &b, err), to, err);
}

rt_code rt_error_write(const rt_record *in, const rt_err *why, rt_output as, rt_sink to,
                       rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    return send(&b, outputs[as].error(in, why, &b, err), to, err);
}

rt_code rt_report_dump(const rt_report *r, const char *stage, rt_sink to, rt_err *err)
{
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    return send(&b, rt_write_dump(r->doc, r->know, stage, &b, err), to, err);
}
