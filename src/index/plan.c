/* A query tree to SQL. See plan.h. */
#include "index/plan.h"

#include <math.h>

#include "base/utf8.h"

/* ---- parameters */

static void param(rt_plan *p, rt_buf *sql, rt_str value)
{
    RT_PUSH(p->arena, &p->params, value);
    rt_buf_addf(sql, "?%u", p->params.len);
}

static void param_buf(rt_plan *p, rt_buf *sql, const rt_buf *value)
{
    param(p, sql, rt_arena_copy(p->arena, rt_buf_str(value)));
}

/* ---- MATCH: what FTS5 can answer alone */

static bool exact_atom(const rt_atom *a)
{
    return a->sections == 0 && a->sides == 0 && a->severities == 0 && a->changes == 0 &&
           !a->sized && !(a->wants_concept && a->wants_anatomy) &&
           (a->wants_concept || a->wants_anatomy || a->letters != 0);
}

static bool has_token(const rt_atom *a)
{
    return a->wants_concept || a->wants_anatomy || a->letters != 0;
}

static bool matchable(const rt_query_node *n);

static bool matchable_group(const rt_query_node *n)
{
    bool positive = false;
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        bool not = c->kind == RT_QUERY_NOT && n->kind == RT_QUERY_AND;
        if (!matchable(not ? c->child : c))
            return false;
        positive = positive || !not;
    }
    return positive;
}

static bool matchable(const rt_query_node *n)
{
    switch (n->kind) {
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
        return true;
    case RT_QUERY_FINDING:
        return exact_atom(&n->atom);
    case RT_QUERY_AND:
    case RT_QUERY_OR:
        return matchable_group(n);
    case RT_QUERY_NOT:
    case RT_QUERY_FIELD:
    case RT_QUERY_SECTION:
        break;
    }
    return false;
}

static void match_columns(rt_buf *m, uint32_t sections)
{
    if (sections == 0) {
        rt_buf_addz(m, "- concepts : ");
        return;
    }
    rt_buf_addc(m, '{');
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        if ((sections >> i & 1U) != 0)
            rt_buf_addf(m, "\"%s\" ", rt_section_name(i));
    rt_buf_addz(m, "} : ");
}

static void match_phrase(rt_buf *m, const rt_query_node *n)
{
    rt_buf_addc(m, '"');
    for (size_t i = 0; i < n->text.len; i++) {
        if (n->text.ptr[i] == '"')
            rt_buf_addc(m, '"');
        rt_buf_addc(m, n->text.ptr[i]);
    }
    rt_buf_addz(m, n->prefix ? "\" * " : "\" ");
}

static void match_near(rt_buf *m, const rt_query_node *n)
{
    match_columns(m, n->child->sections);
    rt_buf_addz(m, "NEAR(");
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        match_phrase(m, c);
    rt_buf_addf(m, ", %u)", n->near);
}

static void match_tokens(const rt_plan *p, rt_buf *m, const rt_concepts *concepts, char kind,
                         uint32_t letters)
{
    const char *or = "";
    for (uint32_t i = 0; i < concepts->len; i++) {
        for (unsigned letter = 0; letter < RT_LETTER_END; letter++) {
            if (letters != 0 && (letters >> letter & 1U) == 0)
                continue;
            rt_buf_addz(m, or);
            rt_token_concept(m, p->lexicon, kind, concepts->at[i], letter);
            or = " OR ";
        }
    }
}

/* The tokens that a report with such a finding must have. */
static void match_atom(const rt_plan *p, rt_buf *m, const rt_atom *a)
{
    const char *and = "";
    if (a->wants_concept) {
        rt_buf_addz(m, "concepts : (");
        match_tokens(p, m, &a->concepts, 'c', a->letters);
        rt_buf_addc(m, ')');
        and = " AND ";
    }
    if (a->wants_anatomy) {
        rt_buf_addz(m, and);
        rt_buf_addz(m, "concepts : (");
        match_tokens(p, m, &a->anatomy, 'l', a->letters);
        rt_buf_addc(m, ')');
    }
    if (a->wants_concept || a->wants_anatomy)
        return;
    rt_buf_addz(m, "concepts : (");
    const char *or = "";
    for (unsigned letter = 0; letter < RT_LETTER_END; letter++) {
        if ((a->letters >> letter & 1U) == 0)
            continue;
        rt_buf_addz(m, or);
        rt_token_any(m, letter);
        or = " OR ";
    }
    rt_buf_addc(m, ')');
}

