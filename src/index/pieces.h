/* The section pieces of a stored report, report.sections: type, begin (2), end (2) of each, numbers
 * as in chars.h, in code points of its text. */
#ifndef RT_INDEX_PIECES_H
#define RT_INDEX_PIECES_H

#include "base/str.h"

/* From code points to bytes, fast when asked in ascending order. */
typedef struct rt_bytes_at {
    rt_str text;
    size_t byte, point;
} rt_bytes_at;

uint32_t rt_bytes_at_point(rt_bytes_at *p, size_t point);

typedef struct rt_pieces {
    rt_bytes_at text;
    rt_str sections;
    size_t at;
} rt_pieces;

rt_pieces rt_pieces_of(rt_str text, rt_str sections);
bool rt_pieces_next(rt_pieces *p, uint32_t *type, rt_span *bytes); /* false: no more */

#endif
