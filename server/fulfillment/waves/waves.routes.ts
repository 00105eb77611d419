import type { CommandContext } from '../../platform/context';
import { command, query, Reply, type Route } from '../../platform/http/route';
import { assignTasks, cancelTasks, readTasks, workOnTasks } from '../rights';
import type { TaskUrls } from '../tasks/task-links';
import { assignWave } from './assign-wave';
import { cancelWave, finishWave } from './close-wave';
import { sort, undoInWave } from './sort-wave';
import { startWave } from './start-wave';
import type { WaveUrls } from './wave-links';
import { readWave } from './wave-state';
import { listWaves, viewAct, viewWave } from './wave-view';
import type { WaveActionRow } from './waves.models';
import {
  cancelInput, collectInput, finishInput, handOverInput, putBackInput, sortInput, undoInput, waveAct, waveChange, waveInput, waveList,
  waveParams, waveQuery, waveShortInput, waveView,
} from './waves.schema'; // prettier-ignore
import { collect, putWaveBack, reportWaveShort } from './work-on-wave';

const tag = 'fulfillment';

export interface WaveAddresses {
  waves: WaveUrls;
  tasks: TaskUrls;
}

export function waveRoutes(urls: WaveAddresses): Route[] {
  return [
    ...startingRoutes(urls),
    ...givingRoutes(urls),
    ...collectingRoutes(),
    ...sortingRoutes(),
    ...closingRoutes(urls),
  ];
}

function startingRoutes({ waves }: WaveAddresses): Route[] {
  return [
    command({
      method: 'post',
      path: '/waves',
      tag,
      summary: 'Have one person pick several orders together; orders that cannot be picked now are told in leftOut',
      permission: assignTasks,
      body: waveInput,
      volatileFields: ['dueAt'],
      response: waveView,
      status: 201,
      run: async (ctx, { body }) => {
        const { state, isNew } = await startWave(ctx, waves, body);
        return new Reply(isNew ? 201 : 200, viewWave(state, ctx, waves));
      },
    }),
    query({
      method: 'get',
      path: '/waves',
      tag,
      summary: 'Waves, newest first',
      permission: readTasks,
      query: waveQuery,
      response: waveList,
      run: (ctx, { query: filter }) => listWaves(ctx, waves, filter),
    }),
    query({
      method: 'get',
      path: '/waves/:id',
      tag,
      summary: 'One wave: its list by shelf and how far each order is',
      permission: readTasks,
      params: waveParams,
      response: waveView,
      run: async (ctx, { params }) => viewWave(await readWave(ctx, params.id), ctx, waves),
    }),
  ];
}

function givingRoutes({ waves }: WaveAddresses): Route[] {
  return [
    command({
      method: 'post',
      path: '/waves/:id/assign',
      tag,
      summary: 'Give a wave to somebody else; what was collected and sorted stays as it is',
      permission: assignTasks,
      params: waveParams,
      body: handOverInput,
      volatileFields: ['dueAt'],
      response: waveChange,
      run: async (ctx, { params, body }) => {
        const { state, changed } = await assignWave(ctx, waves, params.id, body);
        return { ...viewWave(state, ctx, waves), changed };
      },
    }),
  ];
}

async function viewAfter(ctx: CommandContext, id: string, action: WaveActionRow | undefined) {
  return viewAct(await readWave(ctx, id), action);
}

function collectingRoutes(): Route[] {
  return [
    command({
      method: 'post',
      path: '/waves/:id/collect',
      tag,
      summary: 'Count units of a product as taken from the shelf',
      permission: workOnTasks,
      params: waveParams,
      body: collectInput,
      response: waveAct,
      run: async (ctx, { params: { id }, body: { all, quantity, ...meant } }) =>
        viewAfter(ctx, id, await collect(ctx, id, { ...meant, quantity: all ? 'all' : (quantity ?? 1) })),
    }),
    command({
      method: 'post',
      path: '/waves/:id/short',
      tag,
      summary: 'Give up on what is still to be collected of a product',
      permission: workOnTasks,
      params: waveParams,
      body: waveShortInput,
      response: waveAct,
      run: async (ctx, { params: { id }, body }) =>
        viewAfter(ctx, id, await reportWaveShort(ctx, id, { ...body, note: body.note ?? null })),
    }),
    command({
      method: 'post',
      path: '/waves/:id/put-back',
      tag,
      summary: 'Say that what was collected and is no longer needed lies on its shelf again',
      permission: workOnTasks,
      params: waveParams,
      body: putBackInput,
      response: waveAct,
      run: async (ctx, { params: { id }, body }) => viewAfter(ctx, id, await putWaveBack(ctx, id, body)),
    }),
  ];
}

function sortingRoutes(): Route[] {
  return [
    command({
      method: 'post',
      path: '/waves/:id/sort',
      tag,
      summary: 'Put units into the slots that need them; the answer says which',
      permission: workOnTasks,
      params: waveParams,
      body: sortInput,
      response: waveAct,
      run: async (ctx, { params: { id }, body: { all, quantity, ...meant } }) =>
        viewAfter(ctx, id, await sort(ctx, id, { ...meant, quantity: all ? 'all' : (quantity ?? 1) })),
    }),
    command({
      method: 'post',
      path: '/waves/:id/undo',
      tag,
      summary: 'Take back the last thing that was done',
      permission: workOnTasks,
      params: waveParams,
      body: undoInput,
      response: waveAct,
      run: async (ctx, { params: { id }, body }) => viewAfter(ctx, id, await undoInWave(ctx, id, body.clientActionId)),
    }),
  ];
}

function closingRoutes({ waves, tasks }: WaveAddresses): Route[] {
  return [
    command({
      method: 'post',
      path: '/waves/:id/finish',
      tag,
      summary: 'Finish a wave: each order’s picking is closed, done or short',
      permission: workOnTasks,
      params: waveParams,
      body: finishInput,
      response: waveChange,
      run: async (ctx, { params, body }) => {
        const { state, changed } = await finishWave(ctx, tasks, params.id, body);
        return { ...viewWave(state, ctx, waves), changed };
      },
    }),
    command({
      method: 'post',
      path: '/waves/:id/cancel',
      tag,
      summary: 'End a wave unfinished; its orders are picked singly again',
      permission: cancelTasks,
      params: waveParams,
      body: cancelInput,
      response: waveChange,
      run: async (ctx, { params, body }) => {
        const { state, changed } = await cancelWave(ctx, tasks, params.id, body.note ?? null);
        return { ...viewWave(state, ctx, waves), changed };
      },
    }),
  ];
}
