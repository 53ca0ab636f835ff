/* What a compiled lexicon holds beside the lexicon: rules, templates, checks ... as they lie in
 * memory when they have been read, so that a start need not read them again.
 *
 *   records   what holds pointers: words of 64 bits. Copied at the start, and each pointer, which
 *             is an offset in the file, set by two lists: near (into records), far (into plain)
 *   plain     text, bits, numbers: used where it is mapped, shared by all processes
 *   parts     for each kind: where its root is, and the stamp of the files that it was read from
 *
 * Only writing knows the structures: each kind of record has a walk, which names its pointers.
 * Equal bytes are kept once; records that two pointers share stay one, and others stay apart.
 * Records must have no padding, so that the same sources give the same bytes: their headers ask the
 * compiler for it (-Wpadded). */
#ifndef RT_KNOWLEDGE_IMAGE_H
#define RT_KNOWLEDGE_IMAGE_H

#include "knowledge/lexicon.h"

/* ---- writing */

typedef struct rt_image rt_image;

/* Called with a copy of the record, whose pointers still lead to the original: each is handed to
 * one of the functions below, which keep what it leads to. What is of no use later is cleared. */
typedef void rt_image_walk(rt_image *m, void *record);

void rt_image_text(rt_image *m, const char **text); /* ends with NUL; may be NULL */
void rt_image_str(rt_image *m, rt_str *s);
/* pointer: the address of a pointer, to bytes without pointers, or to n records. */
void rt_image_plain(rt_image *m, void *pointer, size_t bytes);
void rt_image_records(rt_image *m, void *pointer, size_t n, size_t size, rt_image_walk *walk);
#define RT_IMAGE_VEC(m, vec)                                                                       \
    ((vec)->cap = (vec)->len,                                                                      \
     rt_image_plain((m), (void *)&(vec)->at, (vec)->len * sizeof *(vec)->at))

rt_image *rt_image_new(void); /* NULL: no memory */
void rt_image_free(rt_image *m);
/* The root of a part, one record. */
void rt_image_part(rt_image *m, rt_part_kind kind, uint64_t stamp, const void *root, size_t size,
                   rt_image_walk *walk);
/* The lists of the lexicon become those of the image, which must outlive its use. */
rt_code rt_image_end(rt_image *m, rt_lexicon *x, rt_err *err);

/* ---- reading */

typedef struct rt_parts rt_parts;

/* RT_EINPUT: the file is damaged. x must outlive the parts. */
rt_code rt_parts_open(const rt_lexicon *x, rt_parts **out, rt_err *err);
void rt_parts_close(rt_parts *p);
/* A copy of the root of a part, the caller's to free; what it points to belongs to the parts. NULL:
 * there is none of this size that was read from files with this stamp, or p is NULL. */
void *rt_parts_take(const rt_parts *p, rt_part_kind kind, uint64_t stamp, size_t size);

/* A stamp grows by the files that a part is read from. false: a file cannot be read. */
bool rt_stamp_file(uint64_t *stamp, const char *path);

#endif
