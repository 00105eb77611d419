import type { IDataObject } from 'n8n-workflow';
import { startTestApp, type TestApp } from '../support/app';
import { stockProduct } from '../support/shop';
import { N8nRunner } from './n8n-runner';
import { ProblemServer } from './problem-server';

const PICKER = { name: 'Karim', email: 'karim@example.com', role: 'fulfillment_specialist', storeIds: ['main'] };
const MANAGER = { name: 'Mina', email: 'mina@example.com', role: 'store_manager', storeIds: ['main'] };

/** A shop with goods and people, n8n's engine, and an ear for the calls that wake sleeping runs. */
export interface TestFloor {
  app: TestApp;
  n8n: N8nRunner;
  /** Where n8n would listen for those who wake a run. */
  alarm: ProblemServer;
  /** What the service said to the sleeping run last. */
  callBack(): Promise<IDataObject>;
  close(): Promise<void>;
}

export async function openFloor(units: number, env: Record<string, string> = {}): Promise<TestFloor> {
  const app = await startTestApp({ env });
  const alarm = await ProblemServer.start();
  alarm.willSay({ status: 200 });
  const n8n = await N8nRunner.start({ url: app.url, apiKey: app.apiKey, waitingUrl: alarm.url });
  await stockProduct(app, {}, units);
  for (const person of [PICKER, MANAGER]) await app.post('/users', person);
  return {
    app,
    n8n,
    alarm,
    callBack: async () => {
      await app.settled();
      return JSON.parse(alarm.seen.at(-1)?.body ?? '{}');
    },
    close: async () => {
      await app.close();
      await alarm.close();
    },
  };
}
