const KEPT = 500; // lines of the log
const NEAR = 80; // pixels from the end that still count as being at the end
const HUES = 8;

const log = document.querySelector('#log');
const pending = new Map(); // by key: our own lines that have not come back yet
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Shows what we have just written, before the server has it. */
export function showPending({ key, name, text, at }) {
  const line = lineOf({ client: 'own', name, text, at, own: true });
  line.classList.add('pending');
  pending.set(key, line);
  add(line);
  log.scrollTop = log.scrollHeight;
}

/**
 * Our own line has come back: it stands where the channel has it.
 * @param {string} key
 * @returns {boolean} whether it was pending
 */
export function confirm(key) {
  const line = pending.get(key);
  if (!line) return false;
  pending.delete(key);
  line.classList.remove('pending', 'failed');
  line.querySelector('.again')?.remove();
  const others = [...pending.values()];
  if (line.nextElementSibling && !others.includes(line.nextElementSibling)) addBeforePending(line);
  return true;
}

/** It could not be sent: offer to try again. */
export function fail(key, again) {
  const line = pending.get(key);
  if (!line || line.querySelector('.again')) return;
  line.classList.add('failed');
  const button = element('button', 'again', 'Not sent. Try again');
  button.type = 'button';
  button.addEventListener('click', () => {
    button.remove();
    line.classList.remove('failed');
    again();
  });
  line.append(button);
}

/** Somebody's message. */
export function showMessage(message) {
  addBeforePending(lineOf(message));
}

/** What happened in the room. */
export function showEvent(text, at) {
  const line = element('li', 'event', `${text} · ${clock.format(at)}`);
  addBeforePending(line);
}

/** @param {[string, string][]} present @param {string} own our own client */
export function showRoster(present, own) {
  document.querySelector('#roster-count').textContent = present.length;
  document.querySelector('#roster').replaceChildren(...present.map(([client, name]) => {
    return element('li', hue(name), client === own ? `${name} (you)` : name);
  }));
}

function lineOf({ client, name, text, at, own }) {
  const line = element('li', `said ${hue(name)}${own ? ' own' : ''}`);
  line.dataset.client = own ? 'own' : client;
  const who = element('p', 'who');
  const time = element('time', '', clock.format(at));
  who.append(element('b', '', own ? 'You' : name), time);
  line.append(who, element('p', 'text', text));
  return line;
}

function addBeforePending(line) {
  const [first] = pending.values();
  add(line, first?.isConnected ? first : null);
}

function add(line, before = null) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  log.insertBefore(line, before);
  joinWithBefore(line);
  if (line.nextElementSibling) joinWithBefore(line.nextElementSibling);
  while (log.children.length > KEPT) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Lines of one person that follow each other show the name once. */
function joinWithBefore(line) {
  const before = line.previousElementSibling;
  line.classList.toggle('same', Boolean(line.dataset.client) && before?.dataset.client === line.dataset.client);
}

function hue(name) {
  const sum = Array.from(name).reduce((total, letter) => total * 31 + letter.codePointAt(0), 7);
  return `hue-${Math.abs(sum | 0) % HUES}`;
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
