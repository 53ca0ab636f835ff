/* Fuzzes the quick reader of JSON lines against jansson: what it takes, jansson takes too, with the
 * same names, strings and integers. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "input/skim.h"

enum { MEMORY = 1 << 16, MAX_LINE = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void compare(const json_t *tree, const rt_member *m)
{
    const json_t *value = json_object_getn(tree, m->name.ptr, m->name.len);
    require(value != NULL);
    if (m->kind == RT_SKIM_STRING)
        require(json_is_string(value) &&
                rt_str_eq(m->text, (rt_str){json_string_value(value), json_string_length(value)}));
    else if (m->kind == RT_SKIM_INTEGER)
        require(json_is_integer(value) && json_integer_value(value) == atoll(m->text.ptr));
    else
        require((m->kind == RT_SKIM_NULL) == json_is_null(value) && !json_is_string(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char memory[MEMORY];
    static char line[MAX_LINE + 1];
    enum { MAX_MEMBERS = 64 };
    rt_member m[MAX_MEMBERS];
    bool full = false;
    rt_arena a = {memory, memory + sizeof memory, &full};
    if (size > MAX_LINE || !rt_utf8_valid((rt_str){(const char *)data, size}, NULL))
        return 0;
    if (size > 0)
        memcpy(line, data, size);
    line[size] = '\0'; /* for atoll */
    rt_skim s = rt_skim_open(&a, (rt_str){line, size});
    size_t n = 0;
    while (n < MAX_MEMBERS && rt_skim_next(&s, &m[n]))
        n++;
    if (s.state != RT_SKIM_DONE || full)
        return 0;
    json_t *tree = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
    require(json_is_object(tree));
    if (json_object_size(tree) == n) /* else a name came twice */
        for (size_t i = 0; i < n; i++)
            compare(tree, &m[i]);
    json_decref(tree);
    return 0;
}
