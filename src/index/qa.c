/* The worklist of inconsistencies, the gravest first, and how many there are of each kind. */
#include "index/index.h"

#include "index/patients.h"
#include "index/render.h"

/* The checks of one report, and those against an earlier one, when they were looked for. */
static const char own_sql[] = "(SELECT *, NULL AS prior FROM qa_issue)";
static const char all_sql[] =
    "(SELECT *, NULL AS prior FROM qa_issue UNION ALL SELECT * FROM prior_issue)";
static const char worklist_sql[] =
    "SELECT r.id, q.\"check\", q.severity, q.message, q.b1, q.e1, q.b2, q.e2,"
    " (SELECT id FROM report WHERE rowid = q.prior) FROM %s q JOIN report r ON r.rowid = q.report"
    " WHERE q.severity >= ?3"
    " AND coalesce(q.\"check\" = ?4 COLLATE NOCASE, instr(?5, q.\"check\") = 0)"
    " ORDER BY q.severity DESC, q.\"check\", q.report, q.n LIMIT ?1 OFFSET ?2%c";
static const char counts_sql[] =
    "SELECT %s AS name, count(*) FROM %s q JOIN report r ON r.rowid = q.report"
    " WHERE q.severity >= ?3"
    " AND coalesce(q.\"check\" = ?4 COLLATE NOCASE, instr(?5, q.\"check\") = 0)"
    " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?1 OFFSET ?2%c";
/* ORDER: the columns of the statement. */
enum { ID, CHECK, SEVERITY, MESSAGE, BEG1, END1, BEG2, END2, PRIOR, COLUMNS };

static const char *const summary_sql[] = {
    [RT_QA_BY_CHECK] = "q.\"check\"",
    [RT_QA_BY_AUTHOR] = "coalesce(r.author, '')",
    [RT_QA_BY_MONTH] = "substr(coalesce(r.date, ''), 1, 7)",
};

static rt_str severity_of(sqlite3_stmt *row)
{
    return rt_str_from(rt_qa_level_name((unsigned)sqlite3_column_int(row, SEVERITY)));
}

static bool add_span(rt_buf *b, sqlite3_stmt *row, int beg, const char *before)
{
    long long from = (long long)sqlite3_column_int64(row, beg);
    long long to = (long long)sqlite3_column_int64(row, beg + 1);
    if (from != to)
        rt_buf_addf(b, "%s[%lld,%lld]", before, from, to);
    return from != to;
}

static void write_jsonl(rt_buf *b, sqlite3_stmt *row)
{
    rt_str prior = rt_db_text(row, PRIOR);
    rt_buf_addz(b, "{\"id\":");
    rt_render_json(b, rt_db_text(row, ID));
    rt_buf_addz(b, ",\"check\":");
    rt_render_json(b, rt_db_text(row, CHECK));
    rt_buf_addz(b, ",\"severity\":");
    rt_render_json(b, severity_of(row));
    rt_buf_addz(b, ",\"message\":");
    rt_render_json(b, rt_db_text(row, MESSAGE));
    rt_buf_addz(b, ",\"spans\":[");
    bool first = add_span(b, row, BEG1, "");
    if (prior.len == 0) {
        add_span(b, row, BEG2, first ? "," : "");
    } else {
        rt_buf_addz(b, "],\"prior\":");
        rt_render_json(b, prior);
        rt_buf_addz(b, ",\"prior_spans\":[");
        add_span(b, row, BEG2, "");
    }
    rt_buf_addz(b, "]}\n");
}

static void write_row(rt_buf *b, sqlite3_stmt *row, rt_table_format format)
{
    switch (format) {
    case RT_TABLE_TABLE:
        rt_render_pad(b, severity_of(row), 8);
        rt_render_pad(b, rt_db_text(row, CHECK), 5);
        rt_render_pad(b, rt_db_text(row, ID), 16);
        rt_buf_add(b, rt_db_text(row, MESSAGE));
        if (rt_db_text(row, PRIOR).len > 0)
            rt_buf_addf(b, " [%s]", rt_db_text(row, PRIOR).ptr);
        rt_buf_addc(b, '\n');
        break;
    case RT_TABLE_JSONL:
        write_jsonl(b, row);
        break;
    case RT_TABLE_CSV:
        for (int i = ID; i < COLUMNS; i++) {
            rt_render_csv(b, i == SEVERITY ? severity_of(row) : rt_db_text(row, i));
            rt_buf_addc(b, i + 1 < COLUMNS ? ',' : '\n');
        }
        break;
    }
}

