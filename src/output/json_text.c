#include "output/json_text.h"

#include "base/eight.h"
#include "base/put.h"

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

/* Are eight bytes plain? Each kind of byte that is none is looked for in all of them at once. */
static inline bool all_plain(uint64_t w)
{
    return (rt_some_quote(w) | rt_some_is(w, '\\') | rt_some_is(w, 0x7f)) == 0;
}

static size_t plain_length(rt_str s)
{
    size_t i = 0;
    while (i + 8 <= s.len && all_plain(rt_eight(s.ptr + i)))
        i += 8;
    while (i < s.len && is_plain(s.ptr[i]))
        i++;
    return i;
}

/* A backslash and what stands behind it. */
static char *put_escape(char *p, char c)
{
    static const char hex[] = "0123456789abcdef";
    unsigned u = (unsigned char)c;
    char letter = escape_letter(c);
    *p++ = '\\';
    if (letter != 0) {
        *p++ = letter;
        return p;
    }
    p = rt_put(p, RT_STR("u00"));
    *p++ = hex[u >> 4];
    *p++ = hex[u & 15];
    return p;
}

void rt_json_text(rt_buf *out, rt_str s)
{
    for (;;) {
        char escape[6];
        size_t n = plain_length(s);
        rt_buf_add(out, rt_str_slice(s, 0, n));
        if (n == s.len)
            return;
        rt_buf_add(out, (rt_str){escape, (size_t)(put_escape(escape, s.ptr[n]) - escape)});
        s = rt_str_slice(s, n + 1, s.len);
    }
}

static char *put_slowly(char *p, rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_plain(s.ptr[i]))
            *p++ = s.ptr[i];
        else
            p = put_escape(p, s.ptr[i]);
    return p;
}

/* Less than eight bytes: two fours that overlap, if they are plain. */
static char *put_few(char *p, rt_str s)
{
    uint32_t first, last;
    if (s.len < sizeof first)
        return put_slowly(p, s);
    memcpy(&first, s.ptr, sizeof first);
    memcpy(&last, s.ptr + s.len - sizeof last, sizeof last);
    if (!all_plain(first | (uint64_t)last << 32))
        return put_slowly(p, s);
    memcpy(p, &first, sizeof first);
    memcpy(p + s.len - sizeof last, &last, sizeof last);
    return p + s.len;
}

/* Eight bytes at a time while they are plain, the last eight once more where they are cut. */
char *rt_json_put(char *p, rt_str s)
{
    if (s.len < 8)
        return put_few(p, s);
    for (size_t i = 0;; i += 8) {
        i = i + 8 <= s.len ? i : s.len - 8;
        if (!all_plain(rt_eight(s.ptr + i)))
            return put_slowly(p + i, rt_str_slice(s, i, s.len));
        memcpy(p + i, s.ptr + i, 8);
        if (i + 8 == s.len)
            return p + s.len;
    }
}
