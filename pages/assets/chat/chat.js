import { transports } from '../transports/index.js';
import { Room, randomKey } from './room.js';
import { Roster } from './roster.js';
import { confirm, fail, showEvent, showMessage, showPending, showRoster } from './view.js';

const HERE_EVERY = 30_000; // milliseconds
const ROSTER_EVERY = 5000; // milliseconds
const DEFAULT_ROOM = 'lobby';

const find = (selector) => document.querySelector(selector);
const parameters = new URLSearchParams(location.search);

function prepareEntry() {
  find('#nickname').value = remembered() ?? '';
  find('#room').value = parameters.get('room') || DEFAULT_ROOM;
  find(find('#nickname').value ? '#enter' : '#nickname').focus();
  find('#entry-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = find('#nickname').value.trim();
    if (name) enter(find('#room').value, name);
  });
}

function remembered() {
  try { return localStorage.getItem('nickname'); } catch { return null; }
}

function remember(name) {
  try { localStorage.setItem('nickname', name); } catch { /* then it is asked again */ }
}

function enter(roomName, name) {
  remember(name);
  parameters.set('room', roomName);
  history.replaceState(null, '', `?${parameters}`);
  document.title = `#${roomName} · Apus chat`;
  find('#room-name').textContent = roomName;
  find('#entry').hidden = true;
  find('#inside').hidden = false;

  const roster = new Roster();
  const renderRoster = () => showRoster(roster.present(Date.now()), room.client);
  const room = new Room(roomName, name, {
    onMessage: (message) => {
      receive(message, room, roster);
      renderRoster();
    },
    onGap: ({ missed }) => showEvent(missed ? `${missed} earlier messages are gone` : 'Earlier messages are gone', Date.now()),
    onState: showState,
  });
  prepareTransports(room);
  prepareCompose(room, name);
  stayPresent(room);
  setInterval(renderRoster, ROSTER_EVERY);
  find('#message').focus();
}

/** @param {import('../transports/link.js').Message} message */
function receive({ event, data, time }, room, roster) {
  const { key, client, name, text } = Object(data);
  if (typeof client !== 'string' || typeof name !== 'string') return; // Not from a chat page.
  const at = time ?? data.at;
  const before = roster.note(event, { client, name }, at);
  if (event === 'join' && !before) showEvent(`${name} came in`, at);
  if (event === 'leave') showEvent(`${name} left`, at);
  if (event !== 'message' || typeof text !== 'string') return;
  const own = client === room.client;
  if (!own || !confirm(key)) showMessage({ client, name, text, at, own });
}

function prepareTransports(room) {
  const select = find('#transport');
  for (const [name, { title }] of Object.entries(transports)) select.add(new Option(title, name));
  select.value = parameters.get('transport') ?? 'websocket';
  if (!select.value) select.value = 'websocket';
  select.addEventListener('change', () => room.follow(select.value));
  room.follow(select.value);
}

function prepareCompose(room, name) {
  find('#compose').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = find('#message').value.trim();
    if (!text) return;
    find('#message').value = '';
    const key = randomKey();
    showPending({ key, name, text, at: Date.now() });
    const send = () => room.say('message', { key, text }).catch(() => fail(key, send));
    send();
  });
}

/** Comes in, gives signs of life, and leaves with the page. */
function stayPresent(room) {
  const say = (event) => room.say(event).catch(() => { /* the next sign of life tells it as well */ });
  say('join');
  setInterval(() => say('here'), HERE_EVERY);
  addEventListener('pagehide', () => room.leave());
  addEventListener('pageshow', ({ persisted }) => { if (persisted) say('join'); });
}

function showState(state) {
  if (state === 'closed') return; // Only between two transports.
  document.body.dataset.state = state;
  find('#state').textContent = state;
}

prepareEntry();
