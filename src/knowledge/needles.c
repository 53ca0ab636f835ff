/* The strings that a text pattern needs; see sieve.h.
 *
 * A recursive descent over the pattern. A concatenation needs a string of each of its parts, one
 * behind the other: a part is a run of plain characters, or a group that is not optional. A run
 * goes on through what may be spelt out: re[- ]?view is re-view, re view or review. Alternatives
 * need one of the best needs of each. What is not understood needs nothing, and nothing can be told
 * of a pattern with syntax that is unknown here.
 *
 * A word boundary beside a run is an edge of its needle, also through the brackets of a group:
 * \b(ct|mri)\b. */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "knowledge/needs.h"

enum {
    MAX_DEPTH = 12,
    MAX_SPELT = 16, /* strings that a run may be */
};

typedef struct parser {
    rt_str s;
    size_t i;
    unsigned depth;
    bool unknown;
    bool edge; /* a word boundary stood before the next character */
} parser;

typedef struct branch {
    rt_needs *needs; /* of the parts so far */
    rt_need run;     /* plain characters that follow each other: one of these */
    bool cut;        /* the run was longer */
    bool edge;       /* a word boundary stands behind the run */
    unsigned parts;
    bool plain;  /* nothing but needles so far */
    bool behind; /* what is no need may stand before the next part */
} branch;

static void read_alternatives(parser *p, rt_needs *out);

static bool more(const parser *p)
{
    return p->i < p->s.len && !p->unknown;
}

static char peek(const parser *p)
{
    return p->i < p->s.len ? p->s.ptr[p->i] : '\0';
}

/* ---- parts of a branch */

static void end_run(branch *b, bool open)
{
    unsigned edges = b->edge ? RT_EDGE_RIGHT : 0;
    edges |= open ? RT_EDGE_OPEN : 0;
    for (uint32_t i = 0; i < b->run.n && !b->cut; i++)
        b->run.at[i].edges |= (unsigned char)edges;
    if (rt_need_may_be_empty(&b->run)) {
        b->behind = true;
        b->plain = false;
    } else if (b->run.n > 0) {
        rt_needs_add(b->needs, &b->run, !b->behind);
        b->parts++;
    }
    b->plain = b->plain && !b->cut;
    b->run.n = 0;
    b->cut = b->edge = false;
}

/* Something that takes characters comes. */
static void begin_part(parser *p, branch *b)
{
    p->edge = false;
    rt_needs_close(b->needs, 0);
}

/* Something that is not told by characters comes, or may come. */
static void cut_run(parser *p, branch *b)
{
    end_run(b, false);
    begin_part(p, b);
    b->plain = false;
    b->behind = true;
}

/* false: it is longer than a needle. */
static bool append(rt_needle *to, const rt_needle *with)
{
    size_t n = with->len < RT_NEEDLE_MAX - to->len ? with->len : RT_NEEDLE_MAX - (size_t)to->len;
    memcpy(to->bytes + to->len, with->bytes, n);
    to->len = (unsigned char)(to->len + n);
    return n == with->len;
}

/* The run goes on with one of some strings, or also without. */
static void spell(parser *p, branch *b, const rt_need *with, bool optional)
{
    rt_need before = b->run;
    if (before.n == 0)
        before = (rt_need){.n = 1, .at = {{.edges = p->edge ? RT_EDGE_LEFT : 0}}};
    if (b->edge)
        b->plain = b->edge = false; /* a boundary within the run: it may never be */
    begin_part(p, b);
    b->run.n = 0;
    for (uint32_t i = 0; i < before.n; i++) {
        if (optional)
            b->run.at[b->run.n++] = before.at[i];
        for (uint32_t k = 0; k < with->n; k++) {
            rt_needle *to = &b->run.at[b->run.n++];
            *to = before.at[i];
            b->cut = !append(to, &with->at[k]) || b->cut;
        }
    }
}

