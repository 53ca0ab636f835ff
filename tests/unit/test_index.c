/* Tests of the index: reports made by hand go in, searches and the tables give them back. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "base/buf.h"
#include "index/index.h"
#include "index/query.h"
#include "mini_lexicon.h"
#include "text/fold.h"

static rt_lexicon *lexicon;
static rt_knowledge know;
static rt_index *x;
static char path[] = "/tmp/rt-index-XXXXXX";
static rt_buf out;

static rt_code write_out(void *user, const char *p, size_t n, rt_err *err)
{
    (void)err;
    rt_buf_add(user, (rt_str){p, n});
    return RT_OK;
}

/* ---- reports by hand */

typedef struct hand {
    char *block;
    bool full;
    rt_arena arena;
    rt_record record;
    rt_doc doc;
    rt_report report;
} hand;

static void begin(hand *h, const char *id, const char *text)
{
    size_t size = (size_t)1 << 20;
    *h = (hand){.block = malloc(size)};
    h->arena = (rt_arena){h->block, h->block + size, &h->full};
    h->record.field[RT_FIELD_ID] = rt_str_from(id);
    rt_doc_reset(&h->doc, &h->record);
    rt_fold(&h->arena, rt_str_from(text), &h->doc.text);
    h->doc.charset = "UTF-8";
    for (const char *c = text; *c != '\0'; c++)
        h->doc.zh = h->doc.zh || (unsigned char)*c >= 0xE4;
    h->report = (rt_report){&h->doc, &know};
}

static rt_span place_of(const hand *h, const char *words)
{
    size_t at = 0;
    ck_assert(rt_str_find(h->doc.text.doc, rt_str_from(words), &at));
    return (rt_span){(uint32_t)at, (uint32_t)(at + strlen(words))};
}

static rt_fspan folded(const hand *h, rt_span at)
{
    return (rt_fspan){rt_text_folded(&h->doc.text, at.beg), rt_text_folded(&h->doc.text, at.end)};
}

/* Behind the heading up to `last`, a word that ends the section. */
static void section(hand *h, unsigned type, const char *heading, const char *last)
{
    rt_span head = place_of(h, heading), end = place_of(h, last);
    rt_section s = {
        .heading = folded(h, head), .at = folded(h, (rt_span){head.end, end.end}), .type = type};
    RT_PUSH(&h->arena, &h->doc.sections, s);
}

static rt_finding *finding(hand *h, const char *id, const char *words, unsigned presence)
{
    rt_finding f = {.at = place_of(h, words),
                    .concept = mini_concept(lexicon, id),
                    .mention = RT_NIL,
                    .presence = (uint8_t)presence,
                    .section = h->doc.sections.len > 0 ? h->doc.sections.len - 1 : RT_NIL};
    RT_PUSH(&h->arena, &h->doc.findings, f);
    return &h->doc.findings.at[h->doc.findings.len - 1];
}

static void in_place(hand *h, rt_finding *f, const char *id)
{
    f->anatomy = (rt_range){h->doc.places.len, 1};
    RT_PUSH(&h->arena, &h->doc.places, (rt_place){.concept = mini_concept(lexicon, id)});
}

static void sized(hand *h, rt_finding *f, double mm, bool prior)
{
    rt_measure m = {.value = {mm, 1}, .high = 0, .n = 2, .kind = RT_MEASURE_LENGTH, .prior = prior};
    if (f->measures.count == 0)
        f->measures.first = h->doc.finding_measures.len;
    f->measures.count++;
    RT_PUSH(&h->arena, &h->doc.finding_measures, h->doc.measures.len);
    RT_PUSH(&h->arena, &h->doc.measures, m);
}

static void add(hand *h)
{
    rt_err err = {.code = RT_OK};
    ck_assert(!h->full);
    ck_assert_msg(rt_index_add(x, &h->report, &err) == RT_OK, "%s", err.msg);
    free(h->block);
}

