/* Stage assertion: for each mention whether, when, for whom, and how changed. ConText, in both
 * languages.
 *
 * Cues act in the order of the text; the category decides who wins, not the position. For each cue
 * the mentions in its scope are found: forward or backward from the cue, to the end of the clause,
 * list or sentence, stopped by a terminating cue and by a cue of the same family that takes over.
 * What a mention is told by its section (advice, a history) comes first, cues come over it. On
 * doubt: present or possible, never absent.
 *
 * The comma is the trap. In Chinese it separates whole statements as often as items of a list, so
 * it ends a scope unless a word joins the next clause (及, 或) or that clause is nothing but
 * findings: a place, a side, a degree, a property or any other word makes it speak for itself. In
 * English it ends a scope where the next clause has a cue of its own. */
#include "base/utf8.h"
#include "knowledge/between.h"
#include "stage/stage.h"

typedef struct scene { /* the mentions and cues of one sentence */
    const rt_lexicon *lex;
    rt_doc *d;
    rt_str text; /* folded */
    uint32_t sentence;
    rt_fspan at;
    rt_range mentions, cues;
    bool zh;
} scene;

static uint32_t end_of(rt_range r)
{
    return r.first + r.count;
}

static const rt_cue *cue_of(const scene *s, uint32_t i)
{
    return &s->lex->cues[s->d->cues.at[i].cue];
}

static rt_fspan cue_at(const scene *s, uint32_t i)
{
    return s->d->cues.at[i].at;
}

static rt_fspan mention_at(const scene *s, uint32_t i)
{
    return s->d->mentions.at[i].at;
}

static bool is_observation(const scene *s, uint32_t mention)
{
    return rt_type_is_observation(s->d->mentions.at[mention].type);
}

static bool has_observation(const scene *s)
{
    uint32_t m = s->mentions.first;
    while (m < end_of(s->mentions) && !is_observation(s, m))
        m++;
    return m < end_of(s->mentions);
}

static bool presence_cue(unsigned category)
{
    return category <= RT_CUE_PRESENT;
}

/* ---- clauses
 * ------------------------------------------------------------------------------------------ */

/* Is byte i a hard end of a clause? A line end within a sentence is a mere wrap. */
static bool hard_end(rt_str t, uint32_t i)
{
    return t.ptr[i] == ';' || (t.ptr[i] == ':' && i + 1 < t.len) ||
           (i >= 2 && memcmp(t.ptr + i - 2, "。", 3) == 0);
}

/* A Han character at byte i? */
static bool is_han(rt_str t, uint32_t i)
{
    unsigned char c = (unsigned char)t.ptr[i];
    return (c >= 0xE4 && c <= 0xE9) ||
           (c == 0xE3 && i + 1 < t.len && (unsigned char)t.ptr[i + 1] >= 0x90);
}

/* A blank inside Chinese text separates clauses as a comma does, behind a bracket too. */
static bool blank_of_zh(const scene *s, uint32_t i)
{
    return s->zh && s->text.ptr[i] == ' ' && i + 1 < s->at.end && is_han(s->text, i + 1) &&
           i > s->at.beg &&
           ((unsigned char)s->text.ptr[i - 1] >= 0x80 || s->text.ptr[i - 1] == ')');
}

static bool soft_end(const scene *s, uint32_t i)
{
    return s->text.ptr[i] == ',' || blank_of_zh(s, i);
}

static uint32_t clause_end(const scene *s, uint32_t i)
{
    while (i < s->at.end && !soft_end(s, i) && !hard_end(s->text, i))
        i++;
    return i;
}

/* Does the form of this mention begin with a place or a property (甲状腺增大, 密度不均匀)? Then it
 * is a statement of its own. */
static bool names_subject(const scene *s, uint32_t mention)
{
    const rt_doc *d = s->d;
    rt_fspan at = mention_at(s, mention);
    for (uint32_t lo = rt_doc_first_hit(d, at.beg);
         lo < d->hits.len && d->hits.at[lo].at.beg == at.beg; lo++) {
        rt_range r = s->lex->patterns[d->hits.at[lo].pattern].entries;
        for (uint32_t i = r.first; i < end_of(r) && d->hits.at[lo].at.end < at.end; i++) {
            const rt_entry *e = &s->lex->entries[i];
            unsigned type = s->lex->concepts[e->kind == RT_ENTRY_CONCEPT ? e->target : 0].type;
            if (e->kind == RT_ENTRY_CONCEPT &&
                (type == RT_TYPE_ANATOMY || type == RT_TYPE_SIDE || type == RT_TYPE_PROPERTY))
                return true;
        }
    }
    return s->d->mentions.at[mention].side != RT_SIDE_NONE;
}

static bool is_subject(const scene *s, uint32_t mention)
{
    unsigned type = s->d->mentions.at[mention].type;
    return type == RT_TYPE_ANATOMY || type == RT_TYPE_SIDE || type == RT_TYPE_SEVERITY ||
           type == RT_TYPE_COUNT || type == RT_TYPE_PROPERTY ||
           (is_observation(s, mention) && names_subject(s, mention));
}

/* Where a walk over the commas of a scope stands: clauses come in order, each mention and cue is
 * passed once. */
typedef struct walk {
    uint32_t cue, mention;
} walk;

/* "A or B" in the clause: what is denied of the one is denied of the other, wherever they lie
 * (无结节,胸腔积液或气胸). */
