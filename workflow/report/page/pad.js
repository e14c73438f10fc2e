// A canvas to show an image on, and to draw on by pointer or by keys.

// Of the canvas's width: a stroke, and a step of an arrow key.
const STROKE = 0.075;
const STEP = 0.04;

/**
 * Show images on a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function paper(canvas) {
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );

  function ink() {
    return getComputedStyle(canvas).getPropertyValue("--pixel");
  }

  /**
   * Show an image.
   * @param {number[]} shares of ink, row by row
   * @param {number} side
   */
  function show(shares, side) {
    context.clearRect(0, 0, width, height);
    const pixel = width / side;
    context.fillStyle = ink();
    shares.forEach((share, i) => {
      context.globalAlpha = Math.min(Math.max(share, 0), 1);
      context.fillRect((i % side) * pixel, Math.floor(i / side) * pixel, pixel, pixel);
    });
    context.globalAlpha = 1;
  }

  /** Show in the ink of the scheme what was shown in another. */
  function recolour() {
    context.globalCompositeOperation = "source-in";
    context.fillStyle = ink();
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = "source-over";
  }

  return { context, ink, show, recolour };
}

/**
 * Let a reader draw on a canvas.
 * @param {HTMLCanvasElement} canvas Before the element that shows where the pen is.
 * @param {(ink: Float64Array) => void} drawn Called with the ink of each pixel, 0 to 1.
 * @param {(words: string) => void} say Called with what became of the pen that keys move.
 */
export function pad(canvas, drawn, say) {
  const { width, height } = canvas;
  const { context, ink, show, recolour } = paper(canvas);
  // A fresh digit is not drawn over: what it would be centred to is another image.
  let mine = true;
  let down = false;
  let waiting = false;
  let at = { x: width / 2, y: height / 2 };
  const pen = /** @type {HTMLElement} */ (canvas.nextElementSibling);

  function showPen() {
    pen.hidden = false;
    pen.classList.toggle("down", down);
    pen.style.left = `${canvas.clientLeft + (at.x / width) * canvas.clientWidth}px`;
    pen.style.top = `${canvas.clientTop + (at.y / height) * canvas.clientHeight}px`;
  }

  function liftPen() {
    down = false;
    pen.hidden = true;
    say("");
  }

  function clear() {
    liftPen();
    context.clearRect(0, 0, width, height);
    mine = true;
    report();
  }

  function report() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!mine) return;
      const { data } = context.getImageData(0, 0, width, height);
      drawn(Float64Array.from({ length: width * height }, (_, i) => data[4 * i + 3] / 255));
    });
  }

  /** @param {{ x: number, y: number }} to */
  function line(to) {
    if (!mine) {
      context.clearRect(0, 0, width, height);
      mine = true;
    }
    context.strokeStyle = context.fillStyle = ink();
    context.lineWidth = STROKE * width;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.beginPath();
    context.moveTo(at.x, at.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    // A line without length is none in some browsers.
    context.beginPath();
    context.arc(to.x, to.y, (STROKE * width) / 2, 0, 2 * Math.PI);
    context.fill();
    report();
  }

  /** @param {PointerEvent} event */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    const scale = width / canvas.clientWidth;
    return {
      x: (event.clientX - box.left - canvas.clientLeft) * scale,
      y: (event.clientY - box.top - canvas.clientTop) * scale,
    };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    liftPen();
    at = place(event);
    line(at);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const to = place(part);
      line(to);
      at = to;
    }
  });
  canvas.addEventListener("keydown", (event) => {
    const [x, y] = MOVES[event.key] ?? [0, 0];
    if (event.key === " ") {
      down = !down;
      if (down) line(at);
      say(down ? "The pen is down." : "The pen is up.");
    } else if (!x && !y) return;
    event.preventDefault();
    const within = (/** @type {number} */ value) => Math.min(Math.max(value, 0), width);
    const to = { x: within(at.x + x * STEP * width), y: within(at.y + y * STEP * width) };
    if (down) line(to);
    at = to;
    showPen();
  });
  canvas.addEventListener("blur", liftPen);

  return {
    clear,
    recolour,
    /** @type {typeof show} */
    show(shares, side) {
      liftPen();
      mine = false;
      show(shares, side);
    },
  };
}

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
