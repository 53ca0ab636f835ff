/* Who it is: organs of the other sex (Q04), sex and age in the text (Q05), the name (Q39), what
 * does not go with the age (Q46). Everything is asked against the record; without it nothing is
 * said. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "stage/qa.h"

enum { NOBODY, MALE, FEMALE };

enum {
    MAX_NAME = 48,  /* bytes of a name in the text */
    HAN = 3,        /* bytes of a Han character */
    MAX_HAN = 4,    /* characters of a Chinese name */
    AGE_BEFORE = 3, /* bytes between the number and "year-old" */
};

static int sex_of(const rt_qa *q)
{
    rt_str s = q->d->record->field[RT_FIELD_SEX];
    if (s.len == 0)
        return NOBODY;
    if (s.ptr[0] == 'M' || s.ptr[0] == 'm')
        return MALE;
    return s.ptr[0] == 'F' || s.ptr[0] == 'f' ? FEMALE : NOBODY;
}

static rt_str sex_word(const rt_qa *q, int sex)
{
    return rt_checks_say(q->checks, sex == MALE ? "male" : "female", q->d->zh);
}

/* ---- Q04 */

/* The sentence speaks of somebody else. */
static bool of_another(const rt_qa *q, uint32_t sentence)
{
    return rt_qa_says(q, sentence, RT_MARK_ANOTHER_PERSON);
}

/* Everything that the sentence has is denied: "female prostate (Skene) cyst not seen". */
static bool denied(const rt_qa *q, uint32_t sentence)
{
    bool any = false;
    for (uint32_t i = 0; i < q->facts.len; i++) {
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->sentence != sentence || f->finding == RT_NIL || f->derived)
            continue;
        if (f->presence != RT_PRESENCE_ABSENT)
            return false;
        any = true;
    }
    const rt_qa_word *w;
    for (rt_fspan in = rt_qa_sentence_at(q, sentence);
         any && rt_qa_find_in(q, sentence, RT_MARK_GONE, in, &w); in.beg = w->at.beg + 1)
        if (rt_qa_value(q, w)[0] == '\0')
            return true; /* a bed or a region alone says nothing */
    return false;
}

/* "Transgender", anywhere: the sex of the record says nothing of the organs. */
static bool sex_apart(const rt_qa *q)
{
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_ANOTHER_PERSON); w; w = rt_qa_next(q, w))
        if (rt_qa_value(q, w)[0] != '\0')
            return true;
    return false;
}

static void check_organs(rt_qa *q, int sex)
{
    if (sex_apart(q))
        return;
    rt_qa_set other = sex == MALE ? RT_QA_SET_FEMALE : RT_QA_SET_MALE;
    for (uint32_t i = 0; i < q->d->mentions.len; i++) {
        const rt_mention *m = &q->d->mentions.at[i];
        if (!rt_qa_concept_in(q, m->concept, other) ||
            rt_qa_section_of(q, m->sentence) == RT_SECTION_RECOMMENDATION ||
            of_another(q, m->sentence) || denied(q, m->sentence))
            continue;
        rt_qa_report_word(q, RT_Q(4), rt_qa_span(q, m->at), RT_QA_NONE, sex_word(q, sex));
        return;
    }
    for (uint32_t i = 0; i < q->facts.len; i++) { /* a normal statement names no concept */
        const rt_qa_fact *f = &q->facts.at[i];
        if (f->finding != RT_NIL && f->derived && f->place != RT_NIL &&
            rt_qa_concept_in(q, f->place, other) && !of_another(q, f->sentence)) {
            rt_qa_report_word(q, RT_Q(4), rt_qa_at(q, f), RT_QA_NONE, sex_word(q, sex));
            return;
        }
    }
}

/* ---- Q05 */

static bool of_history(const rt_qa *q, const rt_qa_word *w)
{
    return w->sentence != RT_NIL && rt_qa_part_of_sentence(q, w->sentence) == RT_QA_HISTORY;
}

/* Words of the other sex: anywhere in the history or beside an age; pronouns in the history. */
static void check_sex(rt_qa *q, int sex)
{
    rt_mark_type noun = sex == MALE ? RT_MARK_FEMALE_WORD : RT_MARK_MALE_WORD;
    rt_mark_type pronoun = sex == MALE ? RT_MARK_FEMALE_PRONOUN : RT_MARK_MALE_PRONOUN;
    rt_mark_sets other = RT_QA_WORDS(noun, pronoun);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, other, w)) != NULL;) {
        bool beside = w->mark == noun && w->sentence != RT_NIL &&
                      rt_qa_says(q, w->sentence, RT_MARK_YEAR_OLD);
        bool alone = w->mark == noun && q->d->sentences.len > 0 && w->sentence == 0;
        if (!of_history(q, w) && !beside && !alone)
            continue;
        rt_qa_report_word(q, RT_Q(5), rt_qa_span(q, w->at), RT_QA_NONE, sex_word(q, sex));
        return;
    }
}

