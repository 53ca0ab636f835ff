/* What the index stores of a report, made from its document, which may then go. All buffers are
 * reused.
 *
 * Findings repeat each other: "no pleural effusion" stands in half of all reports. What is said of
 * a finding is a CLAIM, stored once in the table `claim`; the row of a report holds the numbers of
 * its claims, and where each of them stands. */
#ifndef RT_INDEX_ROWS_H
#define RT_INDEX_ROWS_H

#include "base/buf.h"
#include "knowledge/knowledge.h"
#include "model/report.h"

/* State of a finding in one letter: the last of its concept tokens, and claim.state.
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

/* Compared and hashed as bytes, so no padding may appear. */
typedef struct rt_claim {
    uint32_t concept;
    uint8_t letter, presence, section, side, severity, change, temporality, experiencer;
    uint8_t derived, pad;
    uint16_t n_places; /* uint32_t concepts of anatomy follow it, most specific first */
} rt_claim;

typedef struct rt_said { /* a claim at its place */
    uint32_t claim;      /* where it begins in row.claims */
    uint32_t beg, len;   /* code points of the document text */
    uint32_t tenths;     /* largest current length in 0.1 mm, 0 = none */
} rt_said;

struct rt_index_row {
    const rt_lexicon *lexicon;
    rt_buf kept;                  /* bytes of the fields, the text, and of messages */
    rt_str field[RT_FIELD_COUNT]; /* within kept; TEXT: the document text */
    const char *charset;
    bool zh;
    rt_buf flags, advice, qa, removed; /* as in rt_doc, but their places are code points */
    rt_buf sections;                   /* pieces.h */
    uint32_t last_point;               /* where the last piece ends */
    rt_buf words[RT_SECTION_END];      /* tokens of the sections of one type */
    uint32_t n_words;
    rt_buf concepts; /* keys of its concept tokens, in order */
    rt_buf claims;   /* rt_claim with places, one after the other */
    rt_said *said;   /* heap */
    size_t n_said, cap_said;
    uint32_t *keys; /* heap: of the concept tokens so far; open addressing */
    size_t n_keys, cap_keys;
    bool failed;     /* out of memory */
    rt_buf findings; /* the writer's: stored.h */
};
typedef struct rt_index_row rt_row;

/* Byte offsets to code points, fast when asked in ascending order. */
typedef struct rt_points {
    rt_str text;
    bool ascii;
    size_t byte, point;
} rt_points;

uint32_t rt_points_at(rt_points *p, size_t byte);

/* ---- concept tokens. A key is concept * 16 + letter * 2 + (1: place); concept n_concepts: some
 * finding */

_Static_assert(RT_LETTER_END <= 8, "a letter has three bits");

static inline uint32_t rt_key(uint32_t concept, unsigned letter, bool place)
{
    return concept * 16 + letter * 2 + place;
}

typedef void rt_key_fn(void *user, uint32_t key);
/* All keys of a claim. places: the concepts behind it. ORDER TOKENS: content.c reads them back. */
void rt_claim_keys(const rt_claim *c, const uint32_t *places, const rt_lexicon *x, void *user,
                   rt_key_fn *each);
/* rid5352p: present; rid1362lp: something present lies there; ridanyp: something is present. */
enum { RT_TOKEN_SIZE = 32 }; /* ids of concepts are short */
rt_str rt_token_name(char out[RT_TOKEN_SIZE], const rt_lexicon *x, uint32_t key);
void rt_token_print(rt_buf *b, const rt_lexicon *x, uint32_t key);

#endif
