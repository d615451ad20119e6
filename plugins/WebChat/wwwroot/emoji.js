// A small set that people use in a conversation like this one.
const all = '😀 😃 😄 😁 😅 😂 🙂 😉 😊 😍 😘 😋 😜 🤔 🤗 🤩 😎 😐 😬 🙄 😴 😷 🤒 😕 😟 😮 😢 😭 😡 😱 🥳 🤝 👍 👎 👌 👏 🙏 💪 👋 ✌️ 🤞 👀 ❤️ 🧡 💛 💚 💙 💜 💔 ✨ 🔥 🎉 🎁 ⭐ ✅ ❌ ⚠️ ❓ 💬 📎 📷 📄 📦 🚚 🏠 📍 🕐 📅 💰 💳 📱 💻 ☕ 🚗 ✈️'.split(' ');
const columns = 8;

export function emojiPicker(box, toggle, pick) {
  const show = yes => {
    if (yes && !box.firstChild) fill();
    box.hidden = !yes;
    toggle.setAttribute('aria-expanded', yes);
    if (yes) box.firstChild.focus();
    else if (box.contains(document.activeElement)) toggle.focus();
  };
  const fill = () => box.append(...all.map((emoji, i) => {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = emoji;
    b.tabIndex = i ? -1 : 0;
    b.addEventListener('click', () => pick(emoji));
    return b;
  }));
  toggle.addEventListener('click', () => show(box.hidden));
  box.addEventListener('keydown', e => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[e.key];
    if (!step) return;
    e.preventDefault();
    const next = [...box.children].indexOf(document.activeElement) + step;
    box.children[Math.max(0, Math.min(all.length - 1, next))].focus();
  });
  document.addEventListener('pointerdown', e => {
    if (!box.hidden && !box.contains(e.target) && !toggle.contains(e.target)) show(false);
  });
  return { get open() { return !box.hidden; }, close: () => show(false) };
}
