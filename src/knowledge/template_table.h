/* The templates of a folder as they lie in memory; private to knowledge/template*.c. */
#ifndef RT_KNOWLEDGE_TEMPLATE_TABLE_H
#define RT_KNOWLEDGE_TEMPLATE_TABLE_H

#include "knowledge/exam_words.h"
#include "knowledge/template.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

/* What mentions say of the templates of a language: a row of bytes, each 0 or 1, so that rows can
 * be added up; byte RT_SIGNS * i + k is sign 1 << k of template at[i]. */
typedef struct rt_template_signs {
    const uint32_t *at;     /* in the order of all */
    const uint16_t *row_of; /* by concept */
    const uint64_t *rows;
    uint32_t n, words, n_rows, concepts; /* words: of a row */
} rt_template_signs;

#pragma GCC diagnostic pop

struct rt_templates {
    rt_exam_words *exams;
    rt_template_signs signs[RT_LANG_END];
    rt_template *at;
    uint32_t n;
    char *memory; /* NULL: of a compiled lexicon */
    bool full;
};

/* t->signs; memory of the arena. false: no memory, or no end of kinds of rows. */
bool rt_template_signs_make(rt_templates *t, const rt_lexicon *x, rt_arena *arena);

#endif
