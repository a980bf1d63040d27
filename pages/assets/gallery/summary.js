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
