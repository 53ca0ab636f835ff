/* The FHIR writer: the Bundle and what its entries are made of. The DiagnosticReport is written in
 * fhir_report.c, Observations in fhir_finding.c, template fields and quality issues in
 * fhir_fields.c, the other resources in fhir_more.c. Identifiers of the entries are made from the
 * report, so that it has the same ones every time. */
#include "output/fhir.h"

#include <stdio.h>

#include "output/fhir_parts.h"

#define URL(name) "urn:roentext:fhir:" name

/* ---- building blocks */

void rt_fhir_coding(rt_fhir_report *r, rt_code_ref code)
{
    rt_fhir_only(&r->f, "coding");
    rt_fhir_z(&r->f, "system", rt_system_of(code.system)->uri);
    rt_fhir_z(&r->f, "code", code.code);
    rt_fhir_z(&r->f, "display", code.display);
    rt_fhir_only_end(&r->f);
}

void rt_fhir_concept(rt_fhir_report *r, const char *name, rt_code_ref code, const char *text)
{
    rt_fhir_object(&r->f, name);
    rt_fhir_coding(r, code);
    rt_fhir_z(&r->f, "text", text);
    rt_fhir_object_end(&r->f);
}

static void urn(const rt_fhir_report *r, uint32_t entry, char out[64])
{
    char uuid[37];
    rt_identity_nth(&r->id, entry, uuid);
    snprintf(out, 64, "urn:uuid:%s", entry == RT_FHIR_REPORT ? r->id.report : uuid);
}

void rt_fhir_reference(rt_fhir_report *r, uint32_t entry)
{
    char name[64];
    urn(r, entry, name);
    rt_fhir_z(&r->f, "reference", name);
}

void rt_fhir_subject(rt_fhir_report *r)
{
    rt_str id = rt_fact(r->d->record, RT_FIELD_PATIENT_ID);
    if (!r->patient)
        return;
    rt_fhir_object(&r->f, "subject");
    rt_fhir_reference(r, RT_FHIR_PATIENT);
    if (id.len > 0) {
        rt_fhir_object(&r->f, "identifier");
        rt_fhir_outside(&r->f, "value", id);
        rt_fhir_object_end(&r->f);
    }
    rt_fhir_object_end(&r->f);
}

void rt_fhir_entry(rt_fhir_report *r, uint32_t entry, const char *type)
{
    char name[64];
    urn(r, entry, name);
    rt_fhir_item(&r->f);
    rt_fhir_z(&r->f, "fullUrl", name);
    rt_fhir_resource(&r->f, type);
}

void rt_fhir_entry_end(rt_fhir_report *r)
{
    rt_fhir_resource_end(&r->f);
    rt_fhir_item_end(&r->f);
}

static void unit_members(rt_fhir_report *r, const char *unit)
{
    const char *ucum = unit != NULL ? rt_ucum_code(unit) : "1";
    rt_fhir_z(&r->f, "unit", unit);
    if (ucum == NULL)
        return;
    rt_fhir_z(&r->f, "system", rt_system_of("UCUM")->uri);
    rt_fhir_z(&r->f, "code", ucum);
}

/* "About" is no comparator of FHIR. */
void rt_fhir_quantity(rt_fhir_report *r, const char *name, double value, char comparator,
                      const char *unit)
{
    rt_fhir_object(&r->f, name);
    if (comparator == '~') {
        rt_fhir_only(&r->f, "extension");
        rt_fhir_url(&r->f, URL("about"));
        rt_fhir_bool(&r->f, "valueBoolean", true);
        rt_fhir_only_end(&r->f);
    }
    rt_fhir_number(&r->f, "value", value);
    if (comparator == '<' || comparator == '>') {
        const char sign[2] = {comparator, '\0'};
        rt_fhir_z(&r->f, "comparator", sign);
    }
    unit_members(r, unit);
    rt_fhir_object_end(&r->f);
}

void rt_fhir_range(rt_fhir_report *r, const char *name, double low, double high, const char *unit)
{
    rt_fhir_object(&r->f, name);
    rt_fhir_quantity(r, "low", low, 0, unit);
    rt_fhir_quantity(r, "high", high, 0, unit);
    rt_fhir_object_end(&r->f);
}

