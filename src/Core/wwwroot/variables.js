// Puts text where the caret is, as if it had been typed.
export function insert(id, text) {
  const box = document.getElementById(id);
  if (!box) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}
