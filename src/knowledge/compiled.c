/* The compiled lexicon: a header, then the lists of RT_LEXICON_LISTS one after another (ORDER
 * LISTS), aligned to a line of the cache.
 *
 *   | magic version | file size | hash of all that follows | source checksum, fingerprint |
 * {offset, count} a list | lists ... |
 *
 * Records hold no pointers, so the map is the lexicon. The layout depends on the machine (byte
 * order, sizes): the header says so and another machine refuses it and reads the tables instead. */
#include "knowledge/compiled.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"

#define MAGIC "RTLEX001"
#define MAX_BYTES (1U << 30)

enum { VERSION = 36, BYTE_ORDER_MARK = 0x01020304, ALIGNED = 64 };

#define X(type, name) LIST_##name,
enum { RT_LEXICON_LISTS(X) N_LISTS };
#undef X

typedef struct file_list {
    uint64_t offset;
    uint32_t count, size; /* of one record */
} file_list;

typedef struct header {
    char magic[8];
    uint32_t version, order; /* of this layout; 0x01020304 as this machine writes it */
    uint64_t bytes, hash;
    char checksum[80];
    uint64_t fingerprint, zero; /* zero keeps the header a multiple of ALIGNED bytes */
    file_list list[N_LISTS];
} header;

_Static_assert(sizeof(header) % ALIGNED == 0, "lists start at a line of the cache");

static uint64_t hash_of(rt_str file)
{
    return rt_hash_file(rt_str_slice(file, offsetof(header, checksum), file.len));
}

static void add_list(rt_buf *b, header *h, unsigned i, const void *at, uint32_t count, size_t size)
{
    while (b->len % ALIGNED != 0)
        rt_buf_addc(b, 0);
    h->list[i] = (file_list){sizeof *h + b->len, count, (uint32_t)size};
    if (count > 0)
        rt_buf_add(b, (rt_str){at, count * size});
}

rt_code rt_compiled_write(const rt_lexicon *x, const char *path, rt_err *err)
{
    header h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, MAGIC, sizeof h.magic);
    h.version = VERSION;
    h.order = BYTE_ORDER_MARK;
    memcpy(h.checksum, x->checksum, sizeof x->checksum);
    h.fingerprint = x->fingerprint;
    rt_buf body, file;
    rt_buf_init(&body, MAX_BYTES);
    rt_buf_init(&file, MAX_BYTES);
#define X(type, name) add_list(&body, &h, LIST_##name, x->name, x->n_##name, sizeof(type));
    RT_LEXICON_LISTS(X)
#undef X
    h.bytes = sizeof h + body.len;
    rt_buf_add(&file, (rt_str){(const char *)&h, sizeof h});
    rt_buf_add(&file, rt_buf_str(&body));
    rt_code code = rt_buf_check(&body, err);
    if (code == RT_OK)
        code = rt_buf_check(&file, err);
    if (code == RT_OK) {
        h.hash = hash_of(rt_buf_str(&file));
        memcpy(file.ptr, &h, sizeof h);
        code = rt_file_write(path, rt_buf_str(&file), err);
    }
    rt_buf_free(&body);
    rt_buf_free(&file);
    return code;
}

static const char *list_problem(const header *h, const size_t *sizes)
{
    for (unsigned i = 0; i < N_LISTS; i++) {
        const file_list *l = &h->list[i];
        if (l->size != sizes[i] || l->offset % ALIGNED != 0 || l->offset > h->bytes ||
            l->count > (h->bytes - l->offset) / l->size)
            return "its lists are not where they should be";
    }
    return NULL;
}

static const char *problem(rt_str file)
{
#define X(type, name) sizeof(type),
    static const size_t sizes[] = {RT_LEXICON_LISTS(X)};
#undef X
    const header *h = (const void *)file.ptr;
    if (file.len < sizeof *h || memcmp(h->magic, MAGIC, sizeof h->magic) != 0)
        return "not a compiled lexicon";
    if (h->version != VERSION || h->order != BYTE_ORDER_MARK)
        return "compiled by another version or on another kind of machine";
    if (h->bytes != file.len)
        return "truncated";
    if (h->hash != hash_of(file))
        return "damaged: its checksum is wrong";
    return list_problem(h, sizes);
}

rt_code rt_compiled_open(const char *path, rt_lexicon **out, rt_err *err)
{
    rt_bytes file;
    rt_code code = rt_file_map(path, &file, err);
    if (code != RT_OK)
        return code;
    const char *wrong = problem(rt_bytes_str(&file));
    rt_lexicon *x = wrong ? NULL : calloc(1, sizeof *x);
    if (!x) {
        rt_bytes_free(&file);
        return wrong ? rt_fail(err, RT_EINPUT, "%s: %s", path, wrong)
                     : rt_fail(err, RT_ENOMEM, "no memory for the lexicon");
    }
    const header *h = (const void *)file.ptr;
#define X(type, name)                                                                              \
    x->name = (const void *)(file.ptr + h->list[LIST_##name].offset);                              \
    x->n_##name = h->list[LIST_##name].count;
    RT_LEXICON_LISTS(X)
#undef X
    rt_lexicon_settle(x);
    memcpy(x->checksum, h->checksum, sizeof x->checksum);
    x->checksum[sizeof x->checksum - 1] = '\0';
    x->fingerprint = h->fingerprint;
    x->memory = file.ptr;
    x->mapped = file.len;
    *out = x;
    return RT_OK;
}
