/* Needs of a pattern, while it is read; see needs.h. */
#include "knowledge/needs.h"

#include <string.h>

/* Bytes of its longest word: small words beside it stand everywhere. */
static unsigned longest_word(const rt_needle *n)
{
    unsigned longest = 0;
    for (unsigned i = 0, run = 0; i < n->len; i++) {
        run = n->bytes[i] == ' ' ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* How much the needles of a need tell: the length of the shortest; a Han character is as good as
 * four bytes of others. */
static unsigned worth(const rt_need *need)
{
    unsigned least = need->n > 0 ? 2 * RT_NEEDLE_MAX : 0;
    for (uint32_t i = 0; i < need->n; i++) {
        const rt_needle *n = &need->at[i];
        bool han = n->len > 0 && (n->bytes[0] & 0x80) != 0;
        unsigned told = han ? n->len + n->len / 3U : longest_word(n);
        for (unsigned edge = RT_EDGE_LEFT; edge <= RT_EDGE_RIGHT && n->len > 1; edge *= 2)
            told += (n->edges & edge) != 0;
        least = told < least ? told : least;
    }
    return least;
}

bool rt_need_better(const rt_need *a, const rt_need *b)
{
    unsigned x = worth(a), y = worth(b);
    return x != y ? x > y : a->n < b->n;
}

uint32_t rt_needs_best(const rt_needs *needs)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < needs->n; i++)
        if (rt_need_better(&needs->at[i], &needs->at[best]))
            best = i;
    return best;
}

void rt_needs_add(rt_needs *to, const rt_need *need, bool leads)
{
    uint32_t worst = 0;
    to->leads = to->n == 0 ? leads : to->leads;
    if (to->n < RT_NEEDS_MAX) {
        to->at[to->n++] = *need;
        return;
    }
    for (uint32_t i = 1; i < to->n; i++)
        if (rt_need_better(&to->at[worst], &to->at[i]))
            worst = i;
    if (!rt_need_better(need, &to->at[worst]))
        return;
    to->leads = to->leads && worst > 0;
    memmove(&to->at[worst], &to->at[worst + 1], (to->n - worst - 1) * sizeof *to->at);
    to->at[to->n - 1] = *need;
}

void rt_needs_close(rt_needs *needs, unsigned edge)
{
    for (uint32_t i = 0; i < needs->n; i++)
        for (uint32_t k = 0; k < needs->at[i].n; k++) {
            rt_needle *n = &needs->at[i].at[k];
            if (n->edges & RT_EDGE_OPEN)
                n->edges = (unsigned char)((n->edges | edge) & ~(edge ? 0U : RT_EDGE_OPEN));
        }
}

void rt_needs_keep_best(rt_needs *needs)
{
    uint32_t best = rt_needs_best(needs);
    if (needs->n < 2)
        return;
    needs->at[0] = needs->at[best];
    needs->n = 1;
    needs->leads = needs->leads && best == 0;
}

void rt_needs_unite(rt_needs *a, const rt_needs *b)
{
    a->whole = a->whole && b->whole;
    a->leads = a->leads && b->leads;
    if (a->n == 0 || b->n == 0 || a->at[0].n + b->at[0].n > RT_NEEDLES_MAX) {
        a->n = 0;
        return;
    }
    memcpy(a->at[0].at + a->at[0].n, b->at[0].at, b->at[0].n * sizeof *b->at[0].at);
    a->at[0].n += b->at[0].n;
}

/* Wherever b stands, a does. */
static bool is_within(const rt_needle *a, const rt_needle *b)
{
    return a->len <= b->len && memcmp(a->bytes, b->bytes, a->len) == 0 &&
           (a->edges == 0 || (a->edges == RT_EDGE_LEFT && (b->edges & RT_EDGE_LEFT)));
}

void rt_need_drop_longer(rt_need *need)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < need->n; i++) {
        bool longer = false;
        for (uint32_t k = 0; k < need->n && !longer; k++)
            longer = k != i && is_within(&need->at[k], &need->at[i]) &&
                     (k < i || !is_within(&need->at[i], &need->at[k]));
        if (!longer)
            need->at[n++] = need->at[i];
    }
    need->n = n;
}

bool rt_need_may_be_empty(const rt_need *need)
{
    for (uint32_t i = 0; i < need->n; i++)
        if (need->at[i].len == 0)
            return true;
    return false;
}
