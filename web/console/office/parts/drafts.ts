/** What was typed into a form and not saved yet, kept for the tab: it survives a reload and a broken connection. */
const PREFIX = 'agendum.draft.';

export function draftOf<T extends object>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text ? (JSON.parse(text) as T) : null;
  } catch {
    return null; // storage is switched off, or another version wrote it
  }
}

export function keepDraft(key: string, value: object): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // full or switched off: the form works without
  }
}

export function dropDraft(key: string): void {
  try {
    sessionStorage.removeItem(PREFIX + key);
  } catch {
    // see above
  }
}
