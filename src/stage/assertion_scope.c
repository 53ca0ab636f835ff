/* How far a cue reaches: clauses and their ends, what takes over, where a scope stops on either
 * side.
 *
 * The comma is the trap. In Chinese it separates whole statements as often as items of a list, so
 * it ends a scope unless a word joins the next clause (及, 或) or that clause is nothing but
 * findings: a place, a side, a degree, a property or any other word makes it speak for itself. In
 * English it ends a scope where the next clause has a cue of its own. */
#include "stage/assertion.h"

#include "knowledge/between.h"

/* ---- clauses */

/* Bytes that may end a clause, or open a bracket that does; the last of 。 among them. All others
 * are passed without a question. */
static const bool may_end[256] = {
    [','] = true, [';'] = true, [':'] = true, ['('] = true, [' '] = true, [0x82] = true,
};

static bool passes(const rt_scene *s, uint32_t i)
{
    unsigned char c = (unsigned char)s->text.ptr[i];
    return !may_end[c] || (c == ' ' && !s->zh);
}

/* Is byte i a hard end of a clause? A line end within a sentence is a mere wrap. */
bool rt_hard_end(rt_str t, uint32_t i)
{
    return t.ptr[i] == ';' || (t.ptr[i] == ':' && i + 1 < t.len) ||
           (i >= 2 && memcmp(t.ptr + i - 2, "。", 3) == 0);
}

/* A Han character at byte i? */
bool rt_is_han_at(rt_str t, uint32_t i)
{
    unsigned char c = (unsigned char)t.ptr[i];
    return (c >= 0xE4 && c <= 0xE9) ||
           (c == 0xE3 && i + 1 < t.len && (unsigned char)t.ptr[i + 1] >= 0x90);
}

/* A blank inside Chinese text separates clauses as a comma does, behind a bracket too. */
static bool blank_of_zh(const rt_scene *s, uint32_t i)
{
    return s->zh && s->text.ptr[i] == ' ' && i + 1 < s->at.end && rt_is_han_at(s->text, i + 1) &&
           i > s->at.beg &&
           ((unsigned char)s->text.ptr[i - 1] >= 0x80 || s->text.ptr[i - 1] == ')');
}

bool rt_soft_end(const rt_scene *s, uint32_t i)
{
    return s->text.ptr[i] == ',' || blank_of_zh(s, i);
}

static uint32_t clause_end(const rt_scene *s, uint32_t i)
{
    while (i < s->at.end && (passes(s, i) || (!rt_soft_end(s, i) && !rt_hard_end(s->text, i))))
        i++;
    return i;
}

/* Does the form of this mention begin with a place or a property (甲状腺增大, 密度不均匀)? Then it
 * is a statement of its own. */
static bool names_subject(const rt_scene *s, uint32_t mention)
{
    const rt_doc *d = s->d;
    rt_fspan at = rt_mention_at(s, mention);
    for (uint32_t lo = rt_doc_first_hit(d, at.beg);
         lo < d->hits.len && d->hits.at[lo].at.beg == at.beg; lo++) {
        rt_range r = s->lex->patterns[d->hits.at[lo].pattern].entries;
        for (uint32_t i = r.first; i < rt_scene_end(r) && d->hits.at[lo].at.end < at.end; i++) {
            const rt_entry *e = &s->lex->entries[i];
            unsigned type = s->lex->concepts[e->kind == RT_ENTRY_CONCEPT ? e->target : 0].type;
            if (e->kind == RT_ENTRY_CONCEPT &&
                (type == RT_TYPE_ANATOMY || type == RT_TYPE_SIDE || type == RT_TYPE_PROPERTY))
                return true;
        }
    }
    return s->d->mentions.at[mention].side != RT_SIDE_NONE;
}

static bool is_subject(const rt_scene *s, uint32_t mention)
{
    unsigned type = s->d->mentions.at[mention].type;
    return type == RT_TYPE_ANATOMY || type == RT_TYPE_SIDE || type == RT_TYPE_SEVERITY ||
           type == RT_TYPE_COUNT || type == RT_TYPE_PROPERTY ||
           (rt_observes(s, mention) && names_subject(s, mention));
}

/* Where a walk over the commas of a scope stands: clauses come in order, each mention and cue is
 * passed once. */
typedef struct walk {
    uint32_t cue, mention;
} walk;

