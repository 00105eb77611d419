const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const PLAIN_LINE_MS = 15_000;
/** A step shorter than this says only that it is done. */
const QUIET_MS = 1_500;

let output = process.stdout;

/** For commands whose standard output is for programs. */
export function showProgressOnStderr() {
  output = process.stderr;
}

/**
 * Runs `work` and shows that it is alive: a spinner with the elapsed time on a terminal, else a line now and then.
 * @param {string} title what is being done, e.g. "Installing packages"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export async function step(title, work) {
  const startedAt = Date.now();
  const reporter = output.isTTY ? spin(title, startedAt) : writeLines(title, startedAt);
  try {
    const result = await work();
    reporter.end(`✔ ${title} (${elapsed(startedAt)})`);
    return result;
  } catch (error) {
    reporter.end(`✖ ${title} (${elapsed(startedAt)})`);
    throw error;
  }
}

function spin(title, startedAt) {
  let frame = 0;
  const draw = () => {
    frame = (frame + 1) % FRAMES.length;
    output.write(`\r\x1b[K${FRAMES[frame]} ${title} ${elapsed(startedAt)}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    end(line) {
      clearInterval(timer);
      output.write(`\r\x1b[K${line}\n`);
    },
  };
}

function writeLines(title, startedAt) {
  const first = setTimeout(() => output.write(`… ${title}\n`), QUIET_MS);
  const again = setInterval(() => output.write(`… ${title} (${elapsed(startedAt)})\n`), PLAIN_LINE_MS);
  return {
    end(line) {
      clearTimeout(first);
      clearInterval(again);
      output.write(`${line}\n`);
    },
  };
}

function elapsed(startedAt) {
  const seconds = (Date.now() - startedAt) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
