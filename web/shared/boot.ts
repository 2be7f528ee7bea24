/** What the server writes into the page: where the API is, the pages' partner token, and answers fetched ahead. */
export interface Boot {
  api: string;
  token: string;
  /** Answers of GET operations by address below `api`, such as `/v1/bookform/1`, read by the server through the same operations. */
  answers: Record<string, unknown>;
  /** What the page's own address names, such as `form_id`. */
  place: Record<string, string>;
}

export function readBoot(): Boot {
  const element = document.getElementById('boot');
  if (!element?.textContent) throw new Error('The page lacks its boot data.');
  return JSON.parse(element.textContent) as Boot;
}
