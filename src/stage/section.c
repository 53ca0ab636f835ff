/* Stage section: headings at line starts (or behind a full stop) and what stands below them.
 *
 * A heading is a lexicon hit of its kind, followed by a colon, a closing bracket or a line end, and
 * preceded by the start of a line or by the end of a sentence (then the colon is required). Text
 * before the first heading, and a report without any, is of type findings: unheaded reports are
 * normal, and a finding lost is worse than a section misnamed. */
#include "base/utf8.h"
#include "knowledge/between.h"
#include "stage/stage.h"

enum {
    MAX_LABEL = 40,  /* bytes of a sub-heading */
    MAX_SIGNED = 60, /* bytes of date and name behind "addendum" */
    WRAPPED = 40,    /* a line that is shorter was not wrapped, it is over */
};

static bool is_front_mark(char c)
{
    return c == ' ' || c == '[' || c == '#' || c == '*' || c == '=' || c == '(';
}

/* Position of the first byte of the line's content at or before `at`, if only marks stand between;
 * else false. */
static bool at_line_start(rt_str s, uint32_t at)
{
    while (at > 0 && is_front_mark(s.ptr[at - 1]))
        at--;
    if (at == 0 || s.ptr[at - 1] == '\n')
        return true;
    return at >= 3 && memcmp(s.ptr + at - 3, "【", 3) == 0;
}

static bool behind_sentence(rt_str s, uint32_t at)
{
    while (at > 0 && s.ptr[at - 1] == ' ')
        at--;
    char last = at > 0 ? s.ptr[at - 1] : ' ';
    return last == '.' || last == ';' || last == ':' || last == '!' || last == '?' ||
           (at >= 3 && memcmp(s.ptr + at - 3, "。", 3) == 0);
}

/* End of the heading's own punctuation, or 0 if what follows does not make it a heading. */
static uint32_t heading_end(rt_str s, uint32_t end, bool line_start)
{
    while (end < s.len && s.ptr[end] == ' ')
        end++;
    if (end < s.len && (s.ptr[end] == ':' || s.ptr[end] == ']'))
        return end + 1 + (end + 1 < s.len && s.ptr[end + 1] == ':');
    if (end + 3 <= s.len && memcmp(s.ptr + end, "】", 3) == 0)
        return end + 3 + (end + 3 < s.len && s.ptr[end + 3] == ':');
    if (line_start && (end == s.len || s.ptr[end] == '\n'))
        return end == 0 ? 0 : end;
    return 0;
}

static const rt_entry *heading_entry(const rt_lexicon *x, uint32_t pattern)
{
    uint32_t i = x->patterns[pattern].entries.first;
    while (x->entries[i].kind != RT_ENTRY_HEADING)
        i++;
    return &x->entries[i];
}

static void close_last(rt_doc *d, uint32_t end)
{
    if (d->sections.len > 0)
        d->sections.at[d->sections.len - 1].at.end = end;
}

/* A word behind which a name or a date follows (by, dated). */
static bool begins_signature(const rt_lexicon *x, const rt_doc *d, uint32_t at)
{
    const rt_between words = {x, d};
    for (uint32_t i = rt_doc_first_hit(d, at); i < d->hits.len && d->hits.at[i].at.beg == at; i++)
        if (rt_between_reads(&words, &d->hits.at[i], RT_RELATOR_SIGNED))
            return true;
    return false;
}

/* "Addendum 2024-11-02:" "更正说明(2024-06-04):" "ADDENDUM by Dr. Aoki, 10:30:": behind the colon
 * that no digit follows, if a date, a bracket or a name stands before it on a short line. */
static uint32_t signed_end(const rt_lexicon *x, const rt_doc *d, uint32_t end)
{
    rt_str s = d->text.folded;
    uint32_t at = end;
    while (at < s.len && s.ptr[at] == ' ')
        at++;
    rt_str rest = rt_str_slice(s, at, s.len);
    if (rest.len == 0 ||
        !(rt_is_digit(*rest.ptr) || *rest.ptr == '(' || begins_signature(x, d, at)))
        return 0;
    for (; at < s.len && at < end + MAX_SIGNED && s.ptr[at] != '\n'; at++)
        if (s.ptr[at] == ':' && !(at + 1 < s.len && rt_is_digit(s.ptr[at + 1])))
            return at + 1;
    return 0;
}

/* "Electronically signed by Ann Stone, MD" below the text of the report: the name is no finding. */
static bool is_signature(const rt_lexicon *x, const rt_doc *d, const rt_hit *h)
{
    const rt_between words = {x, d};
    if (d->sections.len == 0 ||
        x->headings[heading_entry(x, h->pattern)->target].section != RT_SECTION_OTHER)
        return false;
    unsigned last = d->sections.at[d->sections.len - 1].type;
    if (last != RT_SECTION_IMPRESSION && last != RT_SECTION_ADDENDUM)
        return false;
    for (uint32_t i = rt_doc_first_hit(d, h->at.beg);
         i < d->hits.len && d->hits.at[i].at.beg < h->at.end; i++)
        if (d->hits.at[i].at.end == h->at.end &&
            rt_between_reads(&words, &d->hits.at[i], RT_RELATOR_SIGNED))
            return true;
    return false;
}

