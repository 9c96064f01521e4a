// The one module that knows the HTTP API.

// A refusal of the server, with what its problem details say.
export class Problem extends Error {
  constructor({ title, detail, code, status }) {
    super(detail || title);
    this.title = title;
    this.code = code;
    this.status = status;
  }
}

const path = (...ids) => ids.map(encodeURIComponent);

async function get(url, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value));
  let response;
  try {
    response = await fetch(query.size ? `${url}?${query}` : url, { headers: { accept: 'application/json' } });
  } catch {
    throw new Problem({ title: 'No connection', detail: 'The server can\'t be reached.', code: 'NO_CONNECTION', status: 0 });
  }
  if (response.ok) {
    return response.json();
  }
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  throw new Problem(isProblem ? await response.json() : { title: response.statusText, status: response.status });
}

export const listJobs = (pageToken) => get('v1/jobs', { page_token: pageToken });

export function getJob(jobId) {
  const [job] = path(jobId);
  return get(`v1/jobs/${job}`);
}

export function listExecutions(jobId, pageToken) {
  const [job] = path(jobId);
  return get(`v1/jobs/${job}/executions`, { page_token: pageToken });
}

export function getExecution(jobId, executionId) {
  const [job, execution] = path(jobId, executionId);
  return get(`v1/jobs/${job}/executions/${execution}`);
}

const messages = ['execution_update', 'snapshot', 'caught_up', 'heartbeat', 'gap', 'conflated', 'draining', 'execution_ended'];

// Follows one execution to its end: from its first event, or strictly after the event with the id that is given. The
// browser itself comes back after a break, with the last event's id. Only a refusal by status ends it for good, and the
// browser doesn't say which one.
//
// on.open(), on.message(name, data, id), on.broken(), on.failed(problem), on.refused()
export function followExecution(jobId, executionId, lastEventId, on) {
  const [job] = path(jobId);
  const query = new URLSearchParams({
    'start.from_execution': executionId,
    'filter.execution_ids': executionId,
    until_execution_ends: 'true',
    allow_missing: 'true',
    ...(lastEventId && { last_event_id: lastEventId }),
  });
  return follow(`v1/jobs/${job}:watch?${query}`, on);
}

// What moves a line of the list of jobs: not their logs.
const tellingTypes = [
  'execution_queued', 'execution_started', 'execution_succeeded', 'execution_failed', 'execution_cancelled',
  'step_started', 'step_finished', 'progress_reported', 'error_raised',
];

// Follows all jobs on one stream: how they stand, then what happens, also in those that come later. As followExecution.
export function followJobs(on) {
  const query = new URLSearchParams([['start.latest', 'true'], ...tellingTypes.map((type) => ['filter.event_types', type])]);
  return follow(`v1/jobs:watch?${query}`, on);
}

function follow(url, on) {
  const source = new EventSource(url);
  source.onopen = () => on.open();
  for (const name of messages) {
    source.addEventListener(name, (event) => on.message(name, JSON.parse(event.data), event.lastEventId));
  }
  source.addEventListener('error', (event) => {
    if (event.data) {
      // The server's own word, before it ends the stream; the browser then comes back by itself.
      on.failed(new Problem(JSON.parse(event.data)));
    } else if (source.readyState === EventSource.CLOSED) {
      on.refused();
    } else {
      on.broken();
    }
  });
  return { close: () => source.close() };
}
