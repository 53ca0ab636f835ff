/* Critical-finding rules: reading lexicons/critical.tsv and asking whether a rule holds. The
 * condition language is described at the top of that file. */
#include "knowledge/rules.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "knowledge/tsv.h"
#include "text/fold.h"

#define MAX_FILE (4U << 20)
#define ARENA_BYTES (8U << 20)
#define MATCH_LIMIT                                                                                \
    20000 /* steps of a text pattern over one sentence: no pattern may hang a report */

#define KEYS(X)                                                                                    \
    X(acuity)                                                                                      \
    X(modifier)                                                                                    \
    X(anatomy)                                                                                     \
    X(severity) X(change) X(side) X(size) X(volume) X(percent) X(count) X(section) X(with) X(text)
#define X(k) KEY_##k,
typedef enum key { KEYS(X) N_KEYS } key;
#undef X

typedef struct condition {
    uint32_t key;
    char op;         /* '=' '!' '<' '>' '~', and 'g' for >=, 'l' for <= */
    rt_range values; /* in values: concept indices or closed values */
    double number;
    pcre2_code *text;
} condition;

typedef struct rule {
    rt_rule_info info;
    rt_range concepts;     /* in values */
    rt_range when, unless; /* in conditions */
} rule;

struct rt_rules {
    const rt_lexicon *lex;
    char *memory;
    rt_arena arena;
    bool full;
    rt_tsv tsv;
    rt_bytes file;
    RT_VEC(rule) rules;
    RT_VEC(condition) conditions;
    RT_VEC(uint32_t) values;
    RT_VEC(uint32_t) order; /* rule indices grouped by concept */
    rt_range *by_concept;   /* of each concept of the lexicon, in order */
};

/* ---- reading
 * ------------------------------------------------------------------------------------------- */

static rt_code fail(rt_rules *r, rt_str at, rt_err *err, const char *what)
{
    return rt_tsv_fail(&r->tsv, at, err, "%s \"%.*s\"", what, (int)at.len, at.ptr);
}

static rt_code read_concepts(rt_rules *r, rt_str cell, char separator, rt_range *out, rt_err *err)
{
    *out = (rt_range){r->values.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, separator);
        uint32_t concept;
        if (!rt_lexicon_by_name(r->lex, cut.head, &concept))
            return fail(r, cut.head, err, "no concept is called");
        RT_PUSH(&r->arena, &r->values, concept);
        out->count++;
        cell = cut.tail;
    }
    return RT_OK;
}

static rt_code read_words(rt_rules *r, rt_str cell, bool (*parse)(rt_str, unsigned *),
                          rt_range *out, rt_err *err)
{
    *out = (rt_range){r->values.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, ',');
        unsigned value;
        if (!parse(cut.head, &value))
            return fail(r, cut.head, err, "not a value of this key:");
        RT_PUSH(&r->arena, &r->values, value);
        out->count++;
        cell = cut.tail;
    }
    return RT_OK;
}

