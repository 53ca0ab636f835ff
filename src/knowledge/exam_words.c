/* See exam_words.h. Some 400 words; the list is sorted once, and a trie finds them. */
#include "knowledge/exam_words.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "knowledge/automaton.h"
#include "knowledge/tsv.h"
#include "text/fold.h"

enum {
    MAX_FILE = 1 << 20,
    MAX_CLASSES = 64, /* of a kind: the bits of a word */
    MAX_WORDS = 4096,
    MAX_CODES = 64,
    MAX_MATCHES = 16, /* words of one beginning */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct word {
    rt_str text;
    rt_exam_mask mask;
} word;

typedef struct dicom_code {
    rt_str text;
    uint64_t bit;
} dicom_code;

struct rt_exam_words {
    rt_str names[RT_EXAM_END][MAX_CLASSES];
    uint32_t n_names[RT_EXAM_END], n_codes;
    RT_VEC(word) words;
    dicom_code codes[MAX_CODES];
    rt_cell *cells; /* of a trie */
    uint32_t n_cells, pad;
};

#pragma GCC diagnostic pop

static const char *const kinds[] = {"modality", "body", "exam"};

/* ---- reading */

static bool find_kind(rt_str name, rt_exam_kind *out)
{
    for (unsigned k = 0; k < RT_EXAM_END; k++) {
        if (rt_str_eq(name, rt_str_from(kinds[k]))) {
            *out = (rt_exam_kind)k;
            return true;
        }
    }
    return false;
}

static rt_str next_item(rt_str *list)
{
    rt_cut cut = rt_str_cut(*list, '|');
    *list = cut.tail;
    return rt_str_trim(cut.head);
}

static rt_code add_words(rt_exam_words *w, rt_arena *arena, const rt_tsv *t, rt_exam_mask mask,
                         rt_err *err)
{
    for (rt_str list = t->cell[3]; list.len > 0;) {
        rt_str item = next_item(&list);
        if (item.len == 0)
            return rt_tsv_fail(t, t->cell[3], err, "an empty word");
        if (w->words.len == MAX_WORDS)
            return rt_tsv_fail(t, item, err, "more than %d words", MAX_WORDS);
        word new = {rt_fold_term(arena, item), mask};
        RT_PUSH(arena, &w->words, new);
    }
    return RT_OK;
}

static rt_code add_codes(rt_exam_words *w, rt_arena *arena, const rt_tsv *t, uint64_t bit,
                         rt_err *err)
{
    for (rt_str list = t->cell[2]; list.len > 0;) {
        rt_str item = next_item(&list);
        if (w->n_codes == MAX_CODES)
            return rt_tsv_fail(t, item, err, "more than %d codes", MAX_CODES);
        w->codes[w->n_codes++] = (dicom_code){rt_fold_term(arena, item), bit};
    }
    return RT_OK;
}

static rt_code add_row(rt_exam_words *w, rt_arena *arena, const rt_tsv *t, rt_err *err)
{
    rt_exam_kind kind;
    uint64_t bit;
    if (!find_kind(t->cell[0], &kind))
        return rt_tsv_fail(t, t->cell[0], err, "kind is modality, body or exam");
    if (rt_exam_words_class(w, kind, t->cell[1], &bit))
        return rt_tsv_fail(t, t->cell[1], err, "a second class of this name");
    if (w->n_names[kind] == MAX_CLASSES)
        return rt_tsv_fail(t, t->cell[1], err, "more than %d classes", MAX_CLASSES);
    bit = (uint64_t)1 << w->n_names[kind];
    w->names[kind][w->n_names[kind]++] = rt_arena_copy(arena, t->cell[1]);
    rt_exam_mask mask = {{0}};
    mask.of[kind] = bit;
    rt_code code = add_codes(w, arena, t, bit, err);
    return code == RT_OK ? add_words(w, arena, t, mask, err) : code;
}

static rt_code read_rows(rt_exam_words *w, rt_arena *arena, const char *path, rt_str text,
                         rt_err *err)
{
    static const char *const columns[] = {"kind", "name", "codes", "words", NULL};
    rt_tsv t;
    bool more = true;
    rt_code code = rt_tsv_open(&t, path, text, columns, err);
    while (code == RT_OK) {
        code = rt_tsv_row(&t, &more, err);
        if (code != RT_OK || !more)
            break;
        code = add_row(w, arena, &t, err);
    }
    return code;
}

static int compare(const void *a, const void *b)
{
    return rt_str_cmp(((const word *)a)->text, ((const word *)b)->text);
}

/* A word of several classes (胸腹) has the bits of all. */
static void join_equal(rt_exam_words *w)
{
    uint32_t n = 0;
    word *all = w->words.at;
    if (w->words.len > 0)
        qsort(all, w->words.len, sizeof *all, compare);
    for (uint32_t i = 0; i < w->words.len; i++) {
        if (n > 0 && rt_str_eq(all[n - 1].text, all[i].text))
            for (unsigned k = 0; k < RT_EXAM_END; k++)
                all[n - 1].mask.of[k] |= all[i].mask.of[k];
        else
            all[n++] = all[i];
    }
    w->words.len = n;
}

static rt_code build(rt_exam_words *w, rt_arena *arena, rt_err *err)
{
    rt_cell *cells;
    join_equal(w);
    rt_str *patterns = RT_NEW(arena, rt_str, w->words.len);
    if (patterns == NULL)
        return RT_OK; /* full: the caller says so */
    for (uint32_t i = 0; i < w->words.len; i++)
        patterns[i] = w->words.at[i].text;
    rt_code code = rt_automaton_build(patterns, w->words.len, &cells, &w->n_cells, err);
    if (code != RT_OK)
        return code;
    w->cells = RT_NEW(arena, rt_cell, w->n_cells);
    if (w->cells != NULL && w->n_cells > 0)
        memcpy(w->cells, cells, w->n_cells * sizeof *cells);
    free(cells);
    return RT_OK;
}

rt_code rt_exam_words_load(const char *path, rt_arena *arena, rt_exam_words **out, rt_err *err)
{
    rt_bytes bytes;
    rt_code code = rt_file_read(path, MAX_FILE, &bytes, err);
    if (code != RT_OK)
        return code;
    rt_exam_words *w = RT_NEW(arena, rt_exam_words, 1);
    if (w != NULL)
        code = read_rows(w, arena, path, rt_bytes_str(&bytes), err);
    rt_bytes_free(&bytes);
    if (code == RT_OK && w != NULL)
        code = build(w, arena, err);
    if (code == RT_OK)
        *out = w;
    return code;
}

/* ---- in a compiled lexicon */

static void walk_word(rt_image *m, void *at)
{
    rt_image_str(m, &((word *)at)->text);
}

static void walk(rt_image *m, void *at)
{
    rt_exam_words *w = at;
    memset(w->names, 0, sizeof w->names); /* asked while templates are read */
    memset(w->n_names, 0, sizeof w->n_names);
    w->words.cap = w->words.len;
    rt_image_records(m, (void *)&w->words.at, w->words.len, sizeof *w->words.at, walk_word);
    for (uint32_t i = 0; i < w->n_codes; i++)
        rt_image_str(m, &w->codes[i].text);
    rt_image_plain(m, (void *)&w->cells, w->n_cells * sizeof *w->cells);
}

void rt_exam_words_image(rt_image *m, rt_exam_words **w)
{
    rt_image_records(m, (void *)w, 1, sizeof **w, walk);
}

/* ---- asking */

bool rt_exam_words_class(const rt_exam_words *w, rt_exam_kind kind, rt_str name, uint64_t *bit)
{
    for (uint32_t i = 0; i < w->n_names[kind]; i++) {
        if (rt_str_eq(w->names[kind][i], name)) {
            *bit = (uint64_t)1 << i;
            return true;
        }
    }
    return false;
}

static bool starts_here(rt_str s, uint32_t at)
{
    return !rt_utf8_cont(s.ptr[at]) &&
           (at == 0 || !rt_is_word(s.ptr[at]) || !rt_is_word(s.ptr[at - 1]));
}

static bool ends_here(rt_str s, uint32_t end)
{
    return end == s.len || !rt_is_word(s.ptr[end]) || !rt_is_word(s.ptr[end - 1]);
}

rt_exam_mask rt_exam_words_scan(const rt_exam_words *w, rt_str folded)
{
    rt_exam_mask mask = {{0}};
    const rt_automaton trie = {w->cells, w->n_cells};
    for (uint32_t at = 0; at < folded.len;) {
        rt_match m[MAX_MATCHES];
        uint32_t n = 0, end = at + 1;
        if (starts_here(folded, at) && w->words.len > 0)
            n = rt_automaton_match(&trie, folded, at, m, MAX_MATCHES);
        while (n > 0 && !ends_here(folded, m[n - 1].end))
            n--;
        if (n > 0) {
            end = m[n - 1].end;
            for (unsigned k = 0; k < RT_EXAM_END; k++)
                mask.of[k] |= w->words.at[m[n - 1].pattern].mask.of[k];
        }
        at = end;
    }
    return mask;
}

uint64_t rt_exam_words_modality(const rt_exam_words *w, rt_str folded)
{
    for (uint32_t i = 0; i < w->n_codes; i++)
        if (rt_str_eq(w->codes[i].text, folded))
            return w->codes[i].bit;
    return rt_exam_words_scan(w, folded).of[RT_EXAM_MODALITY];
}
