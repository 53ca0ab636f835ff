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
static void check_pieces(const rt_regex *p, const rt_regex *parts, const rt_sieve *sieve,
                         rt_arena a, rt_str text)
{
    rt_matcher with = {.arena = &a, .sieve = sieve}, without = {.arena = &a};
    for (size_t beg = 0; beg < text.len; beg++) {
        rt_str piece = rt_str_slice(text, beg, text.len);
        if (rt_utf8_cont(piece.ptr[0]))
            continue;
        bool stands = rt_regex_find(&without, p, piece, NULL);
        require(rt_regex_find_folded(&with, p, piece, NULL) == stands);
        require(rt_regex_stands(&with, parts, piece) == stands);
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
    rt_sieve *sieve = rt_sieve_new();
    require(block && sieve);
    rt_arena a = {block, block + ROOM, &full};
    rt_regex *p = rt_regex_compile(cut.head, false, sieve, &fault);
    rt_regex *parts = rt_regex_compile(cut.head, true, sieve, &fault);
    require(!p == !parts);
    if (p)
        check_pieces(p, parts, sieve, a, rt_fold_term(&a, cut.tail));
    rt_regex_free(p);
    rt_regex_free(parts);
    rt_sieve_free(sieve);
    free(block);
    return 0;
}
