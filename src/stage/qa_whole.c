/* The report as a whole: what is left out (Q11, Q16, Q38, Q43, Q45). */
#include "stage/qa.h"

enum {
    MANY_ORGANS = 3, /* left out of a complete exam: more than a slip */
    MAX_BLANK = 24,  /* bytes of a section that says that it is empty */
};

/* ---- Q11 */

/* A nodule, or a lesion by another name ("mass-like signal") in a sentence that calls it a mass. */
static bool matters_by_size(const rt_qa *q, const rt_qa_fact *f)
{
    return rt_qa_is(f, RT_QA_SET_NODULE) ||
           (rt_qa_is(f, RT_QA_SET_FOCAL) && !rt_qa_is(f, RT_QA_SET_BENIGN) &&
            rt_qa_says(q, f->sentence, RT_MARK_MASS_WORD));
}

/* Old, treated, unchanged. Words with a value are of nodules: an aneurysm has calcified walls. */
static bool is_harmless(const rt_qa *q, const rt_qa_fact *f)
{
    const rt_qa_word *w;
    for (rt_fspan in = rt_qa_sentence_at(q, f->sentence);
         rt_qa_find_in(q, f->sentence, RT_MARK_HARMLESS, in, &w); in.beg = w->at.beg + 1)
        if (rt_qa_value(q, w)[0] == '\0' || rt_qa_is(f, RT_QA_SET_FOCAL))
            return true;
    return false;
}

static bool is_significant(const rt_qa *q, const rt_qa_fact *f)
{
    if (!rt_qa_is(f, RT_QA_SET_SIGNIFICANT) &&
        !(f->size > 0 && matters_by_size(q, f) &&
          f->size >= rt_checks_param(q->checks, RT_QA_PARAM_OMIT_SIZE)))
        return false;
    if (f->finding == RT_NIL || f->part != RT_QA_BODY || !f->current ||
        !(f->presence == RT_PRESENCE_PRESENT ||
          (f->presence == RT_PRESENCE_POSSIBLE && rt_qa_is(f, RT_QA_SET_MALIGNANT))) ||
        f->acuity == RT_QA_OLD || f->change == RT_CHANGE_STABLE ||
        f->change == RT_CHANGE_RESOLVED || f->change == RT_CHANGE_DECREASED ||
        f->severity == RT_SEVERITY_MILD || f->derived || is_harmless(q, f))
        return false;
    return !rt_qa_says(q, f->sentence, RT_MARK_FREE_OF) &&
           !rt_qa_cued(q, f->sentence, RT_CUE_NORMAL);
}

static bool is_diagnosis(const rt_qa *q, const rt_qa_fact *f)
{
    return f->finding != RT_NIL && rt_qa_type(q, f) == RT_TYPE_DIAGNOSIS;
}

/* One place is a part of the other, or the finding is in some metaphysis of that side. */
static bool is_here(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    return rt_qa_part_place(q, f, b) || (f->place != RT_NIL && rt_qa_anywhere(q, f->place) &&
                                         rt_qa_one_sided(f) && f->side == b->side);
}

/* Whatever it is called, it may be meant. */
static bool is_conclusion(const rt_qa_fact *b)
{
    return rt_qa_is(b, RT_QA_SET_FOCAL) || rt_qa_is(b, RT_QA_SET_MALIGNANT) ||
           rt_qa_is(b, RT_QA_SET_SIGNIFICANT) || rt_qa_is(b, RT_QA_SET_VAGUE) ||
           (rt_qa_is(b, RT_QA_SET_BENIGN) && !rt_qa_is(b, RT_QA_SET_DIFFUSE));
}

