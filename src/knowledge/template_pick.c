/* Which template a report belongs to. Three questions, each answered from 0 (no) to 1 (yes):
 *
 *   modality   stated by the sender or by the exam words; else by what is said with it (hints)
 *   body part  stated likewise; else as the content says
 *   content    share of the anatomy and of the regional findings that lies in the body part
 *
 * A modality or body part that is stated and is another one rules the template out. Only short
 * texts are searched for words: the record's fields, else the title, else the beginning of the
 * sections that name the exam. Weights were set by hand on reports of all kinds. */
#include <math.h>

#include "base/utf8.h"
#include "knowledge/template_table.h"
#include "text/fold.h"

#define FITS 0.55        /* below it the generic template is the honest answer */
#define STATED_SHARE 0.1 /* of the content, for a second exam that somebody states */
#define OWN_SHARE 0.25   /* and for one that nobody states */

enum {
    MAX_PIECE = 300, /* bytes of a section: exam names stand at its beginning */
    MAX_TITLE = 90,  /* bytes of a line that may be the title of the report */
    OWN_CORE = 2,    /* mentions of its core that make an exam of its own name without the name */
};

/* ---- the exam, as somebody states it */

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

static bool ends_title(char c)
{
    return c == '\n' || c == ':' || c == '.' || c == '\0';
}

/* A report without headings may begin with a title: a line of its own, words before a colon, a
 * short sentence that names a modality too ("the heart is normal" is none). */
static rt_exam_mask read_title(const rt_exam_words *w, const rt_doc *d)
{
    rt_str text = d->text.folded;
    rt_exam_mask none = {{0}};
    uint32_t i = 0;
    while (i < text.len && i < MAX_TITLE && !ends_title(text.ptr[i]))
        i++;
    if (i == text.len || i == MAX_TITLE)
        return none;
    rt_exam_mask said = rt_exam_words_scan(w, rt_str_slice(text, 0, i));
    return text.ptr[i] == '.' && said.of[RT_EXAM_MODALITY] == 0 ? none : said;
}

/* What a source further from the sender says counts only where nobody nearer spoke. */
static void join(rt_exam_mask *known, rt_exam_mask said)
{
    for (unsigned k = 0; k < RT_EXAM_END; k++)
        if (known->of[k] == 0)
            known->of[k] = said.of[k];
}

/* What the record says in a field; most say nothing. */
static rt_exam_mask read_field(const rt_exam_words *w, rt_str value, rt_arena *temp)
{
    rt_exam_mask none = {{0}};
    return value.len > 0 ? rt_exam_words_scan(w, rt_fold_term(temp, value)) : none;
}

static uint64_t stated_modality(const rt_exam_words *w, rt_str value, rt_arena *temp)
{
    rt_str folded = value.len > 0 ? rt_fold_term(temp, value) : value;
    uint64_t known = folded.len > 0 ? rt_exam_words_modality(w, folded) : 0;
    return known == 0 && folded.len > 0 ? (uint64_t)1 << 63 : known; /* stated, none that we know */
}

