/* An index brought up to date: every stored report is handed out, analysed anew by the caller and
 * added again. Reports that are added meanwhile have higher numbers and are not handed out. */
#include "index/index.h"

static rt_code start(rt_index *x, rt_err *err)
{
    rt_buf sql;
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addz(&sql, "SELECT ");
    rt_tables_field_columns(&sql);
    rt_buf_addz(&sql, "text, rowid FROM report WHERE rowid > ?1 AND rowid <= ?2"
                      " ORDER BY rowid LIMIT 1");
    rt_buf_addc(&sql, '\0');
    rt_code code = rt_buf_check(&sql, err);
    x->stored_at = 0;
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT max(rowid) FROM report", &x->stored_last, err);
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT max(n) FROM claim", &x->claims_before, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, sql.ptr, &x->stored, err);
    rt_buf_free(&sql);
    return code;
}

int rt_index_record(sqlite3_stmt *row, rt_record *out)
{
    int column = 0;
    *out = (rt_record){.charset = RT_STR("UTF-8"), .format = RT_FORMAT_JSONL};
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++)
        if (i != RT_FIELD_TEXT)
            out->field[i] = rt_db_text(row, column++);
    out->field[RT_FIELD_TEXT] = rt_db_text(row, column++);
    return column;
}

rt_code rt_index_next(rt_index *x, rt_record *out, bool *more, rt_err *err)
{
    rt_code code = x->stored == NULL ? start(x, err) : RT_OK;
    if (code != RT_OK)
        return code;
    sqlite3_reset(x->stored);
    sqlite3_bind_int64(x->stored, 1, x->stored_at);
    sqlite3_bind_int64(x->stored, 2, x->stored_last);
    code = rt_db_step(x, x->stored, more, err);
    if (code != RT_OK || !*more)
        return code;
    int column = rt_index_record(x->stored, out);
    x->stored_at = sqlite3_column_int64(x->stored, column);
    return RT_OK;
}

bool rt_index_stale(const rt_index *x)
{
    return x->stale;
}

rt_code rt_index_rebuilt(rt_index *x, rt_err *err)
{
    rt_code code = rt_index_commit(x, err);
    sqlite3_finalize(x->stored);
    x->stored = NULL;
    if (code == RT_OK)
        code = rt_db_exec(x, "BEGIN IMMEDIATE", err);
    if (code != RT_OK)
        return code;
    if (x->stale) { /* all reports have claims of today */
        rt_buf sql;
        rt_buf_init(&sql, SIZE_MAX);
        rt_buf_addf(
            &sql,
            "DELETE FROM claim WHERE n <= %lld; DELETE FROM claim_report WHERE claim <= %lld;",
            (long long)x->claims_before, (long long)x->claims_before);
        rt_buf_addc(&sql, '\0');
        code = rt_buf_check(&sql, err);
        if (code == RT_OK)
            code = rt_db_exec(x, sql.ptr, err);
        rt_buf_free(&sql);
    }
    if (code == RT_OK)
        code = rt_schema_stamp(x, err);
    if (code == RT_OK)
        return rt_db_exec(x, "COMMIT", err);
    rt_db_exec(x, "ROLLBACK", NULL);
    return code;
}
