/* Critical-finding rules as they lie in memory; private to knowledge/rules*.c. */
#ifndef RT_KNOWLEDGE_RULES_TABLE_H
#define RT_KNOWLEDGE_RULES_TABLE_H

#include "base/file.h"
#include "knowledge/pattern.h"
#include "knowledge/rules.h"
#include "knowledge/tsv.h"

/* ORDER: size to age are the numeric keys. */
#define RT_RULE_KEYS(X)                                                                            \
    X(acuity)                                                                                      \
    X(modifier)                                                                                    \
    X(anatomy)                                                                                     \
    X(concept)                                                                                     \
    X(severity)                                                                                    \
    X(change)                                                                                      \
    X(side)                                                                                        \
    X(section)                                                                                     \
    X(presence)                                                                                    \
    X(size)                                                                                        \
    X(volume)                                                                                      \
    X(percent)                                                                                     \
    X(count)                                                                                       \
    X(age)                                                                                         \
    X(near)                                                                                        \
    X(with)                                                                                        \
    X(after)                                                                                       \
    X(advice)                                                                                      \
    X(text)                                                                                        \
    X(history)                                                                                     \
    X(report)                                                                                      \
    X(cue)
#define X(k) RT_RULE_KEY_##k,
typedef enum rt_rule_key { RT_RULE_KEYS(X) RT_RULE_N_KEYS } rt_rule_key;
#undef X

/* What it takes to answer a condition; they are sorted by it. */
typedef enum rt_rule_cost {
    RT_COST_FINDING,  /* what is known of the finding itself */
    RT_COST_SENTENCE, /* and of its sentence */
    RT_COST_FINDINGS, /* all other findings */
    RT_COST_HISTORY,  /* some sections */
    RT_COST_REPORT,   /* all of it */
    RT_COST_END
} rt_rule_cost;

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct rt_rule_condition {
    uint32_t key;    /* rt_rule_key */
    uint32_t ask;    /* conditions that ask the same share one answer: see remembered() */
    uint16_t op;     /* '=' '!' '<' '>' '~', and 'g' for >=, 'l' for <= */
    uint16_t cost;   /* rt_rule_cost */
    uint32_t text;   /* in patterns, or in those of sections */
    rt_range values; /* in values: concept indices or closed words; text~: bits of the pattern */
    double number;
    uint64_t bits; /* of the concepts in values, as kind_bits */
} rt_rule_condition;

typedef struct rt_rule {
    rt_rule_info info;
    rt_range concepts;     /* in values */
    rt_range when, unless; /* in conditions, the cheap ones first */
    rt_range text;         /* bits of a pattern that must stand in the sentence; none: no such */
    uint32_t own;          /* of `when`: known of the finding itself */
    uint32_t han;          /* the pattern stands in no text of ASCII alone */
} rt_rule;

typedef struct rt_rule_gate { /* tells of most rules at once that they do not hold */
    uint64_t mask;            /* `text` in one word; 0: it is in more, or there is none */
    uint64_t places; /* bits, as part_bits, of which a place needs one; 0: it needs no place */
    uint64_t word;   /* of the mask */
} rt_rule_gate;

#pragma GCC diagnostic pop

typedef struct rt_rule_set { /* "@old": conditions under a name */
    rt_str name;
    rt_range when, unless;
} rt_rule_set;

typedef struct rt_rule_pattern { /* while loading */
    rt_str source;
    uint32_t text;
    uint32_t ask[RT_RULE_N_KEYS]; /* by key, RT_NIL: that does not ask for it */
    bool of_sections;
    bool folded; /* asked of folded text alone */
} rt_rule_pattern;

struct rt_rules {
    const rt_lexicon *lex;
    char *memory;
    rt_arena arena;
    bool full;
    char checksum[65];
    rt_tsv tsv;
    rt_bytes file, profile;
    RT_VEC(rt_rule) rules;
    RT_VEC(rt_rule_gate) gates; /* of each rule */
    RT_VEC(uint64_t) absence;   /* bits of the rules that speak of absent findings */
    RT_VEC(rt_rule_set) sets;
    RT_VEC(rt_rule_condition) conditions;
    rt_patterns *patterns;           /* of sentences */
    rt_patterns *section_patterns;   /* history~ and report~: few, so that long texts cost little */
    RT_VEC(rt_rule_pattern) sources; /* of the patterns */
    RT_VEC(uint32_t) values;
    RT_VEC(uint32_t) order; /* rule indices grouped by concept */
    rt_range *by_concept;   /* of each concept of the lexicon, in order */
    uint32_t concepts;      /* of the lexicon */
    uint32_t asks;
    rt_rule_set probable, never; /* the sets of these names: see rules_ask.c */
};

/* Complaint about a piece of the current row. */
rt_code rt_rules_fail(rt_rules *r, rt_str at, rt_err *err, const char *what);
/* Names or ids of concepts, joined by the separator, into r->values. */
rt_code rt_rules_concepts(rt_rules *r, rt_str cell, char separator, rt_range *out, rt_err *err);
/* A cell of conditions joined by ';' into r->conditions; in_when: sets give their `when`. */
rt_code rt_rules_conditions(rt_rules *r, rt_str cell, bool in_when, rt_range *out, rt_err *err);
/* One row of a profile laid over the rules. */
rt_code rt_rules_override(rt_rules *r, rt_err *err);
extern const char *const rt_rules_profile_columns[];

#endif
