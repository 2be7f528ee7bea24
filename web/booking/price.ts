import { showMoney } from '$shared/money';
import type { Service, Slot } from './types';

/** What services cost, after their discounts; a range begins with its lower end. Empty where nothing is said. */
export function priceOf(services: Service[], currency: string | undefined, code: string): string {
  const [least, most] = [sum(services, 'price_min'), sum(services, 'price_max')];
  if (!currency || most <= 0) return '';
  const low = showMoney(least, currency, code);
  return most > least ? `${low} – ${showMoney(most, currency, code)}` : low;
}

/** The same before discounts; empty where there are none. */
export function fullPriceOf(service: Service, currency: string | undefined, code: string): string {
  return service.discount > 0 ? priceOf([{ ...service, discount: 0 }], currency, code) : '';
}

/** Seconds: the slot's once there is one, else as long as the services usually take. */
export function lengthOf(services: Service[], slot: Slot | null): number {
  if (slot && services.length) return slot.sum_length;
  return services.reduce((total, service) => total + (service.seance_length ?? service.duration), 0);
}

function sum(services: Service[], end: 'price_min' | 'price_max'): number {
  const cents = services.map((service) => Math.round(service[end] * (100 - service.discount)));
  return cents.reduce((total, one) => total + one, 0) / 100;
}
