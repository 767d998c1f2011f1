// What the posting page can do with a script: copy, find a value, try without leaving the page. It keeps nothing, and
// asks nobody but this server. Without it the page is complete.

const COPIED_MS = 1_500;
/** Before the name of a parameter in the form, as the server writes it. */
const PREFIX = 'value.';

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) button.hidden = false;
for (const input of document.querySelectorAll<HTMLInputElement>('input.search')) input.hidden = false;

const live = document.getElementById('live');
if (live) live.hidden = false;

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-copy]') : null;
  if (button) void copy(button);
  const poster = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-live]') : null;
  if (poster) void postLead(poster);
});

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches('input.search')) showMatches(target);
});

document.getElementById('try-form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target instanceof HTMLFormElement) void tryValues(event.target);
});

async function copy(button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset['copy'] ?? '');
    button.textContent = 'Copied';
    say('Copied');
  } catch {
    // The clipboard is there on HTTPS alone: the text is selected instead.
    const code = button.parentElement?.querySelector('code');
    if (code) getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
    say('The text is selected. Copy it with the keyboard.');
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, COPIED_MS);
}

function showMatches(input: HTMLInputElement): void {
  const wanted = input.value.trim().toLowerCase();
  const values = [...(input.parentElement?.querySelectorAll<HTMLElement>('.values li') ?? [])];
  for (const value of values) value.hidden = !(value.textContent ?? '').toLowerCase().includes(wanted);
  const shown = values.filter(({ hidden }) => !hidden).length;
  say(shown === 1 ? '1 value' : `${shown} values`);
}

/** The server renders the same page as without a script; its result is put into this one. */
async function tryValues(form: HTMLFormElement): Promise<void> {
  const place = document.getElementById('try-result');
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
  if (!place || !button || button.disabled) return;
  button.disabled = true;
  try {
    const values = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const answer = await fetch(form.action, { method: 'POST', body: values, headers: { Accept: 'text/html' } });
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('try-result');
    if (!found) throw new Error(`status ${answer.status}`);
    place.replaceChildren(...found.childNodes);
    for (const copied of place.querySelectorAll<HTMLButtonElement>('button[data-copy]')) copied.hidden = false;
    place.querySelector<HTMLElement>('h3')?.focus();
  } catch {
    place.textContent = 'The server could not be asked. Try again in a moment.';
    say(place.textContent);
  } finally {
    button.disabled = false;
  }
}

/** A real lead, as a form; only where the owner allows it. */
async function postLead(button: HTMLButtonElement): Promise<void> {
  const place = document.getElementById('try-result');
  if (!place || !button.form || button.disabled) return;
  button.disabled = true;
  const sent = [...new FormData(button.form)].filter(([name, value]) => name.startsWith(PREFIX) && value !== '');
  const values = new URLSearchParams(sent.map(([name, value]) => [name.slice(PREFIX.length), String(value)]));
  try {
    const headers = { Accept: 'application/json' };
    const answer = await fetch(button.dataset['live'] ?? '', { method: 'POST', body: values, headers });
    showAnswer(place, { title: 'Answer to the real lead', text: `Status ${answer.status}\n${await answer.text()}` });
  } catch {
    showAnswer(place, { title: 'No answer', text: 'The server could not be asked. The lead may have been taken.' });
  } finally {
    button.disabled = false;
  }
}

function showAnswer(place: HTMLElement, { title, text }: { title: string; text: string }): void {
  const heading = document.createElement('h3');
  heading.tabIndex = -1;
  heading.textContent = title;
  const body = document.createElement('pre');
  body.textContent = text;
  place.replaceChildren(heading, body);
  heading.focus();
}

/** Has screen readers say it. */
function say(sentence: string): void {
  const status = document.getElementById('said');
  if (status) status.textContent = sentence;
}

export {};
