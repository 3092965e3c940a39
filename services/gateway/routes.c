#include "gateway/routes.h"

#include <string.h>

#include "base/str.h"
#include "gateway/pages.h"

#include "requests.pb-c.h"

#define REQUESTS(name) REQUESTS__REQUESTS_CALL__CALL_##name
#define MEMBERS(name) MEMBERS__MEMBERS_CALL__CALL_##name

const struct route routes[] = {
    /* page_start.c */
    {.path = "/",
	.roles = ROUTE_ANYONE,
	.title = "Start",
	.view = page_start_view,
	.template = "start"},
    {.path = "/about",
	.roles = ROUTE_ANYONE,
	.title = "About this service",
	.view = page_words_view,
	.template = "about"},
    {.path = "/accessibility",
	.roles = ROUTE_ANYONE,
	.title = "Accessibility statement",
	.view = page_words_view,
	.template = "accessibility"},
    {.path = "/privacy",
	.roles = ROUTE_ANYONE,
	.title = "Privacy and cookies",
	.view = page_words_view,
	.template = "privacy"},
    /* page_sign_in.c */
    {.path = "/sign-in",
	.roles = ROUTE_ANYONE,
	.title = "Sign in",
	.view = page_sign_in_view,
	.template = "sign_in",
	.act = page_sign_in_act},
    {.path = "/sign-in/identity",
	.roles = ROUTE_ANYONE,
	.title = "Sign in with your organisation\u2019s account",
	.view = page_identity_view,
	.template = "identity",
	.act = page_identity_act},
    {.path = "/sign-out",
	.roles = ROUTE_SIGNED_IN,
	.title = "Sign out",
	.view = page_sign_out_view,
	.template = "sign_out",
	.act = page_sign_out_act},
    /* page_link.c */
    {.path = "/link/:token",
	.roles = ROUTE_ANYONE,
	.title = "Your link",
	.view = page_link_view,
	.template = "link",
	.act = page_link_act},
    /* page_account.c */
    {.path = "/account",
	.roles = ROUTE_SIGNED_IN,
	.title = "Your account",
	.view = page_account_view,
	.template = "account"},
    {.path = "/account/organisation",
	.roles = ROUTE_SIGNED_IN,
	.title = "Acting for",
	.view = page_organisation_view,
	.template = "account_organisation",
	.act = page_organisation_act},
    {.path = "/account/password",
	.roles = ROUTE_SIGNED_IN,
	.title = "Change your password",
	.view = page_password_view,
	.template = "account_password",
	.act = page_password_act},
    {.path = "/account/app",
	.roles = ROUTE_SIGNED_IN,
	.title = "Set up another app",
	.view = page_app_view,
	.template = "account_app",
	.act = page_app_act},
    {.path = "/account/recovery",
	.roles = ROUTE_SIGNED_IN,
	.title = "Recovery codes",
	.view = page_recovery_view,
	.template = "account_recovery",
	.act = page_recovery_act},
    {.path = "/account/sessions",
	.roles = ROUTE_SIGNED_IN,
	.title = "Your account",
	.view = page_sessions_view,
	.template = "account",
	.act = page_sessions_act},
    /* page_api.c */
    {.path = "/api",
	.roles = ROUTE_ANYONE,
	.title = "The interface for programs",
	.view = page_api_view,
	.template = "api"},
    /* page_needs.c */
    {.path = "/needs",
	.roles = ROLE_COUNCIL,
	.title = "Needs",
	.view = page_needs_view,
	.template = "needs",
	.live = "needs_board",
	.navigation = "needs"},
    /* page_need_new.c */
    {.path = "/needs/new",
	.roles = ROLE_COMMISSIONER,
	.title = "New need",
	.view = page_need_new_view,
	.template = "need_new",
	.act = page_need_draft_act,
	.navigation = "new"},
    {.path = "/needs/draft/:id",
	.roles = ROLE_COMMISSIONER,
	.title = "New need",
	.view = page_need_draft_view,
	.template = "need_new",
	.act = page_need_draft_act,
	.live = "draft_aside",
	.navigation = "new"},
    {.path = "/needs/draft/:id/drop",
	.roles = ROLE_COMMISSIONER,
	.title = "Drop this draft?",
	.view = page_need_drop_view,
	.template = "need_drop",
	.service = "requests",
	.method = REQUESTS(DROP_DRAFT),
	.subject = "draft_id",
	.after = "/needs?done=draft-dropped",
	.navigation = "new"},
    /* page_need_check.c */
    {.path = "/needs/draft/:id/check",
	.roles = ROLE_COMMISSIONER,
	.title = "Check and send",
	.view = page_need_check_view,
	.template = "need_check",
	.act = page_need_check_act,
	.navigation = "new"},
    /* a need after it was sent: page_need.c, page_shortlist.c, page_why.c,
     * page_compare.c, page_decide.c */
    {.path = "/needs/:id",
	.roles = ROLE_COUNCIL,
	.title = "Need",
	.view = page_need_view,
	.template = "need",
	.live = "need_state need_offers need_asked need_timeline",
	.navigation = "needs"},
    {.path = "/needs/:id/open",
	.roles = ROLE_COMMISSIONER,
	.title = "Show more of a need",
	.view = page_need_open_view,
	.template = "need_open",
	.service = "requests",
	.method = REQUESTS(OPEN),
	.subject = "request_id",
	.after = "/needs/:id?done=opened",
	.navigation = "needs"},
    {.path = "/needs/:id/withdraw",
	.roles = ROLE_COMMISSIONER,
	.title = "Withdraw a need",
	.view = page_need_withdraw_view,
	.template = "need_withdraw",
	.service = "requests",
	.method = REQUESTS(WITHDRAW),
	.subject = "request_id",
	.after = "/needs/:id?done=withdrawn",
	.navigation = "needs"},
    {.path = "/needs/:id/shortlist",
	.roles = ROLE_COMMISSIONER | ROLE_NOMINATED,
	.title = "Homes that could take them",
	.view = page_shortlist_view,
	.template = "shortlist",
	.service = "requests",
	.method = REQUESTS(CIRCULATE),
	.subject = "request_id",
	.after = "/needs/:id?done=circulated",
	.navigation = "needs"},
    {.path = "/needs/:id/why",
	.roles = ROLE_COMMISSIONER | ROLE_NOMINATED,
	.title = "Why is this home not on the list?",
	.view = page_why_view,
	.template = "why",
	.navigation = "needs"},
    {.path = "/needs/:id/offers",
	.roles = ROLE_COUNCIL,
	.title = "Compare offers",
	.view = page_compare_view,
	.template = "compare",
	.live = "compare_offers",
	.navigation = "needs"},
    {.path = "/needs/:id/decide",
	.roles = ROLE_COMMISSIONER,
	.title = "Choose an offer",
	.view = page_decide_view,
	.template = "decide",
	.service = "requests",
	.method = REQUESTS(DECIDE),
	.subject = "request_id",
	.after = "/needs/:id?done=decided",
	.navigation = "needs"},
    {.path = "/needs/:id/approve",
	.roles = ROLE_NOMINATED | ROLE_DIRECTOR,
	.title = "Approve a placement",
	.view = page_approve_view,
	.template = "approve",
	.service = "requests",
	.method = REQUESTS(APPROVE),
	.subject = "request_id",
	.after = "/needs/:id?done=approved",
	.navigation = "needs"},
    {.path = "/needs/:id/start",
	.roles = ROLE_COMMISSIONER,
	.title = "Record the start",
	.view = page_placement_start_view,
	.template = "placement_start",
	.service = "requests",
	.method = REQUESTS(START),
	.subject = "request_id",
	.after = "/needs/:id?done=started",
	.navigation = "needs"},
    {.path = "/needs/:id/end",
	.roles = ROLE_COMMISSIONER,
	.title = "Record the end",
	.view = page_placement_end_view,
	.template = "placement_end",
	.service = "requests",
	.method = REQUESTS(END),
	.subject = "request_id",
	.after = "/needs/:id?done=ended",
	.navigation = "needs"},

    /* a provider's: page_today.c, page_referral.c, page_offer.c, page_vacancies.c,
     * page_offers.c */
    {.path = "/today",
	.roles = ROLE_PROVIDER,
	.title = "Today",
	.view = page_today_view,
	.template = "today",
	.live = "today_needs",
	.navigation = "today"},
    {.path = "/referrals/:id",
	.roles = ROLE_PROVIDER,
	.title = "A need",
	.view = page_referral_view,
	.template = "referral",
	.live = "referral_state referral_levels",
	.navigation = "today"},
    {.path = "/referrals/:id/interest",
	.roles = ROLE_PROVIDER,
	.title = "A need",
	.view = page_referral_view,
	.template = "referral",
	.service = "requests",
	.method = REQUESTS(SHOW_INTEREST),
	.subject = "request_id",
	.after = "/referrals/:id?done=asked",
	.navigation = "today"},
    {.path = "/referrals/:id/decline",
	.roles = ROLE_PROVIDER,
	.title = "A need",
	.view = page_referral_view,
	.template = "referral",
	.service = "requests",
	.method = REQUESTS(DECLINE),
	.subject = "request_id",
	.after = "/today?done=declined",
	.navigation = "today"},
    {.path = "/referrals/:id/yes",
	.roles = ROLE_PROVIDER,
	.title = "A need",
	.view = page_referral_view,
	.template = "referral",
	.service = "requests",
	.method = REQUESTS(CONFIRM_OFFER),
	.after = "/referrals/:id?done=yes",
	.navigation = "today"},
    {.path = "/referrals/:id/offer",
	.roles = ROLE_PROVIDER,
	.title = "Offer",
	.view = page_offer_view,
	.template = "offer",
	.service = "requests",
	.method = REQUESTS(OFFER),
	.subject = "request_id",
	.after = "/referrals/:id?done=offered",
	.navigation = "today"},
    {.path = "/vacancies",
	.roles = ROLE_PROVIDER,
	.title = "Our vacancies",
	.view = page_vacancies_view,
	.template = "vacancies",
	.act = page_vacancies_act,
	.navigation = "vacancies"},
    {.path = "/offers",
	.roles = ROLE_PROVIDER,
	.title = "Our offers",
	.view = page_offers_view,
	.template = "offers",
	.navigation = "offers"},
    /* page_operations.c */
    {.path = "/operations",
	.roles = ROLE_OFFICER,
	.title = "Live operations",
	.view = page_operations_view,
	.template = "operations",
	.live = "operations_numbers operations_needs operations_vacancies",
	.navigation = "operations"},
    /* page_operation.c */
    {.path = "/operations/:id",
	.roles = ROLE_OFFICER,
	.title = "An open need",
	.view = page_operation_view,
	.template = "operation",
	.live = "operation_state",
	.navigation = "operations"},
    /* page_sufficiency.c */
    {.path = "/sufficiency",
	.roles = ROLE_OFFICER | ROLE_COUNCIL,
	.title = "Sufficiency overview",
	.view = page_sufficiency_view,
	.template = "sufficiency",
	.live = "sufficiency_figures sufficiency_charts sufficiency_tables",
	.navigation = "sufficiency"},
    {.path = "/sufficiency.csv",
	.roles = ROLE_OFFICER | ROLE_COUNCIL,
	.title = "Sufficiency, as a file",
	.view = page_sufficiency_csv_view,
	.navigation = "sufficiency"},
    {.path = "/sufficiency/definitions",
	.roles = ROUTE_SIGNED_IN,
	.title = "What each figure counts",
	.view = page_definitions_view,
	.template = "definitions",
	.navigation = "sufficiency"},
    /* page_admin.c */
    {.path = "/administration",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Administration",
	.view = page_admin_view,
	.template = "admin_start",
	.navigation = "administration"},
    {.path = "/administration/health",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Health of the services",
	.view = page_admin_health_view,
	.template = "admin_health",
	.live = "health_services",
	.navigation = "administration"},
    /* page_admin_organisations.c */
    {.path = "/administration/councils",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Councils",
	.view = page_admin_councils_view,
	.template = "admin_list",
	.navigation = "administration"},
    {.path = "/administration/councils/new",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Register a council",
	.view = page_admin_council_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REGISTER_COUNCIL),
	.after = "/administration/councils?done=council-kept",
	.navigation = "administration"},
    {.path = "/administration/councils/:id",
	.roles = ROLE_ADMINISTRATOR,
	.title = "A council",
	.view = page_admin_council_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REGISTER_COUNCIL),
	.after = "/administration/councils?done=council-kept",
	.navigation = "administration"},
    {.path = "/administration/providers",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Providers",
	.view = page_admin_providers_view,
	.template = "admin_list",
	.navigation = "administration"},
    {.path = "/administration/providers/new",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Register a provider",
	.view = page_admin_provider_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REGISTER_PROVIDER),
	.after = "/administration/providers?done=provider-kept",
	.navigation = "administration"},
    {.path = "/administration/providers/:id",
	.roles = ROLE_ADMINISTRATOR,
	.title = "A provider",
	.view = page_admin_provider_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REGISTER_PROVIDER),
	.after = "/administration/providers?done=provider-kept",
	.navigation = "administration"},
    /* page_admin_people.c */
    {.path = "/administration/people",
	.roles = ROLE_ADMINISTRATOR,
	.title = "People and roles",
	.view = page_admin_people_view,
	.template = "admin_list",
	.navigation = "administration"},
    {.path = "/administration/people/new",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Add a person",
	.view = page_admin_person_new_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REGISTER_PERSON),
	.after = "/administration/people/:answer_id?done=person-added",
	.navigation = "administration"},
    {.path = "/administration/people/:id",
	.roles = ROLE_ADMINISTRATOR,
	.title = "A person",
	.view = page_admin_person_view,
	.template = "admin_person",
	.navigation = "administration"},
    {.path = "/administration/people/:id/invite",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Invite",
	.view = page_admin_invite_view,
	.template = "admin_secret",
	.act = page_admin_invite_act,
	.navigation = "administration"},
    {.path = "/administration/people/:id/role",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Give a role",
	.view = page_admin_role_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(GRANT_ROLE),
	.subject = "person_id",
	.after = "/administration/people/:id?done=role-given",
	.navigation = "administration"},
    {.path = "/administration/people/:id/end-role",
	.roles = ROLE_ADMINISTRATOR,
	.title = "End a role",
	.view = page_admin_end_role_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(END_ROLE),
	.subject = "person_id",
	.after = "/administration/people/:id?done=role-ended",
	.navigation = "administration"},
    {.path = "/administration/people/:id/close",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Close the account",
	.view = page_admin_close_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(CLOSE_ACCOUNT),
	.subject = "person_id",
	.after = "/administration/people/:id?done=account-closed",
	.navigation = "administration"},
    {.path = "/administration/people/:id/reopen",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Reopen the account",
	.view = page_admin_reopen_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REOPEN_ACCOUNT),
	.subject = "person_id",
	.after = "/administration/people/:id?done=account-reopened",
	.navigation = "administration"},
    {.path = "/administration/people/:id/sign-out",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Sign out everywhere",
	.view = page_admin_sign_out_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(END_SESSIONS),
	.subject = "person_id",
	.after = "/administration/people/:id?done=signed-them-out",
	.navigation = "administration"},
    /* page_admin_keys.c */
    {.path = "/administration/keys",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Keys of systems",
	.view = page_admin_keys_view,
	.template = "admin_list",
	.navigation = "administration"},
    {.path = "/administration/keys/new",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Issue a key",
	.view = page_admin_key_new_view,
	.template = "admin_secret",
	.act = page_admin_key_new_act,
	.navigation = "administration"},
    {.path = "/administration/keys/:id/revoke",
	.roles = ROLE_ADMINISTRATOR,
	.title = "Revoke a key",
	.view = page_admin_key_revoke_view,
	.template = "admin_form",
	.service = "members",
	.method = MEMBERS(REVOKE_API_KEY),
	.subject = "api_key_id",
	.after = "/administration/keys?done=key-revoked",
	.navigation = "administration"},
};
const size_t routes_n = sizeof routes / sizeof routes[0];

