/* Time: comparison without a date (Q20), impossible dates (Q21), change without a comparison (Q22),
 * change against the sizes (Q27). */
#include "base/utf8.h"
#include "stage/qa.h"

enum {
    MAX_DATES = 64, /* of one report that are looked at */
    NEAR_MONTH = 5, /* bytes between a day and the name of its month: "31st of" */
    NEAR_NAME = 12, /* bytes back to the start of the name before its day */
    NEAR_LABEL = 24 /* bytes between "date of exam" and its date */
};

typedef struct date {
    rt_fspan at;
    int year, month, day; /* month and day 0: not stated */
    bool wrong;           /* no such day */
} date;

/* ---- dates */

static int digits(rt_str s, uint32_t *i, unsigned most)
{
    int value = 0;
    uint32_t beg = *i;
    while (*i < s.len && *i - beg < most && rt_is_digit(s.ptr[*i]))
        value = value * 10 + (s.ptr[(*i)++] - '0');
    return *i > beg && (*i == s.len || !rt_is_digit(s.ptr[*i])) ? value : -1;
}

static bool skip(rt_str s, uint32_t *i, rt_str word)
{
    if (word.len == 0 || !rt_str_starts(rt_str_slice(s, *i, s.len), word))
        return false;
    *i += (uint32_t)word.len;
    return true;
}

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static bool exists(const date *d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (d->month < 1 || d->month > 12)
        return false;
    int last = days[d->month - 1] + (d->month == 2 && leap(d->year));
    return d->day >= 1 && d->day <= last;
}

/* 2024-03-05  2024/3/5  2024.3.5  2024年3月5日 */
static bool year_first(const rt_qa *q, rt_str s, uint32_t i, date *out)
{
    uint32_t beg = i;
    int year = digits(s, &i, 4);
    if (i - beg != 4 || year < 1900 || year > 2200 || i >= s.len)
        return false;
    char sep = s.ptr[i];
    bool han = sep != '-' && sep != '/' && sep != '.';
    if (han && !skip(s, &i, rt_checks_say(q->checks, "year", true)))
        return false;
    i += !han;
    int month = digits(s, &i, 2);
    if (month < 0 || i >= s.len ||
        !(han ? skip(s, &i, rt_checks_say(q->checks, "month", true)) : s.ptr[i] == sep))
        return false;
    i += !han;
    int day = digits(s, &i, 2);
    if (day < 0 || (han && !skip(s, &i, rt_checks_say(q->checks, "day", true))))
        return false;
    *out = (date){{beg, i}, year, month, day, false};
    return true;
}

/* 03/05/2024; day and month may be the other way round, what exists is believed. */
static bool year_last(rt_str s, uint32_t i, date *out)
{
    uint32_t beg = i;
    int a = digits(s, &i, 2);
    if (a < 0 || i >= s.len || (s.ptr[i] != '/' && s.ptr[i] != '-'))
        return false;
    char sep = s.ptr[i++];
    int b = digits(s, &i, 2);
    if (b < 0 || i >= s.len || s.ptr[i] != sep)
        return false;
    uint32_t from = ++i;
    int year = digits(s, &i, 4);
    if (i - from != 4 || year < 1900 || year > 2200)
        return false;
    *out = (date){{beg, i}, year, a, b, false};
    if (!exists(out) && b >= 1 && b <= 12)
        *out = (date){{beg, i}, year, b, a, false};
    return true;
}

/* 31 November 2021, 31-Nov-2021, 31st of November 2021; November 31, 2021 */
static bool month_named(const rt_qa *q, rt_str s, uint32_t at, date *out)
{
    const rt_qa_word *w;
    double month;
    uint32_t i = at;
    int day = digits(s, &i, 2), year;
    if (i < s.len && s.ptr[i] >= 'n' && s.ptr[i] <= 't') /* st, nd, rd, th */
        i += 2;
    rt_fspan after = {i, i + NEAR_MONTH}, before = {at > NEAR_NAME ? at - NEAR_NAME : 0, at};
    uint32_t beg = at;
    if (day >= 0 && rt_qa_find(q, RT_MARK_MONTH_NAME, after, &w)) {
        i = w->at.end;
    } else if (day >= 0 && rt_qa_find(q, RT_MARK_MONTH_NAME, before, &w) && w->at.end + 2 >= at) {
        beg = w->at.beg;
    } else {
        return false;
    }
    while (i < s.len && strchr(" ,.-", s.ptr[i]) != NULL)
        i++;
    uint32_t from = i;
    year = digits(s, &i, 4);
    if (i - from != 4 || year < 1900 || year > 2200 ||
        !rt_str_number(rt_str_from(rt_qa_value(q, w)), &month))
        return false;
    *out = (date){{beg, i}, year, (int)month, day, false};
    return true;
}

