/* Reading a query piece by piece. Private to index/. Once something failed, nothing more is read:
 * callers may look at `code` late. */
#ifndef RT_INDEX_LEX_H
#define RT_INDEX_LEX_H

#include "index/query.h"

struct rt_lex {
    rt_str text;
    size_t pos;
    rt_arena *arena;
    const rt_lexicon *lexicon;
    uint32_t depth, leaves;
    rt_code code;
    rt_err *err;
};

/* The character at pos, as its ASCII twin if it has one; 0 at the end. *next: behind it. */
uint32_t rt_lex_peek(const rt_lex *p, size_t *next);
bool rt_lex_take(rt_lex *p, char c); /* skips blanks, then takes c if it stands there */
bool rt_lex_at_end(rt_lex *p);       /* behind blanks: the end, ) or ] */
bool rt_lex_keyword(rt_lex *p, const char *word, bool take);
bool rt_lex_minus(rt_lex *p);    /* takes a "-" that a word, a mark or a bracket follows */
rt_str rt_lex_word(rt_lex *p);   /* up to a blank, bracket or quotation mark */
rt_str rt_lex_quoted(rt_lex *p); /* behind the opening mark; takes the closing one */
rt_str rt_lex_value(rt_lex *p, const char *of); /* quoted or a word; missing is a mistake */
/* "name:" or "size>=": the name, and the operator into op ("" if the next is no such thing, and
 * nothing is taken). */
rt_str rt_lex_field(rt_lex *p, char op[3]);

rt_query_node *rt_lex_node(rt_lex *p, rt_query_kind kind, size_t at); /* NULL: failed */
/* Records the first mistake; returns NULL. */
rt_query_node *rt_lex_fail(rt_lex *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- condition.c */

/* Behind "name op": the node that it asks for. */
rt_query_node *rt_condition_field(rt_lex *p, rt_str name, const char *op, size_t at);
/* Behind "[": conditions on one finding, up to "]". */
rt_query_node *rt_condition_brackets(rt_lex *p, size_t at);
/* section: and presence: belong to a group: true, and the values are in *group. */
bool rt_condition_group(rt_lex *p, rt_query_node *group);

#endif
