// How the main pages do in Lighthouse, on its slow phone (a quarter of this machine's speed, 1.6 Mbit/s):
// the median of five of each page must reach LEAST. Signed in by the cookie of the browser it measures.
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, candidates, offers, submit } from './support/needs.mjs';
import { chromium } from './support/packages.mjs';
import { keyOf, link } from './support/people.mjs';
import { FLAGS } from './support/story.mjs';

const PORT = 9333;
const TIMES = 5;
const LEAST = { accessibility: 100, performance: 95 };

// A need with two offers and one no answer yet, and another that waits for the homes' answer: the pages
// of each persona.
function pages() {
	const need = submit(), asked = submit();
	offers(need, candidates(need).slice(0, 2));
	call(keyOf('commissioner'), 'requests.circulate', { request_id: need, vacancy_ids: [candidates(need)[2].vacancy_id] });
	const [home] = call(keyOf('homes'), 'residential.vacancies', {}).vacancies;
	call(keyOf('commissioner'), 'requests.circulate', { request_id: asked, vacancy_ids: [home.vacancy_id] });
	return {
		nobody: { start: '/', about: '/about', sign_in: '/sign-in' },
		commissioner: { needs: '/needs', new_need: '/needs/new', need: `/needs/${need}`, shortlist: `/needs/${need}/shortlist`,
			offers: `/needs/${need}/offers` },
		homes: { today: '/today', referral: `/referrals/${asked}`, vacancies: '/vacancies' },
		officer: { operations: '/operations', sufficiency: '/sufficiency' },
		administrator: { administration: '/administration' },
	};
}

const from = createRequire(resolve('build/npm/lighthouse/package.json'));
const { default: lighthouse } = await import(pathToFileURL(from.resolve('lighthouse')));

async function scores(url) {
	const options = { port: PORT, disableStorageReset: true, onlyCategories: Object.keys(LEAST), logLevel: 'silent' };
	const all = [];
	for (let i = 0; i < TIMES; i++) {
		const { lhr } = await lighthouse(url, options);
		if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
		if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
		all.push(lhr);
	}
	return Object.keys(LEAST).map(category => {
		const sorted = all.map(lhr => Math.round(100 * lhr.categories[category].score)).sort((a, b) => a - b);
		const failed = all[0].categories[category].auditRefs.filter(ref => ref.weight > 0 && all[0].audits[ref.id].score !== null &&
			all[0].audits[ref.id].score < 0.9).map(ref => ref.id);
		return { category, median: sorted[TIMES >> 1], sorted, failed };
	});
}

export default async story => {
	console.log(`  load of the machine ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`);
	for (const [persona, paths] of Object.entries(pages())) {
		const folder = mkdtempSync(`${tmpdir()}/rcc-lighthouse.`);
		const context = await chromium.launchPersistentContext(folder, {
			executablePath: process.env.CHROMIUM, args: [...FLAGS, `--remote-debugging-port=${PORT}`],
		});
		try {
			if (persona !== 'nobody') await story.signIn(context.pages()[0], link(persona));
			for (const [name, path] of Object.entries(paths))
				await story.step(`${name} as ${persona}`, async () => {
					for (const { category, median, sorted, failed } of await scores(process.env.BASE + path)) {
						console.log(`figure lighthouse_${category}_${name} ${median} of 100 (${sorted.join(' ')})`);
						if (median < LEAST[category]) story.heard.push(`${category} ${median}, below ${LEAST[category]}: ${failed.join(', ')}`);
					}
				}, 600000);
		} finally {
			await context.close();
			rmSync(folder, { recursive: true, force: true });
		}
	}
};
