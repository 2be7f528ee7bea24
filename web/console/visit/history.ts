/** The audit trail of an appointment in words. */
import type { Answer } from '$shared/api/client';
import { clockOf, dayInWords, dayOf, lengthInWords, timeInWords } from '$shared/times';
import { ATTENDANCE } from '../calendar/model';

export type Change = Omit<
  Answer<'/v1/company/{location_id}/changes', 'get'>['data'][number],
  'before' | 'after'
> & {
  before: Facts | null;
  after: Facts | null;
};
type Facts = Record<string, unknown>;

const TITLES: Record<string, string> = {
  team_member_id: 'Team member',
  client_id: 'Client',
  starts_at: 'Start',
  length: 'Length',
  technical_break: 'Break',
  attendance: 'Status',
  comment: 'Comment',
  services: 'Services',
  labels: 'Tags',
  custom_fields: 'Fields',
  custom_color: 'Colour',
  is_overbooked: 'Overbooked',
  sms_before: 'Reminder by SMS',
  email_before: 'Reminder by e-mail',
};

export interface Speech {
  memberName: (id: number) => string;
  language: string;
}

export function changesInWords({ before, after }: Change, speech: Speech): string[] {
  if (!before) return ['Booked'];
  if (!after) return ['Deleted'];
  return Object.keys(after).flatMap((name) => {
    const title = TITLES[name];
    if (!title) return [];
    if (name === 'services' || name === 'labels' || name === 'custom_fields') return [`${title} changed`];
    const [was, now] = [before[name], after[name]].map((value) => valueInWords(name, value, speech));
    return [was ? `${title}: ${was} → ${now || 'none'}` : `${title}: ${now || 'none'}`];
  });
}

function valueInWords(name: string, value: unknown, { memberName, language }: Speech): string {
  if (value === null || value === undefined || value === '') return '';
  switch (name) {
    case 'team_member_id':
      return memberName(Number(value));
    case 'client_id':
      return `No. ${String(value)}`;
    case 'starts_at':
      return `${dayInWords(dayOf(String(value)), language, { dateStyle: 'medium' })}, ${timeInWords(clockOf(String(value)), language)}`;
    case 'length':
    case 'technical_break':
      return lengthInWords(Number(value), language);
    case 'attendance':
      return ATTENDANCE.find((one) => one.value === value)?.title ?? '';
    case 'is_overbooked':
      return value ? 'yes' : 'no';
    default:
      return String(value);
  }
}
