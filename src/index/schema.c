/* The database: its tables and views, and how an index is opened. See index.h for the tables.
 *
 * Three ways an open can go: the file is ours and current; it is empty (or missing) and a writer
 * makes it ours in one transaction; it is something else and is left as it was. */
#include "index/index.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "index/content.h"
#include "index/lengths.h"
#include "index/order.h"
#include "index/postings.h"

/* "RTxi" in the header of the file: what file(1) and we know it by. */
static const int64_t application_id = 0x52547869;
/* Bump on every change of the tables, of the tokenizer, of the tokens of a concept, or of the order
 * of rt_section; upgrade() then leads from the one before. */
static const int64_t schema_version = 4;

/* ---- the stamp: which lexicon and engine the rows were made with */

static rt_code stamp_meta(const rt_index *x, const char *key, const char *value, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    rt_code code = rt_db_prepare(x, "INSERT OR REPLACE INTO meta VALUES(?1, ?2)", &s, err);
    if (code != RT_OK)
        return code;
    rt_db_bind(s, 1, rt_str_from(key));
    rt_db_bind(s, 2, rt_str_from(value));
    code = rt_db_run(x, s, err);
    sqlite3_finalize(s);
    return code;
}

static rt_code stamp_concepts(const rt_index *x, rt_err *err)
{
    const rt_lexicon *lex = x->know->lexicon;
    sqlite3_stmt *s = NULL;
    rt_code code = rt_db_exec(x, "DELETE FROM concept", err);
    if (code == RT_OK)
        code = rt_db_prepare(x, "INSERT INTO concept VALUES(?1, ?2, ?3, ?4)", &s, err);
    for (uint32_t i = 0; i < lex->n_concepts && code == RT_OK; i++) {
        const rt_concept *c = &lex->concepts[i];
        rt_db_bind(s, 1, rt_str_from(rt_lexicon_text(lex, c->id)));
        rt_db_bind(s, 2, rt_str_from(rt_type_name(c->type)));
        rt_db_bind(s, 3, rt_str_from(rt_lexicon_text(lex, c->pref_en)));
        rt_db_bind(s, 4, rt_str_from(rt_lexicon_text(lex, c->pref_zh)));
        code = rt_db_run(x, s, err);
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_schema_stamp(rt_index *x, rt_err *err)
{
    rt_code code = stamp_meta(x, "engine", rt_version(), err);
    if (code == RT_OK)
        code = stamp_meta(x, "lexicon", x->know->lexicon->checksum, err);
    if (code == RT_OK)
        code = stamp_meta(x, "rules", rt_rules_checksum(x->know->rules), err);
    if (code == RT_OK)
        code = stamp_concepts(x, err);
    x->stale = x->stale && code != RT_OK;
    return code;
}

static rt_code differs(const rt_index *x, const char *key, const char *today, bool *out,
                       rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    rt_code code = rt_db_prepare(x, "SELECT value FROM meta WHERE key = ?1", &s, err);
    if (code != RT_OK)
        return code;
    rt_db_bind(s, 1, rt_str_from(key));
    code = rt_db_step(x, s, &row, err);
    if (code == RT_OK)
        *out = !row || !rt_str_eq(rt_db_text(s, 0), rt_str_from(today));
    sqlite3_finalize(s);
    return code;
}

/* An index without reports takes the lexicon and rules of today; one with reports stays as it is.
 * Other rules (another profile) matter to a writer alone: what was found is found. */
static rt_code check_stamp(rt_index *x, rt_err *err)
{
    bool other_rules = false;
    rt_code code = differs(x, "lexicon", x->know->lexicon->checksum, &x->stale, err);
    if (code == RT_OK && x->mode == RT_INDEX_WRITE)
        code = differs(x, "rules", rt_rules_checksum(x->know->rules), &other_rules, err);
    x->stale |= other_rules;
    int64_t used = 1;
    if (code == RT_OK && x->stale && x->mode == RT_INDEX_WRITE)
        code = rt_db_number(x, "SELECT EXISTS(SELECT 1 FROM report)", &used, err);
    return code == RT_OK && used == 0 ? rt_schema_stamp(x, err) : code;
}

/* ---- creation */

static rt_code run_script(const rt_index *x, void write(rt_buf *to), rt_err *err)
{
    rt_buf sql;
    rt_buf_init(&sql, SIZE_MAX);
    write(&sql);
    rt_buf_addf(&sql, "PRAGMA application_id = %lld; PRAGMA user_version = %lld;",
                (long long)application_id, (long long)schema_version);
    rt_buf_addc(&sql, '\0');
    rt_code code = rt_buf_check(&sql, err);
    if (code == RT_OK)
        code = rt_db_exec(x, sql.ptr, err);
    rt_buf_free(&sql);
    return code;
}

static rt_code create(rt_index *x, rt_err *err)
{
    rt_code code = rt_db_exec(x, "BEGIN IMMEDIATE", err);
    if (code == RT_OK)
        code = run_script(x, rt_tables_create, err);
    if (code == RT_OK)
        code = rt_schema_stamp(x, err);
    if (code == RT_OK)
        code = rt_db_exec(x, "COMMIT", err);
    return code;
}

/* All or nothing: a failure leaves the old index as it was. */
static rt_code upgrade(rt_index *x, rt_err *err)
{
    rt_code code = rt_db_exec(x, "BEGIN IMMEDIATE", err);
    if (code != RT_OK)
        return code;
    code = run_script(x, rt_tables_from_older, err);
    if (code == RT_OK)
        code = rt_writer_prepare(x, err);
    if (code == RT_OK)
        code = rt_lengths_fill(x, err);
    if (code == RT_OK)
        code = rt_db_exec(x, "COMMIT", err);
    if (code != RT_OK)
        rt_db_exec(x, "ROLLBACK", NULL);
    return code;
}

/* ---- what is it? */

static rt_code not_ours(const rt_index *x, const char *what, rt_err *err)
{
    return rt_fail(err, RT_EDB, "%s: %s", x->path, what);
}

static rt_code recognise(rt_index *x, bool *fresh, int64_t *found, rt_err *err)
{
    int64_t id = 0, version = 0, objects = 0;
    rt_code code = rt_db_number(x, "PRAGMA application_id", &id, err);
    if (code == RT_OK)
        code = rt_db_number(x, "PRAGMA user_version", &version, err);
    if (code == RT_OK)
        code = rt_db_number(x, "SELECT count(*) FROM sqlite_master", &objects, err);
    if (code != RT_OK)
        return code;
    *fresh = id == 0 && objects == 0;
    if (*fresh && x->mode == RT_INDEX_READ)
        return not_ours(x, "an empty file, not a roentext index", err);
    if (*fresh)
        return RT_OK;
    if (id != application_id)
        return not_ours(x, "an SQLite database, but not a roentext index", err);
    if (version > schema_version)
        return not_ours(x, "made by a newer roentext; it cannot be used with this one", err);
    *found = version;
    if (version < schema_version && x->mode == RT_INDEX_READ)
        return not_ours(x, "made by an older roentext; `roentext index --rebuild` takes it over",
                        err);
    return RT_OK;
}

static rt_code set_up_writer(rt_index *x, rt_err *err)
{
    rt_buf sql;
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addz(&sql, "CREATE TEMP TABLE replaced(report INTEGER PRIMARY KEY, concepts");
    rt_tables_section_columns(&sql);
    rt_buf_addz(&sql, ");");
    rt_buf_addc(&sql, '\0');
    rt_code code = rt_buf_check(&sql, err);
    if (code == RT_OK)
        code = rt_db_exec(x, sql.ptr, err);
    rt_buf_free(&sql);
    return code;
}

static rt_code set_up(rt_index *x, rt_err *err)
{
    if (x->mode == RT_INDEX_READ)
        return rt_db_exec(
            x, "PRAGMA query_only = 1; PRAGMA cache_size = -65536; PRAGMA mmap_size = 8589934592;",
            err);
    return rt_db_exec(x,
                      "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
                      "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
                      "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 2000;",
                      err);
}

rt_code rt_schema_open(rt_index *x, rt_err *err)
{
    bool fresh = false;
    int64_t version = 0;
    rt_code code = recognise(x, &fresh, &version, err);
    if (code == RT_OK)
        code = set_up(x, err);
    if (code == RT_OK && fresh)
        code = create(x, err);
    if (code == RT_OK && x->mode == RT_INDEX_WRITE)
        code = set_up_writer(x, err);
    if (code == RT_OK && !fresh && version < schema_version)
        code = upgrade(x, err);
    if (code == RT_OK && !fresh)
        code = check_stamp(x, err);
    return code;
}

/* ---- opening the file */

static int open_file(rt_index *x, const char *name, int flags)
{
    sqlite3_close(x->db);
    x->db = NULL;
    int rc =
        sqlite3_open_v2(name, &x->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(x->db, 5000);
    if (rc == SQLITE_OK)
        rc = rt_tokenizer_register(x->db);
    if (rc == SQLITE_OK)
        rc = rt_content_register(x->db);
    if (rc == SQLITE_OK)
        rc = rt_rank_register(x);
    return rc;
}

static bool exists(const char *path, const char *suffix)
{
    struct stat st;
    rt_buf name;
    rt_buf_init(&name, SIZE_MAX);
    rt_buf_addz(&name, path);
    rt_buf_addz(&name, suffix);
    rt_buf_addc(&name, '\0');
    bool found = rt_buf_check(&name, NULL) == RT_OK && stat(name.ptr, &st) == 0;
    rt_buf_free(&name);
    return found;
}

/* On a read-only disk SQLite cannot make the shared memory that a WAL database wants. Without a
 * log beside it the file holds everything and nobody writes: then it may be read as immutable. */
static int open_immutable(rt_index *x)
{
    rt_buf uri;
    rt_buf_init(&uri, SIZE_MAX);
    rt_buf_addz(&uri, "file:");
    for (const char *p = x->path; *p != '\0'; p++) {
        if (strchr("%?#", *p) != NULL)
            rt_buf_addf(&uri, "%%%02x", (unsigned)(unsigned char)*p);
        else
            rt_buf_addc(&uri, *p);
    }
    rt_buf_addz(&uri, "?immutable=1");
    rt_buf_addc(&uri, '\0');
    int rc = rt_buf_check(&uri, NULL) == RT_OK
                 ? open_file(x, uri.ptr, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
                 : SQLITE_NOMEM;
    rt_buf_free(&uri);
    return rc;
}

static bool wants_immutable(rt_index *x)
{
    int64_t ignored = 0;
    return x->mode == RT_INDEX_READ && !exists(x->path, "-wal") &&
           rt_db_number(x, "PRAGMA user_version", &ignored, NULL) == RT_EIO;
}

static rt_code open_database(rt_index *x, rt_err *err)
{
    int missing = x->mode == RT_INDEX_WRITE ? SQLITE_OPEN_CREATE : 0;
    int rc = open_file(x, x->watching ? ":memory:" : x->path, SQLITE_OPEN_READWRITE | missing);
    if (rc == SQLITE_OK && !x->watching && wants_immutable(x))
        rc = open_immutable(x);
    return rc == SQLITE_OK ? RT_OK : rt_db_fail(x, rc, err, "cannot open it");
}

static rt_code no_such_file(const char *path, rt_err *err)
{
    char reason[128] = "cannot be opened";
    int number = errno;
    if (strerror_r(number, reason, sizeof reason) != 0)
        reason[0] = '\0';
    return rt_fail(err, RT_EIO, "%s: %s", path, reason);
}

rt_code rt_index_open_with(const rt_knowledge *know, const char *path, rt_index_mode mode,
                           rt_index **out, rt_err *err)
{
    struct stat st;
    if (path != NULL && mode == RT_INDEX_READ && stat(path, &st) != 0)
        return no_such_file(path, err);
    rt_index *x = calloc(1, sizeof *x);
    if (x == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    x->know = know;
    x->mode = mode;
    x->block = -1;
    x->watching = path == NULL;
    x->path = strdup(path != NULL ? path : "index in memory");
    x->words = rt_tokenizer_new();
    x->tokens = rt_word_batch_new();
    rt_code code = x->path != NULL && x->words != NULL && x->tokens != NULL
                       ? rt_index_row_new(&x->row, err)
                       : rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = open_database(x, err);
    if (code == RT_OK)
        code = rt_schema_open(x, err);
    if (code != RT_OK) {
        rt_index_close(x);
        return code;
    }
    *out = x;
    return RT_OK;
}

void rt_index_close(rt_index *x)
{
    if (x == NULL)
        return;
    for (unsigned i = 0; i < RT_SQL_END; i++)
        sqlite3_finalize(x->sql[i]);
    sqlite3_finalize(x->stored);
    rt_claims_close(x->claims);
    rt_postings_free(&x->postings);
    rt_word_batch_free(x->tokens);
    free(x->dropped);
    free(x->rules);
    sqlite3_close(x->db); /* rolls back what was not committed */
    rt_tokenizer_free(x->words);
    rt_index_row_free(x->row);
    free(x->path);
    free(x);
}
