import { expect, test } from 'vitest';
import { otherTimes } from './nearest';
import type { Offer } from './offer';

const at = (clock: string, day = '2026-12-01') => `${day}T${clock}:00+02:00`;
const slots = (...moments: string[]) => moments.map((datetime) => ({ datetime }));

test('the same time of somebody else comes first, the next day helps out', async () => {
  const offer = {
    times: (_: number, { staff }: { staff: number }) =>
      Promise.resolve(staff ? slots(at('10:00')) : slots(at('10:00'), at('11:00'))),
    nextDay: () => Promise.resolve(slots(at('09:00', '2026-12-02'))),
  } as unknown as Offer;
  const found = await otherTimes(offer, 1, { services: [7], staff: 3, moment: '' }, at('11:00'), true);
  expect(found).toEqual([
    { moment: at('11:00'), staff: 0 },
    { moment: at('10:00'), staff: 3 },
    { moment: at('09:00', '2026-12-02'), staff: 3 },
  ]);
});

test('without an answer there are no offers', async () => {
  const offer = { times: () => Promise.reject(new Error()) } as unknown as Offer;
  expect(await otherTimes(offer, 1, { services: [], staff: 0, moment: '' }, at('11:00'))).toEqual([]);
});
