/**
 * Makes the wave's page quicker where scripts run: nothing reloads, a scanner can fire as fast as it likes, and a
 * refusal is heard. Without it every form still works as it is. The server stays the only one who renders.
 */
(() => {
  const { document, crypto, DOMParser, FormData, AudioContext } = globalThis;
  const RETRIES = 3;
  const RETRY_AFTER_MS = 1000;
  const TONE_HERTZ = 220;
  const TONE_SECONDS = 0.3;
  const LIVE_PARTS = ['said', 'work'];
  let sending = Promise.resolve();

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
    for (const [now, next] of parts) now.replaceWith(next);
    document.getElementById('code')?.focus({ preventScroll: true });
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
    tone.frequency.value = TONE_HERTZ;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + TONE_SECONDS);
    tone.onended = () => sound.close();
  }

  function newActionId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    const fields = Object.fromEntries(new FormData(form));
    if (form.id === 'scan') {
      fields.clientActionId = newActionId();
      form.elements.code.value = '';
    } else {
      for (const button of form.querySelectorAll('button')) button.disabled = true;
    }
    // One after the other, so that the counts on the screen are the last ones.
    sending = sending.then(() => send(form.action, fields));
  });

  const box = document.getElementById('code');
  if (!box) return;
  // A scanner types like a keyboard; the screen's own keys come up when somebody touches the box to type a code.
  box.inputMode = 'none';
  box.addEventListener('pointerdown', () => {
    box.inputMode = 'text';
  });
  box.addEventListener('blur', () => {
    box.inputMode = 'none';
  });
  box.focus({ preventScroll: true });
})();
