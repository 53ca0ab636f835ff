/* Report templates (urn:roentext:template:1): what a report of a kind should say, field by field,
 * and which findings say it. Read with libxml2 and compiled to plain records; const after load.
 *
 * The file format is described by its schema, templates/schema/roentext-template.xsd. */
#ifndef RT_KNOWLEDGE_TEMPLATE_H
#define RT_KNOWLEDGE_TEMPLATE_H

#include "knowledge/image.h"
#include "model/doc.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded" /* records of a compiled lexicon: see image.h */

/* Concepts named in a template, and the set of all that they stand for: kinds of them, or (places)
 * parts of them. */
typedef struct rt_concept_list {
    const uint32_t *at;  /* indices in the lexicon */
    const uint64_t *set; /* a bit for each concept of the lexicon; NULL if n is 0 */
    uint32_t n, words;   /* words: of set */
} rt_concept_list;

static inline bool rt_concept_in(uint32_t concept, rt_concept_list list)
{
    return list.n > 0 && (list.set[concept / 64] >> concept % 64 & 1U) != 0;
}

typedef struct rt_word_list {
    const rt_str *at;
    uint32_t n, pad;
} rt_word_list;

typedef struct rt_code_ref { /* a code with its system, e.g. RADLEX RID5352; code NULL = none */
    const char *system, *code, *display;
} rt_code_ref;

/* xml...: what is the same in every report, as output/xml writes it (knowledge/template_text.c).
 */
