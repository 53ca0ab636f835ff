/* Rows of words, one a concept, of which few differ: each is kept once, and a concept has the
 * number of its own. For tables that would be large and empty. */
#ifndef RT_KNOWLEDGE_ROWS_H
#define RT_KNOWLEDGE_ROWS_H

#include "base/arena.h"
#include "base/vec.h"

typedef struct rt_rows { /* while they are made */
    RT_VEC(uint64_t) all;
    size_t words;   /* of one */
    uint16_t *slot; /* number plus 1, by hash; heap */
} rt_rows;

/* Row 0 is empty. false: no memory. */
bool rt_rows_init(rt_rows *r, rt_arena *a, size_t words);
/* The number of a row. false: there are too many that differ. */
bool rt_rows_number(rt_rows *r, rt_arena *a, const uint64_t *row, uint16_t *out);
void rt_rows_done(rt_rows *r); /* the rows stay */

#endif
