#ifndef RCC_GATEWAY_PAGES_H
#define RCC_GATEWAY_PAGES_H

#include "gateway/page.h"

/* Every view and every form answered by hand, by the file it stands in. */

/* page_start.c */
page_view page_start_view, page_words_view;

/* page_sign_in.c */
page_view page_sign_in_view, page_sign_in_act, page_sign_out_view, page_sign_out_act;
/* The page of signing in, in the place of one whose form was posted by nobody who is
 * signed in: it keeps what was entered. */
page_view page_sign_in_instead;
/* What the address of that page says of a session that is over; NULL: nothing. */
const char *page_sign_in_over(Members__Over over);

/* page_identity.c */
page_view page_identity_view, page_identity_act;

/* page_link.c */
page_view page_link_view, page_link_act;

/* page_account.c */
page_view page_account_view, page_organisation_view, page_organisation_act,
    page_password_view, page_password_act, page_app_view, page_app_act,
    page_recovery_view, page_recovery_act, page_sessions_view, page_sessions_act;
/* page_need.c, page_shortlist.c, page_why.c, page_compare.c, page_decide.c */
page_view page_need_view, page_need_open_view, page_need_withdraw_view,
    page_shortlist_view, page_why_view, page_compare_view, page_decide_view,
    page_approve_view, page_placement_start_view, page_placement_end_view;

/* page_api.c */
page_view page_api_view;
/* page_today.c */
page_view page_today_view;
/* page_referral.c */
page_view page_referral_view;
/* page_offer.c */
page_view page_offer_view;
/* page_vacancies.c, page_vacancies_act.c */
page_view page_vacancies_view, page_vacancies_act;
/* page_offers.c */
page_view page_offers_view;

/* page_operations.c */
page_view page_operations_view;

/* page_operation.c */
page_view page_operation_view;

/* page_sufficiency.c */
page_view page_sufficiency_view, page_sufficiency_csv_view, page_definitions_view;

/* page_needs.c */
page_view page_needs_view;

/* page_need_new.c */
page_view page_need_new_view, page_need_draft_view, page_need_draft_act,
    page_need_drop_view;

/* page_need_check.c */
page_view page_need_check_view, page_need_check_act;

/* page_admin.c */
page_view page_admin_view, page_admin_health_view;

/* page_admin_organisations.c */
page_view page_admin_councils_view, page_admin_council_view, page_admin_providers_view,
    page_admin_provider_view;

/* page_admin_people.c */
page_view page_admin_people_view, page_admin_person_new_view, page_admin_person_view,
    page_admin_role_view, page_admin_end_role_view, page_admin_close_view,
    page_admin_reopen_view, page_admin_sign_out_view, page_admin_invite_view,
    page_admin_invite_act;

/* page_admin_keys.c */
page_view page_admin_keys_view, page_admin_key_new_view, page_admin_key_new_act,
    page_admin_key_revoke_view;

#endif
