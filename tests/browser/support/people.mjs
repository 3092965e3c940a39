// Who signs in in the stories, by a one-time link.
import { BASE, rccctl } from './region.mjs';

export const PEOPLE = ['commissioner', 'provider', 'officer', 'administrator'];

export function link(persona) {
	const said = rccctl('administrator', 'account', 'link', persona);
	const path = said.match(/\/link\/[0-9a-f]{64}/);
	if (!path) throw new Error(`no link in: ${said}`);
	return BASE + path[0];
}
