/* Entries of CDA sections: findings as observations, recommendations as proposed acts.
 *
 *   observation: "asserted" = concept, negated if absent; what else changes its meaning qualifies
 *   the concept; numbers, and the critical rule that was met, are observations that belong to it */
#include "output/cda_parts.h"

#include <math.h>

static rt_code_ref in_language(const rt_cda *c, uint32_t concept)
{
    return rt_concept_code_named(c->k, c->d, concept);
}

/* ---- what belongs to a finding */

static void open_part(rt_cda *c, const char *type_code, const char *template)
{
    rt_tag(&c->m, "entryRelationship");
    rt_attr(&c->m, "typeCode", type_code);
    rt_tag(&c->m, "observation");
    rt_attr(&c->m, "classCode", "OBS");
    rt_attr(&c->m, "moodCode", "EVN");
    if (template != NULL)
        rt_cda_root(c, "templateId", template);
}

static void close_part(rt_cda *c)
{
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

#define QUANTITY "2.16.840.1.113883.10.20.6.2.14" /* quantity measurement observation */

static void quantity_code(rt_cda *c, const rt_measure *m)
{
    static const rt_code_ref diameter = {"SCT", "81827009", "Diameter"};
    static const rt_code_ref about = {"ROENTEXT", "~", "about"};
    static const rt_code_ref prior = {"ROENTEXT", "prior", "prior exam"};
    unsigned kind = m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind;
    rt_cda_open_code(c, "code", NULL,
                     kind == RT_MEASURE_LENGTH ? diameter : rt_own_code(rt_measure_name(kind)));
    if (m->comparator == '~')
        rt_cda_qualifier(c, "comparator", about);
    if (m->prior)
        rt_cda_qualifier(c, "exam", prior);
    rt_tag_end(&c->m);
}

/* A range, or one that is open at an end, is an interval. */
static void interval(rt_cda *c, const rt_measure *m, double low, double high)
{
    rt_tag(&c->m, "value");
    rt_attr(&c->m, "xsi:type", "IVL_PQ");
    if (!isnan(low))
        rt_cda_quantity(c, "low", NULL, low, m->unit);
    if (!isnan(high))
        rt_cda_quantity(c, "high", NULL, high, m->unit);
    rt_tag_end(&c->m);
}

static void quantity(rt_cda *c, const rt_measure *m, unsigned i)
{
    double none = (double)NAN;
    open_part(c, "SPRT", QUANTITY);
    quantity_code(c, m);
    rt_cda_status(c, "completed");
    if (i == 0 && !isnan(m->high))
        interval(c, m, m->value[0], m->high);
    else if (m->comparator == '<')
        interval(c, m, none, m->value[i]);
    else if (m->comparator == '>')
        interval(c, m, m->value[i], none);
    else
        rt_cda_quantity(c, "value", "PQ", m->value[i], m->unit);
    close_part(c);
}

static void count(rt_cda *c, uint32_t n)
{
    if (n == 0)
        return;
    open_part(c, "SPRT", NULL);
    rt_cda_code(c, "code", rt_own_code("count"));
    rt_cda_status(c, "completed");
    rt_tag(&c->m, "value");
    rt_attr(&c->m, "xsi:type", "INT");
    rt_attr_u(&c->m, "value", n);
    rt_tag_end(&c->m);
    close_part(c);
}

static void flag(rt_cda *c, const rt_flag *f)
{
    static const rt_code_ref critical = {"ROENTEXT", "critical", "critical finding"};
    const rt_rule_info *rule = f != NULL ? rt_rules_info(c->k->rules, f->rule) : NULL;
    if (rule == NULL)
        return;
    rt_code_ref category = rt_category_code(rule->category);
    open_part(c, "REFR", NULL);
    rt_cda_code(c, "code", critical);
    rt_cda_status(c, "completed");
    rt_cda_open_code(c, "value", "CD", category.code != NULL ? category : critical);
    rt_cda_qualifier(c, "rule",
                     (rt_code_ref){"ROENTEXT", rule->id, c->d->zh ? rule->name_zh : rule->name_en});
    rt_cda_qualifier(c, "certainty", rt_own_code(f->equivocal ? "equivocal" : "definite"));
    rt_cda_qualifier(c, "communicated", rt_own_code(f->communicated ? "yes" : "no"));
    rt_tag_end(&c->m);
    close_part(c);
}

static void observation_id(rt_cda *c, uint32_t index)
{
    char uuid[37];
    rt_identity_nth(&c->id, index + 1U, uuid);
    rt_cda_root(c, "id", uuid);
}

void rt_cda_support(rt_cda *c, uint32_t finding, bool inverted)
{
    rt_tag(&c->m, "entryRelationship");
    rt_attr(&c->m, "typeCode", "SPRT");
    rt_attr(&c->m, "inversionInd", inverted ? "true" : NULL);
    rt_tag(&c->m, "observation");
    rt_attr(&c->m, "classCode", "OBS");
    rt_attr(&c->m, "moodCode", "EVN");
    observation_id(c, finding);
    rt_cda_null(c, "code", "NA");
    close_part(c);
}

static void parts(rt_cda *c, const rt_finding *f)
{
    count(c, f->count);
    for (uint32_t i = 0; i < f->measures.count; i++) {
        const rt_measure *m = &c->d->measures.at[c->d->finding_measures.at[f->measures.first + i]];
        for (unsigned j = 0; j < m->n; j++)
            quantity(c, m, j);
    }
    for (uint32_t i = 0; i < f->suggests.count; i++)
        rt_cda_support(c, c->d->suggests.at[f->suggests.first + i], true);
}

/* ---- the concept of a finding, and where it is */

/* A vocabulary's first value is what goes without saying. */
static void word(rt_cda *c, const char *name, unsigned value, rt_code_ref code)
{
    if (value != 0)
        rt_cda_qualifier(c, name, code);
}

static void concept(rt_cda *c, const rt_finding *f)
{
    rt_cda_open_code(c, "value", "CD", in_language(c, f->concept));
    if (f->presence > RT_PRESENCE_ABSENT) /* possible, unlikely, queried */
        rt_cda_qualifier(c, "presence", rt_presence_code(f->presence));
    word(c, "temporality", f->temporality, rt_own_code(rt_temporality_name(f->temporality)));
    word(c, "change", f->change, rt_change_code(f->change));
    word(c, "severity", f->severity, rt_severity_code(f->severity));
    word(c, "laterality", f->side, rt_side_code(f->side));
    for (uint32_t i = 0; i < f->modifiers.count; i++) {
        uint32_t modifier = c->d->modifiers.at[f->modifiers.first + i].concept;
        rt_cda_qualifier(c, rt_type_name(c->k->lexicon->concepts[modifier].type),
                         in_language(c, modifier));
    }
    rt_tag_end(&c->m);
}

static void sites(rt_cda *c, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        const rt_place *p = &c->d->places.at[f->anatomy.first + i];
        rt_cda_open_code(c, "targetSiteCode", NULL, in_language(c, p->concept));
        word(c, "laterality", p->side, rt_side_code(p->side));
        rt_tag_end(&c->m);
    }
}

