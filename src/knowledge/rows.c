#include "knowledge/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { SLOTS = 1 << 13, MAX_ROWS = SLOTS / 2 };

bool rt_rows_init(rt_rows *r, rt_arena *a, size_t words)
{
    *r = (rt_rows){.words = words, .slot = calloc(SLOTS, sizeof *r->slot)};
    for (size_t w = 0; w < words; w++)
        RT_PUSH(a, &r->all, 0);
    return r->slot != NULL;
}

void rt_rows_done(rt_rows *r)
{
    free(r->slot);
}

static bool is_empty(const uint64_t *row, size_t words)
{
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= row[w];
    return any == 0;
}

bool rt_rows_number(rt_rows *r, rt_arena *a, const uint64_t *row, uint16_t *out)
{
    rt_str bytes = {(const char *)row, r->words * sizeof *row};
    *out = 0;
    if (is_empty(row, r->words))
        return true;
    for (uint64_t h = rt_hash_file(bytes);; h++) {
        uint16_t *slot = &r->slot[h % SLOTS];
        if (*slot > 0 && memcmp(r->all.at + (*slot - 1) * r->words, row, bytes.len) != 0)
            continue;
        if (*slot == 0) {
            if (r->all.len / r->words == MAX_ROWS)
                return false;
            *slot = (uint16_t)(r->all.len / r->words + 1);
            for (size_t w = 0; w < r->words; w++)
                RT_PUSH(a, &r->all, row[w]);
        }
        *out = (uint16_t)(*slot - 1);
        return true;
    }
}
