/* Stage assertion: for each mention whether, when, for whom, and how changed. ConText, in both
 * languages.
 *
 * Cues act in the order of the text; the category decides who wins, not the position. For each cue
 * the mentions in its scope are found: forward or backward from the cue, to the end of the clause,
 * list or sentence, stopped by a terminating cue and by a cue of the same family that takes over.
 * What a mention is told by its section (advice, a history) comes first, cues come over it. On
 * doubt: present or possible, never absent. The scope is that of assertion_scope.c. */
#include "stage/assertion.h"

#include "base/utf8.h"
#include "knowledge/between.h"

static bool has_observation(const rt_scene *s)
{
    uint32_t m = s->mentions.first;
    while (m < rt_scene_end(s->mentions) && !rt_observes(s, m))
        m++;
    return m < rt_scene_end(s->mentions);
}

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
static bool set_change(const rt_scene *s, uint32_t cue, uint32_t mention)
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
static bool in_request(const rt_scene *s)
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
static bool apply(const rt_scene *s, uint32_t cue, uint32_t mention)
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
        return set_change(s, cue, mention);
    case RT_CUE_RESOLVED:
        return of_some(s, cue, mention) ? lessen(s, mention) : set_change(s, cue, mention);
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
    uint32_t beg = rt_cue_at(s, cue).end, end = rt_forward_end(s, cue);
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_fspan at = rt_mention_at(s, m);
        if (at.beg < beg || at.beg >= end || !rt_observes(s, m) ||
            (rt_category_of(s, cue) == RT_CUE_ABSENT && rt_is_given(s, cue, m)))
            continue;
        any |= apply(s, cue, m);
        if (rt_cue_of(s, cue)->scope == RT_SCOPE_NEXT && rt_category_of(s, cue) != RT_CUE_ABSENT)
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
        any |= apply(s, cue, m);
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

static bool ends_clause(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).end;
    return end >= s->at.end || s->text.ptr[end] == '.' || rt_soft_end(s, end) ||
           rt_hard_end(s->text, end) || rt_hard_end(s->text, end + 2);
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

