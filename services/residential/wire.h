#ifndef RCC_RESIDENTIAL_WIRE_H
#define RCC_RESIDENTIAL_WIRE_H

#include "base/svc.h"
#include "residential/refusals.h"

#include "residential.pb-c.h"

/*
 * One handler a message: fetch what the rule needs, ask it, decide, answer.
 *   wire.c          the tables, and the questions
 *   wire_keep.c     a provider's own records: homes, who lives there
 *   wire_beds.c     beds closed, beds reserved
 *   wire_hold.c     what rcc-requests asks of a home, and what the clock does
 *   wire_shown.c    what a restored store is shown that it promised
 *   wire_vacancy.c  opening and closing; and publishing, which all the others end with
 */
extern const struct service residential_service;

svc_handler residential_on_register, residential_on_amend, residential_on_record,
    residential_on_end_occupant, residential_on_close_beds, residential_on_reopen_beds,
    residential_on_reserve, residential_on_free, residential_on_open,
    residential_on_confirm_vacancy, residential_on_set_open_places,
    residential_on_close, residential_on_hold, residential_on_confirm,
    residential_on_release, residential_on_start, residential_on_end;
enum err residential_on_timer(
    struct svc_ask *ask, const Journal__Timer *timer) MUST_CHECK;
enum err residential_on_restored(
    struct svc_ask *ask, const struct journal_head *head) MUST_CHECK;
enum err residential_on_reply(
    struct svc_ask *ask, const struct svc_reply *reply) MUST_CHECK;

/* ---- between the files of wire ---- */

/* A rule's no; always ERR_NONE, so that a handler can end with it. */
enum err residential_refuse(
    struct svc_ask *ask, enum residential_refusal no, const char *detail);
bool residential_is_council(struct svc_ask *ask, const char *council_id);
/* Is the acting provider, as members knows it now, one that keeps such homes? */
bool residential_is_of_provider(struct svc_ask *ask, const Residential__Home *row);
/*
 * The home, whole, where it is the acting provider's own; NULL in *out where it is not,
 * or is not there, and then that is already refused: nobody learns which.
 */
enum err residential_own_home(
    struct svc_ask *ask, const char *home_id, Residential__HomeShown **out) MUST_CHECK;
/* As above, of the occupant, closed or reserved bed with this id. */
enum err residential_own_home_of(struct svc_ask *ask, const char *id,
    enum residential_refusal no, Residential__HomeShown **out) MUST_CHECK;
/* Decides the one event of a command, publishes what it changed, answers done. */
enum err residential_decide(struct svc_ask *ask, uint32_t type,
    const ProtobufCMessage *event, const char *home_id, const char *id) MUST_CHECK;

/* What happens to a hold, as it is recorded; the publishing is left to the caller. */
void residential_decide_confirmed(struct svc_ask *ask, const Residential__HoldRow *row,
    const Place__ConfirmHold *call);
/* `row` NULL: it never came. */
void residential_decide_released(
    struct svc_ask *ask, char *hold_id, const Residential__HoldRow *row);
enum err residential_decide_started(struct svc_ask *ask,
    const Residential__HoldRow *row, const Place__Start *call) MUST_CHECK;
void residential_decide_ended(
    struct svc_ask *ask, const Residential__PlacementRow *row, const Place__End *call);

/*
 * After anything that may have changed a home: decides its review where a stated day
 * has passed or the next one is another, counts its beds where they are no longer what
 * was last counted, and publishes each open vacancy of which others may know what was
 * not last published.
 */
enum err residential_publish(struct svc_ask *ask, const char *home_id) MUST_CHECK;

#endif
