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
