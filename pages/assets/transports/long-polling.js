import { channelPath, keepOpen } from './link.js';
import { requestHead, responseHead } from './wire.js';

const TIMEOUT = 25; // seconds that the server may hold a request

/**
 * Long polling: ask, and the answer waits until there is something. Then ask again, from there.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function poll(timeout) {
      const path = channelPath(link.channel, { transport: 'long-poll', since: link.cursor ?? 'now', timeout });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const body = await response.arrayBuffer();
      link.bytes(responseHead(response) + body.byteLength);
      link.live();
      JSON.parse(new TextDecoder().decode(body)).forEach(link.deliver);
      link.moved(response.headers.get('ETag')?.replace(/^W\//, '').replaceAll('"', ''));
    }

    async function run() {
      await poll(1); // A short first one shows early that the server is there.
      while (link.current) await poll(TIMEOUT);
    }

    run().catch(link.lost);
    return () => abort.abort();
  });
}
