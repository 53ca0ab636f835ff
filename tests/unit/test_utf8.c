/* Tests of base/utf8: every code point there and back, and every way to be wrong. */
#include <check.h>

#include "base/utf8.h"

START_TEST(every_code_point_there_and_back)
{
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char bytes[4];
        size_t n = rt_utf8_put(bytes, cp), pos = 0, back = n;
        rt_str s = {bytes, n};
        bool good = false;
        if (rt_utf8_next(s, &pos) != cp || pos != n || rt_utf8_prev(s, &back) != cp || back != 0 ||
            !rt_utf8_valid(s, NULL) || rt_utf8_length(s, 0, &good) != n || !good ||
            rt_utf8_count(s) != 1)
            ck_abort_msg("U+%04X", cp);
    }
}
END_TEST

static void expect_bad(rt_str s, size_t at, size_t length)
{
    size_t bad = 99;
    bool good = true;
    ck_assert(!rt_utf8_valid(s, &bad));
    ck_assert_uint_eq(bad, at);
    ck_assert_uint_eq(rt_utf8_length(s, at, &good), length);
    ck_assert(!good);
}

START_TEST(malformed_sequences)
{
    expect_bad(RT_STR("\x80"), 0, 1);
    expect_bad(RT_STR("ab\xFFz"), 2, 1);
    expect_bad(RT_STR("\xC0\xAF"), 0, 1);         /* overlong */
    expect_bad(RT_STR("\xE0\x9F\xBF"), 0, 1);     /* overlong */
    expect_bad(RT_STR("\xF0\x8F\xBF\xBF"), 0, 1); /* overlong */
    expect_bad(RT_STR("\xED\xA0\x80"), 0, 1);     /* surrogate */
    expect_bad(RT_STR("\xF4\x90\x80\x80"), 0, 1); /* above U+10FFFF */
    expect_bad(RT_STR("\xE8\x82"), 0, 2);         /* cut off: one bad place, not two */
    expect_bad(RT_STR("\xE8\x82 x"), 0, 2);
    expect_bad(RT_STR("\xF0\x9F\x98"), 0, 3);
    expect_bad(RT_STR("12345678\xC3"), 8, 1); /* right after a block */
    expect_bad(RT_STR("1234567\xE8\x82\xBA"
                      "12345678\xC3("),
               18, 1); /* blocks again */
    ck_assert(rt_utf8_valid(RT_STR(""), NULL));
}
END_TEST

/* Eight bytes at a time it finds what one character at a time does. */
START_TEST(valid_as_character_by_character)
{
    static const char *const pieces[] = {"a",
                                         "12345678",
                                         "\xC3\xA9",
                                         "\xE8\x82\xBA",
                                         "\xEF\xBC\x8C",
                                         "\xE0\xA0\x80",
                                         "\xE0\x9F",
                                         "\xED\x9F\xBF",
                                         "\xED\xA0\x80",
                                         "\xE8\x82",
                                         "\x80",
                                         "\xE8\xC2\xBA",
                                         "\xE8\x82z",
                                         "\xF0\x9F\x98\x80",
                                         "\xC0\xC0\xF0"};
    uint32_t seed = 1;
    for (unsigned run = 0; run < 20000; run++) {
        char text[64];
        rt_str s = {text, 0};
        for (unsigned i = 0; i < 8; i++) {
            seed = seed * 1664525U + 1013904223U;
            const char *p =
                pieces[(seed >> 16) % (run % 2 == 0 ? 6 : sizeof pieces / sizeof *pieces)];
            memcpy(text + s.len, p, strlen(p));
            s.len += strlen(p);
        }
        size_t want = 0, bad = s.len;
        bool good = true;
        while (want < s.len && good) {
            size_t n = rt_utf8_length(s, want, &good);
            want += good ? n : 0;
        }
        if (rt_utf8_valid(s, &bad) != good || bad != want)
            ck_abort_msg("run %u: %zu instead of %zu", run, bad, want);
    }
}
END_TEST

START_TEST(walks_backwards)
{
    rt_str s = RT_STR("a\xC3\xA9\xE8\x82\xBA\xF0\x9F\x98\x80");
    size_t pos = s.len;
    ck_assert_uint_eq(rt_utf8_prev(s, &pos), 0x1F600);
    ck_assert_uint_eq(rt_utf8_prev(s, &pos), 0x80BA);
    ck_assert_uint_eq(rt_utf8_prev(s, &pos), 0xE9);
    ck_assert_uint_eq(rt_utf8_prev(s, &pos), 'a');
    ck_assert_uint_eq(pos, 0);
    ck_assert_uint_eq(rt_utf8_count(s), 4);
}
END_TEST

START_TEST(scripts)
{
    static const struct {
        uint32_t cp;
        rt_script script;
    } cases[] = {
        {' ', RT_SCRIPT_SPACE},     {'\n', RT_SCRIPT_SPACE},   {0x3000, RT_SCRIPT_SPACE},
        {0xA0, RT_SCRIPT_SPACE},    {'a', RT_SCRIPT_LATIN},    {'Z', RT_SCRIPT_LATIN},
        {0xE9, RT_SCRIPT_LATIN},    {0x3B1, RT_SCRIPT_LATIN},  {0xFF21, RT_SCRIPT_LATIN},
        {0x301, RT_SCRIPT_LATIN},   {'0', RT_SCRIPT_DIGIT},    {0xFF19, RT_SCRIPT_DIGIT},
        {0x80BA, RT_SCRIPT_HAN},    {0x3007, RT_SCRIPT_HAN},   {0x20000, RT_SCRIPT_HAN},
        {0x3002, RT_SCRIPT_PUNCT},  {0xFF0C, RT_SCRIPT_PUNCT}, {'-', RT_SCRIPT_PUNCT},
        {0xD7, RT_SCRIPT_PUNCT},    {0xF7, RT_SCRIPT_PUNCT},   {0x2460, RT_SCRIPT_PUNCT},
        {0x1F600, RT_SCRIPT_PUNCT}, {0, RT_SCRIPT_PUNCT},      {0x10FFFF, RT_SCRIPT_PUNCT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(rt_utf8_script(cases[i].cp) == cases[i].script, "U+%04X", cases[i].cp);
}
END_TEST

START_TEST(columns)
{
    ck_assert_uint_eq(rt_utf8_columns(RT_STR("ab")), 2);
    ck_assert_uint_eq(rt_utf8_columns(RT_STR("a\xE8\x82\xBA\xEF\xBC\x8C")),
                      5);                                           /* Han, full width */
    ck_assert_uint_eq(rt_utf8_columns(RT_STR("e\xCC\x81")), 1);     /* combining */
    ck_assert_uint_eq(rt_utf8_columns(RT_STR("\xE8\x82 \xFF")), 3); /* bad places take one each */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("utf8");
    TCase *t = tcase_create("utf8");
    tcase_add_test(t, every_code_point_there_and_back);
    tcase_add_test(t, malformed_sequences);
    tcase_add_test(t, valid_as_character_by_character);
    tcase_add_test(t, walks_backwards);
    tcase_add_test(t, scripts);
    tcase_add_test(t, columns);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
