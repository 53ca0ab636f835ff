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

static uint8_t join_sides(uint8_t a, uint8_t b)
{
    return a == RT_SIDE_NONE || a == b ? b : b == RT_SIDE_NONE ? a : RT_SIDE_BILATERAL;
}

static void take_concept(rt_qa *q, uint32_t concept, uint8_t side, rt_fspan at)
{
    const rt_concept *c = &q->lex->concepts[concept];
    uint32_t organ = q->about[concept].organ;
    if (c->type == RT_TYPE_SIDE)
        side = c->value;
    q->exam.side = join_sides(q->exam.side, side);
    q->exam.side_end = c->type == RT_TYPE_SIDE ? at.end : q->exam.side_end;
    if (c->type != RT_TYPE_ANATOMY)
        return;
    RT_PUSH(&q->c->temp, &q->exam.places, concept);
    q->exam.regions |= 1U << q->about[concept].region;
    q->exam.organs |= organ > 0 ? UINT64_C(1) << organ : 0;
    q->exam.paired = q->exam.paired || organ > 0 || (c->flags & RT_CONCEPT_PAIRED) != 0 ||
                     side != RT_SIDE_NONE || q->exam.side_end == at.beg; /* 右颈部 */
}

/* Words that tell what was done. */
#define EXAM_WORDS                                                                                 \
    RT_MARK_MODALITY, RT_MARK_PLAIN, RT_MARK_CONTRAST, RT_MARK_COMPLETE, RT_MARK_RADS_EXAM,        \
        RT_MARK_RADS_EXEMPT

static void take_mark(rt_qa *q, uint32_t word)
{
    uint32_t mark = q->lex->marks[word].mark;
    if (mark == RT_MARK_MODALITY)
        q->exam.modalities |= q->meaning[word].modalities;
    else if (mark == RT_MARK_PLAIN)
        q->exam.plain = true;
    else if (mark == RT_MARK_CONTRAST)
        q->exam.contrast = true;
    else if (mark == RT_MARK_COMPLETE || mark == RT_MARK_RADS_EXAM || mark == RT_MARK_RADS_EXEMPT)
        RT_PUSH(&q->c->temp, &q->exam.words, word);
}

/* Something of the lexicon that stands where the exam is named. All marks count, but of concepts
 * the longest; end: where it ends, beg + 1 as long as there is none. */
static uint32_t take_pattern(rt_qa *q, uint32_t pattern, rt_fspan at, uint32_t end)
{
    rt_range r = q->lex->patterns[pattern].entries;
    for (uint32_t k = r.first; k < r.first + r.count; k++) {
        const rt_entry *e = &q->lex->entries[k];
        if (e->kind == RT_ENTRY_MARK) {
            take_mark(q, e->target);
        } else if (e->kind == RT_ENTRY_CONCEPT && end == at.beg + 1 &&
                   !(e->flags & RT_FORM_CASED)) {
            take_concept(q, e->target, e->side, at);
            if (q->lex->concepts[e->target].type != RT_TYPE_MODALITY)
                end = at.end; /* "chest radiograph" holds the chest */
        }
    }
    return end;
}

static bool starts(rt_str s, uint32_t i)
{
    return !rt_utf8_cont(s.ptr[i]) &&
           (i == 0 || !rt_is_word(s.ptr[i]) || !rt_is_word(s.ptr[i - 1]));
}

/* Behind the concept that starts at i; within another one ("of both breasts") marks alone count. */
static uint32_t take_at(rt_qa *q, rt_str s, uint32_t i, bool within)
{
    rt_match m[32];
    uint32_t end = within ? (uint32_t)s.len : i + 1;
    uint32_t n = rt_automaton_match(&q->lex->automaton, s, i, m, 32);
    while (n-- > 0)
        if (m[n].end == s.len || !rt_is_word(s.ptr[m[n].end]) || !rt_is_word(s.ptr[m[n].end - 1]))
            end = take_pattern(q, m[n].pattern, (rt_fspan){i, m[n].end}, end);
    return within ? 0 : end;
}

static size_t name_end(rt_str s, size_t beg, size_t end)
{
    if (end - beg <= MAX_NAME)
        return end;
    end = beg + MAX_NAME;
    while (rt_utf8_cont(s.ptr[end]))
        end--;
    return end;
}