/* Years of the patient: the record's age, or from the dates of birth and exam; -1 unknown. */
static double age_of(const rt_qa *q)
{
    double age, born, done;
    const rt_str *f = q->d->record->field;
    if (rt_str_number(f[RT_FIELD_AGE], &age))
        return age;
    if (f[RT_FIELD_BIRTH_DATE].len < 4 || f[RT_FIELD_DATE].len < 4 ||
        !rt_str_number(rt_str_slice(f[RT_FIELD_BIRTH_DATE], 0, 4), &born) ||
        !rt_str_number(rt_str_slice(f[RT_FIELD_DATE], 0, 4), &done))
        return -1;
    return done - born;
}

/* The number that ends directly before the word. */
static bool number_before(const rt_qa *q, uint32_t end, rt_fspan *at, double *value)
{
    rt_str s = q->d->text.folded;
    uint32_t e = end;
    while (e > 0 && end - e < AGE_BEFORE && (s.ptr[e - 1] == ' ' || s.ptr[e - 1] == '-'))
        e--;
    uint32_t b = e;
    while (b > 0 && e - b < 4 && rt_is_digit(s.ptr[b - 1]))
        b--;
    *at = (rt_fspan){b, end};
    return b < e && (b == 0 || s.ptr[b - 1] != '.') && rt_str_number(rt_str_slice(s, b, e), value);
}

/* The number that follows the word directly: "aged 77". */
static bool number_behind(const rt_qa *q, uint32_t beg, rt_fspan *at, double *value)
{
    rt_str s = q->d->text.folded;
    while (beg < s.len && s.ptr[beg] == ' ')
        beg++;
    uint32_t e = beg;
    while (e < s.len && e - beg < 4 && rt_is_digit(s.ptr[e]))
        e++;
    *at = (rt_fspan){beg, e};
    return e > beg && rt_str_number(rt_str_slice(s, beg, e), value);
}

/* The age in years that a word and its number say; the value of the word tells how many of its unit
 * make a year, or that the number stands behind it. */
static bool age_said(const rt_qa *q, const rt_qa_word *w, rt_fspan *at, double *years)
{
    const char *value = rt_qa_value(q, w);
    double a_year = 1;
    if (value[0] == '\0') {
        bool said = number_before(q, w->at.beg, at, years);
        at->end = w->at.end;
        return said;
    }
    if (!of_history(q, w))
        return false;
    if (!rt_str_number(rt_str_from(value), &a_year)) {
        bool said = number_behind(q, w->at.end, at, years);
        at->beg = w->at.beg;
        return said;
    }
    bool said = number_before(q, w->at.beg, at, years);
    at->end = w->at.end;
    *years /= a_year;
    return said;
}

static void check_age(rt_qa *q, double age)
{
    double slack = rt_checks_param(q->checks, RT_QA_PARAM_AGE_SLACK);
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_YEAR_OLD); w; w = rt_qa_next(q, w)) {
        rt_fspan at;
        double said = 0;
        if (w->sentence == RT_NIL || !age_said(q, w, &at, &said) ||
            rt_qa_says(q, w->sentence, RT_MARK_AGE_GUARD) ||
            rt_qa_find(q, RT_MARK_AGE_OTHER, w->at, NULL) || of_another(q, w->sentence))
            continue;
        if (fabs(said - age) <= slack)
            return;
        rt_qa_report_word(q, RT_Q(5), rt_qa_span(q, at), RT_QA_NONE,
                          rt_arena_printf(q->c->perm, "%.0f", age));
        return;
    }
}

/* ---- Q39 */

/* No label of a name, but what may follow one. */
static bool is_behind(const rt_qa *q, const rt_qa_word *w)
{
    return rt_qa_value(q, w)[0] != '\0';
}

static bool is_han(rt_str s, size_t at)
{
    size_t pos = at;
    return at < s.len && rt_utf8_script(rt_utf8_next(s, &pos)) == RT_SCRIPT_HAN;
}

/* A word that goes on behind a name begins here: 患者赵志强既往脑梗死. */
static bool goes_on(const rt_qa *q, uint32_t at)
{
    rt_fspan in = {at, at + 1};
    const rt_qa_word *w;
    return rt_qa_find(q, RT_MARK_NAME_LABEL, in, &w) && is_behind(q, w);
}

/* A Chinese name: a surname and one to three characters, up to a sign that is no character, or a
 * word that goes on. */
