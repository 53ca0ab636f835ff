/* The conditions of a query that are plain SQL: on claims, and on fields of the record. See eval.h.
 */
#include "index/eval.h"

#include <math.h>

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

/* ---- conditions on c, a row of claim */

typedef struct writer {
    rt_arena *arena;
    const rt_lexicon *lexicon;
    rt_params *params;
    rt_buf *sql;
} writer;

/* Ids as a JSON array: the concepts themselves, or what is below them. */
static void add_ids(const rt_lexicon *x, rt_buf *out, const rt_concepts *of, bool anatomy,
                    bool below)
{
    const char *comma = "";
    rt_buf_addc(out, '[');
    for (uint32_t c = 0; c < x->n_concepts; c++) {
        bool self = false, under = false;
        for (uint32_t i = 0; i < of->len; i++) {
            self = self || c == of->at[i];
            under = under || (anatomy ? rt_lexicon_part_of(x, c, of->at[i])
                                      : rt_lexicon_is_a(x, c, of->at[i]));
        }
        if (below ? self || !under : !self)
            continue;
        rt_buf_addf(out, "%s\"%s\"", comma, rt_lexicon_text(x, x->concepts[c].id));
        comma = ",";
    }
    rt_buf_addc(out, ']');
}

static void in_ids(const writer *w, const rt_concepts *of, bool anatomy, bool below)
{
    rt_buf ids;
    rt_buf_init(&ids, SIZE_MAX);
    add_ids(w->lexicon, &ids, of, anatomy, below);
    rt_buf_addz(w->sql, " IN (SELECT value FROM json_each(");
    rt_param(w->arena, w->params, w->sql, rt_arena_copy(w->arena, rt_buf_str(&ids)));
    rt_buf_addz(w->sql, "))");
    rt_buf_free(&ids);
}

/* `value` is one of the concepts, or below them where the state of the finding lets it inherit. */
static void write_concepts(const writer *w, const rt_concepts *of, const char *value, bool anatomy)
{
    rt_buf_addf(w->sql, "(%s", value);
    in_ids(w, of, anatomy, false);
    rt_buf_addf(w->sql, " OR c.code GLOB '[po]*' AND %s", value);
    in_ids(w, of, anatomy, true);
    rt_buf_addc(w->sql, ')');
}

/* ORDER CODE: a digit of claim.code is one of the values. */
static void write_bits(rt_buf *sql, unsigned place, uint32_t bits)
{
    const char *comma = "";
    if (bits == 0)
        return;
    rt_buf_addf(sql, " AND substr(c.code, %u, 1) IN (", place);
    for (unsigned i = 0; i < 10; i++) {
        if ((bits >> i & 1U) == 0)
            continue;
        rt_buf_addf(sql, "%s'%u'", comma, i);
        comma = ", ";
    }
    rt_buf_addc(sql, ')');
}

static void write_letters(rt_buf *sql, uint32_t letters)
{
    if (letters == 0)
        return;
    rt_buf_addz(sql, " AND c.code GLOB '[");
    for (unsigned i = 0; i < RT_LETTER_END; i++)
        if ((letters >> i & 1U) != 0)
            rt_buf_addc(sql, rt_state_letters[i]);
    rt_buf_addz(sql, "]*'");
}

static void write_atom(const writer *w, const rt_atom *a)
{
    if (a->wants_concept) {
        rt_buf_addz(w->sql, " AND ");
        rt_buf_addc(w->sql, '(');
        write_concepts(w, &a->concepts, "c.concept", false);
        if (a->exactly.len > 0) {
            rt_buf_addz(w->sql, " OR c.concept");
            in_ids(w, &a->exactly, false, false);
        }
        rt_buf_addc(w->sql, ')');
    }
    if (a->wants_anatomy) {
        rt_buf_addz(w->sql, " AND EXISTS (SELECT 1 FROM json_each('[\"' || replace(c.anatomy, '|',"
                            " '\",\"') || '\"]') a WHERE ");
        write_concepts(w, &a->anatomy, "a.value", true);
        rt_buf_addc(w->sql, ')');
    }
    write_letters(w->sql, a->letters);
    write_bits(w->sql, 3, a->sections);
    write_bits(w->sql, 4, a->sides);
    write_bits(w->sql, 5, a->severities);
    write_bits(w->sql, 6, a->changes);
}

static rt_code fill_claims(rt_atom_test *t, rt_index *x, sqlite3_stmt *s, rt_err *err)
{
    int64_t last = 0;
    bool row = true;
    rt_code code = rt_db_number(x, "SELECT max(n) FROM claim", &last, err);
    if (code == RT_OK && !rt_bits_new(&t->claims, last + 1))
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            rt_bits_set(&t->claims, sqlite3_column_int64(s, 0));
    }
    return code;
}

rt_code rt_atom_test_open(rt_atom_test *t, rt_index *x, rt_arena *a, const rt_atom *atom,
                          rt_err *err)
{
    rt_buf sql;
    rt_params params = {0};
    sqlite3_stmt *s = NULL;
    const writer w = {a, x->know->lexicon, &params, &sql};
    *t = (rt_atom_test){.atom = atom};
    rt_buf_init(&sql, SIZE_MAX);
    rt_buf_addz(&sql, "SELECT c.n FROM claim c WHERE 1");
    write_atom(&w, atom);
    rt_buf_addc(&sql, '\0');
    rt_code code = rt_buf_check(&sql, err);
    if (code == RT_OK && *a->full)
        code = rt_fail(err, RT_ELIMIT, "query: too long");
    if (code == RT_OK)
        code = rt_db_prepare(x, sql.ptr, &s, err);
    if (code == RT_OK) {
        rt_params_bind(&params, s);
        code = fill_claims(t, x, s, err);
    }
    sqlite3_finalize(s);
    rt_buf_free(&sql);
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

static void write_day(rt_buf *sql, const rt_query_node *n)
{
    rt_buf_addz(sql, "r.day IS NOT NULL");
    if (n->low.len > 0)
        rt_buf_addf(sql, " AND r.day %s %lld",
                    n->low_open ? ">" : ">=", day_number(n->low, n->low_open ? '9' : '0'));
    if (n->high.len > 0)
        rt_buf_addf(sql, " AND r.day %s %lld",
                    n->high_open ? "<" : "<=", day_number(n->high, n->high_open ? '0' : '9'));
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
    const writer w = {a, NULL, p, sql};
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
        write_day(sql, n);
    else if (rt_str_eq_nocase(name, RT_STR("report_date")))
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
