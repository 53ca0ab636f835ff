/* Text patterns of the data files (PCRE2), in sets: compiled once, asked in memory of an arena.
 * Case does not matter; no pattern may hang a report: steps and memory are limited. Folded text
 * goes through a sieve first: most patterns need a word that does not stand there, and are not
 * asked at all. Patterns of a compiled lexicon are compiled when they are asked for the first time.
 */
#ifndef RT_KNOWLEDGE_PATTERN_H
#define RT_KNOWLEDGE_PATTERN_H

#include "base/arena.h"
#include "knowledge/sieve.h"
#include "model/doc.h"

typedef struct rt_patterns rt_patterns;

/* What one report needs to ask the patterns of a set; memory is taken when the first is asked. */
typedef struct rt_matcher {
    rt_arena *arena; /* outlasts it */
    void *general, *data, *limits;
    rt_found *found; /* needles in the text that was looked at last */
    uint64_t *due;   /* bits of the parts of which one stands there */
    rt_str seen;
} rt_matcher;

enum { RT_PATTERN_GROUPS = 3 }; /* the whole and two groups */

typedef struct rt_groups {
    size_t beg[RT_PATTERN_GROUPS], end[RT_PATTERN_GROUPS]; /* an unset group is empty */
} rt_groups;

rt_patterns *rt_patterns_new(void); /* NULL: no memory */
void rt_patterns_free(rt_patterns *s);
/* The number of the new pattern; UINT32_MAX if the source is malformed (*fault is the byte where)
 * or memory is out. folded: it is asked of folded text alone, and never where it stands. */
uint32_t rt_patterns_add(rt_patterns *s, rt_str source, bool folded, size_t *fault);
/* First match in text, which must be valid UTF-8; out may be NULL. */
bool rt_pattern_find(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str text, rt_groups *out);
/* The same in a piece of folded text, through the sieve. */
bool rt_pattern_find_folded(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded,
                            rt_groups *out);
/* Does it stand in a piece of folded text? Through the sieve, an alternative by itself. */
bool rt_pattern_stands(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded);
/* The same without the sieve: of a text that few patterns are asked of. The matcher is used for
 * such texts alone. */
bool rt_pattern_stands_once(rt_matcher *m, const rt_patterns *s, uint32_t i, rt_str folded);
/* A pattern may stand in a piece of folded text if one of its bits is set: a word that it needs
 * stands there. Valid until the matcher is asked about another text; NULL: the arena is full. */
const uint64_t *rt_patterns_due(rt_matcher *m, const rt_patterns *s, rt_str folded);
rt_range rt_pattern_bits(const rt_patterns *s, uint32_t i); /* at least one */
bool rt_pattern_is_han(const rt_patterns *s, uint32_t i); /* it stands in no text of ASCII alone */

/* 64 bits from a place on; there is a word more than needed. */
static inline uint64_t rt_bits_from(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 | bits[i / 64 + 1] << 1 << (63 - i % 64);
}

static inline bool rt_any_bit(const uint64_t *bits, rt_range of)
{
    uint32_t i = of.first, left = of.count;
    for (; left > 64; i += 64, left -= 64)
        if (rt_bits_from(bits, i) != 0)
            return true;
    return rt_bits_from(bits, i) << (64 - left) != 0;
}

/* Into a compiled lexicon and out of it: the root is a record of the image. */
struct rt_image;
void rt_patterns_image(struct rt_image *m, rt_patterns **set);
bool rt_patterns_open(rt_patterns **set); /* that of the image becomes one to ask and to free */

#endif
