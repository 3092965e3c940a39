#ifndef RCC_MEMBERS_WIRE_INSIDE_H
#define RCC_MEMBERS_WIRE_INSIDE_H

/*
 * What the files of wire share and nobody else may see.
 *   wire.c           councils, providers, people, roles, keys; the method table
 *   wire_accounts.c  links, accounts, passwords; passing time
 *   wire_sessions.c  signing in, and sessions
 *   wire_systems.c   API keys
 *   wire_people.c    lists of people
 */

#include "members/accounts.h"
#include "members/store.h"
#include "members/store_accounts.h"

#define EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name
/* `option =` in members' configuration, where links may sign in without an account. */
#define MEMBERS_OPTION_SIGN_IN_LINKS "sign-in-links"

svc_handler members_on_offer_link;
svc_handler members_on_link;
svc_handler members_on_open_account;
svc_handler members_on_sign_in_by_link;
svc_handler members_on_credential;
svc_handler members_on_sign_in;
svc_handler members_on_sign_in_by_identity;
svc_handler members_on_session;
svc_handler members_on_end_session;
svc_handler members_on_end_sessions;
svc_handler members_on_change_password;
svc_handler members_on_renew_recovery;
svc_handler members_on_close_account;
svc_handler members_on_reopen_account;
svc_handler members_on_accounts;
svc_handler members_on_issue_api_key;
svc_handler members_on_api_key;
svc_handler members_on_revoke_api_key;
svc_handler members_on_api_keys;
svc_handler members_on_people;

enum err members_on_timer(struct svc_ask *ask, const Journal__Timer *timer);
enum err members_on_restored(struct svc_ask *ask, const struct journal_head *head);

enum err members_wire_refuse(struct svc_ask *ask, enum members_refusal no);
/* Done: `id` was made or changed by the event with this number; 0: by none. */
enum err members_wire_done(struct svc_ask *ask, const char *id, uint64_t number);
/* What an organisation_id names. */
enum members_organisation members_wire_organisation(
    struct svc_ask *ask, const char *id);

/* The person as they stand today; `person_id` may be NULL. Faults latch. */
struct members_standing members_wire_standing(
    struct svc_ask *ask, const char *person_id);
/* Whoever asks, as events name them; NULL where it is the gateway. */
char *members_wire_by(struct svc_ask *ask);
/* A fresh id as the structs have it. */
char *members_wire_id(struct svc_ask *ask);

/* Why something ends, and by whom (NULL: by time). */
struct members_ending {
	Members__Over over;
	char *by_id;
};
/* Decides the end of a person's sessions, but for that with the digest kept
 * (BYTES_NONE: of all); how many. */
size_t members_wire_end_sessions(struct svc_ask *ask, const char *person_id,
    struct bytes kept, struct members_ending why);
/* Decides the end of one link. */
void members_wire_end_link(
    struct svc_ask *ask, const Members__Link *link, struct members_ending why);

#endif
