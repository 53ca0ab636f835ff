/* THE folding, one for report, lexicon and query alike: half width, lower case, Simplified, NFKC
 * where it is one to a few characters (㎝ -> cm, Ⅱ -> ii, ² -> 2), all blanks to ' ', runs of
 * blanks to one, dashes to '-', × and ✕ to 'x', a hyphen between two letters to ' ' (ground-glass =
 * ground glass), zero-width characters to nothing, 。 ， stay apart: full-width ，：；（）！？
 * become ASCII (width), 。 and 、 stay. A run of blanks that holds line ends becomes "\n" (one line
 * end) or "\n\n" (a blank line); the automaton reads '\n' as ' '. */
#ifndef RT_TEXT_FOLD_H
#define RT_TEXT_FOLD_H

#include "text/text.h"

/* Fold doc into t (doc, folded, steps, ascii); memory from the arena. Length never grows beyond 2 *
 * doc.len + 8. */
void rt_fold(rt_arena *a, rt_str doc, rt_text *t);

/* Fold a short term (lexicon form, query word), trimmed; result in the arena. */
rt_str rt_fold_term(rt_arena *a, rt_str term);

#endif
