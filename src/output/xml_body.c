/* Sections of a report in XML, and quantities. */
#include "output/xml_put.h"

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

#define OPEN(name, constant, word) RT_PIECE_OF(" " name "=\"" word),
static const rt_piece types[] = {RT_SECTIONS(RT_XML_WORD, "type")};
static const rt_piece ids[] = {RT_SECTIONS(OPEN, "id")};
#undef OPEN

/* The title comes from the report, or from a template. */
static void put_names(rt_xml *x, unsigned type, uint32_t n, rt_str title) /* n from 1 */
{
    char *p = rt_xml_room(x, rt_buf_room(x->m.out, 0), RT_MARKUP_TEXT(title));
    if (p == NULL)
        return;
    p = rt_put_piece(rt_put_piece(p, &types[type]), &ids[type]);
    if (n > 1) {
        *p++ = '-';
        p = rt_put_u(p, n);
    }
    p = rt_put_value(rt_put(p, RT_STR("\" title=\"")), title);
    rt_buf_wrote(x->m.out, rt_put(p, RT_STR("\"")));
}

static void open_section(rt_xml *x, unsigned type, uint32_t n, rt_span heading)
{
    rt_code_ref code = rt_section_code(type);
    rt_xml_open(x, "section");
    put_names(x, type, n, rt_section_title(x->k, x->d, type, heading));
    rt_xml_code_ref(x, &code);
    rt_xml_span(x, "heading", heading);
}

/* Fields whose section the report does not have stand in an empty one. */
static void write_missing_sections(rt_xml *x, const uint32_t seen[RT_SECTION_END])
{
    for (unsigned type = 0; type < RT_SECTION_END; type++) {
        if (seen[type] > 0 || x->slots[type].end == 0)
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
        rt_xml_span(x, "narrative", trimmed(d, rt_doc_span(d, s->at)));
        if (seen[s->type] == 1)
            rt_xml_fields(x, s->type);
        rt_xml_close(x);
    }
    if (d->sections.len == 0) {
        open_section(x, RT_SECTION_OTHER, 1, (rt_span){0, 0});
        rt_xml_span(x, "narrative", (rt_span){0, (uint32_t)d->text.doc.len});
        rt_xml_close(x);
    }
    write_missing_sections(x, seen);
    rt_xml_close(x);
}
