/* Tests of text/fold: what must be the same, what must stay apart, and the properties of the map.
 */
#include <check.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold.h"

static char block[1 << 16];
static bool full;

static rt_arena fresh(void)
{
    full = false;
    return (rt_arena){block, block + sizeof block, &full};
}

static void expect(const char *doc, const char *folded)
{
    rt_arena a = fresh();
    rt_text t;
    rt_fold(&a, rt_str_from(doc), &t);
    ck_assert(!full);
    ck_assert_msg(rt_str_eq(t.folded, rt_str_from(folded)), "\"%s\" folds to \"%.*s\", not \"%s\"",
                  doc, (int)t.folded.len, t.folded.ptr, folded);
    a = fresh();
    rt_str term = rt_fold_term(&a, rt_str_from(doc));
    ck_assert(rt_str_eq(term, rt_str_from(folded)));
    ck_assert_ptr_eq(a.beg, block + term.len); /* nothing else is kept */
}

START_TEST(english)
{
    expect("No Pneumothorax.", "no pneumothorax.");
    expect("ground-glass", "ground glass");
    expect("Ground\xE2\x80\x90Glass", "ground glass"); /* U+2010 */
    expect("T12-L1", "t12-l1");
    expect("2-3 mm", "2-3 mm");
    expect("a -b a- b -", "a -b a- b -");
    expect("x-ray--film", "x ray--film");
    expect("well\xE2\x80\x94"
           "defined",
           "well defined");
    expect("“quoted” ‘it’s’", "\"quoted\" 'it's'");
    expect("M\xC3\xA9ni\xC3\xA8re", "meniere");
    expect("Me\xCC\x81ni\xC3\xA8re", "meniere"); /* the accent as a character of its own */
    expect("STRA\xC3\x9F"
           "E",
           "strasse");
    expect("ﬁbrosis", "fibrosis");
}
END_TEST

/* Eight bytes are folded at once where that can be: every pair of characters at every place of
 * them, against one character after the other. */
START_TEST(every_pair_of_ascii)
{
    for (int c1 = ' '; c1 < 0x7F; c1++)
        for (int c2 = ' '; c2 < 0x7F; c2++)
            for (size_t at = 1; at < 19; at++) {
                char doc[] = "Abcdefghijklmnopqrstuvw", folded[sizeof doc];
                size_t n = 0;
                doc[at] = (char)c1;
                doc[at + 1] = (char)c2;
                if (strchr(doc, '-') != NULL)
                    continue;
                for (size_t i = 0; i < sizeof doc; i++) {
                    char c = doc[i];
                    if (c != ' ' || folded[n - 1] != ' ')
                        folded[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '`' ? '\'' : c);
                }
                expect(doc, folded);
            }
}
END_TEST

START_TEST(blanks)
{
    expect("", "");
    expect("  \n ", "");
    expect(" a", "a");
    expect("a \t ", "a");
    expect("a  b\t\tc", "a b c");
    expect("a\nb", "a\nb");
    expect("a \n b", "a\nb");
    expect("a\n\nb", "a\n\nb");
    expect("a\n \n\n\tb", "a\n\nb");
    expect("a\xC2\xA0"
           "b　c\xE2\x80\x89"
           "d",
           "a b c d");
    expect("a \xE2\x80\x8B b", "a b"); /* zero width between two blanks */
    expect("a\xE2\x80\x8B"
           "b",
           "ab"); /* and between letters */
    expect("a-\xE2\x80\x8B"
           "b",
           "a b"); /* and behind a hyphen */
    expect("\xEF\xBB\xBF"
           "a\xC2\xAD"
           "b",
           "ab");
}
END_TEST

