// node browser-events.mjs PAGE PATH
// Opens the page, and on it an EventSource of the path, until an execution_ended. Prints a line of JSON for each thing that
// happens to the EventSource: {name, id, data}, where «open» and «broken» are its connection's own.
import { withPage } from './chromium.mjs';

const [address, path] = process.argv.slice(2);

await withPage(async (page) => {
  await page.goto(address);
  await page.exposeFunction('report', (lines) => console.log(lines.join('\n')));
  await page.evaluate((url) => new Promise((resolve, reject) => {
    // Whatever happens while a report is on its way makes up the next one.
    let lines = [];
    let reporting;
    const report = async () => {
      while (lines.length > 0) {
        const taken = lines;
        lines = [];
        await window.report(taken);
      }
      reporting = undefined;
    };
    const say = (name, { lastEventId: id, data } = {}) => {
      lines.push(JSON.stringify({ name, id, data }));
      reporting ??= report();
    };
    const source = new EventSource(url);
    source.onopen = () => say('open');
    for (const name of ['execution_update', 'snapshot', 'caught_up', 'heartbeat', 'gap', 'draining']) {
      source.addEventListener(name, (event) => say(name, event));
    }
    source.addEventListener('execution_ended', (event) => {
      say('execution_ended', event);
      source.close();
      reporting.then(resolve, reject);
    });
    source.onerror = (event) => {
      say('broken', event);
      if (source.readyState === EventSource.CLOSED) {
        reject(new Error('The EventSource gave up.'));
      }
    };
  }), path);
});
