/* Tests of index/bits, index/chars and index/pieces: sets of numbers, and numbers as characters. */
#include <stdlib.h>

#include <check.h>

#include "index/bits.h"
#include "index/pieces.h"
#include "index/stored.h"

START_TEST(sets)
{
    rt_bits a, b;
    static const int64_t in[] = {0, 1, 63, 64, 65, 127, 128, 199};
    ck_assert(rt_bits_new(&a, 200) && rt_bits_new(&b, 200));
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++)
        rt_bits_set(&a, in[i]);
    rt_bits_set(&a, 200); /* beyond: nothing */
    rt_bits_set(&a, -1);
    ck_assert_int_eq(rt_bits_count(&a), 8);
    size_t n = 0;
    for (int64_t at = rt_bits_next(&a, 0); at >= 0; at = rt_bits_next(&a, at + 1))
        ck_assert_int_eq(at, in[n++]);
    ck_assert_uint_eq(n, 8);
    for (int64_t at = rt_bits_prev(&a, 1000); at >= 0; at = rt_bits_prev(&a, at - 1))
        ck_assert_int_eq(at, in[--n]);
    ck_assert_uint_eq(n, 0);
    ck_assert(rt_bits_has(&a, 64) && !rt_bits_has(&a, 66) && !rt_bits_has(&a, 200));
    ck_assert_int_eq(rt_bits_next(&a, 129), 199);
    ck_assert_int_eq(rt_bits_prev(&a, 62), 1);
    rt_bits_set(&b, 64);
    rt_bits_set(&b, 66);
    rt_bits_and(&a, &b);
    ck_assert_int_eq(rt_bits_count(&a), 1);
    rt_bits_or(&a, &b);
    ck_assert_int_eq(rt_bits_count(&a), 2);
    rt_bits_without(&a, &b);
    ck_assert_int_eq(rt_bits_count(&a), 0);
    ck_assert_int_eq(rt_bits_next(&a, 0), -1);
    rt_bits_free(&a);
    rt_bits_free(&b);
}
END_TEST

/* Pieces of any length, far behind each other. */
START_TEST(pieces)
{
    static const struct {
        uint32_t type, beg, end;
    } all[] = {{4, 0, 10}, {5, 10, 10}, {9, 5000010, 5000011}, {1, 5000020, 8000000}};
    size_t n = sizeof all / sizeof all[0];
    rt_buf text, sections;
    uint32_t type = 0;
    rt_span at;
    rt_buf_init(&text, SIZE_MAX);
    rt_buf_init(&sections, SIZE_MAX);
    for (uint32_t i = 0; i < all[n - 1].end; i++)
        rt_buf_addc(&text, 'x');
    for (size_t i = 0; i < n; i++)
        rt_pieces_put(&sections, i == 0 ? 0 : all[i - 1].end, all[i].type, all[i].beg, all[i].end);
    ck_assert_uint_eq(rt_utf8_count(rt_buf_str(&sections)) % 3, 0);
    rt_pieces p = rt_pieces_of(rt_buf_str(&text), rt_buf_str(&sections));
    for (size_t i = 0; i < n; i++) {
        ck_assert(rt_pieces_next(&p, &type, &at));
        ck_assert_uint_eq(type, all[i].type);
        ck_assert_uint_eq(at.beg, all[i].beg);
        ck_assert_uint_eq(at.end, all[i].end);
    }
    ck_assert(!rt_pieces_next(&p, &type, &at));
    rt_buf_free(&text);
    rt_buf_free(&sections);
}
END_TEST

START_TEST(numbers)
{
    static const uint32_t values[] = {0,     1,     95,      96,      2015,    55263,   55264,
                                      65535, 65536, 1048575, 1048576, 1234567, 8388608, 250000000};
    rt_buf b;
    size_t pos = 0;
    rt_stored f;
    rt_buf_init(&b, SIZE_MAX);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        rt_stored one = {values[i], values[i] % 1000000, (uint32_t)i, 80};
        rt_stored_put(&b, &one);
    }
    ck_assert(rt_utf8_valid(rt_buf_str(&b), NULL));
    ck_assert_uint_eq(rt_utf8_count(rt_buf_str(&b)),
                      RT_STORED_CHARS * sizeof values / sizeof values[0]);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ck_assert(rt_stored_next(rt_buf_str(&b), &pos, &f));
        ck_assert_uint_eq(f.claim, values[i]);
        ck_assert_uint_eq(f.beg, values[i] % 1000000);
        ck_assert_uint_eq(f.len, i);
        ck_assert_uint_eq(f.tenths, 80);
    }
    ck_assert(!rt_stored_next(rt_buf_str(&b), &pos, &f));
    rt_buf_clear(&b);
    rt_chars_put(&b, UINT32_MAX); /* the largest that there is: no surrogate */
    pos = 0;
    ck_assert(rt_utf8_valid(rt_buf_str(&b), NULL));
    ck_assert_uint_eq(rt_chars_next(rt_buf_str(&b), &pos), RT_CHARS_MAX);
    ck_assert_uint_eq(rt_chars_next(RT_STR(""), &(size_t){0}), 0);
    rt_buf_free(&b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("bits");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, sets);
    tcase_add_test(tc, numbers);
    tcase_add_test(tc, pieces);
    suite_add_tcase(s, tc);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
