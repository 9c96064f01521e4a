import { followJobs, getJob } from './api.js';
import { el, problemBox, status, time } from './dom.js';
import { executionLink, jobLink } from './links.js';

export const jobColumns = ['Job', 'Latest execution', 'Status', 'Executions', 'Last event'];

export const noJobs = () => el('p', { class: 'note' }, 'No job has been recorded yet. Try: ', el('code', {}, 'jobwatch run --job build -- dotnet build'));

// One job's row. Only the cells that change are made anew: a reader may be on one of the links.
class Row {
  constructor(job) {
    this.cells = jobColumns.map(() => el('td'));
    this.element = el('tr', { 'data-job': job.jobId }, ...this.cells);
    this.cells[0].append(jobLink(job.jobId));
    this.show(job);
  }

  show(job) {
    const [, execution, state, count, last] = this.cells;
    const { latestExecution } = job;
    if (latestExecution && latestExecution.executionId !== this.job?.latestExecution?.executionId) {
      execution.replaceChildren(executionLink(job.jobId, latestExecution.executionId));
    }
    state.replaceChildren(status(latestExecution?.status));
    count.textContent = String(job.executionCount);
    last.replaceChildren(time(job.updateTime));
    this.job = job;
  }
}

// All jobs on one stream, newest first. Where the server refuses the stream, refused() is called. Gives back what leaves it.
export function liveJobs(root, refused) {
  const body = el('tbody');
  const message = el('div');
  const rows = new Map();
  // Jobs that the catalog is asked for, and whether that is out of date already.
  const asked = new Map();
  let follower;
  root.append(message, el('table', { id: 'jobs' }, el('thead', {}, el('tr', {}, ...jobColumns.map((name) => el('th', { scope: 'col' }, name)))), body));

  function show(job) {
    const row = rows.get(job.jobId);
    if (row) {
      row.show(job);
      return;
    }
    const made = new Row(job);
    const older = [...rows.values()].filter((other) => other.job.createTime < job.createTime);
    rows.set(job.jobId, made);
    const after = older.reduce((newest, other) => (newest?.job.createTime >= other.job.createTime ? newest : other), undefined);
    body.insertBefore(made.element, after?.element ?? null);
    message.replaceChildren();
  }

  // Another execution than the one that is shown: the catalog knows which is the latest now, and how many there are.
  async function ask(jobId) {
    if (asked.has(jobId)) {
      // The answer under way may be of before what is asked for now.
      asked.set(jobId, true);
      return;
    }
    do {
      asked.set(jobId, false);
      try {
        const job = await getJob(jobId);
        if (!asked.get(jobId)) {
          show(job);
        }
      } catch (problem) {
        if (problem.status !== 404) {
          message.replaceChildren(problemBox(problem));
        }
      }
    } while (asked.get(jobId));
    asked.delete(jobId);
  }

  function forget(jobId) {
    rows.get(jobId)?.element.remove();
    rows.delete(jobId);
  }

  const says = {
    snapshot: (snapshot) => show(snapshot.job),
    execution_update: (event) => {
      const job = rows.get(event.jobId)?.job;
      if (job?.latestExecution?.executionId === event.executionId) {
        show({ ...job, updateTime: event.recordedAt, latestExecution: { ...job.latestExecution, status: event.status } });
      } else {
        ask(event.jobId);
      }
    },
    gap: (gap) => {
      if (gap.reason === 'deleted' && gap.jobId) {
        forget(gap.jobId);
      } else if (gap.reason === 'deleted') {
        // Nobody knows which: all of it anew.
        [...rows.keys()].forEach(forget);
        start();
      }
    },
    caught_up: () => message.replaceChildren(...(rows.size ? [] : [noJobs()])),
  };

  function start() {
    follower?.close();
    follower = followJobs({
      open: () => message.replaceChildren(),
      message: (name, data) => says[name]?.(data),
      broken: () => {},
      failed: (problem) => message.replaceChildren(problemBox(problem)),
      refused,
    });
  }

  start();
  return () => follower.close();
}
