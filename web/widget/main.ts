// What a business puts into its own site with one line: a button that opens the booking page over the site, or the
// page in its text, as high as its content. It runs among scripts of others: it leaves no name behind (the build wraps
// it in a function), keeps its look in a shadow tree, and asks nobody but the server that it came from.

const LABELS: Record<string, [book: string, close: string]> = {
  en: ['Book online', 'Close'],
  lv: ['Pierakstīties', 'Aizvērt'],
  lt: ['Registruotis', 'Uždaryti'],
  et: ['Broneeri aeg', 'Sulge'],
  de: ['Termin buchen', 'Schließen'],
  uk: ['Записатися', 'Закрити'],
};

const STYLE = `
  button { font: 600 16px/1.2 system-ui, sans-serif; cursor: pointer; }
  .open { position: fixed; z-index: 2147483000; min-height: 48px; padding: 12px 24px; border: 0; border-radius: 24px;
    box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
  .open.in-text { position: static; box-shadow: none; }
  .open:focus-visible, .close:focus-visible { outline: 3px solid #000; outline-offset: 2px; box-shadow: 0 0 0 3px #fff; }
  dialog { position: fixed; inset: 0 0 0 auto; width: min(100vw, 480px); max-width: none; height: 100dvh;
    max-height: none; margin: 0; padding: 0; border: 0; overflow: hidden; background: Canvas; }
  dialog[open] { display: flex; flex-direction: column; }
  dialog::backdrop { background: rgb(0 0 0 / 50%); }
  .close { align-self: flex-end; min-width: 44px; min-height: 44px; border: 0; background: none; color: CanvasText; }
  iframe { display: block; width: 100%; border: 0; }
  dialog iframe { flex: 1; min-height: 0; }
`;

interface Notice {
  agendum?: 'height' | 'step' | 'close' | 'booked';
  height?: number;
}

/** A hex colour's text: black or white, whichever is read better. */
function textOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\da-f]{2}/gi) ?? []).map((part) => {
    const share = parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

function start(script: HTMLScriptElement) {
  const {
    form = '',
    mode = 'button',
    label,
    color = '',
    position = 'bottom right',
    lang,
    target,
  } = script.dataset;
  const origin = new URL(script.src).origin;
  const language = lang ?? (document.documentElement.lang || navigator.language);
  const [book, close] = LABELS[language.slice(0, 2).toLowerCase()] ?? ['Book online', 'Close'];

  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet(); // a policy of the site against inline styles lets these pass
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  function frame(isInline: boolean): HTMLIFrameElement {
    const made = document.createElement('iframe');
    const address = new URL(`/b/${encodeURIComponent(form)}`, origin);
    if (lang) address.searchParams.set('lang', lang);
    if (isInline) address.searchParams.set('frame', 'inline');
    made.src = address.href;
    made.title = label ?? book;
    made.allow = 'geolocation';
    return made;
  }

  function hear(made: HTMLIFrameElement, heard: (notice: Notice) => void) {
    addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.source !== made.contentWindow || event.origin !== origin) return;
      if (typeof event.data === 'object' && event.data) heard(event.data);
    });
  }

  function inline() {
    const made = frame(true);
    made.style.height = '640px';
    hear(made, (notice) => {
      if (notice.agendum === 'height' && notice.height) made.style.height = `${notice.height}px`;
      // A step that is shorter than the last one would begin above the window.
      if (notice.agendum === 'step' && made.getBoundingClientRect().top < 0) made.scrollIntoView();
    });
    root.append(made);
  }

  function button() {
    const opener = document.createElement('button');
    opener.type = 'button';
    opener.className = target ? 'open in-text' : 'open';
    opener.textContent = label ?? book;
    const ground = /^#[\da-f]{6}$/i.test(color) ? color : '#2457d6';
    opener.style.background = ground;
    opener.style.color = textOn(ground);
    if (!target)
      for (const side of position.split(' '))
        if (/^(top|bottom|left|right)$/.test(side)) opener.style.setProperty(side, '24px');
    let dialog: HTMLDialogElement | undefined;
    opener.onclick = () => {
      dialog ??= overlay(); // kept when it is closed, with all that was typed in it
      dialog.showModal();
    };
    root.append(opener);
  }

  function overlay(): HTMLDialogElement {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', label ?? book);
    const closer = document.createElement('button');
    closer.type = 'button';
    closer.className = 'close';
    closer.textContent = '✕';
    closer.setAttribute('aria-label', close);
    closer.onclick = () => dialog.close();
    dialog.onclick = (event) => {
      if (event.target === dialog) dialog.close(); // beside the panel
    };
    const made = frame(false);
    hear(made, (notice) => {
      if (notice.agendum === 'close') dialog.close();
    });
    dialog.append(closer, made);
    root.append(dialog);
    return dialog;
  }

  const place = target ? document.querySelector(target) : null;
  if (mode === 'inline') inline();
  else button();
  if (place) place.append(host);
  else if (mode === 'inline') script.after(host);
  else document.body.append(host);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.dataset.form) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => start(script));
  else start(script);
}
