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
