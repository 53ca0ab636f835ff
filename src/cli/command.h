/* What the commands share. Blocks below: the command table, options, the engine, output, batches.
 *
 * A command is one file with one function. It describes its options in a static table (which is its
 * --help as well), opens what it needs, and returns the exit status of the program. */
#ifndef RT_CLI_COMMAND_H
#define RT_CLI_COMMAND_H

#include "base/buf.h"
#include "base/str.h"

/* ---- main.c: the command table. A new command: a function here, a row in the table there. */

enum {
    RT_EXIT_OK = 0,
    RT_EXIT_BAD = 1,           /* some reports were bad; the good ones are written */
    RT_EXIT_USAGE = 2,         /* wrong usage or environment */
    RT_EXIT_OPEN = 3,          /* critical --fail-if-open: there are open findings */
    RT_EXIT_INTERRUPTED = 130, /* SIGINT: what was in flight is finished */
};

typedef int rt_command_run(int argc, char **argv); /* argv[0] is the command's name */

rt_command_run rt_cmd_convert;
rt_command_run rt_cmd_explain;
rt_command_run rt_cmd_index;
rt_command_run rt_cmd_search;
rt_command_run rt_cmd_critical;
rt_command_run rt_cmd_qa;
rt_command_run rt_cmd_assert;
rt_command_run rt_cmd_lexicon;
rt_command_run rt_cmd_template;
rt_command_run rt_cmd_import_mrrt; /* of template */
rt_command_run rt_cmd_export_mrrt; /* of template */

/* ---- options.c: option tables over getopt_long */

typedef enum rt_option_kind {
    RT_OPT_FLAG,   /* bool: set to true */
    RT_OPT_TEXT,   /* const char * */
    RT_OPT_NUMBER, /* unsigned */
    RT_OPT_WORD,   /* unsigned: index in `words` */
} rt_option_kind;

typedef struct rt_option {
    char letter; /* 0: long form only */
    rt_option_kind kind;
    const char *name, *arg; /* "--name ARG" */
    const char *help;
    size_t at;                /* offset of the value in the options struct of the command */
    const char *const *words; /* RT_OPT_WORD: what is allowed, NULL-terminated */
} rt_option;

typedef struct rt_usage {
    const char *command;  /* "convert", "lexicon check" */
    const char *operands; /* "[FILE...]" */
    const char *about;    /* one or more lines for --help */
    const rt_option *options;
    size_t n_options;
    int min_operands, max_operands; /* max < 0: any number */
} rt_usage;

#define RT_USAGE_GO_ON (-1)

/* Reads the options into `into` (a struct that holds the defaults). RT_USAGE_GO_ON: *first is the
 * index of the first operand in argv (getopt_long has moved them to the end). Else the exit status:
 * --help was answered on stdout, or a mistake on stderr. */
int rt_options_parse(const rt_usage *u, int argc, char **argv, void *into, int *first);

/* One line on stderr, "roentext COMMAND: message"; returns RT_EXIT_USAGE. */
int rt_usage_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For commands that are groups ("lexicon check"): runs the one that argv[1] names. */
typedef struct rt_subcommand {
    const char *name, *summary;
    rt_command_run *run;
} rt_subcommand;

int rt_subcommand_run(const char *group, const rt_subcommand *table, size_t n, int argc,
                      char **argv);

/* ---- home.c: where the data is */

/* ROENTEXT_HOME, else the folder share/roentext of the program's installation, else the nearest
 * folder above the program, else the current one: the first that holds lexicons/ and templates/.
 * Caller frees. NULL: there is none. */
char *rt_home_find(void);
/* Does the file begin as a database of SQLite does? For commands that take an index or reports. */
bool rt_is_database(const char *path);
/* The compiled lexicon beside the program; NULL: none. Caller frees. */
char *rt_home_compiled(void);
/* Opens the engine of the home. RT_EXIT_OK, or the exit status with the reason on stderr. */
int rt_engine_open_home(rt_engine **out);
/* The same under a profile (rt_engine_open_profile), NULL: none. */
int rt_engine_open_under(const char *profile, rt_engine **out);
/* The lexicon alone, for searching. */
int rt_engine_open_search(rt_engine **out);

/* ---- output.c: where results go */

/* Standard output, a file, or a folder. A file appears under its name only when it is complete: it
 * is written beside it and renamed (what is no regular file, /dev/null say, is written at once). */
typedef struct rt_out {
    int fd; /* -1: folder */
    char *path, *temp;
    rt_buf buf;
    bool failed;     /* a write failed: the file is removed at the end */
    char *folder;    /* results go to one file each below it */
    uint64_t *names; /* hashes of the names given so far in the folder: open addressing */
    size_t n_names, names_cap;
} rt_out;

/* path NULL or "-": standard output; an existing folder or a name that ends with '/': a folder. */
rt_code rt_out_open(rt_out *o, const char *path, rt_err *err);
rt_code rt_out_write(rt_out *o, rt_str bytes, rt_err *err); /* not for a folder */
rt_sink rt_out_sink(rt_out *o);
/* One file of a folder, named by the id made safe and the suffix; a name that was given before gets
 * a number. */
