import { type Api, Offline, refusalOf } from '$shared/api/client';

/** Sends a form with files, which the typed client does not. Raises what the client raises. */
export async function sendForm(
  api: Api,
  path: string,
  parts: object,
  form: FormData,
  method = 'POST',
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(api.url(path, { path: parts }), { method, headers: api.headers(), body: form });
  } catch {
    throw new Offline('There is no connection.');
  }
  const text = await response.text();
  const answer: unknown = (response.headers.get('Content-Type') ?? '').includes('json')
    ? JSON.parse(text)
    : text;
  if (response.status === 413) throw refusalOf(413, { message: 'The file is too large for this server.' });
  if (!response.ok) throw refusalOf(response.status, answer);
  return answer;
}

/** A file behind the API's tokens, given to the browser to keep. */
export async function download(api: Api, path: string, parts: object, name: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(api.url(path, { path: parts }), { headers: api.headers() });
  } catch {
    throw new Offline('There is no connection.');
  }
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => ''));
  save(await response.blob(), name);
}

export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
