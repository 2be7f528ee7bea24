import { LANGUAGES, fill, type Language } from '$shared/languages';
import type english from './texts/en-US.json';

type Texts = typeof english;
type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
type Plain = { [K in keyof Texts]: Texts[K] extends string ? K : never }[keyof Texts];
type Counted = Exclude<keyof Texts, Plain | 'steps'>;

/** The page's words in the language of the visitor; each language is a file of its own, loaded when it is wanted. */
class Words {
  language = $state<Language>('en-US');
  #texts = $state.raw({} as Texts);

  async speak(language: Language) {
    const found = (await import(`./texts/${language}.json`)) as { default: Texts };
    this.#texts = found.default;
    this.language = language;
    document.documentElement.lang = this.code;
  }

  /** The language as browsers and `Intl` know it. */
  get code(): string {
    return LANGUAGES[this.language].bcp47;
  }

  say(key: Plain, values: Record<string, string | number> = {}): string {
    return fill(this.#texts[key], values);
  }

  /** A text that depends on a number, which it shows as `{count}`. */
  count(key: Counted, count: number, values: Record<string, string | number> = {}): string {
    const forms = this.#texts[key] as Plural;
    const form = new Intl.PluralRules(this.code).select(count);
    return fill(forms[form] ?? forms.other ?? '', { count, ...values });
  }

  step(name: string): string {
    return this.#texts.steps[name as keyof Texts['steps']];
  }
}

export const words = new Words();
