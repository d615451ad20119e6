// WhatsApp's marks and links, built as nodes: a text never becomes markup.
const styles = { '*': 'strong', '_': 'em', '~': 's', '`': 'code' };
const link = /\b(?:https?:\/\/|www\.)[^\s<>"“”]+/gi;
const longestSpan = 2000;

const isWord = c => c !== undefined && /[\p{L}\p{N}]/u.test(c);
const isSpace = c => c === undefined || /\s/.test(c);

export function format(text) {
  const out = document.createDocumentFragment();
  marked(text, out);
  return out;
}

function marked(text, out, depth = 0) {
  let plain = 0;
  for (let i = 0; i < text.length; i++) {
    const tag = styles[text[i]];
    if (!tag || depth > 4 || isWord(text[i - 1]) || isSpace(text[i + 1])) continue;
    const end = closing(text, i);
    if (end < 0) continue;
    linked(text.slice(plain, i), out);
    const inner = text.slice(i + 1, end);
    if (tag === 'code') append(out, tag, inner);
    else marked(inner, append(out, tag), depth + 1);
    plain = end + 1;
    i = end;
  }
  linked(text.slice(plain), out);
}

function closing(text, start) {
  const mark = text[start];
  for (let i = start + 1; i < text.length && i - start < longestSpan && text[i] !== '\n'; i++)
    if (text[i] === mark && i > start + 1 && !isSpace(text[i - 1]) && !isWord(text[i + 1])) return i;
  return -1;
}

function linked(text, out) {
  let plain = 0;
  for (const found of text.matchAll(link)) {
    const shown = found[0].replace(/[.,;:!?'’)\]}*_~]+$/, '');
    const address = safe(shown);
    if (!address) continue;
    out.append(text.slice(plain, found.index));
    const a = append(out, 'a', shown);
    a.href = address;
    a.target = '_blank';
    a.rel = 'noopener noreferrer nofollow';
    plain = found.index + shown.length;
  }
  out.append(text.slice(plain));
}

function safe(text) {
  try {
    const url = new URL(text.startsWith('w') || text.startsWith('W') ? `https://${text}` : text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null; // not an address after all
  }
}

function append(to, tag, text = '') {
  const e = document.createElement(tag);
  e.textContent = text;
  to.append(e);
  return e;
}
