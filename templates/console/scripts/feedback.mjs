/** What a person hears and feels while looking at the shelf: high and short for right, low for refused. */
const { AudioContext, document, localStorage, navigator } = globalThis;

const MUTED = 'orderloom.muted';
const TONES = {
  right: { type: 'sine', hertz: 1320, seconds: 0.12, shakeMs: 40 },
  refused: { type: 'square', hertz: 220, seconds: 0.3, shakeMs: [120, 80, 120] },
};
let sound;

/** The same at every page of this phone, until it is pressed again. */
export function offerMute(button) {
  if (!button || !AudioContext) return;
  const show = () => {
    button.setAttribute('aria-pressed', String(isMuted()));
    button.textContent = isMuted() ? 'Sound is off' : 'Sound is on';
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    remember(!isMuted());
    show();
  });
  show();
}

export function signal(name) {
  const { type, hertz, seconds, shakeMs } = TONES[name];
  // Browsers shake only after a touch, and say so on the console otherwise.
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(shakeMs);
  if (!AudioContext || isMuted()) return;
  sound ??= new AudioContext();
  void sound.resume();
  const tone = sound.createOscillator();
  tone.type = type;
  tone.frequency.value = hertz;
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + seconds);
}

// Phones let a page sound only after it was touched.
document.addEventListener('pointerdown', () => void sound?.resume());

function isMuted() {
  try {
    return localStorage.getItem(MUTED) === 'yes';
  } catch {
    return false;
  }
}

function remember(muted) {
  try {
    localStorage.setItem(MUTED, muted ? 'yes' : 'no');
  } catch {
    // A browser that keeps nothing for us forgets it with the page.
  }
}
