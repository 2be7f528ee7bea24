/** What a business puts into its own site, ready to copy. */
export interface Embed {
  title: string;
  hint: string;
  code: string;
}

/** `base` is where this server is seen, without a slash at its end. */
export function embeds(base: string, form: { id: number; title: string }): Embed[] {
  const title = form.title.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return [
    {
      title: 'Button',
      hint: 'A button at the edge of every page that holds this line; the form opens over the page.',
      code: `<script async src="${base}/widget.js" data-form="${form.id}"></script>`,
    },
    {
      title: 'Frame',
      hint: 'The form itself, within a page, where this line stands.',
      code: `<iframe src="${base}/b/${form.id}" title="${title}" width="100%" height="800" loading="lazy"></iframe>`,
    },
    { title: 'Link', hint: 'For messages, maps and social networks.', code: `${base}/b/${form.id}` },
  ];
}

/** The order of the steps that a business may arrange, as their numbers say. */
export type StepName = 'service' | 'master' | 'datetime';

export function stepsInOrder(form: Record<`${StepName}_step_num`, number>): StepName[] {
  const all: StepName[] = ['service', 'master', 'datetime'];
  return all.sort((a, b) => form[`${a}_step_num`] - form[`${b}_step_num`]);
}

/** The numbers for an order, from the lowest that the form has now: a chain's form begins with the location. */
export function numbersOf(order: StepName[], first: number): Record<`${StepName}_step_num`, number> {
  const numbers = Object.fromEntries(order.map((name, at) => [`${name}_step_num`, first + at]));
  return numbers as Record<`${StepName}_step_num`, number>;
}
