import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { demoFolder, MAIN_SHOP, root, SHOP_FLAG, shopName } from './paths.mjs';

/** @throws {Refusal} unless there is a demo shop of the name that was given, with a ledger of its own */
export function requireShop() {
  if (shopName && existsSync(join(demoFolder, 'shop.json'))) return requireOwnLedger();
  const others = readdirSync(join(root, 'demo'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = [MAIN_SHOP, ...others.map(({ name }) => name)].join(', ');
  throw new Refusal(`There is no demo shop "${shopName}". These exist: ${names}. Such as: npm start -- --shop counter`);
}

/** One database for two shops would give each the other's products, people and orders. */
function requireOwnLedger() {
  if (shopName === MAIN_SHOP || !process.env.DATABASE_URL) return;
  throw new Refusal(
    `DATABASE_URL is set, and the demo shop "${shopName}" keeps a ledger of its own. Unset DATABASE_URL, or leave ${SHOP_FLAG} out.`,
  );
}

/** What else was said on the command line. */
export function withoutShop(args) {
  const place = args.findIndex((arg) => arg === SHOP_FLAG || arg.startsWith(`${SHOP_FLAG}=`));
  if (place === -1) return args;
  return args.toSpliced(place, args[place] === SHOP_FLAG ? 2 : 1);
}
