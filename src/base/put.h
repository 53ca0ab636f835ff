/* Bytes put down where there is room for them already: the inner loop of the writers.
 *
 *     char *p = rt_buf_room(b, most);
 *     if (p == NULL) return;
 *     p = rt_put(p, RT_STR("\"n\":"));
 *     p = rt_put_u(p, n);
 *     rt_buf_wrote(b, p);
 *
 * One question for a whole record instead of one a piece, and the place stays in a register: adding
 * to a buffer must store its length each time. Every function returns the place behind. */
#ifndef RT_BASE_PUT_H
#define RT_BASE_PUT_H

#include "base/buf.h"
#include "base/str.h"

enum {
    RT_PUT_U = 20, /* bytes that a number takes at most */
    RT_PIECE = 40, /* bytes that are moved for a piece */
};

/* Room for n bytes behind what is there; NULL: the buffer has failed. */
static inline char *rt_buf_room(rt_buf *b, size_t n)
{
    bool fits = b->code == RT_OK && n <= b->cap - b->len;
    return fits || rt_buf_reserve(b, n) ? b->ptr + b->len : NULL;
}

static inline void rt_buf_wrote(rt_buf *b, const char *end)
{
    b->len = (size_t)(end - b->ptr);
}

/* What was put down so far, and room for n bytes more. */
static inline char *rt_buf_more(rt_buf *b, const char *end, size_t n)
{
    rt_buf_wrote(b, end);
    return rt_buf_room(b, n);
}

static inline char *rt_put(char *p, rt_str s) /* of a constant length: a few moves */
{
    memcpy(p, s.ptr, s.len);
    return p + s.len;
}

/* Of any length, short as a rule: moves that may overlap instead of a call. */
static inline char *rt_put_short(char *p, rt_str s)
{
    const char *from = s.ptr;
    size_t n = s.len;
    if (n >= 16) {
        for (size_t i = 0; i + 16 < n; i += 16)
            memcpy(p + i, from + i, 16);
        memcpy(p + n - 16, from + n - 16, 16);
    } else if (n >= 8) {
        memcpy(p, from, 8);
        memcpy(p + n - 8, from + n - 8, 8);
    } else if (n >= 4) {
        memcpy(p, from, 4);
        memcpy(p + n - 4, from + n - 4, 4);
    } else {
        for (size_t i = 0; i < n; i++)
            p[i] = from[i];
    }
    return p + n;
}

/* A word of a closed list with what stands around it, moved as a whole whatever its length:
 * RT_PIECE bytes must be free. */
typedef struct rt_piece {
    char text[RT_PIECE];
    size_t len;
} rt_piece;
#define RT_PIECE_OF(literal)                                                                       \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static inline char *rt_put_piece(char *p, const rt_piece *piece)
{
    memcpy(p, piece->text, RT_PIECE);
    return p + piece->len;
}

char *rt_put_large(char *p, uint64_t n); /* any number */
/* The shortest decimal of 0 <= v < 1e9, if it has at most four places; NULL: it has more. */
char *rt_put_decimal(char *p, double v); /* RT_PUT_U bytes */
char *rt_put_share(char *p, double v);   /* "%.3f" of 0 <= v < 10; RT_PUT_U bytes */

static inline char *rt_put_u(char *p, uint64_t n) /* most are short */
{
    unsigned few = (unsigned)n;
    if (n >= 10000)
        return rt_put_large(p, n);
    if (few >= 1000)
        *p++ = (char)('0' + few / 1000);
    if (few >= 100)
        *p++ = (char)('0' + few / 100 % 10);
    if (few >= 10)
        *p++ = (char)('0' + few / 10 % 10);
    *p++ = (char)('0' + few % 10);
    return p;
}

#endif
