import { join } from 'node:path';
import { readJson } from './json-file.mjs';
import { demoFolder } from './paths.mjs';

const CONFLICT = 409;

/** The demo shop as its folder describes it: its store, pipelines, people, zones, products, opening stock, customers, payments. */
export function readDemoShop(folder = demoFolder) {
  const read = (name) => readJson(join(folder, `${name}.json`));
  return { ...read('shop'), products: read('products'), customers: read('customers') };
}

/**
 * Fills an empty ledger with the demo shop. Each call carries a key of its own, so that a start killed half-way
 * is taken up by the next one.
 * @param {import('./service.mjs').ServiceClient} service
 * @returns {Promise<boolean>} whether anything was missing
 */
export async function seedDemoShop(service, { users, zones = [], products, receipt } = readDemoShop()) {
  // A product has a level from its first moment on; only goods say that the receipt, which comes last, went through.
  const levels = await service.list('/inventory');
  if (levels.some(({ total }) => total > 0)) return false;
  for (const user of users) await makeOnce(service, '/users', user, `demo-user-${user.email}`);
  for (const [place, zone] of zones.entries()) await makeOnce(service, '/shipping/zones', zone, `demo-zone-${place}`);
  await addProducts(service, products);
  const lines = products.map((product) => receiptLine(product, product.openingStock));
  await service.post('/inventory/receipts', { ...receipt, lines }, 'demo-receipt');
  return true;
}

/** Adds those products that the shop does not sell yet. */
export async function addProducts(service, products) {
  const known = new Set((await service.list('/products')).map(({ sku }) => sku));
  for (const product of products.filter(({ sku }) => !known.has(sku))) {
    const body = { ...product };
    delete body.openingStock;
    await makeOnce(service, '/products', body, `demo-product-${product.sku}`);
  }
}

/** One line of a receipt of goods. */
export function receiptLine({ sku, costMinor }, quantity) {
  return { sku, quantity, unitCostMinor: costMinor };
}

async function makeOnce(service, path, body, key) {
  try {
    await service.post(path, body, key);
  } catch (error) {
    if (error.status !== CONFLICT) throw error;
  }
}
