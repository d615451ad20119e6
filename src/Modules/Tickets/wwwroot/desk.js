// What only the browser can do for the workspace: scrolling, the text while it is typed, files, sound, notifications.

const isVisible_ = () => document.visibilityState === 'visible' && document.hasFocus();
export function isVisible() { return isVisible_(); }

const newId = () => {
  // randomUUID is missing on plain http in a local network.
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = [...b].map(x => x.toString(16).padStart(2, '0')).join('');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};

// ---- History: newest at the bottom, edges that load more, a place that stays where the reader is ----

// Null while the history is not on the screen: what the server asks after one drawing may belong to the next.
export function watchHistory(box, view, markId) {
  if (!box?.isConnected) return null;
  let alive = true;
  const call = (...args) => { if (alive) view.invokeMethodAsync(...args).catch(() => {}); };
  const away = () => -box.scrollTop > 120;
  let wasAway = false;
  const onScroll = () => {
    if (away() !== wasAway) { wasAway = away(); call('AwayAsync', wasAway); }
  };
  const edges = new IntersectionObserver(entries => {
    for (const e of entries) if (e.isIntersecting) call('EdgeAsync', e.target.dataset.edge);
  }, { root: box, rootMargin: '400px 0px' });
  const found = new MutationObserver(() => {
    edges.disconnect();
    box.querySelectorAll('[data-edge]').forEach(e => edges.observe(e));
  });
  const seen = () => { if (isVisible_()) call('SeenAsync'); };
  // Below the lowest messages there is no room for a menu.
  const onMenu = e => {
    const tool = e.target.closest?.('[aria-haspopup="menu"]');
    if (tool) tool.parentElement.toggleAttribute('data-up', tool.getBoundingClientRect().bottom + 220 > box.getBoundingClientRect().bottom);
  };
  box.addEventListener('click', onMenu);
  box.addEventListener('scroll', onScroll, { passive: true });
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('focus', seen);
  found.observe(box.firstElementChild, { childList: true });
  box.querySelectorAll('[data-edge]').forEach(e => edges.observe(e));
  if (markId) document.getElementById(markId)?.scrollIntoView({ block: 'center' });
  return {
    toEnd() { box.scrollTop = 0; },
    jump(id) {
      const to = document.getElementById(id);
      if (!to) return;
      to.scrollIntoView({ block: 'center', behavior: 'smooth' });
      to.classList.add('flash');
      setTimeout(() => to.classList.remove('flash'), 1600);
    },
    stop() {
      alive = false;
      edges.disconnect();
      found.disconnect();
      box.removeEventListener('click', onMenu);
      box.removeEventListener('scroll', onScroll);
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('focus', seen);
    },
  };
}

// ---- A picture in full size ----

export function magnify(root) {
  const picture = root.querySelector('img');
  let scale = 1, x = 0, y = 0, from = null;
  const draw = () => {
    picture.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    root.classList.toggle('magnified', scale > 1);
  };
  // The point under the pointer stays where it is.
  const to = (next, px = innerWidth / 2, py = innerHeight / 2) => {
    next = Math.min(8, Math.max(1, next));
    const box = picture.getBoundingClientRect();
    const [cx, cy] = [box.left + box.width / 2, box.top + box.height / 2];
    if (next === 1) [x, y] = [0, 0];
    else { x += (px - cx) * (1 - next / scale); y += (py - cy) * (1 - next / scale); }
    scale = next;
    draw();
  };
  const onWheel = e => { e.preventDefault(); to(scale * (e.deltaY < 0 ? 1.2 : 1 / 1.2), e.clientX, e.clientY); };
  const onDouble = e => { if (e.target === picture) to(scale > 1 ? 1 : 2.5, e.clientX, e.clientY); };
  const onDown = e => {
    if (e.target !== picture || scale === 1) return;
    from = [e.clientX - x, e.clientY - y];
    picture.setPointerCapture(e.pointerId);
  };
  const onMove = e => { if (from) { [x, y] = [e.clientX - from[0], e.clientY - from[1]]; draw(); } };
  const onUp = () => { from = null; };
  root.addEventListener('wheel', onWheel, { passive: false });
  root.addEventListener('dblclick', onDouble);
  root.addEventListener('pointerdown', onDown);
  root.addEventListener('pointermove', onMove);
  root.addEventListener('pointerup', onUp);
  root.addEventListener('pointercancel', onUp);
  return {
    zoom(steps) { to(scale * 1.5 ** steps); },
    reset() { to(1); },
    // The element goes with its listeners.
    stop() { from = null; },
  };
}

