/* Reading the tables. A few hundred rows, asked a few times a message: a list is fast enough. */
#include "knowledge/word_table.h"

#include <stdlib.h>

#include "base/file.h"
#include "knowledge/tsv.h"
#include "model/vocab.h"

enum {
    MAX_FILE = 1 << 20, /* bytes */
    MAX_WORDS = 1024,
};

struct rt_word_table {
    rt_table_word *at;
    uint32_t n;
    rt_table_word *memory; /* it, and the strings; nothing: in a compiled lexicon */
    rt_bytes file;
};

typedef struct kind_info {
    const char *name;
    rt_value_kind value;
} kind_info;

typedef struct format {
    const char *const *columns;
    const kind_info *kinds;
    unsigned n_kinds;
} format;

static const kind_info hl7_kinds[] = {
#define X(c, name, value) {name, value},
    RT_HL7_KINDS(X)};

static const kind_info mrrt_kinds[] = {RT_MRRT_KINDS(X)
#undef X
};

enum { KIND, KEY, VALUE, HEADING_EN, HEADING_ZH };
static const char *const hl7_columns[] = {"kind", "key", "value", "heading_en", "heading_zh", NULL};
static const char *const mrrt_columns[] = {"kind", "key", "value", NULL};

static bool parse_kind(const format *f, rt_str name, unsigned *out)
{
    for (*out = 0; *out < f->n_kinds; ++*out)
        if (rt_str_eq(name, rt_str_from(f->kinds[*out].name)))
            return true;
    return false;
}

static rt_code read_word(const format *f, const rt_tsv *tsv, rt_table_word *w, rt_err *err)
{
    bool headings = f->columns == hl7_columns;
    *w = (rt_table_word){.key = tsv->cell[KEY], .value = tsv->cell[VALUE]};
    if (!parse_kind(f, tsv->cell[KIND], &w->kind))
        return rt_tsv_fail(tsv, tsv->cell[KIND], err, "no such kind of row");
    if (w->key.len == 0)
        return rt_tsv_fail(tsv, tsv->cell[KIND], err, "the key is empty");
    rt_value_kind value = f->kinds[w->kind].value;
    if ((value != RT_VALUE_NONE) != (w->value.len > 0))
        return rt_tsv_fail(tsv, w->key, err,
                           value != RT_VALUE_NONE ? "the value is missing" : "takes no value");
    if (value != RT_VALUE_SECTION)
        return RT_OK;
    if (!rt_section_parse(w->value, &w->section))
        return rt_tsv_fail(tsv, w->value, err, "no such section");
    if (!headings)
        return RT_OK;
    w->heading_en = tsv->cell[HEADING_EN];
    w->heading_zh = tsv->cell[HEADING_ZH];
    if (w->heading_en.len == 0 || w->heading_zh.len == 0)
        return rt_tsv_fail(tsv, w->key, err, "a section needs headings in both languages");
    return RT_OK;
}

static rt_code read_words(rt_word_table *t, const format *f, const char *path, rt_err *err)
{
    rt_tsv tsv;
    rt_code code = rt_file_read(path, MAX_FILE, &t->file, err);
    if (code == RT_OK)
        code = rt_tsv_open(&tsv, path, rt_bytes_str(&t->file), f->columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&tsv, &more, err);
        if (code != RT_OK || !more)
            break;
        if (t->n == MAX_WORDS)
            return rt_fail(err, RT_ELIMIT, "%s: more than %d rows", path, MAX_WORDS);
        code = read_word(f, &tsv, &t->at[t->n], err);
        if (code == RT_OK && rt_word_find(t, t->at[t->n].kind, t->at[t->n].key) != NULL)
            return rt_tsv_fail(&tsv, tsv.cell[KEY], err, "stands here twice");
        t->n++;
    }
    return code;
}

static rt_code load(const format *f, const char *path, rt_word_table **out, rt_err *err)
{
    rt_word_table *t = calloc(1, sizeof *t);
    if (t != NULL)
        t->at = t->memory = calloc(MAX_WORDS, sizeof *t->at);
    if (t == NULL || t->at == NULL) {
        free(t);
        return rt_fail(err, RT_ENOMEM, "no memory for %s", path);
    }
    rt_code code = read_words(t, f, path, err);
    if (code == RT_OK)
        *out = t;
    else
        rt_word_table_close(t);
    return code;
}

static const format hl7 = {hl7_columns, hl7_kinds, RT_HL7_KIND_END};
static const format mrrt = {mrrt_columns, mrrt_kinds, RT_MRRT_KIND_END};

rt_code rt_hl7_words_load(const char *path, rt_word_table **out, rt_err *err)
{
    return load(&hl7, path, out, err);
}

rt_code rt_mrrt_words_load(const char *path, rt_word_table **out, rt_err *err)
{
    return load(&mrrt, path, out, err);
}

/* ---- in a compiled lexicon */

static void walk_word(rt_image *m, void *at)
{
    rt_table_word *w = at;
    rt_image_str(m, &w->key);
    rt_image_str(m, &w->value);
    rt_image_str(m, &w->heading_en);
    rt_image_str(m, &w->heading_zh);
}

static void walk(rt_image *m, void *at)
{
    rt_word_table *t = at;
    t->memory = NULL;
    memset(&t->file, 0, sizeof t->file);
    rt_image_records(m, &t->at, t->n, sizeof *t->at, walk_word);
}

static bool stamp_of(const char *path, uint64_t *stamp)
{
    *stamp = sizeof(rt_table_word);
    return rt_stamp_file(stamp, path);
}

static void add_part(rt_image *m, const format *f, rt_part_kind kind, const char *path)
{
    uint64_t stamp;
    rt_word_table *t = NULL;
    if (!stamp_of(path, &stamp) || load(f, path, &t, NULL) != RT_OK)
        return;
    rt_image_part(m, kind, stamp, t, sizeof *t, walk);
    rt_word_table_close(t);
}

static rt_code open_words(const format *f, rt_part_kind kind, const char *path,
                          const rt_parts *parts, rt_word_table **out, rt_err *err)
{
    uint64_t stamp;
    rt_word_table *t = stamp_of(path, &stamp) ? rt_parts_take(parts, kind, stamp, sizeof *t) : NULL;
    if (t == NULL)
        return load(f, path, out, err);
    *out = t;
    return RT_OK;
}

void rt_hl7_words_image(rt_image *m, const char *path)
{
    add_part(m, &hl7, RT_PART_HL7, path);
}

void rt_mrrt_words_image(rt_image *m, const char *path)
{
    add_part(m, &mrrt, RT_PART_MRRT, path);
}

rt_code rt_hl7_words_open(const char *path, const rt_parts *parts, rt_word_table **out, rt_err *err)
{
    return open_words(&hl7, RT_PART_HL7, path, parts, out, err);
}

rt_code rt_mrrt_words_open(const char *path, const rt_parts *parts, rt_word_table **out,
                           rt_err *err)
{
    return open_words(&mrrt, RT_PART_MRRT, path, parts, out, err);
}

void rt_word_table_close(rt_word_table *t)
{
    if (t == NULL)
        return;
    free(t->memory);
    rt_bytes_free(&t->file);
    free(t);
}

const rt_table_word *rt_word_find(const rt_word_table *t, unsigned kind, rt_str key)
{
    for (uint32_t i = 0; t != NULL && key.len > 0 && i < t->n; i++)
        if (t->at[i].kind == kind && rt_str_eq_nocase(t->at[i].key, key))
            return &t->at[i];
    return NULL;
}
