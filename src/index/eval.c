/* Sets of reports out of a query tree. See eval.h. */
#include "index/eval.h"

#include "index/lengths.h"
#include "index/pieces.h"
#include "index/postings.h"

/* ---- sets out of statements */

static rt_code out_of_memory(rt_err *err)
{
    return rt_fail(err, RT_ENOMEM, "out of memory");
}

static rt_code take_numbers(rt_eval *e, sqlite3_stmt *s, rt_bits *out, rt_err *err)
{
    bool row = true;
    rt_code code = RT_OK;
    while (code == RT_OK && row) {
        code = rt_db_step(e->index, s, &row, err);
        if (code == RT_OK && row)
            rt_bits_set(out, sqlite3_column_int64(s, 0));
    }
    return code;
}

static rt_code take_select(rt_eval *e, rt_buf *sql, const rt_params *params, rt_bits *out,
                           rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_buf_addc(sql, '\0');
    rt_code code = rt_buf_check(sql, err);
    if (code == RT_OK && *e->arena->full)
        code = rt_fail(err, RT_ELIMIT, "query: too long");
    if (code == RT_OK)
        code = rt_db_prepare(e->index, sql->ptr, &s, err);
    if (code == RT_OK) {
        rt_params_bind(params, s);
        code = take_numbers(e, s, out, err);
    }
    sqlite3_finalize(s);
    return code;
}

static rt_code take_match(rt_eval *e, const rt_buf *match, rt_bits *out, rt_err *err)
{
    rt_buf sql;
    rt_params params = {0};
    rt_code code = rt_buf_check(match, err);
    if (code != RT_OK)
        return code;
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addz(&sql, "SELECT rowid FROM report_fts WHERE report_fts MATCH ");
    rt_param(e->arena, &params, &sql, rt_buf_str(match));
    code = take_select(e, &sql, &params, out, err);
    rt_buf_free(&sql);
    return code;
}

rt_code rt_eval_begin(rt_eval *e, rt_index *x, rt_arena *arena, rt_err *err)
{
    *e = (rt_eval){.index = x, .arena = arena};
    rt_code code = rt_db_number(x, "SELECT max(rowid) FROM report", &e->n, err);
    e->n++;
    return code;
}

void rt_eval_end(rt_eval *e)
{
    rt_bits_free(&e->all);
}

rt_code rt_eval_all(rt_eval *e, const rt_bits **out, rt_err *err)
{
    *out = &e->all;
    return e->all.at != NULL ? RT_OK : rt_lengths_living(e->index, &e->all, err);
}

/* ---- rows of a set */

/* From this part of all reports on it is faster to read all. */
enum { SCAN_PART = 8 };

rt_code rt_walk_open(rt_walk *w, rt_index *x, const rt_bits *set, const char *columns, rt_err *err)
{
    rt_buf sql;
    *w = (rt_walk){.index = x, .set = set, .at = -1};
    w->scan = rt_bits_count(set) > set->n / SCAN_PART;
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addf(&sql, "SELECT r.rowid, %s FROM report r%s", columns,
                w->scan ? "" : " WHERE r.rowid = :report");
    rt_buf_addc(&sql, '\0');
    rt_code code = rt_buf_check(&sql, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, sql.ptr, &w->row, err);
    rt_buf_free(&sql);
    return code;
}

static rt_code walk_step(rt_walk *w, bool *more, rt_err *err)
{
    if (w->scan)
        return rt_db_step(w->index, w->row, more, err);
    w->at = rt_bits_next(w->set, w->at + 1);
    *more = w->at >= 0;
    if (!*more)
        return RT_OK;
    sqlite3_reset(w->row);
    sqlite3_bind_int64(w->row, sqlite3_bind_parameter_index(w->row, ":report"), w->at);
    bool row = false;
    rt_code code = rt_db_step(w->index, w->row, &row, err);
    if (code == RT_OK && !row)
        w->at = -w->at - 2; /* not there any more: the next one */
    return code;
}

rt_code rt_walk_next(rt_walk *w, bool *more, rt_err *err)
{
    for (;;) {
        rt_code code = walk_step(w, more, err);
        if (code != RT_OK || !*more)
            return code;
        if (w->scan) {
            w->at = sqlite3_column_int64(w->row, 0);
            if (rt_bits_has(w->set, w->at))
                return RT_OK;
        } else if (w->at >= 0) {
            return RT_OK;
        } else {
            w->at = -w->at - 2;
        }
    }
}

void rt_walk_close(rt_walk *w)
{
    sqlite3_finalize(w->row);
    w->row = NULL;
}

/* ---- one node. `within`: nothing else is wanted, NULL: all. */

static rt_code eval(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                    rt_err *err);

static rt_code base_of(rt_eval *e, const rt_bits **within, rt_err *err)
{
    return *within != NULL ? RT_OK : rt_eval_all(e, within, err);
}

