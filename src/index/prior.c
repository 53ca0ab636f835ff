/* Reports of one patient against each other. See prior.h. */
#include "index/prior.h"

#include "model/doc.h"

typedef struct comparison {
    const rt_lexicon *lex;
    const rt_checks *checks;
    rt_prior *p;
    rt_prior_report *r;
    rt_prior_issue *out;
    uint32_t n;
} comparison;

static bool positive(const rt_prior_fact *f)
{
    return f->letter == RT_LETTER_PRESENT || f->letter == RT_LETTER_POSSIBLE;
}

static bool denied(const rt_prior_fact *f)
{
    return (RT_LETTERS_ABSENT >> f->letter & 1U) != 0 || f->change == RT_CHANGE_RESOLVED;
}

/* What the radiologist sees now, not what the referrer writes. */
static bool described(const rt_prior_fact *f)
{
    return f->section == RT_SECTION_FINDINGS || f->section == RT_SECTION_IMPRESSION ||
           f->section == RT_SECTION_ADDENDUM || f->section == RT_SECTION_OTHER;
}

static bool one_sided(const rt_prior_fact *f)
{
    return f->side == RT_SIDE_LEFT || f->side == RT_SIDE_RIGHT;
}

static bool opposite(const rt_prior_fact *a, const rt_prior_fact *b)
{
    return one_sided(a) && one_sided(b) && a->side != b->side;
}

/* ---- two facts */

static uint32_t organ_of(const comparison *c, const rt_prior_fact *f)
{
    uint32_t organ = rt_checks_concepts(c->checks)[f->concept].organ;
    return organ == 0 && f->place != RT_NIL ? rt_checks_concepts(c->checks)[f->place].organ : organ;
}

static bool within(const comparison *c, uint32_t a, uint32_t b)
{
    return rt_lexicon_part_of(c->lex, a, b) || rt_lexicon_part_of(c->lex, b, a);
}

/* One kind of lesion in one organ, whatever the side. */
static bool alike(const comparison *c, const rt_prior_fact *a, const rt_prior_fact *b)
{
    if (!rt_lexicon_is_a(c->lex, a->concept, b->concept) &&
        !rt_lexicon_is_a(c->lex, b->concept, a->concept))
        return false;
    uint32_t x = organ_of(c, a), y = organ_of(c, b);
    if (x != 0 || y != 0)
        return x == y;
    return a->place == RT_NIL ? b->place == RT_NIL
                              : b->place != RT_NIL && within(c, a->place, b->place);
}

/* ... and on one side, at one place. */
static bool same(const comparison *c, const rt_prior_fact *a, const rt_prior_fact *b)
{
    return alike(c, a, b) && a->side == b->side &&
           (a->place == b->place ||
            (a->place != RT_NIL && b->place != RT_NIL && within(c, a->place, b->place)));
}

/* It says which lesion: neither "abnormality" nor an opacity of nowhere. */
static bool telling(const comparison *c, const rt_prior_fact *f)
{
    return !rt_checks_in(c->checks, f->concept, RT_QA_SET_VAGUE) &&
           c->lex->concepts[f->concept].type != RT_TYPE_PROCEDURE &&
           c->lex->concepts[f->concept].type != RT_TYPE_DEVICE &&
           (organ_of(c, f) != 0 || f->place != RT_NIL ||
            !(c->lex->concepts[f->concept].flags & RT_CONCEPT_GENERIC));
}

static bool sizes_differ(const comparison *c, uint32_t a, uint32_t b)
{
    double slack = rt_checks_param(c->checks, RT_QA_PARAM_TREND_SLACK);
    return a > b * slack || b > a * slack;
}

/* ---- reports of issues */

/* about: the lesion, or the organ; once a check and report is enough. */
static void report(comparison *c, uint32_t check, uint32_t about, const rt_prior_fact *f,
                   const rt_prior_source *source, rt_span there)
{
    if (!rt_checks_info(c->checks, check)->on || c->n == RT_PRIOR_ISSUES)
        return;
    for (uint32_t i = 0; i < c->n; i++) /* the impression says again what the findings said */
        if (c->out[i].check == check && c->out[i].about == about)
            return;
    c->out[c->n++] = (rt_prior_issue){.check = check,
                                      .about = about,
                                      .beg = f->beg,
                                      .end = f->end,
                                      .row = source->row,
                                      .day = source->day,
                                      .prior_beg = there.beg,
                                      .prior_end = there.end};
}

