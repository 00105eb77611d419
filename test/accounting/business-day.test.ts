import { businessDay, businessDayBounds, dayBefore } from '../../server/accounting';

describe('the business day of a moment', () => {
  it.each([
    ['2026-11-20T17:59:59.999Z', 'Asia/Dhaka', '00:00', '2026-11-20'],
    ['2026-11-20T18:00:00.000Z', 'Asia/Dhaka', '00:00', '2026-11-21'],
    ['2026-11-20T19:30:00.000Z', 'Asia/Dhaka', '02:00', '2026-11-20'],
    ['2026-11-20T20:00:00.000Z', 'Asia/Dhaka', '02:00', '2026-11-21'],
    ['2026-11-20T15:59:00.000Z', 'Asia/Dhaka', '22:00', '2026-11-20'],
    ['2026-11-20T16:00:00.000Z', 'Asia/Dhaka', '22:00', '2026-11-21'],
    ['2026-12-31T18:00:00.000Z', 'Asia/Dhaka', '00:00', '2027-01-01'],
    ['2026-03-29T00:30:00.000Z', 'Europe/Berlin', '00:00', '2026-03-29'],
    ['2026-10-25T22:59:00.000Z', 'Europe/Berlin', '00:00', '2026-10-25'],
    ['2026-10-25T23:00:00.000Z', 'Europe/Berlin', '00:00', '2026-10-26'],
  ])('%s in %s with a day that ends at %s is %s', (time, timezone, dayEndsAt, day) => {
    expect(businessDay(time, { timezone, dayEndsAt })).toBe(day);
  });

  it('knows the day before, also across months and leap days', () => {
    expect(['2026-11-21', '2026-03-01', '2028-03-01', '2027-01-01'].map(dayBefore)).toEqual([
      '2026-11-20',
      '2026-02-28',
      '2028-02-29',
      '2026-12-31',
    ]);
  });

  it.each([
    ['Africa/Cairo', '00:00', '2026-04-20'],
    ['Europe/Berlin', '02:30', '2026-03-26'],
    ['Europe/Berlin', '00:00', '2026-10-22'],
    ['America/Santiago', '00:00', '2026-09-03'],
    ['Asia/Dhaka', '22:00', '2026-11-18'],
  ])(
    'lets one day begin where the other ends in %s, days ending at %s, also when clocks change',
    (timezone, dayEndsAt, first) => {
      const rule = { timezone, dayEndsAt };
      const days = Array.from({ length: 7 }, (_, n) =>
        new Date(Date.parse(first) + n * 86_400_000).toISOString().slice(0, 10),
      );
      for (const [n, day] of days.entries()) {
        const { from, to } = businessDayBounds(day, rule);
        const next = days[n + 1];
        if (next) expect(businessDayBounds(next, rule).from).toBe(to);
        expect(businessDay(from, rule)).toBe(day);
        expect(businessDay(new Date(Date.parse(to) - 1).toISOString(), rule)).toBe(day);
      }
    },
  );
});
