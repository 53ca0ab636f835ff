/* The reports of each patient in the order of their days, compared by prior.c; what contradicts an
 * earlier report becomes a row of the temporary table prior_issue, beside qa_issue.
 *
 * Reports without a patient, or without the day of the exam, have no order and are left out. */
#include "index/patients.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "index/pieces.h"
#include "index/prior.h"
#include "index/stored.h"

static const char create_sql[] =
    "PRAGMA query_only = 0;"
    "DROP TABLE IF EXISTS temp.prior_issue;"
    "CREATE TEMP TABLE prior_issue(report INTEGER, n INTEGER, \"check\", severity INTEGER, message,"
    " b1 INTEGER, e1 INTEGER, b2 INTEGER, e2 INTEGER, prior INTEGER);";

/* In the order of time; only the numbers are sorted. */
static const char order_sql[] =
    "SELECT rowid, patient_id, day FROM report WHERE day % 100 > 0 AND patient_id IN"
    " (SELECT patient_id FROM report WHERE patient_id IS NOT NULL AND day % 100 > 0"
    " GROUP BY patient_id HAVING count(*) > 1) ORDER BY patient_id, day, time, rowid";
static const char report_sql[] =
    "SELECT findings, modality, language, text FROM report WHERE rowid = ?1";
/* The first place stands second in `above`. */
static const char claim_sql[] =
    "SELECT a.id, c.code, (SELECT id FROM concept_above WHERE n ="
    " CAST(substr(c.above, instr(c.above || ' ', ' ') + 1) AS INTEGER)) FROM claim c"
    " JOIN concept_above a ON a.n = CAST(c.above AS INTEGER) WHERE c.n = ?1";
static const char removed_sql[] =
    "SELECT organ, side, b, e FROM removed_organ WHERE report = ?1 ORDER BY n";
static const char insert_sql[] =
    "INSERT INTO prior_issue VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

enum { CONTEXT = 24 /* bytes before and behind a finding that are quoted with it */ };
enum { REPORT_FINDINGS, REPORT_MODALITY, REPORT_LANGUAGE, REPORT_TEXT }; /* ORDER: report_sql */

typedef struct claim { /* a row of claim, read once */
    bool read, known;
    uint32_t place;
    rt_claim is;
} claim;

typedef struct walk {
    rt_index *x;
    sqlite3_stmt *order, *report, *claim, *removed, *insert;
    claim *claims; /* by number */
    size_t n_claims;
    rt_prior patient;
    rt_prior_report now;
    uint32_t issues;
} walk;

/* ---- a stored report as facts */

static claim *claim_at(walk *w, uint32_t n)
{
    if (n >= w->n_claims) {
        size_t size = (size_t)n * 2 + 1024;
        claim *larger = realloc(w->claims, size * sizeof *larger);
        if (larger == NULL)
            return NULL;
        memset(larger + w->n_claims, 0, (size - w->n_claims) * sizeof *larger);
        w->claims = larger;
        w->n_claims = size;
    }
    return &w->claims[n];
}

static rt_code read_claim(walk *w, uint32_t n, claim *k, rt_err *err)
{
    const rt_lexicon *lex = w->x->know->lexicon;
    bool row = false;
    sqlite3_bind_int64(w->claim, 1, n);
    rt_code code = rt_db_step(w->x, w->claim, &row, err);
    k->read = true;
    k->place = RT_NIL;
    if (code == RT_OK && row) {
        rt_str place = rt_db_text(w->claim, 2);
        k->known = rt_lexicon_by_id(lex, rt_db_text(w->claim, 0), &k->is.concept) &&
                   rt_claim_read_code(&k->is, rt_db_text(w->claim, 1));
        if (place.len > 0 && !rt_lexicon_by_id(lex, place, &k->place))
            k->place = RT_NIL;
        sqlite3_reset(w->claim);
    }
    return code;
}

static rt_code read_facts(walk *w, rt_str findings, rt_err *err)
{
    size_t pos = 0;
    rt_stored f;
    w->now.n_facts = 0;
    while (w->now.n_facts < RT_PRIOR_FACTS && rt_stored_next(findings, &pos, &f)) {
        claim *k = claim_at(w, f.claim);
        if (k == NULL)
            return rt_fail(err, RT_ENOMEM, "out of memory");
        rt_code code = k->read ? RT_OK : read_claim(w, f.claim, k, err);
        if (code != RT_OK)
            return code;
        if (!k->known || k->is.letter == RT_LETTER_FAMILY)
            continue;
        w->now.facts[w->now.n_facts++] = (rt_prior_fact){.concept = k->is.concept,
                                                         .place = k->place,
                                                         .beg = f.beg,
                                                         .end = f.beg + f.len,
                                                         .tenths = f.tenths,
                                                         .letter = k->is.letter,
                                                         .section = k->is.section,
                                                         .side = k->is.side,
                                                         .change = k->is.change};
    }
    return RT_OK;
}

