/* What stands between two places of a report. See between.h. */
#include "knowledge/between.h"

bool rt_between_reads(const rt_between *s, const rt_hit *h, rt_relator_type meaning)
{
    if (!(h->reads & RT_READS(RT_ENTRY_RELATOR)))
        return false;
    const rt_lexicon *x = s->lexicon;
    rt_range r = x->patterns[h->pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_RELATOR &&
            x->relators[x->entries[i].target].meaning == meaning)
            return true;
    return false;
}

static bool reads_modifier(const rt_between *s, const rt_hit *h)
{
    const rt_lexicon *x = s->lexicon;
    rt_range r = x->patterns[h->pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_CONCEPT &&
            x->concepts[x->entries[i].target].type > RT_TYPE_PROCEDURE)
            return true;
    return false;
}

bool rt_between_relator(const rt_between *s, rt_fspan gap, rt_relator_type meaning)
{
    for (uint32_t i = rt_doc_first_hit(s->doc, gap.beg);
         i < s->doc->hits.len && s->doc->hits.at[i].at.beg < gap.end; i++)
        if (s->doc->hits.at[i].at.end <= gap.end &&
            rt_between_reads(s, &s->doc->hits.at[i], meaning))
            return true;
    return false;
}

bool rt_between_any(const rt_between *s, rt_fspan gap, const char *bytes)
{
    for (; gap.beg < gap.end && *bytes != 0; bytes++)
        if (memchr(s->doc->text.folded.ptr + gap.beg, *bytes, gap.end - gap.beg))
            return true;
    return false;
}

bool rt_between_blank(const rt_between *s, rt_fspan gap)
{
    const char *p = s->doc->text.folded.ptr;
    uint32_t i = gap.beg;
    while (i < gap.end && (p[i] == ' ' || p[i] == '\n' || p[i] == '-'))
        i++;
    return i >= gap.end;
}

/* End of the longest word at `at` that may stand between the items of a list; *joins: it joins
 * them. */
static uint32_t listed_end(const rt_between *s, uint32_t at, uint32_t end, bool *joins)
{
    uint32_t longest = at;
    bool joining = false;
    for (uint32_t i = rt_doc_first_hit(s->doc, at);
         i < s->doc->hits.len && s->doc->hits.at[i].at.beg == at; i++) {
        const rt_hit *h = &s->doc->hits.at[i];
        bool joint = rt_between_reads(s, h, RT_RELATOR_LIST);
        if (h->at.end > end || h->at.end <= longest ||
            (!joint && !rt_between_reads(s, h, RT_RELATOR_FILLER) && !reads_modifier(s, h)))
            continue;
        longest = h->at.end;
        joining = joint;
    }
    *joins |= joining;
    return longest;
}

/* Is there nothing in the gap but what joins the items of a list, and modifiers? With loose: a mere
 * blank will do. */
bool rt_between_list(const rt_between *s, rt_fspan gap, bool loose)
{
    bool joined = loose;
    rt_str t = s->doc->text.folded;
    for (uint32_t at = gap.beg; at < gap.end;) {
        uint32_t next = at + 1;
        if (t.ptr[at] == '(') {
            while (next < gap.end && t.ptr[next - 1] != ')')
                next++;
        } else if (t.ptr[at] == ',' || t.ptr[at] == '/' || t.ptr[at] == '&') {
            joined = true;
        } else if (t.ptr[at] != ' ' && t.ptr[at] != '-' && t.ptr[at] != '\n') {
            next = listed_end(s, at, gap.end, &joined);
            if (next == at)
                return false;
        }
        at = next;
    }
    return joined && gap.beg <= gap.end;
}
