/* Tests of text/decode: every charset, what a sender may say of it, damage, and what XML forbids.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <unicode/ucnv.h>

#include "base/file.h"
#include "base/utf8.h"
#include "text/decode.h"

static char block[1 << 24], encoded[1 << 16];
static bool full;
static rt_decoded d;

static void decode(rt_str raw, const char *label)
{
    full = false;
    rt_arena a = {block, block + sizeof block, &full};
    rt_err err = {.code = RT_OK};
    d = (rt_decoded){.text = {"untouched", 9}};
    ck_assert_int_eq(rt_decode(&a, raw, rt_str_from(label), &d, &err), RT_OK);
    ck_assert(!full && rt_utf8_valid(d.text, NULL));
}

static void expect_text(const char *text)
{
    ck_assert_msg(rt_str_eq(d.text, rt_str_from(text)), "got \"%.*s\", not \"%s\"", (int)d.text.len,
                  d.text.ptr, text);
}

/* Decodes raw without a label. */
static void expect(rt_str raw, const char *charset, const char *text)
{
    decode(raw, "");
    ck_assert_msg(strcmp(d.charset, charset) == 0, "\"%s\" is taken for %s, not %s", text,
                  d.charset, charset);
    ck_assert(!d.declared);
    expect_text(text);
}

static rt_str encode(const char *text, const char *charset)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = ucnv_convert(charset, "UTF-8", encoded, sizeof encoded, text, -1, &status);
    ck_assert_msg(U_SUCCESS(status), "%s to %s", text, charset);
    return (rt_str){encoded, (size_t)n};
}

static const char english[] = "FINDINGS: No pneumothorax.\nHeart size is normal.";
static const char simplified[] =
    "检查所见：双肺纹理清晰，右肺上叶见一结节，大小约12×8mm。\n诊断：右肺结节。";
static const char traditional[] =
    "檢查所見：雙肺紋理清晰，右肺上葉見一結節，大小約12×8mm。\n診斷：右肺結節。";
static const char western[] = "Ménière's disease, 5 µm, 37 °C – “naïve”, 3 × 4 cm²";

/* ---- UTF-8 ---- */

START_TEST(clean_utf8_is_borrowed)
{
    static const char *const texts[] = {"", english, simplified, traditional, western, "😀\t\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect(rt_str_from(texts[i]), "UTF-8", texts[i]);
        ck_assert_ptr_eq(d.text.ptr, texts[i]);
        ck_assert(d.replaced == 0 && d.removed == 0);
    }
    expect(RT_STR("\xEF\xBB\xBFlung"), "UTF-8", "lung");
}
END_TEST

START_TEST(line_ends)
{
    expect(RT_STR("a\r\nb\rc\n\rd\r\r\ne\r"), "UTF-8", "a\nb\nc\n\nd\n\ne\n");
    expect(RT_STR("a\xC2\x85"
                  "b\xE2\x80\xA8"
                  "c\xE2\x80\xA9"
                  "d"),
           "UTF-8", "a\nb\nc\nd");
    expect(RT_STR("\r\n"), "UTF-8", "\n");
    ck_assert(d.removed == 0 && d.replaced == 0);
}
END_TEST

START_TEST(what_xml_forbids)
{
    expect(RT_STR("lung\0nodule"), "UTF-8", "lung nodule"); /* not one word */
    ck_assert(d.removed == 1 && d.replaced == 0 && d.first_bad == 4);
    expect(RT_STR("a\x01\x02 b\x0B"), "UTF-8", "a b");
    ck_assert_uint_eq(d.removed, 3);
    expect(RT_STR("\0肺\0结\0节\0"), "UTF-8", "肺结节");
    expect(RT_STR("a\xEF\xBF\xBF"
                  "b\xEF\xBF\xBE"
                  "c\x7F"),
           "UTF-8", "a b c\x7F");
    expect(RT_STR("a\xEF\xBB\xBF"
                  "b"),
           "UTF-8", "ab"); /* a BOM inside is dropped silently */
    ck_assert_uint_eq(d.removed, 0);
    expect(RT_STR("，＿￿"), "UTF-8", "，＿"); /* the same lead byte */
}
END_TEST

