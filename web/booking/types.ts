import type { Answer } from '$shared/api/client';

export type Form = Answer<'/v1/bookform/{id}', 'get'>['data'];
export type FormStep = Form['steps'][number];
export type Location = Answer<'/v1/company/{location_id}', 'get'>['data'];
export type Settings = Answer<'/v1/book_settings/{location_id}', 'get'>['data'];
export type CustomField = Settings['custom_fields'][number];
export type Services = Answer<'/v1/book_services/{location_id}', 'get'>['data'];
export type Service = Services['services'][number];
export type Member = Answer<'/v1/book_staff/{location_id}', 'get'>['data'][number];
export type Slot = Answer<'/v1/book_times/{location_id}/{team_member_id}/{date}', 'get'>['data'][number];
export type StepName = 'city' | 'company' | 'service' | 'master' | 'datetime' | 'contact' | 'comfirm';

/** "Whoever is free" in place of a team member's id. */
export const ANYONE = 0;