static bool has_alternative(const scene *s, uint32_t beg, uint32_t end, uint32_t from)
{
    for (uint32_t k = from; k < end_of(s->cues) && cue_at(s, k).beg < end; k++)
        if (cue_at(s, k).beg >= beg && cue_of(s, k)->category == RT_CUE_JOIN &&
            cue_of(s, k)->scope == RT_SCOPE_CLAUSE)
            return true;
    return false;
}

/* End of the last observation of the clause [beg, end), or end. */
static uint32_t last_observation(const scene *s, uint32_t beg, uint32_t end)
{
    uint32_t last = end;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions) && mention_at(s, m).end <= end;
         m++)
        if (mention_at(s, m).beg >= beg && is_observation(s, m))
            last = mention_at(s, m).end;
    return last;
}

/* Chinese: the clause [beg, end) says more than the names of findings and the words that join
 * them. */
static bool more_than_names(const scene *s, uint32_t beg, uint32_t end, walk *w)
{
    while (w->mention < end_of(s->mentions) && mention_at(s, w->mention).beg < beg)
        w->mention++;
    bool any = false, list = has_alternative(s, beg, end, w->cue);
    if (list) /* 胸腔积液或气胸|存在 */
        end = last_observation(s, beg, end);
    uint32_t m = w->mention, k = w->cue;
    for (uint32_t i = beg; i < end; i++) {
        while (m < end_of(s->mentions) && mention_at(s, m).end <= i)
            m++;
        while (k < end_of(s->cues) && cue_at(s, k).end <= i)
            k++;
        bool named = m < end_of(s->mentions) && mention_at(s, m).beg <= i;
        bool cue = k < end_of(s->cues) && cue_at(s, k).beg <= i;
        if (named ? is_subject(s, m) && !(list && s->d->mentions.at[m].type != RT_TYPE_ANATOMY)
            : cue ? cue_of(s, k)->category != RT_CUE_JOIN
                  : is_han(s->text, i))
            return true;
        any |= named && is_observation(s, m);
    }
    return !any;
}

/* English: a verb stands before the end of the first observation of the clause, so it is said of
 * its subject: "no effusion, the heart is enlarged"; not "no effusion, nodule or mass is seen". */
static bool verb_first(const scene *s, uint32_t beg, uint32_t end, uint32_t *m)
{
    while (*m < end_of(s->mentions) && (mention_at(s, *m).beg < beg || !is_observation(s, *m)))
        (*m)++;
    if (*m >= end_of(s->mentions) || mention_at(s, *m).beg >= end)
        return false;
    rt_str t = rt_str_slice(s->text, beg, mention_at(s, *m).end);
    return rt_str_find(t, RT_STR(" is "), NULL) || rt_str_find(t, RT_STR(" are "), NULL);
}

/* First cue of the sentence that starts in [beg, end), or RT_NIL; *from as *m above. */
static uint32_t first_cue(const scene *s, uint32_t beg, uint32_t end, uint32_t *from)
{
    while (*from < end_of(s->cues) && cue_at(s, *from).beg < beg)
        (*from)++;
    return *from < end_of(s->cues) && cue_at(s, *from).beg < end ? *from : RT_NIL;
}

/* English: "or" has closed the list behind `cue`, so that what "and" adds, or a clause with a verb,
 * stands for itself: "no effusion or pneumothorax, and the scar is stable". */
static bool list_closed(const scene *s, uint32_t cue, uint32_t comma, uint32_t beg, uint32_t end)
{
    rt_str t = rt_str_slice(s->text, beg, end);
    return has_alternative(s, cue_at(s, cue).end, comma, cue + 1) &&
           !has_alternative(s, beg, end, cue + 1) &&
           (rt_str_starts(t, RT_STR("and ")) || rt_str_find(t, RT_STR(" is "), NULL) ||
            rt_str_find(t, RT_STR(" are "), NULL));
}

/* Does the clause behind this comma end the scope of `denial`? */
static bool comma_ends(const scene *s, uint32_t denial, uint32_t comma, walk *w)
{
    uint32_t beg = comma + 1;
    while (beg < s->at.end && s->text.ptr[beg] == ' ')
        beg++;
    uint32_t end = clause_end(s, beg), cue = first_cue(s, beg, end, &w->cue);
    if (!s->zh && list_closed(s, denial, comma, beg, end))
        return true;
    if (cue != RT_NIL && cue_of(s, cue)->category == RT_CUE_JOIN && cue_at(s, cue).beg == beg)
        return false;
    if (s->zh)
        return more_than_names(s, beg, end, w);
    if (verb_first(s, beg, end, &w->mention))
        return true;
    for (; cue < end_of(s->cues) && cue_at(s, cue).beg < end; cue++) {
        if (cue_of(s, cue)->category == RT_CUE_TERMINATE)
            return false; /* it ends the scope itself: "no tear, gap or retraction and there is" */
        if (presence_cue(cue_of(s, cue)->category))
            return true;
    }
    return false;
}

/* ---- scope
 * --------------------------------------------------------------------------------------------- */

/* The observation that touches the cue from behind (forward) or from before, or RT_NIL. */
static uint32_t touched(const scene *s, uint32_t cue, bool forward)
{
    rt_fspan at = cue_at(s, cue); /* English: but a blank */
    at.end += !s->zh && at.end < s->at.end && s->text.ptr[at.end] == ' ';
    at.beg -= !s->zh && at.beg > s->at.beg && s->text.ptr[at.beg - 1] == ' ';
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        rt_fspan o = mention_at(s, m);
        if (is_observation(s, m) && (forward ? o.beg == at.end : o.end == at.beg))
            return m;
    }
    return RT_NIL;
}

