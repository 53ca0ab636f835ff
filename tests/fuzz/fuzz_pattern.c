/* Fuzzes knowledge/needles, sieve and pattern: the first line is a text pattern, the rest a text.
 *
 * Traps when the pattern is found in the folded text without the sieve but not through it or by
 * its alternatives, or the other way round. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "knowledge/pattern.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* Each piece of the text by itself, so that needles are cut at every place. */
static void check_pieces(const rt_patterns *s, uint32_t whole, uint32_t parts, rt_arena a,
                         rt_str text)
{
    rt_matcher with = {.arena = &a}, without = {.arena = &a};
    for (size_t beg = 0; beg < text.len; beg++) {
        rt_str piece = rt_str_slice(text, beg, text.len);
        if (rt_utf8_cont(piece.ptr[0]))
            continue;
        bool stands = rt_pattern_find(&without, s, whole, piece, NULL);
        require(rt_pattern_find_folded(&with, s, whole, piece, NULL) == stands);
        require(rt_pattern_stands(&with, s, parts, piece) == stands);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ROOM = 1 << 20, LONGEST = 200 };
    rt_str in = {(const char *)data, size};
    rt_cut cut = rt_str_cut(in, '\n');
    if (cut.head.len > LONGEST || cut.tail.len > LONGEST || !rt_utf8_valid(in, NULL))
        return 0;
    bool full = false;
    size_t fault;
    char *block = malloc(ROOM);
    rt_patterns *s = rt_patterns_new();
    require(block && s);
    rt_arena a = {block, block + ROOM, &full};
    uint32_t whole = rt_patterns_add(s, cut.head, false, &fault);
    uint32_t parts = rt_patterns_add(s, cut.head, true, &fault);
    require((whole == UINT32_MAX) == (parts == UINT32_MAX));
    if (whole != UINT32_MAX)
        check_pieces(s, whole, parts, a, rt_fold_term(&a, cut.tail));
    rt_patterns_free(s);
    free(block);
    return 0;
}