/* en: a small effusion, no pneumothorax; the impression asks for pneumonia. */
static void add_english(const char *id)
{
    hand h;
    begin(&h, id,
          "FINDINGS: Small left pleural effusion, 12 mm. No pneumothorax.\n"
          "IMPRESSION: Possible consolidation in the right upper lobe.");
    section(&h, RT_SECTION_FINDINGS, "FINDINGS:", "pneumothorax.");
    rt_finding *f = finding(&h, "RID34539", "pleural effusion", RT_PRESENCE_PRESENT);
    f->side = RT_SIDE_LEFT;
    f->severity = RT_SEVERITY_MILD;
    sized(&h, f, 12, false);
    sized(&h, f, 40, true);
    finding(&h, "RID5352", "pneumothorax", RT_PRESENCE_ABSENT);
    section(&h, RT_SECTION_IMPRESSION, "IMPRESSION:", "lobe.");
    f = finding(&h, "RID43255", "consolidation", RT_PRESENCE_POSSIBLE);
    in_place(&h, f, "RID1303");
    h.record.field[RT_FIELD_MODALITY] = RT_STR("CT");
    h.record.field[RT_FIELD_SEX] = RT_STR("F");
    h.record.field[RT_FIELD_AGE] = RT_STR("57");
    h.record.field[RT_FIELD_DATE] = RT_STR("2024-03-05");
    add(&h);
}

/* zh: a right pneumothorax (critical), no effusion, a nodule that was there. No headings. */
static void add_chinese(const char *id)
{
    hand h;
    begin(&h, id, "右侧气胸，未见胸腔积液。肺结节术后。");
    rt_finding *f = finding(&h, "RID5352", "气胸", RT_PRESENCE_PRESENT);
    f->side = RT_SIDE_RIGHT;
    finding(&h, "RID34539", "胸腔积液", RT_PRESENCE_ABSENT);
    f = finding(&h, "RID3875", "结节", RT_PRESENCE_PRESENT);
    f->temporality = RT_TEMPORALITY_HISTORICAL;
    h.record.field[RT_FIELD_MODALITY] = RT_STR("DX");
    h.record.field[RT_FIELD_DATE] = RT_STR("20240610");
    RT_PUSH(&h.arena, &h.doc.advice,
            (rt_advice){.at = place_of(&h, "术后"),
                        .action = "follow-up",
                        .modality = RT_NIL,
                        .anatomy = mini_concept(lexicon, "RID1301"),
                        .interval = 3,
                        .unit = "month"});
    add(&h);
}

static void add_plain(const char *id, const char *text)
{
    hand h;
    begin(&h, id, text);
    add(&h);
}

/* ---- set-up */

static void open_index(rt_index_mode mode)
{
    rt_err err = {.code = RT_OK};
    rt_index_close(x);
    x = NULL;
    ck_assert_msg(rt_index_open_with(&know, path, mode, &x, &err) == RT_OK, "%s", err.msg);
}

static void setup(void)
{
    lexicon = mini_lexicon();
    know = (rt_knowledge){.lexicon = lexicon};
    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    rt_buf_init(&out, SIZE_MAX);
    open_index(RT_INDEX_WRITE);
}

static void teardown(void)
{
    char beside[64];
    rt_index_close(x);
    x = NULL;
    unlink(path);
    snprintf(beside, sizeof beside, "%s-wal", path);
    unlink(beside);
    snprintf(beside, sizeof beside, "%s-shm", path);
    unlink(beside);
    rt_buf_free(&out);
    rt_lexicon_close(lexicon);
}

static void commit(void)
{
    rt_err err = {.code = RT_OK};
    ck_assert_msg(rt_index_commit(x, &err) == RT_OK, "%s", err.msg);
}

static const char *search_as(const char *query, rt_query_opts o)
{
    rt_err err = {.code = RT_OK};
    rt_buf_clear(&out);
    rt_code code = rt_index_search(x, rt_str_from(query), &o, (rt_sink){write_out, &out}, &err);
    ck_assert_msg(code == RT_OK, "%.200s: %s", query, err.msg);
    rt_buf_addc(&out, '\0');
    return out.ptr;
}

/* Ids of the hits, newest first, and the same number from --count. */
static void finds(const char *query, const char *ids)
{
    char got[500] = "", number[20];
    size_t n = 0, used = 0;
    const char *row = search_as(query, (rt_query_opts){.format = RT_TABLE_CSV});
    for (row = strchr(row, '\n') + 1; *row != '\0'; row = strchr(row, '\n') + 1, n++)
        used += (size_t)snprintf(got + used, sizeof got - used, "%s%.*s", n > 0 ? " " : "",
                                 (int)strcspn(row, ","), row);
    ck_assert_msg(strcmp(got, ids) == 0, "%.200s: found \"%s\", not \"%s\"", query, got, ids);
    snprintf(number, sizeof number, "%zu\n", n);
    ck_assert_str_eq(search_as(query, (rt_query_opts){.count = true}), number);
}

