/* The lexicon from outside: check, compile, look up; and asserting a given phrase. */
#include "engine/engine.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "knowledge/compiled.h"
#include "text/fold.h"

static rt_code check_rules(const char *path, const char *profile, const rt_lexicon *x, rt_err *err)
{
    rt_rules *rules;
    rt_code code = rt_rules_load(path, profile, x, &rules, err);
    if (code == RT_OK)
        rt_rules_close(rules);
    return code;
}

/* The critical rules alone, then under each profile. */
static rt_code check_profiles(const char *dir, const rt_lexicon *x, rt_err *err)
{
    char path[4096], folder[4096];
    snprintf(path, sizeof path, "%s/critical.tsv", dir);
    snprintf(folder, sizeof folder, "%s/profiles", dir);
    char **names;
    rt_code code = check_rules(path, NULL, x, err);
    if (code != RT_OK || rt_dir_list(folder, ".tsv", &names, NULL) != RT_OK)
        return code; /* no profiles is fine */
    for (size_t i = 0; names[i] && code == RT_OK; i++) {
        char profile[8192];
        snprintf(profile, sizeof profile, "%s/%s", folder, names[i]);
        code = check_rules(path, profile, x, err);
    }
    rt_dir_free(names);
    return code;
}

rt_code rt_lexicon_check(const char *dir, rt_sink to, rt_err *err)
{
    rt_lexicon *x;
    rt_code code = rt_lexicon_load(dir, &to, &x, err);
    if (code != RT_OK)
        return code;
    code = check_profiles(dir, x, err);
    char path[4096];
    snprintf(path, sizeof path, "%s/wording.tsv", dir);
    rt_wording *wording;
    if (code == RT_OK)
        code = rt_wording_load(path, &wording, err);
    if (code == RT_OK)
        rt_wording_close(wording);
    rt_checks *checks;
    if (code == RT_OK)
        code = rt_checks_load(dir, x, &checks, err);
    if (code == RT_OK)
        rt_checks_close(checks);
    rt_lexicon_close(x);
    return code;
}

/* The templates beside the tables, validated now so that no start needs to do it again. */
static rt_code note_valid(const rt_templates *t, rt_lexicon *x, rt_err *err)
{
    uint32_t n = rt_templates_count(t);
    uint64_t *valid = calloc(n, sizeof *valid);
    for (uint32_t i = 0; valid && i < n; i++)
        valid[i] = rt_templates_at(t, i)->hash;
    x->valid = x->owned_valid = valid;
    x->n_valid = valid ? n : 0;
    return valid ? RT_OK : rt_fail(err, RT_ENOMEM, "no memory for the templates");
}

/* What is not there or has faults is left to the start, which names them. */
static rt_code add_parts(const char *dir, rt_lexicon *x, rt_image *m, rt_err *err)
{
    char path[2100];
    rt_templates *t;
    rt_code code = RT_OK;
    snprintf(path, sizeof path, "%s/critical.tsv", dir);
    rt_rules_image(m, path, x);
    snprintf(path, sizeof path, "%s/wording.tsv", dir);
    rt_wording_image(m, path);
    rt_checks_image(m, dir, x);
    snprintf(path, sizeof path, "%s/hl7.tsv", dir);
    rt_hl7_words_image(m, path);
    snprintf(path, sizeof path, "%s/mrrt.tsv", dir);
    rt_mrrt_words_image(m, path);
    snprintf(path, sizeof path, "%s/../templates", dir);
    if (rt_templates_load(path, x, &t, NULL) == RT_OK) {
        rt_templates_image(m, path, t);
        code = note_valid(t, x, err);
        rt_templates_close(t);
    }
    return code == RT_OK ? rt_image_end(m, x, err) : code;
}

static rt_code compile(const char *dir, rt_lexicon *x, const char *path, rt_err *err)
{
    rt_image *m = rt_image_new();
    if (m == NULL)
        return rt_fail(err, RT_ENOMEM, "no memory for the compiled lexicon");
    rt_code code = add_parts(dir, x, m, err);
    if (code == RT_OK)
        code = rt_compiled_write(x, path, err);
    rt_image_free(m);
    return code;
}

