import { channelPath, keepOpen } from './link.js';
import { chunkBytes, requestHead, responseHead } from './wire.js';

/**
 * An HTTP stream: one answer that does not end, one message a line (NDJSON). An empty line is a heartbeat.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function run() {
      const path = channelPath(link.channel, { transport: 'stream', since: link.cursor ?? 'now' });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      link.bytes(responseHead(response));
      link.live();
      link.heard();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        link.heard();
        link.bytes(chunkBytes(value.byteLength));
        const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
        rest = lines.pop();
        for (const line of lines) if (line) link.deliver(JSON.parse(line));
      }
    }

    run().then(link.lost, link.lost);
    return () => abort.abort();
  });
}
