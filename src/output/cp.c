/* Code points by bit counting: a byte that is not 10xxxxxx begins one. See cp.h. */
#include "output/cp.h"

#include "base/eight.h"

enum { SHORTEST_SHIFT = 3 };

/* Continuation bytes have bit 7 set and bit 6 clear; the expression leaves 1 in the lowest bit of
 * each of them, and the multiplication adds up the eight bytes in the highest one. */
static inline uint32_t continuations(uint64_t w)
{
    uint64_t continuation = (w >> 7) & ~(w >> 6) & RT_EIGHT(1);
    return (uint32_t)((continuation * RT_EIGHT(1)) >> 56);
}

/* From a multiple of eight to end; the last of them, less than eight, without a look at each. */
static inline uint32_t count(rt_str text, size_t at, size_t end)
{
    uint32_t n = (uint32_t)(end - at);
    for (; at + 8 <= end; at += 8)
        n -= continuations(rt_eight(text.ptr + at));
    return at < end ? n - continuations(rt_eight_at(text.ptr, end, at)) : n;
}

void rt_cp_init(rt_cp *cp, const rt_text *t)
{
    cp->text = t->doc;
    cp->ascii = t->ascii;
    cp->total = (uint32_t)t->doc.len;
    if (t->ascii)
        return;
    cp->shift = SHORTEST_SHIFT;
    while ((t->doc.len >> cp->shift) >= RT_CP_MARKS)
        cp->shift++;
    size_t within = ((size_t)1 << cp->shift) - 1, at = 0;
    uint32_t points = 0, *mark = cp->mark;
    for (; at + 8 <= t->doc.len; at += 8) {
        if ((at & within) == 0)
            *mark++ = points;
        points += 8 - continuations(rt_eight(t->doc.ptr + at));
    }
    if ((at & within) == 0)
        *mark = points;
    cp->total = points + count(t->doc, at, t->doc.len);
}

uint32_t rt_cp_behind(const rt_cp *cp, uint32_t byte)
{
    size_t i = byte >> cp->shift, at = i << cp->shift;
    return cp->mark[i] + count(cp->text, at, byte);
}
