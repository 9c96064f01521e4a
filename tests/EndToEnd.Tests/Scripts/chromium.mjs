import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { chromium } = createRequire(import.meta.url)('playwright-core');

// A headless Chromium with an empty profile, which talks to nobody but the page.
export async function withPage(run) {
  const profile = await mkdtemp(join(tmpdir(), 'jobwatch-chromium-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.JOBWATCH_CHROMIUM || '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
  try {
    await run(browser.pages()[0] ?? await browser.newPage());
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}
