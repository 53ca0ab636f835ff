/* JSON lines: one object a line, its members named as in RT_FIELDS.
 *
 * - Unknown members are ignored, whatever they hold; null is the same as a missing member.
 * - The same name twice in one object is refused: a report with two texts is not guessed at.
 * - Names and numbers that identify (id, uid, accession, patient_id) and age may be numbers.
 * - A line that is not UTF-8 is decoded first, as a whole: in GB18030 the second byte of a
 *   character may look like a quote or a backslash.
 * - A lone surrogate escape (half of a character, "\ud83d") becomes U+FFFD, as an undecodable byte
 *   would: jansson refuses it, so such a line is mended and read again.
 *
 * Nearly every line is read by input/skim; whatever that is not sure of is read again by jansson,
 * which also says what is wrong with a line. */
#include "input/format.h"

#include <jansson.h>

#include "base/utf8.h"
#include "input/skim.h"
#include "text/decode.h"

static const rt_str field_names[RT_FIELD_COUNT] = {
#define X(upper, lower) {#lower, sizeof #lower - 1},
    RT_FIELDS(X)
#undef X
};

static bool may_be_number(rt_field_id field)
{
    return field == RT_FIELD_ID || field == RT_FIELD_AGE || field == RT_FIELD_ACCESSION ||
           field == RT_FIELD_PATIENT_ID;
}

void rt_parse_jsonl_free(void *tree)
{
    json_decref(tree);
}

/* ---- the line as a tree */

static rt_code decode_line(rt_arena *a, rt_str *line, rt_record *out, rt_err *err)
{
    if (rt_utf8_valid(*line, NULL))
        return RT_OK;
    rt_decoded d;
    rt_code code = rt_decode(a, *line, RT_STR(""), &d, err);
    if (code != RT_OK)
        return code;
    *line = d.text;
    out->replaced += d.replaced;
    return RT_OK;
}

static bool hex4(const char *p, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        unsigned digit = rt_is_digit(c)           ? (unsigned)(c - '0')
                         : (c >= 'a' && c <= 'f') ? (unsigned)(c - 'a' + 10)
                         : (c >= 'A' && c <= 'F') ? (unsigned)(c - 'A' + 10)
                                                  : 16;
        if (digit == 16)
            return false;
        *out = *out * 16 + digit;
    }
    return true;
}

/* Is there an escape \uXXXX at p? Its value goes to *unit. */
static bool escape_at(const char *p, const char *end, unsigned *unit)
{
    return end - p >= 6 && p[0] == '\\' && p[1] == 'u' && hex4(p + 2, unit);
}

/* Overwrites lone surrogate escapes with the escape of U+FFFD, which is as long. */
static uint32_t mend_surrogates(char *p, size_t len)
{
    static const char replacement[6] = {'\\', 'u', 'f', 'f', 'f', 'd'};
    uint32_t mended = 0;
    char *end = p + len;
    while (p < end) {
        unsigned high = 0, low = 0;
        size_t step = *p == '\\' ? 2 : 1;
        if (escape_at(p, end, &high)) {
            step = 6;
            bool pair = high >= 0xd800 && high < 0xdc00 && escape_at(p + 6, end, &low) &&
                        low >= 0xdc00 && low < 0xe000;
            if (pair) {
                step = 12;
            } else if (high >= 0xd800 && high < 0xe000) {
                memcpy(p, replacement, sizeof replacement);
                mended++;
            }
        }
        p += step;
    }
    return mended;
}

static json_t *load(rt_str line, json_error_t *e)
{
    return json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, e);
}

static json_t *load_mended(rt_arena *a, rt_str line, rt_record *out, json_error_t *e)
{
    json_t *tree = load(line, e);
    if (tree != NULL || json_error_code(e) != json_error_invalid_syntax)
        return tree;
    char *copy = RT_NEW(a, char, line.len);
    if (copy == NULL)
        return NULL;
    memcpy(copy, line.ptr, line.len);
    uint32_t mended = mend_surrogates(copy, line.len);
    out->replaced += mended;
    return mended > 0 ? load((rt_str){copy, line.len}, e) : NULL;
}

static rt_code syntax_error(const rt_raw *raw, rt_str line, const json_error_t *e, rt_err *err)
{
    size_t at = e->position > 0 ? (size_t)e->position - 1 : 0;
    rt_fail_at(err, RT_EINPUT, raw->source, line, at < line.len ? at : line.len, "JSON: %s",
               e->text);
    return rt_raw_place(raw, RT_EINPUT, err);
}

/* ---- the tree as a record */

typedef struct members { /* what take_member needs */
    rt_arena *a;
    const rt_raw *raw;
    const json_t *tree;
    rt_record *out;
} members;

static rt_str number_text(rt_arena *a, const json_t *value)
{
    if (json_is_integer(value))
        return rt_arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return rt_arena_printf(a, "%.15g", json_real_value(value));
}

static rt_code wrong_type(const rt_raw *raw, const char *name, bool number, rt_err *err)
{
    rt_fail(err, RT_EINPUT, "field \"%s\" must be a string%s", name, number ? " or a number" : "");
    return rt_raw_place(raw, RT_EINPUT, err);
}

