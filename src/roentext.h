/* roentext: free-text radiology reports, Chinese and English, to structured reports.
 *
 * The one public header. Life of a program:
 *
 *   rt_engine_open            once; the engine is constant afterwards and shared by all threads
 *   rt_scratch_new            once per thread
 *     rt_reader_next          raw records from a file or stream
 *     rt_record_parse         one raw record to an rt_record (id, text, exam, ...)
 *     rt_analyze              rt_record to rt_report
 *     rt_report_write         rt_report to XML, JSON, HTML
 *     rt_index_add            rt_report into an index
 *   rt_scratch_free, rt_engine_close
 *
 * Every function that can fail returns an rt_code and fills *err when that is not RT_OK (err may be
 * NULL); outputs are then untouched. Nothing here prints, exits or reads the environment. */
#ifndef ROENTEXT_H
#define ROENTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RT_API __attribute__((visibility("default")))

/* Borrowed bytes, UTF-8 unless said otherwise; not NUL-terminated. */
typedef struct rt_str {
    const char *ptr;
    size_t len;
} rt_str;

/* Half-open byte range of the DOCUMENT TEXT (the decoded report, LF line ends, valid UTF-8). */
typedef struct rt_span {
    uint32_t beg, end;
} rt_span;

typedef enum rt_code {
    RT_OK,
    RT_EINPUT, /* a record or a file is malformed: err has its place */
    RT_ELIMIT, /* a named ceiling was reached */
    RT_EIO,    /* the operating system said no */
    RT_ENOMEM,
    RT_EUSAGE, /* the caller asked for something that does not exist */
    RT_EDB,    /* the index: not ours, damaged, locked */
} rt_code;

typedef struct rt_err {
    rt_code code;
    char where[200];    /* file or stream, empty if none */
    uint32_t line, col; /* from 1; 0 = unknown. col counts display columns */
    char msg[400];
    char text[200]; /* the offending line or what of it stands round the fault; empty if unknown */
    uint32_t caret; /* display column of the fault in text, from 1; 0 = none */
} rt_err;

/* Where results go; a write that fails stops the writer, which returns that code. */
typedef struct rt_sink {
    rt_code (*write)(void *user, const char *p, size_t n, rt_err *err);
    void *user;
} rt_sink;

RT_API const char *rt_version(void); /* "0.1.0" */

/* ---- engine
 * ------------------------------------------------------------------------------------------- */

typedef struct rt_engine rt_engine;   /* lexicons, rules, templates; immutable, shared by threads */
typedef struct rt_scratch rt_scratch; /* memory and iterators of one thread */
typedef struct rt_report
    rt_report; /* an analysed report; lives in its scratch until the next rt_analyze there */

/* home: folder with lexicons/ and templates/. compiled: path of the compiled lexicon, NULL =
 * home/lexicon.rtl; it is used only if it was made from the very files in home/lexicons, otherwise
 * those are read (slower, same result). Any thread; close after the last scratch is freed. Fails
 * with file:line:column on a malformed data file. */
RT_API rt_code rt_engine_open(const char *home, const char *compiled, rt_engine **out, rt_err *err);
/* The same under a policy on critical findings. profile: "acr", "cn-2024", the name of another file
 * in home/lexicons/profiles (without .tsv), or the path of a site's own file in that format; NULL:
 * the rules of home/lexicons/critical.tsv as they are. */
RT_API rt_code rt_engine_open_profile(const char *home, const char *compiled, const char *profile,
                                      rt_engine **out, rt_err *err);
/* The lexicon alone, some times faster: enough to open an index for reading and to search it. No
 * report can be analysed (rt_scratch_new fails with RT_EUSAGE). */
RT_API rt_code rt_engine_open_terms(const char *home, const char *compiled, rt_engine **out,
                                    rt_err *err);
RT_API void rt_engine_close(rt_engine *e); /* NULL is fine, as for every _close and _free */

