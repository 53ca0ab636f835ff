/* knowledge/sieve: which strings a pattern needs, and which of many stand in a text. That patterns
 * are found as without a sieve is the business of tests/fuzz/fuzz_pattern.c. */
#include "knowledge/sieve.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static char *put_needle(char *out, const rt_needle *n)
{
    if (n->edges & RT_EDGE_LEFT)
        *out++ = '<';
    memcpy(out, n->bytes, n->len);
    out += n->len;
    if (n->edges & RT_EDGE_RIGHT)
        *out++ = '>';
    return out;
}

/* The needs of a pattern, one behind the other, their needles joined by '|'; "<" and ">": it begins
 * and ends at a word boundary; "*" behind all: nothing else is needed. */
static const char *needs(const char *pattern)
{
    static _Thread_local char text[1024];
    static _Thread_local rt_needs all;
    char *out = text;
    rt_needs_of(rt_str_from(pattern), &all);
    for (uint32_t i = 0; i < all.n; i++) {
        if (i > 0)
            *out++ = ' ';
        for (uint32_t k = 0; k < all.at[i].n; k++) {
            if (k > 0)
                *out++ = '|';
            out = put_needle(out, &all.at[i].at[k]);
        }
    }
    if (all.n > 0 && all.whole)
        *out++ = '*';
    *out = '\0';
    return text;
}

/* The need of a pattern that is asked for first. */
static const char *best(const char *pattern)
{
    static _Thread_local char text[64];
    static _Thread_local rt_needs all;
    ck_assert(rt_needs_of(rt_str_from(pattern), &all));
    *put_needle(text, &all.at[rt_needs_best(&all)].at[0]) = '\0';
    return text;
}

START_TEST(plain_alternatives_are_all_that_is_needed)
{
    ck_assert_str_eq(needs("Cyst|囊肿"), "cyst|囊肿*");
    ck_assert_str_eq(needs("a\\?b"), "a?b*");
    ck_assert_str_eq(needs("(cyst|囊肿)"), "cyst|囊肿*");
    ck_assert_str_eq(needs("(cyst|cysts?)"), "cyst|cyst");
}
END_TEST

START_TEST(every_part_is_needed)
{
    ck_assert_str_eq(needs("(not|without)( \\w+){0,3} (obstruct|hydro)"),
                     "not|without obstruct|hydro");
    ck_assert_str_eq(needs("favou?r"), "favo");
    ck_assert_str_eq(needs("abc+def"), "abc def");
    ck_assert_str_eq(needs("(?<!no )acute(?! on)"), "acute");
    ck_assert_str_eq(needs("[xy]*known{2,3}"), "known");
    ck_assert_str_eq(needs("(in (the|an) artery)+"), "in   artery");
    ck_assert_str_eq(needs("fluid|(free .* air)"), "fluid|free ");
    ck_assert_str_eq(needs("\\d+ ?(%|percent)"), "%|percent");
    ck_assert_str_eq(needs("(%|percent) of the"), " of the");
}
END_TEST

START_TEST(the_best_need_is_asked_first)
{
    ck_assert_str_eq(best("(no|without) fluid"), " fluid");
    ck_assert_str_eq(best("\\bpod\\b.*opera"), "<pod>");
    ck_assert_str_eq(best("abc.*defg.*hi"), "defg");
    ck_assert_str_eq(needs("a11.*b22.*c333.*d44.*e555"), "b22 c333 d44 e555");
}
END_TEST

START_TEST(what_is_short_is_not_needed_beside_what_is_long)
{
    ck_assert_str_eq(needs("(no|without)( \\w+){0,3} (obstruct|hydro)"), "obstruct|hydro");
    ck_assert_str_eq(needs("nodule.*mm\\b"), "nodule mm>");
    ck_assert_str_eq(needs("见.*占位"), "见 占位");
    ck_assert_str_eq(needs("mm"), "mm*");
}
END_TEST

START_TEST(word_boundaries_are_edges_of_needles)
{
    ck_assert_str_eq(needs("\\bgrade (1|2)"), "<grade ");
    ck_assert_str_eq(needs("\\b(ct|mri)\\b"), "<ct>|<mri>*");
    ck_assert_str_eq(needs("\\bct\\b"), "<ct>*");
    ck_assert_str_eq(needs("\\b((ct|mr) |us)\\b"), "<ct|<mr|<us>");
    ck_assert_str_eq(needs("\\bribs?\\b"), "<rib");
    ck_assert_str_eq(needs("\\b\\w*graft\\b"), "graft>");
    ck_assert_str_eq(needs("\\bx?ray(s|x?)\\b"), "ray");
    ck_assert_str_eq(needs("\\b(?!no)ct(?=s)\\b"), "<ct>");
    ck_assert_str_eq(needs("ct\\bmr"), "ctmr"); /* never stands: PCRE2 knows */
    ck_assert_str_eq(needs("\\Bct"), "ct");
    ck_assert_str_eq(needs("(a(bc)d?)\\b"), "bc");
    ck_assert_str_eq(needs("(bc)+\\b"), "bc");
    ck_assert_str_eq(needs("\\bvery long words that go on\\b"), "<very long words that go ");
}
END_TEST

