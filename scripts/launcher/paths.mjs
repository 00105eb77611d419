import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const editorFolder = join(root, 'editor');

export const SHOP_FLAG = '--shop';
export const MAIN_SHOP = 'main';
/** Which demo shop the command line names; its name is the name of its folders. */
export const shopName = nameIn(process.argv);
export const demoFolder = shopName === MAIN_SHOP ? join(root, 'demo') : join(root, 'demo', shopName);
/** Everything the launcher makes on this machine for the shop; deleting it starts afresh. */
export const stateFolder =
  shopName === MAIN_SHOP ? join(root, '.orderloom') : join(root, '.orderloom', 'shops', shopName);

/** The file that holds the output of a step or a server. */
export function logFile(name) {
  const folder = join(stateFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.log`);
}

/** Empty when what was named can be no folder's name, which `requireShop` refuses. */
function nameIn(args) {
  const place = args.indexOf(SHOP_FLAG);
  const joined = args.find((arg) => arg.startsWith(`${SHOP_FLAG}=`))?.slice(SHOP_FLAG.length + 1);
  const name = place === -1 ? (joined ?? MAIN_SHOP) : (args[place + 1] ?? '');
  return /^[a-z][a-z0-9-]*$/.test(name) ? name : '';
}
