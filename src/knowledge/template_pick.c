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
#include "knowledge/exam_words.h"
#include "knowledge/template.h"
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

/* A report without headings may begin with a title: a line of its own, words before a colon, a
 * short sentence that names a modality too ("the heart is normal" is none). */
static rt_exam_mask read_title(const rt_exam_words *w, const rt_doc *d)
{
    rt_str text = d->text.folded;
    rt_exam_mask none = {{0}};
    uint32_t i = 0;
    while (i < text.len && i < MAX_TITLE && strchr("\n:.", text.ptr[i]) == NULL)
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

static rt_exam_mask read_exam(const rt_templates *t, const rt_doc *d, rt_arena *temp)
{
    static const rt_field_id fields[] = {RT_FIELD_EXAM, RT_FIELD_ORDER, RT_FIELD_BODY_PART};
    const rt_exam_words *w = rt_templates_exams(t);
    rt_str stated = rt_fold_term(temp, d->record->field[RT_FIELD_MODALITY]);
    rt_exam_mask e = {{0}}, said = {{0}};
    for (uint32_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        join(&e, rt_exam_words_scan(w, rt_fold_term(temp, d->record->field[fields[i]])));
    if (stated.len > 0) {
        e.of[RT_EXAM_MODALITY] = rt_exam_words_modality(w, stated);
        if (e.of[RT_EXAM_MODALITY] == 0)
            e.of[RT_EXAM_MODALITY] = (uint64_t)1 << 63; /* stated, and none that we know */
    }
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

typedef struct tally { /* of one template; of its signs, in their order */
    uint32_t of[RT_SIGNS];
    uint32_t places; /* mentions that are no anatomy, and speak of its body part */
} tally;

enum { PLACE, HINT, CORE }; /* RT_SIGN_... as a position */

static unsigned lang_of(const rt_doc *d)
{
    return d->zh ? RT_LANG_ZH : RT_LANG_EN;
}

/* Bits of the signs that matter: of the templates in the language of the report. */
static uint64_t *signs_of_language(const rt_templates *all, const rt_doc *d, rt_arena *temp)
{
    uint32_t n = rt_templates_count(all);
    const uint64_t all_signs = (1U << RT_SIGNS) - 1;
    uint64_t *bits = RT_NEW(temp, uint64_t, n * RT_SIGNS / 64 + 1);
    const rt_template *t = n > 0 ? rt_templates_at(all, 0) : NULL;
    for (uint32_t i = 0; bits != NULL && i < n; i++) {
        uint32_t word = i * RT_SIGNS / 64, bit = i * RT_SIGNS % 64;
        if (t[i].lang != lang_of(d))
            continue;
        bits[word] |= all_signs << bit;
        if (bit + RT_SIGNS > 64)
            bits[word + 1] |= all_signs >> (64 - bit);
    }
    return bits;
}

/* A mention adds to the templates that it is a sign of. */
static void count(tally *t, const rt_templates *all, const uint64_t *of, uint32_t concept,
                  bool anatomy)
{
    uint32_t words;
    const uint64_t *signs = rt_templates_signs(all, concept, &words);
    for (uint32_t w = 0; w < words; w++)
        for (uint64_t left = signs[w] & of[w]; left != 0; left &= left - 1) {
            uint32_t bit = w * 64 + (uint32_t)__builtin_ctzll(left);
            t[bit / RT_SIGNS].of[bit % RT_SIGNS]++;
            t[bit / RT_SIGNS].places += !anatomy && bit % RT_SIGNS == PLACE;
        }
}

/* The content of the report for each template of its language. Mentions, and what normal statements
 * imply: those have swallowed the words they are made of. NULL: the arena is full. */
static const content *weigh(const rt_templates *all, const rt_doc *d, rt_arena *temp)
{
    uint32_t n = rt_templates_count(all), anatomy = 0, measured = 0;
    tally *t = RT_NEW(temp, tally, n);
    content *out = RT_NEW(temp, content, n);
    const uint64_t *signs = signs_of_language(all, d, temp);
    if (t == NULL || out == NULL || signs == NULL)
        return NULL;
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        bool is_anatomy = d->mentions.at[i].type == RT_TYPE_ANATOMY;
        anatomy += is_anatomy;
        count(t, all, signs, d->mentions.at[i].concept, is_anatomy);
    }
    for (uint32_t i = 0; i < d->findings.len; i++)
        if (d->findings.at[i].derived)
            count(t, all, signs, d->findings.at[i].concept, false);
    for (uint32_t i = 0; i < d->measures.len; i++)
        measured |= 1U << d->measures.at[i].kind;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t whole = anatomy + t[i].places;
        out[i] = (content){.place = whole > 0 ? (double)t[i].of[PLACE] / whole : 0,
                           .hint = t[i].of[HINT] / (t[i].of[HINT] + 3.0),
                           .core = t[i].of[CORE],
                           .measure = (rt_templates_at(all, i)->match.measures & measured) != 0};
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
    if (p->generic || p->manual || p->lang != best->lang || p->match.exam != 0 ||
        (p->match.bodies & best->match.bodies) != 0 ||
        (p->match.modalities & best->match.modalities) == 0)
        return false;
    bool stated = (e->of[RT_EXAM_BODY] & p->match.bodies) != 0;
    if (c->core == 0 || (e->of[RT_EXAM_BODY] != 0 && !stated))
        return false;
    return c->place >= (stated ? STATED_SHARE : OWN_SHARE);
}

static uint32_t second_exam(const rt_templates *t, uint32_t best, const content *c,
                            const rt_exam_mask *e)
{
    uint32_t found = RT_NIL;
    double most = 0;
    for (uint32_t i = 0; i < rt_templates_count(t); i++) {
        const rt_template *p = rt_templates_at(t, i);
        if (is_second_exam(p, rt_templates_at(t, best), &c[i], e) && c[i].place > most) {
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

static bool may_pair(const rt_template *t, const rt_doc *d)
{
    return !t->generic && t->lang == lang_of(d);
}

static rt_choice pick_pair(const rt_templates *t, const rt_doc *d, const rt_exam_mask *e,
                           const ranking *r, const content *c)
{
    rt_choice best = {r->generic, 1 - r->best, r->first, RT_NIL};
    double most = FITS;
    uint32_t n = rt_templates_count(t);
    if (e->of[RT_EXAM_BODY] != 0)
        return best;
    for (uint32_t i = 0; i < n; i++) {
        const rt_template *p = rt_templates_at(t, i);
        for (uint32_t j = 0; j < n && may_pair(p, d); j++) {
            const rt_template *q = rt_templates_at(t, j);
            double score = c[j].core > 0 && p != q && may_pair(q, d)
                               ? score_of_pair(p, q, &c[i], &c[j], e)
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
    ranking r = {.generic = RT_NIL, .first = RT_NIL, .second = RT_NIL};
    rt_exam_mask e = read_exam(t, d, &temp);
    const content *c = weigh(t, d, &temp);
    if (c == NULL)
        return (rt_choice){0, 0, RT_NIL, RT_NIL}; /* full: the report is run again */
    for (uint32_t i = 0; i < rt_templates_count(t); i++) {
        const rt_template *p = rt_templates_at(t, i);
        if (p->lang != lang_of(d) || p->manual)
            continue;
        if (p->generic)
            r.generic = i;
        else
            rank(&r, i, score_of(p, &c[i], &e));
    }
    if (r.best < FITS)
        return pick_pair(t, d, &e, &r, c);
    return (rt_choice){r.first, r.best, r.second != RT_NIL ? r.second : r.generic,
                       second_exam(t, r.first, c, &e)};
}
