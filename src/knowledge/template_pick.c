/* Which template a report belongs to. Three questions, each answered from 0 (no) to 1 (yes):
 *
 *   modality   stated by the sender or by the exam words; else by what is said with it (hints)
 *   body part  stated likewise; else as the content says
 *   content    share of the anatomy and of the regional findings that lies in the body part
 *
 * A modality or body part that is stated and is another one rules the template out. Only short
 * texts are searched for words: the record's fields and the beginning of the sections that name the
 * exam. Weights were set by hand on chest radiographs, chest CT and reports of other exams. */
#include "knowledge/template.h"

#include "base/utf8.h"
#include "text/fold.h"

#define FITS 0.6 /* below it the generic template is the honest answer */

enum {
    MAX_POOL = 12,
    MAX_PIECE = 300, /* bytes of a section: exam names stand at its beginning */
    MAX_TITLE = 90,  /* bytes of a line that may be the title of the report */
};

typedef struct exam { /* what is said about the exam, folded */
    rt_str modality;
    rt_str pool[MAX_POOL];
    uint32_t n;
} exam;

/* ---- the exam */

static void add(exam *e, rt_str s)
{
    if (s.len > 0 && e->n < MAX_POOL)
        e->pool[e->n++] = s;
}

static bool names_exam(const rt_section *s)
{
    return s->type == RT_SECTION_REQUEST || s->type == RT_SECTION_TECHNIQUE;
}

static rt_str beginning(const rt_doc *d, const rt_section *s)
{
    uint32_t beg = s->heading.beg < s->heading.end ? s->heading.beg : s->at.beg;
    uint32_t end = s->at.end - beg > MAX_PIECE ? beg + MAX_PIECE : s->at.end;
    return rt_str_slice(d->text.folded, beg, end);
}

/* A report without headings may begin with a title: a line of its own, words before a colon, a
 * short sentence. */
static rt_str title(const rt_doc *d)
{
    rt_str text = d->text.folded;
    uint32_t i = 0;
    while (i < text.len && i < MAX_TITLE && strchr("\n:.", text.ptr[i]) == NULL)
        i++;
    bool ended = i < text.len && i < MAX_TITLE;
    return ended ? rt_str_slice(text, 0, i) : (rt_str){"", 0};
}

static void read_exam(const rt_doc *d, rt_arena *temp, exam *e)
{
    static const rt_field_id fields[] = {RT_FIELD_EXAM, RT_FIELD_ORDER, RT_FIELD_BODY_PART};
    *e = (exam){.modality = rt_fold_term(temp, d->record->field[RT_FIELD_MODALITY])};
    for (uint32_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        add(e, rt_fold_term(temp, d->record->field[fields[i]]));
    if (d->sections.len > 0 && d->sections.at[0].heading.beg >= d->sections.at[0].heading.end)
        add(e, title(d));
    for (uint32_t i = 0; i < d->sections.len; i++)
        if (names_exam(&d->sections.at[i]))
            add(e, beginning(d, &d->sections.at[i]));
}

/* ---- words */

static bool is_whole(rt_str s, size_t at, rt_str word)
{
    size_t end = at + word.len;
    bool left = at == 0 || !rt_is_word(s.ptr[at - 1]) || !rt_is_word(word.ptr[0]);
    bool right = end == s.len || !rt_is_word(s.ptr[end]) || !rt_is_word(word.ptr[word.len - 1]);
    return left && right;
}

static bool contains(rt_str s, rt_str word)
{
    size_t pos = 0;
    while (word.len > 0 && rt_str_find(s, word, &pos)) {
        if (is_whole(s, pos, word))
            return true;
        s = rt_str_slice(s, pos + 1, s.len);
        if (rt_is_word(word.ptr[0])) /* the byte cut off was a word's: go on behind that word */
            while (s.len > 0 && rt_is_word(s.ptr[0]))
                s = rt_str_slice(s, 1, s.len);
    }
    return false;
}

static bool says(const rt_str *texts, uint32_t n, rt_word_list words)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t w = 0; w < words.n; w++)
            if (contains(texts[i], words.at[w]))
                return true;
    return false;
}

static bool equals_any(rt_str s, rt_word_list words)
{
    for (uint32_t w = 0; w < words.n; w++)
        if (rt_str_eq(s, words.at[w]))
            return true;
    return false;
}