/* The impression speaks of it: of its kind, or of another lesion of its organ. */
bool rt_qa_is_concluded(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *b = &q->facts.at[i];
        if (b->part != RT_QA_IMPRESSION && b->part != RT_QA_ADDENDUM)
            continue;
        if (b->presence == RT_PRESENCE_ABSENT && b->derived)
            continue; /* "otherwise unremarkable" */
        if (rt_qa_related(q, f, b) ||
            (b->finding != RT_NIL && rt_qa_part_place(q, f, b) && rt_qa_one_family(q, f, b)))
            return true;
        bool here = b->organ != 0 && f->organ != 0 ? b->organ == f->organ : is_here(q, f, b);
        if (!here && b->finding != RT_NIL && b->presence == RT_PRESENCE_ABSENT)
            continue; /* "no sacroiliitis" concludes no adnexal mass */
        if (!here && (f->organ != 0 || f->place != RT_NIL) && b->organ != 0)
            continue;
        if (is_conclusion(b) ||
            (here && rt_qa_positive(b) && is_diagnosis(q, b) && !rt_qa_is(b, RT_QA_SET_DIFFUSE)))
            return true;
    }
    return false;
}

/* The sentences of the impression; false: there is none, or it points back to the findings. */
static bool has_impression(const rt_qa *q)
{
    bool any = false;
    for (uint32_t i = 0; i < q->d->grades.len; i++) /* a category of 3 and above is a conclusion */
        if (rt_qa_concept_in(q, q->d->grades.at[i].concept, RT_QA_SET_RADS) &&
            rt_qa_part_of_sentence(q, q->d->grades.at[i].sentence) == RT_QA_IMPRESSION &&
            q->d->grades.at[i].value.len > 0 && q->d->grades.at[i].value.ptr[0] >= '3')
            return false;
    for (uint32_t i = 0; i < q->d->sentences.len; i++) {
        if (rt_qa_part_of_sentence(q, i) != RT_QA_IMPRESSION)
            continue;
        any = true;
        if (rt_qa_says(q, i, RT_MARK_AS_ABOVE))
            return false;
    }
    return any;
}

/* A fact that explains it in the findings is benign. */
static bool is_explained(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].sentence == f->sentence &&
            (rt_qa_is(&q->facts.at[i], RT_QA_SET_BENIGN) || q->facts.at[i].acuity == RT_QA_OLD))
            return true;
    return false;
}

/* "Right Osgood-Schlatter disease": a conclusion of that side that no concept stands for. */
static bool is_named_otherwise(const rt_qa *q, const rt_qa_fact *f)
{
    for (uint32_t s = 0; s < q->d->sentences.len && rt_qa_one_sided(f); s++) {
        if (rt_qa_part_of_sentence(q, s) != RT_QA_IMPRESSION || rt_qa_says(q, s, RT_MARK_NORMAL) ||
            rt_qa_says(q, s, RT_MARK_ADVISE))
            continue;
        bool side = false, finding = false;
        rt_range r = rt_qa_mentions(q, s);
        for (uint32_t i = r.first; i < r.first + r.count; i++) {
            const rt_mention *m = &q->d->mentions.at[i];
            side = side || m->side == f->side || rt_qa_side_of(q, m) == f->side;
        }
        for (uint32_t i = 0; i < q->facts.len && side; i++)
            finding =
                finding || (q->facts.at[i].sentence == s && q->facts.at[i].finding != RT_NIL &&
                            !rt_qa_is(&q->facts.at[i], RT_QA_SET_VAGUE));
        if (side && !finding)
            return true;
    }
    return false;
}

static void check_omission(rt_qa *q)
{
    bool asked = false;
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (!is_significant(q, f) || is_explained(q, f))
            continue;
        if (!asked && !has_impression(q))
            return;
        asked = true;
        if (!rt_qa_is_concluded(q, f) && !is_named_otherwise(q, f))
            rt_qa_report(q, RT_Q(11), rt_qa_at(q, f), RT_QA_NONE);
    }
}

/* ---- Q16 */

static bool is_needed(const rt_section *s)
{
    return s->type == RT_SECTION_FINDINGS || s->type == RT_SECTION_IMPRESSION;
}

static bool is_filled(const rt_qa *q, const rt_section *s)
{
    rt_str t = rt_str_trim(rt_text_fslice(&q->d->text, s->at));
    bool bracket = rt_str_eq(t, RT_STR("[")) ||
                   rt_str_eq(t, RT_STR("\xE3\x80\x90")); /* 【 of the next heading */
    return t.len > 0 && !bracket && !rt_qa_is_blank(t);
}

