import { expect, test } from 'vitest';
import { fill, languageFor, languageOf } from './languages';

test('a language is found by any spelling of its code', () => {
  expect(languageOf('et-EE')).toBe('ee-EE');
  expect(languageOf('uk_UA')).toBe('uk-UK');
  expect(languageOf('fr-FR')).toBeUndefined();
  expect(languageOf(null)).toBeUndefined();
});

test('what is not known stays as it stands', () => {
  expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
});

test('the address wins over the browser, whose first language that we have is taken', () => {
  expect(languageFor('?lang=lv', ['de-DE'])).toBe('lv-LV');
  expect(languageFor('?lang=fr', ['fr-FR', 'et', 'de'])).toBe('ee-EE');
  expect(languageFor('', [], 'lt-LT')).toBe('lt-LT');
});
