/**
 * Counts what arrived against what was published: every publisher numbers its messages 1, 2, 3…, so that each loss and
 * each duplicate shows.
 */
export class Ledger {
  received = 0;
  duplicates = 0;
  #publishers = new Map();

  /** @param {string} own this page's publisher, which is heard from its first message on; others from where we came in */
  constructor(own) {
    this.#publishers.set(own, { complete: 0, highest: 0, beyond: new Set() });
  }

  /** @returns {number} numbers that were passed over and have not come */
  get lost() {
    let lost = 0;
    for (const { complete, highest, beyond } of this.#publishers.values()) lost += highest - complete - beyond.size;
    return lost;
  }

  /**
   * A message that carries no number: it can only be counted.
   */
  countUnnumbered() {
    this.received += 1;
  }

  /**
   * A numbered message.
   * @param {string} publisher
   * @param {number} number
   */
  count(publisher, number) {
    this.received += 1;
    const seen = this.#publishers.get(publisher) ?? { complete: number - 1, highest: number - 1, beyond: new Set() };
    this.#publishers.set(publisher, seen);
    if (number <= seen.complete || seen.beyond.has(number)) {
      this.duplicates += 1;
      return;
    }
    seen.highest = Math.max(seen.highest, number);
    seen.beyond.add(number);
    while (seen.beyond.delete(seen.complete + 1)) seen.complete += 1;
  }
}
