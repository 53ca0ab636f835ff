/* XML as it is written: elements, attributes and text, straight into a buffer. The bytes are those
 * of libxml2's xmlTextWriter with an indent of two blanks (tests/unit/test_markup.c compares them),
 * at a fraction of its cost.
 *
 *     rt_tag(m, "a"); rt_attr(m, "b", "1"); rt_tag_text(m, "c", text); rt_tag_end(m);
 *
 * An element holds elements or text, not both. Names are ours and not checked; values and text are
 * UTF-8 that XML 1.0 allows, as the document text is by contract. What comes from a record or a
 * message goes through the _outside functions, in which everything else becomes U+FFFD. The buffer
 * remembers a failure; ask it once, at the end. */
#ifndef RT_OUTPUT_MARKUP_H
#define RT_OUTPUT_MARKUP_H

#include "base/buf.h"
#include "base/str.h"

enum { RT_MARKUP_DEPTH = 32 }; /* of elements; ours need 20 */

typedef struct rt_markup {
    rt_buf *out;
    unsigned depth;
    bool open; /* the start tag of the innermost element may still take attributes */
    bool text; /* the innermost element holds text: its end tag follows at once */
    rt_str name[RT_MARKUP_DEPTH];
} rt_markup;

/* s with U+FFFD for every byte that is not part of what XML 1.0 allows; appended, not escaped. */
void rt_clean(rt_buf *out, rt_str s);

/* The XML declaration, the root element and its namespace. */
void rt_markup_begin(rt_markup *m, rt_buf *out, const char *root, const char *namespace);
void rt_markup_end(rt_markup *m); /* closes what is open, and the last line */

/* Of a name whose length is known. */
void rt_tag_named(rt_markup *m, rt_str name);
void rt_attr_named(rt_markup *m, rt_str name, rt_str value);
void rt_attr_u_named(rt_markup *m, rt_str name, uint64_t value);

/* ---- for who puts whole elements down in place (base/put.h), at the depth of m */

/* The start tag of the innermost element ends, and its line: its elements follow. */
void rt_tag_inside(rt_markup *m);
/* Two blanks a level, up to eight levels; 16 bytes must be free. */
static inline char *rt_put_indent(char *p, unsigned depth)
{
    static const char blanks[] = "                ";
    memcpy(p, blanks, sizeof blanks - 1);
    return p + 2 * (size_t)depth;
}
/* s as text, or as a value; RT_MARKUP_TEXT(s) bytes must be free. */
#define RT_MARKUP_TEXT(s) (6 * (s).len + 8)
char *rt_put_chars(char *p, rt_str s);
char *rt_put_value(char *p, rt_str s);
bool rt_chars_plain(rt_str s); /* as text it stays what it is */

void rt_tag_end(rt_markup *m);
void rt_attr_begin(rt_markup *m, rt_str name); /* then the value goes to m->out, as it is */
void rt_attr_end(rt_markup *m);
void rt_chars(rt_markup *m, rt_str text);
void rt_chars_known(rt_markup *m, rt_str text); /* plain, as rt_chars_plain has it */
void rt_chars_outside(rt_markup *m, rt_str text);
void rt_attr_outside(rt_markup *m, const char *name, rt_str value); /* empty: nothing */
void rt_attr_number(rt_markup *m, const char *name, double value);
void rt_attr_printf(rt_markup *m, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Inline, so that the length of a constant name is a constant. */

static inline void rt_tag(rt_markup *m, const char *name)
{
    rt_tag_named(m, rt_str_from(name));
}

static inline void rt_attr_str(rt_markup *m, const char *name, rt_str value)
{
    rt_attr_named(m, rt_str_from(name), value);
}

static inline void rt_attr(rt_markup *m, const char *name, const char *value) /* NULL: nothing */
{
    if (value != NULL)
        rt_attr_named(m, rt_str_from(name), rt_str_from(value));
}

static inline void rt_attr_u(rt_markup *m, const char *name, uint64_t value)
{
    rt_attr_u_named(m, rt_str_from(name), value);
}

static inline void rt_attr_bool(rt_markup *m, const char *name, bool value)
{
    rt_attr_named(m, rt_str_from(name), value ? RT_STR("true") : RT_STR("false"));
}

static inline void rt_tag_text(rt_markup *m, const char *name, rt_str text)
{
    rt_tag(m, name);
    rt_chars(m, text);
    rt_tag_end(m);
}

#endif
