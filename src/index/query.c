/* The structure of a query: brackets, operators, groups; then the conditions of groups and the
 * terms of the lexicon. The grammar is in query.h. */
#include "index/query.h"

#include "base/utf8.h"
#include "index/lex.h"
#include "text/fold.h"

static rt_query_node *parse_branches(rt_lex *p);

/* ---- primary */

static rt_query_node *words_node(rt_lex *p, rt_str text, size_t at, bool plain)
{
    rt_query_node *n = rt_lex_node(p, RT_QUERY_WORDS, at);
    if (n == NULL)
        return NULL;
    n->text = text;
    n->plain = plain;
    rt_str folded = rt_fold_term(p->arena, text);
    for (size_t i = 0; i < folded.len;) {
        rt_script script = rt_utf8_script(rt_utf8_next(folded, &i));
        if (script != RT_SCRIPT_SPACE && script != RT_SCRIPT_PUNCT)
            return n;
    }
    return rt_lex_fail(p, at, "there is no word in this");
}

/* "*" behind a word or a closing mark: the last word may go on. */
static rt_query_node *maybe_prefix(rt_lex *p, rt_query_node *n)
{
    size_t next = 0;
    if (n == NULL)
        return NULL;
    if (n->text.ptr[n->text.len - 1] == '*') {
        n->text.len--;
        n->prefix = true;
    } else if (!n->plain && rt_lex_peek(p, &next) == '*') {
        p->pos = next;
        n->prefix = true;
    }
    n->plain = n->plain && !n->prefix;
    return n;
}

static rt_query_node *parse_words(rt_lex *p)
{
    size_t at = p->pos;
    bool exact = rt_lex_take(p, '=');
    if (rt_lex_take(p, '"')) {
        rt_str inside = rt_lex_quoted(p);
        return p->code == RT_OK ? maybe_prefix(p, words_node(p, inside, at, false)) : NULL;
    }
    rt_str word = rt_lex_word(p);
    if (word.len == 0)
        return rt_lex_fail(p, at, "a word is missing here");
    return maybe_prefix(p, words_node(p, word, at, !exact));
}

static rt_query_node *parse_primary(rt_lex *p)
{
    char op[3];
    if (rt_lex_at_end(p) || rt_lex_keyword(p, "OR", false) || rt_lex_keyword(p, "AND", false))
        return rt_lex_fail(p, p->pos, "something to search for is missing here");
    size_t at = p->pos;
    if (rt_lex_take(p, '(')) {
        rt_query_node *n = parse_branches(p);
        if (n != NULL && !rt_lex_take(p, ')'))
            return rt_lex_fail(p, at, "this bracket is not closed");
        return n;
    }
    if (rt_lex_take(p, '['))
        return rt_condition_brackets(p, at);
    rt_str name = rt_lex_field(p, op);
    return op[0] != '\0' ? rt_condition_field(p, name, op, at) : parse_words(p);
}

/* ---- NEAR, NOT, AND, OR */

/* "NEAR" or "NEAR/5"; takes it. */
static bool take_near(rt_lex *p, uint32_t *distance)
{
    rt_lex ahead = *p;
    double n = 0;
    if (rt_lex_keyword(p, "NEAR", true)) {
        *distance = 10;
        return true;
    }
    if (rt_lex_at_end(&ahead))
        return false;
    rt_cut cut = rt_str_cut(rt_lex_word(&ahead), '/');
    if (!cut.found || !rt_str_eq(cut.head, RT_STR("NEAR")) || !rt_str_number(cut.tail, &n) ||
        n < 0 || n > 1000)
        return false;
    *distance = (uint32_t)n;
    p->pos = ahead.pos;
    return true;
}

static rt_query_node *parse_near(rt_lex *p)
{
    rt_query_node *first = parse_primary(p), *near = NULL;
    rt_query_node **tail = NULL;
    uint32_t distance = 0;
    for (;;) {
        rt_lex_at_end(p); /* past blanks */
        size_t at = p->pos;
        if (p->code != RT_OK || !take_near(p, &distance))
            return p->code != RT_OK ? NULL : near != NULL ? near : first;
        if (near == NULL) {
            near = rt_lex_node(p, RT_QUERY_NEAR, at);
            if (near == NULL)
                return NULL;
            near->child = first;
            tail = &first->next;
        }
        near->near = distance > near->near ? distance : near->near;
        *tail = parse_primary(p);
        if (*tail == NULL)
            return NULL;
        if (first->kind != RT_QUERY_WORDS || (*tail)->kind != RT_QUERY_WORDS)
            return rt_lex_fail(p, at, "NEAR stands between words and phrases alone");
        first->plain = (*tail)->plain = false;
        tail = &(*tail)->next;
    }
}

static rt_query_node *parse_item(rt_lex *p)
{
    bool negated = false;
    size_t at = p->pos;
    while (p->code == RT_OK && (rt_lex_keyword(p, "NOT", true) || rt_lex_minus(p)))
        negated = !negated;
    rt_query_node *n = parse_near(p);
    if (n == NULL || !negated)
        return n;
    rt_query_node *without = rt_lex_node(p, RT_QUERY_NOT, at);
    if (without != NULL)
        without->child = n;
    return without;
}

static bool branch_ends(rt_lex *p)
{
    return p->code != RT_OK || rt_lex_at_end(p) || rt_lex_keyword(p, "OR", false);
}

