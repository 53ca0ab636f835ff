/* The tables and views of an index, as SQL. See index.h for what they hold.
 *
 * Findings, flags, issues and recommendations can be read by any SQLite tool: the view `finding`
 * unfolds report.findings with functions that SQLite has of its own. */
#include "index/index.h"

/* ---- columns that depend on closed lists */

void rt_tables_section_columns(rt_buf *b)
{
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_addf(b, ", \"%s\"", rt_section_name(i));
}

void rt_tables_field_columns(rt_buf *b)
{
#define X(upper, lower)                                                                            \
    if (RT_FIELD_##upper != RT_FIELD_TEXT)                                                         \
        rt_buf_addz(b, "\"" #lower "\", ");
    RT_FIELDS(X)
#undef X
}

/* ---- reports and their words */

/* The text comes last: the small columns before it are read without its pages. */
static void add_report(rt_buf *b)
{
    rt_buf_addz(b, "CREATE TABLE report(rowid INTEGER PRIMARY KEY, ");
    rt_tables_field_columns(b);
    rt_buf_addz(b, "language, charset, day INTEGER, sections, findings, text);"
                   "CREATE UNIQUE INDEX report_id ON report(id);");
}

/* Sixteen batches, not four, before FTS5 merges them when it writes itself: less time (5 to 10 %),
 * and searches hardly notice. All at once only when there are more than ours (segment.c). */
#define MERGES                                                                                     \
    "INSERT INTO report_fts(report_fts, rank) VALUES('automerge', 16);"                            \
    "INSERT INTO report_fts(report_fts, rank) VALUES('crisismerge', 128);"

static void add_words(rt_buf *b)
{
    rt_buf_addz(b, "CREATE VIEW report_section AS SELECT r.rowid AS report,"
                   " rt_concepts(r.findings) AS concepts");
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_addf(b, ", rt_section(r.text, r.sections, %u) AS \"%s\"", i, rt_section_name(i));
    rt_buf_addz(b, " FROM report r; CREATE VIRTUAL TABLE report_fts USING fts5(concepts");
    rt_tables_section_columns(b);
    rt_buf_addz(b, ", content='report_section', content_rowid='report', columnsize=0,"
                   " tokenize='roentext');"
                   "INSERT INTO report_fts(report_fts, rank) VALUES('hashsize', 67108864);" MERGES);
}

/* ---- findings */

/* ORDER CODE: claims.c; claim.code is the letter of the state and a digit of each closed list. */
static const struct {
    const char *column;
    unsigned n;
    const char *(*name)(unsigned value);
    bool zero_is_none;
} code_lists[] = {
    {"presence", RT_PRESENCE_END, rt_presence_name, false},
    {"section", RT_SECTION_END, rt_section_name, false},
    {"side", RT_SIDE_END, rt_side_name, true},
    {"severity", RT_SEVERITY_END, rt_severity_name, true},
    {"change", RT_CHANGE_END, rt_change_name, true},
    {"temporality", RT_TEMPORALITY_END, rt_temporality_name, false},
    {"experiencer", RT_EXPERIENCER_END, rt_experiencer_name, false},
};
enum { N_CODE_LISTS = sizeof code_lists / sizeof code_lists[0] };

_Static_assert(RT_SECTION_END <= 10, "a digit of claim.code");

static void add_code_columns(rt_buf *b)
{
    for (unsigned k = 0; k < N_CODE_LISTS; k++) {
        rt_buf_addf(b, " CASE substr(c.code, %u, 1)", k + 2);
        for (unsigned i = code_lists[k].zero_is_none; i < code_lists[k].n; i++)
            rt_buf_addf(b, " WHEN '%u' THEN '%s'", i, code_lists[k].name(i));
        rt_buf_addf(b, " END AS %s,", code_lists[k].column);
    }
}

/* ORDER: stored.h, chars.h */
#define POINT(n) "unicode(substr(r.findings, 4 * k.key + " #n ", 1))"
#define NUMBER(n) "(" POINT(n) " - 32 - (" POINT(n) " > 65535) * 10240)"
#define CLAIM NUMBER(1) " + (" NUMBER(3) " >> 12 << 20)"
#define BEGIN NUMBER(2)
#define LENGTH "(" NUMBER(3) " & 4095)"

/* clang-format off */
static const char finding_columns[] =
    " nullif(" NUMBER(4) ", 0) / 10.0 AS size_mm, substr(c.code, 9, 1) = '1' AS derived,"
    " (SELECT group_concat(p.name_en, '|') FROM json_each('[' || replace(c.above, ' ', ',') || ']') j"
    " JOIN concept_above a ON a.n = j.value JOIN concept p ON p.id = a.id WHERE j.key > 0) AS anatomy,"
    " " BEGIN " AS b, " BEGIN " + " LENGTH " AS e, substr(r.text, " BEGIN " + 1, " LENGTH ") AS text"
    " FROM report r JOIN json_each('[0' || replace(hex(zeroblob(length(r.findings) / 4 - 1)),"
    " '00', ',0') || ']') k ON k.key < length(r.findings) / 4"
    " JOIN claim c ON c.n = " CLAIM
    " JOIN concept_above f ON f.n = CAST(c.above AS INTEGER) LEFT JOIN concept o ON o.id = f.id;";
/* clang-format on */

static void add_finding(rt_buf *b)
{
    rt_buf_addz(b, "CREATE VIEW finding AS SELECT r.rowid AS report, r.id AS id, k.key AS n,"
                   " f.id AS concept, o.name_en AS name_en, o.name_zh AS name_zh,"
                   " o.type AS type,");
    add_code_columns(b);
    rt_buf_addz(b, finding_columns);
}

/* ORDER CLAIM: claims.c */
static const char small_tables[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE concept(id TEXT PRIMARY KEY, type, name_en, name_zh) WITHOUT ROWID;"
    "CREATE TABLE claim(n INTEGER PRIMARY KEY, code, above);"
    "CREATE TABLE concept_above(n INTEGER PRIMARY KEY, id, ids);"
    "CREATE TABLE claim_report(block INTEGER, claim INTEGER, reports BLOB,"
    " PRIMARY KEY(block, claim)) WITHOUT ROWID;" /* blocks first: a batch writes where the last did
                                                  */
    "CREATE TABLE critical_rule(n INTEGER PRIMARY KEY, rule, family, category INTEGER,"
    " minutes INTEGER, name_en, name_zh);"
    "CREATE TABLE flag(report INTEGER, n INTEGER, rule INTEGER, equivocal INTEGER,"
    " communicated INTEGER, finding INTEGER, b INTEGER, e INTEGER, PRIMARY KEY(report, n))"
    " WITHOUT ROWID;"
    "CREATE VIEW critical_flag AS SELECT f.report AS report, f.n AS n, r.rule AS rule,"
    " r.family AS family, r.category AS category, r.minutes AS minutes, r.name_en AS name_en,"
    " r.name_zh AS name_zh, CASE f.equivocal WHEN 1 THEN 'equivocal' ELSE 'definite' END"
    " AS certainty, f.communicated AS communicated, f.finding AS finding, f.b AS b, f.e AS e"
    " FROM flag f CROSS JOIN critical_rule r ON r.n = f.rule;"
    "CREATE TABLE qa_issue(report INTEGER, n INTEGER, \"check\", severity INTEGER, message,"
    " b1 INTEGER, e1 INTEGER, b2 INTEGER, e2 INTEGER, PRIMARY KEY(report, n)) WITHOUT ROWID;"
    "CREATE TABLE recommendation(report INTEGER, n INTEGER, action, modality, anatomy,"
    " interval REAL, interval_high REAL, unit, b INTEGER, e INTEGER, PRIMARY KEY(report, n))"
    " WITHOUT ROWID;"
    "CREATE TABLE removed_organ(report INTEGER, n INTEGER, organ, side INTEGER,"
    " b INTEGER, e INTEGER, PRIMARY KEY(report, n)) WITHOUT ROWID;"
    "CREATE TABLE report_length(block INTEGER PRIMARY KEY, lengths BLOB, days BLOB);"
    "CREATE TABLE saved_query(name TEXT PRIMARY KEY, query) WITHOUT ROWID;";

void rt_tables_create(rt_buf *sql)
{
    rt_buf_addz(sql, small_tables);
    add_report(sql);
    add_words(sql);
    add_finding(sql);
}

/* ---- from an older version: the texts are taken over as one section each and their words indexed;
 * findings come with the rebuild that the missing stamp asks for. What users entered stays: saved
 * queries, acknowledgements, how far files were read. */

static const char drop_old[] =
    "DROP VIEW IF EXISTS finding; DROP TABLE report_fts; DROP VIEW report_section;"
    "DROP INDEX report_id; DROP TABLE IF EXISTS vocab; DROP TABLE concept; DROP TABLE meta;"
    "DROP TABLE IF EXISTS claim; DROP TABLE IF EXISTS concept_above;"
    "DROP TABLE IF EXISTS claim_report; DROP TABLE IF EXISTS report_length;"
    "DROP TABLE IF EXISTS removed_organ; DROP TABLE critical_flag; DROP TABLE recommendation;"
    "DROP TABLE IF EXISTS qa_issue; ALTER TABLE report RENAME TO report_old;"
    "CREATE TABLE IF NOT EXISTS saved_query(name, query);"
    "ALTER TABLE saved_query RENAME TO saved_old;";

void rt_tables_from_older(rt_buf *sql)
{
    rt_buf_addz(sql, drop_old);
    rt_tables_create(sql);
    rt_buf_addz(sql, "INSERT INTO saved_query SELECT name, query FROM saved_old;"
                     "DROP TABLE saved_old; INSERT INTO report(rowid, ");
    rt_tables_field_columns(sql);
    rt_buf_addf(sql, "language, charset, sections, text) SELECT rowid, ");
    rt_tables_field_columns(sql);
    rt_buf_addf(sql,
                "language, charset, char(%u, 32, 32 + n + (n >= %d) * %d), text FROM"
                " (SELECT rowid, *, min(length(text), %d) AS n FROM report_old);"
                "DROP TABLE report_old; INSERT INTO report_fts(report_fts) VALUES('rebuild');",
                32U + RT_SECTION_OTHER, RT_CHARS_LOW, RT_CHARS_GAP, RT_CHARS_MAX);
}
