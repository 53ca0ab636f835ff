/* Fuzzes text/segment over valid UTF-8 (other bytes are decoded first).
 *
 * Traps when the quick way for ASCII and ICU differ, when sentences or words do not tile the text,
 * do not begin at characters, or when a clone gives another answer. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/decode.h"
#include "text/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void check_sentences(rt_segmenter *s, rt_arena a, rt_str text)
{
    rt_bounds ends = {NULL, 0, 0};
    uint32_t last = 0;
    require(rt_segment_sentences(s, &a, text, &ends, NULL) == RT_OK && !*a.full);
    for (uint32_t i = 0; i < ends.len; i++) {
        require(ends.at[i] > last && ends.at[i] <= text.len);
        require(ends.at[i] == text.len || !rt_utf8_cont(text.ptr[ends.at[i]]));
        last = ends.at[i];
    }
    require(last == text.len);
    rt_bounds icu = {NULL, 0, 0};
    require(rt_segment_sentences_icu(s, &a, text, &icu, NULL) == RT_OK && icu.len == ends.len);
    for (uint32_t i = 0; i < ends.len; i++)
        require(icu.at[i] == ends.at[i]);
}

static void check_words(rt_segmenter *s, rt_segmenter *clone, rt_arena a, rt_str text)
{
    rt_words words = {NULL, 0, 0}, again = {NULL, 0, 0};
    uint32_t last = 0;
    require(rt_segment_words(s, &a, text, &words, NULL) == RT_OK);
    require(rt_segment_words_icu(clone, &a, text, &again, NULL) == RT_OK && !*a.full);
    require(words.len == again.len);
    for (uint32_t i = 0; i < words.len; i++) {
        rt_word w = words.at[i];
        require(w.at.beg == last && w.at.end > last && w.at.end <= text.len);
        require(!rt_utf8_cont(text.ptr[w.at.beg]) && w.is_word <= 1);
        require(again.at[i].at.end == w.at.end && again.at[i].is_word == w.is_word);
        last = w.at.end;
    }
    require(last == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool full = false;
    size_t room = 512 * size + 8192;
    char *block = malloc(room);
    require(block != NULL);
    rt_arena a = {block, block + room, &full};
    rt_decoded d;
    rt_segmenter *s = NULL, *clone = NULL;
    require(rt_decode(&a, (rt_str){(const char *)data, size}, RT_STR("UTF-8"), &d, NULL) == RT_OK);
    require(rt_segmenter_open(&s, NULL) == RT_OK && rt_segmenter_clone(s, &clone, NULL) == RT_OK);
    check_sentences(s, a, d.text);
    check_words(s, clone, a, d.text);
    rt_segmenter_close(clone);
    rt_segmenter_close(s);
    free(block);
    return 0;
}
