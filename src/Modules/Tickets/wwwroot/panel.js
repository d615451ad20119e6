// What only the browser can do for the panel: dragging cards, closing what was unfolded, and remembering how it is shown.
import { audio } from './desk.js';

const place = 'panel-view';
export function keep(text) { try { localStorage.setItem(place, text); } catch { /* Nothing is kept in private windows. */ } }
export function recall() { try { return localStorage.getItem(place); } catch { return null; } }

export function start(page) {
  let held = null;
  const call = (...args) => page.invokeMethodAsync(...args).catch(() => {});
  const columnOf = e => e.target.closest?.('#board [data-column]');
  const over = column => document.querySelectorAll('#board .is-over').forEach(c => { if (c !== column) c.classList.remove('is-over'); });
  const onStart = e => {
    const card = e.target.closest?.('[data-card][draggable="true"]');
    if (!card) return;
    held = card.dataset.card;
    e.dataTransfer.effectAllowed = 'move';
    e.dataTransfer.setData('text/plain', held);
    document.getElementById('board')?.classList.add('is-moving');
  };
  const onOver = e => {
    const column = held && columnOf(e);
    over(column);
    if (!column) return;
    e.preventDefault();
    e.dataTransfer.dropEffect = 'move';
    column.classList.add('is-over');
  };
  const onEnd = () => {
    held = null;
    over(null);
    document.getElementById('board')?.classList.remove('is-moving');
  };
  const onDrop = e => {
    const [card, column] = [held, columnOf(e)];
    onEnd();
    if (!card || !column) return;
    e.preventDefault();
    call('DropAsync', card, column.dataset.column);
  };
  const shut = e => document.querySelectorAll('[data-pick-filter][open]').forEach(p => { if (e.key === 'Escape' || !p.contains(e.target)) p.removeAttribute('open'); });
  const onKey = e => { if (e.key === 'Escape') shut(e); };
  const heard = [['dragstart', onStart], ['dragover', onOver], ['drop', onDrop], ['dragend', onEnd], ['click', shut], ['keydown', onKey]];
  heard.forEach(([name, hear]) => document.addEventListener(name, hear));
  audio(true);
  document.querySelector('.page')?.setAttribute('data-ready', '');
  return { stop() { heard.forEach(([name, hear]) => document.removeEventListener(name, hear)); audio(false); } };
}
