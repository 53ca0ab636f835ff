/* Stage qa: does the report contradict itself, the record or common sense? This file gathers what
 * the checks look at and keeps their reports; the checks stand in qa_*.c, their words, numbers and
 * messages in lexicons/qa*.tsv. Linear in the text but for comparisons of facts, which are bounded
 * by MAX_FACTS. */
#include "stage/qa.h"

enum {
    MAX_WORDS = 400, /* of one sentence that are looked at */
    MAX_FACTS = 400, /* of one report that are compared; more is no report that a person reads */
    BLANKS = 2,      /* bytes between a heading and the first sentence below it */
    MAX_TITLE = 100, /* bytes */
    NEAR = 48,       /* bytes between a side word and the head that are shown as one place */
};

static rt_qa_group *const groups[] = {
    rt_qa_read_exam, /* first: others ask what was done */
    rt_qa_exam_checks, rt_qa_side,  rt_qa_pair,   rt_qa_patient, rt_qa_time,
    rt_qa_organ,       rt_qa_count, rt_qa_advice, rt_qa_whole,   rt_qa_text,
};

/* ---- reports */

bool rt_qa_wants(const rt_qa *q, uint32_t check)
{
    return rt_checks_info(q->checks, check)->on &&
           q->issues[check] < rt_checks_param(q->checks, RT_QA_PARAM_MAX_ISSUES);
}

static rt_str message_of(const rt_qa *q, const char *form, const rt_span at[2], rt_str word)
{
    const rt_str part[] = {rt_text_slice(&q->d->text, at[0]), rt_text_slice(&q->d->text, at[1]),
                           word};
    size_t room = strlen(form) + part[0].len + part[1].len + (size_t)2 * word.len;
    char *z = RT_NEW(q->c->perm, char, room);
    return (rt_str){z, z ? rt_checks_message(form, part, z, room) : 0};
}

static bool touch(rt_span a, rt_span b)
{
    return (a.beg == b.beg && a.end == b.end) || (a.beg < b.end && b.beg < a.end);
}

/* A check has told of this place already: a second fact of the same words is no second mistake. */
static bool is_told(const rt_qa *q, uint32_t check, rt_span a, rt_span b)
{
    for (uint32_t i = 0; i < q->d->qa.len; i++) {
        const rt_qa_issue *old = &q->d->qa.at[i];
        if (old->check == check &&
            (touch(old->at[0], a) || (b.beg < b.end && touch(old->at[1], b))))
            return true;
    }
    return false;
}

void rt_qa_report_word(rt_qa *q, uint32_t check, rt_span a, rt_span b, rt_str word)
{
    if (!rt_qa_wants(q, check) || is_told(q, check, a, b))
        return;
    const rt_check_info *info = rt_checks_info(q->checks, check);
    rt_qa_issue issue = {.at = {a, b}, .check = check};
    issue.message = message_of(q, q->d->zh ? info->message_zh : info->message_en, issue.at, word);
    RT_PUSH(q->c->perm, &q->d->qa, issue);
    q->issues[check]++;
}

void rt_qa_report(rt_qa *q, uint32_t check, rt_span a, rt_span b)
{
    rt_qa_report_word(q, check, a, b, RT_STR(""));
}

/* ---- words */

/* What stands before the first heading: the title of the report if it is one short line without a
 * full stop; what it is otherwise, when the findings have a heading of their own, nobody knows. */
static rt_qa_part part_of_first(const rt_qa *q)
{
    const rt_section *s = &q->d->sections.at[0];
    if (s->heading.beg < s->heading.end || q->d->sections.len == 1)
        return RT_QA_BODY;
    rt_str text = rt_str_trim(rt_text_fslice(&q->d->text, s->at));
    if (text.len <= MAX_TITLE && !rt_str_find(text, RT_STR("."), NULL) &&
        !rt_str_find(text, RT_STR("。"), NULL) && !rt_str_find(text, RT_STR("\n"), NULL))
        return RT_QA_HISTORY;
    for (uint32_t i = 1; i < q->d->sections.len; i++)
        if (q->d->sections.at[i].type == RT_SECTION_FINDINGS)
            return RT_QA_NOWHERE;
    return RT_QA_BODY;
}

