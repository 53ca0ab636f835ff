/* What a cue does: where it reaches, and how it changes what it reaches. See assertion.c; the scope
 * is that of assertion_scope.c. */
#include "stage/assertion.h"

#include "base/utf8.h"
#include "knowledge/between.h"

/* ---- effect */

static bool set_presence(const rt_scene *s, rt_assertion *a, uint32_t cue, rt_presence_type p)
{
    /* a question stays a question; what is denied or hedged is not made present by a verb; absent
     * and hedged together is hedged ("possible, no definite ..." is doubt) */
    bool said = a->cue != RT_NIL || a->presence != RT_PRESENCE_PRESENT;
    if (a->presence == RT_PRESENCE_QUERIED || (said && p == RT_PRESENCE_PRESENT) ||
        (a->presence == RT_PRESENCE_POSSIBLE && p == RT_PRESENCE_ABSENT))
        return true;
    a->presence = (uint8_t)p;
    a->cue = cue;
    a->link = rt_cue_of(s, cue)->link;
    return true;
}

/* A treated disease that is compared is a disease of now (转移治疗后,部分缩小); one that was
 * operated on stays history, and what follows compares something else (乳癌术后,较前变化不著). */
bool rt_cue_change(const rt_scene *s, uint32_t cue, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    uint8_t change = (uint8_t)(RT_CHANGE_NEW + (rt_category_of(s, cue) - RT_CUE_NEW));
    bool operated = mention + 1 < rt_scene_end(s->mentions) &&
                    a->temporality != RT_TEMPORALITY_CURRENT &&
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

/* Chinese: what is denied of some (部分结节|未见显示) or gone (大部分血肿|已吸收) leaves the
 * others. */
static bool of_some(const rt_scene *s, uint32_t cue, uint32_t mention)
{
    uint32_t end = rt_mention_at(s, mention).beg, beg = rt_clause_beg(s, end, s->at.beg);
    if (!s->zh || rt_cue_at(s, cue).beg < end)
        return false;
    for (uint32_t m = mention; m-- > s->mentions.first && rt_mention_at(s, m).end > beg;)
        if (rt_observes(s, m))
            beg = rt_mention_at(s, m).end;
    const rt_between words = {s->lex, s->d};
    return rt_between_relator(&words, (rt_fspan){beg, end}, RT_RELATOR_SOME);
}

/* Fewer or smaller than before, and there. */
static bool lessen(const rt_scene *s, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    if (a->change == RT_CHANGE_NONE)
        a->change = RT_CHANGE_DECREASED;
    return true;
}

/* Does the sentence stand in a request or its reasons? */
bool rt_in_request(const rt_scene *s)
{
    unsigned type = s->d->sections.at[s->d->sentences.at[s->sentence].section].type;
    return type == RT_SECTION_REQUEST || type == RT_SECTION_CLINICAL;
}

/* 可疑: doubts what it stands beside, and is denied with it. */
static bool is_adjective(const rt_scene *s, uint32_t cue)
{
    return s->zh && rt_cue_of(s, cue)->direction == RT_DIRECTION_BOTH &&
           rt_cue_of(s, cue)->link == RT_LINK_NONE;
}

/* False: the cue does not concern this mention. */
bool rt_cue_apply(const rt_scene *s, uint32_t cue, uint32_t mention)
{
    rt_assertion *a = &s->d->assertions.at[mention];
    rt_cue_type category = rt_category_of(s, cue);
    switch (category) {
    case RT_CUE_ABSENT:
        return of_some(s, cue, mention) ? lessen(s, mention)
                                        : set_presence(s, a, cue, RT_PRESENCE_ABSENT);
    case RT_CUE_UNLIKELY:
        return set_presence(s, a, cue, RT_PRESENCE_UNLIKELY);
    case RT_CUE_POSSIBLE:
        if (is_adjective(s, cue) && a->presence == RT_PRESENCE_ABSENT)
            return true; /* 未见明显可疑结节 */
        return set_presence(s, a, cue, RT_PRESENCE_POSSIBLE);
    case RT_CUE_QUERIED: /* who asks outside a request doubts, in Chinese: 请除外转移 */
        return set_presence(
            s, a, cue, s->zh && !rt_in_request(s) ? RT_PRESENCE_POSSIBLE : RT_PRESENCE_QUERIED);
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
        return rt_cue_change(s, cue, mention);
    case RT_CUE_RESOLVED:
        return of_some(s, cue, mention) ? lessen(s, mention) : rt_cue_change(s, cue, mention);
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

static bool apply_forward(const rt_scene *s, uint32_t cue)
{
    bool any = false;
    rt_cue_type category = rt_category_of(s, cue);
    uint32_t beg = rt_cue_at(s, cue).end, end = rt_forward_end(s, cue);
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_fspan at = rt_mention_at(s, m);
        if (at.beg < beg || at.beg >= end || !rt_observes(s, m) ||
            (category == RT_CUE_ABSENT && rt_is_given(s, cue, m)))
            continue;
        any |= rt_cue_apply(s, cue, m);
        if (rt_cue_of(s, cue)->scope == RT_SCOPE_NEXT && category != RT_CUE_ABSENT)
            break;
    }
    return any;
}

static bool apply_between(const rt_scene *s, uint32_t cue, uint32_t beg, uint32_t end)
{
    bool any = false;
    for (uint32_t m = rt_scene_end(s->mentions); m-- > s->mentions.first;) {
        rt_fspan at = rt_mention_at(s, m);
        if (at.end > end || at.beg < beg || !rt_observes(s, m))
            continue;
        any |= rt_cue_apply(s, cue, m);
        if (any && rt_cue_of(s, cue)->scope == RT_SCOPE_NEXT)
            break;
    }
    return any;
}

/* A clause that hangs on the one before it: 伴胆管扩张, 考虑转移, 转移? What accompanies has its
 * own fate, what explains shares that of what it explains, unless it has a place of its own. */
static rt_link_type link_of_clause(const rt_scene *s, uint32_t beg, uint32_t end)
{
    for (uint32_t i = s->cues.first; i < rt_scene_end(s->cues) && rt_cue_at(s, i).beg <= beg; i++)
        if (rt_cue_at(s, i).beg == beg && rt_cue_of(s, i)->link == RT_LINK_ACCOMPANIES)
            return RT_LINK_ACCOMPANIES;
    bool explains = false;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        if (rt_mention_at(s, m).beg < beg || rt_mention_at(s, m).end > end)
            continue;
        if (s->d->mentions.at[m].type == RT_TYPE_ANATOMY || s->d->mentions.at[m].side)
            return RT_LINK_NONE;
        explains |= rt_observes(s, m) && s->d->assertions.at[m].link == RT_LINK_SUGGESTS;
    }
    return explains ? RT_LINK_SUGGESTS : RT_LINK_NONE;
}

/* Back over the clauses, for a cue whose own clause names nothing ("右肺结节,较前增大"), to the
 * nearest that names an observation and does not hang on another. Bounded by the sentence. */
static bool apply_far(const rt_scene *s, uint32_t cue, uint32_t end, uint32_t limit)
{
    bool any = false;
    while (end > limit) {
        uint32_t beg = rt_clause_beg(s, end, limit);
        rt_link_type link = link_of_clause(s, beg, end);
        bool hit = link != RT_LINK_ACCOMPANIES && apply_between(s, cue, beg, end);
        if (hit && link != RT_LINK_SUGGESTS)
            return true;
        any |= hit;
        if (beg == limit || rt_hard_end(s->text, beg - 1))
            break;
        end = beg - 1;
    }
    return any;
}

/* Does the clause [beg, end) end with an observation, but for blanks? */
static bool ends_with_name(const rt_scene *s, uint32_t beg, uint32_t end)
{
    while (end > beg && s->text.ptr[end - 1] == ' ')
        end--;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++)
        if (rt_mention_at(s, m).end == end && rt_mention_at(s, m).beg >= beg && rt_observes(s, m))
            return true;
    return false;
}