/* ---- the menu ---- */

const struct route_item route_menu[] = {
    {"needs", "/needs", "Needs", ROLE_COUNCIL},
    {"new", "/needs/new", "New need", ROLE_COMMISSIONER},
    {"today", "/today", "Today", ROLE_PROVIDER},
    {"vacancies", "/vacancies", "Our vacancies", ROLE_PROVIDER},
    {"offers", "/offers", "Our offers", ROLE_PROVIDER},
    {"operations", "/operations", "Live operations", ROLE_OFFICER},
    {"sufficiency", "/sufficiency", "Sufficiency", ROLE_OFFICER | ROLE_COUNCIL},
    {"administration", "/administration", "Administration", ROLE_ADMINISTRATOR},
};
const size_t route_menu_n = sizeof route_menu / sizeof route_menu[0];

const char *
route_home(uint32_t roles)
{
	for (size_t i = 0; i < route_menu_n; i++) {
		if ((route_menu[i].roles & roles) != 0)
			return route_menu[i].href;
	}
	return "/account";
}

/* ---- what was done ---- */

static const struct {
	const char *code, *sentence;
} done[] = {
    /* a provider's pages */
    {"asked", "The council sees that you asked for more."},
    {"confirmed", "Confirmed: still so."},
    {"declined", "Your no is sent, with its reason."},
    {"offered", "Your offer is sent. You hear here what the council decides."},
    {"yes", "Your yes is recorded."},
    /* page_sign_in.c, page_account.c */
    {"opened", "It is open to them now."},
    {"circulated", "They have been asked."},
    {"decided", "Your choice is recorded. The place is being held."},
    {"approved", "Your approval is recorded."},
    {"started", "The start is recorded."},
    {"ended", "The end is recorded."},
    {"draft-dropped", "The draft was dropped."},
    {"sent", "The need was sent. Answers show here as they come."},
    {"recorded", "The need is recorded. No provider has been asked yet."},
    {"withdrawn", "The need is withdrawn."},
    {"signed-out", "You are signed out."},
    {"signed-out-elsewhere", "You are signed out everywhere else."},
    {"password-changed", "Your password is changed."},
    {"app-changed", "Your new app is set up. The one before shows codes that no longer "
		    "work."},
    /* page_admin_*.c */
    {"council-kept", "The council is recorded."},
    {"provider-kept", "The provider is recorded."},
    {"person-added",
	"The person is added. Invite them next, so that they can sign in."},
    {"role-given", "The role is given."},
    {"role-ended", "The role has an end now."},
    {"account-closed", "The account is closed, and they are signed out everywhere."},
    {"account-reopened", "The account is open again."},
    {"signed-them-out", "They are signed out everywhere."},
    {"key-revoked", "The key is revoked."},
};

