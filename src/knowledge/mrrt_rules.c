/* The rules of MRRT (IHE RAD TF-3 4.105) that can be told from the tags alone.
 *
 * The tags are read from the source: an HTML parser would mend what is to be complained of (a
 * second head, a missing body) before it could be seen. The content of <script type="text/xml"> is
 * read along, within comments, too: authors hide it from browsers so. */
#include "knowledge/mrrt.h"

#include <stdarg.h>

#include "base/utf8.h"

enum { MAX_NOTES = 50, MAX_NAME = 40 }; /* complaints a file; bytes of a tag's name */

typedef enum tag { /* ORDER TAGS */
                   TAG_HTML,
                   TAG_HEAD,
                   TAG_BODY,
                   TAG_TITLE,
                   TAG_META,
                   TAG_SCRIPT,
                   TAG_ATTRIBUTES,
                   TAG_CONTENT,
                   TAG_SCHEMES,
                   TAG_SCHEME,
                   TAG_ENTRY,
                   TAG_TERM,
                   TAG_CODE,
                   TAG_OTHER
} tag;

static const char *const tag_names[] = {
    /* ORDER TAGS */
    [TAG_HTML] = "html",
    [TAG_HEAD] = "head",
    [TAG_BODY] = "body",
    [TAG_TITLE] = "title",
    [TAG_META] = "meta",
    [TAG_SCRIPT] = "script",
    [TAG_ATTRIBUTES] = "template_attributes",
    [TAG_CONTENT] = "coded_content",
    [TAG_SCHEMES] = "coding_schemes",
    [TAG_SCHEME] = "coding_scheme",
    [TAG_ENTRY] = "entry",
    [TAG_TERM] = "term",
    [TAG_CODE] = "code",
};

typedef struct checker {
    rt_str s;
    size_t pos;
    uint32_t line;
    const char *path;
    rt_buf *notes;
    uint32_t n;
    uint32_t count[TAG_OTHER];          /* start tags seen */
    uint32_t charsets, dublin, scripts; /* meta charset; meta dcterms; script text/xml */
    uint32_t codes, term_line;          /* within the current term */
    uint32_t inner_schemes, schemes_line;
    bool in_script;
} checker;

