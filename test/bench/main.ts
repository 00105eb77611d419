import { cpuMs } from './cpu-time';
import { runFlashSale, UNITS } from './flash-sale';
import { type LifecycleFigures, runLifecycle, tryToPlace } from './lifecycle';
import { rounded } from './percentiles';
import { killEverything } from './processes';
import { countStatements } from './statements';
import { addProduct, databasePid, makeDatabase, receive, startFloor, startService, type Target } from './targets';

const FLASH_SKU = 'BENCH-FLASH';

/** How much is measured; `--quick` shows that everything works rather than how fast it is. */
interface Amounts {
  warmUp: number;
  rounds: number;
  ordersAt: Readonly<Record<number, number>>;
  counted: number;
}

const FULL: Amounts = { warmUp: 300, rounds: 3, ordersAt: { 1: 150, 16: 800 }, counted: 20 };
const QUICK: Amounts = { warmUp: 40, rounds: 1, ordersAt: { 1: 20, 16: 100 }, counted: 5 };

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--quick');
  if (unknown.length > 0) throw new Error(`There is no option ${unknown.join(' ')}. The only one is --quick.`);
  const server = process.env.BENCH_MYSQL_URL;
  if (!server) throw new Error('BENCH_MYSQL_URL is not set. Start this with "npm run bench".');
  const amounts = args.includes('--quick') ? QUICK : FULL;

  say('Starting the service and the floor');
  const service = await startService(await makeDatabase(server, 'bench_service'));
  const floor = await startFloor(await makeDatabase(server, 'bench_floor'));
  await measureLifecycles(service, floor, await databasePid(server), amounts);
  await measureFlashSale(service);
  say('Counting statements');
  print({ bench: 'statements', of: 'service', ...(await countStatements(server, service, amounts.counted)) });
  print({ bench: 'statements', of: 'floor', ...(await countStatements(server, floor, amounts.counted)) });
  await service.stop();
  await floor.stop();
}

/** Rounds of service and floor by turns, so that a busy moment of the machine meets both; the middle round counts. */
async function measureLifecycles(service: Target, floor: Target, database: number, amounts: Amounts): Promise<void> {
  say('Warming up');
  for (const { client } of [service, floor]) await runLifecycle(client, 16, amounts.warmUp);
  for (const [clients, orders] of Object.entries(amounts.ordersAt)) {
    const rounds: { figures: Measured; floorFigures: Measured; inProcess: number; ofFloor: number }[] = [];
    for (let round = 1; round <= amounts.rounds; round += 1) {
      say(`Lifecycle, clients: ${clients}, round ${round} of ${amounts.rounds}`);
      const figures = await measure(service, database, Number(clients), orders);
      const floorFigures = await measure(floor, database, Number(clients), orders);
      const inProcess = await floorInProcess(floor, Number(clients), orders);
      const ofFloor = rounded(figures.ordersPerSecond / floorFigures.ordersPerSecond, 2);
      rounds.push({ figures, floorFigures, inProcess, ofFloor });
    }
    const byRatio = rounds.map(({ ofFloor }) => ofFloor).sort((a, b) => a - b);
    const middle = rounds.find(({ ofFloor }) => ofFloor === byRatio[Math.floor((byRatio.length - 1) / 2)]);
    if (!middle) return;
    print({ bench: 'lifecycle', ...middle.figures, ofFloor: middle.ofFloor, ofFloorByRound: byRatio });
    print({ bench: 'floor', ...middle.floorFigures });
    print({ bench: 'floor-in-process', clients: Number(clients), orders, ordersPerSecond: middle.inProcess });
  }
}

interface Measured extends LifecycleFigures {
  /** Of the service's or the floor's process, and of the database server; only Linux tells. */
  cpuMsPerOrder?: { node: number; database: number };
}

async function measure(target: Target, database: number, clients: number, orders: number): Promise<Measured> {
  const read = (): (number | undefined)[] => [cpuMs(target.pid), cpuMs(database)];
  const before = read();
  const figures = await runLifecycle(target.client, clients, orders);
  const [node, ofDatabase] = read().map((ms, n) => ms && rounded((ms - (before[n] ?? 0)) / orders, 1));
  return node === undefined || ofDatabase === undefined
    ? figures
    : { ...figures, cpuMsPerOrder: { node, database: ofDatabase } };
}

async function floorInProcess({ url }: Target, clients: number, count: number): Promise<number> {
  const response = await fetch(`${url}/in-process`, { method: 'POST', body: JSON.stringify({ clients, count }) });
  const { ordersPerSecond } = (await response.json()) as { ordersPerSecond: number };
  return ordersPerSecond;
}

async function measureFlashSale({ client }: Target): Promise<void> {
  say('Flash sale');
  await addProduct(client, FLASH_SKU);
  await receive(client, [FLASH_SKU], UNITS);
  print({ bench: 'flash-sale', ...(await runFlashSale(() => tryToPlace(client, FLASH_SKU, 1))) });
  const { body } = await client.get(`/inventory?sku=${FLASH_SKU}`);
  const { onHand, reserved } = body.items[0];
  if (onHand !== UNITS || reserved !== UNITS) throw new Error(`Of ${onHand} units ${reserved} are reserved.`);
  const integrity = (await client.get('/integrity')).body;
  if (!integrity.ok) throw new Error(`The ledger contradicts itself: ${JSON.stringify(integrity)}`);
}

function print(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function say(text: string): void {
  process.stderr.write(`… ${text}\n`);
}

/** What was started ends with us, however we end. */
function end(code: number): void {
  killEverything();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(130));
main(process.argv.slice(2)).then(
  () => end(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    end(1);
  },
);
