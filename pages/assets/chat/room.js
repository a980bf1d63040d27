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
