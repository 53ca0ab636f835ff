/* The templates of a folder as they lie in memory; private to knowledge/template*.c. */
#ifndef RT_KNOWLEDGE_TEMPLATE_TABLE_H
#define RT_KNOWLEDGE_TEMPLATE_TABLE_H

#include "knowledge/exam_words.h"
#include "knowledge/template.h"

struct rt_templates {
    rt_exam_words *exams;
    uint64_t *signs; /* of each concept, signs_words of 64: see rt_templates_signs */
    uint32_t signs_words, concepts;
    rt_template *at;
    uint32_t n;
    char *memory; /* NULL: of a compiled lexicon */
    bool full;
};

#endif