static void match_node(const rt_plan *p, rt_buf *m, const rt_query_node *n);

/* FTS5 knows NOT as an operator between two, which binds closest: the positive parts come first, and
 * "a AND b NOT c" is what it should be without more brackets, of which FTS5 takes few. */
static void match_group(const rt_plan *p, rt_buf *m, const rt_query_node *n)
{
    const char *between = "(";
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind == RT_QUERY_NOT)
            continue;
        rt_buf_addz(m, between);
        match_node(p, m, c);
        between = n->kind == RT_QUERY_AND ? " AND " : " OR ";
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind != RT_QUERY_NOT)
            continue;
        rt_buf_addz(m, " NOT ");
        match_node(p, m, c->child);
    }
    rt_buf_addc(m, ')');
}

static void match_node(const rt_plan *p, rt_buf *m, const rt_query_node *n)
{
    switch (n->kind) {
    case RT_QUERY_WORDS:
        match_columns(m, n->sections);
        match_phrase(m, n);
        break;
    case RT_QUERY_NEAR:
        match_near(m, n);
        break;
    case RT_QUERY_FINDING:
        match_atom(p, m, &n->atom);
        break;
    case RT_QUERY_AND:
    case RT_QUERY_OR:
        match_group(p, m, n);
        break;
    case RT_QUERY_NOT: /* matchable() lets none of these through */
    case RT_QUERY_FIELD:
    case RT_QUERY_SECTION:
        break;
    }
}

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
    param_buf(p, sql, ids);
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

static void write_atom(rt_plan *p, rt_buf *sql, const rt_atom *a)
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

static void write_exists(rt_plan *p, rt_buf *sql, const rt_atom *a)
{
    rt_buf_addz(sql, "EXISTS (SELECT 1 FROM json_each(r.findings) f WHERE ");
    write_atom(p, sql, a);
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
        param(p, sql, value);
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

/* Dates are compared by their digits: 2024-03-05, 2024/03/05 and 20240305 are one; 2024-03 is the
 * whole month. */
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
        param(p, sql, date_digits(p->arena, n->low, n->low_open ? "99999999" : ""));
        rt_buf_addz(sql, ", 0)");
    }
    rt_buf_addz(sql, n->low.len > 0 && n->high.len > 0 ? " AND " : "");
    if (n->high.len > 0) {
        rt_buf_addf(sql, "coalesce(replace(replace(r.%s, '-', ''), '/', '') < ", column);
        param(p, sql, date_digits(p->arena, n->high, n->high_open ? "" : "99999999"));
        rt_buf_addz(sql, ", 0)");
    }
    rt_buf_addc(sql, ')');
}

static void write_age(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    rt_buf_addz(sql, "(r.age IS NOT NULL");
    if (n->low.len > 0) {
        rt_buf_addf(sql, " AND CAST(r.age AS REAL) %s CAST(", n->low_open ? ">" : ">=");
        param(p, sql, n->low);
        rt_buf_addz(sql, " AS REAL)");
    }
    if (n->high.len > 0) {
        rt_buf_addf(sql, " AND CAST(r.age AS REAL) %s CAST(", n->high_open ? "<" : "<=");
        param(p, sql, n->high);
        rt_buf_addz(sql, " AS REAL)");
    }
    rt_buf_addc(sql, ')');
}

static void write_column(rt_plan *p, rt_buf *sql, const char *column, rt_str value)
{
    rt_buf_addf(sql, "coalesce(r.\"%s\" = ", column);
    param(p, sql, value);
    rt_buf_addz(sql, " COLLATE NOCASE, 0)");
}

static void write_exam(rt_plan *p, rt_buf *sql, rt_str value)
{
    rt_buf_addz(sql, "coalesce(instr(lower(r.exam), lower(");
    param(p, sql, value);
    rt_buf_addz(sql, ")) > 0, 0)");
}