/* "A or B" in the clause: what is denied of the one is denied of the other, wherever they lie
 * (无结节,胸腔积液或气胸). */
bool rt_has_alternative(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t from)
{
    for (uint32_t k = from; k < rt_scene_end(s->cues) && rt_cue_at(s, k).beg < end; k++)
        if (rt_cue_at(s, k).beg >= beg && rt_cue_of(s, k)->category == RT_CUE_JOIN &&
            rt_cue_of(s, k)->scope == RT_SCOPE_CLAUSE)
            return true;
    return false;
}

/* End of the last observation of the clause [beg, end), or end. */
static uint32_t last_observation(const rt_scene *s, uint32_t beg, uint32_t end)
{
    uint32_t last = end;
    for (uint32_t m = s->mentions.first;
         m < rt_scene_end(s->mentions) && rt_mention_at(s, m).end <= end; m++)
        if (rt_mention_at(s, m).beg >= beg && rt_observes(s, m))
            last = rt_mention_at(s, m).end;
    return last;
}

/* Chinese: the clause [beg, end) says more than the names of findings and the words that join
 * them. */
static bool more_than_names(const rt_scene *s, uint32_t beg, uint32_t end, walk *w)
{
    while (w->mention < rt_scene_end(s->mentions) && rt_mention_at(s, w->mention).beg < beg)
        w->mention++;
    bool any = false, list = rt_has_alternative(s, beg, end, w->cue);
    if (list) /* 胸腔积液或气胸|存在 */
        end = last_observation(s, beg, end);
    uint32_t m = w->mention, k = w->cue;
    for (uint32_t i = beg; i < end; i++) {
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).end <= i)
            m++;
        while (k < rt_scene_end(s->cues) && rt_cue_at(s, k).end <= i)
            k++;
        bool named = m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg <= i;
        bool cue = k < rt_scene_end(s->cues) && rt_cue_at(s, k).beg <= i;
        if (named ? is_subject(s, m) && !(list && s->d->mentions.at[m].type != RT_TYPE_ANATOMY)
            : cue ? rt_cue_of(s, k)->category != RT_CUE_JOIN
                  : rt_is_han_at(s->text, i))
            return true;
        any |= named && rt_observes(s, m);
    }
    return !any;
}

/* English: a verb stands before the end of the first observation of the clause, so it is said of
 * its subject: "no effusion, the heart is enlarged"; not "no effusion, nodule or mass is seen". */
static bool verb_first(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t *m)
{
    while (*m < rt_scene_end(s->mentions) &&
           (rt_mention_at(s, *m).beg < beg || !rt_observes(s, *m)))
        (*m)++;
    if (*m >= rt_scene_end(s->mentions) || rt_mention_at(s, *m).beg >= end)
        return false;
    rt_str t = rt_str_slice(s->text, beg, rt_mention_at(s, *m).end);
    return rt_str_find(t, RT_STR(" is "), NULL) || rt_str_find(t, RT_STR(" are "), NULL);
}

/* English: "and" opens a statement of its own, with its own verb: "no stones|and the pancreas is
 * atrophic", not "no stones and no cysts", "no mass and adenopathy is seen". */
static bool opens_statement(const rt_scene *s, uint32_t cue)
{
    uint32_t beg = rt_cue_at(s, cue).end, m = s->mentions.first;
    return !s->zh && rt_cue_of(s, cue)->category == RT_CUE_JOIN &&
           rt_cue_of(s, cue)->scope != RT_SCOPE_CLAUSE &&
           verb_first(s, beg, clause_end(s, beg), &m);
}

/* First cue of the sentence that starts in [beg, end), or RT_NIL; *from as *m above. */
static uint32_t first_cue(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t *from)
{
    while (*from < rt_scene_end(s->cues) && rt_cue_at(s, *from).beg < beg)
        (*from)++;
    return *from < rt_scene_end(s->cues) && rt_cue_at(s, *from).beg < end ? *from : RT_NIL;
}

/* English: "or" has closed the list behind `cue`, so that what "and" adds, or a clause with a verb,
 * stands for itself: "no effusion or pneumothorax, and the scar is stable". */
static bool list_closed(const rt_scene *s, uint32_t cue, uint32_t comma, uint32_t beg, uint32_t end)
{
    rt_str t = rt_str_slice(s->text, beg, end);
    return rt_has_alternative(s, rt_cue_at(s, cue).end, comma, cue + 1) &&
           !rt_has_alternative(s, beg, end, cue + 1) &&
           (rt_str_starts(t, RT_STR("and ")) || rt_str_find(t, RT_STR(" is "), NULL) ||
            rt_str_find(t, RT_STR(" are "), NULL));
}

