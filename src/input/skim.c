#include "input/skim.h"

#include <string.h>

#include "base/eight.h"
#include "base/utf8.h"

enum {
    MAX_DEPTH = 32,  /* of values that are passed over */
    MAX_DIGITS = 18, /* of an integer that certainly fits 64 bits */
};

static void skip_blanks(rt_skim *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
        s->at++;
}

static bool take(rt_skim *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool take_word(rt_skim *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0)
        return false;
    s->at += n;
    return true;
}

/* ---- strings */

/* The first quote, backslash or control character from p on. */
static const char *next_stop(const char *p, const char *end)
{
    for (; end - p >= 8; p += 8) {
        uint64_t w = rt_eight(p);
        uint64_t stops = rt_some_quote(w) | rt_some_is(w, '\\');
        if (stops != 0)
            return p + rt_eight_first(stops);
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}

static unsigned hex_digit(char c)
{
    return rt_is_digit(c)           ? (unsigned)(c - '0')
           : (c >= 'a' && c <= 'f') ? (unsigned)(c - 'a' + 10)
           : (c >= 'A' && c <= 'F') ? (unsigned)(c - 'A' + 10)
                                    : 16;
}

/* The UTF-16 unit behind \u at in[*i]. */
static bool unit_at(rt_str in, size_t *i, uint32_t *unit)
{
    if (*i + 6 > in.len || in.ptr[*i] != '\\' || in.ptr[*i + 1] != 'u')
        return false;
    *unit = 0;
    for (size_t k = *i + 2; k < *i + 6; k++) {
        unsigned digit = hex_digit(in.ptr[k]);
        if (digit == 16)
            return false;
        *unit = *unit * 16 + digit;
    }
    *i += 6;
    return true;
}

static bool code_point_at(rt_str in, size_t *i, uint32_t *cp)
{
    uint32_t low;
    if (!unit_at(in, i, cp))
        return false;
    if (*cp < 0xd800 || *cp >= 0xe000)
        return true;
    if (*cp >= 0xdc00 || !unit_at(in, i, &low) || low < 0xdc00 || low >= 0xe000)
        return false;
    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

/* One escape at in[*i] into to[*n]; it never grows. */
static bool unescape(rt_str in, size_t *i, char *to, size_t *n)
{
    static const char from[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    uint32_t cp;
    if (*i + 1 >= in.len)
        return false;
    const char *known = in.ptr[*i + 1] != '\0' ? strchr(from, in.ptr[*i + 1]) : NULL;
    if (known != NULL) {
        to[(*n)++] = plain[known - from];
        *i += 2;
        return true;
    }
    if (!code_point_at(in, i, &cp))
        return false;
    *n += rt_utf8_put(to + *n, cp);
    return true;
}

static bool unescape_all(rt_arena *a, rt_str in, rt_str *out)
{
    char *to = rt_arena_raw(a, in.len, 1, 1);
    size_t n = 0;
    *out = RT_STR("");
    if (to == NULL)
        return true; /* the arena is full: the record will be read again */
    for (size_t i = 0; i < in.len;) {
        const char *stop = memchr(in.ptr + i, '\\', in.len - i);
        size_t plain = stop != NULL ? (size_t)(stop - in.ptr) - i : in.len - i;
        memcpy(to + n, in.ptr + i, plain);
        n += plain;
        i += plain;
        if (i < in.len && !unescape(in, &i, to, &n))
            return false;
    }
    *out = (rt_str){to, n};
    return true;
}

/* The rest of a string that begins at beg and has a backslash at p. */
static bool read_escaped(rt_skim *s, const char *beg, const char *p, rt_str *out)
{
    while (p < s->end && *p == '\\')
        p = s->end - p > 2 ? next_stop(p + 2, s->end) : s->end;
    if (p >= s->end || *p != '"')
        return false;
    s->at = p + 1;
    return unescape_all(s->arena, (rt_str){beg, (size_t)(p - beg)}, out);
}

/* Up to behind the closing quote; *escaped: a backslash stood in it. false: no string. */
static inline bool read_string(rt_skim *s, rt_str *out, bool *escaped)
{
    if (s->at == s->end || *s->at != '"')
        return false;
    const char *beg = s->at + 1, *p = next_stop(beg, s->end);
    *escaped = p == s->end || *p != '"';
    if (*escaped)
        return read_escaped(s, beg, p, out);
    *out = (rt_str){beg, (size_t)(p - beg)};
    s->at = p + 1;
    return true;
}

/* ---- other values */

static size_t pass_digits(rt_skim *s)
{
    const char *beg = s->at;
    while (s->at < s->end && rt_is_digit(*s->at))
        s->at++;
    return (size_t)(s->at - beg);
}

/* Exponents and very long numbers may be out of range: not for us. */
static bool read_number(rt_skim *s, rt_member *m)
{
    bool negative = take(s, '-');
    const char *beg = s->at;
    size_t digits = pass_digits(s);
    if (digits == 0 || digits > MAX_DIGITS || (*beg == '0' && digits > 1))
        return false;
    bool fraction = take(s, '.');
    if (fraction && pass_digits(s) == 0)
        return false;
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E'))
        return false;
    bool plain = !negative && !fraction;
    m->kind = plain ? RT_SKIM_INTEGER : RT_SKIM_OTHER;
    m->text = plain ? (rt_str){beg, digits} : RT_STR("");
    return true;
}

static bool pass_value(rt_skim *s, int depth);

/* A name with U+0000 in it, which only an escape can be, is not for us. */
static bool pass_name(rt_skim *s, rt_str *name)
{
    bool escaped;
    skip_blanks(s);
    if (!read_string(s, name, &escaped) ||
        (escaped && name->len > 0 && memchr(name->ptr, '\0', name->len) != NULL))
        return false;
    skip_blanks(s);
    return take(s, ':');
}

/* What stands between brackets, behind the opening one. */
static bool pass_list(rt_skim *s, bool names, char close, int depth)
{
    rt_str name;
    skip_blanks(s);
    if (take(s, close))
        return true;
    do {
        if ((names && !pass_name(s, &name)) || !pass_value(s, depth))
            return false;
        skip_blanks(s);
    } while (take(s, ','));
    return take(s, close);
}

static bool pass_value(rt_skim *s, int depth)
{
    rt_member m;
    bool escaped;
    skip_blanks(s);
    if (s->at == s->end || depth == MAX_DEPTH)
        return false;
    switch (*s->at) {
    case '"':
        return read_string(s, &m.text, &escaped);
    case '{':
        s->at++;
        return pass_list(s, true, '}', depth + 1);
    case '[':
        s->at++;
        return pass_list(s, false, ']', depth + 1);
    case 't':
        return take_word(s, "true");
    case 'f':
        return take_word(s, "false");
    case 'n':
        return take_word(s, "null");
    default:
        return read_number(s, &m);
    }
}

static bool read_value(rt_skim *s, rt_member *m)
{
    skip_blanks(s);
    m->text = RT_STR("");
    m->kind = RT_SKIM_OTHER;
    char c = s->at < s->end ? *s->at : '\0';
    if (c == '"') {
        bool escaped;
        m->kind = RT_SKIM_STRING;
        return read_string(s, &m->text, &escaped);
    }
    if (rt_is_digit(c))
        return read_number(s, m);
    if (c == 'n')
        m->kind = RT_SKIM_NULL;
    return pass_value(s, 0);
}

/* ---- the object */

rt_skim rt_skim_open(rt_arena *a, rt_str line)
{
    rt_skim s = {.arena = a, .at = line.ptr, .end = line.ptr + line.len, .state = RT_SKIM_FIRST};
    skip_blanks(&s);
    if (!take(&s, '{'))
        s.state = RT_SKIM_UNSURE;
    return s;
}

static bool finish(rt_skim *s, bool well)
{
    skip_blanks(s);
    s->state = well && s->at == s->end ? RT_SKIM_DONE : RT_SKIM_UNSURE;
    return false;
}

bool rt_skim_next(rt_skim *s, rt_member *out)
{
    if (s->state >= RT_SKIM_DONE)
        return false;
    skip_blanks(s);
    if (take(s, '}'))
        return finish(s, true);
    if (s->state == RT_SKIM_MORE && !take(s, ','))
        return finish(s, false);
    s->state = RT_SKIM_MORE;
    return (pass_name(s, &out->name) && read_value(s, out)) || finish(s, false);
}