/* "Consolidation, pneumothorax, or effusion have been ruled out": back over the commas of a list
 * that ends in the clause at `beg`. */
static uint32_t list_beg(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t limit)
{
    bool joined = false;
    for (uint32_t k = s->cues.first; k < rt_scene_end(s->cues) && rt_cue_at(s, k).beg < end; k++)
        joined |= rt_cue_at(s, k).beg >= beg && rt_cue_of(s, k)->category == RT_CUE_JOIN;
    while (joined && beg > limit && rt_soft_end(s, beg - 1)) {
        uint32_t before = rt_clause_beg(s, beg - 1, limit);
        if (!ends_with_name(s, before, beg - 1))
            break;
        beg = before;
    }
    return beg;
}

/* Chinese: a place or a property stands between the last observation and the denial, which speaks
 * of that alone: 子宫肌瘤甲状腺左叶|未显示, 病灶强化|不明显, 积液,脑沟|消失. */
static bool denies_other(const rt_scene *s, uint32_t cue)
{
    uint32_t m = rt_scene_end(s->mentions), end = rt_cue_at(s, cue).beg;
    while (m > s->mentions.first && rt_mention_at(s, m - 1).end > end)
        m--;
    if (!s->zh || m == s->mentions.first || rt_observes(s, m - 1))
        return false;
    if (rt_cue_of(s, cue)->category == RT_CUE_ABSENT)
        return true;
    rt_fspan o = rt_mention_at(s, m - 1); /* what is gone: not in 代谢增高的|淋巴结|消失 */
    return rt_cue_of(s, cue)->category == RT_CUE_RESOLVED && o.end == end &&
           (s->d->mentions.at[m - 1].type == RT_TYPE_ANATOMY ||
            s->d->mentions.at[m - 1].type == RT_TYPE_PROPERTY) &&
           (o.beg < s->at.beg + 3 ||
            memcmp(s->text.ptr + o.beg - 3, "\xE7\x9A\x84", 3) != 0); /* 的 */
}

