/* Pages of the reports found. See order.h. */
#include "index/order.h"

#include <stdlib.h>

typedef struct keyed {
    int64_t key, report;
} keyed;

void rt_order_free(rt_order *order)
{
    free(order->at);
    *order = (rt_order){0};
}

static rt_code push(rt_order *to, int64_t report, rt_err *err)
{
    if (to->len == to->cap) {
        size_t cap = to->cap == 0 ? 64 : to->cap * 2;
        int64_t *at = realloc(to->at, cap * sizeof *at);
        if (at == NULL)
            return rt_fail(err, RT_ENOMEM, "out of memory");
        to->at = at;
        to->cap = cap;
    }
    to->at[to->len++] = report;
    return RT_OK;
}

static int compare_keyed(const void *a, const void *b)
{
    const keyed *p = a, *q = b;
    if (p->key != q->key)
        return p->key < q->key ? -1 : 1;
    return p->report < q->report ? -1 : p->report > q->report;
}

/* ---- samples */

static uint64_t mix(uint64_t x) /* splitmix64 */
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ x >> 27) * 0x94D049BB133111EBULL;
    return x ^ x >> 31;
}

rt_code rt_order_sample(rt_bits *set, uint32_t n, uint32_t seed, rt_err *err)
{
    size_t count = (size_t)rt_bits_count(set), len = 0;
    if (count <= n)
        return RT_OK;
    keyed *all = malloc(count * sizeof *all);
    if (all == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    for (int64_t at = rt_bits_next(set, 0); at >= 0; at = rt_bits_next(set, at + 1))
        all[len++] = (keyed){(int64_t)(mix((uint64_t)at ^ mix(seed)) >> 1), at};
    qsort(all, len, sizeof *all, compare_keyed);
    memset(set->at, 0, (size_t)(set->n + 63) / 64 * sizeof *set->at);
    for (size_t i = 0; i < n; i++)
        rt_bits_set(set, all[i].report);
    free(all);
    return RT_OK;
}

/* ---- the page: what is left out before it, what comes at most */

typedef struct page {
    const rt_query_opts *opts;
    rt_order *out;
    int64_t after; /* a report, -1: from the top */
    size_t skip;   /* still to be left out */
    uint32_t left; /* still to be shown */
    bool waiting;  /* for the report `after` to come by */
} page;

static bool is_full(const page *p)
{
    return p->left == 0;
}

static rt_code take(page *p, int64_t report, rt_err *err)
{
    if (p->waiting) {
        p->waiting = report != p->after;
        return RT_OK;
    }
    if (p->skip > 0) {
        p->skip--;
        return RT_OK;
    }
    p->left--;
    return push(p->out, report, err);
}

/* By number: in the order of indexing. */
static rt_code by_number(page *p, const rt_bits *set, bool up, rt_err *err)
{
    int64_t from = up ? 0 : set->n - 1;
    rt_code code = RT_OK;
    if (p->after >= 0)
        from = up ? p->after + 1 : p->after - 1;
    p->waiting = false;
    int64_t at = up ? rt_bits_next(set, from) : rt_bits_prev(set, from);
    while (at >= 0 && !is_full(p) && code == RT_OK) {
        code = take(p, at, err);
        at = up ? rt_bits_next(set, at + 1) : rt_bits_prev(set, at - 1);
    }
    return code;
}

/* ---- by day of the exam: few reports are sorted, many are met on the way along the index */

enum { SORT_PART = 64 };

static rt_code days_of(rt_eval *e, const rt_bits *set, keyed *out, size_t *len, rt_err *err)
{
    rt_walk w;
    bool more = true;
    rt_code code = rt_walk_open(&w, e->index, set, "r.day", err);
    while (code == RT_OK && more) {
        code = rt_walk_next(&w, &more, err);
        if (code == RT_OK && more)
            out[(*len)++] = (keyed){sqlite3_column_int64(w.row, 1), w.at};
    }
    rt_walk_close(&w);
    return code;
}

static rt_code sort_days(rt_eval *e, page *p, const rt_bits *set, bool up, rt_err *err)
{
    size_t len = 0;
    keyed *all = malloc(((size_t)rt_bits_count(set) + 1) * sizeof *all);
    if (all == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    rt_code code = days_of(e, set, all, &len, err);
    if (code == RT_OK)
        qsort(all, len, sizeof *all, compare_keyed);
    for (size_t i = 0; i < len && !is_full(p) && code == RT_OK; i++)
        code = take(p, all[up ? i : len - 1 - i].report, err);
    free(all);
    return code;
}

static rt_code by_day(rt_eval *e, page *p, const rt_bits *set, bool up, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = true;
    if (rt_bits_count(set) < set->n / SORT_PART)
        return sort_days(e, p, set, up, err);
    rt_code code = rt_db_prepare(e->index,
                                 up ? "SELECT rowid FROM report ORDER BY day, rowid"
                                    : "SELECT rowid FROM report ORDER BY day DESC, rowid DESC",
                                 &s, err);
    while (code == RT_OK && !is_full(p)) {
        code = rt_db_step(e->index, s, &row, err);
        if (code != RT_OK || !row)
            break;
        int64_t report = sqlite3_column_int64(s, 0);
        if (rt_bits_has(set, report))
            code = take(p, report, err);
    }
    sqlite3_finalize(s);
    return code;
}

/* ---- by relevance */

static int compare_ranked(const void *a, const void *b)
{
    const rt_ranked *p = a, *q = b;
    if (p->score < q->score || p->score > q->score)
        return p->score > q->score ? -1 : 1;
    return p->report > q->report ? -1 : p->report < q->report;
}

static rt_code by_relevance(rt_eval *e, page *p, const rt_bits *set, const rt_query_node *root,
                            rt_err *err)
{
    size_t n = (size_t)rt_bits_count(set), i = 0;
    rt_ranked *all = malloc((n + 1) * sizeof *all);
    if (all == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    for (int64_t at = rt_bits_next(set, 0); at >= 0; at = rt_bits_next(set, at + 1))
        all[i++] = (rt_ranked){0, at};
    rt_code code = rt_rank(e, set, root, all, n, err);
    if (code == RT_OK)
        qsort(all, n, sizeof *all, compare_ranked);
    for (i = 0; i < n && !is_full(p) && code == RT_OK; i++)
        code = take(p, all[i].report, err);
    free(all);
    return code;
}

/* ---- the whole */

/* The number of the report that the page before ended with. */
static rt_code find_after(rt_eval *e, const rt_bits *set, page *p, rt_err *err)
{
    sqlite3_stmt *s = NULL;
    bool row = false;
    p->after = -1;
    if (p->opts->after.len == 0)
        return RT_OK;
    rt_code code = rt_db_prepare(e->index, "SELECT rowid FROM report WHERE id = ?1", &s, err);
    if (code == RT_OK) {
        rt_db_bind(s, 1, p->opts->after);
        code = rt_db_step(e->index, s, &row, err);
    }
    if (code == RT_OK && row)
        p->after = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    if (code == RT_OK && !rt_bits_has(set, p->after))
        code = rt_fail(err, RT_EUSAGE, "--after: the query does not find a report \"%.*s\"",
                       (int)p->opts->after.len, p->opts->after.ptr);
    p->waiting = code == RT_OK;
    return code;
}

rt_code rt_order_page(rt_eval *e, const rt_bits *set, const rt_query_node *root,
                      const rt_query_opts *o, rt_order *out, rt_err *err)
{
    page p = {.opts = o, .out = out, .skip = o->offset};
    p.left = o->limit > 0 ? o->limit : UINT32_MAX;
    *out = (rt_order){0};
    rt_code code = find_after(e, set, &p, err);
    if (code != RT_OK)
        return code;
    switch (o->sort) {
    case RT_SORT_NEWEST:
    case RT_SORT_OLDEST:
        return by_number(&p, set, o->sort == RT_SORT_OLDEST, err);
    case RT_SORT_LATEST:
    case RT_SORT_EARLIEST:
        return by_day(e, &p, set, o->sort == RT_SORT_EARLIEST, err);
    case RT_SORT_RELEVANCE:
        return by_relevance(e, &p, set, root, err);
    }
    return RT_OK;
}
