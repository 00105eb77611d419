/** Counts what the phone's camera sees: a frame around the code, and what the page does with each code that comes in. */
import { barcodeReader } from './barcode-reader.mjs';
import { SeenCodes } from './seen-codes.mjs';

const { document, isSecureContext, navigator, performance } = globalThis;
const LOOK_EVERY_MS = 150;
const GONE_AFTER_MS = 1000;
const WANTED = { video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } };
const BUTTON_TEXTS = { on: 'Stop the camera', off: 'Use the camera' };

/** `onCode` is called for each code that comes into the picture, `onTrouble` with a sentence. */
export function offerCamera({ onCode, onTrouble }) {
  const element = (id) => document.getElementById(id);
  const button = element('use-camera');
  if (!button) return;
  if (!navigator.mediaDevices?.getUserMedia) {
    element('camera-note').hidden = isSecureContext;
    return;
  }
  const parts = { button, box: element('camera'), video: element('camera-view'), frame: element('camera-frame') };
  const camera = new Camera(parts, onCode);
  button.hidden = false;
  button.addEventListener('click', () => {
    if (camera.isOn) camera.stop();
    else void camera.start().catch((error) => onTrouble(sentenceOf(error)));
  });
  // Nobody is filmed by a page that nobody looks at.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) camera.stop();
  });
}

class Camera {
  #parts;
  #onCode;
  #stream;
  /** Which start is the last one; a stop while the person is asked for leave ends it. */
  #turn = 0;

  constructor(parts, onCode) {
    this.#parts = parts;
    this.#onCode = onCode;
  }

  get isOn() {
    return this.#parts.button.textContent === BUTTON_TEXTS.on;
  }

  async start() {
    const turn = (this.#turn += 1);
    this.#show(true);
    try {
      const [stream, read] = await Promise.all([navigator.mediaDevices.getUserMedia(WANTED), barcodeReader()]);
      if (turn !== this.#turn) return halt(stream);
      this.#stream = stream;
      const { video } = this.#parts;
      video.srcObject = stream;
      await video.play();
      void this.#look(read, turn);
    } catch (error) {
      if (turn === this.#turn) this.stop();
      throw error;
    }
  }

  stop() {
    this.#turn += 1;
    halt(this.#stream);
    this.#stream = undefined;
    this.#parts.video.srcObject = null;
    this.#show(false);
  }

  #show(isOn) {
    const { box, button, frame } = this.#parts;
    box.hidden = !isOn;
    frame.hidden = true;
    button.textContent = isOn ? BUTTON_TEXTS.on : BUTTON_TEXTS.off;
  }

  async #look(read, turn) {
    const seen = new SeenCodes(GONE_AFTER_MS);
    const { video } = this.#parts;
    while (turn === this.#turn) {
      const found = await read(video).catch(() => []);
      if (turn !== this.#turn) return;
      const codes = found.map(({ rawValue }) => rawValue).filter(Boolean);
      this.#frame(found[0]?.boundingBox);
      for (const code of seen.arrived(codes, performance.now())) this.#onCode(code);
      await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
    }
  }

  /** The picture on the screen is smaller than the camera's. */
  #frame(box) {
    const { frame, video } = this.#parts;
    frame.hidden = !box;
    if (!box || !video.videoWidth) return;
    const scale = video.clientWidth / video.videoWidth;
    for (const [name, value] of Object.entries({ left: box.x, top: box.y, width: box.width, height: box.height })) {
      frame.style[name] = `${Math.round(value * scale)}px`;
    }
  }
}

function halt(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function sentenceOf({ name }) {
  if (name === 'NotAllowedError')
    return 'The camera is not allowed for this page. Allow it in the browser, or type the code.';
  if (name === 'NotFoundError') return 'This device has no camera. Use a scanner, or type the code.';
  return 'The camera does not start. Use a scanner, or type the code.';
}
