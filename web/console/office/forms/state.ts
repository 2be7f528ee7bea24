import type { Answer } from '$shared/api/client';
import { stepsInOrder, type StepName } from './embed';

export type Form = Answer<'/v1/company/{location_id}/booking_forms', 'get'>['data'][number];
export type Config = Answer<'/v1/bookform/{id}', 'get'>['data'];

/** What of a form is set in its editor. */
export interface Typed {
  title: string;
  description: string;
  is_default: boolean;
  order: StepName[];
  service_step_hide: boolean;
  master_step_hide: boolean;
  service_step_default: number;
  master_step_default: number;
  service_step_title: string;
  master_step_title: string;
  datetime_step_title: string;
  show_button: boolean;
  button_color: string;
  button_position: string;
  default_language_id: number;
  language_ids: number[];
  style: Pick<
    Config['style'],
    'show_header' | 'logo' | 'main_color' | 'secondary_color' | 'buttons_color' | 'main_color_theme'
  >;
}

/** The languages that the booking page speaks, by the API's ids. */
export const LANGUAGE_IDS = [
  { id: 2, title: 'English' },
  { id: 4, title: 'Latviešu' },
  { id: 6, title: 'Lietuvių' },
  { id: 5, title: 'Eesti' },
  { id: 3, title: 'Deutsch' },
  { id: 7, title: 'Українська' },
];

/** The form as its settings and, of style and languages, its own opening tell it. */
export function typedOf(form: Form, config: Config): Typed {
  const { show_header, logo, main_color, secondary_color, buttons_color, main_color_theme } = config.style;
  return {
    title: form.title,
    description: form.description,
    is_default: form.is_default,
    order: stepsInOrder(form),
    service_step_hide: form.service_step_hide,
    master_step_hide: form.master_step_hide,
    service_step_default: form.service_step_default,
    master_step_default: form.master_step_default,
    service_step_title: form.service_step_title,
    master_step_title: form.master_step_title,
    datetime_step_title: form.datetime_step_title,
    show_button: form.show_button,
    button_color: form.button_color,
    button_position: form.button_position,
    default_language_id: form.default_language_id,
    language_ids: config.langs.map((one) => one.id),
    style: { show_header, logo, main_color, secondary_color, buttons_color, main_color_theme },
  };
}
