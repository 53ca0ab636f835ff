/* What was done: reading the exam, and the checks of the exam against the report: side (Q02), body
 * part (Q06), modality (Q07), contrast (Q08). */
#include "base/utf8.h"
#include "stage/qa.h"
#include "text/fold.h"

enum {
    MAX_NAME = 400,  /* bytes of a record's field that are read */
    MANY_PLACES = 3, /* of one region beside the examined one: the report is of that one */
};

/* ---- reading */

static const char *const modality_names[] = {"CT", "MR",  "US", "XR",
                                             "MG", "PET", "NM", "FL"}; /* rt_qa_modality */

static uint32_t modality_bits(rt_str list)
{
    uint32_t bits = 0;
    while (list.len > 0) {
        rt_cut cut = rt_str_cut(list, ',');
        for (uint32_t i = 0; i < sizeof modality_names / sizeof *modality_names; i++)
            if (rt_str_eq(cut.head, rt_str_from(modality_names[i])))
                bits |= 1U << i;
        list = cut.tail;
    }
    return bits;
}

static uint8_t join_sides(uint8_t a, uint8_t b)
{
    return a == RT_SIDE_NONE || a == b ? b : b == RT_SIDE_NONE ? a : RT_SIDE_BILATERAL;
}

static void take_concept(rt_qa *q, uint32_t concept, uint8_t side, bool *paired)
{
    const rt_concept *c = &q->lex->concepts[concept];
    uint32_t organ = rt_checks_organ(q->checks, concept);
    if (c->type == RT_TYPE_SIDE)
        side = c->value;
    q->exam.side = join_sides(q->exam.side, side);
    if (c->type != RT_TYPE_ANATOMY)
        return;
    RT_PUSH(&q->c->temp, &q->exam.places, concept);
    q->exam.regions |= 1U << rt_checks_region(q->checks, concept);
    q->exam.organs |= organ > 0 ? UINT64_C(1) << organ : 0;
    *paired = *paired || organ > 0 || (c->flags & RT_CONCEPT_PAIRED) != 0;
}

static void take_mark(rt_qa *q, uint32_t word)
{
    const rt_marked *w = &q->lex->marks[word];
    if (w->mark == RT_MARK_MODALITY)
        q->exam.modalities |= modality_bits(rt_str_from(rt_lexicon_text(q->lex, w->value)));
    q->exam.plain = q->exam.plain || w->mark == RT_MARK_PLAIN;
    q->exam.contrast = q->exam.contrast || w->mark == RT_MARK_CONTRAST;
    RT_PUSH(&q->c->temp, &q->exam.words, word);
}

static bool starts(rt_str s, uint32_t i)
{
    return !rt_utf8_cont(s.ptr[i]) &&
           (i == 0 || !rt_is_word(s.ptr[i]) || !rt_is_word(s.ptr[i - 1]));
}

/* Patterns that start at i: all marks, and the longest concept; returns where that ends. */
static uint32_t take_at(rt_qa *q, rt_str s, uint32_t i, bool *paired)
{
    rt_match m[32];
    uint32_t end = i + 1;
    uint32_t n = rt_automaton_match(&q->lex->automaton, s, i, m, 32);
    while (n-- > 0) {
        if (m[n].end < s.len && rt_is_word(s.ptr[m[n].end]) && rt_is_word(s.ptr[m[n].end - 1]))
            continue;
        rt_range r = q->lex->patterns[m[n].pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++) {
            const rt_entry *e = &q->lex->entries[k];
            if (e->kind == RT_ENTRY_MARK) {
                take_mark(q, e->target);
            } else if (e->kind == RT_ENTRY_CONCEPT && end == i + 1 && !(e->flags & RT_FORM_CASED)) {
                take_concept(q, e->target, e->side, paired);
                if (q->lex->concepts[e->target].type != RT_TYPE_MODALITY)
                    end = m[n].end; /* "chest radiograph" holds the chest */
            }
        }
    }
    return end;
}

static void read_string(rt_qa *q, rt_str field, bool *paired)
{
    if (field.len == 0)
        return;
    size_t len = field.len < MAX_NAME ? field.len : MAX_NAME;
    while (len < field.len && rt_utf8_cont(field.ptr[len]))
        len--;
    rt_str s = rt_fold_term(&q->c->temp, rt_str_slice(field, 0, len));
    uint32_t end = 0;
    for (uint32_t i = 0; i < s.len; i++)
        if (i >= end && starts(s, i))
            end = take_at(q, s, i, paired);
}

static bool names_exam(const rt_qa *q, uint32_t section)
{
    unsigned type = q->d->sections.at[section].type;
    return type == RT_SECTION_REQUEST || type == RT_SECTION_TECHNIQUE ||
           (type == RT_SECTION_FINDINGS && rt_qa_part_of(q, section) == RT_QA_HISTORY);
}

