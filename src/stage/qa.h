/* Shared by the files of stage qa alone: what the checks look at, and how they report.
 *
 *   mentions, cues ---> sentences  what each one has, and what is said in it
 *   findings ---------> facts      what the report says of the patient now, with side, organ and
 *                                  part of the report; a sided place without a finding is a fact
 *   marks ------------> words      (qa_words.tsv) by set
 *   record, marks ----> exam       modality, side, sets of concepts of what was done
 *
 * A check is a function over these lists; the groups of checks are called in turn by qa.c. A check
 * never decides on its own whether it is on, how grave it is or what it says: the table does.
 *
 * Most reports have nothing that most checks ask for. So the lists answer "is there any" at once
 * (bits of a sentence, counts of words and facts), and what costs more - the place of a fact, the
 * words that a word needs beside it - is worked out when a check asks for it. */
#ifndef RT_STAGE_QA_H
#define RT_STAGE_QA_H

#include "stage/stage.h"

typedef enum rt_qa_part { /* of the report, by the type of the section */
                          RT_QA_NOWHERE,
                          RT_QA_HISTORY, /* request, clinical information */
                          RT_QA_BODY,    /* findings */
                          RT_QA_IMPRESSION,
                          RT_QA_ADDENDUM,
                          RT_QA_PARTS
} rt_qa_part;

typedef enum rt_qa_acuity { RT_QA_ANY_AGE, RT_QA_ACUTE, RT_QA_OLD } rt_qa_acuity;

typedef struct rt_qa_sentence {
    rt_range mentions, marks;
    uint32_t sided;    /* its first mention with a side, or RT_NIL */
    uint32_t cued;     /* bits of rt_cue_type */
    rt_mark_sets says; /* a word of the set stands here, if it holds */
    uint8_t part;      /* rt_qa_part */
    uint8_t side;      /* that all mentions agree on; NONE when there is none or more than one */
} rt_qa_sentence;

typedef enum rt_qa_truth { RT_QA_UNASKED, RT_QA_HOLDS, RT_QA_VOID } rt_qa_truth;

typedef struct rt_qa_word {
    rt_fspan at;
    uint32_t word;     /* index in the marks of the lexicon */
    uint32_t entry;    /* its reading in the lexicon */
    uint32_t sentence; /* RT_NIL in a heading */
    uint32_t hit;      /* in the marks of the document */
    uint8_t mark;      /* rt_mark_type */
    uint8_t truth;     /* rt_qa_truth: do the words that it requires stand there, none forbidden? */
    bool last;         /* of its hit */
} rt_qa_word;

typedef struct rt_qa_fact {
    uint32_t finding; /* RT_NIL: a place with a side ("postoperative right upper lobe") */
    uint32_t concept, sentence;
    uint32_t place; /* concept of the most specific place, or RT_NIL */
    uint8_t part, side, organ, region, presence;
    uint8_t severity, change, acuity; /* rt_..._type, rt_qa_acuity */
    bool current;                     /* not history */
    bool derived;                     /* of a normal statement */
    bool lent;                        /* the side is that of the sentence */
    bool of_exam;                     /* the organ is that of the exam */
    uint32_t count;                   /* stated number, 0 = none */
    uint32_t measure;                 /* of the size */
    double size;                      /* largest current length in mm, 0 = none */
    uint64_t sets;                    /* of the concept: bits of rt_qa_set */
} rt_qa_fact;

/* What was done: the fields exam, order, modality and body_part of the record; where they say
 * nothing, the title of the report, what stands under exam, and the technique. */
typedef struct rt_qa_exam {
    rt_str name;         /* in the record */
    uint32_t section;    /* that names it where the record does not, or RT_NIL */
    uint8_t side;        /* rt_side_type; of a paired organ */
    uint32_t modalities; /* bits of rt_qa_modality */
    uint32_t regions;    /* bits of the regions of the places */
    uint64_t organs;     /* bits of their organs */
    bool plain, contrast;
    bool paired;             /* an organ of two sides was named, or a side right before a place */
    uint32_t side_end;       /* of the last side, where it stands */
    RT_VEC(uint32_t) places; /* anatomy concepts */
    RT_VEC(uint32_t) words;  /* marks that stand there, in the record or in the text */
} rt_qa_exam;

