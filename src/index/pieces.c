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

/* Numbers that are too large for a character: an entry of the type STEP goes that far first, and
 * one of the type MORE makes the piece before it longer. */
enum { STEP = 90, MORE = 91 };

static void put(rt_buf *b, uint32_t type, uint32_t gap, uint32_t len)
{
    rt_chars_put(b, type);
    rt_chars_put(b, gap);
    rt_chars_put(b, len);
}

void rt_pieces_put(rt_buf *sections, uint32_t last, uint32_t type, uint32_t beg, uint32_t end)
{
    uint32_t gap = beg - last, len = end - beg;
    for (; gap > RT_CHARS_MAX; gap -= RT_CHARS_MAX)
        put(sections, STEP, RT_CHARS_MAX, 0);
    put(sections, type, gap, len);
    for (; len > RT_CHARS_MAX; len -= RT_CHARS_MAX)
        put(sections, MORE, 0, len - RT_CHARS_MAX);
}

bool rt_pieces_next(rt_pieces *p, uint32_t *type, rt_span *bytes)
{
    size_t point = p->point;
    do {
        if (p->at >= p->sections.len)
            return false;
        *type = rt_chars_next(p->sections, &p->at);
        point += rt_chars_next(p->sections, &p->at);
        p->point = point + rt_chars_next(p->sections, &p->at);
    } while (*type == STEP);
    for (size_t at = p->at; at < p->sections.len; p->at = at) {
        if (rt_chars_next(p->sections, &at) != MORE)
            break;
        rt_chars_next(p->sections, &at);
        p->point += rt_chars_next(p->sections, &at);
    }
    bytes->beg = rt_bytes_at_point(&p->text, point);
    bytes->end = rt_bytes_at_point(&p->text, p->point);
    return true;
}
