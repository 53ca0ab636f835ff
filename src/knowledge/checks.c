/* Reading the tables of the quality checks. See checks.h. */
#include "knowledge/checks.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "knowledge/tsv.h"

#define MAX_FILE (1U << 20)
#define ARENA_BYTES (16U << 20) /* address space: only what is used becomes memory */
enum {
    MAX_QUOTE = 60, /* bytes of the report's own words in a message */
    MAX_SETS = 4096 /* different choices of sets that words are in */
};

typedef struct rt_claim { /* what a concept brings to all below it */
    uint64_t sets;
    uint8_t organ;
} rt_claim;

struct rt_checks {
    const rt_lexicon *lex;
    char *memory;
    rt_arena arena;
    bool full;
    rt_tsv tsv;
    rt_check_info info[RT_CHECKS];
    double param[RT_QA_PARAM_END];
    rt_checked_concept *concepts;
    rt_claim *claims;        /* of each concept, while loading */
    const char *regions[32]; /* names of the regions; the first is general */
    uint32_t n_regions;
    uint32_t around[32]; /* of each region: bits of itself and its neighbours */
    uint32_t apart[32];  /* of each region: bits of those that it does not stand for */
    rt_checked_word *words;
    uint16_t *patterns; /* of each pattern: index of its sets */
    rt_mark_sets *sets; /* every choice of sets that some pattern is in, the empty one first */
    uint32_t n_sets;
    struct {
        rt_str key, en, zh;
    } say[64];
    uint32_t n_say;
    uint8_t organs; /* rows of the set "organ" read so far */
};

static rt_code fail(rt_checks *k, rt_str at, rt_err *err, const char *what)
{
    return rt_tsv_fail(&k->tsv, at, err, "%s \"%.*s\"", what, (int)at.len, at.ptr);
}

static const char *text(rt_checks *k, rt_str s)
{
    char *z = RT_NEW(&k->arena, char, s.len + 1); /* zeroed */
    if (!z)
        return "";
    memcpy(z, s.ptr, s.len);
    return z;
}

bool rt_checks_find(rt_str id, uint32_t *check)
{
    double n;
    bool prior = id.len > 0 && (id.ptr[0] == 'P' || id.ptr[0] == 'p');
    uint32_t from = prior ? RT_CHECKS_ONE : 0, end = prior ? RT_CHECKS : RT_CHECKS_ONE;
    if (id.len < 2 || (!prior && id.ptr[0] != 'Q' && id.ptr[0] != 'q') ||
        !rt_str_number(rt_str_slice(id, 1, id.len), &n) || n < 1 || n > end - from)
        return false;
    *check = from + (uint32_t)n - 1;
    return true;
}

/* ---- messages */

static rt_str quote(rt_str s)
{
    size_t end = s.len < MAX_QUOTE ? s.len : MAX_QUOTE;
    while (end > 0 && end < s.len && rt_utf8_cont(s.ptr[end]))
        end--;
    return rt_str_slice(s, 0, end);
}

static size_t put(char *to, size_t n, size_t room, rt_str s)
{
    size_t len = s.len < room - n ? s.len : room - n;
    memcpy(to + n, s.ptr, len);
    return n + len;
}

size_t rt_checks_message(const char *form, const rt_str part[3], char *to, size_t room)
{
    rt_str s = rt_str_from(form);
    size_t n = 0, pos;
    while (rt_str_find(s, RT_STR("{"), &pos) && pos + 2 < s.len && s.ptr[pos + 2] == '}') {
        unsigned i = (unsigned)(s.ptr[pos + 1] - '1');
        n = put(to, n, room, rt_str_slice(s, 0, pos));
        n = put(to, n, room, i < 2 ? quote(part[i]) : i == 2 ? part[2] : RT_STR(""));
        s = rt_str_slice(s, pos + 3, s.len);
    }
    return put(to, n, room, s);
}

/* ---- qa.tsv */

