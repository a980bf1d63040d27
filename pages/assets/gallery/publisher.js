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
