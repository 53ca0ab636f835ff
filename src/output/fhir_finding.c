/* Findings as Observations of FHIR. What would be misread if it were passed over (it is history, it
 * is of another exam) stands in modifier extensions; another person is the focus. */
#include "output/fhir_parts.h"

#include <math.h>

#define URL(name) "urn:roentext:fhir:" name

static const char *concept_name(const rt_fhir_report *r, uint32_t concept)
{
    return rt_concept_name(r->k, r->d, concept);
}

/* ---- evidence: the spans of the document text, in code points */

void rt_fhir_source_span(rt_fhir_report *r, rt_span at, const char *role)
{
    rt_fhir *f = &r->f;
    if (at.beg >= at.end)
        return;
    rt_fhir_item(f);
    rt_fhir_url(f, URL("source-span"));
    rt_fhir_list(f, "extension");
    rt_fhir_item(f);
    rt_fhir_url(f, "begin");
    rt_fhir_u(f, "valueUnsignedInt", rt_cp_of(&r->cp, at.beg));
    rt_fhir_item_end(f);
    rt_fhir_item(f);
    rt_fhir_url(f, "end");
    rt_fhir_u(f, "valueUnsignedInt", rt_cp_of(&r->cp, at.end));
    rt_fhir_item_end(f);
    rt_fhir_item(f);
    rt_fhir_url(f, "text");
    rt_fhir_str(f, "valueString", rt_text_slice(&r->d->text, at));
    rt_fhir_item_end(f);
    rt_fhir_item(f);
    rt_fhir_url(f, "role");
    rt_fhir_z(f, "valueCode", role);
    rt_fhir_item_end(f);
    rt_fhir_list_end(f);
    rt_fhir_item_end(f);
}

static void part_z(rt_fhir *f, const char *url, const char *type, const char *value)
{
    rt_fhir_item(f);
    rt_fhir_url(f, url);
    rt_fhir_z(f, type, value);
    rt_fhir_item_end(f);
}

static void part_u(rt_fhir *f, const char *url, uint32_t value)
{
    rt_fhir_item(f);
    rt_fhir_url(f, url);
    rt_fhir_u(f, "valueUnsignedInt", value);
    rt_fhir_item_end(f);
}

static void critical(rt_fhir_report *r, const rt_flag *flag)
{
    rt_fhir *f = &r->f;
    const rt_rule_info *rule = flag != NULL ? rt_rules_info(r->k->rules, flag->rule) : NULL;
    if (rule == NULL)
        return;
    rt_fhir_item(f);
    rt_fhir_url(f, URL("critical"));
    rt_fhir_list(f, "extension");
    part_z(f, "rule", "valueCode", rule->id);
    part_z(f, "name", "valueString", r->d->zh ? rule->name_zh : rule->name_en);
    part_u(f, "category", rule->category);
    part_u(f, "minutes", rule->minutes);
    part_z(f, "certainty", "valueCode", flag->equivocal ? "equivocal" : "definite");
    rt_fhir_item(f);
    rt_fhir_url(f, "communicated");
    rt_fhir_bool(f, "valueBoolean", flag->communicated);
    rt_fhir_item_end(f);
    rt_fhir_list_end(f);
    rt_fhir_item_end(f);
}

static void extensions(rt_fhir_report *r, const rt_finding *fi, const rt_flag *flag)
{
    rt_fhir_list(&r->f, "extension");
    rt_fhir_source_span(r, fi->at, "head");
    rt_fhir_source_span(r, fi->cue, "cue");
    rt_fhir_source_span(r, fi->severity_at, "severity");
    rt_fhir_source_span(r, fi->side_at, "side");
    for (uint32_t i = 0; i < fi->anatomy.count; i++)
        rt_fhir_source_span(r, r->d->places.at[fi->anatomy.first + i].at, "anatomy");
    part_z(&r->f, URL("section"), "valueCode",
           rt_section_name(r->d->sections.at[fi->section].type));
    part_z(&r->f, URL("method"), "valueCode", fi->derived ? "derived" : "dict");
    critical(r, flag);
    rt_fhir_list_end(&r->f);
    if (fi->temporality == RT_TEMPORALITY_CURRENT)
        return;
    rt_fhir_list(&r->f, "modifierExtension");
    part_z(&r->f, URL("temporality"), "valueCode", rt_temporality_name(fi->temporality));
    rt_fhir_list_end(&r->f);
}

/* ---- components */

static void component(rt_fhir_report *r, const char *name)
{
    rt_fhir_item(&r->f);
    rt_fhir_object(&r->f, "code");
    rt_fhir_z(&r->f, "text", name);
    rt_fhir_object_end(&r->f);
}

