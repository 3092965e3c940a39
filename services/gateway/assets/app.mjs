// The portal works without this. With it, what changes elsewhere shows here, a draft saves itself
// and a double click sends once.
const one = (query, from = document) => from.querySelector(query);
const all = (query, from = document) => [...from.querySelectorAll(query)];
const clock = () => new Date().toLocaleTimeString('en-GB',
	{ hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
const say = text => { if (text) one('#say').textContent = text; };

// ---- parts of the page that changed: never under the reader's hands ----

const busy = part => part.contains(document.activeElement) || one('details[open]', part);

const put = (part, html) => {
	part.innerHTML = html;
	wire(part);
};

const show = (part, html) => {
	const bar = one(`[data-later="${part.id}"]`);
	bar?.remove();
	if (!busy(part)) return put(part, html);
	const later = bar ?? document.createElement('p');
	later.dataset.later = part.id;
	later.className = 'rcc-later';
	later.innerHTML = `Updated ${clock()} <button type="button" class="rcc-link-button">Show</button>`;
	one('button', later).onclick = () => {
		later.remove();
		put(part, html);
		part.tabIndex = -1;
		part.focus();
	};
	part.before(later);
};

// ---- the stream of a page with live parts; closed while nobody looks ----

const follow = main => {
	const address = new URL(main.dataset.live, location);
	let stream;
	const open = () => {
		stream = new EventSource(address);
		stream.addEventListener('fragment', event => {
			const news = JSON.parse(event.data);
			const part = document.getElementById(news.id);
			address.searchParams.set('have', event.lastEventId);
			if (part) show(part, news.html);
			say(news.say);
		});
		stream.addEventListener('over', () => {
			stream.close();
			document.onvisibilitychange = null;
			if (!one('form :focus, [data-autosave]', main)) location.reload();
		});
	};
	document.onvisibilitychange = () => {
		stream.close();
		if (!document.hidden) open();
	};
	addEventListener('pagehide', () => stream.close());
	open();
};

// ---- forms ----

// Posts the form and takes from the page that comes back its hidden fields and all data-fresh.
const post = async (form, button) => {
	const body = new URLSearchParams(new FormData(form));
	body.set('button', button);
	const answer = await fetch(form.action, { method: 'POST', body });
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	const again = page.getElementById(form.id);
	if (!again || !answer.ok) throw new Error(one('.govuk-error-summary li', page)?.textContent ?? '');
	form.setAttribute('action', again.getAttribute('action') ?? '');
	for (const field of all('input[type=hidden]', again)) {
		const here = one(`input[type=hidden][name="${field.name}"]`, form);
		if (here) here.value = field.value;
		else form.append(document.importNode(field));
	}
	for (const part of all('[data-fresh]', page)) {
		const here = document.getElementById(part.id);
		if (here) show(here, part.innerHTML);
	}
	return answer;
};

// A draft saves itself, one save after the other; sending waits for the last.
const autosave = form => {
	let timer, going;
	const tell = text => {
		for (const at of all('[data-saved]')) at.textContent = text;
	};
	const save = async () => {
		await going;
		going = post(form, form.dataset.autosave).then(answer => {
			history.replaceState(null, '', answer.url);
			tell(`Saved ${clock()}`);
		}, why => tell(`Not saved. ${why.message}`));
	};
	form.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(save, 600);
	});
	form.addEventListener('submit', event => {
		clearTimeout(timer);
		if (!going) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		going.then(() => {
			going = null;
			// Not before this event is over: a form does not submit itself in its own submit.
			setTimeout(() => form.requestSubmit(event.submitter));
		});
	});
};

const sendOnce = form => form.addEventListener('submit', event => {
	if (form.dataset.sent) event.preventDefault();
	form.dataset.sent = 'yes';
});

const wire = part => {
	for (const form of all('form[data-autosave]', part)) autosave(form);
	for (const form of all('form[method=post]', part)) sendOnce(form);
};

// ---- the menu of a phone ----

const menu = link => {
	const list = one(link.hash);
	const set = isOpen => {
		list.classList.toggle('rcc-menu__list--open', isOpen);
		link.setAttribute('aria-expanded', isOpen);
	};
	link.setAttribute('role', 'button');
	link.setAttribute('aria-controls', list.id);
	set(false);
	const toggle = event => {
		event.preventDefault();
		set(link.getAttribute('aria-expanded') !== 'true');
	};
	link.onclick = toggle;
	link.onkeydown = event => { if (event.key === ' ') toggle(event); };
};

// A page that comes back from the browser's memory may send again.
addEventListener('pageshow', event => {
	if (event.persisted) for (const form of all('form')) delete form.dataset.sent;
});
wire(document);
all('[data-menu]').forEach(menu);
one('[data-focus]')?.focus();
const main = one('[data-live]');
if (main && !location.search.includes('live=0')) follow(main);
