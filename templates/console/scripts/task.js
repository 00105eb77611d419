/**
 * Makes the task page quicker where scripts run: nothing reloads, a scanner can fire as fast as it likes, and a refusal
 * is heard. Without it every form still works as it is. The server stays the only one who renders: its answer to a form
 * is the page, of which the parts that change are put in place.
 */
(() => {
  const { document, crypto, DOMParser, FormData, AudioContext } = globalThis;
  const RETRIES = 3;
  const RETRY_AFTER_MS = 1000;
  const LIVE_PARTS = ['said', 'work'];
  const scan = document.getElementById('scan');
  const box = document.getElementById('code');
  let sending = Promise.resolve();

  /** One after the other, so that the counts on the screen are the last ones. */
  function enqueue(action, fields) {
    sending = sending.then(() => send(action, fields));
  }

  async function send(action, fields) {
    for (let attempt = 1; attempt <= RETRIES; attempt += 1) {
      try {
        const response = await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
        show(new DOMParser().parseFromString(await response.text(), 'text/html'));
        if (!response.ok) beep();
        return;
      } catch {
        // The same action id is sent again, so what did arrive is not counted twice.
        await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
      }
    }
    say(`Not sent: no connection. ${fields.code ? `Scan ${fields.code} again.` : 'Try again.'}`);
    beep();
  }

  function show(page) {
    const parts = LIVE_PARTS.map((id) => [document.getElementById(id), page.getElementById(id)]);
    if (parts.some(([, next]) => !next)) {
      document.querySelector('main').replaceWith(page.querySelector('main'));
      return;
    }
    const focused = document.activeElement?.id;
    for (const [now, next] of parts) now.replaceWith(next);
    (document.getElementById(focused) ?? box)?.focus({ preventScroll: true });
  }

  function say(text) {
    const said = document.getElementById('said');
    said.className = 'said refusal';
    said.textContent = text;
  }

  function beep() {
    if (!AudioContext) return;
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    tone.type = 'square';
    tone.frequency.value = 220;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.3);
    tone.onended = () => sound.close();
  }

  function newActionId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );
  }

  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    const fields = Object.fromEntries(new FormData(form));
    if (form === scan) {
      fields.clientActionId = newActionId();
      box.value = '';
    } else {
      for (const button of form.querySelectorAll('button')) button.disabled = true;
    }
    enqueue(form.action, fields);
  });

  if (!box) return;
  // A scanner types like a keyboard. On a phone the box keeps the focus without covering the list by its own keys,
  // until somebody touches it to type a code.
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
})();
