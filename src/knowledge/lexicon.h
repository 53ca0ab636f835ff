/* The lexicon: concepts, cues, headings, normal statements, blockers, units, and the patterns that
 * find them.
 *
 *   folded bytes --automaton--> pattern --entries--> readings (concept | cue | heading | normal |
 * blocker | unit)
 *
 * All records are plain data that refer to each other by index and to text by offset into one
 * string pool, so that the whole lexicon is a few arrays: the compiled file is these arrays,
 * memory-mapped (knowledge/compiled). Const after load. */
#ifndef RT_KNOWLEDGE_LEXICON_H
#define RT_KNOWLEDGE_LEXICON_H

#include "base/err.h"
#include "base/pairs.h"
#include "knowledge/automaton.h"
#include "knowledge/starts.h"
#include "model/doc.h"

typedef uint32_t rt_text_id; /* offset of a NUL-terminated string in the pool; 0 = "" */

typedef enum rt_entry_kind {
    RT_ENTRY_CONCEPT,
    RT_ENTRY_CUE,
    RT_ENTRY_HEADING,
    RT_ENTRY_NORMAL,
    RT_ENTRY_BLOCKER,
    RT_ENTRY_UNIT,
    RT_ENTRY_QUANTIFIER,
    RT_ENTRY_MARK,
    RT_ENTRY_RELATOR,
} rt_entry_kind;

enum {                      /* rt_entry.flags */
       RT_FORM_CASED = 1,   /* must stand in the report exactly as `written` */
       RT_FORM_DERIVED = 4, /* a plural that nobody wrote down */
       RT_FORM_SHORT = 2,   /* one Han character: accepted only between known neighbours */
       RT_FORM_FREE = 8,    /* holds whatever stands around it */
};

typedef struct rt_entry { /* one reading of a pattern */
    uint8_t kind, flags;
    uint8_t side; /* rt_side_type that the form itself states ("right lung", 双肺, bibasilar) */
    uint8_t type; /* rt_type_type of a concept */
    uint32_t target;    /* index in the list of its kind */
    rt_text_id written; /* the form as written in the source file */
    rt_range require;   /* in words: any of them must stand in the sentence; empty = always */
    rt_range forbid;    /* in words: none of them may */
} rt_entry;

enum { /* rt_concept.flags */
       RT_CONCEPT_PAIRED = 1,
       RT_CONCEPT_CRITICAL = 2,
       RT_CONCEPT_GENERIC = 4,
       RT_CONCEPT_CONTAINER = 8,
       RT_CONCEPT_NOPLURAL = 16,
       RT_CONCEPT_PARTIAL = 32, /* a property that says nothing of the rest: size */
       RT_CONCEPT_MIDLINE = 64, /* it and what lies below it has no side unless a form states one */
       RT_CONCEPT_LEVEL = 256, /* a level of the spine: stands beside the structure named with it */
       RT_CONCEPT_SIZED = 128, /* a focal lesion: the sizes of its clause are its own */
};

typedef struct rt_concept {
    rt_text_id id, pref_en, pref_zh, region;
    uint8_t type; /* rt_type_type */
    uint8_t
        value; /* closed value of a side, severity or change concept (rt_side_type, ...), else 0 */
    uint16_t flags;
    uint8_t id_bytes, en_bytes, zh_bytes; /* of id, pref_en, pref_zh; 0: not known */
    bool plain;     /* none of them has a byte that XML or JSON would escape */
    rt_range kinds; /* in links: itself and all is_a ancestors, sorted */
    rt_range
        parts; /* in links: itself and all part_of (and is_a) ancestors, sorted; anatomy only */
    uint64_t kind_bits, part_bits; /* bit i % 64 for each i of these: "no" without a look */
    uint32_t flags_above;          /* flags of all kinds and parts, its own among them */
    uint32_t pad;                  /* to a line of the cache */
} rt_concept;
_Static_assert(sizeof(rt_concept) == 64, "a line of the cache");

typedef struct rt_cue {
    rt_text_id form;
    uint8_t category, direction, scope, link, lang; /* rt_..._type */
    uint8_t pad[3];
} rt_cue;

typedef struct rt_heading {
    rt_text_id form;
    uint32_t section; /* rt_section_type */
} rt_heading;

typedef struct rt_normal {
    rt_text_id form;
    rt_range anatomy, absent; /* in links: concept indices */
} rt_normal;

