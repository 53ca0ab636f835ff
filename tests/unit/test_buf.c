/* Tests of base/buf. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/put.h"

static rt_buf b;

static void expect(const char *text)
{
    ck_assert_msg(rt_str_eq(rt_buf_str(&b), rt_str_from(text)), "got \"%.*s\", not \"%s\"",
                  (int)b.len, b.ptr, text);
}

START_TEST(adds_everything)
{
    rt_buf_init(&b, 1 << 20);
    ck_assert_uint_eq(rt_buf_str(&b).len, 0);
    ck_assert_ptr_nonnull(rt_buf_str(&b).ptr);
    rt_buf_add(&b, RT_STR("a"));
    rt_buf_add(&b, (rt_str){NULL, 0});
    rt_buf_addz(&b, "bc");
    rt_buf_addc(&b, '-');
    rt_buf_addu(&b, 0);
    rt_buf_addu(&b, UINT64_MAX);
    rt_buf_addf(&b, "%s%d", "x", -7);
    expect("abc-018446744073709551615x-7");
    rt_buf_clear(&b);
    rt_buf_addf(&b, "%300d|", 5); /* longer than the small room */
    ck_assert_uint_eq(b.len, 301);
    ck_assert_int_eq(b.ptr[299], '5');
    ck_assert_int_eq(rt_buf_check(&b, NULL), RT_OK);
    rt_buf_free(&b);
    rt_buf_addz(&b, "again"); /* usable after free, with its old ceiling */
    expect("again");
    rt_buf_free(&b);
}
END_TEST

START_TEST(numbers_of_every_length)
{
    rt_buf_init(&b, 1 << 20);
    for (uint64_t n = 1, digits = 1; digits < 20; n *= 10, digits++)
        for (int d = -1; d < 2; d++) {
            char text[32];
            snprintf(text, sizeof text, "%llu", (unsigned long long)n + (unsigned long long)d);
            rt_buf_clear(&b);
            rt_buf_addu(&b, n + (uint64_t)d);
            expect(text);
        }
    rt_buf_free(&b);
}
END_TEST

START_TEST(the_ceiling_sticks)
{
    rt_err err = {.code = RT_OK};
    rt_buf_init(&b, 10);
    rt_buf_addz(&b, "0123456789");
    ck_assert_int_eq(rt_buf_check(&b, &err), RT_OK);
    rt_buf_addc(&b, 'x');
    rt_buf_add(&b, RT_STR(""));
    ck_assert_int_eq(rt_buf_check(&b, &err), RT_ELIMIT);
    ck_assert_int_eq(err.code, RT_ELIMIT);
    expect("0123456789");
    rt_buf_clear(&b);
    rt_buf_addz(&b, "ok");
    ck_assert_int_eq(rt_buf_check(&b, NULL), RT_OK);
    rt_sink to = rt_buf_sink(&b);
    ck_assert_int_eq(to.write(to.user, "abc", 3, NULL), RT_OK);
    expect("okabc");
    ck_assert_int_eq(to.write(to.user, "012345", 6, NULL), RT_ELIMIT);
    rt_buf_free(&b);
}
END_TEST

static void expect_number(double v, const char *text)
{
    rt_buf_clear(&b);
    rt_buf_number(&b, v);
    expect(text);
}

START_TEST(numbers_are_the_shortest)
{
    rt_buf_init(&b, 4096);
    expect_number(8, "8");
    expect_number(0, "0");
    expect_number(-0.0, "0");
    expect_number(0.8, "0.8");
    expect_number(12.5, "12.5");
    expect_number(-3.25, "-3.25");
    expect_number(0.1 + 0.2, "0.30000000000000004");
    expect_number(0.05, "0.05");
    expect_number(0.00004, "0.00004");
    expect_number(1234.5678, "1234.5678");
    expect_number(123456789.1234, "123456789.1234");
    for (unsigned i = 1; i < 20000; i += 7) {
        char text[32];
        snprintf(text, sizeof text, "%u.%03u", i / 1000, i % 1000);
        if (i % 10 != 0)
            expect_number(i / 1000.0, text);
    }
    expect_number(0.05, "0.05");
    expect_number(0.000001, "0.000001");
    expect_number(1234567.891, "1234567.891");
    expect_number(100.5, "100.5");
    expect_number(1e15, "1000000000000000");
    expect_number(1e21, "1000000000000000000000");
    expect_number(123456789012345680.0, "123456789012345680");
    rt_buf_free(&b);
}
END_TEST

/* Every number reads back, the extremes too. */
START_TEST(numbers_read_back)
{
    static const double hard[] = {DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 5e-324, 1.0 / 3, 2.0 / 3e10};
    rt_buf_init(&b, 4096);
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        rt_buf_clear(&b);
        rt_buf_number(&b, hard[i]);
        ck_assert_ptr_null(memchr(b.ptr, 'e', b.len));
        rt_buf_addc(&b, '\0');
        ck_assert_double_eq(strtod(b.ptr, NULL), hard[i]);
    }
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        double v = (double)(state >> 40) / 1000.0;
        rt_buf_clear(&b);
        rt_buf_number(&b, v);
        double back = -1;
        ck_assert(rt_str_number(rt_buf_str(&b), &back));
        ck_assert_double_eq(back, v);
        ck_assert_uint_le(b.len, 12); /* 16777.215 at most: no digits out of nothing */
    }
    rt_buf_free(&b);
}
END_TEST

/* As printf writes them, ties and their neighbours too. */
START_TEST(shares_as_printf)
{
    for (unsigned i = 0; i <= 40000; i++) {
        double near = i / 4000.0;
        double all[] = {near, nextafter(near, 0), nextafter(near, 11), i / 7919.0};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
            char got[RT_PUT_U], want[RT_PUT_U];
            size_t n = (size_t)(rt_put_share(got, all[k]) - got);
            snprintf(want, sizeof want, "%.3f", all[k]);
            if (n != strlen(want) || memcmp(got, want, n) != 0)
                ck_abort_msg("%.20g is %.*s, not %s", all[k], (int)n, got, want);
        }
    }
}
END_TEST

START_TEST(short_decimals)
{
    char text[RT_PUT_U];
    for (unsigned i = 0; i < 100000; i++) {
        double v = i / 1000.0;
        char *end = rt_put_decimal(text, v), want[RT_PUT_U];
        snprintf(want, sizeof want, "%.10g", v);
        if (end == NULL || (size_t)(end - text) != strlen(want) ||
            memcmp(text, want, strlen(want)) != 0)
            ck_abort_msg("%s", want);
    }
    ck_assert_ptr_null(rt_put_decimal(text, 1.00001));
    ck_assert_ptr_null(rt_put_decimal(text, 1.0 / 3));
    ck_assert_ptr_null(rt_put_decimal(text, 1e9));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("buf");
    TCase *t = tcase_create("buf");
    tcase_add_test(t, adds_everything);
    tcase_add_test(t, numbers_of_every_length);
    tcase_add_test(t, the_ceiling_sticks);
    tcase_add_test(t, numbers_are_the_shortest);
    tcase_add_test(t, numbers_read_back);
    tcase_add_test(t, shares_as_printf);
    tcase_add_test(t, short_decimals);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
