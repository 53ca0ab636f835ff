/* Is an index whole? SQLite's own check, FTS5's, and ours: each asks for a number that must be 0.
 */
#include "index/lengths.h"
#include "index/postings.h"
#include "index/stored.h"

static const struct {
    const char *sql, *complaint;
} counts[] = {
    {"SELECT count(*) FROM report WHERE length(sections) % 3 <> 0 OR length(findings) % 4 <> 0",
     "reports whose sections or findings cannot be read"},
    {"SELECT count(*) FROM claim WHERE CAST(above AS INTEGER) NOT IN"
     " (SELECT a.n FROM concept_above a JOIN concept c ON c.id = a.id)",
     "claims without a concept"},
    {"SELECT count(*) FROM flag WHERE report NOT IN (SELECT rowid FROM report)"
     " OR rule NOT IN (SELECT n FROM critical_rule)",
     "critical flags without a report or a rule"},
    {"SELECT count(*) FROM recommendation WHERE report NOT IN (SELECT rowid FROM report)",
     "recommendations without a report"},
    {"SELECT count(*) FROM qa_issue WHERE report NOT IN (SELECT rowid FROM report)",
     "issues without a report"},
};

static rt_code complain(const rt_index *x, rt_sink to, const char *what, uint32_t *bad, rt_err *err)
{
    rt_buf line;
    rt_buf_init(&line, SIZE_MAX);
    rt_buf_addf(&line, "%s: %s\n", x->path, what);
    rt_code code = rt_buf_check(&line, err);
    if (code == RT_OK)
        code = to.write(to.user, line.ptr, line.len, err);
    rt_buf_free(&line);
    ++*bad;
    return code;
}

/* PRAGMA integrity_check answers "ok", or one row a complaint. */
static rt_code check_pages(const rt_index *x, rt_sink to, uint32_t *bad, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    rt_code code = rt_db_prepare(x, "PRAGMA integrity_check(20)", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row && !rt_str_eq(rt_db_text(s, 0), RT_STR("ok")))
            code = complain(x, to, (const char *)sqlite3_column_text(s, 0), bad, err);
    }
    sqlite3_finalize(s);
    return code;
}

/* With rank 1 FTS5 also compares itself with the text it was made from. */
static rt_code check_words(const rt_index *x, rt_sink to, uint32_t *bad, rt_err *err)
{
    int rc =
        sqlite3_exec(x->db, "INSERT INTO report_fts(report_fts, rank) VALUES('integrity-check', 1)",
                     NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return RT_OK;
    if ((rc & 0xff) != SQLITE_CORRUPT)
        return rt_db_fail(x, rc, err, "cannot check the words");
    return complain(x, to, "the index of words does not fit the reports", bad, err);
}

static rt_code check_counts(const rt_index *x, rt_sink to, uint32_t *bad, rt_err *err)
{
    rt_code code = RT_OK;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && code == RT_OK; i++) {
        int64_t n = 0;
        code = rt_db_number(x, counts[i].sql, &n, err);
        if (code == RT_OK && n != 0)
            code = complain(x, to, counts[i].complaint, bad, err);
    }
    return code;
}

static rt_code known_claims(const rt_index *x, rt_bits *claims, rt_err *err)
{
    int64_t last = 0;
    sqlite3_stmt *s = NULL;
    bool row = true;
    rt_code code = rt_db_number(x, "SELECT coalesce(max(n), 0) FROM claim", &last, err);
    if (code == RT_OK && !rt_bits_new(claims, last + 1))
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT n FROM claim", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            rt_bits_set(claims, sqlite3_column_int64(s, 0));
    }
    sqlite3_finalize(s);
    return code;
}

/* Not through the view `finding`, to which each character of a list is a walk from its beginning.
 */
static rt_code check_stored(const rt_index *x, rt_sink to, uint32_t *bad, rt_err *err)
{
    rt_bits claims = {0};
    sqlite3_stmt *s = NULL;
    bool row = true, inside = true, claimed = true;
    rt_code code = known_claims(x, &claims, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT findings, length(text) FROM report", &s, err);
    while (code == RT_OK && row) {
        rt_stored f;
        size_t pos = 0;
        code = rt_db_step(x, s, &row, err);
        rt_str findings = code == RT_OK && row ? rt_db_text(s, 0) : RT_STR("");
        while (rt_stored_next(findings, &pos, &f)) {
            inside = inside && (int64_t)f.beg + f.len <= sqlite3_column_int64(s, 1);
            claimed = claimed && rt_bits_has(&claims, f.claim);
        }
    }
    sqlite3_finalize(s);
    rt_bits_free(&claims);
    if (code == RT_OK && !inside)
        code = complain(x, to, "findings beyond the end of the text", bad, err);
    if (code == RT_OK && !claimed)
        code = complain(x, to, "findings without a claim", bad, err);
    return code;
}

static rt_code check_findings(const rt_index *x, rt_sink to, uint32_t *bad, rt_err *err)
{
    rt_bits living = {0};
    int64_t reports = 0;
    bool good = true;
    rt_code code = rt_lengths_living(x, &living, err);
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT count(*) FROM report", &reports, err);
    if (code == RT_OK && rt_bits_count(&living) != reports)
        code = complain(x, to, "reports without a length, or lengths without a report", bad, err);
    rt_bits_free(&living);
    if (code == RT_OK && *bad == 0)
        code = rt_days_check(x, &good, err);
    if (code == RT_OK && !good)
        code = complain(x, to, "the days of the reports are not those of their list", bad, err);
    if (code == RT_OK && *bad == 0)
        code = rt_postings_check(x, &good, err);
    if (code == RT_OK && !good)
        code = complain(x, to, "the reports of the claims are not those that make them", bad, err);
    return code;
}

rt_code rt_index_check(rt_index *x, rt_sink to, rt_err *err)
{
    uint32_t bad = 0;
    rt_code code = rt_index_commit(x, err);
    if (code == RT_OK)
        code = check_pages(x, to, &bad, err);
    if (code == RT_OK && bad == 0)
        code = check_words(x, to, &bad, err);
    if (code == RT_OK && bad == 0)
        code = check_counts(x, to, &bad, err);
    if (code == RT_OK && bad == 0)
        code = check_stored(x, to, &bad, err);
    if (code == RT_OK && bad == 0)
        code = check_findings(x, to, &bad, err);
    if (code == RT_OK && bad > 0)
        code = rt_fail(err, RT_EDB, "%s: damaged: index the reports again", x->path);
    return code;
}