static void report_known(comparison *c, uint32_t check, const rt_prior_fact *f, uint32_t known)
{
    const rt_prior_fact *k = &c->p->known[known];
    report(c, check, f->concept, f, &c->p->source[known], (rt_span){k->beg, k->end});
}

/* ---- P01 */

static bool removed_here(const comparison *c, const rt_prior_removed *gone)
{
    for (uint32_t i = 0; i < c->r->n_removed; i++)
        if (c->r->removed[i].organ == gone->organ)
            return true;
    return false;
}

static void check_removed(comparison *c, const rt_prior_fact *f)
{
    if (f->place == RT_NIL || !(f->letter == RT_LETTER_NORMAL || positive(f)) ||
        c->lex->concepts[f->concept].type == RT_TYPE_DEVICE ||
        c->lex->concepts[f->concept].type == RT_TYPE_PROCEDURE ||
        rt_checks_in(c->checks, f->concept, RT_QA_SET_REMAINS))
        return;
    for (uint32_t i = 0; i < c->p->n_removed; i++) {
        const rt_prior_removed *gone = &c->p->removed[i];
        if (!rt_lexicon_part_of(c->lex, f->place, gone->organ) || removed_here(c, gone) ||
            (gone->side != RT_SIDE_NONE && gone->side != f->side))
            continue;
        report(c, RT_CHECK_PRIOR_REMOVED, gone->organ, f, &c->p->remover[i],
               (rt_span){gone->beg, gone->end});
        return;
    }
}

/* ---- P02 */

static bool is_known_lesion(const rt_prior_fact *f)
{
    return f->change == RT_CHANGE_STABLE || f->change == RT_CHANGE_INCREASED ||
           f->change == RT_CHANGE_DECREASED;
}

static void check_side(comparison *c, const rt_prior_fact *f)
{
    uint32_t found = RT_NIL;
    if (!one_sided(f) || !is_known_lesion(f) || organ_of(c, f) == 0 ||
        rt_checks_in(c->checks, f->concept, RT_QA_SET_UNSIDED))
        return;
    for (uint32_t i = 0; i < c->r->n_facts; i++) {
        const rt_prior_fact *b = &c->r->facts[i];
        if (positive(b) && alike(c, f, b) && b->side != f->side && b->side != RT_SIDE_NONE)
            return; /* both sides are described */
    }
    for (uint32_t i = 0; i < c->p->n_known; i++) {
        const rt_prior_fact *k = &c->p->known[i];
        if (!alike(c, f, k))
            continue;
        if (!opposite(f, k))
            return; /* it was there, or nobody said where */
        if (!k->gone && (found == RT_NIL || c->p->source[i].day > c->p->source[found].day))
            found = i;
    }
    if (found != RT_NIL)
        report_known(c, RT_CHECK_PRIOR_SIDE, f, found);
}

/* ---- P03, P04 */

/* The same lesion in the latest report that has it. */
static uint32_t latest(const comparison *c, const rt_prior_fact *f)
{
    uint32_t found = RT_NIL;
    for (uint32_t i = 0; i < c->p->n_known; i++)
        if (same(c, f, &c->p->known[i]) &&
            (found == RT_NIL || c->p->source[i].day >= c->p->source[found].day))
            found = i;
    return found;
}

/* Sizes by ultrasound and by CT are no trend. */
static bool other_modality(const comparison *c, uint32_t known)
{
    const char *a = c->p->source[known].modality, *b = c->r->modality;
    return *a != '\0' && *b != '\0' && strcmp(a, b) != 0;
}

static void check_trend(comparison *c, const rt_prior_fact *f, uint32_t known)
{
    const rt_prior_fact *k = &c->p->known[known];
    if (f->tenths == 0 || k->tenths == 0 || !f->only || !k->only || k->gone ||
        other_modality(c, known) || !sizes_differ(c, f->tenths, k->tenths))
        return;
    bool larger = f->tenths > k->tenths;
    if (f->change == RT_CHANGE_STABLE || (f->change == RT_CHANGE_INCREASED && !larger) ||
        (f->change == RT_CHANGE_DECREASED && larger))
        report_known(c, RT_CHECK_PRIOR_TREND, f, known);
}

/* Days between two dates like 20240305, near enough for a limit. */
static int64_t days_between(int64_t a, int64_t b)
{
    return (b / 10000 - a / 10000) * 365 + (b / 100 % 100 - a / 100 % 100) * 30 + b % 100 - a % 100;
}

