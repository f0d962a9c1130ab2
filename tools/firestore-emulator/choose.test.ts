import { describe, expect, test } from '@jest/globals';
import { chooseEmulator, parseJavaMajor } from './choose.ts';

describe('chooseEmulator', () => {
  test('takes hidane from PATH before anything else', () => {
    const offers = {
      hidaneOnPath: '/bin/hidane',
      hidaneInTools: '/t/hidane',
      javaMajor: 21,
      hasCargo: true,
    };
    expect(chooseEmulator(offers)).toEqual({ kind: 'hidane', path: '/bin/hidane' });
  });

  test('takes the hidane of an earlier run before Java', () => {
    const offers = { hidaneInTools: '/t/hidane', javaMajor: 25, hasCargo: true };
    expect(chooseEmulator(offers)).toEqual({ kind: 'hidane', path: '/t/hidane' });
  });

  test('takes the official emulator where Java is new enough', () => {
    expect(chooseEmulator({ javaMajor: 21, hasCargo: true })).toEqual({ kind: 'official' });
  });

  test.each([undefined, 8, 17, 20])(
    'builds hidane when Java is %s and cargo is there',
    (javaMajor) => {
      expect(chooseEmulator({ javaMajor, hasCargo: true })).toEqual({ kind: 'install-hidane' });
    },
  );

  test('names every way, and the Java it found, when there is none', () => {
    const choice = chooseEmulator({ javaMajor: 17, hasCargo: false });
    expect(choice.kind).toBe('none');
    const message = choice.kind === 'none' ? choice.message : '';
    for (const word of ['hidane 0.6.0', 'Java 21', 'Java 17, which is too old', 'Rust']) {
      expect(message).toContain(word);
    }
  });
});

describe('parseJavaMajor', () => {
  test.each([
    ['openjdk version "21.0.1" 2023-10-17', 21],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "25" 2026-09-16', 25],
    ['The operation could not be completed. Unable to locate a Java Runtime.', undefined],
  ])('%s', (output, major) => {
    expect(parseJavaMajor(output)).toBe(major);
  });
});
