/* The condition language of critical.tsv: KEY OP VALUE{,VALUE} or @SET, joined by ';'. It is
 * described at the top of that file. */
#include "base/utf8.h"
#include "knowledge/rules_table.h"
#include "model/doc.h"

rt_code rt_rules_fail(rt_rules *r, rt_str at, rt_err *err, const char *what)
{
    return rt_tsv_fail(&r->tsv, at, err, "%s \"%.*s\"", what, (int)at.len, at.ptr);
}

rt_code rt_rules_concepts(rt_rules *r, rt_str cell, char separator, rt_range *out, rt_err *err)
{
    *out = (rt_range){r->values.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, separator);
        uint32_t concept;
        if (!rt_lexicon_by_name(r->lex, cut.head, &concept))
            return rt_rules_fail(r, cut.head, err, "no concept is called");
        RT_PUSH(&r->arena, &r->values, concept);
        out->count++;
        cell = cut.tail;
    }
    return RT_OK;
}

typedef bool word_parser(rt_str, unsigned *);

static rt_code read_words(rt_rules *r, rt_str cell, word_parser *parse, rt_range *out, rt_err *err)
{
    *out = (rt_range){r->values.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, ',');
        unsigned value;
        if (!parse(cut.head, &value))
            return rt_rules_fail(r, cut.head, err, "not a value of this key:");
        RT_PUSH(&r->arena, &r->values, value);
        out->count++;
        cell = cut.tail;
    }
    return RT_OK;
}

/* The same pattern in many rows is compiled once; NULL: it is malformed, as was told. */
static rt_rule_pattern *pattern_of(rt_rules *r, rt_str cell, bool of_sections, bool folded,
                                   rt_err *err)
{
    for (uint32_t i = 0; i < r->sources.len; i++) {
        rt_rule_pattern *old = &r->sources.at[i];
        if (old->of_sections == of_sections && old->folded == folded &&
            rt_str_eq(old->source, cell))
            return old;
    }
    size_t fault;
    rt_patterns *set = of_sections ? r->section_patterns : r->patterns;
    rt_rule_pattern p = {.source = cell, .of_sections = of_sections, .folded = folded};
    p.text = rt_patterns_add(set, cell, folded, &fault);
    for (uint32_t i = 0; i < RT_RULE_N_KEYS; i++)
        p.ask[i] = RT_NIL;
    uint32_t n = r->sources.len;
    if (p.text != UINT32_MAX)
        RT_PUSH(&r->arena, &r->sources, p);
    else
        rt_rules_fail(r, rt_str_slice(cell, fault, cell.len), err, "the pattern is malformed at");
    return n < r->sources.len ? &r->sources.at[n] : NULL;
}

/* ... and asked once a sentence, or once a report, by each key. */
static rt_code read_pattern(rt_rules *r, rt_str cell, rt_rule_condition *c, rt_err *err)
{
    bool of_sections = c->key == RT_RULE_KEY_history || c->key == RT_RULE_KEY_report;
    bool folded = c->key != RT_RULE_KEY_history;
    rt_rule_pattern *p = pattern_of(r, cell, of_sections, folded, err);
    if (!p)
        return RT_EINPUT;
    if (p->ask[c->key] == RT_NIL)
        p->ask[c->key] = r->asks++;
    c->text = p->text;
    c->ask = p->ask[c->key];
    if (c->key == RT_RULE_KEY_text)
        c->values = rt_pattern_bits(r->patterns, c->text);
    return RT_OK;
}

