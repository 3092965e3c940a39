#include "method.h"

#include <string.h>

#include "base/str.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

const struct contract contracts[] = {
    {"members", &members__members_call__descriptor,
	&members__members_answer__descriptor, &members__members_event__descriptor},
    {"foster", &foster__foster_call__descriptor, &foster__foster_answer__descriptor,
	&foster__foster_event__descriptor},
    {"residential", &residential__residential_call__descriptor,
	&residential__residential_answer__descriptor,
	&residential__residential_event__descriptor},
    {"requests", &requests__requests_call__descriptor,
	&requests__requests_answer__descriptor, &requests__requests_event__descriptor},
    {"matching", &matching__matching_call__descriptor,
	&matching__matching_answer__descriptor, &matching__matching_event__descriptor},
    {"observatory", &observatory__observatory_call__descriptor,
	&observatory__observatory_answer__descriptor,
	&observatory__observatory_event__descriptor},
};
const size_t contracts_n = sizeof(contracts) / sizeof(contracts[0]);

const struct contract *
contract_of(const char *service)
{
	for (size_t i = 0; i < contracts_n; i++) {
		if (str_equal(contracts[i].service, service))
			return &contracts[i];
	}
	return NULL;
}

void
method_of(
    const struct contract *c, const ProtobufCFieldDescriptor *call, struct method *out)
{
	const ProtobufCFieldDescriptor *answer =
	    protobuf_c_message_descriptor_get_field(c->answer, call->id);

	*out = (struct method){c->service, call->name, call->id, call->descriptor,
	    answer ? answer->descriptor : NULL};
}

bool
method_find(const char *name, struct method *out)
{
	for (size_t i = 0; i < contracts_n; i++) {
		const struct contract *c = &contracts[i];
		size_t len = strlen(c->service);
		const ProtobufCFieldDescriptor *f;
		if (!str_starts(name, c->service) || name[len] != '.')
			continue;
		f = protobuf_c_message_descriptor_get_field_by_name(
		    c->call, name + len + 1);
		if (!f)
			return false;
		method_of(c, f, out);
		return true;
	}
	return false;
}
