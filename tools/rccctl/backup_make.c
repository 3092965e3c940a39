#include "args.h"
#include "backup.h"
#include "verbs.h"

static const struct flag flags[] = {
    {"--store", "DIR...",
	"a service's store, or a folder with several, each of its service's name; or "
	"just DIR",
	NULL, NULL},
    {"--to", "DIR", "the folder to be made; nothing is written over", NULL, NULL},
};

static enum exit_code
run(struct tool *t)
{
	Backup__Manifest *m = NULL;
	enum exit_code code = backup_make_set(t, "--store", NULL, &m);

	if (code == EXIT_YES)
		backup_print_set(t, m, "Copied to");
	return code;
}

const struct verb verb_backup_make = {
    .name = "backup make",
    .takes = "[DIR...]",
    .summary = "copy the services' stores while they run, each checked",
    .text =
	"Asks no service and stops none. Each copy is its store as one commit left "
	"it, and its journal has been read through; a manifest beside them says "
	"what each file must be. The services are copied one after the other, each "
	"before those it follows: all that was acknowledged before the backup began "
	"is in it. Beside each store copied.json says when that was, which its service "
	"tells who asks how it stands. Run it as who may read the stores. A copy holds "
	"all that a store holds: keep it as safe.",
    .example =
	"rccctl backup make --store /var/lib/rcc --to /var/backups/rcc/2026-11-21",
    FLAGS(flags),
    .words_max = ARGS_MAX,
    .run = run,
};
