/* Stage told: records of a result told to somebody, wherever they stand: to whom, when, read back.
 *
 * A sentence with a cue of telling, or in a section of communications, is a record if it names who
 * was told or when, or says that it was done; policy, intention and failure are none. What follows
 * directly ("Read back was obtained.") completes the record before it. */
#include "base/utf8.h"
#include "stage/stage.h"

typedef struct scene {
    rt_ctx *c;
    rt_doc *d;
    rt_matcher matcher;
    uint32_t last; /* sentence that the last record stands in or was completed by, or RT_NIL */
} scene;

/* ---- clocks and dates
 * -------------------------------------------------------------------------------------------- */

/* The next run of digits in s from *i on; false if there is none. */
static bool next_number(rt_str s, size_t *i, unsigned *out, size_t *digits)
{
    while (*i < s.len && !rt_is_digit(s.ptr[*i]))
        (*i)++;
    size_t beg = *i;
    for (*out = 0; *i < s.len && rt_is_digit(s.ptr[*i]) && *i - beg < 8; (*i)++)
        *out = *out * 10 + (unsigned)(s.ptr[*i] - '0');
    *digits = *i - beg;
    return *digits > 0;
}

/* Days since 1970-01-01. */
static int32_t days_from(unsigned year, unsigned month, unsigned day)
{
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int32_t y = (int32_t)year - 1;
    int32_t leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) && month > 2;
    return y * 365 + y / 4 - y / 100 + y / 400 - 719162 + before[month - 1] + (int32_t)day - 1 +
           leap;
}

typedef struct moment {
    int32_t day;    /* since 1970, INT32_MIN: not stated */
    int32_t minute; /* of the day, -1: not stated */
} moment;

static const moment nowhen = {INT32_MIN, -1};

/* 2024-03-02, 20240302, 2024年3月2日; the rest of the string is left for the clock. */
static size_t read_date(rt_str s, moment *m)
{
    size_t i = 0, n;
    unsigned y, mo, d;
    if (!next_number(s, &i, &y, &n) || (n != 4 && n != 8))
        return 0;
    if (n == 8) {
        d = y % 100;
        mo = y / 100 % 100;
        y /= 10000;
    } else if (!next_number(s, &i, &mo, &n) || n > 2 || !next_number(s, &i, &d, &n) || n > 2) {
        return 0;
    }
    if (y < 1900 || y > 2200 || mo < 1 || mo > 12 || d < 1 || d > 31)
        return 0;
    m->day = days_from(y, mo, d);
    return i;
}

static void read_clock(rt_str s, bool afternoon, moment *m)
{
    size_t i = 0, n, n2;
    unsigned h, min = 0;
    if (!next_number(s, &i, &h, &n))
        return;
    if (n >= 3) { /* 1405, 905, 140530 */
        while (n > 4) {
            h /= 10;
            n--;
        }
        min = h % 100;
        h /= 100;
    } else {
        size_t k = i;
        if (!(next_number(s, &k, &min, &n2) && n2 <= 2 && k - i <= 5))
            min = 0;
    }
    if (afternoon && h < 12)
        h += 12;
    if (h < 24 && min < 60)
        m->minute = (int32_t)(h * 60 + min);
}

static moment moment_of(rt_str date, rt_str clock, bool afternoon)
{
    moment m = nowhen;
    if (date.len > 0)
        read_date(date, &m);
    size_t used = read_date(clock, &m);
    read_clock(rt_str_slice(clock, used, clock.len), afternoon, &m);
    return m;
}

/* Minutes from a to b, RT_NIL if not known. Without two dates: within a day. */
static uint32_t minutes_between(moment a, moment b)
{
    if (a.minute < 0 || b.minute < 0)
        return RT_NIL;
    int32_t minutes = b.minute - a.minute;
    if (a.day != INT32_MIN && b.day != INT32_MIN)
        minutes += (b.day - a.day) * 1440;
    else if (minutes < 0)
        minutes += 1440;
    return minutes >= 0 ? (uint32_t)minutes : RT_NIL;
}

/* ---- records
 * -------------------------------------------------------------------------------------------- */

static bool find(scene *s, rt_wording_kind kind, rt_str t, rt_groups *g)
{
    return rt_wording_find(s->c->know->wording, kind, &s->matcher, t, g, NULL);
}