START_TEST(nothing_is_told_of_what_may_be_empty_or_unknown)
{
    ck_assert_str_eq(needs("(abc)?"), "");
    ck_assert_str_eq(needs("abc|\\w+"), "");
    ck_assert_str_eq(needs("(?i)abc"), "");
    ck_assert_str_eq(needs("(a)\\1"), "");
    ck_assert_str_eq(needs("é"), ""); /* it has a case */
    ck_assert_str_eq(needs(""), "");
}
END_TEST

typedef struct answer {
    bool yes;
    uint32_t first, last;
} answer;

static answer find(const char *needle, unsigned edges, const char *text)
{
    static _Thread_local char block[4096];
    bool full = false;
    rt_arena a = {block, block + sizeof block, &full};
    rt_sieve *s = rt_sieve_new();
    rt_needle n = {.len = (unsigned char)strlen(needle), .edges = (unsigned char)edges};
    memcpy(n.bytes, needle, n.len);
    ck_assert(s != NULL);
    ck_assert_uint_eq(rt_sieve_add(s, &n), 0);
    ck_assert_uint_eq(rt_sieve_add(s, &n), 0);
    rt_found *f = rt_found_new(s, &a);
    ck_assert(f != NULL);
    rt_sieve_scan(s, rt_str_from(text), 0, f);
    rt_sieve_free(s);
    ck_assert_uint_eq(f->n, rt_found_has(f, 0));
    return f->n > 0 ? (answer){true, f->places[0].first, f->places[0].last} : (answer){0};
}

static bool stands(const char *needle, const char *text)
{
    return find(needle, 0, text).yes;
}

START_TEST(needles_of_every_length_at_every_place)
{
    static const char *const needle[] = {"z",      "zy",         "zyx",    "zyxw", "zyxwvutsr",
                                         "囊",     "囊肿",       "囊s",    "囊肿囊肿",
                                         "zyx囊肿", "囊肿 zyxwv", "zyxwvut"};
    for (size_t i = 0; i < sizeof needle / sizeof *needle; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", needle[i]);
        ck_assert(stands(needle[i], text));
        snprintf(text, sizeof text, "a%sb", needle[i]);
        ck_assert(stands(needle[i], text));
        snprintf(text, sizeof text, "囊%s肿 and more behind", needle[i]);
        ck_assert(stands(needle[i], text));
        snprintf(text, sizeof text, "abc%s", needle[i]);
        ck_assert(stands(needle[i], text));
        text[strlen(text) - 1] = '\0';
        ck_assert(!stands(needle[i], text));
        ck_assert(!stands(needle[i], ""));
    }
}
END_TEST

START_TEST(edges_are_word_boundaries)
{
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "ct").yes);
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "囊ct肿").yes);
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "act, cts, ct").yes);
    ck_assert(!find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "act, cts, ct_1").yes);
    ck_assert(find("ct", RT_EDGE_LEFT, "cts").yes);
    ck_assert(!find("ct", RT_EDGE_LEFT, "act").yes);
    ck_assert(find("ct", RT_EDGE_RIGHT, "act").yes);
    ck_assert(!find("ct", RT_EDGE_RIGHT, "cts").yes);
    ck_assert(find(" of ", RT_EDGE_LEFT, "one of all").yes); /* between "e" and the blank */
    ck_assert(!find(" of ", RT_EDGE_LEFT, "one, of all").yes);
    ck_assert(!find("?", RT_EDGE_LEFT, " ?").yes);
    ck_assert(find("?", RT_EDGE_LEFT, " ? a?").yes);
}
END_TEST

START_TEST(the_first_and_the_last_place_are_told)
{
    answer a = find("ct", 0, "ct and ct and ct");
    ck_assert_uint_eq(a.first, 0);
    ck_assert_uint_eq(a.last, 14);
    a = find("囊肿", 0, "肾囊肿，肝囊肿");
    ck_assert_uint_eq(a.first, 3);
    ck_assert_uint_eq(a.last, 15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve");
    TCase *all = tcase_create("all");
    tcase_add_test(all, plain_alternatives_are_all_that_is_needed);
    tcase_add_test(all, every_part_is_needed);
    tcase_add_test(all, the_best_need_is_asked_first);
    tcase_add_test(all, what_is_short_is_not_needed_beside_what_is_long);
    tcase_add_test(all, word_boundaries_are_edges_of_needles);
    tcase_add_test(all, nothing_is_told_of_what_may_be_empty_or_unknown);
    tcase_add_test(all, needles_of_every_length_at_every_place);
    tcase_add_test(all, edges_are_word_boundaries);
    tcase_add_test(all, the_first_and_the_last_place_are_told);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