/* One per thread. max_report: ceiling of one report's text in bytes, 0 = 8 MiB. */
RT_API rt_code rt_scratch_new(const rt_engine *e, size_t max_report, rt_scratch **out, rt_err *err);
RT_API void rt_scratch_free(rt_scratch *s);

/* ---- records in
 * --------------------------------------------------------------------------------------- */

/* What a sender may know of a report; the names in JSONL and CSV are exactly these, in lower case.
 */
#define RT_FIELDS(X)                                                                               \
    X(ID, id)                                                                                      \
    X(TEXT, text)                                                                                  \
    X(EXAM, exam)                                                                                  \
    X(ORDER, order)                                                                                \
    X(MODALITY, modality)                                                                          \
    X(BODY_PART, body_part)                                                                        \
    X(SEX, sex)                                                                                    \
    X(AGE, age)                                                                                    \
    X(BIRTH_DATE, birth_date)                                                                      \
    X(DATE, date)                                                                                  \
    X(TIME, time)                                                                                  \
    X(REPORT_DATE, report_date)                                                                    \
    X(REPORT_TIME, report_time)                                                                    \
    X(ACCESSION, accession)                                                                        \
    X(PATIENT_ID, patient_id)                                                                      \
    X(PATIENT_NAME, patient_name)                                                                  \
    X(AUTHOR, author)                                                                              \
    X(STATUS, status)                                                                              \
    X(LANG, lang)

typedef enum rt_field_id {
#define X(upper, lower) RT_FIELD_##upper,
    RT_FIELDS(X)
#undef X
        RT_FIELD_COUNT
} rt_field_id;

typedef enum rt_format {                  /* of input */
                         RT_FORMAT_AUTO,  /* by file name, else by the first bytes */
                         RT_FORMAT_TEXT,  /* the whole file is one report; id = file name */
                         RT_FORMAT_JSONL, /* one JSON object a line */
                         RT_FORMAT_CSV,   /* a heading row that names the columns, a report a row */
                         RT_FORMAT_HL7,   /* v2 messages (ORU^R01), MLLP frames or plain */
} rt_format;

typedef struct rt_record {
    rt_str
        field[RT_FIELD_COUNT]; /* empty = unknown. TEXT: raw bytes of `charset`; all others UTF-8 */
    rt_str charset;            /* declared by the sender, empty = detect */
    rt_format format;
    uint32_t line;     /* line of the source where the record begins, from 1 */
    uint32_t replaced; /* undecodable sequences already replaced before parsing (a JSON line that
                          was not UTF-8) */
} rt_record;

/* What the heading of a CSV file says of its rows; copied into each raw row. */
typedef struct rt_csv {
    const char *charset;             /* of the file, static; NULL: UTF-8 or row by row */
    uint32_t columns;                /* cells of the heading */
    uint16_t column[RT_FIELD_COUNT]; /* the column that holds a field, from 1; 0: none */
    char separator;
} rt_csv;

/* One record as it stands in the source, not yet parsed: cheap to cut, parsed by a worker. */
typedef struct rt_raw {
    rt_str bytes;       /* owned by the reader until its next rt_reader_next */
    const char *source; /* file name, "-" for standard input */
    uint32_t line;
    rt_format format;
    bool oversize; /* the record was longer than the ceiling: bytes holds only its beginning */
    rt_csv csv;    /* RT_FORMAT_CSV */
} rt_raw;

typedef struct rt_reader rt_reader; /* one thread at a time */

/* path "-" or NULL: standard input. Fails if it cannot be opened. max_record 0 = 24 MiB of source
 * bytes. */
RT_API rt_code rt_reader_open(const char *path, rt_format format, size_t max_record,
                              rt_reader **out, rt_err *err);
/* How the columns of a CSV file are called where they are not called like the fields, before the
 * first rt_reader_next: "text=报告内容,id=检查号". RT_EUSAGE if it is malformed or names no field.
 */
RT_API rt_code rt_reader_map(rt_reader *r, const char *map, rt_err *err);
/* *more = false at the end. An oversize record is skipped over in the source and given once with
 * oversize set. */