static uint32_t filled_of(const rt_qa *q, uint32_t type)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        n += q->d->sections.at[i].type == type && is_filled(q, &q->d->sections.at[i]);
    return n;
}

/* Findings under their heading, in a report that has other headings, and none for a conclusion. */
static void check_no_impression(rt_qa *q)
{
    const rt_section *findings = NULL;
    bool others = false;
    for (uint32_t i = 0; i < q->d->sections.len; i++) {
        const rt_section *s = &q->d->sections.at[i];
        bool headed = s->heading.end > s->heading.beg;
        if (s->type == RT_SECTION_FINDINGS)
            findings = headed && is_filled(q, s) ? s : findings;
        else if (s->type == RT_SECTION_TECHNIQUE || s->type == RT_SECTION_COMPARISON ||
                 s->type == RT_SECTION_CLINICAL)
            others = others || headed;
        else
            return;
    }
    if (findings && others)
        rt_qa_report(q, RT_Q(16), rt_qa_span(q, findings->heading), RT_QA_NONE);
}

/* The section says that it is empty; words with a value only where they are all of it: "none" of a
 * sentence says something else. */
static bool says_blank(const rt_qa *q, rt_fspan at)
{
    rt_str s = q->d->text.folded;
    uint32_t first = rt_doc_first_mark(q->d, at.beg);
    rt_range marks = {first, rt_doc_first_mark(q->d, at.end) - first};
    if (at.end - at.beg >= MAX_BLANK || !rt_qa_has(q, RT_MARK_BLANK))
        return false;
    for (const rt_qa_word *w = NULL;
         (w = rt_qa_each_in(q, RT_QA_WORDS(RT_MARK_BLANK), marks, w)) != NULL;) {
        rt_str behind = rt_str_trim(rt_str_slice(s, w->at.end, at.end));
        if (rt_qa_value(q, w)[0] == '\0' || (rt_qa_is_blank(rt_str_slice(s, at.beg, w->at.beg)) &&
                                             (behind.len == 0 || rt_str_eq(behind, RT_STR(".")) ||
                                              rt_str_eq(behind, RT_STR("\xE3\x80\x82"))))) /* 。 */
            return true;
    }
    return false;
}

static void check_sections(rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->sections.len; i++) {
        const rt_section *s = &q->d->sections.at[i];
        if (!is_needed(s) || s->heading.beg == s->heading.end)
            continue;
        bool said_blank = says_blank(q, s->at);
        if (is_filled(q, s) && !said_blank)
            continue;
        uint32_t filled = filled_of(q, s->type);
        if (filled == 0 || (said_blank && filled == 1))
            rt_qa_report(q, RT_Q(16), rt_qa_span(q, s->heading), RT_QA_NONE);
    }
}

/* ---- Q38 */

static bool is_named(const rt_qa *q, uint32_t organ)
{
    uint32_t row = q->about[organ].organ;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (rt_qa_part_of_sentence(q, m->sentence) >= RT_QA_BODY &&
            (rt_lexicon_part_of(q->lex, m->concept, organ) ||
             (row > 0 && q->about[m->concept].organ == row)))
            return true;
    }
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part >= RT_QA_BODY && q->facts.at[i].place != RT_NIL &&
            rt_lexicon_part_of(q->lex, q->facts.at[i].place, organ))
            return true;
    rt_mark_sets names = RT_QA_WORDS(RT_MARK_REMOVED, RT_MARK_ORGAN_NAME);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, names, w)) != NULL;)
        if (q->meaning[w->word].concept == organ)
            return true;
    return false;
}

/* The impression has nothing positive. */
static bool concludes_normal(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->part == RT_QA_IMPRESSION)
            return false;
    return true;
}

static bool region_described(const rt_qa *q, uint32_t region)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++)
        if (rt_qa_part_of_sentence(q, q->d->mentions.at[i].sentence) >= RT_QA_BODY &&
            q->about[q->d->mentions.at[i].concept].region == region)
            return true;
    for (uint32_t i = 0; i < q->facts.len; i++)
        if (q->facts.at[i].part >= RT_QA_BODY && q->facts.at[i].region == region)
            return true;
    return false;
}

