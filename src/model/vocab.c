/* Names and parsers of the closed word lists, generated from the lists in vocab.h. */
#include "model/vocab.h"

#include <assert.h>

static bool parse(const char *const *names, unsigned n, rt_str name, unsigned *value)
{
    for (unsigned i = 0; i < n; i++) {
        if (rt_str_eq(rt_str_from(names[i]), name)) {
            *value = i;
            return true;
        }
    }
    return false;
}

#define X(P, c, n) n,
#define V(kind, prefix, list)                                                                      \
    static const char *const kind##_names[] = {list(X, prefix)};                                   \
    const char *rt_##kind##_name(unsigned value)                                                   \
    {                                                                                              \
        assert(value < RT_##prefix##_END);                                                         \
        return kind##_names[value];                                                                \
    }                                                                                              \
    bool rt_##kind##_parse(rt_str name, unsigned *value)                                           \
    {                                                                                              \
        return parse(kind##_names, RT_##prefix##_END, name, value);                                \
    }
RT_VOCABS(V)
#undef V
#undef X

#define X(c, code, level, message) {code, message, RT_LEVEL_##level},
static const struct {
    const char *code, *message;
    rt_level_type level;
} issues[] = {RT_ISSUES(X)};
#undef X

const char *rt_issue_code(rt_issue_type t)
{
    return issues[t].code;
}

const char *rt_issue_message(rt_issue_type t)
{
    return issues[t].message;
}

rt_level_type rt_issue_level(rt_issue_type t)
{
    return issues[t].level;
}
