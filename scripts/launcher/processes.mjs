import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { Refusal } from './refusal.mjs';
import { logFile, root } from './paths.mjs';

const TAIL_LINES = 25;
const PARENT_POLL_MS = 1_000;

/**
 * Runs a program to its end with its output in `.orderloom/logs/<log>.log`.
 * @throws {Refusal} with the end of that output if it fails
 */
export async function run(command, args, { log, cwd = root, env = process.env }) {
  const file = logFile(log);
  const output = openSync(file, 'w');
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output] });
  const code = await ended(child).finally(() => closeSync(output));
  if (code !== 0) throw new Refusal(`${command} ended with ${code}. The end of ${file}:\n\n${tail(file)}`);
}

/** Runs a program on the user's own terminal and answers its exit code; `stdio` may add channels to it. */
export async function runInForeground(command, args, { cwd = root, env = process.env, stdio = 'inherit' } = {}) {
  const child = spawn(command, args, { cwd, env, stdio });
  const stopForwarding = forwardStop(child);
  return ended(child).finally(stopForwarding);
}

/** Hands what asks us to stop on to `child`, which then decides when we end. */
function forwardStop(child) {
  return onStopRequest((signal) => child.kill(signal));
}

/**
 * Calls `stop` with a signal's name whenever we are asked to end: by a signal, or because what started us is gone.
 * A shell between npm and this launcher takes npm's signal for itself and dies without passing it on.
 * @returns {() => void} ends the watch
 */
export function onStopRequest(stop) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const onGone = () => stop('SIGTERM');
  signals.forEach((signal) => process.on(signal, stop));
  process.on('disconnect', onGone);
  const parent = process.ppid;
  const isUnderNpm = process.env.npm_lifecycle_event !== undefined;
  const watch = setInterval(() => isUnderNpm && process.ppid !== parent && onGone(), PARENT_POLL_MS).unref();
  return () => {
    signals.forEach((signal) => process.off(signal, stop));
    process.off('disconnect', onGone);
    clearInterval(watch);
  };
}

/** Resolves with the exit code; an end by a signal counts as 1. */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs npm as it was started, with the Node this runs on, so that its scripts see the same Node. */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli ? run(process.execPath, [cli, ...args], options) : run('npm', args, options);
}

/** Whether a program of this name stands on the PATH. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  const folders = [path, '/usr/sbin', '/usr/local/sbin'].join(delimiter);
  const found = spawnSync(finder, [name], { encoding: 'utf8', env: { ...process.env, PATH: folders } });
  return found.status === 0 ? found.stdout.split('\n')[0].trim() : undefined;
}

/** The last lines of a log, for a message. */
export function tail(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}

/** Sends a signal to a process and to all it started; a process that has gone already is fine. */
export function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // macOS answers EPERM for a group that has ended but was not collected yet.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}