static rt_exam_mask read_exam(const rt_templates *t, const rt_doc *d, rt_arena *temp)
{
    static const rt_field_id fields[] = {RT_FIELD_EXAM, RT_FIELD_ORDER, RT_FIELD_BODY_PART};
    const rt_exam_words *w = t->exams;
    rt_exam_mask e = {{0}}, said = {{0}};
    for (uint32_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        join(&e, read_field(w, d->record->field[fields[i]], temp));
    uint64_t stated = stated_modality(w, d->record->field[RT_FIELD_MODALITY], temp);
    if (stated != 0)
        e.of[RT_EXAM_MODALITY] = stated;
    if (d->sections.len > 0 && d->sections.at[0].heading.beg >= d->sections.at[0].heading.end)
        join(&e, read_title(w, d));
    for (uint32_t i = 0; i < d->sections.len; i++) {
        if (!names_exam(&d->sections.at[i]))
            continue;
        rt_exam_mask more = rt_exam_words_scan(w, beginning(d, &d->sections.at[i]));
        for (unsigned k = 0; k < RT_EXAM_END; k++)
            said.of[k] |= more.of[k];
    }
    join(&e, said);
    return e;
}

/* ---- the content */

typedef struct content {
    double place;  /* share of what is said that lies in the body part, 0..1 */
    double hint;   /* 0..1, grows with the number of hints */
    uint32_t core; /* it speaks of what every such report speaks of: how often */
    bool measure;  /* it measures what only this modality does */
} content;

static unsigned lang_of(const rt_doc *d)
{
    return d->zh ? RT_LANG_ZH : RT_LANG_EN;
}

enum { PLACE, HINT, CORE }; /* RT_SIGN_... as a position */

/* How often each sign of each template was seen. Rows are added up byte by byte, eight at a time,
 * and moved on before a byte is full. */
typedef struct tally {
    const rt_template_signs *signs;
    uint64_t *bytes; /* a row */
    uint32_t *count; /* one a byte of it */
    uint32_t rows;   /* in bytes */
} tally;

enum { MOST_ROWS = UINT8_MAX };

static bool tally_init(tally *t, const rt_template_signs *signs, rt_arena *temp)
{
    *t = (tally){.signs = signs,
                 .bytes = RT_NEW(temp, uint64_t, signs->words),
                 .count = RT_NEW(temp, uint32_t, (size_t)signs->words * 8)};
    return t->bytes != NULL && t->count != NULL;
}

static void tally_move(tally *t)
{
    const unsigned char *bytes = (const unsigned char *)t->bytes;
    for (uint32_t i = 0; i < t->signs->n * RT_SIGNS; i++)
        t->count[i] += bytes[i];
    memset(t->bytes, 0, t->signs->words * sizeof *t->bytes);
    t->rows = 0;
}

static inline void tally_add(tally *t, uint32_t concept)
{
    uint32_t words = t->signs->words, number = t->signs->row_of[concept];
    const uint64_t *row = t->signs->rows + (size_t)number * words;
    if (number == 0) /* no sign of anything */
        return;
    for (uint32_t w = 0; w < words; w++)
        t->bytes[w] += row[w];
    if (++t->rows == MOST_ROWS)
        tally_move(t);
}

/* Mentions, and what normal statements imply: those have swallowed the words they are made of.
 * Returns how many of them are anatomy; of all and of those that are none. */
static uint32_t count_signs(const rt_doc *d, tally *all, tally *others)
{
    uint32_t anatomy = 0;
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        bool is_anatomy = d->mentions.at[i].type == RT_TYPE_ANATOMY;
        anatomy += is_anatomy;
        tally_add(is_anatomy ? all : others, d->mentions.at[i].concept);
    }
    for (uint32_t i = 0; i < d->findings.len; i++)
        if (d->findings.at[i].derived)
            tally_add(others, d->findings.at[i].concept);
    tally_move(all);
    tally_move(others);
    for (uint32_t i = 0; i < all->signs->n * RT_SIGNS; i++)
        all->count[i] += others->count[i];
    return anatomy;
}

/* The content of the report for each template of its language. NULL: the arena is full. */
static const content *weigh(const rt_templates *all, const rt_doc *d, rt_arena *temp)
{
    const rt_template_signs *signs = &all->signs[lang_of(d)];
    uint32_t measured = 0;
    tally of, others; /* that are no anatomy */
    content *out = RT_NEW(temp, content, all->n);
    if (!tally_init(&of, signs, temp) || !tally_init(&others, signs, temp) || out == NULL)
        return NULL;
    uint32_t anatomy = count_signs(d, &of, &others);
    for (uint32_t i = 0; i < d->measures.len; i++)
        measured |= 1U << d->measures.at[i].kind;
    for (uint32_t i = 0; i < signs->n; i++) {
        const uint32_t *n = of.count + (size_t)RT_SIGNS * i;
        uint32_t whole = anatomy + others.count[RT_SIGNS * i + PLACE];
        out[signs->at[i]] =
            (content){.place = whole > 0 ? (double)n[PLACE] / whole : 0,
                      .hint = n[HINT] / (n[HINT] + 3.0),
                      .core = n[CORE],
                      .measure = (all->at[signs->at[i]].match.measures & measured) != 0};
    }
    return out;
}

/* ---- the score */

#define NO (-1.0)

static double modality(const rt_exam_mask *e, const rt_template_match *m, const content *c)
{
    uint64_t stated = e->of[RT_EXAM_MODALITY];
    if (stated != 0)
        return (stated & m->modalities) != 0 ? 1 : NO;
    if (c->core == 0)
        return NO;
    return c->measure ? 0.9 : 0.25 + 0.5 * c->hint;
}

static double body_part(const rt_exam_mask *e, const rt_template_match *m, const content *c)
{
    uint64_t stated = e->of[RT_EXAM_BODY];
    if (stated != 0)
        return (stated & m->bodies) != 0 ? 1 : NO;
    return c->place;
}

