/**
 * A pad to sign on with a finger, a pen or a mouse. Without it the name that is typed is enough. The page may be put in
 * place anew at any time, so nothing here holds on to its elements: every event asks which canvas it is about.
 */
(() => {
  const { document, MutationObserver } = globalThis;
  const INK = '#10233f';
  const INK_WIDTH_PIXELS = 4;
  let last;

  function showPad() {
    const pad = document.getElementById('signature-pad');
    if (pad) pad.hidden = false;
  }

  function isPad(target) {
    return target.id === 'signature-canvas';
  }

  /** Where on the canvas, whose own pixels are not those of the screen. */
  function pointOf({ target, clientX, clientY }) {
    const box = target.getBoundingClientRect();
    return {
      x: ((clientX - box.left) * target.width) / box.width,
      y: ((clientY - box.top) * target.height) / box.height,
    };
  }

  function draw(canvas, from, to) {
    const pen = canvas.getContext('2d');
    pen.strokeStyle = INK;
    pen.lineWidth = INK_WIDTH_PIXELS;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
  }

  function keepPicture(canvas, picture) {
    canvas.closest('form').querySelector('#signature-picture').value = picture;
  }

  document.addEventListener('pointerdown', (event) => {
    if (!isPad(event.target)) return;
    event.target.setPointerCapture(event.pointerId);
    last = pointOf(event);
    draw(event.target, last, last);
  });
  document.addEventListener('pointermove', (event) => {
    if (!last || !isPad(event.target)) return;
    const next = pointOf(event);
    draw(event.target, last, next);
    last = next;
  });
  for (const end of ['pointerup', 'pointercancel']) {
    document.addEventListener(end, (event) => {
      if (!last || !isPad(event.target)) return;
      last = undefined;
      keepPicture(event.target, event.target.toDataURL('image/png'));
    });
  }
  document.addEventListener('click', (event) => {
    if (event.target.id !== 'signature-clear') return;
    const canvas = document.getElementById('signature-canvas');
    canvas.getContext('2d').clearRect(0, 0, canvas.width, canvas.height);
    keepPicture(canvas, '');
  });
  new MutationObserver(showPad).observe(document.body, { childList: true, subtree: true });
  showPad();
})();
