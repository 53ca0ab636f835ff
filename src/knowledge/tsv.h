/* Rows and cells of a data file in lexicons/, with file:line:column for every complaint.
 * Format: UTF-8, LF (CRLF is a complaint), tabs, `#` comment lines, first other row = column names,
 * no quoting. */
#ifndef RT_KNOWLEDGE_TSV_H
#define RT_KNOWLEDGE_TSV_H

#include "base/err.h"

#define RT_TSV_COLUMNS 16 /* ceiling of columns in one file */

typedef struct rt_tsv {
    const char *path;  /* for messages */
    rt_str text, rest; /* whole file, what is not yet read */
    uint32_t line;     /* of the current row, from 1 */
    uint32_t columns;  /* number of named columns */
    rt_str name[RT_TSV_COLUMNS];
    rt_str cell[RT_TSV_COLUMNS]; /* of the current row; missing trailing cells are empty */
} rt_tsv;

/* Reads the heading row and checks that the `wanted` column names (NULL-terminated) are there, in
 * this order at the front. Fails on invalid UTF-8, CR, NUL, unknown or missing columns. `text` must
 * outlive t. */
rt_code rt_tsv_open(rt_tsv *t, const char *path, rt_str text, const char *const *wanted,
                    rt_err *err);
/* Next row into cell[]; *more = false at the end. Fails on a row with more cells than columns or
 * with blanks around a cell. */
rt_code rt_tsv_row(rt_tsv *t, bool *more, rt_err *err);
/* Complaint about a place in the current row: `at` points into the file's text (a cell or a piece
 * of one). Returns RT_EINPUT. */
rt_code rt_tsv_fail(const rt_tsv *t, rt_str at, rt_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
