/* See made_doc.h. */
#include "made_doc.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mini_lexicon.h"
#include "text/fold.h"

enum { BLOCK = 4 << 20 };

void made_init(made *m, const rt_lexicon *x, const char *text)
{
    *m = (made){.block = malloc(BLOCK), .x = x};
    if (m->block == NULL)
        abort();
    m->arena = (rt_arena){m->block, m->block + BLOCK, &m->full};
    m->record.field[RT_FIELD_ID] = RT_STR("r1");
    m->record.field[RT_FIELD_TEXT] = rt_str_from(text);
    m->record.format = RT_FORMAT_TEXT;
    rt_doc_reset(&m->doc, &m->record);
    rt_fold(&m->arena, rt_str_from(text), &m->doc.text);
    m->doc.charset = "UTF-8";
}

void made_done(made *m)
{
    free(m->block);
}

static rt_span find(const made *m, const char *words, uint32_t from)
{
    size_t pos = 0;
    rt_str doc = m->doc.text.doc;
    if (!rt_str_find(rt_str_slice(doc, from, doc.len), rt_str_from(words), &pos)) {
        fprintf(stderr, "not in the text: %s\n", words);
        abort();
    }
    return (rt_span){from + (uint32_t)pos, from + (uint32_t)(pos + strlen(words))};
}

static rt_fspan folded(const made *m, rt_span at)
{
    return (rt_fspan){rt_text_folded(&m->doc.text, at.beg), rt_text_folded(&m->doc.text, at.end)};
}

uint32_t made_section(made *m, rt_section_type type, const char *heading, const char *body)
{
    uint32_t from = 0, index = m->doc.sections.len;
    if (index > 0)
        from = rt_doc_span(&m->doc, m->doc.sections.at[index - 1].at).end;
    rt_section s = {.type = (uint32_t)type};
    if (heading != NULL) {
        rt_span at = find(m, heading, from);
        s.heading = folded(m, at);
        from = at.end;
    }
    rt_span all = find(m, body, from);
    s.at = folded(m, all);
    RT_PUSH(&m->arena, &m->doc.sections, s);
    for (uint32_t beg = all.beg; beg < all.end;) {
        const char *dot = memchr(m->doc.text.doc.ptr + beg, '.', all.end - beg);
        uint32_t end = dot != NULL ? (uint32_t)(dot - m->doc.text.doc.ptr) + 1 : all.end;
        RT_PUSH(&m->arena, &m->doc.sentences,
                (rt_sentence){
                    .at = folded(m, (rt_span){beg, end}), .section = index, .heading = RT_NIL});
        while (end < all.end && m->doc.text.doc.ptr[end] == ' ')
            end++;
        beg = end;
    }
    return index;
}

rt_finding *made_finding_from(made *m, const char *id, rt_presence_type presence, const char *words,
                              uint32_t from)
{
    rt_finding f = {
        .concept = mini_concept(m->x, id), .presence = (uint8_t)presence, .mention = RT_NIL};
    f.at = find(m, words, from);
    for (uint32_t i = 0; i < m->doc.sentences.len; i++) {
        rt_span s = rt_doc_span(&m->doc, m->doc.sentences.at[i].at);
        if (s.beg <= f.at.beg && f.at.end <= s.end) {
            f.sentence = i;
            f.section = m->doc.sentences.at[i].section;
        }
    }
    f.anatomy.first = m->doc.places.len;
    f.modifiers.first = m->doc.modifiers.len;
    f.measures.first = m->doc.finding_measures.len;
    f.suggests.first = m->doc.suggests.len;
    RT_PUSH(&m->arena, &m->doc.findings, f);
    return &m->doc.findings.at[m->doc.findings.len - 1];
}

rt_finding *made_finding(made *m, const char *id, rt_presence_type presence, const char *words)
{
    return made_finding_from(m, id, presence, words, 0);
}

void made_place(made *m, const char *id, const char *words)
{
    RT_PUSH(&m->arena, &m->doc.places, (rt_place){find(m, words, 0), mini_concept(m->x, id), 0});
    m->doc.findings.at[m->doc.findings.len - 1].anatomy.count++;
}