/* The same from the text. */
static void read_sections(rt_qa *q, bool *paired)
{
    for (uint32_t s = 0; s < q->d->sections.len; s++) {
        if (!names_exam(q, s))
            continue;
        rt_str text =
            rt_str_trim(rt_text_slice(&q->d->text, rt_doc_span(q->d, q->d->sections.at[s].at)));
        if (q->d->sections.at[s].type != RT_SECTION_TECHNIQUE) {
            read_string(q, text, paired);
            q->exam.name = q->exam.name.len == 0 ? text : q->exam.name;
        }
    }
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->sentence != RT_NIL && names_exam(q, q->d->sentences.at[w->sentence].section))
            take_mark(q, w->word);
    }
}

/* Contrast may be said in the technique alone, whatever the record says. */
static void read_contrast(rt_qa *q)
{
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if ((w->mark == RT_MARK_PLAIN || w->mark == RT_MARK_CONTRAST) && w->sentence != RT_NIL &&
            names_exam(q, q->d->sentences.at[w->sentence].section))
            take_mark(q, w->word);
    }
}

bool rt_qa_read_record(rt_qa *q)
{
    const rt_str *field = q->d->record->field;
    bool paired = false;
    q->exam.name = field[RT_FIELD_EXAM].len > 0 ? field[RT_FIELD_EXAM] : field[RT_FIELD_ORDER];
    read_string(q, field[RT_FIELD_EXAM], &paired);
    read_string(q, field[RT_FIELD_ORDER], &paired);
    read_string(q, field[RT_FIELD_BODY_PART], &paired);
    read_string(q, field[RT_FIELD_MODALITY], &paired);
    q->exam.paired = paired;
    for (uint32_t s = 0; s < q->d->sections.len; s++)
        if (q->exam.name.len == 0 && names_exam(q, s))
            return true;
    return q->exam.modalities != 0;
}

void rt_qa_read_exam(rt_qa *q)
{
    if (q->exam.name.len == 0)
        read_sections(q, &q->exam.paired);
    else
        read_contrast(q);
    if (!q->exam.paired)
        q->exam.side = RT_SIDE_NONE; /* "chest, left lateral" */
}

/* ---- Q02 */

/* The report speaks of the other side and never of the one that was examined. */
static void check_side(rt_qa *q)
{
    const rt_mention *other = NULL;
    uint8_t asked = q->exam.side;
    if (asked != RT_SIDE_LEFT && asked != RT_SIDE_RIGHT)
        return;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint8_t side =
            m->type == RT_TYPE_SIDE ? q->lex->concepts[m->concept].value : (uint8_t)m->side;
        if (side == RT_SIDE_NONE || side == RT_SIDE_MIDLINE ||
            rt_qa_part_of_sentence(q, m->sentence) < RT_QA_BODY)
            continue;
        if (side != rt_qa_opposite(asked))
            return;
        if (!other && !rt_qa_says(q, m->sentence, RT_MARK_COMPARED_SIDE))
            other = m;
    }
    if (other)
        rt_qa_report_word(q, RT_Q(2), rt_qa_span(q, other->at), RT_QA_NONE,
                          rt_checks_say(q->checks, rt_side_name(asked), q->d->zh));
}

/* ---- Q06 */

static bool in_exam(const rt_qa *q, uint32_t place)
{
    uint32_t organ = rt_checks_organ(q->checks, place);
    if (organ > 0 && (q->exam.organs >> organ & 1U))
        return true;
    for (uint32_t i = 0; i < q->exam.places.len; i++)
        if (rt_lexicon_part_of(q->lex, place, q->exam.places.at[i]) ||
            rt_lexicon_part_of(q->lex, q->exam.places.at[i], place))
            return true;
    return false;
}

/* Limbs are one region: there the places decide. Elsewhere a neighbour region is near enough,
 * unless the report has nothing of the region itself. */
static bool fits_exam(const rt_qa *q, uint32_t place)
{
    uint32_t region = rt_checks_region(q->checks, place), shown = 0;
    bool limb = rt_checks_in(q->checks, place, RT_QA_SET_LIMB);
    for (uint32_t i = 1; i < 32; i++)
        if (q->exam.regions >> i & 1U)
            shown |= rt_checks_around(q->checks, i);
    return in_exam(q, place) || (!limb && (shown >> region & 1U));
}

