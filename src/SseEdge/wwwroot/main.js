import { el, problemBox } from './dom.js';
import { execution } from './execution.js';
import { executions, jobs } from './lists.js';

const view = document.getElementById('view');
const trail = document.getElementById('trail');
let leave = () => {};

// #/  |  #/jobs/JOB  |  #/jobs/JOB/executions/EXECUTION
function show() {
  leave();
  leave = () => {};
  view.replaceChildren();
  let words = [];
  try {
    words = location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
  } catch {
    view.append(problemBox({ title: 'No such page', message: `${location.hash} is not an address of this page: a % in it stands for nothing.` }));
  }
  const isReadable = words.length > 0;
  const [, jobId, , executionId] = words;
  trail.replaceChildren(...[
    el('a', { href: '#/' }, 'Jobwatch'),
    jobId && el('a', { href: `#/jobs/${encodeURIComponent(jobId)}` }, jobId),
    executionId && el('span', { 'aria-current': 'page' }, executionId),
  ].filter(Boolean));
  document.title = [executionId, jobId, 'Jobwatch'].filter(Boolean).join(' – ');
  if (!isReadable) {
    return;
  }
  if (executionId) {
    leave = execution(view, jobId, executionId);
  } else {
    leave = jobId ? executions(view, jobId) : jobs(view);
  }
}

addEventListener('hashchange', () => {
  show();
  view.focus();
});

// The address belongs to what is shown, so this link must not change it.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  view.focus();
});
show();
