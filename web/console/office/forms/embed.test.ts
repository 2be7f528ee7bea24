import { expect, test } from 'vitest';
import { embeds, numbersOf, stepsInOrder } from './embed';

test('the lines for a site', () => {
  const [button, frame, link] = embeds('https://book.example.com', { id: 7, title: 'Cut & "dry"' });
  expect(button?.code).toBe('<script async src="https://book.example.com/widget.js" data-form="7"></script>');
  expect(frame?.code).toContain('src="https://book.example.com/b/7" title="Cut &#38; &#34;dry&#34;"');
  expect(link?.code).toBe('https://book.example.com/b/7');
});

test('steps in their order, and their numbers again', () => {
  const order = stepsInOrder({ service_step_num: 3, master_step_num: 2, datetime_step_num: 4 });
  expect(order).toEqual(['master', 'service', 'datetime']);
  expect(numbersOf(order, 2)).toEqual({ master_step_num: 2, service_step_num: 3, datetime_step_num: 4 });
});