RT_API rt_code rt_reader_next(rt_reader *r, rt_raw *out, bool *more, rt_err *err);
RT_API void rt_reader_close(rt_reader *r);

/* Parse one raw record; the result lives in s until the next rt_record_parse there. On
 * RT_EINPUT/RT_ELIMIT the record is bad (err says where; out->field[ID] and line are filled as far
 * as known) and the next may be tried. */
RT_API rt_code rt_record_parse(rt_scratch *s, const rt_raw *raw, rt_record *out, rt_err *err);

/* ---- analysis
 * ----------------------------------------------------------------------------------------- */

/* Analyse one record. A strange report is not an error (it has issues); RT_EINPUT: no text at all,
 * RT_ELIMIT: above the ceiling. *out borrows from `in` and from s: valid until the next rt_analyze
 * on s and as long as in's bytes are. */
RT_API rt_code rt_analyze(const rt_engine *e, rt_scratch *s, const rt_record *in,
                          const rt_report **out, rt_err *err);

RT_API rt_str rt_report_text(const rt_report *r); /* the document text that all spans speak of */

typedef struct rt_finding_view { /* one finding, for programs; strings are static or in the engine
                                  */
    rt_span span;                /* head phrase */
    const char *concept;         /* RID5352 or RX00001 */
    const char *name_en, *name_zh, *type;
    const char *presence, *temporality, *experiencer;
    const char *change, *severity, *laterality,
        *section; /* change, severity, laterality: NULL = none */
    bool derived; /* implied by a normal statement */
} rt_finding_view;

RT_API size_t rt_report_finding_count(const rt_report *r);
RT_API rt_finding_view rt_report_finding(const rt_report *r, size_t i);

typedef struct rt_qa_view { /* one inconsistency; strings are static, in the engine or the report */
    const char *check, *severity; /* "Q01"; "low" "medium" "high" */
    rt_str message;               /* in the language of the report */
    rt_span at[2]; /* the places that disagree; empty where there is one place, or none */
} rt_qa_view;

RT_API size_t rt_report_qa_count(const rt_report *r);
RT_API rt_qa_view rt_report_qa(const rt_report *r, size_t i);

/* What reports are written as. X(CONSTANT, "word of --to", "suffix of its files") */
#define RT_OUTPUTS(X)                                                                              \
    X(XML, "xml", ".xml")                /* urn:roentext:report:1 */                               \
    X(JSONL, "jsonl", ".jsonl")          /* one object and a line end */                           \
    X(FHIR, "fhir", ".fhir.json")        /* FHIR R4: a Bundle on one line */                       \
    X(FHIR_XML, "fhir-xml", ".fhir.xml") /* the same as XML */                                     \
    X(DSR, "dicom-sr", ".dsr.xml")       /* DICOM Enhanced SR, TID 2000, as XML for xml2dsr */     \
    X(CDA, "cda", ".cda.xml")            /* HL7 CDA R2, imaging report of DICOM PS3.20 */          \
    X(WST500, "wst500", ".wst500.xml")   /* WS/T 500.6-2016 */                                     \
    X(HL7, "hl7", ".hl7")                /* HL7 v2.5.1: ORU^R01, one OBX a field */                \
    X(MRRT, "mrrt", ".mrrt.html")        /* the template as IHE MRRT, filled */                    \
    X(HTML, "html", ".html")             /* for people: every finding marked and explained */      \
    X(TERMINAL, "terminal", ".txt")      /* the same in colour on a terminal */

typedef enum rt_output {
#define X(c, word, suffix) RT_OUTPUT_##c,
    RT_OUTPUTS(X)
#undef X
        RT_OUTPUT_COUNT
} rt_output;

RT_API rt_code rt_report_write(const rt_report *r, rt_output as, rt_sink to, rt_err *err);
/* The answer for a record that could not be converted, in its place. why: what rt_record_parse or
 * rt_analyze said. */
RT_API rt_code rt_error_write(const rt_record *in, const rt_err *why, rt_output as, rt_sink to,
                              rt_err *err);
