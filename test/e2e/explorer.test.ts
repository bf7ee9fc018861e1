import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';
import { pino } from 'pino';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openLocalIssuer } from '../../src/auth/tokens/local-issuer.ts';
import { examples } from '../../src/explorer/examples.ts';
import { start, type RunningServer } from '../../src/server/start.ts';

const chromiumPath = '/usr/bin/chromium';
const screenshots = process.env['SCREENSHOTS'];

const tabNames = examples.map(({ query }) => {
  const [operation] = parse(query).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? (operation.name?.value ?? '') : '';
});

let server: RunningServer | undefined;
let browser: Browser | undefined;
let page: Page;
let homeUrl: string;
let dataDir: string;
let consoleErrors: string[];
let externalRequests: string[];

beforeAll(async () => {
  if (!existsSync(chromiumPath))
    throw new Error(`The browser tests need Chromium at ${chromiumPath}; install it with: apt-get install chromium`);
  dataDir = await mkdtemp(join(tmpdir(), 'resh-graph-explorer-'));
  server = await start(
    {
      host: '127.0.0.1',
      port: 0,
      database: { kind: 'embedded', folder: undefined },
      replicaUrls: [],
      demo: 'auto',
      authentication: { kind: 'local', dataDir },
      readAccess: 'public',
      responseCacheBytes: 0,
      logLevel: 'silent',
    },
    pino({ level: 'silent' }),
    () => {},
  );
  homeUrl = server.url;
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  if (!browser) throw new Error('The browser did not start.');
  consoleErrors = [];
  externalRequests = [];
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(String(error)));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== homeUrl) externalRequests.push(request.url());
  });
  await page.goto(homeUrl);
  await page.getByRole('button', { name: tabNames.at(-1) ?? '', exact: true }).waitFor();
});

afterEach(async (context) => {
  if (screenshots) await page.screenshot({ path: `${screenshots}/${context.task.name.replaceAll(' ', '-')}.png` });
  await page.close();
  expect(externalRequests).toEqual([]);
  expect(consoleErrors).toEqual([]);
});

function responsePane() {
  return page.locator('.graphiql-response');
}

it('opens with the title of the API and a tab for each example', async () => {
  expect(page.url()).toBe(`${homeUrl}/graphql`);
  expect(await page.title()).toBe('resh-graph');
  expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(tabNames);
  const boxes = await Promise.all((await page.locator('.graphiql-tab-button').all()).map((tab) => tab.boundingBox()));
  expect(boxes.filter((box) => !box || box.x + box.width > 1_250)).toEqual([]);
  await page.locator('.graphiql-query-editor').getByText('show the top and open one unit').waitFor();
});

// GraphiQL shows a tab slightly before it switches operations: an early click runs the operation of the previous tab.
function runUntil(expectedText: string): Promise<void> {
  return vi.waitFor(
    async () => {
      await page.getByRole('button', { name: /execute query/i }).click();
      await responsePane().getByText(expectedText).waitFor({ timeout: 3_000 });
    },
    { timeout: 30_000, interval: 500 },
  );
}

it('shows the data of the example that is run', async () => {
  await page.getByRole('button', { name: 'LookUpUnitsByAnyOfTheirIds', exact: true }).click();
  await page.locator('.graphiql-query-editor').getByText('query LookUpUnitsByAnyOfTheirIds').waitFor();
  await runUntil('Oslo universitetssykehus HF');
});

it('sends the token from the "Headers" pane', async () => {
  const token = await (await openLocalIssuer(dataDir)).sign({ subject: 'trust-admin', name: null }, 60);
  await page.getByRole('button', { name: 'TryAMoveWithoutSavingIt', exact: true }).click();
  await page.locator('.graphiql-query-editor').getByText('mutation TryAMoveWithoutSavingIt').waitFor();
  await runUntil('UNAUTHENTICATED');

  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').click();
  await page.keyboard.insertText(JSON.stringify({ Authorization: `Bearer ${token}` }));

  await runUntil('"unitCount"');
});

it('shows the documentation of the schema', async () => {
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).first().click();
  await page.getByText('The fields of Register exist here too').waitFor();
});
