/* The Chinese half of the stages relation and sizing (see stage.h): places, sides, degrees and
 * sizes.
 *
 * Chinese puts the place before the finding and keeps it until a new one is named
 * (右肺上叶见结节，伴钙化); a size stands behind what it measures or directly before it. */
#include "base/utf8.h"
#include "knowledge/between.h"
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_fspan at;             /* the sentence */
    uint32_t label_end;      /* of its label, or its beginning */
    rt_range mentions, cues; /* of the sentence */
} scene;

static bool is_type(const scene *s, uint32_t m, unsigned type)
{
    return s->d->mentions.at[m].type == type;
}

static bool is_observation(const scene *s, uint32_t m)
{
    return rt_type_is_observation(s->d->mentions.at[m].type);
}

static uint32_t end_of(const scene *s)
{
    return s->mentions.first + s->mentions.count;
}

static void relate(const scene *s, uint32_t from, uint32_t to, rt_relation_kind kind)
{
    RT_PUSH(s->c->perm, &s->d->relations, (rt_relation){from, to, (uint32_t)kind});
}

static bool has_comma(const scene *s, uint32_t a, uint32_t b)
{
    uint32_t beg = s->d->mentions.at[a].at.end, end = s->d->mentions.at[b].at.beg;
    for (uint32_t i = beg; i < end; i++)
        if (s->d->text.folded.ptr[i] == ',' || s->d->text.folded.ptr[i] == ';')
            return true;
    return false;
}

/* The observation that a modifier belongs to: the next one of its clause, else the one before. */
static uint32_t owner_of(const scene *s, uint32_t m)
{
    for (uint32_t i = m + 1; i < end_of(s); i++)
        if (is_observation(s, i)) {
            if (has_comma(s, m, i))
                break;
            return i;
        }
    for (uint32_t i = m; i-- > s->mentions.first;)
        if (is_observation(s, i))
            return i;
    for (uint32_t i = m + 1; i < end_of(s); i++) /* "a solid, markedly hypoechoic nodule" */
        if (is_observation(s, i))
            return i;
    return RT_NIL;
}

static bool is_join(const scene *s, uint32_t cue)
{
    return s->c->know->lexicon->cues[s->d->cues.at[cue].cue].category == RT_CUE_JOIN;
}

/* End of the joining word that starts at i, or i. */
static uint32_t skip_join(const scene *s, uint32_t i)
{
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++)
        if (s->d->cues.at[k].at.beg == i && is_join(s, k))
            return s->d->cues.at[k].at.end;
    return i;
}

/* Nothing but list marks, joining words, parentheses and at most `loose` bytes of other Chinese
 * between two mentions: 右肺上叶(IM27)及左下肺, 左肺门10区、纵隔内8R区. */
static bool only_joins(const scene *s, uint32_t beg, uint32_t end, uint32_t loose)
{
    rt_str t = s->d->text.folded;
    bool strict = loose == 0; /* then a comma may stand there too */
    for (uint32_t i = beg; i < end;) {
        uint32_t next = skip_join(s, i);
        if (t.ptr[i] == '(') {
            while (next < end && t.ptr[next] != ')')
                next++;
            next++;
        } else if (strchr(" -~", t.ptr[i]) || (strict ? t.ptr[i] == ',' : rt_is_word(t.ptr[i]))) {
            next = i + 1;
        } else if (i + 3 <= end && memcmp(t.ptr + i, "、", 3) == 0) {
            next = i + 3;
        } else if (next == i && loose >= 3 && (unsigned char)t.ptr[i] >= 0xE3) {
            next = i + 3;
            loose -= 3;
        }
        if (next == i)
            return false;
        i = next;
    }
    return true;
}

static bool is_place(const scene *s, uint32_t m)
{
    return is_type(s, m, RT_TYPE_ANATOMY) || is_type(s, m, RT_TYPE_SIDE);
}

/* A place that belongs to no organ: 皮下, 术区, 软组织. */
static bool is_general(const rt_lexicon *x, uint32_t concept)
{
    return strcmp(rt_lexicon_text(x, x->concepts[concept].region), "general") == 0;
}

