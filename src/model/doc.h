/* The document model: one report, from its text to its findings. Read this first.
 *
 *   text -> hits -> sections -> sentences -> mentions + cues + normals -> measures -> assertions ->
 * findings
 *                                                                       -> flags, fields,
 * communications, advice
 *
 * Each list has ONE writer, the stage named beside it; afterwards it is read-only, sorted by
 * `at.beg` (findings: by the head's position), never re-sorted. Only `issues` may be appended to by
 * any stage. Records refer to each other by index (uint32_t, RT_NIL = none), not by pointer.
 * Offsets in rt_fspan are FOLDED text, in rt_span DOCUMENT text. */
#ifndef RT_MODEL_DOC_H
#define RT_MODEL_DOC_H

#include "model/vocab.h"
#include "text/text.h"

#define RT_NIL UINT32_MAX

typedef struct rt_range { /* first..first+count of some list */
    uint32_t first, count;
} rt_range;

/* stage/scan: every lexicon pattern found, word boundaries already checked. */
typedef struct rt_hit {
    rt_fspan at;
    uint32_t pattern; /* index in the lexicon; a pattern has one or more readings */
    uint32_t reads;   /* what these are, RT_READS_...: most questions need no look at them */
} rt_hit;

/* stage/scan: a run of digits that starts a number (the seeds of stage/measure). */
typedef struct rt_number {
    rt_fspan at;
} rt_number;

/* stage/section */
typedef struct rt_section {
    rt_fspan heading; /* empty when the section has none */
    rt_fspan at;      /* body, without the heading */
    uint32_t type;    /* rt_section_type */
} rt_section;

/* stage/segment: sentences tile the bodies of the sections; a list item or a line of a table is one
 * too. */
typedef struct rt_sentence {
    rt_fspan at;      /* trimmed of blanks and of the item number */
    uint32_t section; /* index */
    uint8_t lang;     /* rt_lang_type: Chinese if any Han character stands in it */
    bool item;        /* starts a list item ("1." "-" "2、") */
    uint16_t pad;
    rt_fspan
        label; /* "LUNGS:" "肝脏:" "Pneumothorax:" at its start, without the colon; empty if none */
    uint32_t heading; /* sentence whose label governs this one (sub-heading by organ), or RT_NIL;
                         may be itself */
} rt_sentence;

/* Pieces of words for search and --dump token; filled only when asked for. */
typedef struct rt_token {
    rt_span at;
    uint32_t is_word;
} rt_token;

/* stage/mention: a concept stands here, one reading per place. Anatomy, observations and modifiers
 * alike. */
typedef struct rt_mention {
    rt_fspan at;
    uint32_t concept;  /* index in the lexicon */
    uint32_t sentence; /* index */
    uint8_t type;      /* rt_type_type of the concept, copied for speed */
    uint8_t side;      /* rt_side_type that the form states (双肺), or a side word at a place */
    uint16_t pad;
} rt_mention;

/* stage/mention: a cue stands here. */
typedef struct rt_cue_hit {
    rt_fspan at;
    uint32_t cue; /* index in the lexicon */
    uint32_t sentence;
} rt_cue_hit;

/* stage/mention: a normal statement stands here ("lungs are clear"). */
typedef struct rt_normal_hit {
    rt_fspan at;
    uint32_t normal; /* index in the lexicon */
    uint32_t sentence;
} rt_normal_hit;

/* stage/intact: anatomy that is called normal. */
typedef struct rt_intact {
    rt_fspan at;      /* the statement, from the first anatomy to the cue */
    uint32_t concept; /* anatomy */
    uint32_t sentence;
    uint32_t side;  /* rt_side_type */
    bool size_only; /* "normal in size": not enlarged, and nothing more */
} rt_intact;

/* stage/exam: an exam of one side of the body. */
typedef struct rt_exam {
    uint32_t side;   /* RT_SIDE_LEFT or RT_SIDE_RIGHT, else none */
    uint32_t region; /* rt_text_id of the region of the place examined */
} rt_exam;

