/* Where walks of the lexicon's trie begin: its states behind the first word or the first Han
 * character of a pattern, so that a text is not read there byte by byte.
 *
 *   word    letters and digits up to the next other byte; the first eight bytes are looked up in a
 *           hash table with open addressing, and behind a longer word the walk begins at its ninth
 *   Han     U+4E00 to U+9FFF: the code point is the index
 *   others  behind their first byte
 *
 * A pattern that ends inside such a word is passed over: a match that ends between two letters or
 * digits is none (stage/scan). */
#ifndef RT_KNOWLEDGE_STARTS_H
#define RT_KNOWLEDGE_STARTS_H

#include "base/arena.h"
#include "base/eight.h"
#include "knowledge/automaton.h"

enum {
    RT_HAN_FIRST = 0x4E00,
    RT_HAN_COUNT = 0x9FFF - 0x4E00 + 1,
    RT_STARTS_OTHERS = RT_HAN_COUNT + 256,
};

typedef struct rt_starts { /* borrowed */
    const uint64_t *words; /* 0: a free slot */
    const rt_cell *behind; /* where to enter the trie (rt_automaton_enter) for each word */
    const rt_cell *others; /* and for each Han character, then for each byte; or RT_NO_CELL */
    uint32_t n_words;      /* slots, a power of 2 */
} rt_starts;

/* Of the patterns that a is made of. Memory from the arena, which says when it is full. */
void rt_starts_build(rt_arena *arena, const rt_automaton *a, const rt_str *patterns, uint32_t n,
                     rt_starts *out);

static inline uint32_t rt_starts_slot(const rt_starts *s, uint64_t word)
{
    return (uint32_t)(word * 0x9E3779B97F4A7C15ULL >> 32) & (s->n_words - 1);
}

/* The letters and digits among eight bytes, as in base/eight. */
static inline uint64_t rt_starts_letters(uint64_t w)
{
    uint64_t ascii = w & ~RT_EIGHT_TOPS;
    return (rt_each_within(ascii | RT_EIGHT(0x20), 'a', 'z') | rt_each_within(ascii, '0', '9')) &
           ~w;
}

/* The word, as it is looked up, at the beginning of eight bytes; 0: there is none. */
static inline uint64_t rt_starts_word(uint64_t eight)
{
    uint64_t others = rt_starts_letters(eight) ^ RT_EIGHT_TOPS;
    return others == 0 ? eight : eight & ((others & (0 - others)) - 1) >> 7;
}

/* Where to enter the trie for the word or the character at text[at], or RT_NO_CELL. */
static inline rt_cell rt_starts_at(const rt_starts *s, rt_str text, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;
    if (p[0] >= 0xE4 && p[0] <= 0xE9) {
        uint32_t cp = (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
        return s->others[cp >= RT_HAN_FIRST ? cp - RT_HAN_FIRST : RT_HAN_COUNT + (uint32_t)p[0]];
    }
    uint64_t first = rt_starts_word(rt_eight_at(text.ptr, text.len, at));
    if (first == 0)
        return s->others[RT_HAN_COUNT + p[0]];
    uint32_t slot = rt_starts_slot(s, first);
    while (s->words[slot] != first && s->words[slot] != 0)
        slot = (slot + 1) & (s->n_words - 1);
    return s->words[slot] == first ? s->behind[slot] : RT_NO_CELL;
}

#endif
