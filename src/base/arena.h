/* Allocation by moving a pointer. The memory of one report is one arena, forgotten as a whole.
 *
 *   beg                          end
 *    | used, below beg            | free: beg..end
 *
 * An allocation that does not fit returns NULL and sets *full, which stays set: the pipeline looks
 * at it after each stage and runs the report again with a larger block, so loops need no checks.
 * Copy the struct to get a temporary arena: dropping the copy frees everything allocated from it.
 */
#ifndef RT_BASE_ARENA_H
#define RT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

typedef struct rt_arena {
    char *beg, *end;
    bool *full;
} rt_arena;

#define RT_NEW(a, T, n) ((T *)rt_arena_alloc((a), (n), sizeof(T), _Alignof(T)))

void *rt_arena_alloc(rt_arena *a, size_t count, size_t size, size_t align); /* zeroed; NULL: full */
void *rt_arena_raw(rt_arena *a, size_t count, size_t size, size_t align);   /* the same, unset */
rt_str rt_arena_copy(rt_arena *a, rt_str s);                                /* empty when full */
rt_str rt_arena_printf(rt_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