typedef RT_VEC(const rt_qa_fact *) rt_qa_facts;

typedef struct rt_qa {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *lex;
    const rt_checks *checks;
    const rt_checked_concept *about; /* by concept */
    const rt_checked_word *meaning;  /* by word of qa_words.tsv */
    uint8_t *parts;                  /* rt_qa_part of each section */
    rt_qa_sentence *sentences;       /* as those of the document */
    const rt_mark_sets *sets;        /* of words; 0: of none */
    uint16_t *hits;                  /* index in these of each mark of the document */
    rt_qa_word **words;              /* of each mark, once asked for */
    rt_pairs *asked;                 /* of the sentence whose words were asked for last */
    rt_mark_sets has, outside;       /* words of the set stand in the report, out of sentences */
    RT_VEC(rt_qa_fact) facts;        /* by position */
    rt_qa_facts positive, absent;    /* those that are present or possible; denied */
    uint32_t in_part[RT_QA_PARTS];   /* facts of each part */
    uint32_t denied[RT_QA_PARTS];    /* absent ones of each part */
    rt_qa_exam exam;
    uint8_t issues[RT_CHECKS]; /* reported so far */
} rt_qa;

typedef void rt_qa_group(rt_qa *q);

rt_qa_group rt_qa_side;        /* laterality */
rt_qa_group rt_qa_read_exam;   /* fills q->exam from the text; not a check */
rt_qa_group rt_qa_exam_checks; /* what was done against what is described */
rt_qa_group rt_qa_pair;        /* findings against the impression, fact by fact */
rt_qa_group rt_qa_patient;     /* who it is: sex, age, name */
rt_qa_group rt_qa_time;        /* dates, comparison, change */
rt_qa_group rt_qa_organ;       /* what the body has */
rt_qa_group rt_qa_device;      /* what was put into it */
rt_qa_group rt_qa_grade;       /* RADS */
rt_qa_group rt_qa_advice;      /* follow-up */
rt_qa_group rt_qa_whole;       /* what is left out, answered */
rt_qa_group rt_qa_told;        /* what is told, corrected, signed */
rt_qa_group rt_qa_count;
rt_qa_group rt_qa_text; /* what is wrong with the words themselves */

/* Of a positive finding of the impression (qa_nature.c). */
void rt_qa_check_level(rt_qa *q, const rt_qa_fact *f);
void rt_qa_check_nature(rt_qa *q, const rt_qa_fact *f);
void rt_qa_check_age(rt_qa *q, const rt_qa_fact *f);

/* ---- gathering, in this order; false: the arena is full (qa_facts.c, qa_words.c) */

bool rt_qa_read_sentences(rt_qa *q);
void rt_qa_gather_facts(rt_qa *q);
/* exam_known: the record or the text says how the exam was done. */
bool rt_qa_read_words(rt_qa *q, bool exam_known);
void rt_qa_sort_facts(rt_qa *q);
/* What the record says of the exam, before any word is looked at. False: nothing tells how it was
 * done, neither there nor in the text (qa_exam.c). */
bool rt_qa_read_record(rt_qa *q);

/* ---- reports */

static const rt_span RT_QA_NONE = {0, 0};

#define RT_Q(n) ((n)-1U) /* RT_Q(1) is Q01 */

/* Is the check on, and may it report once more? Ask before costly work. */
bool rt_qa_wants(const rt_qa *q, uint32_t check);
/* Report: both places, one, or none (RT_QA_NONE). Does nothing when the check is off. */
void rt_qa_report(rt_qa *q, uint32_t check, rt_span a, rt_span b);
/* The same with a word of our own, {3} in the message; it must outlive the report. */
void rt_qa_report_word(rt_qa *q, uint32_t check, rt_span a, rt_span b, rt_str word);

static inline rt_span rt_qa_span(const rt_qa *q, rt_fspan at)
{
    return rt_doc_span(q->d, at);
}
/* Both places as one, when they are near; else the first. */
rt_span rt_qa_join(rt_span a, rt_span b);
/* The head of a fact, with its side word when that stands near; where its size stands. */
rt_span rt_qa_at(const rt_qa *q, const rt_qa_fact *f);
rt_span rt_qa_size_at(const rt_qa *q, const rt_qa_fact *f);

/* ---- sentences */

