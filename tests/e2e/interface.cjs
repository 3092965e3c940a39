// Calls every operation of the programming interface, as its own OpenAPI document has it:
// with a request that should be done, with one made of every field its schema has, and with
// ones that its schema forbids. Each answer is judged by the schema the document gives for it.
//
//   node interface.cjs <http://.../api/v1> <key of a council> <of a fostering provider>
//        <of a provider of homes> <of the co-operative>
'use strict';
const Ajv = require('ajv/dist/2020');
const formats = require('ajv-formats');

const [root, council, team, homes, officer] = process.argv.slice(2);
const today = new Date().toISOString().slice(0, 10);
const MANCHESTER = 'E08000003';
const known = {}; // ids heard so far, by the name of the field they belong in
let faults = 0, calls = 0;

function wrong(what) {
	faults += 1;
	console.log(`WRONG ${what}`);
}

function keyFor(operation) {
	const service = operation.tags[0];
	const roles = operation['x-roles'];
	if (roles.includes('placement_officer') && !roles.includes('commissioner'))
		return service === 'residential' ? homes : team;
	return roles.includes('commissioner') ? council : officer;
}

async function call(path, body, key) {
	calls += 1;
	const answer = await fetch(root + path, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	const text = await answer.text();
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		wrong(`${path}: no JSON: ${text.slice(0, 200)}`);
	}
	return { status: answer.status, type: answer.headers.get('content-type'), value };
}

// ---- requests made from a schema ----

let named = 0;
const freshId = () => '01jd5w3f7g' + String(named++).padStart(16, '0');

// Every field it has, each with a value its schema allows.
function made(schema, name, document) {
	if (schema.$ref)
		return made(document.components.schemas[schema.$ref.split('/').pop()], name, document);
	if (schema.enum)
		return schema.enum[0];
	if (schema.type === 'object')
		return Object.fromEntries(Object.entries(schema.properties ?? {})
			.map(([field, value]) => [field, made(value, field, document)]));
	if (schema.type === 'array')
		return [made(schema.items, name.replace(/s$/, ''), document)];
	if (schema.type === 'boolean')
		return true;
	if (schema.type === 'integer')
		return Math.max(schema.minimum ?? 1, 1);
	if (schema.format === 'date')
		return today;
	if (schema.format === 'date-time')
		return new Date().toISOString();
	if (schema.examples)
		return schema.examples[0];
	return schema.pattern ? known[name] ?? freshId() : 'en';
}

// What the schema forbids, each with the field that an answer must name.
function* forbidden(schema, whole) {
	yield [{ ...whole, nothing_of_that_name: 1 }, 'nothing_of_that_name'];
	for (const field of Object.keys(schema.properties ?? {})) {
		const value = whole[field];
		const other = typeof value === 'object' ? 'text' : { of: 'another type' };
		yield [{ ...whole, [field]: other }, field];
		if (schema.properties[field].pattern)
			yield [{ ...whole, [field]: 'no such thing' }, field];
		if (schema.properties[field].maxLength)
			yield [{ ...whole, [field]: 'x'.repeat(schema.properties[field].maxLength + 1) }, field];
		if (schema.properties[field].minimum === 0)
			yield [{ ...whole, [field]: -1 }, field];
	}
}

// Every id in an answer, under the name of its field.
function learn(value) {
	const waiting = [value];
	while (waiting.length > 0) {
		const one = waiting.pop();
		if (one === null || typeof one !== 'object')
			continue;
		for (const [field, inner] of Object.entries(one)) {
			if (typeof inner === 'string' && field.endsWith('_id') && field !== 'next_id')
				known[field] ??= inner;
			waiting.push(inner);
		}
	}
}

// ---- a day's work: in this order each is to be done ----

const child = { age_years: 9, age_day: today, sex: 'female', needs: [{ kind: 'trauma', level: 'medium' }] };
const need = () => ({ urgency: 'emergency', needed_by_day: today, home_sector: 'M14 5',
	legal_status: 'v2', care_plan_aim: 'return_home', family_first: 'not_yet', children: [child] });
const household = () => ({ carer_name: 'Wren Ottery', council_id: MANCHESTER, home_sector: 'M14 4',
	bedrooms: 3, siblings_may_share: true, takes_emergencies: true, fee_pence_week: 81000,
	languages: ['en'], skills: [{ kind: 'trauma', level: 'high' }],
	approval: { kind: 'mainstream', children_max: 3, age_min_years: 0, age_max_years: 17,
		takes_girls: true, takes_boys: true, approved_day: '2024-02-01' } });