static int64_t number(const char *sql)
{
    int64_t n = -1;
    rt_err err = {.code = RT_OK};
    ck_assert_msg(rt_db_number(x, sql, &n, &err) == RT_OK, "%s: %s", sql, err.msg);
    return n;
}

static void is_whole(void)
{
    rt_err err = {.code = RT_OK};
    rt_buf_clear(&out);
    rt_code code = rt_index_check(x, (rt_sink){write_out, &out}, &err);
    ck_assert_msg(code == RT_OK, "%s %.*s", err.msg, (int)out.len, out.len > 0 ? out.ptr : "");
}

/* ---- searching */

static void two_reports(void)
{
    add_english("en");
    add_chinese("zh");
    commit();
}

START_TEST(words_as_they_stand)
{
    two_reports();
    finds("=left", "en");
    finds("=chair", "");
    finds("\"left pleural\"", "en");
    finds("\"pleural left\"", "");
    finds("术后", "zh");
    finds("后术", "");
    finds("pleu*", "en");
    finds("small NEAR/1 =effusion", "");
    finds("small NEAR/2 =effusion", "en");
    finds("术后 OR \"no pneumothorax\"", "zh en");
    finds("=small NOT =lobe", "");
    finds("NOT =small", "zh");
    finds("findings", "");
    finds("Ｓｍａｌｌ", "en");
}
END_TEST

START_TEST(terms_in_both_languages)
{
    two_reports();
    finds("pneumothorax", "zh en");
    finds("气胸", "zh en");
    finds("finding:pneumothorax", "zh en");
    finds("finding:pneumothorax presence:present", "zh");
    finds("finding:气胸 presence:absent", "en");
    finds("气胸 presence:absent", "en");
    finds("finding:RID5352 presence:possible", "");
    finds("finding:nodule presence:historical", "zh");
    finds("finding:nodule presence:present", "");
    finds("pulmonary", "zh");
}
END_TEST

START_TEST(normal_statements)
{
    hand h;
    begin(&h, "clear", "Lungs are clear.");
    finding(&h, "RID34539", "Lungs are clear", RT_PRESENCE_ABSENT)->derived = true;
    add(&h);
    commit();
    finds("effusion", ""); /* it is not said */
    finds("finding:effusion", "clear");
    finds("effusion presence:absent", "clear");
    finds("[effusion absent]", "clear");
    ck_assert_int_eq(number("SELECT count(*) FROM finding WHERE presence = 'absent' AND derived"),
                     1);
}
END_TEST

/* Consolidation is an opacity when it may be there; "no pneumothorax" says nothing of its kinds. */
START_TEST(kinds_and_parts)
{
    two_reports();
    finds("finding:\"pulmonary opacity\"", "en");
    finds("finding:opacity presence:possible", "en");
    finds("finding:opacity presence:present", "");
    finds("anatomy:lung", "en");
    finds("anatomy:thorax presence:possible", "en");
    finds("[opacity lung]", "en");
    finds("[pneumothorax lung]", "");
}
END_TEST

START_TEST(conditions)
{
    two_reports();
    finds("[effusion left]", "en");
    finds("[effusion right]", "");
    finds("[pneumothorax 右侧]", "zh");
    finds("[effusion mild size>=12mm]", "en");
    finds("[effusion size>12mm]", ""); /* 40 mm was the last time */
    finds("size<2cm", "en");
    finds("side:left finding:pneumothorax", "en"); /* of any finding */
    finds("[side:left finding:pneumothorax]", "");
    finds("section:impression consolidation", "en");
    finds("section:findings consolidation", "");
    finds("section:findings finding:opacity", "");
    finds("section:impression", "en");
    finds("section:other 气胸", "zh");
    finds("presence:queried", "");
    finds("presence:absent", "zh en");
}
END_TEST

START_TEST(fields_of_the_record)
{
    two_reports();
    finds("modality:ct", "en");
    finds("modality:CT|DX", "zh en");
    finds("sex:F", "en");
    finds("NOT sex:F", "zh");
    finds("age:50..60", "en");
    finds("age<57", "");
    finds("date:2024-03", "en");
    finds("date:2024-03-06..2024-06-10", "zh");
    finds("date>2024-03 modality:DX", "zh");
    finds("language:zh", "zh");
    finds("id:en", "en");
    finds("critical:1", "");
}
END_TEST

