import { backOff } from '../transports/link.js';
import { showQuote } from './quotes.js';
import { showTicket } from './tickets.js';
import { showWeather } from './weather.js';

const BOARD = '/channels/board';
const CAMERA = '/channels/camera?transport=stream&format=replace';
const shows = { quote: showQuote, weather: showWeather, ticket: showTicket };
const counts = { quote: 'quotes', weather: 'weather', ticket: 'tickets' };

/** EventSource comes back by itself, with the id of the last event; only where the browser gives up are we asked. */
function followBoard(since, attempt = 0) {
  const source = new EventSource(`${BOARD}?transport=sse&since=${encodeURIComponent(since)}`);
  let cursor = since;

  source.onopen = () => {
    attempt = 0;
    showState('live');
  };
  source.onerror = () => {
    showState('resuming');
    if (source.readyState === EventSource.CLOSED) setTimeout(followBoard, backOff(attempt), cursor, attempt + 1);
  };
  for (const [name, show] of Object.entries(shows)) {
    source.addEventListener(name, (event) => {
      cursor = event.lastEventId || cursor;
      show(JSON.parse(event.data));
      document.body.dataset[counts[name]] = Number(document.body.dataset[counts[name]]) + 1;
    });
  }
}

function followCamera() {
  const image = document.querySelector('#camera');
  let attempt = 0;
  image.addEventListener('load', () => {
    attempt = 0;
    image.parentElement.classList.add('shown');
  });
  image.addEventListener('error', () => {
    setTimeout(() => { image.src = CAMERA; }, backOff(++attempt));
  });
  image.src = CAMERA;
}

function showState(state) {
  document.body.dataset.state = state;
  document.querySelector('#state').textContent = state;
}

followBoard('start');
followCamera();
document.querySelector('#curl').textContent
  = `curl -H 'Content-Type: application/json' -d '{"symbol":"APUS","price":125,"change":1.5}' '${location.origin}${BOARD}?event=quote'`;
