/* Lengths of the reports. See lengths.h. */
#include "index/lengths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A byte is 16 * log2(1 + words). */
static const double steps = 16;

static uint8_t code_of(uint32_t words)
{
    double code = steps * log2(1.0 + words);
    return code < 1 ? 1 : code < 255 ? (uint8_t)code : 255;
}

double rt_lengths_words(unsigned code)
{
    return exp2(code / steps) - 1;
}

/* ---- blocks */

static rt_code store_block(rt_index *x, int64_t block, const uint8_t *lengths, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_LENGTHS];
    sqlite3_bind_int64(s, 1, block);
    sqlite3_bind_blob(s, 2, lengths, RT_LENGTH_BLOCK, SQLITE_STATIC);
    return rt_db_run(x, s, err);
}

static rt_code load_block(rt_index *x, int64_t block, uint8_t *lengths, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_GET_LENGTHS];
    bool row = false;
    memset(lengths, 0, RT_LENGTH_BLOCK);
    sqlite3_bind_int64(s, 1, block);
    rt_code code = rt_db_step(x, s, &row, err);
    if (code == RT_OK && row && sqlite3_column_bytes(s, 0) == RT_LENGTH_BLOCK)
        memcpy(lengths, sqlite3_column_blob(s, 0), RT_LENGTH_BLOCK);
    sqlite3_reset(s);
    return code;
}

/* ---- the writer */

/* Another block is the current one. */
static rt_code turn_to(rt_index *x, int64_t block, rt_err *err)
{
    if (block == x->block)
        return RT_OK;
    rt_code code = x->block >= 0 ? store_block(x, x->block, x->lengths, err) : RT_OK;
    if (code == RT_OK)
        code = load_block(x, block, x->lengths, err);
    x->block = code == RT_OK ? block : -1;
    return code;
}

rt_code rt_lengths_add(rt_index *x, int64_t report, uint32_t words, rt_err *err)
{
    rt_code code = turn_to(x, report / RT_LENGTH_BLOCK, err);
    if (code == RT_OK)
        x->lengths[report % RT_LENGTH_BLOCK] = code_of(words);
    return code;
}

rt_code rt_lengths_drop(rt_index *x, int64_t report, rt_err *err)
{
    if (x->n_dropped == x->cap_dropped) {
        size_t cap = x->cap_dropped == 0 ? 64 : x->cap_dropped * 2;
        int64_t *at = realloc(x->dropped, cap * sizeof *at);
        if (at == NULL)
            return rt_fail(err, RT_ENOMEM, "out of memory");
        x->dropped = at;
        x->cap_dropped = cap;
    }
    x->dropped[x->n_dropped++] = report;
    return RT_OK;
}

/* Another writer may change them before the next batch: nothing is kept. */
rt_code rt_lengths_store(rt_index *x, rt_err *err)
{
    rt_code code = RT_OK;
    for (size_t i = 0; i < x->n_dropped && code == RT_OK; i++) {
        code = turn_to(x, x->dropped[i] / RT_LENGTH_BLOCK, err);
        x->lengths[x->dropped[i] % RT_LENGTH_BLOCK] = 0;
    }
    if (code == RT_OK && x->block >= 0)
        code = store_block(x, x->block, x->lengths, err);
    x->block = -1;
    x->n_dropped = 0;
    return code;
}

/* ---- reading */

rt_code rt_lengths_load(const rt_index *x, uint8_t *to, int64_t n, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    rt_code code = rt_db_prepare(x, "SELECT block, lengths FROM report_length", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        int64_t first = sqlite3_column_int64(s, 0) * RT_LENGTH_BLOCK;
        const void *bytes = sqlite3_column_blob(s, 1);
        int64_t len = sqlite3_column_bytes(s, 1);
        if (bytes != NULL && first >= 0 && first < n)
            memcpy(to + first, bytes, (size_t)(len < n - first ? len : n - first));
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_lengths_living(const rt_index *x, rt_bits *out, rt_err *err)
{
    int64_t n = 0;
    rt_code code = rt_db_number(x, "SELECT max(rowid) FROM report", &n, err);
    if (code != RT_OK)
        return code;
    uint8_t *lengths = calloc((size_t)n + 1, 1);
    if (lengths == NULL || !rt_bits_new(out, n + 1))
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    else
        code = rt_lengths_load(x, lengths, n + 1, err);
    for (int64_t i = 0; lengths != NULL && code == RT_OK && i <= n; i++)
        if (lengths[i] != 0)
            rt_bits_set(out, i);
    free(lengths);
    return code;
}

/* ---- an older index */

static rt_code repair_block(rt_index *x, int64_t block, const rt_bits *living, rt_err *err)
{
    static const uint8_t unknown = 90; /* some 50 words */
    uint8_t lengths[RT_LENGTH_BLOCK];
    rt_code code = load_block(x, block, lengths, err);
    for (int64_t i = 0; i < RT_LENGTH_BLOCK; i++) {
        bool there = rt_bits_has(living, block * RT_LENGTH_BLOCK + i);
        lengths[i] = !there ? 0 : lengths[i] == 0 ? unknown : lengths[i];
    }
    return code == RT_OK ? store_block(x, block, lengths, err) : code;
}

rt_code rt_lengths_repair(rt_index *x, rt_err *err)
{
    rt_bits living = {0};
    sqlite3_stmt *s = NULL;
    int64_t last = 0;
    bool row = true;
    rt_code code = rt_db_number(x, "SELECT max(rowid) FROM report", &last, err);
    if (code == RT_OK && !rt_bits_new(&living, last + 1))
        code = rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT rowid FROM report", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            rt_bits_set(&living, sqlite3_column_int64(s, 0));
    }
    sqlite3_finalize(s);
    for (int64_t block = 0; block <= last / RT_LENGTH_BLOCK && code == RT_OK; block++)
        code = repair_block(x, block, &living, err);
    rt_bits_free(&living);
    return code;
}