/* "either" in "on either side" says nothing of a finding. */
static bool touches_nothing(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    return c->scope == RT_SCOPE_TOUCH &&
           rt_touched(s, cue, c->direction == RT_DIRECTION_FORWARD) == RT_NIL;
}

/* Chinese: what is denied before the comma is nothing that we know (内|未见血流,蒂扭转): then what
 * follows is no item of its list. */
static bool denies_unknown(const rt_scene *s, uint32_t denial, uint32_t comma)
{
    uint32_t beg = rt_cue_at(s, denial).end;
    if (rt_cue_of(s, denial)->category != RT_CUE_ABSENT || beg == comma)
        return false;
    for (uint32_t m = s->mentions.first;
         m < rt_scene_end(s->mentions) && rt_mention_at(s, m).end <= comma; m++)
        if (rt_mention_at(s, m).beg >= beg && rt_observes(s, m))
            return false;
    return true;
}

/* Does a word that says that what follows is there begin at `beg`: "no infarct,|old lacune"; a
 * size, "no hydronephrosis,|4 mm stone"? */
static bool begins_own(const rt_scene *s, uint32_t beg)
{
    const rt_between words = {s->lex, s->d};
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == beg; i++)
        if (rt_between_reads(&words, &s->d->hits.at[i], RT_RELATOR_OWN))
            return true;
    uint32_t v = 0; /* a report has few */
    while (v < s->d->measures.len && s->d->measures.at[v].at.beg < beg)
        v++;
    return v < s->d->measures.len && s->d->measures.at[v].at.beg == beg &&
           s->d->measures.at[v].comparator != '>' && s->d->measures.at[v].comparator != '<';
}

/* English: a clause [beg, end) behind a denial and a comma that names a finding and yet goes on
 * with no list: it is added with "with", has a degree, a side or an age of its own, or says what
 * became of it ("no pneumothorax,|effusion persists"). Not what "or" closes ("no mass, small nodule
 * or ..."). */
static bool stands_alone(const rt_scene *s, uint32_t beg, uint32_t end, uint32_t from)
{
    uint32_t last = last_observation(s, beg, end), stop = end;
    while (stop < s->at.end && !rt_hard_end(s->text, stop))
        stop++;
    if (last >= end || rt_has_alternative(s, beg, stop, from))
        return false;
    bool own = begins_own(s, beg);
    for (uint32_t k = from; k < rt_scene_end(s->cues) && rt_cue_at(s, k).beg < end; k++) {
        const rt_cue *c = rt_cue_of(s, k);
        if (rt_cue_at(s, k).beg < last)
            continue;
        if (c->category == RT_CUE_PSEUDO && c->direction == RT_DIRECTION_BACKWARD)
            return false; /* "no mass, bilateral nodule was|detected" */
        own = own || (c->category >= RT_CUE_NEW && c->category < RT_CUE_RESOLVED &&
                      (c->direction == RT_DIRECTION_BACKWARD || c->direction == RT_DIRECTION_BOTH));
    }
    return own;
}

/* Does the clause behind this comma end the scope of `denial`? */
static bool comma_ends(const rt_scene *s, uint32_t denial, uint32_t comma, walk *w)
{
    uint32_t beg = comma + 1;
    while (beg < s->at.end && s->text.ptr[beg] == ' ')
        beg++;
    uint32_t end = clause_end(s, beg), cue = first_cue(s, beg, end, &w->cue);
    if (!s->zh && list_closed(s, denial, comma, beg, end))
        return true;
    if (cue != RT_NIL && rt_cue_of(s, cue)->category == RT_CUE_JOIN && rt_cue_at(s, cue).beg == beg)
        return opens_statement(s, cue);
    if (s->zh)
        return denies_unknown(s, denial, comma) || more_than_names(s, beg, end, w) ||
               (begins_own(s, beg) && !rt_has_alternative(s, beg, end, w->cue));
    if (verb_first(s, beg, end, &w->mention))
        return true;
    unsigned category = rt_cue_of(s, denial)->category;
    if (s->text.ptr[comma] == ',' && (rt_presence_cue(category) || category == RT_CUE_RESOLVED) &&
        stands_alone(s, beg, end, w->cue))
        return true;
    for (; cue < rt_scene_end(s->cues) && rt_cue_at(s, cue).beg < end; cue++) {
        if (rt_cue_of(s, cue)->category == RT_CUE_TERMINATE)
            return false; /* it ends the scope itself: "no tear, gap or retraction and there is" */
        if (rt_presence_cue(rt_cue_of(s, cue)->category) && !touches_nothing(s, cue))
            return true;
    }
    return false;
}

