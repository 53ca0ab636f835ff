/* Conditions of a query: field:value, size>8mm, and [ ... ] on one finding. See lex.h. */
#include "index/lex.h"

#include <math.h>

#include "base/utf8.h"

/* Limits. */
enum { TERM_WORDS = 8 }; /* of a term in [ ] */

typedef enum field_kind {
    FIELD_FINDING,
    FIELD_ANATOMY,
    FIELD_PRESENCE,
    FIELD_SECTION,
    FIELD_SIDE,
    FIELD_SEVERITY,
    FIELD_CHANGE,
    FIELD_SIZE,
    FIELD_RECORD, /* from here on: not of one finding; the column is found by the name (where.c) */
    FIELD_RANGE,  /* the same, with values that have an order */
} field_kind;

static const struct {
    const char *name;
    field_kind kind;
} fields[] = {
    {"finding", FIELD_FINDING},   {"anatomy", FIELD_ANATOMY},     {"presence", FIELD_PRESENCE},
    {"section", FIELD_SECTION},   {"side", FIELD_SIDE},           {"severity", FIELD_SEVERITY},
    {"change", FIELD_CHANGE},     {"size", FIELD_SIZE},           {"id", FIELD_RECORD},
    {"modality", FIELD_RECORD},   {"body_part", FIELD_RECORD},    {"exam", FIELD_RECORD},
    {"sex", FIELD_RECORD},        {"status", FIELD_RECORD},       {"author", FIELD_RECORD},
    {"accession", FIELD_RECORD},  {"patient_id", FIELD_RECORD},   {"language", FIELD_RECORD},
    {"critical", FIELD_RECORD},   {"communicated", FIELD_RECORD}, {"date", FIELD_RANGE},
    {"report_date", FIELD_RANGE}, {"age", FIELD_RANGE},           {"qa", FIELD_RECORD},
    {"advice", FIELD_RECORD},
};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static bool find_field(rt_lex *p, rt_str name, size_t at, field_kind *kind)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (rt_str_eq_nocase(name, rt_str_from(fields[i].name))) {
            *kind = fields[i].kind;
            return true;
        }
    }
    rt_lex_fail(
        p, at,
        "no field \"%.*s\"; there are finding anatomy presence section side severity change "
        "size modality body_part exam sex age date status language id critical qa advice "
        "communicated",
        (int)name.len, name.ptr);
    return false;
}

/* ---- values out of closed lists, apart by "|" or "," */

typedef bool parse_value(rt_str name, unsigned *value);

static bool parse_letter(rt_str name, unsigned *value)
{
    *value = rt_str_eq(name, RT_STR("family")) ? RT_LETTER_FAMILY : RT_LETTER_HISTORICAL;
    if (*value == RT_LETTER_FAMILY || rt_str_eq(name, RT_STR("historical")))
        return true;
    return rt_presence_parse(name, value); /* ORDER: the first letters are the presences */
}

_Static_assert(RT_LETTER_PRESENT == (int)RT_PRESENCE_PRESENT &&
                   RT_LETTER_ABSENT == (int)RT_PRESENCE_ABSENT &&
                   RT_LETTER_POSSIBLE == (int)RT_PRESENCE_POSSIBLE &&
                   RT_LETTER_UNLIKELY == (int)RT_PRESENCE_UNLIKELY &&
                   RT_LETTER_QUERIED == (int)RT_PRESENCE_QUERIED,
               "letters begin with the presences");

static rt_cut cut_value(rt_str s)
{
    rt_cut bar = rt_str_cut(s, '|');
    return bar.found ? bar : rt_str_cut(s, ',');
}

/* A side, severity or change by its name in the list, or by any word of the lexicon for it. */
static bool value_of_term(rt_lex *p, rt_str name, unsigned type, unsigned *value)
{
    rt_concepts found = {0};
    rt_terms_find(p->arena, p->lexicon, name, &found);
    for (uint32_t i = 0; i < found.len; i++) {
        const rt_concept *c = &p->lexicon->concepts[found.at[i]];
        *value = c->value;
        if (c->type == type && c->value != 0)
            return true;
    }
    return false;
}

