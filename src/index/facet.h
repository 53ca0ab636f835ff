/* How often which value stands in the reports found. */
#ifndef RT_INDEX_FACET_H
#define RT_INDEX_FACET_H

#include "index/eval.h"

/* o->facets: names apart by commas; o->by_value: in the order of the values, months and years
 * without gaps, else most frequent first; o->limit: rows of a facet at most, 0 = all. */
rt_code rt_facet_write(rt_index *x, const rt_bits *set, const rt_query_opts *o, rt_sink to,
                       rt_err *err);

#endif
