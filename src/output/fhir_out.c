#include "output/fhir_out.h"

#include <assert.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "output/json_text.h"

#define NAMESPACE "http://hl7.org/fhir"

/* ---- JSON */

static void comma(rt_fhir *f)
{
    if (f->comma)
        rt_buf_addc(f->out, ',');
    f->comma = true;
}

static void key(rt_fhir *f, const char *name)
{
    comma(f);
    rt_buf_addc(f->out, '"');
    rt_buf_addz(f->out, name);
    rt_buf_add(f->out, RT_STR("\":"));
}

static void open(rt_fhir *f, char bracket)
{
    rt_buf_addc(f->out, bracket);
    f->comma = false;
}

static void close(rt_fhir *f, char bracket)
{
    rt_buf_addc(f->out, bracket);
    f->comma = true;
}

static void type_member(rt_fhir *f, const char *type)
{
    open(f, '{');
    key(f, "resourceType");
    rt_buf_addf(f->out, "\"%s\"", type);
}

/* ---- objects and lists */

void rt_fhir_begin(rt_fhir *f, rt_buf *out, bool json, const char *resource)
{
    *f = (rt_fhir){.out = out, .json = json};
    rt_buf_init(&f->text, SIZE_MAX);
    rt_buf_init(&f->blanks, SIZE_MAX);
    if (json)
        type_member(f, resource);
    else
        rt_markup_begin(&f->m, out, resource, NAMESPACE);
}

rt_code rt_fhir_end(rt_fhir *f, rt_err *err)
{
    if (f->json)
        rt_buf_add(f->out, RT_STR("}\n"));
    else
        rt_markup_end(&f->m);
    rt_buf_free(&f->text);
    rt_buf_free(&f->blanks);
    return rt_buf_check(f->out, err);
}

void rt_fhir_object(rt_fhir *f, const char *name)
{
    if (!f->json) {
        rt_tag(&f->m, name);
        return;
    }
    key(f, name);
    open(f, '{');
}

void rt_fhir_object_end(rt_fhir *f)
{
    if (f->json)
        close(f, '}');
    else
        rt_tag_end(&f->m);
}

void rt_fhir_list(rt_fhir *f, const char *name)
{
    assert(f->depth < RT_FHIR_DEPTH);
    f->list[f->depth++] = name;
    if (!f->json)
        return;
    key(f, name);
    open(f, '[');
}

void rt_fhir_item(rt_fhir *f)
{
    if (!f->json) {
        rt_tag(&f->m, f->list[f->depth - 1]);
        return;
    }
    comma(f);
    open(f, '{');
}

void rt_fhir_item_end(rt_fhir *f)
{
    rt_fhir_object_end(f);
}

void rt_fhir_list_end(rt_fhir *f)
{
    f->depth--;
    if (f->json)
        close(f, ']');
}

void rt_fhir_only(rt_fhir *f, const char *name)
{
    rt_fhir_list(f, name);
    rt_fhir_item(f);
}

void rt_fhir_only_end(rt_fhir *f)
{
    rt_fhir_item_end(f);
    rt_fhir_list_end(f);
}

void rt_fhir_resource(rt_fhir *f, const char *type)
{
    if (!f->json) {
        rt_tag(&f->m, "resource");
        rt_tag(&f->m, type);
        return;
    }
    key(f, "resource");
    type_member(f, type);
}

void rt_fhir_resource_end(rt_fhir *f)
{
    if (!f->json)
        rt_tag_end(&f->m);
    rt_fhir_object_end(f);
}

/* ---- values: quoted in JSON, the attribute `value` of an element in XML */

static void begin_value(rt_fhir *f, const char *name)
{
    if (f->json) {
        key(f, name);
        return;
    }
    rt_tag(&f->m, name);
    rt_attr_begin(&f->m, RT_STR("value"));
}

static void end_value(rt_fhir *f)
{
    if (f->json)
        return;
    rt_attr_end(&f->m);
    rt_tag_end(&f->m);
}

/* What a buffer beside the result made; its failure is one of the result. */
static rt_str made(rt_fhir *f, const rt_buf *b)
{
    if (b->code != RT_OK && f->out->code == RT_OK)
        f->out->code = b->code;
    return rt_buf_str(b);
}

