/* Shared by lexicon_load.c, lexicon_rows.c and lexicon_build.c only: a lexicon while it is being
 * read. */
#ifndef RT_KNOWLEDGE_LEXICON_BUILD_H
#define RT_KNOWLEDGE_LEXICON_BUILD_H

#include "base/file.h"
#include "knowledge/lexicon.h"
#include "knowledge/tsv.h"

typedef struct rt_form { /* one form as read, on its way to become an entry of a pattern */
    rt_str folded;
    rt_str written;   /* in the text of its file */
    const char *path; /* that file */
    rt_str file;
    rt_entry entry;
    uint32_t order; /* of reading; derived plurals come last */
} rt_form;

typedef struct rt_reading { /* a row of ambiguous.tsv */
    rt_str form, place, file;
    uint32_t concept;
    rt_range require, forbid;
    bool used;
} rt_reading;

typedef struct rt_id_key {
    rt_str id;
    uint32_t concept;
} rt_id_key;

typedef struct rt_load {
    rt_arena arena; /* becomes the memory of the lexicon */
    bool full;
    const char *dir;
    const rt_sink *complain;
    uint32_t complaints;
    rt_tsv tsv; /* the table being read */
    rt_bytes files[16];

    RT_VEC(char) pool;
    RT_VEC(rt_concept) concepts;
    RT_VEC(rt_str) concept_places;
    RT_VEC(rt_entry) entries;
    RT_VEC(rt_pattern) patterns;
    RT_VEC(rt_cue) cues;
    RT_VEC(rt_heading) headings;
    RT_VEC(rt_normal) normals;
    RT_VEC(rt_blocker) blockers;
    RT_VEC(rt_unit) units;
    RT_VEC(rt_quantifier) quantifiers;
    RT_VEC(rt_marked) marks;
    RT_VEC(rt_relator) relators;
    RT_VEC(uint32_t) links;
    RT_VEC(rt_text_id) words;
    RT_VEC(rt_form) forms;
    RT_VEC(rt_reading) readings;
    uint32_t *by_id;
    uint32_t n_sorted;
    rt_str *keys; /* folded bytes of each pattern, sorted */
} rt_load;

/* A table: its first columns, and what one row of it adds. lexicon_rows.c */
typedef struct rt_load_table {
    const char *name;
    const char *columns[11];
    rt_code (*row)(rt_load *l, rt_err *err);
} rt_load_table;
enum {
    RT_LOAD_TABLES = 12,
    RT_LOAD_PARENTS = 1, /* concepts.tsv once more, when all concepts are known and sorted */
};
extern const rt_load_table rt_load_tables[RT_LOAD_TABLES];

rt_text_id rt_load_text(rt_load *l, rt_str s);
rt_code rt_load_form(rt_load *l, rt_str written, rt_entry entry, rt_err *err);
/* Hand a complaint to the front (and go on: RT_OK) or make it the error of the load. */
rt_code rt_load_complain(rt_load *l, rt_code code, const rt_err *problem, rt_err *err);
/* Closures, plurals, sides, patterns. */
rt_code rt_load_build(rt_load *l, rt_err *err);

#endif
