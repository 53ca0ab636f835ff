/* Word boundaries of plain ASCII text, by the rules of UAX #29 that such text can meet: what ICU
 * answers, at ten times its speed (tests/fuzz/fuzz_segment.c holds the two against each other). */
#ifndef RT_TEXT_ASCII_WORDS_H
#define RT_TEXT_ASCII_WORDS_H

#include "base/str.h"

/* Is there no byte above 0x7F? */
bool rt_is_ascii(rt_str s);

/* End of the word piece that begins at `at` < text.len; *is_word: it holds letters or digits.
 * colon_joins: "a:b" is one word, which versions of ICU answer differently. */
uint32_t rt_ascii_word_end(rt_str text, uint32_t at, bool colon_joins, bool *is_word);

#endif