START_TEST(chinese)
{
    expect("右肺上叶结节", "右肺上叶结节");
    expect("右肺上葉結節", "右肺上叶结节");
    expect("關節腔積液", "关节腔积液");
    expect("未見異常，考慮：（腫瘤）；", "未见异常,考虑:(肿瘤);");
    expect("结节。边界清、光滑！？", "结节。边界清、光滑!?");
    expect("ＣＴ　１２×８ｍｍ", "ct 12x8mm");
    expect("１２＊８㎜，３．２㎝", "12*8mm,3.2cm");
    expect("12✕8╳7", "12x8x7");
    expect("3～5mm 3〜5 3∼5", "3~5mm 3~5 3~5");
    expect("Ⅱ级 50％ ㎡ cm²", "ii级 50% m2 cm2");
    expect("37℃ ≧3 ≤5", "37°c ≥3 ≤5");
    expect("｡､", "。、");
    expect("⽉⾻", "月骨"); /* Kangxi radicals, as copied out of PDF */
    expect("ａ－ｂ", "a b");
}
END_TEST

/* Two that sound alike are typed for each other. */
START_TEST(twins)
{
    expect("纵膈及縱膈淋巴结", "纵隔及纵隔淋巴结");
    expect("横隔，隔肌，双隔下，隔面，心隔角，肋隔角", "横膈,膈肌,双膈下,膈面,心膈角,肋膈角");
    expect("膈下，膈肌，膈疝，膈", "膈下,膈肌,膈疝,膈");
    expect("室间隔下部，纵隔下份，分隔下方，鼻中隔面，肺隔离症，隔",
           "室间隔下部,纵隔下份,分隔下方,鼻中隔面,肺隔离症,隔");
    expect("肺动脉拴塞，血拴", "肺动脉栓塞,血栓");
}
END_TEST

/* What folding must not do: glue marks to numbers, or make words out of signs. */
START_TEST(what_stays)
{
    expect("结节5mm②肝", "结节5mm②肝");
    expect("1½", "1½");
    expect("№ 5", "№ 5");
    expect("㈠右肺", "㈠右肺");
    expect("•右肺·", "•右肺·");
    expect("😀", "😀");
}
END_TEST

/* ---- properties ---- */

static const char *const pieces[] = {
    "a",  "B",  "-",        " ",  "\n", "\t",           "1",        ".",  "肺",
    "節", "，", "。",       "（", "Ａ", "０",           "－",       "　", "㎝",
    "Ⅱ",  "İ",  "\xC3\xA9", "×",  "😀",  "\xE2\x80\x8B", "\xCC\x81", "ß",  "…",
};

static uint32_t state;

static uint32_t dice(uint32_t sides)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % sides;
}

static rt_str random_text(char *out, uint32_t seed)
{
    state = seed;
    size_t len = 0;
    for (uint32_t n = dice(40); n > 0; n--) {
        const char *piece = pieces[dice(sizeof pieces / sizeof *pieces)];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return (rt_str){out, len};
}

static void check_map(const rt_text *t)
{
    rt_span last = {0, 0};
    for (uint32_t i = 0; i < t->folded.len; i++) {
        rt_span at = rt_text_origin(t, (rt_fspan){i, i + 1});
        ck_assert(at.beg < at.end && at.end <= t->doc.len);
        ck_assert(at.beg >= last.beg && at.end >= last.end);
        ck_assert(!rt_utf8_cont(t->doc.ptr[at.beg]));
        ck_assert(at.end == t->doc.len || !rt_utf8_cont(t->doc.ptr[at.end]));
        ck_assert_uint_eq(rt_utf8_count(rt_text_slice(t, at)), 1); /* one byte, one character */
        last = at;
    }
    uint32_t folded = 0;
    for (uint32_t i = 0; i <= t->doc.len; i++) {
        uint32_t next = rt_text_folded(t, i);
        ck_assert(next >= folded && next <= t->folded.len);
        folded = next;
    }
}

START_TEST(the_map_is_monotone_and_on_characters)
{
    char doc[512];
    for (uint32_t seed = 0; seed < 3000; seed++) {
        rt_arena a = fresh();
        rt_text t;
        rt_fold(&a, random_text(doc, seed), &t);
        ck_assert(!full && rt_utf8_valid(t.folded, NULL));
        ck_assert_uint_le(t.folded.len, 2 * t.doc.len + 8);
        check_map(&t);
    }
}
END_TEST

START_TEST(folding_twice_changes_nothing)
{
    char doc[512];
    for (uint32_t seed = 0; seed < 3000; seed++) {
        rt_arena a = fresh();
        rt_text once, twice;
        rt_fold(&a, random_text(doc, seed), &once);
        rt_fold(&a, once.folded, &twice);
        ck_assert(rt_str_eq(once.folded, twice.folded));
    }
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        rt_arena a = fresh();
        rt_text once, twice;
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        rt_fold(&a, (rt_str){bytes, rt_utf8_put(bytes, cp)}, &once);
        rt_fold(&a, once.folded, &twice);
        if (full || !rt_str_eq(once.folded, twice.folded) || !rt_utf8_valid(once.folded, NULL))
            ck_abort_msg("U+%04X", cp);
    }
}
END_TEST

