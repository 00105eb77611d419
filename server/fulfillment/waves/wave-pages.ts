import express, { type Request, type Response, Router } from 'express';
import { storeSettings } from '../../people';
import type { ReadContext } from '../../platform/context';
import type { Caller } from '../../platform/database/reader';
import { ForbiddenError, NotFoundError, Refusal } from '../../platform/errors';
import { render } from '../../platform/render';
import type { Workroom } from '../../platform/workroom';
import { endPages, openLinked, stateOf } from '../task-page/linked-page';
import { TASK_STATE, pagePolicy } from '../task-page/page-policy';
import type { TaskUrls } from '../tasks/task-links';
import { isClosed } from '../tasks/task-moves';
import { standingActions } from './wave-actions';
import { readWaveForm, stepAfter, WAVE_STEPS, type WaveStep } from './wave-forms';
import { readWaveToken } from './wave-links';
import { closedWavePage, saidOfAction, wavePage, type WaveSaid } from './wave-page.view';
import { countOf, readWave, type WaveState } from './wave-state';
import { waveActions, type WaveRow, waves } from './waves.models';

const FORM_LIMIT_BYTES = 16 * 1024;

interface Desk {
  workroom: Workroom;
  tasks: TaskUrls;
  secret: string;
}

interface Opened {
  wave: WaveRow;
  token: string;
  ctx: ReadContext;
  caller: Caller;
}

/**
 * The page behind the link in a wave's mail. Whoever has the link may do this wave and nothing else. Reading the page
 * changes nothing, since mail programs open links by themselves; every change is a form of its own.
 */
export function wavePages(desk: Desk): Router {
  const router = Router();
  router.use(pagePolicy);
  router.get('/:token', async (request: Request, response: Response) => {
    const opened = await open(desk, request, response);
    const { step, did } = request.query;
    response
      .type('html')
      .send(await pageOf(desk, opened, { step: stepNamed(step), did: did ? String(did) : undefined }));
  });
  router.post('/:token/:form', express.urlencoded({ extended: false, limit: FORM_LIMIT_BYTES }), (request, response) =>
    act(desk, request, response),
  );
  return endPages(router);
}

function stepNamed(step: unknown): WaveStep | undefined {
  return WAVE_STEPS.find((one) => one === step);
}

/** The wave of the address. Throws 403 LINK_INVALID, or LINK_REPLACED when somebody else has it now. */
async function open({ workroom, secret }: Desk, request: Request, response: Response): Promise<Opened> {
  const token = String(request.params.token);
  const link = readWaveToken(token, secret);
  const { row: wave, ...visitor } = await openLinked(workroom, response, {
    thing: 'wave',
    find: async (ctx) => {
      const found = link && (await ctx.get(waves, 'id = :waveId', { ...link }));
      if (found && found.linkNumber > link.linkNumber) throw givenAway(found);
      return found;
    },
    roleOf: () => 'fulfillment_specialist',
  });
  return { wave, token, ...visitor };
}

/** A new link is made when somebody else gets the wave, and only then. */
function givenAway({ number }: WaveRow): ForbiddenError {
  return new ForbiddenError(
    'LINK_REPLACED',
    `Wave ${number} was given to somebody else; there is nothing more to do here.`,
  );
}

async function act(desk: Desk, request: Request, response: Response): Promise<void> {
  const opened = await open(desk, request, response);
  const form = String(request.params.form);
  const step = stepAfter(form, request.body);
  try {
    const perform = readWaveForm(form, request.body);
    if (!perform) throw new NotFoundError('FORM_NOT_FOUND', 'The page has no such form. Open the wave again.');
    const { result } = await desk.workroom.command(opened.caller, (work) => perform(work, opened.wave.id, desk.tasks));
    response.redirect(303, `/w/${opened.token}?step=${step}${result ? `&did=${result.id}` : ''}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const said: WaveSaid = { text: error.message, isRefusal: true, places: [] };
    const now = await opened.ctx.get(waves, 'id = :id', { id: opened.wave.id });
    response
      .status(error.status)
      .set(TASK_STATE, stateOf(now ?? opened.wave))
      .type('html')
      .send(await pageOf(desk, opened, { step, said }));
  }
}

async function pageOf(
  desk: Desk,
  { wave, token, ctx }: Opened,
  { step, did, said }: { step?: WaveStep; did?: string; said?: WaveSaid },
): Promise<string> {
  const store = await storeSettings(ctx, wave.storeId);
  const state = await readWave(ctx, wave.id);
  if (isClosed(state.wave.status)) return render('console/wave-closed', closedWavePage(state, store));
  const done = did && (await ctx.get(waveActions, 'id = :did AND wave_id = :id', { did, id: wave.id }));
  const page = wavePage({
    state,
    store,
    action: `/w/${token}`,
    step: step ?? nextStep(state),
    said: said ?? saidOfAction(state, done || undefined),
    canUndo: (await standingActions(ctx, state)).length > 0,
    isLate: state.wave.dueAt !== null && state.wave.dueAt < desk.workroom.clock.now(),
  });
  return render('console/wave', page);
}

/** First everything is collected, then it is sorted, unless the person says otherwise. */
function nextStep(state: WaveState): WaveStep {
  return state.lines.some((line) => countOf(state, line).toCollect > 0) ? 'collect' : 'sort';
}
