// A provider on a phone: what waits today, a need answered by ask, no and yes, the yes after the
// decision, what is open, and what came of it. With a script and without one, by thumb and by key.
import { keyOf } from './support/people.mjs';
import { rccctl } from './support/region.mjs';
import { expect, same } from './support/story.mjs';

const council = 'manchester-commissioner';
const day = days => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const ask = (key, method, body, field) => rccctl(key, 'call', method, JSON.stringify(body), '--field', field).trim().split('\n');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

// A need, shown to these vacancies alone: its id.
function need(vacancies, ...words) {
	const id = rccctl(council, 'request', 'submit', '--home', 'M14 5', '--legal', 'C2', '--family-first', 'considered nobody found',
		...words, '--field', 'request_id').trim();
	rccctl(council, 'request', 'circulate', id, ...vacancies, '--minutes', '120');
	return id;
}

const planned = ['--planned', '--needed-by', day(6), '--child', 'age=9,sex=female,needs=trauma:medium'];

// What is in the one element with that id.
const words = (page, id) => page.locator(`#${id}`).innerText();

// The name of the household that a vacancy is of.
function nameOf(agency, vacancy) {
	const [household] = ask(agency, 'foster.vacancies', {}, `vacancies[].vacancy_id`).map((id, i) => [id, i])
		.filter(([id]) => id === vacancy).map(([, i]) => ask(agency, 'foster.vacancies', {}, 'vacancies[].household_id')[i]);
	return ask(agency, 'foster.household', { household_id: household }, 'household.carer_name')[0];
}

// A stepper, one tap for no change, close and open: the same with a script and without.
async function vacancies(story, page, name, how) {
	const card = page.locator('section', { has: page.getByRole('heading', { name, exact: true }) });
	const number = () => card.locator('.rcc-stepper__number').innerText();
	const tap = async button => {
		await card.getByRole('button', { name: button }).click();
		await page.waitForURL(/said=/);
		expect(/Saved/.test(await card.innerText()), 'it says that it is saved, beside it');
	};

	await story.step(`${how}: one less, one more, no change`, async () => {
		await page.goto(`/vacancies?show=open&name=${encodeURIComponent(name)}`, { waitUntil: 'load' });
		same(await number(), '2', 'open at first');
		await tap(/one less/);
		same(await number(), '1', 'one less');
		await page.goto(`/vacancies?show=open&name=${encodeURIComponent(name)}`, { waitUntil: 'load' });
		await card.getByRole('button', { name: /one more/ }).dblclick().catch(() => {});
		await page.waitForURL(/said=/);
		same(await number(), '2', 'one more, pressed twice');
		expect(await card.getByRole('button', { name: /No more are free/ }).isDisabled(), 'no more than are free');
		await tap(/no change/);
		same(await number(), '2', 'the same');
	});
	await story.step(`${how}: closed, and there to be opened again`, async () => {
		await tap(/^Close/);
		expect(/Not open/.test(await card.innerText()), 'it is not open, and still where it was');
		await card.getByRole('button', { name: /Open one/ }).click();
		await page.waitForLoadState('load');
		await page.goto(`/vacancies?show=open&name=${encodeURIComponent(name)}`, { waitUntil: 'load' });
		same(await number(), '1', 'opened with one');
		await tap(/one more/);
	});
}

