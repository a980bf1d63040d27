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
