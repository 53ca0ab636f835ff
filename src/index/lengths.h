/* Lengths of the reports in words, a byte each in blocks of RT_LENGTH_BLOCK: for relevance, and for
 * knowing what reports there are without reading them. 0: there is no such report. Beside them the
 * days of the exams, RT_DAY_BYTES each: year * 416 + month * 32 + day, the low byte first; 0: none.
 */
#ifndef RT_INDEX_LENGTHS_H
#define RT_INDEX_LENGTHS_H

#include "index/bits.h"
#include "index/index.h"

/* The report is there; it is dropped. Stored by rt_lengths_store, before the commit. */
rt_code rt_lengths_add(rt_index *x, int64_t report, uint32_t words, int64_t day, rt_err *err);
rt_code rt_lengths_drop(rt_index *x, int64_t report, rt_err *err);
rt_code rt_lengths_store(rt_index *x, rt_err *err);

/* to: n bytes, 0 so far, as stored. */
rt_code rt_lengths_load(const rt_index *x, uint8_t *to, int64_t n, rt_err *err);
double rt_lengths_words(unsigned code); /* of a byte */

/* *out is made: the reports that there are. The caller's, also after a failure. */
rt_code rt_lengths_living(const rt_index *x, rt_bits *out, rt_err *err);

/* Days of reports, as 20240305; 0: none. */
typedef struct rt_days { /* heap */
    uint8_t *at;
    int64_t n;
} rt_days;

/* *out: the caller's, also after a failure. Of the reports 0..n-1. */
rt_code rt_days_load(const rt_index *x, int64_t n, rt_days *out, rt_err *err);
int64_t rt_days_of(const rt_days *d, int64_t report);
void rt_days_free(rt_days *d);
/* Do report.day and the list say the same? */
rt_code rt_days_check(const rt_index *x, bool *good, rt_err *err);

/* For an index that has none: all reports that there are get a length, and their days. */
rt_code rt_lengths_fill(rt_index *x, rt_err *err);

#endif
