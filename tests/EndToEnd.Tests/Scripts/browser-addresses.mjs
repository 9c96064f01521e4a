// node browser-addresses.mjs PAGE
// Goes on one page from one address to the next, and prints a line for what each shows; and one for an exception that the page lets out.
import { withPage } from './chromium.mjs';

const [page] = process.argv.slice(2);

await withPage(async (browser) => {
  browser.on('pageerror', (error) => console.log(`uncaught: ${error.message}`));

  async function show(hash, selector) {
    await browser.evaluate((to) => { location.hash = to; }, hash);
    return browser.waitForSelector(selector);
  }

  await browser.goto(`${page}#/jobs/job`);
  await browser.waitForSelector('tbody a');
  const refused = await show('#/jobs/%zz', '[role=alert]');
  console.log(await refused.textContent());
  console.log(`tables: ${await browser.locator('table').count()}`);
  const missing = await show('#/jobs/job/executions/nope', '#state[data-state=missing]');
  console.log(await missing.textContent());
  await show('#/jobs/job/executions/e1', '#log li .kind');
  console.log(await browser.evaluate(() => {
    const kind = document.querySelector('#log li .kind');
    const range = document.createRange();
    range.selectNodeContents(kind);
    return `${kind.textContent}, lines: ${range.getClientRects().length}, fits: ${kind.scrollWidth <= kind.clientWidth}`;
  }));
});
