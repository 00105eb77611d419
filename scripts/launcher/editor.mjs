import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFreePort } from './ports.mjs';
import { linkNodePackage } from './node-package.mjs';
import { editorFolder } from './paths.mjs';
import { pinnedNode } from './runtime.mjs';

/** Nothing leaves the machine, nothing asks for a licence, an update or a survey. */
const QUIET = {
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_HIRING_BANNER_ENABLED: 'false',
  N8N_DYNAMIC_BANNERS_ENABLED: 'false',
  N8N_VERIFIED_PACKAGES_ENABLED: 'false',
  N8N_DISABLED_MODULES: 'mcp-registry',
  EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

const READY_TIMEOUT_MS = 180_000;

/**
 * How to start the pinned n8n on `port` with everything it keeps in `userFolder`: what a `ServerProcess` takes.
 * `packageFolder` holds the package of our nodes, by default as just built.
 */
export async function describeEditor({ port, userFolder, logFile, packageFolder, env = {} }) {
  mkdirSync(userFolder, { recursive: true });
  linkNodePackage(userFolder, packageFolder);
  const node = pinnedNode(editorFolder);
  return {
    name: 'The n8n editor',
    command: node,
    args: [join(editorFolder, 'node_modules', 'n8n', 'bin', 'n8n'), 'start'],
    cwd: userFolder,
    env: {
      ...process.env,
      ...QUIET,
      PATH: [dirname(node), process.env.PATH].join(process.platform === 'win32' ? ';' : ':'),
      N8N_USER_FOLDER: userFolder,
      N8N_PORT: String(port),
      // Two n8n on one machine would fight over the task broker's fixed port.
      N8N_RUNNERS_BROKER_PORT: String(await findFreePort()),
      // Without it n8n marks its log-in cookie as for https only, and nobody gets in over http.
      N8N_SECURE_COOKIE: 'false',
      N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
      N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '8',
      WEBHOOK_URL: `http://localhost:${port}/`,
      ...env,
    },
    logFile,
    readyUrl: `http://localhost:${port}/healthz/readiness`,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
