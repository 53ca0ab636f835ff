/* Data tables: any bytes end in rows or in an error with a place inside the file; cells lie in the
 * text and hold no tab. */
#include "knowledge/tsv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const columns[] = {"id", "type", NULL};
    rt_tsv t;
    rt_err err = {0};
    rt_str text = {(const char *)data, size};
    rt_code code = rt_tsv_open(&t, "fuzz", text, columns, &err);
    for (bool more = true; code == RT_OK && more;) {
        code = rt_tsv_row(&t, &more, &err);
        for (uint32_t i = 0; code == RT_OK && more && i < t.columns; i++)
            if (t.cell[i].ptr < text.ptr || t.cell[i].ptr + t.cell[i].len > text.ptr + text.len ||
                rt_str_find(t.cell[i], RT_STR("\t"), NULL))
                abort();
    }
    if (code != RT_OK && (err.line == 0 || err.msg[0] == '\0'))
        abort();
    return 0;
}
