import { expect, test } from 'vitest';
import { comesBefore, defaultsOf, shownSteps } from './steps';
import type { Form, FormStep, Settings } from './types';

const step = (name: string, num: number, more: Partial<FormStep> = {}): FormStep => ({
  step: name,
  title: name,
  num,
  hidden: false,
  is_title_default: true,
  default: 0,
  ...more,
});
const form = (...steps: FormStep[]) => ({ steps }) as Form;
const settings = (more: Partial<Settings> = {}) => ({ any_master: true, ...more }) as Settings;

test('steps come by their numbers, hidden ones are left out', () => {
  const own = form(
    step('master', 2, { hidden: true }),
    step('service', 1),
    step('datetime', 3),
    step('contact', 4),
  );
  expect(shownSteps(own, settings(), 1)).toEqual(['service', 'datetime', 'contact']);
  expect(comesBefore(own, 'service', 'master')).toBe(true);
  expect(comesBefore(own, 'datetime', 'service')).toBe(false);
});

test('a hidden step is shown where nothing can be booked without it', () => {
  const own = form(
    step('company', 1, { hidden: true }),
    step('service', 2, { hidden: true }),
    step('master', 3, { hidden: true }),
    step('datetime', 4, { hidden: true }),
    step('comfirm', 5, { hidden: true }),
  );
  expect(shownSteps(own, settings(), 1)).toEqual(['service', 'datetime']);
  expect(shownSteps(own, settings(), 1, true)).toEqual(['service']);
  const asking = settings({ any_master: false, phone_confirmation: true });
  expect(shownSteps(own, asking, 2)).toEqual(['company', 'service', 'master', 'datetime', 'comfirm']);
});

test('a form chooses beforehand', () => {
  const when = step('datetime', 3, { date_default: '2026-12-24T00:00:00', time_default: 34_200 });
  const chosen = defaultsOf([step('service', 1, { default: 7 }), step('master', 2, { default: -1 }), when]);
  expect(chosen).toEqual({ city: 0, company: 0, services: [7], staff: 0, date: '2026-12-24', time: '09:30' });
  expect(defaultsOf([step('datetime', 1, { date_default: '0000-00-00', time_default: 0 })])).toMatchObject({
    services: [],
    staff: null,
    date: '',
    time: '',
  });
});
