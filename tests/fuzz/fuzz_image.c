/* The lists behind a compiled lexicon: four numbers (words of records, bytes of plain, pointers
 * near and far), then the bytes of a part and of these lists. Whatever they say, the parts are
 * refused, or every pointer leads into its list and a root lies in the records. */
#include "knowledge/image.h"

#include <stdlib.h>

enum { NUMBERS = 4, ROOT = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

/* A list of its own on the heap, so that a read behind it is seen; zeros where the input ends. */
static void *take(rt_str *rest, size_t bytes)
{
    char *p = calloc(1, bytes + 1);
    require(p != NULL);
    size_t n = bytes < rest->len ? bytes : rest->len;
    if (n > 0)
        memcpy(p, rest->ptr, n);
    *rest = rt_str_slice(*rest, n, rest->len);
    return p;
}

/* Reads the last byte of what a pointer of the records may lead to. */
static void follow(const rt_lexicon *x, const void *root)
{
    const char *to;
    for (uint32_t i = 0; i < x->n_far; i++) {
        const rt_part *part = &x->parts[0];
        size_t at = x->far[i] * sizeof(uint64_t);
        if (at < part->at || at + sizeof to > (size_t)part->at + ROOT)
            continue;
        memcpy(&to, (const char *)root + (at - part->at), sizeof to);
        require(to >= x->plain && to < x->plain + x->n_plain);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str rest = {(const char *)data, size};
    if (size < NUMBERS)
        return 0;
    rest = rt_str_slice(rest, NUMBERS, rest.len);
    rt_part *part = take(&rest, sizeof *part);
    uint32_t *near = take(&rest, data[2] * sizeof *near);
    uint32_t *far = take(&rest, data[3] * sizeof *far);
    uint64_t *records = take(&rest, data[0] * sizeof *records);
    char *plain = take(&rest, data[1]);
    const rt_lexicon x = {.near = near,
                          .n_near = data[2],
                          .far = far,
                          .n_far = data[3],
                          .records = records,
                          .n_records = data[0],
                          .plain = plain,
                          .n_plain = data[1],
                          .parts = part,
                          .n_parts = 1};
    rt_parts *p = NULL;
    rt_err err = {0};
    rt_code code = rt_parts_open(&x, &p, &err);
    require((code == RT_OK) == (p != NULL) && (code == RT_OK || err.msg[0] != '\0'));
    void *root = rt_parts_take(p, (rt_part_kind)part->kind, part->stamp, ROOT);
    if (root != NULL)
        follow(&x, root);
    free(root);
    rt_parts_close(p);
    free(part);
    free(near);
    free(far);
    free(records);
    free(plain);
    return 0;
}
