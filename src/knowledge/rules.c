/* Critical-finding rules: lexicons/critical.tsv and the profile of a site, loaded once. The
 * condition language is read in rules_read.c and asked in rules_ask.c. */
#include "knowledge/rules.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "knowledge/rules_table.h"

#define MAX_FILE (4U << 20)
#define ARENA_BYTES (16U << 20) /* mapped, not touched, until used */

static const char *kept(rt_rules *r, rt_str s)
{
    char *z = RT_NEW(&r->arena, char, s.len + 1); /* zeroed */
    if (!z)
        return "";
    memcpy(z, s.ptr, s.len);
    return z;
}

enum { ID, FAMILY, CATEGORY, MINUTES, CONCEPTS, WHEN, UNLESS, NAME_EN, NAME_ZH, SOURCE };

static rt_code read_set(rt_rules *r, rt_err *err)
{
    const rt_str *cell = r->tsv.cell;
    rt_rule_set set = {.name = cell[ID]};
    for (uint32_t i = 0; i < r->sets.len; i++)
        if (rt_str_eq(r->sets.at[i].name, set.name))
            return rt_rules_fail(r, set.name, err, "a second set of this name:");
    rt_code code = rt_rules_conditions(r, cell[WHEN], true, &set.when, err);
    if (code == RT_OK)
        code = rt_rules_conditions(r, cell[UNLESS], false, &set.unless, err);
    if (code == RT_OK)
        RT_PUSH(&r->arena, &r->sets, set);
    if (rt_str_eq(set.name, RT_STR("@probable")))
        r->probable = set;
    if (rt_str_eq(set.name, RT_STR("@never")))
        r->never = set;
    return code;
}

static bool speaks_of_absence(const rt_rules *r, rt_range when)
{
    for (uint32_t i = when.first; i < when.first + when.count; i++)
        if (r->conditions.at[i].key == RT_RULE_KEY_presence)
            return true;
    return false;
}

/* The first pattern that must stand in the sentence. */
static void note_text(const rt_rules *r, rt_rule *u)
{
    uint32_t i = u->when.first, end = i + u->when.count;
    while (i < end && r->conditions.at[i].key != RT_RULE_KEY_text)
        i++;
    if (i == end)
        return;
    u->text = r->conditions.at[i].values;
    u->han = rt_pattern_is_han(r->patterns, r->conditions.at[i].text);
}

static uint64_t places_of(const rt_rules *r, rt_range when)
{
    for (uint32_t i = when.first; i < when.first + when.count; i++)
        if (r->conditions.at[i].key == RT_RULE_KEY_anatomy && r->conditions.at[i].op == '=')
            return r->conditions.at[i].bits;
    return 0;
}

static rt_rule_gate gate_of(const rt_rules *r, const rt_rule *u)
{
    uint32_t bit = u->text.first % 64, n = u->text.count;
    return (rt_rule_gate){.mask = n > 0 && bit + n <= 64 ? ~0ULL >> (64 - n) << bit : 0,
                          .places = places_of(r, u->when),
                          .word = u->text.first / 64};
}

static void add_rule(rt_rules *r, const rt_rule *u)
{
    uint32_t i = r->rules.len;
    if (i % 64 == 0)
        RT_PUSH(&r->arena, &r->absence, 0);
    if (u->info.of_absence && r->absence.len > i / 64)
        r->absence.at[i / 64] |= 1ULL << i % 64;
    RT_PUSH(&r->arena, &r->gates, gate_of(r, u));
    RT_PUSH(&r->arena, &r->rules, *u);
}

/* How many of the first conditions ask for the finding itself. */
static uint32_t own_of(const rt_rules *r, rt_range of)
{
    uint32_t n = 0;
    while (n < of.count && r->conditions.at[of.first + n].cost == RT_COST_FINDING)
        n++;
    return n;
}

