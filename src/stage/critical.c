/* Stage critical: findings that somebody must be told of at once. A rule fires on a current finding
 * of the patient that is present (definite) or possible (equivocal); requests, histories and
 * comparison text never fire. Of the rules of one family only the most urgent flag stays. */
#include "stage/stage.h"

static bool may_fire(const rt_doc *d, const rt_finding *f)
{
    unsigned section = d->sections.at[f->section].type;
    return !f->derived && f->temporality == RT_TEMPORALITY_CURRENT &&
           f->experiencer == RT_EXPERIENCER_PATIENT &&
           (f->presence == RT_PRESENCE_PRESENT || f->presence == RT_PRESENCE_POSSIBLE) &&
           section != RT_SECTION_REQUEST && section != RT_SECTION_CLINICAL &&
           section != RT_SECTION_COMPARISON && section != RT_SECTION_TECHNIQUE;
}

/* Is a more urgent than b? Definite before equivocal within a category; the earlier rule of the
 * file, then the earlier place. */
static bool more_urgent(const rt_rules *r, const rt_flag *a, const rt_flag *b)
{
    const rt_rule_info *x = rt_rules_info(r, a->rule), *y = rt_rules_info(r, b->rule);
    if (a->equivocal != b->equivocal)
        return b->equivocal;
    if (x->category != y->category)
        return x->category < y->category;
    return a->rule < b->rule;
}

static void raise_flag(rt_ctx *c, rt_doc *d, rt_flag flag)
{
    const rt_rules *r = c->know->rules;
    for (uint32_t i = 0; i < d->flags.len; i++) {
        rt_flag *old = &d->flags.at[i];
        if (strcmp(rt_rules_info(r, old->rule)->family, rt_rules_info(r, flag.rule)->family) != 0)
            continue;
        if (more_urgent(r, &flag, old))
            *old = flag;
        return;
    }
    RT_PUSH(c->perm, &d->flags, flag);
}

rt_code rt_stage_critical(rt_ctx *c, rt_doc *d)
{
    const rt_rules *r = c->know->rules;
    rt_rule_memo *memo = rt_rule_memo_new(r, &c->temp);
    for (uint32_t i = 0; memo && i < d->findings.len; i++) {
        const rt_finding *f = &d->findings.at[i];
        if (!may_fire(d, f))
            continue;
        rt_range rules = rt_rules_for(r, f->concept);
        for (uint32_t k = rules.first; k < rules.first + rules.count; k++) {
            uint32_t rule = rt_rules_nth(r, k);
            if (rt_rule_holds(r, rule, d, i, memo))
                raise_flag(c, d,
                           (rt_flag){.at = f->at,
                                     .rule = rule,
                                     .finding = i,
                                     .equivocal = f->presence == RT_PRESENCE_POSSIBLE,
                                     .communicated = d->communications.len > 0});
        }
    }
    return RT_OK;
}
