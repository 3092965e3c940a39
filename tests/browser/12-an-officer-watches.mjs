// The co-operative officer: live operations and the sufficiency overview, which move while a council
// works; filters, sorting and print without a script; and what a council sees of the same page.
import { readFileSync } from 'node:fs';
import { rccctl } from './support/region.mjs';
import { BASE, expect, same } from './support/story.mjs';

const MANCHESTER = 'E08000003', BURY = 'E08000002';
const COUNCIL = 'manchester-commissioner';

const number = async (page, i) =>
	(await page.locator('#sufficiency_figures .rcc-figure__number').nth(i).innerText()).trim();
const open = async (page, path) => page.goto(path, { waitUntil: 'load' });
// Of the table by council, without the line of all.
const column = async (page, i) =>
	(await page.locator('#sufficiency_tables table').first().locator(`tbody tr > :nth-child(${i})`).allInnerTexts()).slice(0, -1);

// A need of Manchester's, for today: its id.
function enter() {
	return rccctl(COUNCIL, 'request', 'submit', '--emergency', '--needed-by', 'today', '--home', 'M14 5',
		'--child', 'sex=female,age=8', '--field', 'request_id').trim();
}
const referenceOf = id => `RC-${id.slice(-4).toUpperCase()}`;

export default async story => {
	const officer = await story.as('officer');
	let entered;

	await story.step('live operations: what is open, the most urgent first', async () => {
		await open(officer, '/operations');
		same(await officer.locator('h1').innerText(), 'Live operations', 'the heading');
		await story.look(officer, 'operations');
		await officer.getByRole('link', { name: 'today, no offer' }).click();
		await officer.getByRole('link', { name: 'Show all open needs' }).waitFor();
		const tags = await officer.locator('.rcc-line').allInnerTexts();
		expect(tags.length > 0 && tags.every(text => text.includes('Today, no offer')), 'others are shown too');
		await open(officer, '/operations');
		await officer.getByRole('button', { name: /^Open the most urgent/ }).click();
		await officer.getByRole('heading', { name: 'What providers read' }).waitFor();
		await story.look(officer, 'operation');
		same((await officer.goto('/operations/01jd5w3f7g0000000000000000')).status(), 404, 'a need that there is not');
	});

	await story.step('a need that is entered appears in both windows by itself', async () => {
		const watcher = await officer.context().newPage();
		await open(officer, '/sufficiency');
		await open(watcher, '/operations');
		const before = Number((await number(officer, 0)).replace(',', ''));
		await officer.waitForTimeout(1000); // both streams are open
		const began = Date.now();
		entered = enter();
		await watcher.locator('#operations_needs').getByText(referenceOf(entered)).waitFor();
		const seen = Date.now() - began;
		await officer.waitForFunction(n => document.querySelector('#sufficiency_figures .rcc-figure__number')
			.textContent.replace(',', '') === String(n), before + 1);
		console.log(`        seen after ${seen} and ${Date.now() - began} ms, rccctl's own time with them`);
		const said = await officer.locator('#say').innerText();
		expect(said.includes(`${(before + 1).toLocaleString('en-GB')} children waiting`), `it says "${said}"`);
		rccctl(COUNCIL, 'request', 'withdraw', entered, '--reason', 'no longer needed', '--yes');
		await watcher.locator('#operations_needs').getByText(referenceOf(entered)).waitFor({ state: 'detached' });
		await watcher.close();
	});

	await story.step('the overview: filters, map, tables', async () => {
		await open(officer, '/sufficiency?live=0');
		await story.look(officer, 'sufficiency');
		await officer.getByLabel('Council', { exact: true }).selectOption({ label: 'Manchester' });
		await officer.getByLabel('Type of care', { exact: true }).selectOption({ label: 'Foster care' });
		await officer.getByLabel('Map shows', { exact: true }).selectOption({ label: 'Children waiting for a home' });
		await officer.getByRole('button', { name: 'Apply filters' }).click();
		await officer.getByText('Manchester, foster care.').waitFor();
		same(await officer.getByLabel('Type of care', { exact: true }).inputValue(), 'foster', 'the filter is kept');
		await officer.getByRole('heading', { name: 'Children waiting for a home' }).waitFor();
		await story.look(officer, 'sufficiency-manchester', [1280]);
		await officer.getByRole('link', { name: 'Free', exact: true }).click();
		await officer.getByText(', ascending').waitFor({ state: 'attached' });
		const free = (await column(officer, 7)).map(text => Number(text.replace(',', '')));
		expect(free.length > 5 && free.every((n, i) => i === 0 || n >= free[i - 1]), `not sorted: ${free}`);
		await open(officer, '/sufficiency/definitions');
		await story.look(officer, 'definitions', [1280, 320]);
	});

	await story.step('the same without a script', async () => {
		const context = await officer.context().browser().newContext({ javaScriptEnabled: false, baseURL: BASE,
			storageState: await officer.context().storageState() });
		const plain = await context.newPage();
		await open(plain, '/sufficiency');
		await plain.getByLabel('Age', { exact: true }).selectOption({ label: '10 to 15' });
		await plain.getByRole('button', { name: 'Apply filters' }).click();
		await plain.getByText('All councils, aged 10 to 15.').waitFor();
		await plain.getByRole('link', { name: 'Filled', exact: true }).click();
		expect(new URL(plain.url()).searchParams.get('age_band') === '10_to_15', 'sorting forgets the filter');
		await open(plain, '/operations');
		await plain.getByRole('heading', { name: 'Unconfirmed vacancies' }).waitFor();
		await context.close();
	});

	await story.step('as a file, for publication, and on paper', async () => {
		await open(officer, '/sufficiency?live=0');
		const [file] = await Promise.all([officer.waitForEvent('download'),
			officer.getByRole('link', { name: 'Download these figures (CSV)' }).click()]);
		expect(/^sufficiency_\d{4}-\d\d-\d\d_all_v\d+\.csv$/.test(file.suggestedFilename()), file.suggestedFilename());
		const rows = readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n');
		expect(rows[0].startsWith('\ufeffas_at,'), 'no heading');
		expect(rows.some(row => row.includes(`,council,${MANCHESTER},Manchester,`)), 'no line of Manchester');
		await officer.getByRole('link', { name: 'version for publication' }).click();
		await officer.getByText('small counts are hidden whoever reads it').waitFor();
		await story.look(officer, 'sufficiency-published', [1280]);
		const pdf = (await officer.pdf({ format: 'A4', tagged: true, preferCSSPageSize: true })).toString('latin1');
		expect(pdf.includes('/MarkInfo') && pdf.includes('/StructTreeRoot'), 'the PDF has no tags');
		expect((pdf.match(/\/Type\s*\/Page\b/g) ?? []).length > 1, 'no pages');
	});

	await story.step('a council sees its own figures exactly, and others as they may leave them', async () => {
		const council = await story.as('commissioner');
		await open(council, '/sufficiency?live=0');
		await council.getByText('Manchester.', { exact: true }).waitFor();
		await story.look(council, 'sufficiency-council');
		const options = await council.getByLabel('Council', { exact: true }).locator('option').allInnerTexts();
		same(options.join(), 'All councils,Manchester', 'whom they may ask about');
		const hidden = await council.locator('#sufficiency_tables tr', { hasText: '[c]' }).allInnerTexts();
		expect(hidden.length > 0 && hidden.every(row => !row.startsWith('Manchester')), 'what is hidden');
		const refused = await council.goto(`/sufficiency?council_id=${BURY}`);
		same(refused.status(), 404, 'another council');
		expect((await council.locator('main').innerText()).includes('another council'), 'no sentence');
		same((await council.goto('/operations')).status(), 403, 'live operations are not theirs');
	});
};
