import { expect, test } from 'vitest';
import { ical } from './ical';

const entry = {
  uid: 'appointment-7@salon.example',
  title: 'Haircut, wash; with Anna',
  starts: new Date('2026-09-30T10:00:00-04:00'),
  ends: new Date('2026-09-30T11:30:00-04:00'),
};
const now = new Date('2026-09-01T08:00:00Z');
const linesOf = (text: string) => text.replace(/\r\n /g, '').split('\r\n');

test('an entry says when, in one world time', () => {
  const lines = linesOf(ical(entry, now));
  expect(lines).toContain('DTSTART:20260930T140000Z');
  expect(lines).toContain('DTEND:20260930T153000Z');
  expect(lines).toContain('DTSTAMP:20260901T080000Z');
  expect(lines[0]).toBe('BEGIN:VCALENDAR');
  expect(lines.at(-1)).toBe('');
});

test('text keeps its commas, semicolons, backslashes and lines', () => {
  const lines = linesOf(ical({ ...entry, description: 'A\\B\nsecond; third' }, now));
  expect(lines).toContain('SUMMARY:Haircut\\, wash\\; with Anna');
  expect(lines).toContain('DESCRIPTION:A\\\\B\\nsecond\\; third');
});

test('no line is longer than 75 octets, and none is cut inside a character', () => {
  const title = 'Манікюр і педикюр з покриттям '.repeat(5) + '💅'.repeat(40);
  const text = ical({ ...entry, title }, now);
  const encoder = new TextEncoder();
  for (const line of text.split('\r\n')) expect(encoder.encode(line).length).toBeLessThanOrEqual(75);
  expect(linesOf(text)).toContain(`SUMMARY:${title}`);
});
