/* Queries that are kept in the index under a name. */
#include "index/index.h"

#include "base/utf8.h"

rt_code rt_index_save_query(rt_index *x, rt_str name, rt_str query, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    if (rt_str_trim(name).len == 0 || !rt_utf8_valid(name, NULL) || !rt_utf8_valid(query, NULL))
        return rt_fail(err, RT_EUSAGE, "a saved query needs a name");
    rt_code code = rt_db_prepare(x,
                                 query.len > 0 ? "INSERT OR REPLACE INTO saved_query VALUES(?1, ?2)"
                                               : "DELETE FROM saved_query WHERE name = ?1",
                                 &s, err);
    if (code == RT_OK) {
        rt_db_bind(s, 1, name);
        if (query.len > 0)
            rt_db_bind(s, 2, query);
        code = rt_db_run(x, s, err);
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_index_saved_query(rt_index *x, rt_str name, rt_sink to, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = true, any = false;
    rt_code code = rt_db_prepare(x,
                                 name.len > 0 ? "SELECT query FROM saved_query WHERE name = ?1"
                                              : "SELECT name || char(9) || query || char(10) FROM"
                                                " saved_query ORDER BY name",
                                 &s, err);
    if (code == RT_OK && name.len > 0)
        rt_db_bind(s, 1, name);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        rt_str text = rt_db_text(s, 0);
        code = to.write(to.user, text.ptr, text.len, err);
        any = true;
    }
    sqlite3_finalize(s);
    if (code == RT_OK && !any && name.len > 0)
        code = rt_fail(err, RT_EUSAGE, "%s: no query is saved as \"%.*s\"", x->path, (int)name.len,
                       name.ptr);
    return code;
}
