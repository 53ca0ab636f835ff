/* Fuzzes the query language down to SQLite: the bytes are a query over an index of two reports.
 *
 * Traps when a query ends in anything but an answer or a mistake of its own (an SQL or FTS5 error
 * means that something a user wrote became syntax), when a mistake has no message or no place, when
 * the number of rows is not the count, and when rows or explanations are not valid UTF-8. */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/mini_lexicon.c" /* fuzz targets are single files */
#include "base/utf8.h"
#include "index/index.h"
#include "index/query.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static rt_code write_out(void *user, const char *p, size_t n, rt_err *err)
{
    (void)err;
    rt_buf_add(user, (rt_str){p, n});
    return RT_OK;
}

/* ---- the index */

static void add(rt_index *x, const rt_knowledge *know, const char *id, const char *text)
{
    size_t size = (size_t)1 << 16;
    char *block = malloc(size);
    bool full = false;
    rt_arena a = {block, block + size, &full};
    rt_record record = {.field = {[RT_FIELD_ID] = rt_str_from(id), [RT_FIELD_AGE] = RT_STR("57")}};
    rt_doc d;
    rt_report report = {&d, know};
    rt_doc_reset(&d, &record);
    rt_fold(&a, rt_str_from(text), &d.text);
    d.charset = "UTF-8";
    RT_PUSH(&a, &d.sections,
            (rt_section){.at = {0, (uint32_t)d.text.folded.len}, .type = RT_SECTION_IMPRESSION});
    for (uint32_t i = 0; i < know->lexicon->n_concepts; i += 2)
        if (rt_type_is_observation(know->lexicon->concepts[i].type))
            RT_PUSH(&a, &d.findings,
                    (rt_finding){.at = {0, 6}, .concept = i, .presence = (uint8_t)(i % 3)});
    rt_err err = {.code = RT_OK};
    require(!full && rt_index_add(x, &report, &err) == RT_OK);
    free(block);
}

/* Made once; it lives as long as the process. */
static rt_index *the_index(void)
{
    static rt_knowledge know;
    static rt_index *x;
    if (x != NULL)
        return x;
    rt_err err = {.code = RT_OK};
    know.lexicon = mini_lexicon();
    require(rt_index_open_with(&know, ":memory:", RT_INDEX_WRITE, &x, &err) == RT_OK);
    add(x, &know, "en", "a left nodule, no pneumothorax; OR and NOT a b c 8 mm. The end");
    add(x, &know, "zh", "右侧气胸，未见胸腔积液。");
    require(rt_index_commit(x, &err) == RT_OK);
    return x;
}

/* ---- a query */

static rt_code search(rt_str query, rt_query_opts o, rt_buf *out, rt_err *err)
{
    *err = (rt_err){.code = RT_OK};
    rt_buf_clear(out);
    rt_code code = rt_index_search(the_index(), query, &o, (rt_sink){write_out, out}, err);
    require(code == RT_OK || code == RT_EINPUT || code == RT_ELIMIT);
    require(code == RT_OK || (err->code == code && err->msg[0] != '\0'));
    require(rt_utf8_valid(rt_buf_str(out), NULL));
    return code;
}

static size_t lines(const rt_buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        n += b->ptr[i] == '\n';
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str query = {(const char *)data, size};
    rt_buf out;
    rt_err err;
    double count = -1;
    rt_buf_init(&out, SIZE_MAX);
    rt_code code = search(query, (rt_query_opts){.count = true}, &out, &err);
    if (code == RT_EINPUT)
        require(err.line > 0 || strstr(err.msg, "UTF-8") != NULL);
    if (code == RT_OK)
        require(rt_str_number(rt_str_trim(rt_buf_str(&out)), &count));
    require(search(query, (rt_query_opts){.format = RT_TABLE_JSONL}, &out, &err) == code);
    require(code != RT_OK || (double)lines(&out) == count);
    require(search(query, (rt_query_opts){.format = RT_TABLE_TABLE}, &out, &err) == code);
    require(search(query, (rt_query_opts){.explain = true}, &out, &err) == code);
    rt_buf_free(&out);
    return 0;
}