/* A run that begins with what may be missing begins behind it, unless a boundary stands before. */
static bool may_spell(const parser *p, const branch *b, const rt_need *with, bool optional)
{
    uint32_t before = b->run.n > 0 ? b->run.n : 1;
    bool begins = b->run.n > 0 || p->edge || !optional;
    return begins && with->n > 0 && before * (with->n + optional) <= MAX_SPELT;
}

typedef struct times { /* how often a part comes */
    unsigned least;
    bool once, optional; /* exactly once; once or not at all */
} times;

static void read_braces(parser *p, times *t)
{
    for (p->i++, t->least = 0; rt_is_digit(peek(p)); p->i++)
        t->least = t->least < 100 ? t->least * 10 + (unsigned)(peek(p) - '0') : t->least;
    while (more(p) && (rt_is_digit(peek(p)) || peek(p) == ','))
        p->i++;
    p->unknown = p->unknown || peek(p) != '}'; /* the brace was a character */
}

static times read_quantifier(parser *p)
{
    char c = peek(p);
    times t = {.least = c == '+', .optional = c == '?'};
    if (c == '{' && p->i + 1 < p->s.len && rt_is_digit(p->s.ptr[p->i + 1]))
        read_braces(p, &t);
    else if (c != '?' && c != '*' && c != '+')
        return (times){.least = 1, .once = true};
    p->i++;
    if (peek(p) == '+')
        t.optional = false; /* possessive: it does not do without where it can be */
    if (peek(p) == '?' || peek(p) == '+')
        p->i++; /* lazy, possessive */
    return t;
}

/* Does the part that was read come once, or at most once? */
static bool is_single(parser *p)
{
    size_t i = p->i;
    times t = read_quantifier(p);
    p->i = i;
    return t.once || t.optional;
}

/* A part that is not told by its characters. */
static void skip_part(parser *p, branch *b)
{
    read_quantifier(p);
    cut_run(p, b);
}

/* A part that is one of some strings. */
static void take(parser *p, branch *b, const rt_need *strings)
{
    times t = read_quantifier(p);
    bool spelt = (t.least > 0 || t.optional) && may_spell(p, b, strings, t.optional);
    if (spelt)
        spell(p, b, strings, t.optional);
    if (!spelt || (!t.once && !t.optional))
        cut_run(p, b);
}

static void add_string(rt_need *to, const char *bytes, size_t n)
{
    rt_needle *new = &to->at[to->n++];
    *new = (rt_needle){.len = (unsigned char)n};
    for (size_t i = 0; i < n; i++)
        new->bytes[i] = (char)(bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 32 : bytes[i]);
}

static void take_character(parser *p, branch *b, const char *bytes, size_t n)
{
    rt_need one = {0};
    add_string(&one, bytes, n);
    take(p, b, &one);
}

/* Of the characters beyond ASCII those that have no case. */
static bool has_no_case(uint32_t c)
{
    return c >= 0x3000 && c <= 0x9FFF;
}

/* The members of a class that names a few. */
static bool spell_class(rt_str members, rt_need *out)
{
    out->n = 0;
    for (size_t i = 0, next = 0; i < members.len; i = next) {
        uint32_t c = rt_utf8_next(members, &next);
        bool range = c == '-' && i > 0 && next < members.len;
        if (range || c == '\\' || (c == '^' && i == 0) || out->n == MAX_SPELT ||
            (next - i > 1 && !has_no_case(c)))
            return false;
        add_string(out, members.ptr + i, next - i);
    }
    return out->n > 0;
}

static void read_class(parser *p, branch *b)
{
    rt_need members;
    size_t beg = ++p->i;
    if (peek(p) == '^')
        p->i++;
    if (peek(p) == ']')
        p->i++; /* first of all it stands for itself */
    while (more(p) && peek(p) != ']') {
        p->unknown = p->unknown || peek(p) == '['; /* [:alpha:] */
        p->i += peek(p) == '\\' ? 2 : 1;
    }
    p->unknown = p->unknown || !more(p);
    bool spelt = !p->unknown && spell_class(rt_str_slice(p->s, beg, p->i), &members);
    p->i++;
    if (spelt && is_single(p))
        take(p, b, &members);
    else
        skip_part(p, b);
}

