/* Findings of a report in XML. */
#include <math.h>

#include "output/xml_put.h"

/* ---- closed words */

static const rt_piece types[] = {RT_TYPES(RT_XML_WORD, "type")};
static const rt_piece names[] = {RT_TYPES(RT_XML_WORD, "name")};
static const rt_piece presences[] = {RT_PRESENCES(RT_XML_WORD, "presence")};
static const rt_piece temporalities[] = {RT_TEMPORALITIES(RT_XML_WORD, "temporality")};
static const rt_piece experiencers[] = {RT_EXPERIENCERS(RT_XML_WORD, "experiencer")};
static const rt_piece changes[] = {RT_CHANGES(RT_XML_WORD, "change")};
static const rt_piece severities[] = {RT_SEVERITIES(RT_XML_WORD, "severity")};
static const rt_piece sides[] = {RT_SIDES(RT_XML_WORD, "laterality")};
#define SECTION(name, constant, word) RT_PIECE_OF(" " name "=\"" word),
static const rt_piece sections[] = {RT_SECTIONS(SECTION, "section")};
#undef SECTION

static const rt_piece by_words = RT_PIECE_OF("<evidence method=\"dict\"");
static const rt_piece derived = RT_PIECE_OF("<evidence method=\"derived\"");

/* A vocabulary's first value is "none" and is not written. */
static char *put_optional(char *p, const rt_piece *words, unsigned value)
{
    return value != 0 ? rt_put_piece(p, &words[value]) : p;
}

/* ---- what a finding holds lists of */

static char *put_place(const rt_xml *x, char *p, unsigned depth, const rt_place *place)
{
    p = rt_xml_room(x, p, rt_xml_name_room(x, place->concept));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<anatomy name=\""));
    p = put_optional(rt_xml_put_name(x, p, place->concept), sides, place->side);
    p = rt_xml_put_concept(x, rt_put(p, RT_STR(">\n")), depth + 1, place->concept);
    p = rt_xml_put_evidence(x, p, depth + 1, &by_words, place->at);
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</anatomy>\n")) : NULL;
}

static char *put_modifier(const rt_xml *x, char *p, unsigned depth, const rt_modifier *m)
{
    p = rt_xml_room(x, p, rt_xml_name_room(x, m->concept));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<modifier"));
    p = rt_put_piece(p, &names[x->k->lexicon->concepts[m->concept].type]);
    p = rt_xml_put_name(x, rt_put(p, RT_STR(" value=\"")), m->concept);
    p = rt_xml_put_concept(x, rt_put(p, RT_STR(">\n")), depth + 1, m->concept);
    p = rt_xml_put_evidence(x, p, depth + 1, &by_words, m->at);
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</modifier>\n")) : NULL;
}

static void write_measure(rt_xml *x, const rt_measure *m)
{
    char comparator[2] = {m->comparator, '\0'};
    rt_xml_open(x, "measurement");
    rt_xml_attr(x, "name",
                rt_measure_name(m->kind == RT_MEASURE_NONE ? RT_MEASURE_OTHER : m->kind));
    if (m->prior)
        rt_xml_attr_bool(x, "prior", true);
    for (unsigned i = 0; i < m->n; i++)
        rt_xml_quantity(x, "quantity", m->value[i], i == 0 ? m->high : (double)NAN,
                        m->comparator != 0 ? comparator : NULL, m->unit);
    rt_xml_evidence(x, "pattern", rt_doc_span(x->d, m->at));
    rt_xml_close(x);
}

static char *put_measures(rt_xml *x, char *p, rt_range measures)
{
    if (measures.count == 0 || p == NULL)
        return p;
    rt_xml_markup_begin(x, p, 1);
    for (uint32_t i = measures.first; i < measures.first + measures.count; i++)
        write_measure(x, &x->d->measures.at[x->d->finding_measures.at[i]]);
    return rt_xml_markup_end(x, 1);
}

static char *put_suggested(const rt_xml *x, char *p, unsigned depth, uint32_t finding)
{
    p = rt_xml_room(x, p, 0);
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, depth), RT_STR("<suggests finding=\"f"));
    return rt_put(rt_put_u(p, finding + 1U), RT_STR("\"/>\n"));
}

