#include "gateway/api_table.h"

#include <string.h>

#include "base/access.h"
#include "base/str.h"
#include "gateway/backbone.h"

#include "foster.pb-c.h"
#include "matching.pb-c.h"
#include "members.pb-c.h"
#include "observatory.pb-c.h"
#include "requests.pb-c.h"
#include "residential.pb-c.h"

#define COUNCIL ROLE_BIT(MEMBERS__ROLE__ROLE_COMMISSIONER)
#define PROVIDER ROLE_BIT(MEMBERS__ROLE__ROLE_PLACEMENT_OFFICER)
#define OFFICER ROLE_BIT(MEMBERS__ROLE__ROLE_COOPERATIVE_OFFICER)
#define ALL (COUNCIL | PROVIDER | OFFICER)

#define MEMBERS(name) "members", MEMBERS__MEMBERS_CALL__CALL_##name
#define REQUESTS(name) "requests", REQUESTS__REQUESTS_CALL__CALL_##name
#define FOSTER(name) "foster", FOSTER__FOSTER_CALL__CALL_##name
#define RESIDENTIAL(name) "residential", RESIDENTIAL__RESIDENTIAL_CALL__CALL_##name
#define MATCHING(name) "matching", MATCHING__MATCHING_CALL__CALL_##name
#define OBSERVATORY(name) "observatory", OBSERVATORY__OBSERVATORY_CALL__CALL_##name

const struct api_operation api_operations[] = {
    {MEMBERS(SELF), ALL, false, "Whose key this is, and what it may do"},
    {MEMBERS(COUNCILS), ALL, false, "The councils of the co-operative"},
    {MEMBERS(PROVIDERS), ALL, false, "The providers of the co-operative"},

    {REQUESTS(SUBMIT), COUNCIL, true, "Send a need: a child, or brothers and sisters"},
    {REQUESTS(SHORTLIST), COUNCIL, false,
	"The vacancies that suit a need, with reasons, and why the others do not"},
    {REQUESTS(WHY), COUNCIL, false, "Why one vacancy is, or is not, on a shortlist"},
    {REQUESTS(CIRCULATE), COUNCIL, true, "Show a need to the providers of vacancies"},
    {REQUESTS(SHOW_INTEREST), PROVIDER, true, "Ask to see more of a need"},
    {REQUESTS(OFFER), PROVIDER, true, "Offer a vacancy for a need"},
    {REQUESTS(DECLINE), PROVIDER, true, "Say no to a need, with a coded reason"},
    {REQUESTS(OPEN), COUNCIL, true, "Show more of a need to one provider"},
    {REQUESTS(DECIDE), COUNCIL, true, "Choose an offer, with a coded reason"},
    {REQUESTS(CONFIRM_OFFER), PROVIDER, true,
	"The provider's yes, once the place is held"},
    {REQUESTS(START), COUNCIL, true, "The child moves in"},
    {REQUESTS(END), COUNCIL, true, "A placement ends"},
    {REQUESTS(WITHDRAW), COUNCIL, true, "A need is withdrawn"},
    {REQUESTS(KEEP_DRAFT), COUNCIL, true, "Keep a need that is not sent yet"},
    {REQUESTS(DROP_DRAFT), COUNCIL, true, "Throw such a draft away"},
    {REQUESTS(DRAFT), COUNCIL, false, "One draft"},
    {REQUESTS(DRAFTS), COUNCIL, false, "The council's drafts"},
    {REQUESTS(REQUEST), ALL, false, "One need, as far as the asker may see it"},
    {REQUESTS(REQUESTS), ALL, false, "Needs, a page at a time"},
    {REQUESTS(TIMELINE), COUNCIL, false, "What happened to a need, in order"},

    {FOSTER(REGISTER_HOUSEHOLD), PROVIDER, true, "Add a fostering household"},
    {FOSTER(AMEND_HOUSEHOLD), PROVIDER, true, "Change what is known of a household"},
    {FOSTER(RECORD_OCCUPANT), PROVIDER, true, "A child placed from elsewhere is there"},
    {FOSTER(END_OCCUPANT), PROVIDER, true, "That child has left, or will"},
    {FOSTER(WITHHOLD_PLACES), PROVIDER, true, "Places are not available for a time"},
    {FOSTER(RESTORE_PLACES), PROVIDER, true, "They are available again"},
    {FOSTER(OPEN_VACANCY), PROVIDER, true, "Open a household to needs"},
    {FOSTER(CONFIRM_VACANCY), PROVIDER, true, "The vacancy is as it was: no change"},
    {FOSTER(CLOSE_VACANCY), PROVIDER, true, "Close a vacancy"},
    {FOSTER(SET_OPEN_PLACES), PROVIDER, true, "How many of the free places are open"},
    {FOSTER(VACANCIES), ALL, false, "Open vacancies, a page at a time"},
    {FOSTER(HOUSEHOLD), PROVIDER, false, "One household of the provider"},
    {FOSTER(HOUSEHOLDS), PROVIDER, false,
	"The provider's households, a page at a time"},

    {RESIDENTIAL(REGISTER_HOME), PROVIDER, true,
	"Add a children's home, or supported accommodation"},
    {RESIDENTIAL(AMEND_HOME), PROVIDER, true, "Change what is known of a home"},
    {RESIDENTIAL(RECORD_OCCUPANT), PROVIDER, true,
	"A child placed from elsewhere is there"},
    {RESIDENTIAL(END_OCCUPANT), PROVIDER, true, "That child has left, or will"},
    {RESIDENTIAL(CLOSE_BEDS), PROVIDER, true, "Beds are not available for a time"},
    {RESIDENTIAL(REOPEN_BEDS), PROVIDER, true, "They are available again"},
    {RESIDENTIAL(RESERVE_BED), PROVIDER, true, "A numbered bed is kept for somebody"},
    {RESIDENTIAL(FREE_BED), PROVIDER, true, "It is not kept any more"},
    {RESIDENTIAL(OPEN_VACANCY), PROVIDER, true, "Open a home to needs of an age band"},
    {RESIDENTIAL(CONFIRM_VACANCY), PROVIDER, true,
	"The vacancy is as it was: no change"},
    {RESIDENTIAL(CLOSE_VACANCY), PROVIDER, true, "Close a vacancy"},
    {RESIDENTIAL(SET_OPEN_PLACES), PROVIDER, true,
	"How many of the free beds are open"},
    {RESIDENTIAL(VACANCIES), ALL, false, "Open vacancies, a page at a time"},
    {RESIDENTIAL(HOME), PROVIDER, false, "One home of the provider"},
    {RESIDENTIAL(HOMES), PROVIDER, false, "The provider's homes, a page at a time"},

    {MATCHING(POLICY), ALL, false, "The published rules and weights of shortlists"},

    {OBSERVATORY(SUFFICIENCY), COUNCIL | OFFICER, false,
	"Need beside supply, with small counts hidden"},
    {OBSERVATORY(OPERATIONS), OFFICER, false, "What needs attention across the region"},
    {OBSERVATORY(DEFINITIONS), ALL, false, "What each figure counts"},
};
const size_t api_operations_n = sizeof api_operations / sizeof api_operations[0];

