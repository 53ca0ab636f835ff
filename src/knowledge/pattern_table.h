/* Text patterns as they lie in memory; private to knowledge/pattern*.c. */
#ifndef RT_KNOWLEDGE_PATTERN_TABLE_H
#define RT_KNOWLEDGE_PATTERN_TABLE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>

#include "base/vec.h"
#include "knowledge/pattern.h"

enum {
    RT_PATTERN_PARTS_MAX = 1 << 16, /* of a set */
    RT_NEED_MANY = 16,              /* needles of a need: more are not looked for one by one */
};

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct rt_pattern_part { /* what is asked by itself: a pattern, or an alternative of it */
    rt_str source;
    rt_range needs; /* one behind the other; none: not known */
    uint32_t key;   /* the need that tells most, or RT_NIL: none is worth being sought */
    bool enough;    /* its one need is all that it asks for */
    bool leads;     /* it begins with the first need */
    bool han;       /* some need is nothing but words with Han characters */
    char pad[1];
    uint32_t but,
        rest; /* ^(?!.*A).*B: the patterns A and B, which ask the same of a line; or RT_NIL */
} rt_pattern_part;

typedef struct rt_pattern_use { /* a part that has the needle in its key */
    uint32_t part, next;        /* next of the same needle, plus 1 */
} rt_pattern_use;

typedef struct rt_pattern_parts {
    rt_range parts;
    uint32_t in_parts; /* asked by its parts alone */
} rt_pattern_parts;

#pragma GCC diagnostic pop

typedef _Atomic(pcre2_code *) rt_code_slot;

struct rt_patterns {
    rt_sieve *sieve;
    RT_VEC(rt_pattern_part) parts;
    RT_VEC(rt_pattern_parts) patterns;
    RT_VEC(rt_range) needs;   /* in needles */
    RT_VEC(uint32_t) needles; /* numbers in the sieve */
    RT_VEC(uint32_t) first;   /* of each needle: its first use, plus 1 */
    RT_VEC(rt_pattern_use) uses;
    RT_VEC(uint64_t) always; /* bits of the parts that need nothing */
    rt_code_slot *codes;     /* of each part; NULL: not yet compiled */
    char *memory;            /* NULL: of a compiled lexicon */
    rt_arena arena;
    bool full;
};

/* NULL: it is malformed at *fault, or memory is out. */
pcre2_code *rt_pattern_compile(rt_str source, size_t *fault);

#endif
