/* knowledge/sieve: which strings a pattern needs, and which of many stand in a text. That patterns
 * are found as without a sieve is the business of tests/fuzz/fuzz_pattern.c. */
#include "knowledge/pattern.h"

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
    ck_assert_str_eq(needs("(cyst|cysts?)"), "cyst*");
}
END_TEST

START_TEST(every_part_is_needed)
{
    ck_assert_str_eq(needs("(not|without)( \\w+){0,3} (obstruct|hydro)"),
                     "not|without  obstruct| hydro");
    ck_assert_str_eq(needs("abc+def"), "abc def");
    ck_assert_str_eq(needs("(?<!no )acute(?! on)"), "acute");
    ck_assert_str_eq(needs("[xy]*known{2,3}"), "known");
    ck_assert_str_eq(needs("(in (the|an) artery)+"), "in the artery|in an artery");
    ck_assert_str_eq(needs("fluid|(free .* air)"), "fluid|free ");
    ck_assert_str_eq(needs("\\d+ ?(%|percent)"), "%|percent");
}
END_TEST

START_TEST(a_run_goes_on_through_what_may_be_spelt_out)
{
    ck_assert_str_eq(needs("favou?r"), "favor|favour*");
    ck_assert_str_eq(needs("re[- ]?view"), "review|re-view|re view*");
    ck_assert_str_eq(needs("abus(e|ive)"), "abuse|abusive*");
    ck_assert_str_eq(needs("(in|of) the (\\w+ )?lung"), "in the |of the  lung");
    ck_assert_str_eq(needs("\\bmass(es)?\\b"), "<mass>|<masses>*");
    ck_assert_str_eq(needs("mass(es)?"), "mass*"); /* the longer one says no more */
    ck_assert_str_eq(needs("\\b(no )?\\w"), "");
    ck_assert_str_eq(needs("ab[c-e]f"), "ab f");
    ck_assert_str_eq(needs("ab[^c]f"), "ab f");
    ck_assert_str_eq(needs("ab[c\\d]f"), "ab f");
    ck_assert_str_eq(needs("ab?+c"), "a c"); /* possessive */
    ck_assert_str_eq(needs("(ab\\b)?c"), "c");
    ck_assert_str_eq(needs("a[bcdef][bcdef]"), "ab|ac|ad|ae|af");
}
END_TEST

START_TEST(the_best_need_is_asked_first)
{
    ck_assert_str_eq(best("(no|without) fluid"), "no fluid");
    ck_assert_str_eq(best("\\bpod\\b.*opera"), "<pod>");
    ck_assert_str_eq(best("abc.*defg.*hi"), "defg");
    ck_assert_str_eq(needs("a11.*b22.*c333.*d44.*e555"), "b22 c333 d44 e555");
}
END_TEST

