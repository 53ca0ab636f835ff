/* Growable array in an arena: RT_VEC(T) is the type, RT_PUSH appends a finished record.
 * When the arena is full the record is dropped and *arena->full is set (see base/arena.h). Old
 * copies of a grown array stay behind in the arena; they are forgotten with the report. */
#ifndef RT_BASE_VEC_H
#define RT_BASE_VEC_H

#include "base/arena.h"

#define RT_VEC(T)                                                                                  \
    struct {                                                                                       \
        T *at;                                                                                     \
        uint32_t len, cap;                                                                         \
    }

#define RT_PUSH(arena, vec, ...)                                                                   \
    do {                                                                                           \
        if ((vec)->len < (vec)->cap ||                                                             \
            rt_vec_grow((arena), (void **)&(vec)->at, &(vec)->cap, (vec)->len, sizeof *(vec)->at)) \
            (vec)->at[(vec)->len++] = (__VA_ARGS__);                                               \
    } while (0)

/* Room for n records more, when it is known how many will come. */
#define RT_ROOM(arena, vec, n)                                                                     \
    ((vec)->cap - (vec)->len >= (n) ||                                                             \
     rt_vec_room((arena), (void **)&(vec)->at, &(vec)->cap, (vec)->len, (n), sizeof *(vec)->at))

bool rt_vec_room(rt_arena *a, void **at, uint32_t *cap, uint32_t len, uint32_t n, size_t size);
bool rt_vec_grow(rt_arena *a, void **at, uint32_t *cap, uint32_t len, size_t size);

#endif
