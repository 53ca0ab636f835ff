/* The templates of a folder: loading and keeping. What a file says is read in template_read.c. */
#include "knowledge/template.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/hash.h"
#include "knowledge/template_read.h"
#include "knowledge/template_table.h"
#include "knowledge/validate.h"

enum {
    MAX_TEMPLATES = 256,    /* a hospital has a few dozen kinds of exam */
    MAX_FILE = 1 << 20,     /* bytes; a large template has 50 KB */
    ARENA_BYTES = 16 << 20, /* reserved, not touched until used */
    PATH_BYTES = 4096,
};

typedef struct loader {
    rt_templates *t;
    rt_arena arena;
    const char *dir;
    rt_template_words words;
    rt_validator *schema; /* NULL until a file needs it */
} loader;

static rt_code join(char out[PATH_BYTES], const char *dir, const char *name, rt_err *err)
{
    int n = snprintf(out, PATH_BYTES, "%s/%s", dir, name);
    return n < PATH_BYTES ? RT_OK : rt_fail(err, RT_EIO, "%s: path too long", dir);
}

static bool known_valid(const rt_lexicon *x, uint64_t hash)
{
    uint32_t i = 0;
    while (i < x->n_valid && x->valid[i] != hash)
        i++;
    return i < x->n_valid;
}

static rt_code read_document(loader *l, const char *where, rt_str xml, uint64_t hash,
                             xmlDocPtr *doc, rt_err *err)
{
    char path[PATH_BYTES];
    if (known_valid(l->words.lexicon, hash))
        return rt_xml_parse(where, xml, doc, err);
    rt_code code = join(path, l->dir, "schema/roentext-template.xsd", err);
    if (code == RT_OK && l->schema == NULL)
        code = rt_validator_open(path, &l->schema, err);
    return code == RT_OK ? rt_validator_read(l->schema, where, xml, doc, err) : code;
}

static rt_code load_file(loader *l, const char *name, rt_err *err)
{
    char path[PATH_BYTES];
    rt_bytes bytes;
    rt_code code = join(path, l->dir, name, err);
    if (code == RT_OK)
        code = rt_file_read(path, MAX_FILE, &bytes, err);
    if (code != RT_OK)
        return code;
    xmlDocPtr doc = NULL;
    rt_template *t = &l->t->at[l->t->n];
    uint64_t hash = rt_hash_file(rt_bytes_str(&bytes));
    code = read_document(l, path, rt_bytes_str(&bytes), hash, &doc, err);
    rt_bytes_free(&bytes);
    if (code == RT_OK)
        code = rt_template_read(doc, path, &l->words, &l->arena, t, err);
    t->hash = hash;
    xmlFreeDoc(doc);
    if (code == RT_OK && l->t->full)
        return rt_fail(err, RT_ELIMIT, "%s: templates need more than %d bytes", path, ARENA_BYTES);
    if (code == RT_OK)
        l->t->n++;
    return code;
}

static rt_code load_files(loader *l, rt_err *err)
{
    char **names;
    rt_code code = rt_dir_list(l->dir, ".xml", &names, err);
    if (code != RT_OK)
        return code;
    for (size_t i = 0; names[i] != NULL && code == RT_OK; i++)
        code = i < MAX_TEMPLATES
                   ? load_file(l, names[i], err)
                   : rt_fail(err, RT_ELIMIT, "%s: more than %d templates", l->dir, MAX_TEMPLATES);
    rt_dir_free(names);
    return code;
}

static uint32_t generic_of(const rt_templates *t, unsigned lang)
{
    for (uint32_t i = 0; i < t->n; i++)
        if (t->at[i].generic && t->at[i].lang == lang)
            return i;
    return RT_NIL;
}

