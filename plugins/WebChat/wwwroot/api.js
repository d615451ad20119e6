// The calls of this page. The visitor's token travels in a header: there are no cookies.
import * as keep from './keep.js';

const base = new URL('api/', document.baseURI).href;
const silence = 70_000; // the server sends a heartbeat well before
const firstWord = 10_000;
let session = null;

export class Problem extends Error {
  constructor(status, after = 0) {
    super(`HTTP ${status}`);
    this.status = status;
    this.after = after;
  }
  // Trying again won't help: it is the message itself that is wrong.
  get final() { return [400, 413, 415, 422].includes(this.status); }
}

export const token = () => keep.get('token');

// The first call makes the session; the token is given once.
export function begin() {
  return session ??= (async () => {
    if (!token()) keep.set('token', (await (await call('POST', 'session', {}, false)).json()).token);
  })().finally(() => session = null);
}

export async function call(method, path, body, visitor = true, signal) {
  const headers = {};
  if (visitor) headers['X-Visitor'] = token();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal, credentials: 'omit', cache: 'no-store' });
  } catch {
    throw new Problem(0);
  }
  if (answer.ok) return answer;
  if (answer.status === 401 && visitor) keep.set('token', null);
  throw new Problem(answer.status, 1000 * (parseInt(answer.headers.get('Retry-After')) || 0));
}

// fetch can't tell how much has left, so files go the old way.
export function upload(id, file, progress, signal) {
  return new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open('POST', `${base}files?id=${id}`);
    x.setRequestHeader('X-Visitor', token());
    x.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
    x.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    x.upload.onprogress = e => e.lengthComputable && progress(e.loaded / e.total);
    x.onload = () => {
      if (x.status === 401) keep.set('token', null);
      x.status >= 200 && x.status < 300 ? done() : fail(new Problem(x.status, 1000 * (parseInt(x.getResponseHeader('Retry-After')) || 0)));
    };
    x.onerror = x.onabort = () => fail(new Problem(0));
    signal.addEventListener('abort', () => x.abort());
    x.send(file);
  });
}

const files = new Map();

// A file as an address of this page's own: getting it takes the token.
export function fileUrl(id) {
  if (!files.has(id)) {
    const got = call('GET', `files/${id}`).then(a => a.blob()).then(b => URL.createObjectURL(b));
    got.catch(() => files.delete(id));
    files.set(id, got);
  }
  return files.get(id);
}

// Reads server-sent events until the stream ends or falls silent; by fetch, since EventSource can't send the token.
// Says whether anything came: a proxy that holds streams back brings not even that.
export async function stream(since, heard, signal) {
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  const answer = await call('GET', `events?since=${since}`, undefined, true, stop.signal);
  let watch = setTimeout(() => stop.abort(), firstWord), any = false;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '', name = '', data = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return any;
      any = true;
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), silence);
      const lines = (rest + value).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data) heard(name || 'message', JSON.parse(data));
          name = data = '';
        } else if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data += line.slice(5).trim();
      }
    }
  } catch (e) {
    if (e instanceof SyntaxError) throw e;
    return any;
  } finally {
    clearTimeout(watch);
    stop.abort();
  }
}
