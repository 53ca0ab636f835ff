/* Characters, words and mistakes of a query. See lex.h. */
#include "index/lex.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

rt_query_node *rt_lex_fail(rt_lex *p, size_t at, const char *fmt, ...)
{
    char msg[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    if (p->code == RT_OK)
        p->code = rt_fail_at(p->err, RT_EINPUT, "query", p->text, at, "%s", msg);
    p->pos = p->text.len;
    return NULL;
}

rt_query_node *rt_lex_node(rt_lex *p, rt_query_kind kind, size_t at)
{
    bool leaf = kind != RT_QUERY_AND && kind != RT_QUERY_OR && kind != RT_QUERY_NOT;
    p->leaves += leaf;
    if (p->leaves > RT_QUERY_LEAVES)
        return rt_lex_fail(p, at, "the query is too long: more than %d words and conditions",
                           RT_QUERY_LEAVES);
    rt_query_node *n = RT_NEW(p->arena, rt_query_node, 1);
    if (n == NULL)
        return rt_lex_fail(p, at, "the query is too long");
    n->kind = kind;
    n->at = (uint32_t)at;
    return n;
}

/* Full-width forms stand 0xFEE0 above ASCII; curly marks open and close alike. */
static uint32_t ascii_twin(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c == 0x201C || c == 0x201D)
        return '"';
    if (c == 0x3000 || c == 0xA0 || c == '\t' || c == '\n' || c == '\r')
        return ' ';
    return c;
}

uint32_t rt_lex_peek(const rt_lex *p, size_t *next)
{
    *next = p->pos;
    return p->pos < p->text.len ? ascii_twin(rt_utf8_next(p->text, next)) : 0;
}

static void skip_blanks(rt_lex *p)
{
    size_t next = p->pos;
    while (rt_lex_peek(p, &next) == ' ')
        p->pos = next;
}

bool rt_lex_take(rt_lex *p, char c)
{
    size_t next = 0;
    skip_blanks(p);
    if (rt_lex_peek(p, &next) != (uint32_t)c)
        return false;
    p->pos = next;
    return true;
}

bool rt_lex_at_end(rt_lex *p)
{
    size_t next = 0;
    skip_blanks(p);
    uint32_t c = rt_lex_peek(p, &next);
    return c == 0 || c == ')' || c == ']';
}

static bool ends_word(uint32_t c)
{
    return c == 0 || c == ' ' || c == '(' || c == ')' || c == '[' || c == ']' || c == '"';
}

bool rt_lex_keyword(rt_lex *p, const char *word, bool take)
{
    rt_lex ahead = *p;
    skip_blanks(&ahead);
    if (!rt_str_starts(rt_str_slice(p->text, ahead.pos, p->text.len), rt_str_from(word)))
        return false;
    ahead.pos += strlen(word);
    size_t next = 0;
    if (!ends_word(rt_lex_peek(&ahead, &next)))
        return false;
    if (take)
        p->pos = ahead.pos;
    return true;
}

bool rt_lex_minus(rt_lex *p)
{
    rt_lex ahead = *p;
    size_t next = 0;
    skip_blanks(&ahead);
    if (rt_lex_peek(&ahead, &next) != '-')
        return false;
    ahead.pos = next;
    uint32_t c = rt_lex_peek(&ahead, &next);
    if (c == '-' || (c >= '0' && c <= '9') || (ends_word(c) && c != '(' && c != '[' && c != '"'))
        return false;
    p->pos = ahead.pos;
    return true;
}

rt_str rt_lex_word(rt_lex *p)
{
    size_t beg = p->pos, next = 0;
    while (!ends_word(rt_lex_peek(p, &next)))
        p->pos = next;
    return rt_str_slice(p->text, beg, p->pos);
}

rt_str rt_lex_quoted(rt_lex *p)
{
    size_t beg = p->pos, next = 0;
    uint32_t c = rt_lex_peek(p, &next);
    for (; c != '"' && c != 0; c = rt_lex_peek(p, &next))
        p->pos = next;
    rt_str inside = rt_str_slice(p->text, beg, p->pos);
    if (c == 0)
        rt_lex_fail(p, beg, "the closing quotation mark is missing");
    else
        p->pos = next;
    return inside;
}

rt_str rt_lex_value(rt_lex *p, const char *of)
{
    size_t at = p->pos, next = 0;
    if (p->code != RT_OK)
        return RT_STR("");
    bool quoted = rt_lex_peek(p, &next) == '"';
    if (quoted)
        p->pos = next;
    rt_str value = quoted ? rt_lex_quoted(p) : rt_lex_word(p);
    if (rt_str_trim(value).len == 0)
        rt_lex_fail(p, at, "%s wants a value", of);
    return rt_str_trim(value);
}

/* Takes "=" behind ">" or "<"; the operator is complete then. */
static void read_operator(rt_lex *p, uint32_t c, char op[3])
{
    size_t next = 0;
    op[0] = (char)c;
    if ((c == '<' || c == '>') && rt_lex_peek(p, &next) == '=') {
        op[1] = '=';
        p->pos = next;
    }
}

rt_str rt_lex_field(rt_lex *p, char op[3])
{
    rt_lex ahead = *p;
    size_t next = 0;
    memset(op, 0, 3);
    skip_blanks(&ahead);
    size_t beg = ahead.pos;
    uint32_t c = rt_lex_peek(&ahead, &next);
    for (; (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
         c = rt_lex_peek(&ahead, &next))
        ahead.pos = next;
    size_t end = ahead.pos;
    if (end == beg || (c != ':' && c != '<' && c != '>' && c != '='))
        return RT_STR("");
    ahead.pos = next;
    read_operator(&ahead, c, op);
    p->pos = ahead.pos;
    return rt_str_slice(p->text, beg, end);
}
