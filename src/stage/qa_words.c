/* Words of stage qa: those of qa_words.tsv that the scan has found, in which sentence, by set. Many
 * need other words beside them, or none of some others; that is looked for when a check comes upon
 * such a word, for most of them none does. */
#include "stage/qa.h"

enum {
    MAX_WORDS = 400, /* of one sentence that are looked at */
    BLANKS = 2,      /* bytes between a heading and the first sentence below it */
};

/* ---- gathering */

static void add_sets(rt_mark_sets *to, rt_mark_sets more)
{
    to->bits[0] |= more.bits[0];
    to->bits[1] |= more.bits[1];
}

static void take_sets(rt_mark_sets *from, rt_mark_sets less)
{
    from->bits[0] &= ~less.bits[0];
    from->bits[1] &= ~less.bits[1];
}

/* Sets that nothing asks for in this report: their words, which may be many, need no look. */
static rt_mark_sets unused_sets(const rt_qa *q, bool exam_known)
{
    const rt_str *field = q->d->record->field;
    rt_str sex = field[RT_FIELD_SEX];
    bool male = sex.len > 0 && (sex.ptr[0] == 'M' || sex.ptr[0] == 'm');
    bool female = sex.len > 0 && (sex.ptr[0] == 'F' || sex.ptr[0] == 'f');
    rt_mark_sets none = {{0, 0}};
    if (q->d->grades.len == 0)
        add_sets(&none, RT_QA_WORDS(RT_MARK_SOLID, RT_MARK_SIMPLE, RT_MARK_SUSPICIOUS));
    if (!female)
        add_sets(&none, RT_QA_WORDS(RT_MARK_MALE_WORD, RT_MARK_MALE_PRONOUN));
    if (!male)
        add_sets(&none, RT_QA_WORDS(RT_MARK_FEMALE_WORD, RT_MARK_FEMALE_PRONOUN));
    if (field[RT_FIELD_PATIENT_NAME].len == 0)
        add_sets(&none, RT_QA_WORDS(RT_MARK_SURNAME, RT_MARK_NAME_LABEL));
    if (!exam_known)
        add_sets(&none, RT_QA_WORDS(RT_MARK_SEEN_BY));
    return none;
}

/* Marks from `first` on that stand before `end`, at most some of them: what sets their words are
 * in. */
static uint32_t read_marks(rt_qa *q, uint32_t first, uint32_t end, rt_mark_sets *says)
{
    const rt_hit *marks = q->d->marks.at;
    const uint16_t *patterns = rt_checks_patterns(q->checks);
    rt_mark_sets found = {{0, 0}};
    uint32_t i = first, n = q->d->marks.len;
    for (; i < n && marks[i].at.beg < end; i++) {
        q->hits[i] = i - first < MAX_WORDS ? patterns[marks[i].pattern] : 0;
        add_sets(&found, q->sets[q->hits[i]]);
    }
    add_sets(says, found);
    return i;
}

bool rt_qa_read_words(rt_qa *q, bool exam_known)
{
    const rt_hit *marks = q->d->marks.at;
    rt_mark_sets unused = unused_sets(q, exam_known);
    uint32_t i = 0, n = q->d->marks.len;
    q->hits = RT_NEW(&q->c->temp, uint16_t, n);
    q->words = RT_NEW(&q->c->temp, rt_qa_word *, n);
    if (!q->hits || !q->words)
        return false;
    for (uint32_t s = 0; s < q->d->sentences.len; s++) {
        rt_qa_sentence *t = &q->sentences[s];
        rt_fspan at = rt_qa_sentence_at(q, s);
        if (i < n && marks[i].at.beg < at.beg)
            i = read_marks(q, i, at.beg, &q->outside); /* in a heading */
        t->marks = (rt_range){i, 0};
        if (i == n || marks[i].at.beg >= at.end)
            continue;
        i = read_marks(q, i, at.end, &t->says);
        t->marks.count = i - t->marks.first;
        take_sets(&t->says, unused);
        add_sets(&q->has, t->says);
    }
    read_marks(q, i, UINT32_MAX, &q->outside);
    take_sets(&q->outside, unused);
    add_sets(&q->has, q->outside);
    return true;
}

