import { expect, test } from 'vitest';
import { eventsIn } from './live';

test('events are read as they come, whole ones first', () => {
  const { events, rest } = eventsIn(
    'retry: 1000\n\ndata: {"a":1}\n\n: alive\n\nevent: gap\ndata: {}\n\ndata: {"b"',
  );
  expect(events).toEqual([
    { name: 'message', data: '{"a":1}' },
    { name: 'gap', data: '{}' },
  ]);
  expect(eventsIn(`${rest}:2}\n\n`).events).toEqual([{ name: 'message', data: '{"b":2}' }]);
});
