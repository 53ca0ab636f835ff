/* Stage mention: one reading per place.
 *
 * Hits overlap ("left lower lobe" holds "lobe"; 左肺炎 holds 左肺 and 肺炎). In each sentence the
 * set of hits that do not overlap and cover most wins, where cover is the sum of squared lengths:
 * long terms beat short ones, and 左 + 肺炎 beats 左肺 + nothing. This is weighted interval
 * scheduling: linear in the hits of the sentence, sorted by their start, with a back pointer to the
 * first hit behind each. The chosen hits become mentions, cues and normal statements. */
#include "base/utf8.h"
#include "stage/stage.h"

typedef struct choice { /* best cover from this hit to the end of the sentence */
    double score;
    uint32_t next; /* first hit that starts at or behind the end of this one */
    bool take;
} choice;

/* One Han character stands for itself only between known neighbours: text that is no Han, or
 * another hit. */
static bool known_neighbours(const rt_doc *d, uint32_t hit)
{
    rt_str s = d->text.folded;
    rt_fspan at = d->hits.at[hit].at;
    bool left = true, right = true;
    size_t p = at.beg, q = at.end;
    if (p > 0 && rt_utf8_script(rt_utf8_prev(s, &p)) == RT_SCRIPT_HAN)
        left = false;
    if (q < s.len && rt_utf8_script(rt_utf8_next(s, &q)) == RT_SCRIPT_HAN)
        right = false;
    for (uint32_t i = hit; !left && i > 0 && d->hits.at[i - 1].at.beg + 64 > at.beg; i--)
        left = d->hits.at[i - 1].at.end == at.beg;
    for (uint32_t i = hit + 1; !right && i < d->hits.len && d->hits.at[i].at.beg <= at.end; i++)
        right = d->hits.at[i].at.beg == at.end;
    return left && right;
}

/* Equal but for full width. */
static bool same_case(rt_str text, rt_str written)
{
    size_t t = 0, w = 0;
    while (t < text.len && w < written.len) {
        if (rt_utf8_half(rt_utf8_next(text, &t)) != rt_utf8_next(written, &w))
            return false;
    }
    return t == text.len && w == written.len;
}

/* A normal statement in Chinese that is only the beginning of another one: an observation starts in
 * it and goes on behind it (未见异常|强化灶, 肺门未见增大|淋巴结). */
static bool goes_on(const rt_doc *d, uint32_t hit)
{
    rt_fspan at = d->hits.at[hit].at;
    for (uint32_t i = hit + 1; i < d->hits.len && d->hits.at[i].at.beg < at.end; i++)
        if (d->hits.at[i].at.end > at.end && d->hits.at[i].at.beg > at.beg &&
            d->hits.at[i].reads & (RT_READS_OBSERVATION | RT_READS_DENIAL))
            return true;
    return false;
}

static bool is_normal(const rt_lexicon *x, const rt_entry *e)
{
    return e->kind == RT_ENTRY_NORMAL ||
           (e->kind == RT_ENTRY_CUE && x->cues[e->target].category == RT_CUE_NORMAL);
}

/* What was asked of the text around a hit last: the same entry comes again and again in a list, and
 * the words of a long sentence are looked for once. */
typedef struct answer {
    const rt_entry *entry;
    rt_str in;
    bool yes;
} answer;

enum { ANSWERS = 64, TEXTS = 4 /* clauses and sentences in turn */ }; /* powers of two */

typedef struct asked {
    answer answers[ANSWERS];
    rt_pairs pairs[TEXTS];
} asked;

/* Do the words that the entry requires stand in the text, and none that it forbids? */
static bool words_allow(const rt_lexicon *x, const rt_entry *e, rt_str in, asked *memo)
{
    if (e->require.count + e->forbid.count == 0)
        return true;
    answer *m = &memo->answers[(size_t)(e - x->entries) % ANSWERS];
    if (m->entry != e || m->in.ptr != in.ptr || m->in.len != in.len)
        *m = (answer){e, in, rt_lexicon_allows(x, e, in, &memo->pairs[in.len % TEXTS])};
    return m->yes;
}