/* ---- scope */

/* The observation that touches the cue from behind (forward) or from before, or RT_NIL. */
uint32_t rt_touched(const rt_scene *s, uint32_t cue, bool forward)
{
    rt_fspan at = rt_cue_at(s, cue); /* English: but a blank or a hyphen */
    at.end += !s->zh && at.end < s->at.end && strchr(" -", s->text.ptr[at.end]) != NULL;
    at.beg -= !s->zh && at.beg > s->at.beg && s->text.ptr[at.beg - 1] == ' ';
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_fspan o = rt_mention_at(s, m);
        if (rt_observes(s, m) && (forward ? o.beg == at.end : o.end == at.beg))
            return m;
    }
    return RT_NIL;
}

/* English: a denial directly before a noun of change denies the change and nothing else:
 * "no|increase in the size of", "without evidence of|resolution of". */
bool rt_denies_change(const rt_scene *s, uint32_t cue)
{
    if (s->zh || cue + 1 >= rt_scene_end(s->cues) || rt_cue_of(s, cue)->category != RT_CUE_ABSENT)
        return false;
    const rt_cue *b = rt_cue_of(s, cue + 1);
    uint32_t gap = rt_cue_at(s, cue + 1).beg - rt_cue_at(s, cue).end;
    return b->scope == RT_SCOPE_OBJECT && gap <= 1;
}

/* English: "was not seen|on the prior": what an earlier exam did not show is new. */
static bool is_of_before(const rt_scene *s, uint32_t cue)
{
    uint32_t beg = rt_cue_at(s, cue).end + 1;
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == beg; i++) {
        rt_range r = s->lex->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; k < rt_scene_end(r); k++)
            if (s->lex->entries[k].kind == RT_ENTRY_QUANTIFIER &&
                s->lex->quantifiers[s->lex->entries[k].target].meaning == RT_QUANTIFIER_EARLIER)
                return true;
    }
    return false;
}

/* What the cue does here. A change that is denied is stability. A Chinese normal statement that
 * denies (未见异常) and is followed directly by an observation denies that one (未见异常|增厚),
 * unless it names a place and so begins anew. */
