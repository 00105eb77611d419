import { command, query, Reply, type Route } from '../../platform/http/route';
import { pauseRuns } from '../rights';
import type { TaskUrls } from '../tasks/task-links';
import { waitInput, waitParams, waitView } from './waits.schema';
import { createWait, readWait, viewWait } from './waits.service';

export function waitRoutes(urls: TaskUrls): Route[] {
  return [
    command({
      method: 'post',
      path: '/waits',
      tag: 'fulfillment',
      summary: 'Pause a run until its tasks are closed; answers at once when they are',
      permission: pauseRuns,
      body: waitInput,
      volatileFields: ['resumeUrl'],
      response: waitView,
      status: 201,
      run: async (ctx, { body }) => {
        const { wait, isNew } = await createWait(ctx, body);
        return new Reply(isNew ? 201 : 200, await viewWait(ctx, wait, urls));
      },
    }),
    query({
      method: 'get',
      path: '/waits/:id',
      tag: 'fulfillment',
      summary: 'Whether a wait is still the run’s current one, and its results',
      permission: pauseRuns,
      params: waitParams,
      response: waitView,
      run: async (ctx, { params }) => viewWait(ctx, await readWait(ctx, params.id), urls),
    }),
  ];
}