/* The deepest brackets and the longest row of words that the language allows pass FTS5's parser. */
START_TEST(large_queries)
{
    rt_buf q;
    rt_buf_init(&q, SIZE_MAX);
    two_reports();
    for (int i = 1; i < RT_QUERY_DEPTH; i++)
        rt_buf_addz(&q, i % 2 == 0 ? "(chair OR " : "(=small NOT table ");
    rt_buf_addz(&q, "pneumothorax");
    for (int i = 1; i < RT_QUERY_DEPTH; i++)
        rt_buf_addc(&q, ')');
    rt_buf_addc(&q, '\0');
    finds(q.ptr, "en");
    rt_buf_clear(&q);
    for (int i = 0; i < 800; i++)
        rt_buf_addf(&q, "w%d OR ", i);
    rt_buf_addz(&q, "=small");
    rt_buf_addc(&q, '\0');
    finds(q.ptr, "en");
    rt_buf_clear(&q);
    for (int i = 0; i < 800; i++)
        rt_buf_addz(&q, "=small ");
    rt_buf_addc(&q, '\0');
    finds(q.ptr, "en");
    rt_buf_free(&q);
}
END_TEST

START_TEST(order_and_pages)
{
    for (int i = 0; i < 5; i++) {
        char id[8];
        snprintf(id, sizeof id, "r%d", i);
        add_plain(id, "a chair");
    }
    commit();
    finds("chair", "r4 r3 r2 r1 r0");
    rt_query_opts o = {.format = RT_TABLE_CSV, .sort = RT_SORT_OLDEST, .limit = 2, .offset = 1};
    const char *rows = search_as("chair", o);
    ck_assert_ptr_nonnull(strstr(rows, "\nr1,"));
    ck_assert_ptr_nonnull(strstr(rows, "\nr2,"));
    ck_assert_ptr_null(strstr(rows, "\nr0,"));
    ck_assert_ptr_null(strstr(rows, "\nr3,"));
}
END_TEST

START_TEST(rows_for_programs_and_people)
{
    two_reports();
    ck_assert_str_eq(
        search_as("finding:气胸 presence:present", (rt_query_opts){.format = RT_TABLE_JSONL}),
        "{\"id\":\"zh\",\"date\":\"20240610\",\"modality\":\"DX\",\"body_part\":null,\"exam\":null,"
        "\"sex\":null,\"age\":null,\"language\":\"zh\",\"snippet\":"
        "\"右侧气胸，未见胸腔积液。肺结节术后。\","
        "\"snippet_at\":[0,18],\"hits\":[{\"b\":2,\"e\":4,\"concept\":\"RID5352\","
        "\"presence\":\"present\"}]}\n");
    ck_assert_str_eq(search_as("effusion NOT 气胸", (rt_query_opts){.limit = 1}), "");
    ck_assert_str_eq(search_as("consolidation =possible", (rt_query_opts){.limit = 1}),
                     "en               2024-03-05  …IMPRESSION: «Possible» «consolidation» in the "
                     "right upper lobe.\n");
    ck_assert_str_eq(search_as("modality:CT", (rt_query_opts){.colour = true}),
                     "en               2024-03-05  …Possible consolidation in the right upper "
                     "lobe.\n");
}
END_TEST

/* ---- adding, replacing */

START_TEST(tables_for_everybody)
{
    two_reports();
    ck_assert_int_eq(number("SELECT count(*) FROM finding"), 6);
    ck_assert_int_eq(
        number("SELECT count(*) FROM finding WHERE id = 'en' AND n = 0 AND concept ="
               " 'RID34539' AND name_en = 'pleural effusion' AND presence = 'present'"
               " AND side = 'left' AND severity = 'mild' AND change IS NULL AND section"
               " = 'findings' AND size_mm = 12 AND text = 'pleural effusion'"),
        1);
    ck_assert_int_eq(number("SELECT count(*) FROM finding WHERE anatomy = 'right upper lobe' AND"
                            " presence = 'possible' AND section = 'impression' AND side IS NULL"),
                     1);
    ck_assert_int_eq(number("SELECT count(*) FROM finding WHERE temporality = 'historical' AND text"
                            " = '结节' AND experiencer = 'patient'"),
                     1);
    ck_assert_int_eq(number("SELECT count(*) FROM recommendation WHERE action = 'follow-up' AND"
                            " interval = 3 AND unit = 'month' AND modality IS NULL AND anatomy ="
                            " 'RID1301' AND b = 15 AND e = 17"),
                     1);
    ck_assert_int_eq(number("SELECT count(*) FROM report_section WHERE findings LIKE '%mm. No%' AND"
                            " impression LIKE '%lobe.' AND technique IS NULL"),
                     1);
    is_whole();
}
END_TEST

