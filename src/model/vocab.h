/* Every closed word list of the product, one X-macro each: X(PREFIX, CONSTANT, "name as written").
 *
 * RT_VOCABS makes for each list: enum rt_KIND_type { RT_PREFIX_CONSTANT, ..., RT_PREFIX_END }, and
 * rt_KIND_name(), rt_KIND_parse(). A new value lights up every switch that must learn it
 * (-Wswitch-enum). Also to be taught: templates/schema/ (XSD) and the man page. */
#ifndef RT_MODEL_VOCAB_H
#define RT_MODEL_VOCAB_H

#include "base/str.h"

#define RT_SECTIONS(X, P)                                                                          \
    X(P, REQUEST, "request")                                                                       \
    X(P, CLINICAL, "clinical-information")                                                         \
    X(P, TECHNIQUE, "technique")                                                                   \
    X(P, COMPARISON, "comparison")                                                                 \
    X(P, FINDINGS, "findings")                                                                     \
    X(P, IMPRESSION, "impression")                                                                 \
    X(P, RECOMMENDATION, "recommendation")                                                         \
    X(P, COMMUNICATION, "critical-communication")                                                  \
    X(P, ADDENDUM, "addendum")                                                                     \
    X(P, OTHER, "other")

#define RT_PRESENCES(X, P)                                                                         \
    X(P, PRESENT, "present")                                                                       \
    X(P, ABSENT, "absent")                                                                         \
    X(P, POSSIBLE, "possible")                                                                     \
    X(P, UNLIKELY, "unlikely")                                                                     \
    X(P, QUERIED, "queried")

#define RT_TEMPORALITIES(X, P)                                                                     \
    X(P, CURRENT, "current")                                                                       \
    X(P, HISTORICAL, "historical")                                                                 \
    X(P, CONDITIONAL,                                                                              \
      "conditional") /* future or hypothetical: not a finding, never leaves the library */

#define RT_EXPERIENCERS(X, P)                                                                      \
    X(P, PATIENT, "patient")                                                                       \
    X(P, FAMILY, "family")                                                                         \
    X(P, OTHER, "other")

#define RT_CHANGES(X, P)                                                                           \
    X(P, NONE, "none")                                                                             \
    X(P, NEW, "new")                                                                               \
    X(P, INCREASED, "increased")                                                                   \
    X(P, DECREASED, "decreased")                                                                   \
    X(P, STABLE, "stable")                                                                         \
    X(P, RESOLVED, "resolved")

#define RT_SEVERITIES(X, P)                                                                        \
    X(P, NONE, "none")                                                                             \
    X(P, BORDERLINE, "borderline")                                                                 \
    X(P, MILD, "mild")                                                                             \
    X(P, MODERATE, "moderate")                                                                     \
    X(P, SEVERE, "severe")

#define RT_SIDES(X, P)                                                                             \
    X(P, NONE, "none")                                                                             \
    X(P, LEFT, "left")                                                                             \
    X(P, RIGHT, "right")                                                                           \
    X(P, BILATERAL, "bilateral")                                                                   \
    X(P, MIDLINE, "midline")

/* Concept types. Order matters: RT_TYPE_ANATOMY, then observations up to RT_TYPE_PROCEDURE, then
 * the rest. */
#define RT_TYPES(X, P)                                                                             \
    X(P, ANATOMY, "anatomy")                                                                       \
    X(P, FINDING, "finding")                                                                       \
    X(P, DIAGNOSIS, "diagnosis")                                                                   \
    X(P, DEVICE, "device")                                                                         \
    X(P, PROCEDURE, "procedure")                                                                   \
    X(P, SIDE, "side")                                                                             \
    X(P, SEVERITY, "severity")                                                                     \
    X(P, CHANGE, "change")                                                                         \
    X(P, ACUITY, "acuity")                                                                         \
    X(P, COUNT, "count")                                                                           \
    X(P, SIZE, "size")                                                                             \
    X(P, POSITION, "position")                                                                     \
    X(P, DISTRIBUTION, "distribution")                                                             \
    X(P, SHAPE, "shape")                                                                           \
    X(P, MARGIN, "margin")                                                                         \
    X(P, ATTENUATION, "attenuation")                                                               \
    X(P, SIGNAL, "signal")                                                                         \
    X(P, ECHOGENICITY, "echogenicity")                                                             \
    X(P, ENHANCEMENT, "enhancement")                                                               \
    X(P, COMPOSITION, "composition")                                                               \
    X(P, DESCRIPTOR, "descriptor")                                                                 \
    X(P, MODALITY, "modality")                                                                     \
    X(P, UNIT, "unit")                                                                             \
    X(P, PROPERTY, "property")

