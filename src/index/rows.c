/* Sections, findings and tokens of a report, as the index stores them. See rows.h. */
#include "index/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "index/chars.h"
#include "index/pieces.h"
#include "index/tokenizer.h"

const char rt_state_letters[RT_LETTER_END + 1] = "paouqhfn";

const char *rt_letter_name(unsigned letter)
{
    if (letter == RT_LETTER_HISTORICAL)
        return "historical";
    if (letter == RT_LETTER_NORMAL)
        return rt_presence_name(RT_PRESENCE_ABSENT);
    return letter == RT_LETTER_FAMILY ? "family" : rt_presence_name(letter);
}

static void init(rt_row *r)
{
    rt_buf_init(&r->kept, SIZE_MAX);
    rt_buf_init(&r->flags, SIZE_MAX);
    rt_buf_init(&r->advice, SIZE_MAX);
    rt_buf_init(&r->qa, SIZE_MAX);
    rt_buf_init(&r->removed, SIZE_MAX);
    rt_buf_init(&r->sections, SIZE_MAX);
    rt_buf_init(&r->concepts, SIZE_MAX);
    rt_buf_init(&r->claims, UINT32_MAX);
    rt_buf_init(&r->findings, SIZE_MAX);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_init(&r->words[i], SIZE_MAX);
}

rt_code rt_index_row_new(rt_index_row **out, rt_err *err)
{
    rt_row *r = calloc(1, sizeof *r);
    if (r == NULL)
        return rt_fail(err, RT_ENOMEM, "out of memory");
    init(r);
    *out = r;
    return RT_OK;
}

void rt_index_row_free(rt_index_row *r)
{
    if (r == NULL)
        return;
    rt_buf_free(&r->kept);
    rt_buf_free(&r->flags);
    rt_buf_free(&r->advice);
    rt_buf_free(&r->qa);
    rt_buf_free(&r->removed);
    rt_buf_free(&r->sections);
    rt_buf_free(&r->concepts);
    rt_buf_free(&r->claims);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_free(&r->words[i]);
    free(r->said);
    free(r->keys);
    rt_buf_free(&r->findings);
    free(r);
}

/* ---- places */

uint32_t rt_points_at(rt_points *p, size_t byte)
{
    if (p->ascii)
        return (uint32_t)byte;
    if (byte < p->byte)
        p->byte = p->point = 0;
    p->point += rt_utf8_count(rt_str_slice(p->text, p->byte, byte));
    p->byte = byte;
    return (uint32_t)p->point;
}

static rt_span points_of(rt_points *p, rt_span at)
{
    uint32_t beg = rt_points_at(p, at.beg);
    return (rt_span){beg, rt_points_at(p, at.end)};
}

/* ---- what is stored as it is */

/* There is room for it. */
static rt_str keep(rt_row *r, rt_str s)
{
    size_t at = r->kept.len;
    rt_buf_add(&r->kept, s);
    return (rt_str){r->kept.ptr + at, s.len};
}

static rt_str field_of(const rt_doc *d, unsigned i)
{
    return i == RT_FIELD_TEXT ? d->text.doc : d->record->field[i];
}

static bool keep_fields(rt_row *r, const rt_doc *d)
{
    size_t size = 0;
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++)
        size += field_of(d, i).len;
    for (uint32_t i = 0; i < d->qa.len; i++)
        size += d->qa.at[i].message.len;
    if (!rt_buf_reserve(&r->kept, size + 1)) /* not nothing, so that it has an address */
        return false;
    for (unsigned i = 0; i < RT_FIELD_COUNT; i++)
        r->field[i] = keep(r, field_of(d, i));
    r->charset = strcmp(d->charset, "UTF-8") == 0 ? "" : d->charset;
    r->zh = d->zh;
    return true;
}

static void add(rt_buf *b, const void *item, size_t size)
{
    rt_buf_add(b, (rt_str){item, size});
}

static void keep_lists(rt_row *r, const rt_doc *d, rt_points *points)
{
    for (uint32_t i = 0; i < d->flags.len; i++) {
        rt_flag f = d->flags.at[i];
        f.at = points_of(points, f.at);
        add(&r->flags, &f, sizeof f);
    }
    for (uint32_t i = 0; i < d->advice.len; i++) {
        rt_advice a = d->advice.at[i];
        a.at = points_of(points, a.at);
        add(&r->advice, &a, sizeof a);
    }
    for (uint32_t i = 0; i < d->qa.len; i++) {
        rt_qa_issue q = d->qa.at[i];
        q.at[0] = points_of(points, q.at[0]);
        q.at[1] = points_of(points, q.at[1]);
        q.message = keep(r, q.message);
        add(&r->qa, &q, sizeof q);
    }
    for (uint32_t i = 0; i < d->removed.len; i++) {
        rt_removed gone = d->removed.at[i];
        gone.at = points_of(points, gone.at);
        add(&r->removed, &gone, sizeof gone);
    }
}

