/*
 * Who may be signed in, told from the journal of members alone: nobody whose account is
 * closed, by no link and no code twice, and no longer than was said.
 */
#include "sim/model.h"

#include "base/str.h"

#include "members.pb-c.h"

#define EVENT(name) MEMBERS__MEMBERS_EVENT__EVENT_##name

/* ---- accounts ---- */

static struct model_account *
account_of(struct model *m, const char *person)
{
	struct model_account *c = MODEL_FIND(m->accounts, m->accounts_n, person);

	return c != NULL ? c : MODEL_ADD(m, m->accounts, m->accounts_n, person);
}

static void
see_opened(struct model *m, const Members__AccountOpened *e)
{
	struct model_account *c = account_of(m, e->person_id);

	if (c->is_closed)
		world_fail(m->world, "%s opened an account that is closed", c->id);
	c->totp_step = e->proof != NULL ? e->proof->totp_step : 0;
	c->codes_left = e->proof != NULL ? e->proof->n_recovery_digests : 0;
}

/* Nobody who was shut out is in; asked at the end of each turn of members. */
void
model_check_sessions(struct model *m)
{
	for (size_t i = 0; i < m->sessions_n; i++) {
		const struct model_session *s = &m->sessions[i];

		if (!s->is_over && account_of(m, s->person)->is_closed)
			world_fail(
			    m->world, "%s is shut out, and still signed in", s->person);
	}
}

/* ---- links ---- */

static void
see_link(struct model *m, const Members__Link *row)
{
	struct model_link *l = MODEL_ADD(m, m->links, m->links_n, row->link_id);

	model_keep(l->person, row->person_id);
	l->expires_ms = row->expires_time;
	m->world->tally.n[TALLY_LINKS]++;
}

static void
see_link_ended(
    struct model *m, const struct model_entry *e, const Members__LinkEnded *ended)
{
	struct model_link *l = MODEL_FIND(m->links, m->links_n, ended->link_id);

	if (l == NULL || l->is_over) {
		world_fail(m->world, "a link ended that was over: %s", ended->link_id);
		return;
	}
	l->is_over = true;
	if (ended->over != MEMBERS__OVER__OVER_USED)
		return;
	if (e->time_ms >= l->expires_ms)
		world_fail(m->world, "a link was used that had lapsed");
	model_keep(m->link_command, e->command_id);
	model_keep(m->link_person, l->person);
}

/* ---- sessions ---- */

static void
check_way_in(
    struct model *m, const struct model_entry *e, const Members__SessionOpened *o)
{
	const Members__Session *s = o->session;
	struct model_account *c = account_of(m, s->person_id);
	bool is_by_link =
	    s->via == MEMBERS__VIA__VIA_LINK || s->via == MEMBERS__VIA__VIA_INVITATION;

	if (c->is_closed)
		world_fail(m->world, "%s was let in, and is shut out", c->id);
	if (is_by_link && (!str_equal(m->link_command, e->command_id) ||
			      !str_equal(m->link_person, s->person_id)))
		world_fail(m->world, "%s was let in by no link of theirs", c->id);
	if (s->via == MEMBERS__VIA__VIA_PASSWORD) {
		if (o->totp_step <= c->totp_step)
			world_fail(m->world, "a code of %s served twice", c->id);
		c->totp_step = o->totp_step;
	}
	if (s->via == MEMBERS__VIA__VIA_RECOVERY && c->codes_left-- == 0)
		world_fail(m->world, "a recovery code of %s served twice", c->id);
	m->world->tally.n[TALLY_SIGN_INS] += !is_by_link;
}

static void
see_session(
    struct model *m, const struct model_entry *e, const Members__SessionOpened *o)
{
	struct model_session *s =
	    MODEL_ADD(m, m->sessions, m->sessions_n, o->session->session_id);

	model_keep(s->person, o->session->person_id);
	s->due_ms = o->session->due_time;
	check_way_in(m, e, o);
	m->world->tally.n[TALLY_SESSIONS]++;
}