static rt_code read_pattern(rt_rules *r, rt_str cell, condition *c, rt_err *err)
{
    int code;
    PCRE2_SIZE at;
    c->text = pcre2_compile((PCRE2_SPTR)cell.ptr, cell.len,
                            PCRE2_UTF | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (c->text)
        return RT_OK;
    return fail(r, rt_str_slice(cell, at < cell.len ? at : cell.len, cell.len), err,
                "the pattern is malformed at");
}

/* "5mm" "50%" "3": the number; its unit is fixed by the key. */
static rt_code read_number(rt_rules *r, rt_str cell, condition *c, rt_err *err)
{
    size_t n = 0;
    while (n < cell.len && (rt_is_digit(cell.ptr[n]) || cell.ptr[n] == '.'))
        n++;
    rt_str unit = rt_str_slice(cell, n, cell.len);
    if (!rt_str_number(rt_str_slice(cell, 0, n), &c->number))
        return fail(r, cell, err, "not a number:");
    if (rt_str_eq(unit, RT_STR("cm")))
        c->number *= 10;
    else if (unit.len > 0 && !rt_str_eq(unit, RT_STR("mm")) && !rt_str_eq(unit, RT_STR("ml")) &&
             !rt_str_eq(unit, RT_STR("%")))
        return fail(r, unit, err, "unknown unit");
    return RT_OK;
}

static bool read_key(rt_str name, uint32_t *out)
{
#define X(k) #k,
    static const char *const names[] = {KEYS(X)};
#undef X
    for (uint32_t i = 0; i < N_KEYS; i++)
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

static rt_code read_values(rt_rules *r, rt_str cell, condition *c, rt_err *err)
{
    switch ((key)c->key) {
    case KEY_severity:
        return read_words(r, cell, rt_severity_parse, &c->values, err);
    case KEY_change:
        return read_words(r, cell, rt_change_parse, &c->values, err);
    case KEY_side:
        return read_words(r, cell, rt_side_parse, &c->values, err);
    case KEY_section:
        return read_words(r, cell, rt_section_parse, &c->values, err);
    case KEY_size:
    case KEY_volume:
    case KEY_percent:
    case KEY_count:
        return read_number(r, cell, c, err);
    case KEY_text:
        return read_pattern(r, cell, c, err);
    case KEY_acuity:
    case KEY_modifier:
    case KEY_anatomy:
    case KEY_with:
    case N_KEYS:
        break;
    }
    return read_concepts(r, cell, ',', &c->values, err);
}

static rt_code read_condition(rt_rules *r, rt_str s, rt_err *err)
{
    condition c = {0};
    size_t n = 0;
    while (n < s.len && !strchr("=!<>~", s.ptr[n]))
        n++;
    if (n == s.len || !read_key(rt_str_slice(s, 0, n), &c.key))
        return fail(r, s, err, "not a condition:");
    c.op = s.ptr[n++];
    bool equal = n < s.len && s.ptr[n] == '=';
    if (equal && c.op != '=' && c.op != '~') {
        n++;
        c.op = c.op == '>' ? 'g' : c.op == '<' ? 'l' : c.op;
    }
    rt_code code = read_values(r, rt_str_slice(s, n, s.len), &c, err);
    if (code == RT_OK)
        RT_PUSH(&r->arena, &r->conditions, c);
    return code;
}

static rt_code read_conditions(rt_rules *r, rt_str cell, rt_range *out, rt_err *err)
{
    *out = (rt_range){r->conditions.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, ';');
        rt_code code = read_condition(r, rt_str_trim(cut.head), err);
        if (code != RT_OK)
            return code;
        out->count++;
        cell = cut.tail;
    }
    return RT_OK;
}

static const char *text(rt_rules *r, rt_str s)
{
    char *z = RT_NEW(&r->arena, char, s.len + 1); /* zeroed */
    if (!z)
        return "";
    memcpy(z, s.ptr, s.len);
    return z;
}

static rt_code read_rule(rt_rules *r, rt_err *err)
{
    enum { ID, FAMILY, CATEGORY, MINUTES, CONCEPTS, WHEN, UNLESS, NAME_EN, NAME_ZH, SOURCE };
    const rt_str *cell = r->tsv.cell;
    double category, minutes;
    if (!rt_str_number(cell[CATEGORY], &category) || category < 1 || category > 3)
        return fail(r, cell[CATEGORY], err, "category must be 1, 2 or 3:");
    if (!rt_str_number(cell[MINUTES], &minutes) || minutes < 0)
        return fail(r, cell[MINUTES], err, "not a number of minutes:");
    rule u = {.info = {text(r, cell[ID]), text(r, cell[FAMILY]), text(r, cell[NAME_EN]),
                       text(r, cell[NAME_ZH]), text(r, cell[SOURCE]), (uint32_t)category,
                       (uint32_t)minutes}};
    rt_code code = read_concepts(r, cell[CONCEPTS], '|', &u.concepts, err);
    if (code == RT_OK)
        code = read_conditions(r, cell[WHEN], &u.when, err);
    if (code == RT_OK)
        code = read_conditions(r, cell[UNLESS], &u.unless, err);
    if (code == RT_OK)
        RT_PUSH(&r->arena, &r->rules, u);
    return code;
}

static bool covers(const rt_rules *r, const rule *u, uint32_t concept)
{
    for (uint32_t i = u->concepts.first; i < u->concepts.first + u->concepts.count; i++)
        if (rt_lexicon_is_a(r->lex, concept, r->values.at[i]))
            return true;
    return false;
}

static rt_range rules_of(rt_rules *r, uint32_t concept)
{
    rt_range found = {r->order.len, 0};
    for (uint32_t i = 0; i < r->rules.len; i++) {
        if (!covers(r, &r->rules.at[i], concept))
            continue;
        RT_PUSH(&r->arena, &r->order, i);
        found.count++;
    }
    return found;
}

static void order_by_concept(rt_rules *r)
{
    r->by_concept = RT_NEW(&r->arena, rt_range, r->lex->n_concepts + 1);
    for (uint32_t c = 0; r->by_concept && c < r->lex->n_concepts; c++)
        r->by_concept[c] = rules_of(r, c);
}

static rt_code load(rt_rules *r, const char *path, rt_err *err)
{
    static const char *const columns[] = {"id",       "family", "category", "minutes",
                                          "concepts", "when",   "unless",   "name_en",
                                          "name_zh",  "source", NULL};
    rt_code code = rt_file_read(path, MAX_FILE, &r->file, err);
    if (code == RT_OK)
        code = rt_tsv_open(&r->tsv, path, rt_bytes_str(&r->file), columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&r->tsv, &more, err);
        if (code == RT_OK && more)
            code = read_rule(r, err);
    }
    if (code == RT_OK)
        order_by_concept(r);
    if (code == RT_OK && r->full)
        code = rt_fail(err, RT_ELIMIT, "%s: too many rules", path);
    return code;
}