void made_length(made *m, double mm, bool prior)
{
    rt_finding *f = &m->doc.findings.at[m->doc.findings.len - 1];
    rt_measure n = {.value = {mm},
                    .n = 1,
                    .high = (double)NAN,
                    .kind = RT_MEASURE_LENGTH,
                    .unit = "mm",
                    .prior = prior,
                    .at = folded(m, f->at)};
    RT_PUSH(&m->arena, &m->doc.finding_measures, m->doc.measures.len);
    RT_PUSH(&m->arena, &m->doc.measures, n);
    f->measures.count++;
}

/* ---- templates */

static void put(const char *dir, const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

static void drop(const char *dir, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    unlink(path);
}

static const char exams[] = "kind\tname\tcodes\twords\n"
                            "modality\tct\tct\tct|c t scan\n"
                            "modality\txr\txr|dx\tx-ray|radiograph\n"
                            "modality\tmr\tmr\tmri\n"
                            "body\tchest\t\tchest|胸部\n"
                            "body\thead\t\thead\n"
                            "body\tabdomen\t\tabdomen\n"
                            "exam\tspecial\t\tspecial exam\n";

rt_code made_templates(const char *const (*files)[2], const rt_lexicon *x, rt_templates **out,
                       rt_err *err)
{
    char dir[] = "/tmp/rt-templates-XXXXXX", here[PATH_MAX], schema[PATH_MAX + 20], link[300];
    if (mkdtemp(dir) == NULL || getcwd(here, sizeof here) == NULL)
        abort();
    snprintf(schema, sizeof schema, "%s/templates/schema", here);
    snprintf(link, sizeof link, "%s/schema", dir);
    if (symlink(schema, link) != 0)
        abort();
    put(dir, "exams.tsv", exams);
    for (size_t i = 0; files[i][0] != NULL; i++)
        put(dir, files[i][0], files[i][1]);
    rt_code code = rt_templates_load(dir, x, out, err);
    for (size_t i = 0; files[i][0] != NULL; i++)
        drop(dir, files[i][0]);
    drop(dir, "exams.tsv");
    drop(dir, "schema");
    rmdir(dir);
    return code;
}

#define HEAD "<template xmlns='urn:roentext:template:1' version='1' title='T' "
#define BODY "<places>thorax</places><core>lung</core><hints>pneumothorax</hints></match>"

static const char chest[] =
    HEAD "id='chest' xml:lang='en' modality='CT' bodyPart='CHEST'>"
         "<match modalities='ct' bodies='chest' prior='0.05' measures='attenuation|dose'>" BODY
         "<options id='presence'><option value='present' label='Yes'><code system='RADLEX' "
         "code='RID28472' display='present'/></option><option value='absent' label='No'/>"
         "<option value='possible' label='Maybe'/></options>"
         "<section type='findings' title='Findings'>"
         "<field id='ptx' label='Pneumothorax' from='presence' options='presence' required='true'>"
         "<trigger concepts='pneumothorax'/></field>"
         "<field id='lesion' label='Lesion' from='presence' options='presence'>"
         "<trigger concepts='pulmonary opacity' places='lung' excludes='consolidation'/></field>"
         "<field id='size' label='Size' from='size' unit='mm'><trigger concepts='nodule'/></field>"
         "<field id='count' label='Count' from='count'><trigger concepts='nodule'/></field>"
         "<field id='side' label='Side' from='side'><trigger concepts='pneumothorax|nodule'/>"
         "<option value='left' label='L'/><option value='right' label='R'/>"
         "<option value='bilateral' label='B'/></field>"
         "<field id='place' label='Place' from='place'><trigger concepts='nodule'/></field>"
         "<field id='amount' label='Amount' from='severity'><trigger concepts='pleural effusion'/>"
         "<option value='mild' label='S'/><option value='severe' label='XL'/></field>"
         "<field id='change' label='Change' from='change'><trigger concepts='nodule'/>"
         "<option value='new' label='N'/><option value='stable' label='S'/></field>"
         "<field id='kind' label='Kind' from='option'><trigger concepts='pulmonary opacity'/>"
         "<option value='cons' label='C' concepts='consolidation'/>"
         "<option value='small' label='S' concepts='mild'/></field>"
         "<field id='text' label='Text' from='text'><trigger places='right upper lobe'/></field>"
         "</section></template>";

static const char film[] =
    HEAD "id='film' xml:lang='en'><match modalities='xr' bodies='chest' prior='0.1'>" BODY
         "<section type='findings' title='F'/></template>";

static const char generic_en[] = HEAD "id='generic' xml:lang='en'><section type='findings' "
                                      "title='Findings'/></template>";
static const char generic_zh[] = HEAD "id='generic' xml:lang='zh'><section type='findings' "
                                      "title='Z'/></template>";

rt_templates *mini_templates(const rt_lexicon *x)
{
    static const char *const files[][2] = {{"chest.en.xml", chest},
                                           {"film.en.xml", film},
                                           {"generic.en.xml", generic_en},
                                           {"generic.zh.xml", generic_zh},
                                           {NULL, NULL}};
    rt_templates *t = NULL;
    rt_err err = {.code = RT_OK};
    if (made_templates(files, x, &t, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        abort();
    }
    return t;
}

uint32_t mini_field(const rt_template *t, const char *id)
{
    for (uint32_t i = 0; i < t->n_fields; i++)
        if (strcmp(t->fields[i].id, id) == 0)
            return i;
    abort();
}

void made_all(made *m, const rt_lexicon *x)
{
    made_init(m, x,
              "\xE8\x82\xBA REQ: chest. FINDINGS: Left nodule \xE7\xBB\x93. MORE: No effusion. "
              "IMP: Nodule, likely. Call Dr. X at 10:05. CT in 6-12 months.");
    m->doc.zh = true;
    made_section(m, RT_SECTION_REQUEST, "REQ", "chest.");
    made_section(m, RT_SECTION_FINDINGS, "FINDINGS", "Left nodule \xE7\xBB\x93.");
    made_section(m, RT_SECTION_FINDINGS, "MORE", "No effusion.");
    made_section(m, RT_SECTION_IMPRESSION, "IMP", "Nodule, likely.");
    rt_finding *f = made_finding(m, "RID3875", RT_PRESENCE_PRESENT, "nodule");
    f->side = RT_SIDE_LEFT;
    f->severity = RT_SEVERITY_BORDERLINE;
    f->change = RT_CHANGE_INCREASED;
    f->count = 2;
    f->side_at = (rt_span){f->at.beg - 5, f->at.beg - 1};
    made_length(m, 7.25, true);
    made_length(m, 8, false);
    m->doc.measures.at[1].high = 12;
    m->doc.measures.at[1].comparator = '<';
    made_place(m, "RID1301", "\xE7\xBB\x93");
    RT_PUSH(&m->arena, &m->doc.modifiers, (rt_modifier){{0, 0}, mini_concept(x, "RX00004")});
    m->doc.findings.at[0].modifiers.count = 1;
    RT_PUSH(&m->arena, &m->doc.suggests, 2);
    m->doc.findings.at[0].suggests.count = 1;
    made_finding(m, "RX00001", RT_PRESENCE_ABSENT, "effusion")->derived = true;
    made_finding(m, "RID3875", RT_PRESENCE_UNLIKELY, "Nodule")->experiencer = RT_EXPERIENCER_FAMILY;
    rt_span at = {m->doc.findings.at[2].at.beg, (uint32_t)m->doc.text.doc.len};
    RT_PUSH(&m->arena, &m->doc.advice,
            (rt_advice){.at = at,
                        .action = "imaging",
                        .modality = RT_NIL,
                        .anatomy = mini_concept(x, "RID1301"),
                        .interval = 6,
                        .interval_high = 12,
                        .unit = "month"});
    RT_PUSH(&m->arena, &m->doc.grades,
            (rt_grade){.at = find(m, "Nodule, likely", 0),
                       .concept = mini_concept(x, "RX00004"),
                       .sentence = m->doc.findings.at[2].sentence,
                       .value = RT_STR("4a"),
                       .side = RT_SIDE_LEFT});
    RT_PUSH(&m->arena, &m->doc.communications, (rt_communication){.at = at, .read_back = true});
    RT_PUSH(&m->arena, &m->doc.unmapped, rt_doc_span(&m->doc, m->doc.sentences.at[2].at));
    rt_doc_issue(&m->arena, &m->doc, RT_ISSUE_UNDECODABLE, (rt_span){0, 3}, RT_STR("x\x01y"));
}
