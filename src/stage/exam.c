/* Stage exam: side and region of a one-sided exam, from what the sender says of it, else from its
 * title in the report ("EXAM: MRI LEFT KNEE", "LEFT LOWER EXTREMITY VENOUS DOPPLER"). Findings that
 * name no side of their own take it. */
#include "base/utf8.h"
#include "stage/stage.h"
#include "text/fold.h"

static uint8_t join_sides(uint8_t a, uint8_t b)
{
    if (a == RT_SIDE_NONE || a == b)
        return b;
    return b == RT_SIDE_NONE ? a : RT_SIDE_BILATERAL;
}

static void examine(const rt_lexicon *x, uint32_t concept, uint8_t side, rt_exam *e)
{
    const rt_concept *k = &x->concepts[concept];
    if (k->type == RT_TYPE_ANATOMY)
        e->region = k->region;
    if (k->type == RT_TYPE_SIDE)
        side = k->value;
    e->side = join_sides((uint8_t)e->side, side);
}

/* What the sender says of the exam. */
static void examine_field(rt_ctx *c, rt_str field, rt_exam *e)
{
    enum { MAX_MATCHES = 16 };
    const rt_lexicon *x = c->know->lexicon;
    rt_arena temp = c->temp;
    rt_str s = rt_fold_term(&temp, field);
    for (uint32_t at = 0; at < s.len;) {
        rt_match m[MAX_MATCHES];
        bool starts = at == 0 || !rt_is_word(s.ptr[at - 1]) || !rt_is_word(s.ptr[at]);
        uint32_t n = starts ? rt_automaton_match(&x->automaton, s, at, m, MAX_MATCHES) : 0;
        uint32_t next = at + 1;
        while (n-- > 0) {
            if (m[n].end < s.len && rt_is_word(s.ptr[m[n].end]) && rt_is_word(s.ptr[m[n].end - 1]))
                continue;
            const rt_entry *entry = &x->entries[x->patterns[m[n].pattern].entries.first];
            if (entry->kind == RT_ENTRY_CONCEPT) {
                examine(x, entry->target, entry->side, e);
                next = m[n].end;
                break;
            }
        }
        at = next;
    }
}

/* A title names a place and a modality, or stands where the exam is named, and finds nothing. */
static void examine_title(const rt_ctx *c, const rt_doc *d, rt_exam *e)
{
    if (d->sentences.len == 0)
        return;
    bool named = d->sections.at[d->sentences.at[0].section].type == RT_SECTION_REQUEST;
    rt_exam t = *e;
    for (uint32_t m = 0; m < d->mentions.len && d->mentions.at[m].sentence == 0; m++) {
        if (rt_type_is_observation(d->mentions.at[m].type) &&
            d->mentions.at[m].type != RT_TYPE_PROCEDURE)
            return;
        named |= d->mentions.at[m].type == RT_TYPE_MODALITY;
        examine(c->know->lexicon, d->mentions.at[m].concept, d->mentions.at[m].side, &t);
    }
    if (named)
        *e = t;
}

rt_code rt_stage_exam(rt_ctx *c, rt_doc *d)
{
    static const rt_field_id fields[] = {RT_FIELD_EXAM, RT_FIELD_ORDER, RT_FIELD_BODY_PART};
    d->exam = (rt_exam){RT_SIDE_NONE, 0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (d->record->field[fields[i]].len > 0)
            examine_field(c, d->record->field[fields[i]], &d->exam);
    examine_title(c, d, &d->exam);
    if (d->exam.side != RT_SIDE_LEFT && d->exam.side != RT_SIDE_RIGHT)
        d->exam.side = RT_SIDE_NONE;
    return RT_OK;
}