/* What a stage made, as TSV for tests and people. stage: "text" "hit" "section" "sentence"
 * "mention" "measure" "assertion" "relation" "finding" "critical" "qa" "field" "issue"; RT_EUSAGE
 * if unknown. Offsets are code points. */
RT_API rt_code rt_report_dump(const rt_report *r, const char *stage, rt_sink to, rt_err *err);
/* Validate a structured report against the shipped XSD; RT_EINPUT with the validator's first
 * message. */
RT_API rt_code rt_validate_xml(const rt_engine *e, rt_str xml, rt_err *err);

typedef struct rt_xsd rt_xsd; /* compiled; const, shared by threads */

/* The schema of an output that is XML. path NULL: the shipped one (xml, fhir-xml, dicom-sr;
 * RT_EUSAGE for others); else a file of the caller's (CDA.xsd). RT_EINPUT if it is no schema. */
RT_API rt_code rt_xsd_open(const rt_engine *e, rt_output as, const char *path, rt_xsd **out,
                           rt_err *err);
/* Any thread. RT_EINPUT with the validator's first message and its line. */
RT_API rt_code rt_xsd_check(const rt_xsd *s, rt_str document, rt_err *err);
RT_API void rt_xsd_close(rt_xsd *s);

/* Presence, temporality, experiencer of a given phrase in a sentence, whether the lexicon knows it
 * or not
 * (`roentext assert`). section: a section type or empty. Static strings. */
typedef struct rt_assert_view {
    const char *presence, *temporality, *experiencer;
} rt_assert_view;
typedef struct rt_phrase {
    rt_str sentence, target; /* target stands in the sentence */
    rt_str section;          /* a section type, or empty */
    unsigned occurrence;     /* which of its places in the sentence counts; 0 and 1: the first */
} rt_phrase;
RT_API rt_code rt_assert_phrase(const rt_engine *e, rt_scratch *s, const rt_phrase *p,
                                rt_assert_view *out, rt_err *err);

/* ---- lexicon
 * ------------------------------------------------------------------------------------------ */

/* Read and check the tables of dir; every complaint goes to `to` as file:line:column: message.
 * RT_EINPUT if there is any. */
RT_API rt_code rt_lexicon_check(const char *dir, rt_sink to, rt_err *err);
/* Compile dir, and the templates in dir/../templates, to one file: byte-identical from the same
 * sources. */
RT_API rt_code rt_lexicon_compile(const char *dir, const char *path, rt_err *err);
/* What a word or phrase means to the engine, for people. */
RT_API rt_code rt_lexicon_lookup(const rt_engine *e, rt_str word, rt_sink to, rt_err *err);

/* The templates of the engine, a line each: id, lang, version, number of fields, title (TSV with a
 * heading). */
RT_API rt_code rt_template_list(const rt_engine *e, rt_sink to, rt_err *err);

/* A template as IHE MRRT. lang: "en" or "zh", NULL: English, else Chinese. date: of publication, as
 * YYYY-MM-DD. RT_EUSAGE: there is no such template, or this is no date. */
RT_API rt_code rt_template_export_mrrt(const rt_engine *e, const char *id, const char *lang,
                                       const char *date, rt_sink to, rt_err *err);

/* Reads an MRRT or RadReport template and writes it as urn:roentext:template:1. What breaks the
 * rules of MRRT, and what cannot be mapped, goes to notes, a line each: "path:line: message".
 * strict: what breaks the rules fails with RT_EINPUT. Preset answers never enter the result. */
RT_API rt_code rt_template_import_mrrt(const rt_engine *e, const char *path, bool strict,
                                       rt_sink to, rt_sink notes, rt_err *err);

/* Fill this template in all reports analysed on s from now on (of the report's language, if there
 * is one); empty or "auto": the one that fits best. RT_EUSAGE: no template has this id. */
RT_API rt_code rt_scratch_template(const rt_engine *e, rt_scratch *s, rt_str id, rt_err *err);
/* No template is filled in reports analysed on s from now on: faster, and all that an index needs.
 */
RT_API void rt_scratch_findings_only(rt_scratch *s);

