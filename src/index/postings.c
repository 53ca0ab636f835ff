/* Which reports make a claim. See postings.h. */
#include "index/postings.h"

#include <stdlib.h>

#include "base/hash.h"
#include "index/lengths.h"
#include "index/stored.h"

/* ---- a batch */

bool rt_postings_add(rt_postings *p, rt_posting one)
{
    if (p->len == p->cap) {
        size_t cap = p->cap == 0 ? 4096 : p->cap * 2;
        rt_posting *at = realloc(p->at, cap * sizeof *at);
        if (at == NULL)
            return false;
        p->at = at;
        p->cap = cap;
    }
    p->at[p->len++] = one;
    return true;
}

void rt_postings_free(rt_postings *p)
{
    free(p->at);
    *p = (rt_postings){0};
}

/* In the order of the rows and of their lists: the blocks of a claim follow each other. */
static int compare(const void *a, const void *b)
{
    const rt_posting *p = a, *q = b;
    if (p->claim != q->claim)
        return p->claim < q->claim ? -1 : 1;
    if (p->report != q->report)
        return p->report < q->report ? -1 : 1;
    return p->tenths < q->tenths ? -1 : p->tenths > q->tenths;
}

/* Stable, by 16 bits of the claim. False: no memory. */
static bool sort_pass(rt_postings *p, unsigned shift)
{
    rt_posting *to = malloc(p->cap * sizeof *to);
    uint32_t *first = calloc((1U << 16) + 1, sizeof *first);
    if (to != NULL && first != NULL) {
        for (size_t i = 0; i < p->len; i++)
            first[(p->at[i].claim >> shift & 0xFFFF) + 1]++;
        for (size_t i = 1; i <= 1U << 16; i++)
            first[i] += first[i - 1];
        for (size_t i = 0; i < p->len; i++)
            to[first[p->at[i].claim >> shift & 0xFFFF]++] = p->at[i];
        rt_posting *old = p->at;
        p->at = to;
        to = old;
    }
    bool good = first != NULL && to != NULL;
    free(to);
    free(first);
    return good;
}

/* From so many on, a batch. */
enum { MANY = 4096 };

static bool same_report(const rt_posting *p, const rt_posting *q)
{
    return p->claim == q->claim && p->report == q->report;
}

/* A batch came by report: sorted by claim, only the sizes within a report are left. */
static bool sort_batch(rt_postings *p)
{
    uint32_t highest = 0;
    for (size_t i = 0; i < p->len; i++)
        highest = p->at[i].claim > highest ? p->at[i].claim : highest;
    if (!sort_pass(p, 0) || (highest >> 16 != 0 && !sort_pass(p, 16)))
        return false;
    for (size_t i = 0, n = 1; i < p->len; i += n) {
        for (n = 1; i + n < p->len && same_report(&p->at[i], &p->at[i + n]);)
            n++;
        if (n > 1)
            qsort(&p->at[i], n, sizeof *p->at, compare);
    }
    return true;
}

static bool same_list(const rt_posting *p, const rt_posting *q)
{
    return p->claim == q->claim && p->report / RT_POSTING_BLOCK == q->report / RT_POSTING_BLOCK;
}

/* Sorts; a size makes its report's entry without one needless. */
static void settle(rt_postings *p)
{
    size_t kept = 0;
    if (p->len > 0 && (p->len < MANY || !sort_batch(p)))
        qsort(p->at, p->len, sizeof *p->at, compare);
    if (p->at == NULL) /* nothing was ever added */
        return;
    for (size_t i = 0; i < p->len; i++) {
        const rt_posting *one = &p->at[i], *next = i + 1 < p->len ? one + 1 : NULL;
        if (next != NULL && same_list(one, next) && one->report == next->report &&
            (one->tenths == 0 || one->tenths == next->tenths))
            continue;
        p->at[kept++] = *one;
    }
    p->len = kept;
}

/* ---- lists */

static void put(rt_buf *b, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        rt_buf_addc(b, (char)(value | 0x80));
    rt_buf_addc(b, (char)value);
}

typedef struct list {
    const unsigned char *at, *end;
    int64_t base, last; /* one before the block; the report */
} list;

static list list_of(sqlite3_stmt *row, int column, int64_t block)
{
    const unsigned char *bytes = sqlite3_column_blob(row, column);
    int n = sqlite3_column_bytes(row, column);
    int64_t base = block * RT_POSTING_BLOCK - 1;
    return (list){bytes, bytes + (bytes != NULL ? n : 0), base, base};
}

