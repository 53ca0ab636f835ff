/* Fuzzes text/fold and text/text over valid UTF-8 (other bytes are decoded first).
 *
 * Traps when the folded text is longer than promised or not UTF-8, when folding it again changes
 * it, when a byte of it does not come from one whole character of the report, when the map runs
 * backwards in either direction, or when a tight arena gives another result. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/decode.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void check_origins(const rt_text *t)
{
    rt_span last = {0, 0};
    for (uint32_t i = 0; i < t->folded.len; i++) {
        rt_span at = rt_text_origin(t, (rt_fspan){i, i + 1});
        require(at.beg < at.end && at.end <= t->doc.len && at.beg >= last.beg &&
                at.end >= last.end);
        require(!rt_utf8_cont(t->doc.ptr[at.beg]));
        require(rt_utf8_count(rt_text_slice(t, at)) == 1);
        require(rt_text_folded(t, at.beg) <= i);
        last = at;
    }
}

static void check_back(const rt_text *t)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i <= t->doc.len; i++) {
        uint32_t at = rt_text_folded(t, i);
        require(at >= last && at <= t->folded.len);
        last = at;
    }
}

/* Half the room, then one byte more until it fits: never past the end, never another result. */
static void check_tight(const rt_text *t)
{
    bool full = true;
    for (size_t room = t->folded.len + t->steps.len * sizeof(rt_step); full; room += 16) {
        char *block = malloc(room + 1);
        require(block != NULL);
        full = false;
        rt_arena a = {block, block + room, &full};
        rt_text u;
        rt_fold(&a, t->doc, &u);
        require(a.beg <= a.end);
        require(full ? u.folded.len == 0 : rt_str_eq(t->folded, u.folded));
        free(block);
    }
}

static void check(char *block, size_t room, rt_str doc)
{
    bool full = false;
    rt_arena a = {block, block + room, &full};
    rt_text t, again;
    rt_fold(&a, doc, &t);
    require(!full && t.folded.len <= 2 * doc.len + 8 && rt_utf8_valid(t.folded, NULL));
    require(t.ascii == (rt_utf8_count(doc) == doc.len));
    check_origins(&t);
    check_back(&t);
    rt_fold(&a, t.folded, &again);
    require(!full && rt_str_eq(t.folded, again.folded));
    if (doc.len < 300)
        check_tight(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool full = false;
    size_t room = 64 * size + 4096;
    char *block = malloc(room), *decoded = malloc(room);
    require(block != NULL && decoded != NULL);
    rt_arena a = {decoded, decoded + room, &full};
    rt_decoded d;
    require(rt_decode(&a, (rt_str){(const char *)data, size}, RT_STR("UTF-8"), &d, NULL) == RT_OK);
    check(block, room, d.text);
    free(decoded);
    free(block);
    return 0;
}
