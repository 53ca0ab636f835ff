/* See markup.h. Names and values are put down in place, eight bytes at a time; long text is copied
 * in runs between the few bytes that must be escaped. */
#include "output/markup.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/eight.h"
#include "base/put.h"
#include "base/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* ---- escapes */

enum { IN_TEXT = 1, IN_ATTRIBUTE = 2 };

static const unsigned char escaped_in[256] = {
    ['\t'] = IN_ATTRIBUTE,          ['\n'] = IN_ATTRIBUTE,          ['\r'] = IN_TEXT | IN_ATTRIBUTE,
    ['"'] = IN_TEXT | IN_ATTRIBUTE, ['&'] = IN_TEXT | IN_ATTRIBUTE, ['<'] = IN_TEXT | IN_ATTRIBUTE,
    ['>'] = IN_TEXT | IN_ATTRIBUTE,
};

static rt_str escape_of(char c)
{
    switch (c) {
    case '\t':
        return RT_STR("&#9;");
    case '\n':
        return RT_STR("&#10;");
    case '\r':
        return RT_STR("&#13;");
    case '"':
        return RT_STR("&quot;");
    case '&':
        return RT_STR("&amp;");
    case '<':
        return RT_STR("&lt;");
    default:
        return RT_STR("&gt;");
    }
}

enum {
    SHORT = 4096,     /* bytes of text that are put down in place */
    LONGEST = 6,      /* escape: &quot; */
    ROUND_ABOUT = 16, /* bytes around a name */
};

/* Not 0 if some byte may have to be escaped; its lowest bit belongs to the first of them. Two pairs
 * of them (" and &, < and >) differ in one bit. */
static inline uint64_t escapes_among(uint64_t w, unsigned where)
{
    uint64_t blank = where == IN_TEXT ? rt_some_is(w, '\r') : rt_some_below(w, ' ');
    return blank | rt_some_is(w | RT_EIGHT('"' ^ '&'), '"' | '&') |
           rt_some_is(w | RT_EIGHT('<' ^ '>'), '<' | '>');
}

static char *put_byte(char *p, char c, unsigned where)
{
    if ((escaped_in[(unsigned char)c] & where) != 0)
        return rt_put_short(p, escape_of(c));
    *p = c;
    return p + 1;
}

/* Where LONGEST bytes for each, and eight more, are free. */
static inline char *put_text(char *p, rt_str s, unsigned where)
{
    for (size_t i = 0; i < s.len;) {
        uint64_t w = rt_eight_at(s.ptr, s.len, i), odd = escapes_among(w, where);
        size_t left = s.len - i, stop = odd != 0 ? rt_eight_first(odd) : 8;
        size_t plain = left < stop ? left : stop;
        rt_eight_put(p, w);
        p += plain;
        i += plain;
        if (odd != 0 && stop < left)
            p = put_byte(p, s.ptr[i++], where);
    }
    return p;
}

static void put_long(rt_buf *out, rt_str s, unsigned where)
{
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        if ((escaped_in[(unsigned char)s.ptr[i]] & where) == 0)
            continue;
        rt_buf_add(out, rt_str_slice(s, from, i));
        rt_buf_add(out, escape_of(s.ptr[i]));
        from = i + 1;
    }
    rt_buf_add(out, rt_str_slice(s, from, s.len));
}

static void put(rt_buf *out, rt_str s, unsigned where)
{
    if (s.len > SHORT) {
        put_long(out, s, where);
        return;
    }
    char *p = rt_buf_room(out, LONGEST * s.len + 8);
    if (p != NULL)
        rt_buf_wrote(out, put_text(p, s, where));
}

/* Bytes from `at` on that make one character which XML 1.0 allows; 0: none. */
static size_t good_length(rt_str s, size_t at)
{
    bool good = false;
    unsigned char c = (unsigned char)s.ptr[at];
    if (c < 0x80)
        return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    size_t n = rt_utf8_length(s, at, &good);
    bool noncharacter =
        n == 3 && memcmp(s.ptr + at, "\xEF\xBF", 2) == 0 && (unsigned char)s.ptr[at + 2] >= 0xBE;
    return good && !noncharacter ? n : 0;
}

/* From outside: runs of good characters, U+FFFD for each byte that is none. */
static void put_outside(rt_buf *out, rt_str s, unsigned where)
{
    size_t from = 0;
    for (size_t i = 0; i < s.len;) {
        size_t n = good_length(s, i);
        if (n == 0) {
            put(out, rt_str_slice(s, from, i), where);
            rt_buf_add(out, RT_STR(REPLACEMENT));
            from = i + 1;
        }
        i += n > 0 ? n : 1;
    }
    put(out, rt_str_slice(s, from, s.len), where);
}

void rt_clean(rt_buf *out, rt_str s)
{
    put_outside(out, s, 0);
}

char *rt_put_chars(char *p, rt_str s)
{
    return put_text(p, s, IN_TEXT);
}

char *rt_put_value(char *p, rt_str s)
{
    return put_text(p, s, IN_ATTRIBUTE);
}

bool rt_chars_plain(rt_str s)
{
    for (size_t i = 0; i < s.len; i += 8)
        if (escapes_among(rt_eight_at(s.ptr, s.len, i), IN_TEXT) != 0)
            return false;
    return true;
}

/* ---- elements */