/* ---- the content */

typedef struct content {
    double place; /* share of what is said that lies in the body part, 0..1 */
    double hint;  /* 0..1, grows with the number of hints */
    bool core;    /* it speaks of what every such report speaks of */
    bool measure; /* it measures what only this modality does */
} content;

typedef struct tally {
    uint32_t hints, inside, all, core;
} tally;

static void count(tally *t, const rt_template_match *m, uint32_t concept, bool anatomy)
{
    bool place = (m->signs[concept] & RT_SIGN_PLACE) != 0;
    t->hints += (m->signs[concept] & RT_SIGN_HINT) != 0;
    t->core += (m->signs[concept] & RT_SIGN_CORE) != 0;
    t->inside += place;
    t->all += place || anatomy;
}

static bool measures(const rt_doc *d, const rt_template_match *m)
{
    for (uint32_t i = 0; i < d->measures.len; i++)
        if ((m->measures >> d->measures.at[i].kind & 1U) != 0)
            return true;
    return false;
}

/* Mentions, and what normal statements imply: those have swallowed the words they are made of. */
static content weigh(const rt_doc *d, const rt_template_match *m)
{
    tally t = {0, 0, 0, 0};
    for (uint32_t i = 0; i < d->mentions.len; i++)
        count(&t, m, d->mentions.at[i].concept, d->mentions.at[i].type == RT_TYPE_ANATOMY);
    for (uint32_t i = 0; i < d->findings.len; i++)
        if (d->findings.at[i].derived)
            count(&t, m, d->findings.at[i].concept, false);
    return (content){.place = t.all > 0 ? (double)t.inside / t.all : 0,
                     .hint = t.hints / (t.hints + 3.0),
                     .core = t.core > 0,
                     .measure = measures(d, m)};
}

/* ---- the score */

#define NO (-1.0)

static double modality(const exam *e, const rt_template_match *m, const content *c)
{
    if (e->modality.len > 0)
        return equals_any(e->modality, m->modalities) || says(&e->modality, 1, m->words) ? 1 : NO;
    if (says(e->pool, e->n, m->words))
        return 1;
    if (!c->core || says(e->pool, e->n, m->other_words))
        return NO;
    return c->measure ? 0.9 : 0.25 + 0.5 * c->hint;
}

static double body_part(const exam *e, const rt_template_match *m, const content *c)
{
    if (says(e->pool, e->n, m->body_words))
        return 1;
    return says(e->pool, e->n, m->other_bodies) ? NO : c->place;
}

static double score_of(const rt_template *t, const rt_doc *d, const exam *e)
{
    content c = weigh(d, &t->match);
    double m = modality(e, &t->match, &c);
    double b = m < 0 ? NO : body_part(e, &t->match, &c);
    if (b < 0)
        return 0;
    return 0.9 * (0.45 * m + 0.35 * b + 0.2 * c.place) + t->match.prior;
}

typedef struct ranking {
    uint32_t generic, first, second;
    double best, next;
} ranking;

static void rank(ranking *r, uint32_t i, double score)
{
    if (score > r->best) {
        r->second = r->first;
        r->next = r->best;
        r->first = i;
        r->best = score;
    } else if (score > r->next) {
        r->second = i;
        r->next = score;
    }
}

uint32_t rt_template_pick(const rt_templates *t, const rt_doc *d, rt_arena temp, double *score,
                          uint32_t *second)
{
    exam e;
    ranking r = {.generic = RT_NIL, .first = RT_NIL, .second = RT_NIL};
    read_exam(d, &temp, &e);
    for (uint32_t i = 0; i < rt_templates_count(t); i++) {
        const rt_template *p = rt_templates_at(t, i);
        if (p->lang != (d->zh ? (unsigned)RT_LANG_ZH : (unsigned)RT_LANG_EN))
            continue;
        if (p->generic)
            r.generic = i;
        else
            rank(&r, i, score_of(p, d, &e));
    }
    bool fits = r.best >= FITS;
    *score = fits ? r.best : 1 - r.best;
    *second = !fits ? r.first : r.second != RT_NIL ? r.second : r.generic;
    return fits ? r.first : r.generic;
}
