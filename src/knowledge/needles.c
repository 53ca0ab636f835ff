/* The strings that a text pattern needs; see sieve.h.
 *
 * A recursive descent over the pattern. Of a concatenation the best of its parts is needed (a run
 * of plain characters, or a group that is not optional), of alternatives one of all their needles.
 * What is not understood needs nothing, and nothing can be told of a pattern with syntax that is
 * unknown here. */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "knowledge/sieve.h"

enum { MAX_NEEDLES = 64, MAX_DEPTH = 12 };

typedef struct needles { /* one of these; n 0: nothing can be told */
    uint32_t n, shortest;
    bool whole; /* nothing else is needed */
    rt_needle at[MAX_NEEDLES];
} needles;

typedef struct parser {
    rt_str s;
    size_t i;
    unsigned depth;
    bool unknown;
} parser;

typedef struct branch {
    needles *best; /* of the parts so far */
    rt_needle run; /* plain characters that follow each other */
    bool cut;      /* the run was longer */
    unsigned parts;
    bool plain; /* nothing but the run so far */
} branch;

static void read_alternatives(parser *p, needles *out);

static bool more(const parser *p)
{
    return p->i < p->s.len && !p->unknown;
}

static char peek(const parser *p)
{
    return p->i < p->s.len ? p->s.ptr[p->i] : '\0';
}

/* ---- parts of a branch */

static bool better(uint32_t n, uint32_t shortest, const needles *than)
{
    return n > 0 && (than->n == 0 || shortest > than->shortest ||
                     (shortest == than->shortest && n < than->n));
}

static void end_run(branch *b)
{
    if (better(b->run.len > 0, b->run.len, b->best)) {
        b->best->n = 1;
        b->best->shortest = b->run.len;
        b->best->at[0] = b->run;
    }
    b->parts += b->run.len > 0;
    b->plain = b->plain && !b->cut;
    b->run.len = 0;
    b->cut = false;
}

static void add_to_run(branch *b, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        b->cut = b->cut || b->run.len == RT_NEEDLE_MAX;
        if (!b->cut)
            b->run.bytes[b->run.len++] =
                (char)(bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 32 : bytes[i]);
    }
}

/* How often the part before it comes: at least *least times; false if exactly once. */
static bool read_quantifier(parser *p, unsigned *least)
{
    char c = peek(p);
    *least = c == '+';
    if (c == '{' && p->i + 1 < p->s.len && rt_is_digit(p->s.ptr[p->i + 1])) {
        for (p->i++, *least = 0; rt_is_digit(peek(p)); p->i++)
            *least = *least < 100 ? *least * 10 + (unsigned)(peek(p) - '0') : *least;
        while (more(p) && (rt_is_digit(peek(p)) || peek(p) == ','))
            p->i++;
        p->unknown = p->unknown || peek(p) != '}'; /* the brace was a character */
    } else if (c != '?' && c != '*' && c != '+') {
        *least = 1;
        return false;
    }
    p->i++;
    if (peek(p) == '?' || peek(p) == '+')
        p->i++; /* lazy, possessive */
    return true;
}

/* A part that is not told by its characters. */
static void skip_part(parser *p, branch *b)
{
    unsigned least;
    read_quantifier(p, &least);
    end_run(b);
    b->plain = false;
}

static void take_character(parser *p, branch *b, const char *bytes, size_t n)
{
    unsigned least;
    bool repeated = read_quantifier(p, &least);
    if (least > 0)
        add_to_run(b, bytes, n);
    if (repeated) {
        end_run(b);
        b->plain = false;
    }
}

static void skip_class(parser *p, branch *b)
{
    p->i++;
    if (peek(p) == '^')
        p->i++;
    if (peek(p) == ']')
        p->i++; /* first of all it stands for itself */
    while (more(p) && peek(p) != ']') {
        p->unknown = p->unknown || peek(p) == '['; /* [:alpha:] */
        p->i += peek(p) == '\\' ? 2 : 1;
    }
    p->unknown = p->unknown || !more(p);
    p->i++;
    skip_part(p, b);
}

static void read_escape(parser *p, branch *b)
{
    char c = p->i + 1 < p->s.len ? p->s.ptr[p->i + 1] : '\0';
    p->i += 2;
    if (c == 'b' || c == 'B') {
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

static void read_group(parser *p, branch *b)
{
    needles inner = {0};
    unsigned least;
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
    read_alternatives(p, &inner);
    p->unknown = p->unknown || peek(p) != ')';
    p->i++;
    b->plain = false;
    bool repeated = read_quantifier(p, &least);
    p->unknown = p->unknown || (looks && repeated);
    if (looks)
        return; /* takes no characters: what is around it still follows each other */
    end_run(b);
    if (least > 0 && better(inner.n, inner.shortest, b->best))
        *b->best = inner;
}

/* Of the characters beyond ASCII those that have no case. */
static bool has_no_case(uint32_t c)
{
    return c >= 0x3000 && c <= 0x9FFF;
}

static void read_part(parser *p, branch *b)
{
    char c = peek(p);
    size_t next = p->i;
    if (c == '(') {
        read_group(p, b);
    } else if (c == '[') {
        skip_class(p, b);
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

static void read_branch(parser *p, needles *out)
{
    branch b = {.best = out, .plain = true};
    out->n = 0;
    while (more(p) && peek(p) != '|' && peek(p) != ')')
        read_part(p, &b);
    end_run(&b);
    out->whole = b.plain && b.parts == 1;
}

static void unite(needles *a, const needles *b)
{
    if (a->n == 0 || b->n == 0 || a->n + b->n > MAX_NEEDLES) {
        a->n = 0;
        return;
    }
    memcpy(a->at + a->n, b->at, b->n * sizeof *b->at);
    a->n += b->n;
    a->whole = a->whole && b->whole;
    a->shortest = a->shortest < b->shortest ? a->shortest : b->shortest;
}

static void read_alternatives(parser *p, needles *out)
{
    if (++p->depth > MAX_DEPTH) {
        p->unknown = true;
        out->n = 0;
        return;
    }
    read_branch(p, out);
    while (more(p) && peek(p) == '|') {
        needles next;
        p->i++;
        read_branch(p, &next);
        unite(out, &next);
    }
    p->depth--;
}

uint32_t rt_needles_of(rt_str pattern, rt_needle *out, uint32_t max, bool *whole)
{
    parser p = {.s = pattern};
    needles all;
    read_alternatives(&p, &all);
    if (p.unknown || p.i < pattern.len || all.n > max)
        return 0;
    memcpy(out, all.at, all.n * sizeof *out);
    *whole = all.whole;
    return all.n;
}

uint32_t rt_alternatives_of(rt_str pattern, rt_str *out, uint32_t max)
{
    parser p = {.s = pattern};
    needles needed;
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