rt_qa_part rt_qa_part_of(const rt_qa *q, uint32_t section)
{
    switch ((rt_section_type)q->d->sections.at[section].type) {
    case RT_SECTION_REQUEST:
    case RT_SECTION_CLINICAL:
        return RT_QA_HISTORY;
    case RT_SECTION_FINDINGS:
        return section == 0 ? part_of_first(q) : RT_QA_BODY;
    case RT_SECTION_IMPRESSION:
        return RT_QA_IMPRESSION;
    case RT_SECTION_ADDENDUM:
        return RT_QA_ADDENDUM;
    case RT_SECTION_TECHNIQUE:
    case RT_SECTION_COMPARISON:
    case RT_SECTION_RECOMMENDATION:
    case RT_SECTION_COMMUNICATION:
    case RT_SECTION_OTHER:
    case RT_SECTION_END:
        break;
    }
    return RT_QA_NOWHERE;
}

/* Words are sorted by position: the first one of the range is found by halving. */
bool rt_qa_find(const rt_qa *q, rt_mark_type set, rt_fspan in, const rt_qa_word **out)
{
    uint32_t lo = 0, hi = q->words.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (q->words.at[mid].at.beg < in.beg)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < q->words.len && q->words.at[lo].at.beg < in.end; lo++)
        if (q->words.at[lo].mark == set) {
            if (out)
                *out = &q->words.at[lo];
            return true;
        }
    return false;
}

static bool any_word(const rt_qa *q, rt_str in, rt_range words)
{
    for (uint32_t i = words.first; i < words.first + words.count; i++)
        if (rt_str_find(in, rt_str_from(rt_lexicon_text(q->lex, q->lex->words[i])), NULL))
            return true;
    return false;
}

/* Where what belongs to a sentence begins: its label, or the heading right before it. */
static uint32_t line_of(const rt_qa *q, const rt_sentence *t)
{
    const rt_section *s = &q->d->sections.at[t->section];
    uint32_t beg = t->label.beg < t->label.end ? t->label.beg : t->at.beg;
    bool first = s->heading.beg < s->heading.end && s->at.beg <= beg && beg <= s->at.beg + BLANKS;
    beg = first ? s->heading.beg : beg;
    return beg < t->at.beg ? beg : t->at.beg;
}

static void push_word(rt_qa *q, const rt_hit *h, const rt_entry *e, uint32_t sentence)
{
    if (e->require.count > 0 || e->forbid.count > 0) {
        rt_str s = q->d->text.folded;
        if (sentence != RT_NIL) { /* with its label: "Signed by: ____" */
            const rt_sentence *t = &q->d->sentences.at[sentence];
            s = rt_str_slice(s, line_of(q, t), t->at.end);
        }
        if ((e->require.count > 0 && !any_word(q, s, e->require)) || any_word(q, s, e->forbid))
            return;
    }
    rt_qa_word w = {h->at, e->target, sentence, q->lex->marks[e->target].mark};
    RT_PUSH(&q->c->temp, &q->words, w);
    q->count[w.mark]++;
}

/* Sets that nothing asks for in this report: their words, which may be many, need no look. */
static bool words_unused(const rt_qa *q, bool exam_known, rt_mark_type set)
{
    const rt_str *field = q->d->record->field;
    rt_str sex = field[RT_FIELD_SEX];
    bool male = sex.len > 0 && (sex.ptr[0] == 'M' || sex.ptr[0] == 'm');
    bool female = sex.len > 0 && (sex.ptr[0] == 'F' || sex.ptr[0] == 'f');
    if (set == RT_MARK_SOLID || set == RT_MARK_SIMPLE || set == RT_MARK_SUSPICIOUS)
        return q->d->grades.len == 0;
    if (set == RT_MARK_MALE_WORD || set == RT_MARK_MALE_PRONOUN)
        return !female;
    if (set == RT_MARK_FEMALE_WORD || set == RT_MARK_FEMALE_PRONOUN)
        return !male;
    if (set == RT_MARK_SURNAME || set == RT_MARK_NAME_LABEL)
        return field[RT_FIELD_PATIENT_NAME].len == 0;
    return set == RT_MARK_SEEN_BY && !exam_known;
}

