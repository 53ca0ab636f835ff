/* Facets: values and how many of the reports found have them. See facet.h.
 *
 * What the claims say is turned into numbers once for each claim, so that a report costs an
 * addition a finding. */
#include "index/facet.h"

#include "base/utf8.h"
#include "index/render.h"
#include "index/tally.h"

/* Limits. */
enum { MAX_FACETS = 16 };

typedef enum facet_kind {
    FACET_COLUMN,  /* a column of report */
    FACET_DAY,     /* leading digits of its day */
    FACET_AGE,     /* by ten years */
    FACET_LISTED,  /* rows of a table beside it */
    FACET_FINDING, /* present findings */
    FACET_ANATOMY, /* where present and possible ones are */
    FACET_KIND,    /* what present findings are kinds of */
    FACET_REGION,  /* what those places are parts of */
    FACET_STATE,   /* presence of any finding */
    FACET_CODE,    /* a closed list, of present and possible findings */
} facet_kind;

static const struct {
    const char *name;
    facet_kind kind;
    unsigned place; /* digit of claim.code; digits of a day */
    const char *of; /* column; SELECT of report and value */
    const char *(*value)(unsigned v);
} kinds[] = {
    {"modality", FACET_COLUMN, 0, "r.modality", NULL},
    {"body_part", FACET_COLUMN, 0, "r.body_part", NULL},
    {"exam", FACET_COLUMN, 0, "r.exam", NULL},
    {"sex", FACET_COLUMN, 0, "r.sex", NULL},
    {"language", FACET_COLUMN, 0, "r.language", NULL},
    {"status", FACET_COLUMN, 0, "r.status", NULL},
    {"author", FACET_COLUMN, 0, "r.author", NULL},
    {"patient_id", FACET_COLUMN, 0, "r.patient_id", NULL},
    {"year", FACET_DAY, 4, "r.day", NULL},
    {"month", FACET_DAY, 6, "r.day", NULL},
    {"day", FACET_DAY, 8, "r.day", NULL},
    {"age", FACET_AGE, 0, "r.age", NULL},
    {"critical", FACET_LISTED, 0, "SELECT report, rule FROM critical_flag ORDER BY report", NULL},
    {"qa", FACET_LISTED, 0, "SELECT report, \"check\" FROM qa_issue ORDER BY report", NULL},
    {"advice", FACET_LISTED, 0, "SELECT report, action FROM recommendation ORDER BY report", NULL},
    {"finding", FACET_FINDING, 0, NULL, NULL},
    {"anatomy", FACET_ANATOMY, 0, NULL, NULL},
    {"kind", FACET_KIND, 0, NULL, NULL},
    {"region", FACET_REGION, 0, NULL, NULL},
    {"presence", FACET_STATE, 0, NULL, NULL},
    {"section", FACET_CODE, 2, NULL, rt_section_name}, /* ORDER CODE: claims.c */
    {"side", FACET_CODE, 3, NULL, rt_side_name},
    {"severity", FACET_CODE, 4, NULL, rt_severity_name},
    {"change", FACET_CODE, 5, NULL, rt_change_name},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

typedef struct facet {
    unsigned kind; /* in kinds */
    int column;    /* of the walk */
    rt_tally tally;
    rt_buf firsts, numbers; /* uint32_t: claim -> first in numbers, one more than claims; values */
} facet;

typedef struct facets {
    rt_index *index;
    const rt_bits *set;
    facet of[MAX_FACETS];
    unsigned n;
    uint32_t n_claims;
    int findings; /* column of the walk, 0: not read */
} facets;

static bool of_claims(const facet *f)
{
    return kinds[f->kind].kind >= FACET_FINDING;
}

/* ---- which */

static rt_code add_facet(facets *s, rt_str name, rt_err *err)
{
    unsigned k = 0;
    while (k < N_KINDS && !rt_str_eq(name, rt_str_from(kinds[k].name)))
        k++;
    if (k == N_KINDS)
        return rt_fail(err, RT_EUSAGE,
                       "no facet \"%.*s\"; there are modality body_part exam sex language status"
                       " author patient_id year month day age critical qa advice finding anatomy"
                       " kind region presence section side severity change",
                       (int)name.len, name.ptr);
    if (s->n == MAX_FACETS)
        return rt_fail(err, RT_ELIMIT, "more than %d facets", MAX_FACETS);
    facet *f = &s->of[s->n++];
    *f = (facet){.kind = k};
    rt_tally_init(&f->tally);
    rt_buf_init(&f->firsts, SIZE_MAX);
    rt_buf_init(&f->numbers, SIZE_MAX);
    return RT_OK;
}

static void facets_free(facets *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        rt_tally_free(&s->of[i].tally);
        rt_buf_free(&s->of[i].firsts);
        rt_buf_free(&s->of[i].numbers);
    }
}