/* Chinese: a subject that the lexicon does not know stands in [beg, end): 肿大淋巴结,淋巴门|消失.
 */
static bool names_unknown(const rt_scene *s, uint32_t beg, uint32_t end)
{
    enum { UNKNOWN = 9 }; /* bytes; 现已 and the like are shorter */
    uint32_t m = s->mentions.first, k = s->cues.first, n = 0;
    for (uint32_t i = beg; i < end; i++) {
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).end <= i)
            m++;
        while (k < rt_scene_end(s->cues) && rt_cue_at(s, k).end <= i)
            k++;
        bool known = (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg <= i) ||
                     (k < rt_scene_end(s->cues) && rt_cue_at(s, k).beg <= i);
        n += !known && (unsigned char)s->text.ptr[i] >= 0x80;
    }
    return s->zh && n >= UNKNOWN;
}

/* Chinese: a doubt or denial of a word of its own within brackets does not reach out of them:
 * 支气管异物(花生米|可能), 输卵管妊娠(破裂|不除外); it does where it stands alone, 气胸(|可能). */
static uint32_t within_brackets(const rt_scene *s, uint32_t cue, uint32_t limit)
{
    uint32_t end = rt_cue_at(s, cue).beg, beg = end;
    if (!s->zh || !rt_presence_cue(rt_cue_of(s, cue)->category))
        return limit;
    while (beg > limit && s->text.ptr[beg - 1] != '(' && s->text.ptr[beg - 1] != ')')
        beg--;
    bool bracket = beg > limit && s->text.ptr[beg - 1] == '(';
    return bracket && rt_clause_beg(s, end, beg) < end ? beg : limit;
}

static bool apply_backward(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).beg;
    uint32_t limit = within_brackets(s, cue, rt_backward_limit(s, cue));
    if (denies_other(s, cue))
        return false;
    uint32_t beg = rt_clause_beg(s, end, limit);
    if (rt_presence_cue(rt_cue_of(s, cue)->category))
        beg = list_beg(s, beg, end, limit);
    if (apply_between(s, cue, beg, end))
        return true;
    rt_cue_type category = (rt_cue_type)rt_cue_of(s, cue)->category;
    if (category != RT_CUE_POSSIBLE && category < RT_CUE_NEW)
        return false;
    if (!s->zh && category >= RT_CUE_NEW) /* "still seen, but they are improving" */
        limit = s->at.beg;
    if (!s->zh && rt_cue_of(s, cue)->direction == RT_DIRECTION_EACH &&
        rt_str_trim(rt_str_slice(s->text, beg, end)).len > 0)
        return false; /* ", CT versus MR is advised" */
    if (category == RT_CUE_RESOLVED && names_unknown(s, beg, end))
        return false;
    return beg > limit && apply_far(s, cue, beg - 1, limit);
}

/* Nothing but degrees in [beg, end). */
static bool only_degrees(const rt_scene *s, uint32_t beg, uint32_t end)
{
    uint32_t m = s->mentions.first;
    for (uint32_t i = beg; i < end; i++) {
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).end <= i)
            m++;
        bool named = m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg <= i;
        if (named ? s->d->mentions.at[m].type != RT_TYPE_SEVERITY : rt_is_han_at(s->text, i))
            return false;
    }
    return true;
}

/* 较前, and 较 before a date. */
static bool compares(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).end;
    return rt_cue_of(s, cue)->category == RT_CUE_COMPARE &&
           (rt_cue_of(s, cue)->scope != RT_SCOPE_TOUCH ||
            (end < s->at.end && (rt_is_digit(s->text.ptr[end]) || s->text.ptr[end] == '(')));
}

/* 与前片比较,...: a comparison that names nothing and opens the sentence is of all that it says. */
static bool opens_sentence(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).end;
    bool ends = end < s->at.end && (rt_soft_end(s, end) || s->text.ptr[end] == ':');
    return ends && rt_clause_beg(s, end, s->at.beg) == s->at.beg &&
           (s->mentions.count == 0 || rt_mention_at(s, s->mentions.first).beg >= end);
}

/* 增大 and its like are findings (甲状腺增大) but for two places: behind a comparison (较前片增大)
 * and alone in a clause behind an observation (考虑转移,略增大). There they change that
 * observation. */