static void gather_words(rt_qa *q, bool exam_known)
{
    bool unused[RT_MARK_END];
    for (unsigned set = 0; set < RT_MARK_END; set++)
        unused[set] = words_unused(q, exam_known, set);
    uint32_t s = 0, last = RT_NIL, in_sentence = 0;
    for (uint32_t i = 0; i < q->d->marks.len; i++) {
        const rt_hit *h = &q->d->marks.at[i];
        if (!(h->reads & RT_READS(RT_ENTRY_MARK)))
            continue;
        rt_range r = q->lex->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++) {
            if (q->lex->entries[k].kind != RT_ENTRY_MARK ||
                unused[q->lex->marks[q->lex->entries[k].target].mark])
                continue;
            while (s < q->d->sentences.len && q->d->sentences.at[s].at.end <= h->at.beg)
                s++;
            in_sentence = s == last ? in_sentence + 1 : 0;
            last = s;
            if (in_sentence > MAX_WORDS)
                continue;
            bool inside = s < q->d->sentences.len && q->d->sentences.at[s].at.beg <= h->at.beg;
            push_word(q, h, &q->lex->entries[k], inside ? s : RT_NIL);
        }
    }
}

/* ---- facts */

rt_span rt_qa_join(rt_span a, rt_span b)
{
    if (b.beg >= b.end)
        return a;
    rt_span u = {a.beg < b.beg ? a.beg : b.beg, a.end > b.end ? a.end : b.end};
    return u.end - u.beg <= (a.end - a.beg) + (b.end - b.beg) + NEAR ? u : a;
}

/* Mentions of a sentence, found by binary search. */
rt_range rt_qa_mentions(const rt_qa *q, uint32_t sentence)
{
    uint32_t lo = rt_doc_first_mention_in(q->d, sentence);
    rt_range r = {lo, 0};
    while (lo + r.count < q->d->mentions.len &&
           q->d->mentions.at[lo + r.count].sentence == sentence)
        r.count++;
    return r;
}

static uint8_t side_of(const rt_qa *q, const rt_mention *m)
{
    return m->type == RT_TYPE_SIDE ? q->lex->concepts[m->concept].value : m->side;
}

/* The side that all words of the sentence agree on; NONE when there is none or more than one. */
static uint8_t sentence_side(const rt_qa *q, rt_range mentions, rt_fspan *at)
{
    uint8_t side = RT_SIDE_NONE;
    for (uint32_t i = mentions.first; i < mentions.first + mentions.count; i++) {
        uint8_t s = side_of(q, &q->d->mentions.at[i]);
        if (s == RT_SIDE_NONE)
            continue;
        if (side != RT_SIDE_NONE && s != side)
            return RT_SIDE_NONE;
        if (side == RT_SIDE_NONE)
            *at = q->d->mentions.at[i].at;
        side = s;
    }
    return side;
}

/* The words that say the side of a finding: of those of its sentence the nearest. */
static rt_span nearest_side(const rt_qa *q, const rt_finding *f)
{
    rt_range r = rt_qa_mentions(q, f->sentence);
    rt_fspan best = {0, 0}, head = q->d->mentions.at[f->mention].at;
    uint32_t distance = UINT32_MAX;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        uint32_t gap = m->at.end <= head.beg ? head.beg - m->at.end : m->at.beg - head.beg;
        if (side_of(q, m) != f->side || gap >= distance)
            continue;
        distance = gap;
        best = m->at;
    }
    return best.beg < best.end ? rt_qa_span(q, best) : RT_QA_NONE;
}

static void place_fact(const rt_qa *q, rt_qa_fact *fact, uint32_t concept)
{
    if (fact->place == RT_NIL)
    fact->place = concept;
    if (fact->organ == 0)
        fact->organ = (uint8_t)rt_checks_organ(q->checks, concept);
    if (fact->region == 0)
        fact->region = (uint8_t)rt_checks_region(q->checks, concept);
}

static void size_fact(const rt_qa *q, rt_qa_fact *fact, const rt_finding *f)
{
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        const rt_measure *m = &q->d->measures.at[q->d->finding_measures.at[i]];
        for (uint32_t k = 0; m->kind == RT_MEASURE_LENGTH && !m->prior && k < m->n; k++) {
            double v = m->high > m->value[k] ? m->high : m->value[k];
            if (v <= fact->size)
                continue;
            fact->size = v;
            fact->size_at = rt_qa_span(q, m->at);
        }
    }
}

