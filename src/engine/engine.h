/* What rt_engine and rt_scratch are inside this folder. */
#ifndef RT_ENGINE_ENGINE_H
#define RT_ENGINE_ENGINE_H

#include "input/parser.h"
#include "knowledge/knowledge.h"
#include "knowledge/validate.h"
#include "model/report.h"
#include "text/segment.h"

struct rt_engine {
    rt_knowledge know;
    rt_lexicon *lexicon;
    rt_parts *parts; /* of the compiled lexicon; NULL: none */
    rt_rules *rules;
    rt_wording *wording;
    rt_checks *checks;
    rt_templates *templates;
    rt_word_table *hl7, *mrrt;
    rt_segmenter *segmenter; /* prototype: cloned for each scratch */
    char schemas[2048];      /* the folder */
    /* Of the native XML: made by who first asks for it, few do. */
    _Atomic(rt_validator *) *validator;
};

struct rt_scratch {
    char *memory; /* the arena of the report */
    size_t size, limit;
    size_t max_report; /* bytes of text */
    rt_segmenter *segmenter;
    rt_parser *parser;
    bool findings_only;   /* rt_scratch_findings_only */
    char template_id[64]; /* rt_scratch_template; empty: the one that fits best */
    rt_doc doc;
    rt_report report;
};

/* Run one stage: the upper quarter of what is left of the arena is its temporary memory, the rest
 * is what it may keep. Too little of either sets `full`. analyze.c */
struct rt_ctx;
rt_code rt_run_stage(struct rt_ctx *c, rt_doc *d, rt_code (*stage)(struct rt_ctx *c, rt_doc *d));

#endif
