/* Text as JSON writes it. */
#ifndef RT_OUTPUT_JSON_TEXT_H
#define RT_OUTPUT_JSON_TEXT_H

#include "base/buf.h"
#include "base/str.h"

/* The inside of a JSON string; s is UTF-8. */
void rt_json_text(rt_buf *out, rt_str s);

/* The same, put down where RT_JSON_TEXT(s) bytes are free (base/put.h). */
#define RT_JSON_TEXT(s) (6 * (s).len)
char *rt_json_put(char *p, rt_str s);

#endif
