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
} rt_qa_fact;

typedef struct rt_qa {
    rt_ctx *c;
    rt_doc *d;
    const rt_lexicon *lex;
    const rt_checks *checks;
    RT_VEC(rt_qa_word) words;    /* by position */
    uint32_t count[RT_MARK_END]; /* words of each set */
    RT_VEC(rt_qa_fact) facts;    /* by position */
    uint8_t issues[RT_CHECKS];   /* reported so far */
} rt_qa;

typedef void rt_qa_group(rt_qa *q);

rt_qa_group rt_qa_side; /* laterality */
rt_qa_group rt_qa_text; /* what is wrong with the words themselves */

static const rt_span RT_QA_NONE = {0, 0};

/* Is the check on, and may it report once more? Ask before costly work. */
bool rt_qa_wants(const rt_qa *q, uint32_t check);
/* Report: both places, one, or none (RT_QA_NONE). Does nothing when the check is off. */
void rt_qa_report(rt_qa *q, uint32_t check, rt_span a, rt_span b);
/* The same with a word of our own, {3} in the message; it must outlive the report. */
void rt_qa_report_word(rt_qa *q, uint32_t check, rt_span a, rt_span b, rt_str word);

rt_range rt_qa_mentions(const rt_qa *q, uint32_t sentence);
rt_qa_part rt_qa_part_of(const rt_qa *q, uint32_t section);
static inline rt_span rt_qa_span(const rt_qa *q, rt_fspan at)
{
    return rt_doc_span(q->d, at);
}
static inline bool rt_qa_positive(const rt_qa_fact *f)
{
    return f->presence == RT_PRESENCE_PRESENT || f->presence == RT_PRESENCE_POSSIBLE;
}

#define RT_Q(n) ((n)-1U) /* RT_Q(1) is Q01 */

#endif