static void read_field(rt_qa *q, rt_str field)
{
    if (field.len == 0)
        return;
    size_t len = name_end(field, 0, field.len);
    rt_str s = rt_fold_term(&q->c->temp, rt_str_slice(field, 0, len));
    uint32_t end = 0;
    q->exam.side_end = RT_NIL;
    for (uint32_t i = 0; i < s.len; i++)
        if (starts(s, i)) {
            uint32_t behind = take_at(q, s, i, i < end);
            end = behind > end ? behind : end;
        }
}

/* What the scan has found at one place, the longest first. Hits that are marks too stand in both
 * lists. */
static uint32_t take_hits(rt_qa *q, rt_range hits, rt_range marks, uint32_t last)
{
    const rt_hit *h = q->d->hits.at + hits.first, *m = q->d->marks.at + marks.first;
    uint32_t n = hits.count, k = marks.count;
    uint32_t beg = n > 0 ? h->at.beg : m->at.beg, end = beg + 1;
    while (n + k > 0) {
        bool mark = k > 0 && (n == 0 || m[k - 1].at.end >= h[n - 1].at.end);
        const rt_hit *at = mark ? &m[--k] : &h[--n];
        if (at->at.end <= last && (mark || !(at->reads & RT_READS(RT_ENTRY_MARK))))
            end = take_pattern(q, at->pattern, at->at, end);
    }
    return end;
}

static uint32_t at_one_place(const rt_hit *h, uint32_t n, uint32_t beg)
{
    uint32_t count = 0;
    while (count < n && h[count].at.beg == beg)
        count++;
    return count;
}

/* From i on the first hit before `end` that may name a part of an exam; where it stands. */
static uint32_t skip_hits(const rt_doc *d, uint32_t *i, uint32_t end)
{
    while (*i < d->hits.len && d->hits.at[*i].at.beg < end &&
           !(d->hits.at[*i].reads & RT_READS(RT_ENTRY_CONCEPT)))
        ++*i;
    return *i < d->hits.len ? d->hits.at[*i].at.beg : RT_NIL;
}

static uint32_t skip_marks(const rt_qa *q, uint32_t *i, uint32_t end, rt_mark_sets sets)
{
    const rt_doc *d = q->d;
    const uint16_t *patterns = rt_checks_patterns(q->checks);
    while (*i < d->marks.len && d->marks.at[*i].at.beg < end &&
           !(d->marks.at[*i].reads & RT_READS(RT_ENTRY_CONCEPT)) &&
           !rt_qa_share(q->sets[patterns[d->marks.at[*i].pattern]], sets))
        ++*i;
    return *i < d->marks.len ? d->marks.at[*i].at.beg : RT_NIL;
}

/* The same of a range of the text: the scan has been there. */
static void read_range(rt_qa *q, rt_fspan in)
{
    const rt_doc *d = q->d;
    rt_mark_sets sets = RT_QA_WORDS(EXAM_WORDS);
    rt_range hits = {rt_doc_first_hit(d, in.beg), 0}, marks = {rt_doc_first_mark(d, in.beg), 0};
    uint32_t end = in.beg;
    for (;; hits.first += hits.count, marks.first += marks.count) {
        uint32_t h = skip_hits(d, &hits.first, in.end);
        uint32_t m = skip_marks(q, &marks.first, in.end, sets);
        uint32_t beg = h < m ? h : m;
        if (beg >= in.end)
            return;
        hits.count = at_one_place(d->hits.at + hits.first, d->hits.len - hits.first, beg);
        marks.count = at_one_place(d->marks.at + marks.first, d->marks.len - marks.first, beg);
        if (beg >= end && (beg == in.beg || starts(d->text.folded, beg)))
            end = take_hits(q, hits, marks, in.end);
    }
}

static bool names_exam(const rt_qa *q, uint32_t section)
{
    unsigned type = q->d->sections.at[section].type;
    return type == RT_SECTION_REQUEST || type == RT_SECTION_TECHNIQUE ||
           (type == RT_SECTION_FINDINGS && rt_qa_part_of(q, section) == RT_QA_HISTORY);
}

/* For a message. */
static rt_str exam_name(const rt_qa *q)
{
    if (q->exam.section == RT_NIL)
        return q->exam.name;
    rt_fspan at = q->d->sections.at[q->exam.section].at;
    return rt_str_trim(rt_text_slice(&q->d->text, rt_qa_span(q, at)));
}

