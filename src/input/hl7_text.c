/* Consecutive OBX of one OBX-3 are a group: one line each, or one with all lines. What OBX-3 says
 * of the section is written as a heading above the group, so that the document text says by itself
 * all that the message said; where the text begins with a heading of its own, nothing is added.
 *
 * Coded and numeric values are text, too ("name: value unit"); what is no text (pointers,
 * encapsulated documents, UIDs) is passed over. */
#include "input/hl7_text.h"

#include "base/utf8.h"

enum { MAX_HEADING = 120 }; /* bytes of a line that may be a heading */

typedef enum value_kind { VALUE_TEXT, VALUE_CODED, VALUE_NUMBER, VALUE_OTHER } value_kind;

static const struct {
    const char *type; /* OBX-2 */
    value_kind kind;
} value_types[] = {
    {"TX", VALUE_TEXT},   {"FT", VALUE_TEXT},   {"ST", VALUE_TEXT},   {"", VALUE_TEXT},
    {"CE", VALUE_CODED},  {"CWE", VALUE_CODED}, {"CNE", VALUE_CODED}, {"CF", VALUE_CODED},
    {"NM", VALUE_NUMBER}, {"SN", VALUE_NUMBER},
};

static value_kind kind_of(rt_str type)
{
    for (size_t i = 0; i < sizeof value_types / sizeof value_types[0]; i++)
        if (rt_str_eq_nocase(type, rt_str_from(value_types[i].type)))
            return value_types[i].kind;
    return VALUE_OTHER;
}

/* ---- the text so far */

static void add(rt_hl7_text *t, rt_str s)
{
    if (s.len == 0)
        return;
    if (s.len > t->cap - t->len) {
        size_t cap = (t->cap + s.len) * 2;
        char *larger = RT_NEW(t->a, char, cap);
        if (larger == NULL)
            return;
        if (t->len > 0)
            memcpy(larger, t->ptr, t->len);
        t->ptr = larger;
        t->cap = cap;
    }
    memcpy(t->ptr + t->len, s.ptr, s.len);
    t->len += s.len;
}

static bool has_han(rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0xE4 && (unsigned char)s.ptr[i] <= 0xE9)
            return true;
    return false;
}

/* Does the text begin with a heading that the lexicon knows: a line or what stands before a colon,
 * perhaps in brackets? */
static bool begins_with_heading(const rt_knowledge *know, rt_str text)
{
    static const char brackets[] = "[#*=( ";
    rt_str line = rt_str_cut(rt_str_trim(text), '\n').head;
    while (line.len > 0 && strchr(brackets, line.ptr[0]) != NULL)
        line = rt_str_slice(line, 1, line.len);
    if (rt_str_starts(line, RT_STR("【")))
        line = rt_str_slice(line, 3, line.len);
    rt_str wide = RT_STR("："), close = RT_STR("】");
    size_t at = line.len, found;
    if (rt_str_find(line, RT_STR(":"), &found) && found < at)
        at = found;
    if (rt_str_find(line, wide, &found) && found < at)
        at = found;
    if (rt_str_find(line, close, &found) && found < at)
        at = found;
    if (rt_str_find(line, RT_STR("]"), &found) && found < at)
        at = found;
    rt_str heading = rt_str_trim(rt_str_slice(line, 0, at));
    return heading.len > 0 && heading.len <= MAX_HEADING &&
           rt_lexicon_heading(know->lexicon, heading, NULL);
}

/* A line of the group; the group's heading goes before its first line that is not empty. */
static void add_line(rt_hl7_text *t, rt_str line)
{
    if (t->heading.len > 0 && rt_str_trim(line).len > 0) {
        if (!begins_with_heading(t->know, line)) {
            add(t, t->heading);
            add(t, has_han(t->heading) ? RT_STR("：\n") : RT_STR(":\n"));
        }
        t->heading.len = 0;
    }
    bool blank = rt_str_trim(line).len == 0;
    if (t->len == 0 && blank)
        return;
    t->has_text = t->has_text || !blank;
    add(t, line);
    add(t, RT_STR("\n"));
}

/* ---- what OBX-3 says */

enum { CODE = 1, NAME, SYSTEM, OTHER_CODE, OTHER_NAME };