// ---- Recording: the microphone, its wave, and what was recorded until it is sent ----

// What nobody sent yet, by ticket: whoever looks into another conversation and comes back finds it again.
const unsent = new Map();
const longest = 15 * 60;
const step = 0.05;

function recorder(root, ticket, tell, sent) {
  const panel = root.querySelector('[data-recorder]');
  if (!panel) return null;
  const [wave, time, problem] = ['wave', 'time', 'problem'].map(n => panel.querySelector(`[data-rec-${n}]`));
  const listen = new Audio();
  let take = null, stream = null, tape = null, heard = null, sound = null, timer = 0, began = 0, cut = () => { }, alive = true, ready = () => { };

  const is = state => root.dataset.recording === state;
  const say = key => { problem.textContent = key ? panel.dataset[key] ?? key : ''; };
  const to = state => {
    if (state) root.dataset.recording = state; else delete root.dataset.recording;
    panel.dataset.final = take && !tape ? 'yes' : 'no';
    draw();
  };
  const length = () => take ? take.seconds + (began ? (performance.now() - began) / 1000 : 0) : 0;
  const draw = () => {
    const at = listen.paused && !listen.currentTime ? length() : listen.currentTime;
    time.textContent = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`;
    panel.classList.toggle('playing', !listen.paused);
    const [w, h] = [wave.clientWidth, wave.clientHeight];
    if (!w || !take) return;
    const scale = devicePixelRatio || 1;
    if (wave.width !== w * scale) [wave.width, wave.height] = [w * scale, h * scale];
    const pen = wave.getContext('2d');
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, w, h);
    const bars = Math.floor(w / 4);
    // While it runs the newest stands at the right; afterwards all of it is there at once.
    const shown = is('live') ? take.peaks.slice(-bars) : squeezed(take.peaks, bars);
    const done = !is('live') && length() ? listen.currentTime / length() * shown.length : is('live') ? shown.length : 0;
    const style = getComputedStyle(panel);
    shown.forEach((peak, i) => {
      const high = Math.max(2, peak * h);
      pen.fillStyle = i < done ? style.getPropertyValue('--wave-on') : style.getPropertyValue('--wave-off');
      pen.fillRect((is('live') ? bars - shown.length + i : i) * 4, (h - high) / 2, 2, high);
    });
  };
  const squeezed = (peaks, bars) => peaks.length <= bars ? peaks
    : Array.from({ length: bars }, (_, i) => Math.max(...peaks.slice(Math.floor(i * peaks.length / bars), Math.max(1, Math.floor((i + 1) * peaks.length / bars)))));

  const tick = () => {
    if (!began) return;
    heard.getByteTimeDomainData(heard.bytes);
    let peak = 0;
    for (const b of heard.bytes) peak = Math.max(peak, Math.abs(b - 128) / 128);
    const due = Math.floor(length() / step);
    while (take.peaks.length < due) take.peaks.push(Math.min(1, peak * 1.6));
    if (length() >= longest) { finish().then(() => { to('paused'); say('limit'); }); return; }
    draw();
  };
  const run = () => { began = performance.now(); timer = setInterval(tick, step * 1000); };
  const rest = () => {
    if (began) { take.seconds = length(); began = 0; }
    clearInterval(timer);
  };
  const quiet = () => {
    stream?.getTracks().forEach(t => t.stop());
    sound?.close().catch(() => { });
    [stream, sound, heard] = [null, null, null];
  };

  const start = async () => {
    if (take || root.dataset.recording) return;
    say('');
    root.querySelector('[data-mic-problem]').hidden = true;
    if (!navigator.mediaDevices || !window.MediaRecorder) { refuse('insecure'); return; }
    root.dataset.recording = 'asking';
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    } catch (e) {
      delete root.dataset.recording;
      refuse(e.name === 'NotAllowedError' || e.name === 'SecurityError' ? 'denied' : 'missing');
      return;
    }
    if (!alive) { quiet(); return; }
    sound = new AudioContext();
    heard = sound.createAnalyser();
    heard.fftSize = 1024;
    heard.bytes = new Uint8Array(heard.fftSize);
    sound.createMediaStreamSource(stream).connect(heard);
    const type = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'].find(t => MediaRecorder.isTypeSupported(t));
    tape = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
    take = { id: newId(), parts: [], peaks: [], seconds: 0, type: tape.mimeType, media: null };
    tape.ondataavailable = e => { if (e.data.size) take?.parts.push(e.data); ready(); };
    // The microphone was pulled out: what there is stays.
    stream.getTracks()[0].onended = () => { if (tape) finish().then(() => to('paused')); };
    tape.start(1000);
    run();
    to('live');
    panel.querySelector('[data-rec="pause"]').focus();
  };
  const refuse = key => {
    const place = root.querySelector('[data-mic-problem]');
    place.textContent = panel.dataset[key];
    place.hidden = false;
  };
  const pause = () => {
    if (!is('live')) return;
    tape.pause();
    rest();
    to('paused');
    panel.querySelector('[data-rec="play"]').focus();
  };
  const resume = () => {
    if (!tape || !is('paused')) return;
    hush();
    tape.resume();
    run();
    to('live');
  };
  const hush = () => {
    listen.pause();
    if (listen.src) URL.revokeObjectURL(listen.src);
    listen.removeAttribute('src');
    listen.load();
  };
  // Everything that was said until now.
  const gather = async () => {
    if (tape && tape.state !== 'inactive') await new Promise(done => { ready = done; tape.requestData(); setTimeout(done, 500); });
    ready = () => { };
    return new Blob(take.parts, { type: take.type });
  };
  const play = async () => {
    if (!listen.paused) { listen.pause(); return; }
    if (!listen.src) listen.src = URL.createObjectURL(await gather());
    listen.play().catch(() => say('silent'));
  };
  const finish = () => new Promise(done => {
    rest();
    if (!tape || tape.state === 'inactive') { tape = null; quiet(); done(); return; }
    const was = tape;
    was.onstop = () => { tape = null; quiet(); done(); };
    was.stop();
  });
  const discard = async sure => {
    if (!take) return;
    if (!sure && length() >= 3) {
      if (is('live')) pause();
      to('doubt');
      panel.querySelector('[data-rec="keep"]').focus();
      return;
    }
    await finish();
    forget();
  };
  const forget = () => {
    hush();
    take = null;
    unsent.delete(ticket);
    say('');
    to(null);
    sent();
  };
  const send = async () => {
    if (!take || is('sending')) return;
    listen.pause();
    await finish();
    say('');
    to('sending');
    try {
      take.media ??= await upload(new Blob(take.parts, { type: take.type }));
      // The answer to a call does not outlive the line.
      const refused = await Promise.race([tell(take.id, take.media.id, take.media.size ?? 0), new Promise((_, fail) => { cut = () => fail(new Error('offline')); })]);
      if (!refused) { forget(); return; }
      say(refused);
    } catch (e) {
      say(e.said ?? 'offline');
    }
    to('paused');
  };
  const upload = async blob => {
    const answer = await fetch(`/media/voice?ticket=${ticket}`, { method: 'POST', headers: { 'X-Requested-With': 'inforzap', 'Content-Type': 'application/octet-stream' }, body: blob });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok && told.id) return told;
    throw Object.assign(new Error('refused'), { said: told.message ?? 'failed' });
  };

  const acts = { start, pause, resume, play, discard: () => discard(false), drop: () => discard(true), keep: () => { to('paused'); }, send };
  const onClick = e => {
    const button = e.target.closest('[data-rec]');
    if (button && button.getAttribute('aria-disabled') !== 'true') acts[button.dataset.rec]?.();
    else if (button) refuse('program');
  };
  const onKey = e => {
    if (!root.dataset.recording) return;
    if (e.key === 'Escape') { e.preventDefault(); is('doubt') ? to('paused') : discard(false); }
  };
  ['timeupdate', 'play', 'pause', 'ended'].forEach(name => listen.addEventListener(name, () => {
    if (name === 'ended') listen.currentTime = 0;
    draw();
  }));
  root.addEventListener('click', onClick);
  panel.addEventListener('keydown', onKey);
  const sized = new ResizeObserver(draw);
  sized.observe(wave);
  take = unsent.get(ticket) ?? null;
  if (take) to('paused');
  return {
    cut() { cut(); },
    stop() {
      alive = false;
      hush();
      sized.disconnect();
      root.removeEventListener('click', onClick);
      if (!take) { quiet(); return; }
      unsent.set(ticket, take);
      finish();
    },
  };
}

// ---- Composer ----

export function compose(root, box, view, ticket, key, draft, enterSends, maxBytes) {
  const leavingKey = `leaving/${key}`;
  const running = new Map();
  let alive = true, last = 0, typing = false, typingTimer = 0, saveTimer = 0, countTimer = 0;
  const call = (...args) => alive ? view.invokeMethodAsync(...args) : Promise.reject(new Error('gone'));
  // Storage may be full or forbidden: then the server has the text every two seconds.
  const keep = (name, text) => { try { text ? localStorage.setItem(name, text) : localStorage.removeItem(name); } catch { /* see above */ } };
  const kept = name => { try { return localStorage.getItem(name) ?? ''; } catch { return ''; } };
  // Where the provider charges by length, the server knows how; a text that changed meanwhile is counted anew.
  const count = () => {
    const [text, place] = [box.value, root.querySelector('[data-count]')];
    if (!place) return;
    if (!text.trim()) { place.hidden = true; return; }
    call('Count', text).then(told => {
      if (!place.isConnected || box.value !== text) return;
      place.hidden = !told;
      place.textContent = told?.text ?? '';
      place.title = told?.hint ?? '';
      place.classList.toggle('over', told?.over === true);
    }).catch(() => {});
  };
  const countSoon = () => { clearTimeout(countTimer); countTimer = setTimeout(count, 150); };
  const grow = () => {
    countSoon();
    // The microphone stands where the button for sending has nothing to send.
    root.toggleAttribute('data-empty', !box.value.trim());
    box.style.height = 'auto';
    // Empty it is one line high; the words that stand there meanwhile may need more where the box is not laid out yet.
    if (box.value) box.style.height = Math.min(box.scrollHeight, 8 * 21 + 20) + 'px';
  };
  let width = 0;
  const laidOut = new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    grow();
  });
  laidOut.observe(box);
  const fill = text => { box.value = text; grow(); };

  // What was said and nobody has confirmed, oldest first: { id, text }. It leaves in order, and typing goes on meanwhile.
  // What comes back stands in the box again, and keeps its ids while nobody touches it: trying again makes no second message.
  const leaving = [];
  let back = null, busy = false, lineCut = () => { };
  const joined = messages => messages.map(m => m.text).join('\n');
  const store = () => {
    keep(key, [joined(leaving), box.value].filter(t => t).join('\n'));
    keep(leavingKey, leaving.length > 0 ? JSON.stringify(leaving) : back ? JSON.stringify(back) : '');
  };
  // Whoever was quick has typed already.
  if (!box.value) fill(kept(key) || draft);
  try { back = JSON.parse(kept(leavingKey) || 'null'); } catch { back = null; }
  if (matchMedia('(pointer: fine)').matches) box.focus({ preventScroll: true });

  const type = on => {
    if (on === typing) return;
    typing = on;
    call('Typing', on).catch(() => {});
  };
  const onInput = () => {
    grow();
    if (back && box.value !== joined(back)) back = null;
    // Whoever writes has done without the microphone.
    if (box.value) root.querySelector('[data-mic-problem]')?.setAttribute('hidden', '');
    store();
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => call('SaveDraft', box.value).catch(() => {}), 2000);
    type(box.value.length > 0);
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => type(false), 4000);
  };
  const send = () => {
    const text = box.value;
    const files = root.querySelectorAll('.uploads li:not(.failed)').length;
    if ((!text.trim() && files === 0) || (files > 0 && leaving.length > 0)) return;
    leaving.push(...back && joined(back) === text ? back : [{ id: newId(), text }]);
    back = null;
    fill('');
    left = Date.now();
    quickLeave();
    clearTimeout(saveTimer);
    type(false);
    store();
    deliver();
  };
  const deliver = async () => {
    if (busy) return;
    busy = true;
    while (leaving.length > 0) {
      const { id, text } = leaving[0];
      let problem;
      try {
        // The answer to a call does not outlive the line.
        problem = await Promise.race([call('Send', id, text), new Promise((_, fail) => { lineCut = fail; })]);
      } catch {
        problem = 'offline';
      }
      if (!problem) leaving.shift();
      else {
        const came = leaving.splice(0);
        back = box.value ? null : came;
        fill([joined(came), box.value].filter(t => t).join('\n'));
      }
      store();
    }
    busy = false;
  };
  // A second click on 'send' would fall on the microphone that has come into its place.
  let left = 0;
  const onHasty = e => { if (Date.now() - left < 700 && e.target.closest('[data-rec="start"]')) e.stopImmediatePropagation(); };
  root.addEventListener('click', onHasty, true);
  const recording = recorder(root, ticket, (...args) => call('SendVoice', ...args), () => { if (matchMedia('(pointer: fine)').matches) box.focus(); });
  const line = document.getElementById('components-reconnect-modal');
  const onLine = ({ detail }) => {
    if (detail.state === 'hide') { if (back && box.value === joined(back)) send(); }
    else { lineCut(new Error('offline')); recording?.cut(); }
  };

  // A word that begins with a slash asks for quick messages, one with an @ in a note for colleagues. What is asked last counts; until the answer is there, Enter belongs to
  // the list, so that a shortcut that was typed quickly is not sent as it stands.
  const quick = { from: -1, was: -1, sign: '/', word: '', count: 0, asked: 0, shut: -1, byButton: false, busy: false };
  const quickWord = () => {
    if (box.selectionStart !== box.selectionEnd) return null;
    const found = /(?:^|\s)([/@])([\p{L}\p{M}\p{N}._-]{0,40})$/u.exec(box.value.slice(0, box.selectionStart));
    if (!found || (found[1] === '/' ? !root.querySelector('[data-quick-open]') : !root.classList.contains('composer-note'))) return null;
    return { sign: found[1], from: box.selectionStart - found[2].length - 1, word: found[2] };
  };
  const quickLeave = () => {
    if (quick.from < 0) return;
    [quick.was, quick.from, quick.byButton] = [quick.from, -1, false];
    quick.asked++;
    call('QuickClose').catch(() => {});
  };
  const quickLook = () => {
    const at = quickWord();
    if (!at) quick.shut = -1;
    if (!at || at.from === quick.shut) { quickLeave(); return; }
    if (at.from === quick.from && at.word === quick.word && at.sign === quick.sign) return;
    if (at.sign !== quick.sign) quickLeave();
    [quick.from, quick.sign, quick.word, quick.count] = [at.from, at.sign, at.word, null];
    const asked = ++quick.asked;
    call(at.sign === '/' ? 'Quick' : 'Mention', at.word).then(n => n, () => 0).then(n => { if (asked === quick.asked) quick.count = n; });
  };
  const quickPut = (from, word, text) => {
    // Whoever typed on meanwhile gets it where the caret is.
    const there = from >= 0 && box.value.startsWith(quick.sign + word, from);
    box.setRangeText(text, there ? from : box.selectionStart, there ? from + word.length + 1 : box.selectionEnd, 'end');
    quickLeave();
    onInput();
    box.focus();
  };
  const quickChoose = async byEnter => {
    if (quick.busy) return;
    quick.busy = true;
    const { from, word } = quick;
    try {
      const text = await Promise.race([call('QuickChoose', word), new Promise((_, fail) => setTimeout(fail, 5000, new Error('offline')))]);
      if (text !== null) quickPut(from, word, text);
      else {
        quickLeave();
        if (byEnter) enterSends ? send() : quickPut(-1, '', '\n');
      }
    } catch {
      // Nobody answers: the word stays, and the bar says why.
      quickLeave();
    } finally {
      quick.busy = false;
    }
  };
  const quickDismiss = () => {
    const { from, byButton } = quick;
    const bare = byButton && quickWord()?.word === '';
    quick.shut = from;
    quickLeave();
    // The button brought the slash, so it goes with the list.
    if (bare) { box.setRangeText('', from, from + 1, 'end'); quick.shut = -1; grow(); }
  };
  const quickOpen = () => {
    box.focus();
    if (quick.from >= 0) { quickDismiss(); return; }
    quick.shut = -1;
    const byButton = quickWord()?.sign !== '/';
    if (byButton) {
      const before = box.value.slice(0, box.selectionStart);
      box.setRangeText((/\S$/.test(before) ? ' ' : '') + '/', box.selectionStart, box.selectionEnd, 'end');
    }
    // Nobody typed it: it is no draft.
    grow();
    quickLook();
    quick.byButton = byButton;
  };
  const quickKey = e => {
    if (quick.from < 0 || (quick.count === 0 && !(e.key === 'Escape' && root.querySelector('[data-quick]')))) return false;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      call('QuickMove', e.key === 'ArrowDown' ? 1 : -1).catch(() => {})
        .then(() => requestAnimationFrame(() => root.querySelector('.quick [aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })));
    } else if ((e.key === 'Enter' || e.key === 'Tab') && !e.shiftKey && !e.ctrlKey && !e.metaKey && !e.altKey) quickChoose(e.key === 'Enter');
    else if (e.key === 'Escape') quickDismiss();
    else return false;
    e.preventDefault();
    return true;
  };
  const onType = () => { onInput(); quickLook(); };
  const onCaret = e => { if (e.type === 'click' || ['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(e.key)) quickLook(); };
  const onLeaveBox = e => { if (!root.contains(e.relatedTarget)) quickLeave(); };
  // An @ may be typed before the server made the answer a note.
  const madeNote = new MutationObserver(() => { countSoon(); if (document.activeElement === box) quickLook(); });

  // WhatsApp's marks hug their text and hold on one line, but for those of fixed width. The same button takes them away again.
  const format = mark => {
    let [from, to] = [box.selectionStart, box.selectionEnd];
    const text = box.value;
    while (from < to && /\s/.test(text[from])) from++;
    while (to > from && /\s/.test(text[to - 1])) to--;
    const wide = mark.length;
    const marked = text.slice(from, to);
    let made;
    if (marked.length > 2 * wide && marked.startsWith(mark) && marked.endsWith(mark)) made = marked.slice(wide, -wide);
    else if (text.slice(from - wide, from) === mark && text.slice(to, to + wide) === mark) { [from, to] = [from - wide, to + wide]; made = marked; }
    else if (mark === '```' || !marked.includes('\n')) made = mark + marked + mark;
    else made = marked.split('\n').map(line => line.trim() ? line.replace(/^(\s*)(.*?)(\s*)$/, (_, a, words, b) => a + mark + words + mark + b) : line).join('\n');
    box.focus();
    box.setSelectionRange(from, to);
    // What is typed this way can be taken back with Ctrl+Z.
    if (!(made ? document.execCommand('insertText', false, made) : document.execCommand('delete'))) box.setRangeText(made, from, to, 'select');
    if (marked) box.setSelectionRange(from, from + made.length);
    else box.setSelectionRange(from + made.length / 2, from + made.length / 2);
    onInput();
  };
  const onSelect = () => {
    if (document.activeElement === box || !root.contains(document.activeElement)) root.toggleAttribute('data-selected', document.activeElement === box && box.selectionEnd > box.selectionStart);
  };
  document.addEventListener('selectionchange', onSelect);

  const onKey = e => {
    if (e.isComposing || quickKey(e)) return;
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && ['b', 'i'].includes(e.key.toLowerCase())) {
      e.preventDefault();
      format(e.key.toLowerCase() === 'b' ? '*' : '_');
      return;
    }
    if (e.key === 'Enter' && (enterSends ? !e.shiftKey : e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      send();
    } else if (e.key === 'Escape') {
      call('Escape').catch(() => {});
    }
  };

  const upload = file => {
    const number = ++last;
    call('FileAdded', number, file.name || 'imagem.png', file.size).catch(() => {});
    if (maxBytes && file.size > maxBytes) { call('FileFailed', number, 'too-large').catch(() => {}); return; }
    const request = new XMLHttpRequest();
    running.set(number, request);
    let told = 0;
    request.upload.onprogress = e => {
      const now = Date.now();
      if (now - told < 250 || !e.lengthComputable) return;
      told = now;
      call('FileMoved', number, Math.floor(100 * e.loaded / e.total)).catch(() => {});
    };
    const failed = reason => { running.delete(number); call('FileFailed', number, reason).catch(() => {}); };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
      running.delete(number);
      if (request.status === 200) call('FileReady', number, answer.id).catch(() => {});
      else failed(answer.message ?? (request.status === 413 ? 'too-large' : ''));
    };
    request.onerror = () => failed('');
    request.onabort = () => running.delete(number);
    const kind = file.type.startsWith('image/') ? 'image' : file.type.startsWith('video/') ? 'video' : file.type.startsWith('audio/') ? 'audio' : 'document';
    request.open('POST', `/media?ticket=${ticket}&kind=${kind}`);
    request.setRequestHeader('X-Requested-With', 'inforzap');
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name || 'imagem.png'));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.send(file);
  };
  const take = files => { if (root.querySelector('[data-pick]')) [...files].slice(0, 20).forEach(upload); };
  const onPaste = e => {
    if (e.clipboardData?.files.length) { e.preventDefault(); take(e.clipboardData.files); }
  };
  const talk = root.closest('.talk') ?? root;
  const onOver = e => { if (e.dataTransfer?.types.includes('Files')) { e.preventDefault(); talk.classList.add('dropping'); } };
  const onLeave = e => { if (!talk.contains(e.relatedTarget)) talk.classList.remove('dropping'); };
  const onDrop = e => {
    talk.classList.remove('dropping');
    if (e.dataTransfer?.files.length) { e.preventDefault(); take(e.dataTransfer.files); }
  };
  const picker = root.querySelector('[data-files]');
  const onClick = e => {
    if (e.target.closest('[data-pick]')) picker.click();
    else if (e.target.closest('[data-send]')) send();
    else if (e.target.closest('[data-quick-open]')) quickOpen();
    else if (e.target.closest('[data-format]')) format(e.target.closest('[data-format]').dataset.format);
    else if (e.target.closest('[data-formats]')) { root.toggleAttribute('data-formatting'); box.focus(); }
    else if (e.target.closest('[data-more]')) root.toggleAttribute('data-all-tools');
  };
  const onPick = () => { take(picker.files); picker.value = ''; box.focus(); };

  box.addEventListener('input', onType);
  box.addEventListener('keyup', onCaret);
  box.addEventListener('click', onCaret);
  root.addEventListener('focusout', onLeaveBox);
  box.addEventListener('keydown', onKey);
  box.addEventListener('paste', onPaste);
  root.addEventListener('click', onClick);
  // The selection stays where it is while its button is pressed.
  const onPress = e => { if (e.target.closest('[data-format], [data-formats]')) e.preventDefault(); };
  root.addEventListener('mousedown', onPress);
  picker.addEventListener('change', onPick);
  talk.addEventListener('dragover', onOver);
  talk.addEventListener('dragleave', onLeave);
  talk.addEventListener('drop', onDrop);
  line?.addEventListener('components-reconnect-state-changed', onLine);
  madeNote.observe(root, { attributes: true, attributeFilter: ['class'] });
  if (box.value) onInput(); else grow();
  root.dataset.ready = '';
  return {
    count,
    insert(text) {
      box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
      onInput();
      box.focus();
    },
    // On its own, whatever stands before and behind it.
    insertWord(text) {
      const [before, after] = [box.value.slice(0, box.selectionStart), box.value.slice(box.selectionEnd)];
      box.setRangeText((/\S$/.test(before) ? ' ' : '') + text + (/^\s/.test(after) ? '' : ' '), box.selectionStart, box.selectionEnd, 'end');
      onInput();
      box.focus();
    },
    put(text) { quickPut(quick.from < 0 ? quick.was : quick.from, quick.word, text); },
    cancel(number) { running.get(number)?.abort(); running.delete(number); },
    stop() {
      alive = false;
      clearTimeout(saveTimer);
      clearTimeout(typingTimer);
      clearTimeout(countTimer);
      running.forEach(r => r.abort());
      recording?.stop();
      root.removeEventListener('click', onHasty, true);
      laidOut.disconnect();
      madeNote.disconnect();
      document.removeEventListener('selectionchange', onSelect);
      line?.removeEventListener('components-reconnect-state-changed', onLine);
      talk.removeEventListener('dragover', onOver);
      talk.removeEventListener('dragleave', onLeave);
      talk.removeEventListener('drop', onDrop);
    },
  };
}

