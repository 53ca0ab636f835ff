/* Tests of knowledge/template: loading, complaints with their line, and the choice of a template.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "made_doc.h"
#include "mini_lexicon.h"

static rt_lexicon *x;
static rt_templates *mini;

/* ---- loading */

static const rt_template *named(const rt_templates *t, const char *id, unsigned lang)
{
    for (uint32_t i = 0; i < rt_templates_count(t); i++)
        if (strcmp(rt_templates_at(t, i)->id, id) == 0 && rt_templates_at(t, i)->lang == lang)
            return rt_templates_at(t, i);
    return NULL;
}

START_TEST(records)
{
    const rt_template *t = named(mini, "chest", RT_LANG_EN);
    ck_assert_ptr_nonnull(t);
    ck_assert(!t->generic);
    ck_assert_str_eq(t->modality, "CT");
    ck_assert_uint_eq(t->n_fields, 10);
    const rt_template_field *f = &t->fields[mini_field(t, "ptx")];
    ck_assert(f->required);
    ck_assert_int_eq(f->from, RT_FROM_PRESENCE);
    ck_assert_int_eq(f->type, RT_FIELD_TYPE_CHOICE);
    ck_assert_uint_eq(f->n_options, 3); /* the shared list */
    ck_assert_str_eq(f->options[0].code.code, "RID28472");
    ck_assert_ptr_null(f->options[1].code.code);
    f = &t->fields[mini_field(t, "lesion")];
    ck_assert(!f->required);
    ck_assert_uint_eq(f->n_triggers, 1);
    ck_assert_uint_eq(f->triggers[0].places.at[0], mini_concept(x, "RID1301"));
    ck_assert_uint_eq(f->triggers[0].excludes.at[0], mini_concept(x, "RID43255"));
    ck_assert(rt_concept_in(mini_concept(x, "RID1303"), f->triggers[0].places)); /* a part of it */
    ck_assert(!rt_concept_in(mini_concept(x, "RID1303"), f->triggers[0].excludes));
    ck_assert_int_eq(t->fields[mini_field(t, "size")].type, RT_FIELD_TYPE_NUMBER);
    ck_assert_uint_eq(t->match.signs[mini_concept(x, "RID1303")], RT_SIGN_PLACE);
}
END_TEST

/* The templates that we ship load with the lexicon that we ship; their RadLex codes say what they
 * say in the lexicon; the languages have the same fields. */