/* ---- claims to values */

static void push_number(rt_buf *b, uint32_t number)
{
    rt_buf_add(b, (rt_str){(const char *)&number, sizeof number});
}

static void push_value(facet *f, rt_str text)
{
    push_number(&f->numbers, rt_tally_number(&f->tally, text));
}

static void push_list(facet *f, rt_str list, char between)
{
    while (list.len > 0) {
        rt_cut cut = rt_str_cut(list, between);
        push_value(f, cut.head);
        list = cut.tail;
    }
}

/* A concept, a number of concept_above, as its id; and what stands above it. */
static rt_code push_above(facets *s, facet *f, sqlite3_stmt *above, rt_str number, bool with_above,
                          rt_err *err)
{
    bool row = false;
    sqlite3_bind_text(above, 1, number.ptr, (int)number.len, SQLITE_STATIC);
    rt_code code = rt_db_step(s->index, above, &row, err);
    if (code == RT_OK && row)
        push_value(f, rt_db_text(above, 0));
    if (code == RT_OK && row && with_above)
        push_list(f, rt_db_text(above, 1), ' ');
    sqlite3_reset(above);
    return code;
}

static rt_code push_places(facets *s, facet *f, sqlite3_stmt *above, rt_str list, rt_err *err)
{
    rt_code code = RT_OK;
    while (list.len > 0 && code == RT_OK) {
        rt_cut cut = rt_str_cut(list, ' ');
        code = push_above(s, f, above, cut.head, kinds[f->kind].kind == FACET_REGION, err);
        list = cut.tail;
    }
    return code;
}

/* ORDER: n, code, above */
static rt_code push_claim(facets *s, facet *f, sqlite3_stmt *claim, sqlite3_stmt *above,
                          rt_err *err)
{
    rt_str digits = rt_db_text(claim, 1);
    char letter = digits.len > 0 ? digits.ptr[0] : 'q';
    bool here = letter == 'p' || letter == 'o';
    const char *at = strchr(rt_state_letters, letter);
    rt_cut list = rt_str_cut(rt_db_text(claim, 2), ' ');
    unsigned digit = 0;
    switch (kinds[f->kind].kind) {
    case FACET_FINDING:
    case FACET_KIND:
        if (letter == 'p')
            return push_above(s, f, above, list.head, kinds[f->kind].kind == FACET_KIND, err);
        break;
    case FACET_ANATOMY:
    case FACET_REGION:
        return here ? push_places(s, f, above, list.tail, err) : RT_OK;
    case FACET_STATE:
        if (at != NULL && *at != '\0')
            push_value(f, rt_str_from(rt_letter_name((unsigned)(at - rt_state_letters))));
        break;
    case FACET_CODE:
        digit = digits.len > kinds[f->kind].place
                    ? (unsigned)(digits.ptr[kinds[f->kind].place] - '0')
                    : 0;
        if (here && (digit > 0 || kinds[f->kind].place == 2))
            push_value(f, rt_str_from(kinds[f->kind].value(digit)));
        break;
    case FACET_COLUMN:
    case FACET_DAY:
    case FACET_AGE:
    case FACET_LISTED:
        break;
    }
    return RT_OK;
}

static uint32_t first_of(const facet *f, uint32_t claim)
{
    uint32_t first;
    memcpy(&first, f->firsts.ptr + claim * sizeof first, sizeof first);
    return first;
}