START_TEST(the_same_id_replaces)
{
    add_english("a");
    add_english("b");
    commit();
    add_plain("a", "a chair");
    add_plain("a", "a table");
    commit();
    ck_assert_int_eq(number("SELECT count(*) FROM report"), 2);
    finds("=effusion", "b");
    finds("finding:effusion", "b");
    finds("chair", "");
    finds("table", "a");
    is_whole();
    add_chinese("b");
    add_english("a");
    commit();
    finds("=effusion", "a");
    finds("气胸", "a b");
    ck_assert_int_eq(number("SELECT count(*) FROM recommendation"), 1);
    is_whole();
}
END_TEST

START_TEST(what_was_not_committed_is_lost)
{
    add_english("a");
    commit();
    add_english("b");
    add_plain("a", "a chair");
    open_index(RT_INDEX_READ);
    finds("=effusion", "a");
    open_index(RT_INDEX_WRITE);
    is_whole();
    add_english("c");
    commit();
    finds("=effusion", "c a");
}
END_TEST

START_TEST(many_batches)
{
    char id[16];
    for (int i = 0; i < 9000; i++) {
        snprintf(id, sizeof id, "r%d", i % 8500);
        add_plain(id, i < 8500 ? "a chair" : "a table");
    }
    commit();
    ck_assert_int_eq(number("SELECT count(*) FROM report"), 8500);
    ck_assert_str_eq(search_as("chair", (rt_query_opts){.count = true}), "8000\n");
    ck_assert_str_eq(search_as("table", (rt_query_opts){.count = true}), "500\n");
    is_whole();
}
END_TEST

START_TEST(every_word_is_found_without_sections)
{
    hand h;
    begin(&h, "a", "Preface\nFINDINGS: chair\nbetween\nIMPRESSION: table\nend");
    section(&h, RT_SECTION_FINDINGS, "FINDINGS:", "chair");
    section(&h, RT_SECTION_IMPRESSION, "IMPRESSION:", "table");
    add(&h);
    commit();
    finds("section:other preface between end", "a");
    finds("section:findings chair NOT table", "a");
    finds("impression", "");
}
END_TEST

/* ---- what goes wrong */

static void put_file(const char *bytes, size_t n)
{
    rt_index_close(x);
    x = NULL;
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static void refuses(rt_index_mode mode, rt_code code, const char *msg)
{
    rt_err err = {.code = RT_OK};
    rt_index *none = NULL;
    ck_assert_int_eq(rt_index_open_with(&know, path, mode, &none, &err), code);
    ck_assert_msg(strstr(err.msg, msg) != NULL, "%s", err.msg);
    ck_assert_ptr_null(none);
}

START_TEST(files_that_are_no_index)
{
    char page[4096];
    memset(page, 'x', sizeof page);
    put_file(page, sizeof page);
    refuses(RT_INDEX_WRITE, RT_EDB, "not even a database");
    refuses(RT_INDEX_READ, RT_EDB, "not even a database");
    put_file("short", 5);
    refuses(RT_INDEX_WRITE, RT_EDB, "not even a database");
    put_file("", 0);
    refuses(RT_INDEX_READ, RT_EDB, "an empty file");

    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refuses(RT_INDEX_WRITE, RT_EDB, "not a roentext index");
    refuses(RT_INDEX_READ, RT_EDB, "not a roentext index");
    unlink(path);
    refuses(RT_INDEX_READ, RT_EIO, "No such file");
}
END_TEST

START_TEST(indexes_of_other_versions)
{
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_db_exec(x, "PRAGMA user_version = 99", &err), RT_OK);
    rt_index_close(x);
    x = NULL;
    refuses(RT_INDEX_READ, RT_EDB, "newer roentext");
}
END_TEST

