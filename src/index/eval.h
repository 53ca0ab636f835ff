/* A query tree to the set of reports that it finds.
 *
 * Whatever FTS5 can answer goes into MATCH expressions; the sets that come out are joined as bits.
 * Conditions that no token holds (size, side, fields of the record) are looked at report by report,
 * in the reports that are left. Every value of the user is a bound parameter; MATCH expressions are
 * made of quoted strings, so that nothing a user writes is syntax of FTS5. */
#ifndef RT_INDEX_EVAL_H
#define RT_INDEX_EVAL_H

#include "index/bits.h"
#include "index/index.h"
#include "index/query.h"
#include "index/stored.h"

typedef struct rt_eval {
    rt_index *index;
    rt_arena *arena;
    int64_t n;   /* highest number of a report, and one more */
    rt_bits all; /* reports that there are; empty until somebody asks */
} rt_eval;

rt_code rt_eval_begin(rt_eval *e, rt_index *x, rt_arena *arena, rt_err *err);
void rt_eval_end(rt_eval *e);
/* *out: the caller's, also after a failure. */
rt_code rt_eval_run(rt_eval *e, const rt_query_node *root, rt_bits *out, rt_err *err);
/* Every report. */
rt_code rt_eval_all(rt_eval *e, const rt_bits **out, rt_err *err);

/* ---- rows of a set, read in ascending order: one by one, or all of them when most are wanted */

typedef struct rt_walk {
    rt_index *index;
    const rt_bits *set;
    sqlite3_stmt *row; /* column 0 is the number of the report, then the columns asked for */
    bool scan;
    int64_t at;
} rt_walk;

rt_code rt_walk_open(rt_walk *w, rt_index *x, const rt_bits *set, const char *columns, rt_err *err);
rt_code rt_walk_next(rt_walk *w, bool *more, rt_err *err); /* then w->row, w->at */
void rt_walk_close(rt_walk *w);

/* ---- where.c: conditions as SQL, and on one finding */

typedef RT_VEC(rt_str) rt_params;                                    /* ?1, ?2, ... */
void rt_param(rt_arena *a, rt_params *p, rt_buf *sql, rt_str value); /* "?N"; value is the N-th */
void rt_params_bind(const rt_params *p, sqlite3_stmt *s);

typedef struct rt_atom_test { /* an atom, ready to be asked of stored findings */
    const rt_atom *atom;
    rt_bits claims; /* those that fulfil it but for size */
} rt_atom_test;

rt_code rt_atom_test_open(rt_atom_test *t, const rt_index *x, const rt_atom *atom, rt_err *err);
void rt_atom_test_close(rt_atom_test *t);
bool rt_atom_test_size(const rt_atom_test *t, uint32_t tenths);
bool rt_atom_test_holds(const rt_atom_test *t, const rt_stored *f);

typedef enum rt_field_way {
    RT_FIELD_WAY_REPORT, /* a condition on r, a row of report */
    RT_FIELD_WAY_SET,    /* a SELECT of numbers of reports */
    RT_FIELD_WAY_NOT,    /* a SELECT of those that are not wanted */
    RT_FIELD_WAY_DAY,    /* rt_where_days */
} rt_field_way;

/* The days of a condition on the date, from first to last. */
void rt_where_days(const rt_query_node *n, int64_t *first, int64_t *last);
rt_field_way rt_where_field(rt_arena *a, rt_params *p, rt_buf *sql, const rt_query_node *n);

/* ---- match.c: the part that FTS5 can answer, as a MATCH expression */

bool rt_match_able(const rt_query_node *n); /* can FTS5 answer it alone? */
void rt_match_node(const rt_lexicon *x, rt_buf *m,
                   const rt_query_node *n); /* then, the expression */
bool rt_match_has_token(const rt_atom *a);
/* What a report with such a finding must have, even where it is not all that is asked. */
void rt_match_atom(const rt_lexicon *x, rt_buf *m, const rt_atom *a);

#endif
