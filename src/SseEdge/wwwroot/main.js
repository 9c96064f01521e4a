import { el } from './dom.js';
import { execution } from './execution.js';
import { executions, jobs } from './lists.js';

const view = document.getElementById('view');
const trail = document.getElementById('trail');
let leave = () => {};

// #/  |  #/jobs/JOB  |  #/jobs/JOB/executions/EXECUTION
function show() {
  const [, jobId, , executionId] = location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
  leave();
  view.replaceChildren();
  trail.replaceChildren(...[
    el('a', { href: '#/' }, 'Jobwatch'),
    jobId && el('a', { href: `#/jobs/${encodeURIComponent(jobId)}` }, jobId),
    executionId && el('span', { 'aria-current': 'page' }, executionId),
  ].filter(Boolean));
  document.title = [executionId, jobId, 'Jobwatch'].filter(Boolean).join(' – ');
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
