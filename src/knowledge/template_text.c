/* What of fields and options is the same in every report, as the XML of a report has it: made once,
 * with its escapes. */
#include "base/buf.h"
#include "knowledge/template_reader.h"

enum { MOST = 8 << 20 }; /* bytes: what a template of the largest size can hold, escaped */

/* As output/markup escapes a value. */
static void add_value(rt_buf *b, const char *z)
{
    rt_str s = rt_str_from(z);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20)
            rt_buf_addf(b, "&#%u;", (unsigned)s.ptr[i]);
        else
            rt_buf_add_xml(b, rt_str_slice(s, i, i + 1), false);
}

static void add_attribute(rt_buf *b, const char *name, const char *value)
{
    if (value == NULL)
        return;
    rt_buf_addf(b, " %s=\"", name);
    add_value(b, value);
    rt_buf_addc(b, '"');
}

static rt_str keep(rt_buf *b, rt_arena *arena)
{
    rt_str kept = rt_arena_copy(arena, rt_buf_str(b));
    *arena->full = *arena->full || rt_buf_check(b, NULL) != RT_OK;
    rt_buf_free(b);
    return kept;
}

static rt_str code_text(const rt_code_ref *code, rt_arena *arena)
{
    rt_buf b;
    rt_buf_init(&b, MOST);
    if (code->code != NULL) {
        rt_buf_addz(&b, "<code");
        add_attribute(&b, "system", code->system);
        add_attribute(&b, "code", code->code);
        add_attribute(&b, "display", code->display);
        rt_buf_addz(&b, "/>\n");
    }
    return keep(&b, arena);
}

static const char *type_name(rt_field_type t)
{
    switch (t) {
    case RT_FIELD_TYPE_CHOICE:
        return "choice";
    case RT_FIELD_TYPE_NUMBER:
        return "number";
    case RT_FIELD_TYPE_TEXT:
        return "text";
    }
    return "text";
}

void rt_template_field_text(rt_template_field *f, rt_arena *arena)
{
    rt_buf b;
    rt_buf_init(&b, MOST);
    add_value(&b, f->id);
    rt_buf_addc(&b, '"');
    add_attribute(&b, "label", f->label);
    add_attribute(&b, "type", type_name(f->type));
    rt_buf_addz(&b, " state=\"");
    f->xml = keep(&b, arena);
    f->xml_code = code_text(&f->code, arena);
    size_t bytes = rt_str_from(f->id).len;
    f->id_bytes = bytes <= UINT8_MAX ? (uint8_t)bytes : 0;
}

void rt_template_option_text(rt_template_option *o, rt_arena *arena)
{
    rt_buf b;
    rt_buf_init(&b, MOST);
    rt_buf_addz(&b, "<value");
    add_attribute(&b, "option", o->value);
    o->xml = keep(&b, arena);
    o->xml_code = code_text(&o->code, arena);
}
