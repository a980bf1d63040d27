import { element } from './make.js';

const SHOWN = 7;
const STATUSES = ['open', 'assigned', 'solved'];
const list = document.querySelector('#tickets');
const tickets = new Map(); // by id, the one that changed last at the end

/** @param {{id: number, title: string, status: string, who: string}} ticket */
export function showTicket(ticket) {
  tickets.delete(ticket.id);
  tickets.set(ticket.id, ticket);
  if (tickets.size > SHOWN) tickets.delete(tickets.keys().next().value);
  list.replaceChildren(...[...tickets.values()].reverse().map(row));
}

function row({ id, title, status, who }) {
  const made = element('li');
  const text = element('span', 'title', title);
  if (who) text.append(element('span', 'who', ` · ${who}`));
  made.append(element('span', 'id number', `#${id}`), text, element('span', `status ${STATUSES.includes(status) ? status : ''}`, status));
  return made;
}
