#include "base/str.h"

#include "base/utf8.h"

int rt_str_cmp(rt_str a, rt_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool rt_str_eq_nocase(rt_str a, rt_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool rt_str_starts(rt_str s, rt_str prefix)
{
    return s.len >= prefix.len && rt_str_eq(rt_str_slice(s, 0, prefix.len), prefix);
}

rt_cut rt_str_cut(rt_str s, char separator)
{
    const char *at = s.len > 0 ? memchr(s.ptr, separator, s.len) : NULL;
    if (at == NULL)
        return (rt_cut){.head = s, .tail = {"", 0}, .found = false};
    size_t pos = (size_t)(at - s.ptr);
    return (rt_cut){rt_str_slice(s, 0, pos), rt_str_slice(s, pos + 1, s.len), true};
}

rt_str rt_str_trim(rt_str s)
{
    size_t beg = 0, end = s.len;
    while (beg < end && rt_is_blank(s.ptr[beg]))
        beg++;
    while (end > beg && rt_is_blank(s.ptr[end - 1]))
        end--;
    return end > beg ? rt_str_slice(s, beg, end) : (rt_str){"", 0};
}

/* Han characters begin with one of a few bytes; the third tells more. */
bool rt_str_find(rt_str s, rt_str what, size_t *pos)
{
    size_t at = 0, rare = what.len >= 3 && (unsigned char)what.ptr[0] >= 0xE0 ? 2 : 0;
    while (what.len > 0 && s.len - at >= what.len) {
        const char *hit = memchr(s.ptr + at + rare, what.ptr[rare], s.len - at - what.len + 1);
        if (hit == NULL)
            return false;
        at = (size_t)(hit - s.ptr) - rare;
        if (memcmp(s.ptr + at, what.ptr, what.len) == 0)
            break;
        at++;
    }
    if (s.len - at < what.len)
        return false;
    if (pos != NULL)
        *pos = at;
    return true;
}

/* Adds the digits from *i on to *value; how many there were. */
static size_t read_digits(rt_str s, size_t *i, double *value)
{
    size_t first = *i;
    for (; *i < s.len && rt_is_digit(s.ptr[*i]); ++*i)
        *value = *value * 10 + (s.ptr[*i] - '0');
    return *i - first;
}

/* All digits as one integer divided by one power of ten: both are exact up to 2^53 and 10^22, so
 * the quotient is the nearest double, as strtod would give it. Longer numbers do not occur in
 * reports; theirs may be off in the last place. */
bool rt_str_number(rt_str s, double *out)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    size_t i = negative || (s.len > 0 && s.ptr[0] == '+'), decimals = 0;
    double value = 0, scale = 1;
    size_t whole = read_digits(s, &i, &value);
    if (i < s.len && s.ptr[i] == '.') {
        i++;
        decimals = read_digits(s, &i, &value);
        if (decimals == 0)
            return false; /* "5." ends a sentence */
    }
    if (whole + decimals == 0 || i != s.len || value > 1e300 || decimals > 300)
        return false;
    while (decimals-- > 0)
        scale *= 10;
    *out = negative ? -(value / scale) : value / scale;
    return true;
}