static rt_fspan trimmed(rt_str s, rt_fspan at)
{
    while (at.beg < at.end && rt_is_blank(s.ptr[at.beg]))
        at.beg++;
    while (at.beg < at.end && rt_is_blank(s.ptr[at.end - 1]))
        at.end--;
    return at;
}

/* The same from the text. */
static void read_section(rt_qa *q, uint32_t section)
{
    rt_fspan at = trimmed(q->d->text.folded, q->d->sections.at[section].at);
    if (at.beg == at.end)
        return;
    at.end = (uint32_t)name_end(q->d->text.folded, at.beg, at.end);
    read_range(q, at);
    q->exam.section = q->exam.section == RT_NIL ? section : q->exam.section;
}

/* Words of a section where the exam is named. */
static void read_words(rt_qa *q, uint32_t section, rt_mark_sets sets)
{
    rt_fspan in = q->d->sections.at[section].at;
    uint32_t first = rt_doc_first_mark(q->d, in.beg);
    rt_range marks = {first, rt_doc_first_mark(q->d, in.end) - first};
    for (const rt_qa_word *w = NULL; (w = rt_qa_each_in(q, sets, marks, w)) != NULL;)
        if (w->sentence != RT_NIL)
            take_mark(q, w->word);
}

bool rt_qa_read_record(rt_qa *q)
{
    const rt_str *field = q->d->record->field;
    q->exam.section = RT_NIL;
    q->exam.name = field[RT_FIELD_EXAM].len > 0 ? field[RT_FIELD_EXAM] : field[RT_FIELD_ORDER];
    read_field(q, field[RT_FIELD_EXAM]);
    read_field(q, field[RT_FIELD_ORDER]);
    read_field(q, field[RT_FIELD_BODY_PART]);
    read_field(q, field[RT_FIELD_MODALITY]);
    for (uint32_t s = 0; s < q->d->sections.len; s++)
        if (q->exam.name.len == 0 && names_exam(q, s))
            return true;
    return q->exam.modalities != 0;
}

/* Where the record names no exam, the text does; contrast may be said in the technique alone,
 * whatever the record says. */
void rt_qa_read_exam(rt_qa *q)
{
    bool named = q->exam.name.len > 0;
    rt_mark_sets sets =
        named ? RT_QA_WORDS(RT_MARK_PLAIN, RT_MARK_CONTRAST) : RT_QA_WORDS(EXAM_WORDS);
    for (uint32_t s = 0; s < q->d->sections.len && !named; s++)
        if (names_exam(q, s) && q->d->sections.at[s].type != RT_SECTION_TECHNIQUE)
            read_section(q, s);
    for (uint32_t s = 0; s < q->d->sections.len; s++)
        if (names_exam(q, s))
            read_words(q, s, sets);
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
        uint8_t side = rt_qa_side_of(q, m);
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
    uint32_t organ = q->about[place].organ;
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
    uint32_t region = q->about[place].region, shown = 0;
    bool limb = rt_qa_concept_in(q, place, RT_QA_SET_LIMB);
    for (uint32_t i = 1; i < 32; i++)
        if (q->exam.regions >> i & 1U)
            shown |= rt_checks_around(q->checks, i);
    return in_exam(q, place) || (!limb && (shown >> region & 1U));
}

/* Normal statements of the findings that name no place of the lexicon, all of one region; at: the
 * first of them. */
static uint32_t normal_elsewhere(const rt_qa *q, uint32_t *region, rt_span *at)
{
    uint32_t n = 0, last = RT_NIL;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part != RT_QA_BODY || !f->derived || f->place == RT_NIL || f->region == 0)
            continue;
        uint32_t beg = q->d->findings.at[f->finding].at.beg;
        *at = n == 0 ? rt_qa_at(q, f) : *at;
        *region = n == 0 ? f->region : *region;
        n += f->region == *region && beg != last;
        last = beg;
    }
    return n;
}

/* A catheter enters the body where it was not examined. */
static bool of_device(const rt_qa *q, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (q->d->mentions.at[i].type == RT_TYPE_DEVICE)
            return true;
    return false;
}

