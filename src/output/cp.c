/* Code points by bit counting: a byte that is not 10xxxxxx begins one. See cp.h. */
#include "output/cp.h"

enum { SHORTEST_SHIFT = 6 };

/* Continuation bytes have bit 7 set and bit 6 clear; the expression leaves 1 in the lowest bit of
 * each of them, and the multiplication adds up the eight bytes in the highest one. */
static uint32_t count_in_word(const char *p)
{
    const uint64_t low_bits = 0x0101010101010101ULL;
    uint64_t w;
    memcpy(&w, p, sizeof w);
    uint64_t continuation = (w >> 7) & ~(w >> 6) & low_bits;
    return 8U - (uint32_t)((continuation * low_bits) >> 56);
}

static uint32_t count(const char *p, size_t n)
{
    uint32_t points = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        points += count_in_word(p + i);
    for (; i < n; i++)
        points += ((unsigned char)p[i] & 0xC0U) != 0x80U;
    return points;
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
    size_t step = (size_t)1 << cp->shift;
    uint32_t points = 0;
    for (size_t at = 0, i = 0; at <= t->doc.len && i < RT_CP_MARKS; at += step, i++) {
        size_t rest = t->doc.len - at;
        cp->mark[i] = points;
        points += count(t->doc.ptr + at, rest < step ? rest : step);
    }
    cp->total = points;
}

uint32_t rt_cp_of(const rt_cp *cp, uint32_t byte)
{
    if (cp->ascii)
        return byte;
    size_t i = byte >> cp->shift, at = i << cp->shift;
    return cp->mark[i] + count(cp->text.ptr + at, byte - at);
}