static void coded(rt_fhir_report *r, const char *name, rt_code_ref code, const char *text)
{
    component(r, name);
    rt_fhir_concept(r, "valueCodeableConcept", code, text);
    rt_fhir_item_end(&r->f);
}

/* A vocabulary's first value is what goes without saying. */
static void word(rt_fhir_report *r, const char *name, unsigned value, rt_code_ref code,
                 const char *text)
{
    if (value != 0)
        coded(r, name, code, text);
}

static void quantity(rt_fhir_report *r, const rt_measure *m, unsigned i)
{
    rt_fhir *f = &r->f;
    rt_fhir_item(f);
    if (m->prior) {
        rt_fhir_list(f, "modifierExtension");
        rt_fhir_item(f);
        rt_fhir_url(f, URL("prior"));
        rt_fhir_bool(f, "valueBoolean", true);
        rt_fhir_only_end(f);
    }
    rt_fhir_object(f, "code");
    rt_fhir_z(f, "text", rt_measure_name(m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind));
    rt_fhir_object_end(f);
    if (i == 0 && !isnan(m->high))
        rt_fhir_range(r, "valueRange", m->value[0], m->high, m->unit);
    else
        rt_fhir_quantity(r, "valueQuantity", m->value[i], m->comparator, m->unit);
    rt_fhir_item_end(f);
}

static void more_places(rt_fhir_report *r, const rt_finding *fi)
{
    for (uint32_t i = 1; i < fi->anatomy.count; i++) {
        uint32_t concept = r->d->places.at[fi->anatomy.first + i].concept;
        coded(r, "anatomy", rt_concept_code(r->k->lexicon, concept), concept_name(r, concept));
    }
}

static void described(rt_fhir_report *r, const rt_finding *fi)
{
    for (uint32_t i = 0; i < fi->modifiers.count; i++) {
        uint32_t concept = r->d->modifiers.at[fi->modifiers.first + i].concept;
        coded(r, rt_type_name(r->k->lexicon->concepts[concept].type),
              rt_concept_code(r->k->lexicon, concept), concept_name(r, concept));
    }
    for (uint32_t i = 0; i < fi->measures.count; i++) {
        const rt_measure *m = &r->d->measures.at[r->d->finding_measures.at[fi->measures.first + i]];
        for (unsigned j = 0; j < m->n; j++)
            quantity(r, m, j);
    }
}

static bool any_component(const rt_finding *fi)
{
    return fi->change != 0 || fi->severity != 0 || fi->side != 0 || fi->count > 0 ||
           fi->anatomy.count > 1 || fi->modifiers.count > 0 || fi->measures.count > 0;
}

static void components(rt_fhir_report *r, const rt_finding *fi)
{
    if (!any_component(fi))
        return;
    rt_fhir_list(&r->f, "component");
    word(r, "laterality", fi->side, rt_side_code(fi->side), rt_side_name(fi->side));
    word(r, "severity", fi->severity, rt_severity_code(fi->severity),
         rt_severity_name(fi->severity));
    word(r, "change", fi->change, rt_change_code(fi->change), rt_change_name(fi->change));
    if (fi->count > 0) {
        component(r, "count");
        rt_fhir_u(&r->f, "valueInteger", fi->count);
        rt_fhir_item_end(&r->f);
    }
    more_places(r, fi);
    described(r, fi);
    rt_fhir_list_end(&r->f);
}

/* ---- the Observation, member by member in the order of the schema */

static void category(rt_fhir_report *r)
{
    rt_fhir_only(&r->f, "category");
    rt_fhir_only(&r->f, "coding");
    rt_fhir_z(&r->f, "system", "http://terminology.hl7.org/CodeSystem/observation-category");
    rt_fhir_z(&r->f, "code", "imaging");
    rt_fhir_only_end(&r->f);
    rt_fhir_only_end(&r->f);
}

static void focus(rt_fhir_report *r, unsigned experiencer)
{
    if (experiencer == RT_EXPERIENCER_PATIENT)
        return;
    rt_fhir_only(&r->f, "focus");
    rt_fhir_z(&r->f, "display", rt_experiencer_name(experiencer));
    rt_fhir_only_end(&r->f);
}

static void interpretation(rt_fhir_report *r)
{
    rt_fhir_only(&r->f, "interpretation");
    rt_fhir_only(&r->f, "coding");
    rt_fhir_z(&r->f, "system",
              "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation");
    rt_fhir_z(&r->f, "code", "AA");
    rt_fhir_z(&r->f, "display", "Critical abnormal");
    rt_fhir_only_end(&r->f);
    rt_fhir_only_end(&r->f);
}