/* The organ that the form of an observation begins with (胸腔|积液), or RT_NIL. */
static uint32_t own_place(const scene *s, uint32_t m)
{
    const rt_lexicon *x = s->c->know->lexicon;
    rt_fspan at = s->d->mentions.at[m].at;
    uint32_t place = RT_NIL, longest = 0;
    for (uint32_t i = rt_doc_first_hit(s->d, at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == at.beg; i++) {
        if (!(s->d->hits.at[i].reads & RT_READS_ANATOMY))
            continue;
        rt_range r = x->patterns[s->d->hits.at[i].pattern].entries;
        uint32_t end = s->d->hits.at[i].at.end;
        for (uint32_t k = r.first; end < at.end && end > longest && k < r.first + r.count; k++)
            if (x->entries[k].kind == RT_ENTRY_CONCEPT &&
                x->concepts[x->entries[k].target].type == RT_TYPE_ANATOMY) {
                place = x->entries[k].target;
                longest = end;
            }
    }
    return place == RT_NIL || is_general(x, place) ? RT_NIL : place;
}

/* 腹腔积血 has no side, whatever bled. */
static bool is_midline(const scene *s, uint32_t m)
{
    return rt_lexicon_flagged(s->c->know->lexicon, s->d->mentions.at[m].concept,
                              RT_CONCEPT_MIDLINE);
}

static bool has_side(const scene *s, uint32_t m)
{
    return is_type(s, m, RT_TYPE_SIDE) || s->d->mentions.at[m].side != RT_SIDE_NONE;
}

/* A place that only says with what something is compared: 右肾较|左肾|缩小, 较|左侧膈肌|抬高. */
static bool is_reference(const scene *s, uint32_t m)
{
    while (m > s->mentions.first && is_place(s, m) && is_place(s, m - 1) &&
           s->d->mentions.at[m - 1].at.end == s->d->mentions.at[m].at.beg)
        m--;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++)
        if (s->d->cues.at[k].at.end == s->d->mentions.at[m].at.beg)
            return is_place(s, m) &&
                   s->c->know->lexicon->cues[s->d->cues.at[k].cue].category == RT_CUE_COMPARE;
    return false;
}

/* The last place or side before mention m, or observation with a place or side of its own; or
 * RT_NIL. */
static uint32_t last_carrier(const scene *s, uint32_t m)
{
    while (m-- > s->mentions.first)
        if (is_place(s, m) ? !is_reference(s, m)
                           : is_observation(s, m) && (has_side(s, m) || own_place(s, m) != RT_NIL))
            return m;
    return RT_NIL;
}

/* The places named together, `last` the last of them: first of the chain. */
static uint32_t chain_of(const scene *s, uint32_t last)
{
    enum { LOOSE = 12 }; /* 内, 区, 旁 */
    uint32_t i = last;
    for (; i > s->mentions.first && is_place(s, i) && is_place(s, i - 1); i--) {
        uint32_t beg = s->d->mentions.at[i - 1].at.end, end = s->d->mentions.at[i].at.beg;
        if (!only_joins(s, beg, end, LOOSE) && !only_joins(s, beg, end, 0))
            break;
    }
    return i;
}

static bool ends_clause(char c)
{
    return c == ',' || c == ';' || c == ':' || c == '\n';
}

/* Begin of the clause that holds byte i. */
static uint32_t clause_beg(const scene *s, uint32_t i)
{
    while (i > s->at.beg && !ends_clause(s->d->text.folded.ptr[i - 1]))
        i--;
    return i;
}

/* May this place, if it has no side, share the side of what was named before it in the sentence?
 * Paired organs (双侧胸膜增厚,胸腔无积液) and what belongs to no organ (术区, 局部皮肤) do. */
static bool shares_side(const scene *s, uint32_t m)
{
    const rt_lexicon *x = s->c->know->lexicon;
    uint32_t own = is_observation(s, m) ? own_place(s, m) : RT_NIL;
    uint32_t place = own == RT_NIL ? s->d->mentions.at[m].concept : own;
    return x->concepts[place].flags & RT_CONCEPT_PAIRED || is_general(x, place);
}

static bool is_loose(const scene *s, uint32_t m)
{
    return is_type(s, m, RT_TYPE_ANATOMY) &&
           is_general(s->c->know->lexicon, s->d->mentions.at[m].concept);
}

