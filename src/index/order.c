/* Pages of the reports found. See order.h. */
#include "index/order.h"

#include <stdlib.h>

#include "index/lengths.h"

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

/* ---- by day of the exam */

/* The `want` smallest come first, in no order: quickselect. */
static void select_first(keyed *at, size_t n, size_t want)
{
    while (n > want && n > 1) {
        keyed pivot = at[(n - 1) / 2]; /* never the last: each part is smaller than the whole */
        size_t i = 0, k = n - 1;
        for (;;) {
            while (compare_keyed(&at[i], &pivot) < 0)
                i++;
            while (compare_keyed(&at[k], &pivot) > 0)
                k--;
            if (i >= k)
                break;
            keyed swap = at[i];
            at[i++] = at[k];
            at[k--] = swap;
        }
        if (k + 1 <= want) { /* 0..k are among them */
            at += k + 1;
            n -= k + 1;
            want -= k + 1;
        } else {
            n = k + 1;
        }
    }
}

/* The later days are the smaller keys when the order is down; what is not behind `after` is left
 * out. */
static size_t days_of(const rt_days *days, page *p, const rt_bits *set, bool up, keyed *out)
{
    size_t n = 0;
    int64_t sign = up ? 1 : -1;
    keyed after = {sign * rt_days_of(days, p->after), sign * p->after};
    for (int64_t i = rt_bits_next(set, 0); i >= 0; i = rt_bits_next(set, i + 1)) {
        out[n] = (keyed){sign * rt_days_of(days, i), sign * i};
        n += !p->waiting || compare_keyed(&out[n], &after) > 0;
    }
    p->waiting = false;
    return n;
}

static rt_code by_day(rt_eval *e, page *p, const rt_bits *set, bool up, rt_err *err)
{
    rt_days days = {0};
    keyed *all = malloc(((size_t)rt_bits_count(set) + 1) * sizeof *all);
    rt_code code = all != NULL ? rt_days_load(e->index, e->n, &days, err)
                               : rt_fail(err, RT_ENOMEM, "out of memory");
    if (code == RT_OK && all != NULL) {
        size_t n = days_of(&days, p, set, up, all), want = (size_t)p->skip + p->left;
        if (want < n) {
            select_first(all, n, want);
            n = want;
        }
        qsort(all, n, sizeof *all, compare_keyed);
        for (size_t i = 0; i < n && !is_full(p) && code == RT_OK; i++)
            code = take(p, up ? all[i].report : -all[i].report, err);
    }
    rt_days_free(&days);
    free(all);
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
