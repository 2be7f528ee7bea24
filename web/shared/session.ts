/** Who is signed in in this browser: one token for the cabinet, the console and the links in messages. */
const KEY = 'agendum.user_token';

/** The kept user token, empty when nobody is signed in (or the browser keeps nothing for us). */
export function keptToken(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a token, or with an empty one forgets it. */
export function keepToken(token: string): void {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // Signed in until the page is left, then.
  }
}

/** Calls back when another tab of this browser signs in or out. */
export function onOtherTab(changed: (token: string) => void): () => void {
  const hear = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) changed(keptToken());
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}
