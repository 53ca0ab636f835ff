/* The section pieces of a stored report, report.sections: of each its type, how far it begins
 * behind the one before, and its length, numbers as in chars.h, in code points of its text. */
#ifndef RT_INDEX_PIECES_H
#define RT_INDEX_PIECES_H

#include "base/buf.h"

/* From code points to bytes, fast when asked in ascending order. */
typedef struct rt_bytes_at {
    rt_str text;
    size_t byte, point;
} rt_bytes_at;

uint32_t rt_bytes_at_point(rt_bytes_at *p, size_t point);

typedef struct rt_pieces {
    rt_bytes_at text;
    rt_str sections;
    size_t at, point; /* in `sections`; end of the piece before */
} rt_pieces;

/* The end of the piece before, then the piece that begins at beg and ends at end. */
void rt_pieces_put(rt_buf *sections, uint32_t last, uint32_t type, uint32_t beg, uint32_t end);

rt_pieces rt_pieces_of(rt_str text, rt_str sections);
bool rt_pieces_next(rt_pieces *p, uint32_t *type, rt_span *bytes); /* false: no more */

#endif
