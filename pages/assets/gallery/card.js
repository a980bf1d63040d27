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