/* What the cue does here. A Chinese normal statement that denies (未见异常) and is followed
 * directly by an observation denies that one (未见异常|增厚), unless it names a place and so begins
 * anew. */
static rt_cue_type category_of(const scene *s, uint32_t cue)
{
    const rt_cue *c = cue_of(s, cue);
    if (c->category != RT_CUE_NORMAL || c->lang != RT_LANG_ZH)
        return (rt_cue_type)c->category;
    uint32_t m = touched(s, cue, true), beg = cue_at(s, cue).beg;
    if (m == RT_NIL || names_subject(s, m))
        return RT_CUE_NORMAL;
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == beg; i++) {
        rt_range r = s->lex->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; k < end_of(r); k++)
            if (s->lex->entries[k].kind == RT_ENTRY_CUE &&
                s->lex->cues[s->lex->entries[k].target].category == RT_CUE_ABSENT)
                return RT_CUE_ABSENT;
    }
    return RT_CUE_NORMAL;
}

/* What `cue` suggests is denied with what suggests it: the observation directly before it, in the
 * clause of `denial` or behind the "or" that closes its list ("no opacity suggestive of
 * pneumonia"). In Chinese that stands behind: 未见|提示肺炎的实变. */
static bool hangs_on_denied(const scene *s, uint32_t denial, uint32_t cue)
{
    const rt_cue *c = cue_of(s, cue);
    uint32_t beg = cue_at(s, denial).end;
    if (c->link != RT_LINK_SUGGESTS || c->direction != RT_DIRECTION_FORWARD ||
        cue_of(s, denial)->category != RT_CUE_ABSENT)
        return false;
    if (s->zh)
        return cue_at(s, cue).beg == beg;
    uint32_t m = touched(s, cue, false);
    return m != RT_NIL && beg <= mention_at(s, m).beg &&
           (clause_end(s, beg) >= mention_at(s, m).end ||
            has_alternative(s, beg, mention_at(s, m).beg, denial + 1));
}

/* "、可见|气胸或积液": a verb inside a list that goes on to "or" begins nothing. */
static bool verb_in_list(const scene *s, uint32_t cue)
{
    rt_fspan at = cue_at(s, cue);
    return s->zh && cue_of(s, cue)->category == RT_CUE_PRESENT && at.beg >= s->at.beg + 3 &&
           memcmp(s->text.ptr + at.beg - 3, "、", 3) == 0 &&
           has_alternative(s, at.end, clause_end(s, at.end), cue + 1);
}

/* Does the cue `other` end what `cue` says? */
static bool takes_over(const scene *s, uint32_t cue, uint32_t other)
{
    const rt_cue *b = cue_of(s, other);
    if (hangs_on_denied(s, cue, other) ||
        (cue_of(s, cue)->category == RT_CUE_ABSENT && verb_in_list(s, other)))
        return false;
    if (b->category == RT_CUE_TERMINATE && cue_at(s, other).beg == cue_at(s, cue).end)
        return false;                                                   /* 未见|其他结节 */
    if (b->category == RT_CUE_TERMINATE && b->scope == RT_SCOPE_NEXT && /* denials alone */
        (cue_of(s, cue)->category != RT_CUE_ABSENT ||
         last_observation(s, cue_at(s, cue).end, cue_at(s, other).beg) == cue_at(s, other).beg))
        return false; /* "no post-procedural pneumothorax" */
    if (b->category == RT_CUE_TERMINATE || b->category == RT_CUE_EXCEPT)
        return true;
    rt_cue_type category = category_of(s, cue);
    if (category >= RT_CUE_NEW && category <= RT_CUE_RESOLVED) /* "increasing pain, history of" */
        return b->category == RT_CUE_HISTORICAL && !s->zh;
    if (!presence_cue(category))
        return false;
    if (b->category == RT_CUE_NORMAL)
        return b->lang == RT_LANG_ZH;
    if (!presence_cue(b->category) ||
        (b->category != RT_CUE_ABSENT && b->link == RT_LINK_ACCOMPANIES))
        return false;
    if (b->scope == RT_SCOPE_TOUCH)
        return b->direction == RT_DIRECTION_FORWARD && touched(s, other, true) != RT_NIL;
    return b->direction == RT_DIRECTION_FORWARD;
}

/* Begin of the clause that ends at `end`, not before `limit`. */
static uint32_t clause_beg(const scene *s, uint32_t end, uint32_t limit)
{
    uint32_t i = end;
    while (i > limit && !soft_end(s, i - 1) &&
           (s->text.ptr[i - 1] == ':' || !hard_end(s->text, i - 1)))
        i--;
    return i;
}

/* Chinese: does the denial only describe what is seen or what comes without something:
 * 见|无糖代谢的 结节, 占位|不伴水肿? 无 describes (scope list); 没有 and 未见 are verbs and deny.
 */
