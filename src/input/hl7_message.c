#include "input/hl7_message.h"

#include "base/utf8.h"
#include "text/decode.h"

enum {
    MAX_SKIP = 3, /* lines or blanks of one \.sp\ or \.sk\: the result never outgrows its bound */
    NAME = 3,     /* letters of a segment's name */
};

/* ---- segments and fields */

static bool is_separator(char c)
{
    return !rt_is_word(c) && !rt_is_blank(c) && (unsigned char)c > 0x20 && (unsigned char)c < 0x7f;
}

bool rt_hl7_open(rt_hl7 *m, rt_str message, uint32_t line)
{
    if (!rt_str_starts(message, RT_STR("MSH")) || message.len < NAME + 2 ||
        !is_separator(message.ptr[NAME]))
        return false;
    *m = (rt_hl7){.rest = message, .field = message.ptr[NAME], .line = line};
    rt_str marks = rt_str_slice(message, NAME + 1, message.len);
    char *const to[] = {&m->component, &m->repetition, &m->escape, &m->sub};
    for (size_t i = 0; i < 4 && i < marks.len; i++) {
        if (!is_separator(marks.ptr[i]) || marks.ptr[i] == m->field)
            break;
        *to[i] = marks.ptr[i];
    }
    return m->component != '\0';
}

static bool begins_segment(rt_str s, char field)
{
    if (s.len < NAME || s.ptr[0] < 'A' || s.ptr[0] > 'Z')
        return false;
    for (size_t i = 1; i < NAME; i++)
        if (!rt_is_digit(s.ptr[i]) && (s.ptr[i] < 'A' || s.ptr[i] > 'Z'))
            return false;
    return s.len == NAME || s.ptr[NAME] == field || s.ptr[NAME] == '\n';
}

static size_t segment_end(rt_str s, char field)
{
    size_t at = 0;
    while (at < s.len) {
        const char *end = memchr(s.ptr + at, '\n', s.len - at);
        if (end == NULL)
            return s.len;
        at = (size_t)(end - s.ptr);
        if (begins_segment(rt_str_slice(s, at + 1, s.len), field))
            return at;
        at++;
    }
    return s.len;
}

bool rt_hl7_next(rt_hl7 *m, rt_hl7_segment *out)
{
    if (m->rest.len == 0)
        return false;
    size_t end = segment_end(m->rest, m->field);
    *out = (rt_hl7_segment){rt_str_slice(m->rest, 0, end), m->line};
    for (size_t i = 0; i < end; i++)
        m->line += m->rest.ptr[i] == '\n';
    m->line += end < m->rest.len;
    m->rest = rt_str_slice(m->rest, end < m->rest.len ? end + 1 : end, m->rest.len);
    return true;
}

bool rt_hl7_is(const rt_hl7_segment *s, const char *name)
{
    return s->bytes.len >= NAME && memcmp(s->bytes.ptr, name, NAME) == 0;
}

rt_str rt_hl7_part(rt_str s, char separator, unsigned n)
{
    rt_cut cut = {{"", 0}, s, true};
    for (unsigned i = 0; i < n; i++) {
        if (!cut.found)
            return (rt_str){"", 0};
        cut = separator != '\0' ? rt_str_cut(cut.tail, separator)
                                : (rt_cut){cut.tail, {"", 0}, false};
    }
    return cut.head;
}

rt_str rt_hl7_field(const rt_hl7 *m, const rt_hl7_segment *s, unsigned n)
{
    /* the first separator of MSH is a field itself */
    return rt_hl7_part(s->bytes, m->field, rt_hl7_is(s, "MSH") ? n : n + 1);
}

rt_str rt_hl7_get(const rt_hl7 *m, const rt_hl7_segment *s, unsigned n, unsigned c)
{
    rt_str first = rt_hl7_part(rt_hl7_field(m, s, n), m->repetition, 1);
    return rt_str_trim(rt_hl7_part(first, m->component, c));
}

/* ---- escapes */

typedef struct plain {
    rt_arena *a;
    const rt_hl7 *m;
    char *to;
    size_t len;
} plain;

static void put(plain *p, rt_str s)
{
    if (s.len > 0)
        memcpy(p->to + p->len, s.ptr, s.len);
    p->len += s.len;
}

