import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { skuOf } from '../lifecycle';
import { rounded } from '../percentiles';
import { type FloorAnswer, FloorOrders } from './floor-orders';
import { readSample } from './sample';

/** Bare `node:http` over bare SQL: `node --require …/run-typescript.cjs floor-server.ts <database> <sample> <port>`. */
async function main([databaseUrl = '', sampleFile = '', port = '0']: string[]): Promise<void> {
  const orders = new FloorOrders(databaseUrl, readSample(sampleFile));
  await orders.open();
  const server = createServer((request, response) => {
    answer(orders, request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ message: String(error) }));
    });
  });
  server.listen(Number(port), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
}

async function answer(orders: FloorOrders, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const part of request) text += part;
  const url = request.url ?? '';
  if (url === '/readyz') return void response.end('{}');
  const body = text ? JSON.parse(text) : {};
  const reply =
    url === '/in-process'
      ? { status: 200, text: JSON.stringify(await runInProcess(orders, body)) }
      : await route(orders, url.split('/').slice(3), body, String(request.headers['idempotency-key']));
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(reply.text),
  });
  response.end(reply.text);
}

/** `orders`, `orders/:id/payments`, `orders/:id/status`, `orders/:id/items/:line/status`. */
function route(orders: FloorOrders, path: string[], body: any, key: string): Promise<FloorAnswer> {
  const [, orderId = '', what, lineId = ''] = path;
  if (!orderId) return orders.place(body.lines[0].sku, key);
  if (what === 'payments') return orders.pay(orderId, key);
  if (what === 'items') return orders.prepare(orderId, lineId, key);
  return orders.move(orderId, body.move, key);
}

/** The same steps without HTTP: what the SQL alone allows. */
async function runInProcess(
  orders: FloorOrders,
  { clients, count }: { clients: number; count: number },
): Promise<{ ordersPerSecond: number }> {
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      const key = `in-process-${Date.now()}-${(begun += 1)}`;
      const placed = JSON.parse((await orders.place(skuOf(begun), key)).text);
      await orders.pay(placed.id, `${key}-pay`);
      for (const move of ['confirm', 'process']) await orders.move(placed.id, move, `${key}-${move}`);
      await orders.prepare(placed.id, placed.lines[0].id, `${key}-prepare`);
      for (const move of ['fulfill', 'ship', 'deliver']) await orders.move(placed.id, move, `${key}-${move}`);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, work));
  return { ordersPerSecond: rounded((count * 1000) / (performance.now() - startedAt), 1) };
}

void main(process.argv.slice(2));