#define RT_CUES(X, P)                                                                              \
    X(P, ABSENT, "absent")                                                                         \
    X(P, UNLIKELY, "unlikely")                                                                     \
    X(P, POSSIBLE, "possible")                                                                     \
    X(P, QUERIED, "queried")                                                                       \
    X(P, PRESENT, "present")                                                                       \
    X(P, HISTORICAL, "historical")                                                                 \
    X(P, FAMILY, "family")                                                                         \
    X(P, OTHER, "other")                                                                           \
    X(P, CONDITIONAL, "conditional")                                                               \
    X(P, RECOMMEND, "recommend")                                                                   \
    X(P, NORMAL, "normal")                                                                         \
    X(P, PSEUDO, "pseudo")                                                                         \
    X(P, TERMINATE, "terminate")                                                                   \
    X(P, EXCEPT, "except")                                                                         \
    X(P, JOIN, "join")       /* carries a list over a comma */                                     \
    X(P, COMPARE, "compare") /* with an earlier exam: words of change follow */                    \
    X(P, TOLD, "told")       /* to somebody: stage/told */                                         \
    X(P, NEW, "new")                                                                               \
    X(P, INCREASED, "increased")                                                                   \
    X(P, DECREASED, "decreased")                                                                   \
    X(P, STABLE, "stable")                                                                         \
    X(P, RESOLVED, "resolved")

#define RT_DIRECTIONS(X, P)                                                                        \
    X(P, FORWARD, "forward")                                                                       \
    X(P, BACKWARD, "backward")                                                                     \
    X(P, BOTH, "both") /* what follows directly, else what precedes */                             \
    X(P, EACH, "each") /* what precedes and what follows */                                        \
    X(P, NONE, "none")

#define RT_SCOPES(X, P)                                                                            \
    X(P, TOUCH, "touch") /* only what touches the cue */                                           \
    X(P, NEXT, "next")                                                                             \
    X(P, LIST, "list")                                                                             \
    X(P, OBJECT, "object") /* as list; a noun of change, what it takes follows: "increase of" */   \
    X(P, CLAUSE, "clause")                                                                         \
    X(P, SENTENCE, "sentence")

#define RT_LINKS(X,                                                                                \
                 P) /* relations between findings, and between a finding and what describes it */  \
    X(P, NONE, "none")                                                                             \
    X(P, SUGGESTS, "suggests")                                                                     \
    X(P, CAUSES, "causes")                                                                         \
    X(P, ACCOMPANIES, "accompanies")

#define RT_LANGS(X, P)                                                                             \
    X(P, EN, "en")                                                                                 \
    X(P, ZH, "zh")

#define RT_MEASURE_KINDS(X, P)                                                                     \
    X(P, NONE, "none")                                                                             \
    X(P, LENGTH, "length")                                                                         \
    X(P, AREA, "area")                                                                             \
    X(P, VOLUME, "volume")                                                                         \
    X(P, ATTENUATION, "attenuation")                                                               \
    X(P, UPTAKE, "uptake")                                                                         \
    X(P, ANGLE, "angle")                                                                           \
    X(P, PERCENT, "percent")                                                                       \
    X(P, TIME, "time")                                                                             \
    X(P, DOSE, "dose")                                                                             \
    X(P, OTHER, "other")

#define RT_QUANTIFIERS(X, P) /* words directly before a number, and numbers in words */            \
    X(P, ABOUT, "about")                                                                           \
    X(P, BELOW, "below")                                                                           \
    X(P, ABOVE, "above")                                                                           \
    X(P, PRIOR, "prior")     /* the size of an earlier exam */                                     \
    X(P, PAST, "past")       /* the same where another size is of now: "was" */                    \
    X(P, NOW, "now")         /* another size of the sentence is that of before */                  \
    X(P, LARGEST, "largest") /* of one of several, named before */                                 \
    X(P, EARLIER, "earlier") /* directly behind a size: that of an earlier exam */                 \
    X(P, NUMBER, "number")   /* the word stands for a number (two, thirteen) */                    \
    X(P, TIMES, "times")     /* between dimensions (3 by 4 cm) */                                  \
    X(P, RANGE, "range")     /* between the ends of a range (3 to 4 mm) */

