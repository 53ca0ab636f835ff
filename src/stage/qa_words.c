/* Words of stage qa: those of qa_words.tsv that the scan has found, in which sentence, by set. Many
 * need other words beside them, or none of some others; that is looked for when a check comes upon
 * such a word, for most of them none does. */
#include "stage/qa.h"

enum {
    MAX_WORDS = 400, /* of one sentence that are looked at */
    BLANKS = 2,      /* bytes between a heading and the first sentence below it */
};

_Static_assert(RT_MARK_END <= 128, "the sets of words of a sentence are bits of two words");

/* ---- gathering */

/* Sets that nothing asks for in this report: their words, which may be many, need no look. */
static void note_unused(const rt_qa *q, bool exam_known, bool unused[RT_MARK_END])
{
    const rt_str *field = q->d->record->field;
    rt_str sex = field[RT_FIELD_SEX];
    bool male = sex.len > 0 && (sex.ptr[0] == 'M' || sex.ptr[0] == 'm');
    bool female = sex.len > 0 && (sex.ptr[0] == 'F' || sex.ptr[0] == 'f');
    bool graded = q->d->grades.len > 0, named = field[RT_FIELD_PATIENT_NAME].len > 0;
    unused[RT_MARK_SOLID] = unused[RT_MARK_SIMPLE] = unused[RT_MARK_SUSPICIOUS] = !graded;
    unused[RT_MARK_MALE_WORD] = unused[RT_MARK_MALE_PRONOUN] = !female;
    unused[RT_MARK_FEMALE_WORD] = unused[RT_MARK_FEMALE_PRONOUN] = !male;
    unused[RT_MARK_SURNAME] = unused[RT_MARK_NAME_LABEL] = !named;
    unused[RT_MARK_SEEN_BY] = !exam_known;
}

static void push_word(rt_qa *q, const rt_hit *h, uint32_t entry, uint32_t sentence)
{
    const rt_entry *e = &q->lex->entries[entry];
    uint32_t set = q->lex->marks[e->target].mark;
    bool free = e->require.count + e->forbid.count == 0;
    rt_qa_word w = {h->at,    e->target,    entry,
                    sentence, (uint8_t)set, free ? RT_QA_HOLDS : RT_QA_UNASKED};
    RT_PUSH(&q->c->temp, &q->words, w);
    q->count[set]++;
    if (sentence != RT_NIL)
        q->sentences[sentence].says[set / 64] |= UINT64_C(1) << set % 64;
}

void rt_qa_gather_words(rt_qa *q, bool exam_known)
{
    bool unused[RT_MARK_END] = {false};
    note_unused(q, exam_known, unused);
    const rt_sentence *sentences = q->d->sentences.at;
    uint32_t n = q->d->sentences.len, s = 0, last = RT_NIL, in_sentence = 0;
    for (uint32_t i = 0; i < q->d->marks.len; i++) {
        const rt_hit *h = &q->d->marks.at[i];
        rt_range r = q->lex->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++) {
            if (q->lex->entries[k].kind != RT_ENTRY_MARK ||
                unused[q->lex->marks[q->lex->entries[k].target].mark])
                continue;
            while (s < n && sentences[s].at.end <= h->at.beg)
                s++;
            in_sentence = s == last ? in_sentence + 1 : 0;
            last = s;
            if (in_sentence <= MAX_WORDS)
                push_word(q, h, k, s < n && sentences[s].at.beg <= h->at.beg ? s : RT_NIL);
        }
    }
}

/* ---- what they need beside them */

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

bool rt_qa_ask(const rt_qa *q, const rt_qa_word *w)
{
    const rt_entry *e = &q->lex->entries[w->entry];
    rt_str s = q->d->text.folded;
    if (w->sentence != RT_NIL) { /* with its label: "Signed by: ____" */
        const rt_sentence *t = &q->d->sentences.at[w->sentence];
        s = rt_str_slice(s, line_of(q, t), t->at.end);
    }
    bool holds =
        (e->require.count == 0 || any_word(q, s, e->require)) && !any_word(q, s, e->forbid);
    q->words.at[w - q->words.at].truth = holds ? RT_QA_HOLDS : RT_QA_VOID;
    return holds;
}

/* ---- finding */

uint32_t rt_qa_first_word(const rt_qa *q, uint32_t at)
{
    uint32_t lo = 0, hi = q->words.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (q->words.at[mid].at.beg < at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool rt_qa_find_word(const rt_qa *q, rt_mark_type set, rt_fspan in, const rt_qa_word **out)
{
    for (uint32_t i = rt_qa_first_word(q, in.beg);
         i < q->words.len && q->words.at[i].at.beg < in.end; i++)
        if (q->words.at[i].mark == set && rt_qa_holds(q, &q->words.at[i])) {
            if (out)
                *out = &q->words.at[i];
            return true;
        }
    return false;
}

const rt_qa_word *rt_qa_word_from(const rt_qa *q, rt_mark_type set, uint32_t from)
{
    for (uint32_t i = from; i < q->words.len; i++)
        if (q->words.at[i].mark == set && rt_qa_holds(q, &q->words.at[i]))
            return &q->words.at[i];
    return NULL;
}
