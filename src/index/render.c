/* Rows for people and programs. See render.h. */
#include "index/render.h"

#include "base/utf8.h"

void rt_render_json(rt_buf *b, rt_str s)
{
    static const char hex[] = "0123456789abcdef";
    if (s.len == 0) {
        rt_buf_addz(b, "null");
        return;
    }
    rt_buf_addc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            rt_buf_addc(b, '\\');
        if (c >= 0x20)
            rt_buf_addc(b, (char)c);
        else if (c == '\n')
            rt_buf_addz(b, "\\n");
        else
            rt_buf_add(b, (rt_str){(char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6});
    }
    rt_buf_addc(b, '"');
}

void rt_render_csv(rt_buf *b, rt_str s)
{
    bool plain = true;
    for (size_t i = 0; i < s.len; i++)
        plain = plain && strchr(",\"\r\n", s.ptr[i]) == NULL;
    if (plain) {
        rt_buf_add(b, s);
        return;
    }
    rt_buf_addc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            rt_buf_addc(b, '"');
        rt_buf_addc(b, s.ptr[i]);
    }
    rt_buf_addc(b, '"');
}

unsigned rt_render_width(uint32_t cp)
{
    bool wide = (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) ||
                (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
                (cp >= 0xFE30 && cp <= 0xFE6F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
                (cp >= 0xFFE0 && cp <= 0xFFE6) || (cp >= 0x20000 && cp <= 0x3FFFD);
    return wide ? 2 : 1;
}

void rt_render_pad(rt_buf *b, rt_str s, unsigned n)
{
    unsigned width = 0;
    for (size_t i = 0; i < s.len;)
        width += rt_render_width(rt_utf8_next(s, &i));
    rt_buf_add(b, s);
    for (; width < n; width++)
        rt_buf_addc(b, ' ');
    rt_buf_addc(b, ' ');
}

rt_code rt_render_flush(rt_buf *b, rt_sink to, rt_err *err)
{
    rt_code code = rt_buf_check(b, err);
    if (code == RT_OK && b->len > 0)
        code = to.write(to.user, b->ptr, b->len, err);
    rt_buf_clear(b);
    return code;
}
