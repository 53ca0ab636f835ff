/* Tests of base/str. */
#include <check.h>

#include "base/str.h"

START_TEST(compares_bytes)
{
    ck_assert_int_lt(rt_str_cmp(RT_STR("lung"), RT_STR("lungs")), 0);
    ck_assert_int_gt(rt_str_cmp(RT_STR("\xE8\x82\xBA"), RT_STR("z")), 0); /* unsigned */
    ck_assert_int_eq(rt_str_cmp(RT_STR("a"), RT_STR("a")), 0);
    ck_assert_int_eq(rt_str_cmp((rt_str){NULL, 0}, RT_STR("")), 0);
    ck_assert(rt_str_eq((rt_str){NULL, 0}, RT_STR("")));
    ck_assert(!rt_str_eq(RT_STR("a"), RT_STR("b")));
    ck_assert(rt_str_eq_nocase(RT_STR("Findings"), RT_STR("FINDINGS")));
    ck_assert(!rt_str_eq_nocase(RT_STR("[a"), RT_STR("{a"))); /* differ by the case bit alone */
    ck_assert(!rt_str_eq_nocase(RT_STR("ab"), RT_STR("abc")));
    ck_assert(rt_str_starts(RT_STR("abc"), RT_STR("ab")));
    ck_assert(rt_str_starts(RT_STR("abc"), RT_STR("")));
    ck_assert(!rt_str_starts(RT_STR("a"), RT_STR("ab")));
}
END_TEST

START_TEST(cuts_at_the_first_separator)
{
    rt_cut c = rt_str_cut(RT_STR("a\tb\tc"), '\t');
    ck_assert(c.found && rt_str_eq(c.head, RT_STR("a")) && rt_str_eq(c.tail, RT_STR("b\tc")));
    c = rt_str_cut(RT_STR("a\t"), '\t');
    ck_assert(c.found && c.tail.len == 0);
    c = rt_str_cut(RT_STR("abc"), '\t');
    ck_assert(!c.found && rt_str_eq(c.head, RT_STR("abc")) && c.tail.len == 0);
    c = rt_str_cut((rt_str){NULL, 0}, '\t');
    ck_assert(!c.found && c.head.len == 0);
}
END_TEST

START_TEST(trims_blanks)
{
    ck_assert(rt_str_eq(rt_str_trim(RT_STR(" \t a b\r\n")), RT_STR("a b")));
    ck_assert(rt_str_eq(rt_str_trim(RT_STR(" \n ")), RT_STR("")));
    ck_assert(rt_str_eq(rt_str_trim((rt_str){NULL, 0}), RT_STR("")));
}
END_TEST

START_TEST(finds_what_a_naive_search_finds)
{
    size_t pos = 99;
    ck_assert(rt_str_find(RT_STR("aab"), RT_STR("ab"), &pos));
    ck_assert_uint_eq(pos, 1);
    ck_assert(rt_str_find(RT_STR("abab"), RT_STR("ab"), &pos));
    ck_assert_uint_eq(pos, 0);
    ck_assert(rt_str_find(RT_STR("abc"), RT_STR("c"), &pos));
    ck_assert_uint_eq(pos, 2);
    ck_assert(rt_str_find(RT_STR("abc"), RT_STR(""), &pos));
    ck_assert_uint_eq(pos, 0);
    pos = 99;
    ck_assert(!rt_str_find(RT_STR("aaa"), RT_STR("ab"), &pos));
    ck_assert(!rt_str_find(RT_STR("囊"), RT_STR("囊肿"), &pos));
    ck_assert(!rt_str_find(RT_STR("肿囊"), RT_STR("囊肿"), &pos));
    ck_assert(!rt_str_find(RT_STR("a"), RT_STR("aa"), &pos));
    ck_assert(!rt_str_find(RT_STR(""), RT_STR("a"), NULL));
    ck_assert_uint_eq(pos, 99); /* untouched */
    ck_assert(rt_str_find(RT_STR("a肿囊肿"), RT_STR("囊肿"), &pos));
    ck_assert_uint_eq(pos, 4);
    ck_assert(rt_str_find(RT_STR("囊囊"), RT_STR("囊"), &pos));
    ck_assert_uint_eq(pos, 0);
}
END_TEST

static void expect_number(const char *text, double expected)
{
    double v = -99;
    ck_assert_msg(rt_str_number(rt_str_from(text), &v), "\"%s\" is a number", text);
    ck_assert_double_eq(v, expected);
}

START_TEST(reads_decimals)
{
    expect_number("8", 8);
    expect_number("0.8", 0.8);
    expect_number("12.50", 12.5);
    expect_number(".5", 0.5);
    expect_number("-3.25", -3.25);
    expect_number("+7", 7);
    expect_number("0.1", 0.1);
    expect_number("123456.789", 123456.789);
    static const char *const bad[] = {"",   "-",   ".",    "5.",    "1e3", " 5",
                                      "5 ", "1,5", "0x10", "1.2.3", "nan"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double v = -99;
        ck_assert_msg(!rt_str_number(rt_str_from(bad[i]), &v), "\"%s\" is no number", bad[i]);
        ck_assert_double_eq(v, -99);
    }
    char huge[400];
    memset(huge, '9', sizeof huge);
    double v;
    ck_assert(!rt_str_number((rt_str){huge, sizeof huge}, &v));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("str");
    TCase *t = tcase_create("str");
    tcase_add_test(t, compares_bytes);
    tcase_add_test(t, cuts_at_the_first_separator);
    tcase_add_test(t, trims_blanks);
    tcase_add_test(t, finds_what_a_naive_search_finds);
    tcase_add_test(t, reads_decimals);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
