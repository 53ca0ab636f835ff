/* See template_reader.h. Concepts are named by id or by any of their forms; the set of all that a
 * list stands for is made once for each list, as most fields repeat the lists of another. */
#include "knowledge/template_reader.h"

#include <stdarg.h>
#include <stdlib.h>

#include "text/fold.h"

enum {
    SETS = 8192, /* slots of the table, a power of two; no more lists than half of it are kept */
};

typedef struct kept {
    const char *list; /* NULL: free */
    rt_closure closure;
    rt_concept_list concepts;
} kept;

typedef struct below {   /* concepts that each concept stands for: itself and all below it */
    uint32_t *from, *at; /* those of c: at[from[c]..from[c + 1]) */
} below;

struct rt_concept_sets {
    below of[2]; /* by rt_closure */
    uint32_t n;
    kept at[SETS];
};

static const rt_range *above(const rt_concept *c, rt_closure closure)
{
    return closure == RT_CLOSURE_KINDS ? &c->kinds : &c->parts;
}

/* The links of the lexicon run upwards; these run down. */
static bool turn_round(const rt_lexicon *x, rt_closure closure, below *out)
{
    uint32_t n = 0;
    out->from = calloc(x->n_concepts + 2U, sizeof *out->from);
    for (uint32_t c = 0; out->from && c < x->n_concepts; c++) {
        const rt_range *up = above(&x->concepts[c], closure);
        for (uint32_t i = 0; i < up->count; i++)
            out->from[x->links[up->first + i] + 2]++;
        n += up->count;
    }
    out->at = calloc(n + 1U, sizeof *out->at);
    if (!out->from || !out->at)
        return false;
    for (uint32_t c = 0; c < x->n_concepts; c++)
        out->from[c + 2] += out->from[c + 1];
    for (uint32_t c = 0; c < x->n_concepts;
         c++) { /* from[c + 1] runs from its beginning to its end */
        const rt_range *up = above(&x->concepts[c], closure);
        for (uint32_t i = 0; i < up->count; i++)
            out->at[out->from[x->links[up->first + i] + 1]++] = c;
    }
    return true;
}

rt_concept_sets *rt_concept_sets_new(const rt_lexicon *x)
{
    rt_concept_sets *s = calloc(1, sizeof *s);
    if (s != NULL && turn_round(x, RT_CLOSURE_KINDS, &s->of[RT_CLOSURE_KINDS]) &&
        turn_round(x, RT_CLOSURE_PARTS, &s->of[RT_CLOSURE_PARTS]))
        return s;
    rt_concept_sets_free(s);
    return NULL;
}

void rt_concept_sets_free(rt_concept_sets *s)
{
    if (s == NULL)
        return;
    for (unsigned i = 0; i < 2; i++) {
        free(s->of[i].from);
        free(s->of[i].at);
    }
    free(s);
}

