// node browser-page.mjs PAGE
// Opens a page that shows an execution, and prints a line of JSON for what it shows whenever that changes: {state, positions,
// lastPosition, repeats}. Ends when the page says that the execution has ended.
import { withPage } from './chromium.mjs';

const [address] = process.argv.slice(2);

await withPage(async (page) => {
  await page.exposeFunction('report', (line) => console.log(line));
  await page.goto(address);
  await page.waitForSelector('#log');
  await page.evaluate(() => new Promise((resolve) => {
    let last = '';
    const look = () => {
      const { positions, lastPosition, repeats } = document.getElementById('log').dataset;
      const { state } = document.getElementById('state').dataset;
      const line = JSON.stringify({ state, positions: Number(positions), lastPosition: Number(lastPosition), repeats: Number(repeats) });
      if (line !== last) {
        last = line;
        window.report(line).then(() => state === 'ended' && resolve());
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, childList: true });
    look();
  }));
});