/* ---- sections: bodies; what is neither body nor heading belongs to `other`, so that every word
 * is found */

static void add_piece(rt_row *r, const rt_doc *d, rt_points *points, unsigned type, rt_span at)
{
    if (rt_str_trim(rt_str_slice(points->text, at.beg, at.end)).len == 0)
        return;
    rt_fspan folded = {rt_text_folded(&d->text, at.beg), rt_text_folded(&d->text, at.end)};
    r->n_words += rt_tokens_add(&r->words[type], rt_text_fslice(&d->text, folded));
    uint32_t beg = rt_points_at(points, at.beg), end = rt_points_at(points, at.end);
    rt_pieces_put(&r->sections, r->last_point, type, beg, end);
    r->last_point = end;
}

static void fill_sections(rt_row *r, const rt_doc *d)
{
    rt_points points = {.text = d->text.doc, .ascii = d->text.ascii};
    uint32_t done = 0;
    for (uint32_t i = 0; i < d->sections.len; i++) {
        const rt_section *s = &d->sections.at[i];
        rt_span body = rt_doc_span(d, s->at);
        rt_span head = s->heading.end > s->heading.beg ? rt_doc_span(d, s->heading) : body;
        if (head.beg > done)
            add_piece(r, d, &points, RT_SECTION_OTHER, (rt_span){done, head.beg});
        if (body.beg < done)
            body.beg = done;
        if (body.end > body.beg)
            add_piece(r, d, &points, s->type, body);
        done = body.end > done ? body.end : done;
    }
    if (done < d->text.doc.len)
        add_piece(r, d, &points, RT_SECTION_OTHER, (rt_span){done, (uint32_t)d->text.doc.len});
}

/* ---- claims */

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

static uint32_t tenths_of(double mm)
{
    double tenths = floor(mm * 10 + 0.5);
    return !(tenths > 0) ? 0 : tenths < RT_CHARS_MAX ? (uint32_t)tenths : (uint32_t)RT_CHARS_MAX;
}

static unsigned section_type(const rt_doc *d, uint32_t section)
{
    return section < d->sections.len ? d->sections.at[section].type : RT_SECTION_OTHER;
}

static void push_said(rt_row *r, const rt_said *one)
{
    if (r->n_said == r->cap_said) {
        size_t cap = r->cap_said == 0 ? 64 : r->cap_said * 2;
        rt_said *at = realloc(r->said, cap * sizeof *at);
        r->failed = r->failed || at == NULL;
        if (at == NULL)
            return;
        r->said = at;
        r->cap_said = cap;
    }
    r->said[r->n_said++] = *one;
}

static void add_claim(rt_row *r, const rt_doc *d, const rt_finding *f, rt_points *points)
{
    rt_claim c = {.concept = f->concept,
                  .letter = (uint8_t)letter_of(f),
                  .presence = f->presence,
                  .section = (uint8_t)section_type(d, f->section),
                  .side = f->side,
                  .severity = f->severity,
                  .change = f->change,
                  .temporality = f->temporality,
                  .experiencer = f->experiencer,
                  .derived = f->derived};
    rt_said one = {.claim = (uint32_t)r->claims.len, .tenths = tenths_of(largest_length(d, f))};
    c.n_places = (uint16_t)(f->anatomy.count < UINT16_MAX ? f->anatomy.count : UINT16_MAX);
    one.beg = rt_points_at(points, f->at.beg);
    one.len = rt_points_at(points, f->at.end) - one.beg;
    add(&r->claims, &c, sizeof c);
    for (uint32_t i = 0; i < c.n_places; i++) {
        const uint32_t *place = &d->places.at[f->anatomy.first + i].concept;
        add(&r->claims, place, sizeof *place);
    }
    push_said(r, &one);
}

/* ---- concept tokens */

static void links_keys(const rt_lexicon *x, rt_range links, uint32_t low, void *user,
                       rt_key_fn *each)
{
    for (uint32_t i = 0; i < links.count; i++)
        each(user, x->links[links.first + i] * 16 + low);
}

void rt_claim_keys(const rt_claim *c, const uint32_t *places, const rt_lexicon *x, void *user,
                   rt_key_fn *each)
{
    bool inherited = (RT_LETTERS_INHERITED >> c->letter & 1U) != 0;
    each(user, rt_key(x->n_concepts, c->letter, false));
    each(user, rt_key(c->concept, c->letter, false));
    if (inherited)
        links_keys(x, x->concepts[c->concept].kinds, c->letter * 2U, user, each);
    for (uint16_t i = 0; i < c->n_places; i++) {
        each(user, rt_key(places[i], c->letter, true));
        if (inherited)
            links_keys(x, x->concepts[places[i]].parts, c->letter * 2U + 1, user, each);
    }
}