rt_code rt_rules_load(const char *path, const rt_lexicon *x, rt_rules **out, rt_err *err)
{
    rt_rules *r = calloc(1, sizeof *r);
    if (r)
        r->memory = malloc(ARENA_BYTES);
    if (!r || !r->memory) {
        free(r);
        return rt_fail(err, RT_ENOMEM, "no memory for the rules");
    }
    r->lex = x;
    r->arena = (rt_arena){r->memory, r->memory + ARENA_BYTES, &r->full};
    rt_code code = load(r, path, err);
    rt_bytes_free(&r->file);
    if (code == RT_OK)
        *out = r;
    else
        rt_rules_close(r);
    return code;
}

void rt_rules_close(rt_rules *r)
{
    if (!r)
        return;
    for (uint32_t i = 0; i < r->conditions.len; i++)
        pcre2_code_free(r->conditions.at[i].text);
    free(r->memory);
    free(r);
}

uint32_t rt_rules_count(const rt_rules *r)
{
    return r->rules.len;
}

const rt_rule_info *rt_rules_info(const rt_rules *r, uint32_t i)
{
    return &r->rules.at[i].info;
}

rt_range rt_rules_for(const rt_rules *r, uint32_t concept)
{
    return r->by_concept[concept];
}

uint32_t rt_rules_nth(const rt_rules *r, uint32_t i)
{
    return r->order.at[i];
}

/* ---- asking
 * -------------------------------------------------------------------------------------------- */

static bool has_value(const rt_rules *r, const condition *c, uint32_t value)
{
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        if (r->values.at[i] == value)
            return true;
    return false;
}

static bool is_kind(const rt_rules *r, const condition *c, uint32_t concept, bool parts)
{
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        if (parts ? rt_lexicon_part_of(r->lex, concept, r->values.at[i])
                  : rt_lexicon_is_a(r->lex, concept, r->values.at[i]))
            return true;
    return false;
}

static bool has_modifier(const rt_rules *r, const condition *c, const rt_doc *d,
                         const rt_finding *f)
{
    for (uint32_t i = f->modifiers.first; i < f->modifiers.first + f->modifiers.count; i++)
        if (is_kind(r, c, d->modifiers.at[i].concept, false))
            return true;
    return false;
}

static bool has_place(const rt_rules *r, const condition *c, const rt_doc *d, const rt_finding *f)
{
    for (uint32_t i = f->anatomy.first; i < f->anatomy.first + f->anatomy.count; i++)
        if (is_kind(r, c, d->places.at[i].concept, true))
            return true;
    return false;
}

static bool has_companion(const rt_rules *r, const condition *c, const rt_doc *d)
{
    for (uint32_t i = 0; i < d->findings.len; i++)
        if (d->findings.at[i].presence == RT_PRESENCE_PRESENT &&
            is_kind(r, c, d->findings.at[i].concept, false))
            return true;
    return false;
}