void rt_read_fail(rt_reader_xml *r, const xmlNode *at, const char *fmt, ...)
{
    if (r->code != RT_OK)
        return;
    char msg[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(msg, sizeof msg, fmt, args);
    va_end(args);
    r->code = rt_fail(r->err, RT_EINPUT, "%s", msg);
    if (r->err == NULL)
        return;
    snprintf(r->err->where, sizeof r->err->where, "%s", r->path);
    r->err->line = (uint32_t)xmlGetLineNo(at);
}

/* ---- nodes and text */

bool rt_xml_is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

xmlNode *rt_xml_next(xmlNode *n, const char *name)
{
    while (n != NULL && !rt_xml_is(n, name))
        n = n->next;
    return n;
}

uint32_t rt_xml_count(const xmlNode *parent, const char *name)
{
    uint32_t count = 0;
    for (const xmlNode *n = parent->children; n != NULL; n = n->next)
        count += rt_xml_is(n, name);
    return count;
}

static const char *keep(rt_reader_xml *r, rt_str s) /* NUL-terminated, in the arena */
{
    char *z = RT_NEW(r->arena, char, s.len + 1);
    if (z == NULL)
        return "";
    memcpy(z, s.ptr, s.len);
    return z;
}

static const char *take(rt_reader_xml *r, xmlChar *value) /* frees what libxml2 gave */
{
    if (value == NULL)
        return NULL;
    const char *z = keep(r, rt_str_trim(rt_str_from((const char *)value)));
    xmlFree(value);
    return z;
}

const char *rt_read_attribute(rt_reader_xml *r, xmlNode *n, const char *name)
{
    return take(r, xmlGetNoNsProp(n, (const xmlChar *)name));
}

const char *rt_read_content(rt_reader_xml *r, xmlNode *n)
{
    return n != NULL ? take(r, xmlNodeGetContent(n)) : NULL;
}

rt_code_ref rt_read_code(rt_reader_xml *r, xmlNode *parent)
{
    xmlNode *n = rt_xml_next(parent->children, "code");
    if (n == NULL)
        return (rt_code_ref){NULL, NULL, NULL};
    return (rt_code_ref){rt_read_attribute(r, n, "system"), rt_read_attribute(r, n, "code"),
                         rt_read_attribute(r, n, "display")};
}

/* ---- lists */

uint32_t rt_count_items(rt_str list)
{
    uint32_t n = list.len > 0;
    for (size_t i = 0; i < list.len; i++)
        n += list.ptr[i] == '|';
    return n;
}

rt_str rt_next_item(rt_str *list)
{
    rt_cut cut = rt_str_cut(*list, '|');
    *list = cut.tail;
    return rt_str_trim(cut.head);
}

rt_word_list rt_read_words(rt_reader_xml *r, const char *list)
{
    rt_str rest = rt_str_from(list);
    uint32_t n = rt_count_items(rest);
    rt_str *out = RT_NEW(r->arena, rt_str, n);
    if (out == NULL)
        return (rt_word_list){.n = 0};
    for (uint32_t i = 0; i < n; i++)
        out[i] = rt_fold_term(r->arena, rt_next_item(&rest));
    return (rt_word_list){.at = out, .n = n};
}

static const uint64_t *close_over(rt_reader_xml *r, const rt_concept_list *list, rt_closure closure)
{
    const below *of = &r->words->sets->of[closure];
    uint64_t *set = RT_NEW(r->arena, uint64_t, list->words);
    for (uint32_t i = 0; set != NULL && i < list->n; i++)
        for (uint32_t k = of->from[list->at[i]]; k < of->from[list->at[i] + 1]; k++)
            set[of->at[k] / 64] |= 1ULL << of->at[k] % 64;
    return set;
}

/* A container ("lung finding") has no form to be found by; its preferred name is a name here. */
static bool find_concept(const rt_lexicon *x, rt_str name, uint32_t *out)
{
    if (rt_lexicon_by_id(x, name, out) || rt_lexicon_by_name(x, name, out))
        return true;
    for (uint32_t c = 0; c < x->n_concepts; c++) {
        if (rt_str_eq(rt_str_from(rt_lexicon_text(x, x->concepts[c].pref_en)), name)) {
            *out = c;
            return true;
        }
    }
    return false;
}

static rt_concept_list named(rt_reader_xml *r, const xmlNode *at, const char *list)
{
    const rt_lexicon *x = r->words->lexicon;
    rt_str rest = rt_str_from(list);
    uint32_t n = rt_count_items(rest);
    uint32_t *out = RT_NEW(r->arena, uint32_t, n);
    if (out == NULL)
        return (rt_concept_list){.n = 0};
    for (uint32_t i = 0; i < n; i++) {
        rt_str name = rt_next_item(&rest);
        if (!find_concept(x, name, &out[i]))
            rt_read_fail(r, at, "no concept of the lexicon is called '%.*s'", (int)name.len,
                         name.ptr);
    }
    return (rt_concept_list){.at = out, .n = n};
}

static kept *place_of(rt_concept_sets *s, const char *list, rt_closure closure)
{
    uint32_t hash = 2166136261U + (uint32_t)closure;
    for (const char *p = list; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619U;
    uint32_t i = hash & (SETS - 1U);
    while (s->at[i].list != NULL &&
           (s->at[i].closure != closure || strcmp(s->at[i].list, list) != 0))
        i = (i + 1) & (SETS - 1U);
    return &s->at[i];
}

rt_concept_list rt_read_concepts(rt_reader_xml *r, const xmlNode *at, const char *list,
                                 rt_closure closure)
{
    rt_concept_sets *sets = r->words->sets;
    if (list == NULL || *list == '\0')
        return (rt_concept_list){.n = 0};
    kept *k = place_of(sets, list, closure);
    if (k->list != NULL)
        return k->concepts;
    rt_concept_list found = named(r, at, list);
    if (r->code != RT_OK || found.n == 0)
        return (rt_concept_list){.n = 0};
    found.words = r->words->lexicon->n_concepts / 64U + 1U;
    found.set = close_over(r, &found, closure);
    if (found.set == NULL)
        return (rt_concept_list){.n = 0};
    if (sets->n < SETS / 2) {
        *k = (kept){list, closure, found};
        sets->n++;
    }
    return found;
}
