/* Where one HL7 v2 message ends and the next begins.
 *
 *   MLLP:   <VT> MSH|... <CR> PID|... <CR> <FS> <CR>      VT = 0x0B, FS = 0x1C
 *   plain:  MSH|... <CR> PID|... <CR> MSH|...             CR, LF or CRLF between the segments
 *
 * A message ends before a VT, at an FS, and before a line that begins with MSH or with one of the
 * segments of a batch (FHS BHS BTS FTS), which are passed over. None of these bytes except those of
 * the names can be part of a character in GB18030 or Big5, and a name counts only behind a line
 * end: so messages are cut before decoding. */
#include "base/utf8.h"
#include "input/reader.h"

enum { VT = 0x0B, FS = 0x1C, NAME = 4 }; /* bytes of a segment's name and the separator behind it */

static bool is_segment(rt_str s, const char *name)
{
    return s.len >= NAME && memcmp(s.ptr, name, NAME - 1) == 0 && !rt_is_word(s.ptr[NAME - 1]) &&
           !rt_is_blank(s.ptr[NAME - 1]);
}

static bool is_batch_segment(rt_str s)
{
    return is_segment(s, "FHS") || is_segment(s, "BHS") || is_segment(s, "BTS") ||
           is_segment(s, "FTS");
}

static rt_str ahead(const rt_reader *r, size_t at)
{
    return (rt_str){r->buf + at, r->len - at};
}

static bool ends_line(char c)
{
    return c == '\r' || c == '\n';
}

/* Does the message end at `at`? The byte before it and the NAME bytes behind it are there, unless
 * the source is at its end. */
static bool is_end(const rt_reader *r, size_t at)
{
    if (r->buf[at] == VT || r->buf[at] == FS)
        return true;
    return ends_line(r->buf[at - 1]) &&
           (is_segment(ahead(r, at), "MSH") || is_batch_segment(ahead(r, at)));
}

/* Looks for the end of the message at pos, in the bytes that are there. */
static bool find_end(rt_reader *r)
{
    size_t stop = r->ended ? r->len : r->len > NAME ? r->len - NAME : 0;
    if (r->scanned == r->pos && r->scanned < r->len)
        r->scanned++;
    for (; r->scanned < stop; r->scanned++)
        if (is_end(r, r->scanned))
            return true;
    return r->ended;
}

/* Above the ceiling: the beginning is kept, what was scanned is forgotten. */
static void forget(rt_reader *r)
{
    size_t keep = r->pos + RT_KEPT_OF_OVERSIZE;
    if (r->scanned <= keep + 1)
        return;
    r->line += rt_count_lines(rt_str_slice((rt_str){r->buf, r->len}, keep, r->scanned - 1));
    size_t from = r->scanned - 1; /* one byte before scanned is looked at */
    memmove(r->buf + keep, r->buf + from, r->len - from);
    r->len -= from - keep;
    r->scanned = keep + 1;
}

static rt_code read_message(rt_reader *r, bool *oversize, rt_err *err)
{
    *oversize = false;
    while (!find_end(r)) {
        *oversize = *oversize || r->scanned - r->pos > r->ceiling;
        if (*oversize)
            forget(r);
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
    *oversize = *oversize || r->scanned - r->pos > r->ceiling;
    return RT_OK;
}

/* What stands between messages: blanks, frame bytes, batch segments. false: more bytes are needed.
 */
static bool skip_between(rt_reader *r)
{
    for (; r->pos < r->len; r->pos++) {
        char c = r->buf[r->pos];
        if (c == '\r' && r->pos + 1 == r->len && !r->ended)
            return false; /* is it a CRLF? */
        bool line_end =
            c == '\n' || (c == '\r' && (r->pos + 1 == r->len || r->buf[r->pos + 1] != '\n'));
        r->line += line_end;
        if (r->skipping)
            r->skipping = !ends_line(c);
        else if (c != VT && c != FS && !rt_is_blank(c)) {
            if (r->len - r->pos < NAME && !r->ended)
                return false;
            if (!is_batch_segment(ahead(r, r->pos)))
                return true;
            r->skipping = true;
        }
    }
    return r->ended;
}

rt_code rt_cut_hl7(rt_reader *r, rt_raw *out, bool *more, rt_err *err)
{
    bool oversize = false;
    *more = false;
    while (!skip_between(r)) {
        rt_code code = rt_reader_fill(r, err);
        if (code != RT_OK)
            return code;
    }
    if (r->pos == r->len)
        return RT_OK;
    uint32_t first = r->line;
    r->scanned = r->pos;
    rt_code code = read_message(r, &oversize, err);
    if (code != RT_OK)
        return code;
    size_t kept = r->scanned - r->pos;
    if (oversize && kept > RT_KEPT_OF_OVERSIZE)
        kept = RT_KEPT_OF_OVERSIZE;
    rt_str message = rt_str_slice((rt_str){r->buf, r->len}, r->pos, r->scanned);
    uint32_t lines = rt_count_lines(message);
    *out = rt_reader_give(r, r->pos + kept, r->scanned, oversize, lines);
    out->line = first + 1;
    *more = true;
    return RT_OK;
}

bool rt_hl7_recognise(rt_str beginning)
{
    return is_segment(beginning, "MSH") || is_batch_segment(beginning) ||
           (beginning.len > 0 && beginning.ptr[0] == VT);
}