typedef struct rt_blocker {
    rt_text_id form;
    uint32_t keep; /* concept index or RT_NIL */
} rt_blocker;

typedef struct rt_unit {
    rt_text_id form, unit; /* as written, normalised name */
    double factor;         /* value * factor is in the normalised unit */
    uint32_t kind;         /* rt_measure_type */
    uint32_t pad;
} rt_unit;

typedef struct rt_quantifier {
    rt_text_id form;
    uint32_t meaning; /* rt_quantifier_type */
    uint32_t number;  /* that the word stands for, else 0 */
} rt_quantifier;

typedef struct rt_marked {  /* for stage/qa alone: it takes no place and hides no concept */
    rt_text_id form, value; /* value: what the set says it is (the right spelling, a concept) */
    uint32_t mark;          /* rt_mark_type: its set */
} rt_marked;

typedef struct rt_relator {
    rt_text_id form;
    uint32_t meaning; /* rt_relator_type */
} rt_relator;

#define RT_READS(kind) (1U << (kind)) /* some entry is of this kind */
enum {
    RT_READS_ANATOMY = 1 << 16, /* some entry is a concept of this type */
    RT_READS_SEVERITY = 1 << 17,
    RT_READS_OBSERVATION = 1 << 18,
    RT_READS_PLACE = 1 << 19,  /* some entry takes a place in the sentence (stage/mention) */
    RT_READS_ALWAYS = 1 << 20, /* and holds whatever stands around it */
    RT_READS_DENIAL = 1 << 21, /* some entry is a cue that denies */
    RT_READS_SIDE = 1 << 22,   /* some entry is a concept of this type */
};

typedef struct rt_pattern {
    rt_range entries;
    uint32_t reads; /* RT_READS bits */
} rt_pattern;

/* What else a compiled lexicon holds; see knowledge/image.h. */
typedef enum rt_part_kind {
    RT_PART_RULES,
    RT_PART_WORDING,
    RT_PART_CHECKS,
    RT_PART_HL7,
    RT_PART_MRRT,
    RT_PART_TEMPLATES,
} rt_part_kind;

typedef struct rt_part {
    uint64_t stamp;    /* of the files that it was read from */
    uint32_t at, size; /* of its root in records, bytes */
    uint32_t kind, pad;
} rt_part;

/* Parallel lists of the lexicon; the order here is the order in the compiled file
 * (knowledge/compiled.c: ORDER LISTS). valid: rt_hash_file of the template files that followed
 * their schema when the lexicon was compiled; they need not be validated again. records to parts:
 * see knowledge/image.h. */
#define RT_LEXICON_LISTS(X)                                                                        \
    X(char, pool)                                                                                  \
    X(rt_concept, concepts)                                                                        \
    X(rt_entry, entries)                                                                           \
    X(rt_pattern, patterns)                                                                        \
    X(rt_cue, cues)                                                                                \
    X(rt_heading, headings)                                                                        \
    X(rt_normal, normals)                                                                          \
    X(rt_blocker, blockers)                                                                        \
    X(rt_unit, units)                                                                              \
    X(rt_quantifier, quantifiers)                                                                  \
    X(rt_marked, marks)                                                                            \
    X(rt_relator, relators)                                                                        \
    X(uint32_t, links)                                                                             \
    X(rt_text_id, words)                                                                           \
    X(uint64_t, valid)                                                                             \
    X(uint32_t, by_id)                                                                             \
    X(rt_cell, cells)                                                                              \
    X(rt_start_word, start_words)                                                                  \
    X(rt_start, start_others)                                                                      \
    X(uint64_t, records)                                                                           \
    X(char, plain)                                                                                 \
    X(uint32_t, near)                                                                              \
    X(uint32_t, far)                                                                               \
    X(rt_part, parts)

typedef struct rt_lexicon {
#define X(type, name)                                                                              \
    const type *name;                                                                              \
    uint32_t n_##name;
    RT_LEXICON_LISTS(X)
#undef X
    rt_automaton automaton;                        /* over cells */
    rt_starts starts;                              /* over start_words and start_others */
    uint32_t abnormality, enlargement, dilatation; /* concepts that the stages know, or RT_NIL */
    char checksum[65];                             /* SHA-256 of the source files, hex */
    uint64_t fingerprint;                          /* of the same, quickly made */
    void *owned_cells;                             /* heap, when the automaton was built here */
    void *owned_valid;                             /* heap, set before compiling */
    void *memory;                                  /* heap blocks or the map behind it all; owned */
    size_t mapped;                                 /* bytes of the map, 0 = heap */
} rt_lexicon;

