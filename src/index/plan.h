/* A query tree to SQL: whatever FTS5 can answer goes into MATCH expressions, findings with more
 * conditions than a concept token holds are looked at one by one behind them, fields of the record
 * are plain SQL. Every value of the user is a bound parameter; MATCH expressions are made of quoted
 * strings, so that nothing a user writes is syntax of FTS5. */
#ifndef RT_INDEX_PLAN_H
#define RT_INDEX_PLAN_H

#include "index/query.h"

typedef struct rt_plan {
    rt_arena *arena;
    const rt_lexicon *lexicon;
    RT_VEC(rt_str) params; /* ?1, ?2, ... */
} rt_plan;

/* " FROM ... WHERE ..." with report as r where `joined`, else (counting) without it if it can be. True:
 * rows come out of report_fts, in the order of its rowid. */
bool rt_plan_from(rt_plan *p, const rt_query_node *root, bool joined, rt_buf *sql);

/* A condition on f, a row of json_each(report.findings), that holds for the findings which the query
 * asks for (not for those behind NOT). False, and nothing is written: it asks for none. */
bool rt_plan_marks(rt_plan *p, const rt_query_node *root, rt_buf *sql);

#endif