/* Named only as a neighbour: 与纵隔淋巴结分界不清. */
static bool is_neighbour(const scene *s, uint32_t m)
{
    uint32_t beg = s->d->mentions.at[m].at.beg;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++)
        if (is_join(s, k) &&
            (s->d->cues.at[k].at.end == beg || s->d->cues.at[k].at.beg == clause_beg(s, beg)))
            return true;
    return false;
}

/* A normal statement between two mentions closes a subject: 左房室不大,肺动脉不增宽. */
static bool closed_between(const scene *s, uint32_t first, uint32_t last)
{
    uint32_t beg = s->d->mentions.at[first].at.end, end = s->d->mentions.at[last].at.beg;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++)
        if (s->d->cues.at[k].at.beg >= beg && s->d->cues.at[k].at.end <= end &&
            s->c->know->lexicon->cues[s->d->cues.at[k].cue].category == RT_CUE_NORMAL)
            return true;
    return false;
}

/* The one-sided title of the sentence (右踝关节正侧位:), or RT_NIL. */
static uint32_t sided_title(const scene *s)
{
    for (uint32_t m = s->mentions.first; m < end_of(s); m++)
        if (s->d->mentions.at[m].at.end > s->label_end)
            return RT_NIL;
        else if (has_side(s, m))
            return m;
    return RT_NIL;
}

/* The sides of the places named together from first to last; if they have none, of those named
 * before them; else of the title. */
static void relate_sides(const scene *s, uint32_t m, uint32_t first, uint32_t last)
{
    for (;;) {
        bool any = false, shares = is_neighbour(s, first);
        for (uint32_t i = first; i <= last; i++) {
            if (has_side(s, i))
                relate(s, m, i, RT_REL_SIDE);
            any |= has_side(s, i);
            shares |= shares_side(s, i);
        }
        if (any)
            return;
        uint32_t before = shares ? last_carrier(s, first) : RT_NIL;
        if (before == RT_NIL || (!is_loose(s, last) && closed_between(s, before, first)))
            break;
        last = before;
        first = chain_of(s, before);
    }
    uint32_t title = sided_title(s);
    if (title != RT_NIL && title < m)
        relate(s, m, title, RT_REL_SIDE);
}

static uint32_t main_of(const scene *s, uint32_t beg, uint32_t end, uint32_t from);

/* The observation whose place this one has: an explanation without a place in its own clause has
 * that of what it explains (肝左叶占位,伴胆管扩张,考虑转移). */
static uint32_t placed_as(const scene *s, uint32_t m)
{
    if (s->d->assertions.at[m].link != RT_LINK_SUGGESTS || own_place(s, m) != RT_NIL)
        return m;
    uint32_t end = s->d->mentions.at[m].at.beg, beg = clause_beg(s, end), owner = RT_NIL;
    for (uint32_t i = s->mentions.first; i < m; i++)
        if (is_place(s, i) && s->d->mentions.at[i].at.beg >= beg)
            return m;
    while (owner == RT_NIL && beg > s->at.beg) {
        end = beg - 1;
        beg = clause_beg(s, end);
        owner = main_of(s, beg, end, beg);
    }
    return owner == RT_NIL ? m : owner;
}

/* 胸腔积液:左侧少量: what the line says of the finding that is its label. */
static void relate_value(const scene *s, uint32_t m)
{
    for (uint32_t i = m + 1; i < end_of(s) && !is_observation(s, i); i++)
        if (has_side(s, i))
            relate(s, m, i, RT_REL_SIDE);
}

/* Two places at most, in the order of the text. */
static void relate_places_zh(const scene *s, uint32_t m)
{
    enum { PLACES = 2 };
    if (s->d->mentions.at[m].at.end == s->label_end && s->d->mentions.at[m].at.beg == s->at.beg) {
        relate_value(s, m);
        return;
    }
    uint32_t as = placed_as(s, m), last = last_carrier(s, as), places = 0;
    bool own = own_place(s, as) != RT_NIL;
    if (as != m && has_side(s, as))
        relate(s, m, as, RT_REL_SIDE);
    if (last == RT_NIL || has_side(s, as))
        return;
    if (own && (has_comma(s, last, as) || is_observation(s, last))) {
        if (shares_side(s, as) && !is_midline(s, as) && !closed_between(s, last, as))
            relate_sides(s, m, chain_of(s, last), last);
        return;
    }
    uint32_t first = chain_of(s, last), at = last + 1;
    while (at > first && places < PLACES)
        places += is_type(s, --at, RT_TYPE_ANATOMY);
    for (; at <= last; at++)
        if (is_type(s, at, RT_TYPE_ANATOMY))
            relate(s, m, at, RT_REL_LOCATED_AT);
    relate_sides(s, m, first, last);
}

