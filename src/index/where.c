/* The conditions of a query on claims, and on fields of the record (plain SQL). See eval.h. */
#include "index/eval.h"

#include "base/utf8.h"

/* ---- parameters */

void rt_param(rt_arena *a, rt_params *p, rt_buf *sql, rt_str value)
{
    RT_PUSH(a, p, value);
    rt_buf_addf(sql, "?%u", p->len);
}

void rt_params_bind(const rt_params *p, sqlite3_stmt *s)
{
    for (uint32_t i = 0; i < p->len; i++)
        sqlite3_bind_text64(s, (int)i + 1, p->at[i].ptr, p->at[i].len, SQLITE_STATIC, SQLITE_UTF8);
}

/* ---- conditions on one finding: which claims fulfil them */

/* What a concept is to the atom, by its number in concept_above. */
enum { SELF = 1, BELOW = 2, PLACE_SELF = 4, PLACE_BELOW = 8 };

static bool is_one(const rt_concepts *of, uint32_t concept)
{
    for (uint32_t i = 0; i < of->len; i++)
        if (of->at[i] == concept)
            return true;
    return false;
}

static char kin_of(const rt_lexicon *x, const rt_atom *a, uint32_t concept)
{
    char kin = 0;
    if (is_one(&a->concepts, concept) || is_one(&a->exactly, concept))
        kin |= SELF;
    if (is_one(&a->anatomy, concept))
        kin |= PLACE_SELF;
    for (uint32_t i = 0; i < a->concepts.len; i++)
        if (rt_lexicon_is_a(x, concept, a->concepts.at[i]))
            kin |= BELOW;
    for (uint32_t i = 0; i < a->anatomy.len; i++)
        if (rt_lexicon_part_of(x, concept, a->anatomy.at[i]))
            kin |= PLACE_BELOW;
    return kin;
}

static rt_code read_kin(const rt_index *x, const rt_atom *a, rt_buf *kin, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    uint32_t concept = 0;
    bool row = true;
    rt_code code = rt_db_prepare(x, "SELECT n, id FROM concept_above ORDER BY n", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        while (kin->len < (size_t)sqlite3_column_int64(s, 0) && kin->code == RT_OK)
            rt_buf_addc(kin, 0);
        bool known = rt_lexicon_by_id(x->know->lexicon, rt_db_text(s, 1), &concept);
        rt_buf_addc(kin, (char)(known ? kin_of(x->know->lexicon, a, concept) : 0));
    }
    sqlite3_finalize(s);
    return code == RT_OK ? rt_buf_check(kin, err) : code;
}

/* A digit of claim.code is one of the values, or nothing is asked. */
static bool one_of(uint32_t values, uint8_t value)
{
    return values == 0 || (values >> value & 1U) != 0;
}

static bool is_kin(const rt_buf *kin, uint32_t number, int how)
{
    return number < kin->len && (kin->ptr[number] & how) != 0;
}

/* Under one of the concepts counts where the state of the finding lets it inherit. */
static bool claim_fulfils(const rt_atom *a, const rt_buf *kin, rt_str code, rt_str above)
{
    rt_claim k = {0};
    uint32_t number = 0;
    if (!rt_claim_read_code(&k, code) || !rt_claim_next_above(&above, &number))
        return false;
    bool inherits = (RT_LETTERS_INHERITED >> k.letter & 1U) != 0;
    if (!one_of(a->letters, k.letter) || !one_of(a->sections, k.section) ||
        !one_of(a->sides, k.side) || !one_of(a->severities, k.severity) ||
        !one_of(a->changes, k.change))
        return false;
    if (a->wants_concept && !is_kin(kin, number, inherits ? SELF | BELOW : SELF))
        return false;
    if (!a->wants_anatomy)
        return true;
    while (rt_claim_next_above(&above, &number))
        if (is_kin(kin, number, inherits ? PLACE_SELF | PLACE_BELOW : PLACE_SELF))
            return true;
    return false;
}

