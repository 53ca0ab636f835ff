/* Writing and reading of records with pointers. See image.h. */
#include "knowledge/image.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"

enum {
    MAX_BYTES = 1 << 30,
    SLOTS = 1 << 18,        /* of the table of what is kept; half of them are used at most */
    MAX_POINTERS = 1 << 16, /* of the records of one list */
};

_Static_assert(sizeof(void *) == sizeof(uint64_t), "a pointer is a word of the image");

typedef struct pointer { /* in a list of records */
    uint32_t at;         /* byte */
    bool far;
} pointer;

typedef struct frame { /* a list of records that is being walked */
    struct frame *outer;
    char *base;
    size_t bytes;
    pointer *pointers;
    uint32_t n;
} frame;

typedef struct kept { /* plain bytes, or the records that were at an address */
    uint64_t hash;
    const char *from; /* NULL: plain */
    size_t at, bytes; /* bytes 0: the slot is free */
    uint32_t part;    /* of the records: another part may have used the address again */
} kept;

struct rt_image {
    rt_buf records, plain, near, far, parts;
    frame *top;
    bool full;
    uint32_t n_kept, part;
    kept kept[SLOTS];
};

/* ---- writing */

rt_image *rt_image_new(void)
{
    rt_image *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    rt_buf_init(&m->records, MAX_BYTES);
    rt_buf_init(&m->plain, MAX_BYTES);
    rt_buf_init(&m->near, MAX_BYTES);
    rt_buf_init(&m->far, MAX_BYTES);
    rt_buf_init(&m->parts, MAX_BYTES);
    return m;
}

void rt_image_free(rt_image *m)
{
    if (m == NULL)
        return;
    rt_buf_free(&m->records);
    rt_buf_free(&m->plain);
    rt_buf_free(&m->near);
    rt_buf_free(&m->far);
    rt_buf_free(&m->parts);
    free(m);
}

/* The slot with these bytes, or that with the records from there; or a free one. */
static kept *slot_of(rt_image *m, rt_str bytes, const char *from, size_t align)
{
    rt_str key = from != NULL ? (rt_str){(const char *)&from, sizeof from} : bytes;
    uint64_t h = rt_hash64(key, bytes.len);
    for (uint64_t i = h;; i++) {
        kept *k = &m->kept[i % SLOTS];
        bool equal = k->hash == h && k->from == from && k->bytes == bytes.len;
        if (k->bytes == 0) {
            k->hash = h;
            return k;
        }
        if (equal && (from != NULL ? k->part == m->part
                                   : k->at % align == 0 &&
                                         memcmp(m->plain.ptr + k->at, bytes.ptr, bytes.len) == 0))
            return k;
    }
}

static bool has_room(rt_image *m, const rt_buf *b)
{
    m->full = m->full || b->code != RT_OK || m->n_kept >= SLOTS / 2;
    return !m->full;
}

/* Behind what is kept there; the slot says where. */
static size_t append(rt_image *m, rt_buf *b, kept *k, rt_str bytes, const char *from, size_t align)
{
    while (b->len % align != 0)
        rt_buf_addc(b, 0);
    *k = (kept){k->hash, from, b->len, bytes.len, m->part};
    rt_buf_add(b, bytes);
    m->n_kept++;
    return k->at;
}

/* The pointer of the record that is walked becomes an offset. */
static void point(rt_image *m, void *pointer_at, size_t offset, bool far)
{
    frame *f = m->top;
    size_t at = (size_t)((char *)pointer_at - f->base);
    uint64_t word = offset;
    assert(at % sizeof word == 0 && at + sizeof word <= f->bytes);
    memcpy(pointer_at, &word, sizeof word);
    if (f->n == MAX_POINTERS)
        m->full = true;
    else
        f->pointers[f->n++] = (pointer){(uint32_t)at, far};
}

static void clear(void *pointer_at)
{
    memset(pointer_at, 0, sizeof(void *));
}

static const char *target(const void *pointer_at)
{
    const char *p;
    memcpy(&p, pointer_at, sizeof p);
    return p;
}

static void keep_plain(rt_image *m, void *pointer_at, size_t bytes, size_t align)
{
    rt_str s = {target(pointer_at), bytes};
    if (s.ptr == NULL || bytes == 0 || !has_room(m, &m->plain)) {
        clear(pointer_at);
        return;
    }
    kept *k = slot_of(m, s, NULL, align);
    point(m, pointer_at, k->bytes > 0 ? k->at : append(m, &m->plain, k, s, NULL, align), true);
}

void rt_image_plain(rt_image *m, void *pointer_at, size_t bytes)
{
    keep_plain(m, pointer_at, bytes, sizeof(uint64_t));
}

void rt_image_text(rt_image *m, const char **text)
{
    keep_plain(m, text, *text != NULL ? strlen(*text) + 1 : 0, 1);
}

void rt_image_str(rt_image *m, rt_str *s)
{
    keep_plain(m, &s->ptr, s->len, 1);
}

static void note_pointers(rt_image *m, const frame *f, size_t at)
{
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t word = (uint32_t)((at + f->pointers[i].at) / sizeof(uint64_t));
        rt_buf_add(f->pointers[i].far ? &m->far : &m->near, (rt_str){(char *)&word, sizeof word});
    }
}

