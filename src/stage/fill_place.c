/* The place of a finding as the value of a field: the most specific anatomy, in the words of the
 * report. */
#include "base/put.h"
#include "stage/fill.h"

/* A place that another one of the finding is a part of says nothing more. */
static bool is_whole_of_other(const rt_filler *w, const rt_finding *f, uint32_t index)
{
    uint32_t own = w->d->places.at[f->anatomy.first + index].concept;
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        uint32_t other = w->d->places.at[f->anatomy.first + i].concept;
        if (i != index && other != own && rt_lexicon_part_of(w->x, other, own))
            return true;
    }
    return false;
}

static rt_str place_words(const rt_filler *w, const rt_place *p)
{
    const rt_concept *c = &w->x->concepts[p->concept];
    return p->at.beg < p->at.end
               ? rt_text_slice(&w->d->text, p->at)
               : rt_str_from(rt_lexicon_text(w->x, w->d->zh ? c->pref_zh : c->pref_en));
}

static rt_str next_words(const rt_filler *w, const rt_finding *f, uint32_t index)
{
    return index + 1 < f->anatomy.count
               ? place_words(w, &w->d->places.at[f->anatomy.first + index + 1])
               : (rt_str){"", 0};
}

/* 右肺上叶 and 前段 behind it are one place: 右肺上叶前段. */
static bool goes_on(rt_str before, rt_str one)
{
    return before.len > 0 && before.ptr + before.len == one.ptr;
}

static bool contains(rt_str s, rt_str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (rt_str_eq_nocase(rt_str_slice(s, i, i + part.len), part))
            return true;
    return false;
}

static rt_str preferred(const rt_filler *w, const rt_concept *c)
{
    return rt_str_from(rt_lexicon_text(w->x, w->d->zh ? c->pref_zh : c->pref_en));
}

/* "Subdural hematoma" and "soft tissue swelling" name no place but their own kind; "bibasilar
 * atelectasis" does. */
static bool is_of_name(const rt_filler *w, const rt_finding *f, const rt_place *p)
{
    rt_str name = preferred(w, &w->x->concepts[f->concept]);
    return p->at.beg < p->at.end && p->at.beg >= f->at.beg && p->at.end <= f->at.end &&
           !f->derived &&
           (contains(name, rt_text_slice(&w->d->text, p->at)) ||
            contains(name, preferred(w, &w->x->concepts[p->concept])));
}

static rt_str join(rt_arena *a, rt_str before, rt_str one)
{
    char *p = rt_arena_raw(a, before.len + one.len + 2, 1, 1);
    if (p == NULL)
        return before; /* full: the report is run again */
    rt_put(rt_put(rt_put(p, before), RT_STR("; ")), one);
    return (rt_str){p, before.len + one.len + 2};
}

void rt_fill_take_place(rt_filler *w, rt_slot *slot, const rt_finding *f)
{
    for (uint32_t i = 0; i < f->anatomy.count; i++) {
        if (is_of_name(w, f, &w->d->places.at[f->anatomy.first + i]))
            continue;
        rt_str one = place_words(w, &w->d->places.at[f->anatomy.first + i]), before = slot->value;
        if (goes_on(before, one)) {
            slot->value.len += one.len;
            continue;
        }
        if ((is_whole_of_other(w, f, i) && !goes_on(one, next_words(w, f, i))) ||
            contains(before, one))
            continue;
        slot->value = before.len == 0 ? one : join(w->c->perm, before, one);
    }
}