/* What is described does not stand for all that was examined, as the abdomen does for the pelvis.
 */
static bool is_apart(const rt_qa *q, uint32_t described)
{
    for (uint32_t i = 1; i < 32; i++)
        if ((described >> i & 1U) &&
            (rt_checks_apart(q->checks, i) & q->exam.regions & ~described) == 0)
            return false;
    return true;
}

/* An exam of several regions ("chest, abdomen, pelvis") with one of them alone in the report. */
static void check_regions(rt_qa *q)
{
    uint32_t described = 0, missing = RT_NIL;
    for (uint32_t i = 0; i < q->exam.places.len; i++) {
        uint32_t place = q->exam.places.at[i], region = q->about[place].region;
        if (region == 0 || q->about[place].organ > 0 || rt_qa_concept_in(q, place, RT_QA_SET_LIMB))
            continue;
        if (region_described(q, region))
            described |= 1U << region;
        else
            missing = place;
    }
    if (missing == RT_NIL || described == 0 || !is_apart(q, described))
        return;
    const rt_concept *c = &q->lex->concepts[missing];
    rt_qa_report_word(q, RT_Q(38), RT_QA_NONE, RT_QA_NONE,
                      rt_str_from(rt_lexicon_text(q->lex, q->d->zh ? c->pref_zh : c->pref_en)));
}

/* Two words of the exam may ask for one organ. */
static bool is_asked_before(const rt_qa *q, uint32_t organ, uint32_t word)
{
    for (uint32_t k = 0; k < word; k++)
        if (q->lex->marks[q->exam.words.at[k]].mark == RT_MARK_COMPLETE &&
            q->meaning[q->exam.words.at[k]].concept == organ)
            return true;
    return false;
}

static void check_complete_exam(rt_qa *q)
{
    uint32_t named = 0, lacks = 0, by_name = 0;
    rt_str missing = RT_STR("");
    for (uint32_t i = 0; i < q->exam.words.len; i++) {
        uint32_t word = q->exam.words.at[i];
        uint32_t organ = q->meaning[word].concept;
        if (q->lex->marks[word].mark != RT_MARK_COMPLETE || organ == RT_NIL)
            continue;
        if (is_asked_before(q, organ, i))
            continue;
        for (uint32_t k = 0; k < q->exam.places.len; k++) /* "uterus and adnexa" */
            by_name += q->exam.places.at[k] == organ;
        const rt_concept *c = &q->lex->concepts[organ];
        rt_str name = rt_str_from(rt_lexicon_text(q->lex, q->d->zh ? c->pref_zh : c->pref_en));
        if (is_named(q, organ)) {
            named++;
            continue;
        }
        lacks++;
        if (!rt_str_find(missing, name, NULL))
            missing = rt_arena_printf(q->c->perm, "%.*s%s%.*s", (int)missing.len, missing.ptr,
                                      missing.len > 0 ? ", " : "", (int)name.len, name.ptr);
    }
    /* A report that calls the exam normal says so of all; one of lesions may leave some out. */
    bool both = named == 1 && lacks == 1 && by_name != 1 && !rt_qa_first(q, RT_MARK_REMOVED);
    bool many = lacks >= MANY_ORGANS || (lacks == 2 && named >= MANY_ORGANS);
    if ((named >= 2 || both) && lacks > 0 && (many || concludes_normal(q)))
        rt_qa_report_word(q, RT_Q(38), RT_QA_NONE, RT_QA_NONE, missing);
    else if (named == 0)
        check_regions(q);
}

/* ---- Q43 */

/* A side is named anywhere: left or right, or both of what has a lesion. "Both hips are normal"
 * tells nothing of the side of the broken one. */
