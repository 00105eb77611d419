/**
 * What the demonstration left behind, as the ledger tells it.
 * @returns {Promise<object>} `isGood` is false if an order did not end as it should, the books don't balance, the
 *   ledger contradicts itself, or its audit trail was altered
 */
export async function takeStock({ api, orders, picker, postbox, run, seconds }) {
  const [trialBalance, integrity, audit, daily] = await Promise.all([
    api.get('/accounting/trial-balance'),
    api.get('/integrity'),
    api.get('/audit/verify'),
    readToday(api),
  ]);
  const sample = orders.find(({ seen }) => seen?.status === 'completed') ?? orders[0];
  const outcomes = await Promise.all(orders.map(describeOutcome));
  const differenceMinor = trialBalance.totalDebitMinor - trialBalance.totalCreditMinor;
  return {
    run,
    seconds,
    orders: outcomes,
    differenceMinor,
    currency: trialBalance.currency,
    isWhole: integrity.ok,
    brokenChecks: integrity.checks.filter(({ ok }) => !ok).map(({ name }) => name),
    checkCount: integrity.checks.length,
    isAuditWhole: audit.ok,
    auditRowCount: audit.sealed,
    mailCounts: { toCustomers: postbox.mailsToCustomers().length, toStaff: postbox.mailsToStaff().length },
    scans: picker.scans,
    finishedTasks: picker.finishedTasks,
    pickerProblems: picker.problems,
    daily,
    sample: { number: sample.number, labelUrl: sample.seen && (await labelOf(sample)) },
    isGood: outcomes.every(({ isAsExpected }) => isAsExpected) && integrity.ok && audit.ok && differenceMinor === 0,
  };
}

async function describeOutcome(order) {
  const { number, story, seen, problem, isAsExpected } = order;
  const outcome = {
    number,
    id: seen?.id,
    title: story.title,
    expected: story.ends,
    status: seen?.status ?? 'not placed',
    paymentStatus: seen?.paymentStatus,
    totalMinor: seen?.totalMinor ?? 0,
    // An order may come to its end just after its story gave up on it; what counts is where it stands.
    isAsExpected,
    problem,
  };
  if (isAsExpected || !seen) return outcome;
  const { summary, lastRun } = await order.explain();
  return { ...outcome, explanation: summary, execution: lastRun };
}

/** Undefined when the order has none. */
async function labelOf(order) {
  const { labels } = await order.read();
  return labels.find(({ documentUrl }) => documentUrl)?.documentUrl;
}

async function readToday(api) {
  const { items } = await api.get('/stores');
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: items[0].timezone }).format(new Date());
  return api.get(`/reports/daily-summary?date=${date}`);
}
