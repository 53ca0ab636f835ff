/* One finding in a DICOM SR: a code with what modifies and what measures it. A bare code asserts
 * that the finding is there; so absence, doubt, history and another person are concept modifiers of
 * it. */
#include <math.h>

#include "output/dsr_parts.h"

const rt_code_ref rt_dsr_finding_code = {"DCM", "121071", "Finding"};

/* ---- a finding: modifiers */

static void presence(rt_dsr *w, unsigned value)
{
    static const rt_code_ref context = {"SCT", "408729009", "Finding context"};
    static const rt_code_ref absent = {"SCT", "410516002", "Known absent"};
    if (value != RT_PRESENCE_PRESENT)
        rt_dsr_code_item(w, MOD, context,
                         value == RT_PRESENCE_ABSENT ? absent : rt_presence_code(value));
}

static void place(rt_dsr *w, const rt_place *p)
{
    static const rt_code_ref site = {"SCT", "363698007", "Finding Site"};
    rt_dsr_open_item(w, "code", MOD, site);
    rt_dsr_word(w, "laterality", p->side, rt_side_code(p->side));
    rt_dsr_triple(w, rt_dsr_in_language(w, p->concept));
    rt_tag_end(&w->m);
}

static void modifiers(rt_dsr *w, const rt_finding *f)
{
    const rt_doc *d = w->d;
    presence(w, f->presence);
    rt_dsr_word(w, "temporality", f->temporality, rt_own_code(rt_temporality_name(f->temporality)));
    rt_dsr_word(w, "experiencer", f->experiencer, rt_own_code(rt_experiencer_name(f->experiencer)));
    rt_dsr_word(w, "change", f->change, rt_change_code(f->change));
    rt_dsr_word(w, "severity", f->severity, rt_severity_code(f->severity));
    rt_dsr_word(w, "laterality", f->side, rt_side_code(f->side));
    for (uint32_t i = 0; i < f->anatomy.count; i++)
        place(w, &d->places.at[f->anatomy.first + i]);
    for (uint32_t i = 0; i < f->modifiers.count; i++) {
        uint32_t concept = d->modifiers.at[f->modifiers.first + i].concept;
        const char *kind = rt_type_name(w->k->lexicon->concepts[concept].type);
        rt_dsr_code_item(w, MOD, rt_own_code(kind), rt_dsr_in_language(w, concept));
    }
}

/* ---- a finding: properties */

static const char *comparator_word(char c)
{
    return c == '<' ? "less than" : c == '>' ? "greater than" : "about";
}

static rt_code_ref quantity_code(const rt_measure *m)
{
    static const rt_code_ref diameter = {"SCT", "81827009", "Diameter"};
    unsigned kind = m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind;
    return kind == RT_MEASURE_LENGTH ? diameter : rt_own_code(rt_measure_name(kind));
}

static void quantity(rt_dsr *w, const rt_measure *m, double value, bool upper)
{
    static const rt_code_ref bound = {"ROENTEXT", "bound", "end of a range"};
    static const rt_code_ref upper_end = {"ROENTEXT", "upper", "upper end"};
    static const rt_code_ref lower_end = {"ROENTEXT", "lower", "lower end"};
    static const rt_code_ref exam = {"ROENTEXT", "exam", "exam of the measurement"};
    static const rt_code_ref prior = {"ROENTEXT", "prior", "prior exam"};
    rt_dsr_open_item(w, "num", PROPERTY, quantity_code(m));
    if (m->prior)
        rt_dsr_code_item(w, MOD, exam, prior);
    if (m->comparator != 0) {
        const char sign[2] = {m->comparator, '\0'};
        rt_dsr_code_item(w, MOD, rt_own_code("comparator"),
                         (rt_code_ref){"ROENTEXT", sign, comparator_word(m->comparator)});
    }
    if (!isnan(m->high))
        rt_dsr_code_item(w, MOD, bound, upper ? upper_end : lower_end);
    rt_dsr_decimal(w, value);
    rt_dsr_unit(w, m->unit);
    rt_tag_end(&w->m);
}

static void measure(rt_dsr *w, const rt_measure *m)
{
    for (unsigned i = 0; i < m->n; i++)
        quantity(w, m, m->value[i], false);
    if (!isnan(m->high))
        quantity(w, m, m->high, true);
}

static void count(rt_dsr *w, uint32_t n)
{
    if (n == 0)
        return;
    rt_dsr_open_item(w, "num", PROPERTY, rt_own_code("count"));
    rt_dsr_decimal(w, n);
    rt_dsr_unit(w, NULL);
    rt_tag_end(&w->m);
}

static void flag(rt_dsr *w, const rt_flag *f)
{
    static const rt_code_ref critical = {"ROENTEXT", "critical", "critical finding"};
    const rt_rule_info *rule = f != NULL ? rt_rules_info(w->k->rules, f->rule) : NULL;
    if (rule == NULL)
        return;
    rt_code_ref category = rt_category_code(rule->category);
    rt_dsr_open_item(w, "code", PROPERTY, critical);
    rt_dsr_code_item(w, MOD, rt_own_code("certainty"),
                     rt_own_code(f->equivocal ? "equivocal" : "definite"));
    rt_dsr_code_item(w, MOD, rt_own_code("rule"),
                     (rt_code_ref){"ROENTEXT", rule->id, w->d->zh ? rule->name_zh : rule->name_en});
    rt_dsr_code_item(w, MOD, rt_own_code("communicated"),
                     rt_own_code(f->communicated ? "yes" : "no"));
    rt_dsr_triple(w, category.code != NULL ? category : critical);
    rt_tag_end(&w->m);
}

static void properties(rt_dsr *w, uint32_t index)
{
    const rt_doc *d = w->d;
    const rt_finding *f = &d->findings.at[index];
    count(w, f->count);
    for (uint32_t i = 0; i < f->measures.count; i++)
        measure(w, &d->measures.at[d->finding_measures.at[f->measures.first + i]]);
    for (uint32_t i = 0; i < f->suggests.count; i++) {
        const rt_finding *other = &d->findings.at[d->suggests.at[f->suggests.first + i]];
        rt_dsr_code_item(w, PROPERTY, rt_own_code("suggests"),
                         rt_dsr_in_language(w, other->concept));
    }
    flag(w, rt_finding_flag(d, index));
}

void rt_dsr_finding(rt_dsr *w, uint32_t index)
{
    const rt_finding *f = &w->d->findings.at[index];
    rt_dsr_open_item(w, "code", CONTAINS, rt_dsr_finding_code);
    modifiers(w, f);
    properties(w, index);
    rt_dsr_text_item(w, "INFERRED FROM", rt_dsr_finding_code, f->at);
    rt_dsr_triple(w, rt_dsr_in_language(w, f->concept));
    rt_tag_end(&w->m);
}
