import { channelPath, keepOpen } from './link.js';
import { chunkBytes, requestHead, responseHead } from './wire.js';

const utf8 = new TextDecoder();
const EMPTY_LINE = [13, 10, 13, 10];

/**
 * A multipart stream (`multipart/mixed`): every message is a part with its own content type and its own bytes.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const abort = new AbortController();

    async function run() {
      const path = channelPath(link.channel, { transport: 'stream', format: 'mixed', since: link.cursor ?? 'now' });
      requestHead(path).then(link.bytes);
      const response = await fetch(path, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      link.bytes(responseHead(response));
      link.live();
      const reader = response.body.getReader();
      const feed = partReader((headers, bytes) => link.deliver(messageOf(headers, bytes)));
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        link.bytes(chunkBytes(value.byteLength));
        feed(value);
      }
    }

    run().then(link.lost, link.lost);
    return () => abort.abort();
  });
}

/**
 * Reads parts as they grow. Every part tells its length, so its bytes are never searched for a boundary.
 * @param {(headers: Map<string, string>, bytes: Uint8Array) => void} onPart
 * @returns {(bytes: Uint8Array) => void} what to feed with the stream
 */
export function partReader(onPart) {
  let buffer = new Uint8Array();
  return (bytes) => {
    buffer = joined(buffer, bytes);
    for (;;) {
      const headEnd = indexOf(buffer, EMPTY_LINE);
      if (headEnd < 0) return;
      const headers = headersOf(utf8.decode(buffer.subarray(0, headEnd)));
      const bodyStart = headEnd + EMPTY_LINE.length;
      const bodyEnd = bodyStart + Number(headers.get('content-length') ?? 0);
      if (buffer.length < bodyEnd) return;
      if (headers.has('content-length')) onPart(headers, buffer.slice(bodyStart, bodyEnd));
      buffer = buffer.slice(bodyEnd);
    }
  };
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function indexOf(bytes, wanted) {
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** The boundary line, which stands before the headers, has no colon after a name and so falls away. */
function headersOf(text) {
  const pairs = text.split('\r\n').map((line) => /^([A-Za-z-]*[A-Za-z]): *(.*)$/.exec(line));
  return new Map(pairs.filter(Boolean).map(([, name, value]) => [name.toLowerCase(), value]));
}

function messageOf(headers, bytes) {
  const cursor = headers.get('apus-cursor');
  const type = headers.get('content-type') ?? 'application/octet-stream';
  if (type === 'application/vnd.apus.gap+json') return { cursor, gap: JSON.parse(utf8.decode(bytes)) };
  if (!cursor) return {}; // A part that is no message: nothing to deliver.
  const message = { cursor, event: headers.get('apus-event'), type };
  if (/^application\/(.+\+)?json\b/.test(type)) return { ...message, data: JSON.parse(utf8.decode(bytes)) };
  if (/^text\/|\bxml\b|javascript/.test(type)) return { ...message, data: utf8.decode(bytes) };
  return { ...message, data: new Blob([bytes], { type }) };
}