typedef struct rt_template_option {
    const char *value, *label;
    rt_code_ref code;
    rt_concept_list concepts; /* a finding or a modifier of these kinds chooses it, */
    rt_concept_list places;   /* or a finding that lies there */
    rt_word_list synonyms;    /* folded, of any language: how a stated category may be written */
    unsigned meaning, pad;    /* value as a rt_presence_type, rt_side_type, rt_change_type ... */
    rt_str xml;               /* <value option="..."> */
    rt_str xml_code;          /* <code .../>; empty: none */
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
    X(SIZE, "size", NUMBER)       /* largest current length in mm */                               \
    X(MEASURE, "measure", NUMBER) /* largest current measurement in the unit of the field */       \
    X(DIMENSION, "dimension",                                                                      \
      NUMBER)                     /* of anatomy itself, not of a finding: the first measured */    \
    X(GRADE, "grade", CHOICE)     /* a category, only where it is written */                       \
    X(MENTION, "mention", CHOICE) /* a word that is no finding: motion artifact */                 \
    X(COUNT, "count", NUMBER)                                                                      \
    X(ADVICE, "advice", TEXT) /* what is recommended */                                            \
    X(PLACE, "place", TEXT)   /* the most specific anatomy */                                      \
    X(TEXT, "text", TEXT)     /* the sentence of the finding */

typedef enum rt_field_from {
#define X(c, name, type) RT_FROM_##c,
    RT_FIELD_SOURCES(X)
#undef X
        RT_FROM_END
} rt_field_from;

/* A finding speaks for a field if it is one of concepts, or lies in one of places (if there are
 * any; both, if both are given), and is none of excludes and lies in none of outside. */
typedef struct rt_trigger {
    rt_concept_list concepts, places, excludes, outside;
    bool unplaced; /* what has no place at all lies in places: the exam implies it */
    char pad[7];
} rt_trigger;

/* A thing of which a report may speak several times: its fields repeat. */
typedef struct rt_template_item { /* what repeats is known before: levels, sides */
    const char *value, *label;
    rt_concept_list places; /* what lies there belongs to the item, */
    unsigned side, pad;     /* and what has this side; RT_SIDE_NONE: of any */
} rt_template_item;

typedef struct rt_template_group {
    const char *id, *label;
    rt_code_ref code;
    const rt_trigger *triggers;    /* without items: one instance for each lesion that they meet */
    const rt_template_item *items; /* one instance for each item that the report speaks of */
    uint32_t n_triggers, n_items;
    uint32_t first, n_fields; /* of the template's fields */
    unsigned section, pad;    /* rt_section_type */
} rt_template_group;

typedef struct rt_template_field {
    const char *id, *label;
    unsigned section; /* rt_section_type */
    uint32_t group;   /* index of the group it repeats with, or RT_NIL */
    double low, high; /* plausible range of a number, in its unit; NAN = open */
    rt_field_type type;
    rt_field_from from;
    bool summary; /* of a whole organ: "no stones" does not deny it, "normal" does */
    bool history; /* what was there once speaks too: operations */
    bool required;
    uint8_t id_bytes; /* of id; 0: not known */
    char pad[4];
    rt_code_ref code;
    const char *unit;
    const rt_trigger *triggers; /* any of them */
    const rt_template_option *options;
    uint32_t n_triggers, n_options;
    rt_str xml; /* its start tag, from the id to the state: id" label="..." type="..." state=" */
    rt_str xml_code; /* <code .../>; empty: none */
} rt_template_field;

typedef struct rt_template_section {
    unsigned type, pad; /* rt_section_type */
    const char *title;
    rt_code_ref code;
} rt_template_section;

/* How the exam is recognised. Bits are classes of words, see knowledge/exam_words.h. */
typedef struct rt_template_match {
    uint64_t modalities, bodies;
    uint64_t exam;        /* words that name just this exam (CT pulmonary angiography); 0: none */
    const uint8_t *signs; /* one a concept of the lexicon: RT_SIGN_... of its mentions */
    double prior;         /* how common reports of this kind are: breaks ties */
    uint32_t measures;    /* bits of rt_measure_type that no other modality measures */
    uint32_t pad;
} rt_template_match;

enum {
    RT_SIGN_PLACE = 1, /* speaks of the body part */
    RT_SIGN_HINT = 2,  /* is said with this modality more than with others */
    RT_SIGN_CORE = 4,  /* without any of these it is no such exam, unless the modality is stated */
    RT_SIGNS = 3,
};

/* Which fields a finding can fill: rows of bits of fields, RT_FIELDS_PARTS parts of `words` of 64
 * each. Behind the fields stand the groups, for triggers of their own (knowledge/template_index.c).
 */
typedef enum rt_fields_part {
    RT_FIELDS_KINDS,   /* of a finding of this concept, wherever it lies */
    RT_FIELDS_NAMED,   /* of these: a trigger names the concept itself */
    RT_FIELDS_PLACED,  /* of a finding of this concept, if it lies in a place of the field, */
    RT_FIELDS_PLACES,  /* which this is */
    RT_FIELDS_DENIED,  /* of what is denied here */
    RT_FIELDS_BLANKET, /* of a blanket denial here */
    RT_FIELDS_PARTS,
} rt_fields_part;

/* Fields as bits, whatever the finding. */
typedef struct rt_fields_of_all {
    uint64_t unplaced; /* what has no place lies in theirs */
    uint64_t anywhere; /* may take what lies in none of their places */
    uint64_t any_kind; /* take whatever lies there */
    uint64_t one;      /* have one trigger with places: the rows say all that it asks */
    uint64_t dimension, grade, mention, advice; /* are filled from these */
} rt_fields_of_all;

typedef struct rt_template_index {
    uint32_t words, concepts; /* concepts: of the lexicon */
    const uint16_t *row_of;   /* by concept */
    RT_VEC(uint64_t) rows;
    rt_fields_of_all *all; /* words of them */
} rt_template_index;

static inline const uint64_t *rt_template_fields(const rt_template_index *x, uint32_t concept,
                                                 rt_fields_part part)
{
    return x->rows.at + ((size_t)x->row_of[concept] * RT_FIELDS_PARTS + part) * x->words;
}

typedef struct rt_template {
    const char *id, *version, *title;
    const char *modality, *body_part; /* as in DICOM: "CT", "CHEST"; NULL = any */
    rt_template_match match;
    const rt_template_section *sections;
    const rt_template_field *fields;
    const rt_template_group *groups;
    uint32_t n_sections, n_fields, n_groups;
    unsigned lang; /* rt_lang_type */
    rt_template_index index;
    uint64_t hash; /* rt_hash_file of its file */
    bool generic;  /* for what no other template fits; one a language */
    bool manual;   /* never chosen, only asked for */
    char pad[6];
} rt_template;

#pragma GCC diagnostic pop

typedef struct rt_templates rt_templates;

/* All .xml files of dir, sorted by name, each valid against
 * dir/schema/roentext-template.xsd (files that the compiled lexicon knows as valid are not
 * validated again). Fails with file:line on what breaks the rules (unknown concept, missing option
 * ...), and if a language has no generic template. */
rt_code rt_templates_load(const char *dir, const rt_lexicon *x, rt_templates **out, rt_err *err);
/* The same from a compiled lexicon, if it has just the templates of dir. */
rt_code rt_templates_open(const char *dir, const rt_lexicon *x, const rt_parts *parts,
                          rt_templates **out, rt_err *err);
/* Into a compiled lexicon (RT_PART_TEMPLATES). */
void rt_templates_image(rt_image *m, const char *dir, const rt_templates *t);
void rt_templates_close(rt_templates *t);
uint32_t rt_templates_count(const rt_templates *t);
const rt_template *rt_templates_at(const rt_templates *t, uint32_t i);

/* By id: that of the language, else that of the other one. */
bool rt_templates_find(const rt_templates *t, rt_str id, unsigned lang, uint32_t *index);

typedef struct rt_choice {
    uint32_t best;   /* template */
    double score;    /* 0..1 */
    uint32_t second; /* runner-up, or RT_NIL */
    uint32_t also;   /* the template of the report's second exam, or RT_NIL */
} rt_choice;

/* Best template for the report: its language; modality, body part and exam words of the record,
 * then of the title, the request and technique sections, then the anatomy that the report speaks
 * of. The generic one stands in where no other reaches 0.6. */
rt_choice rt_template_pick(const rt_templates *t, const rt_doc *d, rt_arena temp);

const rt_template_field *rt_slot_field(const rt_templates *t, const rt_slot *s);

/* How a slot is called in every output: the id of its field ("nodule_size"); fields of the second
 * exam have its template before it ("ct.abdomen.liver"). */
typedef struct rt_slot_name {
    const char *prefix, *dot, *id; /* of the second exam: its template and ".", else "" and "" */
    const char *group;             /* NULL: the field does not repeat; written "group@n" */
    uint32_t n;
    const char *value, *label; /* of the item: "left", "Left breast"; NULL: it is none */
} rt_slot_name;

rt_slot_name rt_slot_name_of(const rt_templates *t, const rt_doc *d, const rt_slot *s);

enum { RT_SLOT_ID = 256 }; /* bytes of a name in one string */
/* "nodule_size", "nodule@1.nodule_size", "ct.abdomen.liver" */
void rt_slot_id(const rt_slot_name *name, char out[RT_SLOT_ID]);

#endif