/* A degree is shared by what is listed behind it: 少许结节及斑片影. */
static void relate_severity_zh(const scene *s, uint32_t m, uint32_t owner)
{
    if (owner < m && s->d->mentions.at[owner].at.end != s->d->mentions.at[m].at.beg)
        return; /* 强化显著 says nothing about the lesion */
    relate(s, owner, m, RT_REL_SEVERITY);
    for (uint32_t i = owner + 1; owner > m && i < end_of(s); i++) {
        if (s->d->mentions.at[i].type > RT_TYPE_DIAGNOSIS || has_comma(s, owner, i) ||
            !only_joins(s, s->d->mentions.at[owner].at.end, s->d->mentions.at[i].at.beg, 0))
            return;
        relate(s, i, m, RT_REL_SEVERITY);
        owner = i;
    }
}

/* "the largest": the size of one of the lesions named before (大者, 最大). */
static bool names_largest(const scene *s, uint32_t beg, uint32_t end)
{
    const rt_lexicon *x = s->c->know->lexicon;
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg < end; i++) {
        if (!(s->d->hits.at[i].reads & RT_READS(RT_ENTRY_QUANTIFIER)))
            continue;
        rt_range r = x->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; k < r.first + r.count; k++)
            if (x->entries[k].kind == RT_ENTRY_QUANTIFIER &&
                x->quantifiers[x->entries[k].target].meaning == RT_QUANTIFIER_LARGEST)
                return true;
    }
    return false;
}

/* Bytes of Chinese in [beg, end) that belong to no mention: the name of something unknown. */
static uint32_t unknown_bytes(const scene *s, uint32_t beg, uint32_t end)
{
    uint32_t m = s->mentions.first, n = 0;
    for (uint32_t i = beg; i < end; i++) {
        while (m < end_of(s) && s->d->mentions.at[m].at.end <= i)
            m++;
        bool known = m < end_of(s) && s->d->mentions.at[m].at.beg <= i;
        n += !known && (unsigned char)s->d->text.folded.ptr[i] >= 0x80;
    }
    return n;
}

static bool is_sized(const scene *s, uint32_t m)
{
    return rt_lexicon_flagged(s->c->know->lexicon, s->d->mentions.at[m].concept, RT_CONCEPT_SIZED);
}

/* An observation that only qualifies another: 密度不均匀, 糖代谢增高的结节. */
static bool is_quality(const scene *s, uint32_t m)
{
    const rt_lexicon *x = s->c->know->lexicon;
    rt_fspan at = s->d->mentions.at[m].at;
    if (m + 1 < end_of(s) && is_observation(s, m + 1) &&
        s->d->mentions.at[m + 1].at.beg == at.end && !is_sized(s, m) && is_sized(s, m + 1))
        return true;              /* 糖代谢增高|结节 */
    uint32_t behind = at.end + 3; /* one character between that is no joining word */
    if (m + 1 < end_of(s) && is_observation(s, m + 1) &&
        s->d->mentions.at[m + 1].at.beg == behind && unknown_bytes(s, at.end, behind) == 3 &&
        skip_join(s, at.end) == at.end)
        return true;
    for (uint32_t i = rt_doc_first_hit(s->d, at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == at.beg; i++) {
        rt_range r = x->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; s->d->hits.at[i].at.end < at.end && k < r.first + r.count; k++)
            if (x->entries[k].kind == RT_ENTRY_CONCEPT &&
                x->concepts[x->entries[k].target].type == RT_TYPE_PROPERTY)
                return true;
    }
    return false;
}

