/* Section pieces. See pieces.h. */
#include "index/pieces.h"

#include "base/utf8.h"
#include "index/chars.h"

uint32_t rt_bytes_at_point(rt_bytes_at *p, size_t point)
{
    if (point < p->point)
        p->byte = p->point = 0;
    for (; p->point < point && p->byte < p->text.len; p->point++) {
        p->byte++;
        while (p->byte < p->text.len && rt_utf8_cont(p->text.ptr[p->byte]))
            p->byte++;
    }
    return (uint32_t)p->byte;
}

rt_pieces rt_pieces_of(rt_str text, rt_str sections)
{
    rt_bytes_at whole = {.text = text};
    return (rt_pieces){.text = whole, .sections = sections};
}

bool rt_pieces_next(rt_pieces *p, uint32_t *type, rt_span *bytes)
{
    if (p->at >= p->sections.len)
        return false;
    *type = rt_chars_next(p->sections, &p->at);
    uint32_t beg = rt_chars_next2(p->sections, &p->at);
    uint32_t end = rt_chars_next2(p->sections, &p->at);
    if (end < beg)
        return false;
    bytes->beg = rt_bytes_at_point(&p->text, beg);
    bytes->end = rt_bytes_at_point(&p->text, end);
    return true;
}