START_TEST(shipped)
{
    rt_err err = {.code = RT_OK};
    rt_lexicon *real = NULL;
    rt_templates *t = NULL;
    if (rt_lexicon_load("lexicons", NULL, &real, &err) != RT_OK ||
        rt_templates_load("templates", real, &t, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        ck_abort();
    }
    for (uint32_t i = 0; i < rt_templates_count(t); i++) {
        const rt_template *p = rt_templates_at(t, i);
        const rt_template *other = named(t, p->id, p->lang == RT_LANG_EN ? RT_LANG_ZH : RT_LANG_EN);
        ck_assert_ptr_nonnull(other);
        ck_assert_uint_eq(p->n_fields, other->n_fields);
        for (uint32_t f = 0; f < p->n_fields; f++) {
            const rt_code_ref *code = &p->fields[f].code;
            uint32_t concept = 0;
            ck_assert_str_eq(p->fields[f].id, other->fields[f].id);
            if (code->code == NULL || strcmp(code->system, "RADLEX") != 0)
                continue;
            ck_assert_msg(rt_lexicon_by_id(real, rt_str_from(code->code), &concept), "%s",
                          code->code);
            uint32_t said = 0;
            ck_assert_msg(rt_lexicon_by_name(real, rt_str_from(code->display), &said) &&
                              said == concept,
                          "%s is not %s", code->code, code->display);
        }
    }
    rt_templates_close(t);
    rt_lexicon_close(real);
}
END_TEST

/* ---- complaints */

#define HEAD                                                                                       \
    "<template xmlns='urn:roentext:template:1' id='t' version='1' title='T' xml:lang='en'>\n"
#define SECTION "<section type='findings' title='F'>\n"
#define END "</section></template>"
#define TRIGGER "<trigger concepts='nodule'/>"

static const struct {
    const char *text;
    uint32_t line;
    const char *message; /* part of it */
} bad[] = {
    {HEAD SECTION "<field id='a' label='A' from='size' unit='mm'>\n<trigger concepts='nodul'/>"
                  "</field>" END,
     4, "'nodul'"},
    {HEAD SECTION "<field id='a' label='A' from='size' unit='mm'>\n\n<trigger/></field>" END, 5,
     "concepts or places"},
    {HEAD SECTION "<field id='a' label='A' from='presence'>" TRIGGER "</field>" END, 3,
     "has no options"},
    {HEAD SECTION "<field id='a' label='A' from='presence'>" TRIGGER
                  "<option value='present' label='P'/></field>" END,
     3, "needs the options"},
    {HEAD SECTION "<field id='a' label='A' from='side'>" TRIGGER
                  "<option value='north' label='N'/></field>" END,
     3, "'north' does not fit"},
    {HEAD SECTION "<field id='a' label='A' from='option'>" TRIGGER
                  "<option value='o' label='O'/></field>" END,
     3, "'o' does not fit"},
    {HEAD SECTION "<field id='a' label='A' from='size'>" TRIGGER "</field>" END, 3, "unit"},
    {HEAD SECTION "<field id='a' label='A' from='size' unit='cm'>" TRIGGER "</field>" END, 3, "mm"},
    {HEAD SECTION "<field id='a' label='A' from='smell'>" TRIGGER "</field>" END, 3, "from"},
    {HEAD SECTION "<field id='a' label='A' from='text'>" TRIGGER "</field>\n"
                  "<field id='a' label='B' from='text'>" TRIGGER "</field>" END,
     4, "field"},
    {HEAD SECTION "<field id='a' label='A' from='side' options='x'>" TRIGGER "</field>" END, 3,
     "optionsOfField"},
    {HEAD "<match modalities='ct' bodies='chest' measures='smell'><places>lung</places>"
          "<core>lung</core><hints>lung</hints></match>" SECTION END,
     2, "'smell'"},
    {HEAD "<match modalities='ct' bodies='tail'><places>lung</places>"
          "<core>lung</core><hints>lung</hints></match>" SECTION END,
     2, "no class 'tail'"},
    {HEAD SECTION "<field id='a' label='A' from='text'/>" END, 3, "has no trigger"},
    {HEAD SECTION "<field id='a' label='A' of='b' from='text'/>" END, 3, "no field 'b'"},
    {HEAD SECTION "<field id='a' label='A' from='measure' unit='stone'>" TRIGGER "</field>" END, 3,
     "'stone' is no unit"},
    {HEAD SECTION "<field id='a' label='A' from='dimension' unit='mm'>" TRIGGER "</field>" END, 3,
     "needs places"},
    {HEAD SECTION "<group id='g' label='G'><field id='a' label='A' from='text'/></group>" END, 3,
     "either triggers or items"},
    {HEAD SECTION "<group id='g' label='G'><item value='l' label='L' side='north'/>"
                  "<field id='a' label='A' from='text'>" TRIGGER "</field></group>" END,
     3, "'north' is no side"},
    {"<template", 1, ""},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]>\n" HEAD SECTION END, 0, "DOCTYPE"},
    {"<template xmlns='urn:roentext:template:1' id='t' version='1' title='T' "
     "xml:lang='fr'>\n" SECTION END,
     1, "en or zh"},
};

START_TEST(complaints)
{
    const char *const files[][2] = {{"a.xml", bad[_i].text}, {NULL, NULL}};
    rt_err err = {.code = RT_OK};
    rt_templates *t = NULL;
    ck_assert_int_eq(made_templates(files, x, &t, &err), RT_EINPUT);
    ck_assert_ptr_null(t);
    ck_assert_msg(strstr(err.msg, bad[_i].message) != NULL, "said: %s", err.msg);
    ck_assert_uint_eq(err.line, bad[_i].line);
    if (err.line > 0)
        ck_assert_ptr_nonnull(strstr(err.where, "a.xml"));
}
END_TEST

