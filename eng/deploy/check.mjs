// Prints what is wrong with deploy, a line each; the exit code says whether anything is.
import { chartProblems } from './chart-rules.mjs';
import { render } from './chart.mjs';
import { composeProblems, lintProblems, readCompose } from './compose.mjs';
import { imageProblems, readImages } from './images.mjs';

const charts = {
  'as it comes': {},
  'with a PostgreSQL of the operator\'s': { postgresql: { enabled: false } },
  'with Redis': { redis: { enabled: true } },
};
const problems = [
  ...Object.entries(charts).flatMap(([how, changes]) => chartProblems(render(changes)).map(problem => `The chart ${how}: ${problem}`)),
  ...lintProblems(),
  ...composeProblems(readCompose()),
  ...Object.entries(readImages()).flatMap(([component, text]) => imageProblems(component, text)),
];
for (const problem of problems) console.error(problem);
console.log(`deploy: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
