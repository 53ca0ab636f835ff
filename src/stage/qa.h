/* Shared by the files of stage qa alone: what the checks look at, and how they report.
 *
 *   hits --------> words    (qa_words.tsv) by set
 *   findings ----> facts    what the report says of the patient now, with side, organ and part of
 *                           the report; a sided place without a finding is a fact too
 *   record ------> exam     modality, side, sets of concepts of what was done
 *
 * A check is a function over these lists; the groups of checks are called in turn by qa.c. A check
 * never decides on its own whether it is on, how grave it is or what it says: the table does. */
#ifndef RT_STAGE_QA_H
#define RT_STAGE_QA_H

#include "stage/stage.h"

typedef enum rt_qa_part { /* of the report, by the type of the section */
                          RT_QA_NOWHERE,
                          RT_QA_HISTORY, /* request, clinical information */
                          RT_QA_BODY,    /* findings */
                          RT_QA_IMPRESSION,
                          RT_QA_ADDENDUM,
} rt_qa_part;

typedef enum rt_qa_acuity { RT_QA_ANY_AGE, RT_QA_ACUTE, RT_QA_OLD } rt_qa_acuity;

typedef struct rt_qa_word {
    rt_fspan at;
    uint32_t word;     /* index in the marks of the lexicon */
    uint32_t sentence; /* RT_NIL in a heading */
    uint32_t mark;     /* rt_mark_type */
} rt_qa_word;

typedef struct rt_qa_fact {
    rt_span at;       /* the head, with its side word when that stands near */
    uint32_t finding; /* RT_NIL: a place with a side ("postoperative right upper lobe") */
    uint32_t concept, sentence;
    uint32_t place; /* concept of the most specific place, or RT_NIL */
    uint8_t part, side, organ, region, presence;
    uint8_t severity, change, acuity; /* rt_..._type, rt_qa_acuity */
    bool current;                     /* not history */
    uint32_t count;                   /* stated number, 0 = none */
    double size;                      /* largest current length in mm, 0 = none */
    rt_span size_at;
} rt_qa_fact;

/* What was done: the fields exam, order, modality and body_part of the record; where they say
 * nothing, the title of the report, what stands under exam, and the technique. */
typedef struct rt_qa_exam {
    rt_str name;         /* for messages; empty: unknown */
    uint8_t side;        /* rt_side_type; of a paired organ */
    uint32_t modalities; /* bits of rt_qa_modality */
    uint32_t regions;    /* bits of rt_checks_region */
    uint64_t organs;     /* bits of rt_checks_organ */
    bool plain, contrast;
    bool paired;             /* an organ of two sides was named */
    RT_VEC(uint32_t) places; /* anatomy concepts */
    RT_VEC(uint32_t) words;  /* marks that stand there, in the record or in the text */
} rt_qa_exam;

typedef enum rt_qa_modality { /* the values of the set modality */
                              RT_QA_CT,
                              RT_QA_MR,
                              RT_QA_US,
                              RT_QA_XR,
                              RT_QA_MG,
                              RT_QA_PET,
                              RT_QA_NM,
                              RT_QA_FL,
} rt_qa_modality;

typedef struct rt_qa {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *lex;
    const rt_checks *checks;
    RT_VEC(rt_qa_word) words;            /* by position */
    uint32_t count[RT_MARK_END];         /* words of each set */
    RT_VEC(rt_qa_fact) facts;            /* by position */
    uint32_t denied[RT_QA_ADDENDUM + 1]; /* absent facts of each part */
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
rt_qa_group rt_qa_advice;      /* RADS, follow-up */
rt_qa_group rt_qa_whole;       /* what is left out, told, corrected, signed */
rt_qa_group rt_qa_count;
rt_qa_group rt_qa_text; /* what is wrong with the words themselves */

/* What the record says of the exam, before any word is looked at. False: nothing tells how it was
 * done, neither there nor in the text. */
bool rt_qa_read_record(rt_qa *q);

static const rt_span RT_QA_NONE = {0, 0};

/* Is the check on, and may it report once more? Ask before costly work. */
bool rt_qa_wants(const rt_qa *q, uint32_t check);
/* Report: both places, one, or none (RT_QA_NONE). Does nothing when the check is off. */
void rt_qa_report(rt_qa *q, uint32_t check, rt_span a, rt_span b);
/* The same with a word of our own, {3} in the message; it must outlive the report. */
void rt_qa_report_word(rt_qa *q, uint32_t check, rt_span a, rt_span b, rt_str word);

/* A cue of that category stands in the sentence. */
bool rt_qa_cued(const rt_qa *q, uint32_t sentence, rt_cue_type category);
rt_range rt_qa_mentions(const rt_qa *q, uint32_t sentence);
/* Both places as one, when they are near; else the first. */
rt_span rt_qa_join(rt_span a, rt_span b);
rt_qa_part rt_qa_part_of(const rt_qa *q, uint32_t section);
static inline rt_span rt_qa_span(const rt_qa *q, rt_fspan at)
{
    return rt_doc_span(q->d, at);
}
/* Folded text of a sentence. */
static inline rt_str rt_qa_text_of(const rt_qa *q, uint32_t sentence)
{
    return rt_text_fslice(&q->d->text, q->d->sentences.at[sentence].at);
}
static inline rt_qa_part rt_qa_part_of_sentence(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_part_of(q, q->d->sentences.at[sentence].section);
}

/* ---- words: those of a set in a range of the folded text */
bool rt_qa_find(const rt_qa *q, rt_mark_type set, rt_fspan in, const rt_qa_word **out);
static inline bool rt_qa_says(const rt_qa *q, uint32_t sentence, rt_mark_type set)
{
    return q->count[set] > 0 && rt_qa_find(q, set, q->d->sentences.at[sentence].at, NULL);
}
static inline const char *rt_qa_value(const rt_qa *q, const rt_qa_word *w)
{
    return rt_lexicon_text(q->lex, q->lex->marks[w->word].value);
}

/* ---- facts: what two of them have in common */
static inline bool rt_qa_in(const rt_qa *q, const rt_qa_fact *f, rt_qa_set set)
{
    return rt_checks_in(q->checks, f->concept, set) ||
           (f->place != RT_NIL && rt_checks_in(q->checks, f->place, set));
}
static inline bool rt_qa_one_sided(const rt_qa_fact *f)
{
    return f->side == RT_SIDE_LEFT || f->side == RT_SIDE_RIGHT;
}
static inline uint8_t rt_qa_opposite(uint8_t side)
{
    return side == RT_SIDE_LEFT ? RT_SIDE_RIGHT : RT_SIDE_LEFT;
}
/* One concept is a kind of the other. */
bool rt_qa_related(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* Neither names a side or a place that the other one contradicts. */
bool rt_qa_same_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* One place is a part of the other, both named. */
bool rt_qa_part_place(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);
/* May be spoken of as one lesion, but for the side: of one organ, or of one kind. */
bool rt_qa_alike(const rt_qa *q, const rt_qa_fact *a, const rt_qa_fact *b);

static inline bool rt_qa_positive(const rt_qa_fact *f)
{
    return f->presence == RT_PRESENCE_PRESENT || f->presence == RT_PRESENCE_POSSIBLE;
}

#define RT_Q(n) ((n)-1U) /* RT_Q(1) is Q01 */

/* Largest length of the finding in mm, of now or of the earlier exam, and its place; 0: none
 * (qa_time.c). */
double rt_qa_largest(const rt_qa *q, const rt_finding *f, bool prior, rt_span *at);

#endif