static void time_record(scene *s, rt_communication *r, rt_str words)
{
    const rt_str *f = s->d->record->field;
    moment call = moment_of(RT_STR(""), words, find(s, RT_WORDING_AFTERNOON, words, NULL));
    moment exam = moment_of(f[RT_FIELD_DATE], f[RT_FIELD_TIME], false);
    moment report = moment_of(f[RT_FIELD_REPORT_DATE], f[RT_FIELD_REPORT_TIME], false);
    r->from_exam = minutes_between(exam, call);
    r->from_report = minutes_between(report, call);
}

static rt_span group(const scene *s, rt_fspan at, const rt_groups *g)
{
    rt_fspan f = {at.beg + (uint32_t)g->beg[1], at.beg + (uint32_t)g->end[1]};
    while (f.end > f.beg && s->d->text.folded.ptr[f.end - 1] == ' ')
        f.end--;
    return rt_doc_span(s->d, f);
}

static void add_time(scene *s, rt_communication *r, rt_fspan at, rt_str t)
{
    rt_groups g;
    if (r->when.end > r->when.beg || !find(s, RT_WORDING_AT, t, &g))
        return;
    r->when = group(s, at, &g);
    time_record(s, r, rt_str_slice(t, g.beg[1], g.end[1]));
}

/* What a sentence adds to the record directly before it. */
static bool complete(scene *s, uint32_t sentence, rt_fspan at, rt_str t)
{
    if (s->d->communications.len == 0 || s->last == RT_NIL || s->last + 1 != sentence)
        return false;
    rt_communication *r = &s->d->communications.at[s->d->communications.len - 1];
    bool said_back = find(s, RT_WORDING_READ_BACK, t, NULL);
    uint32_t end = r->when.end;
    r->read_back |= said_back;
    add_time(s, r, at, t);
    if (!said_back && r->when.end == end)
        return false;
    r->at.end = rt_doc_span(s->d, at).end;
    s->last = sentence;
    return true;
}

static void read_sentence(scene *s, uint32_t sentence, bool in_section)
{
    rt_fspan at = s->d->sentences.at[sentence].at;
    rt_str t = rt_text_fslice(&s->d->text, at);
    rt_span whole = rt_doc_span(s->d, at);
    rt_groups to = {0}, when = {0};
    if (find(s, RT_WORDING_UNTOLD, t, NULL))
        return;
    bool named = find(s, RT_WORDING_TO, t, &to);
    if (!named && complete(s, sentence, at, t))
        return;
    bool timed = find(s, RT_WORDING_AT, t, &when);
    if (!named && !(timed && in_section) && !find(s, RT_WORDING_TOLD, t, NULL))
        return;
    rt_communication r = {.at = whole,
                          .to = {whole.beg, whole.beg},
                          .when = {whole.beg, whole.beg},
                          .from_exam = RT_NIL,
                          .from_report = RT_NIL,
                          .read_back = find(s, RT_WORDING_READ_BACK, t, NULL)};
    if (named)
        r.to = group(s, at, &to);
    add_time(s, &r, at, t);
    RT_PUSH(s->c->perm, &s->d->communications, r);
    s->last = sentence;
}

/* Sentences of telling: by a cue, or directly behind a record. */
static bool has_cue(const scene *s, uint32_t sentence, uint32_t *cue)
{
    const rt_doc *d = s->d;
    while (*cue < d->cues.len && d->cues.at[*cue].sentence < sentence)
        (*cue)++;
    for (uint32_t i = *cue; i < d->cues.len && d->cues.at[i].sentence == sentence; i++)
        if (s->c->know->lexicon->cues[d->cues.at[i].cue].category == RT_CUE_TOLD)
            return true;
    return false;
}

rt_code rt_stage_told(rt_ctx *c, rt_doc *d)
{
    scene s = {.c = c, .d = d, .matcher = {.arena = &c->temp}, .last = RT_NIL};
    uint32_t cue = 0;
    for (uint32_t i = 0; i < d->sentences.len; i++) {
        unsigned section = d->sections.at[d->sentences.at[i].section].type;
        bool in_section = section == RT_SECTION_COMMUNICATION;
        bool before = section == RT_SECTION_REQUEST || section == RT_SECTION_CLINICAL ||
                      section == RT_SECTION_COMPARISON || section == RT_SECTION_TECHNIQUE;
        if (!before && (in_section || has_cue(&s, i, &cue)))
            read_sentence(&s, i, in_section);
    }
    return RT_OK;
}
