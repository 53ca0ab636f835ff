/* Which statements speak of the same lesion. The impression repeats what the findings describe, and
 * a description goes on over several sentences ("it has spiculated margins"); so a statement joins
 * an earlier lesion unless place, side or size speak against it, and the best fitting one of those
 * that it may join. */
#include <math.h>

#include "stage/fill.h"

#define SAME_SIZE 1.0 /* mm: 1.2 cm is repeated as 12 mm, or rounded */

enum { AGAINST = -1, OPEN = 0, FOR = 1 };

static int by_concepts(const rt_filler *w, uint32_t p, uint32_t q)
{
    if (p == q)
        return FOR;
    return rt_lexicon_part_of(w->x, p, q) || rt_lexicon_part_of(w->x, q, p) ? OPEN : AGAINST;
}

/* The best that any two of their places say: a segment and its lobe do not speak against each
 * other. */
static int by_place(const rt_filler *w, const rt_finding *a, const rt_finding *b)
{
    if (a->anatomy.count == 0 || b->anatomy.count == 0)
        return OPEN;
    int best = AGAINST;
    for (uint32_t i = 0; i < a->anatomy.count; i++)
        for (uint32_t j = 0; j < b->anatomy.count; j++) {
            int one = by_concepts(w, w->d->places.at[a->anatomy.first + i].concept,
                                  w->d->places.at[b->anatomy.first + j].concept);
            best = one > best ? one : best;
        }
    return best;
}

static int by_side(const rt_finding *a, const rt_finding *b)
{
    if (a->side == RT_SIDE_NONE || b->side == RT_SIDE_NONE)
        return OPEN;
    if (a->side != b->side && (a->side == RT_SIDE_BILATERAL || b->side == RT_SIDE_BILATERAL))
        return OPEN; /* "both frontal contusions, the largest on the right" */
    return a->side == b->side ? FOR : AGAINST;
}

static int by_size(const rt_filler *w, const rt_finding *a, const rt_finding *b)
{
    double p = rt_finding_length(w->d, a), q = rt_finding_length(w->d, b);
    if (p <= 0 || q <= 0)
        return OPEN;
    return fabs(p - q) <= SAME_SIZE ? FOR : AGAINST;
}

static int by_kind(const rt_filler *w, const rt_finding *a, const rt_finding *b)
{
    return rt_lexicon_is_a(w->x, a->concept, b->concept) ||
                   rt_lexicon_is_a(w->x, b->concept, a->concept)
               ? FOR
               : OPEN;
}

static bool suggests(const rt_doc *d, const rt_finding *a, uint32_t b)
{
    for (uint32_t i = 0; i < a->suggests.count; i++)
        if (d->suggests.at[a->suggests.first + i] == b)
            return true;
    return false;
}

/* How well a statement fits one of a lesion: AGAINST, or the number of reasons for it. Two heads of
 * one kind in one clause are two lesions, unless one explains the other. */
static int fit(const rt_filler *w, uint32_t earlier, uint32_t later)
{
    const rt_finding *a = &w->d->findings.at[earlier], *b = &w->d->findings.at[later];
    int place = by_place(w, a, b), side = by_side(a, b), size = by_size(w, a, b);
    if (suggests(w->d, a, later))
        return 8;
    if (place == AGAINST || side == AGAINST || size == AGAINST)
        return AGAINST;
    if (a->sentence == b->sentence && a->concept == b->concept && size != FOR)
        return AGAINST;
    return 1 + 2 * place + side + 4 * size + by_kind(w, a, b);
}

static int fit_lesion(const rt_filler *w, const rt_statements *lesion, uint32_t later)
{
    int best = AGAINST;
    for (uint32_t i = 0; i < lesion->n; i++) {
        int one = fit(w, lesion->at[i], later);
        if (one == AGAINST)
            return AGAINST;
        best = one > best ? one : best;
    }
    return best;
}

uint32_t rt_fill_lesions(rt_filler *w, rt_statements *lesions)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->s.n; i++) {
        uint32_t chosen = RT_NIL;
        int best = AGAINST;
        if (rt_denies(rt_statement(w, i)))
            continue;
        for (uint32_t k = n; k-- > 0;) { /* the last one first: descriptions follow */
            int one = fit_lesion(w, &lesions[k], w->s.at[i]);
            if (one > best) {
                best = one;
                chosen = k;
            }
        }
        if (chosen == RT_NIL && n == RT_MAX_LESIONS) {
            rt_fill_tell_ceiling(w, "lesions of one group");
            continue;
        }
        if (chosen == RT_NIL) {
            chosen = n++;
            rt_statements_clear(&lesions[chosen]);
        }
        rt_statement_add(&lesions[chosen], w->d, w->s.at[i]);
    }
    return n;
}