static rt_code fill_claims(rt_atom_test *t, const rt_index *x, const rt_buf *kin, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    int64_t last = 0;
    bool row = true;
    rt_code code = rt_db_number(x, "SELECT max(n) FROM claim", &last, err);
    if (code == RT_OK && !rt_bits_new(&t->claims, last + 1))
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT n, code, above FROM claim", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row && claim_fulfils(t->atom, kin, rt_db_text(s, 1), rt_db_text(s, 2)))
            rt_bits_set(&t->claims, sqlite3_column_int64(s, 0));
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_atom_test_open(rt_atom_test *t, const rt_index *x, const rt_atom *atom, rt_err *err)
{
    rt_buf kin;
    *t = (rt_atom_test){.atom = atom};
    rt_buf_init(&kin, SIZE_MAX);
    rt_code code = read_kin(x, atom, &kin, err);
    if (code == RT_OK)
        code = fill_claims(t, x, &kin, err);
    rt_buf_free(&kin);
    return code;
}

void rt_atom_test_close(rt_atom_test *t)
{
    rt_bits_free(&t->claims);
}

bool rt_atom_test_size(const rt_atom_test *t, uint32_t tenths)
{
    const rt_atom *a = t->atom;
    double mm = tenths / 10.0;
    bool low = a->low_open ? mm > a->size_low : mm >= a->size_low;
    bool high = a->high_open ? mm < a->size_high : mm <= a->size_high;
    return !a->sized || (tenths > 0 && low && high);
}

bool rt_atom_test_holds(const rt_atom_test *t, const rt_stored *f)
{
    return rt_bits_has(&t->claims, f->claim) && rt_atom_test_size(t, f->tenths);
}

/* ---- fields of the record */

typedef struct writer {
    rt_arena *arena;
    rt_params *params;
    rt_buf *sql;
} writer;

static bool is_yes(rt_str s)
{
    return rt_str_eq(s, RT_STR("1")) || rt_str_eq_nocase(s, RT_STR("yes"));
}

static bool is_no(rt_str s)
{
    return rt_str_eq(s, RT_STR("0")) || rt_str_eq_nocase(s, RT_STR("no"));
}

/* critical:1  critical:0  critical:C030 (the rule); the same of issues and recommendations. */
static rt_field_way write_listed(const writer *w, const char *table, const char *const columns[2],
                                 rt_str value)
{
    const char *word = " WHERE ";
    rt_buf_addf(w->sql, "SELECT report FROM %s", table);
    if (is_no(value))
        return RT_FIELD_WAY_NOT;
    for (unsigned i = 0; i < 2 && !is_yes(value) && columns[i] != NULL; i++) {
        rt_buf_addf(w->sql, "%s%s = ", word, columns[i]);
        rt_param(w->arena, w->params, w->sql, value);
        rt_buf_addz(w->sql, " COLLATE NOCASE");
        word = " OR ";
    }
    return RT_FIELD_WAY_SET;
}

/* qa:high is the severity. */
static rt_field_way write_qa(const writer *w, const char *const checks[2], rt_str value)
{
    unsigned level;
    if (!rt_qa_level_parse(value, &level))
        return write_listed(w, "qa_issue", checks, value);
    rt_buf_addf(w->sql, "SELECT report FROM qa_issue WHERE severity = %u", level);
    return RT_FIELD_WAY_SET;
}

/* Dates are compared as days: 2024-03-05, 2024/03/05 and 20240305 are one; 2024-03 is the whole
 * month, from day 0 to day 99. */
static long long day_number(rt_str s, char fill)
{
    long long day = 0;
    unsigned n = 0;
    for (size_t i = 0; i < s.len && n < 8; i++) {
        if (!rt_is_digit(s.ptr[i]))
            continue;
        day = day * 10 + (s.ptr[i] - '0');
        n++;
    }
    for (; n < 8; n++)
        day = day * 10 + (fill - '0');
    return day;
}

void rt_where_days(const rt_query_node *n, int64_t *first, int64_t *last)
{
    *first = 1;
    *last = INT64_MAX;
    if (n->low.len > 0)
        *first = n->low_open ? day_number(n->low, '9') + 1 : day_number(n->low, '0');
    if (n->high.len > 0)
        *last = n->high_open ? day_number(n->high, '0') - 1 : day_number(n->high, '9');
}

static rt_str date_digits(rt_arena *a, rt_str s, const char *more)
{
    char digits[40];
    size_t n = 0;
    for (size_t i = 0; i < s.len && n + 1 < sizeof digits; i++)
        if (rt_is_digit(s.ptr[i]))
            digits[n++] = s.ptr[i];
    return rt_arena_printf(a, "%.*s%s", (int)n, digits, more);
}

static void write_date(const writer *w, const rt_query_node *n, const char *column)
{
    rt_buf_addf(w->sql, "r.%s IS NOT NULL", column);
    if (n->low.len > 0) {
        rt_buf_addf(w->sql, " AND replace(replace(r.%s, '-', ''), '/', '') >= ", column);
        rt_param(w->arena, w->params, w->sql,
                 date_digits(w->arena, n->low, n->low_open ? "99999999" : ""));
    }
    if (n->high.len > 0) {
        rt_buf_addf(w->sql, " AND replace(replace(r.%s, '-', ''), '/', '') < ", column);
        rt_param(w->arena, w->params, w->sql,
                 date_digits(w->arena, n->high, n->high_open ? "" : "99999999"));
    }
}

static void write_age(const writer *w, const rt_query_node *n)
{
    rt_buf_addz(w->sql, "r.age IS NOT NULL");
    if (n->low.len > 0) {
        rt_buf_addf(w->sql, " AND CAST(r.age AS REAL) %s CAST(", n->low_open ? ">" : ">=");
        rt_param(w->arena, w->params, w->sql, n->low);
        rt_buf_addz(w->sql, " AS REAL)");
    }
    if (n->high.len > 0) {
        rt_buf_addf(w->sql, " AND CAST(r.age AS REAL) %s CAST(", n->high_open ? "<" : "<=");
        rt_param(w->arena, w->params, w->sql, n->high);
        rt_buf_addz(w->sql, " AS REAL)");
    }
}

static void write_column(const writer *w, const char *column, rt_str value)
{
    rt_buf_addf(w->sql, "r.\"%s\" = ", column);
    rt_param(w->arena, w->params, w->sql, value);
    rt_buf_addz(w->sql, strcmp(column, "id") == 0 ? "" : " COLLATE NOCASE");
}

static void write_exam(const writer *w, rt_str value)
{
    rt_buf_addz(w->sql, "instr(lower(r.exam), lower(");
    rt_param(w->arena, w->params, w->sql, value);
    rt_buf_addz(w->sql, ")) > 0");
}

static rt_field_way write_told(const writer *w, rt_str value)
{
    rt_buf_addf(w->sql, "SELECT report FROM critical_flag WHERE communicated = %d", is_yes(value));
    return RT_FIELD_WAY_SET;
}

rt_field_way rt_where_field(rt_arena *a, rt_params *p, rt_buf *sql, const rt_query_node *n)
{
    static const char *const columns[] = {"id",     "modality",  "body_part",  "sex",     "status",
                                          "author", "accession", "patient_id", "language"};
    static const char *const rules[2] = {"rule", NULL}, *const checks[2] = {"\"check\"", NULL},
                             *const advice[2] = {"action", NULL};
    const writer w = {a, p, sql};
    rt_str name = n->text;
    if (rt_str_eq_nocase(name, RT_STR("critical")))
        return write_listed(&w, "critical_flag", rules, n->low);
    if (rt_str_eq_nocase(name, RT_STR("qa")))
        return write_qa(&w, checks, n->low);
    if (rt_str_eq_nocase(name, RT_STR("advice")))
        return write_listed(&w, "recommendation", advice, n->low);
    if (rt_str_eq_nocase(name, RT_STR("communicated")))
        return write_told(&w, n->low);
    if (rt_str_eq_nocase(name, RT_STR("date")))
        return RT_FIELD_WAY_DAY;
    if (rt_str_eq_nocase(name, RT_STR("report_date")))
        write_date(&w, n, "report_date");
    else if (rt_str_eq_nocase(name, RT_STR("age")))
        write_age(&w, n);
    else if (rt_str_eq_nocase(name, RT_STR("exam")))
        write_exam(&w, n->low);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (rt_str_eq_nocase(name, rt_str_from(columns[i])))
            write_column(&w, columns[i], n->low);
    return RT_FIELD_WAY_REPORT;
}
