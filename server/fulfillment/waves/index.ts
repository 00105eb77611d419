import { ordersToDo } from '../../orders';
import type { Registry } from '../../platform/registry';
import type { Workroom } from '../../platform/workroom';
import type { TaskUrls } from '../tasks/task-links';
import { tellLateWaves } from './announce-wave';
import { IS_FREE } from './choose-orders';
import { waveUrls } from './wave-links';
import { wavePages } from './wave-pages';
import { waveRoutes } from './waves.routes';

const LATE_EVERY_MS = 30_000;

/** Several orders picked together by one person; each order's own task goes on below it. */
export function installWaves(registry: Registry, workroom: Workroom, tasks: TaskUrls): void {
  const { publicUrl, sessionSecret: secret } = registry.config;
  const waves = waveUrls({ publicUrl, secret });
  ordersToDo.set('picking', IS_FREE);
  registry.addRoutes(...waveRoutes({ waves, tasks }));
  registry.addPages('/w', wavePages({ workroom, tasks, secret }));
  registry.every('fulfillment.late_waves', LATE_EVERY_MS, (job) => tellLateWaves(job, waves));
}