static bool is_attribute(const scene *s, uint32_t cue)
{
    const rt_cue *c = cue_of(s, cue);
    uint32_t from = clause_beg(s, cue_at(s, cue).beg, s->at.beg);
    if (!s->zh || c->category != RT_CUE_ABSENT || c->scope != RT_SCOPE_LIST)
        return s->zh && c->category == RT_CUE_ABSENT && c->link == RT_LINK_ACCOMPANIES;
    for (uint32_t k = cue; k > s->cues.first && cue_at(s, k - 1).beg >= from; k--)
        if (cue_of(s, k - 1)->category == RT_CUE_PRESENT ||
            cue_of(s, k - 1)->category == RT_CUE_NEW)
            return true;
    return false;
}

/* Where the scope of such a denial ends: at the first 的 with an observation directly behind it,
 * unless a list goes on there (无实变、明确的积液); else at `end`. */
static uint32_t attribute_end(const scene *s, uint32_t cue, uint32_t end)
{
    enum { SHORTEST = 7 }; /* bytes: 见无明显的 has no attribute */
    const rt_between words = {s->lex, s->d};
    uint32_t beg = cue_at(s, cue).end, stop = clause_end(s, beg), m = s->mentions.first;
    for (uint32_t i = rt_doc_first_hit(s->d, beg); i < s->d->hits.len; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.beg >= stop || rt_between_reads(&words, h, RT_RELATOR_LIST))
            return end;
        if (h->at.beg < beg + SHORTEST || !rt_between_reads(&words, h, RT_RELATOR_OF))
            continue;
        while (m < end_of(s->mentions) && mention_at(s, m).beg < h->at.end)
            m++;
        if (m < end_of(s->mentions) && mention_at(s, m).beg == h->at.end)
            return h->at.beg;
    }
    return end;
}

static uint32_t forward_end(const scene *s, uint32_t cue)
{
    uint32_t end = is_attribute(s, cue) ? attribute_end(s, cue, s->at.end) : s->at.end;
    if (cue_of(s, cue)->scope == RT_SCOPE_SENTENCE)
        return end;
    for (uint32_t i = cue + 1; i < end_of(s->cues) && cue_at(s, i).beg < end; i++)
        if (takes_over(s, cue, i))
            end = cue_at(s, i).beg;
    uint32_t i = cue_at(s, cue).end;
    i += i < end && s->text.ptr[i] == ':'; /* "PMH: pneumonia" */
    walk w = {cue + 1, s->mentions.first};
    for (; i < end; i++)
        if (hard_end(s->text, i) || (soft_end(s, i) && comma_ends(s, cue, i, &w)))
            return i;
    return end;
}

/* Where a cue that looks back has to stop: behind the last cue before it that ends its scope. */
static uint32_t backward_limit(const scene *s, uint32_t cue)
{
    uint32_t beg = s->at.beg;
    const rt_cue *a = cue_of(s, cue);
    for (uint32_t i = s->cues.first; i < cue && a->scope != RT_SCOPE_SENTENCE; i++) {
        const rt_cue *b = cue_of(s, i);
        if (b->direction == RT_DIRECTION_NONE)
            continue;
        bool behind = presence_cue(a->category) && presence_cue(b->category) &&
                      b->direction == RT_DIRECTION_BACKWARD;
        bool settled = b->category == RT_CUE_PSEUDO && b->direction == RT_DIRECTION_BACKWARD;
        if (takes_over(s, cue, i) || behind || settled || b->category == a->category)
            beg = cue_at(s, i).end;
    }
    return beg;
}

/* ---- effect
 * -------------------------------------------------------------------------------------------- */

static bool set_presence(const scene *s, rt_assertion *a, uint32_t cue, rt_presence_type p)
{
    /* a question stays a question; what is denied or hedged is not made present by a verb; absent
     * and hedged together is hedged ("possible, no definite ..." is doubt) */
    bool said = a->cue != RT_NIL || a->presence != RT_PRESENCE_PRESENT;
    if (a->presence == RT_PRESENCE_QUERIED || (said && p == RT_PRESENCE_PRESENT) ||
        (a->presence == RT_PRESENCE_POSSIBLE && p == RT_PRESENCE_ABSENT))
        return true;
    a->presence = (uint8_t)p;
    a->cue = cue;
    a->link = cue_of(s, cue)->link;
    return true;
}

/* A treated disease that is compared is a disease of now (转移治疗后,部分缩小); one that was
 * operated on stays history, and what follows compares something else (乳癌术后,较前变化不著). */
static bool set_change(const scene *s, uint32_t cue, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    uint8_t change = (uint8_t)(RT_CHANGE_NEW + (cue_of(s, cue)->category - RT_CUE_NEW));
    bool operated = mention + 1 < end_of(s->mentions) && a->temporality != RT_TEMPORALITY_CURRENT &&
                    s->d->mentions.at[mention + 1].type == RT_TYPE_PROCEDURE;
    if (s->d->mentions.at[mention].type == RT_TYPE_PROCEDURE || operated)
        return false;
    if (a->presence == RT_PRESENCE_ABSENT && a->cue != RT_NIL)
        return false;
    if (a->temporality == RT_TEMPORALITY_HISTORICAL)
        a->temporality = RT_TEMPORALITY_CURRENT;
    if (a->change == RT_CHANGE_NONE ||
        (s->zh && a->change == RT_CHANGE_STABLE)) /* 部分不著,部分增大 */
        a->change = change;
    if (change == RT_CHANGE_RESOLVED && a->temporality == RT_TEMPORALITY_CURRENT)
        a->presence = RT_PRESENCE_ABSENT;
    return true;
}