/* "5mm" "50%" "3": the number; its unit is fixed by the key. */
static rt_code read_number(rt_rules *r, rt_str cell, rt_rule_condition *c, rt_err *err)
{
    static const char *const units[] = {
        [RT_RULE_KEY_size] = "mm", [RT_RULE_KEY_volume] = "ml", [RT_RULE_KEY_percent] = "%",
        [RT_RULE_KEY_count] = "",  [RT_RULE_KEY_age] = "",
    };
    size_t n = 0;
    while (n < cell.len && (rt_is_digit(cell.ptr[n]) || cell.ptr[n] == '.'))
        n++;
    rt_str unit = rt_str_slice(cell, n, cell.len);
    if (!rt_str_number(rt_str_slice(cell, 0, n), &c->number))
        return rt_rules_fail(r, cell, err, "not a number:");
    if (c->key == RT_RULE_KEY_size && rt_str_eq(unit, RT_STR("cm")))
        c->number *= 10;
    else if (!rt_str_eq(unit, rt_str_from(units[c->key])))
        return rt_rules_fail(r, unit.len > 0 ? unit : cell, err, "not the unit of this key:");
    return RT_OK;
}

static bool read_key(rt_str name, uint32_t *out)
{
#define X(k) #k,
    static const char *const names[] = {RT_RULE_KEYS(X)};
#undef X
    for (uint32_t i = 0; i < RT_RULE_N_KEYS; i++)
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

/* NOLINTNEXTLINE(readability-function-size): a flat switch */
static rt_code read_values(rt_rules *r, rt_str cell, rt_rule_condition *c, rt_err *err)
{
    switch ((rt_rule_key)c->key) {
    case RT_RULE_KEY_severity:
        return read_words(r, cell, rt_severity_parse, &c->values, err);
    case RT_RULE_KEY_change:
        return read_words(r, cell, rt_change_parse, &c->values, err);
    case RT_RULE_KEY_side:
        return read_words(r, cell, rt_side_parse, &c->values, err);
    case RT_RULE_KEY_section:
        return read_words(r, cell, rt_section_parse, &c->values, err);
    case RT_RULE_KEY_presence:
        return read_words(r, cell, rt_presence_parse, &c->values, err);
    case RT_RULE_KEY_advice:
        return read_words(r, cell, rt_action_parse, &c->values, err);
    case RT_RULE_KEY_size:
    case RT_RULE_KEY_volume:
    case RT_RULE_KEY_percent:
    case RT_RULE_KEY_count:
    case RT_RULE_KEY_age:
        return read_number(r, cell, c, err);
    case RT_RULE_KEY_text:
    case RT_RULE_KEY_history:
    case RT_RULE_KEY_report:
    case RT_RULE_KEY_cue:
        return read_pattern(r, cell, c, err);
    case RT_RULE_KEY_acuity:
    case RT_RULE_KEY_modifier:
    case RT_RULE_KEY_anatomy:
    case RT_RULE_KEY_concept:
    case RT_RULE_KEY_near:
    case RT_RULE_KEY_with:
    case RT_RULE_KEY_after:
    case RT_RULE_N_KEYS:
        break;
    }
    rt_code code = rt_rules_concepts(r, cell, ',', &c->values, err);
    for (uint32_t i = c->values.first; i < c->values.first + c->values.count; i++)
        c->bits |= 1ULL << r->values.at[i] % 64;
    return code;
}

/* Patterns take '~', numbers compare, everything else is '=' or '!='. */
static bool fits(uint32_t key, uint32_t op)
{
    if (key >= RT_RULE_KEY_text)
        return op == '~';
    bool numeric = key >= RT_RULE_KEY_size && key <= RT_RULE_KEY_age;
    return op == '=' || op == '!' || (numeric && op != '~');
}

static rt_rule_cost cost_of(rt_rule_key key)
{
    switch (key) {
    case RT_RULE_KEY_concept:
    case RT_RULE_KEY_severity:
    case RT_RULE_KEY_side:
    case RT_RULE_KEY_section:
    case RT_RULE_KEY_presence:
    case RT_RULE_KEY_size:
    case RT_RULE_KEY_volume:
    case RT_RULE_KEY_percent:
    case RT_RULE_KEY_count:
    case RT_RULE_KEY_age:
    case RT_RULE_KEY_modifier:
    case RT_RULE_KEY_anatomy:
        return RT_COST_FINDING;
    case RT_RULE_KEY_acuity:
    case RT_RULE_KEY_change:
    case RT_RULE_KEY_advice:
    case RT_RULE_KEY_text:
    case RT_RULE_KEY_cue:
        return RT_COST_SENTENCE;
    case RT_RULE_KEY_near:
    case RT_RULE_KEY_with:
    case RT_RULE_KEY_after:
        return RT_COST_FINDINGS;
    case RT_RULE_KEY_history:
        return RT_COST_HISTORY;
    case RT_RULE_KEY_report:
    case RT_RULE_N_KEYS:
        break;
    }
    return RT_COST_REPORT;
}

static rt_code read_condition(rt_rules *r, rt_str s, rt_err *err)
{
    rt_rule_condition c = {0};
    size_t n = 0;
    while (n < s.len && !strchr("=!<>~", s.ptr[n]))
        n++;
    if (n == s.len || !read_key(rt_str_slice(s, 0, n), &c.key))
        return rt_rules_fail(r, s, err, "not a condition:");
    c.cost = (uint16_t)cost_of((rt_rule_key)c.key);
    c.op = (unsigned char)s.ptr[n++];
    bool equal = n < s.len && s.ptr[n] == '=';
    if (c.op == '!' && !equal)
        return rt_rules_fail(r, s, err, "not a condition:");
    if (equal && c.op != '=' && c.op != '~') {
        n++;
        c.op = c.op == '>' ? 'g' : c.op == '<' ? 'l' : c.op;
    }
    if (!fits(c.key, c.op))
        return rt_rules_fail(r, s, err, "this key takes another operator:");
    if (n == s.len)
        return rt_rules_fail(r, s, err, "no value:");
    if (c.key < RT_RULE_KEY_text)
        c.ask = r->asks++;
    rt_code code = read_values(r, rt_str_slice(s, n, s.len), &c, err);
    if (code == RT_OK)
        RT_PUSH(&r->arena, &r->conditions, c);
    return code;
}

static rt_code use_set(rt_rules *r, rt_str name, bool in_when, rt_range *out, rt_err *err)
{
    for (uint32_t i = 0; i < r->sets.len; i++) {
        if (!rt_str_eq(r->sets.at[i].name, name))
            continue;
        rt_range from = in_when ? r->sets.at[i].when : r->sets.at[i].unless;
        if (from.count == 0)
            return rt_rules_fail(r, name, err, "the set is empty in this column:");
        for (uint32_t k = 0; k < from.count; k++) {
            rt_rule_condition copy = r->conditions.at[from.first + k];
            RT_PUSH(&r->arena, &r->conditions, copy);
        }
        out->count += from.count;
        return RT_OK;
    }
    return rt_rules_fail(r, name, err, "no set above is called");
}

/* The order does not matter: conditions have no other effect than their answer. */
static void sort_by_cost(const rt_rules *r, rt_range of)
{
    rt_rule_condition *c = r->conditions.at + of.first;
    for (uint32_t i = 1; i < of.count; i++)
        for (uint32_t k = i; k > 0 && c[k].cost < c[k - 1].cost; k--) {
            rt_rule_condition other = c[k];
            c[k] = c[k - 1];
            c[k - 1] = other;
        }
}

rt_code rt_rules_conditions(rt_rules *r, rt_str cell, bool in_when, rt_range *out, rt_err *err)
{
    *out = (rt_range){r->conditions.len, 0};
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, ';');
        rt_str s = rt_str_trim(cut.head);
        rt_code code = RT_OK;
        if (s.len > 0 && s.ptr[0] == '@') {
            code = use_set(r, s, in_when, out, err);
        } else {
            code = read_condition(r, s, err);
            out->count++;
        }
        if (code != RT_OK)
            return code;
        cell = cut.tail;
    }
    if (!r->full)
        sort_by_cost(r, *out);
    return RT_OK;
}

