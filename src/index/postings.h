/* Which reports make a claim: what conditions on one finding are answered from. The
 * form of the lists is told in stored.h. They may name reports that were replaced since:
 * report_length knows those (lengths.h). */
#ifndef RT_INDEX_POSTINGS_H
#define RT_INDEX_POSTINGS_H

#include "index/eval.h"

/* What appends a list to its row. */
#define RT_POSTINGS_INSERT                                                                         \
    ("INSERT INTO claim_report VALUES(?1, ?2, ?3) ON CONFLICT(block, claim) DO UPDATE"             \
     " SET reports = CAST(reports || x'00' || excluded.reports AS BLOB)")

/* False: no memory. */
bool rt_postings_add(rt_postings *p, rt_posting one);
/* Stores and forgets them. add: RT_POSTINGS_INSERT. */
rt_code rt_postings_store(const rt_index *x, rt_postings *p, sqlite3_stmt *add, rt_err *err);
void rt_postings_free(rt_postings *p);

/* Adds the reports that have a finding which t allows to *out. */
rt_code rt_postings_find(const rt_index *x, const rt_atom_test *t, rt_bits *out, rt_err *err);

/* Do lists and reports say the same? */
rt_code rt_postings_check(const rt_index *x, bool *good, rt_err *err);

#endif
