/* Tests of HL7 v2 in: framing, charset, escapes, section marks, fields of the record, and what is
 * said of messages without a report. Uses the shipped lexicon; run from the repository's root. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <check.h>

#include "base/err.h"
#include "input/parser.h"
#include "output/codes.h"

#define MSH "MSH|^~\\&|RIS|H|X|Y|20240601100000||ORU^R01|M1|P|2.5.1||||||UNICODE UTF-8\r"
#define OBR "OBR|1|O1^HIS|F1^RIS|X1^胸部CT^L|||20240601093000||||||||||||A7\r"

static rt_lexicon *lexicon;
static rt_word_table *table;
static rt_knowledge know;
static rt_parser *parser;
static rt_record rec;
static rt_err err;

static void load(void)
{
    ck_assert_int_eq(rt_lexicon_load("lexicons", NULL, &lexicon, &err), RT_OK);
    rt_code code = rt_hl7_words_load("lexicons/hl7.tsv", &table, &err);
    ck_assert_msg(code == RT_OK, "%s:%u:%u: %s", err.where, err.line, err.col, err.msg);
    know = (rt_knowledge){.lexicon = lexicon, .hl7 = table};
    ck_assert_int_eq(rt_parser_new(&know, &parser, NULL), RT_OK);
}

static void unload(void)
{
    rt_parser_free(parser);
    rt_word_table_close(table);
    rt_lexicon_close(lexicon);
}

static rt_code parse_bytes(const char *p, size_t n)
{
    rt_raw raw = {.bytes = {p, n}, .source = "in.hl7", .line = 10, .format = RT_FORMAT_HL7};
    err = (rt_err){.code = RT_OK};
    return rt_parser_parse(parser, &raw, &rec, &err);
}

static void good(const char *message)
{
    rt_code code = parse_bytes(message, strlen(message));
    ck_assert_msg(code == RT_OK, "%s", err.msg);
}

static void expect(rt_field_id f, const char *want)
{
    ck_assert_msg(rt_str_eq(rec.field[f], rt_str_from(want)), "got \"%.*s\", not \"%s\"",
                  (int)rec.field[f].len, rec.field[f].ptr ? rec.field[f].ptr : "", want);
}

static void text_of(const char *segments, const char *want)
{
    char message[4096];
    snprintf(message, sizeof message, "%s%s", MSH OBR, segments);
    good(message);
    expect(RT_FIELD_TEXT, want);
}

static void bad(const char *message, const char *why, uint32_t line)
{
    ck_assert_int_eq(parse_bytes(message, strlen(message)), RT_EINPUT);
    ck_assert_msg(strstr(err.msg, why) != NULL, "\"%s\" does not say \"%s\"", err.msg, why);
    ck_assert_uint_eq(err.line, line);
    ck_assert_uint_gt(rec.field[RT_FIELD_ID].len, 0);
}

START_TEST(fields_of_the_record)
{
    good(MSH "PID|1|ALT|P1^^^H^MR~P2||DOE^JANE^ANN||19700102|F\r"
             "ORC|RE|O1|F1\r"
             "OBR|1|O1^HIS|F1^RIS|C1^CT Chest^L^^Thorax|||20240601093000+0800|||||||||||A7||||"
             "20240601095800||CT|P|||||||&WANG&LI\r"
             "OBX|1|TX|19005-8||Clear.||||||F\r");
    expect(RT_FIELD_ID, "F1");
    expect(RT_FIELD_PATIENT_ID, "P1");
    expect(RT_FIELD_PATIENT_NAME, "DOE^JANE^ANN");
    expect(RT_FIELD_BIRTH_DATE, "1970-01-02");
    expect(RT_FIELD_SEX, "F");
    expect(RT_FIELD_EXAM, "CT Chest; Thorax");
    expect(RT_FIELD_ACCESSION, "A7");
    expect(RT_FIELD_DATE, "2024-06-01");
    expect(RT_FIELD_TIME, "09:30:00");
    expect(RT_FIELD_REPORT_DATE, "2024-06-01");
    expect(RT_FIELD_REPORT_TIME, "09:58:00");
    expect(RT_FIELD_MODALITY, "CT");
    expect(RT_FIELD_STATUS, "preliminary");
    expect(RT_FIELD_AUTHOR, "WANG^LI");
    expect(RT_FIELD_TEXT, "IMPRESSION:\nClear.");
}
END_TEST

START_TEST(names_ids_and_status)
{
    good(MSH "PID|||||王^五\rOBR|||||||||||||||||CHEST|||||RUS|\r"
             "OBX|1|TX|||a||||||C|||||D1^李^四\r");
    expect(RT_FIELD_ID, "M1");
    expect(RT_FIELD_PATIENT_NAME, "王^五");
    expect(RT_FIELD_AUTHOR, "李^四");
    expect(RT_FIELD_STATUS, "corrected");
    expect(RT_FIELD_ACCESSION, "");
    good(MSH "OBR||O9||^彩超||||||||||||||||||||\rOBR||O10||^CT\rOBX|1|TX|||a|\r");
    expect(RT_FIELD_ID, "O9");
    expect(RT_FIELD_EXAM, "彩超; CT");
    good("MSH#%~\\&#A########\rPID#1##\"\"##\"\"\rOBX#1#TX##a#a | ^ b\r");
    expect(RT_FIELD_TEXT, "a | ^ b");
    expect(RT_FIELD_PATIENT_ID, "");
}
END_TEST

START_TEST(section_marks)
{
    text_of("OBX|1|TX|71046&GDT||Lungs clear.||||||F\rOBX|2|TX|71046&GDT||Heart normal.\r"
            "OBX|3|TX|71046&IMP||Normal.\r",
            "FINDINGS:\nLungs clear.\nHeart normal.\nIMPRESSION:\nNormal.");
    text_of("OBX|1|FT|1037^检查所见^L||双肺清晰。\rOBX|2|FT|JCZD^^L||未见异常。\r",
            "检查所见：\n双肺清晰。\n诊断意见：\n未见异常。");
    text_of("OBX|1|FT|59776-5^Findings^LN||双肺清晰。\r", "检查所见：\n双肺清晰。");
    text_of("OBX|1|FT|&IMP||\rOBX|2|FT|&IMP||IMPRESSION: normal.\rOBX|3|FT|&IMP||Or not.\r",
            "IMPRESSION: normal.\nOr not.");
    text_of("OBX|1|FT|&IMP||【诊断意见】正常\r", "【诊断意见】正常");
    text_of("OBX|1|TX|4711^Whatever||a~b~~c\r", "a\nb\n\nc");
}
END_TEST

START_TEST(values)
{
    text_of("OBX|1|ST|113014^DICOM Study^DCM||1.2.3\rOBX|2|ST|x^^99ROENTEXT||y\r"
            "OBX|3|NM|1^CTDIvol||12.5|mGy\rOBX|4|SN|2^Size||>^10|mm\r"
            "OBX|5|CE|3^a||C65^Tumour^I10~N1^Node\rOBX|6|RP|4||url\rOBX|7|TX|5||text\r",
            "CTDIvol: 12.5 mGy\nSize: >10 mm\nTumour\nNode\ntext");
    text_of("OBX|1|TX|1||old||||||D\rOBX|2|TX|1||wrong||||||W\rOBX|3|TX|1||new||||||C\r", "new");
    text_of("OBX|1|TX|1||first line\nsecond|line\n", "first line\nsecond");
}
END_TEST

START_TEST(escapes)
{
    text_of("OBX|1|FT|1||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X0D0A\\g\\.br\\h\\H\\i\\N\\j\r",
            "a|b^c&d~e\\f\ng\nhij");
    text_of("OBX|1|FT|1||\\.sp 2\\a\\.ce\\b\\.in+4\\c\\.sk3\\d\\.sp99\\e\r",
            "\n\na\nbc   d\n\n\ne");
    text_of("OBX|1|FT|1||10\\5 a\\Z9\\b\\X4\\c\\\\d\r", "10\\5 a\\Z9\\b\\X4\\c\\\\d");
    text_of("OBX|1|FT|1||\\XE6B0949FE883B8\\\r", "\xe6\xb0\x94\xef\xbf\xbd\xe8\x83\xb8");
}
END_TEST

/* The second bytes of these four characters are | ^ ~ and the backslash. */
START_TEST(gb18030_is_decoded_before_it_is_split)
{
    static const char m[] =
        "MSH|^~\\&|||||||ORU^R01|M1||2.5.1||||||GB 18030-2000\r"
        "OBX|1|FT|1||\x81\x7c\x81\x5e\x81\x7e\x81\x5c\\.br\\\xd7\xf3\\MB7CE\\|\r";
    ck_assert_int_eq(parse_bytes(m, sizeof m - 1), RT_OK);
    expect(RT_FIELD_TEXT, "亅乛亊乗\n左肺");
    static const char undeclared[] =
        "MSH|^~\\&|||||||ORU^R01|M1||2.5.1||||||8859/1\r"
        "OBX|1|FT|1||\xd7\xf3\xb2\xe0\xc6\xf8\xd0\xd8\xa3\xac\xb7\xce\xd1\xb9\xcb\xf5\xa1\xa3|\r";
    ck_assert_int_eq(parse_bytes(undeclared, sizeof undeclared - 1), RT_OK);
    expect(RT_FIELD_TEXT, "左侧气胸，肺压缩。");
    static const char shifted[] = "MSH|^~\\&|||||||ORU^R01|M1||2.5.1||||CHN|GB18030\r"
                                  "OBX|1|FT|1||\xd7\xf3|\r";
    ck_assert_int_eq(parse_bytes(shifted, sizeof shifted - 1), RT_OK);
    expect(RT_FIELD_TEXT, "左");
}
END_TEST

