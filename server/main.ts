import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as accounting from './accounting';
import { createApp } from './app';
import * as cancellations from './cancellations';
import * as documents from './documents';
import { firstBoot, sessionSecret } from './first-boot';
import * as fulfillment from './fulfillment';
import * as inventory from './inventory';
import * as notifications from './notifications';
import * as orders from './orders';
import * as payments from './payments';
import * as people from './people';
import { installAudit } from './platform/audit';
import { type Clock, systemClock } from './platform/clock';
import { Config } from './platform/config';
import { Database } from './platform/database/database';
import { migrations } from './platform/database/migrate';
import { installIdempotency } from './platform/http/idempotency';
import { createLogger, type Logger } from './platform/logger';
import { installMail, Mailbox } from './platform/mail';
import { assertConditions, Relay, Sweeper } from './platform/outbox';
import { PdfPrinter } from './platform/pdf';
import { Registry } from './platform/registry';
import { Workroom } from './platform/workroom';
import * as reports from './reports';
import * as shipping from './shipping';
import * as webhooks from './webhooks';

/** How long a stopping service waits for requests and jobs in hand. */
const DRAIN_MS = 10_000;

export interface Service {
  /** Where it listens, such as http://localhost:3000. */
  url: string;
  workroom: Workroom;
  relay: Relay;
  stop(): Promise<void>;
}

/** The whole service, from settings to listening. What was opened last is closed first. */
export async function boot(config: Config, clock: Clock = systemClock): Promise<Service> {
  const logger = createLogger(config);
  const database = Database.open(config);
  await prepareSchema(database, config);
  const registry = new Registry(config);
  const workroom = new Workroom(database, registry, clock, logger);
  config.sessionSecret ||= await sessionSecret(workroom);

  const keyRing = new people.KeyRing(
    () => workroom.reader(workroom.systemCaller('key-ring')),
    () => Date.parse(clock.now()),
  );
  // Known once the service listens; the demo's courier is called there.
  let url = '';
  const printer = new PdfPrinter(config, logger);
  const mailbox = config.demo && !config.smtpUrl ? await Mailbox.open(config, logger) : undefined;
  installAudit(registry);
  installIdempotency(registry);
  installMail(registry, { mailbox, logger });
  people.install(registry, keyRing);
  accounting.install(registry);
  inventory.install(registry);
  const couriers = shipping.install(registry, { clock, serviceUrl: () => url });
  orders.install(registry);
  payments.install(registry);
  fulfillment.install(registry, workroom, couriers);
  cancellations.install(registry, workroom);
  documents.install(registry, { workroom, printer });
  notifications.install(registry);
  reports.install(registry);
  webhooks.install(registry);

  await firstBoot(workroom, config);
  await assertConditions(workroom.reader(workroom.systemCaller('boot')), registry.subscriptions);
  const relay = new Relay(workroom, logger);
  const sweeper = new Sweeper(workroom, logger);
  const app = createApp(workroom, (key) => keyRing.holder(key), logger);
  const server = await listen(app.listen(config.port), config);
  relay.start();
  sweeper.start();
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  logger.info({ url }, 'service.ready');

  const stop = async (): Promise<void> => {
    await sweeper.stop();
    await relay.stop();
    await close(server);
    await printer.close();
    await mailbox?.close();
    await database.close();
  };
  return { url, workroom, relay, stop };
}

/** SQLite is brought up to date at once; on MySQL somebody decides when. */
async function prepareSchema(database: Database, config: Config): Promise<void> {
  const umzug = migrations(database);
  const waiting = await umzug.pending();
  if (waiting.length === 0) return;
  if (database.dialect === 'mysql' && !config.demo) {
    throw new Error(`${waiting.length} migrations are waiting. Run "npm run migrate", then start again.`);
  }
  await umzug.up();
}

function listen(server: Server, config: Config): Promise<Server> {
  return new Promise((done, fail) => {
    server.once('listening', () => done(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      fail(
        taken ? new Error(`Port ${config.port} is in use. Set PORT to a free one, or stop what runs there.`) : error,
      );
    });
  });
}

/** Lets requests in hand finish, and cuts those that don't. */
function close(server: Server): Promise<void> {
  return new Promise((done) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      done();
    });
    server.closeIdleConnections();
  });
}

async function migrate(config: Config): Promise<void> {
  const database = Database.open(config);
  const done = await migrations(database).up();
  process.stdout.write(`${done.length} migrations run.\n`);
  await database.close();
}

async function serve(config: Config, logger: Logger): Promise<void> {
  if (!config.demo && !config.smtpUrl) {
    throw new Error('SMTP_URL is empty, so no mail could leave. Set it (smtp://user:pass@host:587), or set DEMO=true.');
  }
  const service = await boot(config);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'service.stopping');
      void service.stop().then(() => process.exit(0));
    });
  }
}

if (require.main === module) {
  const config = new Config();
  const command = process.argv[2] ?? 'serve';
  const run = command === 'migrate' ? migrate(config) : serve(config, createLogger(config));
  run.catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