/* Claims have numbers with gaps; those are claims without values. */
static void reach(facet *f, uint32_t claim)
{
    while (f->firsts.len / sizeof(uint32_t) < claim && f->firsts.code == RT_OK)
        push_number(&f->firsts, (uint32_t)(f->numbers.len / sizeof(uint32_t)));
}

static rt_code read_claims(facets *s, rt_err *err)
{
    sqlite3_stmt *claims = NULL, *above = NULL;
    bool row = true;
    rt_code code =
        rt_db_prepare(s->index, "SELECT n, code, above FROM claim ORDER BY n", &claims, err);
    if (code == RT_OK)
        code = rt_db_prepare(s->index,
                             "SELECT id, ids FROM concept_above WHERE n = CAST(?1 AS INTEGER)",
                             &above, err);
    while (code == RT_OK && row) {
        code = rt_db_step(s->index, claims, &row, err);
        if (code != RT_OK || !row)
            break;
        s->n_claims = (uint32_t)sqlite3_column_int64(claims, 0) + 1;
        for (unsigned i = 0; i < s->n && code == RT_OK; i++) {
            if (!of_claims(&s->of[i]))
                continue;
            reach(&s->of[i], s->n_claims);
            code = push_claim(s, &s->of[i], claims, above, err);
        }
    }
    for (unsigned i = 0; i < s->n && code == RT_OK; i++) {
        reach(&s->of[i], s->n_claims + 1);
        code = rt_buf_check(&s->of[i].firsts, err);
        if (code == RT_OK)
            code = rt_buf_check(&s->of[i].numbers, err);
    }
    sqlite3_finalize(claims);
    sqlite3_finalize(above);
    return code;
}

/* ---- counting */

static void count_findings(facets *s, rt_str findings, int64_t report)
{
    rt_stored one;
    size_t pos = 0;
    while (rt_stored_next(findings, &pos, &one)) {
        if (one.claim >= s->n_claims)
            continue;
        for (unsigned i = 0; i < s->n; i++) {
            facet *f = &s->of[i];
            if (!of_claims(f))
                continue;
            uint32_t end = first_of(f, one.claim + 1);
            for (uint32_t k = first_of(f, one.claim); k < end; k++) {
                uint32_t number;
                memcpy(&number, f->numbers.ptr + k * sizeof number, sizeof number);
                rt_tally_count(&f->tally, number, report);
            }
        }
    }
}

static rt_str day_text(char out[12], int64_t day, unsigned digits)
{
    int n = snprintf(out, 12, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100),
                     (int)(day % 100));
    size_t keep = digits == 4 ? 4 : digits == 6 ? 7 : (size_t)n;
    return (rt_str){out, keep};
}

static void count_column(facet *f, sqlite3_stmt *row, int64_t report)
{
    char text[24];
    rt_str value;
    if (sqlite3_column_type(row, f->column) == SQLITE_NULL)
        return;
    switch (kinds[f->kind].kind) {
    case FACET_COLUMN:
        value = rt_db_text(row, f->column);
        break;
    case FACET_DAY:
        value = day_text(text, sqlite3_column_int64(row, f->column), kinds[f->kind].place);
        break;
    case FACET_AGE: {
        int decade = sqlite3_column_int(row, f->column) / 10 * 10;
        value = (rt_str){text, (size_t)snprintf(text, sizeof text, "%d-%d", decade, decade + 9)};
        break;
    }
    case FACET_LISTED:
    case FACET_FINDING:
    case FACET_ANATOMY:
    case FACET_KIND:
    case FACET_REGION:
    case FACET_STATE:
    case FACET_CODE:
        return;
    }
    rt_tally_count(&f->tally, rt_tally_number(&f->tally, value), report);
}

