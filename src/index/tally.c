/* Values and their counts. See tally.h. */
#include "index/tally.h"

#include <stdlib.h>

#include "base/hash.h"

void rt_tally_init(rt_tally *t)
{
    *t = (rt_tally){0};
    rt_buf_init(&t->text, UINT32_MAX);
}

void rt_tally_free(rt_tally *t)
{
    free(t->values);
    free(t->slots);
    rt_buf_free(&t->text);
}

rt_str rt_tally_text(const rt_tally *t, const rt_value *v)
{
    return (rt_str){t->text.ptr != NULL ? t->text.ptr + v->at : "", v->len};
}

static bool grow(rt_tally *t)
{
    size_t cap = t->cap == 0 ? 64 : t->cap * 2;
    rt_value *values = realloc(t->values, cap * sizeof *values);
    if (values == NULL)
        return false;
    t->values = values;
    t->cap = cap;
    uint32_t *slots = calloc(cap * 2, sizeof *slots);
    if (slots == NULL)
        return false;
    free(t->slots);
    t->slots = slots;
    t->n_slots = cap * 2;
    for (size_t i = 0; i < t->n; i++) {
        size_t k = t->values[i].hash & (t->n_slots - 1);
        while (slots[k] != 0)
            k = (k + 1) & (t->n_slots - 1);
        slots[k] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t rt_tally_number(rt_tally *t, rt_str text)
{
    uint64_t hash = rt_hash64(text, 0);
    if (t->n == t->cap && !grow(t)) {
        t->failed = true;
        return 0;
    }
    size_t k = hash & (t->n_slots - 1);
    for (; t->slots[k] != 0; k = (k + 1) & (t->n_slots - 1)) {
        const rt_value *v = &t->values[t->slots[k] - 1];
        if (v->hash == hash && rt_str_eq(rt_tally_text(t, v), text))
            return t->slots[k] - 1;
    }
    t->values[t->n] = (rt_value){hash, (uint32_t)t->text.len, (uint32_t)text.len, 0, -1};
    rt_buf_add(&t->text, text);
    t->failed = t->failed || t->text.code != RT_OK;
    t->slots[k] = (uint32_t)++t->n;
    return (uint32_t)t->n - 1;
}

/* Insertion of the order of `last`, which nobody needs any more: qsort has no context. */
static int by_count(const void *a, const void *b)
{
    const rt_value *p = a, *q = b;
    if (p->count != q->count)
        return p->count > q->count ? -1 : 1;
    return p->last < q->last ? -1 : p->last > q->last;
}

static int by_last(const void *a, const void *b)
{
    const rt_value *p = a, *q = b;
    return p->last < q->last ? -1 : p->last > q->last;
}

/* Texts are sorted by a merge of runs into `last`, their rank. */
static void rank_texts(rt_tally *t, rt_value *from, rt_value *to, size_t n)
{
    size_t half = n / 2, i = 0, k = half;
    if (n < 2)
        return;
    rank_texts(t, from, to, half);
    rank_texts(t, from + half, to + half, n - half);
    memcpy(to, from, n * sizeof *to);
    for (size_t out = 0; out < n; out++) {
        bool left = k == n || (i < half &&
                               rt_str_cmp(rt_tally_text(t, &to[i]), rt_tally_text(t, &to[k])) <= 0);
        from[out] = left ? to[i++] : to[k++];
    }
}

void rt_tally_sort(rt_tally *t, bool by_text)
{
    if (t->n < 2)
        return;
    rt_value *more = malloc(t->n * sizeof *more);
    if (more == NULL) {
        t->failed = true;
        return;
    }
    rank_texts(t, t->values, more, t->n);
    free(more);
    for (size_t i = 0; i < t->n; i++)
        t->values[i].last = (int64_t)i;
    qsort(t->values, t->n, sizeof *t->values, by_text ? by_last : by_count);
}
