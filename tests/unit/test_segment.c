/* Tests of text/segment: what ICU says, in bytes, and that clones do not know each other. */
#include <check.h>
#include <string.h>

#include "text/segment.h"

static char block[1 << 16];
static bool full;
static rt_arena arena;
static rt_segmenter *segmenter;

static void setup(void)
{
    full = false;
    arena = (rt_arena){block, block + sizeof block, &full};
    ck_assert_int_eq(rt_segmenter_open(&segmenter, NULL), RT_OK);
}

static void teardown(void)
{
    rt_segmenter_close(segmenter);
}

static void expect_sentences(const char *text, size_t n, const char *const *sentences)
{
    rt_bounds ends = {NULL, 0, 0};
    rt_str s = rt_str_from(text);
    ck_assert_int_eq(rt_segment_sentences(segmenter, &arena, s, &ends, NULL), RT_OK);
    ck_assert_uint_eq(ends.len, n);
    for (uint32_t i = 0, beg = 0; i < n; beg = ends.at[i++])
        ck_assert(rt_str_eq(rt_str_slice(s, beg, ends.at[i]), rt_str_from(sentences[i])));
}

START_TEST(sentences)
{
    expect_sentences("", 0, NULL);
    expect_sentences("One", 1, (const char *const[]){"One"});
    expect_sentences("No mass. 3.5 cm cyst. Stable", 3,
                     (const char *const[]){"No mass. ", "3.5 cm cyst. ", "Stable"});
    expect_sentences("未见结节。双肺清晰！心影不大", 3,
                     (const char *const[]){"未见结节。", "双肺清晰！", "心影不大"});
}
END_TEST

/* Characters of every class that UAX #29 knows for sentences, and of every table and way of reading
 * of text/sentence_ends: some of one byte, two, three and four. */
static const char *const characters[] = {
    "a",  "B",  "7",  ".",  "!",  "?",  ",",  ":",      ";",      "-",      "(",        ")",  "\"",
    "'",  " ",  "\t", "\n", "\r", "×",  "é",  "É",      "\u0301", "α",      "Ω",        "°",  "·",
    "“",  "”",  "…",  "–",  "‼",  "․",  "℃",  "\u00ad", "\u200b", "\u2028", "\xC2\x85", "①",  "Ⅱ",
    "中", "肺", "。", "，", "、", "：", "；", "！",     "？",     "．",     "（",       "）", "３",
    "Ａ", "ａ", "　", "か", "䷀", "।",  "𠀀", "𝐀",      "﹒",     "《",     "》",       "㎝",
};

START_TEST(sentences_are_those_of_icu)
{
    enum { TEXTS = 20000, LONGEST = 24, KINDS = sizeof characters / sizeof *characters };
    uint32_t seed = 1;
    for (uint32_t n = 0; n < TEXTS; n++) {
        char text[4 * LONGEST + 1] = "";
        size_t len = 0;
        for (uint32_t i = 0; i < 1 + n % LONGEST; i++) {
            seed = seed * 1664525U + 1013904223U;
            rt_str c = rt_str_from(characters[(seed >> 8) % KINDS]);
            memcpy(text + len, c.ptr, c.len);
            len += c.len;
        }
        rt_arena a = arena;
        rt_str s = {text, len};
        rt_bounds ends = {NULL, 0, 0}, icu = {NULL, 0, 0};
        ck_assert_int_eq(rt_segment_sentences(segmenter, &a, s, &ends, NULL), RT_OK);
        ck_assert_int_eq(rt_segment_sentences_icu(segmenter, &a, s, &icu, NULL), RT_OK);
        ck_assert_msg(ends.len == icu.len, "%u sentences, not %u: %s", ends.len, icu.len, text);
        for (uint32_t i = 0; i < ends.len; i++)
            ck_assert_msg(ends.at[i] == icu.at[i], "%u, not %u: %s", ends.at[i], icu.at[i], text);
    }
}
END_TEST

START_TEST(words_tile_the_text)
{
    rt_words words = {NULL, 0, 0};
    rt_str s = RT_STR("A 3.5cm non-calcified 右肺 nodule, can't");
    ck_assert_int_eq(rt_segment_words(segmenter, &arena, s, &words, NULL), RT_OK);
    uint32_t at = 0, is_word = 0, found = 0;
    for (uint32_t i = 0; i < words.len; i++) {
        rt_str w = rt_str_slice(s, words.at[i].at.beg, words.at[i].at.end);
        ck_assert_uint_eq(words.at[i].at.beg, at);
        at = words.at[i].at.end;
        is_word += words.at[i].is_word;
        found += rt_str_eq(w, RT_STR("nodule")) || rt_str_eq(w, RT_STR("can't"));
        ck_assert(words.at[i].is_word == (w.ptr[0] != ' ' && w.ptr[0] != ',' && w.ptr[0] != '-'));
    }
    ck_assert_uint_eq(at, s.len);
    ck_assert_uint_eq(found, 2);
    ck_assert_uint_ge(is_word, 7);
    words.len = 0;
    ck_assert_int_eq(rt_segment_words(segmenter, &arena, RT_STR(""), &words, NULL), RT_OK);
    ck_assert_uint_eq(words.len, 0);
}
END_TEST

START_TEST(clones_stand_alone)
{
    rt_segmenter *clone = NULL;
    rt_bounds ends = {NULL, 0, 0};
    rt_words words = {NULL, 0, 0};
    ck_assert_int_eq(rt_segmenter_clone(segmenter, &clone, NULL), RT_OK);
    rt_segmenter_close(segmenter);
    segmenter = clone;
    rt_str s = RT_STR("One. Two.");
    ck_assert_int_eq(rt_segment_sentences(clone, &arena, s, &ends, NULL), RT_OK);
    ck_assert_uint_eq(ends.len, 2);
    ck_assert_int_eq(rt_segment_words(clone, &arena, s, &words, NULL), RT_OK);
    ck_assert_uint_eq(words.len, 5);
}
END_TEST

START_TEST(a_full_arena_is_told_of)
{
    rt_arena tiny = {block, block + 80, &full};
    rt_words words = {NULL, 0, 0};
    rt_str s = RT_STR("a b c d e f g h i j k l m n o p q r s t u v w x y z");
    ck_assert_int_eq(rt_segment_words(segmenter, &tiny, s, &words, NULL), RT_OK);
    ck_assert(full);
    rt_segmenter_close(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("segment");
    TCase *t = tcase_create("segment");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, sentences);
    tcase_add_test(t, sentences_are_those_of_icu);
    tcase_add_test(t, words_tile_the_text);
    tcase_add_test(t, clones_stand_alone);
    tcase_add_test(t, a_full_arena_is_told_of);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