/* The observation of the clause [beg, end) that what follows the clause speaks of: the first behind
 * the verb (可见结节及斑片影,大者...) and behind `from`; RT_NIL if it names none or hangs on
 * another (并相互融合, 与不张肺组织分界不清). */
static uint32_t main_of(const scene *s, uint32_t beg, uint32_t end, uint32_t from)
{
    const rt_lexicon *x = s->c->know->lexicon;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++) {
        rt_fspan at = s->d->cues.at[k].at;
        const rt_cue *c = &x->cues[s->d->cues.at[k].cue];
        bool hangs = c->category == RT_CUE_JOIN || c->link == RT_LINK_ACCOMPANIES;
        if (at.beg == beg && hangs)
            return RT_NIL;
        if (at.beg >= beg && at.beg < end && c->category == RT_CUE_PRESENT && !hangs)
            from = at.end > from ? at.end : from;
    }
    for (uint32_t m = s->mentions.first; m < end_of(s); m++)
        if (is_observation(s, m) && s->d->mentions.at[m].at.beg >= from &&
            s->d->mentions.at[m].at.end <= end &&
            s->d->assertions.at[m].presence != RT_PRESENCE_ABSENT && !is_quality(s, m))
            return m;
    return RT_NIL;
}

/* Where the first of several lesions is counted in [beg, end) (钙化灶及多个结节), else beg. */
static uint32_t first_many(const scene *s, uint32_t beg, uint32_t end)
{
    for (uint32_t m = s->mentions.first; m < end_of(s); m++)
        if (is_type(s, m, RT_TYPE_COUNT) && s->d->mentions.at[m].at.beg >= beg &&
            s->d->mentions.at[m].at.end <= end)
            return s->d->mentions.at[m].at.end;
    return beg;
}

static bool parts(char c)
{
    return ends_clause(c) || c == '(' || c == ')' || c == '/' || c == ' ';
}

/* 3×2mm无回声区, 长径约1.2cm的低密度灶: the observation directly behind the size. */
static uint32_t measured_behind(const scene *s, const rt_measure *v)
{
    enum { GAP = 6 /* bytes between that belong to no mention: 大小的 */ };
    uint32_t at = v->at.end, loose = 0;
    for (uint32_t m = s->mentions.first; m < end_of(s); m++) {
        rt_fspan o = s->d->mentions.at[m].at;
        if (o.beg < at)
            continue;
        for (uint32_t i = at; i < o.beg; i++)
            if (parts(s->d->text.folded.ptr[i]) || ++loose > GAP)
                return RT_NIL;
        if (is_observation(s, m))
            return m;
        at = o.end;
    }
    return RT_NIL;
}

/* Behind the verb of seeing stands something that the lexicon does not know. */
static bool shows_unknown(const scene *s, uint32_t beg, uint32_t end)
{
    enum { UNKNOWN = 12 }; /* bytes */
    const rt_lexicon *x = s->c->know->lexicon;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++) {
        const rt_cue *c = &x->cues[s->d->cues.at[k].cue];
        rt_fspan at = s->d->cues.at[k].at;
        if (at.beg >= beg && at.end <= end && c->category == RT_CUE_PRESENT &&
            c->link == RT_LINK_NONE && unknown_bytes(s, at.end, end) >= UNKNOWN)
            return true;
    }
    return false;
}

/* "the latter" in [beg, end): the observation named last before it; else RT_NIL. */
static uint32_t latter(const scene *s, uint32_t beg, uint32_t end)
{
    rt_between words = {s->c->know->lexicon, s->d};
    uint32_t last = RT_NIL;
    if (rt_between_relator(&words, (rt_fspan){beg, end}, RT_RELATOR_LATTER))
        for (uint32_t m = s->mentions.first; m < end_of(s) && s->d->mentions.at[m].at.end <= beg;
             m++)
            last = is_observation(s, m) ? m : last;
    return last;
}

/* 由12mm|增大至|17mm: nothing but a word of change since the size before, of the same owner. */
static uint32_t measured_on(const scene *s, const rt_measure *v)
{
    const rt_measure *last = v - 1;
    if (v == s->d->measures.at || last->sentence != v->sentence)
        return RT_NIL;
    for (uint32_t k = s->cues.first; k < s->cues.first + s->cues.count; k++) {
        rt_fspan at = s->d->cues.at[k].at;
        if (at.beg == last->at.end && at.end == v->at.beg)
            return s->c->know->lexicon->cues[s->d->cues.at[k].cue].category >= RT_CUE_NEW
                       ? last->mention
                       : RT_NIL;
    }
    return RT_NIL;
}

