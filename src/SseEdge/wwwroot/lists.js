import { listExecutions, listJobs } from './api.js';
import { el, problemBox, status, time } from './dom.js';
import { jobColumns, liveJobs, noJobs } from './jobs.js';
import { executionLink, jobLink } from './links.js';

const REFRESH_MS = 5000;

// A table that shows the first page, again every few seconds while it is looked at, until the reader asks for more.
function pagedTable(root, { columns, load, row, empty }) {
  const body = el('tbody');
  const message = el('div');
  const more = el('button', { type: 'button', hidden: true }, 'Show more');
  root.append(message, el('table', {}, el('thead', {}, el('tr', {}, ...columns.map((name) => el('th', { scope: 'col' }, name)))), body), more);
  let nextToken = '';
  let extended = false;
  let shown = '';

  async function show(token) {
    try {
      const page = await load(token);
      if (!token) {
        // Rows are made anew only where something changed: a reader may be on one of their links.
        const now = JSON.stringify(page.items);
        if (now === shown) {
          message.replaceChildren(...(body.children.length ? [] : [empty]));
          return;
        }
        shown = now;
        body.replaceChildren();
      }
      body.append(...page.items.map(row));
      nextToken = page.nextPageToken;
      more.hidden = !nextToken;
      message.replaceChildren(...(body.children.length ? [] : [empty]));
    } catch (problem) {
      message.replaceChildren(problemBox(problem, () => show(token)));
    }
  }

  more.addEventListener('click', () => {
    extended = true;
    show(nextToken);
  });
  show('');
  const timer = setInterval(() => {
    if (!extended && document.visibilityState === 'visible' && !body.contains(document.activeElement)) {
      show('');
    }
  }, REFRESH_MS);
  return () => clearInterval(timer);
}

// All jobs, live from one stream; page by page where there are more than a stream has.
export function jobs(root) {
  const place = el('div');
  root.append(el('h1', {}, 'Jobs'), place);
  let leave = liveJobs(place, () => {
    leave();
    place.replaceChildren();
    leave = pagedJobs(place);
  });
  return () => leave();
}

function pagedJobs(root) {
  return pagedTable(root, {
    columns: jobColumns,
    load: async (token) => {
      const page = await listJobs(token);
      return { items: page.jobs, nextPageToken: page.nextPageToken };
    },
    row: (job) => el(
      'tr',
      {},
      el('td', {}, jobLink(job.jobId)),
      el('td', {}, job.latestExecution ? executionLink(job.jobId, job.latestExecution.executionId) : ''),
      el('td', {}, status(job.latestExecution?.status)),
      el('td', {}, String(job.executionCount)),
      el('td', {}, time(job.updateTime)),
    ),
    empty: noJobs(),
  });
}

export function executions(root, jobId) {
  root.append(el('h1', {}, jobId));
  return pagedTable(root, {
    columns: ['Execution', 'Status', 'Attempt', 'Started', 'Ended', 'Progress', 'Last error'],
    load: async (token) => {
      const page = await listExecutions(jobId, token);
      return { items: page.executions, nextPageToken: page.nextPageToken };
    },
    row: (execution) => el(
      'tr',
      {},
      el('td', {}, executionLink(jobId, execution.executionId)),
      el('td', {}, status(execution.status)),
      el('td', {}, String(execution.attempt)),
      el('td', {}, time(execution.startTime)),
      el('td', {}, time(execution.endTime)),
      el('td', {}, progressText(execution.progress)),
      el('td', {}, execution.lastError ? `${execution.lastError.code} ${execution.lastError.message}`.trim() : ''),
    ),
    empty: el('p', { class: 'note' }, 'This job has no execution yet.'),
  });
}

export function progressText(progress) {
  if (!progress) {
    return '';
  }
  return `${progress.done}${progress.total ? ` of ${progress.total}` : ''} ${progress.unit}`.trim();
}
