/* Reports of one patient against each other, in the order of their days: an organ that was removed
 * earlier (P01), a known lesion that changed its side (P02), sizes against the stated change (P03),
 * "new" for what was there before (P04).
 *
 *   report -> rt_prior_fact ... -> rt_prior_next -> issues
 *                                     |   ^
 *                                  rt_prior: what is known of the patient so far
 *
 * What is known is bounded, so that the work grows with the number of a patient's reports alone. */
#ifndef RT_INDEX_PRIOR_H
#define RT_INDEX_PRIOR_H

#include "index/rows.h"

enum {
    RT_PRIOR_FACTS = 300,   /* of one report that are compared; a long one has 60 */
    RT_PRIOR_KNOWN = 300,   /* lesions of a patient; the oldest give way */
    RT_PRIOR_REMOVED = 16,  /* organs that a patient can lose */
    RT_PRIOR_ISSUES = 8,    /* of one report; all are told of at most once a check and concept */
    RT_PRIOR_MODALITY = 16, /* bytes of the modality that are compared */
};

typedef struct rt_prior_fact { /* a finding of the patient, by its claim */
    uint32_t concept, place;   /* place: RT_NIL if none is named */
    uint32_t beg, end;         /* code points of the text */
    uint32_t tenths;           /* of a millimetre, 0: no size */
    uint8_t letter;            /* rt_state_letter */
    uint8_t section, side, change;
    bool gone; /* of a known lesion: a later report denies it */
    bool only; /* nothing else in its report may be meant with it */
} rt_prior_fact;

typedef struct rt_prior_removed {
    uint32_t organ, side, beg, end;
} rt_prior_removed;

typedef struct rt_prior_report {
    int64_t row, day; /* day: 20240305 */
    char modality[RT_PRIOR_MODALITY];
    rt_prior_fact facts[RT_PRIOR_FACTS];
    uint32_t n_facts;
    rt_prior_removed removed[RT_PRIOR_REMOVED];
    uint32_t n_removed;
} rt_prior_report;

typedef struct rt_prior_source { /* which report said it */
    int64_t row, day;
    char modality[RT_PRIOR_MODALITY];
} rt_prior_source;

typedef struct rt_prior { /* what is known of a patient; begin a patient with n_known = n_removed =
                             0 */
    rt_prior_fact known[RT_PRIOR_KNOWN];
    rt_prior_source source[RT_PRIOR_KNOWN]; /* of known */
    uint32_t n_known, oldest;               /* oldest: the next to give way */
    rt_prior_removed removed[RT_PRIOR_REMOVED];
    rt_prior_source remover[RT_PRIOR_REMOVED];
    uint32_t n_removed;
} rt_prior;

typedef struct rt_prior_issue {
    uint32_t check, about;         /* about: the lesion or the organ */
    uint32_t beg, end;             /* in this report, code points */
    int64_t row, day;              /* of the earlier report */
    uint32_t prior_beg, prior_end; /* in it */
} rt_prior_issue;

/* Compares a report with what is known of its patient, then adds it to that. r must not be earlier
 * than those before; its facts get `only`. Returns the number of issues. */
uint32_t rt_prior_next(rt_prior *p, const rt_knowledge *know, rt_prior_report *r,
                       rt_prior_issue out[RT_PRIOR_ISSUES]);

#endif