static void write_count(rt_buf *b, sqlite3_stmt *row, rt_table_format format)
{
    rt_str name = rt_db_text(row, 0);
    long long n = (long long)sqlite3_column_int64(row, 1);
    switch (format) {
    case RT_TABLE_TABLE:
        rt_render_pad(b, name.len > 0 ? name : RT_STR("-"), 16);
        rt_buf_addf(b, "%lld\n", n);
        break;
    case RT_TABLE_JSONL:
        rt_buf_addz(b, "{\"name\":");
        rt_render_json(b, name);
        rt_buf_addf(b, ",\"count\":%lld}\n", n);
        break;
    case RT_TABLE_CSV:
        rt_render_csv(b, name);
        rt_buf_addf(b, ",%lld\n", n);
        break;
    }
}

static void write_heading(rt_buf *b, const rt_qa_opts *o)
{
    if (o->format == RT_TABLE_CSV)
        rt_buf_addz(b, o->by == RT_QA_BY_NOTHING ? "id,check,severity,message,b1,e1,b2,e2,prior\n"
                                                 : "name,count\n");
}

/* Those against an earlier report are looked for only where they may be listed. */
static bool wants_prior(const rt_index *x, const rt_qa_opts *o)
{
    uint32_t check;
    if (o->check.len > 0)
        return rt_checks_find(o->check, &check) && check >= RT_CHECKS_ONE;
    for (check = RT_CHECKS_ONE; check < RT_CHECKS; check++)
        if (rt_checks_info(x->know->checks, check)->on &&
            rt_checks_info(x->know->checks, check)->severity >= o->severity)
            return true;
    return false;
}

static rt_code prepare(rt_index *x, const rt_qa_opts *o, sqlite3_stmt **s, rt_err *err)
{
    rt_buf sql;
    bool prior = wants_prior(x, o);
    const char *issues = prior ? all_sql : own_sql;
    rt_code code = prior ? rt_patients_compare(x, err) : RT_OK;
    rt_buf_init(&sql, SIZE_MAX);
    if (o->by == RT_QA_BY_NOTHING)
        rt_buf_addf(&sql, worklist_sql, issues, 0);
    else
        rt_buf_addf(&sql, counts_sql, summary_sql[o->by], issues, 0);
    if (code == RT_OK)
        code = rt_buf_check(&sql, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, sql.ptr, s, err);
    rt_buf_free(&sql);
    return code;
}

/* Checks that are left out unless somebody asks for them. */
static void add_noisy(rt_buf *b, const rt_index *x)
{
    for (uint32_t i = 0; i < RT_CHECKS; i++) {
        const rt_check_info *check = rt_checks_info(x->know->checks, i);
        if (check->asked)
            rt_buf_addf(b, "%s ", check->id);
    }
}

rt_code rt_index_qa(rt_index *x, const rt_qa_opts *o, rt_sink to, size_t *count, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_buf b, quiet;
    bool row = true;
    *count = 0;
    rt_buf_init(&b, SIZE_MAX);
    rt_buf_init(&quiet, SIZE_MAX);
    rt_buf_addc(&quiet, ' '); /* never empty: that is NULL */
    if (!o->noisy)
        add_noisy(&quiet, x);
    rt_code code = rt_index_commit(x, err);
    if (code == RT_OK)
        code = prepare(x, o, &s, err);
    if (code == RT_OK) {
        sqlite3_bind_int64(s, 1, o->limit > 0 ? (int64_t)o->limit : -1);
        sqlite3_bind_int64(s, 2, 0);
        sqlite3_bind_int64(s, 3, o->severity);
        rt_db_bind(s, 4, o->check);
        rt_db_bind(s, 5, rt_buf_str(&quiet));
        write_heading(&b, o);
    }
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        (*count)++;
        if (o->by == RT_QA_BY_NOTHING)
            write_row(&b, s, o->format);
        else
            write_count(&b, s, o->format);
        code = rt_render_flush(&b, to, err);
    }
    if (code == RT_OK)
        code = rt_render_flush(&b, to, err);
    sqlite3_finalize(s);
    rt_buf_free(&b);
    rt_buf_free(&quiet);
    return code;
}