/* Two blanks a level; all of them are moved whatever the depth. */
static inline char *put_indent(char *p, unsigned depth)
{
    static const char blanks[] = "                                                                ";
    _Static_assert(sizeof blanks == 2 * RT_MARKUP_DEPTH + 1, "blanks of the deepest element");
    memcpy(p, blanks, sizeof blanks - 1);
    return p + 2 * (size_t)depth;
}

/* The start tag of the innermost element is complete. */
static void close_start(rt_markup *m)
{
    if (m->open)
        rt_buf_addc(m->out, '>');
    m->open = false;
}

void rt_tag_inside(rt_markup *m)
{
    if (m->open)
        rt_buf_add(m->out, RT_STR(">\n"));
    m->open = false;
}

void rt_tag_named(rt_markup *m, rt_str name)
{
    assert(m->depth < RT_MARKUP_DEPTH && !m->text);
    char *p = rt_buf_room(m->out, 2 * RT_MARKUP_DEPTH + ROUND_ABOUT + name.len);
    if (p != NULL) {
        p = m->open ? rt_put(p, RT_STR(">\n")) : p;
        p = put_indent(p, m->depth);
        *p++ = '<';
        rt_buf_wrote(m->out, rt_put_short(p, name));
    }
    m->name[m->depth++] = name;
    m->open = true;
}

void rt_tag_end(rt_markup *m)
{
    assert(m->depth > 0);
    rt_str name = m->name[--m->depth];
    char *p = rt_buf_room(m->out, 2 * RT_MARKUP_DEPTH + ROUND_ABOUT + name.len);
    if (p != NULL && m->open) {
        rt_buf_wrote(m->out, rt_put(p, RT_STR("/>\n")));
    } else if (p != NULL) {
        p = m->text ? p : put_indent(p, m->depth);
        p = rt_put_short(rt_put(p, RT_STR("</")), name);
        rt_buf_wrote(m->out, rt_put(p, RT_STR(">\n")));
    }
    m->open = m->text = false;
}

void rt_markup_begin(rt_markup *m, rt_buf *out, const char *root, const char *namespace)
{
    m->out = out;
    m->depth = 0;
    m->open = m->text = false;
    rt_buf_add(out, RT_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    rt_tag(m, root);
    rt_attr(m, "xmlns", namespace);
}

void rt_markup_end(rt_markup *m)
{
    while (m->depth > 0)
        rt_tag_end(m);
}

/* ---- attributes and text */

static inline char *put_attr_begin(char *p, rt_str name)
{
    *p++ = ' ';
    return rt_put(rt_put_short(p, name), RT_STR("=\""));
}

void rt_attr_begin(rt_markup *m, rt_str name)
{
    assert(m->open);
    char *p = rt_buf_room(m->out, name.len + ROUND_ABOUT);
    if (p != NULL)
        rt_buf_wrote(m->out, put_attr_begin(p, name));
}

void rt_attr_end(rt_markup *m)
{
    rt_buf_addc(m->out, '"');
}

static void long_attr(rt_markup *m, rt_str name, rt_str value)
{
    rt_attr_begin(m, name);
    put(m->out, value, IN_ATTRIBUTE);
    rt_attr_end(m);
}

void rt_attr_named(rt_markup *m, rt_str name, rt_str value)
{
    assert(m->open);
    if (value.len > SHORT) {
        long_attr(m, name, value);
        return;
    }
    char *p = rt_buf_room(m->out, name.len + LONGEST * value.len + ROUND_ABOUT);
    if (p == NULL)
        return;
    p = put_text(put_attr_begin(p, name), value, IN_ATTRIBUTE);
    *p++ = '"';
    rt_buf_wrote(m->out, p);
}

void rt_attr_outside(rt_markup *m, const char *name, rt_str value)
{
    if (value.len == 0)
        return;
    rt_attr_begin(m, rt_str_from(name));
    put_outside(m->out, value, IN_ATTRIBUTE);
    rt_buf_addc(m->out, '"');
}

void rt_attr_u_named(rt_markup *m, rt_str name, uint64_t value)
{
    assert(m->open);
    char *p = rt_buf_room(m->out, name.len + RT_PUT_U + ROUND_ABOUT);
    if (p == NULL)
        return;
    p = rt_put_u(put_attr_begin(p, name), value);
    *p++ = '"';
    rt_buf_wrote(m->out, p);
}

void rt_attr_number(rt_markup *m, const char *name, double value)
{
    rt_attr_begin(m, rt_str_from(name));
    rt_buf_number(m->out, value);
    rt_buf_addc(m->out, '"');
}

void rt_attr_printf(rt_markup *m, const char *name, const char *fmt, ...)
{
    char value[128];
    va_list args;
    va_start(args, fmt);
    vsnprintf(value, sizeof value, fmt, args);
    va_end(args);
    rt_attr(m, name, value);
}

void rt_chars(rt_markup *m, rt_str text)
{
    close_start(m);
    m->text = true;
    put(m->out, text, IN_TEXT);
}

void rt_chars_known(rt_markup *m, rt_str text)
{
    close_start(m);
    m->text = true;
    rt_buf_add(m->out, text);
}

void rt_chars_outside(rt_markup *m, rt_str text)
{
    close_start(m);
    m->text = true;
    put_outside(m->out, text, IN_TEXT);
}
