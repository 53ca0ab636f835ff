#include "output/codes.h"

#include <string.h>

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

/* ---- code systems */

/* The arc 2.25 takes an UUID as a number: anybody may make such an identifier. */
static const rt_system systems[] = {
    {"ROENTEXT", "99ROENTEXT", "urn:roentext:concept",
     "2.25.115300256301364014380704953690228583641", "roentext"},
    {"RADLEX", "RADLEX", "http://www.radlex.org", "2.16.840.1.113883.6.256", "RadLex"},
    {"LN", "LN", "http://loinc.org", "2.16.840.1.113883.6.1", "LOINC"},
    {"DCM", "DCM", "http://dicom.nema.org/resources/ontology/DCM", "1.2.840.10008.2.16.4", "DCM"},
    {"UCUM", "UCUM", "http://unitsofmeasure.org", "2.16.840.1.113883.6.8", "UCUM"},
    {"RFC5646", "RFC5646", "urn:ietf:bcp:47", NULL, "languages"},
    {"RADELEMENT", "RADELEMENT", "https://radelement.org", NULL, "RadElement"},
    {"SCT", "SCT", "http://snomed.info/sct", "2.16.840.1.113883.6.96", "SNOMED CT"},
};

const rt_system *rt_system_of(const char *name)
{
    for (size_t i = 0; i < LENGTH(systems); i++)
        if (strcmp(systems[i].name, name) == 0)
            return &systems[i];
    return &systems[0];
}

/* ---- closed word lists */

rt_code_ref rt_own_code(const char *word)
{
    return (rt_code_ref){"ROENTEXT", word, word};
}

/* What RadLex has of a vocabulary; our word where it has nothing. */
static rt_code_ref radlex(const rt_code_ref *table, size_t n, unsigned value, const char *word)
{
    return value < n && table[value].code != NULL ? table[value] : rt_own_code(word);
}

rt_code_ref rt_presence_code(unsigned presence)
{
    static const rt_code_ref table[] = {
        [RT_PRESENCE_PRESENT] = {"RADLEX", "RID28472", "present"},
        [RT_PRESENCE_ABSENT] = {"RADLEX", "RID28473", "absent"},
        [RT_PRESENCE_POSSIBLE] = {"RADLEX", "RID34", "possibly"},
        [RT_PRESENCE_UNLIKELY] = {"RADLEX", "RID36", "probably not"},
    };
    return radlex(table, LENGTH(table), presence, rt_presence_name(presence));
}

rt_code_ref rt_side_code(unsigned side)
{
    static const rt_code_ref table[] = {
        [RT_SIDE_LEFT] = {"RADLEX", "RID5824", "left"},
        [RT_SIDE_RIGHT] = {"RADLEX", "RID5825", "right"},
        [RT_SIDE_BILATERAL] = {"RADLEX", "RID5771", "bilateral"},
        [RT_SIDE_MIDLINE] = {"RADLEX", "RID5826", "midline"},
    };
    return radlex(table, LENGTH(table), side, rt_side_name(side));
}

rt_code_ref rt_severity_code(unsigned severity)
{
    static const rt_code_ref table[] = {
        [RT_SEVERITY_MILD] = {"RADLEX", "RID5671", "mild"},
        [RT_SEVERITY_MODERATE] = {"RADLEX", "RID5672", "moderate"},
        [RT_SEVERITY_SEVERE] = {"RADLEX", "RID5673", "severe"},
    };
    return radlex(table, LENGTH(table), severity, rt_severity_name(severity));
}

rt_code_ref rt_change_code(unsigned change)
{
    static const rt_code_ref table[] = {
        [RT_CHANGE_NEW] = {"RADLEX", "RID5720", "new"},
        [RT_CHANGE_INCREASED] = {"RADLEX", "RID36043", "increased"},
        [RT_CHANGE_DECREASED] = {"RADLEX", "RID36044", "decreased"},
        [RT_CHANGE_STABLE] = {"RADLEX", "RID5734", "stable"},
    };
    return radlex(table, LENGTH(table), change, rt_change_name(change));
}

rt_code_ref rt_section_code(unsigned section)
{
    static const rt_code_ref table[RT_SECTION_END] = {
        [RT_SECTION_REQUEST] = {"LN", "55115-0", "Requested imaging studies information"},
        [RT_SECTION_CLINICAL] = {"LN", "55752-0", "Clinical information"},
        [RT_SECTION_TECHNIQUE] = {"LN", "55111-9", "Current imaging procedure descriptions"},
        [RT_SECTION_COMPARISON] = {"LN", "18834-2", "Radiology comparison study"},
        [RT_SECTION_FINDINGS] = {"LN", "59776-5", "Procedure findings"},
        [RT_SECTION_IMPRESSION] = {"LN", "19005-8", "Radiology imaging study impression"},
        [RT_SECTION_RECOMMENDATION] = {"LN", "18783-1", "Study recommendation"},
        [RT_SECTION_COMMUNICATION] = {"LN", "73568-8", "Communication of critical results"},
        [RT_SECTION_ADDENDUM] = {"LN", "55107-7", "Addendum"},
        [RT_SECTION_OTHER] = {NULL, NULL, NULL},
    };
    return table[section];
}