static rt_code count_reports(facets *s, rt_err *err)
{
    rt_buf columns;
    rt_walk w = {0};
    int n = 0;
    bool more = true;
    rt_buf_init(&columns, SIZE_MAX);
    for (unsigned i = 0; i < s->n; i++) {
        facet *f = &s->of[i];
        if (of_claims(f) ? s->findings > 0 : kinds[f->kind].kind == FACET_LISTED)
            continue;
        rt_buf_addf(&columns, "%s%s", n > 0 ? ", " : "",
                    of_claims(f) ? "r.findings" : kinds[f->kind].of);
        *(of_claims(f) ? &s->findings : &f->column) = ++n;
    }
    rt_buf_addc(&columns, '\0');
    rt_code code = rt_buf_check(&columns, err);
    if (code == RT_OK && n > 0)
        code = rt_walk_open(&w, s->index, s->set, columns.ptr, err);
    while (code == RT_OK && n > 0 && more) {
        code = rt_walk_next(&w, &more, err);
        if (code != RT_OK || !more)
            break;
        if (s->findings > 0)
            count_findings(s, rt_db_text(w.row, s->findings), w.at);
        for (unsigned i = 0; i < s->n; i++)
            if (s->of[i].column > 0)
                count_column(&s->of[i], w.row, w.at);
    }
    rt_walk_close(&w);
    rt_buf_free(&columns);
    return code;
}

static rt_code count_listed(facets *s, facet *f, rt_err *err)
{
    sqlite3_stmt *rows = NULL;
    bool row = true;
    rt_code code = rt_db_prepare(s->index, kinds[f->kind].of, &rows, err);
    while (code == RT_OK && row) {
        code = rt_db_step(s->index, rows, &row, err);
        int64_t report = row ? sqlite3_column_int64(rows, 0) : -1;
        if (code == RT_OK && row && rt_bits_has(s->set, report))
            rt_tally_count(&f->tally, rt_tally_number(&f->tally, rt_db_text(rows, 1)), report);
    }
    sqlite3_finalize(rows);
    return code;
}

static rt_code count_all(facets *s, rt_err *err)
{
    rt_code code = RT_OK;
    bool claims = false;
    for (unsigned i = 0; i < s->n; i++)
        claims = claims || of_claims(&s->of[i]);
    if (claims)
        code = read_claims(s, err);
    if (code == RT_OK)
        code = count_reports(s, err);
    for (unsigned i = 0; i < s->n && code == RT_OK; i++) {
        if (kinds[s->of[i].kind].kind == FACET_LISTED)
            code = count_listed(s, &s->of[i], err);
        if (code == RT_OK && s->of[i].tally.failed)
            code = rt_fail(err, RT_ENOMEM, "out of memory");
    }
    return code;
}

/* ---- writing */

typedef struct printer {
    const rt_query_opts *opts;
    rt_buf out;
    sqlite3_stmt *names; /* of a concept */
} printer;

static bool has_names(const facet *f)
{
    facet_kind kind = kinds[f->kind].kind;
    return kind >= FACET_FINDING && kind <= FACET_REGION;
}

static void write_value(printer *p, const facet *f, rt_str value, int64_t count)
{
    const char *name = kinds[f->kind].name;
    rt_str en = RT_STR(""), zh = RT_STR("");
    rt_buf *b = &p->out;
    if (has_names(f)) {
        sqlite3_bind_text(p->names, 1, value.ptr, (int)value.len, SQLITE_STATIC);
        if (sqlite3_step(p->names) == SQLITE_ROW) {
            en = rt_db_text(p->names, 0);
            zh = rt_db_text(p->names, 1);
        }
    }
    switch (p->opts->format) {
    case RT_TABLE_JSONL:
        rt_buf_addf(b, "{\"facet\":\"%s\",\"value\":", name);
        rt_render_json(b, value);
        rt_buf_addz(b, has_names(f) ? ",\"name\":" : "");
        if (has_names(f)) {
            rt_render_json(b, en);
            rt_buf_addz(b, ",\"name_zh\":");
            rt_render_json(b, zh);
        }
        rt_buf_addf(b, ",\"count\":%lld}\n", (long long)count);
        break;
    case RT_TABLE_CSV:
        rt_buf_addf(b, "%s,", name);
        rt_render_csv(b, value);
        rt_buf_addc(b, ',');
        rt_render_csv(b, en);
        rt_buf_addc(b, ',');
        rt_render_csv(b, zh);
        rt_buf_addf(b, ",%lld\n", (long long)count);
        break;
    case RT_TABLE_TABLE:
        rt_render_pad(b, rt_str_from(name), 10);
        rt_buf_addf(b, "%9lld  ", (long long)count);
        rt_buf_add(b, value);
        rt_buf_addf(b, "%s%.*s%s%.*s\n", en.len > 0 ? "  " : "", (int)en.len, en.ptr,
                    zh.len > 0 ? "  " : "", (int)zh.len, zh.ptr);
        break;
    }
    sqlite3_reset(p->names);
}

