/* What the files that cut a source into records share. Private to input/.
 *
 *   buf: | given out | pos: current record ... | scanned | ... len | free ... cap |
 *
 * A record ends where its cutter says so; `scanned` is how far the cutter has looked, so that no
 * byte is looked at again when more of them arrive. */
#ifndef RT_INPUT_READER_H
#define RT_INPUT_READER_H

#include "base/err.h"

#ifdef RT_HARD
enum { RT_KEPT_OF_OVERSIZE = 4 };
#else
enum { RT_KEPT_OF_OVERSIZE = 256 }; /* bytes of a record that is too long, for the message */
#endif

struct rt_reader {
    int fd;
    char *path;
    rt_format format;
    size_t ceiling;
    char *buf;
    size_t pos, scanned, len, cap;
    uint32_t line; /* lines begun so far */
    bool ended;    /* of the source */
    bool given;    /* the one record of a text file was given */

    char *map;       /* of a CSV file: what the caller said, or NULL */
    rt_csv csv;      /* of a CSV file, once its heading was read (separator != 0) */
    unsigned state;  /* of the CSV cutter */
    uint64_t gone;   /* bytes that were given out before buf[0] */
    uint64_t wasted; /* bytes that were scanned for a row that turned out to be broken */
    bool skipping;   /* hl7: within a line that is passed over */
};

/* More bytes into the buffer, `ended` when there are none. What stands before pos is lost, and pos
 * and scanned may change. */
rt_code rt_reader_fill(rt_reader *r, rt_err *err);

/* The rest of the current line is read over, from scanned on; of what is in front of it,
 * RT_KEPT_OF_OVERSIZE bytes stay. */
rt_code rt_reader_skip_line(rt_reader *r, rt_err *err);

/* The record [pos, end) of `lines` lines is given out; the next one begins at `next`. */
rt_raw rt_reader_give(rt_reader *r, size_t end, size_t next, bool oversize, uint32_t lines);

/* Line ends in s: LF, CR or CRLF. */
uint32_t rt_count_lines(rt_str s);

/* One cutter a format; *more = false at the end of the source. */
typedef rt_code rt_cut_record(rt_reader *r, rt_raw *out, bool *more, rt_err *err);
rt_cut_record rt_cut_csv; /* csv_rows.c */
rt_cut_record rt_cut_hl7; /* hl7_cut.c */

/* Does a source that begins like this look like CSV: a row of names, one of them "text"? */
bool rt_csv_recognise(rt_str beginning);
/* Does it look like HL7: MSH, a batch header, or an MLLP frame? */
bool rt_hl7_recognise(rt_str beginning);

/* Is map well-formed ("field=column,...")? */
rt_code rt_csv_check_map(const char *map, rt_err *err);

#endif
