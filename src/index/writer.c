/* Reports into the index, in batches of one transaction each.
 *
 * A report that replaces another gets a new number, so that numbers only grow and each batch is one
 * segment of words (words.h). The words of the old report are kept in the temporary table
 * `replaced` and taken out of FTS5 together, in order, at the commit. */
#include "index/index.h"

#include "base/utf8.h"
#include "index/lengths.h"
#include "index/postings.h"

/* Limits of a batch: what a kill loses at most, and what the log holds. Larger ones are hardly
 * faster. */
static const uint32_t batch_reports = 5000;
static const size_t batch_bytes = (size_t)16 << 20;

/* ---- statements */

static void repeat(rt_buf *b, const char *text, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        rt_buf_addz(b, text);
}

static void insert_row(rt_buf *b, const char *table, unsigned columns)
{
    rt_buf_addf(b, "INSERT INTO %s VALUES(?1", table);
    repeat(b, ", ?", columns - 1);
    rt_buf_addc(b, ')');
}

/* The small tables of what stands in a report: columns to add a row, 0: drop those of a report. */
static void list_row(rt_buf *b, rt_statement which)
{
    static const struct {
        const char *table;
        unsigned columns;
    } lists[RT_SQL_END] = {
        [RT_SQL_DROP_FLAGS] = {"flag", 0},
        [RT_SQL_ADD_FLAG] = {"flag", 8},
        [RT_SQL_DROP_ADVICE] = {"recommendation", 0},
        [RT_SQL_ADD_ADVICE] = {"recommendation", 10},
        [RT_SQL_DROP_QA] = {"qa_issue", 0},
        [RT_SQL_ADD_QA] = {"qa_issue", 9},
        [RT_SQL_DROP_REMOVED] = {"removed_organ", 0},
        [RT_SQL_ADD_REMOVED] = {"removed_organ", 6},
    };
    if (lists[which].columns > 0)
        insert_row(b, lists[which].table, lists[which].columns);
    else if (lists[which].table != NULL)
        rt_buf_addf(b, "DELETE FROM %s WHERE report = ?1", lists[which].table);
}

static const char find_rule_sql[] =
    "SELECT n FROM critical_rule WHERE rule IS ?1 AND family IS ?2 AND category IS ?3"
    " AND minutes IS ?4 AND name_en IS ?5 AND name_zh IS ?6";

/* Those that depend on no closed list. */
static const char *const fixed[RT_SQL_END] = {
    [RT_SQL_FIND] = "SELECT rowid FROM report WHERE id = ?1",
    [RT_SQL_STASH] = "INSERT INTO replaced SELECT * FROM report_section WHERE report = ?1",
    [RT_SQL_DROP] = "DELETE FROM report WHERE rowid = ?1",
    [RT_SQL_GET_WORDS] = "SELECT block FROM report_fts_data WHERE id = ?1",
    [RT_SQL_PUT_WORDS] = "INSERT OR REPLACE INTO report_fts_data VALUES(?1, ?2)",
    [RT_SQL_ADD_LEAF] = "INSERT OR REPLACE INTO report_fts_idx VALUES(?1, ?2, ?3)",
    [RT_SQL_ADD_LENGTHS] = "INSERT OR REPLACE INTO report_length VALUES(?1, ?2, ?3)",
    [RT_SQL_GET_LENGTHS] = "SELECT lengths, days FROM report_length WHERE block = ?1",
    [RT_SQL_ADD_POSTINGS] = RT_POSTINGS_INSERT,
    [RT_SQL_CLEAR] = "DELETE FROM replaced",
    [RT_SQL_FIND_RULE] = find_rule_sql,
    [RT_SQL_ADD_RULE] = "INSERT INTO critical_rule VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6)",
};

static void add_report_text(rt_buf *b)
{
    rt_buf_addz(b, "INSERT OR IGNORE INTO report(");
    rt_tables_field_columns(b);
    rt_buf_addz(b, "language, charset, day, sections, findings, text, rowid) VALUES(?1");
    repeat(b, ", ?", RT_FIELD_COUNT - 1 + 6);
    rt_buf_addc(b, ')');
}