static uint32_t take(list *l)
{
    uint32_t value = 0;
    for (unsigned shift = 0; l->at < l->end && shift < 32; shift += 7) {
        unsigned char byte = *l->at++;
        value |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

/* The next report; its size, or 0. False: no more. */
static inline bool list_next(list *l, uint32_t *tenths)
{
    while (l->at < l->end) {
        uint32_t value = take(l);
        if (value == 0) {
            l->last = l->base;
            continue;
        }
        l->last += value / 2;
        *tenths = value % 2 != 0 ? take(l) : 0;
        return true;
    }
    return false;
}

static rt_code store_list(const rt_index *x, const rt_posting *of, size_t n, sqlite3_stmt *add,
                          rt_buf *b, rt_err *err)
{
    int64_t block = of->report / RT_POSTING_BLOCK, last = block * RT_POSTING_BLOCK - 1;
    rt_buf_clear(b);
    for (size_t i = 0; i < n; i++) {
        put(b, (uint32_t)(of[i].report - last) * 2 + (of[i].tenths > 0));
        if (of[i].tenths > 0)
            put(b, of[i].tenths);
        last = of[i].report;
    }
    rt_code code = rt_buf_check(b, err);
    if (code != RT_OK)
        return code;
    sqlite3_bind_int64(add, 1, block);
    sqlite3_bind_int64(add, 2, of->claim);
    sqlite3_bind_blob64(add, 3, b->ptr, b->len, SQLITE_STATIC);
    return rt_db_run(x, add, err);
}

rt_code rt_postings_store(const rt_index *x, rt_postings *p, sqlite3_stmt *add, rt_err *err)
{
    rt_buf b;
    rt_code code = RT_OK;
    rt_buf_init(&b, SIZE_MAX);
    settle(p);
    for (size_t i = 0, n = 0; i < p->len && code == RT_OK; i += n) {
        for (n = 1; i + n < p->len && same_list(&p->at[i], &p->at[i + n]);)
            n++;
        code = store_list(x, &p->at[i], n, add, &b, err);
    }
    p->len = 0;
    rt_buf_free(&b);
    return code;
}

/* ---- reading */

static void take_list(list l, const rt_atom_test *t, rt_bits *out)
{
    uint32_t tenths = 0;
    while (list_next(&l, &tenths))
        if (!t->atom->sized || rt_atom_test_size(t, tenths))
            rt_bits_set(out, l.last);
}

/* ORDER: block, claim, reports */
static rt_code take_rows(const rt_index *x, sqlite3_stmt *s, const rt_atom_test *t, rt_bits *out,
                         rt_err *err)
{
    bool row = true;
    rt_code code = RT_OK;
    while (code == RT_OK && row) {
        code = rt_db_step(x, s, &row, err);
        if (code == RT_OK && row && rt_bits_has(&t->claims, sqlite3_column_int64(s, 1)))
            take_list(list_of(s, 2, sqlite3_column_int64(s, 0)), t, out);
    }
    return code;
}

/* From this part of all claims on it is faster to read all lists. */
enum { SCAN_PART = 4 };

rt_code rt_postings_find(const rt_index *x, const rt_atom_test *t, rt_bits *out, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool scan = rt_bits_count(&t->claims) > t->claims.n / SCAN_PART;
    rt_code code = rt_db_prepare(x,
                                 scan ? "SELECT block, claim, reports FROM claim_report"
                                      : "SELECT block, claim, reports FROM claim_report"
                                        " WHERE block = ?1 AND claim = ?2",
                                 &s, err);
    if (code == RT_OK && scan)
        code = take_rows(x, s, t, out, err);
    for (int64_t block = 0; !scan && block <= (out->n - 1) / RT_POSTING_BLOCK; block++) {
        for (int64_t n = rt_bits_next(&t->claims, 0); n >= 0 && code == RT_OK;
             n = rt_bits_next(&t->claims, n + 1)) {
            sqlite3_bind_int64(s, 1, block);
            sqlite3_bind_int64(s, 2, n);
            code = take_rows(x, s, t, out, err);
        }
    }
    sqlite3_finalize(s);
    return code;
}

/* ---- from the reports */

static bool add_report(rt_postings *p, int64_t report, rt_str findings)
{
    rt_stored f;
    bool good = true;
    for (size_t pos = 0; good && rt_stored_next(findings, &pos, &f);)
        good = rt_postings_add(p, (rt_posting){report, f.claim, f.tenths});
    return good;
}

/* ---- the check: sums of a hash of every entry, which no order changes */

typedef struct sums {
    uint64_t entries, hash;
} sums;

static void add_entry(sums *s, rt_posting one)
{
    const uint64_t words[3] = {(uint64_t)one.report, one.claim, one.tenths};
    s->entries++;
    s->hash += rt_hash_file((rt_str){(const char *)words, sizeof words});
}

static rt_code sum_reports(const rt_index *x, sums *out, rt_err *err)
{
    sqlite3_stmt *row = NULL;
    rt_postings p = {0};
    bool more = true;
    rt_code code = rt_db_prepare(x, "SELECT rowid, findings FROM report", &row, err);
    while (code == RT_OK && more) {
        code = rt_db_step(x, row, &more, err);
        if (code != RT_OK || !more)
            break;
        if (!add_report(&p, sqlite3_column_int64(row, 0), rt_db_text(row, 1)))
            code = rt_fail(err, RT_ENOMEM, "out of memory");
        settle(&p);
        for (size_t i = 0; i < p.len; i++)
            add_entry(out, p.at[i]);
        p.len = 0;
    }
    rt_postings_free(&p);
    sqlite3_finalize(row);
    return code;
}

static rt_code sum_lists(const rt_index *x, const rt_bits *living, sums *out, rt_err *err)
{
    sqlite3_stmt *row = NULL;
    bool more = true;
    rt_code code = rt_db_prepare(x, "SELECT block, claim, reports FROM claim_report", &row, err);
    while (code == RT_OK && more) {
        code = rt_db_step(x, row, &more, err);
        if (code != RT_OK || !more)
            break;
        uint32_t tenths = 0;
        list l = list_of(row, 2, sqlite3_column_int64(row, 0));
        while (list_next(&l, &tenths))
            if (rt_bits_has(living, l.last))
                add_entry(out,
                          (rt_posting){l.last, (uint32_t)sqlite3_column_int64(row, 1), tenths});
    }
    sqlite3_finalize(row);
    return code;
}

rt_code rt_postings_check(const rt_index *x, bool *good, rt_err *err)
{
    sums reports = {0}, lists = {0};
    rt_bits living = {0};
    rt_code code = rt_lengths_living(x, &living, err);
    if (code == RT_OK)
        code = sum_reports(x, &reports, err);
    if (code == RT_OK)
        code = sum_lists(x, &living, &lists, err);
    *good = reports.entries == lists.entries && reports.hash == lists.hash;
    rt_bits_free(&living);
    return code;
}
