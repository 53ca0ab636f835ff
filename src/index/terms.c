/* What the words of a query mean to the lexicon. See query.h. */
#include "index/query.h"

#include "base/utf8.h"
#include "index/lex.h"
#include "text/fold.h"

/* Limits: words of one term. */
enum { MAX_TERM_WORDS = 8 };

/* ---- the lexicon, asked */

static void find_id(rt_arena *a, const rt_lexicon *x, rt_str name, rt_concepts *out)
{
    uint32_t concept = 0;
    char id[24];
    if (name.len >= sizeof id)
        return;
    for (size_t i = 0; i < name.len; i++) {
        id[i] = name.ptr[i];
        if (id[i] >= 'a' && id[i] <= 'z')
            id[i] = (char)(id[i] - 'a' + 'A');
    }
    if (rt_lexicon_by_id(x, (rt_str){id, name.len}, &concept))
        RT_PUSH(a, out, concept);
}

void rt_terms_find(rt_arena *a, const rt_lexicon *x, rt_str name, rt_concepts *out)
{
    uint32_t pattern = 0;
    find_id(a, x, name, out);
    if (out->len > 0 || !rt_automaton_lookup(&x->automaton, rt_fold_term(a, name), &pattern))
        return;
    rt_range entries = x->patterns[pattern].entries;
    for (uint32_t i = 0; i < entries.count; i++) {
        const rt_entry *e = &x->entries[entries.first + i];
        bool known = e->kind != RT_ENTRY_CONCEPT;
        for (uint32_t k = 0; k < out->len && !known; k++)
            known = out->at[k] == e->target;
        if (!known)
            RT_PUSH(a, out, e->target);
    }
}

/* The words of `part` stand within `whole`, so that whoever finds the part finds the whole. */
static bool covers(rt_str part, rt_str whole)
{
    for (size_t at = 0; at + part.len <= whole.len; at++) {
        size_t end = at + part.len;
        bool open = at > 0 && rt_is_word(whole.ptr[at - 1]) && rt_is_word(part.ptr[0]);
        bool goes_on =
            end < whole.len && rt_is_word(whole.ptr[end]) && rt_is_word(part.ptr[part.len - 1]);
        if (!open && !goes_on && memcmp(whole.ptr + at, part.ptr, part.len) == 0)
            return true;
    }
    return false;
}

static void keep_form(rt_arena *a, rt_forms *forms, rt_str form)
{
    for (uint32_t i = 0; i < forms->len; i++) {
        if (covers(forms->at[i], form))
            return;
        if (covers(form, forms->at[i])) /* shorter: it takes the place */
            forms->at[i--] = forms->at[--forms->len];
    }
    RT_PUSH(a, forms, form);
}

void rt_terms_forms(rt_arena *a, const rt_lexicon *x, uint32_t concept, rt_forms *out)
{
    for (uint32_t i = 0; i < x->n_entries; i++) {
        const rt_entry *e = &x->entries[i];
        rt_str form = rt_str_from(rt_lexicon_text(x, e->written));
        if (e->kind == RT_ENTRY_CONCEPT && e->target == concept && e->require.count == 0 &&
            e->forbid.count == 0 && (e->flags & RT_FORM_CASED) == 0 && form.len > 0)
            keep_form(a, out, rt_fold_term(a, form));
    }
}

/* ---- plain words of a group */

static bool is_plain(const rt_query_node *n)
{
    return n != NULL && n->kind == RT_QUERY_WORDS && n->plain;
}

/* The first `n` plain words from `first` on, apart by blanks. */
static rt_str join(rt_arena *a, const rt_query_node *first, unsigned n)
{
    rt_str s = first->text;
    for (unsigned i = 1; i < n; i++) {
        first = first->next;
        s = rt_arena_printf(a, "%.*s %.*s", (int)s.len, s.ptr, (int)first->text.len,
                            first->text.ptr);
    }
    return s;
}

