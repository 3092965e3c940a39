// Tells the stories named, one after another: node tests/browser/support/tell.mjs tests/browser/01-x.mjs ...
// The last line is "N passed, N failed".
import { basename, resolve } from 'node:path';
import { Ended, Story, close, open } from './story.mjs';

let passed = 0, failed = 0;
await open();
for (const file of process.argv.slice(2)) {
	const story = new Story(basename(file, '.mjs')), began = Date.now();
	console.log(story.name);
	try {
		await (await import(resolve(file))).default(story);
	} catch (error) {
		if (!(error instanceof Ended)) {
			story.failed++;
			console.log(`  FAIL  ${error.stack}`);
		}
	}
	await story.end();
	passed += story.passed;
	failed += story.failed + (story.passed + story.failed === 0 ? 1 : 0);
	console.log(`  ${story.looked} pages looked at, ${Math.round((Date.now() - began) / 1000)} s`);
}
await close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
