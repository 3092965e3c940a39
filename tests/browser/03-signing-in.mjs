// A director opens an account by a link, signs in with a password and an app, and out again.
import { expect, same, tabTo } from './support/story.mjs';
import { code, idOf, invitation } from './support/people.mjs';
import { rccctl } from './support/region.mjs';

const KEY = 'bolton-director';
const LOGIN = 'director@bolton.example';
const PASSWORD = 'four plain words together';

const fill = async (page, fields) => {
	for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value);
};
const isSignedIn = page => page.locator('.rcc-menu__out button').count();

export default async story => {
	const page = await story.browser({ width: 390 });
	let secret, recovery;

	await story.step('a link opens an account, with a password and an app', async () => {
		const link = invitation(KEY);
		await page.goto(link, { waitUntil: 'load' });
		await story.look(page, 'invitation');
		secret = await page.locator('.rcc-secret').innerText();
		await fill(page, { login: LOGIN, password: 'short', password_again: 'other', code: '000000' });
		await page.locator('main button').click();
		await page.locator('.govuk-error-summary').waitFor();
		expect(await page.locator('.govuk-error-summary').evaluate(box => box === document.activeElement), 'the summary of errors does not have focus');
		same(await page.locator('[name="login"]').inputValue(), LOGIN, 'what was entered');
		await story.look(page, 'invitation-errors');
		same(await page.locator('.govuk-error-message').count(), 2, 'errors beside their fields');
		await page.getByRole('link', { name: 'Your password must' }).click();
		expect(await page.locator('[name="password"]').evaluate(field => field === document.activeElement), 'a link of the summary does not lead to its field');
		secret = await page.locator('.rcc-secret').innerText();
		await fill(page, { password: PASSWORD, password_again: PASSWORD, code: code(secret) });
		await page.locator('main button').click();
		await page.locator('.rcc-codes').waitFor();
		recovery = await page.locator('.rcc-codes code').allInnerTexts();
		same(recovery.length, 10, 'recovery codes');
		await story.look(page, 'recovery-codes');
		await page.getByRole('link', { name: 'go on' }).click();
		await page.goto(link, { waitUntil: 'load' });
		expect(!await page.locator('[name="password"]').count(), 'the link opens an account twice');
	});

	await story.step('signing out ends it, and the back button shows nothing', async () => {
		await page.goto('/account', { waitUntil: 'load' });
		await story.look(page, 'account');
		const menu = page.getByRole('button', { name: 'Menu' });
		same(await menu.getAttribute('aria-expanded'), 'false', 'the menu is open');
		await menu.press(' ');
		same(await menu.getAttribute('aria-expanded'), 'true', 'the menu is open');
		await story.look(page, 'menu');
		await page.getByRole('button', { name: 'Sign out', exact: true }).click();
		await page.waitForURL(url => url.pathname !== '/account');
		same(await isSignedIn(page), 0, 'buttons to sign out');
		await page.goBack({ waitUntil: 'load' });
		same(await isSignedIn(page), 0, 'buttons to sign out, after going back');
	});

	await story.step('every wrong way in is refused in the same words', async () => {
		const said = new Set();
		for (const fields of [
			{ login: LOGIN, password: `${PASSWORD}!`, code: code(secret, 1) },
			{ login: LOGIN, password: PASSWORD, code: '000000' },
			{ login: 'nobody@bolton.example', password: PASSWORD, code: code(secret, 1) },
		]) {
			await page.goto('/sign-in', { waitUntil: 'load' });
			await fill(page, fields);
			await page.locator('main button').click();
			await page.locator('.govuk-error-summary').waitFor();
			said.add(await page.locator('.govuk-error-summary').innerText());
			same(await page.locator('[name="password"]').inputValue(), '', 'a password that is shown again');
		}
		same(said.size, 1, `ways of saying no (${[...said].join(' | ')})`);
		await story.look(page, 'sign-in-refused');
	});

	await story.step('password and code let in, by keys alone', async () => {
		await page.goto('/sign-in', { waitUntil: 'load' });
		for (const [name, value] of Object.entries({ login: LOGIN, password: PASSWORD, code: code(secret, 1) })) {
			await tabTo(page, page.locator(`[name="${name}"]`));
			await page.keyboard.type(value);
		}
		await page.keyboard.press('Enter');
		await page.waitForURL(url => url.pathname !== '/sign-in');
		same(await isSignedIn(page), 1, 'buttons to sign out');
	});

	await story.step('without scripts, a recovery code lets in once', async () => {
		const plain = await story.browser({ javaScriptEnabled: false, width: 320 });
		for (const isFirst of [true, false]) {
			await plain.goto('/sign-in', { waitUntil: 'load' });
			await plain.locator('summary').click();
			await fill(plain, { login: LOGIN, password: PASSWORD, recovery: recovery[0] });
			await plain.locator('main button').click();
			await plain.waitForLoadState('load');
			same(await isSignedIn(plain), isFirst ? 1 : 0, 'buttons to sign out');
			if (!isFirst) break;
			await plain.getByRole('link', { name: 'Menu' }).click();
			await plain.getByRole('button', { name: 'Sign out' }).click();
			await plain.waitForLoadState('load');
		}
		await plain.context().close();
	});

	await story.step('an account that is closed is out at once, and in again when it is opened', async () => {
		await page.goto('/account', { waitUntil: 'load' }); // a page that is kept fresh would leave by itself meanwhile
		rccctl('administrator', 'account', 'close', idOf(KEY));
		try {
			await page.goto('/account', { waitUntil: 'load' });
			same(new URL(page.url()).pathname, '/sign-in', 'where a closed account stands');
			await story.look(page, 'closed');
		} finally {
			rccctl('administrator', 'account', 'reopen', idOf(KEY));
		}
	});
};
