import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from './refusal.mjs';
import { demoFolder, MAIN_SHOP, root, SHOP_FLAG, shopName } from './paths.mjs';

/** @throws {Refusal} unless there is a demo shop of the name that was given */
export function requireShop() {
  if (shopName && existsSync(join(demoFolder, 'shop.json'))) return;
  const others = readdirSync(join(root, 'demo'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = [MAIN_SHOP, ...others.map(({ name }) => name)].join(', ');
  throw new Refusal(`There is no demo shop "${shopName}". These exist: ${names}. Such as: npm start -- --shop counter`);
}

/** What else was said on the command line. */
export function withoutShop(args) {
  const place = args.findIndex((arg) => arg === SHOP_FLAG || arg.startsWith(`${SHOP_FLAG}=`));
  if (place === -1) return args;
  return args.toSpliced(place, args[place] === SHOP_FLAG ? 2 : 1);
}
