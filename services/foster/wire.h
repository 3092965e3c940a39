#ifndef RCC_FOSTER_WIRE_H
#define RCC_FOSTER_WIRE_H

#include "base/svc.h"
#include "foster/refusals.h"

#include "foster.pb-c.h"

/*
 * One handler a message: fetch what the rule needs, ask it, decide, answer.
 *   wire.c          the tables, and the questions
 *   wire_keep.c     a provider's and an area council's own records
 *   wire_hold.c     what rcc-requests asks of a place, and what the clock does
 *   wire_shown.c    what a restored store is shown that it promised
 *   wire_vacancy.c  opening and closing; and publishing, which all the others end with
 */
extern const struct service foster_service;

svc_handler foster_on_register, foster_on_amend, foster_on_record,
    foster_on_end_occupant, foster_on_withhold, foster_on_restore, foster_on_exempt,
    foster_on_end_exemption, foster_on_open, foster_on_confirm_vacancy,
    foster_on_set_open_places, foster_on_close, foster_on_hold, foster_on_confirm,
    foster_on_release, foster_on_start, foster_on_end;
enum err foster_on_timer(struct svc_ask *ask, const Journal__Timer *timer) MUST_CHECK;
enum err foster_on_restored(
    struct svc_ask *ask, const struct journal_head *head) MUST_CHECK;
enum err foster_on_reply(struct svc_ask *ask, const struct svc_reply *reply) MUST_CHECK;

/* ---- between the files of wire ---- */

/* A rule's no; always ERR_NONE, so that a handler can end with it. */
enum err foster_refuse(struct svc_ask *ask, enum foster_refusal no, const char *detail);
/*
 * The household, whole, where it is the acting provider's own; NULL in *out where it
 * is not, or is not there, and then that is already refused: nobody learns which.
 */
enum err foster_own_home(struct svc_ask *ask, const char *household_id,
    Foster__HouseholdShown **out) MUST_CHECK;
/* As above, of the occupant, withheld place or exemption with this id. */
enum err foster_own_home_of(struct svc_ask *ask, const char *id, enum foster_refusal no,
    Foster__HouseholdShown **out) MUST_CHECK;

/* What happens to a hold, as it is recorded; the publishing is left to the caller. */
void foster_decide_confirmed(
    struct svc_ask *ask, const Foster__HoldRow *row, const Place__ConfirmHold *call);
/* `row` NULL: it never came. */
void foster_decide_released(
    struct svc_ask *ask, char *hold_id, const Foster__HoldRow *row);
enum err foster_decide_started(struct svc_ask *ask, const Foster__HoldRow *row,
    const Place__Start *call) MUST_CHECK;
void foster_decide_ended(
    struct svc_ask *ask, const Foster__PlacementRow *row, const Place__End *call);

/*
 * After anything that may have changed a household: decides its review where a stated
 * day has passed or the next one is another, counts its places where they are others
 * than were last counted, and publishes its vacancy where it is open and what others
 * may know of it is no longer what was last published.
 */
enum err foster_publish(struct svc_ask *ask, const char *household_id) MUST_CHECK;

#endif
