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

/* " FROM ... WHERE ..." with report as r where `joined`, else (counting) without it if it can be.
 * True: rows come out of report_fts, in the order of its rowid. */
bool rt_plan_from(rt_plan *p, const rt_query_node *root, bool joined, rt_buf *sql);

/* A condition on f, a row of json_each(report.findings), that holds for the findings which the
 * query asks for (not for those behind NOT). False, and nothing is written: it asks for none. */
bool rt_plan_marks(rt_plan *p, const rt_query_node *root, rt_buf *sql);

/* ---- between plan.c, match.c and where.c */

void rt_plan_param(rt_plan *p, rt_buf *sql, rt_str value); /* "?N", and the value is the N-th */
void rt_plan_param_buf(rt_plan *p, rt_buf *sql, const rt_buf *value);

bool rt_match_able(const rt_query_node *n); /* can FTS5 answer it alone? */
void rt_match_node(const rt_plan *p, rt_buf *m, const rt_query_node *n); /* then, the expression */
bool rt_match_has_token(const rt_atom *a);
/* What a report with such a finding must have, even where it is not all that is asked. */
void rt_match_atom(const rt_plan *p, rt_buf *m, const rt_atom *a);

void rt_where_atom(rt_plan *p, rt_buf *sql, const rt_atom *a);   /* on f */
void rt_where_exists(rt_plan *p, rt_buf *sql, const rt_atom *a); /* on r: there is such an f */
void rt_where_field(rt_plan *p, rt_buf *sql, const rt_query_node *n);
void rt_where_section(rt_buf *sql, uint32_t sections);

#endif
