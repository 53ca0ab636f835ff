/* The document text, its folded twin, and the map between them.
 *
 *   raw bytes --decode--> DOCUMENT TEXT --fold--> FOLDED TEXT
 *   (any charset)         UTF-8, LF only,         lower case, half width, Simplified, one blank
 *                         what XML 1.0 allows     for many; matching happens here
 *
 * Spans that leave the library are rt_span (document text). Matching speaks rt_fspan (folded text).
 * Two types for two coordinate systems: only rt_text_origin() turns one into the other. */
#ifndef RT_TEXT_TEXT_H
#define RT_TEXT_TEXT_H

#include "base/vec.h"

typedef struct rt_fspan {
    uint32_t beg, end;
} rt_fspan;

/* From folded byte `fold` on, document byte = doc + (offset - fold), until the next step. A byte of
 * a character that was folded points into that character, never behind it. */
typedef struct rt_step {
    uint32_t fold, doc;
} rt_step;

typedef struct rt_text {
    rt_str doc;            /* document text */
    rt_str folded;         /* folded text */
    RT_VEC(rt_step) steps; /* ascending, at[0] = {0, 0} */
    bool ascii;            /* the document text is pure ASCII: code point = byte */
} rt_text;

/* Folded -> document, by binary search: from the character that made the first folded byte to the
 * end of the one that made the last; what was dropped or collapsed behind it is left out. */
rt_span rt_text_origin(const rt_text *t, rt_fspan at);

/* Document offset -> folded offset; of what was dropped: where the next character that stayed is.
 */
uint32_t rt_text_folded(const rt_text *t, uint32_t doc);

/* Line and display column of a byte, both from 1. */
void rt_text_line_col(rt_str text, size_t at, uint32_t *line, uint32_t *col);

static inline rt_str rt_text_slice(const rt_text *t, rt_span at)
{
    return rt_str_slice(t->doc, at.beg, at.end);
}

static inline rt_str rt_text_fslice(const rt_text *t, rt_fspan at)
{
    return rt_str_slice(t->folded, at.beg, at.end);
}

#endif
