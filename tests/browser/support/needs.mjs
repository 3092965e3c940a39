// Needs of the commissioner's council, brought by rccctl as far as a story wants to find them.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { keyOf } from './people.mjs';
import { RUN, rccctl } from './region.mjs';

export const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
export const call = (key, method, body) => JSON.parse(rccctl(key, 'call', method, JSON.stringify(body), '--json'));

const mine = (method, body) => call(keyOf('commissioner'), method, body);

// The placement officer of a provider.
export function keyOfProvider(id) {
	return readFileSync(`${RUN}/keys/README`, 'utf8').split('\n').map(line => line.split('\t'))
		.find(line => line[2] === id)[0].replace('.key', '');
}

export function submit(more = {}) {
	return mine('requests.submit', {
		urgency: 'emergency', needed_by_day: today, home_sector: 'M14 5', family_first: 'not_yet',
		children: [{ age_years: 8, age_day: today, sex: 'male', needs: [{ kind: 'trauma', level: 'low' }] }], ...more,
	}).request_id;
}

export function candidates(request) {
	return mine('requests.shortlist', { request_id: request }).candidates;
}

// Offers by one of each of these providers' vacancies.
export function offers(request, which) {
	mine('requests.circulate', { request_id: request, vacancy_ids: which.map(one => one.vacancy_id) });
	return which.map(one => call(keyOfProvider(one.provider_id), 'requests.offer', {
		request_id: request, vacancy_id: one.vacancy_id, fee_pence_week: 90000, earliest_start_day: today,
	}).id);
}

export function decide(request, offer) {
	mine('requests.decide', { request_id: request, offer_id: offer, reason: 'best_meets_needs' });
}

// Asks again until it is so; what services owe each other takes its moment.
export async function until(what, is, most_ms = 20000) {
	for (const began = Date.now(); Date.now() - began < most_ms; await wait(100))
		if (is()) return;
	throw new Error(`${what} did not come within ${most_ms / 1000} s`);
}

export const stateOf = request => mine('requests.request', { request_id: request }).request.journeys?.[0]?.state;