/* Does the sentence stand in a request or its reasons? */
static bool in_request(const scene *s)
{
    unsigned type = s->d->sections.at[s->d->sentences.at[s->sentence].section].type;
    return type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL;
}

/* 可疑: doubts what it stands beside, and is denied with it. */
static bool is_adjective(const scene *s, uint32_t cue)
{
    return s->zh && cue_of(s, cue)->direction == RT_DIRECTION_BOTH &&
           cue_of(s, cue)->link == RT_LINK_NONE;
}

/* False: the cue does not concern this mention. */
static bool apply(const scene *s, uint32_t cue, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    rt_cue_type category = category_of(s, cue);
    switch (category) {
    case RT_CUE_ABSENT:
        return set_presence(s, a, cue, RT_PRESENCE_ABSENT);
    case RT_CUE_UNLIKELY:
        return set_presence(s, a, cue, RT_PRESENCE_UNLIKELY);
    case RT_CUE_POSSIBLE:
        if (is_adjective(s, cue) && a->presence == RT_PRESENCE_ABSENT)
            return true; /* 未见明显可疑结节 */
        return set_presence(s, a, cue, RT_PRESENCE_POSSIBLE);
    case RT_CUE_QUERIED: /* who asks outside a request doubts, in Chinese: 请除外转移 */
        return set_presence(s, a, cue,
                            s->zh && !in_request(s) ? RT_PRESENCE_POSSIBLE : RT_PRESENCE_QUERIED);
    case RT_CUE_PRESENT:
        return set_presence(s, a, cue, RT_PRESENCE_PRESENT);
    case RT_CUE_HISTORICAL:
        a->temporality = RT_TEMPORALITY_HISTORICAL;
        break;
    case RT_CUE_FAMILY:
        a->experiencer = RT_EXPERIENCER_FAMILY;
        break;
    case RT_CUE_OTHER:
        a->experiencer = RT_EXPERIENCER_OTHER;
        break;
    case RT_CUE_CONDITIONAL:
        a->temporality = RT_TEMPORALITY_CONDITIONAL;
        break;
    case RT_CUE_RECOMMEND:
        a->advised = true;
        break;
    case RT_CUE_NEW:
    case RT_CUE_INCREASED:
    case RT_CUE_DECREASED:
    case RT_CUE_STABLE:
    case RT_CUE_RESOLVED:
        return set_change(s, cue, mention);
    case RT_CUE_NORMAL:
    case RT_CUE_PSEUDO:
    case RT_CUE_TERMINATE:
    case RT_CUE_EXCEPT:
    case RT_CUE_JOIN:
    case RT_CUE_COMPARE:
    case RT_CUE_TOLD:
    case RT_CUE_END:
        break;
    }
    return true;
}

static bool apply_forward(const scene *s, uint32_t cue)
{
    bool any = false;
    uint32_t beg = cue_at(s, cue).end, end = forward_end(s, cue);
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        rt_fspan at = mention_at(s, m);
        if (at.beg < beg || at.beg >= end || !is_observation(s, m))
            continue;
        any |= apply(s, cue, m);
        if (cue_of(s, cue)->scope == RT_SCOPE_NEXT && category_of(s, cue) != RT_CUE_ABSENT)
            break;
    }
    return any;
}

static bool apply_between(const scene *s, uint32_t cue, uint32_t beg, uint32_t end)
{
    bool any = false;
    for (uint32_t m = end_of(s->mentions); m-- > s->mentions.first;) {
        rt_fspan at = mention_at(s, m);
        if (at.end > end || at.beg < beg || !is_observation(s, m))
            continue;
        any |= apply(s, cue, m);
        if (any && cue_of(s, cue)->scope == RT_SCOPE_NEXT)
            break;
    }
    return any;
}

/* A clause that hangs on the one before it: 伴胆管扩张, 考虑转移, 转移? What accompanies has its
 * own fate, what explains shares that of what it explains, unless it has a place of its own. */
static rt_link_type link_of_clause(const scene *s, uint32_t beg, uint32_t end)
{
    for (uint32_t i = s->cues.first; i < end_of(s->cues) && cue_at(s, i).beg <= beg; i++)
        if (cue_at(s, i).beg == beg && cue_of(s, i)->link == RT_LINK_ACCOMPANIES)
            return RT_LINK_ACCOMPANIES;
    bool explains = false;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        if (mention_at(s, m).beg < beg || mention_at(s, m).end > end)
            continue;
        if (s->d->mentions.at[m].type == RT_TYPE_ANATOMY || s->d->mentions.at[m].side)
            return RT_LINK_NONE;
        explains |= is_observation(s, m) && s->d->assertions.at[m].link == RT_LINK_SUGGESTS;
    }
    return explains ? RT_LINK_SUGGESTS : RT_LINK_NONE;
}

/* Back over the clauses, for a cue whose own clause names nothing ("右肺结节,较前增大"), to the
 * nearest that names an observation and does not hang on another. Bounded by the sentence. */
static bool apply_far(const scene *s, uint32_t cue, uint32_t end, uint32_t limit)
{
    bool any = false;
    while (end > limit) {
        uint32_t beg = clause_beg(s, end, limit);
        rt_link_type link = link_of_clause(s, beg, end);
        bool hit = link != RT_LINK_ACCOMPANIES && apply_between(s, cue, beg, end);
        if (hit && link != RT_LINK_SUGGESTS)
            return true;
        any |= hit;
        if (beg == limit || hard_end(s->text, beg - 1))
            break;
        end = beg - 1;
    }
    return any;
}

