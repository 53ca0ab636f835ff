/* Findings against the impression, fact by fact: denied (Q09), unsupported (Q10), size (Q13),
 * change (Q27), severity (Q40); and with qa_nature.c level (Q24), nature (Q28), age (Q44).
 *
 * Each check asks for the only fact of its kind: where the findings describe two lesions, a
 * difference says nothing. Loops over pairs are bounded by the ceiling of facts. */
#include <math.h>

#include "stage/qa.h"

enum {
    FAR = 10,       /* mm: of what is large, another size and not another way to measure it */
    ROUNDING = 2,   /* mm that two sizes of one lesion may differ whatever their ratio */
    MANY_FACTS = 4, /* in the findings: they describe the exam, not one lesion */
};

static const double FAR_RATIO = 1.2;

/* ---- Q09, Q10: present here, absent there */

/* "No other", "no new"; a soft word (未见明显) only tones down what is denied. */
static bool says_room(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_word *w;
    for (rt_fspan in = rt_qa_sentence_at(q, sentence);
         rt_qa_find_in(q, sentence, RT_MARK_ROOM, in, &w); in.beg = w->at.beg + 1)
        if (strcmp(rt_qa_value(q, w), "soft") != 0)
            return true;
    return false;
}

/* "No acute", "no new", "no other": a denial that leaves room; but none to an acute one that it
 * calls acute. */
static bool leaves_room(const rt_qa *q, const rt_qa_fact *denied, const rt_qa_fact *there)
{
    const rt_finding *f = &q->d->findings.at[denied->finding];
    if (denied->acuity == RT_QA_ACUTE && there->acuity == RT_QA_ACUTE &&
        denied->concept == there->concept)
        return denied->severity != RT_SEVERITY_NONE || denied->change != RT_CHANGE_NONE ||
               denied->size > 0;
    return denied->acuity != RT_QA_ANY_AGE || denied->severity != RT_SEVERITY_NONE ||
           denied->change != RT_CHANGE_NONE || denied->size > 0 || f->modifiers.count > 0 ||
           says_room(q, denied->sentence);
}

/* "Both femoral heads are normal" denies any lesion in them, "no filling defect in the duct" a
 * stone there: what is denied may be seen as anything focal, in a place that both name. */
static bool denies_all(const rt_qa *q, const rt_qa_fact *denied, const rt_qa_fact *f)
{
    if (f->place == RT_NIL || rt_qa_anywhere(q, denied->place))
        return false;
    if (f->part == RT_QA_BODY) /* "ACL intact", concluded of a torn one */
        return denied->derived && denied->place == f->place && rt_qa_is(denied, RT_QA_SET_VAGUE) &&
               rt_qa_is(f, RT_QA_SET_WITHIN) && !rt_qa_is(f, RT_QA_SET_FOCAL);
    if (f->part != RT_QA_IMPRESSION)
        return false;
    return denied->derived ? rt_qa_is(denied, RT_QA_SET_VAGUE) && rt_qa_is(f, RT_QA_SET_WITHIN)
                           : rt_qa_is(denied, RT_QA_SET_SHOWS) && rt_qa_is(f, RT_QA_SET_FOCAL);
}

static bool a_side_apart(const rt_qa_fact *denied, const rt_qa_fact *f)
{
    return rt_qa_one_sided(denied) && denied->side != f->side;
}

/* One of the places of the finding is in that one. */
static bool lies_in(const rt_qa *q, const rt_qa_fact *f, uint32_t place)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    bool found = rt_lexicon_part_of(q->lex, f->place, place);
    for (uint32_t i = g->anatomy.first; !found && i < g->anatomy.first + g->anatomy.count; i++)
        found = rt_lexicon_part_of(q->lex, q->d->places.at[i].concept, place);
    return found;
}

