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
