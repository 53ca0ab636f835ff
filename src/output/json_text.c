#include "output/json_text.h"

/* The letter behind the backslash; 0: \u00XX. */
static char escape_letter(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\n':
        return 'n';
    case '\t':
        return 't';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

void rt_json_text(rt_buf *out, rt_str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        rt_buf_add(out, rt_str_slice(s, from, i));
        rt_buf_addc(out, '\\');
        char letter = escape_letter(s.ptr[i]);
        if (letter != 0)
            rt_buf_addc(out, letter);
        else
            rt_buf_addf(out, "u%04x", c);
        from = i + 1;
    }
    rt_buf_add(out, rt_str_slice(s, from, s.len));
}
