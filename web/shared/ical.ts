/** An appointment as a calendar file (RFC 5545), for the visitor's own calendar. */
export interface CalendarEntry {
  /** Never changes, so that a file saved again replaces the entry of the first. */
  uid: string;
  title: string;
  starts: Date;
  ends: Date;
  location?: string;
  description?: string;
  url?: string;
  /** When it was last changed; the later file wins. */
  changed?: Date;
}

/** The text of an `.ics` file with one entry. Times are instants: every calendar shows them in its own zone. */
export function ical(entry: CalendarEntry, now = new Date()): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Agendum//Agendum//EN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${escaped(entry.uid)}`,
    `DTSTAMP:${instant(now)}`,
    `LAST-MODIFIED:${instant(entry.changed ?? now)}`,
    `DTSTART:${instant(entry.starts)}`,
    `DTEND:${instant(entry.ends)}`,
    `SUMMARY:${escaped(entry.title)}`,
  ];
  if (entry.location) lines.push(`LOCATION:${escaped(entry.location)}`);
  if (entry.description) lines.push(`DESCRIPTION:${escaped(entry.description)}`);
  if (entry.url) lines.push(`URL:${entry.url}`);
  lines.push('STATUS:CONFIRMED', 'END:VEVENT', 'END:VCALENDAR');
  return lines.map(folded).join('\r\n') + '\r\n';
}

/** Has the browser save the file. */
export function saveCalendarFile(entry: CalendarEntry, name = 'appointment.ics'): void {
  const address = URL.createObjectURL(new Blob([ical(entry)], { type: 'text/calendar;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function instant(moment: Date): string {
  return moment.toISOString().replace(/[-:]|\.\d+/g, '');
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');
}

/** A line in pieces of at most 75 octets, none cut inside a character; each further piece begins with a space. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  const pieces: string[] = [];
  let piece = '';
  let size = 0;
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (size + length > 75) {
      pieces.push(piece);
      piece = ' ';
      size = 1;
    }
    piece += character;
    size += length;
  }
  return [...pieces, piece].join('\r\n');
}