/* The member `name` becomes the field, unless it is missing, null or an empty string. TEXT stays as
 * it is: the decoder of the document text treats what is forbidden there. */
static rt_code take_member(const members *m, const char *name, rt_field_id field, rt_err *err)
{
    const json_t *value = json_object_get(m->tree, name);
    rt_str *to = &m->out->field[field];
    if (value == NULL || json_is_null(value))
        return RT_OK;
    if (json_is_number(value) && may_be_number(field)) {
        *to = number_text(m->a, value);
        return RT_OK;
    }
    if (!json_is_string(value))
        return wrong_type(m->raw, name, may_be_number(field), err);
    rt_str s = {json_string_value(value), json_string_length(value)};
    if (field == RT_FIELD_TEXT)
        *to = s;
    else if (s.len > 0)
        *to = rt_field_clean(m->a, s, &m->out->replaced);
    return RT_OK;
}

/* The id first, so that an error in another field can name its record. */
static rt_code take_members(const members *m, rt_err *err)
{
    const char *by_line = m->out->field[RT_FIELD_ID].ptr;
    rt_code code = take_member(m, field_names[RT_FIELD_ID].ptr, RT_FIELD_ID, err);
    if (code == RT_OK && m->out->field[RT_FIELD_ID].ptr == by_line)
        code = take_member(m, "uid", RT_FIELD_ID, err);
    for (unsigned f = RT_FIELD_ID + 1; f < RT_FIELD_COUNT && code == RT_OK; f++)
        code = take_member(m, field_names[f].ptr, (rt_field_id)f, err);
    return code;
}

static rt_code check_text(const rt_raw *raw, const rt_record *out, rt_err *err)
{
    rt_str text = out->field[RT_FIELD_TEXT];
    if (text.ptr != NULL && rt_str_trim(text).len > 0)
        return RT_OK;
    rt_fail(err, RT_EINPUT, text.ptr == NULL ? "no field \"text\"" : "field \"text\" is empty");
    return rt_raw_place(raw, RT_EINPUT, err);
}

/* ---- the short way: lines that hold nothing rare, which is nearly all of them */

static int field_of(rt_str name)
{
    for (int f = 0; f < RT_FIELD_COUNT; f++)
        if (name.len == field_names[f].len && name.ptr[0] == field_names[f].ptr[0] &&
            rt_str_eq(name, field_names[f]))
            return f;
    return -1;
}

/* One member; false when the long way must judge it. seen: which fields have stood here. */
static bool take_quickly(rt_arena *a, const rt_member *m, uint32_t *seen, rt_record *out)
{
    enum { UID = RT_FIELD_COUNT }; /* behind the fields in `seen` */
    int f = field_of(m->name);
    bool uid = f < 0 && rt_str_eq(m->name, RT_STR("uid"));
    if (f < 0 && !uid)
        return true;
    uint32_t bit = 1U << (uid ? UID : f);
    if (*seen & bit)
        return false;
    *seen |= bit;
    if (m->kind == RT_SKIM_NULL)
        return true;
    rt_field_id field = uid ? RT_FIELD_ID : (rt_field_id)f;
    if (m->kind == RT_SKIM_OTHER || (m->kind == RT_SKIM_INTEGER && !may_be_number(field)))
        return false;
    if (field == RT_FIELD_ID && (*seen & 1U << RT_FIELD_ID) && (*seen & 1U << UID))
        return false; /* two names for one field: rare */
    if (field == RT_FIELD_TEXT)
        out->field[field] = m->text;
    else if (m->text.len > 0)
        out->field[field] = rt_field_clean(a, m->text, &out->replaced);
    return true;
}

static bool read_quickly(rt_arena *a, rt_str line, rt_record *out)
{
    rt_record before = *out;
    rt_skim s = rt_skim_open(a, line);
    rt_member m;
    uint32_t seen = 0;
    bool sure = true;
    while (sure && rt_skim_next(&s, &m))
        sure = take_quickly(a, &m, &seen, out);
    if (sure && s.state == RT_SKIM_DONE)
        return true;
    *out = before;
    return false;
}

/* ---- */

static rt_code read_with_care(rt_arena *a, const rt_raw *raw, rt_str line, void **tree,
                              rt_record *out, rt_err *err)
{
    json_error_t e;
    json_t *root = load_mended(a, line, out, &e);
    if (root == NULL)
        return syntax_error(raw, line, &e, err);
    *tree = root;
    if (!json_is_object(root)) {
        rt_fail(err, RT_EINPUT, "not a JSON object: each line must be one {...}");
        return rt_raw_place(raw, RT_EINPUT, err);
    }
    members m = {a, raw, root, out};
    return take_members(&m, err);
}

rt_code rt_parse_jsonl(rt_arena *a, const rt_raw *raw, rt_parse_env *env, rt_record *out,
                       rt_err *err)
{
    if (raw->oversize)
        return rt_raw_oversize(raw, err);
    rt_str line = raw->bytes;
    rt_code code = decode_line(a, &line, out, err);
    if (code != RT_OK)
        return rt_raw_place(raw, code, err);
    if (!read_quickly(a, line, out))
        code = read_with_care(a, raw, line, &env->tree, out, err);
    out->charset = RT_STR("UTF-8");
    return code == RT_OK ? check_text(raw, out, err) : code;
}