static bool holds(const rt_ctx *c, const rt_doc *d, uint32_t hit, const rt_entry *e,
                  rt_str sentence, asked *memo)
{
    const rt_lexicon *x = c->know->lexicon;
    if (e->flags & RT_FORM_CASED &&
        !same_case(rt_text_slice(&d->text, rt_doc_span(d, d->hits.at[hit].at)),
                   rt_str_from(rt_lexicon_text(x, e->written))))
        return false;
    if (e->flags & RT_FORM_SHORT && !known_neighbours(d, hit))
        return false;
    if (is_normal(x, e) && goes_on(d, hit))
        return false;
    return words_allow(x, e, sentence, memo);
}

/* Has it a reading as a cue that denies what it touches: non, un? */
static bool denies_touching(const rt_lexicon *x, const rt_hit *h)
{
    rt_range r = x->patterns[h->pattern].entries;
    for (uint32_t i = r.first; (h->reads & RT_READS(RT_ENTRY_CUE)) && i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_CUE &&
            x->cues[x->entries[i].target].category == RT_CUE_ABSENT &&
            x->cues[x->entries[i].target].scope == RT_SCOPE_TOUCH)
            return true;
    return false;
}

static bool of_several_words(rt_str text, rt_fspan at)
{
    const char *p = text.ptr + at.beg;
    return memchr(p, ' ', at.end - at.beg) != NULL || memchr(p, '-', at.end - at.beg) != NULL;
}

/* English: an observation of several words behind a denial of its first word alone:
 * non-|obstructing stone is a stone. Then its words are read one by one. */
static bool denied_in_part(const rt_ctx *c, const rt_doc *d, uint32_t hit)
{
    enum { REACH = 4 }; /* bytes: non and a hyphen */
    const rt_hit *h = &d->hits.at[hit];
    if (!(h->reads & RT_READS_OBSERVATION))
        return false;
    for (const rt_hit *b = h; b > d->hits.at && (b - 1)->at.beg + REACH >= h->at.beg;) {
        b--;
        if (b->at.end + 1 == h->at.beg && denies_touching(c->know->lexicon, b))
            return strchr("- ", d->text.folded.ptr[b->at.end]) != NULL &&
                   of_several_words(d->text.folded, h->at);
    }
    return false;
}

/* Some reading of the hit holds here. Headings, units and quantifiers are read by their own stages;
 * a pattern with nothing else takes no place. */