rt_code rt_lexicon_compile(const char *dir, const char *path, rt_err *err)
{
    rt_lexicon *x;
    rt_code code = rt_lexicon_load(dir, NULL, &x, err);
    if (code != RT_OK)
        return code;
    code = compile(dir, x, path, err);
    rt_lexicon_close(x);
    return code;
}

static void describe_concept(rt_buf *b, const rt_lexicon *x, uint32_t concept)
{
    const rt_concept *c = &x->concepts[concept];
    rt_buf_addf(b, "concept\t%s\t%s\t%s\t%s", rt_lexicon_text(x, c->id), rt_type_name(c->type),
                rt_lexicon_text(x, c->pref_en), rt_lexicon_text(x, c->pref_zh));
    for (uint32_t i = c->parts.first; i < c->parts.first + c->parts.count; i++)
        if (x->links[i] != concept)
            rt_buf_addf(b, "%s%s", i == c->parts.first ? "\tbelow " : ", ",
                        rt_lexicon_text(x, x->concepts[x->links[i]].pref_en));
    rt_buf_addc(b, '\n');
}

static void describe(rt_buf *b, const rt_lexicon *x, const rt_entry *e)
{
    switch ((rt_entry_kind)e->kind) {
    case RT_ENTRY_CONCEPT:
        describe_concept(b, x, e->target);
        break;
    case RT_ENTRY_CUE:
        rt_buf_addf(b, "cue\t%s\t%s\t%s\n", rt_cue_name(x->cues[e->target].category),
                    rt_direction_name(x->cues[e->target].direction),
                    rt_scope_name(x->cues[e->target].scope));
        break;
    case RT_ENTRY_HEADING:
        rt_buf_addf(b, "heading\t%s\n", rt_section_name(x->headings[e->target].section));
        break;
    case RT_ENTRY_NORMAL:
        rt_buf_addz(b, "normal statement; it denies:\n");
        for (uint32_t i = 0; i < x->normals[e->target].absent.count; i++)
            describe_concept(b, x, x->links[x->normals[e->target].absent.first + i]);
        break;
    case RT_ENTRY_BLOCKER:
        rt_buf_addz(b, "blocker: shorter forms in it do not match\n");
        break;
    case RT_ENTRY_RELATOR:
        rt_buf_addf(b, "relator\t%s\n", rt_relator_name(x->relators[e->target].meaning));
        break;
    case RT_ENTRY_QUANTIFIER:
        rt_buf_addf(b, "quantifier\t%s\n", rt_quantifier_name(x->quantifiers[e->target].meaning));
        break;
    case RT_ENTRY_MARK:
        rt_buf_addf(b, "quality check\t%s\t%s\n", rt_mark_name(x->marks[e->target].mark),
                    rt_lexicon_text(x, x->marks[e->target].value));
        break;
    case RT_ENTRY_UNIT:
        rt_buf_addf(b, "unit\t%s\n", rt_lexicon_text(x, x->units[e->target].unit));
        break;
    }
}

rt_code rt_lexicon_lookup(const rt_engine *e, rt_str word, rt_sink to, rt_err *err)
{
    const rt_lexicon *x = e->lexicon;
    char memory[2048];
    bool full = false;
    rt_arena a = {memory, memory + sizeof memory, &full};
    rt_str key = rt_fold_term(&a, word);
    uint32_t pattern, concept;
    rt_buf b;
    rt_buf_init(&b, 1U << 20);
    if (rt_lexicon_by_id(x, word, &concept)) {
        describe_concept(&b, x, concept);
    } else if (!full && rt_automaton_lookup(&x->automaton, key, &pattern)) {
        rt_range r = x->patterns[pattern].entries;
        for (uint32_t i = r.first; i < r.first + r.count; i++)
            describe(&b, x, &x->entries[i]);
    }
    rt_code code = rt_buf_check(&b, err);
    if (code == RT_OK && b.len == 0)
        code = rt_fail(err, RT_EINPUT, "\"%.*s\" is not in the lexicon", (int)word.len, word.ptr);
    if (code == RT_OK)
        code = to.write(to.user, rt_buf_str(&b).ptr, b.len, err);
    rt_buf_free(&b);
    return code;
}
