// The co-operative that runs for the stories, and what is done to it from outside the browser.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';

export const RUN = resolve(process.env.RUN);
const BIN = resolve(process.env.BIN);
export const BASE = process.env.BASE; // http://127.0.0.1:8080

export function rccctl(key, ...words) {
	return execFileSync(`${BIN}/rccctl`, ['--peers', `${RUN}/peers.conf`, '--key', `${RUN}/keys/${key}.key`, ...words],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// Every page there is.
export function routes() {
	return execFileSync(`${BIN}/rcc-gateway`, ['--routes'], { encoding: 'utf8' }).trim().split('\n')
		.map(line => line.split(' ')).map(([path, whom]) => ({ path, whom }));
}

// The process of a service, found by where it runs.
function pidOf(service) {
	const pid = readdirSync('/proc').filter(name => /^\d+$/.test(name)).find(name => {
		try {
			return readlinkSync(`/proc/${name}/cwd`) === RUN &&
				readlinkSync(`/proc/${name}/exe`).replace(' (deleted)', '').endsWith(`/rcc-${service}`) &&
				readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`config/${service}.conf`);
		} catch {
			return false;
		}
	});
	if (!pid) throw new Error(`no rcc-${service} runs in ${RUN}`);
	return Number(pid);
}

// Runs `meanwhile` while the service stands still; it goes on afterwards whatever happened.
export async function without(service, meanwhile) {
	const pid = pidOf(service);
	process.kill(pid, 'SIGSTOP');
	try {
		return await meanwhile();
	} finally {
		process.kill(pid, 'SIGCONT');
	}
}

export function kill(service) { // deploy/keep starts it again
	process.kill(pidOf(service), 'SIGKILL');
}
