/* The DiagnosticReport of FHIR: the narrative, what the record says, the whole text. */
#include "output/fhir_parts.h"

#include <stdio.h>

#define URL(name) "urn:roentext:fhir:" name

/* ---- the report: narrative */

static void paragraphs(rt_markup *m, rt_str text)
{
    for (rt_cut line = rt_str_cut(text, '\n');; line = rt_str_cut(line.tail, '\n')) {
        if (rt_str_trim(line.head).len > 0)
            rt_tag_text(m, "p", line.head);
        if (!line.found)
            return;
    }
}

static void narrative(rt_fhir_report *r)
{
    const rt_doc *d = r->d;
    rt_fhir_object(&r->f, "text");
    rt_fhir_z(&r->f, "status", "additional");
    rt_markup *m = rt_fhir_div(&r->f);
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        rt_span heading = rt_doc_span(d, s->heading);
        rt_tag_text(m, "h3", rt_section_title(r->k, d, s->type, heading));
        paragraphs(m, rt_text_slice(&d->text, rt_doc_span(d, s->at)));
    }
    if (d->sections.len == 0)
        paragraphs(m, d->text.doc);
    rt_fhir_div_end(&r->f);
    rt_fhir_object_end(&r->f);
}

/* The text of all impressions. */
static void conclusion(rt_fhir_report *r)
{
    const rt_doc *d = r->d;
    rt_buf *b = &r->f.text;
    rt_buf_clear(b);
    for (uint32_t i = 0; i < d->sections.len; i++) {
        if (d->sections.at[i].type != RT_SECTION_IMPRESSION)
            continue;
        if (b->len > 0)
            rt_buf_addc(b, '\n');
        rt_buf_add(b, rt_str_trim(rt_text_slice(&d->text, rt_doc_span(d, d->sections.at[i].at))));
    }
    rt_fhir_str(&r->f, "conclusion", rt_buf_str(b));
}

/* The text to which the spans of all evidence point. */
static void whole_text(rt_fhir_report *r)
{
    rt_fhir_only(&r->f, "presentedForm");
    rt_fhir_z(&r->f, "contentType", "text/plain; charset=utf-8");
    rt_fhir_base64(&r->f, "data", r->d->text.doc);
    rt_fhir_only_end(&r->f);
}

/* ---- the report: what the record says */

/* FHIR has no local times, and its instants want a time zone, which nobody told us. */
static void local_time(rt_fhir_report *r, const char *url, rt_field_id field)
{
    rt_clock t;
    char s[16];
    if (rt_fact_clock(r->d->record, field, &t) != RT_GIVEN_GOOD)
        return;
    snprintf(s, sizeof s, "%02u:%02u:%02u", t.hour % 100, t.minute % 100, t.second % 100);
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, url);
    rt_fhir_z(&r->f, "valueTime", s);
    rt_fhir_item_end(&r->f);
}

static void word(rt_fhir_report *r, const char *url, rt_field_id field)
{
    rt_str value = rt_fact(r->d->record, field);
    if (value.len == 0)
        return;
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, url);
    rt_fhir_outside(&r->f, "valueString", value);
    rt_fhir_item_end(&r->f);
}

static void extensions(rt_fhir_report *r)
{
    rt_date issued;
    rt_fhir_list(&r->f, "extension");
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, URL("template"));
    rt_fhir_z(&r->f, "valueString", rt_templates_at(r->k->templates, r->d->template_index)->id);
    rt_fhir_item_end(&r->f);
    word(r, URL("modality"), RT_FIELD_MODALITY);
    word(r, URL("body-part"), RT_FIELD_BODY_PART);
    word(r, URL("order"), RT_FIELD_ORDER);
    local_time(r, URL("exam-time"), RT_FIELD_TIME);
    if (rt_fact_date(r->d->record, RT_FIELD_REPORT_DATE, &issued) == RT_GIVEN_GOOD) {
        rt_fhir_item(&r->f);
        rt_fhir_url(&r->f, URL("report-date"));
        rt_fhir_date(r, "valueDate", RT_FIELD_REPORT_DATE);
        rt_fhir_item_end(&r->f);
    }
    local_time(r, URL("report-time"), RT_FIELD_REPORT_TIME);
    for (uint32_t i = 0; i < r->d->unmapped.len; i++) /* sentences that no field took */
        rt_fhir_source_span(r, r->d->unmapped.at[i], "unmapped");
    rt_fhir_list_end(&r->f);
}

