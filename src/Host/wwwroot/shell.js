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

  window.inforzap = {
    // navigator.clipboard is there on https and localhost only; in a LAN the old way has to do.
    async copy(field) {
      field.select();
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else document.execCommand('copy');
    },
    theme(value) { root.dataset.theme = value; keep('inforzap-theme', value); },
    language(value) { keep('inforzap-language', `c=${value}|uic=${value}`); },
  };

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
