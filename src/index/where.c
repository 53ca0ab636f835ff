/* The conditions of a query that are plain SQL: on one finding, on fields of the record, on
 * sections. See plan.h. */
#include "index/plan.h"

#include <math.h>

#include "base/utf8.h"

/* ---- conditions on one finding; ORDER ROW: '$[n]' as rt_row_item */

static const char *const item_concept = "json_extract(f.value, '$[0]')";

/* Ids as a JSON array: the concepts themselves, or what is below them. */
static void add_ids(const rt_plan *p, rt_buf *out, const rt_concepts *of, bool anatomy, bool below)
{
    const rt_lexicon *x = p->lexicon;
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

static void in_ids(rt_plan *p, rt_buf *sql, const rt_buf *ids)
{
    rt_buf_addz(sql, " IN (SELECT value FROM json_each(");
    rt_plan_param_buf(p, sql, ids);
    rt_buf_addz(sql, "))");
}

/* `value` is one of the concepts, or below them where the state of the finding lets it inherit. */
static void write_concepts(rt_plan *p, rt_buf *sql, const rt_concepts *of, const char *value,
                           bool anatomy)
{
    rt_buf ids;
    rt_buf_init(&ids, SIZE_MAX);
    add_ids(p, &ids, of, anatomy, false);
    rt_buf_addf(sql, "(%s", value);
    in_ids(p, sql, &ids);
    rt_buf_clear(&ids);
    add_ids(p, &ids, of, anatomy, true);
    rt_buf_addf(sql, " OR json_extract(f.value, '$[1]') IN ('p', 'o') AND %s", value);
    in_ids(p, sql, &ids);
    rt_buf_addc(sql, ')');
    rt_buf_free(&ids);
}

static void write_bits(rt_buf *sql, unsigned item, uint32_t bits)
{
    const char *comma = "";
    if (bits == 0)
        return;
    rt_buf_addf(sql, " AND coalesce(json_extract(f.value, '$[%u]'), 0) IN (", item);
    for (unsigned i = 0; i < 32; i++) {
        if ((bits >> i & 1U) == 0)
            continue;
        rt_buf_addf(sql, "%s%u", comma, i);
        comma = ", ";
    }
    rt_buf_addc(sql, ')');
}

static void write_letters(rt_buf *sql, uint32_t letters)
{
    const char *comma = "";
    if (letters == 0)
        return;
    rt_buf_addz(sql, " AND json_extract(f.value, '$[1]') IN (");
    for (unsigned i = 0; i < RT_LETTER_END; i++) {
        if ((letters >> i & 1U) == 0)
            continue;
        rt_buf_addf(sql, "%s'%c'", comma, rt_state_letters[i]);
        comma = ", ";
    }
    rt_buf_addc(sql, ')');
}

static void write_size(rt_buf *sql, const rt_atom *a)
{
    static const char item[] = " AND coalesce(json_extract(f.value, '$[10]'), 0) ";
    if (!a->sized)
        return;
    rt_buf_addz(sql, item);
    rt_buf_addz(sql, "> 0");
    rt_buf_addz(sql, item);
    rt_buf_addz(sql, a->low_open ? "> " : ">= ");
    rt_buf_number(sql, a->size_low);
    if (!isfinite(a->size_high))
        return;
    rt_buf_addz(sql, item);
    rt_buf_addz(sql, a->high_open ? "< " : "<= ");
    rt_buf_number(sql, a->size_high);
}

void rt_where_atom(rt_plan *p, rt_buf *sql, const rt_atom *a)
{
    rt_buf_addz(sql, "(1");
    if (a->wants_concept) {
        rt_buf_addz(sql, " AND ");
        write_concepts(p, sql, &a->concepts, item_concept, false);
    }
    if (a->wants_anatomy) {
        rt_buf_addz(sql, " AND EXISTS (SELECT 1 FROM json_each(f.value, '$[6]') a WHERE ");
        write_concepts(p, sql, &a->anatomy, "a.value", true);
        rt_buf_addc(sql, ')');
    }
    write_letters(sql, a->letters);
    write_bits(sql, RT_ROW_SECTION, a->sections);
    write_bits(sql, RT_ROW_SIDE, a->sides);
    write_bits(sql, RT_ROW_SEVERITY, a->severities);
    write_bits(sql, RT_ROW_CHANGE, a->changes);
    write_size(sql, a);
    rt_buf_addc(sql, ')');
}

void rt_where_exists(rt_plan *p, rt_buf *sql, const rt_atom *a)
{
    rt_buf_addz(sql, "EXISTS (SELECT 1 FROM json_each(r.findings) f WHERE ");
    rt_where_atom(p, sql, a);
    rt_buf_addc(sql, ')');
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

/* critical:1  critical:0  critical:C030 (the rule) */
static void write_critical(rt_plan *p, rt_buf *sql, rt_str value)
{
    rt_buf_addz(sql, is_no(value) ? "NOT " : "");
    rt_buf_addz(sql, "EXISTS (SELECT 1 FROM critical_flag c WHERE c.report = r.rowid");
    if (!is_yes(value) && !is_no(value)) {
        rt_buf_addz(sql, " AND c.rule = ");
        rt_plan_param(p, sql, value);
        rt_buf_addz(sql, " COLLATE NOCASE");
    }
    rt_buf_addc(sql, ')');
}

/* qa:1  qa:0  qa:Q01 (the check)  qa:high (its severity) */
static void write_qa(rt_plan *p, rt_buf *sql, rt_str value)
{
    unsigned level;
    rt_buf_addz(sql, is_no(value) ? "NOT " : "");
    rt_buf_addz(sql, "EXISTS (SELECT 1 FROM qa_issue q WHERE q.report = r.rowid");
    if (rt_qa_level_parse(value, &level)) {
        rt_buf_addf(sql, " AND q.severity = %u", level);
    } else if (!is_yes(value) && !is_no(value)) {
        rt_buf_addz(sql, " AND q.\"check\" = ");
        rt_plan_param(p, sql, value);
        rt_buf_addz(sql, " COLLATE NOCASE");
    }
    rt_buf_addc(sql, ')');
}

static void write_told(rt_buf *sql, rt_str value)
{
    rt_buf_addf(sql,
                "EXISTS (SELECT 1 FROM critical_flag c WHERE c.report = r.rowid"
                " AND c.communicated = %d)",
                is_yes(value));
}

/* Dates are compared by their digits: 2024-03-05, 2024/03/05 between 20240305 are one; 2024-03 is
 * the whole month. */
static rt_str date_digits(rt_arena *a, rt_str s, const char *more)
{
    char digits[40];
    size_t n = 0;
    for (size_t i = 0; i < s.len && n + 1 < sizeof digits; i++)
        if (rt_is_digit(s.ptr[i]))
            digits[n++] = s.ptr[i];
    return rt_arena_printf(a, "%.*s%s", (int)n, digits, more);
}

static void write_date(rt_plan *p, rt_buf *sql, const rt_query_node *n, const char *column)
{
    rt_buf_addc(sql, '(');
    if (n->low.len > 0) {
        rt_buf_addf(sql, "coalesce(replace(replace(r.%s, '-', ''), '/', '') >= ", column);
        rt_plan_param(p, sql, date_digits(p->arena, n->low, n->low_open ? "99999999" : ""));
        rt_buf_addz(sql, ", 0)");
    }
    rt_buf_addz(sql, n->low.len > 0 && n->high.len > 0 ? " AND " : "");
    if (n->high.len > 0) {
        rt_buf_addf(sql, "coalesce(replace(replace(r.%s, '-', ''), '/', '') < ", column);
        rt_plan_param(p, sql, date_digits(p->arena, n->high, n->high_open ? "" : "99999999"));
        rt_buf_addz(sql, ", 0)");
    }
    rt_buf_addc(sql, ')');
}

static void write_age(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    rt_buf_addz(sql, "(r.age IS NOT NULL");
    if (n->low.len > 0) {
        rt_buf_addf(sql, " AND CAST(r.age AS REAL) %s CAST(", n->low_open ? ">" : ">=");
        rt_plan_param(p, sql, n->low);
        rt_buf_addz(sql, " AS REAL)");
    }
    if (n->high.len > 0) {
        rt_buf_addf(sql, " AND CAST(r.age AS REAL) %s CAST(", n->high_open ? "<" : "<=");
        rt_plan_param(p, sql, n->high);
        rt_buf_addz(sql, " AS REAL)");
    }
    rt_buf_addc(sql, ')');
}

static void write_column(rt_plan *p, rt_buf *sql, const char *column, rt_str value)
{
    rt_buf_addf(sql, "coalesce(r.\"%s\" = ", column);
    rt_plan_param(p, sql, value);
    rt_buf_addz(sql, " COLLATE NOCASE, 0)");
}

static void write_exam(rt_plan *p, rt_buf *sql, rt_str value)
{
    rt_buf_addz(sql, "coalesce(instr(lower(r.exam), lower(");
    rt_plan_param(p, sql, value);
    rt_buf_addz(sql, ")) > 0, 0)");
}

void rt_where_field(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    static const char *const columns[] = {"id",     "modality",  "body_part",  "sex",     "status",
                                          "author", "accession", "patient_id", "language"};
    if (rt_str_eq_nocase(n->text, RT_STR("critical")))
        write_critical(p, sql, n->low);
    else if (rt_str_eq_nocase(n->text, RT_STR("qa")))
        write_qa(p, sql, n->low);
    else if (rt_str_eq_nocase(n->text, RT_STR("communicated")))
        write_told(sql, n->low);
    else if (rt_str_eq_nocase(n->text, RT_STR("date")))
        write_date(p, sql, n, "date");
    else if (rt_str_eq_nocase(n->text, RT_STR("report_date")))
        write_date(p, sql, n, "report_date");
    else if (rt_str_eq_nocase(n->text, RT_STR("age")))
        write_age(p, sql, n);
    else if (rt_str_eq_nocase(n->text, RT_STR("exam")))
        write_exam(p, sql, n->low);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (rt_str_eq_nocase(n->text, rt_str_from(columns[i])))
            write_column(p, sql, columns[i], n->low);
}

void rt_where_section(rt_buf *sql, uint32_t sections)
{
    const char *comma = "";
    rt_buf_addz(sql, "EXISTS (SELECT 1 FROM json_each(r.sections) s"
                     " WHERE json_extract(s.value, '$[0]') IN (");
    for (unsigned i = 0; i < RT_SECTION_END; i++) {
        if ((sections >> i & 1U) == 0)
            continue;
        rt_buf_addf(sql, "%s%u", comma, i);
        comma = ", ";
    }
    rt_buf_addz(sql, "))");
}
