/** What was typed and not yet saved, kept in the browser: it survives a broken connection, a reload, a closed lid. */
import type { Form } from './form';

export interface Draft {
  form: Form;
  /** Under which the wish is sent: once made, it is not made again. */
  key: string;
}

const nameOf = (locationId: number, id: number) => `agendum.draft.${locationId}.${id || 'new'}`;

export function keptDraft(locationId: number, id: number): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(nameOf(locationId, id)) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

export function keepDraft(locationId: number, id: number, draft: Draft) {
  try {
    localStorage.setItem(nameOf(locationId, id), JSON.stringify(draft));
  } catch {
    // The window still holds it.
  }
}

export function dropDraft(locationId: number, id: number) {
  localStorage.removeItem(nameOf(locationId, id));
}
