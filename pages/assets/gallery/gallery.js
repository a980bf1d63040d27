import { transports } from '../transports/index.js';
import { channelPath } from '../transports/link.js';
import { post } from '../transports/publish.js';
import { requestHead } from '../transports/wire.js';
import { Card } from './card.js';
import { Publisher } from './publisher.js';
import { showSummary } from './summary.js';

const EVERY = 1000; // milliseconds
const BURST = 100; // messages
const RENDER_AFTER = 80; // milliseconds: what changes faster is shown together
const SAYINGS = ['hello from up here', 'still flying', 'above the roofs', 'over the sea', 'no need to land'];

const find = (selector) => document.querySelector(selector);
const asked = new URLSearchParams(location.search).get('channel');
const channel = asked || `gallery-${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`;
const settings = { interval: 1000 };

/** Where all cards begin: behind a first message, so that the channel is sure to exist. */
async function beginning() {
  try {
    return (await post(channel, { event: 'gallery-open', data: 'A gallery was opened.' })).cursor;
  } catch {
    const head = await fetch(channelPath(channel), { method: 'HEAD' });
    return head.headers.get('Apus-Cursor') ?? 'start';
  }
}

/** Tries until the server answers: the page may be older than the server. */
async function untilAnswered(action) {
  for (;;) {
    try {
      return await action();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }
}

function renderLater(render) {
  let waiting;
  return () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      render();
    }, RENDER_AFTER);
  };
}

function makeCards(since, publisher) {
  return Object.keys(transports).map((transport) => {
    const card = new Card(transport, {
      channel, since, publisher, settings,
      onChange: renderLater(() => { card.render(); }),
    });
    find('#cards').append(card.element);
    card.render();
    return card;
  });
}

function listenToPublishing(publisher) {
  const saying = () => SAYINGS[publisher.number % SAYINGS.length];

  find('#publish').addEventListener('submit', (event) => {
    event.preventDefault();
    publisher.publish(find('#text').value || saying());
    find('#text').value = '';
  });
  find('#burst').addEventListener('click', () => publisher.publish('in a flock', BURST));

  let timer;
  const button = find('#every-second');
  const setEverySecond = (on) => {
    clearInterval(timer);
    if (on) timer = setInterval(() => publisher.publish(saying()), EVERY);
    button.setAttribute('aria-pressed', String(on));
  };
  button.addEventListener('click', () => setEverySecond(button.getAttribute('aria-pressed') !== 'true'));
  setEverySecond(!asked); // A fresh channel of our own disturbs nobody: show at once what this page does.
}

function listenToCards(cards) {
  find('#cut-all').addEventListener('click', () => cards.forEach((card) => card.cut()));
  find('#resume-all').addEventListener('click', () => cards.forEach((card) => card.resume()));
  find('#interval').addEventListener('input', ({ target }) => {
    settings.interval = Number(target.value);
    find('#interval-shown').textContent = `${settings.interval / 1000} s`;
  });
}

async function start() {
  find('#channel').value = channel;
  const since = await untilAnswered(beginning);
  await requestHead('/'); // Before all connections are taken.
  const publisher = new Publisher(channel, since, (error) => {
    find('#published').textContent = publisher.confirmed;
    find('#publish-error').textContent = error ? `(trying again: ${error.message})` : '';
  });
  const cards = makeCards(since, publisher);
  cards.forEach((card) => card.open());
  listenToPublishing(publisher);
  listenToCards(cards);
  setInterval(() => {
    cards.forEach((card) => card.plot());
    showSummary(cards);
  }, EVERY);
}

start();