/* The row for the code, its parts around the sub-component separator, or a name. */
static const rt_table_word *find_word(const rt_hl7_text *t, const rt_hl7 *m,
                                      const rt_hl7_segment *obx, rt_hl7_kind kind)
{
    static const unsigned components[] = {CODE, OTHER_CODE, NAME, OTHER_NAME};
    if (t->know == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++) {
        rt_str s = rt_hl7_get(m, obx, 3, components[i]);
        const rt_table_word *w = rt_word_find(t->know->hl7, kind, s);
        for (unsigned sub = 2; w == NULL && components[i] == CODE && sub > 0; sub--)
            w = rt_word_find(t->know->hl7, kind, rt_str_trim(rt_hl7_part(s, m->sub, sub)));
        if (w != NULL)
            return w;
    }
    return NULL;
}

static bool is_skipped(const rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    if (t->know == NULL)
        return false;
    return find_word(t, m, obx, RT_HL7_SKIP) != NULL ||
           rt_word_find(t->know->hl7, RT_HL7_SKIP, rt_hl7_get(m, obx, 3, SYSTEM)) != NULL;
}

/* A name that is a heading itself, else the heading of the section that OBX-3 stands for. */
static rt_str heading_of(const rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    if (t->know == NULL)
        return (rt_str){"", 0};
    const rt_table_word *w = find_word(t, m, obx, RT_HL7_SECTION);
    rt_str name = rt_hl7_plain(t->a, m, rt_hl7_get(m, obx, 3, NAME));
    bool own = rt_lexicon_heading(t->know->lexicon, name, NULL);
    if (w == NULL)
        return own ? name : (rt_str){"", 0};
    rt_str text = rt_hl7_field(m, obx, 5);
    if (own && has_han(name) == has_han(text))
        return name;
    return has_han(text) ? w->heading_zh : w->heading_en;
}

static void begin_group(rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    rt_str group = rt_hl7_field(m, obx, 3);
    bool blank = rt_str_trim(rt_hl7_field(m, obx, 5)).len == 0;
    if (t->grouped && rt_str_eq(group, t->group) && t->heading.len == 0)
        return;
    if (t->grouped && rt_str_eq(group, t->group) && blank)
        return;
    t->grouped = true;
    t->group = group;
    t->heading = heading_of(t, m, obx);
}

/* ---- values */

/* The repetitions of OBX-5, one a line; of a coded one its text. */
static void add_lines(rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx, bool coded)
{
    rt_cut cut = {{"", 0}, rt_hl7_field(m, obx, 5), true};
    while (cut.found) {
        cut = m->repetition != '\0' ? rt_str_cut(cut.tail, m->repetition)
                                    : (rt_cut){cut.tail, {"", 0}, false};
        rt_str value = cut.head;
        for (unsigned i = 0; coded && i < 3; i++) {
            static const unsigned order[] = {NAME, OTHER_NAME, CODE};
            value = rt_hl7_part(cut.head, m->component, order[i]);
            if (rt_str_trim(value).len > 0)
                break;
        }
        add_line(t, rt_hl7_plain(t->a, m, value));
    }
}

/* "name: value unit"; of a structured number (">^10") the parts. */
static void add_number(rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    static const unsigned names[] = {NAME, OTHER_NAME, CODE};
    rt_str name = {"", 0}, value = rt_hl7_field(m, obx, 5);
    for (size_t i = 0; i < 3 && name.len == 0; i++)
        name = rt_hl7_plain(t->a, m, rt_hl7_get(m, obx, 3, names[i]));
    t->heading.len = 0;
    t->has_text = true;
    add(t, name);
    add(t, RT_STR(": "));
    for (unsigned i = 1; i <= 4; i++)
        add(t, rt_hl7_part(value, m->component, i));
    add(t, RT_STR(" "));
    add_line(t, rt_hl7_plain(t->a, m, rt_hl7_get(m, obx, 6, 1)));
}

bool rt_hl7_withdrawn(const rt_knowledge *know, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    return know != NULL &&
           rt_word_find(know->hl7, RT_HL7_WITHDRAWN, rt_hl7_get(m, obx, 11, 1)) != NULL;
}

void rt_hl7_add(rt_hl7_text *t, const rt_hl7 *m, const rt_hl7_segment *obx)
{
    rt_str type = rt_hl7_get(m, obx, 2, 1);
    value_kind kind = kind_of(type);
    t->segments++;
    t->line = obx->line;
    if (rt_hl7_withdrawn(t->know, m, obx)) {
        t->withdrawn++;
        return;
    }
    if (kind == VALUE_OTHER || is_skipped(t, m, obx)) {
        t->type = type;
        return;
    }
    bool empty = rt_str_trim(rt_hl7_field(m, obx, 5)).len == 0;
    if (empty && kind != VALUE_TEXT)
        return;
    begin_group(t, m, obx);
    if (kind == VALUE_NUMBER)
        add_number(t, m, obx);
    else
        add_lines(t, m, obx, kind == VALUE_CODED);
}
