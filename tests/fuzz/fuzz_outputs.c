/* Every output: whatever the report and the record, the document is written, is well-formed, and is
 * valid where a schema is shipped. The input is the text and, behind bytes 0x1F, the fields of the
 * record in their order. Run from the repository's root. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <libxml/parser.h>

#include "base/buf.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_engine *engine;
static rt_scratch *scratch;
static rt_xsd *schemas[RT_OUTPUT_COUNT]; /* NULL: none is shipped */

static const char *const suffixes[] = {
#define X(c, word, suffix) suffix,
    RT_OUTPUTS(X)
#undef X
};

static void open_all(void)
{
    if (rt_engine_open(".", NULL, &engine, NULL) != RT_OK ||
        rt_scratch_new(engine, 1U << 16, &scratch, NULL) != RT_OK)
        abort();
    for (int as = 0; as < RT_OUTPUT_COUNT; as++)
        if (rt_xsd_open(engine, (rt_output)as, NULL, &schemas[as], NULL) != RT_OK)
            schemas[as] = NULL;
    if (schemas[RT_OUTPUT_XML] == NULL || schemas[RT_OUTPUT_FHIR_XML] == NULL ||
        schemas[RT_OUTPUT_DSR] == NULL)
        abort();
}

static void check_xml(rt_str s)
{
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlDocPtr doc = xmlReadMemory(s.ptr, (int)s.len, "fuzz", NULL, flags);
    if (doc == NULL)
        abort();
    xmlFreeDoc(doc);
}

static void check_json(rt_str s)
{
    json_t *root = json_loadb(s.ptr, s.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (root == NULL)
        abort();
    json_decref(root);
}

static void check(int as, rt_str s)
{
    bool xml = strstr(suffixes[as], ".xml") != NULL;
    if (schemas[as] != NULL && rt_xsd_check(schemas[as], s, NULL) != RT_OK)
        abort();
    if (xml && schemas[as] == NULL)
        check_xml(s);
    if (as == RT_OUTPUT_FHIR || as == RT_OUTPUT_JSONL)
        check_json(s);
}

static void write_all(const rt_record *in, const rt_report *r, const rt_err *why)
{
    rt_buf b;
    rt_buf_init(&b, 1U << 28);
    for (int as = 0; as < RT_OUTPUT_COUNT; as++) {
        rt_buf_clear(&b);
        rt_code code = r != NULL ? rt_report_write(r, (rt_output)as, rt_buf_sink(&b), NULL)
                                 : rt_error_write(in, why, (rt_output)as, rt_buf_sink(&b), NULL);
        if (code != RT_OK)
            abort();
        if (r != NULL)
            check(as, rt_buf_str(&b));
    }
    rt_buf_free(&b);
}

/* Fields behind the text: those that are UTF-8, as the contract of a record says. */
static void fill(rt_record *in, rt_str rest)
{
    in->field[RT_FIELD_ID] = RT_STR("fuzz");
    for (int f = 0; f < RT_FIELD_COUNT && rest.len > 0; f++) {
        rt_cut cut = rt_str_cut(rest, 0x1F);
        if (f != RT_FIELD_TEXT && f != RT_FIELD_LANG && rt_utf8_valid(cut.head, NULL))
            in->field[f] = cut.head;
        rest = cut.tail;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine)
        open_all();
    rt_record in = {.format = RT_FORMAT_TEXT, .line = 1};
    rt_cut all = rt_str_cut((rt_str){(const char *)data, size}, 0x1F);
    fill(&in, all.tail);
    in.field[RT_FIELD_TEXT] = all.head;
    const rt_report *r = NULL;
    rt_err err = {0};
    write_all(&in, rt_analyze(engine, scratch, &in, &r, &err) == RT_OK ? r : NULL, &err);
    return 0;
}