/* How many of the words from `first` on make the longest term, and what it means; 0: none does. */
static unsigned longest_term(rt_lex *p, const rt_query_node *first, rt_concepts *found)
{
    unsigned n = 0;
    for (const rt_query_node *w = first; is_plain(w) && n < MAX_TERM_WORDS; w = w->next)
        n++;
    for (; n > 0; n--) {
        *found = (rt_concepts){0};
        rt_terms_find(p->arena, p->lexicon, join(p->arena, first, n), found);
        if (found->len > 0)
            return n;
    }
    return 0;
}

static void append(rt_query_node *parent, rt_query_node *n)
{
    rt_query_node **tail = &parent->child;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *tail = n;
}

static rt_query_node *finding_of(rt_lex *p, const rt_concepts *found, size_t at)
{
    rt_query_node *n = NULL;
    for (uint32_t i = 0; i < found->len; i++) {
        if (!rt_type_is_observation(p->lexicon->concepts[found->at[i]].type))
            continue;
        if (n == NULL)
            n = rt_lex_node(p, RT_QUERY_FINDING, at);
        if (n == NULL)
            return NULL;
        RT_PUSH(p->arena, &n->atom.concepts, found->at[i]);
        n->atom.wants_concept = n->atom.word = true;
    }
    return n;
}

/* The forms of the concept beside `said`, what the query says. */
static void append_forms(rt_lex *p, rt_query_node *choice, uint32_t concept, rt_str said)
{
    rt_forms forms = {0};
    said = rt_fold_term(p->arena, said);
    rt_terms_forms(p->arena, p->lexicon, concept, &forms);
    for (uint32_t i = 0; i < forms.len; i++) {
        if (rt_str_eq(forms.at[i], said))
            continue;
        rt_query_node *n = rt_lex_node(p, RT_QUERY_WORDS, choice->at);
        if (n == NULL)
            return;
        n->text = forms.at[i];
        append(choice, n);
    }
}

/* The words themselves, cut out of the group: one node, an AND where they are several. */
static rt_query_node *cut_words(rt_lex *p, rt_query_node **link, unsigned n)
{
    rt_query_node *first = *link, *last = first;
    for (unsigned i = 1; i < n; i++)
        last = last->next;
    *link = last->next;
    last->next = NULL;
    for (rt_query_node *w = first; w != NULL; w = w->next)
        w->plain = false;
    if (n == 1)
        return first;
    rt_query_node *all = rt_lex_node(p, RT_QUERY_AND, first->at);
    if (all != NULL)
        all->child = first;
    return all;
}

/* The n words at *link, which mean `found` -> one node in their place. */
static void widen(rt_lex *p, rt_query_node **link, unsigned n, const rt_concepts *found,
                  bool as_findings)
{
    size_t at = (*link)->at;
    rt_str said = join(p->arena, *link, n);
    rt_query_node *finding = finding_of(p, found, at);
    rt_query_node *words = cut_words(p, link, n);
    rt_query_node *put = finding;
    if (finding == NULL || !as_findings) {
        put = rt_lex_node(p, RT_QUERY_OR, at);
        if (put == NULL || words == NULL)
            return;
        put->child = words;
        for (uint32_t i = 0; i < found->len; i++)
            if (!rt_type_is_observation(p->lexicon->concepts[found->at[i]].type))
                append_forms(p, put, found->at[i], said);
        if (finding != NULL)
            append(put, finding);
    }
    put->next = *link;
    *link = put;
}

void rt_terms_widen(rt_lex *p, rt_query_node *group, bool as_findings)
{
    for (rt_query_node **link = &group->child; *link != NULL && p->code == RT_OK;
         link = &(*link)->next) {
        rt_concepts found = {0};
        unsigned n = is_plain(*link) ? longest_term(p, *link, &found) : 0;
        if (n > 0)
            widen(p, link, n, &found, as_findings);
        if (*link == NULL)
            return;
    }
}
