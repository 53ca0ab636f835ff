/* Tests of base/file: whole files, ceilings, what cannot be read, and writing that leaves nothing
 * half done. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "base/file.h"

static char folder[64], path[128];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/test_file_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void teardown(void)
{
    char **names;
    if (rt_dir_list(folder, "", &names, NULL) == RT_OK) {
        for (size_t i = 0; names[i] != NULL; i++)
            unlink(in_folder(names[i]));
        rt_dir_free(names);
    }
    rmdir(in_folder("sub.tsv"));
    rmdir(folder);
}

static void expect_content(const char *name, rt_str expected)
{
    rt_bytes got = {.ptr = NULL};
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_file_read(in_folder(name), 1 << 20, &got, &err), RT_OK);
    ck_assert(rt_str_eq(rt_bytes_str(&got), expected));
    rt_bytes_free(&got);
    ck_assert_int_eq(rt_file_map(in_folder(name), &got, &err), RT_OK);
    ck_assert(rt_str_eq(rt_bytes_str(&got), expected));
    rt_bytes_free(&got);
    ck_assert_ptr_null(got.ptr);
}

START_TEST(what_is_written_is_read)
{
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_file_write(in_folder("a"), RT_STR("x\0y"), &err), RT_OK);
    expect_content("a", RT_STR("x\0y"));
    ck_assert_int_eq(rt_file_write(in_folder("a"), RT_STR(""), &err), RT_OK); /* replaced */
    expect_content("a", RT_STR(""));
    char **names;
    ck_assert_int_eq(rt_dir_list(folder, "", &names, &err), RT_OK);
    ck_assert_str_eq(names[0], "a"); /* and no other file is left */
    ck_assert_ptr_null(names[1]);
    rt_dir_free(names);
}
END_TEST

START_TEST(new_files_obey_the_umask)
{
    struct stat st;
    mode_t before = umask(027);
    ck_assert_int_eq(rt_file_write(in_folder("m"), RT_STR("x"), NULL), RT_OK);
    umask(before);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_ceiling_is_a_ceiling)
{
    rt_err err = {.code = RT_OK};
    rt_bytes got = {.ptr = NULL};
    rt_file_write(in_folder("ten"), RT_STR("0123456789"), NULL);
    ck_assert_int_eq(rt_file_read(path, 10, &got, &err), RT_OK);
    ck_assert_uint_eq(got.len, 10);
    rt_bytes_free(&got);
    ck_assert_int_eq(rt_file_read(path, 9, &got, &err), RT_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.msg, "larger than 9 bytes"));
    ck_assert_ptr_null(got.ptr); /* untouched */
}
END_TEST

static void fill_pipe(int fd, size_t n)
{
    char block[1000];
    memset(block, 'p', sizeof block);
    for (size_t i = 0; i < n; i += sizeof block)
        ck_assert_int_eq(write(fd, block, sizeof block), (ssize_t)sizeof block);
    close(fd);
}

START_TEST(standard_input)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    fill_pipe(ends[1], 50000); /* less than a pipe holds */
    int before = dup(STDIN_FILENO);
    ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    rt_bytes got = {.ptr = NULL};
    ck_assert_int_eq(rt_file_read("-", 1 << 20, &got, NULL), RT_OK);
    ck_assert_uint_eq(got.len, 50000);
    rt_bytes_free(&got);
    dup2(before, STDIN_FILENO);
    close(before);
    close(ends[0]);
}
END_TEST

START_TEST(what_cannot_be_done_says_why)
{
    rt_err err = {.code = RT_OK};
    rt_bytes got = {.ptr = NULL};
    char **names = NULL;
    ck_assert_int_eq(rt_file_read(in_folder("none"), 10, &got, &err), RT_EIO);
    ck_assert_ptr_nonnull(strstr(err.msg, "none: No such file"));
    err.code = RT_OK;
    ck_assert_int_eq(rt_file_read(folder, 10, &got, &err), RT_EIO);
    ck_assert_ptr_nonnull(strstr(err.msg, "directory"));
    err.code = RT_OK;
    ck_assert_int_eq(rt_file_map(in_folder("none"), &got, &err), RT_EIO);
    ck_assert_int_eq(rt_file_map(folder, &got, &err), RT_EIO);
    err.code = RT_OK;
    ck_assert_int_eq(rt_file_write(in_folder("no/such"), RT_STR("x"), &err), RT_EIO);
    ck_assert_ptr_nonnull(strstr(err.msg, "cannot write"));
    ck_assert_int_eq(rt_file_write(folder, RT_STR("x"), NULL), RT_EIO); /* a folder stays */
    ck_assert_int_eq(rt_dir_list(in_folder("none"), "", &names, &err), RT_EIO);
    ck_assert_ptr_null(names);
}
END_TEST

/* A device is written into, not replaced by a file; a full disk is told of and leaves nothing. */
START_TEST(devices)
{
    struct stat st;
    rt_err err = {.code = RT_OK};
    ck_assert_int_eq(rt_file_write("/dev/null", RT_STR("x"), &err), RT_OK);
    ck_assert_int_eq(stat("/dev/null", &st), 0);
    ck_assert(S_ISCHR(st.st_mode));
    if (access("/dev/full", W_OK) == 0) {
        ck_assert_int_eq(rt_file_write("/dev/full", RT_STR("x"), &err), RT_EIO);
        ck_assert_ptr_nonnull(strstr(err.msg, "No space left"));
    }
}
END_TEST

START_TEST(lists_by_suffix_in_order)
{
    static const char *const all[] = {"b.tsv", "a.tsv", "B.tsv", "a.txt", ".tsv", "tsv"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rt_file_write(in_folder(all[i]), RT_STR("x"), NULL);
    ck_assert_int_eq(mkdir(in_folder("sub.tsv"), 0700), 0); /* no regular file */
    char **names;
    ck_assert_int_eq(rt_dir_list(folder, ".tsv", &names, NULL), RT_OK);
    static const char *const expected[] = {".tsv", "B.tsv", "a.tsv", "b.tsv"};
    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(names[i], expected[i]);
    ck_assert_ptr_null(names[4]);
    rt_dir_free(names);
    ck_assert_int_eq(rt_dir_list(folder, ".none", &names, NULL), RT_OK);
    ck_assert_ptr_null(names[0]);
    rt_dir_free(names);
    rt_dir_free(NULL);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("file");
    TCase *t = tcase_create("file");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, what_is_written_is_read);
    tcase_add_test(t, new_files_obey_the_umask);
    tcase_add_test(t, a_ceiling_is_a_ceiling);
    tcase_add_test(t, standard_input);
    tcase_add_test(t, what_cannot_be_done_says_why);
    tcase_add_test(t, devices);
    tcase_add_test(t, lists_by_suffix_in_order);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