void rt_fhir_note(rt_fhir_report *r, rt_span at)
{
    rt_fhir_only(&r->f, "note");
    rt_fhir_str(&r->f, "text", rt_text_slice(&r->d->text, at));
    rt_fhir_only_end(&r->f);
}

void rt_fhir_date(rt_fhir_report *r, const char *name, rt_field_id field)
{
    rt_date d;
    char s[16];
    if (rt_fact_date(r->d->record, field, &d) != RT_GIVEN_GOOD)
        return;
    snprintf(s, sizeof s, "%04u-%02u-%02u", d.year % 10000, d.month % 100, d.day % 100);
    rt_fhir_z(&r->f, name, s);
}

/* ---- documents */

static rt_code write(const rt_doc *d, const rt_knowledge *k, bool json, rt_buf *out, rt_err *err)
{
    rt_fhir_report r = {.d = d, .k = k, .patient = rt_fhir_knows_patient(d->record)};
    uint32_t next = RT_FHIR_FINDINGS + d->findings.len + d->grades.len;
    rt_cp_init(&r.cp, &d->text);
    rt_identify(d->record, &r.id);
    rt_fhir_begin(&r.f, out, json, "Bundle");
    rt_fhir_z(&r.f, "type", "collection");
    rt_fhir_list(&r.f, "entry");
    rt_fhir_diagnostic_report(&r);
    if (r.patient)
        rt_fhir_patient(&r);
    rt_fhir_fields(&r);
    rt_fhir_observations(&r);
    for (uint32_t i = 0; i < d->advice.len; i++)
        rt_fhir_recommendation(&r, next++, &d->advice.at[i]);
    for (uint32_t i = 0; i < d->communications.len; i++)
        rt_fhir_communication(&r, next++, &d->communications.at[i]);
    for (uint32_t i = 0; i < d->qa.len; i++)
        rt_fhir_issue(&r, next++, &d->qa.at[i]);
    rt_fhir_list_end(&r.f);
    return rt_fhir_end(&r.f, err);
}

rt_code rt_write_fhir(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    return write(d, k, true, out, err);
}

rt_code rt_write_fhir_xml(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err)
{
    return write(d, k, false, out, err);
}

/* ---- errors */

static const char *issue_type(rt_code code)
{
    switch (code) {
    case RT_OK:
    case RT_EINPUT:
        return "invalid";
    case RT_ELIMIT:
        return "too-long";
    case RT_EUSAGE:
        return "not-supported";
    case RT_EIO:
    case RT_ENOMEM:
    case RT_EDB:
        return "exception";
    }
    return "exception";
}

static rt_code write_error(const rt_record *record, const rt_err *why, bool json, rt_buf *out,
                           rt_err *err)
{
    rt_fhir f;
    rt_fhir_begin(&f, out, json, "OperationOutcome");
    if (record->field[RT_FIELD_ID].len > 0) {
        rt_fhir_only(&f, "extension");
        rt_fhir_url(&f, URL("record"));
        rt_fhir_outside(&f, "valueString", record->field[RT_FIELD_ID]);
        rt_fhir_only_end(&f);
    }
    rt_fhir_only(&f, "issue");
    if (record->line > 0) {
        rt_fhir_only(&f, "extension");
        rt_fhir_url(&f, URL("line"));
        rt_fhir_u(&f, "valueUnsignedInt", record->line);
        rt_fhir_only_end(&f);
    }
    rt_fhir_z(&f, "severity", "error");
    rt_fhir_z(&f, "code", issue_type(why->code));
    rt_fhir_outside(&f, "diagnostics", rt_str_from(why->msg));
    rt_fhir_only_end(&f);
    return rt_fhir_end(&f, err);
}

rt_code rt_write_fhir_error(const rt_record *record, const rt_err *why, rt_buf *out, rt_err *err)
{
    return write_error(record, why, true, out, err);
}

rt_code rt_write_fhir_xml_error(const rt_record *record, const rt_err *why, rt_buf *out,
                                rt_err *err)
{
    return write_error(record, why, false, out, err);
}
