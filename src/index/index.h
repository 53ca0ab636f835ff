/* The index: what its files share.
 *
 * Reading order: db.c (SQLite with our errors), tables.c, schema.c (the database and its opening),
 * chars.h, stored.h, tokenizer.c, rows.c, pieces.c, content.c, claims.c, postings.c, words.c,
 * segment.c, lengths.c (what is stored of a report), writer.c, listed.c, rebuild.c, check.c; lex.c,
 * condition.c, query.c, terms.c (the query language), explain.c; match.c, where.c, bits.c, eval.c
 * (a query to a set of reports); marks.c, snippet.c, render.c, facet.c, search.c, critical.c,
 * acknowledge.c, prior.c, patients.c, qa.c.
 *
 *   report          one row a report: the fields of the record, language, day (of date, as
 *                   20240305), sections and findings as numbers (chars.h), document text
 *   claim           what is said of findings, each different thing once: a finding of a report is
 *                   the number of its claim and its place (stored.h). `above`: numbers of
 *                   concept_above, for its concept and its places; that has what stood above
 *                   each of them when it was made
 *   report_section  view: the concept tokens, and one column a section type, cut out of the text
 *                   by our SQL functions (content.h); the content of report_fts
 *   report_fts      FTS5, external content: the columns of report_section, our tokenizer
 *   finding         view: one row a finding, unfolded from report.findings, for any SQLite tool
 *   qa_issue, recommendation, removed_organ    tables, one row each
 *   critical_flag   view: one row a critical finding, of the tables flag and critical_rule
 *   acknowledgement               who took note of a critical finding; made when first needed
 *   concept         names for ids
 *   claim_report    the reports that make a claim, compact (stored.h)
 *   report_length   words of each report, a byte each, for relevance (0: no such report); its day
 *   saved_query     of search --save
 *   meta            lexicon checksum, engine version */
#ifndef RT_INDEX_INDEX_H
#define RT_INDEX_INDEX_H

#include "index/claims.h"
#include "index/rows.h"
#include "index/stored.h"
#include "index/tokenizer.h"
#include "index/words.h"
#include "knowledge/knowledge.h"

/* The statements of the writer, prepared once: X(NAME, sql). */
typedef enum rt_statement {
    RT_SQL_FIND,  /* id -> number of the report */
    RT_SQL_STASH, /* keep the old words of a report that is replaced */
    RT_SQL_DROP,  /* ... and take it out of the tables */
    RT_SQL_DROP_FLAGS,
    RT_SQL_DROP_ADVICE,
    RT_SQL_DROP_QA,
    RT_SQL_DROP_REMOVED,
    RT_SQL_ADD,       /* report */
    RT_SQL_GET_WORDS, /* report_fts_data */
    RT_SQL_PUT_WORDS,
    RT_SQL_ADD_LEAF, /* report_fts_idx */
    RT_SQL_ADD_FLAG,
    RT_SQL_ADD_ADVICE,
    RT_SQL_ADD_QA,
    RT_SQL_ADD_REMOVED,
    RT_SQL_ADD_LENGTHS,
    RT_SQL_GET_LENGTHS,
    RT_SQL_ADD_POSTINGS, /* of a claim and block of reports */
    RT_SQL_UNINDEX,      /* take the stashed words out of report_fts */
    RT_SQL_CLEAR,        /* empty the stash */
    RT_SQL_FIND_RULE,    /* a critical rule -> its number */
    RT_SQL_ADD_RULE,
    RT_SQL_END
} rt_statement;

enum {
    RT_LENGTH_BLOCK = 4096, /* reports of a row of report_length */
    RT_DAY_BYTES = 3,
};

struct rt_index {
    sqlite3 *db;
    char *path;
    const rt_knowledge *know;
    rt_index_mode mode;
    bool stale;         /* made with another lexicon */
    bool watching;      /* private: only flagged reports, without words */
    bool with_patients; /* ... and those that have a patient */

    sqlite3_stmt *sql[RT_SQL_END];
    struct rt_index_row *row; /* of rt_index_add */
    rt_claims *claims;        /* NULL: not begun */
    int64_t *rules; /* heap: numbers of critical rules in the database, 0: not yet asked */
    uint32_t bound; /* bits: fields of RT_SQL_ADD that are not NULL */
    bool writing;   /* within a transaction */
    bool hurried;   /* commits do not wait for the disk */
    bool broken;    /* a write failed: what was not committed is lost */
    bool stashed;   /* some old words wait for RT_SQL_UNINDEX */
    uint32_t pending;
    size_t pending_bytes;
    int64_t next;          /* number of the next report */
    rt_postings postings;  /* of the batch */
    rt_word_batch *tokens; /* of the batch */
    int64_t block;         /* lengths.c: of `lengths`, -1: none yet */
    uint8_t lengths[RT_LENGTH_BLOCK];
    uint8_t days[RT_LENGTH_BLOCK * RT_DAY_BYTES];
    int64_t *dropped; /* heap: reports whose lengths go with the commit */
    size_t n_dropped, cap_dropped;
    int64_t data_version; /* of SQLite: other than this, another writer was here */

    sqlite3_stmt *stored;  /* rt_index_next; NULL: not begun */
    int64_t stored_last;   /* number of the last report when it began */
    int64_t stored_at;     /* of the one handed out */
    int64_t claims_before; /* highest claim when it began */

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

/* ---- writer.c */

rt_code rt_writer_prepare(rt_index *x, rt_err *err); /* its statements, if they are not yet */
/* Writes what the batch holds in memory; the transaction stays open. */
rt_code rt_writer_flush(rt_index *x, rt_err *err);

/* ---- listed.c: flags, recommendations, issues and removed organs of the report x->next */

rt_code rt_listed_add(rt_index *x, const rt_row *row, rt_err *err);

/* ---- schema.c */

rt_code rt_schema_open(rt_index *x, rt_err *err);  /* create, or recognise as ours and current */
rt_code rt_schema_stamp(rt_index *x, rt_err *err); /* made with the lexicon of today */

/* ---- rebuild.c */

/* The record that a row of the field columns and text was made from; returns how many columns those
 * are. It borrows from the row. */
int rt_index_record(sqlite3_stmt *row, rt_record *out);

/* ---- acknowledge.c: the table of acknowledgements, or an empty one in SQL */

rt_code rt_acknowledgements(const rt_index *x, const char **out, rt_err *err);

/* ---- tables.c */

void rt_tables_create(rt_buf *sql);
/* Take an index of an older schema over, but for report_length. */
void rt_tables_from_older(rt_buf *sql);
void rt_tables_section_columns(rt_buf *b); /* ", "request", ..." */
void rt_tables_field_columns(rt_buf *b);   /* "id", "exam", ... without "text" */

#endif