static rt_code read_removed(walk *w, rt_err *err)
{
    bool row = w->removed != NULL;
    rt_code code = RT_OK;
    w->now.n_removed = 0;
    if (row)
        sqlite3_bind_int64(w->removed, 1, w->now.row);
    while (row && code == RT_OK) {
        rt_prior_removed r;
        code = rt_db_step(w->x, w->removed, &row, err);
        if (code != RT_OK || !row || w->now.n_removed == RT_PRIOR_REMOVED ||
            !rt_lexicon_by_id(w->x->know->lexicon, rt_db_text(w->removed, 0), &r.organ))
            continue;
        r.side = (uint32_t)sqlite3_column_int(w->removed, 1);
        r.beg = (uint32_t)sqlite3_column_int64(w->removed, 2);
        r.end = (uint32_t)sqlite3_column_int64(w->removed, 3);
        w->now.removed[w->now.n_removed++] = r;
    }
    return code;
}

/* The statement of the report stays open: its text may be quoted. */
static rt_code read_report(walk *w, rt_err *err)
{
    bool row = false;
    sqlite3_reset(w->report);
    sqlite3_bind_int64(w->report, 1, w->now.row);
    rt_code code = rt_db_step(w->x, w->report, &row, err);
    if (code != RT_OK || !row)
        return code;
    rt_str modality = rt_db_text(w->report, REPORT_MODALITY);
    size_t n = modality.len < RT_PRIOR_MODALITY ? modality.len : RT_PRIOR_MODALITY - 1;
    memset(w->now.modality, 0, sizeof w->now.modality);
    memcpy(w->now.modality, modality.ptr, n);
    code = read_facts(w, rt_db_text(w->report, REPORT_FINDINGS), err);
    return code == RT_OK ? read_removed(w, err) : code;
}

/* ---- rows */

/* Where a quotation begins or ends: a line, a full stop or a colon before a blank, and the Chinese
 * signs, of which the first byte is meant. */
static bool is_border(rt_str s, size_t i)
{
    static const char *const signs[] = {"\xE3\x80\x82", "\xEF\xBC\x9B", "\xEF\xBC\x9A"};
    if (s.ptr[i] == '\n')
        return true;
    if (strchr(".;:", s.ptr[i]) != NULL)
        return i + 1 < s.len && rt_is_blank(s.ptr[i + 1]);
    for (size_t k = 0; k < sizeof signs / sizeof *signs && i + 3 <= s.len; k++)
        if (memcmp(s.ptr + i, signs[k], 3) == 0)
            return true;
    return false;
}

/* The words at a place with what stands around them in the sentence: side and size. */
static rt_str words_at(rt_str text, uint32_t beg, uint32_t end)
{
    rt_bytes_at at = {.text = text};
    size_t b = rt_bytes_at_point(&at, beg), e = rt_bytes_at_point(&at, end);
    size_t from = b, to = e;
    while (from > 0 && b - from < CONTEXT && !is_border(text, from - 1) &&
           !(from >= 3 && rt_utf8_cont(text.ptr[from - 1]) && is_border(text, from - 3)))
        from--;
    while (from < b && (rt_is_blank(text.ptr[from]) || rt_utf8_cont(text.ptr[from]) ||
                        (from > 0 && rt_is_word(text.ptr[from - 1]) && rt_is_word(text.ptr[from]))))
        from++;
    while (to < text.len && to - e < CONTEXT && !is_border(text, to))
        to++;
    while (to > e &&
           ((to < text.len && rt_utf8_cont(text.ptr[to])) || rt_is_blank(text.ptr[to - 1])))
        to--;
    return rt_str_slice(text, from, to);
}

