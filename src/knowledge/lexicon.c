/* Questions to a loaded lexicon. See lexicon.h; reading is in lexicon_load.c. */
#include "knowledge/lexicon.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "text/fold.h"

void rt_lexicon_close(rt_lexicon *x)
{
    if (!x)
        return;
    if (x->mapped > 0)
        munmap(x->memory, x->mapped);
    else
        free(x->memory);
    free(x->owned_cells);
    free(x->owned_valid);
    free(x);
}

bool rt_lexicon_by_id(const rt_lexicon *x, rt_str id, uint32_t *concept)
{
    uint32_t lo = 0, hi = x->n_by_id;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int c = rt_str_cmp(rt_str_from(x->pool + x->concepts[x->by_id[mid]].id), id);
        if (c == 0) {
            *concept = x->by_id[mid];
            return true;
        }
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

/* A shared form names the concept that prefers it: "stenosis" may also be read as spinal stenosis.
 */
static bool prefers(const rt_lexicon *x, uint32_t concept, rt_str name)
{
    const rt_concept *c = &x->concepts[concept];
    return rt_str_eq(rt_str_from(rt_lexicon_text(x, c->pref_en)), name) ||
           rt_str_eq(rt_str_from(rt_lexicon_text(x, c->pref_zh)), name);
}

static rt_range entries_of_folded(const rt_lexicon *x, rt_str key)
{
    uint32_t pattern;
    if (!rt_automaton_lookup(&x->automaton, key, &pattern))
        return (rt_range){0, 0};
    return x->patterns[pattern].entries;
}

/* What the form, in any spelling that folds to the same, may mean. */
static rt_range entries_of(const rt_lexicon *x, rt_str form)
{
    char memory[1024]; /* longer than any form: what does not fit is no form */
    bool full = false;
    rt_arena a = {memory, memory + sizeof memory, &full};
    rt_str key = rt_fold_term(&a, form);
    return full ? (rt_range){0, 0} : entries_of_folded(x, key);
}

bool rt_lexicon_heading(const rt_lexicon *x, rt_str form, unsigned *section)
{
    rt_range r = entries_of(x, form);
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        if (x->entries[i].kind != RT_ENTRY_HEADING)
            continue;
        if (section != NULL)
            *section = x->headings[x->entries[i].target].section;
        return true;
    }
    return false;
}

static bool concept_among(const rt_lexicon *x, rt_range r, rt_str name, uint32_t *concept)
{
    bool found = false;
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_entry *e = &x->entries[i];
        if (e->kind == RT_ENTRY_CONCEPT && (!found || prefers(x, e->target, name))) {
            *concept = e->target;
            found = true;
        }
    }
    return found;
}

bool rt_lexicon_by_name(const rt_lexicon *x, rt_str name, uint32_t *concept)
{
    return rt_lexicon_by_id(x, name, concept) ||
           concept_among(x, entries_of(x, name), name, concept);
}

bool rt_lexicon_by_folded(const rt_lexicon *x, rt_str form, uint32_t *concept)
{
    return concept_among(x, entries_of_folded(x, form), form, concept);
}

static uint32_t named(const rt_lexicon *x, const char *form)
{
    uint32_t concept;
    return rt_lexicon_by_folded(x, rt_str_from(form), &concept) ? concept : RT_NIL;
}

void rt_lexicon_settle(rt_lexicon *x)
{
    x->automaton = (rt_automaton){x->cells, x->n_cells};
    x->starts = (rt_starts){x->start_words, x->start_others, x->n_start_words};
    x->abnormality = named(x, "abnormality");
    x->enlargement = named(x, "enlargement");
    x->dilatation = named(x, "dilatation");
}

bool rt_lexicon_linked(const rt_lexicon *x, rt_range links, uint32_t concept)
{
    for (uint32_t i = links.first; i < links.first + links.count; i++)
        if (x->links[i] == concept)
            return true;
    return false;
}

static bool any_word(const rt_lexicon *x, rt_range words, rt_str in, rt_pairs *pairs)
{
    if (words.count > 0)
        rt_pairs_read(pairs, in);
    for (uint32_t i = words.first; i < words.first + words.count; i++) {
        const char *word = rt_lexicon_text(x, x->words[i]);
        if (rt_pairs_may(pairs, word) && rt_str_find(in, rt_str_from(word), NULL))
            return true;
    }
    return false;
}

bool rt_lexicon_allows(const rt_lexicon *x, const rt_entry *e, rt_str in, rt_pairs *pairs)
{
    return (e->require.count == 0 || any_word(x, e->require, in, pairs)) &&
           !any_word(x, e->forbid, in, pairs);
}
