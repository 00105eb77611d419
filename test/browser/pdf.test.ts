import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '../../server/platform/logger';
import { PDF_LIMITS, type PdfLimits, PdfPrinter } from '../../server/platform/pdf';
import { eventually } from '../support/eventually';
import { readPdf } from '../support/read-pdf';
import { browserPids } from './children';

const PAGE = '<style>@page { size: 4in 6in; margin: 0 }</style><p>Hello</p>';
const logger = createLogger({ logLevel: 'fatal' });

describe('The PDF printer', () => {
  const printers: PdfPrinter[] = [];
  const printer = (limits: Partial<PdfLimits> = {}, chromiumPath = ''): PdfPrinter => {
    const made = new PdfPrinter({ chromiumPath }, logger, { ...PDF_LIMITS, ...limits });
    printers.push(made);
    return made;
  };
  /** The one browser, held still: what is printed waits until it is let go or killed. */
  const freeze = async (made: PdfPrinter): Promise<number> => {
    await made.print(PAGE);
    const [pid = 0] = browserPids();
    process.kill(pid, 'SIGSTOP');
    return pid;
  };
  afterEach(async () => {
    await Promise.all(printers.splice(0).map((one) => one.close()));
    await eventually('every browser to end', async () => browserPids().length === 0);
  });

  it('prints in the size that the page says, with one browser for all', async () => {
    const made = printer();
    const [first, second] = await Promise.all([made.print(PAGE), made.print('<p>A4?</p>')]);
    expect(await readPdf(first)).toMatchObject([{ widthPt: 288, heightPt: 432, text: 'Hello' }]);
    expect(await readPdf(second)).toHaveLength(1);
    expect(browserPids()).toHaveLength(1);
  });

  it('starts no browser before it is needed, and sends an idle one home', async () => {
    const made = printer({ idleMs: 100 });
    expect(browserPids()).toEqual([]);
    await made.print(PAGE);
    await eventually('the browser to go', async () => browserPids().length === 0);
    expect(await readPdf(await made.print(PAGE))).toHaveLength(1);
  });

  it('fetches nothing and runs no script, whatever the page asks for', async () => {
    const asked: string[] = [];
    const server: Server = createServer((request, response) => {
      asked.push(String(request.url));
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = `<style>@import url(${site}/a.css); @font-face { font-family: x; src: url(${site}/f.woff2) } p { font-family: x }</style>
      <link rel="stylesheet" href="${site}/b.css"><img hidden src="${site}/i.png"><iframe src="${site}/frame"></iframe>
      <iframe src="file:///etc/passwd"></iframe><object data="${site}/o"></object>
      <meta http-equiv="refresh" content="0;url=${site}/refresh">
      <p id="said">as it was</p><script>said.textContent = 'changed'; fetch('${site}/fetch')</script>`;
    const [read] = await readPdf(await printer().print(page));
    expect(read?.text).toContain('as it was');
    expect(read?.text).not.toContain('root:');
    expect(asked).toEqual([]);
    await new Promise((done) => server.close(done));
  });

  it('prints once more in a new browser when the first one is killed in the middle', async () => {
    const made = printer();
    const pid = await freeze(made);
    const printing = made.print(PAGE);
    setTimeout(() => process.kill(pid, 'SIGKILL'), 300);
    expect(await readPdf(await printing)).toMatchObject([{ text: 'Hello' }]);
    expect(browserPids()).not.toContain(pid);
  });

  it('says so clearly when it takes too long, and then works again', async () => {
    const made = printer({ timeoutMs: 3_000 });
    const pid = await freeze(made);
    await expect(made.print(PAGE)).rejects.toMatchObject({
      status: 503,
      code: 'PDF_TIMEOUT',
      facts: { retryAfterSeconds: expect.any(Number) },
    });
    await eventually('the stuck browser to go', async () => !browserPids().includes(pid));
    expect(await readPdf(await eventually('a PDF', () => made.print(PAGE)))).toMatchObject([{ text: 'Hello' }]);
  });

  it('keeps to its pages, lets the others wait, and refuses who finds the queue full', async () => {
    const made = printer({ pagesAtOnce: 2, waitingMax: 3 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => made.print(PAGE)));
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ status: 503, code: 'PDF_BUSY', facts: { retryAfterSeconds: 5 } });
    }
    expect(browserPids()).toHaveLength(1);
    expect(await readPdf(await made.print(PAGE))).toHaveLength(1);
  });

  it('lets nobody wait for ever', async () => {
    const made = printer({ pagesAtOnce: 1, waitMaxMs: 100 });
    const pid = await freeze(made);
    const first = made.print(PAGE);
    await expect(made.print(PAGE)).rejects.toMatchObject({ code: 'PDF_BUSY' });
    process.kill(pid, 'SIGCONT');
    expect(await readPdf(await first)).toHaveLength(1);
  });

  it('names the setting when there is no Chromium, or none that starts', async () => {
    for (const path of ['/no/such/chromium', '/bin/false']) {
      await expect(printer({}, path).print(PAGE)).rejects.toMatchObject({
        status: 503,
        code: 'PDF_UNAVAILABLE',
        message: expect.stringContaining('CHROMIUM_PATH'),
      });
    }
  });

  it('takes no more work once it is closed', async () => {
    const made = printer();
    await made.print(PAGE);
    await made.close();
    expect(browserPids()).toEqual([]);
    await expect(made.print(PAGE)).rejects.toMatchObject({ code: 'PDF_UNAVAILABLE' });
  });
});
