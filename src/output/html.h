/* A report for people: the narrative with every finding marked and explained, and what became of
 * it. */
#ifndef RT_OUTPUT_HTML_H
#define RT_OUTPUT_HTML_H

#include "base/buf.h"
#include "knowledge/knowledge.h"

/* One self-contained page (no script, nothing loaded), appended to out. */
rt_code rt_write_html(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

/* The same on a terminal, coloured with ANSI escape sequences (terminal.c). */
rt_code rt_write_terminal(const rt_doc *d, const rt_knowledge *k, rt_buf *out, rt_err *err);

#endif
