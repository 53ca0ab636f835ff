/* For those who write much: lines of XML put down in place (base/put.h). Each function
 * makes room for its own line and for RT_XML_SPARE bytes behind it, and returns the place behind;
 * NULL: the buffer has failed, now or before (p is NULL). */
#ifndef RT_OUTPUT_XML_PUT_H
#define RT_OUTPUT_XML_PUT_H

#include "base/put.h"
#include "output/xml_writer.h"

enum {
    RT_XML_SPARE = 96, /* bytes for what closes the element around, and for pieces */
    RT_XML_LINE = 640, /* bytes of the names and closed words of any element, and the spare ones */
};

/* What was put down so far, and room for a line with n bytes of names and text. */
static inline char *rt_xml_room(const rt_xml *x, const char *p, size_t n)
{
    return p != NULL ? rt_buf_more(x->m.out, p, RT_XML_LINE + n) : NULL;
}

/* A word of a vocabulary as an attribute. */
#define RT_XML_WORD(name, constant, word) RT_PIECE_OF(" " name "=\"" word "\""),

/* <span>: role is `" role="head`, or empty. Nothing if it is empty. */
char *rt_xml_put_span(const rt_xml *x, char *p, unsigned depth, rt_span at, rt_str role);
/* <evidence method="..."> with one span; begin is its start tag without the bracket. */
char *rt_xml_put_evidence(const rt_xml *x, char *p, unsigned depth, const rt_piece *begin,
                          rt_span at);
char *rt_xml_put_code(const rt_xml *x, char *p, unsigned depth, const rt_code_ref *code);
char *rt_xml_put_concept(const rt_xml *x, char *p, unsigned depth, uint32_t concept); /* its code */

/* The name of a concept in the language of the report as the value of an attribute, up to its
 * quote. Makes no room: it needs rt_xml_name_room. */
char *rt_xml_put_name(const rt_xml *x, char *p, uint32_t concept);
size_t rt_xml_name_room(const rt_xml *x, uint32_t concept);

/* Elements that are rare, between others that are put down: with output/markup, one level deeper.
 */
static inline void rt_xml_markup_begin(rt_xml *x, const char *p, unsigned levels)
{
    rt_buf_wrote(x->m.out, p);
    x->m.depth += levels;
}

static inline char *rt_xml_markup_end(rt_xml *x, unsigned levels)
{
    x->m.depth -= levels;
    return rt_buf_room(x->m.out, RT_XML_SPARE);
}

#endif