/* A bright echo with a shadow, or one that moves, is a stone by another name. */
static bool is_stone(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    bool sign = false;
    for (uint32_t i = g->modifiers.first; i < g->modifiers.first + g->modifiers.count; i++)
        sign = sign || rt_qa_concept_in(q, q->d->modifiers.at[i].concept, RT_QA_SET_STONE);
    return rt_qa_is(f, RT_QA_SET_STONE) || (sign && rt_qa_is(f, RT_QA_SET_SHOWS));
}

/* 未见结节 denies a 低回声结节 of that organ: the head of the one ends with that of the other. */
static bool same_noun(const rt_qa *q, const rt_qa_fact *denied, const rt_qa_fact *f)
{
    uint32_t a = q->d->findings.at[denied->finding].mention,
             b = q->d->findings.at[f->finding].mention;
    if (denied->derived || f->derived || !rt_qa_is(denied, RT_QA_SET_FOCAL) ||
        !rt_qa_is(f, RT_QA_SET_FOCAL) || f->organ == 0 || f->organ != denied->organ)
        return false;
    rt_str noun = rt_text_fslice(&q->d->text, q->d->mentions.at[a].at);
    rt_str head = rt_text_fslice(&q->d->text, q->d->mentions.at[b].at);
    return head.len > noun.len &&
           rt_str_eq(rt_str_slice(head, head.len - noun.len, head.len), noun);
}

/* The denial covers the finding: it denies this kind, or one above it, of this place. */
static bool covers(const rt_qa *q, const rt_qa_fact *denied, const rt_qa_fact *f)
{
    if (!rt_lexicon_is_a(q->lex, f->concept, denied->concept) && !denies_all(q, denied, f) &&
        !(rt_qa_is(denied, RT_QA_SET_STONE) && is_stone(q, f)) && !same_noun(q, denied, f) &&
        !(f->organ != 0 && f->organ == denied->organ && rt_qa_related(q, f, denied)))
        return false;
    if (a_side_apart(denied, f) ||
        (denied->organ != f->organ && denied->organ != 0 && f->organ != 0))
        return false;
    return denied->place == RT_NIL || f->place == RT_NIL || lies_in(q, f, denied->place);
}

static bool is_diagnosis(const rt_qa *q, const rt_qa_fact *f)
{
    return f->finding != RT_NIL && rt_qa_type(q, f) == RT_TYPE_DIAGNOSIS;
}

/* Wider, thicker, denser: the sign of something, and no name for it. */
static bool is_sign(const rt_qa *q, const rt_qa_fact *f)
{
    return !rt_qa_is(f, RT_QA_SET_FOCAL) && !rt_qa_is(f, RT_QA_SET_VAGUE) &&
           !rt_qa_is(f, RT_QA_SET_SIGNIFICANT) && !rt_qa_is(f, RT_QA_SET_WITHIN) &&
           !rt_qa_is(f, RT_QA_SET_COUNTED) && !is_diagnosis(q, f);
}

/* Some fact of that part has it too. */
static bool stands_in(const rt_qa *q, const rt_qa_fact *f, rt_qa_part part)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part == part && (rt_qa_related(q, f, b) || (b->organ != 0 && b->organ == f->organ &&
                                                           (part == RT_QA_BODY || !is_sign(q, b)))))
            return true;
    }
    return false;
}

/* A misspelled "no" makes the opposite of what was meant; that is told of by itself. */
static bool is_typo(const rt_qa *q, uint32_t sentence)
{
    const rt_qa_word *w;
    return rt_qa_find_in(q, sentence, RT_MARK_TYPO, rt_qa_sentence_at(q, sentence), &w) &&
           strcmp(rt_qa_value(q, w), "no") == 0;
}

static const rt_qa_fact *denial_of(const rt_qa *q, const rt_qa_fact *f, rt_qa_part part)
{
    for (uint32_t i = 0; i < q->absent.len; i++) {
        const rt_qa_fact *b = q->absent.at[i];
        if (rt_qa_now_in(b, part) && covers(q, b, f) && !leaves_room(q, b, f) &&
            !rt_qa_says(q, b->sentence, RT_MARK_TYPO)) /* which may hide the finding */
            return b;
    }
    return NULL;
}