static void read_escape(parser *p, branch *b)
{
    char c = p->i + 1 < p->s.len ? p->s.ptr[p->i + 1] : '\0';
    p->i += 2;
    if (c == 'b') {
        p->edge = true;
        b->edge = b->run.n > 0;
        rt_needs_close(b->needs, RT_EDGE_RIGHT);
    } else if (c == 'B') {
        b->plain = false;
    } else if (c == 'd' || c == 'D' || c == 'w' || c == 'W' || c == 's' || c == 'S') {
        skip_part(p, b);
    } else if (c == 'x' && peek(p) != '{') {
        for (int i = 0; i < 2 && isxdigit((unsigned char)peek(p)); i++)
            p->i++;
        skip_part(p, b);
    } else if (c > ' ' && c < 0x7F && !rt_is_word(c)) {
        take_character(p, b, &c, 1);
    } else {
        p->unknown = true;
    }
}

/* What stands around a look still follows each other. */
static void skip_look(parser *p, branch *b)
{
    rt_needs inner = {0};
    bool edge = p->edge;
    read_alternatives(p, &inner);
    p->unknown = p->unknown || peek(p) != ')';
    p->i++;
    p->unknown = p->unknown || !read_quantifier(p).once;
    p->edge = edge;
    b->plain = false;
}

/* The strings that a group is, without the edges that its run gives them; false: it is more, or a
 * boundary stands within it. */
static bool spell_group(const parser *p, const branch *b, const rt_needs *inner, rt_need *out)
{
    unsigned outer = RT_EDGE_OPEN | (p->edge && b->run.n == 0 ? RT_EDGE_LEFT : 0U);
    *out = inner->at[0];
    for (uint32_t i = 0; inner->whole && i < out->n; i++) {
        if ((out->at[i].edges & ~outer) != 0)
            return false;
        out->at[i].edges = 0;
    }
    return inner->whole;
}

/* A group of which its needs are known. */
static void take_group(parser *p, branch *b, rt_needs *inner)
{
    times t = read_quantifier(p);
    end_run(b, false);
    begin_part(p, b);
    if (!t.once)
        rt_needs_close(inner, 0);
    for (uint32_t i = 0; t.least > 0 && i < inner->n; i++)
        rt_needs_add(b->needs, &inner->at[i], inner->leads && !b->behind);
    b->behind = true;
    b->plain = b->plain && inner->whole && t.once;
    b->parts++;
}

static void read_inner(parser *p, branch *b)
{
    rt_needs inner = {0};
    rt_need strings;
    bool edge = p->edge;
    read_alternatives(p, &inner);
    p->edge = edge;
    p->unknown = p->unknown || peek(p) != ')';
    p->i++;
    if (is_single(p) && spell_group(p, b, &inner, &strings) &&
        may_spell(p, b, &strings, peek(p) == '?'))
        take(p, b, &strings);
    else
        take_group(p, b, &inner);
}

static void read_group(parser *p, branch *b)
{
    bool looks = false, named = false;
    p->i++;
    if (peek(p) == '?') {
        bool behind = p->i + 1 < p->s.len && p->s.ptr[p->i + 1] == '<';
        p->i += behind ? 2 : 1;
        looks = peek(p) == '=' || peek(p) == '!';
        named = !looks && (behind || peek(p) != ':');
        p->i++;
    }
    p->unknown = p->unknown || named || peek(p) == '*';
    if (looks)
        skip_look(p, b);
    else
        read_inner(p, b);
}

static void read_part(parser *p, branch *b)
{
    char c = peek(p);
    size_t next = p->i;
    if (c == '(') {
        read_group(p, b);
    } else if (c == '[') {
        read_class(p, b);
    } else if (c == '\\') {
        read_escape(p, b);
    } else if (c == '^' || c == '$') {
        p->i++;
        b->plain = false;
    } else if (c == '.') {
        p->i++;
        skip_part(p, b);
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
        p->unknown = true; /* a quantifier of nothing */
    } else {
        const char *beg = p->s.ptr + p->i;
        uint32_t cp = rt_utf8_next(p->s, &next);
        size_t n = next - p->i;
        p->i = next;
        if (n == 1 || has_no_case(cp))
            take_character(p, b, beg, n);
        else
            skip_part(p, b);
    }
}

