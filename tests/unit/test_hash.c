/* Tests of base/hash against published values. */
#include <check.h>

#include "base/hash.h"

START_TEST(sha256)
{
    char hex[65];
    rt_sha256_hex(RT_STR(""), hex);
    ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    rt_sha256_hex(RT_STR("abc"), hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(fnv1a)
{
    ck_assert_uint_eq(rt_hash64(RT_STR(""), 0), 0xcbf29ce484222325ULL);
    ck_assert_uint_eq(rt_hash64(RT_STR("a"), 0), 0xaf63dc4c8601ec8cULL);
    ck_assert_uint_eq(rt_hash64(RT_STR("foobar"), 0), 0x85944171f73967e8ULL);
    ck_assert_uint_ne(rt_hash64(RT_STR("a"), 1), rt_hash64(RT_STR("a"), 2));
}
END_TEST

static void check_base64(const char *in, const char *want)
{
    char out[16] = "";
    rt_base64(rt_str_from(in), out);
    ck_assert_uint_eq(rt_base64_length(strlen(in)), strlen(want));
    ck_assert_str_eq(out, want);
}

START_TEST(base64) /* RFC 4648, section 10 */
{
    check_base64("", "");
    check_base64("f", "Zg==");
    check_base64("fo", "Zm8=");
    check_base64("foo", "Zm9v");
    check_base64("foobar", "Zm9vYmFy");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("hash");
    TCase *t = tcase_create("hash");
    tcase_add_test(t, sha256);
    tcase_add_test(t, fnv1a);
    tcase_add_test(t, base64);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
