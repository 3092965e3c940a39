// Every page there is, as each kind of person: reached by its links alone, made well at three
// widths, and closed to those whom the table of pages does not name.
import { expect, same } from './support/story.mjs';
import { candidates, decide, keyOfProvider, call, offers, stateOf, submit, today, until } from './support/needs.mjs';
import { PEOPLE, idOf, keyOf } from './support/people.mjs';
import { rccctl, routes } from './support/region.mjs';

const OF_A_KIND = 2; // pages of one row that are looked at: two needs, two homes
const PAGES_MAX = 60; // of one person
const WALK_MS = 600000;
// Pages that no link leads to: a link in a letter, what a front sends, what only a button asks for,
// and those of an account, which who signs in by a link has not (03 and 04 look at them).
const NOT_LINKED = ['/link/:token', '/sign-in/identity', '/sign-out', '/account/organisation', '/account/password', '/account/app',
	'/account/recovery', '/account/sessions', '/referrals/:id/interest', '/referrals/:id/decline', '/referrals/:id/yes', '/needs/draft/:id/check'];

const pattern = path => new RegExp(`^${path.replace(/:[a-z_]+/g, '[^/]+')}$`);
const isFor = (route, role) => route.whom === 'all' || route.whom === 'signed-in' || parseInt(route.whom, 16) & 1 << role;

// The row of a path: what is written out comes before what ":id" could also be.
function rowOf(rows, path) {
	return rows.find(row => row.path === path) ?? rows.find(row => pattern(row.path).test(path));
}

async function linksOf(page) {
	const links = await page.locator('a[href]').evaluateAll(all => all.map(link => link.href));
	return links.map(link => new URL(link)).filter(link => link.origin === new URL(page.url()).origin)
		.map(link => (link.pathname + link.search).replace(/[?&]live=0/, ''));
}

function nameOf(path) {
	return path.replace(/[?].*/, '').replace(/^\//, '').replaceAll('/', '-').replace(/[0-9a-f]{26,}|[0-9a-hjkmnp-tv-z]{20,}/gi, 'id') || 'start';
}

// A key of a program's, and somebody who may not sign in: their pages.
function prepareAdministration() {
	const { organisation_id } = call(keyOf('commissioner'), 'members.self', {}).person.grants[0];
	call('administrator', 'members.issue_api_key', {
		label: 'A case system', organisation_id, role: 'commissioner', until_day: `${Number(today.slice(0, 4)) + 1}-01-01`,
		digest: [...crypto.getRandomValues(new Uint8Array(32))].map(byte => byte.toString(16).padStart(2, '0')).join(''),
	});
	const closed = idOf('oldham-director');
	rccctl('administrator', 'account', 'close', closed);
	return [`/administration/people/${closed}`];
}

// A need at every stage, so that every page has something to show.
async function prepare() {
	call(keyOf('commissioner'), 'requests.keep_draft', { draft: { urgency: 'emergency', home_sector: 'M14 5', needed_by_day: today } });
	const made = [], open = submit(), near = candidates(open).filter(one => one.own_area), far = candidates(open).filter(one => one.adjoining);
	offers(open, [near[0], far[0]]);
	call(keyOf('commissioner'), 'requests.circulate', { request_id: open, vacancy_ids: [near[3].vacancy_id] });
	call(keyOfProvider(near[3].provider_id), 'requests.show_interest', { request_id: open });
	made.push(open, submit()); // of the second nobody has been asked
	for (const [stage, which] of [['decided', far[1]], ['confirmed', near[1]], ['started', near[2]]]) {
		const request = submit(), [offer] = offers(request, [which]);
		made.push(request);
		decide(request, offer);
		if (stage === 'decided') continue;
		await until('the hold', () => stateOf(request) === 'held');
		call(keyOfProvider(which.provider_id), 'requests.confirm_offer', { offer_id: offer });
		await until('the confirmed place', () => stateOf(request) === 'confirmed');
		if (stage === 'started') call(keyOf('commissioner'), 'requests.start', { request_id: request, start_day: today });
	}
	for (const [persona, service] of [['agency', 'foster'], ['homes', 'residential']]) {
		const { vacancies } = call(keyOf(persona), `${service}.vacancies`, {});
		call(keyOf('commissioner'), 'requests.circulate', { request_id: submit(), vacancy_ids: vacancies.slice(0, 2).map(one => one.vacancy_id) });
	}
	return made.map(id => `/needs/${id}`);
}

async function walk(story, persona, rows, made) {
	const page = await story.as(persona), seen = new Set(), looked = {};
	const ahead = ['/', ...['commissioner', 'nominated', 'director', 'administrator'].includes(persona) ? made : []];
	while (ahead.length > 0 && seen.size < PAGES_MAX) {
		const to = ahead.shift(), row = rowOf(rows, to.split('?')[0]);
		if (!row || seen.has(to) || NOT_LINKED.includes(row.path) || row.whom === 'all' && to !== '/' || (looked[row.path] ?? 0) >= OF_A_KIND && !made.includes(to)) continue;
		seen.add(to);
		const answer = await page.goto(to + (to.includes('?') ? '&' : '?') + 'live=0', { waitUntil: 'load' }).catch(error => {
			if (error.message.includes('Download is starting')) return null; // a table as CSV
			throw error;
		});
		looked[row.path] = (looked[row.path] ?? 0) + 1;
		if (!answer || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
		expect(answer.status() === 200, `${answer.status()} for ${persona} at ${to}, which a link leads to`);
		await story.look(page, `${persona}-${nameOf(to)}-${looked[row.path]}`);
		ahead.push(...await linksOf(page));
	}
	return looked;
}

export default async story => {
	const rows = routes();

	let made, people;

	await story.step('there is a need at every stage', async () => {
		made = await prepare();
		people = prepareAdministration();
	});

	for (const persona of Object.keys(PEOPLE)) {
		await story.step(`every page of the ${persona} is well made`, async () => {
			const looked = await walk(story, persona, rows, persona === 'administrator' ? people : made);
			const missed = rows.filter(row => isFor(row, PEOPLE[persona].role) && !['all', 'signed-in'].includes(row.whom) && !NOT_LINKED.includes(row.path) && !looked[row.path]);
			same(missed.map(row => row.path).join(' '), '', 'pages that no link leads to');
		}, WALK_MS);
	}

	await story.step('the main pages in forced colours, and with reduced motion', async () => {
		const main = { commissioner: ['/', '/needs/new', made[0], `${made[0]}/offers`], homes: ['/', '/vacancies'],
			officer: ['/', '/operations', '/sufficiency'], administrator: ['/'] };
		for (const [persona, paths] of Object.entries(main)) {
			const page = await story.as(persona, { forcedColors: 'active', reducedMotion: 'reduce', width: 390 });
			for (const path of paths) {
				await page.goto(`${path}?live=0`, { waitUntil: 'load' });
				await story.look(page, `forced-${persona}-${nameOf(path)}`, [390]);
			}
			await page.context().close();
		}
	});

	rccctl('administrator', 'account', 'reopen', people[0].split('/').at(-1));

	await story.step('nobody is shown a page of another role', async () => {
		for (const persona of Object.keys(PEOPLE)) {
			const page = await story.as(persona);
			for (const row of rows.filter(row => !isFor(row, PEOPLE[persona].role) && row.whom !== 'all')) {
				const path = row.path.replace(/:[a-z_]+/g, '0123456789abcdefghjkmnpqrs');
				const answer = await page.request.get(path, { maxRedirects: 0 });
				expect([403, 404].includes(answer.status()), `${answer.status()} for ${persona} at ${path}`);
			}
		}
	});
};
