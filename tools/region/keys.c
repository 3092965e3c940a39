#include "keys.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bus.h"
#include "base/conf.h"

#include "take.h"

#define COOPERATIVE "co-operative"
#define COOPERATIVE_NAME "Greater Manchester co-operative (invented region)"

static void
path_of(char out[PATH_MAX], const char *run, const char *file)
{
	int n = snprintf(out, PATH_MAX, "%s/keys/%s", run, file);

	if (n < 0 || n >= PATH_MAX)
		fail("the path of %s is too long", run);
}

void
keys_read(const char *run, const char *file, struct key_pair *out)
{
	char path[PATH_MAX], problem[300];

	path_of(path, run, file);
	if (conf_read_key(path, out->public_key, out->secret_key, problem,
		sizeof problem) != ERR_NONE)
		fail("%s", problem);
}

void
keys_make(const char *run, const char *file, struct key_pair *out)
{
	char path[PATH_MAX], problem[300];

	path_of(path, run, file);
	if (access(path, F_OK) == 0) {
		keys_read(run, file, out);
		return;
	}
	if (bus_new_key(out->public_key, out->secret_key) != ERR_NONE)
		fail("no key could be made: this libzmq has no CURVE");
	if (conf_write_key(path, out->public_key, out->secret_key, problem,
		sizeof problem) != ERR_NONE)
		fail("%s", problem);
}

static const char *
role_word(Members__Role role)
{
	switch (role) {
	case MEMBERS__ROLE__ROLE_UNSPECIFIED: break;
	case MEMBERS__ROLE__ROLE_COMMISSIONER: return "commissioner";
	case MEMBERS__ROLE__ROLE_NOMINATED_OFFICER: return "nominated officer";
	case MEMBERS__ROLE__ROLE_DIRECTOR: return "director";
	case MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER: return "placement officer";
	case MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER: return "co-operative officer";
	case MEMBERS__ROLE__ROLE_ADMINISTRATOR: return "administrator";
	}
	return "?";
}

static void
write_person(FILE *f, const struct plan *p, const struct plan_person *person,
    char *const *provider_ids)
{
	const char *id = COOPERATIVE, *name = COOPERATIVE_NAME;

	if (person->council != SIZE_MAX) {
		id = p->data->councils[person->council].code;
		name = p->data->councils[person->council].name;
	} else if (person->provider != SIZE_MAX) {
		id = provider_ids[person->provider];
		name = p->providers[person->provider].row->name;
	}
	(void)fprintf(f, "%s\t%s\t%s\t%s\t%s\n", person->file, role_word(person->role),
	    id, name, person->name);
}

void
keys_write_readme(const char *run, const struct plan *p, char *const *provider_ids,
    const char *administrator)
{
	char path[PATH_MAX], fresh[PATH_MAX];

	path_of(path, run, "README");
	path_of(fresh, run, "README.new");
	FILE *f = fopen(fresh, "we");
	if (f == NULL)
		fail("%s cannot be written: %s", fresh, strerror(errno));
	(void)fprintf(f,
	    "# file\trole\torganisation_id\torganisation\tperson (invented region)\n"
	    "administrator.key\tadministrator\t" COOPERATIVE "\t" COOPERATIVE_NAME
	    "\t%s\n",
	    administrator);
	for (size_t i = 0; i < p->people_n; i++)
		write_person(f, p, &p->people[i], provider_ids);
	bool is_bad = ferror(f) != 0;
	if (fclose(f) != 0 || is_bad || rename(fresh, path) != 0)
		fail("%s cannot be written: %s", path, strerror(errno));
}
