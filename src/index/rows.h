/* What the index stores of a report, made from its document. All buffers are reused. */
#ifndef RT_INDEX_ROWS_H
#define RT_INDEX_ROWS_H

#include "base/buf.h"
#include "knowledge/knowledge.h"
#include "model/report.h"

/* State of a finding in one letter: the last of its concept tokens, and element 1 of its row.
 * ORDER: rt_state_letters. Family and other people first, then history, then presence. */
typedef enum rt_state_letter {
    RT_LETTER_PRESENT,
    RT_LETTER_ABSENT,
    RT_LETTER_POSSIBLE,
    RT_LETTER_UNLIKELY,
    RT_LETTER_QUERIED,
    RT_LETTER_HISTORICAL,
    RT_LETTER_FAMILY, /* of somebody else */
    RT_LETTER_NORMAL, /* absent because a normal statement implies it ("lungs are clear") */
    RT_LETTER_END
} rt_state_letter;

extern const char rt_state_letters[RT_LETTER_END + 1]; /* "paouqhfn" */
const char *rt_letter_name(unsigned letter);           /* "present" ... "historical" "family" */
/* Present and possible findings stand under their kinds as well: consolidation is an opacity, but
 * "no consolidation" is not "no opacity". */
enum {
    RT_LETTERS_INHERITED = 1U << RT_LETTER_PRESENT | 1U << RT_LETTER_POSSIBLE,
    RT_LETTERS_ABSENT = 1U << RT_LETTER_ABSENT | 1U << RT_LETTER_NORMAL,
    RT_LETTERS_STATED = (1U << RT_LETTER_NORMAL) - 1, /* all that a report says in words */
};

/* Places in the row of a finding, a JSON array whose trailing zeros are left out. 0 = none. Offsets
 * are code points of the document text. The view `finding` reads the same (ORDER ROW, schema.c). */
typedef enum rt_row_item {
    RT_ROW_CONCEPT, /* id */
    RT_ROW_STATE,   /* letter */
    RT_ROW_PRESENCE,
    RT_ROW_SECTION,
    RT_ROW_BEG,
    RT_ROW_END,
    RT_ROW_ANATOMY, /* array of ids, most specific first */
    RT_ROW_SIDE,
    RT_ROW_SEVERITY,
    RT_ROW_CHANGE,
    RT_ROW_SIZE, /* largest current length in mm */
    RT_ROW_TEMPORALITY,
    RT_ROW_EXPERIENCER,
    RT_ROW_DERIVED,
} rt_row_item;

typedef struct rt_keys { /* heap */
    uint32_t *at;
    size_t len, cap;
    bool failed;
} rt_keys;

typedef struct rt_row {
    rt_buf sections;              /* [[type,b,e],...] */
    rt_buf findings;              /* [[...],...] */
    rt_buf concepts;              /* tokens, apart by blanks */
    rt_buf words[RT_SECTION_END]; /* text of the sections of one type; pieces apart by line ends */
    rt_keys keys;
} rt_row;

void rt_row_init(rt_row *r);
void rt_row_free(rt_row *r);
rt_code rt_row_fill(rt_row *r, const rt_report *report, rt_err *err);

/* Byte offsets to code points, fast when asked in ascending order. */
typedef struct rt_points {
    rt_str text;
    bool ascii;
    size_t byte, point;
} rt_points;

uint32_t rt_points_at(rt_points *p, size_t byte);

/* Words of the column `concepts`. kind: 'c' the finding is of this concept, 'l' it lies there. */
void rt_token_concept(rt_buf *b, const rt_lexicon *x, char kind, uint32_t concept, unsigned letter);
/* The report has some finding in this state. */
void rt_token_any(rt_buf *b, unsigned letter);

#endif