/* Read and check
 * dir/{concepts,ambiguous,abbrev,cues,headings,normals,blockers,units,quantifiers,relators,qa_words}.tsv.
 * With complain: every complaint is written there and reading goes on (for `lexicon check`), else
 * the first one fails. */
rt_code rt_lexicon_load(const char *dir, const rt_sink *complain, rt_lexicon **out, rt_err *err);
void rt_lexicon_close(rt_lexicon *x);
/* SHA-256 over names and bytes of the source files of dir. */
rt_code rt_lexicon_checksum(const char *dir, char out[65], rt_err *err);
/* A quick hash of the same bytes, to find out whether a compiled lexicon is stale. */
rt_code rt_lexicon_fingerprint(const char *dir, uint64_t *out, rt_err *err);

static inline const char *rt_lexicon_text(const rt_lexicon *x, rt_text_id id)
{
    return x->pool + id;
}
/* Names whose length is known as a rule. */
static inline rt_str rt_lexicon_known(const rt_lexicon *x, rt_text_id id, uint8_t bytes)
{
    const char *name = rt_lexicon_text(x, id);
    return bytes > 0 ? (rt_str){name, bytes} : rt_str_from(name);
}
static inline rt_str rt_lexicon_id(const rt_lexicon *x, const rt_concept *c)
{
    return rt_lexicon_known(x, c->id, c->id_bytes);
}
static inline rt_str rt_lexicon_name(const rt_lexicon *x, const rt_concept *c, bool zh)
{
    return zh ? rt_lexicon_known(x, c->pref_zh, c->zh_bytes)
              : rt_lexicon_known(x, c->pref_en, c->en_bytes);
}
/* All patterns at the beginning of a word or character, as rt_automaton_match finds them, but for
 * those that end inside the word; quicker. */
static inline uint32_t rt_lexicon_match(const rt_lexicon *x, rt_str text, uint32_t at,
                                        rt_match *out, uint32_t max)
{
    return rt_starts_match(&x->starts, &x->automaton, text, at, out, max);
}

bool rt_lexicon_by_id(const rt_lexicon *x, rt_str id, uint32_t *concept); /* "RID5352" */
bool rt_lexicon_by_name(const rt_lexicon *x, rt_str name,
                        uint32_t *concept); /* any form or id; the first concept reading */
/* The same for a form that has been folded, without ids: quicker. */
bool rt_lexicon_by_folded(const rt_lexicon *x, rt_str form, uint32_t *concept);
/* Set what follows from the lists: the automaton, its starts, the known concepts. */
void rt_lexicon_settle(rt_lexicon *x);
/* Is this the form of a heading? section (rt_section_type) may be NULL. */
bool rt_lexicon_heading(const rt_lexicon *x, rt_str form, unsigned *section);
/* Does the text have a word that the entry requires, if it requires any, and none that it forbids?
 * pairs: of the text that was asked about last; set to zero at first. */
bool rt_lexicon_allows(const rt_lexicon *x, const rt_entry *e, rt_str in, rt_pairs *pairs);
bool rt_lexicon_linked(const rt_lexicon *x, rt_range links, uint32_t concept);

/* concept is kind or below it */
static inline bool rt_lexicon_is_a(const rt_lexicon *x, uint32_t concept, uint32_t kind)
{
    const rt_concept *c = &x->concepts[concept];
    return (c->kind_bits >> kind % 64 & 1) != 0 && rt_lexicon_linked(x, c->kinds, kind);
}

/* anatomy: is or lies within */
static inline bool rt_lexicon_part_of(const rt_lexicon *x, uint32_t concept, uint32_t whole)
{
    const rt_concept *c = &x->concepts[concept];
    return (c->part_bits >> whole % 64 & 1) != 0 && rt_lexicon_linked(x, c->parts, whole);
}

/* The concept, or something that it is a kind or a part of, carries the flag. */
static inline bool rt_lexicon_flagged(const rt_lexicon *x, uint32_t concept, unsigned flag)
{
    return (x->concepts[concept].flags_above & flag) != 0;
}

static inline bool rt_type_is_observation(unsigned type)
{
    return type >= RT_TYPE_FINDING && type <= RT_TYPE_PROCEDURE;
}

#endif
