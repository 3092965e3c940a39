#ifndef RCC_RCCCTL_VERBS_H
#define RCC_RCCCTL_VERBS_H

#include "tool.h"

/* Every verb, each from the file of its name. */
extern const struct verb verb_account_close;
extern const struct verb verb_account_link;
extern const struct verb verb_account_list;
extern const struct verb verb_account_reopen;
extern const struct verb verb_backup_make;
extern const struct verb verb_bed_close;
extern const struct verb verb_bed_free;
extern const struct verb verb_bed_reopen;
extern const struct verb verb_bed_reserve;
extern const struct verb verb_call;
extern const struct verb verb_export;
extern const struct verb verb_help;
extern const struct verb verb_home_amend;
extern const struct verb verb_home_list;
extern const struct verb verb_home_occupant;
extern const struct verb verb_home_occupant_ended;
extern const struct verb verb_home_register;
extern const struct verb verb_home_show;
extern const struct verb verb_id_new;
extern const struct verb verb_journal_show;
extern const struct verb verb_journal_verify;
extern const struct verb verb_keys_new;
extern const struct verb verb_offer_confirm;
extern const struct verb verb_offer_decline;
extern const struct verb verb_offer_interest;
extern const struct verb verb_offer_make;
extern const struct verb verb_request_approve;
extern const struct verb verb_request_circulate;
extern const struct verb verb_request_decide;
extern const struct verb verb_request_end;
extern const struct verb verb_request_list;
extern const struct verb verb_request_open;
extern const struct verb verb_request_shortlist;
extern const struct verb verb_request_show;
extern const struct verb verb_request_start;
extern const struct verb verb_request_submit;
extern const struct verb verb_request_why;
extern const struct verb verb_request_withdraw;
extern const struct verb verb_restore;
extern const struct verb verb_status;
extern const struct verb verb_sufficiency;
extern const struct verb verb_vacancy_close;
extern const struct verb verb_vacancy_confirm;
extern const struct verb verb_vacancy_list;
extern const struct verb verb_vacancy_open;
extern const struct verb verb_vacancy_places;
extern const struct verb verb_vacancy_show;
extern const struct verb verb_watch;

#define FLAGS(list) .flags = (list), .flags_n = sizeof(list) / sizeof((list)[0])
#define FIELDS(...)                                                                    \
	(const char *const[])                                                          \
	{                                                                              \
		__VA_ARGS__, NULL                                                      \
	}

#endif
