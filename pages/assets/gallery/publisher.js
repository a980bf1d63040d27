import { post } from '../transports/publish.js';
import { open as openWebSocket } from '../transports/websocket.js';

const BATCH = 100; // messages in one POST, the server's limit

/** @returns {number} this page's clock in milliseconds, finer than Date.now() */
export function clock() {
  return performance.timeOrigin + performance.now();
}

/**
 * Publishes numbered messages: over a WebSocket, because the cards hold nearly all HTTP connections that a browser
 * opens to one host; by POST where there is no WebSocket.
 */
export class Publisher {
  name = Math.random().toString(36).slice(2, 8);
  number = 0;
  confirmed = 0;
  #channel;
  #socket;

  /** @param {string} channel @param {string} since */
  constructor(channel, since) {
    this.#channel = channel;
    this.#socket = openWebSocket({ channel, since });
  }

  /**
   * @param {string} text
   * @param {number} [count] how many at once
   */
  async publish(text, count = 1) {
    const messages = Array.from({ length: count }, () => this.#message(text));
    const sent = await Promise.allSettled(messages.map((message) => this.#socket.publish(message)));
    const refused = messages.filter((_, i) => sent[i].status === 'rejected');
    this.confirmed += count - refused.length;
    for (let i = 0; i < refused.length; i += BATCH) {
      const batch = refused.slice(i, i + BATCH);
      await post(this.#channel, batch);
      this.confirmed += batch.length;
    }
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
