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

static rt_code store_block(rt_index *x, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_ADD_LENGTHS];
    sqlite3_bind_int64(s, 1, x->block);
    sqlite3_bind_blob(s, 2, x->lengths, sizeof x->lengths, SQLITE_STATIC);
    sqlite3_bind_blob(s, 3, x->days, sizeof x->days, SQLITE_STATIC);
    return rt_db_run(x, s, err);
}

static void read_blob(sqlite3_stmt *s, int column, uint8_t *to, int size)
{
    memset(to, 0, (size_t)size);
    if (sqlite3_column_bytes(s, column) == size)
        memcpy(to, sqlite3_column_blob(s, column), (size_t)size);
}

static rt_code load_block(rt_index *x, int64_t block, rt_err *err)
{
    sqlite3_stmt *s = x->sql[RT_SQL_GET_LENGTHS];
    bool row = false;
    sqlite3_bind_int64(s, 1, block);
    rt_code code = rt_db_step(x, s, &row, err);
    read_blob(s, 0, x->lengths, sizeof x->lengths);
    read_blob(s, 1, x->days, sizeof x->days);
    sqlite3_reset(s);
    return code;
}

/* ---- days */

static void put_day(uint8_t *to, int64_t day)
{
    int64_t number = day / 10000 * 416 + day / 100 % 100 * 32 + day % 100;
    for (unsigned i = 0; i < RT_DAY_BYTES; i++)
        to[i] = (uint8_t)(number >> 8 * i);
}

int64_t rt_days_of(const rt_days *d, int64_t report)
{
    const uint8_t *at = d->at + report * RT_DAY_BYTES;
    if (report < 0 || report >= d->n)
        return 0;
    int64_t number = at[0] | at[1] << 8 | at[2] << 16;
    return number / 416 * 10000 + number % 416 / 32 * 100 + number % 32;
}

void rt_days_free(rt_days *d)
{
    free(d->at);
    *d = (rt_days){0};
}

/* ---- the writer */

/* Another block is the current one. */
static rt_code turn_to(rt_index *x, int64_t block, rt_err *err)
{
    if (block == x->block)
        return RT_OK;
    rt_code code = x->block >= 0 ? store_block(x, err) : RT_OK;
    if (code == RT_OK)
        code = load_block(x, block, err);
    x->block = code == RT_OK ? block : -1;
    return code;
}

rt_code rt_lengths_add(rt_index *x, int64_t report, uint32_t words, int64_t day, rt_err *err)
{
    rt_code code = turn_to(x, report / RT_LENGTH_BLOCK, err);
    if (code != RT_OK)
        return code;
    x->lengths[report % RT_LENGTH_BLOCK] = code_of(words);
    put_day(x->days + report % RT_LENGTH_BLOCK * RT_DAY_BYTES, day);
    return RT_OK;
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
        put_day(x->days + x->dropped[i] % RT_LENGTH_BLOCK * RT_DAY_BYTES, 0);
    }
    if (code == RT_OK && x->block >= 0)
        code = store_block(x, err);
    x->block = -1;
    x->n_dropped = 0;
    return code;
}

/* ---- reading */

/* Bytes of a column, `each` a report. */
static rt_code load_bytes(const rt_index *x, const char *sql, uint8_t *to, int64_t n, int64_t each,
                          rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    rt_code code = rt_db_prepare(x, sql, &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code != RT_OK || !row)
            break;
        int64_t first = sqlite3_column_int64(s, 0) * RT_LENGTH_BLOCK;
        const void *bytes = sqlite3_column_blob(s, 1);
        int64_t len = sqlite3_column_bytes(s, 1), room = (n - first) * each;
        if (bytes != NULL && first >= 0 && first < n)
            memcpy(to + first * each, bytes, (size_t)(len < room ? len : room));
    }
    sqlite3_finalize(s);
    return code;
}

rt_code rt_lengths_load(const rt_index *x, uint8_t *to, int64_t n, rt_err *err)
{
    return load_bytes(x, "SELECT block, lengths FROM report_length", to, n, 1, err);
}

rt_code rt_days_load(const rt_index *x, int64_t n, rt_days *out, rt_err *err)
{
    *out = (rt_days){calloc((size_t)n + 1, RT_DAY_BYTES), n};
    if (out->at == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    return load_bytes(x, "SELECT block, days FROM report_length", out->at, n, RT_DAY_BYTES, err);
}

rt_code rt_days_check(const rt_index *x, bool *good, rt_err *err)
{
    rt_days days = {0};
    sqlite3_stmt *s = NULL;
    int64_t last = 0;
    bool row = true;
    *good = true;
    rt_code code = rt_db_number(x, "SELECT max(rowid) FROM report", &last, err);
    if (code == RT_OK)
        code = rt_days_load(x, last + 1, &days, err);
    if (code == RT_OK)
        code = rt_db_prepare(x, "SELECT rowid, day FROM report", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            *good &= rt_days_of(&days, sqlite3_column_int64(s, 0)) == sqlite3_column_int64(s, 1);
    }
    sqlite3_finalize(s);
    rt_days_free(&days);
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

rt_code rt_lengths_fill(rt_index *x, rt_err *err)
{
    static const uint32_t unknown = 50; /* words */
    sqlite3_stmt *s = NULL;
    bool row = true;
    rt_code code = rt_db_prepare(x, "SELECT rowid, day FROM report ORDER BY rowid", &s, err);
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row)
            code = rt_lengths_add(x, sqlite3_column_int64(s, 0), unknown,
                                  sqlite3_column_int64(s, 1), err);
    }
    sqlite3_finalize(s);
    return code == RT_OK ? rt_lengths_store(x, err) : code;
}
