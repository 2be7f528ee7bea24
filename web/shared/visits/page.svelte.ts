import { createContext } from 'svelte';
import { Api, ApiError, Offline } from '$shared/api/client';
import { readBoot, type Boot } from '$shared/boot';
import { fill, LANGUAGES, languageFor, type Language } from '$shared/languages';
import { clockOf, dayInWords, dayOf, timeInWords } from '$shared/times';
import type { Texts } from './texts/en-US';

// A chunk a language: who reads Latvian loads no German.
const TEXTS: Record<Language, () => Promise<{ default: Texts }>> = {
  'en-US': () => import('./texts/en-US'),
  'lv-LV': () => import('./texts/lv-LV'),
  'lt-LT': () => import('./texts/lt-LT'),
  'ee-EE': () => import('./texts/ee-EE'),
  'de-DE': () => import('./texts/de-DE'),
  'uk-UK': () => import('./texts/uk-UK'),
};

/** What every component of the cabinet and of the linked pages has at hand: the API, and the words of one language. */
export class Page {
  readonly api: Api;
  language = $state<Language>('en-US');
  private texts = $state.raw<Texts>() as Texts;

  private constructor(readonly boot: Boot) {
    this.api = new Api(boot);
  }

  static async open(): Promise<Page> {
    const page = new Page(readBoot());
    await page.speak(languageFor(location.search, navigator.languages));
    return page;
  }

  /** Changes the language; what has been typed stays. */
  async speak(language: Language): Promise<void> {
    this.texts = (await TEXTS[language]()).default;
    this.language = language;
    document.documentElement.lang = this.tag;
  }

  /** The language by its BCP 47 tag. */
  get tag(): string {
    return LANGUAGES[this.language].bcp47;
  }

  say(key: keyof Texts, values: Record<string, string | number> = {}): string {
    return fill(this.texts[key], values);
  }

  /** A moment in words on the location's clock, such as `Wednesday, 30 September, 14:30`. */
  when(moment: string): string {
    return `${this.day(dayOf(moment))}, ${this.time(moment)}`;
  }

  /** An ISO date in words, such as `Wednesday, 30 September`. */
  day(day: string): string {
    return dayInWords(day, this.tag, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  time(moment: string): string {
    return timeInWords(clockOf(moment), this.tag);
  }

  /** So many seconds in words, for waiting. */
  wait(seconds: number): string {
    const [unit, value] = seconds <= 90 ? ['second', seconds] : ['minute', Math.ceil(seconds / 60)];
    return new Intl.NumberFormat(this.tag, {
      style: 'unit',
      unit: String(unit),
      unitDisplay: 'short',
    }).format(Number(value));
  }

  /** What a failure means to the visitor. */
  problem(error: unknown): string {
    if (error instanceof Offline) return this.say('offline');
    if (error instanceof ApiError && error.status === 429)
      return this.say('waitFirst', { wait: this.wait(error.retryAfter || 60) });
    return this.say('failed');
  }
}

export const [getPage, setPage] = createContext<Page>();