/* The words of a hit, of all its sets; NULL: the arena is full. */
static rt_qa_word *words_of(const rt_qa *q, uint32_t hit)
{
    if (q->words[hit])
        return q->words[hit];
    const rt_hit *h = &q->d->marks.at[hit];
    rt_range r = q->lex->patterns[h->pattern].entries;
    rt_qa_word *w = RT_NEW(&q->c->temp, rt_qa_word, r.count);
    uint32_t s = rt_doc_sentence_to(q->d, h->at.beg + 1), n = 0;
    bool inside = s < q->d->sentences.len && q->d->sentences.at[s].at.beg <= h->at.beg;
    for (uint32_t i = r.first; i < r.first + r.count && w; i++) {
        const rt_entry *e = &q->lex->entries[i];
        if (e->kind != RT_ENTRY_MARK)
            continue;
        bool free = e->require.count + e->forbid.count == 0;
        w[n++] = (rt_qa_word){.at = h->at,
                              .word = e->target,
                              .entry = i,
                              .sentence = inside ? s : RT_NIL,
                              .hit = hit,
                              .mark = (uint8_t)q->lex->marks[e->target].mark,
                              .truth = free ? RT_QA_HOLDS : RT_QA_UNASKED};
    }
    if (w)
        w[n - 1].last = true;
    q->words[hit] = w;
    return w;
}

/* ---- what they need beside them */

/* Where what belongs to a sentence begins: its label, or the heading right before it. */
static uint32_t line_of(const rt_qa *q, const rt_sentence *t)
{
    const rt_section *s = &q->d->sections.at[t->section];
    uint32_t beg = t->label.beg < t->label.end ? t->label.beg : t->at.beg;
    bool first = s->heading.beg < s->heading.end && s->at.beg <= beg && beg <= s->at.beg + BLANKS;
    beg = first ? s->heading.beg : beg;
    return beg < t->at.beg ? beg : t->at.beg;
}

static bool ask(const rt_qa *q, const rt_qa_word *w)
{
    rt_str s = q->d->text.folded;
    if (w->sentence != RT_NIL) { /* with its label: "Signed by: ____" */
        const rt_sentence *t = &q->d->sentences.at[w->sentence];
        s = rt_str_slice(s, line_of(q, t), t->at.end);
    }
    return rt_lexicon_allows(q->lex, &q->lex->entries[w->entry], s, q->asked);
}

/* Do the words around it allow it? */
static bool holds(const rt_qa *q, const rt_qa_word *w)
{
    if (w->truth == RT_QA_UNASKED)
        q->words[w->hit][w - q->words[w->hit]].truth = ask(q, w) ? RT_QA_HOLDS : RT_QA_VOID;
    return w->truth == RT_QA_HOLDS;
}

/* ---- finding */

static bool may_be(const rt_qa *q, uint32_t hit, rt_mark_sets sets)
{
    return rt_qa_share(q->sets[q->hits[hit]], sets);
}

/* From w on to the last word of its hit, the first one of the sets that holds. */
static const rt_qa_word *of_hit(const rt_qa *q, rt_mark_sets sets, const rt_qa_word *w)
{
    for (; w; w = w->last ? NULL : w + 1)
        if (rt_qa_in_sets(sets, (rt_mark_type)w->mark) && holds(q, w))
            return w;
    return NULL;
}

const rt_qa_word *rt_qa_each_in(const rt_qa *q, rt_mark_sets sets, rt_range marks,
                                const rt_qa_word *w)
{
    const rt_qa_word *next = w && !w->last ? of_hit(q, sets, w + 1) : NULL;
    for (uint32_t i = w ? w->hit + 1 : marks.first; i < marks.first + marks.count && !next; i++)
        next = may_be(q, i, sets) ? of_hit(q, sets, words_of(q, i)) : NULL;
    return next;
}

const rt_qa_word *rt_qa_each_word(const rt_qa *q, rt_mark_sets sets, const rt_qa_word *w)
{
    if (rt_qa_share(q->outside, sets))
        return rt_qa_each_in(q, sets, (rt_range){0, q->d->marks.len}, w);
    for (uint32_t s = w ? w->sentence : 0; s < q->d->sentences.len; s++, w = NULL) {
        if (!rt_qa_share(q->sentences[s].says, sets))
            continue;
        const rt_qa_word *next = rt_qa_each_in(q, sets, q->sentences[s].marks, w);
        if (next)
            return next;
    }
    return NULL;
}

bool rt_qa_find_word(const rt_qa *q, rt_mark_type set, rt_range marks, rt_fspan in,
                     const rt_qa_word **out)
{
    rt_mark_sets sets = RT_QA_WORDS(set);
    const rt_qa_word *w = NULL;
    for (uint32_t i = marks.first; i < marks.first + marks.count && !w; i++) {
        rt_fspan at = q->d->marks.at[i].at;
        if (at.beg >= in.end)
            return false;
        w = at.beg >= in.beg && may_be(q, i, sets) ? of_hit(q, sets, words_of(q, i)) : NULL;
    }
    if (w && out)
        *out = w;
    return w != NULL;
}
