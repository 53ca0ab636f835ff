/* The small lexicon of the tests. See mini_lexicon.h. */
#include "mini_lexicon.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char concepts[] =
    "id\ttype\tregion\tpref_en\tpref_zh\ten\tzh\tis_a\tpart_of\tflags\n"
    "RID1243\tanatomy\tchest\tthorax\t胸部\tthorax|chest\t胸部\t\t\t\n"
    "RID1301\tanatomy\tchest\tlung\t肺\tlung|pulmonary|lung "
    "field\t肺|双肺|肺野\t\tRID1243\tpaired\n"
    "RID1303\tanatomy\tchest\tright upper lobe\t右肺上叶\tright upper lobe\t右肺上叶\t\tRID1301\t\n"
    "RX00001\tfinding\tchest\tpulmonary opacity\t肺部阴影\topacity|pulmonary opacity\t阴影\t\t\t\n"
    "RID43255\tfinding\tchest\tconsolidation\t实变\tconsolidation\t实变\tRX00001\t\t\n"
    "RID3875\tfinding\tchest\tnodule\t结节\tnodule\t结节\tRX00001\t\t\n"
    "RID5352\tdiagnosis\tchest\tpneumothorax\t气胸\tpneumothorax\t气胸\t\t\tcritical\n"
    "RID34539\tfinding\tchest\tpleural effusion\t胸腔积液\tpleural "
    "effusion|effusion\t胸腔积液|胸水\t\t\t\n"
    "RID5350\tdiagnosis\tchest\tpneumonia\t肺炎\tpneumonia\t肺炎\t\t\t\n"
    "RX00002\tside\t\tleft\t左侧\tleft\t左侧|左\t\t\tvalue=left\n"
    "RX00003\tside\t\tright\t右侧\tright\t右侧|右\t\t\tvalue=right\n"
    "RX00004\tseverity\t\tmild\t轻度\tmild|small\t轻度|少量\t\t\tvalue=mild\n";

static const char *const tables[][2] = {
    {"ambiguous.tsv", "form\tlang\tconcept\trequire\tforbid\n"},
    {"abbrev.tsv", "abbr\tlang\tconcept\tcase\trequire\tforbid\tside\tnote\n"
                   "PTX\ten\tRID5352\tcs\t\t\t\t\n"},
    {"cues.tsv", "cue\tlang\tcategory\tdirection\tscope\trelation\tnote\n"},
    {"headings.tsv", "heading\tlang\tsection\tnote\n"},
    {"normals.tsv", "phrase\tlang\tanatomy\tabsent\tnote\n"},
    {"blockers.tsv", "phrase\tlang\tkeep\tnote\n"},
    {"units.tsv", "form\tlang\tunit\tkind\tfactor\n"},
    {"quantifiers.tsv", "form\tlang\tmeaning\n"},
    {"qa_words.tsv", "set\tform\tlang\tvalue\trequire\tforbid\n"},
    {"relators.tsv", "form\tlang\tmeaning\n"},
};
enum { N_TABLES = sizeof tables / sizeof tables[0] };

static void put(const char *dir, const char *name, const char *text, const char *more)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (f == NULL || fputs(text, f) < 0 || fputs(more, f) < 0 || fclose(f) != 0) {
        perror(path);
        abort();
    }
}

static void drop(const char *dir, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    unlink(path);
}

static rt_lexicon *load(const char *more)
{
    char dir[] = "/tmp/rt-lexicon-XXXXXX";
    rt_lexicon *x = NULL;
    rt_err err = {.code = RT_OK};
    if (mkdtemp(dir) == NULL)
        abort();
    put(dir, "concepts.tsv", concepts, more);
    for (size_t i = 0; i < N_TABLES; i++)
        put(dir, tables[i][0], tables[i][1], "");
    if (rt_lexicon_load(dir, NULL, &x, &err) != RT_OK) {
        rt_err_print(&err, stderr);
        abort();
    }
    drop(dir, "concepts.tsv");
    for (size_t i = 0; i < N_TABLES; i++)
        drop(dir, tables[i][0]);
    rmdir(dir);
    return x;
}

rt_lexicon *mini_lexicon(void)
{
    return load("");
}

rt_lexicon *mini_lexicon_changed(void)
{
    return load("RID4650\tfinding\tchest\tfracture\t骨折\tfracture\t骨折\t\t\t\n");
}

uint32_t mini_concept(const rt_lexicon *x, const char *id)
{
    uint32_t concept = 0;
    if (!rt_lexicon_by_id(x, rt_str_from(id), &concept))
        abort();
    return concept;
}
