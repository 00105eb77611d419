import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { startBrowser } from '../browser/phone';
import { OWNER } from '../support/n8n';
import { PipelineShop } from './pipeline-shop';
import type { Json } from './runs';

/**
 * What a manager sees who opens a pipeline. To make the pictures of canvases in docs/images anew, say where they go:
 * SCREENSHOTS_FOLDER=docs/images npm test -- test/workflows/canvas
 */
const keptFolder = process.env.SCREENSHOTS_FOLDER;
const WORKFLOWS = resolve(__dirname, '../../workflows');
const SHIPPED = 'order-fulfillment';
const SHOWN_WITHIN_MS = 60_000;
/** Steps touch by a hair where the editor rounds. */
const OVERLAP_PX = 2;

describe('The canvas of the real editor', () => {
  let shop: PipelineShop;
  let browser: Browser;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    folder = keptFolder ? resolve(keptFolder) : mkdtempSync(join(tmpdir(), 'orderloom-canvases-'));
    mkdirSync(folder, { recursive: true });
    shop = await PipelineShop.open([`${SHIPPED}.json`]);
    browser = await startBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(SHOWN_WITHIN_MS);
    page.setDefaultNavigationTimeout(SHOWN_WITHIN_MS);
    await page.setViewport({ width: 2400, height: 640, deviceScaleFactor: 2 });
    await page.goto(`${shop.n8n.url}/signin`);
    await page.waitForSelector('input[name=emailOrLdapLoginId]');
    await page.type('input[name=emailOrLdapLoginId]', OWNER.editorEmail);
    await page.type('input[name=password]', OWNER.editorPassword);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
    if (!keptFolder) rmSync(folder, { recursive: true, force: true });
  });

  /** Opened, with all of it in view. */
  async function open({ id, nodes }: Json): Promise<void> {
    await page.goto(`${shop.n8n.url}/workflow/${id}`);
    const allThere = `document.querySelectorAll('.vue-flow__node').length === ${nodes.length}`;
    await page.waitForFunction(allThere);
    await page.waitForSelector('[data-test-id=zoom-to-fit]');
    await page.click('[data-test-id=zoom-to-fit]');
    await page.waitForFunction(
      `[...document.querySelectorAll('.vue-flow__node')].every((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      })`,
    );
  }

  /** Pairs of steps and notes that lie upon each other, names included. */
  function overlaps(): Promise<string[]> {
    return page.evaluate(`(() => {
      const boxOf = (node) => {
        const boxes = [node, ...node.querySelectorAll('[data-test-id=canvas-node-box-title], [class*=subtitle]')]
          .map((one) => one.getBoundingClientRect())
          .filter(({ width }) => width > 0);
        return {
          left: Math.min(...boxes.map(({ left }) => left)),
          right: Math.max(...boxes.map(({ right }) => right)),
          top: Math.min(...boxes.map(({ top }) => top)),
          bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
          name: node.textContent.trim().slice(0, 40),
        };
      };
      const all = [...document.querySelectorAll('.vue-flow__node')].map(boxOf);
      const meet = (one, other) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > ${OVERLAP_PX} &&
        Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > ${OVERLAP_PX};
      return all.flatMap((one, n) => all.slice(n + 1).filter((other) => meet(one, other)).map((other) => one.name + ' | ' + other.name));
    })()`) as Promise<string[]>;
  }

  async function picture(name: string): Promise<void> {
    await page.mouse.move(1200, 500);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file as `${string}.png` });
    expect(statSync(file).size).toBeGreaterThan(50_000);
  }

  it('shows every step and note, none upon another', async () => {
    await open(JSON.parse(readFileSync(join(WORKFLOWS, `${SHIPPED}.json`), 'utf8')));
    expect(await overlaps()).toEqual([]);
    await picture(`${SHIPPED}-canvas`);
  }, 120_000);

  it('shows a pipeline that somebody changed as published', async () => {
    const changed = shop.changed(`${SHIPPED}.json`, (workflow) => {
      const last = (workflow.nodes as Json[]).find(({ name }) => name === 'Order Shipped') as Json;
      const [x, y] = last.position;
      const told = { message: 'notice', role: 'store_manager', subject: 'Order {{ $json.order.number }} has left' };
      const step = { name: 'Notify Management', type: 'n8n-nodes-orderloom.notifyManagement', typeVersion: 1 };
      const { credentials } = (workflow.nodes as Json[])[0] as Json;
      const id = '00000000-0000-4000-8000-000000000001';
      workflow.nodes.push({ ...step, id, parameters: { ...told, text: 'Good.' }, credentials, position: [x + 224, y] });
      workflow.connections[last.name] = { main: [[{ node: step.name, type: 'main', index: 0 }]] };
    });
    await shop.n8n.publish([changed]);
    await open(JSON.parse(readFileSync(changed, 'utf8')));
    expect(await page.$eval('body', ({ textContent }) => textContent)).toContain('Notify Management');
    await picture('changed-pipeline');
  }, 120_000);
});