static bool readable(const rt_ctx *c, const rt_doc *d, uint32_t hit, rt_str sentence, asked *memo)
{
    const rt_lexicon *x = c->know->lexicon;
    const rt_hit *h = &d->hits.at[hit];
    if (denied_in_part(c, d, hit))
        return false;
    if ((h->reads & (RT_READS_PLACE | RT_READS_ALWAYS)) != RT_READS_PLACE)
        return (h->reads & RT_READS_ALWAYS) != 0;
    rt_range r = x->patterns[h->pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (holds(c, d, hit, &x->entries[i], sentence, memo))
            return true;
    return false;
}

/* The stages behind this one ask the concept itself. */
static void push_concept(rt_ctx *c, rt_doc *d, rt_fspan at, const rt_entry *e, uint32_t sentence)
{
    __builtin_prefetch(&c->know->lexicon->concepts[e->target]);
    RT_PUSH(c->perm, &d->mentions, (rt_mention){at, e->target, sentence, e->type, e->side, 0});
}

static void keep_concept(rt_ctx *c, rt_doc *d, rt_fspan at, uint32_t concept, uint32_t sentence)
{
    uint8_t type = c->know->lexicon->concepts[concept].type;
    RT_PUSH(c->perm, &d->mentions, (rt_mention){at, concept, sentence, type, RT_SIDE_NONE, 0});
}

/* Everything but a concept that an entry may stand for. */
static void push_other(rt_ctx *c, rt_doc *d, rt_fspan at, const rt_entry *e, uint32_t sentence)
{
    const rt_lexicon *x = c->know->lexicon;
    if (e->kind == RT_ENTRY_CUE)
        RT_PUSH(c->perm, &d->cues, (rt_cue_hit){at, e->target, sentence});
    else if (e->kind == RT_ENTRY_NORMAL)
        RT_PUSH(c->perm, &d->normals, (rt_normal_hit){at, e->target, sentence});
    else if (e->kind == RT_ENTRY_BLOCKER && x->blockers[e->target].keep != RT_NIL)
        keep_concept(c, d, at, x->blockers[e->target].keep, sentence);
}

static bool ends_clause(char c)
{
    return c == ',' || c == ';' || c == ':';
}

/* The clause of the sentence around the hit: Chinese sentences hold many, and each has its own
 * subject. */
static rt_str clause_of(const rt_doc *d, rt_fspan hit, rt_fspan sentence)
{
    rt_str t = d->text.folded;
    while (hit.beg > sentence.beg && !ends_clause(t.ptr[hit.beg - 1]))
        hit.beg--;
    while (hit.end < sentence.end && !ends_clause(t.ptr[hit.end]))
        hit.end++;
    return rt_str_slice(t, hit.beg, hit.end);
}

/* The concept that a word of its own Chinese clause decides for (心影正常,肺门|增大), or RT_NIL. */
static uint32_t read_in_clause(const rt_ctx *c, const rt_doc *d, uint32_t hit, uint32_t sentence,
                               asked *memo)
{
    const rt_lexicon *x = c->know->lexicon;
    const rt_hit *h = &d->hits.at[hit];
    rt_range r = x->patterns[h->pattern].entries;
    if (d->sentences.at[sentence].lang != RT_LANG_ZH || r.count < 2)
        return RT_NIL;
    rt_fspan at = d->sentences.at[sentence].at;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_CONCEPT && x->entries[i].require.count > 0 &&
            holds(c, d, hit, &x->entries[i], clause_of(d, h->at, at), memo))
            return i;
    return RT_NIL;
}

/* English: the denial that a normal statement begins with goes on behind it ("no acute bony
 * abnormality or pneumothorax"): the longest such cue is read, too. */
static void read_denial(rt_ctx *c, rt_doc *d, uint32_t hit, uint32_t sentence)
{
    const rt_lexicon *x = c->know->lexicon;
    uint32_t beg = d->hits.at[hit].at.beg, best = RT_NIL;
    if (d->sentences.at[sentence].lang != RT_LANG_EN)
        return;
    for (uint32_t i = hit; i > 0 && d->hits.at[i - 1].at.beg == beg; i--)
        if (d->hits.at[i - 1].reads & RT_READS_DENIAL &&
            (best == RT_NIL || d->hits.at[i - 1].at.end > d->hits.at[best].at.end))
            best = i - 1;
    if (best == RT_NIL)
        return;
    rt_range r = x->patterns[d->hits.at[best].pattern].entries;
    for (uint32_t i = r.first; i < r.first + r.count; i++)
        if (x->entries[i].kind == RT_ENTRY_CUE)
            push_other(c, d, d->hits.at[best].at, &x->entries[i], sentence);
}

/* The readings of a chosen hit: the first concept that holds, in Chinese the first that its clause
 * decides for, and what else stands there. */
static void read_hit(rt_ctx *c, rt_doc *d, uint32_t hit, uint32_t sentence, rt_str text,
                     asked *memo)
{
    const rt_lexicon *x = c->know->lexicon;
    rt_fspan at = d->hits.at[hit].at;
    rt_range r = x->patterns[d->hits.at[hit].pattern].entries;
    uint32_t decided = read_in_clause(c, d, hit, sentence, memo);
    bool concept_read = decided != RT_NIL;
    if (concept_read)
        push_concept(c, d, at, &x->entries[decided], sentence);
    for (uint32_t i = r.first; i < r.first + r.count; i++) {
        const rt_entry *e = &x->entries[i];
        if (e->kind == RT_ENTRY_MARK)
            continue;
        if ((e->flags & RT_FORM_FREE) == 0 && !holds(c, d, hit, e, text, memo))
            continue;
        if (e->kind != RT_ENTRY_CONCEPT) {
            push_other(c, d, at, e, sentence);
            if (is_normal(x, e))
                read_denial(c, d, hit, sentence);
        } else if (!concept_read) {
            push_concept(c, d, at, e, sentence);
            concept_read = true;
        }
    }
}

