/* What was mapped, as urn:roentext:template:1. An imported template is filled when it is asked for
 * (--template): whether it should be chosen by itself, and before which others, the site decides by
 * giving it a <match>. */
#include "base/utf8.h"
#include "knowledge/mrrt_map.h"

enum { MAX_ID = 60 }; /* bytes */

typedef struct mapped { /* a field that goes into the template */
    const rt_mrrt_field *field;
    rt_mrrt_target target;
    char id[MAX_ID + 16];
    unsigned section;
} mapped;

typedef struct writer {
    rt_mrrt_mapper p;
    rt_buf *out;
    RT_VEC(mapped) fields;
    bool zh;
} writer;

/* ---- text */

static void put(writer *w, rt_str s)
{
    rt_buf_add_xml(w->out, s, true);
}

static void attribute(writer *w, const char *name, rt_str value)
{
    rt_buf_addf(w->out, " %s=\"", name);
    put(w, value);
    rt_buf_addc(w->out, '"');
}

/* An XML name of ASCII letters, digits, '_' and '-'; prefix if it would begin with another. */
static void slug(rt_str s, const char *prefix, char out[MAX_ID + 16])
{
    size_t n = 0;
    bool letter = s.len > 0 && ((s.ptr[0] | 0x20) >= 'a' && (s.ptr[0] | 0x20) <= 'z');
    if (!letter)
        for (; *prefix != '\0'; prefix++)
            out[n++] = *prefix;
    for (size_t i = 0; i < s.len && n < MAX_ID; i++) {
        char c = s.ptr[i];
        if (rt_is_word(c) || c == '-' || c == '_' || c == '.')
            out[n++] = c;
        else if (n > 0 && out[n - 1] != '_')
            out[n++] = '_';
    }
    while (n > 1 && out[n - 1] == '_')
        n--;
    out[n] = '\0';
}

static const char *concept_id(const writer *w, uint32_t concept)
{
    return rt_lexicon_text(w->p.k->lexicon, w->p.k->lexicon->concepts[concept].id);
}

static void code(writer *w, uint32_t concept)
{
    const rt_lexicon *x = w->p.k->lexicon;
    const char *id = concept_id(w, concept);
    rt_buf_addz(w->out, "<code");
    attribute(w, "system", strncmp(id, "RID", 3) == 0 ? RT_STR("RADLEX") : RT_STR("ROENTEXT"));
    attribute(w, "code", rt_str_from(id));
    attribute(w, "display", rt_str_from(rt_lexicon_text(x, x->concepts[concept].pref_en)));
    rt_buf_addz(w->out, "/>");
}

/* ---- which fields */

static bool same_question(const rt_mrrt_target *a, const rt_mrrt_target *b)
{
    bool own = a->concept != RT_NIL || a->place != RT_NIL;
    return own && a->from == b->from && a->concept == b->concept && a->place == b->place &&
           (a->from != RT_FROM_OPTION || a->choice[0].concept == b->choice[0].concept);
}

static const mapped *asked_before(const writer *w, const rt_mrrt_target *t)
{
    for (uint32_t i = 0; i < w->fields.len; i++)
        if (same_question(&w->fields.at[i].target, t))
            return &w->fields.at[i];
    return NULL;
}

static void name_field(const writer *w, mapped *f)
{
    slug(f->field->id.len > 0 ? f->field->id : f->field->label, "f", f->id);
    size_t n = strlen(f->id);
    for (unsigned k = 2;; k++) {
        bool taken = false;
        for (uint32_t i = 0; i < w->fields.len; i++)
            taken = taken || strcmp(w->fields.at[i].id, f->id) == 0;
        if (!taken)
            return;
        snprintf(f->id + n, 16, "_%u", k);
    }
}

static void note_field(const writer *w, const rt_mrrt_field *f, const char *what, rt_str more)
{
    rt_mrrt_note(w->p.notes, w->p.m->path, f->line, "field '%.*s': %s%.*s", (int)f->label.len,
                 f->label.ptr, what, (int)more.len, more.ptr);
}