rt_cue_type rt_category_of(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    if (c->scope == RT_SCOPE_OBJECT && c->category >= RT_CUE_NEW && cue > s->cues.first &&
        rt_denies_change(s, cue - 1))
        return RT_CUE_STABLE;
    if (c->category == RT_CUE_ABSENT && c->direction == RT_DIRECTION_BACKWARD && !s->zh &&
        is_of_before(s, cue))
        return RT_CUE_NEW;
    if (c->category != RT_CUE_NORMAL || c->lang != RT_LANG_ZH)
        return (rt_cue_type)c->category;
    uint32_t m = rt_touched(s, cue, true), beg = rt_cue_at(s, cue).beg;
    if (m == RT_NIL || names_subject(s, m))
        return RT_CUE_NORMAL;
    for (uint32_t i = rt_doc_first_hit(s->d, beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == beg; i++) {
        rt_range r = s->lex->patterns[s->d->hits.at[i].pattern].entries;
        for (uint32_t k = r.first; k < rt_scene_end(r); k++)
            if (s->lex->entries[k].kind == RT_ENTRY_CUE &&
                s->lex->cues[s->lex->entries[k].target].category == RT_CUE_ABSENT)
                return RT_CUE_ABSENT;
    }
    return RT_CUE_NORMAL;
}

/* What `cue` suggests is denied with what suggests it: the observation directly before it, in the
 * clause of `denial` or behind the "or" that closes its list ("no opacity suggestive of
 * pneumonia"). In Chinese that stands behind: 未见|提示肺炎的实变. */
bool rt_hangs_on_denied(const rt_scene *s, uint32_t denial, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    uint32_t beg = rt_cue_at(s, denial).end;
    if (c->link != RT_LINK_SUGGESTS || c->direction != RT_DIRECTION_FORWARD ||
        rt_cue_of(s, denial)->category != RT_CUE_ABSENT)
        return false;
    if (s->zh)
        return rt_cue_at(s, cue).beg == beg;
    uint32_t m = rt_touched(s, cue, false);
    return m != RT_NIL && beg <= rt_mention_at(s, m).beg &&
           (clause_end(s, beg) >= rt_mention_at(s, m).end ||
            rt_has_alternative(s, beg, rt_mention_at(s, m).beg, denial + 1));
}

/* Words of place between `at` and a mention: none, or they are its adjectives ("the right frontal
 * lesion", not "the mediastinum in pathological size"). */
static bool places_are_own(const rt_scene *s, uint32_t at, uint32_t mention)
{
    enum { LOOSE = 12 }; /* bytes of other words: 2 cm */
    const rt_between words = {s->lex, s->d};
    rt_fspan gap = {at, rt_mention_at(s, mention).beg};
    uint32_t m = mention, loose = 0;
    bool place = false;
    for (; m > s->mentions.first && rt_mention_at(s, m - 1).beg > at; m--)
        place = place || s->d->mentions.at[m - 1].type == RT_TYPE_ANATOMY;
    for (; m <= mention; m++) {
        loose += rt_mention_at(s, m).beg - at;
        at = rt_mention_at(s, m).end;
    }
    return !place || (loose <= LOOSE && !rt_between_relator(&words, gap, RT_RELATOR_PLACE) &&
                      !rt_between_any(&words, gap, ",;"));
}

/* English: "no enhancement|of the 2 cm|cyst": what is named with its article behind what is denied
 * of it is there. Not behind a word that says that it would be there again ("no recurrence of
 * the"). */
bool rt_is_given(const rt_scene *s, uint32_t cue, uint32_t mention)
{
    enum { REACH = 40 }; /* bytes from the preposition to the name */
    static const char the[] = " the ";
    const rt_between words = {s->lex, s->d};
    uint32_t from = rt_cue_at(s, cue).end, end = rt_mention_at(s, mention).beg, beg = from;
    for (uint32_t m = mention; m-- > s->mentions.first && rt_mention_at(s, m).beg >= from;)
        if (rt_observes(s, m)) {
            beg = rt_mention_at(s, m).end;
            break;
        }
    if (s->zh || beg == from)
        return false;
    for (uint32_t i = rt_doc_first_hit(s->d, beg); i < s->d->hits.len; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.beg >= end)
            break;
        if ((rt_between_reads(&words, h, RT_RELATOR_PLACE) ||
             rt_between_reads(&words, h, RT_RELATOR_CAUSE)) &&
            h->at.end + REACH >= end && h->at.end + sizeof the - 1 <= end &&
            memcmp(s->text.ptr + h->at.end, the, sizeof the - 1) == 0)
            return !rt_between_relator(&words, (rt_fspan){from, beg}, RT_RELATOR_AGAIN) &&
                   !rt_between_relator(&words, (rt_fspan){beg, end}, RT_RELATOR_LIST) &&
                   places_are_own(s, h->at.end + sizeof the - 2, mention);
    }
    return false;
}

/* "、可见|气胸或积液": a verb inside a list that goes on to "or" begins nothing. */
static bool verb_in_list(const rt_scene *s, uint32_t cue)
{
    rt_fspan at = rt_cue_at(s, cue);
    return s->zh && rt_cue_of(s, cue)->category == RT_CUE_PRESENT && at.beg >= s->at.beg + 3 &&
           memcmp(s->text.ptr + at.beg - 3, "、", 3) == 0 &&
           rt_has_alternative(s, at.end, clause_end(s, at.end), cue + 1);
}

/* What follows the cue directly, with nothing but places and modifiers between (不除外骨转移,
 * stable left effusion)? */
bool rt_observation_follows(const rt_scene *s, uint32_t cue)
{
    enum { GAP = 8 /* bytes between that belong to no mention: " in the ", 的 */ };
    uint32_t at = rt_cue_at(s, cue).end, loose = 0;
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++) {
        rt_fspan o = rt_mention_at(s, m);
        if (o.beg < at)
            continue;
        for (uint32_t i = at; i < o.beg; i++)
            if (rt_hard_end(s->text, i) || rt_soft_end(s, i) || ++loose > GAP)
                return false;
        at = o.end;
        if (rt_observes(s, m))
            return true;
    }
    return false;
}