static rt_code read_rule(rt_rules *r, rt_err *err)
{
    const rt_str *cell = r->tsv.cell;
    double category, minutes;
    for (unsigned i = ID; i <= NAME_ZH; i++)
        if (cell[i].len == 0 && i != WHEN && i != UNLESS)
            return rt_rules_fail(r, cell[i], err, "must not be empty:");
    if (!rt_str_number(cell[CATEGORY], &category) || category < 1 || category > 3)
        return rt_rules_fail(r, cell[CATEGORY], err, "category must be 1, 2 or 3:");
    if (!rt_str_number(cell[MINUTES], &minutes) || minutes < 0 || minutes > 1e6)
        return rt_rules_fail(r, cell[MINUTES], err, "not a number of minutes:");
    rt_rule u = {.info = {.id = kept(r, cell[ID]),
                          .family = kept(r, cell[FAMILY]),
                          .name_en = kept(r, cell[NAME_EN]),
                          .name_zh = kept(r, cell[NAME_ZH]),
                          .source = kept(r, cell[SOURCE]),
                          .category = (uint32_t)category,
                          .minutes = (uint32_t)minutes}};
    rt_code code = rt_rules_concepts(r, cell[CONCEPTS], '|', &u.concepts, err);
    if (code == RT_OK)
        code = rt_rules_conditions(r, cell[WHEN], true, &u.when, err);
    if (code == RT_OK)
        code = rt_rules_conditions(r, cell[UNLESS], false, &u.unless, err);
    if (code != RT_OK)
        return code;
    if (r->full)
        return rt_rules_fail(r, cell[ID], err, "too many rules from here on:");
    u.info.of_absence = speaks_of_absence(r, u.when);
    note_text(r, &u);
    u.own = own_of(r, u.when);
    add_rule(r, &u);
    return RT_OK;
}

static rt_code read_row(rt_rules *r, rt_err *err)
{
    rt_str id = r->tsv.cell[ID];
    return id.len > 0 && id.ptr[0] == '@' ? read_set(r, err) : read_rule(r, err);
}

/* Bits of the rules that name each concept, `words` of 64; NULL: no memory. */
static uint64_t *rules_by_name(const rt_rules *r, uint32_t words)
{
    uint64_t *bits = calloc((size_t)r->lex->n_concepts + 1, words * sizeof *bits + 1);
    for (uint32_t i = 0; bits && i < r->rules.len; i++) {
        const rt_rule *u = &r->rules.at[i];
        for (uint32_t k = 0; k < u->concepts.count && !u->info.off; k++) {
            uint32_t concept = r->values.at[u->concepts.first + k];
            bits[(size_t) concept * words + i / 64] |= (uint64_t)1 << i % 64;
        }
    }
    return bits;
}

/* A rule is about the concepts that it names and all kinds of them. */
static rt_range rules_of(rt_rules *r, uint32_t concept, const uint64_t *bits, uint32_t words)
{
    rt_range found = {r->order.len, 0}, kinds = r->lex->concepts[concept].kinds;
    for (uint32_t w = 0; w < words; w++) {
        uint64_t left = 0;
        for (uint32_t k = kinds.first; k < kinds.first + kinds.count; k++)
            left |= bits[(size_t)r->lex->links[k] * words + w];
        for (; left != 0; left &= left - 1) {
            RT_PUSH(&r->arena, &r->order, w * 64 + (uint32_t)__builtin_ctzll(left));
            found.count++;
        }
    }
    return found;
}

static bool order_by_concept(rt_rules *r)
{
    uint32_t words = (r->rules.len + 63) / 64;
    uint64_t *bits = rules_by_name(r, words);
    r->by_concept = RT_NEW(&r->arena, rt_range, r->lex->n_concepts + 1);
    for (uint32_t c = 0; bits && r->by_concept && c < r->lex->n_concepts; c++)
        r->by_concept[c] = rules_of(r, c, bits, words);
    bool ok = bits != NULL;
    free(bits);
    return ok;
}

static rt_code read_file(rt_rules *r, const char *path, rt_bytes *file, const char *const *columns,
                         rt_code (*row)(rt_rules *, rt_err *), rt_err *err)
{
    rt_code code = rt_file_read(path, MAX_FILE, file, err);
    if (code == RT_OK)
        code = rt_tsv_open(&r->tsv, path, rt_bytes_str(file), columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&r->tsv, &more, err);
        if (code == RT_OK && more)
            code = row(r, err);
    }
    if (code == RT_OK && r->full)
        code = rt_fail(err, RT_ELIMIT, "%s: too many rules", path);
    return code;
}

static rt_code load(rt_rules *r, const char *path, const char *profile, rt_err *err)
{
    static const char *const columns[] = {"id",       "family", "category", "minutes",
                                          "concepts", "when",   "unless",   "name_en",
                                          "name_zh",  "source", NULL};
    rt_code code = read_file(r, path, &r->file, columns, read_row, err);
    if (code == RT_OK && profile)
        code = read_file(r, profile, &r->profile, rt_rules_profile_columns, rt_rules_override, err);
    if (code != RT_OK)
        return code;
    char both[130];
    rt_sha256_hex(rt_bytes_str(&r->file), both);
    rt_sha256_hex(rt_bytes_str(&r->profile), both + 64);
    rt_sha256_hex((rt_str){both, 128}, r->checksum);
    if (!order_by_concept(r))
        return rt_fail(err, RT_ENOMEM, "no memory for the rules");
    return r->full ? rt_fail(err, RT_ELIMIT, "%s: too many rules", path) : RT_OK;
}

