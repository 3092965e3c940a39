// Who signs in in the stories, each by a one-time link of their own.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BASE, RUN, rccctl } from './region.mjs';

// A placement officer of a provider of that kind: of those first listed the one with most homes.
function keyOfProvider(kind, method, row) {
	const column = field => rccctl('administrator', 'call', 'members.providers', '{}', '--field', field).trim().split('\n');
	const kinds = column('providers[].kind'), ids = column('providers[].provider_id');
	const keys = readFileSync(`${RUN}/keys/README`, 'utf8').split('\n').map(line => line.split('\t'));
	return ids.filter((_, i) => kinds[i] === kind).slice(0, 8)
		.map(id => keys.find(line => line[2] === id)[0].replace('.key', ''))
		.map(key => [key, rccctl(key, 'call', method, '{}', '--field', row).split('\n').length])
		.sort((a, b) => b[1] - a[1])[0][0];
}

// `role`: their bit in what rcc-gateway --routes prints (1 << members.Role).
export const PEOPLE = {
	commissioner: { key: () => 'manchester-commissioner', role: 1 },
	nominated: { key: () => 'manchester-nominated-officer', role: 2 },
	director: { key: () => 'manchester-director', role: 3 },
	agency: { key: () => keyOfProvider('fostering_agency', 'foster.households', 'households[].household_id'), role: 4 },
	homes: { key: () => keyOfProvider('childrens_homes', 'residential.homes', 'homes[].home_id'), role: 4 },
	officer: { key: () => 'cooperative-officer', role: 5 },
	administrator: { key: () => 'administrator', role: 6 },
};

const keys = {};
// Of one of those, or of anybody whose key is named.
export function keyOf(persona) {
	return keys[persona] ??= PEOPLE[persona]?.key() ?? persona;
}

export function idOf(key) {
	return rccctl(key, 'call', 'members.self', '{}', '--field', 'person.person_id').trim();
}

// Signs in as that persona, once.
export function link(persona) {
	return rccctl('administrator', 'account', 'link', idOf(keyOf(persona)), '--sign-in', '--address', BASE).match(/http:\S+/)[0];
}

// Opens an account, or sets a new password and app.
export function invitation(key) {
	return rccctl('administrator', 'account', 'link', idOf(key), '--address', BASE).match(/http:\S+/)[0];
}

// The code of an authenticator app with that secret (RFC 6238), `later` steps of 30 s from now.
export function code(secret, later = 0) {
	const bits = [...secret.replace(/[^A-Z2-7]/gi, '').toUpperCase()]
		.map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
	const hash = createHmac('sha1', key).update(counter).digest();
	return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