static bool find_param(rt_str name, uint32_t *out)
{
#define X(c, n) n,
    static const char *const names[] = {RT_QA_PARAMS(X)};
#undef X
    for (uint32_t i = 0; i < RT_QA_PARAM_END; i++)
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

static rt_code read_params(rt_checks *k, rt_str cell, rt_err *err)
{
    while (cell.len > 0) {
        rt_cut one = rt_str_cut(cell, ';');
        rt_cut pair = rt_str_cut(rt_str_trim(one.head), '=');
        uint32_t p;
        if (!find_param(pair.head, &p))
            return fail(k, pair.head, err, "no check has a number called");
        if (!rt_str_number(pair.tail, &k->param[p]))
            return fail(k, pair.tail, err, "not a number:");
        cell = one.tail;
    }
    return RT_OK;
}

static rt_code check_row(rt_checks *k, rt_err *err)
{
    enum { ID, ON, SEVERITY, NAME_EN, NAME_ZH, PARAMS, MSG_EN, MSG_ZH, EXPLAIN_EN, EXPLAIN_ZH };
    const rt_str *cell = k->tsv.cell;
    uint32_t i;
    unsigned level;
    if (!rt_checks_find(cell[ID], &i))
        return fail(k, cell[ID], err, "checks are Q01 to Q48 and P01 to P04, not");
    if (k->info[i].id != NULL)
        return fail(k, cell[ID], err, "a second row for");
    if (!rt_qa_level_parse(cell[SEVERITY], &level))
        return fail(k, cell[SEVERITY], err, "severity is low, medium or high, not");
    bool asked = rt_str_eq(cell[ON], RT_STR("asked"));
    bool on = asked || rt_str_eq(cell[ON], RT_STR("on"));
    if (!on && !rt_str_eq(cell[ON], RT_STR("off")))
        return fail(k, cell[ON], err, "on, asked or off, not");
    for (uint32_t c = NAME_EN; c <= EXPLAIN_ZH; c++)
        if (c != PARAMS && cell[c].len == 0)
            return fail(k, cell[ID], err, "name, message and explanation are needed for");
    k->info[i] = (rt_check_info){.id = text(k, cell[ID]),
                                 .name_en = text(k, cell[NAME_EN]),
                                 .name_zh = text(k, cell[NAME_ZH]),
                                 .message_en = text(k, cell[MSG_EN]),
                                 .message_zh = text(k, cell[MSG_ZH]),
                                 .explain_en = text(k, cell[EXPLAIN_EN]),
                                 .explain_zh = text(k, cell[EXPLAIN_ZH]),
                                 .severity = (rt_qa_level_type)level,
                                 .on = on,
                                 .asked = asked};
    return read_params(k, cell[PARAMS], err);
}

/* ---- qa_sets.tsv */

static bool find_set(rt_str name, uint32_t *out)
{
#define X(c, n) n,
    static const char *const names[] = {RT_QA_SETS(X)};
#undef X
    for (uint32_t i = 0; i < RT_QA_SET_END; i++)
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

/* The concept and all below it will join the set (spread_claims). */
static void claim(rt_checks *k, uint32_t concept, uint32_t set)
{
    k->claims[concept].sets |= UINT64_C(1) << set;
    if (set == RT_QA_SET_ORGAN && k->claims[concept].organ == 0)
        k->claims[concept].organ = k->organs;
}

static void join(rt_checks *k, uint32_t c, const rt_claim *claim)
{
    rt_checked_concept *to = &k->concepts[c];
    to->sets |= claim->sets;
    if (claim->organ != 0 && (to->organ == 0 || claim->organ < to->organ))
        to->organ = claim->organ;
}

/* A concept joins the sets of what it is a kind of and, anatomy, of what it is a part of. The first
 * organ that claims a concept keeps it. */
static void spread_claims(rt_checks *k)
{
    const rt_lexicon *x = k->lex;
    for (uint32_t c = 0; c < x->n_concepts; c++) {
        rt_range kinds = x->concepts[c].kinds, parts = x->concepts[c].parts;
        for (uint32_t i = kinds.first; i < kinds.first + kinds.count; i++)
            join(k, c, &k->claims[x->links[i]]);
        for (uint32_t i = parts.first; i < parts.first + parts.count; i++)
            if (x->concepts[c].type == RT_TYPE_ANATOMY &&
                x->concepts[x->links[i]].type == RT_TYPE_ANATOMY)
                join(k, c, &k->claims[x->links[i]]);
    }
}

/* By form or id; parents that only group others have no form, they go by their name. */
static bool find_concept(const rt_checks *k, rt_str name, uint32_t *concept)
{
    if (rt_lexicon_by_name(k->lex, name, concept))
        return true;
    for (uint32_t c = 0; c < k->lex->n_concepts; c++)
        if (rt_str_eq(name, rt_str_from(rt_lexicon_text(k->lex, k->lex->concepts[c].pref_en)))) {
            *concept = c;
            return true;
        }
    return false;
}

/* Regions are few: each is numbered by the first concept that has it. */
static rt_code number_regions(rt_checks *k, rt_err *err)
{
    k->regions[0] = "general";
    k->n_regions = 1;
    for (uint32_t c = 0; c < k->lex->n_concepts; c++) {
        const char *name = rt_lexicon_text(k->lex, k->lex->concepts[c].region);
        uint32_t i = 0;
        while (i < k->n_regions && *name != '\0' && strcmp(k->regions[i], name) != 0)
            i++;
        if (i == sizeof k->regions / sizeof *k->regions)
            return rt_fail(err, RT_ELIMIT, "too many regions in concepts.tsv");
        if (i == k->n_regions)
            k->regions[k->n_regions++] = name;
        k->concepts[c].region = (uint8_t)i;
    }
    for (uint32_t i = 0; i < k->n_regions; i++)
        k->around[i] = 1U << i;
    return RT_OK;
}

static rt_code regions_row(rt_checks *k, uint32_t *sets, rt_str cell, rt_err *err)
{
    uint32_t bits = 0;
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, '|');
        uint32_t i = 0;
        while (i < k->n_regions && !rt_str_eq(cut.head, rt_str_from(k->regions[i])))
            i++;
        if (i == k->n_regions)
            return fail(k, cut.head, err, "no region is called");
        bits |= 1U << i;
        cell = cut.tail;
    }
    for (uint32_t i = 0; i < k->n_regions; i++)
        if (bits >> i & 1U)
            sets[i] |= bits;
    return RT_OK;
}

