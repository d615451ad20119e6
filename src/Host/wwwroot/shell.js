// Starts the circuit, keeps it, and does the few things that only the browser can: theme, language, width of the rail.
(() => {
  const root = document.documentElement;
  const year = 31536000;
  const keep = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax`; };

  if (localStorage.getItem('rail') === 'wide') root.dataset.rail = 'wide';
  document.addEventListener('click', event => {
    // A link leads to another screen within this page: what covers it has done its part.
    if (event.target.closest('a')) event.target.closest('[popover]')?.hidePopover();
    if (!event.target.closest('[data-widen-rail]')) return;
    root.dataset.rail = root.dataset.rail === 'wide' ? 'narrow' : 'wide';
    localStorage.setItem('rail', root.dataset.rail);
  });

  const palette = { view: null };
  window.inforzap = {
    // navigator.clipboard is there on https and localhost only; in a LAN the old way has to do.
    async copy(field) {
      field.select();
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else document.execCommand('copy');
    },
    theme(value) { root.dataset.theme = value; keep('inforzap-theme', value); },
    palette(view) {
      const dialog = document.getElementById('palette');
      if (!dialog) return;
      palette.view = view;
      // What the arrows choose comes into sight.
      new MutationObserver(() => dialog.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })).observe(dialog, { subtree: true, attributes: true, attributeFilter: ['aria-selected'] });
    },
    shutPalette() { document.getElementById('palette')?.close(); },
    language(value) { keep('inforzap-language', `c=${value}|uic=${value}`); },
  };

  // Ctrl+K, on a Mac Cmd+K. What is being filled in, in a dialog or a drawer, keeps its keys and stays where it is.
  const isMac = /mac/i.test(navigator.platform);
  const tell = name => palette.view?.invokeMethodAsync(name).catch(() => {});
  document.addEventListener('keydown', event => {
    if (event.key?.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.altKey || event.shiftKey || event.isComposing) return;
    const dialog = document.getElementById('palette');
    if (!dialog || !palette.view || document.querySelector('.mud-dialog, [role="dialog"][aria-modal="true"]')) return;
    event.preventDefault();
    if (dialog.open) { dialog.close(); return; }
    dialog.querySelector('input').value = '';
    dialog.showModal();
    tell('Opened');
  });
  // Neither comes by bubbling: the dialog's own end, and a click beside it.
  document.addEventListener('close', event => { if (event.target.id === 'palette') tell('Closed'); }, true);
  document.addEventListener('mousedown', event => { if (event.target.id === 'palette') event.target.close(); });
  // Arrows choose, and leave the caret where it is.
  document.addEventListener('keydown', event => {
    if (!event.target.closest?.('#palette') || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
  });

  // Over plain http in a LAN the product works, but the browser keeps some things back: say so once.
  const plain = document.getElementById('plain-http');
  if (!window.isSecureContext && !localStorage.getItem('plain-http')) {
    plain.hidden = false;
    plain.querySelector('button').addEventListener('click', () => { plain.hidden = true; localStorage.setItem('plain-http', 'seen'); });
  }

  const bar = document.getElementById('components-reconnect-modal');
  bar.addEventListener('components-reconnect-state-changed', ({ detail }) => {
    // The server is back but does not know this circuit any more: a reload lands where the person was.
    if (detail.state === 'rejected' || detail.state === 'resume-failed') location.reload();
  });
  Blazor.start({
    circuit: {
      reconnectionOptions: {
        maxRetries: 100000,
        retryIntervalMilliseconds: tries => Math.min(250 * 2 ** Math.min(tries, 5), 5000),
      },
    },
  });
})();