/* stage/measure */
typedef struct rt_measure {
    rt_fspan at;     /* numbers and unit, with comparator and name ("直径约8mm" -> all of it) */
    double value[3]; /* normalised to the unit; n of them */
    double high;     /* upper end of a range 3~6mm (value[0] is the lower), else NAN */
    uint32_t sentence;
    uint32_t mention; /* stage/sizing: the observation measured, or RT_NIL */
    uint32_t group; /* stage/sizing: the observation that it is one of ("nodules, the largest nodule
                       8 mm"), or RT_NIL */
    uint8_t n;
    uint8_t kind;     /* rt_measure_type */
    char comparator;  /* '<' '>' '~' (about), 0 */
    bool prior;       /* of the earlier exam ("previously 8 mm", 前片约5mm) */
    bool past;        /* prior by nothing but its tense ("was 8 mm") */
    bool dated;       /* prior by nothing but a date in front ("2023-10-10: 8 mm") */
    bool now;         /* said to be of this exam ("now measures 12 mm") */
    const char *unit; /* normalised: "mm" "ml" "HU" "SUV" "%" ... static or lexicon */
} rt_measure;

/* stage/assertion: one for each mention, same index. */
typedef struct rt_assertion {
    uint8_t presence, temporality, experiencer, change; /* rt_..._type */
    uint8_t link; /* rt_link_type: this observation explains the one before it (`from`) */
    bool advised; /* stands in advice ("recommend CT to exclude ..."): never a finding */
    uint16_t pad;
    uint32_t cue;  /* index of the rt_cue_hit that decided presence, or RT_NIL */
    uint32_t from; /* mention that suggests this one, or RT_NIL */
} rt_assertion;

/* stage/relation: what belongs to an observation. */
typedef enum rt_relation_kind {
    RT_REL_LOCATED_AT,  /* observation -> anatomy */
    RT_REL_SIDE,        /* observation -> side mention */
    RT_REL_SEVERITY,    /* observation -> severity mention */
    RT_REL_MODIFIED_BY, /* observation -> other modifier mention */
} rt_relation_kind;

typedef struct rt_relation {
    uint32_t from; /* mention (observation) */
    uint32_t to;   /* mention */
    uint32_t kind; /* rt_relation_kind */
} rt_relation;     /* sorted by from, then kind, then to */

/* stage/finding: what leaves the library. */
typedef struct rt_finding {
    rt_span at;       /* head phrase, document text */
    rt_span cue;      /* empty if none */
    uint32_t concept; /* lexicon */
    uint32_t mention; /* RT_NIL when derived */
    uint32_t sentence;
    uint32_t section;
    uint8_t presence, temporality, experiencer, change, severity, side;
    bool derived; /* implied by a normal statement; `at` is the statement */
    uint8_t pad;
    rt_range anatomy;             /* in doc->places */
    rt_range modifiers;           /* in doc->modifiers */
    rt_range measures;            /* in doc->finding_measures: indices of measures */
    rt_range suggests;            /* in doc->suggests: indices of findings */
    uint32_t count;               /* stated number of lesions, 0 = none stated */
    rt_span severity_at, side_at; /* the words themselves; empty if inherited */
} rt_finding;

typedef struct rt_place { /* anatomy of a finding, in text order */
    rt_span at;
    uint32_t concept;
    uint32_t side; /* rt_side_type, of the place itself */
} rt_place;

typedef struct rt_modifier {
    rt_span at;
    uint32_t concept;
} rt_modifier;

/* stage/advice */
typedef struct rt_advice { /* recommendation */
    rt_span at;
    const char *action;   /* "follow-up" "imaging" "biopsy" "correlate" "consult" "other", static */
    uint32_t modality;    /* concept index or RT_NIL */
    uint32_t anatomy;     /* concept index or RT_NIL */
    double interval;      /* 0 = none */
    double interval_high; /* upper end of "6-12 months", 0 = none */
    const char *unit;     /* "day" "week" "month" "year", static, NULL if none */
} rt_advice;