static bool any_side(const rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t side = rt_qa_side_of(q, m);
        if (side == RT_SIDE_LEFT || side == RT_SIDE_RIGHT)
            return true;
    }
    for (uint32_t i = 0; i < q->positive.len; i++)
        if (q->positive.at[i]->side != RT_SIDE_NONE)
            return true;
    return q->exam.side == RT_SIDE_LEFT || q->exam.side == RT_SIDE_RIGHT;
}

static void check_side_missing(rt_qa *q)
{
    for (uint32_t i = 0; i < q->positive.len; i++) {
        const rt_qa_fact *f = q->positive.at[i];
        if (!rt_qa_now_in(f, RT_QA_IMPRESSION) || !rt_qa_in(q, f, RT_QA_SET_NEEDS_SIDE) ||
            !(rt_qa_is(f, RT_QA_SET_FOCAL) || rt_qa_is(f, RT_QA_SET_NEEDS_SIDE)) ||
            rt_qa_says(q, f->sentence, RT_MARK_MANY))
            continue;
        if (!any_side(q))
            rt_qa_report(q, RT_Q(43), rt_qa_at(q, f), RT_QA_NONE);
        return;
    }
}

/* ---- Q45 */

/* "Is there a stress fracture?" */
static bool is_asked(const rt_qa *q, const rt_qa_fact *f)
{
    rt_str s = rt_str_trim(rt_qa_text_of(q, f->sentence));
    return f->presence == RT_PRESENCE_QUERIED ||
           (q->d->zh && f->presence == RT_PRESENCE_POSSIBLE) ||
           (rt_qa_positive(f) && s.len > 0 && s.ptr[s.len - 1] == '?');
}

/* By its name, or by what is said of its organ: denied there, or another lesion of weight. */
static bool answers(const rt_qa *q, const rt_qa_fact *f, const rt_qa_fact *b)
{
    if (rt_qa_related(q, f, b))
        return true;
    bool weighty = rt_qa_is(b, RT_QA_SET_SIGNIFICANT) || rt_qa_is(b, RT_QA_SET_FOCAL) ||
                   rt_qa_is(b, RT_QA_SET_MALIGNANT);
    bool minor = rt_qa_is(f, RT_QA_SET_SIGNIFICANT) && !weighty;
    if (f->organ != 0 && b->organ == 0 && rt_qa_is(f, RT_QA_SET_SIGNIFICANT))
        return false; /* a cyst behind the knee says nothing of the veins */
    if (b->derived && rt_qa_is(f, RT_QA_SET_VESSEL))
        return false; /* clear lungs say nothing of their arteries */
    if (rt_qa_alike(q, f, b))
        return b->presence == RT_PRESENCE_ABSENT || !minor;
    return f->organ == 0 && f->region > 1 && f->region == b->region &&
           b->part == RT_QA_IMPRESSION && (b->presence == RT_PRESENCE_ABSENT || weighty);
}

static void check_question(rt_qa *q)
{
    for (uint32_t i = 0; i < q->facts.len && q->in_part[RT_QA_HISTORY] > 0; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part != RT_QA_HISTORY || f->finding == RT_NIL || !is_asked(q, f) ||
            rt_qa_type(q, f) == RT_TYPE_PROCEDURE || rt_qa_is(f, RT_QA_SET_VAGUE))
            continue;
        bool answered = false, any = false;
        for (uint32_t k = 0; k < q->facts.len && !answered; k++) {
            const rt_qa_fact *b = &q->facts.at[k];
            any = any || b->part == RT_QA_IMPRESSION;
            answered = b->part >= RT_QA_BODY && answers(q, f, b);
        }
        for (uint32_t s = 0; s < q->d->sentences.len && !answered; s++)
            answered = rt_qa_part_of_sentence(q, s) == RT_QA_IMPRESSION &&
                       rt_qa_says(q, s, RT_MARK_NORMAL);
        if (!answered && any) {
            rt_qa_report(q, RT_Q(45), rt_qa_at(q, f), RT_QA_NONE);
            return;
        }
    }
}

void rt_qa_whole(rt_qa *q)
{
    check_omission(q);
    check_sections(q);
    check_no_impression(q);
    check_complete_exam(q);
    check_side_missing(q);
    check_question(q);
}