/* True: reported. */
static bool check_denied(rt_qa *q, const rt_qa_fact *f, rt_qa_part other, uint32_t check)
{
    if (q->denied[other] == 0 || f->presence != RT_PRESENCE_PRESENT ||
        f->change == RT_CHANGE_RESOLVED ||
        (f->part == RT_QA_IMPRESSION && rt_qa_cued(q, f->sentence, RT_CUE_POSSIBLE)))
        return false;
    const rt_qa_fact *b = denial_of(q, f, other);
    if (!b || stands_in(q, f, other) || is_typo(q, f->sentence))
        return false;
    if (f->part == RT_QA_BODY && rt_qa_is_device(q, f) &&
        rt_qa_says(q, f->sentence, RT_MARK_IN_PLACE))
        return true; /* Q41 */
    if (f->part == RT_QA_BODY)
        rt_qa_report(q, check, rt_qa_at(q, f), rt_qa_at(q, b));
    else
        rt_qa_report(q, check, rt_qa_at(q, b), rt_qa_at(q, f));
    return true;
}

/* What the findings have may be what the impression gives a name. Of a joint that alone was
 * examined everything has the side, and its ligaments are many. */
static bool may_be_called(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (rt_qa_is(b, RT_QA_SET_FOCAL) || rt_qa_is(b, RT_QA_SET_VAGUE) || rt_qa_related(q, f, b) ||
        rt_qa_one_family(q, f, b))
        return true;
    if (rt_qa_one_sided(f) && q->exam.side == f->side && f->place != RT_NIL &&
        rt_qa_concept_in(q, f->place, RT_QA_SET_LIMB))
        return false;
    return (b->organ != 0 && b->organ == f->organ) || rt_qa_part_place(q, f, b) ||
           (rt_qa_one_sided(f) && b->side == f->side);
}

/* A place of the finding is named in the findings. */
static bool place_spoken_of(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type != RT_TYPE_ANATOMY || rt_qa_part_of_sentence(q, m->sentence) != RT_QA_BODY)
            continue;
        for (uint32_t k = g->anatomy.first; k < g->anatomy.first + g->anatomy.count; k++)
            if (q->d->places.at[k].concept == m->concept)
                return true;
    }
    return false;
}

/* A hernia, a stone or a fracture of which the findings have not a word, though they describe the
 * rest: nothing like it, nothing positive of its organ or side, nothing that a lesion may be
 * called. */
static void check_undescribed(rt_qa *q, const rt_qa_fact *f)
{
    if (!rt_qa_is(f, RT_QA_SET_DESCRIBED) || q->in_part[RT_QA_BODY] < MANY_FACTS ||
        f->presence != RT_PRESENCE_PRESENT || f->change != RT_CHANGE_NONE ||
        rt_qa_says(q, f->sentence, RT_MARK_HARMLESS) ||
        rt_qa_says(q, f->sentence, RT_MARK_PRIOR_EXAM))
        return;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->part == RT_QA_BODY && may_be_called(q, f, b))
            return;
    }
    if (place_spoken_of(q, f))
        return;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        if (rt_qa_part_of(q, i) == RT_QA_BODY) {
            rt_qa_report(q, RT_Q(10), rt_qa_span(q, q->d->sections.at[i].heading), rt_qa_at(q, f));
            return;
        }
}

/* ---- one lesion in two sections */

/* The only positive current fact of the findings that may be the same lesion; NULL when there is
 * none or more than one. */
static const rt_qa_fact *only_like(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY) || !rt_qa_related(q, f, b))
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

/* Beyond rounding, by ratio; of what is large a centimetre more is another size too. */
static bool sizes_differ(const rt_qa *q, double a, double b)
{
    double slack = rt_checks_param(q->checks, RT_QA_PARAM_SIZE_SLACK), more = fabs(a - b);
    double ratio = a > b ? a / b : b / a;
    return more > ROUNDING && (ratio > slack || (more >= FAR && ratio > FAR_RATIO));
}

