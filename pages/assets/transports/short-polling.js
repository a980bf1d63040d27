import { channelPath, keepOpen } from './link.js';
import { requestHead, responseHead } from './wire.js';

const INTERVAL = 1000; // milliseconds
const FULL_PAGE = 1000; // messages: more wait when an answer holds so many

/**
 * Short polling: ask, take what is there, ask again after a while. Nothing new is a `304` without a body.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();
    let etag, timer;

    async function poll() {
      const path = channelPath(link.channel, { transport: 'poll', since: link.cursor ?? 'now' });
      const headers = etag ? { 'If-None-Match': etag } : {};
      requestHead(path, headers).then(link.bytes);
      const response = await fetch(path, { headers, cache: 'no-store', signal: abort.signal });
      if (!response.ok && response.status !== 304) throw new Error(`status ${response.status}`);
      const body = await response.arrayBuffer();
      link.bytes(responseHead(response) + body.byteLength);
      link.live();
      etag = response.headers.get('ETag');
      const messages = response.status === 304 ? [] : JSON.parse(new TextDecoder().decode(body));
      messages.forEach(link.deliver);
      link.moved(etag?.replace(/^W\//, '').replaceAll('"', ''));
      const wait = messages.length >= FULL_PAGE ? 0 : (options.interval ?? INTERVAL);
      if (link.current) timer = setTimeout(run, wait);
    }

    const run = () => poll().catch(link.lost);
    run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  });
}