static rt_code say_row(rt_checks *k, rt_str cell, rt_err *err)
{
    rt_cut key = rt_str_cut(cell, '|'), en = rt_str_cut(key.tail, '|');
    if (!en.found || k->n_say == sizeof k->say / sizeof *k->say)
        return fail(k, cell, err, "key, English and Chinese word, apart by |, not");
    k->say[k->n_say].key = rt_str_from(text(k, key.head));
    k->say[k->n_say].en = rt_str_from(text(k, en.head));
    k->say[k->n_say++].zh = rt_str_from(text(k, en.tail));
    return RT_OK;
}

static rt_code set_row(rt_checks *k, rt_err *err)
{
    enum { SET, CONCEPTS };
    rt_str cell = k->tsv.cell[CONCEPTS];
    uint32_t set;
    if (rt_str_eq(k->tsv.cell[SET], RT_STR("neighbours")))
        return regions_row(k, k->around, cell, err);
    if (rt_str_eq(k->tsv.cell[SET], RT_STR("apart")))
        return regions_row(k, k->apart, cell, err);
    if (rt_str_eq(k->tsv.cell[SET], RT_STR("say")))
        return say_row(k, cell, err);
    if (!find_set(k->tsv.cell[SET], &set))
        return fail(k, k->tsv.cell[SET], err, "no set is called");
    if (set == RT_QA_SET_ORGAN && ++k->organs == 64)
        return fail(k, k->tsv.cell[SET], err, "too many rows of");
    while (cell.len > 0) {
        rt_cut cut = rt_str_cut(cell, '|');
        uint32_t concept;
        bool alone = rt_str_starts(cut.head, RT_STR("="));
        rt_str name = rt_str_slice(cut.head, alone, cut.head.len);
        if (!find_concept(k, name, &concept))
            return fail(k, name, err, "no concept is called");
        if (alone)
            k->concepts[concept].sets |= UINT64_C(1) << set;
        else
            claim(k, concept, set);
        cell = cut.tail;
    }
    return RT_OK;
}

/* ---- loading */

static rt_code read_table(rt_checks *k, const char *path, const char *const *columns,
                          rt_code (*row)(rt_checks *k, rt_err *err), rt_err *err)
{
    rt_bytes file;
    rt_code code = rt_file_read(path, MAX_FILE, &file, err);
    if (code != RT_OK)
        return code;
    code = rt_tsv_open(&k->tsv, path, rt_bytes_str(&file), columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&k->tsv, &more, err);
        if (code == RT_OK && more)
            code = row(k, err);
    }
    rt_bytes_free(&file);
    return code;
}

/* A check without a row is off. */
static void fill_missing(rt_checks *k)
{
    for (uint32_t i = 0; i < RT_CHECKS; i++) {
        if (k->info[i].id != NULL)
            continue;
        rt_str id = i < RT_CHECKS_ONE
                        ? rt_arena_printf(&k->arena, "Q%02u%c", i + 1, 0)
                        : rt_arena_printf(&k->arena, "P%02u%c", i - RT_CHECKS_ONE + 1, 0);
        const char *none = "";
        k->info[i] = (rt_check_info){.id = id.ptr,
                                     .name_en = none,
                                     .name_zh = none,
                                     .message_en = none,
                                     .message_zh = none,
                                     .explain_en = none,
                                     .explain_zh = none,
                                     .severity = RT_QA_LEVEL_LOW};
    }
}

