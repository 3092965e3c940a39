// What becomes of a session: whom it acts for, what is entered when it is over in another tab, a link
// that signs in, an account that is closed, too many tries.
import { code } from './support/people.mjs';
import { BASE, rccctl } from './support/region.mjs';
import { expect, same } from './support/story.mjs';

const PASSWORD = 'otter lamp gravel';
const MANCHESTER = 'E08000003', SALFORD = 'E08000006';
const unique = Date.now().toString(36);
const login = name => `${name}.${unique}@council.example`;
const id = () => rccctl('administrator', 'id', 'new').trim();

// Somebody new, a commissioner of these councils: their id.
function person(name, ...councils) {
	return JSON.parse(rccctl('administrator', 'call', 'members.register_person', JSON.stringify({
		name, public_key: [...crypto.getRandomValues(new Uint8Array(32))].map(byte => byte.toString(16).padStart(2, '0')).join(''),
		grants: councils.map(organisation_id => ({ role: 'commissioner', organisation_id, from_day: '2026-01-05' })),
	}), '--id', id(), '--json')).id;
}

function link(of, ...how) {
	return new URL(rccctl('administrator', 'account', 'link', of, ...how, '--address', BASE).trim()).pathname;
}

async function enter(page, fields) {
	for (const [label, value] of Object.entries(fields))
		await page.getByLabel(label, { exact: true }).fill(value);
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = page => page.getByRole('heading', { level: 1 }).innerText();

// Opens the account that this invitation is for: its recovery codes.
async function open(page, path, name) {
	await page.goto(path, { waitUntil: 'load' });
	await enter(page, { 'Email address at work': login(name), Password: PASSWORD, 'The same password again': PASSWORD,
		'Code that the app shows now': code(await page.locator('.rcc-secret').innerText()) });
	await press(page, 'Open the account');
	await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
	return page.locator('.rcc-codes code').allInnerTexts();
}

async function signIn(page, name, fields) {
	await enter(page, { 'Email address at work': login(name), Password: PASSWORD, ...fields });
	await press(page, 'Sign in');
}

async function signInByRecovery(page, name, code) {
	await page.getByText('I do not have my app with me').click();
	await signIn(page, name, { 'Recovery code': code });
}

export default async story => {
	const page = await story.browser();
	const ann = person('Ann Alderley', MANCHESTER, SALFORD);
	let codes;

	await story.step('whose account it is, and for whom they act', async () => {
		codes = await open(page, link(ann), 'ann');
		await page.goto('/account', { waitUntil: 'load' });
		await story.look(page, 'account');
		for (const [name, path] of [['password', '/account/password'], ['app', '/account/app'], ['recovery', '/account/recovery'],
			['organisation', '/account/organisation']]) {
			await page.goto(path, { waitUntil: 'load' });
			await story.look(page, `account-${name}`);
		}
		await page.getByLabel('Salford').check();
		await press(page, 'Continue');
		await page.waitForURL(url => url.pathname !== '/account/organisation');
		await page.goto('/account', { waitUntil: 'load' });
		expect(await page.locator('.rcc-menu__who').getByText('Salford').isVisible(), 'not acting for Salford');
	});

	await story.step('signed out in another tab: what was entered is kept, and shown again unsent', async () => {
		await page.goto('/account/organisation', { waitUntil: 'load' });
		await page.getByLabel('Salford').check();
		const tab = await page.context().newPage();
		await tab.goto('/account', { waitUntil: 'load' });
		await press(tab, 'Sign out');
		await tab.getByText('You are signed out.').waitFor();
		await tab.close();
		await press(page, 'Continue');
		await page.getByText('What you entered is kept').waitFor();
		await story.look(page, 'kept');
		await signInByRecovery(page, 'ann', codes[0]);
		await page.getByRole('heading', { name: 'You are signed in again' }).waitFor();
		await story.look(page, 'signed-in-again');
		await press(page, 'Show what I entered');
		await page.getByRole('heading', { name: 'Acting for' }).waitFor();
		expect(await page.getByLabel('Salford').isChecked(), 'what was entered is lost');
		expect(!await page.locator('.rcc-menu__who').getByText('Salford').isVisible(), 'it was sent');
		await press(page, 'Continue');
		await page.waitForURL(url => url.pathname !== '/account/organisation');
		expect(await page.locator('.rcc-menu__who').getByText('Salford').isVisible(), 'it was not sent');
	});

	await story.step('without scripts: a link signs in, once, and says whom', async () => {
		const bare = await story.browser({ javaScriptEnabled: false, width: 320 });
		const path = link(ann, '--sign-in');
		await bare.goto(path, { waitUntil: 'load' });
		same(await heading(bare), 'Sign in as Ann Alderley', 'the heading');
		await bare.getByRole('button', { name: 'Sign in as Ann Alderley' }).click();
		await bare.waitForURL(url => !url.pathname.startsWith('/link/'));
		await bare.goto('/account', { waitUntil: 'load' });
		expect(await bare.getByText(login('ann')).isVisible(), 'not signed in');
		const again = await story.browser();
		same((await again.goto(path, { waitUntil: 'load' })).status(), 404, 'a link that was used');
		expect(await again.getByText('no longer works').isVisible(), 'it is not said');
		await story.look(again, 'link-used');
		await again.close();
		await bare.goto('/sign-out', { waitUntil: 'load' });
		await bare.locator('main').getByRole('button', { name: 'Sign out' }).click();
		await bare.goto('/sign-in', { waitUntil: 'load' });
		await signInByRecovery(bare, 'ann', codes[1].toUpperCase().replaceAll('-', ' '));
		await bare.waitForURL(url => url.pathname !== '/sign-in');
		await bare.close();
	});

	await story.step('the session is a cookie that no script can read, and nothing else holds it', async () => {
		const cookies = await page.context().cookies();
		const session = cookies.find(cookie => cookie.name === 'session');
		expect(session.httpOnly && session.sameSite === 'Strict' && session.expires === -1, `the cookie: ${JSON.stringify(session)}`);
		same(await page.evaluate(() => document.cookie), '', 'cookies for scripts');
		same(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'what the browser keeps beside them');
		expect(!(await page.content()).includes(session.value), 'the session stands on a page');
	});

	await story.step('an account that is closed is out at once, and stays out', async () => {
		rccctl('administrator', 'account', 'close', ann, '--id', id());
		await page.goto('/account', { waitUntil: 'load' });
		same(new URL(page.url()).pathname, '/sign-in', 'where a closed account is led');
		expect(await page.getByText('You are not signed in any more').isVisible(), 'it is not told why');
		await story.look(page, 'over');
		await signInByRecovery(page, 'ann', codes[2]);
		expect(await page.locator('.govuk-error-summary').isVisible(), 'a closed account signs in');
	});

	await story.step('who tries too often is told how long to wait', async () => {
		const other = await story.browser();
		await other.goto('/sign-in', { waitUntil: 'load' });
		for (let i = 0; i < 12 && !await other.getByText('tried too often').first().isVisible(); i++)
			await signIn(other, 'mallory', { Password: `guess ${i}`, 'Code from your app': '123456' });
		expect(await other.getByText('tried too often').first().isVisible(), 'no end of tries');
		await story.look(other, 'too-often');
	});
};
