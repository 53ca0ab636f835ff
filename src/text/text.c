#include "text/text.h"

#include <assert.h>

#include "base/utf8.h"

/* The last step that begins at or before a folded byte. at[0].fold is 0, so there is one. */
static const rt_step *step_of(const rt_text *t, uint32_t fold)
{
    uint32_t lo = 0, hi = t->steps.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->steps.at[mid].fold <= fold)
            lo = mid;
        else
            hi = mid;
    }
    return &t->steps.at[lo];
}

/* Start of the document character that a byte belongs to. */
static uint32_t char_of(const rt_text *t, uint32_t doc)
{
    while (doc > 0 && rt_utf8_cont(t->doc.ptr[doc]))
        doc--;
    return doc;
}

/* End of it. */
static uint32_t behind(const rt_text *t, uint32_t doc)
{
    do
        doc++;
    while (doc < t->doc.len && rt_utf8_cont(t->doc.ptr[doc]));
    return doc;
}

rt_span rt_text_origin(const rt_text *t, rt_fspan at)
{
    assert(at.beg <= at.end && at.end <= t->folded.len);
    if (at.beg == t->folded.len)
        return (rt_span){(uint32_t)t->doc.len, (uint32_t)t->doc.len};
    const rt_step *s = step_of(t, at.beg);
    uint32_t beg = char_of(t, s->doc + (at.beg - s->fold));
    if (at.end == at.beg)
        return (rt_span){beg, beg};
    if (s + 1 < t->steps.at + t->steps.len && s[1].fold < at.end)
        s = step_of(t, at.end - 1);
    return (rt_span){beg, behind(t, s->doc + (at.end - 1 - s->fold))};
}

uint32_t rt_text_folded(const rt_text *t, uint32_t doc)
{
    if (t->steps.len == 0)
        return 0;
    uint32_t lo = 0, hi = t->steps.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->steps.at[mid].doc <= doc)
            lo = mid;
        else
            hi = mid;
    }
    uint32_t limit = hi < t->steps.len ? t->steps.at[hi].fold : (uint32_t)t->folded.len;
    while (lo > 0 && t->steps.at[lo - 1].doc == doc)
        lo--; /* a character that became several has a step for each byte */
    uint32_t fold = t->steps.at[lo].fold + (doc - t->steps.at[lo].doc);
    return fold < limit ? fold : limit; /* dropped characters: where the next one stands */
}

void rt_text_line_col(rt_str text, size_t at, uint32_t *line, uint32_t *col)
{
    size_t beg = 0;
    *line = 1;
    for (size_t i = 0; i < at; i++)
        if (text.ptr[i] == '\n') {
            ++*line;
            beg = i + 1;
        }
    *col = 1 + rt_utf8_columns(rt_str_slice(text, beg, at));
}
