/* Findings against the impression, fact by fact: denied (Q09), unsupported (Q10), size (Q13), level
 * (Q24), change (Q27), nature (Q28), severity (Q40), age (Q44).
 *
 * Each check asks for the only fact of its kind: where the findings describe two lesions, a
 * difference says nothing. Loops over pairs are bounded by the ceiling of facts. */
#include <math.h>

#include "stage/qa.h"

enum {
    ROUNDING = 2,   /* mm that two sizes of one lesion may differ whatever their ratio */
    MANY_FACTS = 5, /* in the findings: they describe the exam, not one lesion */
};

static bool is_current(const rt_qa_fact *f)
{
    return f->finding != RT_NIL && f->current;
}

static bool of_part(const rt_qa_fact *f, rt_qa_part part)
{
    return f->part == part && is_current(f);
}

static bool one_family(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    rt_range kinds = q->lex->concepts[a->concept].kinds;
    for (uint32_t i = kinds.first; i < kinds.first + kinds.count; i++)
        if (rt_lexicon_is_a(q->lex, b->concept, q->lex->links[i]) &&
            !(q->lex->concepts[q->lex->links[i]].flags & RT_CONCEPT_CONTAINER))
            return true;
    return false;
}

/* ---- Q09, Q10: present here, absent there */

/* "No acute", "no new", "no other": a denial that leaves room. */
static bool leaves_room(const rt_qa *q, const rt_qa_fact *denied)
{
    const rt_finding *f = &q->d->findings.at[denied->finding];
    return denied->acuity != RT_QA_ANY_AGE || denied->severity != RT_SEVERITY_NONE ||
           denied->change != RT_CHANGE_NONE || denied->size > 0 || f->modifiers.count > 0 ||
           rt_qa_says(q, denied->sentence, RT_MARK_ROOM);
}

/* The denial covers the finding: it denies this kind, or one above it, of this place. */
static bool covers(const rt_qa *q, const rt_qa_fact *denied, const rt_qa_fact *f)
{
    if (denied->presence != RT_PRESENCE_ABSENT || !rt_qa_same_place(q, denied, f))
        return false;
    if (rt_qa_one_sided(denied) && denied->side != f->side)
        return false;
    if (denied->place != RT_NIL && f->place != RT_NIL &&
        !rt_lexicon_part_of(q->lex, f->place, denied->place))
        return false;
    return rt_lexicon_is_a(q->lex, f->concept, denied->concept) ||
           (f->organ != 0 && f->organ == denied->organ && rt_qa_related(q, f, denied));
}

/* Some fact of that part has it too. */
static bool stands_in(const rt_qa *q, const rt_qa_fact *f, rt_qa_part part)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part == part && rt_qa_positive(b) &&
            (rt_qa_related(q, f, b) || (b->organ != 0 && b->organ == f->organ)))
            return true;
    }
    return false;
}

/* A misspelled "no" makes the opposite of what was meant; that is told of by itself. */
static bool is_typo(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_word *w;
    return rt_qa_find(q, RT_MARK_TYPO, q->d->sentences.at[sentence].at, &w) &&
           strcmp(rt_qa_value(q, w), "no") == 0;
}

static void check_denied(rt_qa *q, const rt_qa_fact *f, rt_qa_part other, uint32_t check)
{
    if (q->denied[other] == 0 || f->presence != RT_PRESENCE_PRESENT ||
        f->change == RT_CHANGE_RESOLVED || stands_in(q, f, other) || is_typo(q, f->sentence) ||
        (f->part == RT_QA_IMPRESSION && rt_qa_cued(q, f->sentence, RT_CUE_POSSIBLE)))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, other) || !covers(q, b, f) || leaves_room(q, b))
            continue;
        if (f->part == RT_QA_BODY)
            rt_qa_report(q, check, f->at, b->at);
        else
            rt_qa_report(q, check, b->at, f->at);
        return;
    }
}

/* A hernia, a stone or a fracture of which the findings have not a word, though they describe the
 * rest: nothing like it, nothing positive of its organ or side, nothing that a lesion may be
 * called. */
