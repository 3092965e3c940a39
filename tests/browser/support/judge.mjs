// What every page that a story looks at must keep: what axe finds, nothing that moves sideways, no
// word on the console, nothing fetched from elsewhere, and the policy that allows no more.
import { mkdirSync } from 'node:fs';
import { AxeBuilder } from './packages.mjs';

export const WIDTHS = [1280, 390, 320];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const POLICY = {
	'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'", 'img-src': "'self' data:",
	'connect-src': "'self'", 'form-action': "'self'", 'base-uri': "'none'", 'frame-ancestors': "'none'",
};

function policyOf(header) {
	return Object.fromEntries((header ?? '').split(';').map(part => part.trim()).filter(Boolean)
		.map(part => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]));
}

// Listens to a page from its beginning; what it heard that must not be is in `heard`.
export function listen(page, base, heard) {
	page.on('console', message => {
		// A page that is itself an error is told so by the browser too.
		if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
			heard.push(`console at ${page.url()}: ${message.text()}`);
	});
	page.on('pageerror', error => heard.push(`script at ${page.url()}: ${error.message}`));
	page.on('request', request => {
		const url = new URL(request.url());
		if (url.protocol.startsWith('http') && url.origin !== base)
			heard.push(`asks elsewhere: ${request.url()}`);
	});
	page.on('response', response => {
		const status = response.status();
		if (response.request().resourceType() !== 'document') {
			if (status >= 400) heard.push(`${status} for ${response.url()}`);
			return;
		}
		const type = response.headers()['content-type'] ?? '';
		if (status >= 300 && status < 400 || !type.startsWith('text/html')) return;
		const policy = policyOf(response.headers()['content-security-policy']);
		for (const [name, value] of Object.entries(POLICY))
			if (policy[name] !== value) heard.push(`policy of ${response.url()}: ${name} ${policy[name]}`);
		if (Object.keys(policy).length !== Object.keys(POLICY).length)
			heard.push(`policy of ${response.url()} has more in it`);
	});
}

async function axe(page) {
	const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
	return found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3)
		.map(node => `${node.html.slice(0, 160)} [${node.failureSummary.split('\n').slice(1, 3).join(' ').trim()}]`).join('; ')}`);
}

// The page at each width: a picture, and what is wrong with it.
export async function look(page, folder, name, widths = WIDTHS) {
	const wrong = [], before = page.viewportSize();
	mkdirSync(folder, { recursive: true });
	for (const width of widths) {
		await page.setViewportSize({ width, height: width > 600 ? 900 : 800 });
		await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
		await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
		const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		if (over > 0) wrong.push(`moves sideways by ${over} px`);
		for (const one of await axe(page)) wrong.push(one);
		wrong.splice(0, wrong.length, ...wrong.map(one => one.startsWith('at ') ? one : `at ${width}: ${one}`));
	}
	const h1 = await page.locator('h1').count();
	if (h1 !== 1) wrong.push(`has ${h1} h1`);
	await page.setViewportSize(before);
	return wrong;
}
