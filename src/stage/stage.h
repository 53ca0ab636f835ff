/* The pipeline on one page. A stage is one file with one public function; it reads lists of the
 * document and appends to its own. Stages do not know each other: their order stands in
 * engine/analyze.c. */
#ifndef RT_STAGE_STAGE_H
#define RT_STAGE_STAGE_H

#include "knowledge/knowledge.h"
#include "text/segment.h"

typedef struct rt_ctx {
    const rt_knowledge *know; /* shared by all threads */
    rt_segmenter *seg;        /* this thread's ICU iterators */
    rt_arena *perm;           /* lives as long as the report */
    rt_arena temp;            /* copy it to use it; dropping the copy frees everything */
    bool want_tokens;         /* fill doc->tokens too */
    rt_str template_id;       /* the template to fill; empty: the one that fits best */
    rt_err *err;
} rt_ctx;

typedef rt_code rt_stage(rt_ctx *c, rt_doc *d);

rt_stage rt_stage_scan;    /* text -> hits, numbers. ONE pass of the automaton */
rt_stage rt_stage_section; /* text, hits (headings at line starts) -> sections */
rt_stage rt_stage_segment; /* text, hits, sections -> sentences (with labels), tokens on demand; ICU
                              + layout */
rt_stage rt_stage_mention; /* hits, sentences -> mentions, cues, normals: one reading per place */
rt_stage rt_stage_exam;    /* record, mentions of the title -> exam */
rt_stage rt_stage_intact;  /* cues, mentions -> intacts */
rt_stage rt_stage_measure; /* numbers, hits (units), sentences, cues -> measures */
rt_stage rt_stage_assertion; /* mentions, cues, sentences, sections -> assertions */
rt_stage rt_stage_relation;  /* mentions, hits, sentences -> relations */
rt_stage rt_stage_sizing;    /* measures, mentions, assertions, hits -> measures[].mention */
rt_stage
    rt_stage_finding;     /* all of it -> findings, places, modifiers, finding_measures, suggests */
rt_stage rt_stage_advice; /* cues, mentions, sentences -> advice */
rt_stage rt_stage_told;   /* cues, sentences, record -> communications */
rt_stage rt_stage_grade;  /* mentions, sentences -> grades: categories that are written */
rt_stage rt_stage_critical; /* findings, communications, rules -> flags */
rt_stage rt_stage_qa;       /* all of it, words for checks (hits), the record -> qa */
rt_stage rt_stage_fill;     /* findings, measures, grades, templates -> template_index, instances,
                              slots,     unmapped */

/* The Chinese half of relation and sizing (stage/chinese.c): the relations of a sentence; the
 * observation that a measure belongs to, or RT_NIL. */
void rt_relate_chinese(rt_ctx *c, rt_doc *d, uint32_t sentence, rt_range mentions);
uint32_t rt_size_owner_chinese(rt_ctx *c, rt_doc *d, uint32_t measure, rt_range mentions);

#endif
