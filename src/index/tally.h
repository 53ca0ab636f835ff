/* Values, numbered as they come, and how many reports have each. */
#ifndef RT_INDEX_TALLY_H
#define RT_INDEX_TALLY_H

#include "base/buf.h"

typedef struct rt_value {
    uint64_t hash;
    uint32_t at, len;    /* its text, in tally.text */
    int64_t count, last; /* reports; the last one that was counted */
} rt_value;

typedef struct rt_tally { /* heap */
    rt_value *values;
    size_t n, cap;
    uint32_t *slots; /* hash -> number + 1, at most half full */
    size_t n_slots;
    rt_buf text;
    bool failed; /* out of memory */
} rt_tally;

void rt_tally_init(rt_tally *t);
void rt_tally_free(rt_tally *t);
uint32_t rt_tally_number(rt_tally *t, rt_str text); /* of a value; 0 after a failure */
rt_str rt_tally_text(const rt_tally *t, const rt_value *v);
/* Most frequent first, or by text: the numbers are no longer good afterwards. */
void rt_tally_sort(rt_tally *t, bool by_text);

/* A report counts once for a value; reports come one after the other. */
static inline void rt_tally_count(rt_tally *t, uint32_t number, int64_t report)
{
    if (number >= t->n || t->values[number].last == report)
        return;
    t->values[number].last = report;
    t->values[number].count++;
}

#endif
