// The button and the panel for any site: <script src="https://host/webchat/{channel}/webchat.js" data-channel="{channel}"></script>
// In a shadow root, with a constructed sheet: nothing leaks, and no policy of the page forbids it.
(() => {
  const script = document.currentScript;
  const src = new URL(script.src);
  const [, root, inPath] = src.pathname.match(/^(.*?)(?:\/webchat(?:\/([^/]+))?)?\/webchat\.js$/) ?? [null, '', null];
  const channel = script.dataset.channel ?? inPath;
  if (!channel || document.querySelector(`inforzap-chat[data-channel="${CSS.escape(channel)}"]`)) return;
  const base = `${src.origin}${root}/webchat/${encodeURIComponent(channel)}/`;
  const words = {
    pt: ['Abrir o chat', 'Fechar o chat', 'não lidas'], en: ['Open the chat', 'Close the chat', 'unread'], es: ['Abrir el chat', 'Cerrar el chat', 'sin leer'],
  };
  const [toOpen, toClose, unreadWord] = words[navigator.languages.map(l => l.slice(0, 2)).find(l => words[l])] ?? words.pt;
  const css = `
    :host { all: initial; position: fixed; z-index: 2147483000; right: 0; bottom: 0; }
    button { position: fixed; right: 20px; bottom: 20px; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 16px; background: var(--brand); color: var(--on);
      cursor: pointer; box-shadow: 0 4px 16px #0004; }
    button:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; }
    svg { width: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vertical-align: middle; }
    span { position: absolute; top: -6px; right: -6px; min-width: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px; background: #C93636; color: #fff;
      font: 600 12px/22px system-ui, sans-serif; }
    [hidden] { display: none; }
    iframe { position: fixed; right: 20px; bottom: 92px; width: 392px; height: min(660px, calc(100dvh - 116px)); border: 0; border-radius: 12px;
      box-shadow: 0 8px 40px #0004; color-scheme: light dark; }
    @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; } [aria-expanded=true] { display: none; } }
    @media print { :host { display: none } }`;

  const host = document.createElement('inforzap-chat');
  host.dataset.channel = channel;
  const shadow = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [sheet];
  shadow.innerHTML = '<button type="button"><svg viewBox="0 0 24 24"><path/></svg><span></span></button>';
  const [button, glyph, badge] = ['button', 'path', 'span'].map(tag => shadow.querySelector(tag));
  const overflow = document.documentElement.style.overflow;
  let frame = null, open = false, unread = 0;

  // Where the browser lets the frame keep nothing, this page keeps it.
  const name = `inforzap:${base}`;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    kept = {};
  }
  const keep = (key, value) => {
    kept[key] = value ?? undefined;
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch { /* then the conversation lives as long as the page */ }
  };

  function draw() {
    glyph.setAttribute('d', open ? 'M6 9l6 6 6-6' : 'M4 5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5v9a1.5 1.5 0 0 1-1.5 1.5H10l-4.5 4v-4A1.5 1.5 0 0 1 4 14.5z');
    button.setAttribute('aria-expanded', open);
    const label = open ? toClose : unread ? `${toOpen} (${unread} ${unreadWord})` : toOpen;
    button.title = label;
    button.setAttribute('aria-label', label);
    badge.hidden = open || !unread;
    badge.textContent = unread > 99 ? '99+' : unread;
    if (frame) frame.hidden = !open;
  }

  const say = more => frame?.contentWindow?.postMessage({ open, ...more }, src.origin);

  function load() {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.title = toOpen;
    frame.src = base;
    frame.hidden = !open;
    shadow.prepend(frame);
  }

  function show(yes) {
    open = yes;
    if (open) load();
    // On a phone the panel covers the page.
    document.documentElement.style.overflow = open && matchMedia('(max-width: 480px)').matches ? 'hidden' : overflow;
    draw();
    say({ inforzap: 'panel' });
    if (open) frame.focus();
    else button.focus();
  }

  button.addEventListener('click', () => show(!open));
  addEventListener('keydown', e => { if (e.key === 'Escape' && open) show(false); });
  addEventListener('message', e => {
    if (e.source !== frame?.contentWindow || e.origin !== src.origin) return;
    const { inforzap, unread: count, name: key, value } = e.data ?? {};
    if (inforzap === 'here') say({ inforzap: 'hello', kept });
    else if (inforzap === 'close') show(false);
    else if (inforzap === 'keep' && typeof key === 'string') keep(key, value);
    else if (inforzap === 'known') keep('known', '1');
    else if (inforzap === 'unread' && Number.isInteger(count)) {
      unread = count;
      draw();
    }
  });

  async function start() {
    for (let wait = 2000; ; wait = Math.min(wait * 2, 60_000)) {
      try {
        const { color } = await (await fetch(`${base}api/config`, { credentials: 'omit' })).json();
        const [r, g, b] = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
        host.style.setProperty('--brand', color);
        host.style.setProperty('--on', 0.299 * r + 0.587 * g + 0.114 * b > 165 ? '#10201f' : '#fff');
        break;
      } catch (e) {
        console.warn(`Inforzap: no chat at ${base} for this site. Is ${location.origin} allowed there?`, e);
      }
      await new Promise(done => setTimeout(done, wait));
    }
    draw();
    document.body.append(host);
    // Who talked before sees an unread count; for others nothing is loaded until they ask.
    if (kept.known) load();
  }
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
})();