static bool compare(const condition *c, double value)
{
    return c->op == 'g'   ? value >= c->number
           : c->op == 'l' ? value <= c->number
           : c->op == '>' ? value > c->number
           : c->op == '<' ? value < c->number
           : c->op == '!' ? value != c->number
                          : value == c->number;
}

/* The largest current quantity of a kind, compared; false if none is stated. */
static bool has_quantity(const condition *c, const rt_doc *d, const rt_finding *f,
                         rt_measure_type kind)
{
    double largest = -1;
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        const rt_measure *m = &d->measures.at[d->finding_measures.at[i]];
        for (uint32_t k = 0; m->kind == kind && !m->prior && k < m->n; k++)
            largest = m->value[k] > largest ? m->value[k] : largest;
    }
    return largest >= 0 && compare(c, largest);
}

static bool has_text(const condition *c, const rt_doc *d, const rt_finding *f)
{
    rt_str s = rt_text_fslice(&d->text, d->sentences.at[f->sentence].at);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    int n = -1;
    if (data && limits) {
        pcre2_set_match_limit(limits, MATCH_LIMIT);
        n = pcre2_match(c->text, (PCRE2_SPTR)s.ptr, s.len, 0, 0, data, limits);
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    return n >= 0;
}

/* What does not depend on the finding itself is asked once a sentence (text) or report (with): a
 * thousand findings of one sentence cost one search of it. */
static bool remembered(const rt_rules *r, const condition *c, const rt_doc *d, const rt_finding *f,
                       rt_rule_memo *memo)
{
    uint32_t asked = c->key == KEY_text ? f->sentence + 1 : 1;
    rt_rule_memo *m = &memo[c - r->conditions.at];
    if (m->asked != asked)
        *m = (rt_rule_memo){asked, c->key == KEY_text ? has_text(c, d, f) : has_companion(r, c, d)};
    return m->yes;
}

static bool says(const rt_rules *r, const condition *c, const rt_doc *d, const rt_finding *f,
                 rt_rule_memo *memo)
{
    switch ((key)c->key) {
    case KEY_acuity:
    case KEY_modifier:
        return has_modifier(r, c, d, f);
    case KEY_anatomy:
        return has_place(r, c, d, f);
    case KEY_severity:
        return has_value(r, c, f->severity);
    case KEY_change:
        return has_value(r, c, f->change);
    case KEY_side:
        return has_value(r, c, f->side);
    case KEY_section:
        return has_value(r, c, d->sections.at[f->section].type);
    case KEY_size:
        return has_quantity(c, d, f, RT_MEASURE_LENGTH);
    case KEY_volume:
        return has_quantity(c, d, f, RT_MEASURE_VOLUME);
    case KEY_percent:
        return has_quantity(c, d, f, RT_MEASURE_PERCENT);
    case KEY_count:
        return f->count > 0 && compare(c, f->count);
    case KEY_with:
    case KEY_text:
        return remembered(r, c, d, f, memo);
    case N_KEYS:
        break;
    }
    return false;
}

static bool holds(const rt_rules *r, const condition *c, const rt_doc *d, const rt_finding *f,
                  rt_rule_memo *memo)
{
    bool numeric = c->key >= KEY_size && c->key <= KEY_count;
    bool yes = says(r, c, d, f, memo);
    return c->op == '!' && !numeric ? !yes : yes;
}

rt_rule_memo *rt_rule_memo_new(const rt_rules *r, rt_arena *a)
{
    rt_rule_memo *m = RT_NEW(a, rt_rule_memo, r->conditions.len);
    for (uint32_t i = 0; m && i < r->conditions.len; i++)
        m[i].asked = 0;
    return m;
}

bool rt_rule_holds(const rt_rules *r, uint32_t i, const rt_doc *d, uint32_t finding,
                   rt_rule_memo *memo)
{
    const rule *u = &r->rules.at[i];
    const rt_finding *f = &d->findings.at[finding];
    for (uint32_t k = u->when.first; k < u->when.first + u->when.count; k++)
        if (!holds(r, &r->conditions.at[k], d, f, memo))
            return false;
    for (uint32_t k = u->unless.first; k < u->unless.first + u->unless.count; k++)
        if (holds(r, &r->conditions.at[k], d, f, memo))
            return false;
    return true;
}
