/* Sentence boundaries of UAX #29 without an iterator: what ICU answers, from ICU's own classes of
 * characters, at a tenth of the cost (tests/unit/test_segment.c and tests/fuzz/fuzz_segment.c hold
 * the two against each other). */
#ifndef RT_TEXT_SENTENCE_ENDS_H
#define RT_TEXT_SENTENCE_ENDS_H

#include "base/str.h"

/* Classes of the characters that texts hold most of beside Han: Latin-1, general punctuation, CJK
 * punctuation and full width forms. All others are looked up when they are met. */
typedef struct rt_sentence_classes {
    uint16_t latin[0x100], general[0x40], cjk[0x40], full_width[0x80];
} rt_sentence_classes;

void rt_sentence_classes_fill(rt_sentence_classes *classes);

/* End of the sentence that begins at `at` < text.len. */
uint32_t rt_sentence_end(const rt_sentence_classes *classes, rt_str text, uint32_t at);

#endif