static rt_fspan han_name(const rt_qa *q, uint32_t at)
{
    rt_str s = q->d->text.folded;
    uint32_t end = at;
    while (end < s.len && (s.ptr[end] == ' ' || s.ptr[end] == ':'))
        at = ++end;
    const rt_qa_word *w;
    if (!rt_qa_find(q, RT_MARK_SURNAME, (rt_fspan){at, at + 1}, &w))
        return (rt_fspan){0, 0};
    while (is_han(s, end) && end - at <= MAX_HAN * HAN && !(end - at >= 2 * HAN && goes_on(q, end)))
        end += HAN;
    uint32_t n = (end - at) / HAN;
    bool ends = end == s.len || goes_on(q, end) || strchr(",;( \n:/.", s.ptr[end]) != NULL ||
                rt_str_starts(rt_str_slice(s, end, s.len), RT_STR("。"));
    return n >= 2 && n <= MAX_HAN && ends ? (rt_fspan){at, end} : (rt_fspan){0, 0};
}

/* An English name: capitalised words and initials. In the document text, for its capitals. */
static rt_span latin_name(const rt_qa *q, uint32_t at)
{
    rt_str s = q->d->text.doc;
    uint32_t beg = rt_text_origin(&q->d->text, (rt_fspan){at, at}).beg, end = beg;
    while (beg < s.len && s.ptr[beg] == ' ')
        beg++;
    uint32_t i = beg;
    while (i < s.len && i - beg < MAX_NAME && s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') {
        while (i < s.len && ((s.ptr[i] | 0x20) >= 'a' && (s.ptr[i] | 0x20) <= 'z'))
            i++;
        end = i;
        if (i < s.len && s.ptr[i] == '.' && i + 1 < s.len && s.ptr[i + 1] == ' ' && i - beg < 2)
            i++;
        if (i < s.len && s.ptr[i] == ',' && i + 2 < s.len && s.ptr[i + 1] == ' ')
            i++;
        if (i < s.len && s.ptr[i] == ' ')
            i++;
    }
    return (rt_span){beg, end > beg ? end : beg};
}

static bool shares_word(rt_str name, rt_str record)
{
    while (name.len > 0) {
        rt_cut cut = rt_str_cut(name, ' ');
        rt_str word = cut.head;
        while (word.len > 0 && (word.ptr[word.len - 1] == ',' || word.ptr[word.len - 1] == '.'))
            word.len--;
        name = cut.tail;
        for (size_t i = 0; word.len > 1 && i + word.len <= record.len; i++)
            if (rt_str_eq_nocase(word, rt_str_slice(record, i, i + word.len)))
                return true;
    }
    return false;
}

static void check_name(rt_qa *q)
{
    rt_str record = q->d->record->field[RT_FIELD_PATIENT_NAME];
    if (record.len == 0)
        return;
    bool han = is_han(record, 0);
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_NAME_LABEL); w; w = rt_qa_next(q, w)) {
        if (is_behind(q, w))
            continue;
        rt_span at = latin_name(q, w->at.end);
        if (han) {
            rt_fspan name = han_name(q, w->at.end);
            at = name.end > name.beg ? rt_qa_span(q, name) : RT_QA_NONE;
        }
        rt_str name = rt_text_slice(&q->d->text, at);
        if (name.len < 2 || (han ? rt_str_find(record, name, NULL) : shares_word(name, record)))
            continue;
        rt_qa_report(q, RT_Q(39), at, RT_QA_NONE);
        return;
    }
}

/* ---- Q46 */

static void check_age_content(rt_qa *q, double age)
{
    rt_mark_sets aged = RT_QA_WORDS(RT_MARK_YOUNG_ONLY, RT_MARK_OLD_ONLY);
    for (const rt_qa_word *w = NULL; (w = rt_qa_each(q, aged, w)) != NULL;) {
        double limit;
        bool young = w->mark == RT_MARK_YOUNG_ONLY;
        if (w->sentence == RT_NIL || of_another(q, w->sentence) ||
            !rt_str_number(rt_str_from(rt_qa_value(q, w)), &limit))
            continue;
        if (young ? age <= limit : age >= limit)
            continue;
        rt_qa_report_word(q, RT_Q(46), rt_qa_span(q, w->at), RT_QA_NONE,
                          rt_arena_printf(q->c->perm, "%.0f", age));
        return;
    }
}

void rt_qa_patient(rt_qa *q)
{
    int sex = sex_of(q);
    if (sex != NOBODY) {
        check_organs(q, sex);
        check_sex(q, sex);
    }
    double age = age_of(q);
    if (age >= 0) {
        check_age(q, age);
        check_age_content(q, age);
    }
    check_name(q);
}