/* White space of Unicode that the strings of FHIR may not hold. */
static bool is_foreign_blank(uint32_t c)
{
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* May the byte begin such a character? */
static bool is_suspect(char c)
{
    return c == '\xC2' || c == '\xE1' || c == '\xE2' || c == '\xE3' || c == '\xEF';
}

static rt_str plain_blanks(rt_fhir *f, rt_str s)
{
    size_t from = 0;
    rt_buf_clear(&f->blanks);
    for (size_t i = 0; i < s.len;) {
        size_t next = i;
        bool foreign = is_suspect(s.ptr[i]) && is_foreign_blank(rt_utf8_next(s, &next));
        if (foreign) {
            rt_buf_add(&f->blanks, rt_str_slice(s, from, i));
            rt_buf_addc(&f->blanks, ' ');
            from = next;
        }
        i = next > i ? next : i + 1;
    }
    if (from == 0)
        return s;
    rt_buf_add(&f->blanks, rt_str_slice(s, from, s.len));
    return made(f, &f->blanks);
}

void rt_fhir_str(rt_fhir *f, const char *name, rt_str value)
{
    if (value.len == 0)
        return;
    value = plain_blanks(f, value);
    if (f->json) {
        key(f, name);
        rt_buf_addc(f->out, '"');
        rt_json_text(f->out, value);
        rt_buf_addc(f->out, '"');
        return;
    }
    rt_tag(&f->m, name);
    rt_attr_str(&f->m, "value", value);
    rt_tag_end(&f->m);
}

void rt_fhir_z(rt_fhir *f, const char *name, const char *value)
{
    if (value != NULL)
        rt_fhir_str(f, name, rt_str_from(value));
}

void rt_fhir_outside(rt_fhir *f, const char *name, rt_str value)
{
    rt_buf_clear(&f->text);
    rt_clean(&f->text, value);
    rt_fhir_str(f, name, made(f, &f->text));
}

void rt_fhir_strings(rt_fhir *f, const char *name, rt_str value)
{
    if (!f->json) {
        rt_fhir_outside(f, name, value);
        return;
    }
    rt_buf_clear(&f->text);
    rt_clean(&f->text, value);
    value = made(f, &f->text);
    key(f, name);
    rt_buf_add(f->out, RT_STR("[\""));
    rt_json_text(f->out, plain_blanks(f, value));
    rt_buf_add(f->out, RT_STR("\"]"));
}

void rt_fhir_number(rt_fhir *f, const char *name, double value)
{
    begin_value(f, name);
    rt_buf_number(f->out, value);
    end_value(f);
}

void rt_fhir_u(rt_fhir *f, const char *name, uint64_t value)
{
    begin_value(f, name);
    rt_buf_addu(f->out, value);
    end_value(f);
}

void rt_fhir_bool(rt_fhir *f, const char *name, bool value)
{
    begin_value(f, name);
    rt_buf_addz(f->out, value ? "true" : "false");
    end_value(f);
}

void rt_fhir_base64(rt_fhir *f, const char *name, rt_str bytes)
{
    if (bytes.len == 0)
        return;
    begin_value(f, name);
    if (f->json)
        rt_buf_addc(f->out, '"');
    size_t n = rt_base64_length(bytes.len);
    if (rt_buf_reserve(f->out, n)) {
        rt_base64(bytes, f->out->ptr + f->out->len);
        f->out->len += n;
    }
    if (f->json)
        rt_buf_addc(f->out, '"');
    end_value(f);
}

void rt_fhir_url(rt_fhir *f, const char *value)
{
    if (f->json)
        rt_fhir_z(f, "url", value);
    else
        rt_attr(&f->m, "url", value);
}

/* ---- XHTML: an element in XML, a string in JSON */

rt_markup *rt_fhir_div(rt_fhir *f)
{
    if (f->json) {
        rt_buf_clear(&f->text);
        f->m = (rt_markup){.out = &f->text};
    }
    rt_tag(&f->m, "div");
    rt_attr(&f->m, "xmlns", "http://www.w3.org/1999/xhtml");
    return &f->m;
}

void rt_fhir_div_end(rt_fhir *f)
{
    rt_tag_end(&f->m);
    if (f->json)
        rt_fhir_str(f, "div", rt_str_trim(made(f, &f->text)));
}
