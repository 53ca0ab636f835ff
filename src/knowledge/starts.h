/* Where walks of the lexicon's trie begin: its states behind the first word or the first Han
 * character of a pattern, so that a text is not read there byte by byte.
 *
 *   word    letters and digits up to the next other byte; the first eight bytes are looked up in a
 *           hash table with open addressing, and behind a longer word the walk begins at its ninth
 *   Han     U+4E00 to U+9FFF: the code point is the index
 *   others  behind their first byte
 *
 * A pattern that ends inside such a word is passed over: a match that ends between two letters or
 * digits is none (stage/scan). Most walks would end at once: the pattern that is the beginning and
 * nothing more stands beside the state, and 64 bits say which three bytes may go on behind it. */
#ifndef RT_KNOWLEDGE_STARTS_H
#define RT_KNOWLEDGE_STARTS_H

#include "base/arena.h"
#include "base/eight.h"
#include "knowledge/automaton.h"

#define RT_NO_PATTERN UINT32_MAX

enum {
    RT_HAN_FIRST = 0x4E00,
    RT_HAN_COUNT = 0x9FFF - 0x4E00 + 1,
    RT_STARTS_OTHERS = RT_HAN_COUNT + 256,
};

typedef struct rt_start {
    rt_cell enter;  /* the trie (rt_automaton_enter), with the bytes of the beginning */
    uint32_t alone; /* the pattern that ends there, or RT_NO_PATTERN */
    uint64_t next;  /* by rt_starts_next: some pattern goes on so; 0: none is longer */
} rt_start;

typedef struct rt_start_word {
    uint64_t word; /* 0: a free slot */
    rt_start start;
} rt_start_word;

typedef struct rt_starts { /* borrowed */
    const rt_start_word *words;
    const rt_start *others; /* of each Han character, then of each byte */
    uint32_t n_words;       /* slots, a power of 2 */
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

/* A number below 64 for three bytes, the lowest of w; a wrapped line reads as a blank. */
static inline unsigned rt_starts_bit(uint64_t w)
{
    uint32_t three = (uint32_t)w & 0xFFFFFF, lines = three ^ 0x0A0A0A;
    lines = ~(((lines & 0x7F7F7F) + 0x7F7F7F) | lines) & 0x808080;
    return ((three ^ (lines >> 7) * ('\n' ^ ' ')) * 0x9E3779B1U) >> 26;
}

/* The word, as it is looked up, at the beginning of eight bytes; 0: there is none. */
static inline uint64_t rt_starts_word(uint64_t eight)
{
    uint64_t others = rt_starts_letters(eight) ^ RT_EIGHT_TOPS;
    return others == 0 ? eight : eight & ((others & (0 - others)) - 1) >> 7;
}

/* The bit for the three bytes of a text from i on; any bit if it has no three. */
static inline unsigned rt_starts_next(rt_str text, size_t i)
{
    if (text.len - i < 4)
        return text.len - i < 3 ? 0 : rt_starts_bit(rt_eight_at(text.ptr, text.len, i));
    return rt_starts_bit(rt_four(text.ptr + i));
}

/* Of the word or the character at text[at]; NULL: no pattern begins so. */
static inline const rt_start *rt_starts_at(const rt_starts *s, rt_str text, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;
    if (p[0] >= 0xE4 && p[0] <= 0xE9) {
        uint32_t cp = (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
        return &s->others[cp >= RT_HAN_FIRST ? cp - RT_HAN_FIRST : RT_HAN_COUNT + (uint32_t)p[0]];
    }
    uint64_t first = rt_starts_word(rt_eight_at(text.ptr, text.len, at));
    if (first == 0)
        return &s->others[RT_HAN_COUNT + p[0]];
    uint32_t slot = rt_starts_slot(s, first);
    while (s->words[slot].word != first && s->words[slot].word != 0)
        slot = (slot + 1) & (s->n_words - 1);
    return s->words[slot].word == first ? &s->words[slot].start : NULL;
}

/* As rt_automaton_match, but for patterns that end inside the first word; quicker. At least one
 * match must have room. */
static inline uint32_t rt_starts_match(const rt_starts *s, const rt_automaton *a, rt_str text,
                                       uint32_t at, rt_match *out, uint32_t max)
{
    const rt_start *way = rt_starts_at(s, text, at);
    if (way == NULL)
        return 0;
    uint32_t behind = at + (way->enter & RT_CELL_LABEL), n = way->alone != RT_NO_PATTERN;
    out[0] = (rt_match){behind, way->alone};
    if ((way->next >> rt_starts_next(text, behind) & 1) != 0)
        n += rt_automaton_match_from(a, way->enter, text, at, out + n, max - n);
    return n;
}

#endif
