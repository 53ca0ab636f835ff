/* Which of many short strings stand in a text: one cheap pass instead of one search each. A text
 * pattern that needs one of some strings is asked only where one of them stands (see pattern.h). */
#ifndef RT_KNOWLEDGE_SIEVE_H
#define RT_KNOWLEDGE_SIEVE_H

#include "base/str.h"

#include <stdint.h>

enum { RT_NEEDLE_MAX = 24 }; /* bytes of a needle; more tell nothing more */

typedef struct rt_needle {
    unsigned char len;
    char bytes[RT_NEEDLE_MAX];
} rt_needle;

typedef struct rt_sieve rt_sieve;

rt_sieve *rt_sieve_new(void); /* NULL: no memory */
void rt_sieve_free(rt_sieve *s);
/* The number of a needle, the same for the same bytes; UINT32_MAX if there are too many, or no
 * memory. */
uint32_t rt_sieve_add(rt_sieve *s, const rt_needle *n);
size_t rt_sieve_words(const rt_sieve *s); /* of 64 bits, that a scan fills */
/* Bit i of found: needle i stands in the text. Any thread, once all needles are added. */
void rt_sieve_scan(const rt_sieve *s, rt_str text, uint64_t *found);
struct rt_image;
void rt_sieve_image(struct rt_image *m, rt_sieve **s); /* into a compiled lexicon: see image.h */

/* The strings of which one stands, in lower case, in every folded text that the pattern (PCRE2, no
 * case) matches: how many, at most max; 0 if none can be told. *whole: and every text with one of
 * them matches. A pattern that is malformed gives anything. */
uint32_t rt_needles_of(rt_str pattern, rt_needle *out, uint32_t max, bool *whole);
/* The alternatives that the pattern consists of, each a pattern of its own: how many; 0 if there
 * are more than max, or they cannot be told. */
uint32_t rt_alternatives_of(rt_str pattern, rt_str *out, uint32_t max);

#endif
