/* Critical-finding rules, from lexicons/critical.tsv (the condition language is described there and
 * in the man page), as a profile has changed them. */
#ifndef RT_KNOWLEDGE_RULES_H
#define RT_KNOWLEDGE_RULES_H

#include "knowledge/image.h"

typedef struct rt_rules rt_rules;

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

typedef struct rt_rule_info { /* strings owned by the rules */
    const char *id, *family, *name_en, *name_zh, *source;
    uint32_t category; /* 1 minutes, 2 hours, 3 days */
    uint32_t minutes;  /* time limit */
    bool off;          /* switched off by the profile: never in by_concept */
    bool of_absence;   /* speaks of absent findings ("no fetal heartbeat"): presence=absent */
    char pad[6];
} rt_rule_info;

#pragma GCC diagnostic pop

/* profile: a file in the format of lexicons/profiles/, or NULL. Fails with file:line:column. */
rt_code rt_rules_load(const char *path, const char *profile, const rt_lexicon *x, rt_rules **out,
                      rt_err *err);
/* The same from a compiled lexicon, if it has just these rules; there is none under a profile. */
rt_code rt_rules_open(const char *path, const char *profile, const rt_lexicon *x,
                      const rt_parts *parts, rt_rules **out, rt_err *err);
/* Into a compiled lexicon, unless the rules have faults. */
void rt_rules_image(rt_image *m, const char *path, const rt_lexicon *x);
void rt_rules_close(rt_rules *r);
uint32_t rt_rules_count(const rt_rules *r);
const rt_rule_info *rt_rules_info(const rt_rules *r, uint32_t rule);
/* SHA-256 of the rules and the profile, in hexadecimal: what an index is stamped with; NULL: "". */
const char *rt_rules_checksum(const rt_rules *r);

/* What was already asked of one report. Lives in the arena, which must outlast it and is used again
 * by every question; NULL if it is full. */
typedef struct rt_rule_memo rt_rule_memo;
rt_rule_memo *rt_rule_memo_new(const rt_rules *r, const rt_doc *d, rt_arena *a);

/* Is there any rule about the concept? */
bool rt_rules_know(const rt_rules *r, uint32_t concept);
/* The next rule, in the order of the file, whose concepts cover that of the finding and whose
 * conditions hold for it. *next starts with 0 and is the function's own; false: there is none. (the
 * presence of what is not absent, temporality and experiencer are the stage's business) */
bool rt_rule_next(rt_rule_memo *m, uint32_t finding, uint32_t *next, uint32_t *rule);
/* Is this possible finding as good as told: "likely", 考虑 (the set @probable of critical.tsv)? */
bool rt_rule_probable(rt_rule_memo *m, uint32_t finding);

#endif
