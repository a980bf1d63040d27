/** @param {number | undefined} value milliseconds @returns {string} */
export function milliseconds(value) {
  if (value === undefined) return '–';
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} s`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** @param {number | undefined} value @returns {string} */
export function bytes(value) {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} kB`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)} kB`;
  return `${Math.round(value)} B`;
}
