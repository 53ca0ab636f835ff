/* The fields of the templates as a QuestionnaireResponse of FHIR, what the quality checks found as
 * DetectedIssues. Fields keep their ids as linkId ("nodule@1.nodule_size"), and each says in an
 * extension whether it is filled, negated, uncertain, in conflict or why it is empty. */
#include "output/fhir_parts.h"

#include <stdio.h>

#define URL(name) "urn:roentext:fhir:" name

/* ---- fields */

static void open_link(rt_fhir_report *r, const char *id, const char *label)
{
    rt_fhir_z(&r->f, "linkId", id);
    rt_fhir_z(&r->f, "text", label);
}

static void value_coding(rt_fhir_report *r, const char *system, const char *code,
                         const char *display)
{
    rt_fhir_object(&r->f, "valueCoding");
    rt_fhir_z(&r->f, "system", system);
    rt_fhir_z(&r->f, "code", code);
    rt_fhir_z(&r->f, "display", display);
    rt_fhir_object_end(&r->f);
}

static void coding_of(rt_fhir_report *r, rt_code_ref code)
{
    value_coding(r, rt_system_of(code.system)->uri, code.code, code.display);
}

/* The state, the code of the field, the findings that prove it, or the place in the text. */
static void extensions(rt_fhir_report *r, const rt_slot *s, const rt_template_field *f)
{
    rt_fhir_list(&r->f, "extension");
    rt_fhir_item(&r->f);
    rt_fhir_url(&r->f, URL("state"));
    rt_fhir_z(&r->f, "valueCode", rt_state_name(s->state));
    rt_fhir_item_end(&r->f);
    if (f->code.code != NULL) {
        rt_fhir_item(&r->f);
        rt_fhir_url(&r->f, URL("code"));
        coding_of(r, f->code);
        rt_fhir_item_end(&r->f);
    }
    for (uint32_t i = 0; i < s->findings.count; i++) {
        rt_fhir_item(&r->f);
        rt_fhir_url(&r->f, URL("evidence"));
        rt_fhir_object(&r->f, "valueReference");
        rt_fhir_reference(r, RT_FHIR_FINDINGS + r->d->slot_findings.at[s->findings.first + i]);
        rt_fhir_object_end(&r->f);
        rt_fhir_item_end(&r->f);
    }
    rt_fhir_source_span(r, s->at, "field");
    rt_fhir_list_end(&r->f);
}

/* An option that has no code of a vocabulary is one of ours. */
static void answer(rt_fhir_report *r, const rt_slot *s, const rt_template_field *f)
{
    double number = 0;
    if (s->value.len == 0)
        return;
    rt_fhir_only(&r->f, "answer");
    if (s->option != RT_NIL && f->options[s->option].code.code != NULL)
        coding_of(r, f->options[s->option].code);
    else if (s->option != RT_NIL)
        value_coding(r, rt_system_of("ROENTEXT")->uri, f->options[s->option].value,
                     f->options[s->option].label);
    else if (f->type == RT_FIELD_TYPE_NUMBER && rt_str_number(s->value, &number))
        rt_fhir_quantity(r, "valueQuantity", number, 0, s->unit);
    else
        rt_fhir_str(&r->f, "valueString", s->value);
    rt_fhir_only_end(&r->f);
}

static void field(rt_fhir_report *r, const rt_slot *s)
{
    const rt_template_field *f = rt_slot_field(r->k->templates, s);
    rt_slot_name name = rt_slot_name_of(r->k->templates, r->d, s);
    char id[RT_SLOT_ID];
    rt_slot_id(&name, id);
    rt_fhir_item(&r->f);
    extensions(r, s, f);
    open_link(r, id, f->label);
    answer(r, s, f);
    rt_fhir_item_end(&r->f);
}

/* Slots of one instance of a group stand side by side. Returns the first behind them. */
static uint32_t group(rt_fhir_report *r, uint32_t first)
{
    const rt_doc *d = r->d;
    const rt_slot *s = &d->slots.at[first];
    const rt_instance *in = &d->instances.at[s->instance];
    const rt_template_group *g =
        &rt_templates_at(r->k->templates, in->template_index)->groups[in->group];
    rt_slot_name name = rt_slot_name_of(r->k->templates, d, s);
    char id[RT_SLOT_ID];
    uint32_t i = first;
    snprintf(id, sizeof id, "%s%s%s@%u", name.prefix, name.dot, name.group, name.n);
    rt_fhir_item(&r->f);
    open_link(r, id, name.label != NULL ? name.label : g->label);
    rt_fhir_list(&r->f, "item");
    for (; i < d->slots.len && d->slots.at[i].instance == s->instance; i++)
        field(r, &d->slots.at[i]);
    rt_fhir_list_end(&r->f);
    rt_fhir_item_end(&r->f);
    return i;
}

void rt_fhir_fields(rt_fhir_report *r)
{
    const rt_doc *d = r->d;
    char form[RT_SLOT_ID];
    if (d->slots.len == 0)
        return;
    snprintf(form, sizeof form, "urn:roentext:template:%s",
             rt_templates_at(r->k->templates, d->template_index)->id);
    rt_fhir_entry(r, RT_FHIR_FIELDS, "QuestionnaireResponse");
    rt_fhir_z(&r->f, "language", rt_lang_name(d->zh ? RT_LANG_ZH : RT_LANG_EN));
    rt_fhir_z(&r->f, "questionnaire", form);
    rt_fhir_z(&r->f, "status", "completed");
    rt_fhir_subject(r);
    rt_fhir_list(&r->f, "item");
    for (uint32_t i = 0; i < d->slots.len;) {
        if (d->slots.at[i].instance != RT_NIL)
            i = group(r, i);
        else
            field(r, &d->slots.at[i++]);
    }
    rt_fhir_list_end(&r->f);
    rt_fhir_entry_end(r);
}

/* ---- quality checks */

static const char *severity(unsigned level)
{
    return level == RT_QA_LEVEL_HIGH ? "high" : level == RT_QA_LEVEL_LOW ? "low" : "moderate";
}

void rt_fhir_issue(rt_fhir_report *r, uint32_t entry, const rt_qa_issue *q)
{
    const rt_check_info *check = rt_checks_info(r->k->checks, q->check);
    rt_fhir_entry(r, entry, "DetectedIssue");
    if (q->at[0].beg < q->at[0].end) {
        rt_fhir_list(&r->f, "extension");
        rt_fhir_source_span(r, q->at[0], "issue");
        rt_fhir_source_span(r, q->at[1], "issue");
        rt_fhir_list_end(&r->f);
    }
    rt_fhir_z(&r->f, "status", "preliminary");
    rt_fhir_object(&r->f, "code");
    rt_fhir_only(&r->f, "coding");
    rt_fhir_z(&r->f, "system", rt_system_of("ROENTEXT")->uri);
    rt_fhir_z(&r->f, "code", check->id);
    rt_fhir_only_end(&r->f);
    rt_fhir_object_end(&r->f);
    rt_fhir_z(&r->f, "severity", severity(check->severity));
    if (r->patient) {
        rt_fhir_object(&r->f, "patient");
        rt_fhir_reference(r, RT_FHIR_PATIENT);
        rt_fhir_object_end(&r->f);
    }
    rt_fhir_only(&r->f, "implicated");
    rt_fhir_reference(r, RT_FHIR_REPORT);
    rt_fhir_only_end(&r->f);
    rt_fhir_str(&r->f, "detail", q->message);
    rt_fhir_entry_end(r);
}