static struct model_session *
open_session(struct model *m, const char *id, const char *what)
{
	struct model_session *s = MODEL_FIND(m->sessions, m->sessions_n, id);

	if (s != NULL && !s->is_over)
		return s;
	world_fail(m->world, "a session %s that was over: %s", what, id);
	return NULL;
}

static void
end(struct model *m, struct model_session *s)
{
	s->is_over = true;
	s->over_ms = m->world->now_ms;
}

static void
see_session_ended(struct model *m, const Members__SessionEnded *e)
{
	struct model_session *s = open_session(m, e->session_id, "ended");

	if (s != NULL)
		end(m, s);
	m->world->tally.n[TALLY_SESSIONS_LAPSED] +=
	    e->over == MEMBERS__OVER__OVER_IDLE ||
	    e->over == MEMBERS__OVER__OVER_EXPIRED;
}

static void
see_session_used(
    struct model *m, const struct model_entry *e, const Members__SessionUsed *used)
{
	struct model_session *s = open_session(m, used->session_id, "was used");

	if (s == NULL)
		return;
	if (e->time_ms >= s->due_ms)
		world_fail(m->world, "a session was used after its time");
	s->due_ms = used->due_time;
}

static void
see_all_ended(struct model *m)
{
	for (size_t i = 0; i < m->sessions_n; i++)
		if (!m->sessions[i].is_over)
			end(m, &m->sessions[i]);
	for (size_t i = 0; i < m->links_n; i++)
		m->links[i].is_over = true;
}

/* Whatever is written comes after what time had ended by then. */
static void
check_in_time(struct model *m, const struct model_entry *e)
{
	if (e->type == EVENT(SESSION_ENDED) || e->type == EVENT(LINK_ENDED) ||
	    e->type == EVENT(ALL_SESSIONS_ENDED))
		return;
	for (size_t i = 0; i < m->sessions_n; i++)
		if (!m->sessions[i].is_over && m->sessions[i].due_ms <= e->time_ms)
			world_fail(m->world, "a session of %s outlived its time",
			    m->sessions[i].person);
}

void
model_see_sessions(struct model *m, const struct model_entry *e)
{
	const void *event = e->event;

	check_in_time(m, e);
	if (e->type == EVENT(LINK_OFFERED))
		see_link(m, ((const Members__LinkOffered *)event)->link);
	else if (e->type == EVENT(LINK_ENDED))
		see_link_ended(m, e, event);
	else if (e->type == EVENT(ACCOUNT_OPENED))
		see_opened(m, event);
	else if (e->type == EVENT(ACCOUNT_CLOSED)) {
		account_of(m, ((const Members__AccountClosed *)event)->person_id)
		    ->is_closed = true;
		m->world->tally.n[TALLY_SHUT_OUT]++;
	} else if (e->type == EVENT(ACCOUNT_REOPENED))
		account_of(m, ((const Members__AccountReopened *)event)->person_id)
		    ->is_closed = false;
	else if (e->type == EVENT(SESSION_OPENED))
		see_session(m, e, event);
	else if (e->type == EVENT(SESSION_USED))
		see_session_used(m, e, event);
	else if (e->type == EVENT(SESSION_ENDED))
		see_session_ended(m, event);
	else if (e->type == EVENT(ALL_SESSIONS_ENDED))
		see_all_ended(m);
}

/* ---- what the portal was told ---- */

void
model_check_honoured(
    struct model *m, const char *session, const char *person, int64_t asked_ms)
{
	const struct model_session *s = MODEL_FIND(m->sessions, m->sessions_n, session);

	if (s == NULL || !str_equal(s->person, person))
		world_fail(
		    m->world, "a session of nobody was honoured, for %s", person);
	else if (s->is_over && s->over_ms < asked_ms)
		world_fail(
		    m->world, "a session of %s was honoured after it was over", person);
}