START_TEST(damaged_utf8_stays_utf8)
{
    expect(RT_STR("右肺\xFF上叶结节"), "UTF-8", "右肺\xEF\xBF\xBD上叶结节");
    ck_assert(d.replaced == 1 && d.first_bad == 6);
    expect(RT_STR("右肺结\xE8\x8A"), "UTF-8", "右肺结\xEF\xBF\xBD"); /* cut off */
    ck_assert_uint_eq(d.replaced, 1);
    expect(RT_STR("lungs \xFF clear \xC3("), "UTF-8", "lungs \xEF\xBF\xBD clear \xEF\xBF\xBD(");
    ck_assert_uint_eq(d.replaced, 2);
    expect(RT_STR("M\xC3\xA9ni\xC3\xA8re \xFE"), "UTF-8", "Ménière \xEF\xBF\xBD");
    expect(RT_STR("右上肺\xED\xA0\x80"), "UTF-8", "右上肺\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    decode(RT_STR("\xB7\xCE"), "UTF-8"); /* the sender's word holds */
    ck_assert(d.declared && d.replaced == 2);
}
END_TEST

/* ---- the others ---- */

START_TEST(utf16)
{
    static const char *const texts[] = {english, simplified, traditional, western};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        expect(encode(texts[i], "UTF-16LE"), "UTF-16LE", texts[i]); /* without a BOM */
        expect(encode(texts[i], "UTF-16BE"), "UTF-16BE", texts[i]);
        decode(encode(texts[i], "UTF-16BE"), "UNICODE UTF-16");
        expect_text(texts[i]);
    }
    decode(encode("肺 😀", "UTF-16LE"), "UTF-16LE");
    expect_text("肺 😀");
    expect(RT_STR("\xFF\xFE\xBA\x80"), "UTF-16LE", "肺");
    expect(RT_STR("\xFE\xFF\x80\xBA"), "UTF-16BE", "肺");
    decode(RT_STR("\xFE\xFF\x80\xBA"), "GBK"); /* a BOM knows better */
    ck_assert(!d.declared);
    expect_text("肺");
    expect(RT_STR("\xFF\xFE\x3D\xD8"
                  "a\0\0\xDE\r\0\n\0z"),
           "UTF-16LE",
           "\xEF\xBF\xBD"
           "a\xEF\xBF\xBD\n\xEF\xBF\xBD"); /* halves of pairs, half a unit */
    ck_assert_uint_eq(d.replaced, 3);
}
END_TEST

START_TEST(gb18030_and_big5_are_told_apart)
{
    static const char *const short_ones[] = {"肺",       "右肺", "结节",  "未见异常",
                                             "CT: 双肺", "右侧", "（左）"};
    expect(encode(simplified, "GB18030"), "GB18030", simplified);
    expect(encode(traditional, "Big5"), "Big5", traditional);
    expect(encode(traditional, "GB18030"), "GB18030", traditional); /* GBK has both */
    for (size_t i = 0; i < sizeof short_ones / sizeof *short_ones; i++)
        expect(encode(short_ones[i], "GB18030"), "GB18030", short_ones[i]);
    expect(encode("右側氣胸", "Big5"), "Big5", "右側氣胸");
    expect(encode("左肺 nodule", "Big5"), "Big5", "左肺 nodule");
    decode(encode("肺😀㐀", "GB18030"), "gb2312"); /* four bytes each, whatever the label says */
    expect_text("肺😀㐀");
    decode(RT_STR("\xB7\xCE\xFF x\xB7"), "GBK");
    expect_text("肺\xEF\xBF\xBD x\xEF\xBF\xBD");
    ck_assert(d.replaced == 2 && d.first_bad == 3 && d.declared);
    decode(RT_STR("\xB7\xCE\r\n\xB7\xCE\0a"), "GBK");
    expect_text("肺\n肺a");
}
END_TEST

/* Texts longer than the converter's chunk, with pairs of surrogates at every place in it. */
START_TEST(long_legacy_texts)
{
    static char text[20000];
    for (size_t shift = 0; shift < 3; shift++) {
        size_t len = 0;
        for (; len < shift; len++)
            text[len] = 'a';
        for (; len + 8 < sizeof text; len += 7)
            memcpy(text + len, "😀肺", 7);
        text[len] = '\0';
        decode(encode(text, "GB18030"), "GB18030");
        expect_text(text);
        ck_assert_uint_eq(d.replaced + d.removed, 0);
    }
}
END_TEST

