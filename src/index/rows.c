/* Sections, findings and concept tokens of a report, as the index stores them. See rows.h. */
#include "index/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"

const char rt_state_letters[RT_LETTER_END + 1] = "paouqhfn";

const char *rt_letter_name(unsigned letter)
{
    if (letter == RT_LETTER_HISTORICAL)
        return "historical";
    if (letter == RT_LETTER_NORMAL)
        return rt_presence_name(RT_PRESENCE_ABSENT);
    return letter == RT_LETTER_FAMILY ? "family" : rt_presence_name(letter);
}

void rt_row_init(rt_row *r)
{
    *r = (rt_row){0};
    rt_buf_init(&r->sections, SIZE_MAX);
    rt_buf_init(&r->findings, SIZE_MAX);
    rt_buf_init(&r->concepts, SIZE_MAX);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_init(&r->words[i], SIZE_MAX);
}

void rt_row_free(rt_row *r)
{
    rt_buf_free(&r->sections);
    rt_buf_free(&r->findings);
    rt_buf_free(&r->concepts);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_free(&r->words[i]);
    free(r->keys.at);
    r->keys = (rt_keys){0};
}

uint32_t rt_points_at(rt_points *p, size_t byte)
{
    if (p->ascii)
        return (uint32_t)byte;
    if (byte < p->byte)
        p->byte = p->point = 0;
    for (; p->byte < byte; p->byte++)
        p->point += !rt_utf8_cont(p->text.ptr[p->byte]);
    return (uint32_t)p->point;
}

/* ---- sections: bodies; what is neither body nor heading belongs to `other`, so that every word
 * is found */

static void add_piece(rt_row *r, rt_points *points, unsigned type, rt_span at)
{
    rt_str text = rt_str_slice(points->text, at.beg, at.end);
    if (rt_str_trim(text).len == 0)
        return;
    if (r->words[type].len > 0)
        rt_buf_addc(&r->words[type], '\n');
    rt_buf_add(&r->words[type], text);
    uint32_t beg = rt_points_at(points, at.beg);
    rt_buf_addf(&r->sections, "%s[%u,%u,%u]", r->sections.len > 1 ? "," : "", type, beg,
                rt_points_at(points, at.end));
}

static void fill_sections(rt_row *r, const rt_doc *d)
{
    rt_points points = {.text = d->text.doc, .ascii = d->text.ascii};
    uint32_t done = 0;
    rt_buf_addc(&r->sections, '[');
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        rt_span body = rt_doc_span(d, s->at);
        rt_span head = s->heading.end > s->heading.beg ? rt_doc_span(d, s->heading) : body;
        if (head.beg > done)
            add_piece(r, &points, RT_SECTION_OTHER, (rt_span){done, head.beg});
        if (body.beg < done)
            body.beg = done;
        if (body.end > body.beg)
            add_piece(r, &points, s->type, body);
        done = body.end > done ? body.end : done;
    }
    if (done < d->text.doc.len)
        add_piece(r, &points, RT_SECTION_OTHER, (rt_span){done, (uint32_t)d->text.doc.len});
    rt_buf_addc(&r->sections, ']');
}

/* ---- findings */

static unsigned letter_of(const rt_finding *f)
{
    if (f->experiencer != RT_EXPERIENCER_PATIENT)
        return RT_LETTER_FAMILY;
    if (f->temporality == RT_TEMPORALITY_HISTORICAL)
        return RT_LETTER_HISTORICAL;
    if (f->derived && f->presence == RT_PRESENCE_ABSENT)
        return RT_LETTER_NORMAL;
    switch ((rt_presence_type)f->presence) {
    case RT_PRESENCE_PRESENT:
        return RT_LETTER_PRESENT;
    case RT_PRESENCE_ABSENT:
        return RT_LETTER_ABSENT;
    case RT_PRESENCE_POSSIBLE:
        return RT_LETTER_POSSIBLE;
    case RT_PRESENCE_UNLIKELY:
        return RT_LETTER_UNLIKELY;
    case RT_PRESENCE_QUERIED:
    case RT_PRESENCE_END:
        break;
    }
    return RT_LETTER_QUERIED;
}

static double largest_length(const rt_doc *d, const rt_finding *f)
{
    double largest = 0;
    for (uint32_t i = 0; i < f->measures.count; i++) {
        const rt_measure *m = &d->measures.at[d->finding_measures.at[f->measures.first + i]];
        if (m->kind != RT_MEASURE_LENGTH || m->prior)
            continue;
        for (unsigned k = 0; k < m->n; k++)
            largest = fmax(largest, m->value[k]);
        largest = fmax(largest, m->high); /* NAN loses */
    }
    return largest;
}

static void add_anatomy(rt_buf *b, const rt_doc *d, const rt_lexicon *x, rt_range places)
{
    rt_buf_addc(b, '[');
    for (uint32_t i = 0; i < places.count; i++) {
        const rt_concept *c = &x->concepts[d->places.at[places.first + i].concept];
        rt_buf_addf(b, "%s\"%s\"", i > 0 ? "," : "", rt_lexicon_text(x, c->id));
    }
    rt_buf_addc(b, ']');
}

/* ",0" a time; what trails is taken back at the end. */
static void add_number(rt_buf *b, double value, size_t *used)
{
    rt_buf_addc(b, ',');
    rt_buf_number(b, value);
    if (value > 0)
        *used = b->len;
}

static unsigned section_type(const rt_doc *d, uint32_t section)
{
    return section < d->sections.len ? d->sections.at[section].type : RT_SECTION_OTHER;
}

