/* Tests of base/arena. */
#include <check.h>

#include "base/arena.h"

static char block[4096];
static bool full;

static rt_arena fresh(size_t size)
{
    full = false;
    memset(block, 'x', sizeof block);
    return (rt_arena){block, block + size, &full};
}

START_TEST(gives_zeroed_aligned_memory)
{
    rt_arena a = fresh(sizeof block);
    ck_assert_ptr_nonnull(RT_NEW(&a, char, 3));
    uint64_t *p = RT_NEW(&a, uint64_t, 4);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq((uintptr_t)p % _Alignof(uint64_t), 0);
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(p[i], 0);
    ck_assert(!full);
}
END_TEST

START_TEST(full_sticks_and_nothing_overflows)
{
    rt_arena a = fresh(64);
    ck_assert_ptr_nonnull(RT_NEW(&a, char, 64));
    ck_assert(!full);
    ck_assert_ptr_null(RT_NEW(&a, char, 1));
    ck_assert(full);
    a = fresh(64);
    ck_assert_ptr_null(RT_NEW(&a, uint64_t, SIZE_MAX / 4)); /* the product would wrap */
    ck_assert(full);
    ck_assert_ptr_nonnull(RT_NEW(&a, char, 64)); /* nothing was taken */
    ck_assert(full);
    rt_arena none = {NULL, NULL, &full};
    full = false;
    ck_assert_ptr_null(RT_NEW(&none, char, 1));
    ck_assert(full);
}
END_TEST

/* At the very end of the block the padding alone does not fit. */
START_TEST(padding_does_not_pass_the_end)
{
    rt_arena a = fresh(64);
    ck_assert_ptr_nonnull(RT_NEW(&a, char, 63));
    ck_assert_ptr_null(RT_NEW(&a, uint64_t, 0 + 1));
    ck_assert(full && a.beg <= a.end);
}
END_TEST

START_TEST(a_copy_of_the_arena_is_temporary)
{
    rt_arena a = fresh(64);
    rt_arena temp = a;
    char *first = RT_NEW(&temp, char, 60);
    ck_assert_ptr_eq(RT_NEW(&a, char, 60), first);
}
END_TEST

START_TEST(copies_and_prints)
{
    rt_arena a = fresh(16);
    rt_str s = rt_arena_copy(&a, RT_STR("lung"));
    ck_assert(rt_str_eq(s, RT_STR("lung")) && s.ptr == block);
    s = rt_arena_printf(&a, "%d-%s", 42, "mm");
    ck_assert(rt_str_eq(s, RT_STR("42-mm")));
    ck_assert_ptr_eq(a.beg, block + 9); /* the NUL is not kept */
    ck_assert(!full);
    s = rt_arena_printf(&a, "%s", "1234567"); /* 7 bytes and the NUL do not fit in 7 */
    ck_assert(full && s.len == 0);
    full = false;
    ck_assert(rt_str_eq(rt_arena_copy(&a, RT_STR("1234567")), RT_STR("1234567")));
    ck_assert_uint_eq(rt_arena_copy(&a, RT_STR("")).len, 0);
    ck_assert(!full);
    ck_assert_uint_eq(rt_arena_copy(&a, RT_STR("8")).len, 0);
    ck_assert(full);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("arena");
    TCase *t = tcase_create("arena");
    tcase_add_test(t, gives_zeroed_aligned_memory);
    tcase_add_test(t, full_sticks_and_nothing_overflows);
    tcase_add_test(t, padding_does_not_pass_the_end);
    tcase_add_test(t, a_copy_of_the_arena_is_temporary);
    tcase_add_test(t, copies_and_prints);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