static void interpretation(rt_cda *c)
{
    rt_tag(&c->m, "interpretationCode");
    rt_attr(&c->m, "code", "AA");
    rt_attr(&c->m, "codeSystem", "2.16.840.1.113883.5.83");
    rt_tag_end(&c->m);
}

/* Somebody else than the patient. */
static void subject(rt_cda *c, unsigned experiencer)
{
    if (experiencer == RT_EXPERIENCER_PATIENT)
        return;
    rt_tag(&c->m, "subject");
    rt_tag(&c->m, "relatedSubject");
    rt_attr(&c->m, "classCode", "PRS");
    rt_cda_code(c, "code", rt_own_code(rt_experiencer_name(experiencer)));
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

void rt_cda_finding(rt_cda *c, uint32_t index)
{
    const rt_finding *f = &c->d->findings.at[index];
    const rt_flag *critical = rt_finding_flag(c->d, index);
    rt_cda_open_entry(c);
    rt_attr(&c->m, "negationInd", f->presence == RT_PRESENCE_ABSENT ? "true" : NULL);
    rt_cda_root(c, "templateId", "2.16.840.1.113883.10.20.6.2.13");
    observation_id(c, index);
    rt_tag(&c->m, "code");
    rt_attr(&c->m, "code", "ASSERTION");
    rt_attr(&c->m, "codeSystem", "2.16.840.1.113883.5.4");
    rt_tag_end(&c->m);
    rt_cda_reference(c, 'f', index);
    rt_cda_status(c, "completed");
    concept(c, f);
    if (critical != NULL)
        interpretation(c);
    sites(c, f);
    subject(c, f->experiencer);
    parts(c, f);
    flag(c, critical);
    rt_cda_close_entry(c);
}

/* ---- stated categories */

void rt_cda_grade(rt_cda *c, uint32_t index)
{
    const rt_grade *g = &c->d->grades.at[index];
    rt_cda_open_entry(c);
    rt_cda_open_code(c, "code", NULL, in_language(c, g->concept));
    word(c, "laterality", g->side, rt_side_code(g->side));
    rt_tag_end(&c->m);
    rt_cda_reference(c, 'g', index);
    rt_cda_status(c, "completed");
    rt_cda_string(c, g->value);
    rt_cda_close_entry(c);
}

/* ---- recommendations */

static void when(rt_cda *c, const rt_advice *a)
{
    if (a->unit == NULL)
        return;
    rt_tag(&c->m, "effectiveTime");
    rt_cda_quantity(c, "width", NULL, a->interval, a->unit);
    rt_tag_end(&c->m);
}

void rt_cda_recommendation(rt_cda *c, uint32_t index)
{
    const rt_advice *a = &c->d->advice.at[index];
    rt_tag(&c->m, "entry");
    rt_tag(&c->m, "act");
    rt_attr(&c->m, "classCode", "ACT");
    rt_attr(&c->m, "moodCode", "PRP");
    rt_cda_open_code(c, "code", NULL, rt_own_code(a->action));
    if (a->modality != RT_NIL)
        rt_cda_qualifier(c, "modality", in_language(c, a->modality));
    if (a->anatomy != RT_NIL)
        rt_cda_qualifier(c, "anatomy", in_language(c, a->anatomy));
    rt_tag_end(&c->m);
    rt_cda_reference(c, 'r', index);
    rt_cda_status(c, "active");
    when(c, a);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}