static void body_site(rt_fhir_report *r, const rt_finding *fi)
{
    rt_fhir *f = &r->f;
    if (fi->anatomy.count == 0)
        return;
    const rt_place *p = &r->d->places.at[fi->anatomy.first];
    rt_fhir_object(f, "bodySite");
    if (p->side != RT_SIDE_NONE) {
        rt_fhir_only(f, "extension");
        rt_fhir_url(f, URL("laterality"));
        rt_fhir_z(f, "valueCode", rt_side_name(p->side));
        rt_fhir_only_end(f);
    }
    rt_fhir_coding(r, rt_concept_code(r->k->lexicon, p->concept));
    rt_fhir_z(f, "text", concept_name(r, p->concept));
    rt_fhir_object_end(f);
}

/* This finding is what another one suggests: that one is its ground. */
static void derived_from(rt_fhir_report *r, uint32_t ground)
{
    if (ground == RT_NIL)
        return;
    rt_fhir_only(&r->f, "derivedFrom");
    rt_fhir_reference(r, RT_FHIR_FINDINGS + ground);
    rt_fhir_only_end(&r->f);
}

/* What a machine found is preliminary, however final the report is. */
static const char *observation_status(const rt_fhir_report *r)
{
    const char *status = NULL;
    bool cancelled =
        rt_fact_status(r->d->record, &status) == RT_GIVEN_GOOD && strcmp(status, "cancelled") == 0;
    return cancelled ? "cancelled" : "preliminary";
}

static void observation(rt_fhir_report *r, uint32_t index, uint32_t ground)
{
    const rt_finding *fi = &r->d->findings.at[index];
    const rt_flag *flag = rt_finding_flag(r->d, index);
    rt_fhir_entry(r, RT_FHIR_FINDINGS + index, "Observation");
    extensions(r, fi, flag);
    rt_fhir_z(&r->f, "status", observation_status(r));
    category(r);
    rt_fhir_concept(r, "code", rt_concept_code(r->k->lexicon, fi->concept),
                    concept_name(r, fi->concept));
    rt_fhir_subject(r);
    focus(r, fi->experiencer);
    rt_fhir_concept(r, "valueCodeableConcept", rt_presence_code(fi->presence),
                    rt_presence_name(fi->presence));
    if (flag != NULL)
        interpretation(r);
    rt_fhir_note(r, fi->at);
    body_site(r, fi);
    derived_from(r, ground);
    components(r, fi);
    rt_fhir_entry_end(r);
}

/* ---- stated categories: BI-RADS 4a */

static void grade(rt_fhir_report *r, uint32_t index)
{
    const rt_grade *g = &r->d->grades.at[index];
    rt_fhir_entry(r, RT_FHIR_FINDINGS + r->d->findings.len + index, "Observation");
    rt_fhir_list(&r->f, "extension");
    rt_fhir_source_span(r, g->at, "head");
    rt_fhir_list_end(&r->f);
    rt_fhir_z(&r->f, "status", observation_status(r));
    category(r);
    rt_fhir_concept(r, "code", rt_concept_code(r->k->lexicon, g->concept),
                    concept_name(r, g->concept));
    rt_fhir_subject(r);
    rt_fhir_str(&r->f, "valueString", g->value);
    rt_fhir_note(r, g->at);
    if (g->side != RT_SIDE_NONE) {
        rt_fhir_list(&r->f, "component");
        word(r, "laterality", g->side, rt_side_code(g->side), rt_side_name(g->side));
        rt_fhir_list_end(&r->f);
    }
    rt_fhir_entry_end(r);
}

/* For each finding one that suggests it, or RT_NIL: the relation read from its other end. */
static void find_grounds(const rt_doc *d, rt_buf *grounds)
{
    uint32_t none = RT_NIL;
    for (uint32_t i = 0; i < d->findings.len; i++)
        rt_buf_add(grounds, (rt_str){(const char *)&none, sizeof none});
    for (uint32_t i = 0; i < d->findings.len && grounds->code == RT_OK; i++) {
        rt_range r = d->findings.at[i].suggests;
        for (uint32_t j = r.first; j < r.first + r.count; j++)
            memcpy(grounds->ptr + d->suggests.at[j] * sizeof i, &i, sizeof i);
    }
}

void rt_fhir_observations(rt_fhir_report *r)
{
    rt_buf grounds;
    rt_buf_init(&grounds, SIZE_MAX);
    find_grounds(r->d, &grounds);
    for (uint32_t i = 0; i < r->d->findings.len && grounds.code == RT_OK; i++) {
        uint32_t ground;
        memcpy(&ground, grounds.ptr + i * sizeof ground, sizeof ground);
        observation(r, i, ground);
    }
    for (uint32_t i = 0; i < r->d->grades.len; i++)
        grade(r, i);
    if (grounds.code != RT_OK)
        r->f.out->code = grounds.code; /* asked for at the end */
    rt_buf_free(&grounds);
}
