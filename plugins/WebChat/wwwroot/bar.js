// The slim line that says why nothing moves. It waits a moment, so that a hiccup doesn't flash.
import { words } from './words.js';

const bar = document.getElementById('bar');
let trouble = 0, timer = 0;

// The status that the last call met: 0 is well.
export function settle(status) {
  trouble = status;
  draw();
}

function draw() {
  const now = !navigator.onLine ? 'offline' : !trouble ? null : [403, 404].includes(trouble) ? 'closed' : 'reconnecting';
  bar.textContent = words[now] ?? '';
  if (!now || now === 'offline') {
    clearTimeout(timer);
    timer = 0;
    bar.hidden = !now;
  } else if (bar.hidden) timer ||= setTimeout(() => { bar.hidden = false; }, 2000);
}

addEventListener('online', draw);
addEventListener('offline', draw);
