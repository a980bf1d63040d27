/**
 * How many bytes went over the wire, as far as a page can know: exact for what it sees, by each protocol's framing for
 * what the browser strips, and measured by asking the server (`/wire/head`) for what the browser adds.
 */

const utf8 = new TextEncoder();
const ASSUMED_HEAD = 480; // bytes, where the server does not answer /wire/head
const HEAD_PATH = '/wire/head';
const measured = new Map();

/** @param {string} text @returns {number} bytes of UTF-8 */
export function byteCount(text) {
  return utf8.encode(text).length;
}

/** @param {number} size bytes of one chunk @returns {number} what chunked coding makes of it (RFC 9112 §7.1) */
export function chunkBytes(size) {
  return size.toString(16).length + 2 + size + 2;
}

/** @param {number} size payload bytes @returns {number} one unmasked WebSocket frame (RFC 6455 §5.2) */
export function frameBytes(size) {
  return size + (size < 126 ? 2 : size < 65_536 ? 4 : 10);
}

/** @param {number} size payload bytes @returns {number} one masked frame, from client to server */
export function maskedFrameBytes(size) {
  return frameBytes(size) + 4;
}

/**
 * The request head that fetch sends: the server measures one with the same headers, and only lengths differ.
 * @param {string} path path and query of the request to be counted
 * @param {Record<string, string>} [headers]
 * @returns {Promise<number>} bytes
 */
export async function requestHead(path, headers = {}) {
  const kind = Object.keys(headers).sort().join();
  if (!measured.has(kind)) measured.set(kind, measure(headers));
  return (await measured.get(kind)) + path.length + valueLength(headers);
}

async function measure(headers) {
  try {
    const answer = await fetch(HEAD_PATH, { headers, cache: 'no-store' });
    return told(await answer.json()) - HEAD_PATH.length - valueLength(headers);
  } catch {
    return ASSUMED_HEAD;
  }
}

/** An error's JSON has no bytes to tell. */
function told({ bytes }) {
  if (!Number.isFinite(bytes)) throw new Error('the server does not tell');
  return bytes;
}

function valueLength(headers) {
  return Object.values(headers).join('').length;
}

/**
 * The request head of a navigation in a frame, which differs from fetch's: measured with a frame.
 * @param {string} path
 * @returns {Promise<number>} bytes
 */
export async function frameRequestHead(path) {
  if (!measured.has('frame')) measured.set('frame', measureInFrame());
  return (await measured.get('frame')) + path.length;
}

function measureInFrame() {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.addEventListener('load', () => {
      let bytes = ASSUMED_HEAD;
      try {
        bytes = told(JSON.parse(frame.contentDocument.body.textContent)) - HEAD_PATH.length;
      } catch { /* the server does not tell: the assumption stays */ }
      frame.remove();
      resolve(bytes);
    });
    frame.src = HEAD_PATH;
    document.body.append(frame);
  });
}

/**
 * A WebSocket handshake: fetch's head, and the lines that RFC 6455 §4.1 adds.
 * @param {string} path
 * @param {WebSocket} socket an open one
 * @returns {Promise<number>} bytes of request and response heads together
 */
export async function handshakeBytes(path, socket) {
  const asked = [
    'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'k'.repeat(24)}`,
    `Sec-WebSocket-Protocol: ${socket.protocol}`, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  ];
  const answered = [
    'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${'a'.repeat(28)}`, `Sec-WebSocket-Protocol: ${socket.protocol}`,
    ...(socket.extensions ? [`Sec-WebSocket-Extensions: ${socket.extensions}`] : []), '',
  ];
  return (await requestHead(path)) + lineBytes(asked) + lineBytes(answered);
}

function lineBytes(lines) {
  return lines.reduce((sum, line) => sum + line.length + 2, 0);
}

/** @param {Response} response @returns {number} bytes of the status line and of the headers that the page can see */
export function responseHead(response) {
  let bytes = `HTTP/1.1 ${response.status} ${response.statusText}\r\n\r\n`.length;
  for (const [name, value] of response.headers) bytes += name.length + value.length + 4;
  return bytes;
}

/**
 * The response head of a stream that the browser reads by itself: asked for once with fetch, and dropped.
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<number>} bytes
 */
export async function streamResponseHead(path, headers = {}) {
  const kind = `response of ${new URL(path, location.href).searchParams.get('transport')}`;
  if (!measured.has(kind)) measured.set(kind, probe(path, headers));
  return measured.get(kind);
}

async function probe(path, headers) {
  const abort = new AbortController();
  try {
    return responseHead(await fetch(path, { headers, cache: 'no-store', signal: abort.signal }));
  } catch {
    return 0;
  } finally {
    abort.abort();
  }
}