void rt_mrrt_note(rt_buf *notes, const char *path, uint32_t line, const char *fmt, ...)
{
    char msg[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    for (char *p = msg; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    rt_buf_addf(notes, line > 0 ? "%s:%u: %s\n" : "%s:%.0u %s\n", path, (unsigned)line, msg);
}

__attribute__((format(printf, 3, 4))) static void complain(checker *c, uint32_t line,
                                                           const char *fmt, ...)
{
    char msg[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    if (c->n++ < MAX_NOTES)
        rt_mrrt_note(c->notes, c->path, line, "MRRT: %s", msg);
}

/* ---- tags */

static void skip(checker *c, size_t to)
{
    for (; c->pos < to; c->pos++)
        c->line += c->s.ptr[c->pos] == '\n';
}

static void skip_past(checker *c, rt_str end)
{
    size_t at = 0;
    bool found = rt_str_find(rt_str_slice(c->s, c->pos, c->s.len), end, &at);
    skip(c, found ? c->pos + at + end.len : c->s.len);
}

static bool is_name_char(char ch)
{
    return rt_is_word(ch) || ch == '_' || ch == '-';
}

static tag tag_of(rt_str name)
{
    unsigned t = 0;
    while (t < TAG_OTHER && !rt_str_eq_nocase(name, rt_str_from(tag_names[t])))
        t++;
    return (tag)t;
}

/* The value of an attribute in the inside of a tag; false: it is not there. */
static bool attribute(rt_str inside, rt_str name, rt_str *value)
{
    for (size_t i = 0; i + name.len < inside.len; i++) {
        bool here = (i == 0 || rt_is_blank(inside.ptr[i - 1])) &&
                    rt_str_eq_nocase(rt_str_slice(inside, i, i + name.len), name);
        rt_str rest = rt_str_slice(inside, here ? i + name.len : inside.len, inside.len);
        rest = rt_str_trim(rest);
        if (!here || rest.len == 0 || rest.ptr[0] != '=')
            continue;
        rest = rt_str_trim(rt_str_slice(rest, 1, rest.len));
        char quote = rest.len > 0 ? rest.ptr[0] : ' ';
        if (quote == '"' || quote == '\'')
            *value = rt_str_cut(rt_str_slice(rest, 1, rest.len), quote).head;
        else
            *value = rt_str_cut(rest, ' ').head;
        return true;
    }
    return false;
}

/* ---- rules of one tag */

static void check_code(checker *c, rt_str inside)
{
    static const char *const wanted[] = {"meaning", "value", "scheme"};
    rt_str value;
    c->codes++;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!attribute(inside, rt_str_from(wanted[i]), &value))
            complain(c, c->line, "code without the attribute %s", wanted[i]);
}

static void start_tag(checker *c, tag t, rt_str inside)
{
    rt_str value;
    c->count[t]++;
    switch (t) {
    case TAG_META:
        c->charsets += attribute(inside, RT_STR("charset"), &value);
        c->dublin +=
            attribute(inside, RT_STR("name"), &value) && rt_str_starts(value, RT_STR("dcterms."));
        return;
    case TAG_SCRIPT:
        c->in_script = attribute(inside, RT_STR("type"), &value) &&
                       rt_str_eq_nocase(rt_str_trim(value), RT_STR("text/xml"));
        c->scripts += c->in_script;
        if (!c->in_script)
            skip_past(c, RT_STR("</script"));
        return;
    case TAG_TERM:
        c->codes = 0;
        c->term_line = c->line;
        return;
    case TAG_CODE:
        if (c->in_script)
            check_code(c, inside);
        return;
    case TAG_SCHEMES:
        c->inner_schemes = 0;
        c->schemes_line = c->line;
        return;
    case TAG_SCHEME:
        c->inner_schemes++;
        return;
    case TAG_HTML:
    case TAG_HEAD:
    case TAG_BODY:
    case TAG_TITLE:
    case TAG_ATTRIBUTES:
    case TAG_CONTENT:
    case TAG_ENTRY:
    case TAG_OTHER:
        return;
    }
}

static void end_tag(checker *c, tag t)
{
    if (t == TAG_TERM && c->codes != 1)
        complain(c, c->term_line, "a term has %u codes, not one", (unsigned)c->codes);
    if (t == TAG_SCHEMES && c->inner_schemes == 0)
        complain(c, c->schemes_line, "coding_schemes without a coding_scheme");
    if (t == TAG_SCRIPT)
        c->in_script = false;
}

static void read_tag(checker *c)
{
    size_t at = c->pos + 1;
    bool end = at < c->s.len && c->s.ptr[at] == '/';
    size_t name = at + end;
    size_t stop = name;
    while (stop < c->s.len && stop - name < MAX_NAME && is_name_char(c->s.ptr[stop]))
        stop++;
    tag t = tag_of(rt_str_slice(c->s, name, stop));
    const char *close = stop < c->s.len ? memchr(c->s.ptr + stop, '>', c->s.len - stop) : NULL;
    size_t to = close != NULL ? (size_t)(close - c->s.ptr) : c->s.len;
    rt_str inside = rt_str_slice(c->s, stop, to);
    skip(c, to < c->s.len ? to + 1 : to);
    if (t == TAG_OTHER)
        return;
    if (!end)
        start_tag(c, t, inside);
    if (end || (inside.len > 0 && inside.ptr[inside.len - 1] == '/'))
        end_tag(c, t);
}

static void read_tags(checker *c)
{
    while (c->pos < c->s.len) {
        const char *p = memchr(c->s.ptr + c->pos, '<', c->s.len - c->pos);
        skip(c, p != NULL ? (size_t)(p - c->s.ptr) : c->s.len);
        if (p == NULL)
            return;
        rt_str rest = rt_str_slice(c->s, c->pos, c->s.len);
        if (!rt_str_starts(rest, RT_STR("<!--")))
            read_tag(c);
        else if (c->in_script)
            skip(c, c->pos + 4);
        else
            skip_past(c, RT_STR("-->"));
    }
}

/* ---- rules of the whole */

static void exactly_one(checker *c, uint32_t n, const char *what)
{
    if (n == 0)
        complain(c, 0, "no %s", what);
    if (n > 1)
        complain(c, 0, "%u of %s, not one", (unsigned)n, what);
}

uint32_t rt_mrrt_check(rt_str html, const char *path, rt_buf *notes)
{
    checker c = {.s = html, .line = 1, .path = path, .notes = notes};
    read_tags(&c);
    exactly_one(&c, c.count[TAG_HTML], "element html");
    exactly_one(&c, c.count[TAG_HEAD], "element head");
    exactly_one(&c, c.count[TAG_BODY], "element body");
    exactly_one(&c, c.count[TAG_TITLE], "element title");
    exactly_one(&c, c.charsets, "element meta with a charset");
    exactly_one(&c, c.scripts, "element script of type text/xml");
    if (c.count[TAG_SCRIPT] > c.scripts)
        complain(&c, 0, "%u of element script of another type: a template runs nothing",
                 (unsigned)(c.count[TAG_SCRIPT] - c.scripts));
    if (c.scripts > 0) {
        exactly_one(&c, c.count[TAG_ATTRIBUTES], "element template_attributes");
        exactly_one(&c, c.count[TAG_CONTENT], "element coded_content");
    }
    if (c.dublin == 0)
        complain(&c, 0, "no element meta of the Dublin Core (dcterms.title ...)");
    return c.n;
}