static void read_branch(parser *p, rt_needs *out)
{
    branch b = {.needs = out, .plain = true};
    bool edge = p->edge;
    out->n = 0;
    out->leads = false;
    while (more(p) && peek(p) != '|' && peek(p) != ')')
        read_part(p, &b);
    end_run(&b, true);
    out->whole = b.plain && b.parts == 1 && out->n == 1;
    p->edge = edge; /* the next branch starts where this one did */
}

static void read_alternatives(parser *p, rt_needs *out)
{
    if (++p->depth > MAX_DEPTH) {
        p->unknown = true;
        out->n = 0;
        return;
    }
    read_branch(p, out);
    while (more(p) && peek(p) == '|') {
        rt_needs next;
        p->i++;
        read_branch(p, &next);
        rt_needs_keep_best(out);
        rt_needs_keep_best(&next);
        rt_needs_unite(out, &next);
    }
    p->depth--;
}

bool rt_needs_of(rt_str pattern, rt_needs *out)
{
    parser p = {.s = pattern};
    read_alternatives(&p, out);
    if (p.unknown || p.i < pattern.len)
        out->n = 0;
    for (uint32_t i = 0; i < out->n; i++)
        for (uint32_t k = 0; k < out->at[i].n; k++)
            out->at[i].at[k].edges &= RT_EDGE_LEFT | RT_EDGE_RIGHT;
    for (uint32_t i = 0; i < out->n; i++)
        rt_need_drop_longer(&out->at[i]);
    out->whole = out->whole && out->n == 1;
    return out->n > 0;
}

uint32_t rt_alternatives_of(rt_str pattern, rt_str *out, uint32_t max)
{
    parser p = {.s = pattern};
    rt_needs needed;
    for (uint32_t n = 0; n < max; p.i++) {
        size_t beg = p.i;
        read_branch(&p, &needed);
        if (p.unknown || p.i > pattern.len)
            return 0;
        out[n++] = rt_str_slice(pattern, beg, p.i);
        if (peek(&p) != '|')
            return p.i == pattern.len ? n : 0;
    }
    return 0;
}

static bool is_look(rt_str pattern, size_t i)
{
    static const char *const looks[] = {"(?=", "(?!", "(?<=", "(?<!"};
    for (size_t k = 0; k < sizeof looks / sizeof *looks; k++)
        if (rt_str_starts(rt_str_slice(pattern, i, pattern.len), rt_str_from(looks[k])))
            return true;
    return false;
}

static void skip_what_takes_nothing(parser *p)
{
    rt_needs needs;
    branch b = {.needs = &needs};
    while (more(p)) {
        needs.n = 0;
        if (is_look(p->s, p->i))
            read_group(p, &b);
        else if (peek(p) == '\\' && p->i + 1 < p->s.len && p->s.ptr[p->i + 1] == 'b')
            p->i += 2;
        else if (peek(p) == '^' || peek(p) == '$')
            p->i++;
        else
            break;
    }
}

bool rt_group_of(rt_str pattern, rt_fspan *group, rt_fspan *inside)
{
    parser p = {.s = pattern};
    rt_needs needs;
    skip_what_takes_nothing(&p);
    group->beg = (uint32_t)p.i;
    if (!more(&p) || peek(&p) != '(')
        return false;
    p.i += rt_str_starts(rt_str_slice(pattern, p.i, pattern.len), RT_STR("(?:")) ? 3 : 1;
    inside->beg = (uint32_t)p.i;
    read_alternatives(&p, &needs);
    inside->end = (uint32_t)p.i;
    group->end = inside->end + 1;
    p.i++;
    if (p.unknown || !read_quantifier(&p).once)
        return false;
    skip_what_takes_nothing(&p);
    return !p.unknown && p.i == pattern.len;
}
