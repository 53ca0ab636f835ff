#include "knowledge/starts.h"

#include "base/utf8.h"

/* By what a pattern is found: its first word, else an index of `others`; and how many bytes of the
 * pattern that says. */
typedef struct beginning {
    uint64_t word;
    uint32_t other;
    size_t len;
} beginning;

static beginning begin(rt_str pattern)
{
    unsigned char lead = (unsigned char)pattern.ptr[0];
    beginning b = {.word = rt_starts_word(rt_eight_at(pattern.ptr, pattern.len, 0))};
    while (b.len < 8 && b.word >> 8 * b.len != 0)
        b.len++;
    if (b.word != 0)
        return b;
    uint32_t cp = lead >= 0xE4 && lead <= 0xE9 ? rt_utf8_next(pattern, &b.len) : 0;
    if (cp >= RT_HAN_FIRST)
        b.other = cp - RT_HAN_FIRST;
    else
        b = (beginning){0, RT_HAN_COUNT + (uint32_t)lead, 1};
    return b;
}

static uint32_t slots_for(const rt_str *patterns, uint32_t n)
{
    enum { SPARE = 3 }; /* slots a word, at least */
    uint32_t words = 0, slots = 1;
    uint64_t last = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t word = begin(patterns[i]).word;
        words += word != 0 && word != last;
        last = word;
    }
    while (slots < SPARE * words)
        slots *= 2;
    return slots;
}

/* What the pattern adds to the beginning that it shares with others. */
static void add(rt_start *s, rt_cell enter, rt_str pattern, uint32_t index)
{
    size_t depth = enter & RT_CELL_LABEL;
    if (s->enter == 0)
        *s = (rt_start){enter, RT_NO_PATTERN, 0};
    if (pattern.len == depth)
        s->alone = index;
    else if (pattern.len - depth < 3)
        s->next = UINT64_MAX;
    else
        s->next |= 1ULL << rt_starts_next(pattern, depth);
}

void rt_starts_build(rt_arena *arena, const rt_automaton *a, const rt_str *patterns, uint32_t n,
                     rt_starts *out)
{
    uint32_t slots = slots_for(patterns, n);
    rt_start_word *words = RT_NEW(arena, rt_start_word, slots);
    rt_start *others = RT_NEW(arena, rt_start, RT_STARTS_OTHERS);
    *out = (rt_starts){words, others, slots};
    if (*arena->full)
        return;
    for (uint32_t i = 0; i < RT_STARTS_OTHERS; i++)
        others[i].alone = RT_NO_PATTERN;
    for (uint32_t i = 0; i < n; i++) {
        beginning b = begin(patterns[i]);
        rt_cell enter = rt_automaton_enter(a, rt_str_slice(patterns[i], 0, b.len));
        uint32_t slot = rt_starts_slot(out, b.word);
        while (b.word != 0 && words[slot].word != 0 && words[slot].word != b.word)
            slot = (slot + 1) & (slots - 1);
        if (b.word != 0)
            words[slot].word = b.word;
        add(b.word != 0 ? &words[slot].start : &others[b.other], enter, patterns[i], i);
    }
}