/* The year or month that follows; false: the values are neither. */
static bool next_of(const facet *f, rt_str value, char out[12])
{
    int year = 0, month = 0;
    if (kinds[f->kind].kind != FACET_DAY || kinds[f->kind].place == 8 || value.len < 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        year = year * 10 + (value.ptr[i] - '0');
    for (size_t i = 5; i < value.len; i++)
        month = month * 10 + (value.ptr[i] - '0');
    if (kinds[f->kind].place == 4)
        snprintf(out, 12, "%04d", (year + 1) % 10000);
    else
        snprintf(out, 12, "%04u-%02u", (unsigned)(month < 12 ? year : year + 1) % 10000U,
                 month < 12 ? (unsigned)(month + 1) % 100U : 1U);
    return true;
}

/* Months and years in which there was nothing. */
static void write_gap(printer *p, const facet *f, rt_str from, rt_str to)
{
    char now[12], next[12];
    snprintf(now, sizeof now, "%.*s", (int)from.len, from.ptr);
    while (next_of(f, rt_str_from(now), next) && rt_str_cmp(rt_str_from(next), to) < 0 &&
           strcmp(now, next) < 0) {
        write_value(p, f, rt_str_from(next), 0);
        memcpy(now, next, sizeof now);
    }
}

static void write_facet(printer *p, facet *f, bool by_value)
{
    rt_tally *t = &f->tally;
    uint32_t left = p->opts->limit > 0 ? p->opts->limit : UINT32_MAX;
    rt_str last = RT_STR("");
    rt_tally_sort(t, by_value);
    for (size_t i = 0; i < t->n && left > 0; i++) {
        const rt_value *v = &t->values[i];
        if (v->count == 0)
            continue;
        if (by_value && last.len > 0)
            write_gap(p, f, last, rt_tally_text(t, v));
        last = rt_tally_text(t, v);
        write_value(p, f, last, v->count);
        left--;
    }
}

static rt_code write_all(facets *s, const rt_query_opts *o, rt_sink to, rt_err *err)
{
    printer p = {.opts = o};
    rt_buf_init(&p.out, SIZE_MAX);
    rt_code code = rt_db_prepare(s->index, "SELECT name_en, name_zh FROM concept WHERE id = ?1",
                                 &p.names, err);
    if (o->format == RT_TABLE_CSV)
        rt_buf_addz(&p.out, "facet,value,name,name_zh,count\n");
    for (unsigned i = 0; i < s->n && code == RT_OK; i++) {
        write_facet(&p, &s->of[i], o->by_value);
        code = s->of[i].tally.failed ? rt_fail(err, RT_ENOMEM, "out of memory")
                                     : rt_render_flush(&p.out, to, err);
    }
    sqlite3_finalize(p.names);
    rt_buf_free(&p.out);
    return code;
}

rt_code rt_facet_write(rt_index *x, const rt_bits *set, const rt_query_opts *o, rt_sink to,
                       rt_err *err)
{
    facets s = {.index = x, .set = set};
    rt_str names = o->facets;
    rt_code code = RT_OK;
    while (names.len > 0 && code == RT_OK) {
        rt_cut cut = rt_str_cut(names, ',');
        code = add_facet(&s, rt_str_trim(cut.head), err);
        names = cut.tail;
    }
    if (code == RT_OK)
        code = count_all(&s, err);
    if (code == RT_OK)
        code = write_all(&s, o, to, err);
    facets_free(&s);
    return code;
}