/* A date starts with a year or with a day or month that a sign or a name goes on. */
static bool may_start_date(const rt_qa *q, rt_fspan number)
{
    rt_str s = q->d->text.folded;
    uint32_t n = number.end - number.beg;
    if (number.beg > 0 && (rt_is_word(s.ptr[number.beg - 1]) || s.ptr[number.beg - 1] == '.'))
        return false;
    return n == 4 || (n <= 2 && number.end < s.len &&
                      (s.ptr[number.end] == '/' || s.ptr[number.end] == '-' ||
                       rt_qa_has(q, RT_MARK_MONTH_NAME)));
}

static uint32_t find_dates(const rt_qa *q, date *out)
{
    uint32_t n = 0, free_from = 0;
    for (uint32_t i = 0; i < q->d->numbers.len && n < MAX_DATES; i++) {
        uint32_t at = q->d->numbers.at[i].at.beg;
        rt_str s = q->d->text.folded;
        if (at < free_from || !may_start_date(q, q->d->numbers.at[i].at) ||
            (!year_first(q, s, at, &out[n]) && !year_last(s, at, &out[n]) &&
             !(rt_qa_has(q, RT_MARK_MONTH_NAME) && month_named(q, s, at, &out[n]))))
            continue;
        out[n].wrong = !exists(&out[n]);
        free_from = out[n++].at.end;
    }
    return n;
}

static int days_of(const date *d)
{
    return d->year * 372 + d->month * 31 + d->day; /* enough to tell which is later */
}

/* The day of this exam: of the record, else the date behind "date of exam". */
static int exam_day(const rt_qa *q, const date *dates, uint32_t n)
{
    date d;
    rt_str record = q->d->record->field[RT_FIELD_DATE];
    if (record.len == 8 && rt_is_digit(record.ptr[4])) { /* 20240305 */
        uint32_t a = 0, b = 0, c = 0;
        d.year = digits(rt_str_slice(record, 0, 4), &a, 4);
        d.month = digits(rt_str_slice(record, 4, 6), &b, 2);
        d.day = digits(rt_str_slice(record, 6, 8), &c, 2);
        return exists(&d) ? days_of(&d) : 0;
    }
    if (year_first(q, record, 0, &d) || year_last(record, 0, &d))
        return exists(&d) ? days_of(&d) : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t from = dates[i].at.beg > NEAR_LABEL ? dates[i].at.beg - NEAR_LABEL : 0;
        if (!dates[i].wrong &&
            rt_qa_find(q, RT_MARK_EXAM_DATE, (rt_fspan){from, dates[i].at.beg}, NULL))
            return days_of(&dates[i]);
    }
    return 0;
}

/* A later date is one that the report cannot know, unless it is planned. */
static bool is_planned(const rt_qa *q, const date *d)
{
    uint32_t s = rt_doc_sentence_to(q->d, d->at.beg + 1);
    if (s == q->d->sentences.len || q->d->sentences.at[s].at.beg > d->at.beg)
        return true;
    unsigned type = rt_qa_section_of(q, s);
    return type == RT_SECTION_RECOMMENDATION || type == RT_SECTION_COMMUNICATION ||
           type == RT_SECTION_ADDENDUM || type == RT_SECTION_OTHER || type == RT_SECTION_REQUEST ||
           rt_qa_says(q, s, RT_MARK_PLANNED);
}

static void check_dates(rt_qa *q, const date *dates, uint32_t n)
{
    int day = n > 0 ? exam_day(q, dates, n) : 0;
    for (uint32_t i = 0; i < n; i++)
        if (dates[i].wrong || (day > 0 && days_of(&dates[i]) > day && !is_planned(q, &dates[i])))
            rt_qa_report(q, RT_Q(21), rt_qa_span(q, dates[i].at), RT_QA_NONE);
}

/* ---- Q20, Q22 */

static const rt_qa_word *first_described(const rt_qa *q, rt_mark_type set)
{
    const rt_qa_word *w = NULL;
    for (uint32_t s = 0; s < q->d->sentences.len && !w; s++)
        if (rt_qa_part_of_sentence(q, s) >= RT_QA_BODY &&
            !rt_qa_cued(q, s, RT_CUE_CONDITIONAL)) /* "if it has grown" */
            rt_qa_find_in(q, s, set, rt_qa_sentence_at(q, s), &w);
    return w;
}