static void put_times(plain *p, char c, rt_str number)
{
    double n = 1;
    number = rt_str_trim(number);
    if (number.len > 0 && number.ptr[0] == '+')
        number = rt_str_slice(number, 1, number.len);
    if (!rt_str_number(number, &n) || n < 1)
        n = 1;
    for (int i = 0; i < MAX_SKIP && i < n; i++)
        put(p, (rt_str){&c, 1});
}

/* \.br\ and its kin. false: unknown. */
static bool put_format(plain *p, rt_str command)
{
    rt_str name = rt_str_slice(command, 0, command.len < 3 ? command.len : 3);
    rt_str number = rt_str_slice(command, name.len, command.len);
    if (rt_str_eq_nocase(name, RT_STR(".br")) || rt_str_eq_nocase(name, RT_STR(".ce")))
        put(p, RT_STR("\n"));
    else if (rt_str_eq_nocase(name, RT_STR(".sp")))
        put_times(p, '\n', number);
    else if (rt_str_eq_nocase(name, RT_STR(".sk")))
        put_times(p, ' ', number);
    else
        return rt_str_eq_nocase(name, RT_STR(".in")) || rt_str_eq_nocase(name, RT_STR(".ti")) ||
               rt_str_eq_nocase(name, RT_STR(".fi")) || rt_str_eq_nocase(name, RT_STR(".nf"));
    return true;
}

static int hex_digit(char c)
{
    return rt_is_digit(c)           ? c - '0'
           : (c >= 'a' && c <= 'f') ? c - 'a' + 10
           : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                    : -1;
}

/* \X0D0A\ or \MC2BA\: bytes, in the charset of the message. */
static bool put_bytes(plain *p, rt_str hex)
{
    if (hex.len == 0 || hex.len % 2 != 0)
        return false;
    char *bytes = RT_NEW(p->a, char, hex.len / 2);
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = hex_digit(hex.ptr[i]), low = hex_digit(hex.ptr[i + 1]);
        if (high < 0 || low < 0)
            return false;
        if (bytes != NULL)
            bytes[i / 2] = (char)(high * 16 + low);
    }
    rt_decoded d;
    rt_str raw = {bytes, hex.len / 2};
    if (bytes == NULL || rt_decode(p->a, raw, p->m->charset, &d, NULL) != RT_OK)
        return true; /* the arena is full: the record is parsed again */
    put(p, d.text);
    return true;
}

/* One escape, without its escape characters. false: not one, it stands for itself. */
static bool put_escape(plain *p, rt_str e)
{
    if (e.len == 0)
        return false;
    rt_str rest = rt_str_slice(e, 1, e.len);
    switch (e.ptr[0]) {
    case 'X':
    case 'C':
    case 'M':
        return put_bytes(p, rest);
    case '.':
        return put_format(p, e);
    default:
        break;
    }
    if (rest.len > 0)
        return false;
    switch (e.ptr[0]) {
    case 'F':
        put(p, (rt_str){&p->m->field, 1});
        return true;
    case 'S':
        put(p, (rt_str){&p->m->component, 1});
        return true;
    case 'T':
        put(p, (rt_str){&p->m->sub, 1});
        return true;
    case 'R':
        put(p, (rt_str){&p->m->repetition, 1});
        return true;
    case 'E':
        put(p, (rt_str){&p->m->escape, 1});
        return true;
    case 'H': /* highlighting begins, ends */
    case 'N':
        return true;
    default:
        return false;
    }
}

rt_str rt_hl7_plain(rt_arena *a, const rt_hl7 *m, rt_str value)
{
    char mark = m->escape;
    if (mark == '\0' || value.len == 0 || memchr(value.ptr, mark, value.len) == NULL)
        return value;
    plain p = {a, m, RT_NEW(a, char, 2 * value.len + 8), 0};
    if (p.to == NULL)
        return (rt_str){"", 0};
    for (size_t at = 0; at < value.len;) {
        const char *beg = memchr(value.ptr + at, mark, value.len - at);
        size_t from = beg != NULL ? (size_t)(beg - value.ptr) : value.len;
        put(&p, rt_str_slice(value, at, from));
        at = from;
        if (beg == NULL)
            break;
        rt_cut escape = rt_str_cut(rt_str_slice(value, from + 1, value.len), mark);
        bool known = escape.found && put_escape(&p, escape.head);
        if (!known)
            put(&p, (rt_str){&mark, 1});
        at += known ? escape.head.len + 2 : 1;
    }
    return (rt_str){p.to, p.len};
}