/* ---- profiles
 * ------------------------------------------------------------------------------------------- */

const char *const rt_rules_profile_columns[] = {"id",        "use",     "category", "minutes",
                                                "threshold", "concept", "note",     NULL};
enum { P_ID, P_USE, P_CATEGORY, P_MINUTES, P_THRESHOLD, P_CONCEPT };

static bool names_concept(const rt_rules *r, const rt_rule *u, rt_range only)
{
    for (uint32_t i = u->concepts.first; i < u->concepts.first + u->concepts.count; i++)
        if (only.count > 0 && r->values.at[i] == r->values.at[only.first])
            return true;
    return only.count == 0;
}

/* size>=10mm in a profile replaces every condition on size of the rule. */
static bool set_threshold(rt_rules *r, const rt_rule *u, const rt_rule_condition *to)
{
    bool any = false;
    for (uint32_t i = u->when.first; i < u->when.first + u->when.count; i++) {
        rt_rule_condition *c = &r->conditions.at[i];
        if (c->key != to->key)
            continue;
        c->number = to->number;
        c->op = to->op;
        any = true;
    }
    return any;
}

static rt_code override_rule(rt_rules *r, rt_rule *u, rt_range thresholds, bool *set, rt_err *err)
{
    const rt_str *cell = r->tsv.cell;
    double number;
    if (rt_str_eq(cell[P_USE], RT_STR("no")))
        u->info.off = true;
    else if (cell[P_USE].len > 0 && !rt_str_eq(cell[P_USE], RT_STR("yes")))
        return rt_rules_fail(r, cell[P_USE], err, "use must be yes, no or empty:");
    if (cell[P_CATEGORY].len > 0) {
        if (!rt_str_number(cell[P_CATEGORY], &number) || number < 1 || number > 3)
            return rt_rules_fail(r, cell[P_CATEGORY], err, "category must be 1, 2 or 3:");
        u->info.category = (uint32_t)number;
    }
    if (cell[P_MINUTES].len > 0) {
        if (!rt_str_number(cell[P_MINUTES], &number) || number < 0 || number > 1e6)
            return rt_rules_fail(r, cell[P_MINUTES], err, "not a number of minutes:");
        u->info.minutes = (uint32_t)number;
    }
    for (uint32_t i = 0; i < thresholds.count; i++)
        *set |= set_threshold(r, u, &r->conditions.at[thresholds.first + i]);
    return RT_OK;
}