static void check_undescribed(rt_qa *q, const rt_qa_fact *f)
{
    uint32_t described = 0;
    if (!rt_checks_in(q->checks, f->concept, RT_QA_SET_DESCRIBED) ||
        f->presence != RT_PRESENCE_PRESENT || f->change != RT_CHANGE_NONE ||
        rt_qa_says(q, f->sentence, RT_MARK_HARMLESS) ||
        rt_qa_says(q, f->sentence, RT_MARK_PRIOR_EXAM))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part != RT_QA_BODY)
            continue;
        described++;
        if (rt_qa_positive(b) &&
            (rt_qa_related(q, f, b) || one_family(q, f, b) ||
             (b->organ != 0 && b->organ == f->organ) || rt_qa_part_place(q, f, b) ||
             (rt_qa_one_sided(f) && b->side == f->side) ||
             rt_checks_in(q->checks, b->concept, RT_QA_SET_FOCAL) ||
             rt_checks_in(q->checks, b->concept, RT_QA_SET_VAGUE)))
            return;
    }
    for (uint32_t i = 0; i < q->d->mentions.len; i++) /* its place is spoken of */
        if (f->place != RT_NIL && q->d->mentions.at[i].concept == f->place &&
            rt_qa_part_of_sentence(q, q->d->mentions.at[i].sentence) == RT_QA_BODY)
            return;
    for (uint32_t i = 0; i < q->d->sections.len && described >= MANY_FACTS; i++)
        if (rt_qa_part_of(q, i) == RT_QA_BODY) {
            rt_qa_report(q, RT_Q(10), rt_qa_span(q, q->d->sections.at[i].heading), f->at);
            return;
        }
}

/* ---- one lesion in two sections */

/* The only positive current fact of the findings that may be the same lesion; NULL when there is
 * none or more than one. */
static const rt_qa_fact *only_like(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, RT_QA_BODY) || !rt_qa_positive(b) || !rt_qa_related(q, f, b))
            continue;
        if (b->organ != f->organ && b->organ != 0 && f->organ != 0)
            continue;
        if (rt_qa_one_sided(f) && b->side == rt_qa_opposite(f->side))
            continue;
        if (found)
            return NULL;
        found = b;
    }
    return found;
}

static bool sizes_differ(const rt_qa *q, double a, double b)
{
    double slack = rt_checks_param(q->checks, RT_QA_PARAM_SIZE_SLACK);
    return fabs(a - b) > ROUNDING && (a > b * slack || b > a * slack);
}

/* Some size of the sentences around says the same. */
static bool size_stands(const rt_qa *q, double size, rt_qa_part part)
{
    for (uint32_t i = 0; i < q->d->measures.len; i++) {
        const rt_measure *m = &q->d->measures.at[i];
        if (m->kind != RT_MEASURE_LENGTH || rt_qa_part_of_sentence(q, m->sentence) != part)
            continue;
        for (uint32_t k = 0; k < m->n; k++)
            if (!sizes_differ(q, m->value[k], size))
                return true;
        if (!isnan(m->high) && !sizes_differ(q, m->high, size))
            return true;
    }
    return false;
}

static void check_size(rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (f->size > 0 && b->size > 0 && sizes_differ(q, f->size, b->size) &&
        !size_stands(q, f->size, RT_QA_BODY))
        rt_qa_report(q, RT_Q(13), b->size_at, f->size_at);
}

static bool graded(const rt_qa_fact *f)
{
    return f->severity >= RT_SEVERITY_MILD;
}

/* The sentence has a word of this severity too, whatever it belongs to. */
static bool grade_stands(const rt_qa *q, uint8_t severity, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_SEVERITY && q->lex->concepts[m->concept].value == severity)
            return true;
    }
    return false;
}

static rt_span severity_span(const rt_qa *q, const rt_qa_fact *f)
{
    return rt_qa_join(f->at, q->d->findings.at[f->finding].severity_at);
}

/* Kinds of one family ("arterial" and "coronary stenosis"), with a place in common. */
static bool shares_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    const rt_finding *x = &q->d->findings.at[a->finding], *y = &q->d->findings.at[b->finding];
    if (rt_qa_one_sided(a) && b->side == rt_qa_opposite(a->side))
        return false;
    for (uint32_t i = x->anatomy.first; i < x->anatomy.first + x->anatomy.count; i++)
        for (uint32_t k = y->anatomy.first; k < y->anatomy.first + y->anatomy.count; k++) {
            uint32_t p = q->d->places.at[i].concept, r = q->d->places.at[k].concept;
            if (rt_lexicon_part_of(q->lex, p, r) || rt_lexicon_part_of(q->lex, r, p))
                return true;
        }
    return rt_qa_same_place(q, a, b);
}

static bool has_size(const rt_qa_fact *f)
{
    return f->size > 0;
}

static bool has_change(const rt_qa_fact *f)
{
    return f->change != RT_CHANGE_NONE;
}

static bool has_grade(const rt_qa_fact *f)
{
    return graded(f);
}