static rt_query_node *parse_branch(rt_lex *p)
{
    rt_query_node *group = rt_lex_node(p, RT_QUERY_AND, p->pos);
    if (group == NULL)
        return NULL;
    rt_query_node **tail = &group->child;
    for (;;) {
        if (!rt_condition_group(p, group)) {
            *tail = parse_item(p);
            if (*tail == NULL)
                return NULL;
            tail = &(*tail)->next;
        }
        if (branch_ends(p))
            return p->code == RT_OK ? group : NULL;
        rt_lex_keyword(p, "AND", true);
    }
}

static rt_query_node *parse_branches(rt_lex *p)
{
    size_t at = p->pos;
    if (++p->depth > RT_QUERY_DEPTH)
        return rt_lex_fail(p, at, "brackets within brackets: more than %d", RT_QUERY_DEPTH);
    rt_query_node *first = parse_branch(p);
    rt_query_node *choice = NULL, *last = first;
    while (p->code == RT_OK && rt_lex_keyword(p, "OR", true)) {
        if (choice == NULL) {
            choice = rt_lex_node(p, RT_QUERY_OR, at);
            if (choice == NULL)
                return NULL;
            choice->child = first;
        }
        last->next = parse_branch(p);
        last = last->next;
    }
    p->depth--;
    return p->code != RT_OK ? NULL : choice != NULL ? choice : first;
}

/* ---- groups hand down what they state, then single groups dissolve */

static bool holds(const rt_query_node *n, rt_query_kind kind)
{
    if (n->kind == kind)
        return true;
    for (const rt_query_node *c = n->child; c != NULL; c = c->next)
        if (holds(c, kind))
            return true;
    return false;
}

static void add_child(rt_query_node *group, rt_query_node *n)
{
    if (n == NULL)
        return;
    n->next = group->child;
    group->child = n;
}

/* presence: without a finding asks for any finding; section: without words, for the section. */
static void complete_group(rt_lex *p, rt_query_node *group, uint32_t sections)
{
    bool finding = holds(group, RT_QUERY_FINDING);
    if (group->atom.letters != 0 && !finding) {
        rt_query_node *n = rt_lex_node(p, RT_QUERY_FINDING, group->at);
        if (n != NULL) {
            n->atom.letters = group->atom.letters;
            n->atom.sections = sections;
        }
        add_child(group, n);
    } else if (group->sections != 0 && !finding && !holds(group, RT_QUERY_WORDS)) {
        rt_query_node *n = rt_lex_node(p, RT_QUERY_SECTION, group->at);
        if (n != NULL)
            n->sections = group->sections;
        add_child(group, n);
    }
}

static void resolve(rt_lex *p, rt_query_node *n, uint32_t sections, uint32_t letters)
{
    if (n->kind == RT_QUERY_AND) {
        sections = n->sections != 0 ? n->sections : sections;
        letters = n->atom.letters != 0 ? n->atom.letters : letters;
    }
    if (n->kind == RT_QUERY_AND || n->kind == RT_QUERY_NOT)
        rt_terms_widen(p, n, letters != 0);
    for (rt_query_node *c = n->child; c != NULL; c = c->next)
        resolve(p, c, sections, letters);
    if (n->kind == RT_QUERY_AND)
        complete_group(p, n, sections);
    if (n->kind == RT_QUERY_WORDS && n->sections == 0)
        n->sections = sections;
    if (n->kind == RT_QUERY_FINDING && n->atom.sections == 0)
        n->atom.sections = sections;
    if (n->kind == RT_QUERY_FINDING && n->atom.letters == 0)
        n->atom.letters = letters == 0 && n->atom.word ? RT_LETTERS_STATED : letters;
}

/* AND and OR of one child are that child; AND within AND is one AND. */
static rt_query_node *simplify(rt_query_node *n)
{
    rt_query_node **link = &n->child;
    while (*link != NULL) {
        rt_query_node *next = (*link)->next;
        rt_query_node *c = simplify(*link);
        *link = c;
        if (c->kind == n->kind && (n->kind == RT_QUERY_AND || n->kind == RT_QUERY_OR)) {
            *link = c->child;
            while (*link != NULL)
                link = &(*link)->next;
        } else {
            link = &c->next;
        }
        *link = next;
    }
    bool single = n->child != NULL && n->child->next == NULL;
    return single && (n->kind == RT_QUERY_AND || n->kind == RT_QUERY_OR) ? n->child : n;
}

rt_code rt_query_parse(rt_arena *a, const rt_lexicon *x, rt_str text, rt_query_node **out,
                       rt_err *err)
{
    size_t bad = 0;
    if (text.len > RT_QUERY_BYTES)
        return rt_fail(err, RT_ELIMIT, "query: longer than %d bytes", RT_QUERY_BYTES);
    if (!rt_utf8_valid(text, &bad))
        return rt_fail(err, RT_EINPUT, "query: byte %zu is not UTF-8", bad + 1);
    rt_lex p = {.text = text, .arena = a, .lexicon = x, .err = err};
    rt_query_node *root = parse_branches(&p);
    if (root != NULL && p.pos < text.len) {
        rt_lex_at_end(&p);
        if (p.pos < text.len)
            rt_lex_fail(&p, p.pos, "this bracket was not opened");
    }
    if (p.code == RT_OK)
        resolve(&p, root, 0, 0);
    if (p.code == RT_OK && *a->full)
        rt_lex_fail(&p, 0, "the query is too long");
    if (p.code != RT_OK)
        return p.code;
    *out = simplify(root);
    return RT_OK;
}