/* RadLex has a concept for each category of actionable findings. */
rt_code_ref rt_category_code(uint32_t category)
{
    static const rt_code_ref table[] = {
        {NULL, NULL, NULL},
        {"RADLEX", "RID49480", "category 1 actionable finding"},
        {"RADLEX", "RID49481", "category 2 actionable finding"},
        {"RADLEX", "RID49482", "category 3 actionable finding"},
    };
    return table[category < LENGTH(table) ? category : 0];
}

/* ---- what templates are for */

typedef struct named_code {
    const char *name;
    rt_code_ref code;
} named_code;

static rt_code_ref find_code(const named_code *table, size_t n, const char *name)
{
    for (size_t i = 0; name != NULL && i < n; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].code;
    return (rt_code_ref){NULL, NULL, NULL};
}

rt_code_ref rt_modality_code(const char *modality)
{
    static const named_code table[] = {
        {"CT", {"RADLEX", "RID10321", "computed tomography"}},
        {"MG", {"RADLEX", "RID10357", "mammography"}},
        {"MR", {"RADLEX", "RID10312", "magnetic resonance imaging"}},
        {"NM", {"RADLEX", "RID10330", "nuclear medicine imaging"}},
        {"US", {"RADLEX", "RID10326", "ultrasound"}},
        {"XA", {"RADLEX", "RID10361", "fluoroscopy"}},
        {"XR", {"RADLEX", "RID10345", "projection radiography"}},
    };
    return find_code(table, LENGTH(table), modality);
}

rt_code_ref rt_body_part_code(const char *body_part)
{
    static const named_code table[] = {
        {"ABDOMEN", {"RADLEX", "RID56", "abdomen"}},
        {"BREAST", {"RADLEX", "RID29895", "female breast"}},
        {"CHEST", {"RADLEX", "RID1243", "thorax"}},
        {"HEAD", {"RADLEX", "RID9080", "head"}},
        {"KNEE", {"RADLEX", "RID2743", "knee"}},
        {"NECK", {"RADLEX", "RID7488", "neck"}},
        {"PELVIS", {"RADLEX", "RID2507", "pelvis"}},
        {"THYROID", {"RADLEX", "RID7578", "thyroid gland"}},
    };
    return find_code(table, LENGTH(table), body_part);
}

/* ---- units: every normalised one of lexicons/units.tsv, and those of intervals */

const char *rt_ucum_code(const char *unit)
{
    static const char *const table[][2] = {
        {"mm", "mm"},         {"ml", "mL"},       {"HU", "[hnsf'U]"}, {"%", "%"},
        {"mm2", "mm2"},       {"cm", "cm"},       {"cm2", "cm2"},     {"day", "d"},
        {"week", "wk"},       {"month", "mo"},    {"year", "a"},      {"hour", "h"},
        {"SUV", "{SUV}"},     {"deg", "deg"},     {"mg", "mg"},       {"mGy", "mGy"},
        {"mSv", "mSv"},       {"MBq", "MBq"},     {"cm/s", "cm/s"},   {"ml/s", "mL/s"},
        {"mGy.cm", "mGy.cm"}, {"mmHg", "mm[Hg]"}, {"kPa", "kPa"},     {"ms", "ms"},
        {"kV", "kV"},         {"mA", "mA"},       {"mAs", "mA.s"},    {"/min", "/min"},
    };
    for (size_t i = 0; i < LENGTH(table); i++)
        if (strcmp(table[i][0], unit) == 0)
            return table[i][1];
    return NULL;
}

/* ---- concepts and sections, in the language of the report */

rt_code_ref rt_concept_code(const rt_lexicon *x, uint32_t concept)
{
    const rt_concept *c = &x->concepts[concept];
    const char *id = rt_lexicon_text(x, c->id);
    return (rt_code_ref){rt_is_radlex(rt_str_from(id)) ? "RADLEX" : "ROENTEXT", id,
                         rt_lexicon_text(x, c->pref_en)};
}

const char *rt_concept_name(const rt_knowledge *k, const rt_doc *d, uint32_t concept)
{
    const rt_concept *c = &k->lexicon->concepts[concept];
    return rt_lexicon_text(k->lexicon, d->zh ? c->pref_zh : c->pref_en);
}

rt_code_ref rt_concept_code_named(const rt_knowledge *k, const rt_doc *d, uint32_t concept)
{
    rt_code_ref code = rt_concept_code(k->lexicon, concept);
    code.display = rt_concept_name(k, d, concept);
    return code;
}

rt_str rt_section_title(const rt_knowledge *k, const rt_doc *d, unsigned section, rt_span heading)
{
    const rt_template *t = rt_templates_at(k->templates, d->template_index);
    if (heading.beg < heading.end)
        return rt_text_slice(&d->text, heading);
    for (uint32_t i = 0; i < t->n_sections; i++)
        if (t->sections[i].type == section)
            return rt_str_from(t->sections[i].title);
    return rt_str_from(rt_section_name(section));
}
