#include "output/cda_parts.h"

#include <stdio.h>

void rt_cda_begin(rt_cda *c, const rt_doc *d, const rt_knowledge *k, rt_buf *out)
{
    *c = (rt_cda){.d = d, .k = k};
    rt_identify(d->record, &c->id);
    rt_markup_begin(&c->m, out, "ClinicalDocument", "urn:hl7-org:v3");
    rt_attr(&c->m, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
}

void rt_cda_null(rt_cda *c, const char *element, const char *flavor)
{
    rt_tag(&c->m, element);
    rt_attr(&c->m, "nullFlavor", flavor);
    rt_tag_end(&c->m);
}

void rt_cda_root(rt_cda *c, const char *element, const char *root)
{
    rt_tag(&c->m, element);
    rt_attr(&c->m, "root", root);
    rt_tag_end(&c->m);
}

void rt_cda_id(rt_cda *c, const char *root, rt_str extension)
{
    if (extension.len == 0) {
        rt_cda_null(c, "id", "UNK");
        return;
    }
    rt_tag(&c->m, "id");
    rt_attr(&c->m, "root", root);
    rt_attr_outside(&c->m, "extension", extension);
    rt_tag_end(&c->m);
}

void rt_cda_time(rt_cda *c, const char *element, rt_field_id date, rt_field_id clock)
{
    rt_date d;
    rt_clock t;
    if (rt_fact_date(c->d->record, date, &d) != RT_GIVEN_GOOD) {
        rt_cda_null(c, element, "UNK");
        return;
    }
    rt_tag(&c->m, element);
    if (clock != RT_FIELD_COUNT && rt_fact_clock(c->d->record, clock, &t) == RT_GIVEN_GOOD)
        rt_attr_printf(&c->m, "value", "%04u%02u%02u%02u%02u%02u", d.year, d.month, d.day, t.hour,
                       t.minute, t.second);
    else
        rt_attr_printf(&c->m, "value", "%04u%02u%02u", d.year, d.month, d.day);
    rt_tag_end(&c->m);
}

void rt_cda_birth_time(rt_cda *c)
{
    rt_cda_time(c, "birthTime", RT_FIELD_BIRTH_DATE, RT_FIELD_COUNT);
}

static void name_part(rt_cda *c, const char *element, rt_str part)
{
    if (part.len == 0)
        return;
    rt_tag(&c->m, element);
    rt_chars_outside(&c->m, part);
    rt_tag_end(&c->m);
}

void rt_cda_name(rt_cda *c, rt_str name)
{
    rt_cut family = rt_str_cut(name, '^');
    rt_str given = rt_str_cut(family.tail, '^').head;
    if (name.len == 0 || (family.found && family.head.len + given.len == 0)) {
        rt_cda_null(c, "name", "UNK");
        return;
    }
    rt_tag(&c->m, "name");
    if (family.found) {
        name_part(c, "family", family.head);
        name_part(c, "given", given);
    } else {
        rt_chars_outside(&c->m, name);
    }
    rt_tag_end(&c->m);
}

/* ---- codes */

void rt_cda_open_code(rt_cda *c, const char *element, const char *type, rt_code_ref code)
{
    const rt_system *s = rt_system_of(code.system);
    rt_tag(&c->m, element);
    rt_attr(&c->m, "xsi:type", type);
    rt_attr(&c->m, "code", code.code);
    rt_attr(&c->m, "codeSystem", s->oid);
    rt_attr(&c->m, "codeSystemName", s->title);
    rt_attr(&c->m, "displayName", code.display);
}

void rt_cda_code(rt_cda *c, const char *element, rt_code_ref code)
{
    rt_cda_open_code(c, element, NULL, code);
    rt_tag_end(&c->m);
}

void rt_cda_qualifier(rt_cda *c, const char *name, rt_code_ref value)
{
    rt_tag(&c->m, "qualifier");
    rt_cda_code(c, "name", rt_own_code(name));
    rt_cda_code(c, "value", value);
    rt_tag_end(&c->m);
}

void rt_cda_quantity(rt_cda *c, const char *element, const char *type, double value,
                     const char *unit)
{
    const char *ucum = unit != NULL ? rt_ucum_code(unit) : NULL;
    rt_tag(&c->m, element);
    rt_attr(&c->m, "xsi:type", type);
    rt_attr_number(&c->m, "value", value);
    rt_attr(&c->m, "unit", ucum != NULL ? ucum : "1");
    rt_tag_end(&c->m);
}

/* ---- entries */

void rt_cda_open_entry(rt_cda *c)
{
    rt_tag(&c->m, "entry");
    rt_tag(&c->m, "observation");
    rt_attr(&c->m, "classCode", "OBS");
    rt_attr(&c->m, "moodCode", "EVN");
}

void rt_cda_close_entry(rt_cda *c)
{
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

void rt_cda_reference(rt_cda *c, char letter, uint32_t index)
{
    rt_tag(&c->m, "text");
    rt_tag(&c->m, "reference");
    rt_attr_printf(&c->m, "value", "#%c%u", letter, index + 1U);
    rt_tag_end(&c->m);
    rt_tag_end(&c->m);
}

void rt_cda_status(rt_cda *c, const char *code)
{
    rt_tag(&c->m, "statusCode");
    rt_attr(&c->m, "code", code);
    rt_tag_end(&c->m);
}

void rt_cda_string(rt_cda *c, rt_str value)
{
    rt_tag(&c->m, "value");
    rt_attr(&c->m, "xsi:type", "ST");
    rt_chars(&c->m, value);
    rt_tag_end(&c->m);
}
