import { StageBar } from '../../scripts/demo/stage-bar.mjs';

class Screen {
  columns = 60;
  written = '';

  constructor(readonly isTTY: boolean) {}

  write(text: string): void {
    this.written += text;
  }
}

const WAITING = [{ number: 'DEMO-1-04', waitsFor: 'status shipped' }];

describe('The demo’s progress', () => {
  it('is a bar on a terminal, drawn over itself, with the statuses in the order an order lives', () => {
    const screen = new Screen(true);
    const bar = new StageBar(screen);
    bar.show({ ended: 0, count: 20, byStatus: {}, waiting: [] });
    bar.show({ ended: 10, count: 20, byStatus: { completed: 10, pending: 2, shipped: 8 }, waiting: [] });
    const [first, second] = screen.written.split('\x1b[3A');
    expect(first).toContain('░░░ 0 of 20 orders');
    expect(second).toContain('███░░░');
    expect(second).toContain('pending 2 · shipped 8 · completed 10');
  });

  it('never writes a line that would wrap, since it could not go back over it', () => {
    const screen = new Screen(true);
    screen.columns = 40;
    const byStatus = { pending: 3, confirmed: 3, processing: 3, partially_fulfilled: 3, ready_for_pickup: 3 };
    new StageBar(screen).show({ ended: 0, count: 20, byStatus, waiting: WAITING });
    const lines = screen.written.split('\n').map((line) => line.replace('\r\x1b[K', ''));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
  });

  it('is a line in a log when something has changed, and says for what the last orders wait', () => {
    const screen = new Screen(false);
    const bar = new StageBar(screen);
    bar.show({ ended: 19, count: 20, byStatus: { processing: 1, completed: 19 }, waiting: WAITING });
    bar.show({ ended: 19, count: 20, byStatus: { processing: 1, completed: 19 }, waiting: WAITING });
    expect(screen.written.match(/\n/g)).toHaveLength(1);
    expect(screen.written).toContain('19 of 20 orders at their end: processing 1 · completed 19');
    expect(screen.written).toContain('DEMO-1-04 waits for status shipped');
    expect(screen.written).not.toContain('\x1b');
  });
});
