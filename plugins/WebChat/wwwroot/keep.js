// What the browser remembers. Inside another site's page, where it forbids that, that page keeps it.
const prefix = `inforzap:${location.pathname.replace(/\/(index\.html)?$/, '')}:`;
const memory = new Map();
let around = null;

const storage = (() => {
  try {
    localStorage.setItem(`${prefix}probe`, '1');
    localStorage.removeItem(`${prefix}probe`);
    return localStorage;
  } catch {
    return null;
  }
})();

export function get(name) {
  return storage?.getItem(prefix + name) ?? memory.get(name) ?? null;
}

export function set(name, value) {
  if (value === null) memory.delete(name); else memory.set(name, value);
  try {
    if (value === null) storage?.removeItem(prefix + name); else storage?.setItem(prefix + name, value);
  } catch { /* full: memory has it */ }
  if (!storage) around?.(name, value);
}

export function names(start) {
  const found = new Set(memory.keys());
  for (let i = 0; i < (storage?.length ?? 0); i++) {
    const key = storage.key(i);
    if (key.startsWith(prefix)) found.add(key.slice(prefix.length));
  }
  return [...found].filter(n => n.startsWith(start));
}

// Called once, when the page around us has said who it is and what it kept.
export function keepAround(kept, keep) {
  around = keep;
  if (!storage) for (const [name, value] of Object.entries(kept)) memory.set(name, value);
}

// Another tab of the same conversation changed something.
export function onChange(then) {
  addEventListener('storage', e => { if (e.key?.startsWith(prefix)) then(e.key.slice(prefix.length), e.newValue); });
}
