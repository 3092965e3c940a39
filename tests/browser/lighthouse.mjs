// How the main pages do in Lighthouse, on its slow phone: the median of five.
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from './support/packages.mjs';
import { link } from './support/people.mjs';
import { FLAGS } from './support/story.mjs';

const PORT = 9333;
const TIMES = 5;
const LEAST = { accessibility: 100, performance: 95 };
const PAGES = {
	nobody: ['/', '/about'],
	commissioner: ['/needs', '/needs/new', '/sufficiency'],
	homes: ['/today', '/vacancies'],
	officer: ['/operations', '/sufficiency'],
};

const from = createRequire(resolve('build/npm/lighthouse/package.json'));
const { default: lighthouse } = await import(pathToFileURL(from.resolve('lighthouse')));

async function scores(url) {
	const options = { port: PORT, disableStorageReset: true, onlyCategories: Object.keys(LEAST), logLevel: 'silent' };
	const all = [];
	for (let i = 0; i < TIMES; i++) {
		const { lhr } = await lighthouse(url, options);
		if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
		all.push(lhr);
	}
	return Object.keys(LEAST).map(name => {
		const sorted = all.map(lhr => Math.round(100 * lhr.categories[name].score)).sort((a, b) => a - b);
		const failed = all[0].categories[name].auditRefs.filter(ref => ref.weight > 0 && all[0].audits[ref.id].score !== null &&
			all[0].audits[ref.id].score < 0.9).map(ref => ref.id);
		return { name, median: sorted[TIMES >> 1], sorted, failed };
	});
}

export default async story => {
	for (const [persona, paths] of Object.entries(PAGES)) {
		const folder = mkdtempSync(`${tmpdir()}/rcc-lighthouse.`);
		const context = await chromium.launchPersistentContext(folder, {
			executablePath: process.env.CHROMIUM, args: [...FLAGS, `--remote-debugging-port=${PORT}`],
		});
		try {
			if (persona !== 'nobody') await story.signIn(context.pages()[0], link(persona));
			for (const path of paths)
				await story.step(`${path} as ${persona}`, async () => {
					for (const { name, median, sorted, failed } of await scores(process.env.BASE + path)) {
						console.log(`figure lighthouse_${name}_${persona}${path.replaceAll('/', '_')} ${median} of 100 (${sorted.join(' ')})`);
						if (median < LEAST[name]) story.heard.push(`${name} ${median}, below ${LEAST[name]}: ${failed.join(', ')}`);
					}
				}, 600000);
		} finally {
			await context.close();
			rmSync(folder, { recursive: true, force: true });
		}
	}
};