/* stage/told */
typedef struct rt_communication { /* a result told to somebody */
    rt_span at;
    rt_span to;                      /* words that name the receiver; empty = not stated */
    rt_span when;                    /* words that tell the time; empty = not stated */
    uint32_t from_exam, from_report; /* minutes from the exam, the report; RT_NIL = not known */
    bool read_back;
} rt_communication;

/* stage/critical */
typedef struct rt_flag {
    rt_span at;       /* the evidence: the finding's head */
    uint32_t rule;    /* index in knowledge rules */
    uint32_t finding; /* index */
    bool equivocal;   /* possible, not definite */
    bool communicated;
    uint16_t pad;
} rt_flag;

/* stage/qa: two places that disagree, or one that is wrong by itself or against the record */
typedef struct rt_qa_issue {
    rt_span at[2];  /* at[1] is empty when there is one place alone; both: the report as a whole */
    uint32_t check; /* rt_check_id */
    rt_str message; /* in the language of the report */
} rt_qa_issue;

/* stage/qa: an organ that was removed as a whole, for later reports of the patient */
typedef struct rt_removed {
    rt_span at;
    uint32_t organ; /* concept */
    uint32_t side;  /* rt_side_type; none for what the body has once */
} rt_removed;

/* stage/grade: a category that stands in the report: "BI-RADS 4A", Fazekas 2. Never concluded. */
typedef struct rt_grade {
    rt_span at;       /* system and category; a second category of one system: the category alone */
    uint32_t concept; /* the system: a property in the lexicon */
    uint32_t sentence;
    rt_str value;  /* folded: "4a" */
    uint32_t side; /* rt_side_type: of the words before it in the sentence, or of its heading */
} rt_grade;

/* stage/fill: a repetition of a group of fields: nodule 1, nodule 2; level L4-5; left breast. */
typedef struct rt_instance {
    uint32_t template_index, group; /* whose group it is; index in the template */
    uint32_t n;                     /* from 1; of listed items: the place in the list */
    uint32_t item;                  /* index in the group's items, or RT_NIL: one a lesion */
} rt_instance;

/* stage/fill: one for each field of the chosen templates, in template order; fields of a group once
 * for each instance. rt_slot_field() in knowledge/template.h finds the field. */
typedef struct rt_slot {
    uint32_t template_index; /* in knowledge templates: that of the document, or the second one */
    uint32_t field;          /* index in the template */
    uint32_t instance;       /* in doc->instances, or RT_NIL: the field does not repeat */
    uint32_t state;          /* rt_state_type */
    rt_str value;            /* option value, number or text; empty for a state without one */
    const char *unit;        /* for numbers */
    uint32_t option;         /* index of the option in the field, or RT_NIL */
    rt_range findings;       /* in doc->slot_findings: indices of findings that are the evidence */
    rt_span at; /* evidence that is no finding: a measured organ, a stated category; else empty */
} rt_slot;

typedef struct rt_issue {
    uint32_t type; /* rt_issue_type */
    rt_span at;    /* empty = the whole report */
    rt_str detail; /* a word more, or empty */
} rt_issue;