/* Another name for it, perhaps: the only fact of its organ and side that has what is compared.
 * NULL: none, or several. */
static const rt_qa_fact *only_in_organ(const rt_qa *q, const rt_qa_fact *f, rt_qa_part part,
                                       bool has(const rt_qa_fact *f))
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->facts.len && f->organ != 0; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, part) || !rt_qa_positive(b) || b->organ != f->organ || !has(b))
            continue;
        if (found)
            return NULL;
        found = b;
    }
    return found && rt_qa_same_place(q, f, found) ? found : NULL;
}

/* The two facts that say the same of one organ, by their only kind or as the only ones. */
static const rt_qa_fact *partner(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *like,
                                 bool has(const rt_qa_fact *f))
{
    if (!has(f))
        return NULL;
    if (like)
        return has(like) ? like : NULL;
    const rt_qa_fact *b = only_in_organ(q, f, RT_QA_BODY, has);
    return b && only_in_organ(q, f, RT_QA_IMPRESSION, has) == f ? b : NULL;
}

static void check_grade(rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (f->severity != b->severity && !grade_stands(q, f->severity, b->sentence) &&
        !grade_stands(q, b->severity, f->sentence) &&
        !rt_qa_says(q, f->sentence, RT_MARK_SEVERITY_RANGE) &&
        !rt_qa_says(q, b->sentence, RT_MARK_SEVERITY_RANGE))
        rt_qa_report(q, RT_Q(40), severity_span(q, b), severity_span(q, f));
}

/* The words of the sentence say the opposite of the change that was read: it is of another one. */
static bool change_unsure(const rt_qa *q, const rt_qa_fact *f)
{
    bool up = f->change == RT_CHANGE_INCREASED || f->change == RT_CHANGE_NEW;
    return rt_qa_says(q, f->sentence, up ? RT_MARK_SMALLER : RT_MARK_LARGER);
}

static void check_change(rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    bool up = f->change == RT_CHANGE_INCREASED || f->change == RT_CHANGE_NEW;
    bool down = f->change == RT_CHANGE_DECREASED || f->change == RT_CHANGE_RESOLVED;
    bool was_up = b->change == RT_CHANGE_INCREASED || b->change == RT_CHANGE_NEW;
    bool was_down = b->change == RT_CHANGE_DECREASED || b->change == RT_CHANGE_RESOLVED;
    if (((up && was_down) || (down && was_up)) && !change_unsure(q, f) && !change_unsure(q, b))
        rt_qa_report(q, RT_Q(27), b->at, f->at);
}

/* The only graded finding of its family at that place: "lumen" and "artery" are narrowed alike. */
static const rt_qa_fact *only_graded(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->facts.len && graded(f); i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, RT_QA_BODY) || !rt_qa_positive(b) || !graded(b) || !one_family(q, f, b) ||
            f->place == RT_NIL || b->place == RT_NIL || !shares_place(q, f, b))
            continue;
        if (found)
            return NULL;
        found = b;
    }
    return found;
}

static void check_pair(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *like = only_like(q, f);
    if (like && !rt_qa_same_place(q, f, like) && !shares_place(q, f, like))
        return;
    const rt_qa_fact *size = partner(q, f, like, has_size);
    if (size)
        check_size(q, f, size);
    const rt_qa_fact *grade = like ? partner(q, f, like, has_grade) : only_graded(q, f);
    if (grade)
        check_grade(q, f, grade);
    const rt_qa_fact *change = partner(q, f, like, has_change);
    if (change)
        check_change(q, f, change);
}
/* ---- Q24 */

/* The sentence calls what it names normal, and has nothing positive. */
static bool only_normal(const rt_qa *q, uint32_t sentence)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].sentence == sentence && q->facts.at[i].finding != RT_NIL &&
            q->facts.at[i].presence != RT_PRESENCE_ABSENT)
            return false;
    return rt_qa_cued(q, sentence, RT_CUE_NORMAL) || rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

/* "Hyperplasia, 24 mm, segment III": the only level of a sentence with one lesion. */
static uint32_t level_in(const rt_qa *q, const rt_qa_fact *f, rt_span *at)
{
    rt_range r = rt_qa_mentions(q, f->sentence);
    uint32_t level = RT_NIL;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY && rt_checks_in(q->checks, m->concept, RT_QA_SET_LEVEL)) {
            if (level != RT_NIL)
                return RT_NIL;
            level = m->concept;
            *at = rt_qa_join(f->at, rt_qa_span(q, m->at));
        } else if (rt_type_is_observation(m->type) && i != q->d->findings.at[f->finding].mention) {
            return RT_NIL;
        }
    }
    return level;
}

