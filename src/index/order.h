/* Which of the reports found are shown, and in what order. */
#ifndef RT_INDEX_ORDER_H
#define RT_INDEX_ORDER_H

#include "index/eval.h"

typedef struct rt_order { /* heap */
    int64_t *at;          /* numbers of reports */
    size_t len, cap;
} rt_order;

/* Leaves n of the set, chosen by seed: the same ones each time, and most of them again after the
 * index has grown. */
rt_code rt_order_sample(rt_bits *set, uint32_t n, uint32_t seed, rt_err *err);

/* The page of the set that the options ask for. root: for relevance. *out: the caller's, also after
 * a failure. */
rt_code rt_order_page(rt_eval *e, const rt_bits *set, const rt_query_node *root,
                      const rt_query_opts *o, rt_order *out, rt_err *err);
void rt_order_free(rt_order *order);

/* ---- rank.c */

/* Scores of the reports of the set by the words and findings of the query, into ranks[i] for the
 * i-th report of the set in ascending order. */
typedef struct rt_ranked {
    double score;
    int64_t report;
} rt_ranked;

rt_code rt_rank(rt_eval *e, const rt_bits *set, const rt_query_node *root, rt_ranked *out, size_t n,
                rt_err *err);
int rt_rank_register(rt_index *x); /* an SQLite code */

#endif
