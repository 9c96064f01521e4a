// Makes an element. Text goes in as text nodes, never as markup: what a job wrote can't become part of the page.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

export function time(timestamp) {
  return timestamp
    ? el('time', { datetime: timestamp, title: timestamp }, new Date(timestamp).toLocaleString())
    : '';
}

export function clock(timestamp) {
  return el('time', { datetime: timestamp, title: timestamp }, timestamp ? timestamp.slice(11, 23).replace('Z', '').padEnd(12, ' ') : '');
}

const withoutPrefix = (status) => (status ?? '').replace('EXECUTION_STATUS_', '');

export function status(word) {
  const short = withoutPrefix(word);
  return el('span', { class: 'status', 'data-status': short }, short.toLowerCase());
}

// What the reader can do about a problem.
function remedy(problem) {
  if (problem.status === 401) {
    return 'The server wants a bearer token, which this page can\'t send. Use the command line, or let the node serve callers without credentials.';
  }
  if (problem.status === 404) {
    return 'It may not have been recorded yet, or be another tenant\'s.';
  }
  return problem.status === 0 || problem.status >= 500 || problem.status === 429 ? 'Try again in a moment.' : '';
}

export function problemBox(problem, again) {
  return el(
    'div',
    { class: 'problem', role: 'alert', 'data-code': problem.code },
    el('p', {}, `${problem.title ?? 'Error'}: ${problem.message}`),
    el('p', { class: 'note' }, remedy(problem)),
    again && el('button', { type: 'button', click: again }, 'Try again'),
  );
}