START_TEST(word_boundaries_are_edges_of_needles)
{
    ck_assert_str_eq(needs("\\bgrade (1|2)"), "<grade 1|<grade 2*");
    ck_assert_str_eq(needs("\\b(ct|mri)\\b"), "<ct>|<mri>*");
    ck_assert_str_eq(needs("\\bct\\b"), "<ct>*");
    ck_assert_str_eq(needs("\\b((ct|mr) |us)\\b"), "<ct >|<mr >|<us>*");
    ck_assert_str_eq(needs("\\bribs?\\b"), "<rib>|<ribs>*");
    ck_assert_str_eq(needs("\\b\\w*graft\\b"), "graft>");
    ck_assert_str_eq(needs("\\bx?ray(s|x?)\\b"), "<ray|<xray");
    ck_assert_str_eq(needs("\\b(?!no)ct(?=s)\\b"), "<ct>");
    ck_assert_str_eq(needs("ct\\bmr"), "ctmr"); /* never stands: PCRE2 knows */
    ck_assert_str_eq(needs("\\Bct"), "ct");
    ck_assert_str_eq(needs("(a(bc)d?)\\b"), "abc>|abcd>*");
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

static bool find(const char *needle, unsigned edges, const char *text)
{
    static _Thread_local char block[4096];
    bool full = false;
    rt_arena a = {block, block + sizeof block, &full};
    rt_fspan at;
    rt_sieve *s = rt_sieve_new();
    rt_needle n = {.len = (unsigned char)strlen(needle), .edges = (unsigned char)edges};
    memcpy(n.bytes, needle, n.len);
    ck_assert(s != NULL);
    ck_assert_uint_eq(rt_sieve_add(s, &n, false), 0);
    bool found = rt_sieve_find(s, 0, rt_str_from(text), 0, &at);
    if (!rt_needle_may_be_sought(&n)) {
        rt_sieve_free(s);
        return found;
    }
    ck_assert_uint_eq(rt_sieve_add(s, &n, true), 1);
    ck_assert_uint_eq(rt_sieve_add(s, &n, true), 1);
    ck_assert(!rt_sieve_seeks(s, 0) && rt_sieve_seeks(s, 1));
    rt_found *f = rt_found_new(s, &a);
    ck_assert(f != NULL);
    rt_sieve_scan(s, rt_str_from(text), f);
    ck_assert(rt_found_has(f, 1) == found);
    ck_assert_uint_eq(f->n, found);
    rt_sieve_free(s);
    return found;
}

static bool stands(const char *needle, const char *text)
{
    return find(needle, 0, text);
}

START_TEST(needles_of_every_length_at_every_place)
{
    static const char *const needle[] = {"zy",      "zyx",        "zyxw",   "zyxwvutsr",
                                         "囊",      "囊肿",       "囊s",    "囊肿囊肿",
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
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "ct"));
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "囊ct肿"));
    ck_assert(find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "act, cts, ct"));
    ck_assert(!find("ct", RT_EDGE_LEFT | RT_EDGE_RIGHT, "act, cts, ct_1"));
    ck_assert(find("ct", RT_EDGE_LEFT, "cts"));
    ck_assert(!find("ct", RT_EDGE_LEFT, "act"));
    ck_assert(find("ct", RT_EDGE_RIGHT, "act"));
    ck_assert(!find("ct", RT_EDGE_RIGHT, "cts"));
    ck_assert(find(" of ", RT_EDGE_LEFT, "one of all")); /* between "e" and the blank */
    ck_assert(!find(" of ", RT_EDGE_LEFT, "one, of all"));
}
END_TEST

START_TEST(a_needle_is_found_from_a_place_on)
{
    rt_sieve *s = rt_sieve_new();
    rt_needle n = {.len = 2, .edges = RT_EDGE_LEFT | RT_EDGE_RIGHT, .bytes = "ct"};
    rt_fspan at;
    ck_assert_uint_eq(rt_sieve_add(s, &n, false), 0);
    ck_assert(rt_sieve_find(s, 0, RT_STR("act, ct and ct"), 0, &at));
    ck_assert_uint_eq(at.beg, 5);
    ck_assert_uint_eq(at.end, 7);
    ck_assert(rt_sieve_find(s, 0, RT_STR("act, ct and ct"), 6, &at));
    ck_assert_uint_eq(at.beg, 12);
    ck_assert(!rt_sieve_find(s, 0, RT_STR("act, ct and ct"), 13, &at));
    rt_sieve_free(s);
}
END_TEST

START_TEST(a_pattern_may_begin_with_its_first_need)
{
    static _Thread_local rt_needs all;
    static const struct {
        const char *pattern;
        bool leads;
    } is[] = {{"\\bnodule.*mm", true},
              {"(ct|mri) of", true},
              {"(?<!no )(acute|new)", true},
              {"(\\w+ )?nodule", false},
              {"x?ray", false},
              {"[abc]ct", true},
              {"[^abc]ct", false},
              {"\\b(no )?ct", true},
              {"(ct|x+mri) of", false},
              {"(a.*)bcd", true},
              {"(ct|.*mri)", false},
              {"a*bcd", false},
              {"a+bcd", true},
              {"^(?!.*no).*(small|little)", false},
              {"a1.*b22.*c33.*d44.*e55", false}};
    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        ck_assert(rt_needs_of(rt_str_from(is[i].pattern), &all));
        ck_assert_msg(all.leads == is[i].leads, "%s", is[i].pattern);
    }
}
END_TEST

