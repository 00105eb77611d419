import { type Shipment, trackingOf } from '../../server/notifications/tracking';

describe('The page of a parcel in a message', () => {
  const parcel = (trackingUrl: string): Shipment => ({
    ...{ courier: 'steadfast', status: 'pending', trackingCode: 'AB12CD34' },
    trackingUrl,
  });

  it.each([
    ['https://riders.example/AB12CD34', 'https://riders.example/AB12CD34'],
    ['https://st\u0435adfast.example/x', 'https://xn--stadfast-d8g.example/x'],
    ['https://steadfast.com.bd@evil.example/x', null],
    ['javascript:alert(1)', null],
    ['https://riders.example/\u202egpj', null],
  ])('is shown as the browser goes to it, or not at all: %j', (kept, shown) => {
    expect(trackingOf({ handover: {} }, [parcel(kept)]).url).toBe(shown);
    expect(trackingOf({ handover: { trackingUrl: kept } }, []).url).toBe(shown);
  });
});
