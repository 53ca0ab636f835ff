/* Tests of stage/fill_asked: the rows of a template say what its triggers ask for, for every
 * template that we ship and for findings of all kinds. */
#include <stdlib.h>

#include <check.h>

#include "stage/fill.h"

enum { FINDINGS = 200, PLACES = 2, ROUNDS = 2 };

static rt_lexicon *x;
static rt_templates *templates;
static uint32_t seed = 1;

static uint32_t any(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % n;
}

/* ---- what a trigger asks, read as it is written */

static bool lies_in(const rt_doc *d, const rt_finding *f, rt_concept_list places)
{
    for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++)
        if (rt_concept_in(d->places.at[p].concept, places))
            return true;
    return false;
}

static bool denies_there(const rt_doc *d, const rt_finding *f, const rt_trigger *t, bool blanket)
{
    for (uint32_t i = 0; i < t->places.n; i++)
        for (uint32_t p = f->anatomy.first; p < f->anatomy.first + f->anatomy.count; p++) {
            uint32_t own = t->places.at[i], place = d->places.at[p].concept;
            if (rt_lexicon_is_a(x, own, place) ||
                (blanket && (rt_lexicon_part_of(x, own, place) || rt_lexicon_is_a(x, place, own))))
                return true;
        }
    return false;
}

static bool names(const rt_trigger *t, uint32_t concept)
{
    for (uint32_t i = 0; i < t->concepts.n; i++)
        if (t->concepts.at[i] == concept)
            return true;
    return false;
}

static bool meets(const rt_doc *d, const rt_finding *f, const rt_trigger *t)
{
    unsigned flags = x->concepts[f->concept].flags;
    bool denies = rt_denies(f);
    bool blanket = denies && (flags & RT_CONCEPT_GENERIC) && !(flags & RT_CONCEPT_SIZED);
    if (blanket && denies_there(d, f, t, true))
        return true;
    if ((t->concepts.n > 0 && !rt_concept_in(f->concept, t->concepts)) ||
        rt_concept_in(f->concept, t->excludes) || lies_in(d, f, t->outside))
        return false;
    if (t->places.n == 0)
        return !(f->derived && denies) || names(t, f->concept);
    return lies_in(d, f, t->places) || (t->unplaced && f->anatomy.count == 0) ||
           (denies && denies_there(d, f, t, false));
}

static bool meets_any(const rt_doc *d, const rt_finding *f, const rt_trigger *t, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (meets(d, f, &t[i]))
            return true;
    return false;
}

/* ---- findings of what a template speaks of, and of other things */

static uint32_t any_of(const rt_template *t, bool place)
{
    const rt_template_field *f = &t->fields[any(t->n_fields)];
    if (f->n_triggers == 0 || any(8) == 0)
        return any(x->n_concepts);
    const rt_trigger *g = &f->triggers[any(f->n_triggers)];
    rt_concept_list lists[] = {place ? g->places : g->concepts, place ? g->outside : g->excludes};
    rt_concept_list list = lists[any(8) == 0];
    uint32_t concept = list.n > 0 ? list.at[any(list.n)] : any(x->n_concepts);
    rt_range above = place ? x->concepts[concept].parts : x->concepts[concept].kinds;
    return above.count > 0 && any(3) == 0 ? x->links[above.first + any(above.count)] : concept;
}

static uint32_t any_generic(void)
{
    uint32_t i = any(x->n_concepts);
    while ((x->concepts[i].flags & RT_CONCEPT_GENERIC) == 0)
        i = (i + 1) % x->n_concepts;
    return i;
}

static void make_findings(rt_doc *d, rt_arena *a, const rt_template *t)
{
    RT_PUSH(a, &d->sections, (rt_section){.type = RT_SECTION_FINDINGS});
    for (uint32_t i = 0; i < FINDINGS; i++) {
        rt_finding f = {.concept = any(4) == 0 ? any_generic() : any_of(t, false),
                        .mention = RT_NIL,
                        .presence = (uint8_t)any(RT_PRESENCE_QUERIED),
                        .derived = any(3) == 0,
                        .anatomy = {d->places.len, any(PLACES + 1)}};
        for (uint32_t p = 0; p < f.anatomy.count; p++)
            RT_PUSH(a, &d->places, (rt_place){.concept = any_of(t, true)});
        RT_PUSH(a, &d->findings, f);
    }
}

static void check_row(const rt_filler *w, uint32_t row, const rt_trigger *t, uint32_t n,
                      const char *name)
{
    for (uint32_t i = 0; i < w->n_speak; i++) {
        const rt_finding *f = &w->d->findings.at[w->speak[i]];
        bool want = meets_any(w->d, f, t, n);
        if (rt_fill_speaks(w, row, i) != want)
            ck_abort_msg("%s %s of %s: %s, %s%s", want ? "no" : "a", name, w->t->id,
                         rt_lexicon_text(x, x->concepts[f->concept].pref_en),
                         rt_presence_name(f->presence), f->derived ? ", derived" : "");
    }
}

START_TEST(rows_say_what_triggers_ask)
{
    const rt_template *t = rt_templates_at(templates, (uint32_t)_i);
    for (unsigned round = 0; round < ROUNDS; round++) {
        bool full = false;
        char *block = malloc(1 << 20), *temp = malloc(1 << 20);
        rt_arena a = {block, block + (1 << 20), &full};
        rt_doc d = {.template_index = (uint32_t)_i};
        rt_ctx c = {.perm = &a, .temp = {temp, temp + (1 << 20), &full}};
        rt_filler w = {.c = &c, .d = &d, .x = x, .t = t};
        make_findings(&d, &a, t);
        ck_assert(rt_fill_find_speakers(&w) && rt_fill_ask(&w) && !full);
        ck_assert_uint_eq(w.n_speak, FINDINGS);
        for (uint32_t i = 0; i < t->n_fields; i++) {
            const rt_template_field *f = &t->fields[i];
            uint32_t about = f->from == RT_FROM_DIMENSION; /* its first trigger is about anatomy */
            check_row(&w, i, f->triggers + about, f->n_triggers - about, f->id);
        }
        for (uint32_t i = 0; i < t->n_groups; i++)
            check_row(&w, t->n_fields + i, t->groups[i].triggers, t->groups[i].n_triggers,
                      t->groups[i].id);
        free(block);
        free(temp);
    }
}
END_TEST

int main(void)
{
    rt_err err = {.code = RT_OK};
    if (rt_lexicon_load("lexicons", NULL, &x, &err) != RT_OK ||
        rt_templates_load("templates", x, &templates, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        return EXIT_FAILURE;
    }
    Suite *s = suite_create("fill_rows");
    TCase *t = tcase_create("fill_rows");
    tcase_add_loop_test(t, rows_say_what_triggers_ask, 0, (int)rt_templates_count(templates));
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_templates_close(templates);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