typedef struct rt_doc {
    const rt_record *record;
    rt_text text;
    const char *charset;
    bool zh; /* the report as a whole is Chinese: more Han than alphabetic characters */

    RT_VEC(rt_hit) hits;             /* stage/scan */
    RT_VEC(rt_hit) marks;            /* stage/scan: words that stage/qa alone looks for */
    RT_VEC(rt_number) numbers;       /* stage/scan */
    RT_VEC(rt_section) sections;     /* stage/section */
    RT_VEC(rt_sentence) sentences;   /* stage/segment */
    RT_VEC(rt_token) tokens;         /* stage/segment, on demand */
    RT_VEC(rt_mention) mentions;     /* stage/mention */
    RT_VEC(rt_cue_hit) cues;         /* stage/mention */
    RT_VEC(rt_normal_hit) normals;   /* stage/mention */
    RT_VEC(rt_intact) intacts;       /* stage/intact */
    rt_exam exam;                    /* stage/exam */
    RT_VEC(rt_measure) measures;     /* stage/measure (field mention: stage/sizing) */
    RT_VEC(rt_assertion) assertions; /* stage/assertion */
    RT_VEC(rt_relation) relations;   /* stage/relation */
    RT_VEC(rt_finding) findings;     /* stage/finding, with the five lists below it */
    RT_VEC(rt_place) places;
    RT_VEC(rt_modifier) modifiers;
    RT_VEC(uint32_t) finding_measures;
    RT_VEC(uint32_t) suggests;
    RT_VEC(rt_advice) advice;                /* stage/advice */
    RT_VEC(rt_communication) communications; /* stage/told */
    RT_VEC(rt_grade) grades;                 /* stage/grade */
    RT_VEC(rt_flag) flags;                   /* stage/critical */
    RT_VEC(rt_qa_issue) qa;                  /* stage/qa */
    RT_VEC(rt_removed) removed;              /* stage/qa */
    uint32_t template_index;                 /* stage/fill: index in knowledge templates */
    double template_score;                   /* 0..1 */
    uint32_t template_second;                /* runner-up, or RT_NIL */
    uint32_t template_also; /* of the second exam of the report (chest and abdomen), or RT_NIL */
    RT_VEC(rt_instance) instances; /* stage/fill */
    RT_VEC(rt_slot) slots;         /* stage/fill */
    RT_VEC(uint32_t) slot_findings;
    RT_VEC(rt_span)
    unmapped; /* stage/fill: sentences of findings and impression in which no field has evidence */
    RT_VEC(rt_issue) issues;
} rt_doc;

/* Empty document over a record; every list is empty, nothing is freed (the arena is). */
void rt_doc_reset(rt_doc *d, const rt_record *record);
void rt_doc_issue(rt_arena *a, rt_doc *d, rt_issue_type type, rt_span at, rt_str detail);

/* The lists of a document are sorted; the first entry of one whose member is not below a value, its
 * length if there is none. */
#define RT_DOC_FIRST(name, list, member)                                                           \
    static inline uint32_t name(const rt_doc *d, uint32_t value)                                   \
    {                                                                                              \
        uint32_t lo = 0, hi = d->list.len;                                                         \
        while (lo < hi) {                                                                          \
            uint32_t mid = lo + (hi - lo) / 2;                                                     \
            if (d->list.at[mid].member < value)                                                    \
                lo = mid + 1;                                                                      \
            else                                                                                   \
                hi = mid;                                                                          \
        }                                                                                          \
        return lo;                                                                                 \
    }
/* At or behind a place of the folded text; findings: of the document. */
RT_DOC_FIRST(rt_doc_first_hit, hits, at.beg)
RT_DOC_FIRST(rt_doc_first_mark, marks, at.beg)
RT_DOC_FIRST(rt_doc_first_mention, mentions, at.beg)
RT_DOC_FIRST(rt_doc_first_cue, cues, at.beg)
RT_DOC_FIRST(rt_doc_first_number, numbers, at.beg)
RT_DOC_FIRST(rt_doc_first_finding, findings, at.beg)
/* The sentence that ends at or behind a place. */
RT_DOC_FIRST(rt_doc_sentence_to, sentences, at.end)
/* Of a sentence or one behind it. */
RT_DOC_FIRST(rt_doc_first_mention_in, mentions, sentence)
RT_DOC_FIRST(rt_doc_first_cue_in, cues, sentence)
RT_DOC_FIRST(rt_doc_first_measure_in, measures, sentence)
RT_DOC_FIRST(rt_doc_first_normal_in, normals, sentence)
/* From a mention or one behind it. */
RT_DOC_FIRST(rt_doc_first_relation, relations, from)

/* Document span of a folded span. */
static inline rt_span rt_doc_span(const rt_doc *d, rt_fspan at)
{
    return rt_text_origin(&d->text, at);
}

#endif