/* The largest diameter may be rounded; a smaller one says the same only where it is the same. */
static bool says_size(const rt_qa *q, const rt_measure *m, double size)
{
    double most = m->value[0];
    for (uint32_t k = 0; k < m->n; k++) {
        most = m->value[k] > most ? m->value[k] : most;
        if (fabs(m->value[k] - size) <= ROUNDING)
            return true;
    }
    return !sizes_differ(q, most, size) || (!isnan(m->high) && !sizes_differ(q, m->high, size));
}

/* Some size of the sentences around says the same. */
static bool size_stands(const rt_qa *q, double size, rt_qa_part part)
{
    for (uint32_t i = 0; i < q->d->measures.len; i++) {
        const rt_measure *m = &q->d->measures.at[i];
        if (m->kind != RT_MEASURE_LENGTH || rt_qa_part_of_sentence(q, m->sentence) != part)
            continue;
        if (says_size(q, m, size))
            return true;
    }
    return false;
}

static void check_size(rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (f->size > 0 && b->size > 0 && sizes_differ(q, f->size, b->size) &&
        !size_stands(q, f->size, RT_QA_BODY))
        rt_qa_report(q, RT_Q(13), rt_qa_size_at(q, b), rt_qa_size_at(q, f));
}

/* One side and region, and no organ that says otherwise: a schwannoma is of a nerve in the angle.
 */
static bool same_region(const rt_qa_fact *a, const rt_qa_fact *b)
{
    return rt_qa_one_sided(a) && a->side == b->side && a->region == b->region && a->region != 0 &&
           (a->organ == 0 || b->organ == 0);
}

/* The only lesion with a size in that part; NULL: none, or several. */
static const rt_qa_fact *only_sized(const rt_qa *q, rt_qa_part part)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (b->size == 0 || !rt_qa_now_in(b, part) ||
            !(rt_qa_is(b, RT_QA_SET_FOCAL) || rt_qa_is(b, RT_QA_SET_COUNTED) || is_diagnosis(q, b)))
            continue;
        if (found)
            return NULL;
        found = b;
    }
    return found;
}

/* One lesion is measured in each part, whatever it is called there. */
static void check_only_sizes(rt_qa *q)
{
    const rt_qa_fact *f = only_sized(q, RT_QA_IMPRESSION);
    const rt_qa_fact *b = f ? only_sized(q, RT_QA_BODY) : NULL;
    if (b && (rt_qa_same_place(q, f, b) || same_region(f, b)) &&
        !size_stands(q, b->size, RT_QA_IMPRESSION))
        check_size(q, f, b);
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
    return rt_qa_join(rt_qa_at(q, f), q->d->findings.at[f->finding].severity_at);
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
    for (uint32_t i = 0; i < q->positive.len && f->organ != 0; i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, part) || b->organ != f->organ || !has(b))
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

/* One is unchanged and the other larger or smaller; of one kind, and no size that tells which. */
static bool one_is_stable(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    const rt_qa_fact *stable = f->change == RT_CHANGE_STABLE ? f : b;
    const rt_qa_fact *other = stable == f ? b : f;
    return stable->change == RT_CHANGE_STABLE && f->concept == b->concept &&
           (other->change == RT_CHANGE_INCREASED || other->change == RT_CHANGE_DECREASED) &&
           !rt_qa_says(q, stable->sentence, RT_MARK_LARGER) &&
           !rt_qa_says(q, stable->sentence, RT_MARK_SMALLER);
}

static void check_change(rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    bool up = f->change == RT_CHANGE_INCREASED || f->change == RT_CHANGE_NEW;
    bool down = f->change == RT_CHANGE_DECREASED || f->change == RT_CHANGE_RESOLVED;
    bool was_up = b->change == RT_CHANGE_INCREASED || b->change == RT_CHANGE_NEW;
    bool was_down = b->change == RT_CHANGE_DECREASED || b->change == RT_CHANGE_RESOLVED;
    if (((up && was_down) || (down && was_up) || one_is_stable(q, f, b)) && !change_unsure(q, f) &&
        !change_unsure(q, b))
        rt_qa_report(q, RT_Q(27), rt_qa_at(q, b), rt_qa_at(q, f));
}

