import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { date, Renderer } from '../../server/platform/render';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-render-'));
  for (const name of ['partials', 'styles', 'emails']) mkdirSync(join(folder, name));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function renderer(files: Record<string, string>): Renderer {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return new Renderer(folder);
}

it("tells times on the store's own clock", () => {
  expect(date('2026-11-20T20:30:00.000Z', 'Asia/Dhaka')).toBe('21 Nov 2026, 02:30');
  expect(date('2026-11-20T20:30:00.000Z', 'Asia/Dhaka', 'yyyy-LL-dd')).toBe('2026-11-21');
  expect(() => date('yesterday', 'Asia/Dhaka')).toThrow('"yesterday"');
});

it('escapes HTML, and leaves subjects and plain text as they are', () => {
  const { html, text, subject } = { html: '<p>{{name}}</p>', text: '{{name}}', subject: '{{name}}' };
  const pages = renderer({ 'emails/html.hbs': html, 'emails/text.hbs': text, 'emails/subject.hbs': subject });
  const data = { name: 'Tea & <Co>' };
  expect(pages.render('emails/html', data)).toBe('<p>Tea &amp; &lt;Co&gt;</p>');
  expect(pages.render('emails/text', data)).toBe('Tea & <Co>');
  expect(pages.render('emails/subject', data)).toBe('Tea & <Co>');
});

it('refuses a template that names what the data does not have', () => {
  const pages = renderer({ 'page.hbs': '{{order.number}}' });
  expect(() => pages.render('page', { order: {} })).toThrow('"number" not defined');
});

it('knows partials, comparisons, amounts, times and a mail’s own styles', () => {
  const pages = renderer({
    'partials/total.hbs': '{{money totalMinor currency}}',
    'styles/email.css': 'p > b { color: red }',
    'page.hbs':
      '<style>{{css "email"}}</style>{{#if (eq status "paid")}}{{> total}} on {{date paidAt zone "d LLL"}}{{/if}}',
  });
  const data = {
    status: 'paid',
    totalMinor: 5000,
    currency: 'BDT',
    paidAt: '2026-11-20T20:30:00.000Z',
    zone: 'Asia/Dhaka',
  };
  expect(pages.render('page', data)).toBe('<style>p > b { color: red }</style>BDT 50.00 on 21 Nov');
});
