/* Lengths of the reports in words, a byte each in blocks of RT_LENGTH_BLOCK: for relevance, and for
 * knowing what reports there are without reading them. 0: there is no such report. */
#ifndef RT_INDEX_LENGTHS_H
#define RT_INDEX_LENGTHS_H

#include "index/bits.h"
#include "index/index.h"

/* The report is there; it is dropped. Stored by rt_lengths_store, before the commit. */
rt_code rt_lengths_add(rt_index *x, int64_t report, uint32_t words, rt_err *err);
rt_code rt_lengths_drop(rt_index *x, int64_t report, rt_err *err);
rt_code rt_lengths_store(rt_index *x, rt_err *err);

/* to: n bytes, 0 so far, as stored. */
rt_code rt_lengths_load(const rt_index *x, uint8_t *to, int64_t n, rt_err *err);
double rt_lengths_words(unsigned code); /* of a byte */

/* *out is made: the reports that there are. The caller's, also after a failure. */
rt_code rt_lengths_living(const rt_index *x, rt_bits *out, rt_err *err);

/* For an older index: bytes of reports that are gone become 0, and none that is there has 0. */
rt_code rt_lengths_repair(rt_index *x, rt_err *err);

#endif
