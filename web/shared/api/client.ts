import type { paths as V1 } from '../../build/api-v1';
import type { paths as V2 } from '../../build/api-v2';
import type { Boot } from '../boot';

type Paths = { [P in keyof V1 as `/v1${P & string}`]: V1[P] } & {
  [P in keyof V2 as `/v2${P & string}`]: V2[P];
};
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathsOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<M, object> ? P : never;
}[keyof Paths];
type Operation<P, M extends Method> = P extends keyof Paths
  ? Paths[P] extends Record<M, infer O>
    ? O
    : never
  : never;
type Part<O, K extends string> = O extends { parameters: infer R }
  ? R extends Record<K, infer V>
    ? V
    : unknown
  : unknown;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : undefined;
type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : undefined;
type Content<R> = R extends { content: infer C } ? C[keyof C] : undefined;
type Success = 200 | 201 | 202 | 203 | 204 | 207;
export type AnswerOf<O> = O extends { responses: infer R } ? Content<R[keyof R & Success]> : never;
/** What an operation of v1 answers, such as `Answer<'/v1/companies', 'get'>`. */
export type Answer<P extends keyof Paths, M extends Method> = AnswerOf<Operation<P, M>>;
/** Its body. */
export type Body<P extends keyof Paths, M extends Method> = BodyOf<Operation<P, M>>;

export interface Options<O> {
  path?: Part<O, 'path'>;
  query?: QueryOf<O>;
  body?: BodyOf<O>;
  signal?: AbortSignal;
  /** An Idempotency-Key makes a POST safe to repeat: after a broken connection it is sent again under the same key. */
  key?: string;
}

/** A refusal by the API. `fields` maps a field's name to what is wrong with it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Record<string, string> = {},
    /** The answer's `meta` or, of v2, `errors`. */
    readonly details: unknown = null,
    /** Seconds until it is worth another try, where the server says so; else 0. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

/** No answer came: the connection broke or the server is away. What was typed is still there; try again. */
export class Offline extends Error {}

const RETRIES = 3;
const LONGEST_WAIT = 10; // seconds; who must wait longer is told so

/** The typed client of our own public API. `userToken` is who is signed in, if anybody. */
export class Api {
  userToken = '';
  /** Called when the server no longer knows the user token. */
  onSignedOut: () => void = () => {};

  constructor(private readonly boot: Boot) {}

  get<P extends PathsOf<'get'>>(path: P, options: Options<Operation<P, 'get'>> = {}) {
    return this.call('get', path, options) as Promise<AnswerOf<Operation<P, 'get'>>>;
  }
  post<P extends PathsOf<'post'>>(path: P, options: Options<Operation<P, 'post'>> = {}) {
    return this.call('post', path, options) as Promise<AnswerOf<Operation<P, 'post'>>>;
  }
  put<P extends PathsOf<'put'>>(path: P, options: Options<Operation<P, 'put'>> = {}) {
    return this.call('put', path, options) as Promise<AnswerOf<Operation<P, 'put'>>>;
  }
  patch<P extends PathsOf<'patch'>>(path: P, options: Options<Operation<P, 'patch'>> = {}) {
    return this.call('patch', path, options) as Promise<AnswerOf<Operation<P, 'patch'>>>;
  }
  delete<P extends PathsOf<'delete'>>(path: P, options: Options<Operation<P, 'delete'>> = {}) {
    return this.call('delete', path, options) as Promise<AnswerOf<Operation<P, 'delete'>>>;
  }

  /** The headers of every call, for what this class cannot send: uploads, streams. */
  headers(): Record<string, string> {
    const user = this.userToken ? `, User ${this.userToken}` : '';
    return { Authorization: `Bearer ${this.boot.token}${user}` };
  }

  url(path: string, options: { path?: unknown; query?: unknown } = {}): string {
    return this.boot.api + addressOf(path, options.path, options.query);
  }

  private async call(method: Method, path: string, options: Options<unknown>): Promise<unknown> {
    const address = addressOf(path, options.path, options.query);
    if (method === 'get' && address in this.boot.answers) {
      const { [address]: answer, ...others } = this.boot.answers;
      this.boot.answers = others; // the next one asks anew
      return answer;
    }
    const isV2 = path.startsWith('/v2');
    const headers = this.headers();
    headers.Accept = isV2 ? 'application/vnd.api.v2+json' : 'application/json';
    if (options.key) headers['Idempotency-Key'] = options.key;
    if (options.body !== undefined) headers['Content-Type'] = 'application/json';
    const init: RequestInit = { method: method.toUpperCase(), headers, cache: 'no-store' };
    if (options.signal) init.signal = options.signal;
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    return this.read(await this.send(this.boot.api + address, init, method === 'get' || !!options.key));
  }

  /** Waits where the server asks for it; what may be repeated is repeated after a broken connection. */
  private async send(url: string, init: RequestInit, repeatable: boolean): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      let response: Response | null = null;
      try {
        response = await fetch(url, init);
      } catch (error) {
        if (init.signal?.aborted) throw error;
        if (!repeatable || attempt >= RETRIES) throw new Offline('There is no connection.');
      }
      const busy = response !== null && (response.status === 429 || (response.status === 503 && repeatable));
      const wait = (response && retryAfterOf(response)) || 0.4 * attempt;
      if (response !== null && (!busy || attempt >= RETRIES || wait > LONGEST_WAIT)) return response;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }

  private async read(response: Response): Promise<unknown> {
    const text = await response.text();
    const answer =
      text && (response.headers.get('Content-Type') ?? '').includes('json') ? JSON.parse(text) : text;
    if (response.ok) return answer || undefined;
    if (response.status === 401 && this.userToken) this.onSignedOut();
    throw refusalOf(response.status, answer, retryAfterOf(response));
  }
}

const retryAfterOf = (response: Response) => Number(response.headers.get('Retry-After') ?? 0) || 0;

interface V1Refusal {
  meta?: { message?: string; errors?: unknown } | [];
  errors?: unknown;
  message?: string;
}

export function refusalOf(status: number, answer: unknown, retryAfter = 0): ApiError {
  const found = (typeof answer === 'object' && answer !== null ? answer : {}) as V1Refusal;
  const meta = Array.isArray(found.meta) ? undefined : found.meta;
  const errors = meta?.errors ?? found.errors;
  return new ApiError(
    status,
    meta?.message ?? found.message ?? `The server answered ${status}.`,
    fieldsOf(errors),
    errors,
    retryAfter,
  );
}

function fieldsOf(errors: unknown): Record<string, string> {
  if (typeof errors !== 'object' || errors === null) return {};
  if (Array.isArray(errors)) {
    return Object.fromEntries(
      errors.flatMap((one: { field?: string; message?: string }) =>
        one.field ? [[one.field, one.message ?? '']] : [],
      ),
    );
  }
  return Object.fromEntries(
    Object.entries(errors).map(([field, what]) => [
      field,
      Array.isArray(what) ? what.join(' ') : String(what),
    ]),
  );
}

/** The address of an operation: its path filled in, and the query as the API reads it. */
export function addressOf(path: string, parts: unknown, query: unknown): string {
  const values = (parts ?? {}) as Record<string, string | number>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value))
      for (const one of value) search.append(name.endsWith('[]') ? name : `${name}[]`, String(one));
    else search.append(name, typeof value === 'boolean' ? String(Number(value)) : String(value));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}