/* Findings of a neighbour region alone, and many of them: the lumbar spine in a CT of the chest. */
static bool only_neighbours(const rt_qa *q, rt_span *foreign)
{
    uint32_t other = 0, first = 0;
    *foreign = RT_QA_NONE;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint32_t region = q->about[m->concept].region;
        if (rt_qa_part_of_sentence(q, m->sentence) < RT_QA_BODY || region == 0 ||
            m->type != RT_TYPE_ANATOMY || of_device(q, m->sentence))
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
    if (other == 0)
        other = normal_elsewhere(q, &first, foreign);
    return other >= MANY_PLACES && first != 0 && foreign->beg < foreign->end;
}

static bool is_known(const rt_qa *q, uint32_t place)
{
    return q->about[place].region != 0;
}

static void check_body_part(rt_qa *q)
{
    rt_span foreign = RT_QA_NONE;
    if (q->exam.modalities == 0 || q->exam.places.len == 0 || (q->exam.regions & ~1U) == 0)
        return;
    if (only_neighbours(q, &foreign)) {
        rt_qa_report_word(q, RT_Q(6), foreign, RT_QA_NONE, exam_name(q));
        return;
    }
    const rt_mention *place = NULL; /* the first that does not fit */
    const rt_qa_fact *fact = NULL;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        bool anatomy = m->type == RT_TYPE_ANATOMY;
        if (rt_qa_part_of_sentence(q, m->sentence) < RT_QA_BODY || !is_known(q, m->concept) ||
            !(anatomy || rt_type_is_observation(m->type)) || of_device(q, m->sentence))
            continue;
        if (fits_exam(q, m->concept))
            return;
        place = anatomy && !place ? m : place;
    }
    for (uint32_t i = 0; i < q->facts.len; i++) { /* normal statements name no concept */
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->part < RT_QA_BODY || f->place == RT_NIL || !is_known(q, f->place))
            continue;
        if (fits_exam(q, f->place))
            return;
        fact = fact ? fact : f;
    }
    if (place || fact)
        rt_qa_report_word(q, RT_Q(6), place ? rt_qa_span(q, place->at) : rt_qa_at(q, fact),
                          RT_QA_NONE, exam_name(q));
}

/* ---- Q07 */

static bool other_modality_cited(const rt_qa *q, uint32_t sentence)
{
    rt_fspan in = rt_qa_sentence_at(q, sentence);
    const rt_qa_word *w;
    while (rt_qa_find_in(q, sentence, RT_MARK_MODALITY, in, &w)) {
        if (!(q->meaning[w->word].modalities & q->exam.modalities) &&
            !rt_qa_find(q, RT_MARK_SEEN_BY, (rt_fspan){w->at.beg, w->at.beg + 1}, NULL))
            return true; /* the CT of CT值 is none */
        in.beg = w->at.end;
    }
    return false;
}

static rt_str modality_word(const rt_qa *q)
{
#define X(n) #n,
    static const char *const names[] = {RT_QA_MODALITIES(X)};
#undef X
    uint32_t i = 0;
    while (!(q->exam.modalities >> i & 1U))
        i++;
    return rt_checks_say(q->checks, names[i], q->d->zh);
}

static void check_modality(rt_qa *q)
{
    if (q->exam.modalities == 0 || !rt_qa_has(q, RT_MARK_SEEN_BY))
        return;
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_SEEN_BY); w; w = rt_qa_next(q, w)) {
        if (w->sentence == RT_NIL || rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY ||
            (q->meaning[w->word].modalities & q->exam.modalities) ||
            other_modality_cited(q, w->sentence))
            continue;
        rt_qa_report_word(q, RT_Q(7), rt_qa_span(q, w->at), RT_QA_NONE, modality_word(q));
    }
}

/* ---- Q08 */

static void check_contrast(rt_qa *q)
{
    if (!q->exam.plain || q->exam.contrast || !rt_qa_has(q, RT_MARK_ENHANCED) ||
        (q->exam.modalities & 1U << RT_QA_US))
        return;
    const rt_qa_word *said = rt_qa_first(q, RT_MARK_PLAIN);
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_ENHANCED); w; w = rt_qa_next(q, w)) {
        if (w->sentence == RT_NIL || rt_qa_part_of_sentence(q, w->sentence) < RT_QA_BODY)
            continue;
        rt_qa_report_word(q, RT_Q(8), rt_qa_span(q, w->at),
                          said && said->at.beg < w->at.beg ? rt_qa_span(q, said->at) : RT_QA_NONE,
                          exam_name(q));
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
