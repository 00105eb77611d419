const MINOR_PER_MAJOR = 100;
const EXCEPTIONS_SHOWN = 5;

/** What is printed at the end, as lines. `keepsakes` are files to open, each with its name. */
export function summaryLines(result, { serviceUrl, editorUrl, keepsakes = [] }) {
  return [
    '',
    ...orderLines(result),
    '',
    ...figureLines(result),
    '',
    ...linkLines({ serviceUrl, editorUrl, keepsakes }),
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
  const { daily, currency, differenceMinor, isWhole, checkCount, brokenChecks, mailCounts } = result;
  const { isAuditWhole, auditRowCount } = result;
  return pairs([
    ['Trial balance', differenceMinor === 0 ? 'debits equal credits' : `off by ${amount(differenceMinor)} ${currency}`],
    ['Integrity', isWhole ? `${checkCount} checks, none broken` : `broken: ${brokenChecks.join(', ')}`],
    ['Audit trail', isAuditWhole ? `${auditRowCount} rows sealed, none altered` : 'altered'],
    ['Picking', `${result.finishedTasks} tasks finished from their mails, ${result.scans} barcodes scanned`],
    ['Mails', `${mailCounts.toCustomers} to customers, ${mailCounts.toStaff} to the shop's people`],
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
    ...exceptionRows(daily),
  ]);
}

function exceptionRows({ exceptions }) {
  if (exceptions.length === 0) return [['', 'no exceptions']];
  const more = exceptions.length - EXCEPTIONS_SHOWN;
  return [
    ['Exceptions', `${exceptions.length} that a person should look at:`],
    ...exceptions.slice(0, EXCEPTIONS_SHOWN).map(({ message }) => ['', message]),
    ...(more > 0 ? [['', `and ${more} more`]] : []),
  ];
}

function linkLines({ serviceUrl, editorUrl, keepsakes }) {
  return pairs([
    ...(editorUrl ? [['Runs in n8n', `${editorUrl}/home/executions`]] : []),
    ['Mailbox', `${serviceUrl}/mailbox`],
    ['API', `${serviceUrl}/docs`],
    ...keepsakes,
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

function verdictOf({ orders, isGood, isWhole, isAuditWhole, differenceMinor, seconds }) {
  if (isGood) return `✔ All ${orders.length} orders ended as they should, in ${seconds} s.`;
  const wrong = orders.filter(({ isAsExpected }) => !isAsExpected).length;
  const faults = [
    wrong > 0 && `${wrong} of ${orders.length} orders did not end as they should`,
    differenceMinor !== 0 && 'the books do not balance',
    !isWhole && 'the ledger contradicts itself',
    !isAuditWhole && 'the audit trail was altered',
  ];
  return `✖ After ${seconds} s: ${faults.filter(Boolean).join('; ')}. See above.`;
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
