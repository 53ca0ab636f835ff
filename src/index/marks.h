/* Where in a document the hits of a query are, in exact places, and a snippet around them. */
#ifndef RT_INDEX_MARKS_H
#define RT_INDEX_MARKS_H

#include "index/eval.h"
#include "index/index.h"

typedef struct rt_mark {
    rt_span at;       /* bytes of the document text */
    rt_span points;   /* the same in code points */
    char concept[24]; /* id, when a finding was asked for; empty: words */
    char letter;      /* of its state */
} rt_mark;

typedef struct rt_mark_list { /* heap */
    rt_mark *at;
    size_t len, cap;
} rt_mark_list;

typedef struct rt_marker rt_marker; /* of one query */

rt_code rt_marker_open(rt_index *x, rt_arena *a, const rt_query_node *root, rt_marker **out,
                       rt_err *err);
/* The hits in a document, as the index stores it, sorted; they live until the next call. */
rt_code rt_marker_run(rt_marker *m, rt_str text, rt_str sections, rt_str findings,
                      const rt_mark_list **out, rt_err *err);
void rt_marker_close(rt_marker *m);

/* ---- snippet.c */

/* The part of the text that shows best what was found: from shortly before the first mark on. */
rt_span rt_snippet_window(rt_str text, const rt_mark_list *marks, size_t from);
/* It in one line, marks between open and close, with "…" where the text goes on. */
void rt_snippet_write(rt_buf *b, rt_str text, rt_span window, const rt_mark_list *marks,
                      const char *const around[2]);

#endif