const char *
route_done(const char *code)
{
	for (size_t i = 0; code != NULL && i < sizeof done / sizeof done[0]; i++) {
		if (str_equal(done[i].code, code))
			return done[i].sentence;
	}
	return NULL;
}

/* ---- finding ---- */

/* One part of a path, up to its "/" or its end. */
static size_t
part_len(const char *text)
{
	return strcspn(text, "/?");
}

/* What may stand for ":id": nothing that is escaped, and no dots alone. */
static bool
is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return len > 0 && len <= 80;
}

static char *
copy_part(struct page *p, const char *text, size_t len)
{
	char *copy = arena_take(p->arena, len + 1);

	if (copy != NULL)
		memcpy(copy, text, len);
	return copy;
}

static bool
take_param(struct page *p, const char *pattern, const char *path)
{
	size_t name_len = part_len(pattern), len = part_len(path);

	if (p->params_n == PAGE_PARAMS_MAX || !is_plain(path, len))
		return false;
	p->params[p->params_n].name = copy_part(p, pattern + 1, name_len - 1);
	p->params[p->params_n].value = copy_part(p, path, len);
	if (p->params[p->params_n].name == NULL || p->params[p->params_n].value == NULL)
		return false;
	p->params_n++;
	return true;
}

static bool
fits(struct page *p, const char *pattern, const char *path)
{
	p->params_n = 0;
	while (*pattern == '/' && *path == '/') {
		size_t pattern_len = part_len(++pattern), path_len = part_len(++path);

		if (pattern[0] == ':') {
			if (!take_param(p, pattern, path))
				return false;
		} else if (pattern_len != path_len ||
			   memcmp(pattern, path, path_len) != 0) {
			return false;
		}
		pattern += pattern_len;
		path += path_len;
	}
	return *pattern == '\0' && *path == '\0';
}

