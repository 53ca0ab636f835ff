/* Critical-finding rules, from lexicons/critical.tsv (the condition language is described there and
 * in the man page). */
#ifndef RT_KNOWLEDGE_RULES_H
#define RT_KNOWLEDGE_RULES_H

#include "knowledge/lexicon.h"

typedef struct rt_rules rt_rules;

typedef struct rt_rule_info { /* strings owned by the rules */
    const char *id, *family, *name_en, *name_zh, *source;
    uint32_t category; /* 1 minutes, 2 hours, 3 days */
    uint32_t minutes;  /* time limit */
} rt_rule_info;

rt_code rt_rules_load(const char *path, const rt_lexicon *x, rt_rules **out, rt_err *err);
void rt_rules_close(rt_rules *r);
uint32_t rt_rules_count(const rt_rules *r);
const rt_rule_info *rt_rules_info(const rt_rules *r, uint32_t rule);
/* Rules whose concepts cover this concept, ascending. */
rt_range rt_rules_for(const rt_rules *r, uint32_t concept);
uint32_t rt_rules_nth(const rt_rules *r, uint32_t i); /* rule index at position i of such a range */

/* Answers already found in one report; lives in the arena. NULL if it is full. */
typedef struct rt_rule_memo {
    uint32_t asked;
    bool yes;
} rt_rule_memo;
rt_rule_memo *rt_rule_memo_new(const rt_rules *r, rt_arena *a);

/* Do the conditions of the rule hold for this finding of d? (presence, temporality and experiencer
 * are the stage's business) */
bool rt_rule_holds(const rt_rules *r, uint32_t rule, const rt_doc *d, uint32_t finding,
                   rt_rule_memo *memo);

#endif
