/* Tests of base/vec.h. */
#include <check.h>

#include "base/vec.h"

typedef struct pair {
    uint32_t a, b;
} pair;

static char block[8 << 20]; /* RT_HARD leaves every old copy behind */
static bool full;

START_TEST(keeps_what_is_pushed)
{
    full = false;
    rt_arena a = {block, block + sizeof block, &full};
    RT_VEC(pair) v = {NULL, 0, 0};
    RT_VEC(char) other = {NULL, 0, 0};
    for (uint32_t i = 0; i < 1000; i++) {
        RT_PUSH(&a, &v, (pair){i, i * 2});
        RT_PUSH(&a, &other, (char)i);
    }
    ck_assert(!full);
    ck_assert_uint_eq(v.len, 1000);
    for (uint32_t i = 0; i < 1000; i++)
        ck_assert(v.at[i].a == i && v.at[i].b == i * 2 && other.at[i] == (char)i);
}
END_TEST

START_TEST(drops_what_does_not_fit)
{
    full = false;
    rt_arena a = {block, block + 600, &full};
    RT_VEC(pair) v = {NULL, 0, 0};
    for (uint32_t i = 0; i < 1000; i++)
        RT_PUSH(&a, &v, (pair){i, i});
    ck_assert(full);
    ck_assert_uint_gt(v.len, 0);
    ck_assert_uint_lt(v.len, 75);
    for (uint32_t i = 0; i < v.len; i++)
        ck_assert_uint_eq(v.at[i].a, i);
}
END_TEST

START_TEST(makes_room_once)
{
    full = false;
    rt_arena a = {block, block + 2000, &full};
    RT_VEC(pair) v = {NULL, 0, 0};
    RT_PUSH(&a, &v, (pair){1, 2});
    ck_assert(RT_ROOM(&a, &v, 100));
    const pair *at = v.at;
    uint32_t cap = v.cap;
    ck_assert_uint_ge(cap, 101);
    ck_assert(v.at[0].a == 1 && v.at[0].b == 2);
    ck_assert(RT_ROOM(&a, &v, 100) && v.at == at && v.cap == cap);
    ck_assert(!RT_ROOM(&a, &v, 200) && full && v.at == at && v.cap == cap);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("vec");
    TCase *t = tcase_create("vec");
    tcase_add_test(t, keeps_what_is_pushed);
    tcase_add_test(t, drops_what_does_not_fit);
    tcase_add_test(t, makes_room_once);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
