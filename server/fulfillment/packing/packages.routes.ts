import type { ReadContext } from '../../platform/context';
import { command, Reply, type Route } from '../../platform/http/route';
import { packOrders, workOnTasks } from '../rights';
import type { TaskUrls } from '../tasks/task-links';
import { viewTask } from '../tasks/task-view';
import { taskChange, taskParams } from '../tasks/tasks.schema';
import type { WeightCheck } from './package-rules';
import { packedLines, viewPackage } from './package-view';
import { byOrder, byPackage, inspectionInput, packageInput, packageView, voidPackageInput } from './packages.schema';
import { type Put, putPackage } from './put-package';
import { checkWhenPacked, inspect } from './quality-check';
import { voidPackage } from './void-package';

const tag = 'fulfillment';

async function view(ctx: ReadContext, { state, order }: Pick<Put, 'state' | 'order'>) {
  const { id, number, status, version } = order.order;
  return { ...viewPackage(state, await packedLines(ctx, [state])), order: { id, number, status, version } };
}

/** What the weight was held against, in words. */
function weightSentence(weight: WeightCheck): string {
  if (weight.result === 'not_weighed') return 'Not compared.';
  if (weight.result === 'unknown') return `Not compared: the catalogue has no weight for ${weight.skus.join(', ')}.`;
  return `Its items weigh ${weight.expectedGrams} g by the catalogue.`;
}

export function packageRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'put',
      path: '/orders/:id/package',
      tag,
      summary: 'Say what a package of the order holds, weighs and measures; the same again changes nothing',
      permission: packOrders,
      params: byOrder,
      body: packageInput,
      response: packageView,
      run: async (ctx, { params, body }) => {
        const put = await putPackage(ctx, params.id, body);
        if (put.changed && !put.isCounted) await checkWhenPacked(ctx, urls, put.order);
        const shown = await view(ctx, put);
        return new Reply(put.isNew ? 201 : 200, {
          ...shown,
          changed: put.changed,
          weightCheck: weightSentence(put.weight),
        });
      },
    }),
    command({
      method: 'post',
      path: '/packages/:id/void',
      tag,
      summary: 'Make a package void, so that its goods can be packed anew',
      permission: packOrders,
      params: byPackage,
      body: voidPackageInput,
      response: packageView,
      run: async (ctx, { params, body }) => {
        const voided = await voidPackage(ctx, params.id, body.reason);
        return { ...(await view(ctx, voided)), changed: voided.changed };
      },
    }),
    command({
      method: 'post',
      path: '/tasks/:id/inspection',
      tag,
      summary: 'Say whether a quality check passed; not passed, its packages are open again',
      permission: workOnTasks,
      params: taskParams,
      body: inspectionInput,
      response: taskChange,
      run: async (ctx, { params, body }) => {
        const { changed, ...state } = await inspect(ctx, urls, params.id, body);
        return { ...viewTask(state, ctx, urls), changed };
      },
    }),
  ];
}