/* Whatever is written out comes before what ":id" could also be. */
const struct route *
route_find(struct page *p, const char *path)
{
	const struct route *found = NULL;

	for (size_t i = 0; i < routes_n && found == NULL; i++) {
		if (strchr(routes[i].path, ':') == NULL &&
		    fits(p, routes[i].path, path))
			found = &routes[i];
	}
	for (size_t i = 0; i < routes_n && found == NULL; i++) {
		if (fits(p, routes[i].path, path))
			found = &routes[i];
	}
	return found;
}

const char *
route_fill(struct page *p, const char *pattern, const char *answer_id)
{
	char *out = str_copy(p->arena, "");

	while (out != NULL && *pattern != '\0') {
		size_t len = *pattern == ':' ? 1 + strcspn(pattern + 1, "/?&:=")
		                             : strcspn(pattern, ":");
		char *part = copy_part(p, pattern, len);
		const char *value = part;

		if (part != NULL && part[0] == ':')
			value = str_equal(part, ":answer_id") ? answer_id
			                                      : page_param(p, part + 1);
		out = str_format(p->arena, "%s%s", out, value == NULL ? "" : value);
		pattern += len;
	}
	return out;
}

static const char *
whom(uint32_t roles, char out[16])
{
	if (roles == ROUTE_ANYONE)
		return "all";
	if (roles == ROUTE_SIGNED_IN)
		return "signed-in";
	snprintf(out, 16, "%x", roles);
	return out;
}

void
routes_print(FILE *out)
{
	for (size_t i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		char roles[16];

		fprintf(out, "%s %s %s %s\n", r->path, whom(r->roles, roles),
		    r->act != NULL || r->service != NULL ? "form" : "-",
		    r->live == NULL ? "-" : r->live);
	}
}
