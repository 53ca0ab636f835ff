/* Stage scan finds what a search at every byte finds, whatever stands at the borders of its blocks
 * of eight bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "stage/stage.h"

/* Sorted by bytes: words shorter and longer than eight letters, with one continuation and several,
 * signs, Han characters alone and with others, and beginnings of beginnings. */
static const char *const patterns[] = {
    "(left)",
    ",",
    ", and",
    "2",
    "2 cm",
    "3d",
    "<",
    "cm",
    "consolidation",
    "ct",
    "ct 增强",
    "effusion",
    "effusions",
    "effusions of",
    "left",
    "left lung",
    "lung",
    "lung base",
    "mm",
    "no",
    "no effusion",
    "nodul",
    "node",
    "t2",
    "t2 flair",
    "、",
    "不",
    "左",
    "左肺",
    "左肺上叶",
    "肺",
    "肺ct",
    "豈",
};
static const char *const pieces[] = {
    "(left)",
    ",",
    "and",
    "2",
    "3d",
    "<",
    "cm",
    "consolidation",
    "consolidations",
    "ct",
    "增强",
    "effusion",
    "effusions",
    "of",
    "left",
    "lung",
    "base",
    "mm",
    "no",
    "nodul",
    "node",
    "t2",
    "flair",
    "、",
    "不",
    "左",
    "肺",
    "上叶",
    "豈",
    "12",
    "mri",
    " ",
    " ",
    " ",
    "\n",
    ".",
    "é",
    "ß",
    "𠀀",
    "䷀",
};
enum { N = sizeof patterns / sizeof *patterns, N_PIECES = sizeof pieces / sizeof *pieces };

static char block[1 << 20];
static bool full;
static rt_str keys[N];
static rt_pattern marked[N]; /* every third is a word for quality checks */
static rt_lexicon lexicon;

static int compare(const void *a, const void *b)
{
    return rt_str_cmp(*(const rt_str *)a, *(const rt_str *)b);
}

static void setup(void)
{
    rt_cell *cells;
    rt_arena arena = {block, block + sizeof block / 2, &full};
    for (uint32_t i = 0; i < N; i++) {
        keys[i] = rt_str_from(patterns[i]);
        marked[i].reads = RT_READS(i % 3 == 0 ? RT_ENTRY_MARK : RT_ENTRY_CONCEPT);
    }
    qsort(keys, N, sizeof *keys, compare);
    ck_assert_int_eq(rt_automaton_build(keys, N, &cells, &lexicon.n_cells, NULL), RT_OK);
    lexicon.cells = cells;
    lexicon.owned_cells = cells;
    lexicon.patterns = marked;
    lexicon.automaton = (rt_automaton){cells, lexicon.n_cells};
    rt_starts_build(&arena, &lexicon.automaton, keys, N, &lexicon.starts);
    ck_assert(!full);
}

static void teardown(void)
{
    free(lexicon.owned_cells);
}

static bool starts_here(rt_str s, uint32_t i)
{
    if (rt_utf8_cont(s.ptr[i]) || rt_is_blank(s.ptr[i]))
        return false;
    return i == 0 || !rt_is_word(s.ptr[i]) || !rt_is_word(s.ptr[i - 1]) ||
           (rt_is_digit(s.ptr[i - 1]) && !rt_is_digit(s.ptr[i]));
}

static bool is_hit(rt_str s, uint32_t at, rt_str key)
{
    uint32_t end = at + (uint32_t)key.len;
    if (end > s.len || (end < s.len && rt_is_word(s.ptr[end]) && rt_is_word(s.ptr[end - 1])))
        return false;
    for (uint32_t i = 0; i < key.len; i++)
        if ((s.ptr[at + i] == '\n' ? ' ' : s.ptr[at + i]) != key.ptr[i])
            return false;
    return true;
}

static void expect_hit(const rt_hit *got, uint32_t n, uint32_t *seen, rt_hit h, rt_str text)
{
    ck_assert_msg(*seen < n, "lacks \"%s\" at %u of \"%s\"", keys[h.pattern].ptr, h.at.beg,
                  text.ptr);
    const rt_hit *g = &got[(*seen)++];
    ck_assert_msg(g->at.beg == h.at.beg && g->at.end == h.at.end && g->pattern == h.pattern,
                  "\"%s\" at %u, not \"%s\" at %u of \"%s\"", keys[g->pattern].ptr, g->at.beg,
                  keys[h.pattern].ptr, h.at.beg, text.ptr);
}

static void check_text(rt_str s)
{
    rt_doc d = {0};
    rt_arena arena = {block + sizeof block / 2, block + sizeof block, &full};
    rt_knowledge k = {.lexicon = &lexicon};
    rt_ctx c = {.know = &k, .perm = &arena};
    uint32_t hits = 0, marks = 0, numbers = 0;
    d.text.folded = s;
    ck_assert_int_eq(rt_stage_scan(&c, &d), RT_OK);
    for (uint32_t at = 0; at < s.len; at++) {
        for (uint32_t i = 0; i < N && starts_here(s, at); i++) {
            if (!is_hit(s, at, keys[i]))
                continue;
            rt_hit h = {{at, at + (uint32_t)keys[i].len}, i, marked[i].reads};
            if (h.reads == RT_READS(RT_ENTRY_MARK))
                expect_hit(d.marks.at, d.marks.len, &marks, h, s);
            else
                expect_hit(d.hits.at, d.hits.len, &hits, h, s);
        }
        if (!rt_is_digit(s.ptr[at]) || (at > 0 && rt_is_digit(s.ptr[at - 1])))
            continue;
        ck_assert_uint_lt(numbers, d.numbers.len);
        rt_fspan number = d.numbers.at[numbers++].at;
        ck_assert_uint_eq(number.beg, at);
        ck_assert(number.end == s.len || !rt_is_digit(s.ptr[number.end]));
    }
    ck_assert_uint_eq(hits, d.hits.len);
    ck_assert_uint_eq(marks, d.marks.len);
    ck_assert_uint_eq(numbers, d.numbers.len);
    ck_assert(!full);
}

START_TEST(equals_naive)
{
    enum { TEXTS = 20000, LONGEST = 16 };
    uint32_t seed = 1;
    for (uint32_t n = 0; n < TEXTS; n++) {
        char text[LONGEST * 16 + 1] = "";
        size_t len = 0;
        for (uint32_t i = 0; i < 1 + n % LONGEST; i++) {
            seed = seed * 1664525U + 1013904223U;
            rt_str piece = rt_str_from(pieces[(seed >> 8) % N_PIECES]);
            memcpy(text + len, piece.ptr, piece.len);
            len += piece.len;
        }
        check_text((rt_str){text, len});
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("scan");
    TCase *t = tcase_create("scan");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, equals_naive);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
