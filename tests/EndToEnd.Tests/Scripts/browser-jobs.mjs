// node browser-jobs.mjs PAGE
// Opens the page with the list of jobs, and prints a line whenever what it shows changes: the rows, each «job status executions»,
// joined by commas. Ends when there is no row.
import { withPage } from './chromium.mjs';

const [address] = process.argv.slice(2);

await withPage(async (page) => {
  await page.exposeFunction('report', (line) => console.log(line));
  await page.goto(address);
  await page.waitForSelector('#jobs');
  await page.evaluate(() => new Promise((resolve) => {
    let last = '';
    const look = () => {
      const rows = [...document.querySelectorAll('#jobs tbody tr')];
      const line = rows.map((row) => [0, 2, 3].map((cell) => row.cells[cell].textContent).join(' ')).join(', ') || 'nothing';
      if (line !== last) {
        const isOver = line === 'nothing' && last !== '';
        last = line;
        window.report(line).then(() => isOver && resolve());
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  }));
});
