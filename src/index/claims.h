/* The table `claim` as the writer sees it: what is said of findings, each different thing once,
 * with its concept tokens. Numbers only grow; a rebuild begins new ones. */
#ifndef RT_INDEX_CLAIMS_H
#define RT_INDEX_CLAIMS_H

#include "index/rows.h"
#include "index/sqlite.h"

typedef struct rt_claims rt_claims;

/* fresh: nothing that is stored may be used again (its tokens are of another lexicon). */
int rt_claims_open(sqlite3 *db, const rt_lexicon *x, bool fresh, rt_claims **out);
void rt_claims_close(rt_claims *c);
/* The next number of claim.above, a list apart by blanks: the concept of the claim, then its
 * places. False: no more. */
bool rt_claim_next_above(rt_str *list, uint32_t *number);
/* Reads claim.code. False: it is none. */
bool rt_claim_read_code(rt_claim *k, rt_str code);
/* The number of a claim, stored now if it is new. An SQLite code. */
int rt_claims_number(rt_claims *c, const rt_claim *claim, uint32_t *number);

#endif