/* The tables of schema 3, with what this one took over of them. */
static const char version_3[] =
    "DROP VIEW finding; DROP TABLE report_fts; DROP VIEW report_section; DROP VIEW critical_flag;"
    "DROP TABLE flag; DROP TABLE critical_rule; DROP TABLE claim; DROP TABLE concept_above;"
    "DROP TABLE report_length; DROP TABLE claim_report;"
    "CREATE TABLE claim(n INTEGER PRIMARY KEY, concept, code, anatomy, above);"
    "CREATE TABLE concept_above(n INTEGER PRIMARY KEY, ids);"
    "CREATE TABLE claim_report(block INTEGER, claim INTEGER, reports BLOB,"
    " PRIMARY KEY(block, claim)) WITHOUT ROWID;"
    "CREATE TABLE critical_flag(report INTEGER, n INTEGER, rule, PRIMARY KEY(report, n))"
    " WITHOUT ROWID; CREATE INDEX critical_order ON critical_flag(rule, report, n);"
    "CREATE TABLE report_length(block INTEGER PRIMARY KEY, lengths BLOB);"
    "CREATE INDEX report_day ON report(day);"
    "UPDATE report SET sections = char(41, 32, 32, 32, 99), findings = char(32, 33, 32, 32, 40, "
    "32);"
    "CREATE VIEW report_section AS SELECT r.rowid AS report, text FROM report r;"
    "CREATE VIRTUAL TABLE report_fts USING fts5(text, content='report_section',"
    " content_rowid='report', tokenize='roentext');"
    "CREATE VIEW finding AS SELECT r.rowid AS report FROM report r JOIN claim c ON c.n = 1;"
    "CREATE TABLE acknowledgement(n INTEGER PRIMARY KEY, id, rule, who, time, note, entered);"
    "INSERT INTO acknowledgement VALUES(1, 'en', 'C001', 'somebody', '', '', '');"
    "INSERT INTO saved_query VALUES('mine', 'chair');"
    "PRAGMA user_version = 3";

START_TEST(an_index_of_version_3)
{
    rt_err err = {.code = RT_OK};
    rt_record record;
    bool more = true;
    int n = 0;
    two_reports();
    add_plain("plain", "a chair");
    commit();
    ck_assert_int_eq(rt_db_exec(x, version_3, &err), RT_OK);
    rt_index_close(x);
    x = NULL;
    refuses(RT_INDEX_READ, RT_EDB, "older roentext");
    open_index(RT_INDEX_WRITE);
    is_whole();
    ck_assert(rt_index_stale(x)); /* words are found, findings after the rebuild */
    finds("chair", "plain");
    finds("NOT chair", "zh en");
    while (rt_index_next(x, &record, &more, &err) == RT_OK && more) {
        ck_assert_uint_gt(record.field[RT_FIELD_TEXT].len, 6);
        if (n++ == 0)
            add_english("en");
    }
    ck_assert_int_eq(n, 3);
    ck_assert_int_eq(rt_index_rebuilt(x, &err), RT_OK);
    ck_assert(!rt_index_stale(x));
    finds("[effusion left]", "en");
    finds("[size:10..12mm]", "en");
    ck_assert_int_eq(number("SELECT count(*) FROM saved_query WHERE query = 'chair'"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM acknowledgement"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM sqlite_master WHERE name LIKE '%old%'"), 0);
    is_whole();
}
END_TEST

static unsigned n_syncs;
static const sqlite3_io_methods *real_log;

static int count_sync(sqlite3_file *f, int flags)
{
    n_syncs++;
    return real_log->xSync(f, flags);
}

/* Batches do not wait for the disk, a commit that was asked for does, also for those before. */
START_TEST(a_commit_goes_to_the_disk)
{
    sqlite3_file *log = NULL;
    add_english("a");
    commit();
    ck_assert_int_eq(sqlite3_file_control(x->db, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &log), 0);
    real_log = log->pMethods;
    sqlite3_io_methods counting = *real_log;
    counting.xSync = count_sync;
    log->pMethods = &counting;
    for (int i = 0; i < 5000; i++) {
        char id[16];
        snprintf(id, sizeof id, "b%d", i);
        add_plain(id, "a chair");
    }
    ck_assert_int_eq(x->pending, 0);
    ck_assert_uint_eq(n_syncs, 0);
    ck_assert_int_eq(number("PRAGMA synchronous"), 1);
    commit();
    ck_assert_uint_eq(n_syncs, 1);
    ck_assert_int_eq(number("PRAGMA synchronous"), 2);
    commit();
    ck_assert_uint_eq(n_syncs, 1);
    add_plain("c", "a table");
    commit();
    ck_assert_uint_eq(n_syncs, 2);
    log->pMethods = real_log;
    finds("table", "c");
}
END_TEST

