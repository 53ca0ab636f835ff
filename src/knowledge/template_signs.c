/* The signs of the templates of a language side by side: a mention is weighed for all of them at
 * once. */
#include "knowledge/rows.h"
#include "knowledge/template_table.h"

static bool number_rows(const rt_templates *t, rt_template_signs *s, rt_rows *rows, rt_arena *arena)
{
    uint64_t *row = RT_NEW(arena, uint64_t, s->words);
    uint16_t *row_of = RT_NEW(arena, uint16_t, s->concepts);
    for (uint32_t c = 0; !*arena->full && c < s->concepts; c++) {
        unsigned char *bytes = (unsigned char *)row;
        for (uint32_t i = 0; i < s->n; i++) {
            const uint8_t *signs = t->at[s->at[i]].match.signs;
            for (uint32_t k = 0; k < RT_SIGNS; k++)
                bytes[RT_SIGNS * i + k] = signs != NULL && (signs[c] >> k & 1) != 0;
        }
        if (!rt_rows_number(rows, arena, row, &row_of[c]))
            return false;
    }
    s->row_of = row_of;
    return true;
}

static bool make(rt_templates *t, unsigned lang, rt_arena *arena)
{
    rt_template_signs *s = &t->signs[lang];
    uint32_t *at = RT_NEW(arena, uint32_t, t->n);
    if (at == NULL)
        return true; /* full: the caller says so */
    for (uint32_t i = 0; i < t->n; i++)
        if (t->at[i].lang == lang)
            at[s->n++] = i;
    if (s->n == 0)
        return true;
    rt_rows rows;
    s->at = at;
    s->words = (s->n * RT_SIGNS + 7) / 8;
    bool ok = rt_rows_init(&rows, arena, s->words) && number_rows(t, s, &rows, arena);
    s->rows = rows.all.at;
    s->n_rows = (uint32_t)(rows.all.len / s->words);
    rt_rows_done(&rows);
    return ok;
}

bool rt_template_signs_make(rt_templates *t, const rt_lexicon *x, rt_arena *arena)
{
    bool ok = true;
    for (unsigned lang = 0; lang < RT_LANG_END && ok; lang++) {
        t->signs[lang].concepts = x->n_concepts;
        ok = make(t, lang, arena);
    }
    return ok;
}
