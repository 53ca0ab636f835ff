/* Rows for people and programs: aligned text, JSON lines, CSV. All append to a buffer. */
#ifndef RT_INDEX_RENDER_H
#define RT_INDEX_RENDER_H

#include "base/buf.h"

void rt_render_json(rt_buf *b, rt_str s);            /* a JSON string, quoted; empty is null */
void rt_render_csv(rt_buf *b, rt_str s);             /* a cell, quoted where it must be */
void rt_render_pad(rt_buf *b, rt_str s, unsigned n); /* at least n display columns and one blank */
unsigned rt_render_width(uint32_t cp);               /* display columns of a character */
rt_code rt_render_flush(rt_buf *b, rt_sink to, rt_err *err); /* to the sink; the buffer is empty */

#endif
