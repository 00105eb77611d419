/**
 * A scanner types like a keyboard. On a phone the box keeps the focus without covering the list by its own keys,
 * until somebody touches it to type a code.
 */
const { document } = globalThis;

export function listenForScanner(box) {
  if (!box) return;
  box.inputMode = 'none';
  box.addEventListener('pointerdown', () => {
    box.inputMode = 'text';
  });
  box.addEventListener('blur', () => {
    box.inputMode = 'none';
  });
  box.focus({ preventScroll: true });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isTyping && event.key !== ' ' && !event.target.closest('input, select, textarea'))
      box.focus({ preventScroll: true });
  });
}
