/* Who took note of a critical finding, when: kept for good, one row each time.
 *
 * The rows stand under the id of the report, not its number, so that they outlast a replaced report
 * and a rebuilt index. The table is made when the first row comes. */
#include "index/index.h"

#include "index/pieces.h"
#include "index/render.h"

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS acknowledgement(n INTEGER PRIMARY KEY, id, rule, who, time, note,"
    " entered DEFAULT CURRENT_TIMESTAMP);"
    "CREATE INDEX IF NOT EXISTS acknowledgement_id ON acknowledgement(id, rule, n);";

rt_code rt_acknowledgements(const rt_index *x, const char **out, rt_err *err)
{
    int64_t there = 0;
    rt_code code = rt_db_number(
        x, "SELECT count(*) FROM sqlite_master WHERE name = 'acknowledgement'", &there, err);
    *out = there > 0 ? "acknowledgement"
                     : "(SELECT 0 AS n, '' AS id, '' AS rule, '' AS who, '' AS time, '' AS note,"
                       " '' AS entered WHERE 0)";
    return code;
}

/* The flags of the report, or the one asked for, each get a row. */
static rt_code insert(rt_index *x, const rt_acknowledgement *a, size_t *count, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_code code = rt_db_prepare(
        x,
        "INSERT INTO acknowledgement(id, rule, who, time, note) SELECT DISTINCT r.id, c.rule, ?3,"
        " ?4, ?5 FROM report r JOIN critical_flag c ON c.report = r.rowid"
        " WHERE r.id = ?1 AND (?2 IS NULL OR c.rule = ?2)",
        &s, err);
    if (code != RT_OK)
        return code;
    const rt_str cells[] = {a->id, a->rule, a->by, a->at, a->note};
    for (int i = 0; i < 5; i++)
        rt_db_bind(s, i + 1, cells[i]);
    code = rt_db_run(x, s, err);
    *count = code == RT_OK ? (size_t)sqlite3_changes(x->db) : 0;
    sqlite3_finalize(s);
    return code;
}

rt_code rt_index_acknowledge(rt_index *x, const rt_acknowledgement *a, size_t *count, rt_err *err)
{
    if (a->by.len == 0)
        return rt_fail(err, RT_EUSAGE, "who acknowledges must be said");
    size_t n = 0;
    rt_code code = rt_index_commit(x, err);
    if (code == RT_OK)
        code = rt_db_exec(x, table_sql, err);
    if (code == RT_OK)
        code = insert(x, a, &n, err);
    if (code != RT_OK)
        return code;
    if (n == 0)
        return rt_fail(err, RT_EUSAGE, "report \"%.*s\" has no such critical finding",
                       (int)a->id.len, a->id.ptr);
    *count = n;
    return RT_OK;
}

/* ---- history
 * -------------------------------------------------------------------------------------------- */

static const char *const names[] = {"id", "rule", "by", "at", "note", "entered"};
enum { N_COLUMNS = sizeof names / sizeof *names };

static void write_row(rt_buf *b, sqlite3_stmt *s, rt_table_format format)
{
    for (int i = 0; i < N_COLUMNS; i++) {
        rt_str cell = rt_db_text(s, i);
        switch (format) {
        case RT_TABLE_TABLE:
            rt_render_pad(b, cell, i == 1 ? 5 : 16);
            break;
        case RT_TABLE_JSONL:
            rt_buf_addf(b, "%s\"%s\":", i == 0 ? "{" : ",", names[i]);
            rt_render_json(b, cell);
            break;
        case RT_TABLE_CSV:
            if (i > 0)
                rt_buf_addc(b, ',');
            rt_render_csv(b, cell);
            break;
        }
    }
    rt_buf_addz(b, format == RT_TABLE_JSONL ? "}\n" : "\n");
}

static void write_heading(rt_buf *b, rt_table_format format)
{
    for (int i = 0; i < N_COLUMNS && format != RT_TABLE_JSONL; i++) {
        if (format == RT_TABLE_CSV)
            rt_buf_addf(b, "%s%s", i > 0 ? "," : "", names[i]);
        else
            rt_render_pad(b, rt_str_from(names[i]), i == 1 ? 5 : 16);
    }
    if (format != RT_TABLE_JSONL)
        rt_buf_addc(b, '\n');
}

rt_code rt_index_acknowledged(rt_index *x, rt_str id, rt_table_format format, rt_sink to,
                              rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_buf b;
    bool row = true;
    const char *table;
    char sql[300];
    rt_code code = rt_acknowledgements(x, &table, err);
    snprintf(sql, sizeof sql,
             "SELECT id, rule, who, time, note, entered FROM %s WHERE id = ?1 ORDER BY n", table);
    if (code == RT_OK)
        code = rt_db_prepare(x, sql, &s, err);
    if (code != RT_OK)
        return code;
    rt_buf_init(&b, SIZE_MAX);
    rt_db_bind(s, 1, id);
    write_heading(&b, format);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            write_row(&b, s, format);
        if (code == RT_OK)
            code = rt_render_flush(&b, to, err);
    }
    sqlite3_finalize(s);
    rt_buf_free(&b);
    return code;
}