START_TEST(a_full_disk_keeps_what_was_committed)
{
    rt_err err = {.code = RT_OK};
    char sql[80];
    add_english("a");
    commit();
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
             (long long)number("PRAGMA page_count") + 2);
    ck_assert_int_eq(rt_db_exec(x, sql, &err), RT_OK);
    rt_code code = RT_OK;
    for (int i = 0; i < 1000 && code == RT_OK; i++) {
        hand h;
        char id[16];
        snprintf(id, sizeof id, "full%d", i);
        begin(&h, id, "a chair and a table, over and over again, until the disk is full");
        code = rt_index_add(x, &h.report, &err);
        free(h.block);
    }
    if (code == RT_OK)
        code = rt_index_commit(x, &err);
    ck_assert_int_eq(code, RT_EIO);
    ck_assert_msg(strstr(err.msg, "disk full") != NULL, "%s", err.msg);
    hand h;
    err = (rt_err){.code = RT_OK};
    begin(&h, "late", "a chair");
    ck_assert_int_eq(rt_index_add(x, &h.report, &err), RT_EDB);
    free(h.block);
    open_index(RT_INDEX_WRITE);
    is_whole();
    finds("=effusion", "a");
    finds("chair", "");
}
END_TEST

START_TEST(two_writers)
{
    rt_err err = {.code = RT_OK};
    rt_index *other = NULL;
    hand h;
    add_english("a");
    ck_assert_int_eq(rt_index_open_with(&know, path, RT_INDEX_WRITE, &other, &err), RT_OK);
    sqlite3_busy_timeout(other->db, 10);
    begin(&h, "b", "a chair");
    ck_assert_int_eq(rt_index_add(other, &h.report, &err), RT_EDB);
    ck_assert_msg(strstr(err.msg, "another program is writing") != NULL, "%s", err.msg);
    free(h.block);
    rt_index_close(other);
    commit();
    finds("=effusion", "a");
}
END_TEST

START_TEST(writers_in_turns)
{
    rt_err err = {.code = RT_OK};
    rt_index *first = x, *second = NULL;
    ck_assert_int_eq(rt_index_open_with(&know, path, RT_INDEX_WRITE, &second, &err), RT_OK);
    add_plain("a", "a chair");
    commit();
    x = second;
    add_english("b");
    commit();
    x = first;
    add_english("c");
    add_chinese("d");
    commit();
    rt_index_close(second);
    finds("[effusion left]", "c b");
    finds("NOT zebra", "d c b a");
    is_whole();
}
END_TEST

START_TEST(a_report_without_id)
{
    rt_err err = {.code = RT_OK};
    hand h;
    begin(&h, "", "a chair");
    ck_assert_int_eq(rt_index_add(x, &h.report, &err), RT_EINPUT);
    free(h.block);
    open_index(RT_INDEX_READ);
    begin(&h, "a", "a chair");
    ck_assert_int_eq(rt_index_add(x, &h.report, &err), RT_EUSAGE);
    free(h.block);
}
END_TEST

START_TEST(damage_is_noticed)
{
    rt_err err = {.code = RT_OK};
    two_reports();
    ck_assert_int_eq(rt_db_exec(x, "UPDATE report SET text = 'other words' WHERE id = 'en'", &err),
                     RT_OK);
    rt_buf_clear(&out);
    ck_assert_int_eq(rt_index_check(x, (rt_sink){write_out, &out}, &err), RT_EDB);
    rt_buf_addc(&out, '\0');
    ck_assert_ptr_nonnull(strstr(out.ptr, "does not fit"));
}
END_TEST

static void damages(const char *sql, const char *complaint)
{
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_db_exec(x, sql, &err), RT_OK);
    rt_buf_clear(&out);
    ck_assert_int_eq(rt_index_check(x, (rt_sink){write_out, &out}, &err), RT_EDB);
    rt_buf_addc(&out, '\0');
    ck_assert_msg(strstr(out.ptr, complaint) != NULL, "%s: %s", sql, out.ptr);
}

