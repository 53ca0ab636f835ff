/* Bytes of any supported charset to document text. */
#ifndef RT_TEXT_DECODE_H
#define RT_TEXT_DECODE_H

#include "base/arena.h"
#include "base/err.h"

typedef struct rt_decoded {
    rt_str text; /* document text: valid UTF-8, LF, only characters that XML 1.0 allows; in the
                    arena, or the input itself if nothing changed */
    const char
        *charset;  /* static name: "UTF-8" "UTF-16LE" "UTF-16BE" "GB18030" "Big5" "windows-1252" */
    bool declared; /* the sender named it (false: detected) */
    uint32_t replaced;  /* undecodable sequences that became U+FFFD */
    uint32_t removed;   /* characters that XML forbids, mapped away (NUL and other controls) */
    uint32_t first_bad; /* byte offset in the document text of the first of either; 0 if none */
} rt_decoded;

/* declared: charset label of the sender ("GB2312", "unicode-1-1", "UNICODE UTF-8", any case),
 * empty: detect. An unknown label is treated as not declared. CRLF and CR become LF; a BOM is
 * dropped. Without memory in the arena the text is empty and a->full set (RT_OK: the caller looks
 * at full, as after every stage); RT_ENOMEM when ICU has none. */
rt_code rt_decode(rt_arena *a, rt_str raw, rt_str declared, rt_decoded *out, rt_err *err);

#endif
