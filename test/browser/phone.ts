import puppeteer, { type Browser, type Page } from 'puppeteer-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function startBrowser(): Promise<Browser> {
  return puppeteer.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ARGUMENTS });
}

/** A page as wide as a small phone's. */
export async function openOnPhone(browser: Browser, url: string, options: { scripts: boolean }): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  await page.setJavaScriptEnabled(options.scripts);
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim());
}

/** Waits until the element says it. */
export async function waitForText(page: Page, selector: string, text: string): Promise<void> {
  const condition = `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`;
  await page.waitForFunction(condition, { timeout: 10_000 });
}