static inline rt_fspan rt_qa_sentence_at(const rt_qa *q, uint32_t sentence)
{
    return q->d->sentences.at[sentence].at;
}
/* Folded text of a sentence. */
static inline rt_str rt_qa_text_of(const rt_qa *q, uint32_t sentence)
{
    return rt_text_fslice(&q->d->text, rt_qa_sentence_at(q, sentence));
}
static inline rt_qa_part rt_qa_part_of(const rt_qa *q, uint32_t section)
{
    return (rt_qa_part)q->parts[section];
}
static inline rt_qa_part rt_qa_part_of_sentence(const rt_qa *q, uint32_t sentence)
{
    return (rt_qa_part)q->sentences[sentence].part;
}
/* rt_section_type */
static inline unsigned rt_qa_section_of(const rt_qa *q, uint32_t sentence)
{
    return q->d->sections.at[q->d->sentences.at[sentence].section].type;
}
static inline rt_range rt_qa_mentions(const rt_qa *q, uint32_t sentence)
{
    return q->sentences[sentence].mentions;
}
/* A cue of that category stands in the sentence. */
static inline bool rt_qa_cued(const rt_qa *q, uint32_t sentence, rt_cue_type category)
{
    return (q->sentences[sentence].cued >> category & 1U) != 0;
}
static inline uint8_t rt_qa_side_of(const rt_qa *q, const rt_mention *m)
{
    return m->type == RT_TYPE_SIDE ? q->lex->concepts[m->concept].value : m->side;
}

/* Nothing but blanks and lines. */
bool rt_qa_is_blank(rt_str s);
/* Four digits in a row: "repeat CT on 2025-03-01". */
bool rt_qa_has_year(rt_str s);
/* Advice stands in the sentence; the interval that it names, in months, 0: none (qa_advice.c). */
bool rt_qa_advisable(const rt_qa *q, uint32_t sentence);
double rt_qa_interval(const rt_qa *q, uint32_t sentence);
/* The impression speaks of it: of its kind, or of another lesion of its organ (qa_whole.c). */
bool rt_qa_is_concluded(const rt_qa *q, const rt_qa_fact *f);

/* ---- words */

static inline bool rt_qa_in_sets(rt_mark_sets sets, rt_mark_type set)
{
    return (sets.bits[set / 64] >> set % 64 & 1U) != 0;
}
static inline bool rt_qa_share(rt_mark_sets a, rt_mark_sets b)
{
    return ((a.bits[0] & b.bits[0]) | (a.bits[1] & b.bits[1])) != 0;
}
/* Some word of the set may stand in the report. */
static inline bool rt_qa_has(const rt_qa *q, rt_mark_type set)
{
    return rt_qa_in_sets(q->has, set);
}
bool rt_qa_find_word(const rt_qa *q, rt_mark_type set, rt_range marks, rt_fspan in,
                     const rt_qa_word **out);
/* The first word of a set in a range of the folded text. */
static inline bool rt_qa_find(const rt_qa *q, rt_mark_type set, rt_fspan in, const rt_qa_word **out)
{
    if (!rt_qa_has(q, set))
        return false;
    uint32_t first = rt_doc_first_mark(q->d, in.beg);
    return rt_qa_find_word(q, set, (rt_range){first, q->d->marks.len - first}, in, out);
}
/* The same where the range is of one sentence. */
static inline bool rt_qa_find_in(const rt_qa *q, uint32_t sentence, rt_mark_type set, rt_fspan in,
                                 const rt_qa_word **out)
{
    const rt_qa_sentence *s = &q->sentences[sentence];
    return rt_qa_in_sets(s->says, set) && rt_qa_find_word(q, set, s->marks, in, out);
}
static inline bool rt_qa_says(const rt_qa *q, uint32_t sentence, rt_mark_type set)
{
    return rt_qa_find_in(q, sentence, set, rt_qa_sentence_at(q, sentence), NULL);
}

/* Words of some sets among the marks of the document in turn: the first one (NULL), the one behind
 * another; NULL: no more. */
const rt_qa_word *rt_qa_each_in(const rt_qa *q, rt_mark_sets sets, rt_range marks,
                                const rt_qa_word *w);
