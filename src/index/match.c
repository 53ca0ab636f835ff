/* The part of a query that FTS5 can answer alone, as a MATCH expression. See eval.h.
 *
 * Words and phrases go to the columns of the sections, findings to the column of concept tokens; a
 * finding with more conditions than a token holds cannot be answered here. */
#include "index/eval.h"

static bool exact_atom(const rt_atom *a)
{
    return a->exactly.len == 0 && a->sections == 0 && a->sides == 0 && a->severities == 0 &&
           a->changes == 0 && !a->sized && !(a->wants_concept && a->wants_anatomy) &&
           (a->wants_concept || a->wants_anatomy || a->letters != 0);
}

bool rt_match_has_token(const rt_atom *a)
{
    return a->wants_concept || a->wants_anatomy || a->letters != 0;
}

static bool matchable_group(const rt_query_node *n)
{
    bool positive = false;
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        bool negative = c->kind == RT_QUERY_NOT && n->kind == RT_QUERY_AND;
        if (!rt_match_able(negative ? c->child : c))
            return false;
        positive = positive || !negative;
    }
    return positive;
}

bool rt_match_able(const rt_query_node *n)
{
    switch (n->kind) {
    case RT_QUERY_WORDS:
    case RT_QUERY_NEAR:
        return true;
    case RT_QUERY_FINDING:
        return exact_atom(&n->atom);
    case RT_QUERY_AND:
    case RT_QUERY_OR:
        return matchable_group(n);
    case RT_QUERY_NOT:
    case RT_QUERY_FIELD:
    case RT_QUERY_SECTION:
        break;
    }
    return false;
}

static void match_columns(rt_buf *m, uint32_t sections)
{
    if (sections == 0) /* concept tokens are no words that a report could hold */
        return;
    rt_buf_addc(m, '{');
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        if ((sections >> i & 1U) != 0)
            rt_buf_addf(m, "\"%s\" ", rt_section_name(i));
    rt_buf_addz(m, "} : ");
}

static void match_phrase(rt_buf *m, const rt_query_node *n)
{
    rt_buf_addc(m, '"');
    for (size_t i = 0; i < n->text.len; i++) {
        if (n->text.ptr[i] == '"')
            rt_buf_addc(m, '"');
        rt_buf_addc(m, n->text.ptr[i]);
    }
    rt_buf_addz(m, n->prefix ? "\" * " : "\" ");
}

static void match_near(rt_buf *m, const rt_query_node *n)
{
    match_columns(m, n->child->sections);
    rt_buf_addz(m, "NEAR(");
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        match_phrase(m, c);
    rt_buf_addf(m, ", %u)", n->near);
}

static const char *match_tokens(const rt_lexicon *x, rt_buf *m, const rt_concepts *concepts,
                                bool place, uint32_t letters, const char *between)
{
    for (uint32_t i = 0; i < concepts->len; i++) {
        for (unsigned letter = 0; letter < RT_LETTER_END; letter++) {
            if (letters != 0 && (letters >> letter & 1U) == 0)
                continue;
            rt_buf_addz(m, between);
            rt_token_print(m, x, rt_key(concepts->at[i], letter, place));
            between = " OR ";
        }
    }
    return between;
}

static void match_any(const rt_lexicon *x, rt_buf *m, uint32_t letters)
{
    const char *between = "";
    for (unsigned letter = 0; letter < RT_LETTER_END; letter++) {
        if ((letters >> letter & 1U) == 0)
            continue;
        rt_buf_addz(m, between);
        rt_token_print(m, x, rt_key(x->n_concepts, letter, false));
        between = " OR ";
    }
}

void rt_match_atom(const rt_lexicon *x, rt_buf *m, const rt_atom *a)
{
    rt_buf_addc(m, '(');
    if (a->wants_concept) {
        const char *between = match_tokens(x, m, &a->concepts, false, a->letters, "");
        match_tokens(x, m, &a->exactly, false, a->letters, between);
    }
    if (a->wants_concept && a->wants_anatomy)
        rt_buf_addz(m, ") AND (");
    if (a->wants_anatomy)
        match_tokens(x, m, &a->anatomy, true, a->letters, "");
    if (!a->wants_concept && !a->wants_anatomy)
        match_any(x, m, a->letters);
    rt_buf_addc(m, ')');
}

/* FTS5 knows NOT as an operator between two, which binds closest: the positive parts come first,
 * and "a AND b NOT c" is what it should be without more brackets, of which FTS5 takes few. */
static void match_group(const rt_lexicon *x, rt_buf *m, const rt_query_node *n)
{
    const char *between = "(";
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind == RT_QUERY_NOT)
            continue;
        rt_buf_addz(m, between);
        rt_match_node(x, m, c);
        between = n->kind == RT_QUERY_AND ? " AND " : " OR ";
    }
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind != RT_QUERY_NOT)
            continue;
        rt_buf_addz(m, " NOT ");
        rt_match_node(x, m, c->child);
    }
    rt_buf_addc(m, ')');
}

void rt_match_node(const rt_lexicon *x, rt_buf *m, const rt_query_node *n)
{
    switch (n->kind) {
    case RT_QUERY_WORDS:
        match_columns(m, n->sections);
        match_phrase(m, n);
        break;
    case RT_QUERY_NEAR:
        match_near(m, n);
        break;
    case RT_QUERY_FINDING:
        rt_match_atom(x, m, &n->atom);
        break;
    case RT_QUERY_AND:
    case RT_QUERY_OR:
        match_group(x, m, n);
        break;
    case RT_QUERY_NOT: /* rt_match_able() lets none of these through */
    case RT_QUERY_FIELD:
    case RT_QUERY_SECTION:
        break;
    }
}
