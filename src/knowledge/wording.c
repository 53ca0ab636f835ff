/* Reading lexicons/wording.tsv; see wording.h. */
#include "knowledge/wording.h"

#include <stdlib.h>

#include "base/file.h"
#include "knowledge/tsv.h"

#define MAX_FILE (1U << 20)
#define MAX_ROWS 512

typedef struct row {
    uint32_t kind;    /* rt_wording_kind */
    uint32_t pattern; /* in patterns */
    double value;
} row;

struct rt_wording {
    rt_patterns *patterns;
    uint32_t n, pad;
    row rows[MAX_ROWS];
};

static const char *const names[] = {
#define X(c, n) n,
    RT_WORDINGS(X)
#undef X
};

const char *rt_wording_name(rt_wording_kind kind)
{
    return names[kind];
}

static bool parse_kind(rt_str name, uint32_t *out)
{
    for (uint32_t i = 0; i < RT_WORDING_KINDS; i++)
        if (rt_str_eq(name, rt_str_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

/* Kinds of which somebody asks what stands in the groups. */
static bool gives_groups(uint32_t kind)
{
    return kind == RT_WORDING_TO || kind == RT_WORDING_AT || kind >= RT_WORDING_DAY;
}

static rt_code read_row(rt_wording *w, const rt_tsv *t, rt_err *err)
{
    enum { KIND, PATTERN, VALUE };
    const rt_str *cell = t->cell;
    row r = {0};
    size_t fault = 0;
    if (!parse_kind(cell[KIND], &r.kind))
        return rt_tsv_fail(t, cell[KIND], err, "no such kind");
    if (w->n == MAX_ROWS)
        return rt_tsv_fail(t, cell[KIND], err, "more than %d rows", MAX_ROWS);
    if (cell[VALUE].len > 0 && !rt_str_number(cell[VALUE], &r.value))
        return rt_tsv_fail(t, cell[VALUE], err, "not a number");
    r.pattern = cell[PATTERN].len > 0
                    ? rt_patterns_add(w->patterns, cell[PATTERN], !gives_groups(r.kind), &fault)
                    : UINT32_MAX;
    if (r.pattern == UINT32_MAX)
        return rt_tsv_fail(t, rt_str_slice(cell[PATTERN], fault, cell[PATTERN].len), err,
                           "the pattern is malformed here");
    w->rows[w->n++] = r;
    return RT_OK;
}

static rt_code read_rows(rt_wording *w, const char *path, rt_err *err)
{
    static const char *const columns[] = {"kind", "pattern", "value", "note", NULL};
    rt_bytes file;
    rt_tsv t;
    rt_code code = rt_file_read(path, MAX_FILE, &file, err);
    if (code != RT_OK)
        return code;
    code = rt_tsv_open(&t, path, rt_bytes_str(&file), columns, err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&t, &more, err);
        if (code == RT_OK && more)
            code = read_row(w, &t, err);
    }
    rt_bytes_free(&file);
    return code;
}

rt_code rt_wording_load(const char *path, rt_wording **out, rt_err *err)
{
    rt_wording *w = calloc(1, sizeof *w);
    if (w)
        w->patterns = rt_patterns_new();
    if (!w || !w->patterns) {
        free(w);
        return rt_fail(err, RT_ENOMEM, "no memory for the wording");
    }
    rt_code code = read_rows(w, path, err);
    if (code == RT_OK)
        *out = w;
    else
        rt_wording_close(w);
    return code;
}

/* ---- in a compiled lexicon */

static void walk(rt_image *m, void *at)
{
    rt_patterns_image(m, &((rt_wording *)at)->patterns);
}

static bool stamp_of(const char *path, uint64_t *stamp)
{
    *stamp = sizeof(row);
    return rt_stamp_file(stamp, path);
}

void rt_wording_image(rt_image *m, const char *path)
{
    uint64_t stamp;
    rt_wording *w = NULL;
    if (!stamp_of(path, &stamp) || rt_wording_load(path, &w, NULL) != RT_OK)
        return;
    rt_image_part(m, RT_PART_WORDING, stamp, w, sizeof *w, walk);
    rt_wording_close(w);
}

rt_code rt_wording_open(const char *path, const rt_parts *parts, rt_wording **out, rt_err *err)
{
    uint64_t stamp;
    rt_wording *w =
        stamp_of(path, &stamp) ? rt_parts_take(parts, RT_PART_WORDING, stamp, sizeof *w) : NULL;
    if (!w || !rt_patterns_open(&w->patterns)) {
        free(w);
        return rt_wording_load(path, out, err);
    }
    *out = w;
    return RT_OK;
}

void rt_wording_close(rt_wording *w)
{
    if (!w)
        return;
    rt_patterns_free(w->patterns);
    free(w);
}

bool rt_wording_find(const rt_wording *w, rt_wording_kind kind, rt_matcher *m, rt_str s,
                     rt_groups *out, double *value)
{
    for (uint32_t i = 0; i < w->n; i++) {
        const row *r = &w->rows[i];
        if (r->kind != kind || !(out ? rt_pattern_find_folded(m, w->patterns, r->pattern, s, out)
                                     : rt_pattern_stands(m, w->patterns, r->pattern, s)))
            continue;
        if (value)
            *value = r->value;
        return true;
    }
    return false;
}
