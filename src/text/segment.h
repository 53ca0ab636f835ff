/* Sentence and word boundaries (UAX #29) over the document text: sentences from text/sentence_ends,
 * words of ASCII from text/ascii_words, those of other texts from ICU. */
#ifndef RT_TEXT_SEGMENT_H
#define RT_TEXT_SEGMENT_H

#include "base/err.h"
#include "base/vec.h"

typedef struct rt_segmenter rt_segmenter; /* one per thread; cheap to clone from the engine's */

typedef struct rt_word {
    rt_span at;
    uint32_t is_word; /* 0: blanks and punctuation; words tile the text together with them */
} rt_word;

typedef RT_VEC(uint32_t) rt_bounds;
typedef RT_VEC(rt_word) rt_words;

rt_code rt_segmenter_open(rt_segmenter **out, rt_err *err);
rt_code rt_segmenter_clone(const rt_segmenter *from, rt_segmenter **out, rt_err *err);
void rt_segmenter_close(rt_segmenter *s);

/* Ends of the sentences of text (byte offsets, ascending, the last = text.len). */
rt_code rt_segment_sentences(rt_segmenter *s, rt_arena *a, rt_str text, rt_bounds *out,
                             rt_err *err);
/* All word pieces of text, in order. */
rt_code rt_segment_words(rt_segmenter *s, rt_arena *a, rt_str text, rt_words *out, rt_err *err);

/* The same from ICU for any text: the oracle of tests, and the floor of benchmarks. */
rt_code rt_segment_sentences_icu(rt_segmenter *s, rt_arena *a, rt_str text, rt_bounds *out,
                                 rt_err *err);
rt_code rt_segment_words_icu(rt_segmenter *s, rt_arena *a, rt_str text, rt_words *out, rt_err *err);

#endif