/* "Comparison: none": the section says so, or a sentence does. */
static bool no_comparison(const rt_qa *q, rt_span *at)
{
    for (uint32_t i = 0; i < q->d->sections.len; i++) {
        const rt_section *s = &q->d->sections.at[i];
        const rt_qa_word *w;
        if (s->type == RT_SECTION_COMPARISON && rt_qa_has_year(rt_text_fslice(&q->d->text, s->at)))
            return false; /* no MR, but a CT of some day */
        if (s->type == RT_SECTION_COMPARISON && rt_qa_find(q, RT_MARK_NONE, s->at, &w)) {
            *at = rt_qa_span(q, (rt_fspan){s->heading.beg, w->at.end});
            return true;
        }
    }
    for (const rt_qa_word *w = rt_qa_first(q, RT_MARK_NO_PRIOR); w; w = rt_qa_next(q, w))
        if (w->sentence == RT_NIL || !rt_qa_has_year(rt_qa_text_of(q, w->sentence))) {
            *at = rt_qa_span(q, w->at);
            return true;
        }
    return false;
}

static void check_comparison(rt_qa *q, uint32_t dates)
{
    rt_span none = RT_QA_NONE;
    if (!rt_qa_has(q, RT_MARK_CHANGED) && !rt_qa_has(q, RT_MARK_PRIOR_EXAM))
        return;
    if (no_comparison(q, &none)) {
        const rt_qa_word *w = first_described(q, RT_MARK_CHANGED);
        if (w)
            rt_qa_report(q, RT_Q(22), none, rt_qa_span(q, w->at));
        return;
    }
    const rt_qa_word *prior = dates == 0 && !rt_qa_first(q, RT_MARK_TIME_AGO)
                                  ? first_described(q, RT_MARK_PRIOR_EXAM)
                                  : NULL;
    if (!prior)
        return;
    for (uint32_t i = 0; i < q->d->sections.len; i++)
        if (q->d->sections.at[i].type == RT_SECTION_COMPARISON)
            for (uint32_t k = q->d->sections.at[i].at.beg; k < q->d->sections.at[i].at.end; k++)
                if (rt_is_digit(q->d->text.folded.ptr[k]))
                    return; /* some date that we cannot read */
    rt_qa_report(q, RT_Q(20), rt_qa_span(q, prior->at), RT_QA_NONE);
}

/* ---- Q27: sizes against the word of change */

double rt_qa_largest(const rt_qa *q, const rt_finding *f, bool prior, rt_span *at)
{
    double most = 0;
    for (uint32_t i = f->measures.first; i < f->measures.first + f->measures.count; i++) {
        const rt_measure *m = &q->d->measures.at[q->d->finding_measures.at[i]];
        for (uint32_t k = 0; m->kind == RT_MEASURE_LENGTH && m->prior == prior && k < m->n; k++)
            if (m->value[k] > most) {
                most = m->value[k];
                *at = rt_qa_span(q, m->at);
            }
    }
    return most;
}

static bool only_sizes(const rt_qa *q, uint32_t sentence)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < q->d->measures.len && q->d->measures.at[i].sentence <= sentence; i++)
        n += q->d->measures.at[i].sentence == sentence &&
             q->d->measures.at[i].kind == RT_MEASURE_LENGTH;
    return n == 2;
}

static void check_trend(rt_qa *q)
{
    for (uint32_t i = 0; i < q->d->findings.len && q->d->finding_measures.len > 1; i++) {
        const rt_finding *f = &q->d->findings.at[i];
        rt_span a = RT_QA_NONE, b = RT_QA_NONE;
        if (f->measures.count != 2)
            continue; /* more: of several lesions */
        double now = rt_qa_largest(q, f, false, &a), before = rt_qa_largest(q, f, true, &b);
        if (now == 0 || before == 0 || !only_sizes(q, f->sentence))
            continue;
        rt_fspan in = rt_qa_sentence_at(q, f->sentence);
        bool up = f->change == RT_CHANGE_INCREASED, down = f->change == RT_CHANGE_DECREASED;
        bool same = f->change == RT_CHANGE_STABLE;
        up = up || (rt_qa_find_in(q, f->sentence, RT_MARK_LARGER, in, NULL) && !down && !same);
        down = down || (rt_qa_find_in(q, f->sentence, RT_MARK_SMALLER, in, NULL) && !up && !same);
        if ((up && now < before) || (down && now > before) ||
            (same && (now > 1.5 * before || before > 1.5 * now)))
            rt_qa_report(q, RT_Q(27), a, b);
    }
}

void rt_qa_time(rt_qa *q)
{
    date dates[MAX_DATES];
    uint32_t n = find_dates(q, dates);
    check_dates(q, dates, n);
    check_comparison(q, n);
    check_trend(q);
}
