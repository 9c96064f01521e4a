import { el } from './dom.js';

export function jobLink(jobId) {
  return el('a', { href: `#/jobs/${encodeURIComponent(jobId)}` }, jobId);
}

export function executionLink(jobId, executionId) {
  return el('a', { href: `#/jobs/${encodeURIComponent(jobId)}/executions/${encodeURIComponent(executionId)}` }, executionId);
}