const home = () => ({ home_name: 'Larch House', urn: 'SC200001', care_type: 'childrens_home',
	statement_version: 1, statement_day: '2026-01-05', council_id: MANCHESTER, home_sector: 'M14 5',
	registered_places: 4, staffed_beds: 4, age_min_years: 8, age_max_years: 17, takes_girls: true,
	takes_boys: true, takes_emergencies: true, grade: 'good', grade_day: '2026-02-10',
	languages: ['en'], fee_pence_week: 560000, contract: 'framework',
	capabilities: [{ need: { kind: 'trauma', level: 'high' }, evidence: 'inspection_report',
		evidence_day: '2026-02-10' }] });
const mine = {}; // what this day made, by its own names

const day = [
	['members.self', () => ({})], ['members.councils', () => ({})],
	['members.providers', () => ({})], ['matching.policy', () => ({})],
	['observatory.definitions', () => ({})], ['observatory.operations', () => ({ limit: 10 })],
	['observatory.sufficiency', () => ({})],

	['foster.register_household', () => ({ household: household() }), 'household'],
	['foster.amend_household', () => ({ household: { ...household(), bedrooms: 3,
		household_id: mine.household } })],
	['foster.record_occupant', () => ({ occupant: { household_id: mine.household,
		kind: 'placed_outside', age_years: 12, age_day: today, sex: 'male', from_day: today } }), 'fostered'],
	['foster.end_occupant', () => ({ occupant_id: mine.fostered, end_day: today })],
	['foster.withhold_places', () => ({ household_id: mine.household, places: 1,
		reason: 'carer_break', from_day: today }), 'withheld'],
	['foster.restore_places', () => ({ withheld_id: mine.withheld })],
	['foster.open_vacancy', () => ({ household_id: mine.household }), 'vacancy', 'vacancy_id'],
	['foster.set_open_places', () => ({ vacancy_id: mine.vacancy, open_places: 1 })],
	['foster.confirm_vacancy', () => ({ vacancy_id: mine.vacancy })],
	['foster.vacancies', () => ({ limit: 5 })],
	['foster.household', () => ({ household_id: mine.household })],
	['foster.households', () => ({ with_standing: true })],

	['residential.register_home', () => ({ home: home() }), 'home'],
	['residential.amend_home', () => ({ home: { ...home(), home_id: mine.home, staffed_beds: 3 } })],
	['residential.record_occupant', () => ({ occupant: { home_id: mine.home, kind: 'placed_outside',
		age_years: 12, age_day: today, sex: 'male', from_day: today } }), 'resident'],
	['residential.end_occupant', () => ({ occupant_id: mine.resident, end_day: today })],
	['residential.close_beds', () => ({ home_id: mine.home, beds: 1, reason: 'repairs',
		from_day: today }), 'closed'],
	['residential.reopen_beds', () => ({ closed_id: mine.closed })],
	['residential.reserve_bed', () => ({ home_id: mine.home, bed_number: 1,
		council_ids: [MANCHESTER], from_day: today, until_day: '2099-01-01' }), 'reservation'],
	['residential.free_bed', () => ({ reservation_id: mine.reservation })],
	['residential.open_vacancy', () => ({ home_id: mine.home, age_band: '10_to_15' }),
		'beds', 'vacancy_id'],
	['residential.set_open_places', () => ({ vacancy_id: mine.beds, open_places: 1 })],
	['residential.confirm_vacancy', () => ({ vacancy_id: mine.beds })],
	['residential.vacancies', () => ({})],
	['residential.home', () => ({ home_id: mine.home })],
	['residential.homes', () => ({ with_standing: true })],

	['requests.keep_draft', () => ({ draft: { children: [child] } }), 'draft'],
	['requests.draft', () => ({ draft_id: mine.draft })], ['requests.drafts', () => ({})],
	['requests.drop_draft', () => ({ draft_id: mine.draft })],
	['requests.submit', need, 'request', 'request_id'],
	['requests.shortlist', () => ({ request_id: mine.request })],
	['requests.why', () => ({ request_id: mine.request, vacancy_id: mine.vacancy })],
	['requests.circulate', () => ({ request_id: mine.request, vacancy_ids: [mine.vacancy],
		answer_minutes: 60 })],
	['requests.show_interest', () => ({ request_id: mine.request })],
	['requests.open', () => ({ request_id: mine.request, provider_id: mine.provider, level: 'l2' })],
	['requests.offer', () => ({ request_id: mine.request, vacancy_id: mine.vacancy,
		fee_pence_week: 81000, earliest_start_day: today }), 'offer'],
	['requests.decide', () => ({ request_id: mine.request, offer_id: mine.offer,
		reason: 'best_meets_needs' })],
	['requests.confirm_offer', () => ({ offer_id: mine.offer })],
	['requests.start', () => ({ request_id: mine.request, start_day: today })],
	['requests.request', () => ({ request_id: mine.request })],
	['requests.requests', () => ({ include_closed: true })],
	['requests.timeline', () => ({ request_id: mine.request })],
	['requests.end', () => ({ request_id: mine.request, end_day: today, reason: 'returned_home' })],
	['requests.submit', need, 'second', 'request_id'],
	['requests.circulate', () => ({ request_id: mine.second, vacancy_ids: [mine.vacancy],
		answer_minutes: 60 })],
	['requests.decline', () => ({ request_id: mine.second, reason: 'carer_declined' })],
	['requests.withdraw', () => ({ request_id: mine.second, reason: 'returned_home' })],
	['foster.close_vacancy', () => ({ vacancy_id: mine.vacancy })],
	['residential.close_vacancy', () => ({ vacancy_id: mine.beds })],
];