// ---- Recordings: one player for the page, so that it plays on while the agent looks elsewhere ----

const player = new Audio();
let playing = null;
const clock = s => Number.isFinite(s) ? `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}` : '0:00';
const controls = () => playing ? document.querySelectorAll(`[data-audio="${playing}"]`) : [];
const show = () => {
  for (const c of controls()) {
    c.classList.toggle('playing', !player.paused);
    c.querySelector('.audio-time').textContent = clock(player.currentTime || player.duration);
    if (player.duration) c.querySelector('.audio-seek').value = String(1000 * player.currentTime / player.duration);
    c.querySelector('.audio-speed').textContent = `${player.playbackRate}×`;
  }
};
['timeupdate', 'play', 'pause', 'ended', 'loadedmetadata', 'ratechange'].forEach(e => player.addEventListener(e, show));

const onAudio = e => {
  const c = e.target.closest('[data-audio]');
  if (!c) return;
  if (e.target.closest('.audio-play')) {
    if (playing === c.dataset.audio) { player.paused ? player.play() : player.pause(); return; }
    document.querySelectorAll('[data-audio].playing').forEach(x => x.classList.remove('playing'));
    const speed = player.playbackRate;
    playing = c.dataset.audio;
    player.src = playing;
    player.playbackRate = speed;
    player.play();
  } else if (e.target.closest('.audio-speed')) {
    player.playbackRate = player.playbackRate >= 2 ? 1 : player.playbackRate + 0.5;
    c.querySelector('.audio-speed').textContent = `${player.playbackRate}×`;
  }
};
const onSeek = e => {
  const c = e.target.closest?.('[data-audio]');
  if (c && e.target.classList.contains('audio-seek') && playing === c.dataset.audio && player.duration) player.currentTime = player.duration * e.target.value / 1000;
};