/* Findings of a neighbour region alone, and many of them: the lumbar spine in a CT of the chest. */
static bool only_neighbours(const rt_qa *q, rt_span *foreign)
{
    uint32_t other = 0, first = 0;
    *foreign = RT_QA_NONE;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint32_t region = rt_checks_region(q->checks, m->concept);
        if (rt_qa_part_of_sentence(q, m->sentence) < RT_QA_BODY || region == 0 ||
            m->type != RT_TYPE_ANATOMY)
            continue;
        if (in_exam(q, m->concept) || (q->exam.regions >> region & 1U) ||
            (first != 0 && region != first && !(rt_checks_around(q->checks, first) >> region & 1U)))
            return false;
        first = first == 0 ? region : first;
        if (foreign->beg == foreign->end)
            *foreign = rt_qa_span(q, m->at);
        other++;
    }
    for (uint32_t i = 0; i < q->facts.len; i++) { /* findings, and what is normal by another name */
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part >= RT_QA_BODY && (q->exam.regions >> f->region & 1U) && f->region != 0 &&
            (rt_qa_positive(f) || f->place == RT_NIL || in_exam(q, f->place)))
            return false;
    }
    return other >= MANY_PLACES && first != 0 && foreign->beg < foreign->end;
}

/* Says of one place whether it fits; remembers the first that does not. */
static bool fits(const rt_qa *q, uint32_t place, rt_span at, rt_span *foreign)
{
    if (rt_checks_region(q->checks, place) == 0)
        return false;
    if (fits_exam(q, place))
        return true;
    if (foreign && foreign->beg == foreign->end)
        *foreign = at;
    return false;
}

static void check_body_part(rt_qa *q)
{
    rt_span foreign = RT_QA_NONE;
    if (q->exam.modalities == 0 || q->exam.places.len == 0 || (q->exam.regions & ~1U) == 0)
        return;
    if (only_neighbours(q, &foreign)) {
        rt_qa_report_word(q, RT_Q(6), foreign, RT_QA_NONE, q->exam.name);
        return;
    }
    foreign = RT_QA_NONE;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (rt_qa_part_of_sentence(q, m->sentence) >= RT_QA_BODY &&
            (m->type == RT_TYPE_ANATOMY || rt_type_is_observation(m->type)) &&
            fits(q, m->concept, rt_qa_span(q, m->at), m->type == RT_TYPE_ANATOMY ? &foreign : NULL))
            return;
    }
    for (uint32_t i = 0; i < q->facts.len; i++) { /* normal statements name no concept */
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part >= RT_QA_BODY && f->place != RT_NIL && fits(q, f->place, f->at, &foreign))
            return;
    }
    if (foreign.beg < foreign.end)
        rt_qa_report_word(q, RT_Q(6), foreign, RT_QA_NONE, q->exam.name);
}

/* ---- Q07 */

static bool other_modality_cited(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = q->d->sentences.at[sentence].at;
    const rt_qa_word *w;
    while (rt_qa_find(q, RT_MARK_MODALITY, in, &w)) {
        if (!(modality_bits(rt_str_from(rt_qa_value(q, w))) & q->exam.modalities) &&
            !rt_qa_find(q, RT_MARK_SEEN_BY, (rt_fspan){w->at.beg, w->at.beg + 1}, NULL))
            return true; /* the CT of CT值 is none */
        in.beg = w->at.end;
    }
    return false;
}

static rt_str modality_word(const rt_qa *q)
{
    uint32_t i = 0;
    while (!(q->exam.modalities >> i & 1U))
        i++;
    return rt_checks_say(q->checks, modality_names[i], q->d->zh);
}

static void check_modality(rt_qa *q)
{
    if (q->exam.modalities == 0 || q->count[RT_MARK_SEEN_BY] == 0)
        return;
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->mark != RT_MARK_SEEN_BY || w->sentence == RT_NIL ||
            rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY ||
            (modality_bits(rt_str_from(rt_qa_value(q, w))) & q->exam.modalities) ||
            other_modality_cited(q, w->sentence))
            continue;
        rt_qa_report_word(q, RT_Q(7), rt_qa_span(q, w->at), RT_QA_NONE, modality_word(q));
    }
}

/* ---- Q08 */

static const rt_qa_word *first_word(const rt_qa *q, rt_mark_type set)
{
    const rt_qa_word *w = NULL;
    rt_qa_find(q, set, (rt_fspan){0, (uint32_t)q->d->text.folded.len}, &w);
    return w;
}

static void check_contrast(rt_qa *q)
{
    if (!q->exam.plain || q->exam.contrast || q->count[RT_MARK_ENHANCED] == 0 ||
        (q->exam.modalities & 1U << RT_QA_US))
        return;
    const rt_qa_word *said = first_word(q, RT_MARK_PLAIN);
    for (uint32_t i = 0; i < q->words.len; i++) {
        const rt_qa_word *w = &q->words.at[i];
        if (w->mark != RT_MARK_ENHANCED || w->sentence == RT_NIL ||
            rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY)
            continue;
        rt_qa_report_word(q, RT_Q(8), rt_qa_span(q, w->at),
                          said && said < w ? rt_qa_span(q, said->at) : RT_QA_NONE, q->exam.name);
        return;
    }
}

void rt_qa_exam_checks(rt_qa *q)
{
    check_side(q);
    check_body_part(q);
    check_modality(q);
    check_contrast(q);
}
