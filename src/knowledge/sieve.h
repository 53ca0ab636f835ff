/* Which of many short strings stand in a text: one cheap pass instead of one search each. A text
 * pattern that needs one of some strings is asked only where one of them stands (see pattern.h). */
#ifndef RT_KNOWLEDGE_SIEVE_H
#define RT_KNOWLEDGE_SIEVE_H

#include "base/arena.h"
#include "text/text.h"

enum {
    RT_NEEDLE_MAX = 24, /* bytes of a needle; more tell nothing more */
    RT_NEEDLES_MAX = 64,
    RT_NEEDS_MAX = 4,
};

enum { RT_EDGE_LEFT = 1, RT_EDGE_RIGHT = 2 }; /* a needle begins, ends at a word boundary (\b) */

typedef struct rt_needle {
    unsigned char len, edges;
    char bytes[RT_NEEDLE_MAX];
} rt_needle;

typedef struct rt_need { /* one of these stands */
    uint32_t n;
    rt_needle at[RT_NEEDLES_MAX];
} rt_need;

typedef struct rt_needs { /* each is met, one behind the other */
    uint32_t n;
    bool whole; /* and every text that meets the one need there is matches */
    bool leads; /* the match begins where the needle of the first begins */
    rt_need at[RT_NEEDS_MAX];
} rt_needs;

/* What stands in every folded text that the pattern (PCRE2, no case) matches, in lower case. false:
 * nothing can be told. A pattern that is malformed gives anything. */
bool rt_needs_of(rt_str pattern, rt_needs *out);
uint32_t rt_needs_best(const rt_needs *needs);           /* the one that tells most */
bool rt_need_better(const rt_need *a, const rt_need *b); /* does a tell more? */
/* The alternatives that the pattern consists of, each a pattern of its own: how many; 0 if there
 * are more than max, or they cannot be told. */
uint32_t rt_alternatives_of(rt_str pattern, rt_str *out, uint32_t max);

/* A pattern that is one group between what takes no characters (\b, ^, $, looks): where the group
 * is in it, with its brackets, and what is in them. */
bool rt_group_of(rt_str pattern, rt_fspan *group, rt_fspan *inside);

typedef struct rt_sieve rt_sieve;

rt_sieve *rt_sieve_new(void); /* NULL: no memory */
void rt_sieve_free(rt_sieve *s);
/* May it be sought? Two or three bytes of ASCII stand everywhere. */
bool rt_needle_may_be_sought(const rt_needle *n);
/* The number of a needle, the same for the same needle if it is sought: a scan tells whether it
 * stands in a text, of others only rt_sieve_find. UINT32_MAX: there are too many, or no memory. */
uint32_t rt_sieve_add(rt_sieve *s, const rt_needle *n, bool sought);

typedef struct rt_found { /* needles that stand in a text */
    uint32_t *list, n;    /* in the order in which they were found */
    uint32_t *at;         /* of each that was found: where it stands first */
    uint64_t *bits;
} rt_found;

/* Room for what a scan finds; NULL: the arena is full. */
rt_found *rt_found_new(const rt_sieve *s, rt_arena *a);
void rt_found_clear(rt_found *f);
static inline bool rt_found_has(const rt_found *f, uint32_t needle)
{
    return f->bits[needle / 64] >> needle % 64 & 1;
}
/* Adds what stands in the text of the needles that are sought. Any thread, once all are added. */
void rt_sieve_scan(const rt_sieve *s, rt_str text, rt_found *found);
bool rt_sieve_seeks(const rt_sieve *s, uint32_t needle);
rt_fspan rt_sieve_span(const rt_sieve *s, uint32_t needle,
                       uint32_t at); /* of one that begins there */
/* Where a needle stands in the text, from a place on. */
bool rt_sieve_find(const rt_sieve *s, uint32_t needle, rt_str text, size_t from, rt_fspan *out);
struct rt_image;
void rt_sieve_image(struct rt_image *m, rt_sieve **s); /* into a compiled lexicon: see image.h */

#endif