/* English: a finding that is stable is there, whatever was denied or has gone before it: "no
 * effusion with stable cardiomegaly". Not in the list itself: "no effusion or stable nodule". */
static bool is_stable_thing(const rt_scene *s, uint32_t cue, uint32_t other)
{
    const rt_cue *a = rt_cue_of(s, cue), *b = rt_cue_of(s, other);
    uint32_t beg = rt_cue_at(s, cue).end, end = rt_cue_at(s, other).beg;
    if (s->zh || b->category != RT_CUE_STABLE || b->direction != RT_DIRECTION_BOTH ||
        (a->category != RT_CUE_ABSENT && a->category != RT_CUE_RESOLVED))
        return false;
    if (other > cue + 1 && rt_cue_of(s, other - 1)->category == RT_CUE_JOIN &&
        rt_cue_of(s, other - 1)->scope == RT_SCOPE_CLAUSE && rt_cue_at(s, other - 1).end + 1 >= end)
        return false;
    return last_observation(s, beg, end) < end && rt_observation_follows(s, other);
}

/* Does the cue `other` end what `cue` says? */
static bool takes_over(const rt_scene *s, uint32_t cue, uint32_t other)
{
    const rt_cue *b = rt_cue_of(s, other);
    if (rt_hangs_on_denied(s, cue, other) ||
        (rt_cue_of(s, cue)->category == RT_CUE_ABSENT && verb_in_list(s, other)))
        return false;
    if (b->category == RT_CUE_TERMINATE && rt_cue_at(s, other).beg == rt_cue_at(s, cue).end)
        return false;                                                   /* 未见|其他结节 */
    if (b->category == RT_CUE_TERMINATE && b->scope == RT_SCOPE_NEXT && /* of what is not there */
        ((rt_cue_of(s, cue)->category != RT_CUE_ABSENT &&
          rt_cue_of(s, cue)->category != RT_CUE_RESOLVED) ||
         last_observation(s, rt_cue_at(s, cue).end, rt_cue_at(s, other).beg) ==
             rt_cue_at(s, other).beg))
        return false; /* "no post-procedural pneumothorax" */
    if (b->category == RT_CUE_TERMINATE || b->category == RT_CUE_EXCEPT)
        return true;
    if (is_stable_thing(s, cue, other) ||
        (rt_cue_of(s, cue)->category == RT_CUE_ABSENT && opens_statement(s, other)))
        return true;
    rt_cue_type category = rt_category_of(s, cue);
    if (category >= RT_CUE_NEW && category <= RT_CUE_RESOLVED) /* "increasing pain, history of" */
        return b->category == RT_CUE_HISTORICAL && !s->zh;
    if (!rt_presence_cue(category))
        return false;
    if (b->category == RT_CUE_NORMAL)
        return b->lang == RT_LANG_ZH;
    if (!rt_presence_cue(b->category) ||
        (b->category != RT_CUE_ABSENT && b->link == RT_LINK_ACCOMPANIES))
        return false;
    if (b->scope == RT_SCOPE_TOUCH)
        return b->direction == RT_DIRECTION_FORWARD && b->category != (uint8_t)category &&
               rt_touched(s, other, true) != RT_NIL;
    return b->direction == RT_DIRECTION_FORWARD;
}

/* Begin of the clause that ends at `end`, not before `limit`. */
uint32_t rt_clause_beg(const rt_scene *s, uint32_t end, uint32_t limit)
{
    uint32_t i = end;
    while (i > limit &&
           (passes(s, i - 1) || (!rt_soft_end(s, i - 1) &&
                                 (s->text.ptr[i - 1] == ':' || !rt_hard_end(s->text, i - 1)))))
        i--;
    return i;
}

/* Chinese: does the denial only describe what is seen or what comes without something:
 * 见|无糖代谢的 结节, 占位|不伴水肿? 无 describes (scope list); 没有 and 未见 are verbs and deny.
 */
static bool is_attribute(const rt_scene *s, uint32_t cue)
{
    const rt_cue *c = rt_cue_of(s, cue);
    if (!s->zh || c->category != RT_CUE_ABSENT || c->scope != RT_SCOPE_LIST)
        return s->zh && c->category == RT_CUE_ABSENT && c->link == RT_LINK_ACCOMPANIES;
    uint32_t from = rt_clause_beg(s, rt_cue_at(s, cue).beg, s->at.beg);
    for (uint32_t k = cue; k > s->cues.first && rt_cue_at(s, k - 1).beg >= from; k--)
        if (rt_cue_of(s, k - 1)->category == RT_CUE_PRESENT ||
            rt_cue_of(s, k - 1)->category == RT_CUE_NEW)
            return true;
    return false;
}

