/* The words that name an exam, in classes: modalities (ct, mr ...), body parts (chest, abdomen ...)
 * and exams of their own name (ctpa). Read from templates/exams.tsv; templates name the classes
 * that are theirs, so that a word of any other class speaks against them. */
#ifndef RT_KNOWLEDGE_EXAM_WORDS_H
#define RT_KNOWLEDGE_EXAM_WORDS_H

#include "base/arena.h"
#include "knowledge/image.h"

typedef enum rt_exam_kind {
    RT_EXAM_MODALITY,
    RT_EXAM_BODY,
    RT_EXAM_NAME,
    RT_EXAM_END
} rt_exam_kind;

typedef struct rt_exam_mask { /* bits of classes, one word a kind */
    uint64_t of[RT_EXAM_END];
} rt_exam_mask;

typedef struct rt_exam_words rt_exam_words;

/* Fails with path:line:column. Memory of the arena; when it is full the result is not to be used.
 */
rt_code rt_exam_words_load(const char *path, rt_arena *arena, rt_exam_words **out, rt_err *err);
void rt_exam_words_image(rt_image *m, rt_exam_words **w); /* into a compiled lexicon */
/* The bit of a class; false: there is none of that name. */
bool rt_exam_words_class(const rt_exam_words *w, rt_exam_kind kind, rt_str name, uint64_t *bit);
/* Classes whose words stand in a folded text: the longest of those that begin at one place, then on
 * behind it. English words match whole words, Chinese ones anywhere. */
rt_exam_mask rt_exam_words_scan(const rt_exam_words *w, rt_str folded);
/* Modalities of a folded DICOM code, else of the words in it. */
uint64_t rt_exam_words_modality(const rt_exam_words *w, rt_str folded);

#endif
