/* The one error record: filled once by whoever finds the trouble, printed once by a front. */
#ifndef RT_BASE_ERR_H
#define RT_BASE_ERR_H

#include "base/str.h"

#include <stdio.h>

/* Fill *err unless it already holds an error (the first error wins); returns code. err may be NULL.
 */
rt_code rt_fail(rt_err *err, rt_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for trouble at byte `at` of `text`, which came from the file or stream `where`:
 * computes line and column (display columns from 1; a Han character is two) and keeps the line. */
rt_code rt_fail_at(rt_err *err, rt_code code, const char *where, rt_str text, size_t at,
                   const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* "where:line:col: message", below it the offending line and a caret when they are known. */
void rt_err_print(const rt_err *err, FILE *to);

#endif