const char *
api_name(const struct api_operation *o)
{
	return protobuf_c_message_descriptor_get_field(
	    backbone_service(o->service)->call, o->method)
	    ->name;
}

void
api_path_name(const struct api_operation *o, char out[API_NAME_MAX])
{
	const char *name = api_name(o);
	size_t n = 0;

	for (; n < API_NAME_MAX - 1 && name[n] != '\0'; n++)
		out[n] = name[n] == '_' ? '-' : name[n];
	out[n] = '\0';
}

/* Is this "foster/confirm-vacancy"? */
static bool
is_at(const struct api_operation *o, const char *path)
{
	size_t len = strlen(o->service);
	const char *name;

	if (!str_starts(path, o->service) || path[len] != '/')
		return false;
	path += len + 1;
	for (name = api_name(o); *name != '\0'; name++, path++) {
		if (*path != (*name == '_' ? '-' : *name))
			return false;
	}
	return *path == '\0';
}

const struct api_operation *
api_find(const char *path)
{
	if (!str_starts(path, API_ROOT "/"))
		return NULL;
	path += strlen(API_ROOT "/");
	for (size_t i = 0; i < api_operations_n; i++) {
		if (is_at(&api_operations[i], path))
			return &api_operations[i];
	}
	return NULL;
}

const ProtobufCMessageDescriptor *
api_input(const struct api_operation *o)
{
	return backbone_call(o->service, o->method);
}

const ProtobufCMessageDescriptor *
api_output(const struct api_operation *o)
{
	return backbone_answer(o->service, o->method);
}
