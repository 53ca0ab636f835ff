/* Tests of index/tokenizer: what the words of a text are, and where in the input they stand. */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "index/tokenizer.h"

typedef struct seen {
    rt_str text;
    rt_buf tokens; /* apart by "|" */
    rt_buf places; /* the input there, apart by "|" */
    uint32_t last;
} seen;

static int see(void *user, rt_str token, rt_span at)
{
    seen *s = user;
    ck_assert_uint_lt(at.beg, at.end);
    ck_assert_uint_ge(at.beg, s->last);
    ck_assert_uint_le(at.end, s->text.len);
    ck_assert(!rt_utf8_cont(s->text.ptr[at.beg]));
    ck_assert(at.end == s->text.len || !rt_utf8_cont(s->text.ptr[at.end]));
    s->last = at.end;
    if (s->tokens.len > 0) {
        rt_buf_addc(&s->tokens, '|');
        rt_buf_addc(&s->places, '|');
    }
    rt_buf_add(&s->tokens, token);
    rt_buf_add(&s->places, rt_str_slice(s->text, at.beg, at.end));
    return SQLITE_OK;
}

static void check(const char *text, const char *tokens, const char *places)
{
    rt_tokenizer *t = rt_tokenizer_new();
    seen s = {.text = rt_str_from(text)};
    rt_buf_init(&s.tokens, SIZE_MAX);
    rt_buf_init(&s.places, SIZE_MAX);
    ck_assert_int_eq(rt_tokenize(t, s.text, &s, see), SQLITE_OK);
    rt_buf_addc(&s.tokens, '\0');
    rt_buf_addc(&s.places, '\0');
    ck_assert_str_eq(s.tokens.ptr, tokens);
    ck_assert_str_eq(s.places.ptr, places);
    rt_buf_free(&s.tokens);
    rt_buf_free(&s.places);
    rt_tokenizer_free(t);
}

START_TEST(words_and_characters)
{
    check("", "", "");
    check(" ,.;\n", "", "");
    check("No Pneumothorax.", "no|pneumothorax", "No|Pneumothorax");
    check("右肺CT结节", "右|肺|ct|结|节", "右|肺|CT|结|节");
    check("C-spine, R/O fx", "c|spine|r|o|fx", "C|spine|R|O|fx");
    check("T2WI L4-5", "t2wi|l4|5", "T2WI|L4|5");
}
END_TEST

/* UAX #29 makes one word of "effusion.No" and "lungs:clear". */
START_TEST(a_point_joins_digits_alone)
{
    check("1.5 cm, 12.", "1.5|cm|12", "1.5|cm|12");
    check("effusion.No mass", "effusion|no|mass", "effusion|No|mass");
    check("1.肺部 2.3,4", "1|肺|部|2.3|4", "1|肺|部|2.3|4");
}
END_TEST

START_TEST(places_are_of_the_input)
{
    check("ＣＴ　１２ｍｍ", "ct|12mm", "ＣＴ|１２ｍｍ");
    check("左側  氣胸", "左|侧|气|胸", "左|側|氣|胸");
    check("Caf\xc3\xa9 \xce\x92 9", "cafe|\xce\xb2|9", "Caf\xc3\xa9|\xce\x92|9");
}
END_TEST

START_TEST(broken_text_has_no_words)
{
    check("effusion \xff", "", "");
    check("\xe8\x82", "", "");
}
END_TEST

static int stop_at_two(void *user, rt_str token, rt_span at)
{
    (void)token;
    (void)at;
    return ++*(int *)user == 2 ? SQLITE_ABORT : SQLITE_OK;
}

START_TEST(the_callback_stops_it)
{
    rt_tokenizer *t = rt_tokenizer_new();
    int n = 0;
    ck_assert_int_eq(rt_tokenize(t, RT_STR("a b c d"), &n, stop_at_two), SQLITE_ABORT);
    ck_assert_int_eq(n, 2);
    rt_tokenizer_free(t);
}
END_TEST

static int count(void *user, rt_str token, rt_span at)
{
    (void)token;
    (void)at;
    ++*(int *)user;
    return SQLITE_OK;
}

START_TEST(long_texts_after_short_ones)
{
    rt_tokenizer *t = rt_tokenizer_new();
    rt_buf text;
    rt_buf_init(&text, SIZE_MAX);
    for (int words = 1; words < 100000; words *= 10) {
        int n = 0;
        rt_buf_clear(&text);
        for (int i = 0; i < words; i++)
            rt_buf_addz(&text, "A  肺-b ");
        ck_assert_int_eq(rt_tokenize(t, rt_buf_str(&text), &n, count), SQLITE_OK);
        ck_assert_int_eq(n, 3 * words);
    }
    rt_buf_free(&text);
    rt_tokenizer_free(t);
}
END_TEST

/* ---- within FTS5 */

static int first_text(void *user, int n, char **values, char **names)
{
    (void)names;
    snprintf(user, 200, "%s", n > 0 && values[0] != NULL ? values[0] : "");
    return 0;
}

START_TEST(fts5_finds_and_highlights)
{
    static const struct {
        const char *sql, *answer;
    } cases[] = {
        {"SELECT highlight(t, 0, '<', '>') FROM t WHERE t MATCH '气胸'", "左侧<气胸>，压缩30%。"},
        {"SELECT highlight(t, 0, '<', '>') FROM t WHERE t MATCH '\"c spine\"'",
         "The <C-spine> is normal."},
        {"SELECT count(*) FROM t WHERE t MATCH '胸气'", "0"},
        {"SELECT count(*) FROM t WHERE t MATCH 'NORM*'", "1"},
        {"SELECT count(*) FROM t WHERE t MATCH 'NEAR(左 压 , 3)'", "1"},
    };
    sqlite3 *db = NULL;
    char got[200] = "";
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    ck_assert_int_eq(rt_tokenizer_register(db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "CREATE VIRTUAL TABLE t USING fts5(x, tokenize=roentext);"
                                  "INSERT INTO t VALUES('左侧气胸，压缩30%。'),"
                                  " ('The C-spine is normal.');",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(sqlite3_exec(db, cases[i].sql, first_text, got, NULL), SQLITE_OK);
        ck_assert_str_eq(got, cases[i].answer);
    }
    sqlite3_close(db);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tokenizer");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, words_and_characters);
    tcase_add_test(tc, a_point_joins_digits_alone);
    tcase_add_test(tc, places_are_of_the_input);
    tcase_add_test(tc, broken_text_has_no_words);
    tcase_add_test(tc, the_callback_stops_it);
    tcase_add_test(tc, long_texts_after_short_ones);
    tcase_add_test(tc, fts5_finds_and_highlights);
    suite_add_tcase(s, tc);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
