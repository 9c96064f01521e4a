import { clock, el } from './dom.js';
import { progressText } from './lists.js';

const withError = (error) => (error ? [error.code, error.message, error.detail && `\n${error.detail}`].filter(Boolean).join(' ') : '');

// What an event says, by the payload that it carries.
const texts = {
  executionQueued: () => 'queued',
  executionStarted: (said) => (said.worker ? `started by ${said.worker}` : 'started'),
  stepStarted: (said) => `▸ ${said.step}`,
  stepFinished: (said) => `◂ ${said.step} ${withError(said.error)}`.trim(),
  progressReported: (said) => progressText(said),
  logWritten: (said) => said.text,
  errorRaised: (said) => withError(said),
  summaryUpdated: (said) => JSON.stringify(said.summary ?? {}),
  custom: (said) => `${said.name} ${JSON.stringify(said.data ?? {})}`,
  executionSucceeded: () => 'succeeded',
  executionFailed: (said) => `failed ${withError(said.error)}`.trim(),
  executionCancelled: (said) => `cancelled ${said.reason}`.trim(),
};

function levelOf(event) {
  if (event.errorRaised || event.executionFailed || event.stepFinished?.error) {
    return 'ERROR';
  }
  return event.logWritten?.level.replace('LOG_LEVEL_', '');
}

// One event as one line of the log.
export function line(event) {
  if (event.gap) {
    return el('li', { class: 'note' }, `positions ${event.gap.firstPosition} to ${event.gap.lastPosition} are gone: ${event.gap.reason}`);
  }
  if (event.conflated) {
    return el('li', { class: 'note' }, `… ${event.conflated.count} left out`);
  }
  const payload = Object.keys(texts).find((name) => event[name]);
  const kind = event.logWritten ? event.logWritten.stream || 'log' : event.type;
  return el(
    'li',
    { 'data-position': event.position, 'data-level': levelOf(event) },
    clock(event.occurredAt),
    el('span', { class: 'kind', title: kind }, kind),
    el('span', {}, payload ? texts[payload](event[payload]) : ''),
  );
}
