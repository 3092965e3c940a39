// What anybody sees who is not signed in: pages of words, errors, and the door.
import { expect, same, tabTo } from './support/story.mjs';

const PAGES = [
	['start', '/'],
	['about', '/about'],
	['accessibility', '/accessibility'],
	['privacy', '/privacy'],
	['sign-in', '/sign-in'],
	['api', '/api'],
	['missing', '/needs/of/nobody'],
];

export default async story => {
	const page = await story.browser();

	await story.step('every page of words is well made at three widths', async () => {
		for (const [name, path] of PAGES) {
			const answer = await page.goto(path, { waitUntil: 'load' });
			same(answer.status(), name === 'missing' ? 404 : 200, path);
			expect(await page.title() !== '', `${path} has no title`);
			expect(await page.getByText('Invented children only.').isVisible(), `${path} does not say that children are invented`);
			await story.look(page, name);
		}
	});

	await story.step('what is in the way of a bad address or form is said', async () => {
		same((await page.request.post('/about', { form: { a: 'b' } })).status(), 400, 'a form without a token');
		same((await page.request.get('/about%2e%2e')).status(), 404, 'an odd address');
		same((await page.request.put('/about')).status(), 405, 'PUT');
		same((await page.request.post('/sign-in', { form: { a: 'x'.repeat(70000) } })).status(), 413, 'too large a form');
		const problem = await page.request.get('/no/such/page', { headers: { Accept: 'application/problem+json, application/json' } });
		same(problem.status(), 404, 'for a program');
		expect(problem.headers()['content-type'].startsWith('application/problem+json'), 'a problem is no problem+json');
	});

	await story.step('who sends too much is told what to do', async () => {
		await page.goto('/sign-in', { waitUntil: 'load' });
		await page.locator('[name=login]').evaluate(box => { box.value = 'x'.repeat(70000); });
		await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.locator('main button[type=submit]').first().click()]);
		same(await page.locator('h1').innerText(), 'What was sent is too large', 'the page of a form that is too large');
		expect(await page.getByText('shorten what you entered, and send it again').isVisible(), 'it does not say what to do');
		await story.look(page, 'too-large');
		await page.goBack({ waitUntil: 'load' });
		same(new URL(page.url()).pathname, '/sign-in', 'where back leads');
	});

	await story.step('who is not signed in is sent to the door', async () => {
		await page.goto('/account', { waitUntil: 'load' });
		same(new URL(page.url()).pathname, '/sign-in', 'the page that /account leads to');
	});

	await story.step('files are kept by the browser for as long as they do not change', async () => {
		await page.goto('/about', { waitUntil: 'load' });
		const href = await page.locator('link[rel=stylesheet]').first().getAttribute('href');
		const file = await page.request.get(href, { headers: { 'Accept-Encoding': 'gzip' } });
		expect(file.headers()['cache-control'].includes('immutable'), 'a file with its tag is asked for again');
		same(file.headers()['content-encoding'], 'gzip', 'the encoding of the style sheet');
		const tag = file.headers().etag;
		same((await page.request.get(href.split('?')[0], { headers: { 'If-None-Match': tag } })).status(), 304, 'a file that is known');
		same((await page.request.get('/favicon.ico')).status(), 200, '/favicon.ico');
		same((await page.request.get('/assets/templates/layout.mustache')).status(), 404, 'a template');
	});

	await story.step('a key alone comes past the menu and through the page', async () => {
		await page.goto('/about', { waitUntil: 'load' });
		await page.keyboard.press('Tab');
		expect(await page.getByText('Skip to main content').evaluate(link => link === document.activeElement), 'the first key does not reach the skip link');
		await story.picture(page, 'skip-link');
		await tabTo(page, page.getByRole('link', { name: 'Accessibility statement' }));
		await page.keyboard.press('Enter');
		await page.waitForURL('**/accessibility');
	});

	await story.step('it reads well without scripts, in forced colours and with reduced motion', async () => {
		for (const [name, options] of [
			['no-script', { javaScriptEnabled: false, width: 390 }],
			['forced-colours', { forcedColors: 'active', width: 1280 }],
			['reduced-motion', { reducedMotion: 'reduce', width: 390 }],
		]) {
			const other = await story.browser(options);
			await other.goto('/about', { waitUntil: 'load' });
			expect(await other.getByRole('heading', { level: 1 }).isVisible(), `${name}: no heading`);
			await story.picture(other, name);
			await other.close();
		}
	});

	await story.step('it prints as a tagged PDF of A4 pages', async () => {
		await page.goto('/about', { waitUntil: 'load' });
		const pdf = (await page.pdf({ format: 'A4', tagged: true, path: `${story.folder}/about.pdf` })).toString('latin1');
		expect(pdf.includes('/StructTreeRoot'), 'the PDF has no tags');
		await page.emulateMedia({ media: 'print' });
		expect(await page.locator('.rcc-menu').evaluate(menu => getComputedStyle(menu).display === 'none'), 'the menu is printed');
		await page.emulateMedia({ media: null });
	});
};
