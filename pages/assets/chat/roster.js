const GONE_AFTER = 75_000; // milliseconds without a sign of life

/** Who is in the room, from what came on the channel: joins, leaves, and signs of life in between. */
export class Roster {
  #clients = new Map(); // by client: { name, seen }

  /**
   * @param {string} event
   * @param {{client: string, name: string}} who
   * @param {number} time when, milliseconds since 1970
   * @returns {boolean} whether the client was here before
   */
  note(event, { client, name }, time) {
    const before = this.#clients.has(client);
    if (event === 'leave') this.#clients.delete(client);
    else this.#clients.set(client, { name, seen: time });
    return before;
  }

  /**
   * @param {number} now milliseconds since 1970
   * @returns {[string, string][]} client and name of all who are here, by name
   */
  present(now) {
    for (const [client, { seen }] of this.#clients) if (now - seen > GONE_AFTER) this.#clients.delete(client);
    return [...this.#clients].map(([client, { name }]) => [client, name]).sort(([, a], [, b]) => a.localeCompare(b));
  }
}