/* What is in the group that a pattern consists of; "" if it is none. */
static const char *group(const char *pattern)
{
    static _Thread_local char text[64];
    rt_fspan group, inside;
    text[0] = '\0';
    if (rt_group_of(rt_str_from(pattern), &group, &inside))
        snprintf(text, sizeof text, "%.*s", (int)(inside.end - inside.beg), pattern + inside.beg);
    return text;
}

START_TEST(a_group_between_what_takes_nothing_is_a_group)
{
    ck_assert_str_eq(group("(a|b)"), "a|b");
    ck_assert_str_eq(group("\\b(?:a|(b))\\b"), "a|(b)");
    ck_assert_str_eq(group("^(?<!no )(?!x)(a|b[)])(?= c)$"), "a|b[)]");
    ck_assert_str_eq(group("(a|b)?"), "");
    ck_assert_str_eq(group("(a)(b)"), "");
    ck_assert_str_eq(group("x(a|b)"), "");
    ck_assert_str_eq(group("(a|b)x"), "");
    ck_assert_str_eq(group("(a|b"), "");
    ck_assert_str_eq(group("(?i)a"), "");
    ck_assert_str_eq(group("(?!a)"), "");
}
END_TEST

/* Does a pattern stand in a text, asked in all ways? */
static bool matches(const char *pattern, const char *text)
{
    static _Thread_local char block[1 << 16];
    bool full = false;
    size_t fault;
    rt_arena a = {block, block + sizeof block, &full};
    rt_patterns *s = rt_patterns_new();
    ck_assert(s != NULL);
    uint32_t whole = rt_patterns_add(s, rt_str_from(pattern), false, &fault);
    uint32_t parts = rt_patterns_add(s, rt_str_from(pattern), true, &fault);
    ck_assert(whole != UINT32_MAX && parts != UINT32_MAX);
    rt_matcher m = {.arena = &a}, once = {.arena = &a};
    rt_str t = rt_str_from(text);
    bool plain = rt_pattern_find(&m, s, whole, t, NULL);
    ck_assert_msg(rt_pattern_find_folded(&m, s, whole, t, NULL) == plain, "%s: %s", pattern, text);
    ck_assert_msg(rt_pattern_stands(&m, s, parts, t) == plain, "%s: %s", pattern, text);
    ck_assert_msg(rt_pattern_stands_once(&once, s, parts, t) == plain, "%s: %s", pattern, text);
    ck_assert(!plain || rt_any_bit(rt_patterns_due(&m, s, t), rt_pattern_bits(s, parts)));
    rt_patterns_free(s);
    return plain;
}

START_TEST(the_words_of_a_pattern_stand_in_its_order)
{
    ck_assert(matches("nodule.{0,20}(upper|lower) lobe.*\\bmm\\b", "a nodule, upper lobe, 5 mm"));
    ck_assert(!matches("nodule.{0,20}(upper|lower) lobe.*\\bmm\\b", "5 mm nodule, upper lobe"));
    ck_assert(matches("nodule.{0,20}lobe", "upper lobe nodule of the lower lobe"));
    ck_assert(matches("\\?|\\bct\\b", "was it a ct"));
    ck_assert(matches("\\?|\\bct\\b", "an act?"));
    ck_assert(!matches("\\?|\\bct\\b", "an act"));
    ck_assert(matches("右肺.{0,4}不张", "左肺清晰，右肺部分不张"));
    ck_assert(!matches("右肺.{0,4}不张", "左肺不张，右肺清晰"));
}
END_TEST

