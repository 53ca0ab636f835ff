/* Tests of output/markup: the same bytes as libxml2's xmlTextWriter for any tree of elements, and
 * whatever comes from outside is XML that libxml2 reads back as it went in. */
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

#include "output/markup.h"

static rt_buf ours;
static rt_markup m;
static xmlBufferPtr theirs;
static xmlTextWriterPtr w;
static uint32_t seed;

static unsigned below(unsigned n)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % n;
}

static const xmlChar *bytes(const char *z)
{
    return (const xmlChar *)z;
}

/* ---- the same calls to both */

static void begin_both(void)
{
    rt_buf_init(&ours, 1 << 24);
    rt_markup_begin(&m, &ours, "root", "urn:test");
    theirs = xmlBufferCreate();
    w = xmlNewTextWriterMemory(theirs, 0);
    xmlTextWriterSetIndent(w, 1);
    xmlTextWriterSetIndentString(w, bytes("  "));
    xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(w, bytes("root"));
    xmlTextWriterWriteAttribute(w, bytes("xmlns"), bytes("urn:test"));
}

static void compare_both(void)
{
    rt_markup_end(&m);
    xmlTextWriterEndDocument(w);
    xmlFreeTextWriter(w);
    ck_assert_int_eq(rt_buf_check(&ours, NULL), RT_OK);
    rt_buf_addc(&ours, '\0');
    ck_assert_str_eq(ours.ptr, (const char *)xmlBufferContent(theirs));
    xmlBufferFree(theirs);
    rt_buf_free(&ours);
}

static void random_text(char *out, unsigned pieces)
{
    static const char *const piece[] = {"a",        "lung nodule",
                                        "<",        ">",
                                        "&",        "&amp;",
                                        "\"",       "'",
                                        "\n",       "\t",
                                        "\r",       "  ",
                                        "]]>",      "\xE8\x82\xBA\xE7\xBB\x93\xE8\x8A\x82",
                                        "\xC3\xA9", "\xF0\xA0\x80\x80",
                                        "\x7F",     "%s",
                                        ";"};
    size_t n = 0;
    for (unsigned i = below(pieces); i > 0; i--) {
        const char *p = piece[below(sizeof piece / sizeof piece[0])];
        memcpy(out + n, p, strlen(p)); /* room: 32 a piece */
        n += strlen(p);
    }
    out[n] = '\0';
}

static void random_attributes(void)
{
    static const char *const names[] = {"id", "xml:lang", "code", "value"};
    char text[32 * 32];
    for (unsigned i = 0, n = below(4); i < n; i++) {
        random_text(text, 8);
        rt_attr(&m, names[i], text);
        xmlTextWriterWriteAttribute(w, bytes(names[i]), bytes(text));
    }
}

static void random_element(unsigned depth)
{
    static const char *const names[] = {"finding", "code", "span", "a"};
    const char *name = names[below(4)];
    char text[32 * 32];
    rt_tag(&m, name);
    xmlTextWriterStartElement(w, bytes(name));
    random_attributes();
    unsigned kind = depth < 20 ? below(4) : below(2);
    if (kind == 1) {
        random_text(text, 30);
        rt_chars(&m, rt_str_from(text));
        xmlTextWriterWriteString(w, bytes(text));
    }
    for (unsigned i = kind > 1 ? below(4) : 0; i > 0; i--)
        random_element(depth + 1);
    rt_tag_end(&m);
    xmlTextWriterEndElement(w);
}

START_TEST(same_bytes)
{
    for (seed = 1; seed < 3000; seed += 7) {
        uint32_t start = seed;
        begin_both();
        for (unsigned i = below(6); i > 0; i--)
            random_element(1);
        compare_both();
        seed = start;
    }
}
END_TEST

/* ---- from outside */

/* What libxml2 reads of one attribute and one text into which `in` was written. */
static void read_back(const char *in, size_t n, const char *want)
{
    rt_buf_init(&ours, 1 << 24);
    rt_markup_begin(&m, &ours, "root", NULL);
    rt_attr_outside(&m, "a", (rt_str){in, n});
    rt_tag(&m, "t");
    rt_chars_outside(&m, (rt_str){in, n});
    rt_markup_end(&m);
    xmlDocPtr doc = xmlReadMemory(ours.ptr, (int)ours.len, "test", NULL, XML_PARSE_NONET);
    ck_assert_ptr_nonnull(doc);
    xmlNodePtr root = xmlDocGetRootElement(doc);
    xmlChar *a = xmlGetProp(root, bytes("a")), *t = xmlNodeGetContent(root->children->next);
    ck_assert_str_eq((const char *)a, want);
    ck_assert_str_eq((const char *)t, want);
    xmlFree(a);
    xmlFree(t);
    xmlFreeDoc(doc);
    rt_buf_free(&ours);
}

START_TEST(outside)
{
#define BAD "\xEF\xBF\xBD"
    read_back("a\tb\nc\rd", 7, "a\tb\nc\rd");
    read_back("<&>\"'", 5, "<&>\"'");
    read_back("a\0b", 3, "a" BAD "b");
    read_back("\x01\x1F", 2, BAD BAD);
    read_back("\xE8\x82\xBA", 3, "\xE8\x82\xBA");
    read_back("x\xE8\x82", 3, "x" BAD BAD);         /* cut off */
    read_back("\xED\xA0\x80", 3, BAD BAD BAD);      /* a surrogate */
    read_back("\xEF\xBF\xBE.", 4, BAD BAD BAD "."); /* U+FFFE */
    read_back("\xEF\xBF\xBD", 3, BAD);              /* U+FFFD itself */
    read_back("\xC0\x80\xFF", 3, BAD BAD BAD);      /* no UTF-8 */
    read_back("\xF0\xA0\x80\x80", 4, "\xF0\xA0\x80\x80");
}
END_TEST

START_TEST(numbers_and_nothing)
{
    rt_buf_init(&ours, 1 << 10);
    rt_markup_begin(&m, &ours, "r", NULL);
    rt_attr(&m, "none", NULL);
    rt_attr_outside(&m, "none", (rt_str){"", 0});
    rt_attr_u(&m, "u", 18446744073709551615ULL);
    rt_attr_number(&m, "n", 0.98);
    rt_attr_bool(&m, "b", false);
    rt_attr_printf(&m, "p", "%u<", 7U);
    rt_tag_text(&m, "t", RT_STR(""));
    rt_markup_end(&m);
    rt_buf_addc(&ours, '\0');
    ck_assert_str_eq(ours.ptr, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<r u=\"18446744073709551615\" n=\"0.98\" b=\"false\" p=\"7&lt;\">\n"
                               "  <t></t>\n"
                               "</r>\n");
    rt_buf_free(&ours);
}
END_TEST

START_TEST(full_buffer)
{
    for (size_t limit = 0; limit < 60; limit++) {
        rt_buf_init(&ours, limit);
        rt_markup_begin(&m, &ours, "r", NULL);
        rt_tag_text(&m, "t", RT_STR("text & more"));
        rt_markup_end(&m);
        ck_assert_int_eq(rt_buf_check(&ours, NULL), RT_ELIMIT);
        rt_buf_free(&ours);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("markup");
    TCase *t = tcase_create("markup");
    tcase_add_test(t, same_bytes);
    tcase_add_test(t, outside);
    tcase_add_test(t, numbers_and_nothing);
    tcase_add_test(t, full_buffer);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
