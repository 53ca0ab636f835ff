/* A lexicon of a few concepts for tests that must not change with lexicons/. */
#ifndef RT_TEST_MINI_LEXICON_H
#define RT_TEST_MINI_LEXICON_H

#include "knowledge/lexicon.h"

/* Writes its tables into a new temporary folder, loads them, and removes them. Aborts on failure.
 */
rt_lexicon *mini_lexicon(void);
/* The same with one concept more, so that its checksum differs. */
rt_lexicon *mini_lexicon_changed(void);
/* Index of a concept by its id. */
uint32_t mini_concept(const rt_lexicon *x, const char *id);

#endif
