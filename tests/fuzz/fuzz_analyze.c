/* End to end: any bytes are analysed or refused with a reason; every span of a finding lies on code
 * points of the text, and both writers accept the report. Run from the repository's root (it reads
 * lexicons/ and templates/). */
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_engine *engine;
static rt_scratch *scratch;

static void check(const rt_report *r)
{
    rt_str t = rt_report_text(r);
    for (size_t i = 0; i < rt_report_finding_count(r); i++) {
        rt_span at = rt_report_finding(r, i).span;
        if (at.beg >= at.end || at.end > t.len || rt_utf8_cont(t.ptr[at.beg]) ||
            (at.end < t.len && rt_utf8_cont(t.ptr[at.end])))
            abort();
    }
    rt_buf b;
    rt_buf_init(&b, 1U << 28);
    if (rt_report_write(r, RT_OUTPUT_JSONL, rt_buf_sink(&b), NULL) != RT_OK)
        abort();
    rt_buf_clear(&b);
    if (rt_report_write(r, RT_OUTPUT_XML, rt_buf_sink(&b), NULL) != RT_OK ||
        rt_validate_xml(engine, rt_buf_str(&b), NULL) != RT_OK)
        abort();
    rt_buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine && (rt_engine_open(".", NULL, &engine, NULL) != RT_OK ||
                    rt_scratch_new(engine, 1U << 16, &scratch, NULL) != RT_OK))
        abort();
    rt_record in = {.format = RT_FORMAT_TEXT};
    in.field[RT_FIELD_ID] = RT_STR("fuzz");
    in.field[RT_FIELD_TEXT] = (rt_str){(const char *)data, size};
    const rt_report *r;
    rt_err err = {0};
    if (rt_analyze(engine, scratch, &in, &r, &err) == RT_OK)
        check(r);
    else if (err.msg[0] == '\0')
        abort();
    return 0;
}
