import type { OrderState } from '../../orders';
import type { CommandContext, ReadContext } from '../../platform/context';
import type { TaskState } from './find-tasks';
import type { TaskKind } from './task-kinds';
import type { TaskUrls } from './task-links';
import type { LineChange } from './task-progress';
import type { TaskRow } from './tasks.models';
import type { CompleteInput, TaskInput } from './tasks.schema';

/** Does what a posted form of the page asks; answers the line it was about, if one. */
export type Act = (ctx: CommandContext, taskId: string, urls: TaskUrls) => Promise<string | undefined>;

/** A task that somebody wants to finish, with its order; both are ours until the command ends. */
export interface Finishing {
  order: OrderState;
  state: TaskState;
  urls: TaskUrls;
  input: CompleteInput;
  /** What a form of this kind says came of the task. */
  result?: Record<string, unknown>;
}

/** What finishing comes to. A pending task stays open, since somebody else must look first. */
export type Finished = { result?: Record<string, unknown>; order?: OrderState } | { pending: true };

/** A task that people asked for, in the command that gives it or finds it given. */
export interface Asked {
  order: OrderState;
  state: TaskState;
  input: TaskInput;
  isNew: boolean;
}

/** What the page shows of a kind beside, or in place of, the usual list. */
export interface PagePart extends Record<string, unknown> {
  /** Below templates/partials. */
  partial: string;
  /** Below templates/styles, without its ending. */
  style?: string;
  /** Below templates/console, without its ending; loaded after the page's own script. */
  script?: string;
  hidesLines?: boolean;
  /** The part has forms of its own that finish the task. */
  hidesFinish?: boolean;
}

/** A form of the page that was refused, so that it can be shown again as it was filled in. */
export interface RefusedForm {
  form: string;
  code: string;
  fields: Readonly<Record<string, string>>;
}

/** What a kind of task does beyond counting its lines. What is missing is done as for any task. */
export interface TaskConduct {
  /** What the task keeps of its order when somebody is given it, for pipelines and the page. */
  details?: (ctx: CommandContext, state: OrderState) => Promise<Record<string, unknown>>;
  /** Runs when people ask for such a task, before it is announced; answers the task as it is then. */
  asked?: (ctx: CommandContext, asked: Asked) => Promise<TaskRow>;
  /** What came of it, where all of it was done without such a task; then asking for one answers a task that is done. */
  alreadyDone?: (ctx: CommandContext, state: OrderState) => Promise<Record<string, unknown> | undefined>;
  /** Runs in the finishing command, before the task closes: does what finishing means, or refuses. */
  finish?: (ctx: CommandContext, finishing: Finishing) => Promise<Finished>;
  /** Runs in the command that ends the task unfinished. */
  cancel?: (ctx: CommandContext, ended: { order: OrderState; state: TaskState; urls: TaskUrls }) => Promise<void>;
  /** Runs with every action that changes lines; answers the changes with what the kind adds to them. */
  counted?: (ctx: CommandContext, state: TaskState, changes: readonly LineChange[]) => Promise<LineChange[]>;
  page?: (ctx: ReadContext, shown: TaskState & { action: string; refused?: RefusedForm }) => Promise<PagePart>;
  /** What its mails' subjects name in the place of the order, so that one shelf's mails are told from another's. */
  about?: (task: TaskRow) => string | undefined;
  /** Papers of the order that the holder of the link may print while the task is open; see `taskPapers`. */
  papers?: readonly string[];
  /** Forms of the page by name; one with the name of a usual form takes its place. Each reads its own fields. */
  forms?: Readonly<Record<string, (fields: unknown) => Act>>;
  /** What the page says once the task is closed. */
  closed?: (task: TaskRow) => string | undefined;
}

const conducts = new Map<TaskKind, TaskConduct>();

/** Parts of fulfillment, and slices above it, say at boot how their kinds go; saying it twice changes nothing. */
export const taskConducts = {
  set(kind: TaskKind, conduct: TaskConduct): void {
    conducts.set(kind, conduct);
  },
  of(kind: TaskKind): TaskConduct {
    return conducts.get(kind) ?? {};
  },
};
