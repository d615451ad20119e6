// What the server has not confirmed yet. Every try carries the same id, so it keeps one.
// Texts survive a reload; for files the browser asks before it closes the page.
import * as keep from './keep.js';
import { Problem, begin, call, upload } from './api.js';
import { settle } from './bar.js';
import * as log from './log.js';
import { sizeOf, words } from './words.js';

const items = []; // { id, at, text?, quoted?, file?, failed?, accepted?, stop? }
const busy = {};
let patience = 1000;
export const on = { begun: null };
export const limits = { maxBytes: 25 * 1024 * 1024 };

// Plain http in a local network has no crypto.randomUUID.
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export const kindOf = file => ['image', 'audio', 'video'].find(k => file.type.startsWith(`${k}/`) && !file.type.includes('svg')) ?? 'document';

function show(item, fresh) {
  const { id, at, text, file, failed, accepted } = item;
  log.put([{
    id, ref: id, mine: true, pending: true, at, text, failed, accepted, fresh, quoted: item.quoted?.id,
    type: file ? 'file' : 'text', file: file && { id: null, kind: kindOf(file), name: file.name, size: file.size },
  }]);
}

const remember = item => item.file || keep.set(`q:${item.id}`, JSON.stringify({ ...item, accepted: undefined }));

export function add(part) {
  const item = { id: newId(), at: Date.now(), ...part };
  items.push(item);
  if (item.file) log.preview(item.id, item.file);
  remember(item);
  show(item, true);
}

export function restore() {
  items.push(...keep.names('q:').map(name => JSON.parse(keep.get(name))).sort((a, b) => a.at - b.at));
  for (const item of items) show(item);
}

// It is in the conversation now, or given up.
export function forget(id) {
  const at = items.findIndex(i => i.id === id);
  if (at >= 0) items.splice(at, 1);
  keep.set(`q:${id}`, null);
}

export function pump() {
  drain('text');
  drain('file');
}

// In order, one at a time; files don't hold texts up.
async function drain(kind) {
  if (busy[kind]) return;
  busy[kind] = true;
  for (let item; item = items.find(i => !i.failed && !i.accepted && !!i.file === (kind === 'file'));) {
    try {
      await begin();
      on.begun();
      if (item.file) {
        item.stop = new AbortController();
        await upload(item.id, item.file, part => log.progress(item.id, part), item.stop.signal);
      } else await call('POST', 'messages', { id: item.id, text: item.text, quoted: item.quoted?.ref, name: keep.get('name') });
      item.accepted = true;
      keep.set(`q:${item.id}`, null);
      patience = 1000;
      settle(0);
    } catch (e) {
      if (!items.includes(item)) continue; // cancelled meanwhile
      if (!(e instanceof Problem && e.final)) {
        settle(e.status || 503);
        setTimeout(pump, Math.max(e.after ?? 0, patience * (0.7 + Math.random() * 0.6)));
        patience = Math.min(patience * 2, 30_000);
        break;
      }
      item.failed = e.status === 413 ? `${words.tooLarge} ${sizeOf(limits.maxBytes)}.` : words.refused;
      remember(item);
    }
    if (items.includes(item)) show(item);
  }
  busy[kind] = false;
}

log.on.again = id => {
  const item = items.find(i => i.id === id);
  delete item.failed;
  remember(item);
  show(item);
  pump();
};

log.on.discard = id => {
  const item = items.find(i => i.id === id);
  forget(id);
  item?.stop?.abort();
  log.drop(id);
};

addEventListener('online', pump);
addEventListener('beforeunload', e => { if (items.some(i => i.file && !i.failed && !i.accepted)) e.preventDefault(); });