static rt_code add_issue(walk *w, const rt_prior_issue *i, sqlite3_stmt *prior, rt_err *err)
{
    char message[1024], day[16];
    const rt_check_info *check = rt_checks_info(w->x->know->checks, i->check);
    bool zh = rt_str_eq(rt_db_text(w->report, REPORT_LANGUAGE), RT_STR("zh"));
    snprintf(day, sizeof day, "%04d-%02d-%02d", (int)(i->day / 10000), (int)(i->day / 100 % 100),
             (int)(i->day % 100));
    const rt_str part[] = {
        words_at(rt_db_text(w->report, REPORT_TEXT), i->beg, i->end),
        words_at(rt_db_text(prior, REPORT_TEXT), i->prior_beg, i->prior_end),
        rt_str_from(day),
    };
    size_t n = rt_checks_message(zh ? check->message_zh : check->message_en, part, message,
                                 sizeof message);
    const int64_t at[] = {i->beg, i->end, i->prior_beg, i->prior_end, i->row};
    sqlite3_bind_int64(w->insert, 1, w->now.row);
    sqlite3_bind_int64(w->insert, 2, w->issues++);
    rt_db_bind(w->insert, 3, rt_str_from(check->id));
    sqlite3_bind_int64(w->insert, 4, check->severity);
    rt_db_bind(w->insert, 5, (rt_str){message, n});
    for (int k = 0; k < 5; k++)
        sqlite3_bind_int64(w->insert, 6 + k, at[k]);
    return rt_db_run(w->x, w->insert, err);
}

static rt_code add_issues(walk *w, const rt_prior_issue *issues, uint32_t n, rt_err *err)
{
    sqlite3_stmt *prior = NULL;
    rt_code code = n > 0 ? rt_db_prepare(w->x, report_sql, &prior, err) : RT_OK;
    for (uint32_t i = 0; i < n && code == RT_OK; i++) {
        bool row = false;
        sqlite3_bind_int64(prior, 1, issues[i].row);
        code = rt_db_step(w->x, prior, &row, err);
        if (code == RT_OK && row)
            code = add_issue(w, &issues[i], prior, err);
        sqlite3_reset(prior);
    }
    sqlite3_finalize(prior);
    return code;
}

/* ---- all patients */

static rt_code walk_reports(walk *w, rt_err *err)
{
    rt_prior_issue issues[RT_PRIOR_ISSUES];
    rt_buf patient;
    bool row = true;
    rt_code code = RT_OK;
    rt_buf_init(&patient, SIZE_MAX);
    while (code == RT_OK) {
        code = rt_db_step(w->x, w->order, &row, err);
        if (code != RT_OK || !row)
            break;
        rt_str id = rt_db_text(w->order, 1);
        if (!rt_str_eq(id, rt_buf_str(&patient))) {
            rt_buf_clear(&patient);
            rt_buf_add(&patient, id);
            code = rt_buf_check(&patient, err);
            w->patient.n_known = w->patient.n_removed = w->patient.oldest = 0;
        }
        w->now.row = sqlite3_column_int64(w->order, 0);
        w->now.day = sqlite3_column_int64(w->order, 2);
        if (code == RT_OK)
            code = read_report(w, err);
        if (code == RT_OK)
            code =
                add_issues(w, issues, rt_prior_next(&w->patient, w->x->know, &w->now, issues), err);
    }
    rt_buf_free(&patient);
    return code;
}

static rt_code prepare(walk *w, rt_err *err)
{
    int64_t there = 0;
    rt_code code = rt_db_exec(w->x, create_sql, err);
    if (code == RT_OK)
        code = rt_db_prepare(w->x, order_sql, &w->order, err);
    if (code == RT_OK)
        code = rt_db_prepare(w->x, report_sql, &w->report, err);
    if (code == RT_OK)
        code = rt_db_prepare(w->x, claim_sql, &w->claim, err);
    if (code == RT_OK)
        code = rt_db_prepare(w->x, insert_sql, &w->insert, err);
    if (code == RT_OK) /* an index of an earlier version has none */
        code = rt_db_number(w->x, "SELECT count(*) FROM sqlite_master WHERE name = 'removed_organ'",
                            &there, err);
    if (code == RT_OK && there > 0)
        code = rt_db_prepare(w->x, removed_sql, &w->removed, err);
    return code;
}

rt_code rt_patients_compare(rt_index *x, rt_err *err)
{
    walk *w = calloc(1, sizeof *w);
    if (w == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    w->x = x;
    rt_code code = prepare(w, err);
    if (code == RT_OK)
        code = walk_reports(w, err);
    sqlite3_finalize(w->order);
    sqlite3_finalize(w->report);
    sqlite3_finalize(w->claim);
    sqlite3_finalize(w->removed);
    sqlite3_finalize(w->insert);
    free(w->claims);
    free(w);
    if (code == RT_OK && x->mode == RT_INDEX_READ)
        code = rt_db_exec(x, "PRAGMA query_only = 1", err);
    return code;
}