/* In Chinese a size stands behind what it measures, in its clause or in a later one (结节,边缘毛糙,
 * 大小约...), or directly before it. A place of its own makes it the size of an organ
 * (门脉主干内径11mm), unless it says "the largest". */
static uint32_t measured_zh(const scene *s, const rt_measure *v)
{
    enum { UNKNOWN = 9 /* bytes: 大小约 */ };
    uint32_t owner = measured_on(s, v), end = v->at.beg;
    if (owner == RT_NIL)
        owner = measured_behind(s, v);
    while (end > s->at.beg && strchr(" :", s->d->text.folded.ptr[end - 1]))
        end--; /* 上斜径约:12cm */
    uint32_t beg = clause_beg(s, end), from = beg;
    bool place = false, largest = names_largest(s, beg, end);
    if (owner == RT_NIL)
        owner = latter(s, beg, end);
    for (uint32_t m = s->mentions.first; m < end_of(s) && owner == RT_NIL; m++) {
        rt_fspan o = s->d->mentions.at[m].at;
        if (o.beg < beg || o.end > end)
            continue;
        place |= is_type(s, m, RT_TYPE_ANATOMY);
        if (is_observation(s, m) && unknown_bytes(s, o.end, end) <= UNKNOWN)
            owner = main_of(s, beg, end, beg);
        from = is_observation(s, m) ? o.end : from;
    }
    if (owner != RT_NIL || (!largest && (place || unknown_bytes(s, from, end) > UNKNOWN)))
        return owner;
    while (owner == RT_NIL && beg > s->at.beg) { /* bounded by the sentence */
        end = beg - 1;
        beg = clause_beg(s, end);
        owner = main_of(s, beg, end, largest ? first_many(s, beg, end) : beg);
        if (owner == RT_NIL && shows_unknown(s, beg, end))
            break;
    }
    return owner;
}

/* ---- for stage/relation and stage/sizing
 * --------------------------------------------------------------------------------------------- */

static void relate_modifier(const scene *s, uint32_t m)
{
    unsigned type = s->d->mentions.at[m].type;
    if (type <= RT_TYPE_SIDE || type == RT_TYPE_CHANGE || type >= RT_TYPE_MODALITY)
        return; /* sides: see relate_sides */
    uint32_t owner = owner_of(s, m);
    if (owner == RT_NIL)
        return;
    if (type == RT_TYPE_SEVERITY)
        relate_severity_zh(s, m, owner);
    else
        relate(s, owner, m, RT_REL_MODIFIED_BY);
}

/* The sentence with its mentions and its cues; cues are sorted by their sentence. */
static scene scene_of(rt_ctx *c, rt_doc *d, uint32_t sentence, rt_range mentions)
{
    scene s = {.c = c, .d = d, .mentions = mentions};
    s.at = d->sentences.at[sentence].at;
    s.label_end = d->sentences.at[sentence].label.end;
    uint32_t lo = rt_doc_first_cue_in(d, sentence);
    s.cues = (rt_range){lo, 0};
    while (lo + s.cues.count < d->cues.len && d->cues.at[lo + s.cues.count].sentence == sentence)
        s.cues.count++;
    return s;
}

void rt_relate_chinese(rt_ctx *c, rt_doc *d, uint32_t sentence, rt_range mentions)
{
    scene s = scene_of(c, d, sentence, mentions);
    for (uint32_t m = s.mentions.first; m < end_of(&s); m++) {
        if (is_observation(&s, m))
            relate_places_zh(&s, m);
        else
            relate_modifier(&s, m);
    }
}

uint32_t rt_size_owner_chinese(rt_ctx *c, rt_doc *d, uint32_t measure, rt_range mentions)
{
    const rt_measure *v = &d->measures.at[measure];
    scene s = scene_of(c, d, v->sentence, mentions);
    return measured_zh(&s, v);
}
