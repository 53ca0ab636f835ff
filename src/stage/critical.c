/* Stage critical: findings that somebody must be told of at once. A rule fires on a current finding
 * of the patient that is present or as good as told (definite) or possible (equivocal); requests,
 * histories and comparison text never fire, nor does what an addendum takes back. Of the rules of
 * one family only the most urgent flag stays; a doubt about something more urgent stays beside it.
 */
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_rule_memo *memo;
    RT_VEC(uint32_t) taken_back; /* findings that an addendum denies */
} scene;

static bool may_fire(const rt_doc *d, const rt_finding *f)
{
    unsigned section = d->sections.at[f->section].type;
    return !f->derived && f->temporality == RT_TEMPORALITY_CURRENT &&
           f->experiencer == RT_EXPERIENCER_PATIENT && f->presence <= RT_PRESENCE_POSSIBLE &&
           section != RT_SECTION_REQUEST && section != RT_SECTION_CLINICAL &&
           section != RT_SECTION_COMPARISON && section != RT_SECTION_TECHNIQUE;
}

/* ---- addenda
 * -------------------------------------------------------------------------------------------- */

#define MAX_TAKEN_BACK 64 /* an addendum corrects a few things; more would make flags quadratic */

static void find_taken_back(scene *s)
{
    for (uint32_t i = 0; i < s->d->findings.len && s->taken_back.len < MAX_TAKEN_BACK; i++) {
        const rt_finding *f = &s->d->findings.at[i];
        if (s->d->sections.at[f->section].type == RT_SECTION_ADDENDUM &&
            (f->presence == RT_PRESENCE_ABSENT || f->presence == RT_PRESENCE_UNLIKELY))
            RT_PUSH(&s->c->temp, &s->taken_back, i);
    }
}

/* Does an addendum behind it deny this finding, or a kind that it belongs to? */
static bool is_taken_back(const scene *s, const rt_finding *f)
{
    for (uint32_t i = 0; i < s->taken_back.len; i++) {
        const rt_finding *g = &s->d->findings.at[s->taken_back.at[i]];
        bool same_side = f->side == g->side || f->side == RT_SIDE_NONE || g->side == RT_SIDE_NONE;
        if (g->section > f->section && same_side &&
            rt_lexicon_is_a(s->c->know->lexicon, f->concept, g->concept))
            return true;
    }
    return false;
}

/* ---- families
 * -------------------------------------------------------------------------------------------- */

/* The lower category, then the earlier row of the file. */
static bool more_urgent(const rt_rules *r, const rt_flag *a, const rt_flag *b)
{
    const rt_rule_info *x = rt_rules_info(r, a->rule), *y = rt_rules_info(r, b->rule);
    return x->category != y->category ? x->category < y->category : a->rule < b->rule;
}

/* The flag of this family and certainty, or RT_NIL; a report has few flags. */
static uint32_t rival(const scene *s, const rt_flag *flag, bool equivocal)
{
    const rt_rules *r = s->c->know->rules;
    for (uint32_t i = 0; i < s->d->flags.len; i++) {
        const rt_flag *f = &s->d->flags.at[i];
        if (f->equivocal == equivocal &&
            strcmp(rt_rules_info(r, f->rule)->family, rt_rules_info(r, flag->rule)->family) == 0)
            return i;
    }
    return RT_NIL;
}

/* Two rows of one rule are one thing to tell. */
static bool adds_to(const rt_rules *r, const rt_flag *doubt, const rt_flag *sure)
{
    const rt_rule_info *x = rt_rules_info(r, doubt->rule), *y = rt_rules_info(r, sure->rule);
    return strcmp(x->id, y->id) != 0 && more_urgent(r, doubt, sure);
}

static void raise_flag(const scene *s, rt_flag flag)
{
    uint32_t old = rival(s, &flag, flag.equivocal);
    if (old == RT_NIL)
        RT_PUSH(s->c->perm, &s->d->flags, flag);
    else if (more_urgent(s->c->know->rules, &flag, &s->d->flags.at[old]))
        s->d->flags.at[old] = flag;
}

/* A doubt that is no more urgent than what is certain in its family says nothing. */
static void drop_small_doubts(const scene *s)
{
    rt_doc *d = s->d;
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->flags.len; i++) {
        rt_flag flag = d->flags.at[i];
        uint32_t sure = flag.equivocal ? rival(s, &flag, false) : RT_NIL;
        if (sure == RT_NIL || adds_to(s->c->know->rules, &flag, &d->flags.at[sure]))
            d->flags.at[n++] = flag;
    }
    d->flags.len = n;
}

/* The rules that a finding fulfils raise their flags. */
static void ask_rules(const scene *s, uint32_t finding)
{
    const rt_finding *f = &s->d->findings.at[finding];
    if (!rt_rules_know(s->c->know->rules, f->concept) || !may_fire(s->d, f) || is_taken_back(s, f))
        return;
    bool possible = f->presence == RT_PRESENCE_POSSIBLE;
    for (uint32_t next = 0, rule; rt_rule_next(s->memo, finding, &next, &rule);)
        raise_flag(s, (rt_flag){.at = f->at,
                                .rule = rule,
                                .finding = finding,
                                .equivocal = possible && !rt_rule_probable(s->memo, finding),
                                .communicated = s->d->communications.len > 0});
}

rt_code rt_stage_critical(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d, .memo = rt_rule_memo_new(c->know->rules, d, &c->temp)};
    if (!s.memo)
        return RT_OK; /* the arena is full: the report will be run again */
    find_taken_back(&s);
    for (uint32_t i = 0; i < d->findings.len; i++)
        ask_rules(&s, i);
    drop_small_doubts(&s);
    return RT_OK;
}
