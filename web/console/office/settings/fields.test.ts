import { expect, test } from 'vitest';
import { codeOf } from './fields';

test('a title makes a code', () => {
  expect([codeOf('Favorite drink?'), codeOf('Mīļākā krāsa'), codeOf('…')]).toEqual([
    'favorite_drink',
    'milaka_krasa',
    '',
  ]);
});
