/* SQLite with our errors. See index.h. */
#include "index/index.h"

static rt_code code_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_NOMEM:
        return RT_ENOMEM;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return RT_EIO;
    case SQLITE_TOOBIG:
        return RT_ELIMIT;
    default:
        return RT_EDB;
    }
}

rt_code rt_db_fail(const rt_index *x, int sqlite_code, rt_err *err, const char *doing)
{
    const char *path = x->path != NULL ? x->path : "index in memory";
    rt_code code = code_of(sqlite_code);
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
        return rt_fail(err, code, "%s: %s: disk full; what was committed before stays", path,
                       doing);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rt_fail(err, code, "%s: %s: another program is writing to it", path, doing);
    case SQLITE_NOTADB:
        return rt_fail(err, code, "%s: %s: not a roentext index, not even a database", path, doing);
    case SQLITE_CORRUPT:
        return rt_fail(err, code, "%s: %s: the database is damaged: %s", path, doing,
                       sqlite3_errmsg(x->db));
    case SQLITE_NOMEM:
        return rt_fail(err, code, "%s: %s: out of memory", path, doing);
    default:
        return rt_fail(err, code, "%s: %s: %s", path, doing,
                       x->db != NULL ? sqlite3_errmsg(x->db) : sqlite3_errstr(sqlite_code));
    }
}

rt_code rt_db_exec(const rt_index *x, const char *sql, rt_err *err)
{
    int rc = sqlite3_exec(x->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? RT_OK : rt_db_fail(x, rc, err, "cannot use it");
}

rt_code rt_db_prepare(const rt_index *x, const char *sql, sqlite3_stmt **out, rt_err *err)
{
    int rc = sqlite3_prepare_v3(x->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return rc == SQLITE_OK ? RT_OK : rt_db_fail(x, rc, err, "cannot prepare a statement");
}

rt_code rt_db_step(const rt_index *x, sqlite3_stmt *s, bool *row, rt_err *err)
{
    int rc = sqlite3_step(s);
    *row = rc == SQLITE_ROW;
    if (*row)
        return RT_OK;
    rt_code code = rc == SQLITE_DONE ? RT_OK : rt_db_fail(x, rc, err, "cannot read");
    sqlite3_reset(s);
    return code;
}

rt_code rt_db_run(const rt_index *x, sqlite3_stmt *s, rt_err *err)
{
    int rc = sqlite3_step(s);
    rt_code code = rc == SQLITE_DONE ? RT_OK : rt_db_fail(x, rc, err, "cannot write");
    sqlite3_reset(s);
    return code;
}

rt_code rt_db_number(const rt_index *x, const char *sql, int64_t *out, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    rt_code code = rt_db_prepare(x, sql, &s, err);
    if (code == RT_OK)
        code = rt_db_step(x, s, &row, err);
    if (code == RT_OK && row)
        *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return code;
}

void rt_db_bind(sqlite3_stmt *s, int at, rt_str value)
{
    if (value.len == 0)
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_text64(s, at, value.ptr, value.len, SQLITE_STATIC, SQLITE_UTF8);
}

rt_str rt_db_text(sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    int n = sqlite3_column_bytes(s, column);
    return text == NULL ? RT_STR("") : (rt_str){text, (size_t)n};
}
