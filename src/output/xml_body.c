/* Sections of a report in XML, and quantities. */
#include "output/xml_writer.h"

#include <math.h>

/* ---- quantities */

void rt_xml_quantity(rt_xml *x, const char *element, double value, double high,
                     const char *comparator, const char *unit)
{
    rt_xml_open(x, element);
    rt_attr_number(&x->m, "value", value);
    if (!isnan(high))
        rt_attr_number(&x->m, "high", high);
    rt_xml_attr(x, "comparator", comparator);
    rt_xml_attr(x, "unit", unit != NULL ? unit : "1");
    rt_xml_attr(x, "ucum", unit != NULL ? rt_ucum_code(unit) : NULL);
    rt_xml_close(x);
}

/* ---- sections */

static void section_id(rt_xml *x, const char *attribute, unsigned type, uint32_t n) /* n from 1 */
{
    if (n > 1)
        rt_attr_printf(&x->m, attribute, "%s-%u", rt_section_name(type), n);
    else
        rt_xml_attr(x, attribute, rt_section_name(type));
}

static void open_section(rt_xml *x, unsigned type, uint32_t n, rt_span heading)
{
    rt_code_ref code = rt_section_code(type);
    rt_xml_open(x, "section");
    rt_xml_attr(x, "type", rt_section_name(type));
    section_id(x, "id", type, n);
    rt_xml_attr_str(x, "title", rt_section_title(x->k, x->d, type, heading));
    rt_xml_code_ref(x, &code);
    rt_xml_span(x, "heading", heading, NULL);
}

/* Fields whose section the report does not have stand in an empty one. */
static void write_missing_sections(rt_xml *x, const uint32_t seen[RT_SECTION_END])
{
    for (unsigned type = 0; type < RT_SECTION_END; type++) {
        if (seen[type] > 0 || x->fields[type].end == 0)
            continue;
        open_section(x, type, 1, (rt_span){0, 0});
        rt_xml_fields(x, type);
        rt_xml_close(x);
    }
}

static rt_span trimmed(const rt_doc *d, rt_span at)
{
    rt_str s = rt_str_trim(rt_text_slice(&d->text, at));
    if (s.len == 0)
        return (rt_span){0, 0};
    uint32_t beg = (uint32_t)(s.ptr - d->text.doc.ptr);
    return (rt_span){beg, beg + (uint32_t)s.len};
}

void rt_xml_sections(rt_xml *x)
{
    const rt_doc *d = x->d;
    uint32_t seen[RT_SECTION_END] = {0};
    rt_xml_find_fields(x);
    rt_xml_open(x, "sections");
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        open_section(x, s->type, ++seen[s->type], rt_doc_span(d, s->heading));
        rt_xml_span(x, "narrative", trimmed(d, rt_doc_span(d, s->at)), NULL);
        if (seen[s->type] == 1)
            rt_xml_fields(x, s->type);
        rt_xml_close(x);
    }
    if (d->sections.len == 0) {
        open_section(x, RT_SECTION_OTHER, 1, (rt_span){0, 0});
        rt_xml_span(x, "narrative", (rt_span){0, (uint32_t)d->text.doc.len}, NULL);
        rt_xml_close(x);
    }
    write_missing_sections(x, seen);
    rt_xml_close(x);
}