static rt_code check_set(const loader *l, rt_err *err)
{
    const rt_templates *t = l->t;
    for (unsigned lang = 0; lang < RT_LANG_END; lang++)
        if (generic_of(t, lang) == RT_NIL)
            return rt_fail(err, RT_EINPUT, "%s: no generic template (one without match) for %s",
                           l->dir, rt_lang_name(lang));
    for (uint32_t i = 0; i < t->n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (t->at[i].lang == t->at[j].lang && strcmp(t->at[i].id, t->at[j].id) == 0)
                return rt_fail(err, RT_EINPUT, "%s: two templates are called %s in %s", l->dir,
                               t->at[i].id, rt_lang_name(t->at[i].lang));
    return RT_OK;
}

static rt_code load(loader *l, rt_err *err)
{
    char path[PATH_BYTES];
    rt_code code = join(path, l->dir, "exams.tsv", err);
    if (code == RT_OK)
        code = rt_exam_words_load(path, &l->arena, &l->t->exams, err);
    l->words.exams = l->t->exams;
    l->t->at = RT_NEW(&l->arena, rt_template, MAX_TEMPLATES);
    if (code == RT_OK && l->t->full)
        code = rt_fail(err, RT_ELIMIT, "%s: too many words", path);
    if (code == RT_OK)
        code = load_files(l, err);
    if (code == RT_OK)
        code = check_set(l, err);
    if (code == RT_OK && !rt_template_signs_make(l->t, l->words.lexicon, &l->arena))
        code = rt_fail(err, RT_ELIMIT, "%s: too many templates", l->dir);
    if (code == RT_OK && l->t->full)
        code =
            rt_fail(err, RT_ELIMIT, "%s: templates need more than %d bytes", l->dir, ARENA_BYTES);
    rt_validator_close(l->schema);
    return code;
}

rt_code rt_templates_load(const char *dir, const rt_lexicon *x, rt_templates **out, rt_err *err)
{
    rt_templates *t = calloc(1, sizeof *t);
    if (t != NULL)
        t->memory = malloc(ARENA_BYTES);
    if (t == NULL || t->memory == NULL) {
        rt_templates_close(t);
        return rt_fail(err, RT_ENOMEM, "no memory for the templates");
    }
    loader l = {.t = t, .dir = dir, .words = {.lexicon = x, .sets = rt_concept_sets_new(x)}};
    l.arena = (rt_arena){t->memory, t->memory + ARENA_BYTES, &t->full};
    rt_code code = l.words.sets != NULL ? load(&l, err)
                                        : rt_fail(err, RT_ENOMEM, "no memory for the templates");
    rt_concept_sets_free(l.words.sets);
    if (code == RT_OK)
        *out = t;
    else
        rt_templates_close(t);
    return code;
}

void rt_templates_close(rt_templates *t)
{
    if (t == NULL)
        return;
    free(t->memory);
    free(t);
}

uint32_t rt_templates_count(const rt_templates *t)
{
    return t->n;
}

const rt_template *rt_templates_at(const rt_templates *t, uint32_t i)
{
    return &t->at[i];
}

bool rt_templates_find(const rt_templates *t, rt_str id, unsigned lang, uint32_t *index)
{
    bool found = false;
    for (uint32_t i = 0; i < t->n; i++) {
        bool named = rt_str_eq(rt_str_from(t->at[i].id), id);
        if (named && (!found || t->at[i].lang == lang)) {
            *index = i;
            found = true;
        }
    }
    return found;
}

/* ---- slots */

const rt_template_field *rt_slot_field(const rt_templates *t, const rt_slot *s)
{
    return &t->at[s->template_index].fields[s->field];
}

rt_slot_name rt_slot_name_of(const rt_templates *t, const rt_doc *d, const rt_slot *s)
{
    const rt_template *p = &t->at[s->template_index];
    bool second = s->template_index != d->template_index;
    rt_slot_name name = {
        second ? p->id : "", second ? "." : "", p->fields[s->field].id, NULL, 0, NULL, NULL};
    if (s->instance == RT_NIL)
        return name;
    const rt_instance *i = &d->instances.at[s->instance];
    name.group = p->groups[i->group].id;
    name.n = i->n;
    if (i->item != RT_NIL) {
        name.value = p->groups[i->group].items[i->item].value;
        name.label = p->groups[i->group].items[i->item].label;
    }
    return name;
}

void rt_slot_id(const rt_slot_name *name, char out[RT_SLOT_ID])
{
    if (name->group != NULL)
        snprintf(out, RT_SLOT_ID, "%s%s%s@%u.%s", name->prefix, name->dot, name->group, name->n,
                 name->id);
    else
        snprintf(out, RT_SLOT_ID, "%s%s%s", name->prefix, name->dot, name->id);
}