/* ---- index
 * -------------------------------------------------------------------------------------------- */

typedef struct rt_index rt_index; /* one thread at a time; readers open their own */

typedef enum rt_index_mode { RT_INDEX_READ, RT_INDEX_WRITE } rt_index_mode;

/* WRITE creates the database if it is missing. RT_EDB: not an index of ours, or damaged; the file
 * is left as it was. path NULL with WRITE: private, in memory, made for rt_index_critical: it keeps
 * reports with critical flags alone and cannot be searched for words. e must outlive the index. */
RT_API rt_code rt_index_open(const rt_engine *e, const char *path, rt_index_mode mode,
                             rt_index **out, rt_err *err);
/* Add or replace (by id) one report. Durable after rt_index_commit; batches itself: a kill
 * loses the batch alone. A failure loses what was added since the last commit, and the index takes
 * no more. RT_EDB also when the index is stale. */
RT_API rt_code rt_index_add(rt_index *x, const rt_report *r, rt_err *err);
RT_API rt_code rt_index_commit(rt_index *x, rt_err *err);
/* A private index keeps the reports that have a patient too, for the checks of rt_index_qa against
 * earlier reports; call it before the first report. Other indexes keep them anyway. */
RT_API void rt_index_keep_patients(rt_index *x);
/* The same in two steps: what needs no index is done in any thread, each with a row of its own; a
 * row keeps all it needs, so the report may go. */
typedef struct rt_index_row rt_index_row;
RT_API rt_code rt_index_row_new(rt_index_row **out, rt_err *err);
RT_API void rt_index_row_free(rt_index_row *row);
RT_API rt_code rt_index_prepare(rt_index_row *row, const rt_report *report, rt_err *err);
RT_API rt_code rt_index_add_row(rt_index *x, rt_index_row *row, rt_err *err);
RT_API void rt_index_close(rt_index *x); /* what was not committed is lost */
/* Made with another version of the lexicon: it can be searched, but not added to until it is
 * rebuilt: rt_index_next hands out every report that is stored, oldest first, as the record that it
 * came from (the text decoded to UTF-8; valid until the next call); analyse and add it; then
 * rt_index_rebuilt. Cut off in between, the index stays stale but whole. */
RT_API bool rt_index_stale(const rt_index *x);
RT_API rt_code rt_index_next(rt_index *x, rt_record *out, bool *more, rt_err *err);
RT_API rt_code rt_index_rebuilt(rt_index *x, rt_err *err);
/* Integrity: SQLite, FTS5, counts, orphans; complaints to `to`. RT_EDB if there is any. */
RT_API rt_code rt_index_check(rt_index *x, rt_sink to, rt_err *err);

typedef enum rt_table_format { RT_TABLE_TABLE, RT_TABLE_JSONL, RT_TABLE_CSV } rt_table_format;

typedef enum rt_sort {
    RT_SORT_NEWEST, /* by the order of indexing */
    RT_SORT_OLDEST,
    RT_SORT_LATEST, /* by the date of the exam */
    RT_SORT_EARLIEST,
    RT_SORT_RELEVANCE, /* BM25 of the words and findings of the query */
} rt_sort;

typedef struct rt_query_opts {
    rt_table_format format;
    rt_sort sort;
    bool colour;            /* TABLE: highlights by escape sequences, else by « » */
    bool count;             /* only the number of hits */
    bool explain;           /* only the plan, in words */
    uint32_t limit, offset; /* limit 0: all */
    rt_str after;           /* only what follows the report with this id; empty: all */
    uint32_t sample, seed;  /* of the hits only so many, chosen by seed; 0: all */
    rt_str facets;          /* instead of reports: how often which value, "modality,finding" */
    bool by_value;          /* facets in the order of their values, months without gaps */
    uint64_t *found;        /* out, may be NULL: number of hits, whatever the limit */
    /* Instead of rows: the records that the reports were made from (valid during the call), to be
     * analysed again. */
    rt_code (*record)(void *user, const rt_record *record, rt_err *err);
    void *user;
} rt_query_opts;