/* Fields are few enough (a template has dozens) to be compared with each other. */
static void map_fields(writer *w)
{
    for (uint32_t i = 0; i < w->p.m->fields.len; i++) {
        mapped f = {.field = &w->p.m->fields.at[i]};
        const char *why = NULL;
        bool mapped_it = rt_mrrt_target_of(&w->p, f.field, &f.target, &why);
        const mapped *before = mapped_it ? asked_before(w, &f.target) : NULL;
        if (!mapped_it && why != NULL) {
            note_field(w, f.field, "left out: ", rt_str_from(why));
        } else if (before != NULL) {
            note_field(w, f.field,
                       "left out: asks what another field asks: ", before->field->label);
        } else if (mapped_it) {
            if (f.field->preset)
                note_field(w, f.field, "its preset answer is not taken", RT_STR(""));
            f.section = rt_mrrt_section(&w->p, f.field->section);
            name_field(w, &f);
            RT_PUSH(w->p.m->arena, &w->fields, f);
        }
    }
}

/* ---- fields */

/* Of an option that the form did not have. */
static rt_str own_label(const writer *w, rt_str value)
{
    const rt_table_word *word = w->zh ? rt_word_find(w->p.k->mrrt, RT_MRRT_LABEL, value) : NULL;
    return word != NULL ? word->value : value;
}

static void option(writer *w, const mapped *f, uint32_t i)
{
    const rt_mrrt_choice *c = &f->target.choice[i];
    rt_str label = c->from != NULL ? c->from->label : own_label(w, c->value);
    rt_buf_addz(w->out, "      <option");
    if (c->concept == RT_NIL) {
        attribute(w, "value", c->value);
    } else {
        char value[MAX_ID + 16];
        slug(rt_str_from(concept_id(w, c->concept)), "o", value);
        attribute(w, "value", rt_str_from(value));
    }
    attribute(w, "label", label);
    if (c->concept == RT_NIL) {
        rt_buf_addz(w->out, "/>\n");
        return;
    }
    bool place = w->p.k->lexicon->concepts[c->concept].type == RT_TYPE_ANATOMY;
    attribute(w, place ? "places" : "concepts", rt_str_from(concept_id(w, c->concept)));
    rt_buf_addz(w->out, ">");
    code(w, c->concept);
    rt_buf_addz(w->out, "</option>\n");
}

/* What the field asks about; one of several concepts asks about each of them that can be found. */
static void trigger(writer *w, const mapped *f)
{
    const rt_mrrt_target *t = &f->target;
    const rt_lexicon *x = w->p.k->lexicon;
    uint32_t n = 0;
    if (t->concept != RT_NIL || t->place != RT_NIL) {
        rt_buf_addz(w->out, "      <trigger");
        if (t->concept != RT_NIL)
            attribute(w, "concepts", rt_str_from(concept_id(w, t->concept)));
        if (t->place != RT_NIL)
            attribute(w, "places", rt_str_from(concept_id(w, t->place)));
        rt_buf_addz(w->out, "/>\n");
        return;
    }
    for (uint32_t i = 0; i < t->n_choices; i++) {
        if (t->choice[i].concept == RT_NIL ||
            !rt_type_is_observation(x->concepts[t->choice[i].concept].type))
            continue;
        rt_buf_addz(w->out, n++ == 0 ? "      <trigger concepts=\"" : "|");
        rt_buf_addz(w->out, concept_id(w, t->choice[i].concept));
    }
    rt_buf_addz(w->out, n > 0 ? "\"/>\n" : "");
}

static const char *const source_names[] = {
#define X(c, name, type) [RT_FROM_##c] = (name),
    RT_FIELD_SOURCES(X)
#undef X
};

static void field(writer *w, const mapped *f)
{
    rt_buf_addz(w->out, "    <field");
    attribute(w, "id", rt_str_from(f->id));
    attribute(w, "label", f->field->label.len > 0 ? f->field->label : rt_str_from(f->id));
    attribute(w, "from", rt_str_from(source_names[f->target.from]));
    if (f->target.unit != NULL)
        attribute(w, "unit", rt_str_from(f->target.unit));
    rt_buf_addz(w->out, ">\n");
    uint32_t concept = f->target.concept != RT_NIL ? f->target.concept : f->target.place;
    if (concept != RT_NIL) {
        rt_buf_addz(w->out, "      ");
        code(w, concept);
        rt_buf_addc(w->out, '\n');
    }
    trigger(w, f);
    for (uint32_t i = 0; i < f->target.n_choices; i++)
        option(w, f, i);
    rt_buf_addz(w->out, "    </field>\n");
}

