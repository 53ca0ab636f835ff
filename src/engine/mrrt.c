/* MRRT templates in and out, for programs and people. */
#include "engine/engine.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "knowledge/mrrt.h"
#include "output/mrrt.h"
#include "text/decode.h"

enum {
    MAX_FILE = 4 << 20,     /* bytes of HTML; the largest real template has 120 KB */
    MAX_NOTES = 4 << 20,    /* bytes */
    MAX_OUTPUT = 16 << 20,  /* bytes */
    ARENA_FACTOR = 64,      /* bytes of memory a byte of HTML: strings are copied a few times */
    ARENA_EXTRA = 32 << 20, /* for the lists; reserved, not touched until used */
};

static rt_code send(rt_buf *b, rt_code code, rt_sink to, rt_err *err)
{
    if (code == RT_OK)
        code = rt_buf_check(b, err);
    if (code == RT_OK && b->len > 0)
        code = to.write(to.user, b->ptr, b->len, err);
    return code;
}

static bool is_date(const char *s)
{
    static const char pattern[] = "dddd-dd-dd";
    size_t i = 0;
    for (; pattern[i] != '\0' && s[i] != '\0'; i++)
        if (pattern[i] == 'd' ? !rt_is_digit(s[i]) : s[i] != '-')
            return false;
    return pattern[i] == '\0' && s[i] == '\0';
}

rt_code rt_template_export_mrrt(const rt_engine *e, const char *id, const char *lang,
                                const char *date, rt_sink to, rt_err *err)
{
    unsigned wanted = RT_LANG_EN;
    uint32_t index = 0;
    if (lang != NULL && !rt_lang_parse(rt_str_from(lang), &wanted))
        return rt_fail(err, RT_EUSAGE, "no language '%s': en or zh", lang);
    bool found = rt_templates_find(e->templates, rt_str_from(id), wanted, &index);
    const rt_template *t = found ? rt_templates_at(e->templates, index) : NULL;
    if (t == NULL || (lang != NULL && t->lang != wanted))
        return rt_fail(err, RT_EUSAGE, "no template is called '%s'%s%s", id,
                       lang != NULL ? " in " : "", lang != NULL ? lang : "");
    if (!is_date(date))
        return rt_fail(err, RT_EUSAGE, "'%s' is no date: YYYY-MM-DD", date);
    rt_buf b;
    rt_buf_init(&b, MAX_OUTPUT);
    rt_code code = send(&b, rt_write_mrrt_template(t, &e->know, date, &b, err), to, err);
    rt_buf_free(&b);
    return code;
}

/* ---- import */

typedef struct import {
    const rt_engine *e;
    const char *path;
    rt_arena arena;
    rt_buf xml, notes;
} import;

static rt_code map(import *im, rt_str bytes, bool strict, rt_err *err)
{
    rt_decoded d;
    rt_mrrt m;
    rt_code code = rt_decode(&im->arena, bytes, (rt_str){"", 0}, &d, err);
    if (code != RT_OK)
        return code;
    uint32_t broken = rt_mrrt_check(d.text, im->path, &im->notes);
    if (strict && broken > 0) {
        rt_str all = rt_buf_str(&im->notes), first = rt_str_cut(all, '\n').head;
        return rt_fail(err, RT_EINPUT, "%.*s", (int)first.len, first.ptr);
    }
    code = rt_mrrt_read(d.text, im->path, &im->arena, &m, err);
    if (code == RT_OK)
        code = rt_mrrt_map(&m, &im->e->know, &im->xml, &im->notes, err);
    if (code == RT_OK && *im->arena.full)
        code = rt_fail(err, RT_ELIMIT, "%s: needs too much memory", im->path);
    return code;
}

rt_code rt_template_import_mrrt(const rt_engine *e, const char *path, bool strict, rt_sink to,
                                rt_sink notes, rt_err *err)
{
    rt_bytes file;
    bool full = false;
    rt_code code = rt_file_read(path, MAX_FILE, &file, err);
    if (code != RT_OK)
        return code;
    size_t size = file.len * ARENA_FACTOR + ARENA_EXTRA;
    char *memory = malloc(size);
import im = {.e = e, .path = path, .arena = { memory, memory + size, & full } };
    rt_buf_init(&im.xml, MAX_OUTPUT);
    rt_buf_init(&im.notes, MAX_NOTES);
    code = memory != NULL ? map(&im, rt_bytes_str(&file), strict, err)
                          : rt_fail(err, RT_ENOMEM, "%s: out of memory", path);
    rt_code told = send(&im.notes, RT_OK, notes, code == RT_OK ? err : NULL);
    if (code == RT_OK)
        code = told;
    code = send(&im.xml, code, to, err);
    rt_buf_free(&im.xml);
    rt_buf_free(&im.notes);
    rt_bytes_free(&file);
    free(memory);
    return code;
}
