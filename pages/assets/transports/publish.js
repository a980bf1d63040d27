import { channelPath } from './link.js';

const MESSAGE = 'application/vnd.apus.message+json';

/**
 * Publishes with an ordinary POST. One message, or an array of up to 100 that are published together.
 * @param {string} channel
 * @param {object | object[]} message `{data, event, id, type}`
 * @returns {Promise<object>} the answer: `{cursor, epoch, offset, subscribers}`
 */
export async function post(channel, message) {
  const response = await fetch(channelPath(channel), {
    method: 'POST', headers: { 'Content-Type': MESSAGE }, body: JSON.stringify(message),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? `status ${response.status}`);
  return answer;
}

/**
 * Publishes while the page goes away, when fetch would be cut off.
 * @param {string} channel
 * @param {object} message
 */
export function postOnLeaving(channel, message) {
  navigator.sendBeacon(channelPath(channel), new Blob([JSON.stringify(message)], { type: MESSAGE }));
}