/* A copy of the records, whose pointers are walked; where it is kept. */
static size_t walk_records(rt_image *m, const char *from, size_t n, size_t size,
                           rt_image_walk *walk)
{
    size_t at = 0;
    frame f = {.outer = m->top, .base = malloc(n * size), .bytes = n * size};
    f.pointers = malloc(MAX_POINTERS * sizeof *f.pointers);
    if (f.base != NULL && f.pointers != NULL && has_room(m, &m->records)) {
        memcpy(f.base, from, f.bytes);
        m->top = &f;
        for (size_t i = 0; i < n; i++)
            walk(m, f.base + i * size);
        m->top = f.outer;
        rt_str bytes = {f.base, f.bytes};
        at = append(m, &m->records, slot_of(m, bytes, from, 8), bytes, from, 8);
        note_pointers(m, &f, at);
    } else {
        m->full = true;
    }
    free(f.base);
    free(f.pointers);
    return at;
}

static size_t keep_records(rt_image *m, const char *from, size_t n, size_t size,
                           rt_image_walk *walk)
{
    const kept *k = slot_of(m, (rt_str){from, n * size}, from, 8);
    return k->bytes > 0 ? k->at : walk_records(m, from, n, size, walk);
}

void rt_image_records(rt_image *m, void *pointer_at, size_t n, size_t size, rt_image_walk *walk)
{
    const char *from = target(pointer_at);
    if (from == NULL || n == 0)
        clear(pointer_at);
    else
        point(m, pointer_at, keep_records(m, from, n, size, walk), false);
}

void rt_image_part(rt_image *m, rt_part_kind kind, uint64_t stamp, const void *root, size_t size,
                   rt_image_walk *walk)
{
    m->part++;
    size_t at = walk_records(m, root, 1, size, walk);
    rt_part p = {stamp, (uint32_t)at, (uint32_t)size, kind, 0};
    rt_buf_add(&m->parts, (rt_str){(const char *)&p, sizeof p});
}

rt_code rt_image_end(rt_image *m, rt_lexicon *x, rt_err *err)
{
    while (m->records.len % sizeof(uint64_t) != 0)
        rt_buf_addc(&m->records, 0);
    if (m->full || m->records.code != RT_OK || m->plain.code != RT_OK || m->near.code != RT_OK ||
        m->far.code != RT_OK || m->parts.code != RT_OK)
        return rt_fail(err, RT_ELIMIT, "the compiled lexicon becomes too large");
#define TAKE(name)                                                                                 \
    (x->name = (const void *)m->name.ptr, x->n_##name = (uint32_t)(m->name.len / sizeof *x->name))
    TAKE(records);
    TAKE(plain);
    TAKE(near);
    TAKE(far);
    TAKE(parts);
#undef TAKE
    return RT_OK;
}

/* ---- reading */

struct rt_parts {
    const rt_lexicon *x;
    uint64_t *records;
};

/* Offsets to pointers; false: one leads out of its list. */
static bool set_pointers(const rt_parts *p, const uint32_t *slots, uint32_t n, const char *base,
                         size_t bytes)
{
    for (uint32_t i = 0; i < n; i++) {
        if (slots[i] >= p->x->n_records || p->records[slots[i]] >= bytes)
            return false;
        const char *to = base + p->records[slots[i]];
        memcpy(&p->records[slots[i]], &to, sizeof to);
    }
    return true;
}

static bool fill(const rt_parts *p)
{
    const rt_lexicon *x = p->x;
    size_t bytes = x->n_records * sizeof *p->records;
    if (bytes > 0)
        memcpy(p->records, x->records, bytes);
    return set_pointers(p, x->near, x->n_near, (const char *)p->records, bytes) &&
           set_pointers(p, x->far, x->n_far, x->plain, x->n_plain);
}

rt_code rt_parts_open(const rt_lexicon *x, rt_parts **out, rt_err *err)
{
    rt_parts *p = calloc(1, sizeof *p);
    if (p != NULL)
        p->records = malloc((x->n_records + 1U) * sizeof *p->records);
    if (p == NULL || p->records == NULL) {
        rt_parts_close(p);
        return rt_fail(err, RT_ENOMEM, "no memory for the lexicon");
    }
    p->x = x;
    if (!fill(p)) {
        rt_parts_close(p);
        return rt_fail(err, RT_EINPUT, "the compiled lexicon is damaged: a pointer leads nowhere");
    }
    *out = p;
    return RT_OK;
}

void rt_parts_close(rt_parts *p)
{
    if (p == NULL)
        return;
    free(p->records);
    free(p);
}

void *rt_parts_take(const rt_parts *p, rt_part_kind kind, uint64_t stamp, size_t size)
{
    for (uint32_t i = 0; p != NULL && i < p->x->n_parts; i++) {
        const rt_part *at = &p->x->parts[i];
        if (at->kind != kind || at->stamp != stamp || at->size != size || at->at % 8 != 0 ||
            at->at / 8 + (size + 7) / 8 > p->x->n_records)
            continue;
        void *root = malloc(size);
        return root != NULL ? memcpy(root, p->records + at->at / 8, size) : NULL;
    }
    return NULL;
}

bool rt_stamp_file(uint64_t *stamp, const char *path)
{
    uint64_t hash;
    if (rt_file_hash(path, &hash, NULL) != RT_OK)
        return false;
    *stamp = *stamp * 31 + hash;
    return true;
}