static parse_value *parser_of(field_kind kind, unsigned *type)
{
    *type = RT_TYPE_END;
    if (kind == FIELD_PRESENCE)
        return parse_letter;
    if (kind == FIELD_SECTION)
        return rt_section_parse;
    if (kind == FIELD_SIDE) {
        *type = RT_TYPE_SIDE;
        return rt_side_parse;
    }
    *type = kind == FIELD_SEVERITY ? RT_TYPE_SEVERITY : RT_TYPE_CHANGE;
    return kind == FIELD_SEVERITY ? rt_severity_parse : rt_change_parse;
}

static uint32_t bit_of(field_kind kind, unsigned value)
{
    return kind == FIELD_PRESENCE && value == RT_LETTER_ABSENT ? RT_LETTERS_ABSENT : 1U << value;
}

static uint32_t take_bits(rt_lex *p, field_kind kind, const char *name)
{
    unsigned type = RT_TYPE_END, value = 0;
    parse_value *parse = parser_of(kind, &type);
    size_t at = p->pos;
    rt_str rest = rt_lex_value(p, name);
    uint32_t bits = 0;
    while (rest.len > 0 && p->code == RT_OK) {
        rt_cut cut = cut_value(rest);
        bool zero_is_none = type != RT_TYPE_END;
        if ((!parse(cut.head, &value) || (zero_is_none && value == 0)) &&
            (!zero_is_none || !value_of_term(p, cut.head, type, &value)))
            rt_lex_fail(p, at, "%s has no value \"%.*s\"", name, (int)cut.head.len, cut.head.ptr);
        bits |= bit_of(kind, value);
        rest = cut.tail;
    }
    return bits;
}

/* ---- concepts */

static bool take_concept(rt_lex *p, rt_concepts *into, rt_str name, bool anatomy)
{
    rt_concepts found = {0};
    bool any = false;
    rt_terms_find(p->arena, p->lexicon, name, &found);
    for (uint32_t i = 0; i < found.len; i++) {
        unsigned type = p->lexicon->concepts[found.at[i]].type;
        if (anatomy ? type != RT_TYPE_ANATOMY : !rt_type_is_observation(type))
            continue;
        RT_PUSH(p->arena, into, found.at[i]);
        any = true;
    }
    return any;
}

/* name|=name|...: with "=" the concept alone, without its kinds. */
static void take_concepts(rt_lex *p, rt_atom *a, bool anatomy)
{
    size_t at = p->pos;
    rt_str rest = rt_lex_value(p, anatomy ? "anatomy" : "finding");
    while (rest.len > 0 && p->code == RT_OK) {
        rt_cut cut = rt_str_cut(rest, '|');
        rt_str name = cut.head;
        bool alone = !anatomy && rt_str_starts(name, RT_STR("="));
        rt_concepts *into = anatomy ? &a->anatomy : alone ? &a->exactly : &a->concepts;
        if (alone)
            name = rt_str_slice(name, 1, name.len);
        if (!take_concept(p, into, name, anatomy))
            rt_terms_unknown(p, at, name, anatomy ? "place in the body" : "finding");
        rest = cut.tail;
    }
}

#define BACKWARDS "the range ends before it begins"

/* ---- ranges: >8mm  >=8  <2cm  =8  :5..10mm */

static bool read_length(rt_str s, double factor, double *mm, double *own)
{
    size_t n = 0;
    while (n < s.len && (rt_is_digit(s.ptr[n]) || s.ptr[n] == '.'))
        n++;
    rt_str unit = rt_str_slice(s, n, s.len);
    double value = 0;
    if (!rt_str_number(rt_str_slice(s, 0, n), &value))
        return false;
    if (rt_str_eq_nocase(unit, RT_STR("cm")))
        factor = 10;
    else if (rt_str_eq_nocase(unit, RT_STR("mm")))
        factor = 1;
    else if (unit.len > 0)
        return false;
    *mm = value * factor;
    *own = factor;
    return true;
}

