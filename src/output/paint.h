/* The narrative cut into runs, each marked by one finding or by none. Findings overlap (a normal
 * statement implies several, a cue belongs to a list of them), so they are painted over each other
 * on a canvas of one cell a byte: what normal statements imply first, then cues, then heads. */
#ifndef RT_OUTPUT_PAINT_H
#define RT_OUTPUT_PAINT_H

#include "base/buf.h"
#include "model/doc.h"

typedef struct rt_paint {
    rt_buf canvas; /* uint32_t a byte of the text */
    size_t length;
} rt_paint;

typedef struct rt_run {
    rt_span at;
    uint32_t finding; /* RT_NIL: unmarked */
    bool cue;         /* the cue of the finding, not its head */
} rt_run;

rt_code rt_paint_init(rt_paint *p, const rt_doc *d, rt_err *err);
void rt_paint_done(rt_paint *p);
bool rt_paint_next(const rt_paint *p, uint32_t *pos, rt_run *run); /* *pos = 0 to begin */

/* The sizes of a finding in words, nothing if it has none: "12 x 8 mm; was 5 mm". */
void rt_paint_sizes(rt_buf *out, const rt_doc *d, const rt_finding *f);

#endif