static uint32_t level_of(const rt_qa *q, const rt_qa_fact *f, rt_span *at)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++) {
        if (!rt_checks_in(q->checks, q->d->places.at[i].concept, RT_QA_SET_LEVEL))
            continue;
        *at = rt_qa_join(f->at, q->d->places.at[i].at);
        return q->d->places.at[i].concept;
    }
    return g->anatomy.count == 0 ? level_in(q, f, at) : RT_NIL;
}

/* "L4 on L5": the level is between them. */
static bool between_levels(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    uint32_t first = RT_NIL;
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++) {
        uint32_t place = q->d->places.at[i].concept;
        if (!rt_checks_in(q->checks, place, RT_QA_SET_LEVEL))
            continue;
        if (first != RT_NIL && !rt_lexicon_part_of(q->lex, place, first) &&
            !rt_lexicon_part_of(q->lex, first, place))
            return true;
        first = place;
    }
    return false;
}

/* The level is named in the findings, with whatever lesion; a disc counts for its vertebrae. Not
 * when it is called normal, and not by the name of all ("other vertebrae"), which covers `besides`
 * too. */
static bool level_named(const rt_qa *q, uint32_t level, uint32_t besides)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY && rt_qa_part_of_sentence(q, m->sentence) == RT_QA_BODY &&
            (rt_lexicon_part_of(q->lex, m->concept, level) ||
             (rt_lexicon_part_of(q->lex, level, m->concept) &&
              !rt_lexicon_part_of(q->lex, besides, m->concept))) &&
            rt_checks_in(q->checks, m->concept, RT_QA_SET_LEVEL) && !only_normal(q, m->sentence))
            return true;
    }
    return false;
}

/* How many levels have positive findings in the findings: with one alone the name of the lesion
 * does not matter. */
static bool only_level(const rt_qa *q, uint32_t level)
{
    rt_span at;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, RT_QA_BODY) || !rt_qa_positive(b))
            continue;
        uint32_t other = level_of(q, b, &at);
        if (other != RT_NIL && other != level)
            return false;
    }
    return true;
}

static void check_level(rt_qa *q, const rt_qa_fact *f)
{
    rt_span at = f->at, there;
    uint32_t level = rt_qa_says(q, f->sentence, RT_MARK_IMPOSSIBLE) ? RT_NIL : level_of(q, f, &at);
    for (uint32_t i = 0; i < q->facts.len && level != RT_NIL; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, RT_QA_BODY) || !rt_qa_positive(b) || between_levels(q, b))
            continue;
        uint32_t other = level_of(q, b, &there);
        if (other == RT_NIL || rt_lexicon_part_of(q->lex, other, level) ||
            rt_lexicon_part_of(q->lex, level, other) ||
            !(rt_qa_related(q, f, b) || only_level(q, other)) || level_named(q, level, other))
            continue;
        rt_qa_report(q, RT_Q(24), there, at);
        return;
    }
}

/* ---- Q28, Q44: one lesion, of another nature or age */

/* A lesion that nothing in its sentence explains as one of the set: the impression may mean it. */
static bool is_second_lesion(const rt_qa *q, const rt_qa_fact *b, rt_qa_set is)
{
    if (!rt_checks_in(q->checks, b->concept, RT_QA_SET_FOCAL) ||
        rt_checks_in(q->checks, b->concept, is))
        return false;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].sentence == b->sentence && rt_qa_positive(&q->facts.at[i]) &&
            rt_checks_in(q->checks, q->facts.at[i].concept, is))
            return false;
    return true;
}

/* The findings speak of the organ of f with a fact of one set and none of the other. */
static const rt_qa_fact *only_nature(const rt_qa *q, const rt_qa_fact *f, rt_qa_set is,
                                     rt_qa_set not )
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (!of_part(b, RT_QA_BODY) || !rt_qa_positive(b) ||
            (b->organ != f->organ && b->organ != 0 && f->organ != 0))
            continue;
        if (is_second_lesion(q, b, is))
            return NULL;
        if (!rt_qa_same_place(q, b, f))
            continue;
        if (rt_checks_in(q->checks, b->concept, not ))
            return NULL;
        if (!rt_checks_in(q->checks, b->concept, is))
            continue;
        if (found && found->concept != b->concept)
            return NULL;
        found = b;
    }
    return found;
}