static void unindex_text(rt_buf *b)
{
    rt_buf_addz(b, "INSERT INTO report_fts(report_fts, rowid, concepts");
    rt_tables_section_columns(b);
    rt_buf_addz(b, ") SELECT 'delete', * FROM replaced ORDER BY report");
}

static void statement_text(rt_buf *b, rt_statement which)
{
    if (fixed[which] != NULL)
        rt_buf_addz(b, fixed[which]);
    else if (which == RT_SQL_ADD)
        add_report_text(b);
    else if (which == RT_SQL_UNINDEX)
        unindex_text(b);
    else
        list_row(b, which);
}

rt_code rt_writer_prepare(rt_index *x, rt_err *err)
{
    rt_buf sql;
    if (x->sql[0] != NULL)
        return RT_OK;
    rt_buf_init(&sql, SIZE_MAX);
    rt_code code = RT_OK;
    for (unsigned i = 0; i < RT_SQL_END && code == RT_OK; i++) {
        rt_buf_clear(&sql);
        statement_text(&sql, (rt_statement)i);
        rt_buf_addc(&sql, '\0');
        code = rt_buf_check(&sql, err);
        if (code == RT_OK)
            code = rt_db_prepare(x, sql.ptr, &x->sql[i], err);
    }
    rt_buf_free(&sql);
    return code;
}

/* ---- the transaction */

/* Claims have numbers from the database; what another writer did since is read again. */
static rt_code open_claims(rt_index *x, rt_err *err)
{
    int64_t version = 0;
    rt_code code = rt_db_number(x, "PRAGMA data_version", &version, err);
    if (code != RT_OK || (x->claims != NULL && version == x->data_version))
        return code;
    rt_claims_close(x->claims);
    x->claims = NULL;
    x->data_version = version;
    bool fresh = x->stale; /* claims of another lexicon have other tokens */
    int rc = rt_claims_open(x->db, x->know->lexicon, fresh, &x->claims);
    return rc == SQLITE_OK ? RT_OK : rt_db_fail(x, rc, err, "cannot read its claims");
}

static rt_code begin(rt_index *x, rt_err *err)
{
    int64_t last = 0;
    if (x->writing)
        return RT_OK;
    rt_code code = rt_writer_prepare(x, err);
    if (code == RT_OK && !x->hurried)
        code = rt_db_exec(x, "PRAGMA synchronous = NORMAL", err);
    x->hurried = x->hurried || code == RT_OK;
    if (code == RT_OK)
        code = rt_db_exec(x, "BEGIN IMMEDIATE", err);
    if (code != RT_OK)
        return code;
    x->writing = true;
    code = open_claims(x, err);
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT max(rowid) FROM report", &last, err);
    x->next = last + 1;
    return code;
}

/* After a failed write nothing of the batch is kept: half a report would be worse. */
static rt_code give_up(rt_index *x, rt_code code)
{
    if (sqlite3_get_autocommit(x->db) == 0)
        sqlite3_exec(x->db, "ROLLBACK", NULL, NULL, NULL);
    x->writing = false;
    x->broken = true;
    return code;
}

/* ---- the commit */

static rt_code unindex_replaced(rt_index *x, rt_err *err)
{
    if (!x->stashed)
        return RT_OK;
    rt_code code = rt_db_run(x, x->sql[RT_SQL_UNINDEX], err);
    if (code == RT_OK)
        code = rt_db_run(x, x->sql[RT_SQL_CLEAR], err);
    x->stashed = code != RT_OK;
    return code;
}

rt_code rt_writer_flush(rt_index *x, rt_err *err)
{
    if (!x->writing)
        return RT_OK;
    rt_code code = x->watching ? RT_OK : rt_word_batch_store(x, err);
    if (code == RT_OK)
        code = unindex_replaced(x, err);
    if (code == RT_OK)
        code = rt_lengths_store(x, err);
    if (code == RT_OK)
        code = rt_postings_store(x, &x->postings, x->sql[RT_SQL_ADD_POSTINGS], err);
    return code;
}

static rt_code commit_batch(rt_index *x, rt_err *err)
{
    if (!x->writing)
        return RT_OK;
    rt_code code = rt_writer_flush(x, err);
    if (code == RT_OK)
        code = rt_db_exec(x, "COMMIT", err);
    if (code != RT_OK)
        return give_up(x, code);
    x->writing = false;
    x->pending = 0;
    x->pending_bytes = 0;
    return RT_OK;
}