START_TEST(damaged_lists_are_noticed)
{
    two_reports();
    damages("UPDATE claim_report SET reports = x'02' || substr(reports, 2) WHERE claim ="
            " (SELECT max(claim) FROM claim_report)",
            "the reports of the claims");
    damages("DELETE FROM claim_report WHERE claim = 1", "the reports of the claims");
    damages("UPDATE report_length SET days = zeroblob(12288)", "the days of the reports");
    damages("UPDATE report_length SET lengths = zeroblob(4096)", "reports without a length");
}
END_TEST

START_TEST(a_finding_beyond_the_text_is_noticed)
{
    two_reports();
    damages("UPDATE report SET findings = substr(findings, 1, 2) || char(32 + 4000) ||"
            " substr(findings, 4) WHERE id = 'en'",
            "findings beyond the end");
}
END_TEST

/* ---- another lexicon */

START_TEST(a_changed_lexicon_wants_a_rebuild)
{
    rt_err err = {.code = RT_OK};
    rt_record record;
    bool more = false;
    hand h;
    two_reports();
    rt_lexicon *old = lexicon;
    lexicon = mini_lexicon_changed();
    know.lexicon = lexicon;
    open_index(RT_INDEX_WRITE);
    ck_assert(rt_index_stale(x));
    finds("气胸", "zh en");
    begin(&h, "new", "a chair");
    ck_assert_int_eq(rt_index_add(x, &h.report, &err), RT_EDB);
    ck_assert_msg(strstr(err.msg, "--rebuild") != NULL, "%s", err.msg);
    free(h.block);
    open_index(RT_INDEX_WRITE);
    int n = 0;
    for (;;) {
        err = (rt_err){.code = RT_OK};
        ck_assert_int_eq(rt_index_next(x, &record, &more, &err), RT_OK);
        if (!more)
            break;
        n++;
        char id[8];
        snprintf(id, sizeof id, "%.*s", (int)record.field[RT_FIELD_ID].len,
                 record.field[RT_FIELD_ID].ptr);
        ck_assert_str_eq(id, n == 1 ? "en" : "zh");
        ck_assert_uint_gt(record.field[RT_FIELD_TEXT].len, 10);
        add_plain(id, n == 1 ? "a chair" : "a table");
    }
    ck_assert_int_eq(n, 2);
    ck_assert_int_eq(rt_index_rebuilt(x, &err), RT_OK);
    ck_assert(!rt_index_stale(x));
    open_index(RT_INDEX_WRITE);
    ck_assert(!rt_index_stale(x));
    finds("chair", "en");
    finds("气胸", "");
    is_whole();
    rt_lexicon_close(old);
}
END_TEST

START_TEST(an_empty_index_takes_the_lexicon_of_today)
{
    rt_lexicon *old = lexicon;
    lexicon = mini_lexicon_changed();
    know.lexicon = lexicon;
    open_index(RT_INDEX_WRITE);
    ck_assert(!rt_index_stale(x));
    ck_assert_int_eq(number("SELECT count(*) FROM concept WHERE id = 'RID4650'"), 1);
    rt_lexicon_close(old);
}
END_TEST

int main(void)
{
    const TTest *tests[] = {words_as_they_stand,
                            terms_in_both_languages,
                            normal_statements,
                            kinds_and_parts,
                            conditions,
                            fields_of_the_record,
                            large_queries,
                            order_and_pages,
                            rows_for_programs_and_people,
                            tables_for_everybody,
                            the_same_id_replaces,
                            what_was_not_committed_is_lost,
                            many_batches,
                            every_word_is_found_without_sections,
                            files_that_are_no_index,
                            indexes_of_other_versions,
                            an_index_of_version_3,
                            a_full_disk_keeps_what_was_committed,
                            two_writers,
                            writers_in_turns,
                            a_report_without_id,
                            a_commit_goes_to_the_disk,
                            damage_is_noticed,
                            damaged_lists_are_noticed,
                            a_finding_beyond_the_text_is_noticed,
                            a_changed_lexicon_wants_a_rebuild,
                            an_empty_index_takes_the_lexicon_of_today};
    Suite *s = suite_create("index");
    TCase *tc = tcase_create("all");
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tc, tests[i]);
    suite_add_tcase(s, tc);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