static uint32_t modalities_of(rt_str list)
{
#define X(n) #n,
    static const char *const names[] = {RT_QA_MODALITIES(X)};
#undef X
    uint32_t bits = 0;
    while (list.len > 0) {
        rt_cut cut = rt_str_cut(list, ',');
        for (uint32_t i = 0; i < RT_QA_MODALITY_END; i++)
            if (rt_str_eq(cut.head, rt_str_from(names[i])))
                bits |= 1U << i;
        list = cut.tail;
    }
    return bits;
}

static void name_words(rt_checks *k)
{
    for (uint32_t i = 0; i < k->lex->n_marks; i++) {
        rt_str value = rt_str_from(rt_lexicon_text(k->lex, k->lex->marks[i].value));
        rt_checked_word *w = &k->words[i];
        w->modalities = modalities_of(value);
        if (value.len == 0 || !rt_lexicon_by_name(k->lex, value, &w->concept))
        w->concept = RT_NIL;
    }
}

static rt_mark_sets sets_of(const rt_lexicon *x, const rt_pattern *p)
{
    rt_mark_sets s = {{0, 0}};
    for (uint32_t i = p->entries.first; i < p->entries.first + p->entries.count; i++) {
        uint32_t set =
            x->entries[i].kind == RT_ENTRY_MARK ? x->marks[x->entries[i].target].mark : RT_MARK_END;
        if (set != RT_MARK_END)
            s.bits[set / 64] |= UINT64_C(1) << set % 64;
    }
    return s;
}

/* Choices are few: each is numbered by the first pattern that has it. */
static rt_code number_sets(rt_checks *k, rt_err *err)
{
    k->n_sets = 1;
    for (uint32_t p = 0; p < k->lex->n_patterns; p++) {
        rt_mark_sets s = sets_of(k->lex, &k->lex->patterns[p]);
        uint32_t i = 0;
        while (i < k->n_sets && memcmp(&k->sets[i], &s, sizeof s) != 0)
            i++;
        if (i == MAX_SETS)
            return rt_fail(err, RT_ELIMIT, "too many words of several sets in qa_words.tsv");
        if (i == k->n_sets)
            k->sets[k->n_sets++] = s;
        k->patterns[p] = (uint16_t)i;
    }
    return RT_OK;
}

static rt_code load(rt_checks *k, const char *dir, rt_err *err)
{
    static const char *const checks[] = {"id",         "on",         "severity",   "name_en",
                                         "name_zh",    "params",     "message_en", "message_zh",
                                         "explain_en", "explain_zh", NULL};
    static const char *const sets[] = {"set", "concepts", NULL};
    char path[4096];
    snprintf(path, sizeof path, "%s/qa.tsv", dir);
    rt_code code = read_table(k, path, checks, check_row, err);
    if (code != RT_OK)
        return code;
    snprintf(path, sizeof path, "%s/qa_sets.tsv", dir);
    code = number_regions(k, err);
    if (code == RT_OK)
        code = read_table(k, path, sets, set_row, err);
    if (code != RT_OK)
        return code;
    spread_claims(k);
    fill_missing(k);
    name_words(k);
    return k->full ? rt_fail(err, RT_ELIMIT, "%s: too many checks", dir) : number_sets(k, err);
}

static bool make_room(rt_checks *k)
{
    const rt_lexicon *x = k->lex;
    k->claims = calloc(x->n_concepts + 1, sizeof *k->claims);
    k->memory = malloc(ARENA_BYTES);
    k->arena = (rt_arena){k->memory, k->memory ? k->memory + ARENA_BYTES : NULL, &k->full};
    k->concepts = RT_NEW(&k->arena, rt_checked_concept, x->n_concepts + 1);
    k->words = RT_NEW(&k->arena, rt_checked_word, x->n_marks + 1);
    k->patterns = RT_NEW(&k->arena, uint16_t, x->n_patterns + 1);
    k->sets = RT_NEW(&k->arena, rt_mark_sets, MAX_SETS);
    return k->claims && !k->full;
}