/* Where the scope of such a denial ends: at the first 的 with an observation directly behind it,
 * unless a list goes on there (无实变、明确的积液); else at `end`. */
static uint32_t attribute_end(const rt_scene *s, uint32_t cue, uint32_t end)
{
    enum { SHORTEST = 7 }; /* bytes: 见无明显的 has no attribute */
    const rt_between words = {s->lex, s->d};
    uint32_t beg = rt_cue_at(s, cue).end, stop = clause_end(s, beg), m = s->mentions.first;
    for (uint32_t i = rt_doc_first_hit(s->d, beg); i < s->d->hits.len; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.beg >= stop || rt_between_reads(&words, h, RT_RELATOR_LIST))
            return end;
        if (!rt_between_reads(&words, h, RT_RELATOR_OF) ||
            (h->at.beg < beg + SHORTEST && last_observation(s, beg, h->at.beg) != h->at.beg))
            continue;
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < h->at.end)
            m++;
        if (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg == h->at.end)
            return h->at.beg;
    }
    return end;
}

/* Do words of side or degree follow at `at`, blank by blank, before an observation? */
static bool is_specified(const rt_scene *s, uint32_t m, uint32_t at)
{
    bool any = false;
    for (; m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg == at + 1; m++) {
        unsigned type = s->d->mentions.at[m].type;
        if (rt_observes(s, m))
            return any;
        any |= type == RT_TYPE_SIDE || type == RT_TYPE_SEVERITY;
        at = rt_mention_at(s, m).end;
    }
    return any;
}

/* The end of "a" or "an" behind `at`, or `at`. */
static uint32_t behind_article(const rt_scene *s, uint32_t at)
{
    rt_str t = rt_str_slice(s->text, at, s->at.end);
    return rt_str_starts(t, RT_STR(" a "))    ? at + 2
           : rt_str_starts(t, RT_STR(" an ")) ? at + 3
                                              : at;
}

/* A paired organ: it is a thing that can be missing, as a lymph node "with pathological size" is
 * not. */
static bool names_organ(const rt_scene *s, uint32_t beg, uint32_t end)
{
    for (uint32_t m = s->mentions.first;
         m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < end; m++)
        if (rt_mention_at(s, m).beg >= beg && s->d->mentions.at[m].type == RT_TYPE_ANATOMY)
            return rt_lexicon_flagged(s->lex, s->d->mentions.at[m].concept, RT_CONCEPT_PAIRED);
    return false;
}

/* English: where a denial ends at "with" because what follows has a side or a degree of its own and
 * so is there ("no cardiomegaly|with small bilateral effusions"), or because it is an organ that is
 * absent ("absence of the left kidney|with hypertrophy of the right one"); or `end`. */
static uint32_t added_at(const rt_scene *s, uint32_t cue, uint32_t end)
{
    const rt_between words = {s->lex, s->d};
    uint32_t beg = rt_cue_at(s, cue).end, m = s->mentions.first;
    if (s->zh || rt_cue_of(s, cue)->category != RT_CUE_ABSENT)
        return end;
    for (uint32_t i = rt_doc_first_hit(s->d, beg); i < s->d->hits.len; i++) {
        const rt_hit *h = &s->d->hits.at[i];
        if (h->at.beg >= end)
            break;
        if (!rt_between_reads(&words, h, RT_RELATOR_ADDS))
            continue;
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < h->at.end)
            m++;
        bool found = last_observation(s, beg, h->at.beg) < h->at.beg;
        uint32_t at = behind_article(s, h->at.end);
        while (m < rt_scene_end(s->mentions) && rt_mention_at(s, m).beg < at)
            m++;
        if (found ? is_specified(s, m, at) || begins_own(s, at + 1)
                  : names_organ(s, beg, h->at.beg))
            return h->at.beg;
    }
    return end;
}

