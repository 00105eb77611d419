import { z } from 'zod';
import type { ReadContext } from '../../platform/context';
import { newId } from '../../platform/ids';
import { photosOf } from '../photos/photos.service';
import { readFields } from '../task-page/task-forms';
import type { TaskState } from '../tasks/find-tasks';
import type { Act, PagePart, TaskConduct } from '../tasks/task-conduct';
import { clientActionId } from '../tasks/tasks.schema';
import { packagesHere } from './find-packages';
import { packedLines } from './package-view';
import { PACKAGE_NOTE_MAX } from './packages.schema';
import { viewBox } from './packing-page.view';
import { finishCheck, inspect } from './quality-check';
import type { Told } from './tell-refused';

const note = z.string().trim().max(PACKAGE_NOTE_MAX, `The note has at most ${PACKAGE_NOTE_MAX} characters.`);
const passedForm = z.object({ note: note.default(''), clientActionId });
const refusedForm = z.object({ note: note.min(1, 'Say what is wrong, so that it can be put right.'), clientActionId });

/** A second person looks at what was packed and says whether it may leave. */
export const qualityConduct: TaskConduct = {
  finish: finishCheck,
  page: qualityPage,
  forms: {
    passed: (fields) => verdict(true, readFields(passedForm, fields)),
    not_passed: (fields) => verdict(false, readFields(refusedForm, fields)),
  },
  papers: ['packing-slip'],
  closed: ({ status, result }) => {
    if (status !== 'done') return undefined;
    if (result?.passed === true) return 'You have passed these packages. There is nothing more to do.';
    return TOLD[(result?.told as Told | undefined) ?? 'packer'];
  },
};

const TOLD: Readonly<Record<Told, string>> = {
  packer: 'The packer has been told what to put right. There is nothing more to do.',
  managers:
    'Nobody is packing this any more, so a manager has been told what is wrong. Keep the goods here to be packed anew.',
  nobody: 'Nobody could be told of it. Tell your manager what is wrong, and keep the goods here to be packed anew.',
};

function verdict(passed: boolean, form: { note: string; clientActionId: string }): Act {
  return async (ctx, id, urls) => {
    await inspect(ctx, urls, id, { passed, note: form.note || undefined, clientActionId: form.clientActionId });
    return undefined;
  };
}

async function qualityPage(ctx: ReadContext, { task }: TaskState & { action: string }): Promise<PagePart> {
  const asked = task.details as { packageIds?: string[]; packingTaskId?: string | null } | null;
  const here = await packagesHere(ctx, task.orderId);
  const concerned = here.filter(({ row }) => asked?.packageIds?.includes(row.id));
  const lines = await packedLines(ctx, concerned);
  const photos = asked?.packingTaskId ? await photosOf(ctx, asked.packingTaskId) : [];
  return {
    partial: 'quality-check',
    style: 'packing',
    hidesLines: true,
    hidesFinish: true,
    packages: concerned.map((one) => viewBox(one, lines)),
    photos: photos.map(({ id, note: shows }) => ({ id, note: shows })),
    passedActionId: newId(),
    refusedActionId: newId(),
  };
}