/* An exam of its own name is meant where the name stands, or where much is said of its core. */
static double score_of(const rt_template *t, const content *c, const rt_exam_mask *e)
{
    bool named = (e->of[RT_EXAM_NAME] & t->match.exam) != 0;
    if (named)
        return 0.95 + t->match.prior / 2;
    if (t->match.exam != 0 && c->core < OWN_CORE)
        return 0;
    double m = modality(e, &t->match, c);
    double b = m < 0 ? NO : body_part(e, &t->match, c);
    if (b < 0)
        return 0;
    return 0.9 * (0.45 * m + 0.35 * b + 0.2 * c->place) + t->match.prior;
}

/* ---- the choice */

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

/* A second exam: of another body part, which is stated beside the first one's, or of which much of
 * the report speaks. */
static bool is_second_exam(const rt_template *p, const rt_template *best, const content *c,
                           const rt_exam_mask *e)
{
    if (c->core == 0 || p->generic || p->manual || p->match.exam != 0 ||
        (p->match.bodies & best->match.bodies) != 0 ||
        (p->match.modalities & best->match.modalities) == 0)
        return false;
    bool stated = (e->of[RT_EXAM_BODY] & p->match.bodies) != 0;
    if (e->of[RT_EXAM_BODY] != 0 && !stated)
        return false;
    return c->place >= (stated ? STATED_SHARE : OWN_SHARE);
}

static uint32_t second_exam(const rt_templates *t, const rt_template_signs *of, uint32_t best,
                            const content *c, const rt_exam_mask *e)
{
    uint32_t found = RT_NIL;
    double most = 0;
    for (uint32_t k = 0; k < of->n; k++) {
        uint32_t i = of->at[k];
        if (is_second_exam(&t->at[i], &t->at[best], &c[i], e) && c[i].place > most) {
            found = i;
            most = c[i].place;
        }
    }
    return found;
}

/* Two exams in one report: neither fits alone, since half of the report speaks of the other;
 * together they do. */
static double score_of_pair(const rt_template *p, const rt_template *q, const content *a,
                            const content *b, const rt_exam_mask *e)
{
    if (p->match.exam != 0 || q->match.exam != 0 || (p->match.bodies & q->match.bodies) != 0 ||
        (p->match.modalities & q->match.modalities) == 0 || b->place > a->place || b->core == 0 ||
        b->place < OWN_SHARE)
        return 0;
    double m = modality(e, &p->match, a), both = fmin(1, a->place + b->place);
    return m < 0 ? 0 : 0.9 * (0.45 * m + 0.55 * both) + p->match.prior;
}

static rt_choice pick_pair(const rt_templates *t, const rt_template_signs *of,
                           const rt_exam_mask *e, const ranking *r, const content *c)
{
    rt_choice best = {r->generic, 1 - r->best, r->first, RT_NIL};
    double most = FITS;
    if (e->of[RT_EXAM_BODY] != 0)
        return best;
    for (uint32_t k = 0; k < of->n; k++) {
        uint32_t i = of->at[k];
        for (uint32_t l = 0; l < of->n && !t->at[i].generic; l++) {
            uint32_t j = of->at[l];
            double score = c[j].core > 0 && i != j && !t->at[j].generic
                               ? score_of_pair(&t->at[i], &t->at[j], &c[i], &c[j], e)
                               : 0;
            if (score >= most) {
                most = score;
                best = (rt_choice){i, fmin(score, 1), j, j};
            }
        }
    }
    return best;
}

rt_choice rt_template_pick(const rt_templates *t, const rt_doc *d, rt_arena temp)
{
    const rt_template_signs *of = &t->signs[lang_of(d)];
    ranking r = {.generic = RT_NIL, .first = RT_NIL, .second = RT_NIL};
    rt_exam_mask e = read_exam(t, d, &temp);
    const content *c = weigh(t, d, &temp);
    if (c == NULL)
        return (rt_choice){0, 0, RT_NIL, RT_NIL}; /* full: the report is run again */
    for (uint32_t k = 0; k < of->n; k++) {
        uint32_t i = of->at[k];
        const rt_template *p = &t->at[i];
        if (p->generic)
            r.generic = i;
        else if (!p->manual)
            rank(&r, i, score_of(p, &c[i], &e));
    }
    if (r.best < FITS)
        return pick_pair(t, of, &e, &r, c);
    return (rt_choice){r.first, r.best, r.second != RT_NIL ? r.second : r.generic,
                       second_exam(t, of, r.first, c, &e)};
}
