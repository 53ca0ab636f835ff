/* Reading lexicons/hl7.tsv. A hundred rows, asked a few times a message: a list is fast enough. */
#include "knowledge/hl7_table.h"

#include <stdlib.h>

#include "base/file.h"
#include "knowledge/tsv.h"
#include "model/vocab.h"

enum {
    MAX_FILE = 1 << 20, /* bytes */
    MAX_WORDS = 1024,
};

struct rt_hl7_table {
    rt_bytes file; /* the strings stand here */
    uint32_t n;
    rt_hl7_word at[MAX_WORDS];
};

static const char *const columns[] = {"kind", "key", "value", "heading_en", "heading_zh", NULL};

static const char *const kind_names[RT_HL7_KIND_END] = {
#define X(c, name) [RT_HL7_##c] = (name),
    RT_HL7_KINDS(X)
#undef X
};

static bool parse_kind(rt_str name, rt_hl7_kind *out)
{
    for (unsigned k = 0; k < RT_HL7_KIND_END; k++) {
        if (!rt_str_eq(name, rt_str_from(kind_names[k])))
            continue;
        *out = (rt_hl7_kind)k;
        return true;
    }
    return false;
}

static rt_code read_word(const rt_tsv *tsv, rt_hl7_word *w, rt_err *err)
{
    *w = (rt_hl7_word){RT_HL7_KIND_END, tsv->cell[1], tsv->cell[2], tsv->cell[3], tsv->cell[4], 0};
    bool valued = false;
    if (!parse_kind(tsv->cell[0], &w->kind))
        return rt_tsv_fail(tsv, tsv->cell[0], err, "no such kind of row");
    if (w->key.len == 0)
        return rt_tsv_fail(tsv, tsv->cell[0], err, "the key is empty");
    switch (w->kind) {
    case RT_HL7_SECTION:
        if (!rt_section_parse(w->value, &w->section))
            return rt_tsv_fail(tsv, w->value, err, "no such section");
        if (w->heading_en.len == 0 || w->heading_zh.len == 0)
            return rt_tsv_fail(tsv, w->key, err, "a section needs headings in both languages");
        valued = true;
        break;
    case RT_HL7_STATUS:
    case RT_HL7_SERVICE:
        valued = true;
        break;
    case RT_HL7_SKIP:
    case RT_HL7_WITHDRAWN:
    case RT_HL7_KIND_END:
        break;
    }
    if (valued != (w->value.len > 0))
        return rt_tsv_fail(tsv, w->key, err, valued ? "the value is missing" : "takes no value");
    return RT_OK;
}

static rt_code read_words(rt_hl7_table *t, const char *path, rt_err *err)
{
    rt_tsv tsv;
    rt_code code = rt_file_read(path, MAX_FILE, &t->file, err);
    if (code == RT_OK)
        code = rt_tsv_open(&tsv, path, rt_bytes_str(&t->file), columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&tsv, &more, err);
        if (code != RT_OK || !more)
            break;
        if (t->n == MAX_WORDS)
            return rt_fail(err, RT_ELIMIT, "%s: more than %d rows", path, MAX_WORDS);
        code = read_word(&tsv, &t->at[t->n], err);
        if (code == RT_OK && rt_hl7_find(t, t->at[t->n].kind, t->at[t->n].key) != NULL)
            return rt_tsv_fail(&tsv, tsv.cell[1], err, "stands here twice");
        t->n++;
    }
    return code;
}

rt_code rt_hl7_table_load(const char *path, rt_hl7_table **out, rt_err *err)
{
    rt_hl7_table *t = calloc(1, sizeof *t);
    if (t == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory for %s", path);
    rt_code code = read_words(t, path, err);
    if (code == RT_OK)
        *out = t;
    else
        rt_hl7_table_close(t);
    return code;
}

void rt_hl7_table_close(rt_hl7_table *t)
{
    if (t == NULL)
        return;
    rt_bytes_free(&t->file);
    free(t);
}

const rt_hl7_word *rt_hl7_find(const rt_hl7_table *t, rt_hl7_kind kind, rt_str key)
{
    for (uint32_t i = 0; t != NULL && key.len > 0 && i < t->n; i++)
        if (t->at[i].kind == kind && rt_str_eq_nocase(t->at[i].key, key))
            return &t->at[i];
    return NULL;
}

const rt_hl7_word *rt_hl7_section(const rt_hl7_table *t, unsigned section)
{
    for (uint32_t i = 0; t != NULL && i < t->n; i++)
        if (t->at[i].kind == RT_HL7_SECTION && t->at[i].section == section)
            return &t->at[i];
    return NULL;
}