static void take_size(rt_lex *p, rt_atom *atom, const char *op)
{
    size_t at = p->pos, dots = 0;
    double factor = 1, low = 0, high = 0;
    rt_str text = rt_lex_value(p, "size");
    if (p->code != RT_OK)
        return;
    bool range = rt_str_find(text, RT_STR(".."), &dots);
    bool good =
        read_length(range ? rt_str_slice(text, dots + 2, text.len) : text, 1, &high, &factor);
    if (range) /* 5..10cm: the unit is of both */
        good = good && read_length(rt_str_slice(text, 0, dots), factor, &low, &factor);
    else
        low = high;
    if (!good || (range && op[0] != ':' && op[0] != '=')) {
        rt_lex_fail(p, at, "a length was expected, such as 8mm, 1.2cm or 5..10mm");
        return;
    }
    if (low > high) {
        rt_lex_fail(p, at, BACKWARDS);
        return;
    }
    atom->sized = true;
    atom->size_low = op[0] == '<' ? 0 : low;
    atom->size_high = op[0] == '>' ? HUGE_VAL : high;
    atom->low_open = op[0] == '>' && op[1] == '\0';
    atom->high_open = op[0] == '<' && op[1] == '\0';
}

/* ---- conditions of a finding */

static bool said_already(const rt_atom *a, field_kind kind)
{
    switch (kind) {
    case FIELD_FINDING:
        return a->wants_concept;
    case FIELD_ANATOMY:
        return a->wants_anatomy;
    case FIELD_PRESENCE:
        return a->letters != 0;
    case FIELD_SECTION:
        return a->sections != 0;
    case FIELD_SIDE:
        return a->sides != 0;
    case FIELD_SEVERITY:
        return a->severities != 0;
    case FIELD_CHANGE:
        return a->changes != 0;
    case FIELD_SIZE:
        return a->sized;
    case FIELD_RECORD:
    case FIELD_RANGE:
        break;
    }
    return false;
}

static void take_condition(rt_lex *p, rt_atom *a, field_kind kind, const char *op, size_t at)
{
    if (said_already(a, kind))
        rt_lex_fail(p, at, "this is asked twice of the same finding");
    if (kind != FIELD_SIZE && op[0] != ':')
        rt_lex_fail(p, at, "only size, age and date know < = >");
    if (p->code != RT_OK)
        return;
    switch (kind) {
    case FIELD_FINDING:
        take_concepts(p, a, false);
        a->wants_concept = true;
        break;
    case FIELD_ANATOMY:
        take_concepts(p, a, true);
        a->wants_anatomy = true;
        break;
    case FIELD_PRESENCE:
        a->letters = take_bits(p, kind, "presence");
        break;
    case FIELD_SECTION:
        a->sections = take_bits(p, kind, "section");
        break;
    case FIELD_SIDE:
        a->sides = take_bits(p, kind, "side");
        break;
    case FIELD_SEVERITY:
        a->severities = take_bits(p, kind, "severity");
        break;
    case FIELD_CHANGE:
        a->changes = take_bits(p, kind, "change");
        break;
    case FIELD_SIZE:
        take_size(p, a, op);
        break;
    case FIELD_RECORD:
    case FIELD_RANGE:
        rt_lex_fail(p, at, "this is not of one finding: it belongs outside the brackets");
        break;
    }
}

/* ---- [ ... ] */

/* A word of a closed list, or a term that stands for one: right, severe, new, present, 左侧. */
static bool bare_value(rt_lex *p, rt_atom *a, rt_str word)
{
    static const struct {
        field_kind kind;
        size_t at;
    } lists[] = {{FIELD_PRESENCE, offsetof(rt_atom, letters)},
                 {FIELD_SIDE, offsetof(rt_atom, sides)},
                 {FIELD_SEVERITY, offsetof(rt_atom, severities)},
                 {FIELD_CHANGE, offsetof(rt_atom, changes)}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        unsigned type = 0, value = 0;
        parse_value *parse = parser_of(lists[i].kind, &type);
        bool listed = type != RT_TYPE_END;
        uint32_t *bits = (uint32_t *)(void *)((char *)a + lists[i].at);
        if ((parse(word, &value) && (!listed || value != 0)) ||
            (listed && value_of_term(p, word, type, &value))) {
            *bits |= bit_of(lists[i].kind, value);
            return true;
        }
    }
    return false;
}

