import { webAddress } from '../../server/platform/web-address';

describe('A web address that people are shown', () => {
  it.each([
    [
      'stands as it is',
      'https://riders.example/track/CR-77?lang=bn#now',
      'https://riders.example/track/CR-77?lang=bn#now',
    ],
    ['gets the slash of its host', 'http://riders.example', 'http://riders.example/'],
    ['is written small where case says nothing', 'HTTPS://Riders.Example/CR-77', 'https://riders.example/CR-77'],
    [
      'shows a host of other letters for what it is',
      'https://st\u0435adfast.example/x',
      'https://xn--stadfast-d8g.example/x',
    ],
    [
      'keeps letters of a path as they travel',
      'https://riders.example/ঢাকা',
      'https://riders.example/%E0%A6%A2%E0%A6%BE%E0%A6%95%E0%A6%BE',
    ],
    ['may hold an @ in its path', 'https://riders.example/@rider', 'https://riders.example/@rider'],
    ['may name a port', 'http://127.0.0.1:3000/track', 'http://127.0.0.1:3000/track'],
  ])('%s', (_what, text, address) => {
    expect(webAddress(text)).toBe(address);
  });

  it.each([
    ['another scheme', 'javascript:alert(1)'],
    ['another scheme that a web address stands in', 'javascript://riders.example/%0Aalert(1)'],
    ['a name before the host', 'https://steadfast.com.bd@evil.example/x'],
    ['a name and a password before the host', 'https://steadfast.com.bd:443@evil.example/x'],
    ['an empty name before the host', 'https://@evil.example/x'],
    ['a host behind three slashes', 'https:///evil.example'],
    ['a host behind none', 'https:evil.example'],
    ['slashes that lean the other way', 'https:\\\\evil.example'],
    ['no host', 'https://'],
    ['no scheme', 'riders.example/CR-77'],
    ['a blank', 'https://riders.example/a b'],
    ['a line break', 'https://riders.example/a\nb'],
    ['a control character', 'https://riders.example/a\u0000b'],
    ['a mark that turns the direction', 'https://riders.example/\u202egpj.exe'],
    ['a mark of a direction that is turned in', 'https://riders.example/\u2066x\u2069'],
    ['a mark nobody sees', 'https://riders\u200b.example/x'],
    ['half a character', 'https://riders.example/\ud800'],
    ['nothing', ''],
  ])('is not one with %s', (_what, text) => {
    expect(webAddress(text)).toBeNull();
  });
});