START_TEST(a_group_is_asked_by_its_alternatives)
{
    static const char *const pattern = "(?<!no )\\b(ct|mri|cysts?( and|,)? nodules?)\\b(?! of)";
    ck_assert(matches(pattern, "a ct"));
    ck_assert(!matches(pattern, "no ct"));
    ck_assert(!matches(pattern, "act, the ct of"));
    ck_assert(matches(pattern, "no ct, cyst and nodules"));
    ck_assert(!matches(pattern, "cyst and nodules of"));
}
END_TEST

START_TEST(a_denial_is_asked_in_two_halves)
{
    static const char *const pattern = "^(?!.*(large|大量)).*(small|少量)";
    ck_assert(matches(pattern, "a small effusion"));
    ck_assert(!matches(pattern, "a small effusion, a large one"));
    ck_assert(!matches(pattern, "a large effusion"));
    ck_assert(!matches(pattern, "an effusion"));
    ck_assert(matches(pattern, "a small effusion\na large one"));
    ck_assert(!matches(pattern, "an effusion\na small one"));
    ck_assert(matches("^(?!.*(a).*b).*(small)", "b a small"));
    ck_assert(!matches("^(?!.*(a).*b).*(small)", "a b small"));
    ck_assert(matches("^(?!.*large|new).*(small)", "small, new"));
    ck_assert(!matches("^(?!.*large|new).*(small)", "new, small"));
    ck_assert(!matches("^(?!.*).*(small)", "small"));
}
END_TEST

/* Some of n strings in a row, by a number that goes on. */
static void draw(char out[128], unsigned count, const char *const *of, size_t n, uint32_t *chance)
{
    size_t len = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        *chance = *chance * 1664525 + 1013904223;
        len += (size_t)snprintf(out + len, 128 - len, "%s", of[(*chance >> 16) % n]);
    }
}

START_TEST(the_sieve_changes_no_answer)
{
    static const char *const part[] = {"a",        "b",         "ab",     "left", "肺", "\\b",
                                       "a?",       "(ab)?",     "(a|ba)", " ",    "b+", "[ab]",
                                       "[肺 ]?",   "(b|lef)t?", ".{0,3}", "|",    "ta", "(?<!b)",
                                       "(ab\\b)?", "(?!ab)",    "( a)?",  "肺?",  "\\w"};
    static const char *const word[] = {"a", "b", "ab", " ", "left", "肺", "lefta", "ba", "bb"};
    uint32_t chance = 7, found = 0;
    for (int i = 0; i < 4000; i++) {
        char pattern[128], text[128];
        draw(pattern, 5, part, sizeof part / sizeof *part, &chance);
        draw(text, 8, word, sizeof word / sizeof *word, &chance);
        found += matches(pattern, text);
    }
    ck_assert(found > 400 && found < 3600);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve");
    TCase *all = tcase_create("all");
    tcase_add_test(all, plain_alternatives_are_all_that_is_needed);
    tcase_add_test(all, every_part_is_needed);
    tcase_add_test(all, a_run_goes_on_through_what_may_be_spelt_out);
    tcase_add_test(all, the_best_need_is_asked_first);
    tcase_add_test(all, word_boundaries_are_edges_of_needles);
    tcase_add_test(all, nothing_is_told_of_what_may_be_empty_or_unknown);
    tcase_add_test(all, needles_of_every_length_at_every_place);
    tcase_add_test(all, edges_are_word_boundaries);
    tcase_add_test(all, a_needle_is_found_from_a_place_on);
    tcase_add_test(all, a_pattern_may_begin_with_its_first_need);
    tcase_add_test(all, the_words_of_a_pattern_stand_in_its_order);
    tcase_add_test(all, a_group_between_what_takes_nothing_is_a_group);
    tcase_add_test(all, a_group_is_asked_by_its_alternatives);
    tcase_add_test(all, a_denial_is_asked_in_two_halves);
    tcase_add_test(all, the_sieve_changes_no_answer);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
