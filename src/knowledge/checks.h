/* Quality checks: what they are called, how grave they are, whether they are on, their numbers, and
 * the sets of concepts that they speak of, from lexicons/qa.tsv and lexicons/qa_sets.tsv. The words
 * that they look for are in lexicons/qa_words.tsv, which is a table of the lexicon: the one scan of
 * a report finds them with everything else. What a check asks is in stage/qa_*.c. */
#ifndef RT_KNOWLEDGE_CHECKS_H
#define RT_KNOWLEDGE_CHECKS_H

#include "knowledge/image.h"

enum {
    RT_CHECKS_ONE = 48, /* Q01 to Q48: of one report */
    RT_CHECK_PRIOR_REMOVED =
        RT_CHECKS_ONE, /* P01 to P04: against an earlier report of the patient */
    RT_CHECK_PRIOR_SIDE,
    RT_CHECK_PRIOR_TREND,
    RT_CHECK_PRIOR_NEW,
    RT_CHECKS /* a check is its number */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct rt_check_info { /* strings owned by the checks */
    const char *id, *name_en, *name_zh;
    const char *message_en, *message_zh; /* with {1} and {2} for the two places */
    const char *explain_en, *explain_zh;
    rt_qa_level_type severity;
    bool on;
    bool asked; /* noisy by nature: recorded, but listed only when asked for */
    char pad[2];
} rt_check_info;

typedef struct rt_checked_concept { /* what the checks know of a concept of the lexicon */
    uint64_t sets;                  /* bits of rt_qa_set, below */
    uint8_t organ;                  /* row of its organ, 0 = none */
    uint8_t region; /* number of the region that the lexicon gives it; 0: general, any */
    uint8_t pad[6];
} rt_checked_concept;

typedef struct rt_checked_word { /* ... and of the value of a word of qa_words.tsv */
    uint32_t concept;            /* that it names, or RT_NIL */
    uint32_t modalities;         /* bits of rt_qa_modality, below */
} rt_checked_word;

typedef struct rt_mark_sets { /* bits of rt_mark_type */
    uint64_t bits[2];
} rt_mark_sets;

#pragma GCC diagnostic pop

_Static_assert(RT_MARK_END <= 128, "sets of words are bits of two words");

/* Numbers of the checks: X(CONSTANT, "name in the column params"). Lengths are in mm. */
#define RT_QA_PARAMS(X)                                                                            \
    X(MAX_ISSUES, "max_issues")      /* of one check in one report */                              \
    X(AGE_SLACK, "age_slack")        /* years between text and record that are let go */           \
    X(OMIT_SIZE, "omit_size")        /* of a nodule that the impression should name */             \
    X(SIZE_SLACK, "size_slack")      /* ratio of two sizes that are still the same */              \
    X(NODULE_MAX, "nodule_max")      /* largest lung nodule */                                     \
    X(MASS_MIN, "mass_min")          /* smallest lung mass */                                      \
    X(LENGTH_MAX, "length_max")      /* largest plausible lesion */                                \
    X(INCIDENTAL, "incidental_size") /* of an incidental nodule that is followed */                \
    X(SMALL_NODULE, "small_nodule")  /* below it a nodule needs no early control */                \
    X(EARLY_MONTHS, "early_months")  /* what is early */                                           \
    X(TREND_SLACK, "trend_slack")    /* ratio of two sizes of two exams that are still the same */ \
    X(NEW_DAYS, "new_days")          /* between two exams: what was there then is not new */

typedef enum rt_qa_param {
#define X(c, n) RT_QA_PARAM_##c,
    RT_QA_PARAMS(X) RT_QA_PARAM_END
#undef X
} rt_qa_param;

/* Sets of concepts: X(CONSTANT, "name in qa_sets.tsv"). A concept is in a set with all its kinds;
 * anatomy with all its parts too. */
#define RT_QA_SETS(X)                                                                              \
    X(ORGAN, "organ")     /* each row is one organ: what has sides and is compared by them */      \
    X(UNSIDED, "unsided") /* many levels with both sides each: a side does not tell the lesion */  \
    X(LEVEL, "level")     /* vertebra, disc, segment: where a lesion is counted */                 \
    X(ACUTE, "acute")                                                                              \
    X(OLD, "old")                                                                                  \
    X(BENIGN, "benign")                                                                            \
    X(MALIGNANT, "malignant")                                                                      \
    X(LIMB, "limb") /* one region, but an exam shows one part of it */                             \
    X(MALE, "male") /* organs, findings and procedures of one sex */                               \
    X(FEMALE, "female")                                                                            \
    X(LUNG, "lung")                                                                                \
    X(NODULE, "nodule")                                                                            \
    X(MASS, "mass")                                                                                \
    X(FOCAL, "focal")   /* focal lesions of an organ */                                            \
    X(AMOUNT, "amount") /* small and large are degrees of it */                                    \
    X(LITTLE, "little")                                                                            \
    X(MUCH, "much")                                                                                \
    X(WHOLE_ORGAN, "whole-organ") /* what can be called free of focal lesions */                   \
    X(RADS, "rads")                                                                                \
    X(FOLLOWED, "followed")       /* by guidelines, when found by chance */                        \
    X(ACTIONABLE, "actionable")   /* ... whatever the exam was for, when they are large enough */  \
    X(SIGNIFICANT, "significant") /* belongs in the impression */                                  \
    X(NEEDS_SIDE, "needs-side")                                                                    \
    X(DIFFUSE, "diffuse")     /* benign, and no lesion */                                          \
    X(COUNTED, "counted")     /* findings whose number is compared */                              \
    X(TIP_GOOD, "tip-good")   /* where the tip of a tube or line ends as meant */                  \
    X(TIP_POOR, "tip-poor")   /* ... and where it must not */                                      \
    X(DESCRIBED, "described") /* cannot be concluded without being described */                    \
    X(ANY_SIZE, "any-size")   /* where a mass may be of any size */                                \
    X(REMAINS, "remains")     /* what is seen where an organ was */                                \
    X(VAGUE, "vague")         /* says nothing about which lesion: abnormality, disease */          \
    X(ANYWHERE, "anywhere")   /* parts of many organs: wall, lumen */                              \
    X(WITHIN, "within")       /* changes the place itself: normal, it has none of them */          \
    X(SHOWS, "shows")         /* what any focal lesion may look like: a filling defect */          \
    X(STONE, "stone")         /* stones, and the signs of one in a bright echo */                  \
    X(VESSEL, "vessel")       /* of the vessels of an organ, which may else be normal */           \
    X(BY_SIZE, "by-size")     /* categories that ask for biopsy above a size, control below */

typedef enum rt_qa_set {
#define X(c, n) RT_QA_SET_##c,
    RT_QA_SETS(X) RT_QA_SET_END
#undef X
} rt_qa_set;

_Static_assert(RT_QA_SET_END <= 64, "the sets of a concept are bits of one word");

/* The values of the sets "modality" and "seen-by": X(NAME). */
#define RT_QA_MODALITIES(X) X(CT) X(MR) X(US) X(XR) X(MG) X(PET) X(NM) X(FL)

typedef enum rt_qa_modality {
#define X(n) RT_QA_##n,
    RT_QA_MODALITIES(X) RT_QA_MODALITY_END
#undef X
} rt_qa_modality;

typedef struct rt_checks rt_checks;

/* dir: the folder of the tables. Fails with file:line:column; x must outlive the checks. */
rt_code rt_checks_load(const char *dir, const rt_lexicon *x, rt_checks **out, rt_err *err);
/* The same from a compiled lexicon, if it has just these tables. */
rt_code rt_checks_open(const char *dir, const rt_lexicon *x, const rt_parts *parts, rt_checks **out,
                       rt_err *err);
/* Into a compiled lexicon, unless the tables have faults. */
void rt_checks_image(rt_image *m, const char *dir, const rt_lexicon *x);
void rt_checks_close(rt_checks *k);
const rt_check_info *rt_checks_info(const rt_checks *k, uint32_t check); /* check < RT_CHECKS */
bool rt_checks_find(rt_str id, uint32_t *check);                         /* "Q01" "q1" "P04" */
/* The message of a check: {1} {2} are the words of the report, cut when long, {3} a word of the
 * check; written to `to`, as much as there is room for. Returns its length. */
size_t rt_checks_message(const char *form, const rt_str part[3], char *to, size_t room);
double rt_checks_param(const rt_checks *k, rt_qa_param p);
/* By index in the lexicon's concepts and in its marks. */
const rt_checked_concept *rt_checks_concepts(const rt_checks *k);
const rt_checked_word *rt_checks_words(const rt_checks *k);
/* The sets of words that a pattern of the lexicon is in: rt_checks_sets()[rt_checks_patterns()[p]].
 * Most of them are in none, which is 0, or in one alone. */
const uint16_t *rt_checks_patterns(const rt_checks *k);
const rt_mark_sets *rt_checks_sets(const rt_checks *k);
/* Bits of the regions that an exam of this one shows too (rows "neighbours" of qa_sets.tsv). */
uint32_t rt_checks_around(const rt_checks *k, uint32_t region);
/* Bits of the regions that a report of both must describe both (rows "apart" of qa_sets.tsv). */
uint32_t rt_checks_apart(const rt_checks *k, uint32_t region);
/* A word of our own in a language (rows "say" of qa_sets.tsv); the key itself when there is none.
 */
rt_str rt_checks_say(const rt_checks *k, const char *key, bool zh);

static inline bool rt_checks_in(const rt_checks *k, uint32_t concept, rt_qa_set set)
{
    return (rt_checks_concepts(k)[concept].sets >> set & 1U) != 0;
}

#endif