rt_code rt_rules_override(rt_rules *r, rt_err *err)
{
    const rt_str *cell = r->tsv.cell;
    rt_range thresholds, only;
    bool known = false, set = false;
    rt_code code = rt_rules_conditions(r, cell[P_THRESHOLD], true, &thresholds, err);
    if (code == RT_OK)
        code = rt_rules_concepts(r, cell[P_CONCEPT], '|', &only, err);
    for (uint32_t i = 0; i < thresholds.count && code == RT_OK; i++) {
        uint32_t key = r->conditions.at[thresholds.first + i].key;
        if (key < RT_RULE_KEY_size || key > RT_RULE_KEY_age)
            return rt_rules_fail(r, cell[P_THRESHOLD], err, "a threshold is a number:");
    }
    for (uint32_t i = 0; i < r->rules.len && code == RT_OK; i++) {
        rt_rule *u = &r->rules.at[i];
        if (!rt_str_eq(rt_str_from(u->info.id), cell[P_ID]) || !names_concept(r, u, only))
            continue;
        known = true;
        code = override_rule(r, u, thresholds, &set, err);
    }
    if (code == RT_OK && !known)
        return rt_rules_fail(r, cell[P_ID], err, "no such rule, or none of that concept:");
    if (code == RT_OK && thresholds.count > 0 && !set)
        return rt_rules_fail(r, cell[P_THRESHOLD], err, "the rule has no such condition:");
    return code;
}
