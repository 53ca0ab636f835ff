/* Stage section: headings at line starts (or behind a full stop) and what stands below them.
 *
 * A heading is a lexicon hit of its kind, followed by a colon, a closing bracket or a line end, and
 * preceded by the start of a line or by the end of a sentence (then the colon is required). Text
 * before the first heading, and a report without any, is of type findings: unheaded reports are
 * normal, and a finding lost is worse than a section misnamed. */
#include "base/utf8.h"
#include "stage/stage.h"

/* Position of the first byte of the line's content at or before `at`, if only marks stand between;
 * else false. */
static bool at_line_start(rt_str s, uint32_t at)
{
    while (at > 0 && strchr(" [#*=(", s.ptr[at - 1]))
        at--;
    if (at == 0 || s.ptr[at - 1] == '\n')
        return true;
    return at >= 3 && memcmp(s.ptr + at - 3, "【", 3) == 0;
}

static bool behind_sentence(rt_str s, uint32_t at)
{
    while (at > 0 && s.ptr[at - 1] == ' ')
        at--;
    return (at > 0 && strchr(".;:!?", s.ptr[at - 1])) ||
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

/* Where the body begins of the section that this hit opens, 0: it opens none. */
static uint32_t opens_at(rt_str s, const rt_hit *h)
{
    bool line_start = at_line_start(s, h->at.beg);
    if (!line_start && !behind_sentence(s, h->at.beg))
        return 0;
    return heading_end(s, h->at.end, line_start);
}

rt_code rt_stage_section(rt_ctx *c, rt_doc *d)
{
    const rt_lexicon *x = c->know->lexicon;
    rt_str s = d->text.folded;
    uint32_t free_from = 0; /* behind the last heading */
    for (uint32_t i = 0; i < d->hits.len; i++) {
        const rt_hit *h = &d->hits.at[i];
        if (!(h->reads & RT_READS(RT_ENTRY_HEADING)) || h->at.beg < free_from)
            continue;
        const rt_entry *e = heading_entry(x, h->pattern);
        uint32_t end = opens_at(s, h);
        if (end == 0)
            continue;
        if (d->sections.len == 0 &&
            !rt_str_eq(rt_str_trim(rt_str_slice(s, 0, h->at.beg)), RT_STR("")))
            RT_PUSH(c->perm, &d->sections,
                    (rt_section){{0, 0}, {0, h->at.beg}, RT_SECTION_FINDINGS});
        close_last(d, h->at.beg);
        RT_PUSH(c->perm, &d->sections,
                (rt_section){h->at, {end, end}, x->headings[e->target].section});
        free_from = end;
    }
    if (d->sections.len == 0)
        RT_PUSH(c->perm, &d->sections,
                (rt_section){{0, 0}, {0, (uint32_t)s.len}, RT_SECTION_FINDINGS});
    close_last(d, (uint32_t)s.len);
    return RT_OK;
}