START_TEST(the_set)
{
    static const char en[] = HEAD SECTION END;
    static const char *const one[][2] = {{"a.xml", en}, {NULL, NULL}};
    static const char *const twice[][2] = {
        {"a.xml", en},
        {"b.xml", en},
        {"c.xml", "<template xmlns='urn:roentext:template:1' id='t' version='1' title='T' "
                  "xml:lang='zh'>" SECTION END},
        {NULL, NULL}};
    rt_err err = {.code = RT_OK};
    rt_templates *t = NULL;
    ck_assert_int_eq(made_templates(one, x, &t, &err), RT_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.msg, "for zh"));
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(made_templates(twice, x, &t, &err), RT_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.msg, "two templates"));
    err = (rt_err){.code = RT_OK};
    ck_assert_int_eq(rt_templates_load("/nowhere", x, &t, &err), RT_EIO);
}
END_TEST

/* ---- the choice */

static const struct {
    const char *modality, *exam, *body_part; /* of the record */
    const char *text;
    bool lung; /* the lung is mentioned */
    bool hu;   /* something is measured in HU */
    const char *best;
} picks[] = {
    {"CT", "", "CHEST", "X.", false, false, "chest"},
    {"ct", "", "", "Lungs.", true, false, "chest"},
    {"DX", "", "Chest", "X.", false, false, "film"},
    {"MR", "", "CHEST", "Lungs.", true, false, "generic"}, /* no template for it */
    {"CT", "", "HEAD", "Lungs.", true, false, "generic"},  /* another body part */
    {"", "CT Chest w/o contrast", "", "X.", false, false, "chest"},
    {"", "CHEST RADIOGRAPH", "", "X.", false, false, "film"},
    {"", "chest MRI", "", "Lungs.", true, false, "generic"},
    {"", "PICTURE of the chest", "", "X.", false, false,
     "generic"},                                                /* "ct" within a word is no word */
    {"", "", "", "CT of the chest\nX.", false, false, "chest"}, /* title */
    {"", "", "", "Chest x-ray: X.", false, false, "film"},
    {"", "", "", "X X X.", false, false, "generic"}, /* nothing known */
    {"CT", "CT abdomen", "", "Lungs.", true, false, "generic"},
    {"", "", "", "Lungs.", true, false, "film"}, /* equal but for how common they are */
    {"", "", "", "Lungs.", true, true, "chest"},
    {"", "", "", "Lungs.", false, true, "generic"}, /* without its core */
};

START_TEST(choice)
{
    made m;
    made_init(&m, x, picks[_i].text);
    m.record.field[RT_FIELD_MODALITY] = rt_str_from(picks[_i].modality);
    m.record.field[RT_FIELD_EXAM] = rt_str_from(picks[_i].exam);
    m.record.field[RT_FIELD_BODY_PART] = rt_str_from(picks[_i].body_part);
    made_section(&m, RT_SECTION_FINDINGS, NULL, picks[_i].text);
    if (picks[_i].lung)
        RT_PUSH(&m.arena, &m.doc.mentions,
                (rt_mention){.concept = mini_concept(x, "RID1301"), .type = RT_TYPE_ANATOMY});
    if (picks[_i].hu)
        RT_PUSH(&m.arena, &m.doc.measures, (rt_measure){.kind = RT_MEASURE_ATTENUATION});
    rt_choice c = rt_template_pick(mini, &m.doc, m.arena);
    ck_assert_str_eq(rt_templates_at(mini, c.best)->id, picks[_i].best);
    ck_assert_double_ge(c.score, 0);
    ck_assert_double_le(c.score, 1);
    ck_assert_uint_ne(c.best, c.second);
    made_done(&m);
}
END_TEST

START_TEST(language)
{
    made m;
    made_init(&m, x, "X.");
    m.doc.zh = true;
    m.record.field[RT_FIELD_EXAM] = RT_STR("CT chest");
    rt_choice c = rt_template_pick(mini, &m.doc, m.arena);
    ck_assert_str_eq(rt_templates_at(mini, c.best)->id, "generic");
    ck_assert_uint_eq(rt_templates_at(mini, c.best)->lang, RT_LANG_ZH);
    ck_assert_uint_eq(c.second, RT_NIL);
    made_done(&m);
}
END_TEST

int main(void)
{
    x = mini_lexicon();
    mini = mini_templates(x);
    Suite *s = suite_create("template");
    TCase *t = tcase_create("template");
    tcase_add_test(t, records);
    tcase_add_test(t, shipped);
    tcase_add_loop_test(t, complaints, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(t, the_set);
    tcase_add_loop_test(t, choice, 0, sizeof picks / sizeof picks[0]);
    tcase_add_test(t, language);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    rt_templates_close(mini);
    rt_lexicon_close(x);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