START_TEST(messages_without_a_report)
{
    bad("PID|1\r", "MSH-1", 10);
    bad("MSHX", "MSH-1", 10);
    bad("MSH|", "MSH-1", 10);
    bad("MSH|^~\\&|||||||ADT^A01|M2\r", "MSH-9: ADT is no report", 10);
    bad(MSH OBR, "no OBX segment", 10);
    expect(RT_FIELD_ID, "F1");
    bad(MSH OBR "OBX|1|TX|1||\rOBX|2|TX|1|| ~ |\r", "OBX[2]-5: the report text is empty", 13);
    bad(MSH OBR "OBX|1|ED|1||^PDF^Base64^AA\r", "OBX[1]-5: no report text, only values of type ED",
        12);
    bad(MSH OBR "OBX|1|TX|1||text||||||W\r", "OBX[1]-11: the report text was withdrawn", 12);
}
END_TEST

/* ---- where a message ends */

static char path[] = "/tmp/test_hl7_XXXXXX";

static rt_reader *open_source(const char *p, size_t n, size_t ceiling)
{
    int fd = mkstemp(path);
    rt_reader *r = NULL;
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, p, n), (ssize_t)n);
    close(fd);
    ck_assert_int_eq(rt_reader_open(path, RT_FORMAT_AUTO, ceiling, &r, &err), RT_OK);
    return r;
}

