/* The query language: text to a tree.
 *
 *   query   := branch { OR branch }
 *   branch  := item { [AND] item }          an AND group
 *   item    := [NOT] near                  -near is NOT near
 *   near    := primary { NEAR[/n] primary }  words and phrases alone
 *   primary := ( query ) | [ condition... ] | field:value | size>8mm | "a phrase" | word | word* |
 * =word
 *
 * In an AND group, presence: belongs to every finding of the group (a plain word that names a
 * finding then is one), section: to every word and finding; groups within may state their own.
 * Adjacent plain words that together are a term of the lexicon stand for the term: its words, or
 * the finding in either language; other terms (anatomy, ...) for any of their forms.
 *
 * Operators are upper case. Full-width brackets, colons, quotation marks and blanks are what their
 * ASCII twins are. Recursive descent; everything lives in the arena, strings may point into the
 * query. Mistakes are RT_EINPUT with the place. */
#ifndef RT_INDEX_QUERY_H
#define RT_INDEX_QUERY_H

#include "base/err.h"
#include "index/rows.h"

/* Limits. */
enum {
    RT_QUERY_BYTES = 16 * 1024, /* of a query */
    RT_QUERY_DEPTH = 24,        /* of brackets: FTS5's own parser has a stack of a hundred */
    RT_QUERY_LEAVES = 1024,     /* words and conditions, those from the lexicon included */
};

typedef enum rt_query_kind {
    RT_QUERY_AND,
    RT_QUERY_OR,
    RT_QUERY_NOT,     /* one child */
    RT_QUERY_NEAR,    /* words and phrases */
    RT_QUERY_WORDS,   /* a word or a phrase of the report */
    RT_QUERY_FINDING, /* some finding of the report */
    RT_QUERY_FIELD,   /* a field of the record */
    RT_QUERY_SECTION, /* the report has the section */
} rt_query_kind;

typedef RT_VEC(uint32_t) rt_concepts;

typedef struct rt_atom {  /* conditions on ONE finding; 0 or empty: any */
    rt_concepts concepts; /* one of them, or a kind of them */
    rt_concepts exactly;  /* or one of these, but no kind of it */
    rt_concepts anatomy;  /* within one of them */
    bool wants_concept, wants_anatomy;
    bool word;        /* asked for by a plain word: what normal statements imply does not count */
    uint32_t letters; /* bits of rt_state_letter; the others: bits of the list of that name */
    uint32_t sections, sides, severities, changes;
    bool sized;
    double size_low, size_high; /* mm, both included unless open */
    bool low_open, high_open;
} rt_atom;

typedef struct rt_query_node rt_query_node;
struct rt_query_node {
    rt_query_kind kind;
    rt_query_node *child, *next;
    uint32_t at;       /* byte of the query */
    rt_str text;       /* WORDS: as written; FIELD: name */
    rt_str low, high;  /* FIELD: values, both included; equal for field:value */
    uint32_t sections; /* WORDS, SECTION, AND (as stated there): bits of rt_section_type, 0 = any */
    bool low_open, high_open; /* FIELD: the end itself is not wanted */
    uint32_t near;            /* NEAR: tokens between */
    bool prefix;              /* WORDS: the last word may go on */
    bool plain;               /* WORDS: not quoted, not "=": the lexicon may widen it */
    rt_atom atom;             /* FINDING; AND: letters as stated there */
};

rt_code rt_query_parse(rt_arena *a, const rt_lexicon *x, rt_str text, rt_query_node **out,
                       rt_err *err);

/* The tree in words, one condition a line. */
void rt_query_explain(rt_buf *b, const rt_lexicon *x, const rt_query_node *n);

/* ---- terms.c: what words mean to the lexicon */

/* Concepts that the name or id stands for. */
void rt_terms_find(rt_arena *a, const rt_lexicon *x, rt_str name, rt_concepts *out);
/* Folded forms of the concept that stand for it always: without those that ask for context, and
 * without those that hold a shorter one ("lung field" beside "lung"). */
typedef RT_VEC(rt_str) rt_forms;
void rt_terms_forms(rt_arena *a, const rt_lexicon *x, uint32_t concept, rt_forms *out);
typedef struct rt_lex rt_lex;
/* A mistake: the lexicon does not know the name; with what may have been meant. */
void rt_terms_unknown(rt_lex *p, size_t at, rt_str name, const char *what);
/* The form of a term that is least different from the word, by at most two characters (one, if it
 * is short); empty: none is near. */
rt_str rt_terms_near(rt_arena *a, const rt_lexicon *x, rt_str word);
/* Plain words among the children of a group -> terms. as_findings: words that name a finding are
 * that finding alone, not its words. */
void rt_terms_widen(rt_lex *p, rt_query_node *group, bool as_findings);

#endif
