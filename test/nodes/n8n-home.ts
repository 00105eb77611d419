import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Imported before n8n-core, which writes its settings where these point. */
process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'orderloom-n8n-'));
process.env.N8N_ENCRYPTION_KEY = 'for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';