static void act_on_change_word(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).beg, beg = rt_clause_beg(s, end, s->at.beg);
    bool compared = false, hit = false;
    for (uint32_t i = s->cues.first; i < cue; i++)
        compared |= (rt_cue_at(s, i).beg >= beg || opens_sentence(s, i)) && compares(s, i);
    if (compared)
        hit = apply_backward(s, cue);
    else if (beg > s->at.beg && only_degrees(s, beg, end))
        hit = apply_far(s, cue, beg - 1, rt_backward_limit(s, cue));
    for (uint32_t m = s->mentions.first; hit && m < rt_scene_end(s->mentions); m++)
        if (rt_mention_at(s, m).beg == end)
            s->d->assertions.at[m].advised = true; /* no finding of its own */
}

/* Is the cue the beginning of a normal statement ("no|acute bony abnormality")? Then it denies
 * nothing behind it but the alternatives of a list. */
static bool begins_normal(const rt_scene *s, uint32_t cue)
{
    rt_fspan at = rt_cue_at(s, cue);
    for (uint32_t i = rt_doc_first_hit(s->d, at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == at.beg; i++) {
        rt_range r = s->lex->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; s->d->hits.at[i].at.end > at.end && k < rt_scene_end(r); k++) {
            const rt_entry *e = &s->lex->entries[k];
            if (e->kind == RT_ENTRY_NORMAL ||
                (e->kind == RT_ENTRY_CUE && s->lex->cues[e->target].category == RT_CUE_NORMAL))
                return !rt_has_alternative(s, at.end, rt_forward_end(s, cue), cue + 1);
        }
    }
    return false;
}

/* "no marrow edema|except for|a focus in the tibia": an exception that names no other finding is of
 * what was denied, which is there. */
static void except(const rt_scene *s, uint32_t cue)
{
    uint32_t beg = rt_cue_at(s, cue).end, end = rt_forward_end(s, cue), last = RT_NIL;
    bool named = false;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_fspan at = rt_mention_at(s, m);
        if (rt_observes(s, m) && at.beg < beg)
            last = m;
        if (at.beg < beg || at.beg >= end)
            continue;
        if (rt_observes(s, m))
            return;
        named |= s->d->mentions.at[m].type == RT_TYPE_ANATOMY ||
                 s->d->mentions.at[m].type == RT_TYPE_SIDE;
    }
    if (s->zh || !named || last == RT_NIL ||
        rt_mention_at(s, last).beg < rt_clause_beg(s, rt_cue_at(s, cue).beg, s->at.beg))
        return;
    rt_assertion *a = &s->d->assertions.at[last];
    if (a->presence == RT_PRESENCE_ABSENT && a->cue != RT_NIL)
        a->presence = RT_PRESENCE_PRESENT;
}

/* "Not seen: aneurysm, dissection." */
static bool heads_list(const rt_scene *s, uint32_t cue)
{
    rt_fspan at = rt_cue_at(s, cue);
    return at.beg == s->at.beg && at.end < s->at.end && s->text.ptr[at.end] == ':';
}

static void act_in_direction(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    switch ((rt_direction_type)c->direction) {
    case RT_DIRECTION_FORWARD:
        if (c->category == RT_CUE_ABSENT && rt_ends_clause(s, cue)) /* 胆囊结石未见 */
            apply_backward(s, cue);
        else if (!rt_denies_change(s, cue) &&
                 (s->zh || c->category != RT_CUE_ABSENT || !begins_normal(s, cue)))
            apply_forward(s, cue);
        break;
    case RT_DIRECTION_BACKWARD:
        if (!apply_backward(s, cue) && heads_list(s, cue))
            apply_forward(s, cue);
        break;
    case RT_DIRECTION_BOTH: /* what follows directly, else what precedes (转移不除外) */
        if (rt_observation_follows(s, cue) || !apply_backward(s, cue))
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

void rt_cue_act(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    bool forward = c->direction == RT_DIRECTION_FORWARD;
    if (c->category == RT_CUE_EXCEPT) {
        except(s, cue);
        return;
    }
    rt_cue_type category = rt_category_of(s, cue);
    if (category != c->category && category != RT_CUE_NEW) {
        apply_forward(s, cue);
        return;
    }
    uint32_t before = s->zh ? RT_NIL : rt_touched(s, cue, false);
    uint32_t denial = before != RT_NIL               ? s->d->assertions.at[before].cue
                      : s->zh && cue > s->cues.first ? cue - 1
                                                     : RT_NIL;
    if (denial != RT_NIL && rt_hangs_on_denied(s, denial, cue))
        return;
    if (c->scope == RT_SCOPE_TOUCH) {
        uint32_t m = rt_touched(s, cue, forward);
        if (m != RT_NIL)
            rt_cue_apply(s, cue, m);
        return;
    }
    act_in_direction(s, cue);
}
