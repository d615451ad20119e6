// The page: what comes is read from one stream by cursor, what is written goes through the outbox.
import * as keep from './keep.js';
import { begin, call, stream, token } from './api.js';
import { settle } from './bar.js';
import { emojiPicker } from './emoji.js';
import { format } from './format.js';
import * as log from './log.js';
import * as outbox from './outbox.js';
import { sizeOf, speak, words } from './words.js';

const $ = id => document.getElementById(id);
const text = $('text'), tray = $('tray'), quote = $('quote'), notice = $('notice');
const embedded = parent !== window;
const touch = matchMedia('(pointer: coarse)').matches;

let config = {};
let outside = null; // the origin of the page around us, once it said hello
let open = !embedded;
let cursor = 0, ready = false, living = false, current = null, wake = () => { };
let attached = [], answering = null;

const pause = ms => new Promise(done => {
  const timer = setTimeout(done, ms);
  wake = () => { clearTimeout(timer); done(); };
});

async function live() {
  if (living || !token()) return;
  living = true;
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    let after = 0, status = 503;
    try {
      if (!token()) {
        cursor = 0;
        await begin();
      }
      current = new AbortController();
      const flowed = await stream(cursor, (name, data) => { wait = 1000; heard(name, data); }, current.signal);
      if (!flowed) {
        // Something between us and the server holds streams back: then each try asks once.
        heard('messages', await (await call('GET', `messages?since=${cursor}`)).json());
        heard('ready');
        status = 0;
      }
    } catch (e) {
      after = e.after ?? 0;
      status = e.status || status;
    }
    settle(status);
    await pause(Math.max(after, wait * (0.7 + Math.random() * 0.6)));
  }
}

function heard(name, data) {
  if (name === 'messages') {
    cursor = data.cursor;
    for (const m of data.messages) {
      if (m.mine && m.ref) outbox.forget(m.ref);
      if (!m.mine) typingShown(false);
    }
    log.put(data.messages, !ready);
  } else if (name === 'typing') typingShown(data.typing);
  else if (name === 'ready') {
    settle(0);
    tell('known');
    if (!ready) caughtUp();
    outbox.pump();
    log.on.seen(log.atEnd());
  }
}

function caughtUp() {
  ready = true;
  $('log').removeAttribute('aria-busy');
  log.markUnread(+keep.get('read'));
}

let typingTimer = 0;

function typingShown(yes) {
  clearTimeout(typingTimer);
  log.typing(yes);
  if (yes) typingTimer = setTimeout(() => log.typing(false), 8000);
}

addEventListener('online', () => { current?.abort(); wake(); });

const told = { read: +keep.get('told'), delivered: +keep.get('told') };
let telling = 0;

log.on.seen = end => {
  if (!ready) return;
  const last = log.last();
  if (end && open && document.visibilityState === 'visible' && last > +keep.get('read')) keep.set('read', `${last}`);
  const unread = log.unread(+keep.get('read'));
  document.title = (unread ? `(${unread}) ` : '') + $('title').textContent;
  tell('unread', { unread });
  clearTimeout(telling);
  telling = setTimeout(() => tellServer().catch(() => { /* told again with the next */ }), 400);
};

// What was read has arrived, too; only what waits unread is reported as delivered.
async function tellServer() {
  const read = +keep.get('read'), last = log.last();
  if (read > told.read) {
    await call('POST', 'read', { seq: read });
    told.read = read;
    keep.set('told', `${read}`);
  }
  if (last > Math.max(told.read, told.delivered)) {
    await call('POST', 'read', { seq: last, delivered: true });
    told.delivered = last;
  }
}

document.addEventListener('visibilitychange', () => log.on.seen(log.atEnd()));

let typedAt = 0, typedTimer = 0, draftTimer = 0;
const sayTyping = typing => token() && call('POST', 'typing', { typing }).catch(() => { /* nobody misses it */ });

function typed() {
  clearTimeout(typedTimer);
  typedTimer = setTimeout(stopTyping, 5000);
  if (Date.now() - typedAt < 3000) return;
  typedAt = Date.now();
  sayTyping(true);
}

function stopTyping() {
  clearTimeout(typedTimer);
  if (typedAt) sayTyping(false);
  typedAt = 0;
}

function send() {
  warn('');
  const said = text.value.trim();
  for (const file of attached) outbox.add({ file });
  if (said) outbox.add({ text: said, quoted: answering });
  text.value = '';
  attached = [];
  answer(null);
  stopTyping();
  drawTray();
  clearTimeout(draftTimer);
  keep.set('draft', null);
  outbox.pump();
}

