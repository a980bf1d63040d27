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
