// The list of messages: one node per message, kept while it changes, so nothing jumps.
import { fileUrl } from './api.js';
import { format } from './format.js';
import { words, timeOf, momentOf, dayOf, sizeOf } from './words.js';

const [log, list, jump, news, dots, viewer] = ['log', 'list', 'jump', 'news', 'dots', 'viewer'].map(id => document.getElementById(id));
const near = 120; // pixels from the end that still count as reading along
const together = 5 * 60_000;

const shown = new Map(); // by key: { m, node }
const byId = new Map();
const local = new Map(); // pictures that this page sent: no need to fetch them back
let missed = 0, firstUnread = Infinity, newest = 0, following = true;
export const on = {}; // reply, again, discard, seen

// The visitor's own keep the browser's id, so a bubble stays the same one once it is stored.
const keyOf = m => m.mine && m.ref ? m.ref : m.id;

export function el(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children.filter(c => c != null));
  return e;
}

export function icon(name, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else svg.setAttribute('aria-hidden', 'true');
  return svg;
}

export function button(className, label, glyph, then) {
  const b = el('button', className, glyph ? icon(glyph) : label);
  b.type = 'button';
  if (glyph) {
    b.title = label;
    b.setAttribute('aria-label', label);
  }
  b.addEventListener('click', then);
  return b;
}

export const last = () => newest;
export const unread = after => newest > after ? [...byId.values()].filter(m => !m.mine && m.seq > after).length : 0;
export const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;
export const toEnd = () => { log.scrollTop = log.scrollHeight; };

export function preview(key, file) {
  if (file.type.startsWith('image/') && !local.has(key)) local.set(key, URL.createObjectURL(file));
}

// New or changed messages; quiet is for what was there before this page was opened.
export function put(messages, quiet = false) {
  if (messages.length === 0) return;
  const along = atEnd();
  let added = 0;
  for (const m of messages) {
    const key = keyOf(m), old = shown.get(key);
    if (old && m.pending && !old.m.pending) continue; // stored meanwhile
    if (!old && !m.mine) added++;
    if (!m.pending) byId.set(m.id, m);
    if (!m.mine) newest = Math.max(newest, m.seq);
    const node = draw(m, key);
    old?.node.replaceWith(node);
    shown.set(key, { m, node });
  }
  arrange();
  if (along || quiet || messages.some(m => m.pending && m.fresh)) toEnd();
  else if (added > 0) {
    missed += added;
    news.textContent = missed;
  }
  look();
}

export function drop(key) {
  shown.get(key)?.node.remove();
  shown.delete(key);
  arrange();
}

// Where 'new messages' stands when the page opens.
export function markUnread(after) {
  firstUnread = Math.min(...[...byId.values()].filter(m => !m.mine && m.seq > after).map(m => m.seq));
  arrange();
  const line = list.querySelector('.unread');
  if (line) log.scrollTop = line.offsetTop - 60;
  else toEnd();
  look();
}

export function progress(key, part) {
  const bar = shown.get(key)?.node.querySelector('progress');
  if (bar) bar.value = part;
}

export function typing(yes) {
  const along = atEnd();
  dots.hidden = !yes;
  if (along) toEnd();
}

// Puts the nodes in order, days between them, and joins what belongs together.
function arrange() {
  const all = [...shown.values()].sort((a, b) => (a.m.seq ?? Infinity) - (b.m.seq ?? Infinity) || a.m.at - b.m.at);
  const wanted = [];
  let day = '', previous = null, marked = false;
  for (const entry of all) {
    const { m, node } = entry;
    const today = dayOf(m.at), newDay = today !== day;
    if (newDay) wanted.push(separator('day', today));
    const newLine = !marked && !m.mine && m.seq >= firstUnread;
    if (newLine) wanted.push(separator('unread', words.unread));
    marked ||= newLine;
    day = today;
    const joins = previous && !newDay && !newLine && previous.m.mine === m.mine && previous.m.author === m.author && m.at - previous.m.at < together;
    node.classList.toggle('first', !joins);
    node.classList.remove('last');
    if (!joins) previous?.node.classList.add('last');
    wanted.push(node);
    previous = entry;
  }
  previous?.node.classList.add('last');
  let at = list.firstChild;
  for (const node of wanted) {
    if (node === at) at = at.nextSibling;
    else list.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const separators = new Map();

function separator(kind, text) {
  const key = `${kind} ${text}`;
  if (!separators.has(key)) {
    const e = el('div', kind, el('span', '', text));
    e.setAttribute('role', 'separator');
    e.setAttribute('aria-label', text);
    separators.set(key, e);
  }
  return separators.get(key);
}

function draw(m, key) {
  const bubble = el('div', 'bubble');
  if (!m.mine) bubble.append(el('div', 'author', m.author || words.team));
  else bubble.append(el('span', 'vh', `${words.you}: `));
  const answered = m.quoted && (byId.get(m.quoted) ?? [...byId.values()].find(o => o.ref === m.quoted));
  if (answered && !m.deleted) bubble.append(quoteOf(answered));
  bubble.append(...inside(m, key), foot(m));
  if (m.reaction) bubble.append(el('span', 'react', m.reaction));
  const row = el('article', `row ${m.mine ? 'mine' : 'theirs'}${m.failed ? ' bad' : ''}${bare(m) ? ' bare' : ''}`, bubble);
  if (m.failed) row.append(el('div', 'trouble', el('span', '', icon('alert'), m.failed),
    button('link', words.again, null, () => on.again(key)), button('link', words.discard, null, () => on.discard(key))));
  if (!m.pending && !m.deleted) bubble.append(button('icon answer', words.reply, 'reply', () => on.reply(m)));
  return row;
}

const bare = m => !m.deleted && m.type === 'file' && ['image', 'sticker', 'video'].includes(m.file.kind) && !m.text;

// Who said what, in a line or two.
export function gist(m) {
  const said = m.deleted ? words.deleted : m.text || (m.type === 'file' ? m.file.name || words[m.file.kind] : words.other);
  return [el('b', '', m.mine ? words.you : m.author || words.team), el('span', '', said.slice(0, 200))];
}

function quoteOf(m) {
  const q = button('quoted', '', null, () => shown.get(keyOf(m))?.node.scrollIntoView({ block: 'center', behavior: 'smooth' }));
  q.replaceChildren(...gist(m));
  return q;
}

function inside(m, key) {
  if (m.deleted) return [el('span', 'soft', icon('close'), words.deleted)];
  if (m.type === 'other') return [el('span', 'soft', icon('alert'), words.other)];
  const parts = [];
  if (m.type === 'file') parts.push(fileOf(m, key));
  if (m.text) parts.push(el('div', 'text', format(m.text)));
  for (const p of parts) p.dir = 'auto';
  // A few emojis and nothing else.
  if (m.type === 'text' && /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F]*){1,3}$/u.test(m.text)) parts[0].classList.add('big');
  return parts;
}