/* ---- sections */

static rt_str section_title(const writer *w, unsigned type)
{
    const rt_mrrt *m = w->p.m;
    for (uint32_t i = 0; i < m->sections.len; i++) {
        unsigned named = RT_SECTION_END;
        bool known = rt_word_find(w->p.k->mrrt, RT_MRRT_SECTION, m->sections.at[i]) != NULL ||
                     rt_lexicon_heading(w->p.k->lexicon, m->sections.at[i], &named);
        if (known && rt_mrrt_section(&w->p, i) == type)
            return m->sections.at[i];
    }
    return rt_str_from(rt_section_name(type));
}

static void sections(writer *w)
{
    bool used[RT_SECTION_END] = {[RT_SECTION_FINDINGS] = true};
    for (uint32_t i = 0; i < w->p.m->sections.len; i++)
        used[rt_mrrt_section(&w->p, i)] = true;
    for (unsigned type = 0; type < RT_SECTION_END; type++) {
        if (!used[type])
            continue;
        rt_buf_addz(w->out, "  <section");
        attribute(w, "type", rt_str_from(rt_section_name(type)));
        attribute(w, "title", section_title(w, type));
        rt_buf_addz(w->out, ">\n");
        for (uint32_t i = 0; i < w->fields.len; i++)
            if (w->fields.at[i].section == type)
                field(w, &w->fields.at[i]);
        rt_buf_addz(w->out, "  </section>\n");
    }
}

/* ---- what the template is for, by the RadLex codes of its terms */

static void exam(writer *w, const char *name, rt_mrrt_kind kind)
{
    const rt_table_word *word = NULL;
    for (uint32_t i = 0; word == NULL && i < w->p.m->terms.n; i++)
        word = rt_word_find(w->p.k->mrrt, kind, w->p.m->terms.rid[i]);
    if (word != NULL)
        attribute(w, name, word->value);
}

/* ---- the whole */

static rt_str last_piece(rt_str id)
{
    for (size_t i = id.len; i > 0; i--)
        if (id.ptr[i - 1] == '/' || id.ptr[i - 1] == ':')
            return rt_str_slice(id, i, id.len);
    return id;
}

static void root(writer *w)
{
    char id[MAX_ID + 16];
    rt_str name = last_piece(w->p.m->identifier);
    rt_str title = w->p.m->title.len > 0 ? w->p.m->title : RT_STR("untitled");
    slug(name.len > 0 ? name : title, "t", id);
    rt_buf_addz(w->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Imported from MRRT");
    rt_buf_addz(w->out, " -->\n<template xmlns=\"urn:roentext:template:1\" id=\"mrrt.");
    rt_buf_addz(w->out, id);
    rt_buf_addz(w->out, "\" version=\"1\"");
    attribute(w, "xml:lang", w->zh ? RT_STR("zh") : RT_STR("en"));
    attribute(w, "title", title);
    exam(w, "modality", RT_MRRT_MODALITY);
    exam(w, "bodyPart", RT_MRRT_BODY);
    rt_buf_addz(w->out, " manual=\"true\">\n");
}

static void note_language(const writer *w)
{
    rt_str lang = w->p.m->language;
    bool known = lang.len == 0 || rt_str_starts(lang, RT_STR("en")) ||
                 rt_str_starts(lang, RT_STR("EN")) || w->zh;
    if (!known)
        rt_mrrt_note(w->p.notes, w->p.m->path, 0,
                     "its language is %.*s: labels stay, but it is filled from English reports",
                     lang.len < 20 ? (int)lang.len : 20, lang.ptr);
}

rt_code rt_mrrt_map(const rt_mrrt *m, const rt_knowledge *k, rt_buf *out, rt_buf *notes,
                    rt_err *err)
{
    writer w = {.p = {m, k, notes}, .out = out};
    w.zh = rt_str_starts(m->language, RT_STR("zh"));
    note_language(&w);
    map_fields(&w);
    root(&w);
    sections(&w);
    rt_buf_addz(out, "</template>\n");
    rt_mrrt_note(notes, m->path, 0, "%u of %u fields can be filled", (unsigned)w.fields.len,
                 (unsigned)m->fields.len);
    return rt_buf_check(out, err);
}