static bool bare_term(rt_lex *p, rt_atom *a, rt_str term)
{
    if (!a->wants_concept && take_concept(p, &a->concepts, term, false)) {
        a->wants_concept = true;
        return true;
    }
    if (!a->wants_anatomy && take_concept(p, &a->anatomy, term, true)) {
        a->wants_anatomy = true;
        return true;
    }
    return bare_value(p, a, term);
}

/* The longest run of words that means something. */
static void take_bare(rt_lex *p, rt_atom *a)
{
    size_t ends[TERM_WORDS], n = 0;
    char op[3];
    rt_lex ahead = *p;
    rt_lex_at_end(p);
    size_t beg = p->pos;
    while (n < TERM_WORDS && !rt_lex_at_end(&ahead)) {
        rt_lex field = ahead;
        rt_lex_field(&field, op);
        if (op[0] != '\0' || rt_lex_word(&ahead).len == 0)
            break;
        ends[n++] = ahead.pos;
    }
    rt_str first = rt_str_slice(p->text, beg, n > 0 ? ends[0] : beg);
    for (; n > 0; n--) {
        if (bare_term(p, a, rt_str_slice(p->text, beg, ends[n - 1]))) {
            p->pos = ends[n - 1];
            return;
        }
    }
    rt_str near = rt_terms_near(p->arena, p->lexicon, first);
    rt_lex_fail(p, beg, "\"%.*s\" is neither a finding nor a place nor a value here%s%.*s%s",
                (int)first.len, first.ptr, near.len > 0 ? "; did you mean \"" : "", (int)near.len,
                near.ptr, near.len > 0 ? "\"?" : "");
}

static void take_bracket_item(rt_lex *p, rt_atom *a)
{
    char op[3];
    field_kind kind = FIELD_RECORD;
    size_t at = p->pos;
    if (rt_lex_take(p, '"')) {
        rt_str term = rt_lex_quoted(p);
        if (p->code == RT_OK && !bare_term(p, a, term))
            rt_lex_fail(p, at, "the lexicon does not know \"%.*s\"", (int)term.len, term.ptr);
        return;
    }
    rt_str name = rt_lex_field(p, op);
    if (op[0] == '\0')
        take_bare(p, a);
    else if (find_field(p, name, at, &kind))
        take_condition(p, a, kind, op, at);
}

rt_query_node *rt_condition_brackets(rt_lex *p, size_t at)
{
    rt_query_node *n = rt_lex_node(p, RT_QUERY_FINDING, at);
    if (n == NULL)
        return NULL;
    if (rt_lex_take(p, ']'))
        return rt_lex_fail(p, at, "there is no condition in the brackets");
    do {
        if (rt_lex_at_end(p))
            return rt_lex_fail(p, at, "this bracket is not closed");
        take_bracket_item(p, &n->atom);
        if (p->code != RT_OK)
            return NULL;
    } while (!rt_lex_take(p, ']'));
    return n;
}

/* ---- outside brackets */

/* 2024, 2024-03, 2024/03/01 or 20240301, as the number 20240301. A month or day that is not given
 * counts as `missing`. */
static bool read_date(rt_str s, unsigned missing, unsigned *date)
{
    static const size_t length[] = {4, 2, 2};
    static const unsigned most[] = {9999, 12, 31};
    size_t i = 0;
    *date = 0;
    for (size_t part = 0; part < 3; part++) {
        bool given = i < s.len;
        unsigned value = given ? 0 : missing;
        if (given && part > 0 && (s.ptr[i] == '-' || s.ptr[i] == '/'))
            i++;
        for (size_t n = given ? length[part] : 0; n > 0; n--, i++) {
            if (i >= s.len || !rt_is_digit(s.ptr[i]))
                return false;
            value = value * 10 + (unsigned)(s.ptr[i] - '0');
        }
        if (given && (value == 0 || value > most[part]))
            return false;
        *date = *date * (part == 0 ? 1U : 100U) + value;
    }
    return i == s.len;
}

