/* What is stored of findings.
 *
 * report.findings: for each finding the number of its claim, begin and length in code points of the
 * text, and its largest current length in tenths of a millimetre (0: none), a character each. The
 * bits of a claim that are too many for its character stand above those of the length, which is at
 * most 4,095. What begins behind RT_CHARS_MAX code points is given that place.
 *
 * claim_report: the reverse, a row for each claim and block of RT_POSTING_BLOCK reports. `reports`
 * is a list of varints (LEB128). An entry is twice the distance to the report before (at first to
 * the one before the block), one more if a size in tenths of a millimetre follows. 0 begins anew:
 * each batch appends a list of its own. A report has one entry of a claim for each different size,
 * and one without a size only if there is none with one. */
#ifndef RT_INDEX_STORED_H
#define RT_INDEX_STORED_H

#include "index/chars.h"

typedef struct rt_stored {
    uint32_t claim, beg, len, tenths;
} rt_stored;

enum {
    RT_STORED_CHARS = 4,
    RT_STORED_CLAIM_BITS = 20,
    RT_STORED_LEN_BITS = 12,
    RT_STORED_CLAIM = (1 << RT_STORED_CLAIM_BITS) - 1,
    RT_STORED_LEN = (1 << RT_STORED_LEN_BITS) - 1,
    RT_STORED_MAX_CLAIM = ((RT_CHARS_MAX >> RT_STORED_LEN_BITS) << RT_STORED_CLAIM_BITS) - 1,
};

static inline void rt_stored_put(rt_buf *b, const rt_stored *f)
{
    uint32_t len = f->len < RT_STORED_LEN ? f->len : (uint32_t)RT_STORED_LEN;
    rt_chars_put(b, f->claim & RT_STORED_CLAIM);
    rt_chars_put(b, f->beg);
    rt_chars_put(b, len | f->claim >> RT_STORED_CLAIM_BITS << RT_STORED_LEN_BITS);
    rt_chars_put(b, f->tenths);
}

/* False: no more. */
static inline bool rt_stored_next(rt_str findings, size_t *pos, rt_stored *f)
{
    if (*pos >= findings.len)
        return false;
    f->claim = rt_chars_next(findings, pos);
    f->beg = rt_chars_next(findings, pos);
    f->len = rt_chars_next(findings, pos);
    f->claim |= f->len >> RT_STORED_LEN_BITS << RT_STORED_CLAIM_BITS;
    f->len &= RT_STORED_LEN;
    f->tenths = rt_chars_next(findings, pos);
    return true;
}

/* ---- claim_report */

enum { RT_POSTING_BLOCK = 65536 };

typedef struct rt_posting {
    int64_t report;
    uint32_t claim, tenths; /* 0: without a size */
} rt_posting;

typedef struct rt_postings { /* heap; all zero: empty */
    rt_posting *at;
    size_t len, cap;
} rt_postings;

#endif