static char *put_evidence(const rt_xml *x, char *p, unsigned depth, const rt_finding *f)
{
    static const rt_str roles[] = {{"\" role=\"head", 12},
                                   {"\" role=\"cue", 11},
                                   {"\" role=\"severity", 16},
                                   {"\" role=\"side", 12}};
    const rt_span at[] = {f->at, f->cue, f->severity_at, f->side_at};
    uint32_t length = 0;
    p = rt_xml_room(x, p, 0);
    if (p == NULL)
        return NULL;
    p = rt_put_piece(rt_put_indent(p, depth), f->derived ? &derived : &by_words);
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++)
        length += at[i].beg < at[i].end;
    if (length == 0)
        return rt_put(p, RT_STR("/>\n"));
    p = rt_put(p, RT_STR(">\n"));
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++)
        p = rt_xml_put_span(x, p, depth + 1, at[i], roles[i]);
    return p != NULL ? rt_put(rt_put_indent(p, depth), RT_STR("</evidence>\n")) : NULL;
}

/* ---- a finding */

/* Its start tag; number: of its section among those of the same type. */
static char *put_start(const rt_xml *x, uint32_t index, uint32_t number)
{
    const rt_finding *f = &x->d->findings.at[index];
    char *p = rt_buf_room(x->m.out, RT_XML_LINE + rt_xml_name_room(x, f->concept));
    if (p == NULL)
        return NULL;
    p = rt_put(rt_put_indent(p, x->m.depth), RT_STR("<finding id=\"f"));
    p = rt_put(rt_put_u(p, index + 1U), RT_STR("\" name=\""));
    p = rt_xml_put_name(x, p, f->concept);
    p = rt_put_piece(p, &types[x->k->lexicon->concepts[f->concept].type]);
    p = rt_put_piece(p, &presences[f->presence]);
    p = rt_put_piece(p, &temporalities[f->temporality]);
    p = rt_put_piece(p, &experiencers[f->experiencer]);
    p = put_optional(p, changes, f->change);
    p = put_optional(p, severities, f->severity);
    p = put_optional(p, sides, f->side);
    if (f->count > 0) {
        p = rt_put_u(rt_put(p, RT_STR(" count=\"")), f->count);
        *p++ = '"';
    }
    p = rt_put_piece(p, &sections[x->d->sections.at[f->section].type]);
    if (number > 1) {
        *p++ = '-';
        p = rt_put_u(p, number);
    }
    return rt_put(p, RT_STR("\">\n"));
}

static char *put_parts(rt_xml *x, char *p, const rt_finding *f)
{
    const rt_doc *d = x->d;
    unsigned depth = x->m.depth + 1;
    p = rt_xml_put_concept(x, p, depth, f->concept);
    for (uint32_t i = 0; i < f->anatomy.count; i++)
        p = put_place(x, p, depth, &d->places.at[f->anatomy.first + i]);
    for (uint32_t i = 0; i < f->modifiers.count; i++)
        p = put_modifier(x, p, depth, &d->modifiers.at[f->modifiers.first + i]);
    p = put_measures(x, p, f->measures);
    for (uint32_t i = 0; i < f->suggests.count; i++)
        p = put_suggested(x, p, depth, d->suggests.at[f->suggests.first + i]);
    return put_evidence(x, p, depth, f);
}

/* The number of a section among those of its type. Findings go through the sections in order, so
 * that counting goes on where it stopped. */
typedef struct numbering {
    uint32_t next; /* first section that is not counted */
    uint32_t seen[RT_SECTION_END];
} numbering;

static uint32_t number_of(const rt_doc *d, numbering *n, uint32_t section)
{
    if (section + 1 < n->next)
        *n = (numbering){.next = 0};
    for (; n->next <= section; n->next++)
        n->seen[d->sections.at[n->next].type]++;
    return n->seen[d->sections.at[section].type];
}

void rt_xml_findings(rt_xml *x)
{
    numbering numbers = {.next = 0};
    rt_xml_open(x, "findings");
    if (x->d->findings.len > 0)
        rt_tag_inside(&x->m);
    for (uint32_t i = 0; i < x->d->findings.len; i++) {
        const rt_finding *f = &x->d->findings.at[i];
        char *p = put_start(x, i, number_of(x->d, &numbers, f->section));
        p = put_parts(x, p, f);
        if (p == NULL)
            break;
        p = rt_put(rt_put_indent(p, x->m.depth), RT_STR("</finding>\n"));
        rt_buf_wrote(x->m.out, p);
    }
    rt_xml_close(x);
}
