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

static bool is_plain(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 0x20 && u != '"' && u != '\\' && u != 0x7f;
}

#define EACH(byte) (0x0101010101010101ULL * (byte))

static inline uint64_t zeros(uint64_t w) /* not 0 if some byte is 0 */
{
    return (w - EACH(1)) & ~w & EACH(0x80);
}

/* Are eight bytes plain? Each kind of byte that is none is looked for in all of them at once. */
static inline bool all_plain(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    uint64_t control = (w - EACH(0x20)) & ~w & EACH(0x80);
    return (control | zeros(w ^ EACH('"')) | zeros(w ^ EACH('\\')) | zeros(w ^ EACH(0x7f))) == 0;
}

static size_t plain_length(rt_str s)
{
    size_t i = 0;
    while (i + 8 <= s.len && all_plain(s.ptr + i))
        i += 8;
    while (i < s.len && is_plain(s.ptr[i]))
        i++;
    return i;
}

void rt_json_text(rt_buf *out, rt_str s)
{
    for (;;) {
        size_t n = plain_length(s);
        rt_buf_add(out, rt_str_slice(s, 0, n));
        if (n == s.len)
            return;
        char letter = escape_letter(s.ptr[n]);
        rt_buf_addc(out, '\\');
        if (letter != 0)
            rt_buf_addc(out, letter);
        else
            rt_buf_addf(out, "u%04x", (unsigned)(unsigned char)s.ptr[n]);
        s = rt_str_slice(s, n + 1, s.len);
    }
}