/* Does the clause [beg, end) end with an observation, but for blanks? */
static bool ends_with_name(const scene *s, uint32_t beg, uint32_t end)
{
    while (end > beg && s->text.ptr[end - 1] == ' ')
        end--;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++)
        if (mention_at(s, m).end == end && mention_at(s, m).beg >= beg && is_observation(s, m))
            return true;
    return false;
}

/* "Consolidation, pneumothorax, or effusion have been ruled out": back over the commas of a list
 * that ends in the clause at `beg`. */
static uint32_t list_beg(const scene *s, uint32_t beg, uint32_t end, uint32_t limit)
{
    bool joined = false;
    for (uint32_t k = s->cues.first; k < end_of(s->cues) && cue_at(s, k).beg < end; k++)
        joined |= cue_at(s, k).beg >= beg && cue_of(s, k)->category == RT_CUE_JOIN;
    while (joined && beg > limit && soft_end(s, beg - 1)) {
        uint32_t before = clause_beg(s, beg - 1, limit);
        if (!ends_with_name(s, before, beg - 1))
            break;
        beg = before;
    }
    return beg;
}

/* Chinese: a place or a property stands between the last observation and the denial, which speaks
 * of that alone: 子宫肌瘤甲状腺左叶|未显示, 病灶强化|不明显. */
static bool denies_other(const scene *s, uint32_t cue)
{
    uint32_t m = end_of(s->mentions), end = cue_at(s, cue).beg;
    while (m > s->mentions.first && mention_at(s, m - 1).end > end)
        m--;
    return s->zh && cue_of(s, cue)->category == RT_CUE_ABSENT && m > s->mentions.first &&
           !is_observation(s, m - 1);
}

static bool apply_backward(const scene *s, uint32_t cue)
{
    uint32_t end = cue_at(s, cue).beg, limit = backward_limit(s, cue);
    if (denies_other(s, cue))
        return false;
    uint32_t beg = clause_beg(s, end, limit);
    if (presence_cue(cue_of(s, cue)->category))
        beg = list_beg(s, beg, end, limit);
    if (apply_between(s, cue, beg, end))
        return true;
    rt_cue_type category = (rt_cue_type)cue_of(s, cue)->category;
    if (category != RT_CUE_POSSIBLE && category < RT_CUE_NEW)
        return false;
    if (!s->zh && category >= RT_CUE_NEW) /* "still seen, but they are improving" */
        limit = s->at.beg;
    if (!s->zh && cue_of(s, cue)->direction == RT_DIRECTION_EACH &&
        rt_str_trim(rt_str_slice(s->text, beg, end)).len > 0)
        return false; /* ", CT versus MR is advised" */
    return beg > limit && apply_far(s, cue, beg - 1, limit);
}

/* Both directions: what follows directly, with nothing but places and modifiers between
 * (不除外骨转移, stable cardiomegaly), else what precedes (转移不除外). */
static bool follows(const scene *s, uint32_t cue)
{
    enum { GAP = 8 /* bytes between that belong to no mention: " in the ", 的 */ };
    uint32_t at = cue_at(s, cue).end, loose = 0;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        rt_fspan o = mention_at(s, m);
        if (o.beg < at)
            continue;
        for (uint32_t i = at; i < o.beg; i++)
            if (hard_end(s->text, i) || soft_end(s, i) || ++loose > GAP)
                return false;
        at = o.end;
        if (is_observation(s, m))
            return true;
    }
    return false;
}

/* Nothing but degrees in [beg, end). */
static bool only_degrees(const scene *s, uint32_t beg, uint32_t end)
{
    uint32_t m = s->mentions.first;
    for (uint32_t i = beg; i < end; i++) {
        while (m < end_of(s->mentions) && mention_at(s, m).end <= i)
            m++;
        bool named = m < end_of(s->mentions) && mention_at(s, m).beg <= i;
        if (named ? s->d->mentions.at[m].type != RT_TYPE_SEVERITY : is_han(s->text, i))
            return false;
    }
    return true;
}

/* 较前, and 较 before a date. */
static bool compares(const scene *s, uint32_t cue)
{
    uint32_t end = cue_at(s, cue).end;
    return cue_of(s, cue)->category == RT_CUE_COMPARE &&
           (cue_of(s, cue)->scope != RT_SCOPE_TOUCH ||
            (end < s->at.end && (rt_is_digit(s->text.ptr[end]) || s->text.ptr[end] == '(')));
}

/* 增大 and its like are findings (甲状腺增大) but for two places: behind a comparison (较前片增大)
 * and alone in a clause behind an observation (考虑转移,略增大). There they change that
 * observation. */
static void act_on_change_word(const scene *s, uint32_t cue)
{
    uint32_t end = cue_at(s, cue).beg, beg = clause_beg(s, end, s->at.beg);
    bool compared = false, hit = false;
    for (uint32_t i = s->cues.first; i < cue; i++)
        compared |= cue_at(s, i).beg >= beg && compares(s, i);
    if (compared)
        hit = apply_backward(s, cue);
    else if (beg > s->at.beg && only_degrees(s, beg, end))
        hit = apply_far(s, cue, beg - 1, backward_limit(s, cue));
    for (uint32_t m = s->mentions.first; hit && m < end_of(s->mentions); m++)
        if (mention_at(s, m).beg == end)
            s->d->assertions.at[m].advised = true; /* no finding of its own */
}

