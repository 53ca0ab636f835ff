/* The section pieces of a stored report: [[type,b,e],...] in code points over its text. */
#ifndef RT_INDEX_PIECES_H
#define RT_INDEX_PIECES_H

#include <sqlite3.h>

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

/* The SQL function rt_section(text, sections, type): the pieces of one type, apart by line ends;
 * what the views are made of. FTS5 forbids json_each where it reads its content. An SQLite code. */
int rt_pieces_register(sqlite3 *db);

#endif
