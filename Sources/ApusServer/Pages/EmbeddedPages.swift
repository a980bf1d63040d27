// Made by scripts/embed-pages from pages/; change the files there and run it again.
// swift-format-ignore-file

/// The pages that travel inside the program.
package enum EmbeddedPages {
    /// All of them, by path.
    package static let files: [EmbeddedFile] = [
        EmbeddedFile(path: "assets/apus.css", digest: "a7c2466652b691fce97afbbefa6e6f31", body: .text(#"""
/* The ground of all pages: colours, type, header, buttons, fields. */

:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f6f3, #0d1015);
  --card: light-dark(#ffffff, #14181f);
  --sunken: light-dark(#f0f0ec, #0f1319);
  --line: light-dark(#e3e2dc, #252b35);
  --line-strong: light-dark(#cfcdc5, #39414e);
  --ink: light-dark(#161a22, #e9ebef);
  --muted: light-dark(#626873, #939cab);
  --accent: light-dark(#2360d8, #7fa9ff);
  --on-accent: light-dark(#ffffff, #0b1220);
  --good: light-dark(#15824c, #45cf8f);
  --wait: light-dark(#9a6200, #e8b555);
  --bad: light-dark(#c0362f, #f4857d);
  --shadow: 0 1px 2px light-dark(rgb(20 24 32 / 5%), rgb(0 0 0 / 40%));
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
  --edge: clamp(1rem, 4vw, 2.5rem);
  --radius: 0.75rem;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }

*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

body {
  margin: 0;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--paper);
  color: var(--ink);
  font: 400 1rem/1.55 var(--sans);
  -webkit-text-size-adjust: 100%;
}

h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); line-height: 1.1; letter-spacing: -0.028em; font-weight: 650; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.3; letter-spacing: -0.01em; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
code, kbd, .mono { font-family: var(--mono); font-size: 0.875em; }
.lead { color: var(--muted); font-size: 1.0625rem; max-width: 42rem; text-wrap: pretty; }
.muted { color: var(--muted); }
.number { font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 0.25rem; }
.skip { position: absolute; left: var(--edge); top: -4rem; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.skip:focus { top: 0.5rem; }

main { flex: 1; width: 100%; max-width: 96rem; margin: 0 auto; padding: clamp(1.5rem, 4vw, 3.25rem) var(--edge) 4rem; }

/* Header */
.top { border-bottom: 1px solid var(--line); }
.top-inner { max-width: 96rem; margin: 0 auto; padding: 0.75rem var(--edge); display: flex; align-items: center; gap: 0.25rem 2rem; }
.brand { display: flex; align-items: center; gap: 0.5rem; color: var(--ink); text-decoration: none; font-weight: 650; font-size: 1.125rem; letter-spacing: -0.02em; }
.brand svg { width: 1.875rem; height: 1.875rem; fill: var(--accent); transition: transform 0.4s cubic-bezier(0.2, 0.8, 0.3, 1); }
.brand:hover svg { transform: translate(3px, -3px) rotate(-6deg); }
.top nav { display: flex; gap: 0.25rem; margin-left: auto; }
.top nav a { color: var(--muted); text-decoration: none; font-size: 0.9375rem; padding: 0.5rem 0.75rem; border-radius: 0.5rem; }
.top nav a:hover { color: var(--ink); background: var(--sunken); }
.top nav a[aria-current] { color: var(--ink); font-weight: 550; }
#theme { width: 2.5rem; height: 2.5rem; padding: 0; border: 0; background: none; color: var(--muted); display: grid; place-items: center; box-shadow: none; }
#theme:hover { color: var(--ink); background: var(--sunken); }
#theme svg { width: 1.125rem; height: 1.125rem; fill: currentColor; }

/* Controls */
button, select, input { font: inherit; color: inherit; }
button, select, .field {
  min-height: 2.5rem; border: 1px solid var(--line-strong); border-radius: 0.5rem; background: var(--card); padding: 0 0.875rem;
}
.field { width: 100%; min-width: 0; }
.field::placeholder { color: var(--muted); opacity: 0.8; }
.field:focus { border-color: var(--accent); }
button { cursor: pointer; font-weight: 500; white-space: nowrap; }
button:hover:not(:disabled), select:hover:not(:disabled) { border-color: var(--muted); }
button:active:not(:disabled) { transform: translateY(1px); }
button:disabled, select:disabled { opacity: 0.45; cursor: default; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover:not(:disabled) { filter: brightness(1.08); border-color: var(--accent); }
button[aria-pressed="true"] { background: color-mix(in oklab, var(--accent) 12%, var(--card)); border-color: var(--accent); color: var(--accent); }
.small { min-height: 2rem; padding: 0 0.625rem; font-size: 0.8125rem; border-radius: 0.4375rem; }
.row { display: flex; gap: 0.5rem; align-items: center; }

/* Cards and states */
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: 1.125rem 1.25rem; min-width: 0; }
.state { display: inline-flex; align-items: center; gap: 0.4375rem; font-size: 0.8125rem; color: var(--muted); white-space: nowrap; }
.state::before { content: ""; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: currentColor; }
[data-state="live"] .state { color: var(--good); }
[data-state="connecting"] .state, [data-state="resuming"] .state { color: var(--wait); }
[data-state="connecting"] .state::before, [data-state="resuming"] .state::before { animation: breathe 1.2s ease-in-out infinite; }
[data-state="cut"] .state, [data-state="closed"] .state { color: var(--bad); }
@keyframes breathe { 50% { opacity: 0.25; } }

footer { max-width: 96rem; width: 100%; margin: 0 auto; padding: 1.5rem var(--edge) 2.5rem; color: var(--muted); font-size: 0.875rem; }

@media (max-width: 40rem) {
  .top-inner { flex-wrap: wrap; padding-block: 0.5rem 0.25rem; }
  .brand { flex: 1; }
  .top nav { order: 3; width: 100%; margin: 0 -0.75rem; justify-content: space-between; }
  .top nav a { padding: 0.5rem 0.75rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}

"""#)),
        EmbeddedFile(path: "assets/apus.svg", digest: "bd35bb9dac69351e9f6fd9e7935f6c47", body: .text(#"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="2 6 55 55"><path fill="#3b74e6" transform="rotate(32 32 32)" d="M32 11c2.2 0 3.6 2.3 3.9 5.4C46 16 57 22.5 63 38c-8.5-9-18-12.3-27-11-.3 5.3-.8 9.7-1.4 13.5L38.5 55 32 46.5 25.5 55l3.9-14.5c-.6-3.8-1.1-8.2-1.4-13.5-9-1.3-18.5 2-27 11C7 22.5 18 16 28.1 16.4 28.4 13.3 29.8 11 32 11z"/></svg>

"""#)),
        EmbeddedFile(path: "assets/board.css", digest: "fa7e1a694e98c31d0af548d5f2bdb508", body: .text(#"""
/* The board: quotes, weather, tickets and a camera. */

.board-head { display: flex; flex-wrap: wrap; gap: 1rem 3rem; justify-content: space-between; align-items: end; margin-bottom: 1.75rem; }
.board-head .lead { margin-top: 0.75rem; }
.board { display: grid; gap: 1rem; align-items: start; grid-template: "quotes camera" auto "quotes tickets" auto "weather tickets" 1fr / minmax(0, 1.2fr) minmax(0, 1fr); }
.board h2 { margin-bottom: 0.75rem; }
.empty { color: var(--muted); font-size: 0.9375rem; }
.empty:not(:has(+ ul:empty)) { display: none; }

.quotes { grid-area: quotes; }
.quotes li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr) 6rem 4.5rem; gap: 1rem; align-items: center; padding: 0.75rem 1.25rem; margin: 0 -1.25rem; border-top: 1px solid var(--line); }
.quotes b { font-weight: 600; letter-spacing: 0.01em; }
.quotes svg { width: 100%; height: 2.25rem; overflow: visible; }
.quotes path { fill: none; stroke: var(--muted); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.quotes .price { text-align: right; font-size: 1.125rem; font-weight: 600; letter-spacing: -0.01em; }
.quotes .change { text-align: right; font-size: 0.875rem; }
.quotes .up .change { color: var(--good); }
.quotes .down .change { color: var(--bad); }
.quotes .up path { stroke: var(--good); }
.quotes .down path { stroke: var(--bad); }
.quotes .flash.up { animation: flash-up 0.9s ease-out; }
.quotes .flash.down { animation: flash-down 0.9s ease-out; }
@keyframes flash-up { from { background: color-mix(in oklab, var(--good) 18%, transparent); } }
@keyframes flash-down { from { background: color-mix(in oklab, var(--bad) 18%, transparent); } }

.camera { grid-area: camera; }
.picture { aspect-ratio: 16 / 9; border-radius: 0.5rem; background: var(--sunken); overflow: hidden; display: grid; place-items: center; }
.picture img { width: 100%; height: 100%; object-fit: contain; display: block; }
.picture:not(.shown) img { opacity: 0; }
.camera p { font-size: 0.8125rem; margin-top: 0.75rem; overflow-wrap: anywhere; line-height: 1.4; }

.weather-part { grid-area: weather; padding-top: 0.75rem; }
#weather { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.75rem; }
#weather li { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.875rem 1rem; display: grid; grid-template-columns: 1fr auto; gap: 0.125rem 0.5rem; align-content: start; box-shadow: var(--shadow); }
#weather .city { font-size: 0.9375rem; font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#weather svg { width: 1.75rem; height: 1.75rem; grid-row: span 2; fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
#weather .temperature { font-size: 1.5rem; font-weight: 600; letter-spacing: -0.03em; line-height: 1.3; }
#weather .more { grid-column: 1 / -1; font-size: 0.8125rem; color: var(--muted); }

.tickets { grid-area: tickets; }
#tickets li { display: grid; grid-template-columns: 3.25rem minmax(0, 1fr) auto; gap: 0.125rem 0.75rem; align-items: baseline; padding: 0.5625rem 0; border-top: 1px solid var(--line); font-size: 0.9375rem; }
#tickets .id { color: var(--muted); font-size: 0.8125rem; }
#tickets .title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#tickets .status { font-size: 0.75rem; font-weight: 550; padding: 0.0625rem 0.5rem; border-radius: 1rem; border: 1px solid currentColor; color: var(--wait); }
#tickets .status.assigned { color: var(--accent); }
#tickets .status.solved { color: var(--good); }
#tickets .who { color: var(--muted); font-weight: 400; }

footer code { overflow-wrap: anywhere; }

@media (max-width: 60rem) {
  .board { grid-template: "quotes" auto "weather" auto "camera" auto "tickets" auto / minmax(0, 1fr); }
  #weather { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
}
@media (max-width: 34rem) {
  .quotes li { grid-template-columns: 3.5rem minmax(0, 1fr) 4.5rem 3.25rem; gap: 0.625rem; }
  .quotes .price { font-size: 1rem; }
}

"""#)),
        EmbeddedFile(path: "assets/board/board.js", digest: "5614545fd0332117631a7a38c72447b7", body: .text(#"""
import { backOff } from '../transports/link.js';
import { showQuote } from './quotes.js';
import { showTicket } from './tickets.js';
import { showWeather } from './weather.js';

const BOARD = '/channels/board';
const CAMERA = '/channels/camera?transport=stream&format=replace';
const shows = { quote: showQuote, weather: showWeather, ticket: showTicket };
const counts = { quote: 'quotes', weather: 'weather', ticket: 'tickets' };

/** EventSource comes back by itself, with the id of the last event; only where the browser gives up are we asked. */
function followBoard(since, attempt = 0) {
  const source = new EventSource(`${BOARD}?transport=sse&since=${encodeURIComponent(since)}`);
  let cursor = since;

  source.onopen = () => {
    attempt = 0;
    showState('live');
  };
  source.onerror = () => {
    showState('resuming');
    if (source.readyState === EventSource.CLOSED) setTimeout(followBoard, backOff(attempt), cursor, attempt + 1);
  };
  for (const [name, show] of Object.entries(shows)) {
    source.addEventListener(name, (event) => {
      cursor = event.lastEventId || cursor;
      show(JSON.parse(event.data));
      document.body.dataset[counts[name]] = Number(document.body.dataset[counts[name]]) + 1;
    });
  }
}

function followCamera() {
  const image = document.querySelector('#camera');
  let attempt = 0;
  image.addEventListener('load', () => {
    attempt = 0;
    image.parentElement.classList.add('shown');
  });
  image.addEventListener('error', () => {
    setTimeout(() => { image.src = CAMERA; }, backOff(++attempt));
  });
  image.src = CAMERA;
}

function showState(state) {
  document.body.dataset.state = state;
  document.querySelector('#state').textContent = state;
}

followBoard('start');
followCamera();
document.querySelector('#curl').textContent
  = `curl -H 'Content-Type: application/json' -d '{"symbol":"APUS","price":125,"change":1.5}' '${location.origin}${BOARD}?event=quote'`;

"""#)),
        EmbeddedFile(path: "assets/board/make.js", digest: "0bb1889b7a38cd19851a578be24f5d99", body: .text(#"""
const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element with a class and a text.
 * @param {string} name
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function element(name, className = '', text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * A small drawing of one path.
 * @param {string} viewBox
 * @param {string} path
 * @returns {SVGSVGElement}
 */
export function drawing(viewBox, path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', viewBox);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

"""#)),
        EmbeddedFile(path: "assets/board/quotes.js", digest: "98be0271e579e83e21db3f9282656c3d", body: .text(#"""
import { drawing, element } from './make.js';

const KEPT = 60; // prices of each sparkline
const WIDTH = 100;
const HEIGHT = 30;
const list = document.querySelector('#quotes');
const rows = new Map(); // by symbol: { row, prices }
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'always' });

/** @param {{symbol: string, price: number, change: number}} quote */
export function showQuote({ symbol, price, change }) {
  if (!rows.has(symbol)) rows.set(symbol, { row: makeRow(symbol), prices: [] });
  const { row, prices } = rows.get(symbol);
  prices.push(price);
  if (prices.length > KEPT) prices.shift();
  row.querySelector('.price').textContent = money.format(price);
  row.querySelector('.change').textContent = signed.format(change);
  row.querySelector('path').setAttribute('d', sparkline(prices));
  row.classList.toggle('up', change > 0);
  row.classList.toggle('down', change < 0);
  flash(row);
}

function makeRow(symbol) {
  const row = element('li', 'number');
  const spark = drawing(`0 0 ${WIDTH} ${HEIGHT}`, '');
  spark.setAttribute('preserveAspectRatio', 'none');
  row.append(element('b', '', symbol), spark, element('span', 'price'), element('span', 'change'));
  row.addEventListener('animationend', () => row.classList.remove('flash'));
  const after = [...rows].filter(([other]) => other > symbol).sort(([a], [b]) => (a < b ? -1 : 1))[0];
  list.insertBefore(row, after?.[1].row ?? null);
  return row;
}

function flash(row) {
  row.classList.remove('flash');
  requestAnimationFrame(() => row.classList.add('flash'));
}

function sparkline(prices) {
  const lowest = Math.min(...prices);
  const span = Math.max(...prices) - lowest || 1;
  return prices.map((price, i) => {
    const x = WIDTH - (prices.length - 1 - i) * (WIDTH / (KEPT - 1));
    const y = HEIGHT - ((price - lowest) / span) * HEIGHT;
    return `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
}

"""#)),
        EmbeddedFile(path: "assets/board/tickets.js", digest: "53fd8a1ec291dd6d911e7b3e6962b518", body: .text(#"""
import { element } from './make.js';

const SHOWN = 7;
const STATUSES = ['open', 'assigned', 'solved'];
const list = document.querySelector('#tickets');
const tickets = new Map(); // by id, the one that changed last at the end

/** @param {{id: number, title: string, status: string, who: string}} ticket */
export function showTicket(ticket) {
  tickets.delete(ticket.id);
  tickets.set(ticket.id, ticket);
  if (tickets.size > SHOWN) tickets.delete(tickets.keys().next().value);
  list.replaceChildren(...[...tickets.values()].reverse().map(row));
}

function row({ id, title, status, who }) {
  const made = element('li');
  const text = element('span', 'title', title);
  if (who) text.append(element('span', 'who', ` · ${who}`));
  made.append(element('span', 'id number', `#${id}`), text, element('span', `status ${STATUSES.includes(status) ? status : ''}`, status));
  return made;
}

"""#)),
        EmbeddedFile(path: "assets/board/weather.js", digest: "3d345f977324f127f27cc1d822ff23f8", body: .text(#"""
import { drawing, element } from './make.js';

const CLOUD = 'M7 17h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 9.6 3.75 3.75 0 0 0 7 17Z';
const LOW_CLOUD = 'M7 14h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 6.6 3.75 3.75 0 0 0 7 14Z';
const SKIES = {
  sunny: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  cloudy: CLOUD,
  rain: `${LOW_CLOUD}M8 17.5l-1 3M12.5 17.5l-1 3M17 17.5l-1 3`,
  storm: `${LOW_CLOUD}M12.5 16l-2.5 3h3.5l-2.5 3`,
  snow: `${LOW_CLOUD}M8 18v.01M12 18v.01M16 18v.01M10 21v.01M14 21v.01`,
  fog: 'M4 8h12M8 12h12M4 16h14M9 20h9',
  windy: 'M3 9h11a3 3 0 1 0-3-3M3 13h15a3 3 0 1 1-3 3M3 17h7a2 2 0 1 1-2 2',
};
const WORDS = [['storm|thunder', 'storm'], ['snow|sleet|hail', 'snow'], ['rain|shower|drizzle', 'rain'], ['fog|mist|haz', 'fog'],
  ['wind', 'windy'], ['cloud|overcast', 'cloudy'], ['', 'sunny']];
const list = document.querySelector('#weather');
const tiles = new Map(); // by city

/** @param {{city: string, temperature: number, wind: number, sky: string}} report */
export function showWeather({ city, temperature, wind, sky }) {
  if (!tiles.has(city)) tiles.set(city, list.appendChild(element('li')));
  const [, kind] = WORDS.find(([words]) => new RegExp(words).test(String(sky)));
  tiles.get(city).replaceChildren(
    element('span', 'city', city),
    drawing('0 0 24 24', SKIES[kind]),
    element('span', 'temperature number', `${Math.round(temperature)}°`),
    element('span', 'more number', `${sky}, wind ${wind.toFixed(1)} m/s`),
  );
}

"""#)),
        EmbeddedFile(path: "assets/chat.css", digest: "6c0d659c7109174eedb256d66fc72818", body: .text(#"""
/* The chat room: it fills the window, and only the log scrolls. */

.entry { display: grid; place-items: center; }
.entry form { width: min(26rem, 100%); display: grid; gap: 0.5rem; padding: 1.75rem; }
.entry h1 { font-size: 1.75rem; }
.entry label { font-size: 0.875rem; font-weight: 550; margin-top: 0.75rem; }
.entry button { margin-top: 1.25rem; }

body:not([data-state="away"]) { height: 100dvh; overflow: hidden; }
.room {
  display: grid; min-height: 0; max-width: 76rem; padding-block: 1.25rem 1.25rem; gap: 0.875rem 1.5rem;
  grid-template: "head head" auto "log roster" 1fr "compose roster" auto / minmax(0, 1fr) 13rem;
}
.room-head { grid-area: head; display: flex; align-items: center; gap: 0.5rem 1rem; flex-wrap: wrap; }
.room-head h1 { font-size: 1.375rem; letter-spacing: -0.02em; overflow: hidden; text-overflow: ellipsis; }
.room-head h1::before { content: "#"; color: var(--muted); font-weight: 400; margin-right: 0.1em; }
.via { margin-left: auto; font-size: 0.8125rem; }
aside { grid-area: roster; min-height: 0; overflow-y: auto; padding-top: 0.25rem; }
#roster { margin-top: 0.75rem; display: grid; gap: 0.5rem; font-size: 0.9375rem; }
#roster li { display: flex; align-items: center; gap: 0.5rem; overflow-wrap: anywhere; }
#roster li::before { content: ""; flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--hue, var(--muted)); }

#log { grid-area: log; min-height: 0; overflow-y: auto; overscroll-behavior: contain; border: 1px solid var(--line); border-radius: var(--radius); background: var(--card); padding: 1.25rem; display: flex; flex-direction: column; gap: 0.1875rem; }
#log > :first-child { margin-top: auto; }
.said { max-width: min(36rem, 85%); align-self: flex-start; }
.said .who { display: flex; gap: 0.5rem; align-items: baseline; font-size: 0.8125rem; margin: 0.75rem 0 0.25rem; }
.said .who b { color: var(--hue); font-weight: 600; }
.said .who time { color: var(--muted); font-size: 0.75rem; }
.said .text { background: var(--sunken); padding: 0.5rem 0.8125rem; border-radius: 0.25rem 0.875rem 0.875rem 0.25rem; white-space: pre-wrap; overflow-wrap: anywhere; width: fit-content; }
.said.own { align-self: flex-end; }
.said.own .who { justify-content: flex-end; }
.said.own .text { margin-left: auto; background: color-mix(in oklab, var(--accent) 14%, var(--card)); border-radius: 0.875rem 0.25rem 0.25rem 0.875rem; }
.said.same .who { display: none; }
.said .text { transition: opacity 0.2s; }
.said.pending .text { opacity: 0.5; }
.said.failed .text { outline: 1px solid var(--bad); }
.said .again { border: 0; background: none; color: var(--bad); padding: 0; min-height: 1.75rem; font-size: 0.8125rem; display: block; margin-left: auto; text-decoration: underline; }
.event { align-self: center; font-size: 0.8125rem; color: var(--muted); padding: 0.375rem 0; text-align: center; }

#compose { grid-area: compose; display: flex; gap: 0.5rem; }
#compose .field, #compose button { min-height: 2.875rem; }

.hue-0 { --hue: light-dark(oklch(50% 0.15 255), oklch(78% 0.11 255)); }
.hue-1 { --hue: light-dark(oklch(50% 0.15 25), oklch(78% 0.11 25)); }
.hue-2 { --hue: light-dark(oklch(48% 0.11 155), oklch(80% 0.11 155)); }
.hue-3 { --hue: light-dark(oklch(50% 0.15 310), oklch(79% 0.11 310)); }
.hue-4 { --hue: light-dark(oklch(51% 0.11 70), oklch(81% 0.11 70)); }
.hue-5 { --hue: light-dark(oklch(48% 0.09 205), oklch(79% 0.09 205)); }
.hue-6 { --hue: light-dark(oklch(50% 0.16 350), oklch(79% 0.12 350)); }
.hue-7 { --hue: light-dark(oklch(48% 0.11 125), oklch(80% 0.11 125)); }

@media (max-width: 46rem) {
  .room { grid-template: "head" auto "roster" auto "log" 1fr "compose" auto / minmax(0, 1fr); padding-block: 0.75rem; gap: 0.625rem; }
  aside { display: flex; gap: 0.875rem; align-items: center; overflow: auto hidden; padding: 0.125rem 0; scrollbar-width: none; }
  aside h2 { font-size: 0.8125rem; white-space: nowrap; }
  #roster { display: flex; margin: 0; gap: 1rem; font-size: 0.8125rem; }
  #roster li { white-space: nowrap; }
  #log { padding: 0.875rem; }
  .room-head { flex-wrap: nowrap; gap: 0.625rem; }
  .room-head h1 { min-width: 0; font-size: 1.1875rem; }
  .via span { display: none; }
  .via select { max-width: 9rem; }
}

"""#)),
        EmbeddedFile(path: "assets/chat/chat.js", digest: "ae659d85bc598a7c9a6580c083f4602e", body: .text(#"""
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

"""#)),
        EmbeddedFile(path: "assets/chat/room.js", digest: "43682e8b4048c84dc792385f7ff71609", body: .text(#"""
import { transports } from '../transports/index.js';
import { post, postOnLeaving } from '../transports/publish.js';

const EVENTS = ['join', 'leave', 'here', 'message'];

/** @returns {string} a name that nobody else will draw */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}

/** A room is a channel; to be in it is to follow it from a cursor, over one transport or another. */
export class Room {
  client = randomKey();
  #channel;
  #name;
  #handlers;
  #subscription;

  /**
   * @param {string} room
   * @param {string} name our nickname
   * @param {{onMessage: Function, onGap: Function, onState: Function}} handlers
   */
  constructor(room, name, handlers) {
    this.#channel = `chat-${room}`;
    this.#name = name;
    this.#handlers = handlers;
  }

  /**
   * Follows the room over a transport: from the beginning, or from where the transport before it came to.
   * @param {string} transport
   */
  follow(transport) {
    const since = this.#subscription?.cursor ?? 'start';
    const before = this.#subscription;
    this.#subscription = undefined;
    before?.close();
    this.#subscription = transports[transport].open({
      channel: this.#channel, since, events: EVENTS, ...this.#handlers,
    });
  }

  /**
   * Publishes: up the same transport where it goes both ways, else, or when it is just then broken, by POST. The id
   * makes it harmless to try twice.
   * @param {'join' | 'here' | 'message'} event
   * @param {{key?: string, text?: string}} [more]
   */
  async say(event, more = {}) {
    const message = this.#message(event, more);
    try {
      if (!this.#subscription?.publish) throw new Error('one way only');
      await this.#subscription.publish(message);
    } catch {
      await post(this.#channel, message);
    }
  }

  /** Says good-bye while the page goes away. */
  leave() {
    postOnLeaving(this.#channel, this.#message('leave', {}));
  }

  #message(event, { key = randomKey(), text }) {
    return { event, id: key, data: { key, client: this.client, name: this.#name, at: Date.now(), text } };
  }
}

"""#)),
        EmbeddedFile(path: "assets/chat/roster.js", digest: "658814b30e770652102a021d704d82f9", body: .text(#"""
const GONE_AFTER = 75_000; // milliseconds without a sign of life

/** Who is in the room, from what came on the channel: joins, leaves, and signs of life in between. */
export class Roster {
  #clients = new Map(); // by client: { name, seen }

  /**
   * @param {string} event
   * @param {{client: string, name: string}} who
   * @param {number} time when, milliseconds since 1970
   * @returns {boolean} whether the client was here before
   */
  note(event, { client, name }, time) {
    const before = this.#clients.has(client);
    if (event === 'leave') this.#clients.delete(client);
    else this.#clients.set(client, { name, seen: time });
    return before;
  }

  /**
   * @param {number} now milliseconds since 1970
   * @returns {[string, string][]} client and name of all who are here, by name
   */
  present(now) {
    for (const [client, { seen }] of this.#clients) if (now - seen > GONE_AFTER) this.#clients.delete(client);
    return [...this.#clients].map(([client, { name }]) => [client, name]).sort(([, a], [, b]) => a.localeCompare(b));
  }
}

"""#)),
        EmbeddedFile(path: "assets/chat/view.js", digest: "79624aa3203a4029c216e9c10684df71", body: .text(#"""
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

"""#)),
        EmbeddedFile(path: "assets/examples.css", digest: "bb2047e4de51f3fddf0a65ed4fcb02fd", body: .text(#"""
/* The list of examples. */

.lead { margin-top: 0.875rem; }
.examples { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); margin-top: 2.25rem; }
.examples a { display: flex; flex-direction: column; height: 100%; color: inherit; text-decoration: none; transition: border-color 0.15s, transform 0.15s; }
.examples a:hover { border-color: var(--accent); transform: translateY(-2px); }
.examples h2 { color: var(--accent); }
.examples p { color: var(--muted); font-size: 0.9375rem; margin: 0.25rem 0 1.25rem; }
.examples code { margin-top: auto; font-size: 0.8125rem; background: var(--sunken); border-radius: 0.375rem; padding: 0.5rem 0.625rem; overflow-wrap: anywhere; }
footer code { font-size: inherit; }

"""#)),
        EmbeddedFile(path: "assets/gallery.css", digest: "41f4634df1dd29a6268bd77196e4ab33", body: .text(#"""
/* The transports, side by side. */

.intro { display: flex; flex-wrap: wrap; gap: 1.25rem 3rem; align-items: end; justify-content: space-between; margin-bottom: 2rem; }
.intro .lead { margin-top: 0.875rem; }
.channel { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; color: var(--muted); font-size: 0.9375rem; }
.channel .field { width: 13rem; font-family: var(--mono); font-size: 0.875rem; }

.summary { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); border-block: 1px solid var(--line); margin-bottom: 1.5rem; }
.summary > div { padding: 1rem 1.25rem 1.125rem 0; }
.summary > div + div { padding-left: 1.25rem; border-left: 1px solid var(--line); }
.summary dt { color: var(--muted); font-size: 0.8125rem; }
.summary dd { font-size: 1.5rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; }
.summary dd small { display: block; font-size: 0.8125rem; font-weight: 400; letter-spacing: 0; color: var(--muted); min-height: 1.3em; }
.summary .none-lost { color: var(--good); }
.summary .some-lost { color: var(--bad); }

.notice { border-left: 3px solid var(--wait); padding: 0.25rem 0 0.25rem 1rem; margin-bottom: 1.5rem; font-size: 0.9375rem; max-width: 60rem; }

.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(19.5rem, 100%), 1fr)); }
.cards .card { display: flex; flex-direction: column; gap: 0.875rem; }
.card-head { display: flex; justify-content: space-between; gap: 0.75rem; align-items: baseline; }
.card-head p { color: var(--muted); font-size: 0.8125rem; line-height: 1.4; }

.publish { border-style: solid; border-color: var(--line-strong); background: var(--sunken); box-shadow: none; }
.publish form { display: grid; gap: 0.625rem; }
.publish .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
.publish .hint { font-size: 0.8125rem; color: var(--muted); text-wrap: pretty; }
.publish .sent { margin-top: auto; font-size: 0.8125rem; color: var(--muted); }
.publish .interval { display: flex; align-items: center; gap: 0.5rem; font-size: 0.8125rem; color: var(--muted); }
.publish .interval input { flex: 1; min-width: 0; accent-color: var(--accent); }

.latency { display: grid; grid-template-columns: 1fr auto; align-items: end; gap: 0.75rem; }
.latency .now { font-size: 1.625rem; line-height: 1.1; font-weight: 600; letter-spacing: -0.03em; white-space: nowrap; }
.latency .rest { font-size: 0.75rem; line-height: 1.5; color: var(--muted); text-align: right; white-space: nowrap; }
.latency .rest b { font-weight: 550; color: var(--ink); }

.plot svg { display: block; width: 100%; height: 3.5rem; overflow: visible; }
.plot .latency-line { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.plot .byte-bars { fill: var(--line-strong); }
.plot .base { stroke: var(--line); vector-effect: non-scaling-stroke; }
.plot figcaption { display: flex; justify-content: space-between; color: var(--muted); font-size: 0.75rem; margin-top: 0.25rem; }

.counts { display: grid; grid-template-columns: repeat(5, auto); gap: 0.25rem 0.5rem; justify-content: space-between; }
.counts dt { font-size: 0.75rem; color: var(--muted); }
.counts dd { font-weight: 550; font-size: 0.9375rem; }
.counts .wrong { color: var(--bad); }

.messages { font-family: var(--mono); font-size: 0.75rem; line-height: 1.6; height: calc(3 * 1.6 * 0.75rem); overflow: hidden; color: var(--muted); }
.messages li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.messages li:first-child { color: var(--ink); }
.where { display: flex; justify-content: space-between; gap: 0.75rem; font-size: 0.75rem; color: var(--muted); min-height: 1.2rem; }
.where output { color: var(--good); font-weight: 550; text-align: right; }
.where output.wrong { color: var(--bad); }
.actions { display: grid; grid-template-columns: auto auto 1fr; gap: 0.375rem; margin-top: auto; }
.actions select { min-width: 0; width: 100%; }

.how { margin-top: 2rem; max-width: 60rem; font-size: 0.9375rem; color: var(--muted); }
.how summary { cursor: pointer; color: var(--ink); font-weight: 550; padding: 0.5rem 0; width: fit-content; }
.how dl { display: grid; gap: 0.75rem; margin-top: 0.5rem; }
.how dt { color: var(--ink); font-weight: 550; }

@media (max-width: 40rem) {
  .summary { grid-template-columns: 1fr 1fr; }
  .summary > div:nth-child(odd) { padding-left: 0; border-left: 0; }
  .summary > div:nth-child(n + 3) { border-top: 1px solid var(--line); }
  .channel .field { flex: 1; width: auto; }
  .summary dd { font-size: 1.1875rem; }
}

"""#)),
        EmbeddedFile(path: "assets/gallery/card.js", digest: "4087b35764f03172ed0dffeec0eb8fd0", body: .text(#"""
import { transports } from '../transports/index.js';
import { Ledger } from './ledger.js';
import { clock } from './publisher.js';
import { Series } from './series.js';
import { bytes, milliseconds } from './words.js';

const SHOWN = 3; // messages
const BRIEFLY = 5000; // milliseconds
const WORDS = { connecting: 'connecting', live: 'live', resuming: 'resuming', cut: 'cut' };

/** One transport's subscription, and what is shown of it. */
export class Card {
  bytes = 0;
  gaps = 0;
  reconnects = 0;
  state = 'cut';
  #channel;
  #publisher;
  #settings;
  #cursor;
  #subscription;
  #wasLive = false;
  #caughtUp; // { until, count } after a resume
  #returning;
  #latest = [];

  /**
   * @param {string} transport
   * @param {{channel: string, since: string, publisher: import('./publisher.js').Publisher, settings: {interval: number}, onChange: () => void}} options
   */
  constructor(transport, { channel, since, publisher, settings, onChange }) {
    this.transport = transport;
    this.ledger = new Ledger(publisher.name);
    this.series = new Series();
    this.onChange = onChange;
    this.#channel = channel;
    this.#cursor = since;
    this.#publisher = publisher;
    this.#settings = settings;
    this.element = document.querySelector('#card').content.firstElementChild.cloneNode(true);
    this.#listen();
  }

  /** @returns {number | undefined} bytes per message */
  get cost() {
    return this.ledger.received ? this.bytes / this.ledger.received : undefined;
  }

  /** @returns {boolean} whether it keeps an HTTP connection */
  get holds() {
    return this.state !== 'cut' && transports[this.transport].holds;
  }

  open() {
    if (this.#subscription) return;
    clearTimeout(this.#returning);
    const settings = this.#settings; // read anew for every poll
    this.#subscription = transports[this.transport].open({
      channel: this.#channel,
      since: this.#cursor,
      events: ['gallery'],
      get interval() { return settings.interval; },
      onMessage: (message) => this.#receive(message),
      onGap: () => this.#changed(() => { this.gaps += 1; }),
      onState: (state) => this.#enter(state),
      onBytes: (count) => this.#changed(() => this.#spend(count)),
    });
  }

  cut() {
    clearTimeout(this.#returning);
    if (!this.#subscription) return;
    this.#cursor = this.#subscription.cursor;
    this.#subscription.close();
    this.#subscription = undefined;
    this.#caughtUp = undefined;
    this.#enter('cut');
  }

  resume() {
    if (this.#subscription) return;
    this.#caughtUp = { until: this.#publisher.number, count: 0 };
    this.open();
  }

  cutBriefly() {
    this.cut();
    this.#returning = setTimeout(() => this.resume(), BRIEFLY);
  }

  /** @param {string} transport goes on there, from this cursor */
  move(transport) {
    this.cut();
    this.transport = transport;
    this.resume();
  }

  #enter(state) {
    if (state === 'closed') return;
    if (state === 'live' && this.state !== 'live') {
      if (this.#wasLive) this.reconnects += 1;
      this.#wasLive = true;
    }
    // A return is a resume also where this page asked for it.
    this.#changed(() => { this.state = state === 'connecting' && this.#wasLive ? 'resuming' : state; });
  }

  #receive(message) {
    const { publisher, number, at, text } = Object(message.data);
    const own = publisher === this.#publisher.name;
    if (Number.isSafeInteger(number) && typeof publisher === 'string') this.ledger.count(publisher, number);
    else this.ledger.countUnnumbered();
    if (own && this.#caughtUp && number <= this.#caughtUp.until) this.#caughtUp.count += 1;
    else if (own) this.series.addLatency(clock() - at);
    const words = typeof text === 'string' ? `#${number} ${text}` : JSON.stringify(message.data);
    this.#changed(() => { this.#latest = [words, ...this.#latest].slice(0, SHOWN); });
  }

  #spend(count) {
    this.bytes += count;
    this.series.addBytes(count);
  }

  #changed(change) {
    change();
    this.onChange();
  }

  #listen() {
    const on = (selector, type, action) => this.element.querySelector(selector).addEventListener(type, action);
    on('.cut', 'click', () => this.#press('.resume', () => this.cut()));
    on('.resume', 'click', () => this.#press('.cut', () => this.resume()));
    on('.cut-briefly', 'click', () => this.cutBriefly());
    on('.move', 'change', ({ target }) => {
      if (target.value) this.move(target.value);
      target.value = '';
    });
    for (const [name, { title }] of Object.entries(transports)) {
      this.#find('.move').add(new Option(title, name));
    }
  }

  /** One button takes the other's place, and the keyboard's focus with it. */
  #press(next, action) {
    action();
    this.render();
    this.#find(next).focus();
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  #write(selector, text) {
    const element = this.#find(selector);
    if (element.textContent !== text) element.textContent = text;
  }

  /** Shows everything as it now is. */
  render() {
    const { title, means } = transports[this.transport];
    const { received, lost, duplicates } = this.ledger;
    const cursor = this.#subscription?.cursor ?? this.#cursor;
    Object.assign(this.element.dataset, {
      transport: this.transport, state: this.state, received, lost, duplicates, gaps: this.gaps, cursor,
      reconnects: this.reconnects, bytes: this.bytes,
    });
    const texts = {
      '.title': title, '.means': means, '.state': WORDS[this.state], '.cursor': cursor,
      '.p50': milliseconds(this.series.percentile(0.5)), '.p95': milliseconds(this.series.percentile(0.95)),
      '.cost': bytes(this.cost), '.received': received, '.lost': lost, '.duplicates': duplicates, '.gaps': this.gaps,
      '.reconnects': this.reconnects, '.now': milliseconds(this.series.last), '.note': this.#note(),
    };
    for (const [selector, text] of Object.entries(texts)) this.#write(selector, String(text));
    for (const count of ['lost', 'duplicates', 'gaps']) {
      this.#find(`.${count}`).classList.toggle('wrong', this.#find(`.${count}`).textContent !== '0');
    }
    this.#find('.note').classList.toggle('wrong', lost > 0);
    this.#renderActions();
    this.#find('.messages').replaceChildren(...this.#latest.map(listItem));
  }

  /** Draws the plot anew; once a second is enough. */
  plot() {
    const { line, bars, most } = this.series.paths();
    this.#find('.latency-line').setAttribute('d', line);
    this.#find('.byte-bars').setAttribute('d', bars);
    this.#write('.rate', most ? `bytes, at most ${bytes(most)}/s` : 'bytes');
  }

  #renderActions() {
    const cut = this.state === 'cut';
    this.#find('.cut').hidden = cut;
    this.#find('.resume').hidden = !cut;
    this.#find('.cut-briefly').disabled = cut;
    for (const option of this.#find('.move').options) option.disabled = option.value === this.transport;
  }

  #note() {
    if (this.state !== 'live' || !this.#caughtUp) return '';
    return `${this.ledger.lost} lost, ${this.#caughtUp.count} caught up`;
  }
}

function listItem(text) {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}

"""#)),
        EmbeddedFile(path: "assets/gallery/gallery.js", digest: "c072c781c61b5ab5baf40e4256a21fa7", body: .text(#"""
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

"""#)),
        EmbeddedFile(path: "assets/gallery/ledger.js", digest: "d0ed8307d5b2b415010183e465c544b5", body: .text(#"""
/**
 * Counts what arrived against what was published: every publisher numbers its messages 1, 2, 3…, so that each loss and
 * each duplicate shows.
 */
export class Ledger {
  received = 0;
  duplicates = 0;
  #publishers = new Map();

  /** @param {string} own this page's publisher, which is heard from its first message on; others from where we came in */
  constructor(own) {
    this.#publishers.set(own, { complete: 0, highest: 0, beyond: new Set() });
  }

  /** @returns {number} numbers that were passed over and have not come */
  get lost() {
    let lost = 0;
    for (const { complete, highest, beyond } of this.#publishers.values()) lost += highest - complete - beyond.size;
    return lost;
  }

  /**
   * A message that carries no number: it can only be counted.
   */
  countUnnumbered() {
    this.received += 1;
  }

  /**
   * A numbered message.
   * @param {string} publisher
   * @param {number} number
   */
  count(publisher, number) {
    this.received += 1;
    const seen = this.#publishers.get(publisher) ?? { complete: number - 1, highest: number - 1, beyond: new Set() };
    this.#publishers.set(publisher, seen);
    if (number <= seen.complete || seen.beyond.has(number)) {
      this.duplicates += 1;
      return;
    }
    seen.highest = Math.max(seen.highest, number);
    seen.beyond.add(number);
    while (seen.beyond.delete(seen.complete + 1)) seen.complete += 1;
  }
}

"""#)),
        EmbeddedFile(path: "assets/gallery/publisher.js", digest: "142c70567e212f2674ac7c4ca79b5f09", body: .text(#"""
import { post } from '../transports/publish.js';
import { open as openWebSocket } from '../transports/websocket.js';

const BATCH = 100; // messages at once, the server's limit for one POST
const RETRY = 1000; // milliseconds

/** @returns {number} this page's clock in milliseconds, finer than Date.now() */
export function clock() {
  return performance.timeOrigin + performance.now();
}

/**
 * Publishes numbered messages: over a WebSocket, because the cards hold nearly all HTTP connections that a browser
 * opens to one host; by POST where there is no WebSocket. What the server has not confirmed is sent again, so that
 * every number was published, and one that does not arrive was lost.
 */
export class Publisher {
  name = Math.random().toString(36).slice(2, 8);
  number = 0;
  confirmed = 0;
  #channel;
  #socket;
  #outbox = [];
  #sending = false;
  #onChange;

  /**
   * @param {string} channel
   * @param {string} since
   * @param {(error?: Error) => void} onChange more is confirmed, or publishing failed and will be tried again
   */
  constructor(channel, since, onChange) {
    this.#channel = channel;
    this.#onChange = onChange;
    this.#socket = openWebSocket({ channel, since });
  }

  /**
   * @param {string} text
   * @param {number} [count] how many at once
   */
  publish(text, count = 1) {
    for (let i = 0; i < count; i += 1) this.#outbox.push(this.#message(text));
    if (!this.#sending) this.#sendAll();
  }

  async #sendAll() {
    this.#sending = true;
    try {
      while (this.#outbox.length) {
        const batch = this.#outbox.slice(0, BATCH);
        await this.#send(batch);
        this.#outbox.splice(0, batch.length);
        this.confirmed += batch.length;
        this.#onChange();
      }
      this.#sending = false;
    } catch (error) {
      this.#onChange(error);
      setTimeout(() => this.#sendAll(), RETRY);
    }
  }

  async #send(messages) {
    const sent = await Promise.allSettled(messages.map((message) => this.#socket.publish(message)));
    const refused = messages.filter((_, i) => sent[i].status === 'rejected');
    if (refused.length) await post(this.#channel, refused);
  }

  /** The id makes a second try harmless: the server publishes it only once. */
  #message(text) {
    this.number += 1;
    return {
      event: 'gallery',
      id: `${this.name}-${this.number}`,
      data: { publisher: this.name, number: this.number, at: clock(), text },
    };
  }
}

"""#)),
        EmbeddedFile(path: "assets/gallery/series.js", digest: "7c1372095735918e812679fc60cf639f", body: .text(#"""
const KEPT = 100; // latencies for the percentiles
const SECONDS = 60;
const FASTEST = 0.1; // milliseconds, the foot of the plot
const DECADES = 5; // to 10 s, its head
const HEIGHT = 40;

/** The latencies and bytes of one card: the last hundred for percentiles, and the last minute for the plot. */
export class Series {
  #latest = [];
  #seconds = new Map(); // by whole second: { latency, bytes }

  /** @param {number} milliseconds */
  addLatency(milliseconds) {
    this.#latest.push(milliseconds);
    if (this.#latest.length > KEPT) this.#latest.shift();
    const second = this.#second();
    second.latency = Math.max(second.latency, milliseconds);
  }

  /** @param {number} bytes */
  addBytes(bytes) {
    this.#second().bytes += bytes;
  }

  /** @returns {number | undefined} the last latency in milliseconds */
  get last() {
    return this.#latest.at(-1);
  }

  /** @param {number} share 0 to 1 @returns {number | undefined} milliseconds */
  percentile(share) {
    const sorted = [...this.#latest].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  /** @returns {{line: string, bars: string, most: number}} SVG paths for a box of 60 × 40, and the highest bytes a second */
  paths() {
    const first = now() - SECONDS + 1;
    for (const second of this.#seconds.keys()) if (second < first) this.#seconds.delete(second);
    const known = [...this.#seconds].sort(([a], [b]) => a - b);
    const most = known.reduce((max, [, { bytes }]) => Math.max(max, bytes), 0);
    const heard = known.filter(([, { latency }]) => latency > 0);
    return {
      most,
      line: heard.map(([at, { latency }], i) => `${i ? 'L' : 'M'}${at - first + 0.5} ${height(latency)}`).join(''),
      bars: known.filter(([, { bytes }]) => bytes > 0)
        .map(([at, { bytes }]) => bar(at - first, (bytes / most) * HEIGHT * 0.55)).join(''),
    };
  }

  #second() {
    const at = now();
    if (!this.#seconds.has(at)) this.#seconds.set(at, { latency: 0, bytes: 0 });
    return this.#seconds.get(at);
  }
}

function now() {
  return Math.floor(performance.now() / 1000);
}

function height(latency) {
  const decades = Math.log10(Math.max(latency, FASTEST) / FASTEST);
  return (HEIGHT - (Math.min(decades, DECADES) / DECADES) * HEIGHT).toFixed(2);
}

function bar(at, size) {
  return `M${at + 0.15} ${HEIGHT}v-${size.toFixed(2)}h0.7v${size.toFixed(2)}z`;
}

"""#)),
        EmbeddedFile(path: "assets/gallery/summary.js", digest: "407eb481078d7338b7c9aa2060d7d152", body: .text(#"""
import { transports } from '../transports/index.js';
import { bytes, milliseconds } from './words.js';

const ENOUGH = 3; // messages, before a card may be called the fastest or the cheapest
const BROWSER_CONNECTIONS = 6; // that browsers open to one host over HTTP/1.1

/**
 * The strip above the cards.
 * @param {import('./card.js').Card[]} cards
 */
export function showSummary(cards) {
  const sum = (value) => cards.reduce((total, card) => total + value(card), 0);
  const lost = sum((card) => card.ledger.lost);
  const duplicates = sum((card) => card.ledger.duplicates);
  write('#total', sum((card) => card.ledger.received).toLocaleString('en'), `by ${cards.length} subscribers`);
  write('#lost', lost, duplicates ? `${duplicates} twice` : 'and none twice');
  document.querySelector('#lost').className = lost ? 'some-lost' : 'none-lost';

  const heard = cards.filter((card) => card.ledger.received >= ENOUGH);
  const fastest = least(heard, (card) => card.series.percentile(0.5));
  const cheapest = least(heard, (card) => card.cost);
  if (fastest) write('#fastest', transports[fastest.transport].title, `half within ${milliseconds(fastest.series.percentile(0.5))}`);
  if (cheapest) write('#cheapest', transports[cheapest.transport].title, `${bytes(cheapest.cost)} a message`);

  const held = cards.filter((card) => card.holds).length;
  document.querySelector('#connections').hidden = held < BROWSER_CONNECTIONS || !overHTTP1();
}

function least(cards, value) {
  const known = cards.filter((card) => value(card) !== undefined);
  return known.reduce((best, card) => (!best || value(card) < value(best) ? card : best), undefined);
}

function write(selector, figure, words) {
  const element = document.querySelector(selector);
  element.firstChild.textContent = figure;
  element.lastChild.textContent = words;
}

function overHTTP1() {
  return performance.getEntriesByType('navigation')[0]?.nextHopProtocol?.startsWith('http/1') ?? true;
}

"""#)),
        EmbeddedFile(path: "assets/gallery/words.js", digest: "5f796266ec42a2918f3b6d0b655f7495", body: .text(#"""
/** @param {number | undefined} value milliseconds @returns {string} */
export function milliseconds(value) {
  if (value === undefined) return '–';
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} s`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** @param {number | undefined} value @returns {string} */
export function bytes(value) {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} kB`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)} kB`;
  return `${Math.round(value)} B`;
}

"""#)),
        EmbeddedFile(path: "assets/theme.js", digest: "2eae05ebeb7bde977282a911144fd9fd", body: .text(#"""
// Light and dark: the system's choice until the visitor makes one. Runs before the first paint, so not a module.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try { return localStorage.getItem('theme'); } catch { return null; }
  };
  const store = (theme) => {
    try { localStorage.setItem('theme', theme); } catch { /* then the choice lasts as long as the page */ }
  };
  const shown = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');

  if (stored()) root.dataset.theme = stored();
  document.addEventListener('DOMContentLoaded', () => {
    document.querySelector('#theme')?.addEventListener('click', () => {
      root.dataset.theme = shown() === 'dark' ? 'light' : 'dark';
      store(root.dataset.theme);
    });
  });
})();

"""#)),
        EmbeddedFile(path: "assets/transports/iframe.js", digest: "513d7aa11fb935a2153cd3722619703a", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { byteCount, chunkBytes, frameRequestHead, streamResponseHead } from './wire.js';

const LOOK_EVERY = 100; // milliseconds
const PREAMBLE = 2048; // bytes, at least: so that browsers begin to show the document
const callbacks = (window.apusFrames = {}); // the frames' scripts call parent.apusFrames.fN(message)
let frames = 0;

/**
 * An iframe: a document that never ends, in which every message is a small script that calls this page.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const name = `f${++frames}`;
    const path = channelPath(link.channel, {
      transport: 'iframe', callback: `apusFrames.${name}`, since: link.cursor ?? 'now',
    });
    const frame = document.createElement('iframe');
    frame.hidden = true;

    callbacks[name] = (message) => {
      // The scripts have done their work: an endless document would grow for ever with them.
      for (const script of [...frame.contentDocument.scripts]) {
        link.bytes(chunkBytes(byteCount(`${script.outerHTML}\n`)));
        script.remove();
      }
      link.deliver(message);
    };

    const heartbeat = new MutationObserver(link.heard);
    // No event says that the document has begun, only (`load`) that it has ended.
    const look = setInterval(() => {
      if (!hasBegun(frame)) return;
      clearInterval(look);
      link.live();
      // A connection that breaks shows in no event at all, only in silence: heartbeats are comments in the document.
      heartbeat.observe(frame.contentDocument, { childList: true, subtree: true });
      link.heard();
      frameRequestHead(path).then(link.bytes);
      streamResponseHead(path, { Accept: 'text/html' }).then(link.bytes);
      link.bytes(chunkBytes(PREAMBLE));
    }, LOOK_EVERY);

    frame.addEventListener('load', link.lost);
    frame.src = path;
    document.body.append(frame);
    return () => {
      clearInterval(look);
      heartbeat.disconnect();
      frame.remove();
      delete callbacks[name];
    };
  });
}

function hasBegun(frame) {
  try {
    return frame.contentWindow.location.href !== 'about:blank';
  } catch {
    return false; // The browser's own error page, which `load` will report.
  }
}

"""#)),
        EmbeddedFile(path: "assets/transports/index.js", digest: "f3aecdbcbee8bb41fcddeb8ff545b58f", body: .text(#"""
import { open as iframe } from './iframe.js';
import { open as longPolling } from './long-polling.js';
import { open as multipart } from './multipart.js';
import { open as shortPolling } from './short-polling.js';
import { open as sse } from './sse.js';
import { open as stream } from './stream.js';
import { open as websocket } from './websocket.js';

/**
 * All transports, by the names that the pages use for them.
 * @type {Record<string, {title: string, means: string, holds: boolean, open: (options: import('./link.js').Options) => import('./link.js').Subscription}>}
 * `holds`: it keeps one of the browser's HTTP connections for itself.
 */
export const transports = {
  websocket: { title: 'WebSocket', means: 'one socket, both ways', holds: false, open: websocket },
  sse: { title: 'Server-Sent Events', means: 'the browser’s EventSource', holds: true, open: sse },
  stream: { title: 'HTTP stream', means: 'one answer, a line a message', holds: true, open: stream },
  multipart: { title: 'Multipart', means: 'one answer, a part a message', holds: true, open: multipart },
  iframe: { title: 'Iframe', means: 'an endless document of scripts', holds: true, open: iframe },
  'long-polling': { title: 'Long polling', means: 'the answer waits for news', holds: true, open: longPolling },
  'short-polling': { title: 'Short polling', means: 'ask, and ask again', holds: false, open: shortPolling },
};

"""#)),
        EmbeddedFile(path: "assets/transports/link.js", digest: "f0f7eed62cfa66fc98d2fdc75b3d2607", body: .text(#"""
/**
 * What all transports share: one subscription that outlives its connections.
 *
 * A transport's module says how to make *one* connection; `keepOpen` makes the next one when it breaks, at the cursor
 * that the last message left, after a full-jitter back-off.
 *
 * @typedef {object} Message the JSON form of a message
 * @property {string} cursor where to resume after it
 * @property {string} [event]
 * @property {string} [id]
 * @property {number} [time] milliseconds since 1970
 * @property {string} [type] content type, absent for `application/json`
 * @property {string} [encoding] `base64` for binary data
 * @property {any} data
 *
 * @typedef {object} Gap
 * @property {string} reason `expired`, `epoch` or `undeliverable`
 * @property {number} [missed]
 *
 * @typedef {object} Options
 * @property {string} channel
 * @property {string} [since] a cursor, `start` or `now`
 * @property {(message: Message) => void} [onMessage]
 * @property {(gap: Gap, cursor: string) => void} [onGap]
 * @property {(state: 'connecting' | 'live' | 'resuming' | 'closed') => void} [onState]
 * @property {(bytes: number) => void} [onBytes] bytes on the wire, heads included, as they are seen
 * @property {string[]} [events] event names to listen for: only EventSource needs to be told
 * @property {number} [interval] milliseconds between short polls
 *
 * @typedef {object} Subscription
 * @property {() => void} close
 * @property {string | undefined} cursor where this subscription stands
 * @property {(message: object) => Promise<object>} [publish] only where the transport goes both ways
 */

const SHORTEST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 15_000; // milliseconds
const SILENCE = 35_000; // milliseconds: two of the server's heartbeats, and some

/**
 * Full jitter: anything between zero and a bound that doubles, so that a thousand clients do not return as one.
 * @param {number} attempt 0 for the first
 * @returns {number} milliseconds
 */
export function backOff(attempt) {
  return Math.random() * Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** attempt);
}

/**
 * The address of a channel.
 * @param {string} channel
 * @param {Record<string, string | number | undefined>} [parameters]
 * @returns {string} path and query
 */
export function channelPath(channel, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given).toString();
  return `/channels/${encodeURIComponent(channel)}${query ? `?${query}` : ''}`;
}

/**
 * Keeps a subscription open until it is closed.
 * @param {Options} options
 * @param {(link: object) => () => void} connect makes one connection and returns what ends it
 * @returns {Subscription}
 */
export function keepOpen(options, connect) {
  let attempt = 0;
  let closed = false;
  let cursor = options.since;
  let endConnection = () => {};
  let retry, silence;

  function start() {
    if (closed) return;
    let current = true;
    let watched = false;
    const listenForSilence = () => {
      clearTimeout(silence);
      if (watched) silence = setTimeout(lost, SILENCE);
    };
    const lost = () => {
      if (!current) return;
      stop();
      options.onState?.('resuming');
      retry = setTimeout(start, backOff(attempt++));
    };
    const end = connect({
      channel: options.channel,
      get cursor() { return cursor; },
      get current() { return current; },
      /** The connection stands. */
      live() {
        if (!current) return;
        attempt = 0;
        options.onState?.('live');
      },
      /** Something came, if only a heartbeat: from now on, long silence means that the connection is dead. */
      heard() {
        if (!current) return;
        watched = true;
        listenForSilence();
      },
      /** A message or a gap, in the JSON form. */
      deliver(item) {
        if (!current) return;
        if (item.cursor) cursor = item.cursor;
        if (item.gap) options.onGap?.(item.gap, item.cursor);
        else if ('data' in item) options.onMessage?.(item);
      },
      /** Where reading goes on, told without a message. */
      moved(to) {
        if (current && to) cursor = to;
      },
      bytes(count) {
        if (current) options.onBytes?.(count);
      },
      lost,
    });
    const stop = () => {
      current = false;
      clearTimeout(silence);
      end();
    };
    endConnection = stop;
  }

  options.onState?.('connecting');
  start();
  return {
    get cursor() { return cursor; },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(retry);
      endConnection();
      options.onState?.('closed');
    },
  };
}

"""#)),
        EmbeddedFile(path: "assets/transports/long-polling.js", digest: "6daa3576efc5591d2abe301e78900dcd", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { requestHead, responseHead } from './wire.js';

const TIMEOUT = 25; // seconds that the server may hold a request

/**
 * Long polling: ask, and the answer waits until there is something. Then ask again, from there.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function poll(timeout) {
      const path = channelPath(link.channel, { transport: 'long-poll', since: link.cursor ?? 'now', timeout });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const body = await response.arrayBuffer();
      link.bytes(responseHead(response) + body.byteLength);
      link.live();
      JSON.parse(new TextDecoder().decode(body)).forEach(link.deliver);
      link.moved(response.headers.get('ETag')?.replace(/^W\//, '').replaceAll('"', ''));
    }

    async function run() {
      await poll(1); // A short first one shows early that the server is there.
      while (link.current) await poll(TIMEOUT);
    }

    run().catch(link.lost);
    return () => abort.abort();
  });
}

"""#)),
        EmbeddedFile(path: "assets/transports/multipart.js", digest: "6e24b8913fcec7ffbbfc4af91fe42d3a", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { chunkBytes, requestHead, responseHead } from './wire.js';

const utf8 = new TextDecoder();
const EMPTY_LINE = [13, 10, 13, 10];

/**
 * A multipart stream (`multipart/mixed`): every message is a part with its own content type and its own bytes.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function run() {
      const path = channelPath(link.channel, { transport: 'stream', format: 'mixed', since: link.cursor ?? 'now' });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      link.bytes(responseHead(response));
      link.live();
      const reader = response.body.getReader();
      const feed = partReader((headers, bytes) => link.deliver(messageOf(headers, bytes)));
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        link.bytes(chunkBytes(value.byteLength));
        feed(value);
      }
    }

    run().then(link.lost, link.lost);
    return () => abort.abort();
  });
}

/**
 * Reads parts as they grow. Every part tells its length, so its bytes are never searched for a boundary.
 * @param {(headers: Map<string, string>, bytes: Uint8Array) => void} onPart
 * @returns {(bytes: Uint8Array) => void} what to feed with the stream
 */
export function partReader(onPart) {
  let buffer = new Uint8Array();
  return (bytes) => {
    buffer = joined(buffer, bytes);
    for (;;) {
      const headEnd = indexOf(buffer, EMPTY_LINE);
      if (headEnd < 0) return;
      const headers = headersOf(utf8.decode(buffer.subarray(0, headEnd)));
      const bodyStart = headEnd + EMPTY_LINE.length;
      const bodyEnd = bodyStart + Number(headers.get('content-length') ?? 0);
      if (buffer.length < bodyEnd) return;
      if (headers.has('content-length')) onPart(headers, buffer.slice(bodyStart, bodyEnd));
      buffer = buffer.slice(bodyEnd);
    }
  };
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function indexOf(bytes, wanted) {
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** The boundary line, which stands before the headers, has no colon after a name and so falls away. */
function headersOf(text) {
  const pairs = text.split('\r\n').map((line) => /^([A-Za-z-]*[A-Za-z]): *(.*)$/.exec(line));
  return new Map(pairs.filter(Boolean).map(([, name, value]) => [name.toLowerCase(), value]));
}

function messageOf(headers, bytes) {
  const cursor = headers.get('apus-cursor');
  const type = headers.get('content-type') ?? 'application/octet-stream';
  if (type === 'application/vnd.apus.gap+json') return { cursor, gap: JSON.parse(utf8.decode(bytes)) };
  if (!cursor) return {}; // A part that is no message: nothing to deliver.
  const message = { cursor, event: headers.get('apus-event'), type };
  if (/^application\/(.+\+)?json\b/.test(type)) return { ...message, data: JSON.parse(utf8.decode(bytes)) };
  if (/^text\/|\bxml\b|javascript/.test(type)) return { ...message, data: utf8.decode(bytes) };
  return { ...message, data: new Blob([bytes], { type }) };
}

"""#)),
        EmbeddedFile(path: "assets/transports/publish.js", digest: "1322a77d3a0526cf6cd5d1333f6fbb21", body: .text(#"""
import { channelPath } from './link.js';

const MESSAGE = 'application/vnd.apus.message+json';

/**
 * Publishes with an ordinary POST. One message, or an array of up to 100 that are published together.
 * @param {string} channel
 * @param {object | object[]} message `{data, event, id, type}`
 * @returns {Promise<object>} the answer: `{cursor, epoch, offset, subscribers}`
 */
export async function post(channel, message) {
  const response = await fetch(channelPath(channel), {
    method: 'POST', headers: { 'Content-Type': MESSAGE }, body: JSON.stringify(message),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? `status ${response.status}`);
  return answer;
}

/**
 * Publishes while the page goes away, when fetch would be cut off.
 * @param {string} channel
 * @param {object} message
 */
export function postOnLeaving(channel, message) {
  navigator.sendBeacon(channelPath(channel), new Blob([JSON.stringify(message)], { type: MESSAGE }));
}

"""#)),
        EmbeddedFile(path: "assets/transports/short-polling.js", digest: "ac9365466b04e292ac31d0bda112d100", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { requestHead, responseHead } from './wire.js';

const INTERVAL = 1000; // milliseconds
const FULL_PAGE = 1000; // messages: more wait when an answer holds so many

/**
 * Short polling: ask, take what is there, ask again after a while. Nothing new is a `304` without a body.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();
    let etag, timer;

    async function poll() {
      const path = channelPath(link.channel, { transport: 'poll', since: link.cursor ?? 'now' });
      const headers = etag ? { 'If-None-Match': etag } : {};
      requestHead(path, headers).then(link.bytes);
      const response = await fetch(path, { headers, cache: 'no-store', signal: abort.signal });
      if (!response.ok && response.status !== 304) throw new Error(`status ${response.status}`);
      const body = await response.arrayBuffer();
      link.bytes(responseHead(response) + body.byteLength);
      link.live();
      etag = response.headers.get('ETag');
      const messages = response.status === 304 ? [] : JSON.parse(new TextDecoder().decode(body));
      messages.forEach(link.deliver);
      link.moved(etag?.replace(/^W\//, '').replaceAll('"', ''));
      const wait = messages.length >= FULL_PAGE ? 0 : (options.interval ?? INTERVAL);
      if (link.current) timer = setTimeout(run, wait);
    }

    const run = () => poll().catch(link.lost);
    run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  });
}

"""#)),
        EmbeddedFile(path: "assets/transports/sse.js", digest: "e34fd5af47ec4737588287ac34bea5fb", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { byteCount, chunkBytes, requestHead, streamResponseHead } from './wire.js';

const ASKED = { Accept: 'text/event-stream', 'Cache-Control': 'no-cache' }; // what EventSource sends by itself

/**
 * Server-Sent Events with the browser's own EventSource. `envelope=true` asks for whole messages, not only their data.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const path = channelPath(link.channel, { transport: 'sse', envelope: 'true', since: link.cursor ?? 'now' });
    const source = new EventSource(path);

    source.onopen = () => {
      link.live();
      requestHead(path, ASKED).then(link.bytes);
      streamResponseHead(path, ASKED).then(link.bytes);
    };
    // EventSource comes back by itself, but at a fixed pace; with our own back-off all transports behave alike.
    source.onerror = link.lost;

    const receive = (event) => {
      link.bytes(chunkBytes(byteCount(asSent(event))));
      link.deliver(JSON.parse(event.data));
    };
    for (const name of new Set(['message', ...(options.events ?? [])])) source.addEventListener(name, receive);
    source.addEventListener('gap', (event) => {
      link.bytes(chunkBytes(byteCount(asSent(event))));
      link.deliver({ gap: JSON.parse(event.data), cursor: event.lastEventId });
    });
    return () => source.close();
  });
}

/** The event as it stood on the wire (HTML §9.2). */
function asSent(event) {
  const name = event.type === 'message' ? '' : `event: ${event.type}\n`;
  return `id: ${event.lastEventId}\n${name}data: ${event.data}\n\n`;
}

"""#)),
        EmbeddedFile(path: "assets/transports/stream.js", digest: "7c2a006814143f4300bc0c66b8b7c61a", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { chunkBytes, requestHead, responseHead } from './wire.js';

/**
 * An HTTP stream: one answer that does not end, one message a line (NDJSON). An empty line is a heartbeat.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function run() {
      const path = channelPath(link.channel, { transport: 'stream', since: link.cursor ?? 'now' });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      link.bytes(responseHead(response));
      link.live();
      link.heard();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        link.heard();
        link.bytes(chunkBytes(value.byteLength));
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
        rest = lines.pop();
        for (const line of lines) if (line) link.deliver(JSON.parse(line));
      }
    }

    run().then(link.lost, link.lost);
    return () => abort.abort();
  });
}

"""#)),
        EmbeddedFile(path: "assets/transports/websocket.js", digest: "9f94594819d528c699419a8d487750f0", body: .text(#"""
import { channelPath, keepOpen } from './link.js';
import { byteCount, frameBytes, handshakeBytes, maskedFrameBytes } from './wire.js';

/**
 * A WebSocket with the subprotocol `apus.envelope.v1`: whole messages down, publishes up.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  let socket;
  let ref = 0;
  const waiting = new Map(); // by ref: what a publish is waiting to hear

  const subscription = keepOpen(options, (link) => {
    const path = channelPath(link.channel, { since: link.cursor ?? 'now' });
    const mine = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')), 'apus.envelope.v1');
    socket = mine;

    mine.onopen = () => handshakeBytes(path, mine).then(link.bytes);
    mine.onmessage = ({ data }) => {
      link.bytes(frameBytes(byteCount(data)));
      const item = JSON.parse(data);
      if ('ref' in item) return answer(item);
      if (item.hello) link.live();
      link.deliver(item);
    };
    mine.onclose = link.lost;
    return () => {
      mine.onclose = null;
      mine.close();
      for (const { reject } of waiting.values()) reject(new Error('the connection closed'));
      waiting.clear();
    };
  });

  function answer(item) {
    const call = waiting.get(item.ref);
    waiting.delete(item.ref);
    if (item.published) call?.resolve(item.published);
    else call?.reject(new Error(item.error?.detail ?? item.error?.title ?? 'refused'));
  }

  subscription.publish = (message) => new Promise((resolve, reject) => {
    if (socket?.readyState !== WebSocket.OPEN) return reject(new Error('the connection is not open'));
    waiting.set(++ref, { resolve, reject });
    const text = JSON.stringify({ ...message, ref });
    options.onBytes?.(maskedFrameBytes(byteCount(text)));
    socket.send(text);
  });
  return subscription;
}

"""#)),
        EmbeddedFile(path: "assets/transports/wire.js", digest: "3fa279fe425bc8bf1c5f70d0ea1d163a", body: .text(#"""
/**
 * How many bytes went over the wire, as far as a page can know: exact for what it sees, by each protocol's framing for
 * what the browser strips, and measured by asking the server (`/wire/head`) for what the browser adds.
 */

const utf8 = new TextEncoder();
const ASSUMED_HEAD = 480; // bytes, where the server does not answer /wire/head
const HEAD_PATH = '/wire/head';
const measured = new Map();

/** @param {string} text @returns {number} bytes of UTF-8 */
export function byteCount(text) {
  return utf8.encode(text).length;
}

/** @param {number} size bytes of one chunk @returns {number} what chunked coding makes of it (RFC 9112 §7.1) */
export function chunkBytes(size) {
  return size.toString(16).length + 2 + size + 2;
}

/** @param {number} size payload bytes @returns {number} one unmasked WebSocket frame (RFC 6455 §5.2) */
export function frameBytes(size) {
  return size + (size < 126 ? 2 : size < 65_536 ? 4 : 10);
}

/** @param {number} size payload bytes @returns {number} one masked frame, from client to server */
export function maskedFrameBytes(size) {
  return frameBytes(size) + 4;
}

/**
 * The request head that fetch sends: the server measures one with the same headers, and only lengths differ.
 * @param {string} path path and query of the request to be counted
 * @param {Record<string, string>} [headers]
 * @returns {Promise<number>} bytes
 */
export async function requestHead(path, headers = {}) {
  const kind = Object.keys(headers).sort().join();
  if (!measured.has(kind)) measured.set(kind, measure(headers));
  return (await measured.get(kind)) + path.length + valueLength(headers);
}

async function measure(headers) {
  try {
    const answer = await fetch(HEAD_PATH, { headers, cache: 'no-store' });
    return told(await answer.json()) - HEAD_PATH.length - valueLength(headers);
  } catch {
    return ASSUMED_HEAD;
  }
}

/** An error's JSON has no bytes to tell. */
function told({ bytes }) {
  if (!Number.isFinite(bytes)) throw new Error('the server does not tell');
  return bytes;
}

function valueLength(headers) {
  return Object.values(headers).join('').length;
}

/**
 * The request head of a navigation in a frame, which differs from fetch's: measured with a frame.
 * @param {string} path
 * @returns {Promise<number>} bytes
 */
export async function frameRequestHead(path) {
  if (!measured.has('frame')) measured.set('frame', measureInFrame());
  return (await measured.get('frame')) + path.length;
}

function measureInFrame() {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.addEventListener('load', () => {
      let bytes = ASSUMED_HEAD;
      try {
        bytes = told(JSON.parse(frame.contentDocument.body.textContent)) - HEAD_PATH.length;
      } catch { /* the server does not tell: the assumption stays */ }
      frame.remove();
      resolve(bytes);
    });
    frame.src = HEAD_PATH;
    document.body.append(frame);
  });
}

/**
 * A WebSocket handshake: fetch's head, and the lines that RFC 6455 §4.1 adds.
 * @param {string} path
 * @param {WebSocket} socket an open one
 * @returns {Promise<number>} bytes of request and response heads together
 */
export async function handshakeBytes(path, socket) {
  const asked = [
    'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'k'.repeat(24)}`,
    `Sec-WebSocket-Protocol: ${socket.protocol}`, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  ];
  const answered = [
    'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${'a'.repeat(28)}`, `Sec-WebSocket-Protocol: ${socket.protocol}`,
    ...(socket.extensions ? [`Sec-WebSocket-Extensions: ${socket.extensions}`] : []), '',
  ];
  return (await requestHead(path)) + lineBytes(asked) + lineBytes(answered);
}

function lineBytes(lines) {
  return lines.reduce((sum, line) => sum + line.length + 2, 0);
}

/** @param {Response} response @returns {number} bytes of the status line and of the headers that the page can see */
export function responseHead(response) {
  let bytes = `HTTP/1.1 ${response.status} ${response.statusText}\r\n\r\n`.length;
  for (const [name, value] of response.headers) bytes += name.length + value.length + 4;
  return bytes;
}

/**
 * The response head of a stream that the browser reads by itself: asked for once with fetch, and dropped.
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<number>} bytes
 */
export async function streamResponseHead(path, headers = {}) {
  const kind = `response of ${new URL(path, location.href).searchParams.get('transport')}`;
  if (!measured.has(kind)) measured.set(kind, probe(path, headers));
  return measured.get(kind);
}

async function probe(path, headers) {
  const abort = new AbortController();
  try {
    return responseHead(await fetch(path, { headers, cache: 'no-store', signal: abort.signal }));
  } catch {
    return 0;
  } finally {
    abort.abort();
  }
}

"""#)),
        EmbeddedFile(path: "board.html", digest: "69bd5274b684f44ac5698f672dadf80a", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Apus: board</title>
  <meta name="description" content="Quotes, weather, tickets and a camera, live.">
  <link rel="icon" href="/assets/apus.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/apus.css">
  <link rel="stylesheet" href="/assets/board.css">
  <script src="/assets/theme.js"></script>
  <script type="module" src="/assets/board/board.js"></script>
</head>
<body data-state="connecting" data-quotes="0" data-weather="0" data-tickets="0">
  <a class="skip" href="#quotes">Skip to the quotes</a>
  <header class="top">
    <div class="top-inner">
      <a class="brand" href="/">
        <svg viewBox="2 6 55 55" aria-hidden="true"><path transform="rotate(32 32 32)" d="M32 11c2.2 0 3.6 2.3 3.9 5.4C46 16 57 22.5 63 38c-8.5-9-18-12.3-27-11-.3 5.3-.8 9.7-1.4 13.5L38.5 55 32 46.5 25.5 55l3.9-14.5c-.6-3.8-1.1-8.2-1.4-13.5-9-1.3-18.5 2-27 11C7 22.5 18 16 28.1 16.4 28.4 13.3 29.8 11 32 11z"/></svg>
        Apus
      </a>
      <nav aria-label="Pages">
        <a href="/">Transports</a>
        <a href="/chat">Chat</a>
        <a href="/board" aria-current="page">Board</a>
        <a href="/examples/">Examples</a>
      </nav>
      <button id="theme" type="button" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 2v13a6.5 6.5 0 0 1 0-13Z"/></svg>
      </button>
    </div>
  </header>

  <main>
    <div class="board-head">
      <div>
        <h1>The board</h1>
        <p class="lead">Three kinds of events on one channel, read by the browser’s own <code>EventSource</code>, and a
          camera that is nothing but an <code>&lt;img&gt;</code>.</p>
      </div>
      <span class="state" id="state" role="status">connecting</span>
    </div>
    <div class="board">
      <section class="card quotes" aria-labelledby="quotes-title">
        <h2 id="quotes-title">Quotes</h2>
        <p class="empty">Waiting for the first quote…</p>
        <ul id="quotes" tabindex="-1"></ul>
      </section>
      <section class="card camera" aria-labelledby="camera-title">
        <h2 id="camera-title">Camera</h2>
        <div class="picture"><img id="camera" alt="The newest picture on the channel camera"></div>
        <p class="muted"><code>&lt;img src="/channels/camera?transport=stream&amp;format=replace"&gt;</code></p>
      </section>
      <section class="weather-part" aria-labelledby="weather-title">
        <h2 id="weather-title">Weather</h2>
        <p class="empty">Waiting for the first report…</p>
        <ul id="weather"></ul>
      </section>
      <section class="card tickets" aria-labelledby="tickets-title">
        <h2 id="tickets-title">Tickets</h2>
        <p class="empty">Waiting for the first ticket…</p>
        <ul id="tickets"></ul>
      </section>
    </div>
  </main>
  <footer>Publish to it yourself: <code id="curl"></code></footer>
</body>
</html>

"""#)),
        EmbeddedFile(path: "chat.html", digest: "f0144de8acf55f3fa9f1db45a8bc298f", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Apus: chat</title>
  <meta name="description" content="A chat room over any of seven transports.">
  <link rel="icon" href="/assets/apus.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/apus.css">
  <link rel="stylesheet" href="/assets/chat.css">
  <script src="/assets/theme.js"></script>
  <script type="module" src="/assets/chat/chat.js"></script>
</head>
<body data-state="away">
  <a class="skip" href="#message">Skip to writing</a>
  <header class="top">
    <div class="top-inner">
      <a class="brand" href="/">
        <svg viewBox="2 6 55 55" aria-hidden="true"><path transform="rotate(32 32 32)" d="M32 11c2.2 0 3.6 2.3 3.9 5.4C46 16 57 22.5 63 38c-8.5-9-18-12.3-27-11-.3 5.3-.8 9.7-1.4 13.5L38.5 55 32 46.5 25.5 55l3.9-14.5c-.6-3.8-1.1-8.2-1.4-13.5-9-1.3-18.5 2-27 11C7 22.5 18 16 28.1 16.4 28.4 13.3 29.8 11 32 11z"/></svg>
        Apus
      </a>
      <nav aria-label="Pages">
        <a href="/">Transports</a>
        <a href="/chat" aria-current="page">Chat</a>
        <a href="/board">Board</a>
        <a href="/examples/">Examples</a>
      </nav>
      <button id="theme" type="button" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 2v13a6.5 6.5 0 0 1 0-13Z"/></svg>
      </button>
    </div>
  </header>

  <main class="entry" id="entry">
    <form class="card" id="entry-form">
      <h1>Come in.</h1>
      <p class="muted">Pick a name. Whoever opens the same room reads what you write, over whichever transport suits them.</p>
      <label for="nickname">Nickname</label>
      <input class="field" id="nickname" autocomplete="nickname" required maxlength="32" placeholder="Ada">
      <label for="room">Room</label>
      <input class="field" id="room" autocomplete="off" spellcheck="false" required maxlength="64" pattern="[A-Za-z0-9_\-]+"
        title="Letters, digits, hyphens and underscores">
      <button class="primary" id="enter" type="submit">Enter</button>
    </form>
  </main>

  <main class="room" id="inside" hidden>
    <header class="room-head">
      <h1 id="room-name"></h1>
      <span class="state" id="state" role="status"></span>
      <label class="via"><span class="muted">over</span> <select class="small" id="transport" aria-label="Transport"></select></label>
    </header>
    <aside aria-labelledby="roster-title">
      <h2 id="roster-title">Here <span class="muted number" id="roster-count"></span></h2>
      <ul id="roster"></ul>
    </aside>
    <ol id="log" role="log" aria-label="Messages" tabindex="0"></ol>
    <form id="compose">
      <input class="field" id="message" autocomplete="off" maxlength="2000" placeholder="Write a message" aria-label="Message">
      <button class="primary" id="send" type="submit">Send</button>
    </form>
  </main>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/iframe.html", digest: "7f9b64659e310e0c17b0d5dcb52cfffa", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Iframe · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Iframe</h1>
  <p>A document that never ends. Every message in it is a small script that calls this page.</p>
  <pre>curl -N '<span id="origin">http://localhost:8080</span>/channels/example?transport=iframe&amp;callback=received&amp;since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    let cursor = 'start';

    function received(message) { // The frame calls parent.received(message).
      cursor = message.cursor;
      if (!message.gap) show(message.data);
    }

    function follow() {
      document.querySelector('iframe')?.remove();
      const frame = document.createElement('iframe');
      frame.hidden = true;
      frame.src = `/channels/example?transport=iframe&callback=received&since=${cursor}`;
      // Loaded means ended: go on from there. (A cable that is pulled shows only as silence: listen for heartbeats.)
      frame.onload = () => setTimeout(follow, 1000);
      document.body.append(frame);
    }

    follow();

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      fetch('/channels/example', { method: 'POST', body: document.querySelector('#text').value });
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/index.html", digest: "d2c022fca188319b80ab263809e62844", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Apus: examples</title>
  <meta name="description" content="Eight small files, each with the shortest code for one transport.">
  <link rel="icon" href="/assets/apus.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/apus.css">
  <link rel="stylesheet" href="/assets/examples.css">
  <script src="/assets/theme.js"></script>
</head>
<body>
  <a class="skip" href="#examples">Skip to the examples</a>
  <header class="top">
    <div class="top-inner">
      <a class="brand" href="/">
        <svg viewBox="2 6 55 55" aria-hidden="true"><path transform="rotate(32 32 32)" d="M32 11c2.2 0 3.6 2.3 3.9 5.4C46 16 57 22.5 63 38c-8.5-9-18-12.3-27-11-.3 5.3-.8 9.7-1.4 13.5L38.5 55 32 46.5 25.5 55l3.9-14.5c-.6-3.8-1.1-8.2-1.4-13.5-9-1.3-18.5 2-27 11C7 22.5 18 16 28.1 16.4 28.4 13.3 29.8 11 32 11z"/></svg>
        Apus
      </a>
      <nav aria-label="Pages">
        <a href="/">Transports</a>
        <a href="/chat">Chat</a>
        <a href="/board">Board</a>
        <a href="/examples/" aria-current="page">Examples</a>
      </nav>
      <button id="theme" type="button" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 2v13a6.5 6.5 0 0 1 0-13Z"/></svg>
      </button>
    </div>
  </header>

  <main>
    <h1>One small file each</h1>
    <p class="lead">No library, no build: the shortest code for every transport, with nothing but what a browser has.
      Look at a page’s source, and save it to make it yours. Open two side by side: they share the channel
      <code>example</code>.</p>
    <ul class="examples" id="examples">
      <li><a class="card" href="/examples/short-polling.html"><h2>Short polling</h2><p>Ask again and again.</p><code>await fetch(url); setTimeout(poll, 1000)</code></a></li>
      <li><a class="card" href="/examples/long-polling.html"><h2>Long polling</h2><p>Ask; the answer waits.</p><code>while (true) await fetch(url)</code></a></li>
      <li><a class="card" href="/examples/iframe.html"><h2>Iframe</h2><p>An endless document of scripts.</p><code>&lt;iframe src="…?callback=received"&gt;</code></a></li>
      <li><a class="card" href="/examples/stream.html"><h2>HTTP stream</h2><p>One answer, a line a message.</p><code>response.body.getReader()</code></a></li>
      <li><a class="card" href="/examples/multipart-image.html"><h2>Multipart pictures</h2><p>Moving pictures without a script.</p><code>&lt;img src="…&amp;format=replace"&gt;</code></a></li>
      <li><a class="card" href="/examples/sse.html"><h2>Server-Sent Events</h2><p>The browser comes back by itself.</p><code>new EventSource(url)</code></a></li>
      <li><a class="card" href="/examples/websocket.html"><h2>WebSocket</h2><p>One socket, both ways.</p><code>new WebSocket(url)</code></a></li>
      <li><a class="card" href="/examples/publish.html"><h2>Publish</h2><p>Anything, with one POST.</p><code>fetch(url, { method: 'POST', body })</code></a></li>
    </ul>
  </main>
  <footer>What happens on the wire is written down in <code>spec/channels.md</code>.</footer>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/long-polling.html", digest: "23f427d51bfd4c9a729542ed97d91fb6", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Long polling · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Long polling</h1>
  <p>Ask, and the server answers when there is something. Then ask again, from the position in the <code>ETag</code>.</p>
  <pre>curl '<span id="origin">http://localhost:8080</span>/channels/example?transport=long-poll&amp;since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    async function follow() {
      let cursor = 'start';
      for (;;) {
        try {
          const response = await fetch(`/channels/example?transport=long-poll&since=${cursor}`);
          const messages = await response.json();
          cursor = response.headers.get('ETag').replace(/^W\//, '').replaceAll('"', '');
          for (const message of messages) if (!message.gap) show(message.data);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 1000)); // The network is away: it will be back.
        }
      }
    }

    follow();

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      fetch('/channels/example', { method: 'POST', body: document.querySelector('#text').value });
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/multipart-image.html", digest: "e3693efd6b96c1dbfd274eb00eca8a9e", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Multipart pictures · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
    img { max-width: 100%; border-radius: 0.5rem; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Multipart pictures</h1>
  <p>An <code>&lt;img&gt;</code> and no script: the server sends picture after picture, and the browser shows the newest (<code>multipart/x-mixed-replace</code>).</p>
  <pre>curl -N '<span id="origin">http://localhost:8080</span>/channels/camera?transport=stream&amp;format=replace' --output pictures</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish a picture</button></form>
  <p><img src="/channels/camera?transport=stream&amp;format=replace" alt="The newest picture on the channel camera"></p>
  <canvas width="32" height="20" hidden></canvas>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    const image = document.querySelector('img');
    const canvas = document.querySelector('canvas');
    const pen = canvas.getContext('2d');
    let last;

    // The browser shows every new picture but tells of the first only: look whether it has changed.
    setInterval(() => {
      if (!image.naturalWidth) return;
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      const picture = canvas.toDataURL();
      if (picture !== last) show(`Picture of ${image.naturalWidth} × ${image.naturalHeight}, ${new Date().toLocaleTimeString()}`);
      last = picture;
    }, 200);

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      const sheet = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
      const brush = sheet.getContext('2d');
      brush.fillStyle = '#2360d8';
      brush.fillRect(0, 0, 320, 200);
      brush.fillStyle = 'white';
      brush.font = '32px sans-serif';
      brush.fillText(document.querySelector('#text').value, 24, 110, 272);
      sheet.toBlob((picture) => fetch('/channels/camera', { method: 'POST', body: picture }));
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      const list = document.querySelector('#messages');
      list.prepend(item);
      if (list.children.length > 5) list.lastChild.remove();
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/publish.html", digest: "609ad96b4f8ed93a7ded5f3261819e92", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Publish · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Publish</h1>
  <p>A <code>POST</code> of anything: the body is the message, its content type is kept, and the answer says where the message stands. Open another example beside this one and watch it arrive.</p>
  <pre>curl -d 'Hello' '<span id="origin">http://localhost:8080</span>/channels/example'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script type="module">
    document.querySelector('#form').addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = document.querySelector('#text').value;
      const response = await fetch('/channels/example', { method: 'POST', body: text });
      const { cursor, subscribers } = await response.json();
      show(`${text} (at ${cursor}, for ${subscribers} subscribers)`);
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/short-polling.html", digest: "6e94f959c9f22e8a178552903ac64c20", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Short polling · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Short polling</h1>
  <p>Ask again and again, each time from the position that the last answer named in its <code>ETag</code>. Nothing new is an empty array.</p>
  <pre>curl '<span id="origin">http://localhost:8080</span>/channels/example?transport=poll&amp;since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    async function follow() {
      let cursor = 'start';
      for (;;) {
        try {
          const response = await fetch(`/channels/example?transport=poll&since=${cursor}`);
          const messages = await response.json();
          cursor = response.headers.get('ETag').replace(/^W\//, '').replaceAll('"', '');
          for (const message of messages) if (!message.gap) show(message.data);
        } catch { /* The network is away: it will be back. */ }
        await new Promise((resolve) => setTimeout(resolve, 1000)); // Only then: answers must not overtake each other.
      }
    }

    follow();

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      fetch('/channels/example', { method: 'POST', body: document.querySelector('#text').value });
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/sse.html", digest: "f8ea2db1318f34310313fe66b944e0a6", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Server-Sent Events · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>Server-Sent Events</h1>
  <p>The browser’s own <code>EventSource</code>. It comes back by itself and tells the server where it was: nothing is lost.</p>
  <pre>curl -N '<span id="origin">http://localhost:8080</span>/channels/example?transport=sse&amp;since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    const source = new EventSource('/channels/example?transport=sse&since=start');
    source.onmessage = (event) => show(event.data);

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      fetch('/channels/example', { method: 'POST', body: document.querySelector('#text').value });
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/stream.html", digest: "1eea5c9aa9c4d76300ad812d007d60fd", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>HTTP stream · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>HTTP stream</h1>
  <p>One answer that does not end, one message a line (NDJSON). An empty line only says that the stream is alive.</p>
  <pre>curl -N '<span id="origin">http://localhost:8080</span>/channels/example?transport=stream&amp;since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    let cursor = 'start';

    async function follow() {
      const response = await fetch(`/channels/example?transport=stream&since=${cursor}`);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        for (const line of lines.filter(Boolean)) {
          const message = JSON.parse(line);
          cursor = message.cursor;
          if (!message.gap) show(message.data);
        }
      }
    }

    const again = () => setTimeout(start, 1000);
    const start = () => follow().then(again, again);
    start();

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      fetch('/channels/example', { method: 'POST', body: document.querySelector('#text').value });
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin; // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "examples/websocket.html", digest: "299e48927836f9dc9ae32f9afd7a8799", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>WebSocket · Apus examples</title>
  <link rel="icon" href="data:,">
  <style>
    :root { color-scheme: light dark; accent-color: #3b74e6; }
    body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; }
    pre { padding: 0.875rem 1rem; border-radius: 0.5rem; background: #8882; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; }
    form { display: flex; gap: 0.5rem; }
    #text { flex: 1; min-width: 0; }
    #text, button { font: inherit; padding: 0.375rem 0.75rem; }
    li { overflow-wrap: anywhere; }
  </style>
</head>
<body data-received="0">
  <p><a href="./">Examples</a></p>
  <h1>WebSocket</h1>
  <p>A raw socket: every message is one frame, and what you send is published. To resume after a cut, use the subprotocol <code>apus.envelope.v1</code>, which names the position of each message.</p>
  <pre>curl -N '<span id="origin">ws://localhost:8080</span>/channels/example?since=start'</pre>
  <form id="form"><input id="text" aria-label="Text" value="Hello" autocomplete="off"><button id="send">Publish</button></form>
  <ul id="messages" aria-live="polite"></ul>

  <script>
    const address = location.href.replace(/^http/, 'ws');
    const socket = new WebSocket(new URL('/channels/example?since=start', address));
    socket.onmessage = (event) => show(event.data);

    document.querySelector('#form').addEventListener('submit', (event) => {
      event.preventDefault();
      socket.send(document.querySelector('#text').value);
    });

    function show(text) {
      const item = document.createElement('li');
      item.textContent = text;
      document.querySelector('#messages').prepend(item);
      document.body.dataset.received++;
    }

    document.querySelector('#origin').textContent = location.origin.replace(/^http/, 'ws'); // in the curl line
  </script>
</body>
</html>

"""#)),
        EmbeddedFile(path: "index.html", digest: "bf0e2ac5831526522166f0f497cd6bbc", body: .text(#"""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Apus: one channel, seven transports</title>
  <meta name="description" content="Seven ways to receive the same messages, side by side, with what each costs.">
  <link rel="icon" href="/assets/apus.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/apus.css">
  <link rel="stylesheet" href="/assets/gallery.css">
  <script src="/assets/theme.js"></script>
  <script type="module" src="/assets/gallery/gallery.js"></script>
</head>
<body>
  <a class="skip" href="#cards">Skip to the transports</a>
  <header class="top">
    <div class="top-inner">
      <a class="brand" href="/">
        <svg viewBox="2 6 55 55" aria-hidden="true"><path transform="rotate(32 32 32)" d="M32 11c2.2 0 3.6 2.3 3.9 5.4C46 16 57 22.5 63 38c-8.5-9-18-12.3-27-11-.3 5.3-.8 9.7-1.4 13.5L38.5 55 32 46.5 25.5 55l3.9-14.5c-.6-3.8-1.1-8.2-1.4-13.5-9-1.3-18.5 2-27 11C7 22.5 18 16 28.1 16.4 28.4 13.3 29.8 11 32 11z"/></svg>
        Apus
      </a>
      <nav aria-label="Pages">
        <a href="/" aria-current="page">Transports</a>
        <a href="/chat">Chat</a>
        <a href="/board">Board</a>
        <a href="/examples/">Examples</a>
      </nav>
      <button id="theme" type="button" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 2v13a6.5 6.5 0 0 1 0-13Z"/></svg>
      </button>
    </div>
  </header>

  <main>
    <section class="intro">
      <div>
        <h1>One channel, seven ways to hear it.</h1>
        <p class="lead">Every card receives the same messages over another transport. Cut one, let it come back, or move
          it to another: it goes on from its cursor, and nothing is lost.</p>
      </div>
      <form class="channel" id="channel-form">
        <label for="channel">Channel</label>
        <input class="field" id="channel" name="channel" autocomplete="off" spellcheck="false" required maxlength="255">
        <button type="submit">Change</button>
      </form>
    </section>

    <dl class="summary number" id="summary" aria-live="off">
      <div><dt>Messages received</dt><dd id="total">0<small></small></dd></div>
      <div><dt>Lost</dt><dd id="lost" class="none-lost">0<small></small></dd></div>
      <div><dt>Fastest</dt><dd id="fastest">–<small></small></dd></div>
      <div><dt>Cheapest</dt><dd id="cheapest">–<small></small></dd></div>
    </dl>

    <p class="notice" id="connections" role="status" hidden>Six cards hold an HTTP connection. That is all that a browser
      opens to one host over HTTP/1.1, so what else wants to be asked must wait: move one card to WebSocket or short
      polling. (Over HTTP/2 there is no such limit.)</p>

    <section class="cards" id="cards" aria-label="Transports">
      <div class="card publish">
        <div class="card-head"><div><h2>Publish</h2><p>to everyone on this channel</p></div></div>
        <form id="publish">
          <input class="field" id="text" autocomplete="off" placeholder="Say something" aria-label="Text of the message" maxlength="1000">
          <button class="primary" id="send" type="submit">Publish</button>
          <div class="pair">
            <button type="button" id="every-second" aria-pressed="false">Every second</button>
            <button type="button" id="burst">Burst of 100</button>
          </div>
          <label class="interval" for="interval">Short polls every
            <input type="range" id="interval" min="250" max="5000" step="250" value="1000">
            <output class="number" id="interval-shown" for="interval">1 s</output>
          </label>
          <div class="pair">
            <button type="button" id="cut-all">Cut all</button>
            <button type="button" id="resume-all">Resume all</button>
          </div>
        </form>
        <p class="hint">Try this: cut a card, send a burst, and resume the card. Or move its cursor from WebSocket to
          long polling in the middle of a burst.</p>
        <p class="sent number"><span id="published">0</span> published <span id="publish-error" role="alert"></span></p>
      </div>
    </section>

    <details class="how">
      <summary>How is this counted?</summary>
      <dl>
        <div><dt>Lost, duplicates</dt><dd>Each message carries its publisher’s name and a number: 1, 2, 3… A number that
          is passed over counts as lost until it arrives; one that arrives twice is a duplicate. Gaps are those that the
          server announced.</dd></div>
        <div><dt>Latency</dt><dd>The page writes its clock into each message that it publishes and reads it again on
          arrival, so this is the whole way up and down. Messages that were caught up after a cut don’t count. The
          50th and 95th percentiles are over the last 100 messages.</dd></div>
        <div><dt>Bytes per message</dt><dd>All bytes of this subscription, divided by the messages it received: request
          heads, response heads, bodies. Bodies are counted as they arrive, with the framing that the browser strips
          computed: chunk sizes of HTTP/1.1 (one chunk for each read or event), WebSocket frame headers, the field
          names of Server-Sent Events. Request heads are measured by the server, <code>GET /wire/head</code>, on a
          request with the same headers. Response heads are the status line and all headers that a script may see; for
          EventSource and the iframe, which show none, one extra request asks for them. The WebSocket handshake is
          computed from what RFC 6455 prescribes; if frames are compressed, they are counted as they were before.
          Counted as HTTP/1.1, without TLS and TCP.</dd></div>
        <div><dt>The plot</dt><dd>The last 60 seconds. The line is latency, on a logarithmic scale from 0.1 ms to 10 s
          that all cards share; the bars are bytes per second, each card for itself.</dd></div>
      </dl>
    </details>
  </main>
  <footer>Every card is one small module you can read: <a href="/assets/transports/websocket.js">websocket.js</a>,
    <a href="/assets/transports/sse.js">sse.js</a>, <a href="/assets/transports/stream.js">stream.js</a> and their
    siblings. Shorter still are <a href="/examples/">the examples</a>.</footer>

  <template id="card">
    <article class="card">
      <div class="card-head"><div><h2 class="title"></h2><p class="means"></p></div><span class="state"></span></div>
      <div class="latency number">
        <span class="now">–</span>
        <span class="rest">p50 <b class="p50">–</b> &nbsp; p95 <b class="p95">–</b><br><b class="cost">–</b> a message</span>
      </div>
      <figure class="plot">
        <svg viewBox="0 0 60 40" preserveAspectRatio="none" aria-hidden="true">
          <path class="byte-bars"/><path class="base" d="M0 40H60"/><path class="latency-line"/>
        </svg>
        <figcaption><span>latency, 60 s</span><span class="rate number"></span></figcaption>
      </figure>
      <dl class="counts number">
        <div><dt>received</dt><dd class="received">0</dd></div>
        <div><dt>lost</dt><dd class="lost">0</dd></div>
        <div><dt>twice</dt><dd class="duplicates">0</dd></div>
        <div><dt>gaps</dt><dd class="gaps">0</dd></div>
        <div><dt>returns</dt><dd class="reconnects">0</dd></div>
      </dl>
      <ol class="messages" aria-label="Last messages"></ol>
      <p class="where"><span class="mono cursor" title="Cursor: where this subscription stands"></span><output class="note" aria-live="polite"></output></p>
      <div class="actions">
        <button class="small cut" type="button">Cut</button>
        <button class="small resume" type="button" hidden>Resume</button>
        <button class="small cut-briefly" type="button">Cut for 5 s</button>
        <select class="small move" aria-label="Move to another transport"><option value="">Move to…</option></select>
      </div>
    </article>
  </template>
</body>
</html>

"""#)),
    ]
}