static void act(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    bool forward = c->direction == RT_DIRECTION_FORWARD;
    if (c->category == RT_CUE_EXCEPT) {
        except(s, cue);
        return;
    }
    if (rt_category_of(s, cue) != c->category && rt_category_of(s, cue) != RT_CUE_NEW) {
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
            apply(s, cue, m);
        return;
    }
    switch ((rt_direction_type)c->direction) {
    case RT_DIRECTION_FORWARD:
        if (c->category == RT_CUE_ABSENT && ends_clause(s, cue)) /* 胆囊结石未见 */
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

/* An explanation shares the change of what it explains (病灶,较前增大,考虑炎症). */
static void share_change(const rt_scene *s)
{
    uint32_t before = RT_NIL;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        if (!rt_observes(s, m))
            continue;
        rt_assertion *a = &s->d->assertions.at[m];
        if (a->link == RT_LINK_SUGGESTS && before != RT_NIL && a->change == RT_CHANGE_NONE &&
            s->d->assertions.at[before].change != RT_CHANGE_RESOLVED)
            a->change = s->d->assertions.at[before].change;
        if (a->link != RT_LINK_SUGGESTS)
            before = m;
    }
}

/* ---- what the section says */

/* A heading that is a cue as well ("past medical history", 家族史) speaks for its whole section. */
static void heading_says(const rt_scene *s, rt_fspan heading, rt_assertion *a)
{
    for (uint32_t i = rt_doc_first_hit(s->d, heading.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == heading.beg; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.end != heading.end)
            continue;
        rt_range r = s->lex->patterns[h->pattern].entries;
        for (uint32_t k = r.first; k < rt_scene_end(r); k++) {
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

static rt_assertion by_section(const rt_scene *s, uint32_t section)
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
static void act_on_label(const rt_scene *s)
{
    rt_fspan label = s->d->sentences.at[s->sentence].label;
    if (label.end == label.beg || s->cues.count == 0)
        return;
    uint32_t first = s->cues.first;
    if (rt_cue_at(s, first).beg < label.end || !rt_presence_cue(rt_cue_of(s, first)->category))
        return;
    rt_str between = rt_str_slice(s->text, label.end, rt_cue_at(s, first).beg);
    if (!rt_str_eq(rt_str_trim(between), RT_STR(":")))
        return;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++)
        if (rt_mention_at(s, m).end <= label.end && rt_observes(s, m))
            apply(s, first, m);
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || rt_is_digit(c);
}

/* A question mark that stands before the words of the term ("?SAH", "? acute left basal
 * pneumonia"), and not behind a word of its own. */
static bool asked_before(rt_str t, uint32_t from, uint32_t beg)
{
    uint32_t i = beg;
    while (i > from && (t.ptr[i - 1] == ' ' || t.ptr[i - 1] == '-' || is_word_byte(t.ptr[i - 1])))
        i--;
    if (i == from || t.ptr[i - 1] != '?')
        return false;
    return i == beg || i - 1 == from || t.ptr[i] != ' ' || !is_word_byte(t.ptr[i - 2]);
}

/* ... and one behind the words of its place ("PE in the right lower lobe?"), where no other finding
 * stands between. */
static bool asked_behind(const rt_scene *s, uint32_t m)
{
    rt_str t = s->text;
    size_t i = rt_mention_at(s, m).end;
    while (i < t.len && (t.ptr[i] == ' ' || is_word_byte(t.ptr[i])))
        i++;
    if (i == t.len || t.ptr[i] != '?')
        return false;
    for (m++; m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < i; m++)
        if (rt_observes(s, m))
            return false;
    return true;
}

/* "?SAH" and 主动脉夹层？: a question mark at the term asks in a request, and doubts anywhere else.
 */
static void act_on_question(const rt_scene *s)
{
    size_t end = s->at.end < s->text.len ? s->at.end + 1 : s->text.len;
    if (memchr(s->text.ptr + s->at.beg, '?', end - s->at.beg) == NULL)
        return;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_assertion *a = &s->d->assertions.at[m];
        if (!rt_observes(s, m) ||
            !(asked_behind(s, m) || asked_before(s->text, s->at.beg, rt_mention_at(s, m).beg)))
            continue;
        a->presence = in_request(s) ? RT_PRESENCE_QUERIED : RT_PRESENCE_POSSIBLE;
        a->link = RT_LINK_SUGGESTS; /* 结节,转移? */
    }
}

/* What the cues of one sentence say. */
static void read_sentence(const rt_scene *s)
{
    act_on_question(s);
    for (uint32_t i = s->cues.first; i < rt_scene_end(s->cues); i++)
        act(s, i);
    act_on_label(s);
    if (s->zh)
        share_change(s);
}

/* Does the sentence begin with a word for what was named before it ("This was also seen on the
 * prior study"), or hold nothing but the cue ("Unchanged.")? */
static bool looks_back(const rt_scene *s)
{
    const rt_sentence *t = &s->d->sentences.at[s->sentence];
    const rt_between words = {s->lex, s->d};
    for (uint32_t i = rt_doc_first_hit(s->d, s->at.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == s->at.beg; i++)
        if (rt_between_reads(&words, &s->d->hits.at[i], RT_RELATOR_BACK))
            return true;
    rt_fspan cue = rt_cue_at(s, s->cues.first);
    return !t->item && cue.beg == s->at.beg && cue.end + 1 >= s->at.end;
}

/* A sentence that names nothing and compares speaks of what the sentence before it found. */
static void refer_back(rt_scene *s, rt_range before)
{
    const rt_doc *d = s->d;
    if (s->zh || s->cues.count == 0 || before.count == 0 || s->sentence == 0 ||
        d->mentions.at[before.first].sentence != s->sentence - 1 ||
        d->sentences.at[s->sentence].section != d->sentences.at[s->sentence - 1].section ||
        !looks_back(s))
        return;
    for (uint32_t k = s->cues.first; k < rt_scene_end(s->cues); k++) {
        unsigned category = rt_cue_of(s, k)->category;
        for (uint32_t m = before.first; m < rt_scene_end(before); m++)
            if (category >= RT_CUE_NEW && category <= RT_CUE_STABLE && rt_observes(s, m) &&
                d->assertions.at[m].presence != RT_PRESENCE_ABSENT &&
                d->assertions.at[m].temporality == RT_TEMPORALITY_CURRENT)
                set_change(s, k, m);
    }
}

rt_code rt_stage_assertion(rt_ctx *c, rt_doc *d)
{
    rt_scene s = {.lex = c->know->lexicon, .d = d, .text = d->text.folded};
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
        s.mentions = (rt_range){rt_scene_end(s.mentions), 0};
        s.cues = (rt_range){rt_scene_end(s.cues), 0};
        while (rt_scene_end(s.mentions) < d->mentions.len &&
               d->mentions.at[rt_scene_end(s.mentions)].sentence == s.sentence)
            s.mentions.count++;
        while (rt_scene_end(s.cues) < d->cues.len &&
               d->cues.at[rt_scene_end(s.cues)].sentence == s.sentence)
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