static rt_code eval_match(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                          rt_err *err)
{
    rt_buf m;
    rt_buf_init(&m, SIZE_MAX);
    rt_match_node(e->index->know->lexicon, &m, n);
    rt_code code = take_match(e, &m, out, err);
    rt_buf_free(&m);
    if (code == RT_OK && within != NULL)
        rt_bits_and(out, within);
    return code;
}

static rt_code eval_finding(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                            rt_err *err)
{
    rt_atom_test t = {0};
    rt_code code = base_of(e, &within, err);
    if (code == RT_OK)
        code = rt_atom_test_open(&t, e->index, &n->atom, err);
    if (code == RT_OK)
        code = rt_postings_find(e->index, &t, out, err);
    if (code == RT_OK)
        rt_bits_and(out, within);
    rt_atom_test_close(&t);
    return code;
}

/* Looked at report by report, in those that are left. */
static rt_code filter_field(rt_eval *e, const rt_buf *condition, const rt_params *params,
                            const rt_bits *within, rt_bits *out, rt_err *err)
{
    rt_buf columns;
    rt_walk w = {0};
    bool more = true;
    rt_buf_init(&columns, SIZE_MAX);
    rt_buf_addc(&columns, '(');
    rt_buf_add(&columns, rt_buf_str(condition));
    rt_buf_add(&columns, (rt_str){")", 2});
    rt_code code = rt_buf_check(&columns, err);
    if (code == RT_OK)
        code = rt_walk_open(&w, e->index, within, columns.ptr, err);
    if (code == RT_OK)
        rt_params_bind(params, w.row);
    while (code == RT_OK && more) {
        code = rt_walk_next(&w, &more, err);
        if (code == RT_OK && more && sqlite3_column_int(w.row, 1) != 0)
            rt_bits_set(out, w.at);
    }
    rt_walk_close(&w);
    rt_buf_free(&columns);
    return code;
}

/* Out of a table of its own: flags, issues, recommendations. */
static rt_code listed_field(rt_eval *e, rt_buf *select, const rt_params *params, bool without,
                            rt_bits *out, rt_err *err)
{
    rt_bits listed = {0};
    const rt_bits *all = NULL;
    if (!without)
        return take_select(e, select, params, out, err);
    rt_code code = rt_bits_new(&listed, e->n) ? take_select(e, select, params, &listed, err)
                                              : out_of_memory(err);
    if (code == RT_OK)
        code = rt_eval_all(e, &all, err);
    if (code == RT_OK) {
        rt_bits_or(out, all);
        rt_bits_without(out, &listed);
    }
    rt_bits_free(&listed);
    return code;
}

static rt_code eval_days(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                         rt_err *err)
{
    rt_days days = {0};
    int64_t first, last;
    rt_where_days(n, &first, &last);
    rt_code code = base_of(e, &within, err);
    if (code == RT_OK)
        code = rt_days_load(e->index, e->n, &days, err);
    for (int64_t i = rt_bits_next(within, 0); i >= 0 && code == RT_OK;
         i = rt_bits_next(within, i + 1)) {
        int64_t day = rt_days_of(&days, i);
        if (day >= first && day <= last && day > 0)
            rt_bits_set(out, i);
    }
    rt_days_free(&days);
    return code;
}

static rt_code eval_field(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                          rt_err *err)
{
    rt_buf where, sql;
    rt_params params = {0};
    rt_buf_init(&where, SIZE_MAX);
    rt_buf_init(&sql, SIZE_MAX);
    rt_field_way way = rt_where_field(e->arena, &params, &where, n);
    rt_code code = rt_buf_check(&where, err);
    if (code == RT_OK && *e->arena->full)
        code = rt_fail(err, RT_ELIMIT, "query: too long");
    if (code == RT_OK && way == RT_FIELD_WAY_DAY) {
        code = eval_days(e, n, within, out, err);
    } else if (code == RT_OK && way != RT_FIELD_WAY_REPORT) {
        code = listed_field(e, &where, &params, way == RT_FIELD_WAY_NOT, out, err);
        if (within != NULL)
            rt_bits_and(out, within);
    } else if (code == RT_OK && within != NULL) {
        code = filter_field(e, &where, &params, within, out, err);
    } else if (code == RT_OK) {
        rt_buf_addz(&sql, "SELECT r.rowid FROM report r WHERE ");
        rt_buf_add(&sql, rt_buf_str(&where));
        code = take_select(e, &sql, &params, out, err);
    }
    rt_buf_free(&where);
    rt_buf_free(&sql);
    return code;
}

static rt_code eval_section(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                            rt_err *err)
{
    rt_walk w = {0};
    bool more = true;
    rt_code code = base_of(e, &within, err);
    if (code == RT_OK)
        code = rt_walk_open(&w, e->index, within, "r.sections", err);
    while (code == RT_OK && more) {
        code = rt_walk_next(&w, &more, err);
        if (code != RT_OK || !more)
            break;
        rt_pieces pieces = rt_pieces_of(RT_STR(""), rt_db_text(w.row, 1));
        uint32_t type = 0;
        for (rt_span at; rt_pieces_next(&pieces, &type, &at);) {
            if (type < RT_SECTION_END && (n->sections >> type & 1U) != 0)
                rt_bits_set(out, w.at);
        }
    }
    rt_walk_close(&w);
    return code;
}