/* Batches are committed without waiting for the disk: a kill loses none of them. Here everything
 * before goes to the disk, so that a power cut does not either. */
static rt_code sync_log(rt_index *x, rt_err *err)
{
    sqlite3_file *log = NULL;
    if (!x->hurried)
        return RT_OK;
    int rc = sqlite3_file_control(x->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log);
    if (rc == SQLITE_OK && log != NULL && log->pMethods != NULL)
        rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    if (rc != SQLITE_OK)
        return rt_db_fail(x, rc, err, "cannot write its log to the disk");
    rt_code code = rt_db_exec(x, "PRAGMA synchronous = FULL", err);
    x->hurried = code != RT_OK;
    return code;
}

rt_code rt_index_commit(rt_index *x, rt_err *err)
{
    rt_code code = commit_batch(x, err);
    return code == RT_OK ? sync_log(x, err) : code;
}

/* ---- one report */

static rt_code drop_old(rt_index *x, rt_str id, rt_err *err)
{
    static const rt_statement steps[] = {RT_SQL_STASH,       RT_SQL_DROP,    RT_SQL_DROP_FLAGS,
                                         RT_SQL_DROP_ADVICE, RT_SQL_DROP_QA, RT_SQL_DROP_REMOVED};
    sqlite3_stmt *find = x->sql[RT_SQL_FIND];
    bool found = false;
    rt_db_bind(find, 1, id);
    rt_code code = rt_db_step(x, find, &found, err);
    if (code != RT_OK || !found)
        return code;
    int64_t old = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    for (size_t i = x->watching ? 1 : 0; i < sizeof steps / sizeof steps[0]; i++) {
        sqlite3_bind_int64(x->sql[steps[i]], 1, old);
        code = rt_db_run(x, x->sql[steps[i]], err);
        if (code != RT_OK)
            return code;
    }
    x->stashed = !x->watching;
    return x->watching ? RT_OK : rt_lengths_drop(x, old, err);
}

/* 2024-03-05, 2024/3 or 20240305 as 20240305, 20240300; 0: no date. */
static int64_t day_of(rt_str date)
{
    int64_t part[3] = {0};
    unsigned n = 0, digits = 0;
    for (size_t i = 0; i < date.len && n < 3; i++) {
        if (rt_is_digit(date.ptr[i])) {
            part[n] = part[n] * 10 + (date.ptr[i] - '0');
            digits++;
            if (digits < (n == 0 ? 4 : 2))
                continue;
        } else if (digits == 0) {
            continue;
        }
        n++;
        digits = 0;
    }
    bool good = part[0] >= 1000 && part[1] <= 12 && part[2] <= 31;
    return good ? part[0] * 10000 + part[1] * 100 + part[2] : 0;
}

/* The claims of the row get their numbers. */
static rt_code number_claims(rt_index *x, rt_row *row, rt_err *err)
{
    rt_buf_clear(&row->findings);
    for (size_t i = 0; i < row->n_said; i++) {
        const rt_said *said = &row->said[i];
        const void *claim = row->claims.ptr + said->claim;
        rt_stored f = {.beg = said->beg, .len = said->len, .tenths = said->tenths};
        int rc = rt_claims_number(x->claims, claim, &f.claim);
        if (rc != SQLITE_OK)
            return rt_db_fail(x, rc, err, "cannot store a claim");
        if (f.claim > RT_STORED_MAX_CLAIM)
            return rt_fail(err, RT_ELIMIT, "%s: too many different findings", x->path);
        rt_stored_put(&row->findings, &f);
        if (!x->watching &&
            !rt_postings_add(&x->postings, (rt_posting){x->next, f.claim, f.tenths}))
            return rt_fail(err, RT_ENOMEM, "out of memory");
    }
    return rt_buf_check(&row->findings, err);
}

/* Most are new: an old one of the same id is looked for when there is no room for this. */
static rt_code run_add(rt_index *x, rt_str id, rt_err *err)
{
    rt_code code = rt_db_run(x, x->sql[RT_SQL_ADD], err);
    if (code != RT_OK || sqlite3_changes(x->db) > 0)
        return code;
    code = drop_old(x, id, err);
    return code == RT_OK ? rt_db_run(x, x->sql[RT_SQL_ADD], err) : code;
}