rt_code rt_out_file(rt_out *o, rt_str id, const char *suffix, rt_str bytes, rt_err *err);
/* Flushes; complete: the file gets its name, else it keeps the name PATH.partial. */
rt_code rt_out_close(rt_out *o, bool complete, rt_err *err);

/* ---- batch.c: many records through the worker threads, results in the order of the input */

typedef struct rt_input_opts {
    unsigned from;           /* rt_format */
    unsigned jobs;           /* 0: one a processor */
    unsigned lang;           /* index in rt_lang_words: for records that do not state theirs */
    const char *template_id; /* to fill, NULL: the one that fits best */
    const char *map;         /* CSV: how its columns are called, NULL: like the fields */
    const char *profile;     /* policy on critical findings, NULL: the rules as they are */
} rt_input_opts;

extern const char *const rt_format_words[];
extern const char *const rt_lang_words[];

/* Rows for the option table of a command whose options struct S has the member rt_input_opts input.
 */
#define RT_INPUT_OPTIONS(S)                                                                        \
    {'f',                                                                                          \
     RT_OPT_WORD,                                                                                  \
     "from",                                                                                       \
     "FORMAT",                                                                                     \
     "format of the input",                                                                        \
     offsetof(S, input.from),                                                                      \
     rt_format_words},                                                                             \
        {0,                                                                                        \
         RT_OPT_TEXT,                                                                              \
         "profile",                                                                                \
         "NAME|FILE",                                                                              \
         "policy on critical findings: acr, cn-2024, or a file of your own",                       \
         offsetof(S, input.profile),                                                               \
         NULL},                                                                                    \
        {'j',                                                                                      \
         RT_OPT_NUMBER,                                                                            \
         "jobs",                                                                                   \
         "N",                                                                                      \
         "threads, default one a processor",                                                       \
         offsetof(S, input.jobs),                                                                  \
         NULL},                                                                                    \
        {0,                                                                                        \
         RT_OPT_TEXT,                                                                              \
         "template",                                                                               \
         "ID",                                                                                     \
         "template to fill, default auto: the one that fits",                                      \
         offsetof(S, input.template_id),                                                           \
         NULL},                                                                                    \
        {0,                                                                                        \
         RT_OPT_TEXT,                                                                              \
         "map",                                                                                    \
         "FIELD=COLUMN,...",                                                                       \
         "names of CSV columns: text=报告内容,id=检查号",                                          \
         offsetof(S, input.map),                                                                   \
         NULL},                                                                                    \
    {                                                                                              \
        0, RT_OPT_WORD, "lang", "LANG", "language of reports that do not state theirs",            \
            offsetof(S, input.lang), rt_lang_words                                                 \
    }

typedef struct rt_item { /* one record on its way; valid during the call that gets it */
    rt_record record;
    bool good;               /* else see err */
    const rt_report *report; /* NULL: the record is bad */
    rt_err err;
    const char *source; /* file name */
    rt_format format;   /* never AUTO */
    rt_buf out;         /* what render wrote */
    void *own;          /* of the command, kept from record to record; NULL at first */
} rt_item;

typedef struct rt_batch {
    const rt_engine *engine;
    const rt_input_opts *input;
    const char *command; /* for messages */
    bool findings_only;  /* no template is filled */
    /* render leaves all that take needs in item->own: take sees neither report nor record. Then
     * records travel in groups, which costs less, and results may wait for each other. */
    bool in_groups;
    char *const *files;
    int n_files; /* 0: standard input */
    /* Records from elsewhere, valid until the next call, in the caller's thread; NULL: those of the
     * files. The first file is then a name for messages. */
    rt_code (*next)(void *user, rt_record *out, bool *more, rt_err *err);
    /* In a worker thread, for good and bad records; may be NULL. A failure makes the record bad:
     * its message goes to item->err, and render is called again with report NULL. */
    rt_code (*render)(void *user, rt_item *item, rt_err *err);
    /* In the caller's thread, in the order of the input. A failure ends the batch. */
    rt_code (*take)(void *user, rt_item *item, rt_err *err);
    void *user;
    void (*drop)(void *own); /* frees item->own at the end; may be NULL */
    uint64_t done, bad;      /* out: records taken, those of them that were bad */
} rt_batch;

/* Runs it, tells of every bad record on stderr, shows progress on a terminal. Returns the exit
 * status. */
int rt_batch_run(rt_batch *b);
/* SIGINT came: a command that works on after rt_batch_run may want to stop, too. */
bool rt_interrupted(void);

/* ---- progress.c: the bar on a terminal */

typedef struct rt_progress {
    const char *what;     /* the command */
    uint64_t total, done; /* bytes; total 0: not known */
    uint64_t records;
    double begun, shown; /* seconds */
    bool on, visible;
} rt_progress;

void rt_progress_start(rt_progress *p, const char *what, uint64_t total_bytes);
void rt_progress_step(rt_progress *p, uint64_t bytes); /* one record more */
void rt_progress_clear(rt_progress *p);                /* before anything else goes to stderr */

#endif