function foot(m) {
  const time = el('time', '', timeOf(m.at));
  time.dateTime = new Date(m.at).toISOString();
  time.title = momentOf(m.at);
  const parts = [];
  if (m.edited && !m.deleted) parts.push(el('span', '', words.edited));
  parts.push(time);
  if (m.mine && !m.failed) {
    const state = m.pending && !m.accepted ? 'waiting' : m.state === 'read' ? 'read' : 'sent';
    parts.push(icon({ waiting: 'clock', sent: 'sent', read: 'read' }[state], words[state]));
    parts.at(-1).classList.add('tick', state);
  }
  return el('span', 'foot', ...parts);
}

function fileOf(m, key) {
  const { id, kind, name, size } = m.file;
  const shownName = name || words[kind];
  const box = el('div', `file ${kind}`);
  if (m.pending && !m.failed && !m.accepted) {
    const bar = el('progress');
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute('aria-label', words.waiting);
    box.append(bar, button('icon cancel', words.cancel, 'close', () => on.discard(key)));
  }
  const ready = local.get(key) ?? (id ? () => fileUrl(id) : null);
  if (kind === 'image' || kind === 'sticker') {
    const img = el('img');
    img.alt = shownName;
    const show = button('picture', img, null, () => img.src && view(img.src, shownName));
    box.prepend(show);
    whenNear(box, ready, url => { img.src = url; }, () => fallback(box, shownName));
  } else if (kind === 'audio' || kind === 'voice') {
    const player = el('audio');
    player.controls = true;
    player.setAttribute('aria-label', shownName);
    box.prepend(player);
    whenNear(box, ready, url => { player.src = url; }, () => fallback(box, shownName));
  } else {
    const details = id || m.pending ? size == null ? '' : sizeOf(size) : words.coming;
    const open = button('doc', '', null, () => fileUrl(id).then(url => (kind === 'video' ? play : save)(box, url, shownName), () => fallback(box, shownName)));
    open.append(icon('file'), el('span', '', el('b', '', shownName), el('small', '', details)));
    if (id) open.append(icon('down', words.save));
    open.disabled = !id;
    box.prepend(open);
  }
  return box;
}

function play(box, url) {
  if (box.querySelector('video')) return;
  const player = el('video');
  player.controls = player.autoplay = player.playsInline = true;
  player.src = url;
  box.prepend(player);
}

// Never opened in place: it is a stranger's document.
function save(box, url, name) {
  const a = el('a');
  a.href = url;
  a.download = name;
  a.click();
}

function fallback(box, name) {
    box.replaceChildren(el('span', 'soft', icon('alert'), `${name}: ${words.missing}`));
}

const waiting = new Map();
const eye = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    eye.unobserve(target);
    waiting.get(target)?.();
    waiting.delete(target);
  }
}, { root: log, rootMargin: '600px' });

function whenNear(box, source, then, failed) {
  if (typeof source === 'string') return then(source);
  box.classList.add('loading');
  if (!source) return;
  waiting.set(box, () => source().then(url => {
    box.classList.remove('loading');
    then(url);
  }, failed));
  eye.observe(box);
}

function view(src, name) {
  const picture = viewer.querySelector('img'), link = viewer.querySelector('a');
  picture.src = link.href = src;
  picture.alt = link.download = name;
  viewer.showModal();
}

viewer.addEventListener('click', () => viewer.close());

function look() {
  const end = following = atEnd();
  jump.hidden = end;
  if (end) {
    missed = 0;
    news.textContent = '';
  }
  on.seen?.(end);
}
log.addEventListener('scroll', look, { passive: true });
new ResizeObserver(() => following && toEnd()).observe(log);
jump.addEventListener('click', () => log.scrollTo({ top: log.scrollHeight, behavior: 'smooth' }));
