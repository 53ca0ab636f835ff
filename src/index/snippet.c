/* A snippet: one line of the report around what was found. See marks.h. */
#include "index/marks.h"

#include "base/utf8.h"
#include "index/render.h"

/* Display columns. */
enum { BEFORE = 40, WHOLE = 120 };

static bool ends_sentence(uint32_t cp)
{
    return cp == '\n' || cp == 0x3002;
}

/* Back from `at` by at most BEFORE columns, to the begin of the sentence or of a word. */
static size_t window_begin(rt_str text, size_t at)
{
    size_t pos = at, word = at;
    unsigned width = 0;
    while (pos > 0 && width < BEFORE) {
        size_t before = pos;
        uint32_t cp = rt_utf8_prev(text, &before);
        if (ends_sentence(cp) || (cp == ' ' && before > 0 && text.ptr[before - 1] == '.'))
            return pos;
        if (cp == ' ' || rt_render_width(cp) == 2)
            word = pos;
        width += rt_render_width(cp);
        pos = before;
    }
    return pos == 0 ? 0 : word;
}

static size_t window_end(rt_str text, size_t from)
{
    size_t pos = from, word = from;
    unsigned width = 0;
    while (pos < text.len && width < WHOLE) {
        size_t next = pos;
        uint32_t cp = rt_utf8_next(text, &next);
        if (cp == ' ' || cp == '\n' || rt_render_width(cp) == 2)
            word = pos;
        width += rt_render_width(cp);
        pos = next;
    }
    return pos == text.len || word == from ? pos : word;
}

rt_span rt_snippet_window(rt_str text, const rt_mark_list *marks, size_t from)
{
    size_t beg = marks->len > 0 ? window_begin(text, marks->at[0].at.beg) : from;
    while (beg < text.len && rt_is_blank(text.ptr[beg]))
        beg++;
    return (rt_span){(uint32_t)beg, (uint32_t)window_end(text, beg)};
}

static void write_plain(rt_buf *b, rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool blank = rt_is_blank(s.ptr[i]);
        if (!blank)
            rt_buf_addc(b, s.ptr[i]);
        else if (b->len > 0 && b->ptr[b->len - 1] != ' ')
            rt_buf_addc(b, ' ');
    }
}

void rt_snippet_write(rt_buf *b, rt_str text, rt_span window, const rt_mark_list *marks,
                      const char *const around[2])
{
    size_t done = window.beg;
    rt_buf_addz(b, window.beg > 0 ? "\xE2\x80\xA6" : "");
    for (size_t i = 0; i < marks->len; i++) {
        rt_span at = marks->at[i].at;
        if (at.beg < done)
            at.beg = (uint32_t)done; /* overlaps the one before */
        if (at.end > window.end)
            at.end = window.end;
        if (at.beg >= at.end)
            continue;
        write_plain(b, rt_str_slice(text, done, at.beg));
        rt_buf_addz(b, around[0]);
        write_plain(b, rt_str_slice(text, at.beg, at.end));
        rt_buf_addz(b, around[1]);
        done = at.end;
    }
    if (done < window.end)
        write_plain(b, rt_str_slice(text, done, window.end));
    rt_buf_addz(b, window.end < text.len ? "\xE2\x80\xA6" : "");
}