#define RT_MARKS(X, P) /* sets of words that stage/qa looks for (lexicons/qa_words.tsv) */         \
    X(P, PLACEHOLDER, "placeholder")                                                               \
    X(P, DICTATION, "dictation")                                                                   \
    X(P, REPEATED, "repeated")                                                                     \
    X(P, TRUNCATED, "truncated")                                                                   \
    X(P, ROOM, "room") /* a denial that leaves room: significant, other, new */                    \
    X(P, SEVERITY_RANGE, "severity-range") /* mild to moderate */                                  \
    X(P, MODALITY, "modality")             /* value: CT MR US XR MG PET NM FL */                   \
    X(P, SEEN_BY, "seen-by")             /* value: the modalities that see it, apart by commas */  \
    X(P, PLAIN, "plain")                 /* no contrast was given */                               \
    X(P, CONTRAST, "contrast")           /* contrast was given */                                  \
    X(P, ENHANCED, "enhanced")           /* what only contrast shows */                            \
    X(P, COMPARED_SIDE, "compared-side") /* the other side serves as a measure */                  \
    X(P, MALE_WORD, "male-word")                                                                   \
    X(P, FEMALE_WORD, "female-word")                                                               \
    X(P, MALE_PRONOUN, "male-pronoun")                                                             \
    X(P, FEMALE_PRONOUN, "female-pronoun")                                                         \
    X(P, YEAR_OLD, "year-old")                                                                     \
    X(P, AGE_OTHER, "age-other")                                                                   \
    X(P, AGE_GUARD, "age-guard")                                                                   \
    X(P, NAME_LABEL, "name-label")                                                                 \
    X(P, SURNAME, "surname")                                                                       \
    X(P, YOUNG_ONLY, "young-only")                                                                 \
    X(P, OLD_ONLY, "old-only")                                                                     \
    X(P, ANOTHER_PERSON, "another-person") /* kin, donor, foetus */                                \
    X(P, NORMAL, "normal")                                                                         \
    X(P, EXAM_DATE, "exam-date")                                                                   \
    X(P, PLANNED, "planned")                                                                       \
    X(P, NONE, "none")                                                                             \
    X(P, NO_PRIOR, "no-prior")                                                                     \
    X(P, CHANGED, "changed")                                                                       \
    X(P, PRIOR_EXAM, "prior-exam")                                                                 \
    X(P, MONTH_NAME, "month-name") /* value: which of the twelve */                                \
    X(P, OLD_WORD, "old-word")     /* of a lesion that is not recent */                            \
    X(P, ACUTE_WORD, "acute-word")                                                                 \
    X(P, TIME_AGO, "time-ago")                                                                     \
    X(P, LARGER, "larger")                                                                         \
    X(P, SMALLER, "smaller")                                                                       \
    X(P, MEASURING, "measuring")                                                                   \
    X(P, CALIBRE, "calibre")                                                                       \
    X(P, REMOVED, "removed")                                                                       \
    X(P, GONE, "gone")                                                                             \
    X(P, IMPOSSIBLE, "impossible")                                                                 \
    X(P, TAKEN_OUT, "taken-out")                                                                   \
    X(P, REPLACED, "replaced")                                                                     \
    X(P, IN_PLACE, "in-place")                                                                     \
    X(P, CLUSTER, "cluster")     /* several lesions, or a nodule that has become a mass */         \
    X(P, HIDDEN, "hidden")       /* could be hidden, is only thought of */                         \
    X(P, NO_LESION, "no-lesion") /* of a whole organ */                                            \
    X(P, FREE_OF, "free-of")                                                                       \
    X(P, ANAPHOR, "anaphor")       /* speaks of what was described before */                       \
    X(P, SECOND, "second")         /* another lesion */                                            \
    X(P, COUNT_WORD, "count")      /* value: the number */                                         \
    X(P, COUNT_UNIT, "count-unit") /* a number before it counts lesions */                         \
    X(P, LARGEST, "largest")       /* one of several */                                            \
    X(P, RIBS, "ribs")                                                                             \
    X(P, ADVISE, "advise")                                                                         \
    X(P, TIME_UNIT, "time-unit")                                                                   \
    X(P, INTERVAL, "interval")                                                                     \
    X(P, FOLLOW_UP, "follow-up")                                                                   \
    X(P, AT_ONCE, "at-once")                                                                       \
    X(P, BIOPSY, "biopsy")                                                                         \
    X(P, ROUTINE, "routine")                                                                       \
    X(P, SUSPICIOUS, "suspicious")                                                                 \
    X(P, SIMPLE, "simple")                                                                         \
    X(P, SOLID, "solid")                                                                           \
    X(P, RADS_EXAM, "rads-exam")                                                                   \
    X(P, RADS_NAME, "rads-name")                                                                   \
    X(P, NO_FOLLOW_UP, "no-follow-up")                                                             \
    X(P, INCIDENTAL, "incidental")                                                                 \
    X(P, THEN, "then")                                                                             \
    X(P, HIGH_RISK, "high-risk")                                                                   \
    X(P, HARMLESS, "harmless")                                                                     \
    X(P, AS_ABOVE, "as-above")                                                                     \
    X(P, BLANK, "blank")                                                                           \
    X(P, MANY, "many")                                                                             \
    X(P, TOLD, "told")                                                                             \
    X(P, WILL_TELL, "will-tell")                                                                   \
    X(P, RECIPIENT, "recipient")                                                                   \
    X(P, CLOCK, "clock")                                                                           \
    X(P, DOCUMENTED, "documented")                                                                 \
    X(P, CORRECTED, "corrected")                                                                   \
    X(P, UNSIGNED, "unsigned")                                                                     \
    X(P, DRAFT, "draft")                                                                           \
    X(P, RADS_EXEMPT, "rads-exempt")                                                               \
    X(P, PURPOSE, "purpose")                                                                       \
    X(P, MASS_WORD, "mass-word")                                                                   \
    X(P, SIGNED, "signed")                                                                         \
    X(P, RELEASED, "released")                                                                     \
    X(P, SIGNER, "signer")                                                                         \
    X(P, COMPLETE, "complete")                                                                     \
    X(P, ORGAN_NAME, "organ-name")                                                                 \
    X(P, TYPO, "typo")                                                                             \
    X(P, NONSTANDARD, "nonstandard")

