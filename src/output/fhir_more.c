/* The other resources of FHIR: the patient, recommendations and communications. */
#include "output/fhir_parts.h"

#define URL(name) "urn:roentext:fhir:" name

/* ---- patient */

bool rt_fhir_knows_patient(const rt_record *in)
{
    rt_date birth;
    char sex = 0;
    return rt_fact(in, RT_FIELD_PATIENT_ID).len + rt_fact(in, RT_FIELD_PATIENT_NAME).len > 0 ||
           rt_fact_sex(in, &sex) == RT_GIVEN_GOOD ||
           rt_fact_date(in, RT_FIELD_BIRTH_DATE, &birth) == RT_GIVEN_GOOD;
}

/* "Family^Given" of HL7 and DICOM, or a name as it is. */
static void human_name(rt_fhir_report *r, rt_str name)
{
    rt_cut family = rt_str_cut(name, '^');
    rt_str given = rt_str_cut(family.tail, '^').head;
    if (name.len == 0)
        return;
    rt_fhir_only(&r->f, "name");
    if (!family.found)
        rt_fhir_outside(&r->f, "text", name);
    else
        rt_fhir_outside(&r->f, "family", family.head);
    if (given.len > 0)
        rt_fhir_strings(&r->f, "given", given);
    rt_fhir_only_end(&r->f);
}

void rt_fhir_patient(rt_fhir_report *r)
{
    const rt_record *in = r->d->record;
    rt_str id = rt_fact(in, RT_FIELD_PATIENT_ID);
    char sex = 0;
    rt_fhir_entry(r, RT_FHIR_PATIENT, "Patient");
    if (id.len > 0) {
        rt_fhir_only(&r->f, "identifier");
        rt_fhir_outside(&r->f, "value", id);
        rt_fhir_only_end(&r->f);
    }
    human_name(r, rt_fact(in, RT_FIELD_PATIENT_NAME));
    if (rt_fact_sex(in, &sex) == RT_GIVEN_GOOD)
        rt_fhir_z(&r->f, "gender", sex == 'M' ? "male" : sex == 'F' ? "female" : "other");
    rt_fhir_date(r, "birthDate", RT_FIELD_BIRTH_DATE);
    rt_fhir_entry_end(r);
}

/* ---- recommendations and communications */

/* A ServiceRequest wants a subject, known or not. */
static void some_subject(rt_fhir_report *r)
{
    rt_fhir_subject(r);
    if (r->patient)
        return;
    rt_fhir_object(&r->f, "subject");
    rt_fhir_z(&r->f, "display", "unknown");
    rt_fhir_object_end(&r->f);
}

static void occurrence(rt_fhir_report *r, const rt_advice *a)
{
    if (a->unit == NULL)
        return;
    rt_fhir_object(&r->f, "occurrenceTiming");
    rt_fhir_object(&r->f, "repeat");
    if (a->interval_high > 0)
        rt_fhir_range(r, "boundsRange", a->interval, a->interval_high, a->unit);
    else
        rt_fhir_quantity(r, "boundsDuration", a->interval, 0, a->unit);
    rt_fhir_object_end(&r->f);
    rt_fhir_object_end(&r->f);
}

static void to_report(rt_fhir_report *r, const char *name)
{
    rt_fhir_only(&r->f, name);
    rt_fhir_reference(r, RT_FHIR_REPORT);
    rt_fhir_only_end(&r->f);
}

void rt_fhir_recommendation(rt_fhir_report *r, uint32_t entry, const rt_advice *a)
{
    rt_fhir_entry(r, entry, "ServiceRequest");
    rt_fhir_z(&r->f, "status", "active");
    rt_fhir_z(&r->f, "intent", "proposal");
    rt_fhir_object(&r->f, "code");
    if (a->modality != RT_NIL)
        rt_fhir_coding(r, rt_concept_code(r->k->lexicon, a->modality));
    rt_fhir_z(&r->f, "text", a->action);
    rt_fhir_object_end(&r->f);
    some_subject(r);
    occurrence(r, a);
    to_report(r, "supportingInfo");
    if (a->anatomy != RT_NIL) {
        rt_fhir_only(&r->f, "bodySite");
        rt_fhir_coding(r, rt_concept_code(r->k->lexicon, a->anatomy));
        rt_fhir_z(&r->f, "text", rt_concept_name(r->k, r->d, a->anatomy));
        rt_fhir_only_end(&r->f);
    }
    rt_fhir_note(r, a->at);
    rt_fhir_entry_end(r);
}

static void minutes(rt_fhir_report *r, const char *url, uint32_t value)
{
    if (value == RT_NIL)
        return;
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, url);
    rt_fhir_u(&r->f, "valueUnsignedInt", value);
    rt_fhir_item_end(&r->f);
}

void rt_fhir_communication(rt_fhir_report *r, uint32_t entry, const rt_communication *c)
{
    rt_str to = rt_text_slice(&r->d->text, c->to), when = rt_text_slice(&r->d->text, c->when);
    rt_fhir_entry(r, entry, "Communication");
    rt_fhir_list(&r->f, "extension");
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, URL("read-back"));
    rt_fhir_bool(&r->f, "valueBoolean", c->read_back);
    rt_fhir_item_end(&r->f);
    if (when.len > 0) {
        rt_fhir_item(&r->f);
        rt_fhir_url(&r->f, URL("when"));
        rt_fhir_str(&r->f, "valueString", when);
        rt_fhir_item_end(&r->f);
    }
    minutes(r, URL("minutes-from-exam"), c->from_exam);
    minutes(r, URL("minutes-from-report"), c->from_report);
    rt_fhir_list_end(&r->f);
    rt_fhir_z(&r->f, "status", "completed");
    rt_fhir_subject(r);
    to_report(r, "about");
    if (to.len > 0) {
        rt_fhir_only(&r->f, "recipient");
        rt_fhir_str(&r->f, "display", to);
        rt_fhir_only_end(&r->f);
    }
    rt_fhir_only(&r->f, "payload");
    rt_fhir_str(&r->f, "contentString", rt_text_slice(&r->d->text, c->at));
    rt_fhir_only_end(&r->f);
    rt_fhir_entry_end(r);
}
