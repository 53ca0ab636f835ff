/* Byte offsets of the document text as code points, which is what XML and JSON speak of.
 *
 *   text   |--------|--------|--------|-----        one mark every `step` bytes:
 *   mark   0        m1       m2       m3            the code points before it
 *
 * An answer is a mark plus the code points of less than one step behind it. The table has a fixed
 * size, so no memory is asked for: the step is 8 bytes for reports up to 8 KiB and grows with
 * longer ones (8 KiB at the ceiling of 8 MiB), which counting eight bytes at a time makes cheap. */
#ifndef RT_OUTPUT_CP_H
#define RT_OUTPUT_CP_H

#include "text/text.h"

enum { RT_CP_MARKS = 1024 };

typedef struct rt_cp {
    rt_str text;
    bool ascii;     /* code point = byte: no marks */
    unsigned shift; /* step = 1 << shift */
    uint32_t total; /* code points of the whole text */
    uint32_t mark[RT_CP_MARKS];
} rt_cp;

void rt_cp_init(rt_cp *cp, const rt_text *t); /* one pass over the text, which must outlive cp */
uint32_t rt_cp_behind(const rt_cp *cp, uint32_t byte); /* where there are marks */

static inline uint32_t rt_cp_of(const rt_cp *cp, uint32_t byte) /* on a code-point boundary */
{
    return cp->ascii ? byte : rt_cp_behind(cp, byte);
}

#endif