/* The only graded finding of its family at that place: "lumen" and "artery" are narrowed alike. */
static const rt_qa_fact *only_graded(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *found = NULL;
    for (uint32_t i = 0; i < q->positive.len && graded(f); i++) {
        const rt_qa_fact *b = q->positive.at[i];
        if (!rt_qa_now_in(b, RT_QA_BODY) || !graded(b) || !rt_qa_one_family(q, f, b) ||
            f->place == RT_NIL || b->place == RT_NIL || !shares_place(q, f, b))
            continue;
        if (found && found->severity != b->severity)
            return NULL;
        found = b;
    }
    return found;
}

/* All that tells its place is part of its name: the abdomen of an abdominal aortic aneurysm. */
static bool place_is_name(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_finding *g = &q->d->findings.at[f->finding];
    if (g->mention == RT_NIL)
        return false;
    rt_fspan name = q->d->mentions.at[g->mention].at;
    for (uint32_t i = g->anatomy.first; i < g->anatomy.first + g->anatomy.count; i++)
        if (q->d->places.at[i].at.beg < name.beg || q->d->places.at[i].at.end > name.end)
            return false;
    return true;
}

static void check_pair(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *like = only_like(q, f);
    if (like && !rt_qa_same_place(q, f, like) && !shares_place(q, f, like) &&
        !(like->concept == f->concept && place_is_name(q, f)))
        return;
    const rt_qa_fact *size = partner(q, f, like, has_size);
    if (size)
        check_size(q, f, size);
    const rt_qa_fact *grade =
        like && graded(like) ? partner(q, f, like, has_grade) : only_graded(q, f);
    if (grade)
        check_grade(q, f, grade);
    const rt_qa_fact *change = partner(q, f, like, has_change);
    if (change)
        check_change(q, f, change);
}
/* "Inflammation" says little of which lesion; its change may be the only one of the organ. */
static void check_vague(rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_fact *b = partner(q, f, NULL, has_change);
    if (b)
        check_change(q, f, b);
}

/* "Category 5, highly suggestive of malignancy": what the category means (Q31). */
static bool is_category(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->d->grades.len; i++)
        if (q->d->grades.at[i].sentence == f->sentence)
            return true;
    return false;
}

static void check_fact(rt_qa *q, const rt_qa_fact *f)
{
    bool of_now = rt_qa_now_in(f, RT_QA_IMPRESSION);
    if (rt_qa_is(f, RT_QA_SET_VAGUE)) {
        if (of_now)
            check_vague(q, f);
        bool malignant = f->place != RT_NIL && rt_qa_is(f, RT_QA_SET_MALIGNANT);
        if (of_now && (f->organ != 0 || malignant) && !is_category(q, f))
            rt_qa_check_nature(q, f); /* "cancer of the left kidney" */
        return;
    }
    if (rt_qa_now_in(f, RT_QA_BODY) && !f->derived)
        check_denied(q, f, RT_QA_IMPRESSION, RT_Q(9));
    if (f->part != RT_QA_IMPRESSION || f->derived)
        return;
    rt_qa_check_age(q, f);
    if (!of_now)
        return;
    bool denied = check_denied(q, f, RT_QA_BODY, RT_Q(10));
    check_undescribed(q, f);
    check_pair(q, f);
    if (!denied) /* a fracture that the findings deny is at no other level in them */
        rt_qa_check_level(q, f);
    rt_qa_check_nature(q, f);
}

void rt_qa_pair(rt_qa *q)
{
    check_only_sizes(q);
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->finding != RT_NIL)
            check_fact(q, q->positive.at[i]);
}
