// Three people and one child: a commissioner, a provider on a phone and an officer who watches, from
// the need to the start; once with scripts, where each sees what the others do, and once without.
// In the middle of it a service is killed, and another stands still.
import { call, candidates, keyOfProvider, today } from './support/needs.mjs';
import { keyOf } from './support/people.mjs';
import { kill, without } from './support/region.mjs';
import { expect, same } from './support/story.mjs';

const SEEN_MS = 5000; // by the others; the bench says how soon it is on an idle machine

const press = async (page, name) => {
	await page.getByRole('button', { name }).first().click();
	await page.waitForLoadState('load');
};
const request = id => call(keyOf('commissioner'), 'requests.request', { request_id: id }).request;

// What somebody else did shows: by itself where there are scripts, else when the page is asked for again.
async function shows(page, what, hasScripts) {
	const began = Date.now();
	if (hasScripts) await page.getByText(what).first().waitFor({ timeout: SEEN_MS });
	for (; !hasScripts && await page.getByText(what).count() === 0; await page.reload({ waitUntil: 'load' }))
		expect(Date.now() - began < SEEN_MS, `${what} does not show`);
	return Date.now() - began;
}

async function enter(page) {
	await page.goto('/needs', { waitUntil: 'load' });
	await press(page, 'New need');
	await page.getByLabel('Emergency').check();
	await page.getByLabel('Postcode sector of home').fill('M14 5');
	await page.getByLabel('Age in years').fill('9');
	await page.getByLabel('Girl').first().check();
	await press(page, 'Check and send');
	await page.getByRole('heading', { name: 'What a provider reads' }).waitFor();
}

async function tell(story, how, hasScripts) {
	const options = { javaScriptEnabled: hasScripts };
	const commissioner = await story.as('commissioner', options), officer = await story.as('officer', options);
	let phone, id, chosen;
	const waiting = () => officer.locator('.rcc-figure__number').first().innerText().then(Number);

	await story.step(`${how}: a need is entered, checked and sent, and the officer’s page counts it`, async () => {
		await officer.goto('/sufficiency', { waitUntil: 'load' });
		const before = await waiting();
		await enter(commissioner);
		await press(commissioner, /^Send to/);
		await commissioner.waitForURL(/\/needs\/[0-9a-z]{26}/);
		id = new URL(commissioner.url()).pathname.split('/')[2];
		for (const began = Date.now(); await waiting() !== before + 1; await (hasScripts ? officer.waitForTimeout(50) : officer.reload()))
			expect(Date.now() - began < SEEN_MS, `the officer’s page still says ${await waiting()} children wait`);
	});

	await story.step(`${how}: a provider offers a place on a phone, and the council sees it come`, async () => {
		const asked = new Set(request(id).bids.flatMap(one => one.vacancy_ids));
		chosen = candidates(id).find(one => one.own_area && asked.has(one.vacancy_id));
		phone = await story.as(keyOfProvider(chosen.provider_id), { width: 390, ...options });
		await phone.goto('/today', { waitUntil: 'load' });
		await phone.locator(`a[href="/referrals/${id}"]`).first().click();
		await press(phone, 'Yes, make an offer');
		await phone.getByRole('heading', { name: 'Offer a place' }).waitFor();
		await press(phone, 'Send offer');
		await phone.getByText('Your offer is sent').waitFor();
		console.log(`        the offer was seen ${await shows(commissioner, /1 offer stands/, hasScripts)} ms later`);
		await story.picture(commissioner, `${how.replace(' ', '-')}-offer`);
	});

	await story.step(`${how}: with matching still, what still works is said; with requests killed, nothing is lost and nothing twice`, async () => {
		await without('matching', async () => {
			await commissioner.goto(`/needs/${id}/shortlist`, { waitUntil: 'load' });
			await commissioner.getByText('cannot be made at the moment').waitFor();
		});
		await without('requests', async () => {
			await commissioner.goto('/needs', { waitUntil: 'load' });
			same(await commissioner.locator('.govuk-tag', { hasText: 'Not answering' }).count(), 1, 'parts that do not answer');
			expect(await commissioner.locator('.govuk-tag', { hasText: 'Works' }).count() >= 4, 'it does not say what still works');
			if (hasScripts) await story.look(commissioner, 'requests-down');
		});
		await commissioner.goto(`/needs/${id}/offers`, { waitUntil: 'load' });
		await press(commissioner, /^Choose/);
		await commissioner.getByLabel('Best meets').check();
		kill('requests');
		await press(commissioner, 'Choose this offer');
		for (const began = Date.now(); !new URL(commissioner.url()).search.includes('done=decided');) {
			expect(Date.now() - began < 60000, 'the decision does not get through');
			await story.picture(commissioner, `${how.replace(' ', '-')}-requests-killed`);
			if (await commissioner.getByRole('button', { name: 'Choose this offer' }).count() === 0) {
				await commissioner.goBack({ waitUntil: 'load' });
				await commissioner.getByLabel('Best meets').check();
			}
			await commissioner.waitForTimeout(500);
			await press(commissioner, 'Choose this offer');
		}
		same(request(id).journeys.length, 1, 'placements decided');
	});

	await story.step(`${how}: the provider’s yes, and the start`, async () => {
		await phone.goto(`/referrals/${id}`, { waitUntil: 'load' });
		await shows(phone, 'Yes, we have the place', hasScripts);
		await press(phone, 'Yes, we have the place');
		await phone.getByText('Your yes is recorded').waitFor();
		await shows(commissioner, 'Record the start', hasScripts);
		await press(commissioner, 'Record the start');
		await commissioner.getByLabel('Day', { exact: true }).fill(today.slice(8));
		await press(commissioner, 'Record the start');
		await shows(commissioner, 'Placed with', hasScripts);
		await shows(phone, /Placed at/, hasScripts);
		await story.picture(phone, `${how.replace(' ', '-')}-placed`);
	});

	for (const page of [commissioner, officer, phone]) await page.context().close();
}

export default async story => {
	await tell(story, 'with scripts', true);
	await tell(story, 'without', false);
};