// Recordings can be played wherever conversations are shown.
export function audio(isOn) {
  const how = isOn ? 'addEventListener' : 'removeEventListener';
  document[how]('click', onAudio);
  document[how]('input', onSeek);
}

// ---- The page: keyboard, notifications, sound ----

let page = null;
const onPageKey = e => {
  const typing = e.target.closest('input, textarea, [contenteditable]');
  if (e.altKey && e.key.toLowerCase() === 'n') { e.preventDefault(); page?.invokeMethodAsync('StartAsync').catch(() => {}); }
  else if (e.altKey && e.key.toLowerCase() === 'b') { e.preventDefault(); document.getElementById('desk-search')?.focus(); }
  else if (e.altKey && !e.ctrlKey && e.key.toLowerCase() === 'f' && page) { e.preventDefault(); page.invokeMethodAsync('FindAsync').catch(() => {}); }
  else if (e.key === '?' && !typing && !document.querySelector('.mud-dialog')) { e.preventDefault(); page?.invokeMethodAsync('ShortcutsAsync').catch(() => {}); }
  else if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && e.target.closest('.list') && !e.target.closest('input')) {
    const links = [...document.querySelectorAll('.list .row-link')];
    const at = links.indexOf(document.activeElement);
    const to = links[at < 0 ? 0 : at + (e.key === 'ArrowDown' ? 1 : -1)];
    if (to) { e.preventDefault(); to.focus(); }
  }
};

