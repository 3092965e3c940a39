// A commissioner finds homes for a child, asks, compares, chooses and starts; a nominated officer
// approves on a phone; brothers and sisters for whom no one home stands are chosen for in parts.
import { readFileSync } from 'node:fs';
import { expect, same } from './support/story.mjs';
import { keyOf } from './support/people.mjs';
import { RUN, rccctl, without } from './support/region.mjs';

const call = (key, method, body) => JSON.parse(rccctl(key, 'call', method, JSON.stringify(body), '--json'));
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
const keys = readFileSync(`${RUN}/keys/README`, 'utf8').split('\n').map(line => line.split('\t'));
const ofProvider = id => keys.find(line => line[2] === id)[0].replace('.key', '');
const child = (age_years, sex) => ({ age_years, age_day: today, sex, needs: [{ kind: 'trauma', level: 'low' }] });

function submit(children, more = {}) {
	return call(keyOf('commissioner'), 'requests.submit', {
		urgency: 'emergency', needed_by_day: today, home_sector: 'M14 5', children, family_first: 'not_yet', ...more,
	}).request_id;
}

function offer(request, candidate, more = {}) {
	return call(ofProvider(candidate.provider_id), 'requests.offer', {
		request_id: request, vacancy_id: candidate.vacancy_id, fee_pence_week: 90000, earliest_start_day: today, ...more,
	}).id;
}

const shortlist = (request, more = {}) =>
	call(keyOf('commissioner'), 'requests.shortlist', { request_id: request, ...more }).candidates;
const shown = (page, text) => page.getByText(text).first().waitFor();