static void write_field(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    static const char *const columns[] = {"id",     "modality",  "body_part",  "sex",     "status",
                                          "author", "accession", "patient_id", "language"};
    if (rt_str_eq_nocase(n->text, RT_STR("critical")))
        write_critical(p, sql, n->low);
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

static void write_section(rt_buf *sql, uint32_t sections)
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

/* ---- the whole: what must hold together is one MATCH and the rest */

typedef struct parts {
    rt_buf match; /* empty: none */
    rt_buf rest;  /* conditions, each begun with " AND " */
} parts;

static void write_node(rt_plan *p, rt_buf *sql, const rt_query_node *n);

static void add_match(const rt_plan *p, rt_buf *match, const rt_query_node *n)
{
    rt_buf_addz(match, match->len > 0 ? " AND " : "");
    if (n->kind == RT_QUERY_FINDING)
        match_atom(p, match, &n->atom);
    else
        match_node(p, match, n);
}

static void split_one(rt_plan *p, parts *to, const rt_query_node *n)
{
    bool whole = matchable(n);
    bool finding = n->kind == RT_QUERY_FINDING;
    if (whole || (finding && has_token(&n->atom)))
        add_match(p, &to->match, n);
    if (whole)
        return;
    rt_buf_addz(&to->rest, " AND ");
    if (finding)
        write_exists(p, &to->rest, &n->atom);
    else
        write_node(p, &to->rest, n);
}

static void split(rt_plan *p, parts *to, const rt_query_node *n)
{
    rt_buf_init(&to->match, SIZE_MAX);
    rt_buf_init(&to->rest, SIZE_MAX);
    if (n->kind != RT_QUERY_AND || matchable(n)) {
        split_one(p, to, n);
        return;
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        if (c->kind != RT_QUERY_NOT)
            split_one(p, to, c);
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind != RT_QUERY_NOT)
            continue;
        rt_buf_addz(&to->rest, " AND NOT ");
        write_node(p, &to->rest, c->child);
    }
}

static void parts_free(parts *s)
{
    rt_buf_free(&s->match);
    rt_buf_free(&s->rest);
}

static void write_in_match(rt_plan *p, rt_buf *sql, const rt_buf *match)
{
    rt_buf_addz(sql, "r.rowid IN (SELECT rowid FROM report_fts WHERE report_fts MATCH ");
    param_buf(p, sql, match);
    rt_buf_addc(sql, ')');
}

static void write_together(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    parts s;
    split(p, &s, n);
    rt_buf_addc(sql, '(');
    if (s.match.len > 0)
        write_in_match(p, sql, &s.match);
    else
        rt_buf_addc(sql, '1');
    rt_buf_add(sql, rt_buf_str(&s.rest));
    rt_buf_addc(sql, ')');
    parts_free(&s);
}

static void write_node(rt_plan *p, rt_buf *sql, const rt_query_node *n)
{
    const char *between = "(";
    switch (n->kind) {
    case RT_QUERY_AND:
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
    case RT_QUERY_FINDING:
        write_together(p, sql, n);
        break;
    case RT_QUERY_OR:
        if (matchable(n)) {
            write_together(p, sql, n);
            break;
        }
        for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
            rt_buf_addz(sql, between);
            write_node(p, sql, c);
            between = " OR ";
        }
        rt_buf_addc(sql, ')');
        break;
    case RT_QUERY_NOT:
        rt_buf_addz(sql, "NOT ");
        write_node(p, sql, n->child);
        break;
    case RT_QUERY_FIELD:
        write_field(p, sql, n);
        break;
    case RT_QUERY_SECTION:
        write_section(sql, n->sections);
        break;
    }
}

bool rt_plan_from(rt_plan *p, const rt_query_node *root, bool joined, rt_buf *sql)
{
    parts s;
    split(p, &s, root);
    bool words = s.match.len > 0;
    if (!words) {
        rt_buf_addz(sql, " FROM report r WHERE 1");
    } else {
        joined = joined || s.rest.len > 0;
        rt_buf_addz(sql, joined ? " FROM report_fts CROSS JOIN report r ON r.rowid = report_fts.rowid"
                                : " FROM report_fts");
        rt_buf_addz(sql, " WHERE report_fts MATCH ");
        param_buf(p, sql, &s.match);
    }
    rt_buf_add(sql, rt_buf_str(&s.rest));
    parts_free(&s);
    return words;
}

bool rt_plan_marks(rt_plan *p, const rt_query_node *n, rt_buf *sql)
{
    bool any = false;
    if (n->kind == RT_QUERY_NOT)
        return false;
    if (n->kind == RT_QUERY_FINDING) {
        rt_buf_addz(sql, sql->len > 0 ? " OR " : "");
        write_atom(p, sql, &n->atom);
        return true;
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        any = rt_plan_marks(p, c, sql) || any;
    return any;
}
