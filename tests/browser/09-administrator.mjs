// An administrator brings a council, a provider and a person in, sends an invitation, gives and
// ends a role, closes an account, issues a key and revokes it, and looks how the services are.
import { expect, same } from './support/story.mjs';
import { rccctl } from './support/region.mjs';

const NOW = Date.now().toString(36);
const NAME = `Wren Ottery ${NOW}`;

const labelled = (page, text) => page.getByLabel(text, { exact: false }).first();
const go = (page, path) => page.goto(path, { waitUntil: 'load' });
const press = async (page, text) => {
	await Promise.all([page.waitForLoadState('load'), page.locator('main').getByRole('button', { name: text, exact: true }).click()]);
};
const done = page => page.locator('.govuk-notification-banner--success').innerText();

export default async story => {
	const page = await story.as('administrator');
	let person;

	await story.step('the start says where everything is', async () => {
		await go(page, '/');
		same(new URL(page.url()).pathname, '/administration', 'where an administrator begins');
		await story.look(page, 'start');
	});

	await story.step('a council is registered, and becomes a member', async () => {
		const code = `E0${7000000 + Date.now() % 999999}`;
		await go(page, '/administration/councils/new');
		await story.look(page, 'council-new');
		await press(page, 'Register');
		await story.look(page, 'council-errors');
		await labelled(page, 'GSS code').fill(code);
		await page.locator('[name="council.name"]').fill(`Otterby ${NOW}`);
		await press(page, 'Register');
		expect((await done(page)).includes('recorded'), 'nothing says that it is recorded');
		await story.look(page, 'councils');
		await page.getByRole('link', { name: `Otterby ${NOW}` }).click();
		for (const [part, value] of [['day', '1'], ['month', '4'], ['year', '2026']])
			await page.locator(`[name="council.memberships.0.from_day-${part}"]`).fill(value);
		await story.look(page, 'council');
		await press(page, 'Save');
		expect((await page.locator('tr', { hasText: `Otterby ${NOW}` }).innerText()).includes('Member since 1 April 2026'), 'no membership');
	});

	await story.step('a provider is registered, found again and amended', async () => {
		await go(page, '/administration/providers/new');
		await page.locator('[name="provider.name"]').fill(`Otter Care ${NOW}`);
		await story.look(page, 'provider-new');
		await press(page, 'Register');
		expect(await page.locator('.govuk-error-summary').count() === 1, 'a provider without a kind');
		same(await page.locator('[name="provider.name"]').inputValue(), `Otter Care ${NOW}`, 'what was entered');
		await page.getByLabel('Independent fostering agency').check();
		await page.getByLabel('Private').check();
		await page.locator('[name="provider.urn"]').fill(`SC${100000 + Date.now() % 899999}`);
		await press(page, 'Register');
		await labelled(page, 'Name, owner or Ofsted number').fill(NOW);
		await press(page, 'Search');
		same(await page.locator('tbody tr').count(), 1, 'providers found');
		await story.look(page, 'providers');
		await page.getByRole('link', { name: `Otter Care ${NOW}` }).click();
		await page.locator('[name="provider.owner_name"]').fill('Otter Holdings (invented)');
		await press(page, 'Save');
		expect((await page.locator('tr', { hasText: `Otter Care ${NOW}` }).innerText()).includes('Otter Holdings'), 'no owner');
	});

	await story.step('a person is added, with a role', async () => {
		await go(page, '/administration/people/new');
		await story.look(page, 'person-new');
		await page.locator('[name="name"]').fill(NAME);
		await page.getByLabel('Commissioner').check();
		await page.locator('select').selectOption({ label: 'Manchester' });
		await press(page, 'Add this person');
		expect((await done(page)).includes('Invite them'), 'nothing says what comes next');
		person = new URL(page.url()).pathname;
		await story.look(page, 'person');
		await go(page, `/administration/people?words=${NOW}`);
		same(await page.locator('tbody tr').count(), 1, 'people found');
		await go(page, '/administration/people');
		await story.look(page, 'people');
	});

	await story.step('an invitation is shown once, and opens a page for that person alone', async () => {
		await go(page, `${person}/invite`);
		await story.look(page, 'invite');
		await press(page, 'Make the link');
		const address = await page.locator('code').innerText();
		await story.look(page, 'invite-link');
		await go(page, person);
		expect((await page.locator('main').innerText()).includes('Invited until'), 'not invited');
		expect(!(await page.content()).includes(address.split('/').pop()), 'the link is shown again');
		const other = await story.browser();
		await go(other, address);
		expect((await other.locator('main').innerText()).includes(NAME), 'another page than theirs');
	});

	await story.step('a role is given, and ended', async () => {
		await go(page, `${person}/role`);
		await page.getByLabel('Nominated officer').check();
		await page.locator('select').selectOption({ label: 'Manchester' });
		await story.look(page, 'role');
		await press(page, 'Give this role');
		same(await page.locator('tbody tr').count(), 2, 'roles');
		await page.locator('tr', { hasText: 'Nominated officer' }).getByRole('link').click();
		await story.look(page, 'end-role');
		await press(page, 'End this role');
		expect((await page.locator('tr', { hasText: 'Nominated officer' }).innerText()).includes('Over'), 'the role goes on');
	});

	await story.step('an account is closed and opened again', async () => {
		await page.getByRole('link', { name: 'Close the account' }).click();
		await story.look(page, 'close');
		await press(page, 'Close the account');
		expect((await page.locator('main').innerText()).includes('Closed'), 'not closed');
		await page.getByRole('link', { name: 'Reopen the account' }).click();
		await press(page, 'Reopen the account');
		expect(!(await page.locator('dl').innerText()).includes('Closed'), 'closed still');
	});

	await story.step('nobody shuts the last administrator out', async () => {
		const ada = rccctl('administrator', 'call', 'members.self', '{}', '--field', 'person.person_id').trim();
		await go(page, `/administration/people/${ada}/close`);
		await press(page, 'Close the account');
		expect((await page.locator('.govuk-error-summary').innerText()).includes('nobody to administer'), 'no sentence');
		await story.look(page, 'last-administrator');
	});

	await story.step('a key is issued, shown once, and revoked', async () => {
		await go(page, '/administration/keys/new');
		await story.look(page, 'key-new');
		await page.locator('[name="label"]').fill(`Case system ${NOW}`);
		await page.getByLabel('Commissioner, of a council').check();
		await page.locator('select').selectOption({ label: 'Manchester' });
		await press(page, 'Issue the key');
		expect(/^rcck_[0-9a-f]{64}$/.test(await page.locator('code').innerText()), 'no key');
		await story.look(page, 'key');
		await go(page, '/administration/keys');
		await story.look(page, 'keys');
		await page.locator('tr', { hasText: `Case system ${NOW}` }).getByRole('link', { name: 'Revoke' }).click();
		await story.look(page, 'revoke');
		await press(page, 'Revoke the key');
		expect((await page.locator('tr', { hasText: `Case system ${NOW}` }).innerText()).includes('Revoked'), 'not revoked');
	});

	await story.step('the services are well', async () => {
		await go(page, '/administration/health');
		same(await page.locator('tbody tr').count(), 6, 'services');
		await story.look(page, 'health');
	});
};