/* A second nodule may be new; an effusion on the side that had one is not. */
static void check_new(comparison *c, const rt_prior_fact *f, uint32_t known)
{
    const rt_prior_fact *k = &c->p->known[known];
    double most = rt_checks_param(c->checks, RT_QA_PARAM_NEW_DAYS);
    if (f->change != RT_CHANGE_NEW || !f->only || k->gone || k->letter != RT_LETTER_PRESENT ||
        (double)days_between(c->p->source[known].day, c->r->day) > most)
        return;
    if (rt_checks_in(c->checks, f->concept, RT_QA_SET_COUNTED) &&
        (f->tenths == 0 || k->tenths == 0 || sizes_differ(c, f->tenths, k->tenths)))
        return;
    report_known(c, RT_CHECK_PRIOR_NEW, f, known);
}

/* ---- what is known */

static void mark_only(comparison *c)
{
    for (uint32_t i = 0; i < c->r->n_facts; i++) {
        rt_prior_fact *f = &c->r->facts[i];
        f->only = true;
        for (uint32_t k = 0; k < c->r->n_facts && f->only; k++) {
            const rt_prior_fact *b = &c->r->facts[k];
            f->only = k == i || !positive(b) || b->section != f->section || !alike(c, f, b) ||
                      opposite(f, b);
        }
    }
}

static void forget(comparison *c, const rt_prior_fact *f)
{
    for (uint32_t i = 0; i < c->p->n_known; i++) {
        rt_prior_fact *k = &c->p->known[i];
        bool here = f->place == RT_NIL || k->place == RT_NIL || within(c, f->place, k->place);
        if (rt_lexicon_is_a(c->lex, k->concept, f->concept) && here && !opposite(f, k))
            k->gone = true;
    }
}

/* The lesion as this report has it; with its size if any mention of it has one. */
static void keep(comparison *c, const rt_prior_fact *f)
{
    rt_prior *p = c->p;
    uint32_t i = 0;
    while (i < p->n_known && !(p->known[i].concept == f->concept && p->known[i].side == f->side &&
                               p->known[i].place == f->place))
        i++;
    if (i < p->n_known && p->source[i].row == c->r->row && f->tenths == 0)
        return;
    if (i == p->n_known && p->n_known == RT_PRIOR_KNOWN)
        i = p->oldest++ % RT_PRIOR_KNOWN;
    else if (i == p->n_known)
        p->n_known++;
    p->known[i] = *f;
    p->source[i] = (rt_prior_source){.row = c->r->row, .day = c->r->day};
    memcpy(p->source[i].modality, c->r->modality, sizeof p->source[i].modality);
}

static void learn(comparison *c)
{
    rt_prior *p = c->p;
    for (uint32_t i = 0; i < c->r->n_facts; i++) {
        const rt_prior_fact *f = &c->r->facts[i];
        if (denied(f))
            forget(c, f);
    }
    for (uint32_t i = 0; i < c->r->n_facts; i++) {
        const rt_prior_fact *f = &c->r->facts[i];
        if (positive(f) && !denied(f) && described(f) && telling(c, f))
            keep(c, f);
    }
    for (uint32_t i = 0; i < c->r->n_removed && p->n_removed < RT_PRIOR_REMOVED; i++) {
        p->remover[p->n_removed] = (rt_prior_source){.row = c->r->row, .day = c->r->day};
        p->removed[p->n_removed++] = c->r->removed[i];
    }
}

/* Facts of one report against what is known: both are bounded. */
uint32_t rt_prior_next(rt_prior *p, const rt_knowledge *know, rt_prior_report *r,
                       rt_prior_issue out[RT_PRIOR_ISSUES])
{
    comparison c = {.lex = know->lexicon, .checks = know->checks, .p = p, .r = r, .out = out};
    bool first = p->n_known + p->n_removed == 0;
    mark_only(&c);
    for (uint32_t i = 0; i < r->n_facts && !first; i++) {
        const rt_prior_fact *f = &r->facts[i];
        if (!described(f))
            continue;
        check_removed(&c, f);
        if (!positive(f) || !telling(&c, f))
            continue;
        check_side(&c, f);
        uint32_t known = latest(&c, f);
        if (known == RT_NIL)
            continue;
        check_trend(&c, f, known);
        check_new(&c, f, known);
    }
    learn(&c);
    return c.n;
}
