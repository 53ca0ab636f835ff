/* Plain text: the whole file is one report, its id is the path as it was given, so that files of
 * the same name in different folders stay apart in an index. */
#include "input/format.h"

static bool is_blank(rt_str s)
{
    return rt_str_trim(s).len == 0;
}

static rt_str source_id(const char *source)
{
    rt_str id = rt_str_from(source);
    if (rt_str_eq(id, RT_STR("-")))
        return RT_STR("stdin");
    while (rt_str_starts(id, RT_STR("./")))
        id = rt_str_slice(id, 2, id.len);
    return id;
}

rt_code rt_parse_text(rt_arena *a, const rt_raw *raw, rt_parse_env *env, rt_record *out,
                      rt_err *err)
{
    (void)env;
    out->field[RT_FIELD_ID] = rt_field_clean(a, source_id(raw->source), &out->replaced);
    if (raw->oversize)
        return rt_raw_oversize(raw, err);
    if (is_blank(raw->bytes)) {
        rt_fail(err, RT_EINPUT, "the file holds no text");
        return rt_raw_place(raw, RT_EINPUT, err);
    }
    out->field[RT_FIELD_TEXT] = raw->bytes;
    return RT_OK;
}