rt_code rt_checks_load(const char *dir, const rt_lexicon *x, rt_checks **out, rt_err *err)
{
    rt_checks *k = calloc(1, sizeof *k);
    if (!k)
        return rt_fail(err, RT_ENOMEM, "no memory for the checks");
    k->lex = x;
    rt_code code =
        make_room(k) ? load(k, dir, err) : rt_fail(err, RT_ENOMEM, "no memory for the checks");
    free(k->claims);
    k->claims = NULL;
    if (code == RT_OK)
        *out = k;
    else
        rt_checks_close(k);
    return code;
}

/* ---- in a compiled lexicon */

static void walk_info(rt_image *m, rt_check_info *c)
{
    rt_image_text(m, &c->id);
    rt_image_text(m, &c->name_en);
    rt_image_text(m, &c->name_zh);
    rt_image_text(m, &c->message_en);
    rt_image_text(m, &c->message_zh);
    rt_image_text(m, &c->explain_en);
    rt_image_text(m, &c->explain_zh);
}

static void walk(rt_image *m, void *at)
{
    rt_checks *k = at;
    for (uint32_t i = 0; i < RT_CHECKS; i++)
        walk_info(m, &k->info[i]);
    for (uint32_t i = 0; i < k->n_say; i++) {
        rt_image_str(m, &k->say[i].key);
        rt_image_str(m, &k->say[i].en);
        rt_image_str(m, &k->say[i].zh);
    }
    rt_image_plain(m, &k->concepts, k->lex->n_concepts * sizeof *k->concepts);
    rt_image_plain(m, &k->words, k->lex->n_marks * sizeof *k->words);
    rt_image_plain(m, &k->patterns, k->lex->n_patterns * sizeof *k->patterns);
    rt_image_plain(m, &k->sets, k->n_sets * sizeof *k->sets);
    memset(k->regions, 0, sizeof k->regions); /* and what else only reading needs */
    memset(&k->arena, 0, sizeof k->arena);
    memset(&k->tsv, 0, sizeof k->tsv);
    k->memory = NULL;
    k->lex = NULL;
}

static bool stamp_of(const char *dir, uint64_t *stamp)
{
    char path[4096];
    *stamp = sizeof(rt_check_info);
    snprintf(path, sizeof path, "%s/qa.tsv", dir);
    if (!rt_stamp_file(stamp, path))
        return false;
    snprintf(path, sizeof path, "%s/qa_sets.tsv", dir);
    return rt_stamp_file(stamp, path);
}

void rt_checks_image(rt_image *m, const char *dir, const rt_lexicon *x)
{
    uint64_t stamp;
    rt_checks *k = NULL;
    if (!stamp_of(dir, &stamp) || rt_checks_load(dir, x, &k, NULL) != RT_OK)
        return;
    rt_image_part(m, RT_PART_CHECKS, stamp, k, sizeof *k, walk);
    rt_checks_close(k);
}

rt_code rt_checks_open(const char *dir, const rt_lexicon *x, const rt_parts *parts, rt_checks **out,
                       rt_err *err)
{
    uint64_t stamp;
    rt_checks *k =
        stamp_of(dir, &stamp) ? rt_parts_take(parts, RT_PART_CHECKS, stamp, sizeof *k) : NULL;
    if (!k)
        return rt_checks_load(dir, x, out, err);
    k->lex = x;
    *out = k;
    return RT_OK;
}

void rt_checks_close(rt_checks *k)
{
    if (!k)
        return;
    free(k->memory);
    free(k);
}

const rt_check_info *rt_checks_info(const rt_checks *k, uint32_t check)
{
    return &k->info[check];
}

double rt_checks_param(const rt_checks *k, rt_qa_param p)
{
    return k->param[p];
}

const rt_checked_concept *rt_checks_concepts(const rt_checks *k)
{
    return k->concepts;
}

const rt_checked_word *rt_checks_words(const rt_checks *k)
{
    return k->words;
}

const uint16_t *rt_checks_patterns(const rt_checks *k)
{
    return k->patterns;
}

const rt_mark_sets *rt_checks_sets(const rt_checks *k)
{
    return k->sets;
}

uint32_t rt_checks_apart(const rt_checks *k, uint32_t region)
{
    return k->apart[region];
}

uint32_t rt_checks_around(const rt_checks *k, uint32_t region)
{
    return k->around[region];
}

rt_str rt_checks_say(const rt_checks *k, const char *key, bool zh)
{
    for (uint32_t i = 0; i < k->n_say; i++)
        if (rt_str_eq(k->say[i].key, rt_str_from(key)))
            return zh ? k->say[i].zh : k->say[i].en;
    return rt_str_from(key);
}
