const MINOR_PER_MAJOR = 100;

/** What is printed at the end, as lines. */
export function summaryLines(result, { serviceUrl, editorUrl }) {
  return [
    '',
    ...orderLines(result),
    '',
    ...figureLines(result),
    '',
    ...linkLines(result, { serviceUrl, editorUrl }),
    '',
    ...troubleLines(result, editorUrl),
    verdictOf(result),
  ];
}

function orderLines({ orders }) {
  const rows = orders.map(({ number, title, status, paymentStatus, totalMinor, isAsExpected }) => [
    isAsExpected ? '✔' : '✖',
    number,
    title,
    status,
    paymentStatus ?? '',
    amount(totalMinor),
  ]);
  return [...table(['', 'Order', 'Story', 'Status', 'Payment', 'Total'], rows), '', `  ${countsOf(orders)}`];
}

function countsOf(orders) {
  const counts = new Map();
  for (const { status } of orders) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].sort(([, one], [, other]) => other - one).map(([status, count]) => `${count} ${status}`);
  return `${orders.length} orders: ${parts.join(', ')}.`;
}

function figureLines(result) {
  const { daily, currency, differenceMinor, isWhole, checkCount, brokenChecks } = result;
  const exceptions = daily.exceptions.length;
  return pairs([
    ['Trial balance', differenceMinor === 0 ? 'debits equal credits' : `off by ${amount(differenceMinor)} ${currency}`],
    ['Integrity', isWhole ? `${checkCount} checks, none broken` : `broken: ${brokenChecks.join(', ')}`],
    ['Picking', `${result.finishedTasks} tasks finished from their mails, ${result.scans} barcodes scanned`],
    ['Mails', `${result.mailCount} about these orders, ${result.taskMailCount} of them with a task`],
    [
      `Today, ${daily.date}`,
      `${daily.ordersPlaced} placed, ${daily.ordersShipped} shipped, ${daily.ordersCompleted} completed, ` +
        `${daily.ordersCancelled} cancelled, ${daily.ordersReturned} returned`,
    ],
    [
      '',
      `revenue ${amount(daily.revenueMinor)} ${currency}, gross profit ${amount(daily.grossProfitMinor)}, ` +
        `refunds ${amount(daily.refundsMinor)}, COD outstanding ${amount(daily.codOutstandingMinor)}`,
    ],
    ['', exceptions === 0 ? 'no exceptions' : `${exceptions} exceptions for a person to look at`],
  ]);
}

function linkLines({ orders, daily }, { serviceUrl, editorUrl }) {
  const sample = orders.find(({ status }) => status === 'completed') ?? orders[0];
  const api = `${serviceUrl}/api/v1`;
  return pairs([
    ...(editorUrl ? [['Runs in n8n', `${editorUrl}/home/executions`]] : []),
    ['Mailbox', `${serviceUrl}/mailbox`],
    ['API', `${serviceUrl}/docs`],
    ['One history', `${api}/orders/number:${sample.number}/history`],
    ['Its label', `${api}/orders/number:${sample.number}/documents/label.pdf`],
    ['Daily report', `${api}/reports/daily-performance.pdf?date=${daily.date}`],
    ['', 'Addresses below /api/v1 want the header "Authorization: Bearer <API key>", as npm start printed it.'],
  ]);
}

function troubleLines({ orders, pickerProblems }, editorUrl) {
  const wrong = orders.filter(({ isAsExpected }) => !isAsExpected);
  const lines = wrong.flatMap(({ number, expected, status, problem, explanation, execution }) => [
    `✖ ${number} is ${status} and should be ${expected.status}${expected.paymentStatus ? `, ${expected.paymentStatus}` : ''}.`,
    ...(problem ? [`    Story: ${problem}`] : []),
    ...(explanation ? [`    Service: ${explanation}`] : []),
    ...(editorUrl && execution?.executionId
      ? [`    Last run: ${editorUrl}/workflow/${execution.workflowId}/executions/${execution.executionId}`]
      : []),
  ]);
  lines.push(...pickerProblems.map((problem) => `✖ Picking: ${problem}`));
  return lines.length > 0 ? [...lines, ''] : [];
}

function verdictOf({ orders, isGood, seconds }) {
  if (isGood) return `✔ All ${orders.length} orders ended as they should, in ${seconds} s.`;
  const wrong = orders.filter(({ isAsExpected }) => !isAsExpected).length;
  return `✖ ${wrong} of ${orders.length} orders did not end as they should (${seconds} s). Look at what is said above.`;
}

function amount(minor) {
  return (minor / MINOR_PER_MAJOR).toLocaleString('en-GB', { minimumFractionDigits: 2 });
}

function pairs(rows) {
  return rows.map(([label, text]) => `  ${label.padEnd(18)} ${text}`);
}

function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const last = head.length - 1;
  const line = (cells) =>
    `  ${cells.map((cell, column) => (column === last ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ')}`;
  return [line(head), ...rows.map(line)];
}
