/* A query tree in words, for people who wonder what was asked. See query.h. */
#include "index/query.h"

#include <math.h>

#include "index/rows.h"

/* Limits: forms and concepts that are listed by name. */
enum { LISTED = 8 };

static void indent(rt_buf *b, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        rt_buf_addz(b, "  ");
}

static void bits(rt_buf *b, const char *what, uint32_t set, const char *(*name)(unsigned value))
{
    const char *before = "";
    if (set == 0)
        return;
    rt_buf_addz(b, what);
    for (unsigned i = 0; i < 32; i++) {
        if ((set >> i & 1U) == 0)
            continue;
        rt_buf_addf(b, "%s%s", before, name(i));
        before = " or ";
    }
}

static void concepts(rt_buf *b, const rt_lexicon *x, const rt_concepts *of)
{
    for (uint32_t i = 0; i < of->len && i < LISTED; i++) {
        const rt_concept *c = &x->concepts[of->at[i]];
        rt_buf_addf(b, "%s%s %s (%s)", i > 0 ? " or " : "", rt_lexicon_text(x, c->pref_en),
                    rt_lexicon_text(x, c->pref_zh), rt_lexicon_text(x, c->id));
    }
    if (of->len > LISTED)
        rt_buf_addf(b, " or %u more", of->len - LISTED);
}

static void length(rt_buf *b, const char *what, double mm)
{
    rt_buf_addz(b, what);
    rt_buf_number(b, mm);
    rt_buf_addz(b, " mm");
}

static void atom(rt_buf *b, const rt_lexicon *x, const rt_atom *a)
{
    rt_buf_addz(b, "a finding");
    if (a->wants_concept) {
        rt_buf_addz(b, ": ");
        concepts(b, x, &a->concepts);
        if (a->exactly.len > 0) {
            rt_buf_addz(b, a->concepts.len > 0 ? " or exactly " : "exactly ");
            concepts(b, x, &a->exactly);
        }
    }
    if (a->wants_anatomy) {
        rt_buf_addz(b, ", in ");
        concepts(b, x, &a->anatomy);
    }
    if (a->letters != RT_LETTERS_STATED)
        bits(b, ", presence ", a->letters & ~(1U << RT_LETTER_NORMAL), rt_letter_name);
    bits(b, ", side ", a->sides, rt_side_name);
    bits(b, ", severity ", a->severities, rt_severity_name);
    bits(b, ", change ", a->changes, rt_change_name);
    bits(b, ", section ", a->sections, rt_section_name);
    if (a->sized && a->size_low > 0)
        length(b, a->low_open ? ", larger than " : ", at least ", a->size_low);
    if (a->sized && isfinite(a->size_high))
        length(b, a->high_open ? ", smaller than " : ", at most ", a->size_high);
    if (a->letters == 0)
        rt_buf_addz(b, ", present or not");
    if (a->letters == RT_LETTERS_STATED)
        rt_buf_addz(b, ", named as present or not");
}

static void words(rt_buf *b, const rt_query_node *n)
{
    rt_buf_addf(b, "\"%.*s%s\"", (int)n->text.len, n->text.ptr, n->prefix ? "..." : "");
}

static void field(rt_buf *b, const rt_query_node *n)
{
    rt_buf_addf(b, "%.*s ", (int)n->text.len, n->text.ptr);
    if (rt_str_eq(n->low, n->high)) {
        rt_buf_addf(b, "is %.*s", (int)n->low.len, n->low.ptr);
        return;
    }
    if (n->low.len > 0)
        rt_buf_addf(b, "%s %.*s", n->low_open ? "after" : "from", (int)n->low.len, n->low.ptr);
    if (n->high.len > 0)
        rt_buf_addf(b, "%s%s %.*s", n->low.len > 0 ? " " : "", n->high_open ? "below" : "to",
                    (int)n->high.len, n->high.ptr);
}

static void near(rt_buf *b, const rt_query_node *n)
{
    uint32_t sections = 0;
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        words(b, c);
        rt_buf_addz(b, c->next != NULL ? " and " : "");
        sections = c->sections;
    }
    rt_buf_addf(b, " within %u words of each other", n->near);
    bits(b, ", section ", sections, rt_section_name);
}

/* A row of words in one line: those a plain word stands for. */
static const rt_query_node *words_row(rt_buf *b, const rt_query_node *n)
{
    unsigned more = 0;
    const rt_query_node *last = n;
    rt_buf_addz(b, n->next != NULL && n->next->kind == RT_QUERY_WORDS ? "the words " : "the word ");
    for (unsigned i = 0; n != NULL && n->kind == RT_QUERY_WORDS; n = n->next, i++) {
        last = n;
        if (i >= LISTED) {
            more++;
            continue;
        }
        rt_buf_addz(b, i > 0 ? ", " : "");
        words(b, n);
    }
    if (more > 0)
        rt_buf_addf(b, " and %u more", more);
    bits(b, ", section ", last->sections, rt_section_name);
    return last;
}

static void explain(rt_buf *b, const rt_lexicon *x, const rt_query_node *n, unsigned depth);

static void children(rt_buf *b, const rt_lexicon *x, const rt_query_node *n, unsigned depth)
{
    for (const rt_query_node *c = n->child; c != NULL; c = c->next) {
        if (c->kind != RT_QUERY_WORDS) {
            explain(b, x, c, depth);
            continue;
        }
        indent(b, depth);
        c = words_row(b, c);
        rt_buf_addc(b, '\n');
    }
}

static void explain(rt_buf *b, const rt_lexicon *x, const rt_query_node *n, unsigned depth)
{
    indent(b, depth);
    switch (n->kind) {
    case RT_QUERY_AND:
    case RT_QUERY_OR:
        rt_buf_addz(b, n->kind == RT_QUERY_AND ? "all of\n" : "any of\n");
        children(b, x, n, depth + 1);
        return;
    case RT_QUERY_NOT:
        rt_buf_addz(b, "not\n");
        children(b, x, n, depth + 1);
        return;
    case RT_QUERY_NEAR:
        near(b, n);
        break;
    case RT_QUERY_WORDS:
        rt_buf_addz(b, "the words ");
        words(b, n);
        bits(b, ", section ", n->sections, rt_section_name);
        break;
    case RT_QUERY_FINDING:
        atom(b, x, &n->atom);
        break;
    case RT_QUERY_FIELD:
        field(b, n);
        break;
    case RT_QUERY_SECTION:
        bits(b, "the report has the section ", n->sections, rt_section_name);
        break;
    }
    rt_buf_addc(b, '\n');
}

void rt_query_explain(rt_buf *b, const rt_lexicon *x, const rt_query_node *n)
{
    explain(b, x, n, 0);
}
