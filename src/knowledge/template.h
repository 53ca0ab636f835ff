/* Report templates (urn:roentext:template:1): what a report of a kind should say, field by field,
 * and which findings say it. Read with libxml2 and compiled to plain records; const after load.
 *
 * The file format is described by its schema, templates/schema/roentext-template.xsd. */
#ifndef RT_KNOWLEDGE_TEMPLATE_H
#define RT_KNOWLEDGE_TEMPLATE_H

#include "knowledge/lexicon.h"

typedef struct rt_concept_list { /* indices in the lexicon */
    const uint32_t *at;
    uint32_t n;
    uint64_t bits; /* bit i % 64 for each, to be held against kind_bits and part_bits of a concept */
} rt_concept_list;

typedef struct rt_word_list {
    const rt_str *at;
    uint32_t n;
} rt_word_list;

typedef struct rt_code_ref { /* a code with its system, e.g. RADLEX RID5352; code NULL = none */
    const char *system, *code, *display;
} rt_code_ref;

typedef struct rt_template_option {
    const char *value, *label;
    rt_code_ref code;
    rt_concept_list
        concepts; /* a finding, a modifier or a closed value of these kinds chooses it */
} rt_template_option;

typedef enum rt_field_type {
    RT_FIELD_TYPE_CHOICE,
    RT_FIELD_TYPE_NUMBER,
    RT_FIELD_TYPE_TEXT,
} rt_field_type;

/* What of a finding fills the field. X(CONSTANT, "attribute `from` of the field", type of field) */
#define RT_FIELD_SOURCES(X)                                                                        \
    X(PRESENCE, "presence", CHOICE) /* present, absent, possible or unlikely */                    \
    X(OPTION, "option", CHOICE)     /* the option whose concepts the finding meets */              \
    X(SIDE, "side", CHOICE)                                                                        \
    X(CHANGE, "change", CHOICE)                                                                    \
    X(SEVERITY, "severity", CHOICE)                                                                \
    X(SIZE, "size", NUMBER) /* largest current length in mm */                                     \
    X(COUNT, "count", NUMBER)                                                                      \
    X(PLACE, "place", TEXT) /* the most specific anatomy */                                        \
    X(TEXT, "text", TEXT)   /* the sentence of the finding */

typedef enum rt_field_from {
#define X(c, name, type) RT_FROM_##c,
    RT_FIELD_SOURCES(X)
#undef X
        RT_FROM_END
} rt_field_from;

/* A finding speaks for a field if it is one of concepts, or lies in one of places (if there are
 * any; both, if both are given), and is none of excludes. */
typedef struct rt_trigger {
    rt_concept_list concepts, places, excludes;
} rt_trigger;

typedef struct rt_template_field {
    const char *id, *label;
    unsigned section; /* rt_section_type */
    rt_field_type type;
    rt_field_from from;
    bool required;
    rt_code_ref code;
    const char *unit;
    const rt_trigger *triggers; /* any of them */
    uint32_t n_triggers;
    const rt_template_option *options;
    uint32_t n_options;
} rt_template_field;

typedef struct rt_template_section {
    unsigned type; /* rt_section_type */
    const char *title;
    rt_code_ref code;
} rt_template_section;

/* How the exam is recognised. Words are folded, of any language. */
typedef struct rt_template_match {
    rt_word_list modalities;   /* DICOM codes, lower case: "ct" */
    rt_word_list words;        /* name the modality: "chest film" names the body part as well */
    rt_word_list other_words;  /* name another modality */
    rt_word_list body_words;   /* name the body part */
    rt_word_list other_bodies; /* name another body part */
    const uint8_t *signs;      /* one a concept of the lexicon: RT_SIGN_... of its mentions */
    uint32_t measures;         /* bits of rt_measure_type that no other modality measures */
    double prior;              /* how common reports of this kind are: breaks ties */
} rt_template_match;

enum {
    RT_SIGN_PLACE = 1, /* speaks of the body part */
    RT_SIGN_HINT = 2,  /* is said with this modality more than with others */
    RT_SIGN_CORE = 4,  /* without any of these it is no such exam, unless the modality is stated */
};

typedef struct rt_template {
    const char *id, *version, *title;
    unsigned lang;                    /* rt_lang_type */
    const char *modality, *body_part; /* as in DICOM: "CT", "CHEST"; NULL = any */
    rt_template_match match;
    const rt_template_section *sections;
    uint32_t n_sections;
    const rt_template_field *fields;
    uint32_t n_fields;
    bool generic; /* for what no other template fits; one a language */
} rt_template;

typedef struct rt_templates rt_templates;

/* All .xml files of dir, sorted by name, each valid against dir/schema/roentext-template.xsd. Fails
 * with file:line on what breaks the rules (unknown concept, missing option ...), and if a language
 * has no generic template. */
rt_code rt_templates_load(const char *dir, const rt_lexicon *x, rt_templates **out, rt_err *err);
void rt_templates_close(rt_templates *t);
uint32_t rt_templates_count(const rt_templates *t);
const rt_template *rt_templates_at(const rt_templates *t, uint32_t i);

/* Best template for the report: its language; modality, body part and exam words of the record,
 * then of the request and technique sections, then the anatomy that the report speaks of. *score
 * 0..1; *second = runner-up or RT_NIL. The generic one stands in where no other reaches 0.6. */
uint32_t rt_template_pick(const rt_templates *t, const rt_doc *d, rt_arena temp, double *score,
                          uint32_t *second);

#endif
