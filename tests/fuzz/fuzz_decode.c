/* Fuzzes text/decode: the first byte chooses what the sender says, the rest is the report.
 *
 * Traps when the document text is not what decode.h promises (valid UTF-8, LF alone, nothing that
 * XML 1.0 forbids, longer than any charset explains), when decoding it again changes it, or when
 * the counts and the place of the first damage do not fit the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static bool is_allowed(uint32_t cp)
{
    return (cp >= 0x20 || cp == '\t' || cp == '\n') && cp != 0xFFFE && cp != 0xFFFF &&
           cp != 0xFEFF && cp != 0x85 && cp != 0x2028 && cp != 0x2029;
}

static void check_text(const rt_decoded *d, rt_str raw)
{
    require(rt_utf8_valid(d->text, NULL));
    require(d->text.len <= 3 * raw.len);
    for (size_t pos = 0; pos < d->text.len;)
        require(is_allowed(rt_utf8_next(d->text, &pos)));
    bool damaged = d->replaced > 0 || d->removed > 0;
    require(damaged ? d->first_bad <= d->text.len : d->first_bad == 0);
    require(d->first_bad == d->text.len || !rt_utf8_cont(d->text.ptr[d->first_bad]));
}

static rt_decoded decode(char *block, size_t size, rt_str raw, const char *label)
{
    bool full = false;
    rt_arena a = {block, block + size, &full};
    rt_decoded d;
    rt_err err = {.code = RT_OK};
    require(rt_decode(&a, raw, rt_str_from(label), &d, &err) == RT_OK && !full);
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"",      "UTF-8",  "GBK",      "Big5",    "8859/1",
                                         "ASCII", "UTF-16", "UTF-16BE", "UTF-16LE"};
    if (size == 0)
        return 0;
    rt_str raw = {(const char *)data + 1, size - 1};
    size_t room = 4 * size + 16;
    char *block = malloc(room), *again = malloc(4 * room);
    require(block != NULL && again != NULL);
    rt_decoded d = decode(block, room, raw, labels[data[0] % (sizeof labels / sizeof *labels)]);
    check_text(&d, raw);
    rt_decoded e = decode(again, 4 * room, d.text, "UTF-8");
    require(rt_str_eq(d.text, e.text) && e.text.ptr == d.text.ptr && e.replaced + e.removed == 0);
    free(again);
    free(block);
    return 0;
}
