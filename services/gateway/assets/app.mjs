// The portal works without this. With it, what changes elsewhere shows here, a draft saves itself,
// a double click sends once, and nobody is signed out unawares.
const one = (query, from = document) => from.querySelector(query);
const all = (query, from = document) => [...from.querySelectorAll(query)];
const clock = () => new Date().toLocaleTimeString('en-GB', { timeStyle: 'short', timeZone: 'Europe/London' });

// ---- parts of the page that changed: never under the reader's hands ----

const put = (part, html) => {
	part.innerHTML = html;
	wire(part);
};

const show = (part, html) => {
	one(`[data-later="${part.id}"]`)?.remove();
	if (!part.contains(document.activeElement) && !one('details[open]', part)) return put(part, html);
	part.insertAdjacentHTML('beforebegin', `<p class="rcc-later" data-later="${part.id}">Updated ${clock()}
		<button type="button" class="rcc-link-button">Show</button></p>`);
	const later = part.previousElementSibling;
	one('button', later).onclick = () => {
		later.remove();
		put(part, html);
		part.tabIndex = -1;
		part.focus();
	};
};

const read = async answer => new DOMParser().parseFromString(await answer.text(), 'text/html');

// What is data-fresh on it.
const refresh = page => {
	for (const part of all('[data-fresh]', page)) {
		const here = one(`#${part.id}`);
		if (here) show(here, part.innerHTML);
	}
	tabs.postMessage(stay.innerHTML);
};

// ---- a session that nobody uses ends: said before; one act goes on with it ----

const stay = one('#stay');
const tabs = new BroadcastChannel('stay');
let warning;

if (stay) {
	tabs.postMessage(stay.innerHTML);
	tabs.onmessage = event => {
		put(stay, event.data);
		stay.close();
	};
	stay.onclose = async () => {
		const page = await read(await fetch('/about'));
		if (one('#stay', page)) return refresh(page);
		stay.onclose = null;
		stay.innerHTML = one('template', stay).innerHTML;
		stay.showModal();
	};
}

// Posts the form; its hidden fields are renewed.
const post = async form => {
	const body = new URLSearchParams(new FormData(form));
	body.set('button', form.dataset.autosave);
	const answer = await fetch(form.action, { method: 'POST', body });
	const page = await read(answer);
	const again = one(`#${form.id}`, page);
	if (again?.action === form.action) form.token.value = again.token.value;
	if (!again || !answer.ok) throw new Error(one('.govuk-error-summary li', page)?.textContent ?? '');
	form.action = again.action;
	for (const field of all('[type=hidden]', again)) {
		form.elements[field.name]?.remove();
		form.append(field);
	}
	refresh(page);
	history.replaceState(null, '', answer.url);
};

// A draft saves itself, one save after the other; sending waits for the last.
const autosave = form => {
	let timer, going;
	const save = async () => {
		await going;
		going = post(form).then(() => `Saved ${clock()}`, why => `Not saved. ${why.message}`)
			.then(text => all('[data-saved]').forEach(at => { at.textContent = text; }));
	};
	form.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(save, 600);
	});
	form.onsubmit = event => {
		clearTimeout(timer);
		if (!going) return;
		event.preventDefault();
		event.stopPropagation();
		going.then(() => {
			going = null;
			// A form does not submit itself in its own submit.
			setTimeout(() => form.requestSubmit(event.submitter));
		});
	};
};

// Sent once; and again on a page that comes back from memory.
addEventListener('submit', event => {
	const { method, dataset } = event.target;
	if (dataset.sent) event.preventDefault();
	if (method === 'post') dataset.sent = 1;
});
addEventListener('pageshow', () => all('form').forEach(form => delete form.dataset.sent));

const wire = part => {
	all('form[data-autosave]', part).forEach(autosave);
	all('[data-warn]', part).forEach(({ dataset }) => {
		clearTimeout(warning);
		warning = setTimeout(() => stay.showModal(), dataset.warn);
	});
};
wire(document);

// The menu of a phone.
all('[data-menu]').forEach(link => {
	link.role = 'button';
	link.ariaExpanded = false;
	link.onclick = event => {
		event.preventDefault();
		link.ariaExpanded = link.ariaExpanded !== 'true';
	};
	link.onkeydown = event => { if (event.key === ' ') link.onclick(event); };
});

one('[data-focus]')?.focus();

// The stream of a page with live parts, while somebody looks.
const main = one('[data-live]');
if (main) {
	const address = new URL(main.dataset.live, location);
	let stream, isEntered;
	const open = () => {
		stream = new EventSource(address);
		stream.addEventListener('fragment', event => {
			const news = JSON.parse(event.data);
			const part = one(`#${news.id}`);
			address.searchParams.set('have', event.lastEventId);
			if (part) show(part, news.html);
			if (news.say) one('#say').textContent = news.say;
		});
		stream.addEventListener('over', () => {
			stream.close();
			document.onvisibilitychange = null;
			if (!isEntered && !one('[data-autosave]', main)) location.reload();
		});
	};
	main.oninput = () => { isEntered = true; };
	document.onvisibilitychange = () => {
		stream.close();
		if (!document.hidden) open();
	};
	open();
}