/* Is the cue the beginning of a normal statement ("no|acute bony abnormality")? Then it denies
 * nothing behind it but the alternatives of a list. */
static bool begins_normal(const scene *s, uint32_t cue)
{
    rt_fspan at = cue_at(s, cue);
    for (uint32_t i = rt_doc_first_hit(s->d, at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == at.beg; i++) {
        rt_range r = s->lex->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; s->d->hits.at[i].at.end > at.end && k < end_of(r); k++) {
            const rt_entry *e = &s->lex->entries[k];
            if (e->kind == RT_ENTRY_NORMAL ||
                (e->kind == RT_ENTRY_CUE && s->lex->cues[e->target].category == RT_CUE_NORMAL))
                return !has_alternative(s, at.end, forward_end(s, cue), cue + 1);
        }
    }
    return false;
}

static bool ends_clause(const scene *s, uint32_t cue)
{
    uint32_t end = cue_at(s, cue).end;
    return end >= s->at.end || s->text.ptr[end] == '.' || soft_end(s, end) ||
           hard_end(s->text, end) || hard_end(s->text, end + 2);
}

static void act(const scene *s, uint32_t cue)
{
    const rt_cue *c = cue_of(s, cue);
    bool forward = c->direction == RT_DIRECTION_FORWARD;
    if (category_of(s, cue) != c->category) {
        apply_forward(s, cue);
        return;
    }
    uint32_t before = s->zh ? RT_NIL : touched(s, cue, false);
    uint32_t denial = before != RT_NIL               ? s->d->assertions.at[before].cue
                      : s->zh && cue > s->cues.first ? cue - 1
                                                     : RT_NIL;
    if (denial != RT_NIL && hangs_on_denied(s, denial, cue))
        return;
    if (c->scope == RT_SCOPE_TOUCH) {
        uint32_t m = touched(s, cue, forward);
        if (m != RT_NIL)
            apply(s, cue, m);
        return;
    }
    switch ((rt_direction_type)c->direction) {
    case RT_DIRECTION_FORWARD:
        if (c->category == RT_CUE_ABSENT && ends_clause(s, cue)) /* 胆囊结石未见 */
            apply_backward(s, cue);
        else if (s->zh || c->category != RT_CUE_ABSENT || !begins_normal(s, cue))
            apply_forward(s, cue);
        break;
    case RT_DIRECTION_BACKWARD:
        apply_backward(s, cue);
        break;
    case RT_DIRECTION_BOTH:
        if (follows(s, cue) || !apply_backward(s, cue))
            apply_forward(s, cue);
        break;
    case RT_DIRECTION_EACH:
        apply_backward(s, cue);
        apply_forward(s, cue);
        break;
    case RT_DIRECTION_NONE:
        if (c->category >= RT_CUE_NEW)
            act_on_change_word(s, cue);
        break;
    case RT_DIRECTION_END:
        break;
    }
}

/* An explanation shares the change of what it explains (病灶,较前增大,考虑炎症). */
static void share_change(const scene *s)
{
    uint32_t before = RT_NIL;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        if (!is_observation(s, m))
            continue;
        rt_assertion *a = &s->d->assertions.at[m];
        if (a->link == RT_LINK_SUGGESTS && before != RT_NIL && a->change == RT_CHANGE_NONE &&
            s->d->assertions.at[before].change != RT_CHANGE_RESOLVED)
            a->change = s->d->assertions.at[before].change;
        if (a->link != RT_LINK_SUGGESTS)
            before = m;
    }
}

/* ---- what the section says
 * ------------------------------------------------------------------------------ */

/* A heading that is a cue as well ("past medical history", 家族史) speaks for its whole section. */
static void heading_says(const scene *s, rt_fspan heading, rt_assertion *a)
{
    for (uint32_t i = rt_doc_first_hit(s->d, heading.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == heading.beg; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.end != heading.end)
            continue;
        rt_range r = s->lex->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < end_of(r); k++) {
            const rt_entry *e = &s->lex->entries[k];
            if (e->kind != RT_ENTRY_CUE ||
                s->lex->cues[e->target].direction != RT_DIRECTION_FORWARD)
                continue;
            if (s->lex->cues[e->target].category == RT_CUE_HISTORICAL)
                a->temporality = RT_TEMPORALITY_HISTORICAL;
            else if (s->lex->cues[e->target].category == RT_CUE_FAMILY)
                a->experiencer = RT_EXPERIENCER_FAMILY;
        }
    }
}

static rt_assertion by_section(const scene *s, uint32_t section)
{
    rt_assertion a = {.cue = RT_NIL, .from = RT_NIL, .presence = RT_PRESENCE_PRESENT};
    const rt_section *h = &s->d->sections.at[section];
    switch ((rt_section_type)h->type) {
    case RT_SECTION_RECOMMENDATION:
    case RT_SECTION_TECHNIQUE:
        a.advised = true;
        break;
    case RT_SECTION_REQUEST: /* what is known stands beside what is asked: cues tell them apart */
    case RT_SECTION_CLINICAL:
    case RT_SECTION_COMPARISON:
    case RT_SECTION_OTHER:
        heading_says(s, h->heading, &a);
        break;
    case RT_SECTION_FINDINGS:
    case RT_SECTION_IMPRESSION:
    case RT_SECTION_COMMUNICATION:
    case RT_SECTION_ADDENDUM:
    case RT_SECTION_END:
        break;
    }
    return a;
}

