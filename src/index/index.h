/* The index: what its files share.
 *
 * Reading order: db.c (SQLite with our errors), schema.c (the database and its opening),
 * tokenizer.c, rows.c and pieces.c (what is stored of a report), writer.c, rebuild.c, check.c;
 * lex.c, condition.c, query.c, terms.c (the query language), explain.c; plan.c, match.c, where.c
 * (to SQL); marks.c, snippet.c, render.c, search.c, critical.c, qa.c.
 *
 *   report          one row a report: the fields of the record, language, sections,
 *                   findings (compact JSON), concepts (tokens), document text
 *   report_section  view: one column a section type, cut out of the text by our
 *                   SQL function rt_section; the content of report_fts
 *   report_fts      FTS5, external content: the columns of report_section, our tokenizer
 *   finding         view: one row a finding, unfolded from report.findings
 *   critical_flag, qa_issue, recommendation    tables, one row each
 *   concept, vocab  names for what the compact form holds as ids and numbers
 *   meta            lexicon checksum, engine version
 *
 * Numbers of closed lists (presence, side, ...) are those of model/vocab.h when the database was
 * made; a change of order there is a new schema. */
#ifndef RT_INDEX_INDEX_H
#define RT_INDEX_INDEX_H

#include <sqlite3.h>

#include "index/rows.h"
#include "index/tokenizer.h"
#include "knowledge/knowledge.h"

/* The statements of the writer, prepared once: X(NAME, sql). */
typedef enum rt_statement {
    RT_SQL_FIND,  /* id -> number of the report */
    RT_SQL_STASH, /* keep the old words of a report that is replaced */
    RT_SQL_DROP,  /* ... and take it out of the tables */
    RT_SQL_DROP_FLAGS,
    RT_SQL_DROP_ADVICE,
    RT_SQL_DROP_QA,
    RT_SQL_ADD,       /* report */
    RT_SQL_ADD_WORDS, /* report_fts */
    RT_SQL_ADD_FLAG,
    RT_SQL_ADD_ADVICE,
    RT_SQL_ADD_QA,
    RT_SQL_UNINDEX, /* take the stashed words out of report_fts */
    RT_SQL_CLEAR,   /* empty the stash */
    RT_SQL_END
} rt_statement;

struct rt_index {
    sqlite3 *db;
    char *path;
    const rt_knowledge *know;
    rt_index_mode mode;
    bool stale;    /* made with another lexicon */
    bool watching; /* private: keeps reports with critical flags or inconsistencies alone, not their words */

    sqlite3_stmt *sql[RT_SQL_END];
    rt_row row;
    bool writing; /* within a transaction */
    bool broken;  /* a write failed: what was not committed is lost */
    bool stashed; /* some old words wait for RT_SQL_UNINDEX */
    uint32_t pending;
    size_t pending_bytes;
    int64_t next; /* number of the next report */

    sqlite3_stmt *stored; /* rt_index_next; NULL: not begun */
    int64_t stored_last;  /* number of the last report when it began */
    int64_t stored_at;    /* of the one handed out */

    rt_tokenizer *words; /* for queries and highlights */
};

/* What rt_index_open does once the engine has handed out its knowledge. path NULL: private, in
 * memory, for rt_index_critical alone. */
rt_code rt_index_open_with(const rt_knowledge *know, const char *path, rt_index_mode mode,
                           rt_index **out, rt_err *err);

/* ---- db.c: SQLite with our errors. Each returns RT_OK or fills *err with what SQLite said. */

rt_code rt_db_fail(const rt_index *x, int sqlite_code, rt_err *err, const char *doing);
rt_code rt_db_exec(const rt_index *x, const char *sql, rt_err *err);
rt_code rt_db_prepare(const rt_index *x, const char *sql, sqlite3_stmt **out, rt_err *err);
/* One row more? A finished statement is reset. */
rt_code rt_db_step(const rt_index *x, sqlite3_stmt *s, bool *row, rt_err *err);
/* Runs a statement that gives no rows, and resets it. */
rt_code rt_db_run(const rt_index *x, sqlite3_stmt *s, rt_err *err);
/* The first column of the first row. */
rt_code rt_db_number(const rt_index *x, const char *sql, int64_t *out, rt_err *err);
/* Empty is NULL. The bytes must live until the statement is reset. */
void rt_db_bind(sqlite3_stmt *s, int at, rt_str value);
/* A text column: empty for NULL; lives until the next step. */
rt_str rt_db_text(sqlite3_stmt *s, int column);

/* ---- schema.c */

rt_code rt_schema_open(rt_index *x, rt_err *err);  /* create, or recognise as ours and current */
rt_code rt_schema_stamp(rt_index *x, rt_err *err); /* made with the lexicon of today */
void rt_schema_section_columns(rt_buf *b);         /* "request", "technique", ... quoted */
void rt_schema_field_columns(rt_buf *b);           /* "id", "exam", ... without "text" */

#endif
