/* Walks the members of a JSON object that stands on one line, without building a tree: ten times
 * the speed of jansson, for lines that hold nothing rare.
 *
 * What it accepts, jansson accepts with the same strings (tests/fuzz/fuzz_skim.c holds the two
 * against each other), but that names of members may come twice. What it does not accept (errors,
 * lone surrogates, deep nesting, numbers with exponents) is jansson's to read and to explain. */
#ifndef RT_INPUT_SKIM_H
#define RT_INPUT_SKIM_H

#include "base/arena.h"
#include "base/str.h"

typedef enum rt_skim_kind {
    RT_SKIM_STRING,
    RT_SKIM_INTEGER, /* at most 18 digits, no sign: text is the number as written */
    RT_SKIM_NULL,
    RT_SKIM_OTHER, /* objects, arrays, booleans, other numbers; text is empty */
} rt_skim_kind;

typedef struct rt_member { /* strings point into the line, or into the arena if they had escapes */
    rt_str name, text;
    rt_skim_kind kind;
} rt_member;

typedef struct rt_skim {
    rt_arena *arena;
    const char *at, *end;
    enum { RT_SKIM_FIRST, RT_SKIM_MORE, RT_SKIM_DONE, RT_SKIM_UNSURE } state;
} rt_skim;

/* line: valid UTF-8, read until the walk is over. */
rt_skim rt_skim_open(rt_arena *a, rt_str line);
/* The next member; false at the end, when state says whether the whole line was an object (DONE) or
 * is left to another reader (UNSURE). Linear, allocates only for strings with escapes. */
bool rt_skim_next(rt_skim *s, rt_member *out);

#endif