const rt_qa_word *rt_qa_each_word(const rt_qa *q, rt_mark_sets sets, const rt_qa_word *w);
/* The same in the whole report. */
static inline const rt_qa_word *rt_qa_each(const rt_qa *q, rt_mark_sets sets, const rt_qa_word *w)
{
    return rt_qa_share(q->has, sets) ? rt_qa_each_word(q, sets, w) : NULL;
}
#define RT_QA_WORDS(...)                                                                           \
    rt_qa_sets((const rt_mark_type[]){__VA_ARGS__},                                                \
               sizeof((const rt_mark_type[]){__VA_ARGS__}) / sizeof(rt_mark_type))
static inline rt_mark_sets rt_qa_sets(const rt_mark_type *list, size_t n)
{
    rt_mark_sets s = {{0, 0}};
    for (size_t i = 0; i < n; i++)
        s.bits[list[i] / 64] |= UINT64_C(1) << list[i] % 64;
    return s;
}
/* The same of one set. */
static inline const rt_qa_word *rt_qa_next(const rt_qa *q, const rt_qa_word *w)
{
    return rt_qa_each(q, RT_QA_WORDS((rt_mark_type)w->mark), w);
}
static inline const rt_qa_word *rt_qa_first(const rt_qa *q, rt_mark_type set)
{
    return rt_qa_has(q, set) ? rt_qa_each(q, RT_QA_WORDS(set), NULL) : NULL;
}
static inline const char *rt_qa_value(const rt_qa *q, const rt_qa_word *w)
{
    return rt_lexicon_text(q->lex, q->lex->marks[w->word].value);
}

/* ---- facts: what one of them is, what two have in common */

static inline bool rt_qa_is(const rt_qa_fact *f, rt_qa_set set)
{
    return (f->sets >> set & 1U) != 0;
}
static inline bool rt_qa_concept_in(const rt_qa *q, uint32_t concept, rt_qa_set set)
{
    return (q->about[concept].sets >> set & 1U) != 0;
}
/* It or its place. */
static inline bool rt_qa_in(const rt_qa *q, const rt_qa_fact *f, rt_qa_set set)
{
    return rt_qa_is(f, set) || (f->place != RT_NIL && rt_qa_concept_in(q, f->place, set));
}
static inline unsigned rt_qa_type(const rt_qa *q, const rt_qa_fact *f)
{
    return q->lex->concepts[f->concept].type;
}
static inline bool rt_qa_is_device(const rt_qa *q, const rt_qa_fact *f)
{
    return f->finding != RT_NIL && rt_qa_type(q, f) == RT_TYPE_DEVICE;
}
static inline bool rt_qa_one_sided(const rt_qa_fact *f)
{
    return f->side == RT_SIDE_LEFT || f->side == RT_SIDE_RIGHT;
}
static inline uint8_t rt_qa_opposite(uint8_t side)
{
    return side == RT_SIDE_LEFT ? RT_SIDE_RIGHT : RT_SIDE_LEFT;
}
/* A finding of now in that part of the report. */
static inline bool rt_qa_now_in(const rt_qa_fact *f, rt_qa_part part)
{
    return f->part == part && f->finding != RT_NIL && f->current;
}
static inline bool rt_qa_positive(const rt_qa_fact *f)
{
    return f->presence == RT_PRESENCE_PRESENT || f->presence == RT_PRESENCE_POSSIBLE;
}
/* One concept is a kind of the other. */
static inline bool rt_qa_related(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b)
{
    return rt_lexicon_is_a(q->lex, a->concept, b->concept) ||
           rt_lexicon_is_a(q->lex, b->concept, a->concept);
}
/* No place, or one of many organs: a wall, a lumen, a bone. */
static inline bool rt_qa_anywhere(const rt_qa *q, uint32_t place)
{
    return place == RT_NIL || rt_qa_concept_in(q, place, RT_QA_SET_ANYWHERE);
}
/* One place is a part of the other, both named. */
bool rt_qa_part_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* Neither names a side or a place that the other one contradicts. */
bool rt_qa_same_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* May be spoken of as one lesion, but for the side: of one organ, or of one kind. */
bool rt_qa_alike(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* Both are kinds of one thing that has a meaning of its own. */
bool rt_qa_one_family(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);

/* Largest length of the finding in mm, of now or of the earlier exam, and its place; 0: none
 * (qa_time.c). */
double rt_qa_largest(const rt_qa *q, const rt_finding *f, bool prior, rt_span *at);

#endif
