/* Everything that was loaded at start-up and is const ever after. */
#ifndef RT_KNOWLEDGE_KNOWLEDGE_H
#define RT_KNOWLEDGE_KNOWLEDGE_H

#include "knowledge/checks.h"
#include "knowledge/lexicon.h"
#include "knowledge/rules.h"
#include "knowledge/template.h"
#include "knowledge/word_table.h"
#include "knowledge/wording.h"

typedef struct rt_knowledge {
    const rt_lexicon *lexicon;
    const rt_rules *rules;
    const rt_checks *checks;
    const rt_wording *wording;
    const rt_templates *templates;
    const rt_word_table *hl7, *mrrt;
} rt_knowledge;

#endif