/* The query language of section "search" of the man page. A malformed query: RT_EINPUT with the
 * column of the fault. */
RT_API rt_code rt_index_search(rt_index *x, rt_str query, const rt_query_opts *o, rt_sink to,
                               rt_err *err);
/* Words of the query that stand in no report, a line each, with the term that may have been meant.
 */
RT_API rt_code rt_index_suggest(rt_index *x, rt_str query, rt_sink to, rt_err *err);
/* Queries kept in the index under a name (an index opened for writing); empty query: forget it. */
RT_API rt_code rt_index_save_query(rt_index *x, rt_str name, rt_str query, rt_err *err);
/* The query to `to`; all names and queries, a line each, if name is empty. RT_EUSAGE: there is
 * none of this name. */
RT_API rt_code rt_index_saved_query(rt_index *x, rt_str name, rt_sink to, rt_err *err);

/* The worklist of critical findings: what is acknowledged last; then category, time limit, definite
 * before equivocal, the oldest exam first. A row is open when the report tells of no communication
 * and nobody has acknowledged it. */
typedef struct rt_worklist_opts {
    rt_table_format format;
    bool colour;                      /* TABLE: evidence in colour */
    bool count;                       /* write nothing, count only */
    bool open;                        /* open rows alone */
    uint32_t category, limit, offset; /* up to this category, 0: all; limit 0: all */
} rt_worklist_opts;

typedef struct rt_worklist_size {
    size_t rows, open; /* of the rows asked for, without limit and offset */
} rt_worklist_size;

RT_API rt_code rt_index_critical(rt_index *x, const rt_worklist_opts *o, rt_sink to,
                                 rt_worklist_size *size, rt_err *err);

/* Somebody takes note of the critical findings of a report. Kept as history under the report's id,
 * also when the report is replaced or the index rebuilt; the latest counts. WRITE mode. */
typedef struct rt_acknowledgement {
    rt_str id;           /* of the report */
    rt_str rule;         /* one flag; empty: all that the report has now */
    rt_str by, at, note; /* who, when, and free words; at and note may be empty */
} rt_acknowledgement;

/* *count: how many flags. RT_EUSAGE: no such report, or none of its flags is of that rule. */
RT_API rt_code rt_index_acknowledge(rt_index *x, const rt_acknowledgement *a, size_t *count,
                                    rt_err *err);
/* All acknowledgements of a report, oldest first. */
RT_API rt_code rt_index_acknowledged(rt_index *x, rt_str id, rt_table_format format, rt_sink to,
                                     rt_err *err);

typedef enum rt_qa_by {
    RT_QA_BY_NOTHING, /* a row an inconsistency */
    RT_QA_BY_CHECK,   /* only how many, by check, author, month of the exam */
    RT_QA_BY_AUTHOR,
    RT_QA_BY_MONTH,
} rt_qa_by;

typedef struct rt_qa_opts {
    rt_table_format format;
    unsigned severity; /* at least: 0 low, 1 medium, 2 high */
    rt_qa_by by;
    bool noisy;     /* with the checks that are noisy by nature ("asked" in lexicons/qa.tsv) */
    rt_str check;   /* this one alone, noisy or not; empty: all */
    uint32_t limit; /* 0: all */
} rt_qa_opts;

/* The worklist of inconsistencies, the gravest first; those between reports of one patient, in the
 * order of the days of the exams, are looked for now, unless `check` or `severity` leaves them out.
 * *count: rows written. */
RT_API rt_code rt_index_qa(rt_index *x, const rt_qa_opts *o, rt_sink to, size_t *count,
                           rt_err *err);
/* What a check looks at and leaves alone, in both languages. RT_EUSAGE: there is no such check. */
RT_API rt_code rt_qa_explain(const rt_engine *e, rt_str check, rt_sink to, rt_err *err);
/* RT_OK: there is a check of this name; RT_EUSAGE: there is none. */
RT_API rt_code rt_qa_known(const rt_engine *e, rt_str check, rt_err *err);

#endif
