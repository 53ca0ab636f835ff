/* Painting findings over the text. See paint.h. */
#include "output/paint.h"

#include <math.h>

#define MAX_CANVAS (256U << 20) /* a report of 8 MiB needs 32 MiB */

#define CUE                                                                                        \
    0x80000000U /* a cell is 0, or the number of the finding from 1, with CUE for its cue          \
                 */

static void fill(rt_paint *p, rt_span at, uint32_t value)
{
    for (uint32_t i = at.beg; i < at.end; i++)
        memcpy(p->canvas.ptr + i * sizeof value, &value, sizeof value);
}

static uint32_t cell(const rt_paint *p, size_t i)
{
    uint32_t value;
    memcpy(&value, p->canvas.ptr + i * sizeof value, sizeof value);
    return value;
}

static void fill_heads(rt_paint *p, const rt_doc *d, bool derived)
{
    for (uint32_t i = 0; i < d->findings.len; i++)
        if (d->findings.at[i].derived == derived)
            fill(p, d->findings.at[i].at, i + 1);
}

static void fill_cues(rt_paint *p, const rt_doc *d)
{
    for (uint32_t i = 0; i < d->findings.len; i++)
        fill(p, d->findings.at[i].cue, (i + 1) | CUE);
}

rt_code rt_paint_init(rt_paint *p, const rt_doc *d, rt_err *err)
{
    static const char zeroes[1024];
    p->length = d->text.doc.len;
    rt_buf_init(&p->canvas, MAX_CANVAS);
    for (size_t left = p->length * sizeof(uint32_t); left > 0;) {
        size_t n = left < sizeof zeroes ? left : sizeof zeroes;
        rt_buf_add(&p->canvas, (rt_str){zeroes, n});
        left -= n;
    }
    rt_code code = rt_buf_check(&p->canvas, err);
    if (code != RT_OK) {
        rt_paint_done(p);
        return code;
    }
    fill_heads(p, d, true);
    fill_cues(p, d);
    fill_heads(p, d, false);
    return RT_OK;
}

void rt_paint_done(rt_paint *p)
{
    rt_buf_free(&p->canvas);
}

bool rt_paint_next(const rt_paint *p, uint32_t *pos, rt_run *run)
{
    if (*pos >= p->length)
        return false;
    uint32_t value = cell(p, *pos), end = *pos + 1;
    while (end < p->length && cell(p, end) == value)
        end++;
    *run = (rt_run){
        .at = {*pos, end},
        .finding = value == 0 ? RT_NIL : (value & ~CUE) - 1,
        .cue = (value & CUE) != 0,
    };
    *pos = end;
    return true;
}

/* ---- sizes */

static void put_measure(rt_buf *out, const rt_measure *m)
{
    if (m->prior)
        rt_buf_addz(out, "was ");
    if (m->comparator != 0)
        rt_buf_addc(out, m->comparator);
    for (unsigned i = 0; i < m->n; i++) {
        if (i > 0)
            rt_buf_addz(out, " x ");
        rt_buf_number(out, m->value[i]);
    }
    if (!isnan(m->high)) {
        rt_buf_addc(out, '-');
        rt_buf_number(out, m->high);
    }
    rt_buf_addc(out, ' ');
    rt_buf_addz(out, m->unit != NULL ? m->unit : "");
}

void rt_paint_sizes(rt_buf *out, const rt_doc *d, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->measures.count; i++) {
        if (i > 0)
            rt_buf_addz(out, "; ");
        put_measure(out, &d->measures.at[d->finding_measures.at[f->measures.first + i]]);
    }
}
