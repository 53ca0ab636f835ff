/* THE folding, one for report, lexicon and query alike. Two texts that a reader takes for the same
 * fold to the same bytes, and nothing is made a word or a number that was none:
 *
 *   width     Ａ１（，： -> a 1 ( , : but 。 and 、 stay what they are
 *   case      Lung -> lung, accents off Latin letters: Ménière -> meniere
 *   Han       Traditional -> Simplified, Kangxi radicals -> characters
 *   NFKC      ㎝ -> cm, Ⅱ -> ii, ² -> 2; but ② ½ № stay: 5mm② is not 5mm2
 *   signs     × ✕ ╳ -> x, dashes -> -, quotes -> straight, ～ 〜 -> ~, ≧ -> ≥
 *   hyphen    between two ASCII letters -> blank; T12-L1 stays
 *   blanks    a run -> one blank; a run with line ends -> "\n" or, with several, "\n\n" (the
 *             automaton reads '\n' as ' '); none at the beginning and the end
 *   nothing   zero-width characters, soft hyphens, combining accents
 *
 * The table is made by src/text/tools/gen_fold_table.c, where the rules stand in full; a folded
 * text folds to itself. */
#ifndef RT_TEXT_FOLD_H
#define RT_TEXT_FOLD_H

#include "text/text.h"

/* Fold doc (valid UTF-8) into t (doc, folded, steps, ascii); memory from the arena. folded is never
 * longer than 2 * doc.len + 8. When the arena is full folded and steps are empty. */
void rt_fold(rt_arena *a, rt_str doc, rt_text *t);

/* Fold a short term (lexicon form, query word, field of a record), trimmed; NUL is a blank in it.
 * The result is in the arena. */
rt_str rt_fold_term(rt_arena *a, rt_str term);

#endif