/* Most fields are empty in report after report: NULL stays bound to them. */
static void bind_field(rt_index *x, int at, rt_str value)
{
    uint32_t bit = 1U << at;
    if (value.len == 0 && (x->bound & bit) == 0)
        return;
    x->bound = value.len > 0 ? x->bound | bit : x->bound & ~bit;
    rt_db_bind(x->sql[RT_SQL_ADD], at, value);
}

static rt_code add_report(rt_index *x, const rt_row *row, int64_t day, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD];
    int at = 1;
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++)
        if (i != RT_FIELD_TEXT)
            bind_field(x, at++, row->field[i]);
    rt_db_bind(s, at++, rt_str_from(rt_lang_name(row->zh ? RT_LANG_ZH : RT_LANG_EN)));
    rt_db_bind(s, at++, rt_str_from(row->charset));
    if (day > 0)
        sqlite3_bind_int64(s, at++, day);
    else
        sqlite3_bind_null(s, at++);
    rt_db_bind(s, at++, rt_buf_str(&row->sections));
    rt_db_bind(s, at++, rt_buf_str(&row->findings));
    rt_db_bind(s, at++, row->field[RT_FIELD_TEXT]);
    sqlite3_bind_int64(s, at, x->next);
    return run_add(x, row->field[RT_FIELD_ID], err);
}

static rt_code add_words(rt_index *x, const rt_row *row, rt_err *err)
{
    if (x->watching)
        return RT_OK;
    if (!rt_word_batch_add(x->tokens, x->next, row))
        return rt_fail(err, RT_ENOMEM, "out of memory");
    return rt_word_batch_full(x->tokens) ? rt_word_batch_store(x, err) : RT_OK;
}

static rt_code add_all(rt_index *x, rt_row *row, rt_err *err)
{
    int64_t day = day_of(row->field[RT_FIELD_DATE]);
    rt_code code = number_claims(x, row, err);
    if (code == RT_OK)
        code = add_report(x, row, day, err);
    if (code == RT_OK)
        code = add_words(x, row, err);
    if (code == RT_OK && !x->watching)
        code = rt_lengths_add(x, x->next, row->n_words, day, err);
    return code == RT_OK ? rt_listed_add(x, row, err) : code;
}

static rt_code may_add(const rt_index *x, const rt_row *row, rt_err *err)
{
    if (x->mode != RT_INDEX_WRITE)
        return rt_fail(err, RT_EUSAGE, "%s: opened for reading", x->path);
    if (x->broken)
        return rt_fail(err, RT_EDB, "%s: an earlier write failed", x->path);
    if (x->stale && x->stored == NULL)
        return rt_fail(err, RT_EDB,
                       "%s: made with another version of the lexicon or of the critical rules (or "
                       "another --profile); bring it up to date with `roentext index --rebuild`",
                       x->path);
    if (row->field[RT_FIELD_ID].len == 0)
        return rt_fail(err, RT_EINPUT, "a report without an id cannot be indexed");
    return RT_OK;
}

rt_code rt_index_add_row(rt_index *x, rt_index_row *row, rt_err *err)
{
    rt_code code = may_add(x, row, err);
    if (code == RT_OK)
        code = begin(x, err);
    if (code != RT_OK)
        return code;
    code = add_all(x, row, err);
    if (code != RT_OK)
        return give_up(x, code);
    x->next++;
    x->pending++;
    x->pending_bytes += row->field[RT_FIELD_TEXT].len;
    if (x->pending < batch_reports && x->pending_bytes < batch_bytes)
        return RT_OK;
    return commit_batch(x, err);
}

rt_code rt_index_add(rt_index *x, const rt_report *r, rt_err *err)
{
    bool of_patient = x->with_patients && r->doc->record->field[RT_FIELD_PATIENT_ID].len > 0;
    if (x->watching && r->doc->flags.len == 0 && r->doc->qa.len == 0 && !of_patient)
        return RT_OK;
    rt_code code = rt_index_prepare(x->row, r, err);
    return code == RT_OK ? rt_index_add_row(x, x->row, err) : code;
}

void rt_index_keep_patients(rt_index *x)
{
    x->with_patients = true;
}
