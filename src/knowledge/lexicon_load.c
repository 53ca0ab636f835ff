/* Reading the lexicon: the tables of lexicons/ to the arrays of rt_lexicon.
 *
 *   1. every table, row by row: concepts, then what refers to them     (lexicon_rows.c)
 *   2. closures of is_a and part_of, English plurals, patterns, trie   (lexicon_build.c)
 *
 * With `complain` a bad row is reported and skipped; without, the first one ends the loading. */
#include "knowledge/lexicon_build.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/hash.h"

#define MAX_FILE (64U << 20)     /* bytes of one table: a full RadLex pack has 8 MB */
#define ARENA_BYTES (128U << 20) /* address space: only what is used becomes memory */

rt_code rt_load_complain(rt_load *l, rt_code code, const rt_err *problem, rt_err *err)
{
    if (code != RT_EINPUT || !l->complain) {
        if (err && err->code == RT_OK)
            *err = *problem;
        return code;
    }
    char line[700];
    int n = snprintf(line, sizeof line, "%s:%u:%u: %s\n", problem->where, problem->line,
                     problem->col, problem->msg);
    l->complaints++;
    return l->complain->write(l->complain->user, line, n > 0 ? strnlen(line, sizeof line) : 0, err);
}

static rt_code read_rows(rt_load *l, const rt_load_table *t, rt_err *err)
{
    for (bool more = true; more;) {
        rt_err problem = {0};
        rt_code code = rt_tsv_row(&l->tsv, &more, &problem);
        if (code == RT_OK && more)
            code = t->row(l, &problem);
        if (code != RT_OK)
            code = rt_load_complain(l, code, &problem, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

static int compare_ids(const void *a, const void *b)
{
    const rt_id_key *x = a, *y = b;
    int c = rt_str_cmp(x->id, y->id);
    return c != 0 ? c : (x->concept > y->concept) - (x->concept < y->concept);
}

/* Fill by_id; the same id twice is a complaint at the second place. */
static rt_code sort_ids(rt_load *l, rt_err *err)
{
    uint32_t n = l->concepts.len;
    rt_id_key *keys = RT_NEW(&l->arena, rt_id_key, n + 1);
    l->by_id = RT_NEW(&l->arena, uint32_t, n + 1);
    if (l->full)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    for (uint32_t i = 0; i < n; i++)
        keys[i] = (rt_id_key){rt_str_from(l->pool.at + l->concepts.at[i].id), i};
    qsort(keys, n, sizeof *keys, compare_ids);
    for (uint32_t i = 0; i < n; i++) {
        l->by_id[l->n_sorted++] = keys[i].concept;
        if (i == 0 || !rt_str_eq(keys[i].id, keys[i - 1].id))
            continue;
        rt_err problem = {0};
        rt_code code =
            rt_tsv_fail(&l->tsv, l->concept_places.at[keys[i].concept], &problem,
                        "the id \"%.*s\" stands twice", (int)keys[i].id.len, keys[i].id.ptr);
        code = rt_load_complain(l, code, &problem, err);
        if (code != RT_OK)
            return code;
    }
    return RT_OK;
}

static rt_code read_table(rt_load *l, uint32_t i, rt_err *err)
{
    const rt_load_table *t = &rt_load_tables[i];
    size_t n = strlen(l->dir) + strlen(t->name) + 2;
    char *path = RT_NEW(&l->arena, char, n); /* named in complaints as long as the loading lasts */
    if (!path)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    snprintf(path, n, "%s/%s", l->dir, t->name);
    rt_code code = rt_file_read(path, MAX_FILE, &l->files[i], err);
    if (code != RT_OK)
        return code;
    rt_err problem = {0};
    code = rt_tsv_open(&l->tsv, path, rt_bytes_str(&l->files[i]), t->columns, &problem);
    if (code != RT_OK)
        return rt_load_complain(l, code, &problem, err);
    code = read_rows(l, t, err);
    if (code == RT_OK && i + 1 == RT_LOAD_PARENTS)
        code = sort_ids(l, err);
    return code;
}

static void publish(const rt_load *l, rt_lexicon *x)
{
#define TAKE(name) (x->name = l->name.at, x->n_##name = l->name.len)
    TAKE(pool);
    TAKE(concepts);
    TAKE(entries);
    TAKE(patterns);
    TAKE(cues);
    TAKE(headings);
    TAKE(normals);
    TAKE(blockers);
    TAKE(units);
    TAKE(quantifiers);
    TAKE(relators);
    TAKE(marks);
    TAKE(links);
    TAKE(words);
#undef TAKE
    x->by_id = l->by_id;
    x->n_by_id = l->n_sorted;
}

static rt_code load(rt_load *l, rt_lexicon *x, rt_err *err)
{
    RT_PUSH(&l->arena, &l->pool, '\0'); /* text id 0 is "" */
    for (uint32_t i = 0; i < RT_LOAD_TABLES; i++) {
        rt_code code = read_table(l, i, err);
        if (code != RT_OK)
            return code;
    }
    rt_code code = rt_load_build(l, err);
    if (code != RT_OK)
        return code;
    if (l->full)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    if (l->complaints > 0)
        return rt_fail(err, RT_EINPUT, "%s: %u complaints", l->dir, l->complaints);
    publish(l, x);
    rt_cell *cells;
    code = rt_automaton_build(l->keys, x->n_patterns, &cells, &x->n_cells, err);
    if (code != RT_OK)
        return code;
    x->cells = cells;
    x->owned_cells = cells;
    rt_starts starts;
    rt_starts_build(&l->arena, &(rt_automaton){cells, x->n_cells}, l->keys, x->n_patterns, &starts);
    if (l->full)
        return rt_fail(err, RT_ENOMEM, "lexicon too large");
    x->start_words = starts.words;
    x->start_others = starts.others;
    x->n_start_words = starts.n_words;
    x->n_start_others = RT_STARTS_OTHERS;
    rt_lexicon_settle(x);
    code = rt_lexicon_fingerprint(l->dir, &x->fingerprint, err);
    return code == RT_OK ? rt_lexicon_checksum(l->dir, x->checksum, err) : code;
}

rt_code rt_lexicon_load(const char *dir, const rt_sink *complain, rt_lexicon **out, rt_err *err)
{
    rt_lexicon *x = calloc(1, sizeof *x);
    rt_load *l = calloc(1, sizeof *l);
    char *memory = malloc(ARENA_BYTES);
    rt_code code = RT_ENOMEM;
    if (x && l && memory) {
        l->arena = (rt_arena){memory, memory + ARENA_BYTES, &l->full};
        l->dir = dir;
        l->complain = complain;
        x->memory = memory;
        code = load(l, x, err);
    } else {
        rt_fail(err, code, "no memory for the lexicon");
    }
    for (uint32_t i = 0; l && i < RT_LOAD_TABLES; i++)
        rt_bytes_free(&l->files[i]);
    free(l);
    if (code == RT_OK)
        *out = x;
    else if (x && x->memory)
        rt_lexicon_close(x);
    else {
        free(memory);
        free(x);
    }
    return code;
}

static rt_code read_source(const char *dir, uint32_t i, rt_bytes *out, rt_err *err)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, rt_load_tables[i].name);
    return rt_file_read(path, MAX_FILE, out, err);
}

rt_code rt_lexicon_fingerprint(const char *dir, uint64_t *out, rt_err *err)
{
    *out = 0;
    for (uint32_t i = 0; i < RT_LOAD_TABLES; i++) {
        if (i == RT_LOAD_PARENTS)
            continue;
        char path[4096];
        uint64_t hash;
        snprintf(path, sizeof path, "%s/%s", dir, rt_load_tables[i].name);
        rt_code code = rt_file_hash(path, &hash, err);
        if (code != RT_OK)
            return code;
        *out = *out * 31 + hash;
    }
    return RT_OK;
}

rt_code rt_lexicon_checksum(const char *dir, char out[65], rt_err *err)
{
    /* SHA-256 over the concatenation of name, NUL, and SHA-256 of each table, in the order of
     * reading */
    char all[RT_LOAD_TABLES * 96];
    size_t n = 0;
    for (uint32_t i = 0; i < RT_LOAD_TABLES; i++) {
        if (i == RT_LOAD_PARENTS)
            continue;
        rt_bytes b;
        rt_code code = read_source(dir, i, &b, err);
        if (code != RT_OK)
            return code;
        char hex[65];
        rt_sha256_hex(rt_bytes_str(&b), hex);
        rt_bytes_free(&b);
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%c%s", rt_load_tables[i].name, 0, hex);
    }
    rt_sha256_hex((rt_str){all, n}, out);
    return RT_OK;
}