static void identifiers(rt_fhir_report *r)
{
    const rt_record *in = r->d->record;
    rt_str id = rt_fact(in, RT_FIELD_ID), accession = rt_fact(in, RT_FIELD_ACCESSION);
    if (id.len + accession.len == 0)
        return;
    rt_fhir_list(&r->f, "identifier");
    if (id.len > 0) {
        rt_fhir_item(&r->f);
        rt_fhir_outside(&r->f, "value", id);
        rt_fhir_item_end(&r->f);
    }
    if (accession.len > 0) {
        rt_fhir_item(&r->f);
        rt_fhir_object(&r->f, "type");
        rt_fhir_only(&r->f, "coding");
        rt_fhir_z(&r->f, "system", "http://terminology.hl7.org/CodeSystem/v2-0203");
        rt_fhir_z(&r->f, "code", "ACSN");
        rt_fhir_only_end(&r->f);
        rt_fhir_object_end(&r->f);
        rt_fhir_outside(&r->f, "value", accession);
        rt_fhir_item_end(&r->f);
    }
    rt_fhir_list_end(&r->f);
}

static const char *report_status(const rt_record *in)
{
    const char *status = NULL;
    if (rt_fact_status(in, &status) != RT_GIVEN_GOOD)
        return "unknown";
    return strcmp(status, "addendum") == 0 ? "appended" : status;
}

static void exam(rt_fhir_report *r)
{
    static const rt_code_ref study = {"LN", "18748-4", "Diagnostic imaging study"};
    rt_fhir_only(&r->f, "category");
    rt_fhir_only(&r->f, "coding");
    rt_fhir_z(&r->f, "system", "http://terminology.hl7.org/CodeSystem/v2-0074");
    rt_fhir_z(&r->f, "code", "RAD");
    rt_fhir_only_end(&r->f);
    rt_fhir_only_end(&r->f);
    rt_fhir_object(&r->f, "code");
    rt_fhir_coding(r, study);
    rt_fhir_outside(&r->f, "text", rt_fact(r->d->record, RT_FIELD_EXAM));
    rt_fhir_object_end(&r->f);
}

static void performer(rt_fhir_report *r)
{
    rt_str author = rt_fact(r->d->record, RT_FIELD_AUTHOR);
    if (author.len == 0)
        return;
    rt_fhir_only(&r->f, "resultsInterpreter");
    rt_fhir_outside(&r->f, "display", author);
    rt_fhir_only_end(&r->f);
}

static void results(rt_fhir_report *r)
{
    uint32_t n = r->d->findings.len + r->d->grades.len;
    if (n == 0)
        return;
    rt_fhir_list(&r->f, "result");
    for (uint32_t i = 0; i < n; i++) {
        rt_fhir_item(&r->f);
        rt_fhir_reference(r, RT_FHIR_FINDINGS + i);
        rt_fhir_item_end(&r->f);
    }
    rt_fhir_list_end(&r->f);
}

void rt_fhir_diagnostic_report(rt_fhir_report *r)
{
    rt_fhir_entry(r, RT_FHIR_REPORT, "DiagnosticReport");
    rt_fhir_z(&r->f, "language", rt_lang_name(r->d->zh ? RT_LANG_ZH : RT_LANG_EN));
    narrative(r);
    extensions(r);
    identifiers(r);
    rt_fhir_z(&r->f, "status", report_status(r->d->record));
    exam(r);
    rt_fhir_subject(r);
    rt_fhir_date(r, "effectiveDateTime", RT_FIELD_DATE);
    performer(r);
    results(r);
    conclusion(r);
    whole_text(r);
    rt_fhir_entry_end(r);
}
