/* The templates in a compiled lexicon: the pointers of their records, and the stamp of their files.
 */
#include <stdlib.h>

#include "base/file.h"
#include "knowledge/template_table.h"

/* ---- walks */

static void walk_code(rt_image *m, rt_code_ref *c)
{
    rt_image_text(m, &c->system);
    rt_image_text(m, &c->code);
    rt_image_text(m, &c->display);
}

static void walk_concepts(rt_image *m, rt_concept_list *l)
{
    rt_image_plain(m, (void *)&l->at, l->n * sizeof *l->at);
    rt_image_plain(m, (void *)&l->set, l->words * sizeof *l->set);
}

static void walk_word(rt_image *m, void *at)
{
    rt_image_str(m, at);
}

static void walk_option(rt_image *m, void *at)
{
    rt_template_option *o = at;
    rt_image_text(m, &o->value);
    rt_image_text(m, &o->label);
    walk_code(m, &o->code);
    walk_concepts(m, &o->concepts);
    walk_concepts(m, &o->places);
    rt_image_records(m, (void *)&o->synonyms.at, o->synonyms.n, sizeof *o->synonyms.at, walk_word);
    rt_image_str(m, &o->xml);
    rt_image_str(m, &o->xml_code);
}

static void walk_trigger(rt_image *m, void *at)
{
    rt_trigger *t = at;
    walk_concepts(m, &t->concepts);
    walk_concepts(m, &t->places);
    walk_concepts(m, &t->excludes);
    walk_concepts(m, &t->outside);
}

static void walk_item(rt_image *m, void *at)
{
    rt_template_item *i = at;
    rt_image_text(m, &i->value);
    rt_image_text(m, &i->label);
    walk_concepts(m, &i->places);
}

static void walk_group(rt_image *m, void *at)
{
    rt_template_group *g = at;
    rt_image_text(m, &g->id);
    rt_image_text(m, &g->label);
    walk_code(m, &g->code);
    rt_image_records(m, (void *)&g->triggers, g->n_triggers, sizeof *g->triggers, walk_trigger);
    rt_image_records(m, (void *)&g->items, g->n_items, sizeof *g->items, walk_item);
}

static void walk_field(rt_image *m, void *at)
{
    rt_template_field *f = at;
    rt_image_text(m, &f->id);
    rt_image_text(m, &f->label);
    walk_code(m, &f->code);
    rt_image_text(m, &f->unit);
    rt_image_str(m, &f->xml);
    rt_image_str(m, &f->xml_code);
    rt_image_records(m, (void *)&f->triggers, f->n_triggers, sizeof *f->triggers, walk_trigger);
    rt_image_records(m, (void *)&f->options, f->n_options, sizeof *f->options, walk_option);
}

static void walk_section(rt_image *m, void *at)
{
    rt_template_section *s = at;
    rt_image_text(m, &s->title);
    walk_code(m, &s->code);
}

static void walk_template(rt_image *m, void *at)
{
    rt_template *t = at;
    rt_template_index *x = &t->index;
    rt_image_text(m, &t->id);
    rt_image_text(m, &t->version);
    rt_image_text(m, &t->title);
    rt_image_text(m, &t->modality);
    rt_image_text(m, &t->body_part);
    t->match.signs = NULL; /* asked while templates are read */
    rt_image_records(m, (void *)&t->sections, t->n_sections, sizeof *t->sections, walk_section);
    rt_image_records(m, (void *)&t->fields, t->n_fields, sizeof *t->fields, walk_field);
    rt_image_records(m, (void *)&t->groups, t->n_groups, sizeof *t->groups, walk_group);
    rt_image_plain(m, (void *)&x->row_of, x->concepts * sizeof *x->row_of);
    rt_image_plain(m, (void *)&x->all, x->words * sizeof *x->all);
    RT_IMAGE_VEC(m, &x->rows);
}

static void walk_signs(rt_image *m, rt_template_signs *s)
{
    rt_image_plain(m, (void *)&s->at, s->n * sizeof *s->at);
    rt_image_plain(m, (void *)&s->row_of, s->concepts * sizeof *s->row_of);
    rt_image_plain(m, (void *)&s->rows, (size_t)s->n_rows * s->words * sizeof *s->rows);
}

static void walk(rt_image *m, void *at)
{
    rt_templates *t = at;
    rt_exam_words_image(m, &t->exams);
    for (unsigned lang = 0; lang < RT_LANG_END; lang++)
        walk_signs(m, &t->signs[lang]);
    rt_image_records(m, (void *)&t->at, t->n, sizeof *t->at, walk_template);
    t->memory = NULL;
}

/* ---- the part */

static bool stamp_of(const char *dir, uint64_t *stamp)
{
    char path[4096], **names;
    *stamp = sizeof(rt_template) + sizeof(rt_template_field) + sizeof(rt_template_group) +
             sizeof(rt_template_option) + sizeof(rt_trigger);
    snprintf(path, sizeof path, "%s/exams.tsv", dir);
    if (!rt_stamp_file(stamp, path) || rt_dir_list(dir, ".xml", &names, NULL) != RT_OK)
        return false;
    bool ok = true;
    for (size_t i = 0; names[i] != NULL && ok; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        ok = n > 0 && (size_t)n < sizeof path && rt_stamp_file(stamp, path);
    }
    rt_dir_free(names);
    return ok;
}

void rt_templates_image(rt_image *m, const char *dir, const rt_templates *t)
{
    uint64_t stamp;
    if (stamp_of(dir, &stamp))
        rt_image_part(m, RT_PART_TEMPLATES, stamp, t, sizeof *t, walk);
}

rt_code rt_templates_open(const char *dir, const rt_lexicon *x, const rt_parts *parts,
                          rt_templates **out, rt_err *err)
{
    uint64_t stamp;
    rt_templates *t =
        stamp_of(dir, &stamp) ? rt_parts_take(parts, RT_PART_TEMPLATES, stamp, sizeof *t) : NULL;
    if (t == NULL)
        return rt_templates_load(dir, x, out, err);
    *out = t;
    return RT_OK;
}