#define RT_QA_LEVELS(X, P)                                                                         \
    X(P, LOW, "low")                                                                               \
    X(P, MEDIUM, "medium")                                                                         \
    X(P, HIGH, "high")

#define RT_ACTIONS(X, P) /* what a recommendation asks for */                                      \
    X(P, FOLLOW_UP, "follow-up")                                                                   \
    X(P, IMAGING, "imaging")                                                                       \
    X(P, BIOPSY, "biopsy")                                                                         \
    X(P, CORRELATE, "correlate")                                                                   \
    X(P, CONSULT, "consult")                                                                       \
    X(P, OTHER, "other")

#define RT_RELATORS(X, P)                                                                          \
    X(P, PLACE, "place")         /* preposition: a place follows */                                \
    X(P, LIST, "list")           /* joins the items of a list */                                   \
    X(P, FILLER, "filler")       /* may stand between the items of a list, joins nothing */        \
    X(P, DISTANCE, "distance")   /* behind a length (English), before it (Chinese): no size */     \
    X(P, LARGEST, "largest")     /* speaks of one of the lesions named before */                   \
    X(P, MEASURED, "measured")   /* says that what is named before has a size */                   \
    X(P, PART, "part")           /* a part of a lesion that is measured by itself */               \
    X(P, SOME, "some")           /* before what is named: not all of them */                       \
    X(P, DESCRIBED, "described") /* behind the size of an organ: what that means follows */        \
    X(P, SHOWN, "shown")         /* as described, but for lesions that lie in it */                \
    X(P, LATTER, "latter")       /* speaks of the one named last */                                \
    X(P, OF, "of")               /* what stands before it describes what stands behind it */       \
    X(P, EXTENT, "extent")       /* before a length: how far it reaches, its size */               \
    X(P, BACK, "back")           /* begins a sentence about what the one before it named */        \
    X(P, ADDS, "adds")     /* "with": what follows with a side or degree of its own is there */    \
    X(P, AGAIN, "again")   /* what follows would be there once more: "recurrence" */               \
    X(P, BREAK, "break")   /* begins another statement: "while", "but" */                          \
    X(P, SIGNED, "signed") /* behind "addendum": who or when follows */                            \
    X(P, CAUSE, "cause")   /* what follows made what stands before it */                           \
    X(P, OWN, "own")       /* begins a clause of its own behind a denial and a comma: "old" */     \
    X(P, MEMBER, "member") /* before the place of one of the lesions named: "one in" */

