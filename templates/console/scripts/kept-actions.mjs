/** Actions that the service has not answered yet, kept on this phone, so that neither a dead spot nor a reload loses one. */
const { IDBKeyRange, indexedDB } = globalThis;

const DATABASE = 'orderloom-tasks';
const ACTIONS = 'actions';
const PAGES = 'pages';
const TIMES = 'times';
/** A task whose page was never opened again has ended long since. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** The actions of one page, oldest first; in memory only, where the browser keeps nothing for us. */
export async function openKeptActions(page) {
  try {
    const database = await openDatabase();
    await forgetOld(database);
    return new KeptActions(database, page);
  } catch {
    return new ActionsInMemory();
  }
}

class KeptActions {
  #database;
  #page;

  constructor(database, page) {
    this.#database = database;
    this.#page = page;
  }

  all() {
    return transact(this.#database, (actions) => actions.index(PAGES).getAll(this.#page));
  }

  /** Answers the action with its number in the order of all. */
  async add(action) {
    const kept = { ...action, page: this.#page, at: Date.now() };
    const number = await transact(this.#database, (actions) => actions.add(kept));
    return { ...kept, number };
  }

  remove({ number }) {
    return transact(this.#database, (actions) => actions.delete(number));
  }
}

class ActionsInMemory {
  #actions = [];
  #number = 0;

  async all() {
    return [...this.#actions];
  }

  async add(action) {
    const kept = { ...action, number: (this.#number += 1) };
    this.#actions.push(kept);
    return kept;
  }

  async remove({ number }) {
    this.#actions = this.#actions.filter((action) => action.number !== number);
  }
}

function openDatabase() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const actions = request.result.createObjectStore(ACTIONS, { keyPath: 'number', autoIncrement: true });
    actions.createIndex(PAGES, 'page');
    actions.createIndex(TIMES, 'at');
  };
  return resultOf(request);
}

/** One change or look in a transaction of its own; done when it is on the disk. */
async function transact(database, work) {
  const transaction = database.transaction(ACTIONS, 'readwrite');
  const result = resultOf(work(transaction.objectStore(ACTIONS)));
  await new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = () => fail(transaction.error);
  });
  return result;
}

async function forgetOld(database) {
  const old = IDBKeyRange.upperBound(Date.now() - KEPT_MS);
  const numbers = await transact(database, (actions) => actions.index(TIMES).getAllKeys(old));
  for (const number of numbers) await transact(database, (actions) => actions.delete(number));
}

function resultOf(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
