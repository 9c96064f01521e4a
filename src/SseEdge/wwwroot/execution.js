import { followExecution, getExecution } from './api.js';
import { el, problemBox } from './dom.js';
import { Log } from './log.js';

const STATES = {
  connecting: 'connecting …',
  history: 'connected; reading what happened so far …',
  live: 'live',
  waiting: 'live; nothing of this execution has been recorded yet',
  missing: 'live; there is no such execution (yet): it will be shown here when it begins',
  reconnecting: 'the connection broke; the browser is reconnecting …',
  ended: 'the execution has ended; nothing more will come',
  error: 'stopped',
};

// One execution, followed live until it ends. Gives back what leaves it.
export function execution(root, jobId, executionId) {
  const log = new Log();
  const state = el('span', { role: 'status', id: 'state' });
  const trouble = el('div');
  root.append(el('h1', {}, executionId), el('p', {}, 'Connection: ', state), trouble, ...log.elements);
  let lastEventId = '';
  let follower;

  function setState(name) {
    state.textContent = STATES[name];
    state.dataset.state = name;
  }

  function finish() {
    follower.close();
    trouble.replaceChildren();
    setState('ended');
  }

  function stop(problem) {
    setState('error');
    trouble.replaceChildren(problemBox(problem, start));
  }

  // The browser gave up and doesn't say why: the server can be asked what is the matter.
  async function explain() {
    try {
      const found = await getExecution(jobId, executionId);
      if (found.endTime) {
        finish();
      } else {
        stop({ title: 'The stream was refused', message: 'The execution is there, but the server would not stream it.', status: 503 });
      }
    } catch (problem) {
      stop(problem);
    }
  }

  // Nothing was there to read: of an execution that never was, or of one whose events are truncated.
  async function tellWhy() {
    setState('waiting');
    try {
      await getExecution(jobId, executionId);
    } catch (problem) {
      if (problem.status === 404 && state.dataset.state === 'waiting') {
        setState('missing');
      }
    }
  }

  const says = {
    execution_update: (event) => {
      log.event(event);
      if (['waiting', 'missing'].includes(state.dataset.state)) {
        setState('live');
      }
    },
    gap: (gap) => log.gap(gap),
    conflated: (conflated) => log.conflated(conflated),
    caught_up: () => (log.isEmpty ? tellWhy() : setState('live')),
    draining: () => setState('reconnecting'),
    execution_ended: (ended) => ended.executionId === executionId && finish(),
  };

  function start() {
    follower?.close();
    trouble.replaceChildren();
    setState('connecting');
    follower = followExecution(jobId, executionId, lastEventId, {
      open: () => {
        trouble.replaceChildren();
        setState('history');
      },
      message: (name, data, id) => {
        lastEventId = id;
        says[name]?.(data);
      },
      broken: () => setState('reconnecting'),
      failed: (problem) => trouble.replaceChildren(problemBox(problem)),
      refused: explain,
    });
  }

  start();
  return () => {
    follower.close();
    log.close();
  };
}
