import type { CustomField, Settings } from './types';

/** What is typed on the contact step. */
export interface Typed {
  name: string;
  phone: string;
  email: string;
  comment: string;
  /** Of custom fields, by code. */
  fields: Record<string, string>;
}

export type Fault = 'required' | 'badPhone' | 'badEmail' | 'badNumber';

/** What must be mended before it is sent: the fault by field, a custom field as `field:code`. */
export function faultsOf(typed: Typed, settings: Settings, comment: boolean): Record<string, Fault> {
  const faults: Record<string, Fault> = {};
  if (!typed.name.trim()) faults.name = 'required';
  if (!typed.phone.trim()) faults.phone = 'required';
  else if (!looksLikePhone(typed.phone)) faults.phone = 'badPhone';
  if (typed.email.trim() && !/^[^@\s]+@[^@\s]+\.[^@\s]{2,}$/.test(typed.email.trim()))
    faults.email = 'badEmail';
  for (const field of settings.custom_fields) {
    const fault = faultOf(field, typed.fields[field.code]?.trim() ?? '');
    if (fault) faults[`field:${field.code}`] = fault;
  }
  if (comment && !typed.comment.trim()) faults.comment = 'required';
  return faults;
}

function faultOf(field: CustomField, value: string): Fault | null {
  if (!value) return field.is_required ? 'required' : null;
  return field.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value) ? 'badNumber' : null;
}

/** The API has the last word: it knows the countries' numbers. */
function looksLikePhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return /^\+?[\d\s().\-/\u2010-\u2015]*$/.test(text.trim()) && digits >= 6 && digits <= 15;
}

/** Hours before the visit that a reminder may come; the location's own among them. 0 is none. */
export function reminderHours(usual: number): number[] {
  return [...new Set([0, 1, 2, 3, 6, 24, 48, usual])].sort((one, other) => one - other);
}

/** The API's names of fields as the page's own: `appointments[0].custom_fields.drink` is `field:drink`. */
export function ownNames(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, what]) => {
      const custom = /custom_fields\.(.+)$/.exec(name);
      return [custom ? `field:${custom[1]}` : name === 'fullname' ? 'name' : name, what];
    }),
  );
}