static uint8_t acuity_of(const rt_qa *q, const rt_finding *f)
{
    uint64_t sets = rt_checks_sets(q->checks, f->concept);
    for (uint32_t i = f->modifiers.first; i < f->modifiers.first + f->modifiers.count; i++)
        sets |= rt_checks_sets(q->checks, q->d->modifiers.at[i].concept);
    bool acute = sets >> RT_QA_SET_ACUTE & 1U, old = sets >> RT_QA_SET_OLD & 1U;
    return acute == old ? RT_QA_ANY_AGE : acute ? RT_QA_ACUTE : RT_QA_OLD;
}

/* "Now 7 mm, was 12 mm": what the two sizes say where no word says it. */
static uint8_t change_of(const rt_qa *q, const rt_finding *f)
{
    rt_span at;
    if (f->change != RT_CHANGE_NONE || f->measures.count != 2)
        return f->change;
    double now = rt_qa_largest(q, f, false, &at), before = rt_qa_largest(q, f, true, &at);
    double slack = rt_checks_param(q->checks, RT_QA_PARAM_SIZE_SLACK);
    if (now == 0 || before == 0)
        return f->change;
    return now > before * slack   ? RT_CHANGE_INCREASED
           : before > now * slack ? RT_CHANGE_DECREASED
                                  : f->change;
}

static rt_qa_fact fact_of(const rt_qa *q, uint32_t i)
{
    const rt_finding *f = &q->d->findings.at[i];
    rt_qa_fact fact = {.at = f->at,
                       .finding = i,
                       .concept = f->concept,
                       .sentence = f->sentence,
                       .place = RT_NIL,
                       .part = (uint8_t)rt_qa_part_of(q, f->section),
                       .side = f->side,
                       .presence = f->presence,
                       .severity = f->severity,
                       .change = change_of(q, f),
                       .acuity = acuity_of(q, f),
                       .current = f->temporality == RT_TEMPORALITY_CURRENT,
                       .count = f->count};
    size_fact(q, &fact, f);
    fact.organ = (uint8_t)rt_checks_organ(q->checks, f->concept); /* hydronephrosis by a ureter */
    for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++) {
        place_fact(q, &fact, q->d->places.at[p].concept);
    }
    uint32_t place = fact.place;
    place_fact(q, &fact, f->concept);
    fact.place = place;
    if (fact.side != RT_SIDE_NONE && f->mention != RT_NIL)
        fact.at = rt_qa_join(f->at, nearest_side(q, f));
    return fact;
}

/* The only finding of a sentence takes the side that the sentence speaks of, wherever it stands. */
static void lend_side(const rt_qa *q, rt_qa_fact *fact)
{
    rt_fspan at = {0, 0};
    uint8_t side = sentence_side(q, rt_qa_mentions(q, fact->sentence), &at);
    if (side == RT_SIDE_NONE)
        return;
    fact->side = side;
    fact->at = rt_qa_join(fact->at, rt_qa_span(q, at));
}

bool rt_qa_cued(const rt_qa *q, uint32_t sentence, rt_cue_type category)
{
    uint32_t lo = rt_doc_first_cue_in(q->d, sentence);
    for (; lo < q->d->cues.len && q->d->cues.at[lo].sentence == sentence; lo++)
        if (q->lex->cues[q->d->cues.at[lo].cue].category == category)
            return true;
    return false;
}

/* The sentence calls something normal, or denies something. */
static bool is_normal(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_cued(q, sentence, RT_CUE_NORMAL) || rt_qa_cued(q, sentence, RT_CUE_ABSENT) ||
           rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

/* "Signal in the right femoral head, no collapse": what is denied comes behind a comma, the place
 * stands before it. */
static bool denied_behind(const rt_qa *q, uint32_t sentence, uint32_t place_end)
{
    uint32_t i = rt_doc_first_cue_in(q->d, sentence);
    for (; i < q->d->cues.len && q->d->cues.at[i].sentence == sentence; i++) {
        const rt_cue_hit *c = &q->d->cues.at[i];
        unsigned category = q->lex->cues[c->cue].category;
        if (category != RT_CUE_ABSENT && category != RT_CUE_NORMAL)
            continue;
        if (category == RT_CUE_NORMAL || c->at.beg < place_end ||
            !memchr(q->d->text.folded.ptr + place_end, ',', c->at.beg - place_end))
            return false;
    }
    return !rt_qa_says(q, sentence, RT_MARK_NORMAL);
}

/* A sentence with a side, but without a finding. */
static void gather_sided_place(rt_qa *q, uint32_t sentence)
{
    rt_range r = rt_qa_mentions(q, sentence);
    rt_fspan at = {0, 0};
    uint8_t side = sentence_side(q, r, &at);
    if (side != RT_SIDE_LEFT && side != RT_SIDE_RIGHT)
        return;
    rt_qa_fact fact = {.finding = RT_NIL,
                       .sentence = sentence,
                       .place = RT_NIL,
                       .part = (uint8_t)rt_qa_part_of(q, q->d->sentences.at[sentence].section),
                       .side = side,
                       .current = true};
    fact.at = rt_qa_span(q, at);
    uint32_t place_end = at.end;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (m->type == RT_TYPE_ANATOMY) {
            place_fact(q, &fact, m->concept);
            fact.at = rt_qa_join(fact.at, rt_qa_span(q, m->at));
            place_end = m->at.end;
        }
    }
    if (fact.place == RT_NIL)
        return; /* "left lateral view" */
    if (is_normal(q, sentence) && !(fact.organ > 0 && denied_behind(q, sentence, place_end)))
        fact.presence = RT_PRESENCE_ABSENT;
    fact.concept = fact.place;
    RT_PUSH(&q->c->temp, &q->facts, fact);
}