static void check_nature(rt_qa *q, const rt_qa_fact *f)
{
    bool benign = rt_checks_in(q->checks, f->concept, RT_QA_SET_BENIGN);
    bool malignant = rt_checks_in(q->checks, f->concept, RT_QA_SET_MALIGNANT);
    if (benign == malignant)
        return;
    rt_qa_set mine = benign ? RT_QA_SET_BENIGN : RT_QA_SET_MALIGNANT;
    rt_qa_set other = benign ? RT_QA_SET_MALIGNANT : RT_QA_SET_BENIGN;
    const rt_qa_fact *b = only_nature(q, f, other, mine);
    for (uint32_t i = 0; b && i < q->facts.len; i++) { /* both are weighed in the impression */
        const rt_qa_fact *g = &q->facts.at[i];
        if (g->part == RT_QA_IMPRESSION && rt_qa_positive(g) &&
            rt_checks_in(q->checks, g->concept, other))
            return;
    }
    if (b)
        rt_qa_report(q, RT_Q(28), b->at, f->at);
}

/* Words of age that belong to no concept ("long healed", "of recent onset"), in the only sentence
 * of the findings that has the place, and none of the age that the impression gives. */
static bool check_age_words(rt_qa *q, const rt_qa_fact *f)
{
    bool acute = f->acuity == RT_QA_ACUTE;
    rt_mark_type mine = acute ? RT_MARK_ACUTE_WORD : RT_MARK_OLD_WORD;
    rt_mark_type other = acute ? RT_MARK_OLD_WORD : RT_MARK_ACUTE_WORD;
    uint32_t sentence = RT_NIL;
    rt_span at = RT_QA_NONE;
    if (q->count[other] == 0 || f->place == RT_NIL || rt_qa_says(q, f->sentence, other))
        return false;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type != RT_TYPE_ANATOMY || rt_qa_part_of_sentence(q, m->sentence) != RT_QA_BODY ||
            m->sentence == sentence || !rt_lexicon_part_of(q->lex, m->concept, f->place) ||
            (rt_qa_one_sided(f) && m->side == rt_qa_opposite(f->side)))
            continue;
        if (sentence != RT_NIL)
            return false;
        sentence = m->sentence;
        at = rt_qa_span(q, m->at);
    }
    const rt_qa_word *w;
    if (sentence == RT_NIL || rt_qa_says(q, sentence, mine) ||
        !rt_qa_find(q, other, q->d->sentences.at[sentence].at, &w))
        return false;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (of_part(&q->facts.at[i], RT_QA_BODY) && q->facts.at[i].acuity == f->acuity &&
            (q->facts.at[i].sentence == sentence || one_family(q, f, &q->facts.at[i])))
            return false;
    rt_qa_report(q, RT_Q(44), rt_qa_join(rt_qa_span(q, w->at), at), f->at);
    return true;
}

static void check_age(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    if (f->acuity == RT_QA_ANY_AGE)
        return;
    if (check_age_words(q, f))
        return;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->finding == RT_NIL || b->part < RT_QA_BODY || b == f || !rt_qa_positive(b) ||
            !one_family(q, f, b))
            continue;
        if (b->part == RT_QA_IMPRESSION ? b->acuity != f->acuity
                                        : b->acuity == f->acuity || b->acuity == RT_QA_ANY_AGE)
            return; /* both ages are there, or one that may be of either */
        if (b->part == RT_QA_BODY && rt_qa_same_place(q, f, b))
            found = b;
    }
    if (found)
        rt_qa_report(q, RT_Q(44), found->at, f->at);
}

/* "Inflammation" says little of which lesion; its change may be the only one of the organ. */
static void check_vague(rt_qa *q, const rt_qa_fact *f)
{
    if (!of_part(f, RT_QA_IMPRESSION) || !rt_qa_positive(f))
        return;
    const rt_qa_fact *b = partner(q, f, NULL, has_change);
    if (b)
        check_change(q, f, b);
}

void rt_qa_pair(rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->finding == RT_NIL)
            continue;
        if (rt_checks_in(q->checks, f->concept, RT_QA_SET_VAGUE)) {
            check_vague(q, f);
            continue;
        }
        bool derived = q->d->findings.at[f->finding].derived;
        if (of_part(f, RT_QA_BODY) && !derived)
            check_denied(q, f, RT_QA_IMPRESSION, RT_Q(9));
        if (f->part != RT_QA_IMPRESSION || !rt_qa_positive(f) || derived)
            continue;
        check_age(q, f);
        if (!f->current)
            continue;
        check_denied(q, f, RT_QA_BODY, RT_Q(10));
        check_undescribed(q, f);
        check_pair(q, f);
        check_level(q, f);
        check_nature(q, f);
    }
}
