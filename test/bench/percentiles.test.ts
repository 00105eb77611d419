import { Template } from './floor/template';
import { spreadOf } from './percentiles';

describe('A spread of times', () => {
  it.each([
    [[5], 5, 5],
    [[3, 1, 2], 2, 3],
    [[4, 1, 3, 2], 2, 4],
    [Array.from({ length: 100 }, (_, n) => 100 - n), 50, 99],
    [Array.from({ length: 200 }, (_, n) => n + 1), 100, 198],
  ])('of %j has its middle and its last hundredth by nearest rank', (times, p50Ms, p99Ms) => {
    expect(spreadOf(times)).toEqual({ p50Ms, p99Ms });
  });

  it('of nothing does not exist', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('A template', () => {
  it('puts other words for those it was made with, the longer before the one it begins with', () => {
    const template = new Template('AB.1 and AB.12, not AB-1', ['AB.1', 'AB.12']);
    expect(template.fill((word) => `<${word}>`)).toBe('<AB.1> and <AB.12>, not AB-1');
  });

  it('without words is its text', () => {
    expect(new Template('as it is', []).fill(() => 'x')).toBe('as it is');
  });
});
