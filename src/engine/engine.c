/* Opening and closing: everything is loaded once and constant ever after. */
#include "engine/engine.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "knowledge/compiled.h"

#define DEFAULT_MAX_REPORT (8U << 20)
#define START_BYTES (256U << 10) /* enough for most reports; doubled when one needs more */
#define BYTES_PER_BYTE 64        /* memory limit of a report, as a multiple of the text's ceiling */

const char *rt_version(void)
{
    return "0.1.0";
}

/* The compiled lexicon if it was made from the very tables in dir, else the tables. Without tables
 * the compiled one is all there is. */
static rt_code open_lexicon(const char *dir, const char *compiled, rt_lexicon **out, rt_err *err)
{
    uint64_t fingerprint;
    bool tables = rt_lexicon_fingerprint(dir, &fingerprint, NULL) == RT_OK;
    rt_lexicon *x;
    if (rt_compiled_open(compiled, &x, NULL) == RT_OK) {
        if (!tables || x->fingerprint == fingerprint) {
            *out = x;
            return RT_OK;
        }
        rt_lexicon_close(x);
    }
    return rt_lexicon_load(dir, NULL, out, err);
}

/* A profile of ours by its name, else a file of the site. */
static rt_code open_rules(rt_engine *e, const char *lexicons, const char *profile, rt_err *err)
{
    char path[2100], named[4096];
    snprintf(path, sizeof path, "%s/critical.tsv", lexicons);
    if (profile && !strchr(profile, '/')) {
        snprintf(named, sizeof named, "%s/profiles/%s.tsv", lexicons, profile);
        if (access(named, R_OK) == 0)
            profile = named;
    }
    return rt_rules_open(path, profile, e->lexicon, e->parts, &e->rules, err);
}

static rt_code open_terms(rt_engine *e, const char *home, const char *compiled, rt_err *err)
{
    char lexicons[2048], path[2100];
    snprintf(lexicons, sizeof lexicons, "%s/lexicons", home);
    snprintf(path, sizeof path, "%s/lexicon.rtl", home);
    rt_code code = open_lexicon(lexicons, compiled ? compiled : path, &e->lexicon, err);
    e->know.lexicon = e->lexicon;
    return code;
}

static rt_code open_all(rt_engine *e, const char *home, const char *compiled, const char *profile,
                        rt_err *err)
{
    char lexicons[2048], path[2100];
    rt_code code = open_terms(e, home, compiled, err);
    if (code != RT_OK)
        return code;
    if (rt_parts_open(e->lexicon, &e->parts, NULL) != RT_OK)
        e->parts = NULL; /* everything is read from its files */
    snprintf(lexicons, sizeof lexicons, "%s/lexicons", home);
    code = open_rules(e, lexicons, profile, err);
    if (code != RT_OK)
        return code;
    e->know.rules = e->rules;
    snprintf(path, sizeof path, "%s/wording.tsv", lexicons);
    code = rt_wording_open(path, e->parts, &e->wording, err);
    if (code != RT_OK)
        return code;
    e->know.wording = e->wording;
    code = rt_checks_open(lexicons, e->lexicon, e->parts, &e->checks, err);
    if (code != RT_OK)
        return code;
    e->know.checks = e->checks;
    snprintf(path, sizeof path, "%s/hl7.tsv", lexicons);
    code = rt_hl7_words_open(path, e->parts, &e->hl7, err);
    if (code != RT_OK)
        return code;
    e->know.hl7 = e->hl7;
    snprintf(path, sizeof path, "%s/mrrt.tsv", lexicons);
    code = rt_mrrt_words_open(path, e->parts, &e->mrrt, err);
    if (code != RT_OK)
        return code;
    e->know.mrrt = e->mrrt;
    snprintf(path, sizeof path, "%s/templates", home);
    code = rt_templates_open(path, e->lexicon, e->parts, &e->templates, err);
    if (code != RT_OK)
        return code;
    e->know.templates = e->templates;
    snprintf(e->schemas, sizeof e->schemas, "%s/templates/schema", home);
    e->validator = calloc(1, sizeof *e->validator);
    if (!e->validator)
        return rt_fail(err, RT_ENOMEM, "no memory for the engine");
    rt_xml_init();
    return rt_segmenter_open(&e->segmenter, err);
}

rt_code rt_engine_open_profile(const char *home, const char *compiled, const char *profile,
                               rt_engine **out, rt_err *err)
{
    rt_engine *e = calloc(1, sizeof *e);
    if (!e)
        return rt_fail(err, RT_ENOMEM, "no memory for the engine");
    rt_code code = open_all(e, home, compiled, profile, err);
    if (code == RT_OK)
        *out = e;
    else
        rt_engine_close(e);
    return code;
}

rt_code rt_engine_open_terms(const char *home, const char *compiled, rt_engine **out, rt_err *err)
{
    rt_engine *e = calloc(1, sizeof *e);
    if (!e)
        return rt_fail(err, RT_ENOMEM, "no memory for the engine");
    rt_code code = open_terms(e, home, compiled, err);
    if (code == RT_OK)
        *out = e;
    else
        rt_engine_close(e);
    return code;
}

rt_code rt_engine_open(const char *home, const char *compiled, rt_engine **out, rt_err *err)
{
    return rt_engine_open_profile(home, compiled, NULL, out, err);
}

void rt_engine_close(rt_engine *e)
{
    if (!e)
        return;
    rt_segmenter_close(e->segmenter);
    if (e->validator)
        rt_validator_close(atomic_load(e->validator));
    free(e->validator);
    rt_templates_close(e->templates);
    rt_checks_close(e->checks);
    rt_wording_close(e->wording);
    rt_word_table_close(e->hl7);
    rt_word_table_close(e->mrrt);
    rt_rules_close(e->rules);
    rt_parts_close(e->parts);
    rt_lexicon_close(e->lexicon);
    free(e);
}

rt_code rt_scratch_new(const rt_engine *e, size_t max_report, rt_scratch **out, rt_err *err)
{
    if (e->segmenter == NULL)
        return rt_fail(err, RT_EUSAGE, "this engine was opened for its terms alone");
    rt_scratch *s = calloc(1, sizeof *s);
    if (!s)
        return rt_fail(err, RT_ENOMEM, "no memory for a scratch");
    s->max_report = max_report ? max_report : DEFAULT_MAX_REPORT;
    s->limit = s->max_report * BYTES_PER_BYTE + START_BYTES;
    s->size = START_BYTES;
    s->memory = malloc(s->size);
    rt_code code = s->memory ? rt_segmenter_clone(e->segmenter, &s->segmenter, err)
                             : rt_fail(err, RT_ENOMEM, "no memory for a scratch");
    if (code == RT_OK)
        code = rt_parser_new(&e->know, &s->parser, err);
    if (code == RT_OK)
        *out = s;
    else
        rt_scratch_free(s);
    return code;
}

void rt_scratch_free(rt_scratch *s)
{
    if (!s)
        return;
    rt_parser_free(s->parser);
    rt_segmenter_close(s->segmenter);
    free(s->memory);
    free(s);
}

rt_code rt_record_parse(rt_scratch *s, const rt_raw *raw, rt_record *out, rt_err *err)
{
    return rt_parser_parse(s->parser, raw, out, err);
}
