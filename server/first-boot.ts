import { makeKey, apiKeys, openStore, storeInput, stores } from './people';
import type { Config } from './platform/config';
import { isDuplicateKey } from './platform/database/database';
import { defineTable } from './platform/database/table';
import { randomToken } from './platform/ids';
import type { Workroom } from './platform/workroom';

interface SettingRow {
  name: string;
  value: string;
  createdAt: string;
}

const settings = defineTable<SettingRow>('settings');

/** The secret that signs links when none is set: made once, kept with the ledger, the same for every process. */
export function sessionSecret(workroom: Workroom): Promise<string> {
  return despiteOthers(() => readOrMakeSecret(workroom));
}

/** Several processes may start on one empty ledger: whoever comes second finds what the first one made. */
async function despiteOthers<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return make();
  }
}

async function readOrMakeSecret(workroom: Workroom): Promise<string> {
  const { result } = await workroom.command(workroom.systemCaller('boot'), async (ctx) => {
    const known = await ctx.get(settings, "name = 'session_secret'");
    if (known) return known.value;
    const value = randomToken();
    ctx.insert(settings, { name: 'session_secret', value, createdAt: ctx.now });
    return value;
  });
  return result;
}

/** An empty ledger gets its first store and the admin's key; a filled one is left as it is. */
export async function firstBoot(workroom: Workroom, config: Config): Promise<void> {
  const caller = workroom.systemCaller('boot');
  const fill = () =>
    workroom.command(caller, async (ctx) => {
      if (!(await ctx.get(stores, '1 = 1'))) {
        const { storeName: name } = config;
        const main = storeInput.parse({ id: 'main', name, currency: 'BDT', timezone: 'Asia/Dhaka' });
        await openStore(ctx, main, workroom.registry.storeOpeners);
      }
      if (await ctx.get(apiKeys, '1 = 1')) return undefined;
      const made = makeKey(ctx, { name: 'admin', role: 'admin', storeIds: [] }, config.adminApiKey || undefined);
      return config.adminApiKey ? undefined : made.key;
    });
  const { result: printedKey } = await despiteOthers(fill);
  // Written to the terminal and nowhere else: a log would keep it.
  if (printedKey) process.stdout.write(`Admin API key (shown only now): ${printedKey}\n`);
}