#define RT_FIELD_STATES(X, P)                                                                      \
    X(P, FILLED, "filled")                                                                         \
    X(P, NEGATED, "negated")                                                                       \
    X(P, UNCERTAIN, "uncertain")                                                                   \
    X(P, CONFLICT, "conflict")                                                                     \
    X(P, NOT_MENTIONED, "not-mentioned")                                                           \
    X(P, NOT_APPLICABLE, "not-applicable")                                                         \
    X(P, DEFAULT_NORMAL, "default-normal")

#define RT_ISSUE_SEVERITIES(X, P)                                                                  \
    X(P, INFO, "info")                                                                             \
    X(P, WARNING, "warning")                                                                       \
    X(P, ERROR, "error")

/* What may be strange about a report. X(CONSTANT, "code", severity, "message") */
#define RT_ISSUES(X)                                                                               \
    X(UNDECODABLE, "undecodable-bytes", WARNING,                                                   \
      "bytes that the charset does not know became U+FFFD")                                        \
    X(FORBIDDEN, "forbidden-characters", WARNING, "characters that XML forbids were removed")      \
    X(CHARSET, "charset-detected", INFO, "the charset was not declared and has been detected")     \
    X(BAD_FIELD, "bad-field", WARNING,                                                             \
      "a field of the record has a value that is not allowed and was left out")                    \
    X(NO_FINDINGS, "no-findings-section", INFO, "no findings section")                             \
    X(NO_IMPRESSION, "no-impression-section", INFO, "no impression section")                       \
    X(TOO_MANY, "ceiling-reached", WARNING,                                                        \
      "more of one kind than the ceiling allows; the rest was not analysed")                       \
    X(LONG_SENTENCE, "sentence-cut", WARNING, "a sentence is longer than the ceiling and was cut")

/* The vocabularies: kind (names and parsers), constant prefix, list. */
#define RT_VOCABS(V)                                                                               \
    V(section, SECTION, RT_SECTIONS)                                                               \
    V(presence, PRESENCE, RT_PRESENCES)                                                            \
    V(temporality, TEMPORALITY, RT_TEMPORALITIES)                                                  \
    V(experiencer, EXPERIENCER, RT_EXPERIENCERS)                                                   \
    V(change, CHANGE, RT_CHANGES)                                                                  \
    V(severity, SEVERITY, RT_SEVERITIES)                                                           \
    V(side, SIDE, RT_SIDES)                                                                        \
    V(type, TYPE, RT_TYPES)                                                                        \
    V(cue, CUE, RT_CUES)                                                                           \
    V(direction, DIRECTION, RT_DIRECTIONS)                                                         \
    V(scope, SCOPE, RT_SCOPES)                                                                     \
    V(link, LINK, RT_LINKS)                                                                        \
    V(lang, LANG, RT_LANGS)                                                                        \
    V(measure, MEASURE, RT_MEASURE_KINDS)                                                          \
    V(quantifier, QUANTIFIER, RT_QUANTIFIERS)                                                      \
    V(mark, MARK, RT_MARKS)                                                                        \
    V(qa_level, QA_LEVEL, RT_QA_LEVELS)                                                            \
    V(action, ACTION, RT_ACTIONS)                                                                  \
    V(relator, RELATOR, RT_RELATORS)                                                               \
    V(state, STATE, RT_FIELD_STATES)                                                               \
    V(level, LEVEL, RT_ISSUE_SEVERITIES)

#define X(P, c, n) RT_##P##_##c,
#define V(kind, prefix, list)                                                                      \
    typedef enum rt_##kind##_type{list(X, prefix) RT_##prefix##_END} rt_##kind##_type;
RT_VOCABS(V)
#undef V
#undef X

typedef enum rt_issue_type {
#define X(c, n, l, m) RT_ISSUE_##c,
    RT_ISSUES(X) RT_ISSUE_END
#undef X
} rt_issue_type;

/* const char *rt_KIND_name(value) never fails for a value of its enum; bool rt_KIND_parse(name,
 * &value). */
#define V(kind, prefix, list)                                                                      \
    const char *rt_##kind##_name(unsigned value);                                                  \
    bool rt_##kind##_parse(rt_str name, unsigned *value);
RT_VOCABS(V)
#undef V

const char *rt_issue_code(rt_issue_type t);
const char *rt_issue_message(rt_issue_type t);
rt_level_type rt_issue_level(rt_issue_type t);

#endif