function grow() {
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight + 2}px`;
  $('send').disabled = !text.value.trim() && attached.length === 0;
}

function answer(m) {
  answering = m && { id: m.id, ref: m.ref ?? m.id };
  quote.hidden = !m;
  if (!m) return;
  quote.firstElementChild.replaceChildren(...log.gist(m));
  text.focus();
}

function warn(said) {
  notice.textContent = said;
  notice.hidden = !said;
}

function attach(files) {
  warn('');
  for (const file of files) {
    if (file.size > config.maxBytes) warn(`${words.tooLarge} ${sizeOf(config.maxBytes)}: ${file.name}`);
    else if (file.size === 0) warn(`${words.empty}: ${file.name}`);
    else attached.push(file);
  }
  drawTray();
  text.focus();
}

function drawTray() {
  for (const img of tray.querySelectorAll('img')) URL.revokeObjectURL(img.src);
  tray.hidden = attached.length === 0;
  tray.replaceChildren(...attached.map((file, i) => {
    const isImage = outbox.kindOf(file) === 'image', face = isImage ? new Image() : log.icon('file');
    if (isImage) face.src = URL.createObjectURL(file);
    return log.el('li', '', face, log.el('span', '', log.el('b', '', file.name), log.el('small', '', sizeOf(file.size))),
      log.button('icon', words.remove, 'close', () => { attached.splice(i, 1); drawTray(); }));
  }));
  grow();
}

text.addEventListener('input', () => {
  grow();
  if (text.value.trim()) typed(); else stopTyping();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => keep.set('draft', text.value || null), 400);
});
text.addEventListener('keydown', e => {
  if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
  e.preventDefault();
  send();
});
text.addEventListener('paste', e => {
  if (!e.clipboardData.files.length) return;
  e.preventDefault();
  attach(e.clipboardData.files);
});
$('composer').addEventListener('submit', e => { e.preventDefault(); send(); text.focus(); });
$('attach').addEventListener('click', () => $('files').click());
$('files').addEventListener('change', e => { attach(e.target.files); e.target.value = ''; });
quote.querySelector('button').addEventListener('click', () => answer(null));
log.on.reply = answer;

const picker = emojiPicker($('emojis'), $('emoji'), emoji => {
  text.setRangeText(emoji, text.selectionStart, text.selectionEnd, 'end');
  text.dispatchEvent(new Event('input'));
});

const dragged = e => e.dataTransfer?.types.includes('Files');
addEventListener('dragover', e => {
  if (!dragged(e)) return;
  e.preventDefault();
  $('drop').hidden = false;
});
addEventListener('dragleave', e => { if (!e.relatedTarget) $('drop').hidden = true; });
addEventListener('drop', e => {
  if (!dragged(e)) return;
  e.preventDefault();
  $('drop').hidden = true;
  attach(e.dataTransfer.files);
});

addEventListener('keydown', e => {
  if (e.key !== 'Escape' || $('viewer').open) return;
  if (picker.open) picker.close();
  else if (answering) answer(null);
  else tell('close');
});

function named(name) {
  keep.set('name', name);
  paint();
  text.focus();
}
$('ask').addEventListener('submit', e => { e.preventDefault(); if ($('name').value.trim()) named($('name').value.trim()); });
$('skip').addEventListener('click', () => named(''));

function tell(what, more) {
  if (outside) parent.postMessage({ inforzap: what, ...more }, outside);
}

// Which pages may hold this one is settled by the server's policy.
function listen() {
  return new Promise(done => {
    setTimeout(done, 1500);
    addEventListener('message', e => {
      if (e.source !== parent || typeof e.data?.inforzap !== 'string') return;
      if (e.data.inforzap === 'hello') {
        outside = e.origin;
        keep.keepAround(e.data.kept, (name, value) => tell('keep', { name, value }));
        $('close').hidden = false;
        done();
      }
      open = e.data.open;
      if (open && !touch) text.focus();
      log.on.seen(log.atEnd());
    });
    parent.postMessage({ inforzap: 'here' }, '*');
  });
}
$('close').addEventListener('click', () => tell('close'));

function paint() {
  $('title').textContent = document.title = config.title ?? words.title;
  $('subtitle').textContent = config.subtitle ?? words.subtitle;
  const [author, said] = $('intro').querySelectorAll('.author, .text');
  author.textContent = $('title').textContent;
  said.replaceChildren(format(config.greeting ?? words.greeting));
  const color = config.color ?? '#0B7A75', root = document.documentElement.style;
  const [r, g, b] = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
  root.setProperty('--brand', color);
  if (r * 0.299 + g * 0.587 + b * 0.114 > 150) {
    root.setProperty('--on-brand', '#10201f');
    root.setProperty('--ink', 'color-mix(in oklab, var(--brand) 50%, #000)');
  }
  $('ask').hidden = !config.askName || !!token() || keep.get('name') !== null;
  $('composer').hidden = !$('ask').hidden;
}

async function configure() {
  try {
    config = await (await call('GET', 'config', undefined, false)).json();
    outbox.limits.maxBytes = config.maxBytes;
    keep.set('config', JSON.stringify(config));
    settle(0);
    paint();
  } catch (e) {
    settle(e.status || 503);
    setTimeout(configure, 5000);
  }
}

speak();
document.documentElement.classList.toggle('embedded', embedded);
if (embedded) await listen();
config = JSON.parse(keep.get('config')) ?? config;
paint();
outbox.on.begun = live;
outbox.restore();
text.value = keep.get('draft') ?? '';
grow();
configure();
if (token()) live();
else caughtUp();
outbox.pump();
keep.onChange((name, value) => { if (name === 'token' && value) live(); });
if (!touch && open) text.focus();