/* Where the body begins of the section that this hit opens, 0: it opens none. */
static uint32_t opens_at(const rt_lexicon *x, const rt_doc *d, const rt_hit *h)
{
    rt_str s = d->text.folded;
    bool line_start = at_line_start(s, h->at.beg);
    if (!line_start && !behind_sentence(s, h->at.beg))
        return 0;
    uint32_t end = heading_end(s, h->at.end, line_start);
    if (end == 0 && line_start &&
        x->headings[heading_entry(x, h->pattern)->target].section == RT_SECTION_ADDENDUM)
        end = signed_end(x, d, h->at.end);
    if (end == 0 && line_start && is_signature(x, d, h))
        end = h->at.end;
    return end;
}

/* ---- reports that name the front matter but not the findings
 *
 *   Indication: fall.            clinical-information
 *   Menisci: intact.             findings, though no heading says so
 *   Impression: ...
 */

static bool is_front(unsigned type)
{
    return type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL ||
           type == RT_SECTION_TECHNIQUE || type == RT_SECTION_COMPARISON;
}

static bool ends_sentence(rt_str s, uint32_t end)
{
    char last = end > 0 ? s.ptr[end - 1] : ' ';
    return last == '.' || last == '?' || last == '!' ||
           (end >= 3 && memcmp(s.ptr + end - 3, "。", 3) == 0);
}

/* "Menisci:" begins the line. */
static bool begins_with_label(rt_str s, uint32_t at)
{
    for (uint32_t i = at; i < s.len && i < at + MAX_LABEL && s.ptr[i] != '\n'; i++)
        if (s.ptr[i] == ':')
            return i > at;
    return false;
}

/* Where the narrative begins in the body of a front section: behind a blank line, behind a line
 * that ends a sentence, or at a line that begins with a label. 0: nowhere. */
static uint32_t narrative_of(rt_str s, rt_fspan body)
{
    uint32_t from = body.beg;
    while (from < body.end && (s.ptr[from] == '\n' || s.ptr[from] == ' '))
        from++;
    for (uint32_t i = from; i + 1 < body.end; i++) {
        if (s.ptr[i] != '\n')
            continue;
        bool blank = s.ptr[i + 1] == '\n';
        uint32_t next = i + 1 + blank;
        if (blank || i - from < WRAPPED || ends_sentence(s, i) || begins_with_label(s, next))
            return next;
    }
    return 0;
}

static void close_front(rt_ctx *c, rt_doc *d)
{
    rt_section *last = d->sections.len > 0 ? &d->sections.at[d->sections.len - 1] : NULL;
    if (last == NULL || !is_front(last->type))
        return;
    uint32_t at = narrative_of(d->text.folded, last->at), end = last->at.end;
    if (at == 0 || rt_str_trim(rt_str_slice(d->text.folded, at, end)).len == 0)
        return;
    last->at.end = at;
    RT_PUSH(c->perm, &d->sections, (rt_section){{at, at}, {at, end}, RT_SECTION_FINDINGS});
}

static const rt_hit *next_heading(const rt_lexicon *x, const rt_doc *d, uint32_t *i,
                                  uint32_t free_from, uint32_t *end)
{
    const rt_hit *hits = d->hits.at;
    uint32_t n = d->hits.len;
    for (uint32_t k = *i; k < n; k++) {
        const rt_hit *h = &hits[k];
        if (!(h->reads & RT_READS(RT_ENTRY_HEADING)) || h->at.beg < free_from)
            continue;
        *end = opens_at(x, d, h);
        *i = k;
        if (*end != 0)
            return h;
    }
    *i = n;
    return NULL;
}

/* first: the hit of the first heading of all. */
static bool names_findings(const rt_lexicon *x, const rt_doc *d, uint32_t *first)
{
    uint32_t end = 0, i = 0;
    const rt_hit *heading = next_heading(x, d, &i, 0, &end);
    *first = i;
    for (const rt_hit *h = heading; h != NULL; i++, h = next_heading(x, d, &i, end, &end))
        if (x->headings[heading_entry(x, h->pattern)->target].section == RT_SECTION_FINDINGS)
            return true;
    return false;
}

rt_code rt_stage_section(rt_ctx *c, rt_doc *d)
{
    const rt_lexicon *x = c->know->lexicon;
    rt_str s = d->text.folded;
    uint32_t end = 0; /* of the last heading */
    uint32_t i;
    bool named = names_findings(x, d, &i);
    for (const rt_hit *h = next_heading(x, d, &i, 0, &end); h != NULL;
         i++, h = next_heading(x, d, &i, end, &end)) {
        unsigned type = x->headings[heading_entry(x, h->pattern)->target].section;
        if (d->sections.len == 0 && rt_str_trim(rt_str_slice(s, 0, h->at.beg)).len > 0)
            RT_PUSH(c->perm, &d->sections,
                    (rt_section){{0, 0}, {0, h->at.beg}, RT_SECTION_FINDINGS});
        close_last(d, h->at.beg);
        if (!named && !is_front(type))
            close_front(c, d);
        RT_PUSH(c->perm, &d->sections, (rt_section){h->at, {end, end}, type});
    }
    if (d->sections.len == 0)
        RT_PUSH(c->perm, &d->sections,
                (rt_section){{0, 0}, {0, (uint32_t)s.len}, RT_SECTION_FINDINGS});
    close_last(d, (uint32_t)s.len);
    if (!named)
        close_front(c, d);
    return RT_OK;
}
