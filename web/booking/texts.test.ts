import { expect, test } from 'vitest';
import { LANGUAGES } from '$shared/languages';
import english from './texts/en-US.json';

const files = import.meta.glob<Record<string, unknown>>('./texts/*.json', { eager: true, import: 'default' });
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test.each(Object.keys(LANGUAGES))('%s says everything that English says', (code) => {
  const texts = files[`./texts/${code}.json`] as Record<string, string | Record<string, string>>;
  const { bcp47 } = LANGUAGES[code as keyof typeof LANGUAGES];
  const plurals = new Intl.PluralRules(bcp47).resolvedOptions().pluralCategories;
  expect(Object.keys(texts)).toEqual(Object.keys(english));
  for (const [key, text] of Object.entries(english)) {
    const own = texts[key];
    if (typeof text === 'string') expect(placeholders(String(own))).toEqual(placeholders(text));
    else if (key === 'steps') expect(Object.keys(own ?? {})).toEqual(Object.keys(text));
    else expect(Object.keys(own ?? {}).sort(), key).toEqual([...plurals].sort());
  }
});