/* One normal statement, which may imply many things: "the left lung is clear". */
static bool all_derived(const rt_qa *q, rt_range findings)
{
    for (uint32_t i = findings.first; i < findings.first + findings.count; i++)
        if (!q->d->findings.at[i].derived ||
            q->d->findings.at[i].at.beg != q->d->findings.at[findings.first].at.beg)
            return false;
    return true;
}

static void gather_sentence(rt_qa *q, uint32_t sentence, rt_range findings)
{
    if (findings.count == 0 && q->d->sentences.at[sentence].section < q->d->sections.len) {
        gather_sided_place(q, sentence);
        return;
    }
    for (uint32_t i = findings.first; i < findings.first + findings.count; i++) {
        if (q->d->findings.at[i].experiencer != RT_EXPERIENCER_PATIENT)
            continue;
        rt_qa_fact fact = fact_of(q, i);
        if (fact.side == RT_SIDE_NONE && (findings.count == 1 || all_derived(q, findings)))
            lend_side(q, &fact);
        q->denied[fact.part] += fact.presence == RT_PRESENCE_ABSENT;
        RT_PUSH(&q->c->temp, &q->facts, fact);
    }
}

/* Findings are sorted by sentence. */
static void gather_facts(rt_qa *q)
{
    uint32_t f = 0;
    for (uint32_t s = 0; s < q->d->sentences.len && q->facts.len < MAX_FACTS; s++) {
        rt_range r = {f, 0};
        while (f < q->d->findings.len && q->d->findings.at[f].sentence <= s)
            f++;
        r.count = f - r.first;
        gather_sentence(q, s, r);
    }
    if (q->facts.len >= MAX_FACTS)
        rt_doc_issue(q->c->perm, q->d, RT_ISSUE_TOO_MANY, RT_QA_NONE,
                     RT_STR("findings that are compared"));
}

/* ---- two facts */

bool rt_qa_related(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return rt_lexicon_is_a(q->lex, a->concept, b->concept) ||
           rt_lexicon_is_a(q->lex, b->concept, a->concept);
}

bool rt_qa_part_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return a->place != RT_NIL && b->place != RT_NIL &&
           (rt_lexicon_part_of(q->lex, a->place, b->place) ||
            rt_lexicon_part_of(q->lex, b->place, a->place));
}

bool rt_qa_same_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    if (rt_qa_one_sided(a) && b->side == rt_qa_opposite(a->side))
        return false;
    if (a->organ != b->organ && a->organ != 0 && b->organ != 0)
        return false;
    return a->place == RT_NIL || b->place == RT_NIL || rt_qa_part_place(q, a, b);
}

bool rt_qa_alike(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    if (a->organ != 0 && b->organ != 0)
        return a->organ == b->organ;
    return rt_qa_related(q, a, b) || rt_qa_part_place(q, a, b);
}

rt_code rt_stage_qa(rt_ctx *c, rt_doc *d)
{
    rt_qa q = {.c = c, .d = d, .lex = c->know->lexicon, .checks = c->know->checks};
    gather_words(&q, rt_qa_read_record(&q));
    gather_facts(&q);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        groups[i](&q);
    return RT_OK;
}
