const KEPT = 100; // latencies for the percentiles
const SECONDS = 60;
const FASTEST = 0.1; // milliseconds, the foot of the plot
const DECADES = 5; // to 10 s, its head
const HEIGHT = 40;

/** The latencies and bytes of one card: the last hundred for percentiles, and the last minute for the plot. */
export class Series {
  #latest = [];
  #seconds = new Map(); // by whole second: { latency, bytes }

  /** @param {number} milliseconds */
  addLatency(milliseconds) {
    this.#latest.push(milliseconds);
    if (this.#latest.length > KEPT) this.#latest.shift();
    const second = this.#second();
    second.latency = Math.max(second.latency, milliseconds);
  }

  /** @param {number} bytes */
  addBytes(bytes) {
    this.#second().bytes += bytes;
  }

  /** @returns {number | undefined} the last latency in milliseconds */
  get last() {
    return this.#latest.at(-1);
  }

  /** @param {number} share 0 to 1 @returns {number | undefined} milliseconds */
  percentile(share) {
    const sorted = [...this.#latest].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  /** @returns {{line: string, bars: string, most: number}} SVG paths for a box of 60 × 40, and the highest bytes a second */
  paths() {
    const first = now() - SECONDS + 1;
    for (const second of this.#seconds.keys()) if (second < first) this.#seconds.delete(second);
    const known = [...this.#seconds].sort(([a], [b]) => a - b);
    const most = known.reduce((max, [, { bytes }]) => Math.max(max, bytes), 0);
    const heard = known.filter(([, { latency }]) => latency > 0);
    return {
      most,
      line: heard.map(([at, { latency }], i) => `${i ? 'L' : 'M'}${at - first + 0.5} ${height(latency)}`).join(''),
      bars: known.filter(([, { bytes }]) => bytes > 0)
        .map(([at, { bytes }]) => bar(at - first, (bytes / most) * HEIGHT * 0.55)).join(''),
    };
  }

  #second() {
    const at = now();
    if (!this.#seconds.has(at)) this.#seconds.set(at, { latency: 0, bytes: 0 });
    return this.#seconds.get(at);
  }
}

function now() {
  return Math.floor(performance.now() / 1000);
}

function height(latency) {
  const decades = Math.log10(Math.max(latency, FASTEST) / FASTEST);
  return (HEIGHT - (Math.min(decades, DECADES) / DECADES) * HEIGHT).toFixed(2);
}

function bar(at, size) {
  return `M${at + 0.15} ${HEIGHT}v-${size.toFixed(2)}h0.7v${size.toFixed(2)}z`;
}