/* Every ASCII text folds to the same bytes when it is written in full width. */
START_TEST(full_width_is_half_width)
{
    char half[64], wide[200];
    for (uint32_t seed = 0; seed < 3000; seed++) {
        state = seed;
        size_t n = dice(sizeof half), m = 0;
        for (size_t i = 0; i < n; i++) {
            half[i] = dice(4) == 0 ? " -"[dice(2)] : (char)(0x21 + dice(0x5E));
            m += rt_utf8_put(wide + m, half[i] == ' ' ? 0x3000 : (uint32_t)half[i] + 0xFEE0);
        }
        rt_arena a = fresh();
        rt_text t, u;
        rt_fold(&a, (rt_str){half, n}, &t);
        rt_fold(&a, (rt_str){wide, m}, &u);
        ck_assert_msg(rt_str_eq(t.folded, u.folded), "%.*s", (int)n, half);
        ck_assert(t.ascii && (m == 0 || !u.ascii));
    }
}
END_TEST

/* Whatever the room, the result is the same or the arena says that it is full. */
START_TEST(every_arena_size)
{
    char doc[512], *tight;
    for (uint32_t seed = 0; seed < 40; seed++) {
        rt_str text = random_text(doc, seed);
        rt_arena a = fresh();
        rt_text t, u;
        rt_fold(&a, text, &t);
        bool done = false;
        for (size_t size = 1; size < 3000 && !done; size++) {
            tight = malloc(size);
            full = false;
            rt_arena b = {tight, tight + size, &full};
            rt_fold(&b, text, &u);
            done = !full;
            ck_assert(full || (rt_str_eq(t.folded, u.folded) && t.steps.len == u.steps.len));
            ck_assert(b.beg <= b.end);
            free(tight);
        }
        ck_assert(done);
    }
}
END_TEST

/* Fields of a record may hold what the automaton cannot bear. */
START_TEST(nul_in_a_term)
{
    rt_arena a = fresh();
    ck_assert(rt_str_eq(rt_fold_term(&a, (rt_str){"CT\0\0Chest\0", 10}), RT_STR("ct chest")));
    ck_assert(rt_str_eq(rt_fold_term(&a, (rt_str){"\0", 1}), RT_STR("")));
    ck_assert(!full);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fold");
    TCase *t = tcase_create("fold");
    tcase_add_test(t, english);
    tcase_add_test(t, every_pair_of_ascii);
    tcase_add_test(t, blanks);
    tcase_add_test(t, chinese);
    tcase_add_test(t, twins);
    tcase_add_test(t, what_stays);
    tcase_add_test(t, the_map_is_monotone_and_on_characters);
    tcase_add_test(t, folding_twice_changes_nothing);
    tcase_add_test(t, full_width_is_half_width);
    tcase_add_test(t, every_arena_size);
    tcase_add_test(t, nul_in_a_term);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