export default async story => {
	const agency = keyOf('agency');
	const open = ask(agency, 'foster.vacancies', {}, 'vacancies[].vacancy_id');
	const free = ask(agency, 'foster.vacancies', {}, 'vacancies[].places.free').map(Number);
	const two = open.find((_, i) => free[i] === 2);
	const one = open.find((_, i) => free[i] === 1); // is offered; the other's places are counted
	const shown = [one, two];
	const phone = await story.as('agency', { width: 390 });
	const made = [];
	let id;

	await story.step('today: a need comes in while it is open', async () => {
		await phone.goto('/today', { waitUntil: 'load' });
		const before = await phone.locator('.rcc-card').count();
		made.push(id = need(shown, '--emergency', '--needed-by', day(0), '--child', 'age=9,sex=female,needs=trauma:medium', '--miles-max', '20'));
		await phone.locator(`a[href="/referrals/${id}"]`).first().waitFor({ timeout: 5000 });
		same(await phone.locator('.rcc-card').count(), before + 1, 'cards');
		expect(/to answer/.test(await words(phone, 'say')), 'it is announced');
		await story.look(phone, 'today');
	});

	await story.step('the need in eight lines, why it came here, and no word of who else was asked', async () => {
		await phone.locator(`a[href="/referrals/${id}"]`).first().click();
		await phone.waitForLoadState('load');
		same((await phone.locator('h1').innerText()).replace(/\s+/g, ' ').trim(), 'Girl, 9 Emergency', 'who');
		same(await phone.locator('.rcc-need-lines div').count(), 8, 'lines');
		expect((await phone.locator('main').innerText()).includes('about'), 'about how far');
		expect(!/Level 2:|Level 3:/.test(await phone.locator('main').innerText()), 'level 1 and no more');
		await story.look(phone, 'need');
	});

	await story.step('ask for more; what the council opens shows at once', async () => {
		await press(phone, 'Ask for more detail');
		await phone.getByText('The council sees that you asked').waitFor();
		same(await phone.getByRole('button', { name: 'Ask for more' }).count(), 0, 'asking twice');
		const provider = ask(agency, 'members.self', {}, 'person.grants[].organisation_id')[0];
		rccctl(council, 'request', 'open', id, provider, '--level', 'L2');
		await phone.getByRole('heading', { name: 'Level 2: the detail' }).waitFor({ timeout: 5000 });
		await phone.reload({ waitUntil: 'load' });
		await story.look(phone, 'need-level-2');
	});

	await story.step('an offer, filled in from the household; what is wrong keeps what was entered', async () => {
		await phone.getByRole('button', { name: 'Yes, make an offer' }).click();
		await phone.waitForURL(/offer$/);
		expect(Number(await phone.getByLabel('Fee in pounds a week').inputValue()) > 0, 'a fee from the household');
		expect(await phone.locator('.rcc-fit__line').count() >= 5, 'what is asked, line by line');
		await story.look(phone, 'offer');
		await phone.getByLabel('Fee in pounds a week').fill('a lot');
		await press(phone, 'Send offer');
		await phone.locator('.govuk-error-summary').waitFor();
		same(await phone.getByLabel('Fee in pounds a week').inputValue(), 'a lot', 'what was entered');
		await story.look(phone, 'offer-refused');
		await phone.getByLabel('Fee in pounds a week').fill('530.50');
		await phone.getByRole('button', { name: 'Send offer', exact: true }).dblclick().catch(() => {});
		await phone.getByText('Your offer is sent').waitFor();
		expect((await words(phone, 'referral_state')).includes('£530.50 a week'), 'the offer as it was made');
		same(ask(agency, 'requests.request', { request_id: id }, 'referral.offers[].offer_id').length, 1, 'offers');
	});

	await story.step('chosen: it shows at once, and one tap says yes', async () => {
		const [offer] = ask(agency, 'requests.request', { request_id: id }, 'referral.offers[].offer_id');
		rccctl(council, 'request', 'decide', id, offer, '--reason', 'best meets needs', '--yes');
		await phone.locator('#referral_state').getByText('The place is held until').waitFor({ timeout: 5000 });
		await phone.goto('/today', { waitUntil: 'load' });
		await phone.getByText(/places? to say yes to/).first().waitFor();
		await phone.locator(`a[href="/referrals/${id}"]`).first().click();
		await phone.getByRole('button', { name: 'Yes, we have the place' }).waitFor();
		await story.look(phone, 'need-held');
		await press(phone, 'Yes, we have the place');
		await phone.getByText('Your yes is recorded').waitFor();
		await phone.locator('#referral_state').getByText(/^Agreed: /).waitFor({ timeout: 5000 });
	});

	await story.step('no: the reason is the tap, by key as by thumb', async () => {
		const other = need(shown, ...planned);
		made.push(other);
		await phone.goto(`/referrals/${other}`, { waitUntil: 'load' });
		await phone.getByRole('button', { name: 'No: Not enough staff' }).focus();
		await phone.keyboard.press('Enter');
		await phone.getByText('Your no is sent').waitFor();
		same(ask(agency, 'requests.request', { request_id: other }, 'referral.bid.declined')[0], 'staffing_gap', 'the reason');
		await phone.goBack();
		await phone.waitForLoadState('load');
		expect((await words(phone, 'referral_state')).includes('You said no'), 'going back shows what was said');
	});

	const name = nameOf(agency, two);
	await story.step('what is open, of all of them', async () => {
		await phone.goto('/vacancies?show=all', { waitUntil: 'load' });
		await story.look(phone, 'vacancies');
		await phone.goto('/vacancies?show=confirm', { waitUntil: 'load' });
		await story.look(phone, 'vacancies-none-to-confirm');
	});
	await vacancies(story, phone, name, 'a phone');
	const plain = await story.as('agency', { width: 320, javaScriptEnabled: false });
	await vacancies(story, plain, name, 'without a script');

	await story.step('our offers, and what came of them', async () => {
		await phone.goto('/offers', { waitUntil: 'load' });
		const text = await phone.locator('main').innerText();
		expect(text.includes('You said no') && text.includes('Not enough staff'), 'a no with its reason');
		expect(text.includes('£530.50 a week'), 'an offer with its fee');
		await story.look(phone, 'offers');
		await phone.goto('/offers?show=not', { waitUntil: 'load' });
		await story.look(phone, 'offers-none');
	});

	await story.step('a need that went to others is not there; nor is the board of a council', async () => {
		const [elsewhere] = ask('manchester-commissioner', 'foster.vacancies', { limit: 200 }, 'vacancies[].vacancy_id')
			.filter(vacancy => !open.includes(vacancy));
		const theirs = need([elsewhere], ...planned);
		made.push(theirs);
		for (const path of [`/referrals/${theirs}`, `/referrals/${theirs}/offer`, '/referrals/nobody', '/needs']) {
			const answer = await phone.goto(path, { waitUntil: 'load' });
			expect([403, 404].includes(answer.status()), `${path} is ${answer.status()}`);
			await phone.evaluate(() => 0);
		}
	});

	await story.step("a children's home: a stepper for each band of ages", async () => {
		const homes = await story.as('homes', { width: 390 });
		await homes.goto('/vacancies?show=all', { waitUntil: 'load' });
		expect(/Ages \d+ to \d+/.test(await homes.locator('main').innerText()), 'by age');
		await story.look(homes, 'vacancies-of-homes');
		await homes.goto('/today', { waitUntil: 'load' });
		await story.look(homes, 'today-of-homes');
	});

	await story.step('taken back by the council: the place is free again', async () => {
		for (const one of made) rccctl(council, 'request', 'withdraw', one, '--reason', 'entered in error', '--yes');
		await phone.goto(`/referrals/${id}`, { waitUntil: 'load' });
		expect((await words(phone, 'referral_state')).includes('withdrew'), 'it is said');
		same(await phone.getByRole('button', { name: 'Yes, make an offer' }).count(), 0, 'nothing to answer any more');
	});
};
