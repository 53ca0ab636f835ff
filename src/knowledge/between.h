/* What stands between two places of a report: prepositions, what joins the items of a list, mere
 * blanks. Answered from the hits of the scan and lexicons/relators.tsv; each answer costs the hits
 * of the gap. */
#ifndef RT_KNOWLEDGE_BETWEEN_H
#define RT_KNOWLEDGE_BETWEEN_H

#include "knowledge/lexicon.h"

typedef struct rt_between {
    const rt_lexicon *lexicon;
    const rt_doc *doc;
} rt_between;

/* Does a hit read as a relator of that meaning? */
bool rt_between_reads(const rt_between *s, const rt_hit *h, rt_relator_type meaning);
/* Does a relator of that meaning stand in the gap? */
bool rt_between_relator(const rt_between *s, rt_fspan gap, rt_relator_type meaning);
/* Does one of the bytes stand in the gap? */
bool rt_between_any(const rt_between *s, rt_fspan gap, const char *bytes);
/* Are there only blanks and hyphens? */
bool rt_between_blank(const rt_between *s, rt_fspan gap);
/* Is there nothing but what joins the items of a list, and modifiers? With loose: a mere blank will
 * do. */
bool rt_between_list(const rt_between *s, rt_fspan gap, bool loose);

#endif