rt_str rt_token_name(char out[RT_TOKEN_SIZE], const rt_lexicon *x, uint32_t key)
{
    uint32_t concept = key / 16;
    const char *id =
        concept < x->n_concepts ? rt_lexicon_text(x, x->concepts[concept].id) : "ridany";
    size_t n = 0;
    for (; *id != '\0' && n < RT_TOKEN_SIZE - 2; id++)
        out[n++] = *id >= 'A' && *id <= 'Z' ? (char)(*id - 'A' + 'a') : *id;
    if (key % 2 == 1)
        out[n++] = 'l';
    out[n++] = rt_state_letters[key / 2 % 8];
    return (rt_str){out, n};
}

void rt_token_print(rt_buf *b, const rt_lexicon *x, uint32_t key)
{
    char token[RT_TOKEN_SIZE];
    rt_buf_add(b, rt_token_name(token, x, key));
}

/* Where a key is, or would be. They are one more than the key, so that none is 0. */
static uint32_t *key_place(uint32_t *keys, size_t cap, uint32_t key)
{
    size_t i = (key * 0x9E3779B1U >> 16) & (cap - 1);
    while (keys[i] != 0 && keys[i] != key)
        i = (i + 1) & (cap - 1);
    return &keys[i];
}

static bool grow_keys(rt_row *r)
{
    size_t cap = r->cap_keys == 0 ? 128 : r->cap_keys * 2;
    uint32_t *keys = calloc(cap, sizeof *keys);
    if (keys == NULL)
        return false;
    for (size_t i = 0; i < r->cap_keys; i++)
        if (r->keys[i] != 0)
            *key_place(keys, cap, r->keys[i]) = r->keys[i];
    free(r->keys);
    r->keys = keys;
    r->cap_keys = cap;
    return true;
}

/* A key that the row does not have yet. At most half of the places are taken. */
static void take_key(void *user, uint32_t key)
{
    rt_row *r = user;
    r->failed = r->failed || (r->n_keys * 2 >= r->cap_keys && !grow_keys(r));
    if (r->failed)
        return;
    uint32_t *place = key_place(r->keys, r->cap_keys, key + 1);
    if (*place != 0)
        return;
    *place = key + 1;
    r->n_keys++;
    add(&r->concepts, &key, sizeof key);
}

static void fill_concepts(rt_row *r)
{
    for (size_t i = 0; i < r->n_said && !r->failed && r->claims.code == RT_OK; i++) {
        const char *at = r->claims.ptr + r->said[i].claim;
        const rt_claim *c = (const rt_claim *)(const void *)at;
        rt_claim_keys(c, (const uint32_t *)(const void *)(at + sizeof *c), r->lexicon, r, take_key);
    }
    if (r->n_keys > 0)
        memset(r->keys, 0, r->cap_keys * sizeof *r->keys);
    r->n_keys = 0;
}

/* ---- the row */

static void clear(rt_row *r)
{
    rt_buf_clear(&r->kept);
    rt_buf_clear(&r->flags);
    rt_buf_clear(&r->advice);
    rt_buf_clear(&r->qa);
    rt_buf_clear(&r->removed);
    rt_buf_clear(&r->sections);
    rt_buf_clear(&r->concepts);
    rt_buf_clear(&r->claims);
    for (unsigned i = 0; i < RT_SECTION_END; i++)
        rt_buf_clear(&r->words[i]);
    r->n_said = 0;
    r->n_words = 0;
    r->last_point = 0;
    r->failed = false;
}

static rt_code check_buffers(const rt_row *r, rt_err *err)
{
    enum { SOME = 8 };
    const rt_buf *const some[SOME] = {&r->kept,    &r->flags,    &r->advice, &r->qa,
                                      &r->removed, &r->sections, &r->claims, &r->concepts};
    rt_code code = RT_OK;
    for (unsigned i = 0; i < SOME && code == RT_OK; i++)
        code = rt_buf_check(some[i], err);
    for (unsigned i = 0; i < RT_SECTION_END && code == RT_OK; i++)
        code = rt_buf_check(&r->words[i], err);
    return code;
}

rt_code rt_index_prepare(rt_index_row *row, const rt_report *report, rt_err *err)
{
    const rt_doc *d = report->doc;
    rt_points points = {.text = d->text.doc, .ascii = d->text.ascii};
    clear(row);
    row->lexicon = report->know->lexicon;
    row->failed = !keep_fields(row, d);
    if (!row->failed)
        keep_lists(row, d, &points);
    fill_sections(row, d);
    for (uint32_t i = 0; i < d->findings.len; i++)
        add_claim(row, d, &d->findings.at[i], &points);
    fill_concepts(row);
    return row->failed ? rt_fail(err, RT_ENOMEM, "out of memory") : check_buffers(row, err);
}