rt_code rt_rules_load(const char *path, const char *profile, const rt_lexicon *x, rt_rules **out,
                      rt_err *err)
{
    rt_rules *r = calloc(1, sizeof *r);
    if (r) {
        r->memory = malloc(ARENA_BYTES);
        r->patterns = rt_patterns_new();
        r->section_patterns = rt_patterns_new();
    }
    if (!r || !r->memory || !r->patterns || !r->section_patterns) {
        rt_rules_close(r);
        return rt_fail(err, RT_ENOMEM, "no memory for the rules");
    }
    r->lex = x;
    r->concepts = x->n_concepts;
    r->arena = (rt_arena){r->memory, r->memory + ARENA_BYTES, &r->full};
    rt_code code = load(r, path, profile, err);
    rt_bytes_free(&r->file);
    rt_bytes_free(&r->profile);
    if (code == RT_OK)
        *out = r;
    else
        rt_rules_close(r);
    return code;
}

/* ---- in a compiled lexicon */

static void walk_rule(rt_image *m, void *at)
{
    rt_rule_info *u = &((rt_rule *)at)->info;
    rt_image_text(m, &u->id);
    rt_image_text(m, &u->family);
    rt_image_text(m, &u->name_en);
    rt_image_text(m, &u->name_zh);
    rt_image_text(m, &u->source);
}

static void walk(rt_image *m, void *at)
{
    rt_rules *r = at;
    r->lex = NULL; /* and what only reading needs */
    r->memory = NULL;
    memset(&r->arena, 0, sizeof r->arena);
    memset(&r->tsv, 0, sizeof r->tsv);
    memset(&r->sets, 0, sizeof r->sets);
    memset(&r->sources, 0, sizeof r->sources);
    memset(&r->probable.name, 0, sizeof r->probable.name);
    memset(&r->never.name, 0, sizeof r->never.name);
    r->rules.cap = r->rules.len;
    rt_image_records(m, &r->rules.at, r->rules.len, sizeof *r->rules.at, walk_rule);
    RT_IMAGE_VEC(m, &r->gates);
    RT_IMAGE_VEC(m, &r->absence);
    RT_IMAGE_VEC(m, &r->conditions);
    RT_IMAGE_VEC(m, &r->values);
    RT_IMAGE_VEC(m, &r->order);
    rt_image_plain(m, &r->by_concept, r->concepts * sizeof *r->by_concept);
    rt_patterns_image(m, &r->patterns);
    rt_patterns_image(m, &r->section_patterns);
}

static bool stamp_of(const char *path, uint64_t *stamp)
{
    *stamp = sizeof(rt_rule) + sizeof(rt_rule_condition);
    return rt_stamp_file(stamp, path);
}

void rt_rules_image(rt_image *m, const char *path, const rt_lexicon *x)
{
    uint64_t stamp;
    rt_rules *r = NULL;
    if (!stamp_of(path, &stamp) || rt_rules_load(path, NULL, x, &r, NULL) != RT_OK)
        return;
    rt_image_part(m, RT_PART_RULES, stamp, r, sizeof *r, walk);
    rt_rules_close(r);
}

static bool open_patterns(rt_rules *r)
{
    if (!rt_patterns_open(&r->patterns))
        return false;
    bool both = rt_patterns_open(&r->section_patterns);
    if (!both)
        rt_patterns_free(r->patterns);
    return both;
}

rt_code rt_rules_open(const char *path, const char *profile, const rt_lexicon *x,
                      const rt_parts *parts, rt_rules **out, rt_err *err)
{
    uint64_t stamp;
    rt_rules *r = !profile && stamp_of(path, &stamp)
                      ? rt_parts_take(parts, RT_PART_RULES, stamp, sizeof *r)
                      : NULL;
    if (!r || !open_patterns(r)) {
        free(r);
        return rt_rules_load(path, profile, x, out, err);
    }
    r->lex = x;
    *out = r;
    return RT_OK;
}

void rt_rules_close(rt_rules *r)
{
    if (!r)
        return;
    rt_patterns_free(r->patterns);
    rt_patterns_free(r->section_patterns);
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

const char *rt_rules_checksum(const rt_rules *r)
{
    return r ? r->checksum : "";
}