static void close_source(rt_reader *r)
{
    bool more = true;
    rt_raw raw;
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, &err), RT_OK);
    ck_assert(!more);
    rt_reader_close(r);
    unlink(path);
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
}

static void cut(rt_reader *r, uint32_t line, const char *bytes, bool oversize)
{
    bool more = false;
    rt_raw raw;
    ck_assert_int_eq(rt_reader_next(r, &raw, &more, &err), RT_OK);
    ck_assert(more);
    ck_assert_uint_eq(raw.line, line);
    ck_assert_int_eq(raw.format, RT_FORMAT_HL7);
    ck_assert_int_eq(raw.oversize, oversize);
    if (bytes != NULL)
        ck_assert_msg(rt_str_eq(raw.bytes, rt_str_from(bytes)), "got \"%.*s\"", (int)raw.bytes.len,
                      raw.bytes.ptr);
}

START_TEST(framing)
{
    static const char frames[] = "\x0bMSH|1\rOBX\r\x1c\r\x0bMSH|2\r\x1c\r\x0bMSH|3";
    rt_reader *r = open_source(frames, sizeof frames - 1, 0);
    cut(r, 1, "MSH|1\rOBX\r", false);
    cut(r, 4, "MSH|2\r", false);
    cut(r, 6, "MSH|3", false);
    close_source(r);
    static const char plain[] =
        "FHS|^~\\&\r\nBHS|x\r\nMSH|1\r\nOBX|MSH\r\n\r\nMSH|2\r\nMSHX\r\nBTS|1\r\nFTS|1\r\nlost\n";
    r = open_source(plain, sizeof plain - 1, 0);
    cut(r, 3, "MSH|1\r\nOBX|MSH\r\n\r\n", false);
    cut(r, 6, "MSH|2\r\nMSHX\r\n", false);
    cut(r, 10, "lost\n", false);
    close_source(r);
}
END_TEST

START_TEST(long_messages)
{
    enum { SIZE = 400000 };
    char *source = malloc(SIZE + 100);
    ck_assert_ptr_nonnull(source);
    memset(source, 'x', SIZE);
    for (int i = 40; i < SIZE; i += 40)
        source[i] = '\r';
    memcpy(source, "MSH|1", 5);
    size_t n = SIZE + (size_t)snprintf(source + SIZE, 100, "\rMSH|2\rOBX|2\r");
    rt_reader *r = open_source(source, n, 1000);
    cut(r, 1, NULL, true);
    cut(r, SIZE / 40 + 1, "MSH|2\rOBX|2\r", false);
    close_source(r);
    free(source);
}
END_TEST

/* The headings that the table writes are those that the lexicon reads, and say the same; and the
 * sections that we write ourselves are understood. */
START_TEST(headings_are_known)
{
    for (unsigned section = 0; section < RT_SECTION_OTHER; section++) {
        const rt_table_word *w =
            rt_word_find(table, RT_HL7_SECTION, rt_str_from(rt_section_code(section).code));
        ck_assert_ptr_nonnull(w);
        ck_assert_uint_eq(w->section, section);
        unsigned en = RT_SECTION_END, zh = RT_SECTION_END;
        ck_assert(rt_lexicon_heading(lexicon, w->heading_en, &en) && en == section);
        ck_assert(rt_lexicon_heading(lexicon, w->heading_zh, &zh) && zh == section);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("hl7");
    TCase *t = tcase_create("hl7");
    tcase_add_unchecked_fixture(t, load, unload);
    tcase_add_test(t, fields_of_the_record);
    tcase_add_test(t, names_ids_and_status);
    tcase_add_test(t, section_marks);
    tcase_add_test(t, values);
    tcase_add_test(t, escapes);
    tcase_add_test(t, gb18030_is_decoded_before_it_is_split);
    tcase_add_test(t, messages_without_a_report);
    tcase_add_test(t, framing);
    tcase_add_test(t, long_messages);
    tcase_add_test(t, headings_are_known);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