uint32_t rt_forward_end(const rt_scene *s, uint32_t cue)
{
    uint32_t end = is_attribute(s, cue) ? attribute_end(s, cue, s->at.end) : s->at.end;
    if (rt_cue_of(s, cue)->scope == RT_SCOPE_SENTENCE)
        return end;
    for (uint32_t i = cue + 1; i < rt_scene_end(s->cues) && rt_cue_at(s, i).beg < end; i++)
        if (takes_over(s, cue, i))
            end = rt_cue_at(s, i).beg;
    end = added_at(s, cue, end);
    uint32_t i = rt_cue_at(s, cue).end;
    i += i < end && s->text.ptr[i] == ':'; /* "PMH: pneumonia" */
    walk w = {cue + 1, s->mentions.first};
    for (; i < end; i++)
        if (!passes(s, i) &&
            (rt_hard_end(s->text, i) || ((rt_soft_end(s, i) || (!s->zh && s->text.ptr[i] == '(')) &&
                                         comma_ends(s, cue, i, &w))))
            return i;
    return end;
}

static bool is_change(unsigned category)
{
    return category >= RT_CUE_NEW && category <= RT_CUE_RESOLVED;
}

/* Is the word of the cue a finding by itself here (胸膜|增厚|较前相仿)? */
static bool is_finding(const rt_scene *s, uint32_t cue)
{
    for (uint32_t m = s->mentions.first; m < rt_scene_end(s->mentions); m++)
        if (rt_mention_at(s, m).end == rt_cue_at(s, cue).end && rt_observes(s, m))
            return !s->d->assertions.at[m].advised;
    return false;
}

bool rt_ends_clause(const rt_scene *s, uint32_t cue)
{
    uint32_t end = rt_cue_at(s, cue).end;
    return end >= s->at.end || s->text.ptr[end] == '.' || rt_soft_end(s, end) ||
           rt_hard_end(s->text, end) || rt_hard_end(s->text, end + 2);
}

/* "..., although it|cannot be excluded", 但|不能除外: doubt behind nothing but a word for what was
 * denied before. */
static bool doubts_before(const rt_scene *s, uint32_t cue, uint32_t stop)
{
    const rt_between words = {s->lex, s->d};
    rt_fspan gap = {rt_cue_at(s, stop).end, rt_cue_at(s, cue).beg};
    if (rt_cue_of(s, cue)->category != RT_CUE_POSSIBLE || gap.beg > gap.end ||
        (rt_cue_of(s, cue)->direction == RT_DIRECTION_BOTH && !rt_ends_clause(s, cue)))
        return false;
    while (gap.beg < gap.end && s->text.ptr[gap.beg] == ' ')
        gap.beg++;
    while (gap.end > gap.beg && s->text.ptr[gap.end - 1] == ' ')
        gap.end--;
    for (uint32_t i = rt_doc_first_hit(s->d, gap.beg);
         i < s->d->hits.len && s->d->hits.at[i].at.beg == gap.beg; i++)
        if (s->d->hits.at[i].at.end == gap.end &&
            rt_between_reads(&words, &s->d->hits.at[i], RT_RELATOR_BACK))
            return true;
    return gap.beg == gap.end;
}

/* Where a cue that looks back has to stop: behind the last cue before it that ends its scope; in
 * Chinese each word of change of a clause has its own (结节增大、积液减少). */
uint32_t rt_backward_limit(const rt_scene *s, uint32_t cue)
{
    uint32_t beg = s->at.beg, clause = rt_clause_beg(s, rt_cue_at(s, cue).beg, beg);
    const rt_cue *a = rt_cue_of(s, cue);
    for (uint32_t i = s->cues.first; i < cue && a->scope != RT_SCOPE_SENTENCE; i++) {
        const rt_cue *b = rt_cue_of(s, i);
        bool changed = s->zh && is_change(a->category) && is_change(b->category) &&
                       rt_cue_at(s, i).beg >= clause && !is_finding(s, i);
        if (b->direction == RT_DIRECTION_NONE && !changed)
            continue;
        bool behind = rt_presence_cue(a->category) && rt_presence_cue(b->category) &&
                      b->direction == RT_DIRECTION_BACKWARD;
        bool settled = b->category == RT_CUE_PSEUDO && b->direction == RT_DIRECTION_BACKWARD;
        if (b->category == RT_CUE_TERMINATE && doubts_before(s, cue, i))
            continue;
        if (takes_over(s, cue, i) || behind || settled || changed || b->category == a->category)
            beg = rt_cue_at(s, i).end;
    }
    return beg;
}