export function start(view) {
  page = view;
  document.addEventListener('keydown', onPageKey);
  audio(true);
  // From here on keys count.
  document.getElementById('desk').dataset.ready = '';
  return matchMedia('(min-width: 1200px)').matches;
}

export function stop() {
  page = null;
  document.removeEventListener('keydown', onPageKey);
  audio(false);
}

// ---- What waits: in the tab's title, by sound, by notification ----

let prefix = '';
const titled = () => {
  const bare = document.title.replace(/^\(\d+\+?\) /, '');
  if (document.title !== prefix + bare) document.title = prefix + bare;
};

export function listen() {
  const ask = () => { if ('Notification' in window && Notification.permission === 'default') Notification.requestPermission().catch(() => {}); };
  document.addEventListener('click', ask, { once: true });
  // Pages set their own titles as the person goes about.
  new MutationObserver(titled).observe(document.head, { childList: true, characterData: true, subtree: true });
}

export function mark(text) { prefix = text; titled(); }

let sound = null;
const ping = () => {
  sound ??= new AudioContext();
  const at = sound.currentTime;
  [[660, 0], [880, 0.11]].forEach(([pitch, after]) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at + after);
    volume.gain.linearRampToValueAtTime(0.08, at + after + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + after + 0.28);
    tone.connect(volume).connect(sound.destination);
    tone.start(at + after);
    tone.stop(at + after + 0.3);
  });
};

export function tell(title, text, withSound) {
  // Browsers keep quiet until the person has touched the page.
  if (withSound && (navigator.userActivation?.hasBeenActive ?? true)) ping();
  if (isVisible_() || !('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(title, { body: text, icon: '/favicon.svg', tag: 'inforzap' });
  note.onclick = () => { window.focus(); note.close(); };
}
