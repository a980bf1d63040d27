import { channelPath, keepOpen } from './link.js';
import { byteCount, chunkBytes, frameRequestHead, streamResponseHead } from './wire.js';

const LOOK_EVERY = 100; // milliseconds
const PREAMBLE = 2048; // bytes, at least: so that browsers begin to show the document
const callbacks = (window.apusFrames = {}); // the frames' scripts call parent.apusFrames.fN(message)
let frames = 0;

/**
 * An iframe: a document that never ends, in which every message is a small script that calls this page.
 * @param {import('./link.js').Options} options
 * @returns {import('./link.js').Subscription}
 */
export function open(options) {
  return keepOpen(options, (link) => {
    const name = `f${++frames}`;
    const path = channelPath(link.channel, {
      transport: 'iframe', callback: `apusFrames.${name}`, since: link.cursor ?? 'now',
    });
    const frame = document.createElement('iframe');
    frame.hidden = true;

    callbacks[name] = (message) => {
      // The scripts have done their work: an endless document would grow for ever with them.
      for (const script of [...frame.contentDocument.scripts]) {
        link.bytes(chunkBytes(byteCount(`${script.outerHTML}\n`)));
        script.remove();
      }
      link.deliver(message);
    };

    const heartbeat = new MutationObserver(link.heard);
    // No event says that the document has begun, only (`load`) that it has ended.
    const look = setInterval(() => {
      if (!hasBegun(frame)) return;
      clearInterval(look);
      link.live();
      // A connection that breaks shows in no event at all, only in silence: heartbeats are comments in the document.
      heartbeat.observe(frame.contentDocument, { childList: true, subtree: true });
      link.heard();
      frameRequestHead(path).then(link.bytes);
      streamResponseHead(path, { Accept: 'text/html' }).then(link.bytes);
      link.bytes(chunkBytes(PREAMBLE));
    }, LOOK_EVERY);

    frame.addEventListener('load', link.lost);
    frame.src = path;
    document.body.append(frame);
    return () => {
      clearInterval(look);
      heartbeat.disconnect();
      frame.remove();
      delete callbacks[name];
    };
  });
}

function hasBegun(frame) {
  try {
    return frame.contentWindow.location.href !== 'about:blank';
  } catch {
    return false; // The browser's own error page, which `load` will report.
  }
}