static void choose(rt_ctx *c, rt_doc *d, uint32_t sentence, rt_range hits, asked *memo)
{
    rt_arena temp = c->temp;
    choice *best = rt_arena_raw(&temp, hits.count + 1, sizeof *best, _Alignof(choice));
    if (!best)
        return;
    best[hits.count] = (choice){0, hits.count, false};
    rt_fspan at = d->sentences.at[sentence].at;
    rt_str text = rt_text_fslice(&d->text, at);
    for (uint32_t i = hits.count; i-- > 0;) {
        const rt_hit *h = &d->hits.at[hits.first + i];
        uint32_t next = i + 1; /* bounded: a form holds few hits */
        while (next < hits.count && d->hits.at[hits.first + next].at.beg < h->at.end)
            next++;
        double len = h->at.end - h->at.beg, with = len * len + best[next].score;
        best[i] = (choice){best[i + 1].score, next, false};
        if (h->at.end <= at.end && with > best[i].score &&
            readable(c, d, hits.first + i, text, memo))
            best[i] = (choice){with, next, true};
    }
    for (uint32_t i = 0; i < hits.count;) {
        if (best[i].take)
            read_hit(c, d, hits.first + i, sentence, text, memo);
        i = best[i].take ? best[i].next : i + 1;
    }
}

/* A side word at a place, with modifiers between at most, gives the place its side: "left posterior
 * chest wall", 左侧胸膜, 甲状腺右侧叶. */
static void pass_sides(const rt_ctx *c, rt_doc *d, uint32_t first)
{
    enum { GAP = 3 /* bytes: a blank, or one Han character such as 侧 */ };
    for (uint32_t i = first; i < d->mentions.len; i++) {
        if (d->mentions.at[i].type != RT_TYPE_SIDE)
            continue;
        uint8_t side = c->know->lexicon->concepts[d->mentions.at[i].concept].value;
        if (side == RT_SIDE_NONE)
            continue;
        for (uint32_t k = i + 1; k < d->mentions.len; k++) {
            rt_mention *m = &d->mentions.at[k];
            if (m->at.beg > d->mentions.at[k - 1].at.end + GAP || m->type == RT_TYPE_SIDE ||
                memchr(d->text.folded.ptr + d->mentions.at[k - 1].at.end, ',',
                       m->at.beg - d->mentions.at[k - 1].at.end))
                break;
            if (m->type == RT_TYPE_ANATOMY && m->side == RT_SIDE_NONE)
                m->side = side;
            if (m->type <= RT_TYPE_PROCEDURE)
                break;
        }
        if (i > first && d->mentions.at[i - 1].at.end == d->mentions.at[i].at.beg &&
            d->mentions.at[i - 1].type == RT_TYPE_ANATOMY &&
            d->mentions.at[i - 1].side == RT_SIDE_NONE)
            d->mentions.at[i - 1].side = side;
    }
}

rt_code rt_stage_mention(rt_ctx *c, rt_doc *d)
{
    uint32_t h = 0;
    asked memo = {0};
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        rt_fspan at = d->sentences.at[i].at;
        while (h < d->hits.len && d->hits.at[h].at.beg < at.beg)
            h++;
        rt_range hits = {h, 0};
        while (h < d->hits.len && d->hits.at[h].at.beg < at.end)
            h++;
        hits.count = h - hits.first;
        uint32_t first = d->mentions.len;
        choose(c, d, i, hits, &memo);
        pass_sides(c, d, first);
    }
    return RT_OK;
}
