/* The rows of the tables in lexicons/: each is checked where it is read, so that every complaint
 * has file:line:column. */
#include "base/utf8.h"
#include "knowledge/lexicon_build.h"
#include "text/fold.h"

/* ---- cells
 * --------------------------------------------------------------------------------------------- */

rt_text_id rt_load_text(rt_load *l, rt_str s)
{
    if (s.len == 0)
        return 0;
    rt_text_id id = l->pool.len;
    for (size_t i = 0; i < s.len; i++)
        RT_PUSH(&l->arena, &l->pool, s.ptr[i]);
    RT_PUSH(&l->arena, &l->pool, '\0');
    return id;
}

/* The next piece of a cell with `|` between values; false at its end. */
static bool next_value(rt_str *rest, rt_str *value)
{
    if (rest->len == 0)
        return false;
    rt_cut cut = rt_str_cut(*rest, '|');
    *value = cut.head;
    *rest = cut.tail;
    return true;
}

static int by_id_cmp(rt_load *l, uint32_t concept, rt_str id)
{
    return rt_str_cmp(rt_str_from(l->pool.at + l->concepts.at[concept].id), id);
}

static bool find_id(rt_load *l, rt_str id, uint32_t *concept)
{
    uint32_t lo = 0, hi = l->n_sorted;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (by_id_cmp(l, l->by_id[mid], id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == l->n_sorted || by_id_cmp(l, l->by_id[lo], id) != 0)
        return false;
    *concept = l->by_id[lo];
    return true;
}

/* Concept ids of a cell into links. */
static rt_code read_ids(rt_load *l, rt_str cell, rt_range *out, rt_err *err)
{
    *out = (rt_range){l->links.len, 0};
    rt_str id;
    while (next_value(&cell, &id)) {
        uint32_t concept;
        if (!find_id(l, id, &concept))
            return rt_tsv_fail(&l->tsv, id, err, "no concept has the id \"%.*s\"", (int)id.len,
                               id.ptr);
        RT_PUSH(&l->arena, &l->links, concept);
        out->count++;
    }
    return RT_OK;
}

/* Folded context words of a cell into words. */
static rt_range read_words(rt_load *l, rt_str cell)
{
    rt_range out = {l->words.len, 0};
    rt_str word;
    while (next_value(&cell, &word)) {
        RT_PUSH(&l->arena, &l->words, rt_load_text(l, rt_fold_term(&l->arena, word)));
        out.count++;
    }
    return out;
}

typedef bool parser(rt_str name, unsigned *value);

static rt_code read_word(rt_load *l, rt_str cell, parser *parse, unsigned *out, rt_err *err)
{
    if (!parse(cell, out))
        return rt_tsv_fail(&l->tsv, cell, err, "\"%.*s\" is not allowed here", (int)cell.len,
                           cell.ptr);
    return RT_OK;
}

/* ---- forms
 * --------------------------------------------------------------------------------------------- */

rt_code rt_load_form(rt_load *l, rt_str written, rt_entry entry, rt_err *err)
{
    rt_str folded = rt_fold_term(&l->arena, written);
    if (folded.len == 0)
        return rt_tsv_fail(&l->tsv, written, err, "empty form");
    entry.written = rt_load_text(l, written);
    rt_form f = {folded, written, l->tsv.path, l->tsv.text, entry, l->forms.len};
    RT_PUSH(&l->arena, &l->forms, f);
    return RT_OK;
}

static rt_code read_forms(rt_load *l, rt_str cell, rt_entry entry, rt_err *err)
{
    rt_str form;
    while (next_value(&cell, &form)) {
        rt_code code = rt_load_form(l, form, entry, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

/* ---- rows
 * ---------------------------------------------------------------------------------------------- */

static bool closed_value(unsigned type, rt_str word, unsigned *value)
{
    if (type == RT_TYPE_SIDE)
        return rt_side_parse(word, value);
    if (type == RT_TYPE_SEVERITY)
        return rt_severity_parse(word, value);
    if (type == RT_TYPE_CHANGE)
        return rt_change_parse(word, value);
    return false;
}

static rt_code read_flag(rt_load *l, rt_str flag, rt_concept *c, rt_err *err)
{
    static const struct {
        const char *name;
        uint16_t bit;
    } flags[] = {{"paired", RT_CONCEPT_PAIRED},     {"critical", RT_CONCEPT_CRITICAL},
                 {"generic", RT_CONCEPT_GENERIC},   {"container", RT_CONCEPT_CONTAINER},
                 {"noplural", RT_CONCEPT_NOPLURAL}, {"partial", RT_CONCEPT_PARTIAL},
                 {"midline", RT_CONCEPT_MIDLINE},   {"sized", RT_CONCEPT_SIZED},
                 {"level", RT_CONCEPT_LEVEL}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (rt_str_eq(flag, rt_str_from(flags[i].name))) {
            c->flags |= flags[i].bit;
            return RT_OK;
        }
    }
    rt_cut cut = rt_str_cut(flag, '=');
    unsigned value;
    if (rt_str_eq(cut.head, RT_STR("value")) && closed_value(c->type, cut.tail, &value)) {
        c->value = (uint8_t)value;
        return RT_OK;
    }
    return rt_tsv_fail(&l->tsv, flag, err, "unknown flag \"%.*s\"", (int)flag.len, flag.ptr);
}

static uint8_t bytes_of(rt_str s)
{
    return s.len <= UINT8_MAX ? (uint8_t)s.len : 0;
}

static bool is_plain(rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f || strchr("\"\\&<>", s.ptr[i]))
            return false;
    return true;
}

static rt_code concept_row(rt_load *l, rt_err *err)
{
    enum { ID, TYPE, REGION, PREF_EN, PREF_ZH, EN, ZH, IS_A, PART_OF, FLAGS };
    const rt_str *cell = l->tsv.cell;
    unsigned type;
    rt_code code = read_word(l, cell[TYPE], rt_type_parse, &type, err);
    if (code != RT_OK)
        return code;
    if (cell[ID].len == 0 || cell[PREF_EN].len == 0)
        return rt_tsv_fail(&l->tsv, cell[ID], err, "a concept needs an id and pref_en");
    rt_concept c = {.id = rt_load_text(l, cell[ID]),
                    .pref_en = rt_load_text(l, cell[PREF_EN]),
                    .pref_zh = rt_load_text(l, cell[PREF_ZH]),
                    .region = rt_load_text(l, cell[REGION]),
                    .type = (uint8_t)type,
                    .id_bytes = bytes_of(cell[ID]),
                    .en_bytes = bytes_of(cell[PREF_EN]),
                    .zh_bytes = bytes_of(cell[PREF_ZH]),
                    .plain =
                        is_plain(cell[ID]) && is_plain(cell[PREF_EN]) && is_plain(cell[PREF_ZH])};
    rt_str flag, flags = cell[FLAGS];
    while (next_value(&flags, &flag)) {
        code = read_flag(l, flag, &c, err);
        if (code != RT_OK)
            return code;
    }
    if (c.flags & RT_CONCEPT_CRITICAL && (cell[EN].len == 0 || cell[ZH].len == 0))
        return rt_tsv_fail(&l->tsv, cell[ID], err, "a critical concept needs both languages");
    rt_entry entry = {.kind = RT_ENTRY_CONCEPT, .target = l->concepts.len};
    RT_PUSH(&l->arena, &l->concepts, c);
    RT_PUSH(&l->arena, &l->concept_places, cell[ID]);
    if (c.flags & RT_CONCEPT_CONTAINER)
        return RT_OK;
    code = read_forms(l, cell[EN], entry, err);
    return code == RT_OK ? read_forms(l, cell[ZH], entry, err) : code;
}

/* Second pass over the concepts, when all ids are known. */
static rt_code parents_row(rt_load *l, rt_err *err)
{
    enum { ID, IS_A = 7, PART_OF };
    uint32_t concept;
    if (!find_id(l, l->tsv.cell[ID], &concept))
        return RT_OK; /* its row was refused in the first pass */
    rt_range kinds, parts;
    rt_code code = read_ids(l, l->tsv.cell[IS_A], &kinds, err);
    if (code == RT_OK)
        code = read_ids(l, l->tsv.cell[PART_OF], &parts, err);
    if (code == RT_OK) {
        l->concepts.at[concept].kinds =
            kinds; /* direct parents for now; closed in lexicon_build.c */
        l->concepts.at[concept].parts = parts;
    }
    return code;
}

static rt_code one_id(rt_load *l, rt_str cell, uint32_t *concept, rt_err *err)
{
    if (!find_id(l, cell, concept))
        return rt_tsv_fail(&l->tsv, cell, err, "no concept has the id \"%.*s\"", (int)cell.len,
                           cell.ptr);
    return RT_OK;
}

static rt_code abbrev_row(rt_load *l, rt_err *err)
{
    enum { ABBR, LANG, CONCEPT, CASE, REQUIRE, FORBID, SIDE };
    const rt_str *cell = l->tsv.cell;
    unsigned side = RT_SIDE_NONE;
    rt_entry entry = {.kind = RT_ENTRY_CONCEPT};
    rt_code code = one_id(l, cell[CONCEPT], &entry.target, err);
    if (code == RT_OK && cell[SIDE].len > 0)
        code = read_word(l, cell[SIDE], rt_side_parse, &side, err);
    if (code != RT_OK)
        return code;
    entry.side = (uint8_t)side;
    if (rt_str_eq(cell[CASE], RT_STR("cs")))
        entry.flags = RT_FORM_CASED;
    else if (!rt_str_eq(cell[CASE], RT_STR("ci")))
        return rt_tsv_fail(&l->tsv, cell[CASE], err, "case must be cs or ci");
    entry.require = read_words(l, cell[REQUIRE]);
    entry.forbid = read_words(l, cell[FORBID]);
    return rt_load_form(l, cell[ABBR], entry, err);
}

static rt_code ambiguous_row(rt_load *l, rt_err *err)
{
    enum { FORM, LANG, CONCEPT, REQUIRE, FORBID };
    const rt_str *cell = l->tsv.cell;
    rt_reading r = {
        .form = rt_fold_term(&l->arena, cell[FORM]), .place = cell[FORM], .file = l->tsv.text};
    rt_code code = one_id(l, cell[CONCEPT], &r.concept, err);
    if (code != RT_OK)
        return code;
    r.require = read_words(l, cell[REQUIRE]);
    r.forbid = read_words(l, cell[FORBID]);
    RT_PUSH(&l->arena, &l->readings, r);
    return RT_OK;
}

static rt_code cue_row(rt_load *l, rt_err *err)
{
    enum { CUE, LANG, CATEGORY, DIRECTION, SCOPE, RELATION };
    const rt_str *cell = l->tsv.cell;
    unsigned lang, category, direction, scope, link = RT_LINK_NONE;
    rt_code code = read_word(l, cell[LANG], rt_lang_parse, &lang, err);
    if (code == RT_OK)
        code = read_word(l, cell[CATEGORY], rt_cue_parse, &category, err);
    if (code == RT_OK)
        code = read_word(l, cell[DIRECTION], rt_direction_parse, &direction, err);
    if (code == RT_OK)
        code = read_word(l, cell[SCOPE], rt_scope_parse, &scope, err);
    if (code == RT_OK && cell[RELATION].len > 0)
        code = read_word(l, cell[RELATION], rt_link_parse, &link, err);
    if (code != RT_OK)
        return code;
    rt_entry entry = {.kind = RT_ENTRY_CUE, .target = l->cues.len};
    RT_PUSH(&l->arena, &l->cues,
            (rt_cue){rt_load_text(l, cell[CUE]),
                     (uint8_t)category,
                     (uint8_t)direction,
                     (uint8_t)scope,
                     (uint8_t)link,
                     (uint8_t)lang,
                     {0}});
    return rt_load_form(l, cell[CUE], entry, err);
}

static rt_code heading_row(rt_load *l, rt_err *err)
{
    enum { HEADING, LANG, SECTION };
    const rt_str *cell = l->tsv.cell;
    unsigned section;
    rt_code code = read_word(l, cell[SECTION], rt_section_parse, &section, err);
    if (code != RT_OK)
        return code;
    rt_entry entry = {.kind = RT_ENTRY_HEADING, .target = l->headings.len};
    RT_PUSH(&l->arena, &l->headings, (rt_heading){rt_load_text(l, cell[HEADING]), section});
    return rt_load_form(l, cell[HEADING], entry, err);
}

static rt_code normal_row(rt_load *l, rt_err *err)
{
    enum { PHRASE, LANG, ANATOMY, ABSENT };
    const rt_str *cell = l->tsv.cell;
    rt_normal n = {.form = rt_load_text(l, cell[PHRASE])};
    rt_code code = read_ids(l, cell[ANATOMY], &n.anatomy, err);
    if (code == RT_OK)
        code = read_ids(l, cell[ABSENT], &n.absent, err);
    if (code != RT_OK)
        return code;
    rt_entry entry = {.kind = RT_ENTRY_NORMAL, .target = l->normals.len};
    RT_PUSH(&l->arena, &l->normals, n);
    return rt_load_form(l, cell[PHRASE], entry, err);
}

static rt_code blocker_row(rt_load *l, rt_err *err)
{
    enum { PHRASE, LANG, KEEP };
    const rt_str *cell = l->tsv.cell;
    rt_blocker b = {rt_load_text(l, cell[PHRASE]), RT_NIL};
    if (cell[KEEP].len > 0) {
        rt_code code = one_id(l, cell[KEEP], &b.keep, err);
        if (code != RT_OK)
            return code;
    }
    rt_entry entry = {.kind = RT_ENTRY_BLOCKER, .target = l->blockers.len};
    RT_PUSH(&l->arena, &l->blockers, b);
    return rt_load_form(l, cell[PHRASE], entry, err);
}

static rt_code unit_row(rt_load *l, rt_err *err)
{
    enum { FORM, LANG, UNIT, KIND, FACTOR };
    const rt_str *cell = l->tsv.cell;
    rt_unit u = {.form = rt_load_text(l, cell[FORM]), .unit = rt_load_text(l, cell[UNIT])};
    unsigned kind;
    rt_code code = read_word(l, cell[KIND], rt_measure_parse, &kind, err);
    if (code != RT_OK)
        return code;
    u.kind = kind;
    if (!rt_str_number(cell[FACTOR], &u.factor) || u.factor <= 0)
        return rt_tsv_fail(&l->tsv, cell[FACTOR], err, "factor must be a number above 0");
    rt_entry entry = {.kind = RT_ENTRY_UNIT, .target = l->units.len};
    RT_PUSH(&l->arena, &l->units, u);
    return rt_load_form(l, cell[FORM], entry, err);
}

static rt_code quantifier_row(rt_load *l, rt_err *err)
{
    enum { FORM, LANG, MEANING, MAX_NUMBER = 1000 };
    const rt_str *cell = l->tsv.cell;
    unsigned meaning = RT_QUANTIFIER_NUMBER;
    double number = 0; /* a cell that holds one says what the word stands for */
    bool counts = rt_str_number(cell[MEANING], &number) && number >= 1 && number <= MAX_NUMBER;
    rt_code code = counts ? RT_OK : read_word(l, cell[MEANING], rt_quantifier_parse, &meaning, err);
    if (code != RT_OK)
        return code;
    if (!counts && meaning == RT_QUANTIFIER_NUMBER)
        return rt_tsv_fail(&l->tsv, cell[MEANING], err, "write the number itself, 1 to 1000");
    rt_entry entry = {.kind = RT_ENTRY_QUANTIFIER, .target = l->quantifiers.len};
    RT_PUSH(&l->arena, &l->quantifiers,
            (rt_quantifier){rt_load_text(l, cell[FORM]), meaning, (uint32_t)number});
    return rt_load_form(l, cell[FORM], entry, err);
}

static rt_code mark_row(rt_load *l, rt_err *err)
{
    enum { SET, FORM, LANG, VALUE, REQUIRE, FORBID };
    const rt_str *cell = l->tsv.cell;
    unsigned mark;
    rt_code code = read_word(l, cell[SET], rt_mark_parse, &mark, err);
    if (code != RT_OK)
        return code;
    rt_entry entry = {.kind = RT_ENTRY_MARK,
                      .target = l->marks.len,
                      .require = read_words(l, cell[REQUIRE]),
                      .forbid = read_words(l, cell[FORBID])};
    RT_PUSH(&l->arena, &l->marks,
            (rt_marked){rt_load_text(l, cell[FORM]), rt_load_text(l, cell[VALUE]), mark});
    return rt_load_form(l, cell[FORM], entry, err);
}

static rt_code relator_row(rt_load *l, rt_err *err)
{
    enum { FORM, LANG, MEANING };
    const rt_str *cell = l->tsv.cell;
    unsigned meaning;
    rt_code code = read_word(l, cell[MEANING], rt_relator_parse, &meaning, err);
    if (code != RT_OK)
        return code;
    rt_entry entry = {.kind = RT_ENTRY_RELATOR, .target = l->relators.len};
    RT_PUSH(&l->arena, &l->relators, (rt_relator){rt_load_text(l, cell[FORM]), meaning});
    return rt_load_form(l, cell[FORM], entry, err);
}

/* ---- tables
 * --------------------------------------------------------------------------------------------- */

/* In the order of reading: what refers to concepts comes after them. concepts.tsv is read twice. */
const rt_load_table rt_load_tables[RT_LOAD_TABLES] = {
    {"concepts.tsv",
     {"id", "type", "region", "pref_en", "pref_zh", "en", "zh", "is_a", "part_of", "flags"},
     concept_row},
    {"concepts.tsv", {"id", "type", "region", "pref_en", "pref_zh"}, parents_row},
    {"abbrev.tsv", {"abbr", "lang", "concept", "case", "require", "forbid", "side"}, abbrev_row},
    {"ambiguous.tsv", {"form", "lang", "concept", "require", "forbid"}, ambiguous_row},
    {"cues.tsv", {"cue", "lang", "category", "direction", "scope", "relation"}, cue_row},
    {"headings.tsv", {"heading", "lang", "section"}, heading_row},
    {"normals.tsv", {"phrase", "lang", "anatomy", "absent"}, normal_row},
    {"blockers.tsv", {"phrase", "lang", "keep"}, blocker_row},
    {"units.tsv", {"form", "lang", "unit", "kind", "factor"}, unit_row},
    {"quantifiers.tsv", {"form", "lang", "meaning"}, quantifier_row},
    {"relators.tsv", {"form", "lang", "meaning"}, relator_row},
    {"qa_words.tsv", {"set", "form", "lang", "value", "require", "forbid"}, mark_row},
};
