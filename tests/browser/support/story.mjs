// A story: steps in one or several browsers, each of which must come true.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from './packages.mjs';
import { BASE, RUN } from './region.mjs';
import { link } from './people.mjs';
import { listen, look } from './judge.mjs';

const SHOTS = resolve('build/browser/shots');
const STEP_MS = 120000;
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];

let browser;

export async function open() {
	browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}
export const close = () => browser?.close();

export class Story {
	constructor(name) {
		this.name = name;
		this.folder = `${SHOTS}/${name}`;
		this.passed = this.failed = 0;
		this.contexts = [];
		this.heard = []; // what no page may say or do
		this.looked = 0;
	}

	// A browser of its own. Options as Playwright's newContext, and `width`.
	async browser({ width = 1280, ...options } = {}) {
		const context = await browser.newContext({
			baseURL: BASE, viewport: { width, height: width > 600 ? 900 : 800 }, locale: 'en-GB', timezoneId: 'Europe/London',
			...options,
		});
		context.setDefaultTimeout(15000);
		this.contexts.push(context);
		context.on('page', page => listen(page, BASE, this.heard));
		return context.newPage();
	}

	// The same, signed in as somebody of people.mjs.
	async as(persona, options) {
		const page = await this.browser(options);
		await this.signIn(page, link(persona));
		return page;
	}

	async signIn(page, address) {
		await page.goto(address, { waitUntil: 'load' });
		const button = page.getByRole('button', { name: 'Sign in' });
		if (await button.count() > 0) await button.click();
		await page.locator('.rcc-menu__out').waitFor({ state: 'attached' });
	}

	// Pictures of the page at three widths, and what is wrong with it.
	async look(page, name, widths) {
		this.looked++;
		for (const wrong of await look(page, this.folder, name, widths))
			this.heard.push(`${name} (${new URL(page.url()).pathname}) ${wrong}`);
	}

	picture(page, name) {
		mkdirSync(this.folder, { recursive: true });
		return page.screenshot({ path: `${this.folder}/${name}.png`, fullPage: true });
	}

	// One step; a step that fails ends the story, one that heard something wrong does not.
	async step(what, act, most_ms = STEP_MS) {
		const began = Date.now();
		let timer;
		const late = new Promise((_, no) => {
			timer = setTimeout(() => no(new Error(`took more than ${most_ms / 1000} s`)), most_ms);
		});
		try {
			await Promise.race([act(), late]);
		} catch (error) {
			this.failed++;
			console.log(`  FAIL  ${what}\n        ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n        ')}`);
			for (const [i, context] of this.contexts.entries())
				for (const page of context.pages())
					await this.picture(page, `failed-${this.failed}-${i}`).catch(() => {});
			throw new Ended();
		} finally {
			clearTimeout(timer);
		}
		const heard = this.heard.splice(0);
		if (heard.length > 0) {
			this.failed++;
			console.log(`  FAIL  ${what}\n        ${[...new Set(heard)].join('\n        ')}`);
		} else {
			this.passed++;
			console.log(`  ok    ${what} (${Date.now() - began} ms)`);
		}
	}

	async end() {
		for (const context of this.contexts) await context.close();
	}
}

export class Ended extends Error {}

export function expect(claim, what) {
	if (!claim) throw new Error(what);
}

export function same(found, expected, what) {
	if (found !== expected) throw new Error(`${what}: ${JSON.stringify(expected)} was expected, ${JSON.stringify(found)} found`);
}

// By keys alone: Tab until `target` has focus, which must be seen.
export async function tabTo(page, target, most = 80) {
	for (let i = 0; i < most; i++) {
		await page.keyboard.press('Tab');
		if (await target.evaluate(element => element === document.activeElement)) {
			const seen = await target.evaluate(element => {
				const style = getComputedStyle(element), box = element.getBoundingClientRect();
				const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
				return (style.outlineStyle !== 'none' || style.boxShadow !== 'none') &&
					(element.type === 'radio' || element.type === 'checkbox' || element.contains(over) || over?.contains(element));
			});
			expect(seen, 'what has focus is not seen');
			return;
		}
	}
	throw new Error(`Tab does not come to ${target}`);
}

export { BASE, RUN };
