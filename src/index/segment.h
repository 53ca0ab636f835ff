/* Writes a segment of report_fts: terms in order, each with the list of its reports, on leaf pages
 * in report_fts_data, as fts5_index.c describes them ("segment leaves", "structure record",
 * "averages record"): that format has been the same since FTS5 began. index --check lets FTS5 prove
 * that it can read all of it and that it says what the reports say. */
#ifndef RT_INDEX_SEGMENT_H
#define RT_INDEX_SEGMENT_H

#include "index/index.h"

/* Columns of report_fts: concepts, then a column a section type. */
enum { RT_WORD_COLUMNS = RT_SECTION_END + 1 };

typedef struct rt_segment rt_segment;

/* A number as SQLite and FTS5 write it, seven bits a byte, the highest first; returns the end. */
char *rt_varint_put_long(char *to, uint64_t value);

static inline char *rt_varint_put(char *to, uint64_t value)
{
    if (value >= 0x80)
        return rt_varint_put_long(to, value);
    *to = (char)value;
    return to + 1;
}

rt_code rt_segment_open(rt_index *x, rt_segment **out, rt_err *err);
/* list: for each report its number (less that of the one before), then twice the length of its
 * positions, then those. Terms come in the order of memcmp. */
rt_code rt_segment_add(rt_segment *s, rt_str term, rt_str list, rt_err *err);
/* reports: how many are new; tokens: of each column. FTS5 knows of all that from now on. */
rt_code rt_segment_finish(rt_segment *s, uint64_t reports, const uint64_t tokens[RT_WORD_COLUMNS],
                          rt_err *err);
void rt_segment_close(rt_segment *s); /* finished or not; NULL is fine */

#endif
