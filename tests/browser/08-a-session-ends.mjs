// Nobody is signed out unawares: what is said before a session ends for want of use, and how one act
// goes on with it; in several tabs; where it is over all the same; and in words, without a script.
import { submit } from './support/needs.mjs';
import { expect, same } from './support/story.mjs';

const MINUTE = 60000;
const until = page => page.locator('footer').getByText('signed in until').innerText();

export default async story => {
	const page = await story.as('commissioner'), need = submit();
	const warning = page.getByRole('dialog', { name: /^You will be signed out (today|tomorrow) \d\d:\d\d$/ });
	const reason = page.getByRole('radio').first();
	await page.context().clock.install();

	await story.step('two minutes before: it is said, has focus, and one key goes on', async () => {
		await page.goto(`/needs/${need}/withdraw`, { waitUntil: 'load' });
		await reason.check();
		await page.clock.fastForward(22 * MINUTE); // members notes a use at most every five minutes
		same(await warning.count(), 0, 'warnings long before');
		await page.clock.fastForward(6 * MINUTE);
		await warning.waitFor();
		await story.look(page, 'warned');
		const button = warning.getByRole('button', { name: 'Stay signed in' });
		expect(await button.evaluate(element => element === document.activeElement), 'the button has no focus');
		const [asked] = await Promise.all([page.waitForResponse('**/about'), page.keyboard.press('Space')]);
		same(asked.status(), 200, 'of the page that uses the session');
		await warning.waitFor({ state: 'hidden' });
		expect(await reason.isChecked(), 'what was entered is lost');
		expect(await reason.evaluate(element => element === document.activeElement), 'focus is lost');
	});

	await story.step('it is said again next time; Escape is an act as well', async () => {
		await page.clock.fastForward(28 * MINUTE);
		await warning.waitFor();
		await Promise.all([page.waitForResponse('**/about'), page.keyboard.press('Escape')]);
		await warning.waitFor({ state: 'hidden' });
	});

	await story.step('what is done in one tab counts for all', async () => {
		await page.clock.fastForward(21 * MINUTE);
		const tab = await page.context().newPage();
		await tab.goto('/about', { waitUntil: 'load' });
		await page.clock.fastForward(21 * MINUTE);
		same(await warning.count(), 0, 'warnings, 21 minutes after the other tab');
		await page.clock.fastForward(7 * MINUTE);
		await warning.waitFor();
		const there = tab.getByRole('dialog');
		await there.waitFor();
		await there.getByRole('button', { name: 'Stay signed in' }).click();
		await warning.waitFor({ state: 'hidden' });
		await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
		await tab.getByText('You are signed out.').waitFor();
		await tab.close();
	});

	await story.step('over all the same: it is said, and what was entered is kept', async () => {
		await page.clock.fastForward(28 * MINUTE);
		await warning.waitFor();
		await page.keyboard.press('Enter');
		const over = page.getByRole('dialog', { name: 'You are signed out' });
		await over.waitFor();
		await story.look(page, 'over');
		await over.getByRole('button', { name: 'Go on' }).click();
		await over.waitFor({ state: 'hidden' });
		expect(await reason.isChecked(), 'what was entered is lost');
		await page.locator('main form button').first().click();
		await page.getByText('What you entered is kept').waitFor();
	});

	await story.step('without a script every page says until when, and what becomes of what is entered', async () => {
		const plain = await story.as('commissioner', { javaScriptEnabled: false, width: 320 });
		await plain.goto(`/needs/${need}/withdraw`, { waitUntil: 'load' });
		expect(/until at least (today|tomorrow) \d\d:\d\d, and longer with every page/.test(await until(plain)), await until(plain));
		expect(/is kept, and shown to you again/.test(await until(plain)), await until(plain));
		same(await plain.getByRole('dialog').count(), 0, 'dialogs');
	});
};
