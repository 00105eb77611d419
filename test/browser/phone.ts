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

/** `cameraFile` is a film that the browser takes for what its camera sees. */
export function startBrowser({ cameraFile }: { cameraFile?: string } = {}): Promise<Browser> {
  const camera = cameraFile
    ? [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${cameraFile}`,
      ]
    : [];
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  return puppeteer.launch({ executablePath, args: [...ARGUMENTS, ...camera] });
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

/** As a hardware scanner does: the code and a line end, wherever the focus is. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

const COUNT_TONES = `
  globalThis.tones = [];
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    const tone = make.call(this);
    const start = tone.start;
    tone.start = function () {
      tones.push(tone.frequency.value > 800 ? 'high' : 'low');
      return start.call(tone);
    };
    return tone;
  };
`;

/** Writes down each tone from now on; a reload loses the list, so that it also tells of those. */
export async function listen(page: Page): Promise<() => Promise<string[] | undefined>> {
  await page.evaluate(COUNT_TONES);
  return () => page.evaluate('globalThis.tones') as Promise<string[] | undefined>;
}

/** Presses something as a person does who first scrolls it out from under what stays in view. */
export async function tap(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector);
  await page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
  await page.click(selector);
}

/** As a person who takes a photo with the phone: the file is the picture. */
export async function choosePhoto(page: Page, selector: string, file: string): Promise<void> {
  const input = await page.waitForSelector(selector as 'input');
  await input?.uploadFile(file);
}

/** Counts the actions that the phone keeps until the service has answered them. */
const COUNT_KEPT_ACTIONS = `new Promise((done, fail) => {
  const opened = indexedDB.open('orderloom-tasks', 1);
  opened.onerror = fail;
  opened.onsuccess = () => {
    const counted = opened.result.transaction('actions').objectStore('actions').count();
    counted.onsuccess = () => done(counted.result);
  };
})`;

export function actionsKept(page: Page): Promise<unknown> {
  return page.evaluate(COUNT_KEPT_ACTIONS);
}

/** Waits until all that was kept was answered; what the page says on the way there may say the same as its end. */
export async function waitUntilSent(page: Page): Promise<void> {
  await page.waitForFunction(`${COUNT_KEPT_ACTIONS}.then((count) => count === 0)`, { timeout: 10_000 });
}