/* ---- groups */

/* What is asked first: the smaller, the less is left to look at. */
static unsigned rank_of(const rt_query_node *n)
{
    if (rt_match_able(n))
        return 0;
    switch (n->kind) {
    case RT_QUERY_AND:
    case RT_QUERY_OR:
    case RT_QUERY_FINDING:
        return 1;
    case RT_QUERY_FIELD:
        return 2;
    case RT_QUERY_SECTION:
        return 3;
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
    case RT_QUERY_NOT:
        break;
    }
    return 4;
}

enum { RANKS = 5 };

/* All children that FTS5 can answer, as one expression. False: there is none. */
static bool match_children(const rt_eval *e, const rt_query_node *n, rt_buf *m)
{
    const char *between = n->kind == RT_QUERY_AND ? " AND " : " OR ";
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (rank_of(c) != 0)
            continue;
        rt_buf_addz(m, m->len > 0 ? between : "");
        rt_match_node(e->index->know->lexicon, m, c);
    }
    return m->len > 0;
}

static rt_code narrow(rt_eval *e, const rt_query_node *c, const rt_bits *within, rt_bits *out,
                      rt_err *err)
{
    rt_bits left = {0};
    if (!rt_bits_new(&left, e->n))
        return out_of_memory(err);
    const rt_query_node *asked = c->kind == RT_QUERY_NOT ? c->child : c;
    const rt_bits *from = within;
    rt_code code = c->kind == RT_QUERY_NOT ? base_of(e, &from, err) : RT_OK;
    if (code == RT_OK)
        code = eval(e, asked, from, &left, err);
    if (code == RT_OK && c->kind == RT_QUERY_NOT) {
        rt_bits_or(out, from); /* out may be `within` itself */
        rt_bits_without(out, &left);
    } else if (code == RT_OK) {
        rt_bits old = *out;
        *out = left;
        left = old;
    }
    rt_bits_free(&left);
    return code;
}

static rt_code eval_and(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                        rt_err *err)
{
    rt_buf m;
    rt_buf_init(&m, SIZE_MAX);
    rt_code code = RT_OK;
    if (match_children(e, n, &m)) {
        code = take_match(e, &m, out, err);
        if (code == RT_OK && within != NULL)
            rt_bits_and(out, within);
        within = out;
    }
    rt_buf_free(&m);
    for (unsigned rank = 1; rank < RANKS; rank++) {
        for (const rt_query_node *c = n->child; c != NULL && code == RT_OK; c = c->next) {
            if (rank_of(c) != rank)
                continue;
            code = narrow(e, c, within, out, err);
            within = out;
        }
    }
    return code;
}

static rt_code eval_or(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                       rt_err *err)
{
    rt_buf m;
    rt_buf_init(&m, SIZE_MAX);
    rt_code code = match_children(e, n, &m) ? take_match(e, &m, out, err) : RT_OK;
    rt_buf_free(&m);
    if (code == RT_OK && within != NULL)
        rt_bits_and(out, within);
    for (const rt_query_node *c = n->child; c != NULL && code == RT_OK; c = c->next) {
        rt_bits one = {0};
        if (rank_of(c) == 0)
            continue;
        code = rt_bits_new(&one, e->n) ? eval(e, c, within, &one, err) : out_of_memory(err);
        if (code == RT_OK)
            rt_bits_or(out, &one);
        rt_bits_free(&one);
    }
    return code;
}

/* `out` is empty. As deep as the brackets of the query. */
static rt_code eval(rt_eval *e, const rt_query_node *n, const rt_bits *within, rt_bits *out,
                    rt_err *err)
{
    if (rt_match_able(n))
        return eval_match(e, n, within, out, err);
    switch (n->kind) {
    case RT_QUERY_AND:
        return eval_and(e, n, within, out, err);
    case RT_QUERY_OR:
        return eval_or(e, n, within, out, err);
    case RT_QUERY_NOT:
        return narrow(e, n, within, out, err);
    case RT_QUERY_FINDING:
        return eval_finding(e, n, within, out, err);
    case RT_QUERY_FIELD:
        return eval_field(e, n, within, out, err);
    case RT_QUERY_SECTION:
        return eval_section(e, n, within, out, err);
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
        break;
    }
    return RT_OK;
}

rt_code rt_eval_run(rt_eval *e, const rt_query_node *root, rt_bits *out, rt_err *err)
{
    *out = (rt_bits){0};
    return rt_bits_new(out, e->n) ? eval(e, root, NULL, out, err) : out_of_memory(err);
}
