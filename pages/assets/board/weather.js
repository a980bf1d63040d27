import { drawing, element } from './make.js';

const CLOUD = 'M7 17h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 9.6 3.75 3.75 0 0 0 7 17Z';
const LOW_CLOUD = 'M7 14h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 6.6 3.75 3.75 0 0 0 7 14Z';
const SKIES = {
  sunny: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  cloudy: CLOUD,
  rain: `${LOW_CLOUD}M8 17.5l-1 3M12.5 17.5l-1 3M17 17.5l-1 3`,
  storm: `${LOW_CLOUD}M12.5 16l-2.5 3h3.5l-2.5 3`,
  snow: `${LOW_CLOUD}M8 18v.01M12 18v.01M16 18v.01M10 21v.01M14 21v.01`,
  fog: 'M4 8h12M8 12h12M4 16h14M9 20h9',
  windy: 'M3 9h11a3 3 0 1 0-3-3M3 13h15a3 3 0 1 1-3 3M3 17h7a2 2 0 1 1-2 2',
};
const WORDS = [['storm|thunder', 'storm'], ['snow|sleet|hail', 'snow'], ['rain|shower|drizzle', 'rain'], ['fog|mist|haz', 'fog'],
  ['wind', 'windy'], ['cloud|overcast', 'cloudy'], ['', 'sunny']];
const list = document.querySelector('#weather');
const tiles = new Map(); // by city

/** @param {{city: string, temperature: number, wind: number, sky: string}} report */
export function showWeather({ city, temperature, wind, sky }) {
  if (!tiles.has(city)) tiles.set(city, list.appendChild(element('li')));
  const [, kind] = WORDS.find(([words]) => new RegExp(words).test(String(sky)));
  tiles.get(city).replaceChildren(
    element('span', 'city', city),
    drawing('0 0 24 24', SKIES[kind]),
    element('span', 'temperature number', `${Math.round(temperature)}°`),
    element('span', 'more number', `${sky}, wind ${wind.toFixed(1)} m/s`),
  );
}