export default async story => {
	const page = await story.as('commissioner');
	const request = submit([child(8, 'male')]);
	let asked, chosen, placement;

	await story.step('a need that nobody was asked about says what comes next', async () => {
		await page.goto(`/needs/${request}`, { waitUntil: 'load' });
		await story.look(page, 'not-sent');
		await page.getByRole('button', { name: 'Choose which homes to ask' }).click();
		await page.waitForURL('**/shortlist');
		await story.look(page, 'shortlist', [1280, 390]);
	});

	await story.step('homes are asked, without a script too, and none chosen is said', async () => {
		const plain = await story.as('commissioner', { javaScriptEnabled: false, width: 390 });
		await plain.goto(`/needs/${request}/shortlist?all=yes`, { waitUntil: 'load' });
		await plain.getByRole('button', { name: 'Ask them' }).click();
		await shown(plain, 'Choose 1 to 200 vacancies');
		const list = shortlist(request);
		asked = [list.find(one => one.own_area), list.find(one => one.adjoining)];
		for (const one of asked) await plain.locator(`input[value="${one.vacancy_id}"]`).check();
		await plain.getByRole('button', { name: 'Ask them' }).click();
		await shown(plain, 'They have been asked.');
	});

	await story.step('why any other home is not on the list can be asked', async () => {
		await page.goto(`/needs/${request}/why`, { waitUntil: 'load' });
		const options = await page.locator('select option').count();
		expect(options > 100, `${options} providers to choose from`);
		await page.getByLabel('Provider').selectOption(asked[1].provider_id);
		await page.getByRole('button', { name: 'Show' }).click();
		await page.getByRole('link', { name: /, place \w{4}$/ }).first().click();
		await shown(page, /is (not )?on the list/);
		await story.look(page, 'why');
	});

	await story.step('offers show while one looks, and then side by side', async () => {
		await page.goto(`/needs/${request}`, { waitUntil: 'load' });
		await shown(page, 'No provider has made an offer yet');
		const offers = asked.map(one => offer(request, one));
		chosen = offers[1];
		await shown(page, '2 offers stand');
		await story.look(page, 'offers');
		await page.getByRole('button', { name: 'Compare offers' }).click();
		same(await page.locator('.rcc-offer').count(), 2, 'offers beside each other');
		await story.look(page, 'compare');
		await without('matching', async () => {
			await page.reload({ waitUntil: 'load' });
			await shown(page, 'cannot be shown for all');
		});
	});

	await story.step('the detail is opened on a page that says what it shows', async () => {
		await page.goto(`/needs/${request}`, { waitUntil: 'load' });
		await page.getByRole('link', { name: 'Show the detail' }).first().click();
		await shown(page, 'the sector of the school');
		await story.look(page, 'open');
		await page.getByRole('button', { name: 'Show the detail' }).click();
		await shown(page, 'They can read it now.');
	});

	await story.step('a choice without its reason is kept and sent again; twice is once', async () => {
		await page.goto(`/needs/${request}/decide?offer_id=${chosen}`, { waitUntil: 'load' });
		await page.getByRole('button', { name: 'Choose this offer' }).click();
		await shown(page, 'There is a problem');
		await story.look(page, 'decide');
		await page.getByLabel('Best meets the child').check();
		await page.getByRole('button', { name: 'Choose this offer' }).dblclick();
		await page.waitForURL('**?done=decided');
		await shown(page, 'has still to say yes');
		await story.look(page, 'held');
		const { journeys } = call(keyOf('commissioner'), 'requests.request', { request_id: request }).request;
		same(journeys.length, 1, 'placements');
		placement = journeys[0].placement_id;
		await page.goto(`/needs/${request}`, { waitUntil: 'load' });
	});

	await story.step('the officer approves on a phone, ground by ground', async () => {
		const phone = await story.as('nominated', { width: 390 });
		await phone.goto(`/needs/${request}`, { waitUntil: 'load' });
		await phone.getByRole('button', { name: 'Approve the placement' }).click();
		await phone.getByRole('button', { name: 'Approve this placement' }).click();
		await shown(phone, 'There is a problem');
		await story.look(phone, 'approve');
		for (const box of await phone.locator('input[type=checkbox]').all()) await box.check();
		await phone.getByRole('button', { name: 'Approve this placement' }).click();
		await shown(phone, 'Your approval is recorded.');
		await shown(page, 'Approved by');
	});

	await story.step('the yes shows at once; the start and the end are recorded by their days', async () => {
		call(ofProvider(asked[1].provider_id), 'requests.confirm_offer', { offer_id: chosen });
		await page.getByRole('button', { name: 'Record the start' }).click();
		await page.getByLabel('Day', { exact: true }).fill('32');
		await page.getByRole('button', { name: 'Record the start' }).click();
		await shown(page, 'Enter a day that exists');
		await story.look(page, 'start');
		await page.getByLabel('Day', { exact: true }).fill(String(Number(today.slice(8))));
		await page.getByRole('button', { name: 'Record the start' }).click();
		await shown(page, 'Placed with');
		await page.goto(`/needs/${request}/end?placement_id=${placement}`, { waitUntil: 'load' });
		await page.getByRole('button', { name: 'Record the end' }).click();
		await shown(page, 'There is a problem');
		await story.look(page, 'end');
		await page.getByLabel('Went home').check();
		await page.getByRole('button', { name: 'Record the end' }).click();
		await shown(page, 'Every placement of this need has ended.');
	});

	await story.step('brothers and sisters are chosen for in parts, and chosen for again when one place is lost', async () => {
		const parts = [{ child_refs: ['A'] }, { child_refs: ['B', 'C'] }];
		const group = submit([child(9, 'female'), child(7, 'male'), child(4, 'male')],
			{ are_siblings: true, permitted_splits: [{ parts }] });
		const first = shortlist(group, { child_refs: ['A'] })[0];
		const second = shortlist(group, { child_refs: ['B', 'C'] }).find(one => one.provider_id !== first.provider_id);
		call(keyOf('commissioner'), 'requests.circulate', { request_id: group, vacancy_ids: [first.vacancy_id, second.vacancy_id] });
		const one = offer(group, first, { child_refs: ['A'] });
		const other = offer(group, second, { child_refs: ['B', 'C'] });
		await page.goto(`/needs/${group}/offers`, { waitUntil: 'load' });
		await story.look(page, 'compare-parts');
		await page.goto(`/needs/${group}/decide?offer_id=${one}`, { waitUntil: 'load' });
		await page.getByLabel('Best meets the child').check();
		await page.getByRole('button', { name: 'Choose this offer' }).click();
		await shown(page, 'not for every child who still waits');
		await story.look(page, 'decide-parts');
		await page.locator(`input[value="${other}"]`).check();
		await page.getByLabel('No home can take all of them').check();
		await page.getByRole('button', { name: 'Choose this offer' }).click();
		await shown(page, 'has still to say yes');
		call(ofProvider(second.provider_id), 'requests.decline', { request_id: group, reason: 'carer_declined' });
		await shown(page, 'Choose again among the offers that stand');
		await story.look(page, 'broken');
		await page.goto(`/needs/${group}/withdraw`, { waitUntil: 'load' });
		await story.look(page, 'withdraw');
		await page.getByLabel('The child went home').check();
		await page.getByRole('button', { name: 'Withdraw the need' }).click();
		await shown(page, 'The need is withdrawn.');
	});

	await story.step('what belongs to another council is not there', async () => {
		const { requests } = call('bury-commissioner', 'requests.requests', {});
		for (const path of ['', '/shortlist', '/offers', '/why', '/withdraw']) {
			const answer = await page.request.get(`/needs/${requests[0].request_id}${path}`);
			same(answer.status(), 404, `another council's need${path}`);
			expect(!(await answer.text()).includes(requests[0].home_sector), `its sector of home on ${path}`);
		}
	});
};
