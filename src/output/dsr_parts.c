/* Content items of DICOM SR in the XML of DCMTK: values, codes, texts, numbers. */
#include "output/dsr_parts.h"

#include "base/utf8.h"

/* ---- values */

/* The value; a failure to make it is one of the result. */
static rt_str made(rt_dsr *w)
{
    if (w->text.code != RT_OK && w->m.out->code == RT_OK)
        w->m.out->code = w->text.code;
    return rt_buf_str(&w->text);
}

/* At most max bytes of whole characters, on one line, without what separates values in DICOM. */
static rt_str cut(rt_dsr *w, rt_str s, size_t max)
{
    rt_buf_clear(&w->text);
    for (size_t i = 0, end = 0; i < s.len; i = end) {
        for (end = i + 1; end < s.len && rt_utf8_cont(s.ptr[end]);)
            end++;
        if (end > max)
            break;
        char c = s.ptr[i];
        if ((c >= 0 && c < ' ') || c == 0x7F || c == '\\')
            rt_buf_addc(&w->text, ' ');
        else
            rt_buf_add(&w->text, rt_str_slice(s, i, end));
    }
    return rt_str_trim(made(w));
}

/* Text of any length: line ends are its only control characters. */
void rt_dsr_free_text(rt_dsr *w, rt_str s)
{
    rt_buf_clear(&w->text);
    for (size_t i = 0; i < s.len; i++)
        rt_buf_addc(&w->text, s.ptr[i] == '\t' || s.ptr[i] == 0x7F ? ' ' : s.ptr[i]);
    rt_tag_text(&w->m, "value", made(w));
}

/* Nothing if the value is empty. */
void rt_dsr_element(rt_dsr *w, const char *name, rt_str value, size_t max)
{
    rt_str s = cut(w, value, max);
    if (s.len == 0)
        return;
    rt_tag(&w->m, name);
    rt_chars_outside(&w->m, s);
    rt_tag_end(&w->m);
}

/* ---- codes and content items */

void rt_dsr_triple(rt_dsr *w, rt_code_ref c)
{
    rt_tag_text(&w->m, "value", rt_str_from(c.code));
    rt_tag(&w->m, "scheme");
    rt_tag_text(&w->m, "designator", rt_str_from(rt_system_of(c.system)->designator));
    rt_tag_end(&w->m);
    rt_dsr_element(w, "meaning", rt_str_from(c.display), LONG_STRING);
}

void rt_dsr_open_item(rt_dsr *w, const char *kind, const char *relationship, rt_code_ref concept)
{
    rt_tag(&w->m, kind);
    rt_tag_text(&w->m, "relationship", rt_str_from(relationship));
    rt_tag(&w->m, "concept");
    rt_dsr_triple(w, concept);
    rt_tag_end(&w->m);
}

void rt_dsr_code_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_code_ref value)
{
    rt_dsr_open_item(w, "code", relationship, concept);
    rt_dsr_triple(w, value);
    rt_tag_end(&w->m);
}

void rt_dsr_text_item(rt_dsr *w, const char *relationship, rt_code_ref concept, rt_span at)
{
    rt_str text = rt_str_trim(rt_text_slice(&w->d->text, at));
    if (text.len == 0)
        return;
    rt_dsr_open_item(w, "text", relationship, concept);
    rt_dsr_free_text(w, text);
    rt_tag_end(&w->m);
}

rt_code_ref rt_dsr_in_language(const rt_dsr *w, uint32_t concept)
{
    return rt_concept_code_named(w->k, w->d, concept);
}

/* A vocabulary's first value is what goes without saying. */
void rt_dsr_word(rt_dsr *w, const char *name, unsigned value, rt_code_ref code)
{
    if (value != 0)
        rt_dsr_code_item(w, MOD, rt_own_code(name), code);
}

/* ---- numbers */

/* Of 16 characters, which every double of a report fits into well enough. */
void rt_dsr_decimal(rt_dsr *w, double v)
{
    rt_buf_clear(&w->text);
    rt_buf_number(&w->text, v);
    if (w->text.len > DECIMAL_STRING) {
        rt_buf_clear(&w->text);
        rt_buf_addf(&w->text, "%.9g", v);
    }
    rt_tag_text(&w->m, "value", made(w));
}

void rt_dsr_unit(rt_dsr *w, const char *name)
{
    const char *ucum = name != NULL ? rt_ucum_code(name) : NULL;
    rt_code_ref c = {"UCUM", ucum, name};
    if (ucum == NULL)
        c = name == NULL ? (rt_code_ref){"UCUM", "1", "no units"} : rt_own_code(name);
    rt_tag(&w->m, "unit");
    rt_dsr_triple(w, c);
    rt_tag_end(&w->m);
}
