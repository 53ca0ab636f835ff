#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/vec.h"

static size_t room(const rt_arena *a)
{
    return a->beg != NULL ? (size_t)(a->end - a->beg) : 0;
}

static void *full(rt_arena *a)
{
    *a->full = true;
    return NULL;
}

void *rt_arena_raw(rt_arena *a, size_t count, size_t size, size_t align)
{
    assert(size > 0 && align > 0 && (align & (align - 1)) == 0);
    size_t pad = (size_t)(-(uintptr_t)a->beg & (align - 1)), bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || a->beg == NULL || room(a) < pad ||
        bytes > room(a) - pad)
        return full(a);
    char *p = a->beg + pad;
    a->beg = p + bytes;
    return p;
}

void *rt_arena_alloc(rt_arena *a, size_t count, size_t size, size_t align)
{
    void *p = rt_arena_raw(a, count, size, align);
    return p != NULL ? memset(p, 0, count * size) : NULL;
}

rt_str rt_arena_copy(rt_arena *a, rt_str s)
{
    if (s.len == 0)
        return (rt_str){"", 0};
    if (room(a) < s.len) {
        full(a);
        return (rt_str){"", 0};
    }
    char *p = memcpy(a->beg, s.ptr, s.len);
    a->beg += s.len;
    return (rt_str){p, s.len};
}

/* Prints straight into the free space; the NUL that vsnprintf adds must fit but is not kept. */
rt_str rt_arena_printf(rt_arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(a->beg, room(a), fmt, args);
    va_end(args);
    assert(n >= 0);
    if (n < 0 || (size_t)n >= room(a)) {
        full(a);
        return (rt_str){"", 0};
    }
    rt_str s = {a->beg, (size_t)n};
    a->beg += n;
    return s;
}

/* RT_HARD: arrays move at every push, so that a pointer kept across one shows at once. */
static uint32_t next_cap(uint32_t cap)
{
#ifdef RT_HARD
    return cap + 1;
#else
    return cap == 0 ? 16 : cap * 2;
#endif
}

/* Into an array of `wanted` records. */
static bool move(rt_arena *a, void **at, uint32_t *cap, uint32_t len, uint32_t wanted, size_t size)
{
    void *p = wanted > *cap ? rt_arena_raw(a, wanted, size, _Alignof(max_align_t)) : full(a);
    if (p == NULL)
        return false;
    if (len > 0)
        memcpy(p, *at, len * size);
    *at = p;
    *cap = wanted;
    return true;
}

bool rt_vec_grow(rt_arena *a, void **at, uint32_t *cap, uint32_t len, size_t size)
{
    return move(a, at, cap, len, next_cap(*cap), size);
}

bool rt_vec_room(rt_arena *a, void **at, uint32_t *cap, uint32_t len, uint32_t n, size_t size)
{
    return move(a, at, cap, len, len + n, size);
}