// Another service may not have heard yet of what was done a moment ago: a step whose time has
// not come is tried again for up to ten seconds.
async function work(operations, judge) {
	for (const [name, body, keep, field = 'id'] of day) {
		const { path, operation } = operations.get(name);
		let answer;
		for (let i = 0; i < 100; i++) {
			answer = await call(path, body(), keyFor(operation));
			if (answer.status === 200)
				break;
			await new Promise((done) => setTimeout(done, 100));
		}
		judge(name, answer);
		if (answer.status !== 200)
			wrong(`${name} is not done: ${JSON.stringify(answer.value)}`);
		learn(answer.value);
		if (name === 'members.self')
			mine.asked = answer.value;
		if (keep)
			mine[keep] = answer.value?.[field];
		if (name === 'foster.open_vacancy')
			mine.provider = answer.value?.provider_id;
		operations.get(name).done += 1;
	}
}

async function main() {
	const document = await (await fetch(`${root}/openapi.json`)).json();
	const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
	formats(ajv);
	ajv.addFormat('int64', true);
	ajv.addFormat('uint64', true);
	ajv.addSchema({ $id: 'api', ...document });

	const operations = new Map();
	for (const [path, { post }] of Object.entries(document.paths))
		operations.set(post.operationId, { path, operation: post, done: 0 });
	const resolve = (thing) => (thing.$ref
		? thing.$ref.slice(2).split('/').reduce((at, part) => at[part], document) : thing);
	const judges = new Map();

	function judge(name, answer) {
		const { operation } = operations.get(name);
		const response = operation.responses[answer.status];
		if (response === undefined)
			return wrong(`${name} answers ${answer.status}, which the document does not have`);
		const [[type, { schema }]] = Object.entries(resolve(response).content);
		if (answer.type !== type)
			wrong(`${name} answers ${answer.status} as ${answer.type}`);
		const at = schema.$ref ? `api${schema.$ref}` : null;
		if (!judges.has(at))
			judges.set(at, at ? ajv.compile({ $ref: at }) : ajv.compile(schema));
		if (!judges.get(at)(answer.value))
			wrong(`${name} ${answer.status}: ${ajv.errorsText(judges.get(at).errors)} in ` +
				JSON.stringify(answer.value).slice(0, 400));
		return undefined;
	}

	await work(operations, judge);
	for (const [name, { path, operation, done }] of operations) {
		if (done === 0)
			wrong(`${name} is in the document, and no part of the day`);
		const input = resolve(resolve(operation.requestBody).content['application/json'].schema);
		const whole = made(input, '', document);
		if (!ajv.validate({ $ref: `api#/components/schemas/${
			operation.requestBody.content['application/json'].schema.$ref.split('/').pop()}` }, whole))
			wrong(`${name}: what was made is not allowed: ${ajv.errorsText()}`);
		// What the schema allows is never malformed; a rule may still say no.
		const answer = await call(path, whole, keyFor(operation));
		judge(name, answer);
		if (![200, 422].includes(answer.status))
			wrong(`${name} ${answer.status}: ${JSON.stringify(answer.value)} to ${JSON.stringify(whole)}`);
		for (const [body, field] of forbidden(input, whole)) {
			const no = await call(path, body, keyFor(operation));
			judge(name, no);
			if (no.status !== 400 || !no.value?.field?.startsWith(field))
				wrong(`${name} with a bad ${field}: ${JSON.stringify(no.value)}`);
		}
		// Nobody else's role may.
		for (const [role, key] of [['commissioner', council], ['placement_officer', team],
			['cooperative_officer', officer]]) {
			if (operation['x-roles'].includes(role))
				continue;
			const no = await call(path, whole, key);
			judge(name, no);
			if (no.status !== 403)
				wrong(`${name} by a ${role}: ${no.status}`);
		}
	}
	console.log(`${operations.size} operations, ${calls} calls, ${faults} wrong`);
	process.exitCode = faults === 0 ? 0 : 1;
}

main().catch((fault) => {
	console.log(fault);
	process.exitCode = 1;
});
