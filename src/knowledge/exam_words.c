/* See exam_words.h. Some 400 words; the list is sorted once, and a trie finds them. */
#include "knowledge/exam_words.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
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
    uint32_t n_names[RT_EXAM_END];
    word words[MAX_WORDS];
    uint32_t n_words;
    dicom_code codes[MAX_CODES];
    uint32_t n_codes;
    rt_automaton automaton;
    rt_cell *cells;
};

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
        if (w->n_words == MAX_WORDS)
            return rt_tsv_fail(t, item, err, "more than %d words", MAX_WORDS);
        w->words[w->n_words++] = (word){rt_fold_term(arena, item), mask};
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
    qsort(w->words, w->n_words, sizeof w->words[0], compare);
    for (uint32_t i = 0; i < w->n_words; i++) {
        if (n > 0 && rt_str_eq(w->words[n - 1].text, w->words[i].text))
            for (unsigned k = 0; k < RT_EXAM_END; k++)
                w->words[n - 1].mask.of[k] |= w->words[i].mask.of[k];
        else
            w->words[n++] = w->words[i];
    }
    w->n_words = n;
}

static rt_code build(rt_exam_words *w, rt_arena *arena, rt_err *err)
{
    uint32_t n_cells = 0;
    join_equal(w);
    rt_str *patterns = RT_NEW(arena, rt_str, w->n_words);
    if (patterns == NULL)
        return RT_OK; /* full: the caller says so */
    for (uint32_t i = 0; i < w->n_words; i++)
        patterns[i] = w->words[i].text;
    rt_code code = rt_automaton_build(patterns, w->n_words, &w->cells, &n_cells, err);
    if (code == RT_OK)
        w->automaton = (rt_automaton){w->cells, n_cells};
    return code;
}

rt_code rt_exam_words_load(const char *path, rt_arena *arena, rt_exam_words **out, rt_err *err)
{
    rt_bytes bytes;
    rt_code code = rt_file_read(path, MAX_FILE, &bytes, err);
    if (code != RT_OK)
        return code;
    rt_exam_words *w = calloc(1, sizeof *w);
    if (w == NULL) {
        rt_bytes_free(&bytes);
        return rt_fail(err, RT_ENOMEM, "no memory for the words of exams");
    }
    code = read_rows(w, arena, path, rt_bytes_str(&bytes), err);
    rt_bytes_free(&bytes);
    if (code == RT_OK)
        code = build(w, arena, err);
    if (code == RT_OK)
        *out = w;
    else
        rt_exam_words_close(w);
    return code;
}

void rt_exam_words_close(rt_exam_words *w)
{
    if (w == NULL)
        return;
    free(w->cells);
    free(w);
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
    for (uint32_t at = 0; at < folded.len;) {
        rt_match m[MAX_MATCHES];
        uint32_t n = 0, end = at + 1;
        if (starts_here(folded, at) && w->n_words > 0)
            n = rt_automaton_match(&w->automaton, folded, at, m, MAX_MATCHES);
        while (n > 0 && !ends_here(folded, m[n - 1].end))
            n--;
        if (n > 0) {
            end = m[n - 1].end;
            for (unsigned k = 0; k < RT_EXAM_END; k++)
                mask.of[k] |= w->words[m[n - 1].pattern].mask.of[k];
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
