import { ApiError } from '$shared/api/client';
import type { Page } from './page.svelte';

const BETWEEN = 60; // seconds from one code to a phone to the next

/** Proving a phone by the code that is sent to it: for signing in, and for a new phone. */
export class PhoneCode {
  phone = $state('');
  code = $state('');
  /** The phone to which a code has gone; empty before. */
  sentTo = $state('');
  /** Seconds until another code may be asked for. */
  wait = $state(0);
  isBusy = $state(false);
  phoneProblem = $state('');
  codeProblem = $state('');
  problem = $state('');
  #last = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly page: Page,
    /** Asks for a code; false when something else must be chosen first. */
    private readonly send: (phone: string) => Promise<boolean>,
    private readonly prove: (phone: string, code: string) => Promise<unknown>,
    private readonly example: () => string,
  ) {}

  /** Has a code sent. Whether one is on its way. */
  async ask(): Promise<boolean> {
    this.#clear();
    const digits = this.phone.replace(/\D/g, '');
    if (digits.length < 7) {
      this.phoneProblem = this.page.say('phoneWrong', { example: this.example() });
      return false;
    }
    this.isBusy = true;
    try {
      if (!(await this.send(this.phone))) return false;
      this.sentTo = this.#last = this.phone;
      this.code = '';
      this.#count(BETWEEN);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 429) {
        this.problem = this.page.say('codesThrottled', { wait: this.page.wait(error.retryAfter || BETWEEN) });
        this.#count(error.retryAfter || BETWEEN);
        if (this.phone === this.#last) this.sentTo = this.#last; // its code is on the way or there already
      } else if (error instanceof ApiError && error.status === 422)
        this.phoneProblem = this.page.say('phoneWrong', { example: this.example() });
      else this.problem = this.page.problem(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  /** Proves the phone by what was typed; whether that opened the door. */
  async confirm(): Promise<boolean> {
    this.#clear();
    const code = this.code.trim();
    if (!code) {
      this.codeProblem = this.page.say('required');
      return false;
    }
    this.isBusy = true;
    try {
      await this.prove(this.sentTo, code);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) this.problem = this.page.problem(error);
      else if (error.fields.phone) this.problem = this.page.say('takenByOther');
      else if (error.status === 401 || error.status === 422) this.codeProblem = this.page.say('codeWrong');
      else this.problem = this.page.problem(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  /** Back to the phone. */
  again(): void {
    this.#clear();
    this.sentTo = '';
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #clear(): void {
    this.phoneProblem = this.codeProblem = this.problem = '';
  }

  #count(seconds: number): void {
    clearInterval(this.#timer);
    const end = Date.now() + seconds * 1000;
    this.wait = seconds;
    this.#timer = setInterval(() => {
      this.wait = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      if (!this.wait) clearInterval(this.#timer);
    }, 1000);
  }
}