/* "Pneumothorax: none": a label that is an observation takes what the line says of it. */
static void act_on_label(const scene *s)
{
    rt_fspan label = s->d->sentences.at[s->sentence].label;
    if (label.end == label.beg || s->cues.count == 0)
        return;
    uint32_t first = s->cues.first;
    if (cue_at(s, first).beg < label.end || !presence_cue(cue_of(s, first)->category))
        return;
    rt_str between = rt_str_slice(s->text, label.end, cue_at(s, first).beg);
    if (!rt_str_eq(rt_str_trim(between), RT_STR(":")))
        return;
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++)
        if (mention_at(s, m).end <= label.end && is_observation(s, m))
            apply(s, first, m);
}

static bool asked(rt_str t, rt_fspan at)
{
    size_t end = at.end + (at.end < t.len && t.ptr[at.end] == ' ');
    return (at.beg > 0 && t.ptr[at.beg - 1] == '?') || (end < t.len && t.ptr[end] == '?');
}

/* "?SAH" and 主动脉夹层？: a question mark at the term asks in a request, and doubts anywhere else.
 */
static void act_on_question(const scene *s)
{
    for (uint32_t m = s->mentions.first; m < end_of(s->mentions); m++) {
        rt_assertion *a = &s->d->assertions.at[m];
        if (!is_observation(s, m) || !asked(s->text, mention_at(s, m)))
            continue;
        a->presence = in_request(s) ? RT_PRESENCE_QUERIED : RT_PRESENCE_POSSIBLE;
        a->link = RT_LINK_SUGGESTS; /* 结节,转移? */
    }
}

/* What the cues of one sentence say. */
static void read_sentence(const scene *s)
{
    act_on_question(s);
    for (uint32_t i = s->cues.first; i < end_of(s->cues); i++)
        act(s, i);
    act_on_label(s);
    if (s->zh)
        share_change(s);
}

/* Does the sentence begin with a word for what was named before it ("This was also seen on the
 * prior study"), or hold nothing but the cue ("Unchanged.")? */
static bool looks_back(const scene *s)
{
    const rt_sentence *t = &s->d->sentences.at[s->sentence];
    const rt_between words = {s->lex, s->d};
    for (uint32_t i = rt_doc_first_hit(s->d, s->at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == s->at.beg; i++)
        if (rt_between_reads(&words, &s->d->hits.at[i], RT_RELATOR_BACK))
            return true;
    rt_fspan cue = cue_at(s, s->cues.first);
    return !t->item && cue.beg == s->at.beg && cue.end + 1 >= s->at.end;
}

/* A sentence that names nothing and compares speaks of what the sentence before it found. */
static void refer_back(scene *s, rt_range before)
{
    const rt_doc *d = s->d;
    if (s->zh || s->cues.count == 0 || before.count == 0 || s->sentence == 0 ||
        d->mentions.at[before.first].sentence != s->sentence - 1 ||
        d->sentences.at[s->sentence].section != d->sentences.at[s->sentence - 1].section ||
        !looks_back(s))
        return;
    for (uint32_t k = s->cues.first; k < end_of(s->cues); k++) {
        unsigned category = cue_of(s, k)->category;
        for (uint32_t m = before.first; m < end_of(before); m++)
            if (category >= RT_CUE_NEW && category <= RT_CUE_STABLE && is_observation(s, m) &&
                d->assertions.at[m].presence != RT_PRESENCE_ABSENT &&
                d->assertions.at[m].temporality == RT_TEMPORALITY_CURRENT)
                set_change(s, k, m);
    }
}

rt_code rt_stage_assertion(rt_ctx *c, rt_doc *d)
{
    scene s = {.lex = c->know->lexicon, .d = d, .text = d->text.folded};
    rt_range last = {0, 0}; /* mentions of the last sentence that has any */
    uint32_t section = RT_NIL;
    rt_assertion a = {0};
    for (uint32_t i = 0; i < d->mentions.len; i++) {
        uint32_t here = d->sentences.at[d->mentions.at[i].sentence].section;
        if (here != section)
            a = by_section(&s, here);
        section = here;
        RT_PUSH(c->perm, &d->assertions, a);
    }
    if (d->assertions.len < d->mentions.len)
        return RT_OK; /* the arena is full: the report will be run again */
    for (s.sentence = 0; s.sentence < d->sentences.len; s.sentence++) {
        s.at = d->sentences.at[s.sentence].at;
        s.zh = d->sentences.at[s.sentence].lang == RT_LANG_ZH;
        s.mentions = (rt_range){end_of(s.mentions), 0};
        s.cues = (rt_range){end_of(s.cues), 0};
        while (end_of(s.mentions) < d->mentions.len &&
               d->mentions.at[end_of(s.mentions)].sentence == s.sentence)
            s.mentions.count++;
        while (end_of(s.cues) < d->cues.len && d->cues.at[end_of(s.cues)].sentence == s.sentence)
            s.cues.count++;
        if (has_observation(&s)) /* else there is nobody to speak of */
            read_sentence(&s);
        else
            refer_back(&s, last);
        if (s.mentions.count > 0)
            last = s.mentions;
    }
    return RT_OK;
}
