#include "text/segment.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "text/ascii_words.h"
#include "text/sentence_ends.h"

struct rt_segmenter {
    UBreakIterator *words, *sentences; /* sentences: opened when first asked for */
    rt_sentence_classes classes;
    bool colon_joins; /* this version of ICU takes "a:b" for one word */
};

static rt_code icu_failure(rt_err *err, const char *doing, UErrorCode status)
{
    return rt_fail(err, status == U_MEMORY_ALLOCATION_ERROR ? RT_ENOMEM : RT_EIO,
                   "ICU cannot %s: %s", doing, u_errorName(status));
}

rt_code rt_segmenter_open(rt_segmenter **out, rt_err *err)
{
    rt_segmenter *s = calloc(1, sizeof *s);
    if (s == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    UErrorCode status = U_ZERO_ERROR;
    s->words = ubrk_open(UBRK_WORD, "en", NULL, 0, &status);
    if (U_FAILURE(status)) {
        rt_segmenter_close(s);
        return icu_failure(err, "open its break rules", status);
    }
    ubrk_setText(s->words, (const UChar[]){'a', ':', 'b'}, 3, &status);
    s->colon_joins = ubrk_next(s->words) == 3;
    rt_sentence_classes_fill(&s->classes);
    *out = s;
    return RT_OK;
}

rt_code rt_segmenter_clone(const rt_segmenter *from, rt_segmenter **out, rt_err *err)
{
    rt_segmenter *s = calloc(1, sizeof *s);
    if (s == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    UErrorCode status = U_ZERO_ERROR;
    s->words = ubrk_clone(from->words, &status);
    s->classes = from->classes;
    s->colon_joins = from->colon_joins;
    if (U_FAILURE(status)) {
        rt_segmenter_close(s);
        return icu_failure(err, "clone a break iterator", status);
    }
    *out = s;
    return RT_OK;
}

void rt_segmenter_close(rt_segmenter *s)
{
    if (s == NULL)
        return;
    if (s->sentences != NULL)
        ubrk_close(s->sentences);
    if (s->words != NULL)
        ubrk_close(s->words);
    free(s);
}

static rt_code too_large(rt_err *err)
{
    return rt_fail(err, RT_ELIMIT, "text is larger than %d bytes", INT32_MAX);
}

/* The iterator keeps a shallow copy of the UText and so looks into text until the next call. */
static rt_code set_text(UBreakIterator *iterator, rt_str text, rt_err *err)
{
    if (text.len > INT32_MAX)
        return too_large(err);
    UErrorCode status = U_ZERO_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, text.ptr, (int64_t)text.len, &status);
    ubrk_setUText(iterator, &view, &status);
    utext_close(&view);
    return U_FAILURE(status) ? icu_failure(err, "iterate over a text", status) : RT_OK;
}

rt_code rt_segment_sentences(rt_segmenter *s, rt_arena *a, rt_str text, rt_bounds *out, rt_err *err)
{
    if (text.len > INT32_MAX)
        return too_large(err);
    for (uint32_t at = 0; at < text.len;) {
        at = rt_sentence_end(&s->classes, text, at);
        RT_PUSH(a, out, at);
    }
    return RT_OK;
}

/* "@" is a letter in some versions of ICU and rare in reports: left to ICU. */
rt_code rt_segment_words(rt_segmenter *s, rt_arena *a, rt_str text, rt_words *out, rt_err *err)
{
    bool rare = text.len > 0 && memchr(text.ptr, '@', text.len) != NULL;
    if (rare || !rt_is_ascii(text) || text.len > INT32_MAX)
        return rt_segment_words_icu(s, a, text, out, err);
    for (uint32_t at = 0; at < text.len;) {
        bool is_word;
        uint32_t end = rt_ascii_word_end(text, at, s->colon_joins, &is_word);
        RT_PUSH(a, out, (rt_word){{at, end}, is_word});
        at = end;
    }
    return RT_OK;
}

rt_code rt_segment_sentences_icu(rt_segmenter *s, rt_arena *a, rt_str text, rt_bounds *out,
                                 rt_err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    if (text.len == 0)
        return RT_OK;
    if (s->sentences == NULL)
        s->sentences = ubrk_open(UBRK_SENTENCE, "en", NULL, 0, &status);
    if (U_FAILURE(status))
        return icu_failure(err, "open its sentence rules", status);
    rt_code code = set_text(s->sentences, text, err);
    if (code != RT_OK)
        return code;
    for (int32_t at = ubrk_next(s->sentences); at != UBRK_DONE; at = ubrk_next(s->sentences))
        RT_PUSH(a, out, (uint32_t)at);
    return RT_OK;
}

rt_code rt_segment_words_icu(rt_segmenter *s, rt_arena *a, rt_str text, rt_words *out, rt_err *err)
{
    if (text.len == 0)
        return RT_OK;
    rt_code code = set_text(s->words, text, err);
    if (code != RT_OK)
        return code;
    uint32_t beg = 0;
    for (int32_t at = ubrk_next(s->words); at != UBRK_DONE; at = ubrk_next(s->words)) {
        bool is_word = ubrk_getRuleStatus(s->words) >= UBRK_WORD_NONE_LIMIT;
        RT_PUSH(a, out, (rt_word){{beg, (uint32_t)at}, is_word});
        beg = (uint32_t)at;
    }
    return RT_OK;
}
