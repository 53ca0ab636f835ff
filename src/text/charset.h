/* Which charset the bytes of a report are in: what their first bytes, their sender, and their own
 * pattern say. */
#ifndef RT_TEXT_CHARSET_H
#define RT_TEXT_CHARSET_H

#include "base/str.h"

typedef enum rt_charset {
    RT_CHARSET_UNKNOWN, /* never the answer of rt_charset_of */
    RT_CHARSET_UTF8,
    RT_CHARSET_UTF16LE,
    RT_CHARSET_UTF16BE,
    RT_CHARSET_GB18030, /* and GBK, GB 2312, which it contains */
    RT_CHARSET_BIG5,
    RT_CHARSET_WINDOWS1252, /* and ISO 8859-1 */
} rt_charset;

typedef struct rt_charset_guess {
    rt_charset charset;
    size_t mark;   /* length of the byte order mark */
    bool declared; /* the sender named this charset */
    bool valid;    /* known to be valid UTF-8; false: not known */
} rt_charset_guess;

/* label: what the sender calls the charset, may be empty. */
rt_charset_guess rt_charset_of(rt_str raw, rt_str label);

/* Is this the name of a charset, whether it is believed or not? */
bool rt_charset_known(rt_str label);

static inline uint32_t rt_utf16_unit(rt_str s, size_t pos, rt_charset order)
{
    unsigned a = (unsigned char)s.ptr[pos], b = (unsigned char)s.ptr[pos + 1];
    return order == RT_CHARSET_UTF16BE ? a << 8 | b : b << 8 | a;
}

#endif
