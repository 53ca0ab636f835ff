#include "output/facts.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

rt_str rt_fact(const rt_record *r, rt_field_id f)
{
    return rt_str_trim(r->field[f]);
}

/* ---- dates and times: with separators or without, as HL7 has them */

/* The digits of s, at most max; false if anything but digits and the separators stands there. */
static bool digits(rt_str s, const char *separators, char *out, size_t max, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!rt_is_digit(s.ptr[i]) && (s.ptr[i] == '\0' || strchr(separators, s.ptr[i]) == NULL))
            return false;
        if (rt_is_digit(s.ptr[i]) && *n == max)
            return false;
        if (rt_is_digit(s.ptr[i]))
            out[(*n)++] = s.ptr[i];
    }
    return true;
}

static unsigned number(const char *p, size_t n)
{
    unsigned v = 0;
    for (size_t i = 0; i < n; i++)
        v = v * 10 + (unsigned)(p[i] - '0');
    return v;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

rt_given rt_fact_date(const rt_record *r, rt_field_id f, rt_date *out)
{
    char d[8];
    size_t n = 0;
    rt_str s = rt_fact(r, f);
    if (s.len == 0)
        return RT_GIVEN_NOT;
    bool plain = s.len == 8 || (s.len == 10 && s.ptr[4] == s.ptr[7]);
    if (!plain || !digits(s, "-/.", d, sizeof d, &n) || n != 8)
        return RT_GIVEN_BAD;
    *out = (rt_date){number(d, 4), number(d + 4, 2), number(d + 6, 2)};
    bool good = out->year > 0 && out->month >= 1 && out->month <= 12 && out->day >= 1 &&
                out->day <= days_in(out->year, out->month);
    return good ? RT_GIVEN_GOOD : RT_GIVEN_BAD;
}

rt_given rt_fact_clock(const rt_record *r, rt_field_id f, rt_clock *out)
{
    char t[6];
    size_t n = 0;
    rt_str s = rt_str_cut(rt_fact(r, f), '.').head; /* without fractions of a second */
    if (rt_fact(r, f).len == 0)
        return RT_GIVEN_NOT;
    if (!digits(s, ":", t, sizeof t, &n) || (n != 4 && n != 6))
        return RT_GIVEN_BAD;
    *out = (rt_clock){number(t, 2), number(t + 2, 2), n == 6 ? number(t + 4, 2) : 0};
    bool good = out->hour < 24 && out->minute < 60 && out->second < 60;
    return good ? RT_GIVEN_GOOD : RT_GIVEN_BAD;
}

/* ---- words and numbers */

rt_given rt_fact_sex(const rt_record *r, char *out)
{
    rt_str s = rt_fact(r, RT_FIELD_SEX);
    if (s.len == 0)
        return RT_GIVEN_NOT;
    if (s.len != 1 || s.ptr[0] == '\0' || strchr("MFOmfo", s.ptr[0]) == NULL)
        return RT_GIVEN_BAD;
    *out = (char)(s.ptr[0] & ~0x20);
    return RT_GIVEN_GOOD;
}

rt_given rt_fact_age(const rt_record *r, unsigned *years)
{
    double age = 0;
    rt_str s = rt_fact(r, RT_FIELD_AGE);
    if (s.len == 0)
        return RT_GIVEN_NOT;
    if (!rt_str_number(s, &age) || age < 0 || age >= 200)
        return RT_GIVEN_BAD;
    *years = (unsigned)age;
    return RT_GIVEN_GOOD;
}

rt_given rt_fact_status(const rt_record *r, const char **out)
{
    static const char *const known[] = {"preliminary", "final", "corrected", "addendum",
                                        "cancelled"};
    rt_str s = rt_fact(r, RT_FIELD_STATUS);
    if (s.len == 0)
        return RT_GIVEN_NOT;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (rt_str_eq_nocase(s, rt_str_from(known[i]))) {
            *out = known[i];
            return RT_GIVEN_GOOD;
        }
    }
    return RT_GIVEN_BAD;
}

/* ---- identifiers */

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* UUID, version 8 (RFC 9562: of a hash of one's choice), of what `hex` is the fingerprint of. */
static void uuid_of(const char hex[65], char out[37])
{
    snprintf(out, 37, "%.8s-%.4s-8%.3s-%c%.3s-%.12s", hex, hex + 8, hex + 13,
             "89ab"[hex_digit(hex[16]) % 4], hex + 17, hex + 20);
}

/* Of two things, each of any length. */
static void hash_pair(const char *what, rt_str a, rt_str b, char uuid[37])
{
    char joined[3 * 64 + 1], hex[65];
    rt_sha256_hex(rt_str_from(what), joined); /* each ends where the next begins */
    rt_sha256_hex(a, joined + 64);
    rt_sha256_hex(b, joined + 128);
    rt_sha256_hex((rt_str){joined, sizeof joined - 1}, hex);
    uuid_of(hex, uuid);
}

void rt_identify(const rt_record *r, rt_identity *out)
{
    hash_pair("report", r->field[RT_FIELD_ID], r->field[RT_FIELD_TEXT], out->report);
    rt_str accession = rt_fact(r, RT_FIELD_ACCESSION);
    if (accession.len > 0)
        hash_pair("study", rt_fact(r, RT_FIELD_PATIENT_ID), accession, out->study);
    else
        hash_pair("study of report", r->field[RT_FIELD_ID], r->field[RT_FIELD_TEXT], out->study);
}

void rt_identity_nth(const rt_identity *i, uint32_t n, char out[37])
{
    snprintf(out, 37, "%.24s%012x", i->report, n);
}

void rt_identity_uid(const char uuid[37], char out[65])
{
    unsigned char decimal[39] = {0}; /* of 2^128, least digit first */
    size_t n = 1;
    for (const char *p = uuid; *p != '\0'; p++) {
        if (*p == '-')
            continue;
        unsigned carry = hex_digit(*p);
        for (size_t i = 0; i < n || carry > 0; i++) {
            n = i < n ? n : i + 1;
            carry += decimal[i] * 16U;
            decimal[i] = (unsigned char)(carry % 10);
            carry /= 10;
        }
    }
    memcpy(out, "2.25.", 5);
    for (size_t i = 0; i < n; i++)
        out[5 + i] = (char)('0' + decimal[n - 1 - i]);
    out[5 + n] = '\0';
}

/* ---- critical flags: at most one a family of rules, so that looking through them is short */

const rt_flag *rt_finding_flag(const rt_doc *d, uint32_t finding)
{
    for (uint32_t i = 0; i < d->flags.len; i++)
        if (d->flags.at[i].finding == finding)
            return &d->flags.at[i];
    return NULL;
}

bool rt_slot_says(const rt_slot *s)
{
    return s->state == RT_STATE_FILLED || s->state == RT_STATE_NEGATED ||
           s->state == RT_STATE_UNCERTAIN || s->state == RT_STATE_CONFLICT;
}

/* ---- errors */

const char *rt_error_word(rt_code code)
{
    switch (code) {
    case RT_OK:
    case RT_EINPUT:
        return "bad-record";
    case RT_ELIMIT:
        return "too-large";
    case RT_EIO:
        return "system";
    case RT_ENOMEM:
        return "memory";
    case RT_EUSAGE:
        return "usage";
    case RT_EDB:
        return "index";
    }
    return "bad-record";
}