/* ORDER ROW: as rt_row_item. */
static void add_finding(rt_row *r, const rt_doc *d, const rt_lexicon *x, uint32_t i,
                        rt_points *points)
{
    const rt_finding *f = &d->findings.at[i];
    rt_buf *b = &r->findings;
    rt_buf_addf(b, "%s[\"%s\",\"%c\",%u,%u,%u,", i > 0 ? "," : "",
                rt_lexicon_text(x, x->concepts[f->concept].id), rt_state_letters[letter_of(f)],
                f->presence, section_type(d, f->section), rt_points_at(points, f->at.beg));
    rt_buf_addf(b, "%u,", rt_points_at(points, f->at.end));
    if (f->anatomy.count > 0)
        add_anatomy(b, d, x, f->anatomy);
    else
        rt_buf_addc(b, '0');
    size_t used = b->len;
    add_number(b, f->side, &used);
    add_number(b, f->severity, &used);
    add_number(b, f->change, &used);
    add_number(b, largest_length(d, f), &used);
    add_number(b, f->temporality, &used);
    add_number(b, f->experiencer, &used);
    add_number(b, f->derived, &used);
    if (b->code == RT_OK)
        b->len = used;
    rt_buf_addc(b, ']');
}

/* ---- concept tokens: a sorted set of numbers, then printed
 *
 *   key = concept * 16 + letter * 2 + (1: place)      concept n_concepts: some finding */

_Static_assert(RT_LETTER_END <= 8, "a letter has three bits");

static void push_key(rt_keys *k, uint32_t concept, unsigned letter, unsigned place)
{
    if (k->len == k->cap) {
        size_t cap = k->cap == 0 ? 256 : k->cap * 2;
        uint32_t *at = realloc(k->at, cap * sizeof *at);
        k->failed = k->failed || at == NULL;
        if (at == NULL)
            return;
        k->at = at;
        k->cap = cap;
    }
    k->at[k->len++] = concept * 16 + letter * 2 + place;
}

static void push_links(rt_keys *k, const rt_lexicon *x, rt_range links, unsigned letter,
                       unsigned place)
{
    for (uint32_t i = 0; i < links.count; i++)
        push_key(k, x->links[links.first + i], letter, place);
}

static void finding_keys(rt_keys *k, const rt_doc *d, const rt_lexicon *x, const rt_finding *f)
{
    unsigned letter = letter_of(f);
    bool inherited = (RT_LETTERS_INHERITED >> letter & 1U) != 0;
    push_key(k, x->n_concepts, letter, 0);
    push_key(k, f->concept, letter, 0);
    if (inherited)
        push_links(k, x, x->concepts[f->concept].kinds, letter, 0);
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        uint32_t place = d->places.at[f->anatomy.first + i].concept;
        push_key(k, place, letter, 1);
        if (inherited)
            push_links(k, x, x->concepts[place].parts, letter, 1);
    }
}

static int compare_keys(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return p < q ? -1 : p > q;
}

void rt_token_concept(rt_buf *b, const rt_lexicon *x, char kind, uint32_t concept, unsigned letter)
{
    const char *id = rt_lexicon_text(x, x->concepts[concept].id);
    rt_buf_addc(b, kind);
    if (strncmp(id, "RID", 3) == 0)
        id += 3; /* c5352p for RID5352 */
    for (; *id != '\0'; id++) {
        if (*id >= 'A' && *id <= 'Z')
            rt_buf_addc(b, (char)(*id - 'A' + 'a'));
        else
            rt_buf_addc(b, *id);
    }
    rt_buf_addc(b, rt_state_letters[letter]);
}

void rt_token_any(rt_buf *b, unsigned letter)
{
    rt_buf_addz(b, "any");
    rt_buf_addc(b, rt_state_letters[letter]);
}

static void print_keys(rt_buf *b, const rt_keys *k, const rt_lexicon *x)
{
    for (size_t i = 0; i < k->len; i++) {
        uint32_t concept = k->at[i] / 16;
        unsigned letter = k->at[i] / 2 % 8;
        if (i > 0 && k->at[i] == k->at[i - 1])
            continue;
        if (i > 0)
            rt_buf_addc(b, ' ');
        if (concept == x->n_concepts)
            rt_token_any(b, letter);
        else
            rt_token_concept(b, x, k->at[i] % 2 == 1 ? 'l' : 'c', concept, letter);
    }
}

static void fill_findings(rt_row *r, const rt_doc *d, const rt_lexicon *x)
{
    rt_points points = {.text = d->text.doc, .ascii = d->text.ascii};
    rt_buf_addc(&r->findings, '[');
    for (uint32_t i = 0; i < d->findings.len; i++) {
        add_finding(r, d, x, i, &points);
        finding_keys(&r->keys, d, x, &d->findings.at[i]);
    }
    rt_buf_addc(&r->findings, ']');
    if (r->keys.len > 0)
        qsort(r->keys.at, r->keys.len, sizeof *r->keys.at, compare_keys);
    print_keys(&r->concepts, &r->keys, x);
}

rt_code rt_row_fill(rt_row *r, const rt_report *report, rt_err *err)
{
    rt_buf_clear(&r->sections);
    rt_buf_clear(&r->findings);
    rt_buf_clear(&r->concepts);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_clear(&r->words[i]);
    r->keys.len = 0;
    fill_sections(r, report->doc);
    fill_findings(r, report->doc, report->know->lexicon);
    if (r->keys.failed)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    rt_code code = rt_buf_check(&r->sections, err);
    if (code == RT_OK)
        code = rt_buf_check(&r->findings, err);
    for (unsigned i = 0; i < RT_SECTION_END && code == RT_OK; i++)
        code = rt_buf_check(&r->words[i], err);
    return code == RT_OK ? rt_buf_check(&r->concepts, err) : code;
}