START_TEST(western_texts)
{
    expect(encode(western, "windows-1252"), "windows-1252", western);
    expect(RT_STR("caf\xE9"), "windows-1252", "café");
    expect(RT_STR("gr\xF6\xDF"
                  "er als 5 mm, M\xE9ni\xE8re, na\xEFve, \xFC"
                  "ber"),
           "windows-1252", "größer als 5 mm, Ménière, naïve, über");
    expect(RT_STR("patient\x92s"), "windows-1252", "patient’s");
    decode(RT_STR("caf\xE9"), "8859/1");
    ck_assert(d.declared);
    expect_text("café");
}
END_TEST

START_TEST(labels)
{
    static const char *const utf8[] = {"UTF-8",         "utf8",   "ISO_IR 192",
                                       "UNICODE UTF-8", "8859/1", "ISO_IR 100"};
    for (size_t i = 0; i < sizeof utf8 / sizeof *utf8; i++) {
        decode(rt_str_from(simplified), utf8[i]); /* said to be Latin-1, but UTF-8 */
        ck_assert_str_eq(d.charset, "UTF-8");
        expect_text(simplified);
    }
    static const char *const gb[] = {
        "GB2312", "gbk", "GB 18030-2000", "ISO IR58", "cp936",
        "ASCII",  "",    "unicode-1-1",   "ISO IR87", "no such charset with a very long name"};
    for (size_t i = 0; i < sizeof gb / sizeof *gb; i++) {
        decode(encode(simplified, "GB18030"), gb[i]);
        ck_assert_str_eq(d.charset, "GB18030");
        ck_assert(d.declared == (i < 5)); /* the others are detected */
        expect_text(simplified);
    }
    decode(encode(traditional, "Big5"), "BIG-5");
    ck_assert(d.declared);
    expect_text(traditional);
}
END_TEST

START_TEST(a_full_arena_is_told_of)
{
    rt_str raw = encode(simplified, "GB18030");
    for (size_t size = 0; size < 200; size++) {
        char *tight = malloc(size + 1);
        full = false;
        rt_arena a = {tight, tight + size, &full};
        ck_assert_int_eq(rt_decode(&a, raw, RT_STR(""), &d, NULL), RT_OK);
        ck_assert(full ? d.text.len == 0 : rt_str_eq(d.text, rt_str_from(simplified)));
        free(tight);
    }
    ck_assert(!full);
}
END_TEST

/* Development data, when it is at hand: `ROENTEXT_DATA` is its folder. */
static bool read_sample(const char *name, rt_bytes *out)
{
    char path[512];
    const char *folder = getenv("ROENTEXT_DATA");
    snprintf(path, sizeof path, "%s/zh/encoding/%s", folder != NULL ? folder : "../shared/data",
             name);
    bool found = rt_file_read(path, 1 << 23, out, NULL) == RT_OK;
    if (!found)
        fprintf(stderr, "skipped: %s is not here\n", path);
    return found;
}

static void expect_lines(const char *name, const char *charset)
{
    rt_bytes file;
    if (!read_sample(name, &file))
        return;
    decode(rt_bytes_str(&file), "");
    ck_assert_str_eq(d.charset, charset);
    rt_cut c = {.tail = rt_bytes_str(&file), .found = true};
    for (int line = 1; c.found; line++) { /* and each line alone */
        c = rt_str_cut(c.tail, '\n');
        if (rt_utf8_valid(c.head, NULL))
            continue;
        decode(c.head, "");
        ck_assert_msg(strcmp(d.charset, charset) == 0, "line %d is taken for %s", line, d.charset);
    }
    rt_bytes_free(&file);
}

START_TEST(real_files)
{
    expect_lines("as_test_big5.txt", "Big5");
    expect_lines("toyhom_sample_gbk.csv", "GB18030");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("decode");
    TCase *t = tcase_create("decode");
    tcase_add_test(t, clean_utf8_is_borrowed);
    tcase_add_test(t, line_ends);
    tcase_add_test(t, what_xml_forbids);
    tcase_add_test(t, damaged_utf8_stays_utf8);
    tcase_add_test(t, utf16);
    tcase_add_test(t, gb18030_and_big5_are_told_apart);
    tcase_add_test(t, long_legacy_texts);
    tcase_add_test(t, western_texts);
    tcase_add_test(t, labels);
    tcase_add_test(t, a_full_arena_is_told_of);
    tcase_add_test(t, real_files);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