static bool read_end(rt_str s, bool age, unsigned missing, double *value)
{
    unsigned date = 0;
    if (age)
        return rt_str_number(s, value);
    bool good = s.len > 0 && read_date(s, missing, &date);
    *value = date;
    return good;
}

/* date:2024-01..2024-06  age>=40  age:40..60  date:2024 */
static void take_range(rt_lex *p, rt_query_node *n, const char *op)
{
    size_t dots = 0, at = p->pos;
    bool age = rt_str_eq_nocase(n->text, RT_STR("age"));
    rt_str text = rt_lex_value(p, "a range");
    bool range = rt_str_find(text, RT_STR(".."), &dots);
    n->low = op[0] == '<' ? RT_STR("") : range ? rt_str_slice(text, 0, dots) : text;
    n->high = op[0] == '>' ? RT_STR("") : range ? rt_str_slice(text, dots + 2, text.len) : text;
    n->low_open = op[0] == '>' && op[1] == '\0';
    n->high_open = op[0] == '<' && op[1] == '\0';
    double low = 0, high = HUGE_VAL;
    if ((n->low.len > 0 && !read_end(n->low, age, 0, &low)) ||
        (n->high.len > 0 && !read_end(n->high, age, 99, &high)))
        rt_lex_fail(p, at,
                    age ? "an age was expected, such as 40 or 40..60"
                        : "a date was expected, such as 2024-03 or 2024-01..2024-06");
    else if (range && low > high)
        rt_lex_fail(p, at, BACKWARDS);
}

/* modality:CT|MR is (modality:CT OR modality:MR). */
static rt_query_node *record_field(rt_lex *p, rt_str name, size_t at)
{
    rt_query_node *choice = rt_lex_node(p, RT_QUERY_OR, at);
    if (choice == NULL)
        return NULL;
    rt_query_node **tail = &choice->child;
    rt_str rest = rt_lex_value(p, "the field");
    while (rest.len > 0 && p->code == RT_OK) {
        rt_cut cut = rt_str_cut(rest, '|');
        rt_query_node *n = rt_lex_node(p, RT_QUERY_FIELD, at);
        if (n == NULL)
            return NULL;
        n->text = name;
        n->low = n->high = cut.head;
        *tail = n;
        tail = &n->next;
        rest = cut.tail;
    }
    return p->code == RT_OK ? choice : NULL;
}

rt_query_node *rt_condition_field(rt_lex *p, rt_str name, const char *op, size_t at)
{
    field_kind kind = FIELD_RECORD;
    if (!find_field(p, name, at, &kind))
        return NULL;
    if (kind == FIELD_SECTION || kind == FIELD_PRESENCE)
        return rt_lex_fail(p, at, "%.*s: belongs to its group; it cannot stand behind NOT or NEAR",
                           (int)name.len, name.ptr);
    if (kind == FIELD_RECORD && op[0] != ':')
        return rt_lex_fail(p, at, "only size, age and date know < = >");
    if (kind == FIELD_RECORD)
        return record_field(p, name, at);
    rt_query_node *n = rt_lex_node(p, kind == FIELD_RANGE ? RT_QUERY_FIELD : RT_QUERY_FINDING, at);
    if (n == NULL)
        return NULL;
    n->text = name;
    if (kind == FIELD_RANGE)
        take_range(p, n, op);
    else
        take_condition(p, &n->atom, kind, op, at);
    return p->code == RT_OK ? n : NULL;
}

bool rt_condition_group(rt_lex *p, rt_query_node *group)
{
    rt_lex ahead = *p;
    char op[3];
    rt_str name = rt_lex_field(&ahead, op);
    bool section = rt_str_eq_nocase(name, RT_STR("section"));
    if (op[0] != ':' || (!section && !rt_str_eq_nocase(name, RT_STR("presence"))))
        return false;
    size_t at = p->pos;
    p->pos = ahead.pos;
    uint32_t *bits = section ? &group->sections : &group->atom.letters;
    if (*bits != 0)
        rt_lex_fail(p, at, "%.*s: stands twice in one group", (int)name.len, name.ptr);
    else
        *bits = take_bits(p, section ? FIELD_SECTION : FIELD_PRESENCE,
                          section ? "section" : "presence");
    return true;
}
