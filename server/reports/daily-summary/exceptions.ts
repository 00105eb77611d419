import { plusMs } from '../../platform/clock';
import type { ReadContext } from '../../platform/context';
import type { ReportDay } from './business-date';

/** What has waited longer than this is no news of the day any more; the lists of holds and tasks still have it. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;
const SHOWN_PER_KIND_MAX = 50;

export type ExceptionKind =
  | 'order_on_hold'
  | 'order_blocked'
  | 'task_overdue'
  | 'delivery_failed'
  | 'cod_outdated'
  | 'incident'
  | 'payment_failed'
  | 'cancellation_failed'
  | 'mail_failed';

/** Something a person should look at. */
export interface Exception {
  kind: ExceptionKind;
  /** Since when. */
  at: string;
  message: string;
  orderId: string | null;
  orderNumber: string | null;
  /** The hold, block, task, move, consignment, incident, payment, cancellation's step or mail. */
  reference: string;
}

interface Found {
  at: string;
  orderId: string | null;
  orderNumber: string | null;
  reference: string;
  what: string;
  detail: string | null;
}

interface Source {
  sql: string;
  sentence(found: Found): string;
}

/**
 * Each as it stood when the day ended: what was put right later was still an exception of that day. Every statement
 * reads rows of some days by an index, never the whole history.
 */
const SOURCES: Readonly<Record<ExceptionKind, Source>> = {
  order_on_hold: {
    sql: `SELECT hold.placed_at AS at, hold.order_id, orders.number AS order_number, hold.id AS reference, hold.reason AS what, hold.note AS detail
      FROM order_holds hold JOIN orders ON orders.id = hold.order_id
      WHERE hold.placed_at >= :lookBack AND hold.placed_at < :end AND orders.store_id = :storeId
        AND (hold.released_at IS NULL OR hold.released_at >= :end) AND (hold.expires_at IS NULL OR hold.expires_at >= :end)
        AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.order_id = hold.order_id AND at < :end AND to_status IN (:finalStatuses))`,
    sentence: ({ orderNumber, what, detail }) =>
      `Order ${orderNumber} is on hold (${what.replaceAll('_', ' ')})${detail ? `: ${detail}` : ''}`,
  },
  order_blocked: {
    sql: `SELECT block.at, block.order_id, orders.number AS order_number, block.id AS reference, block.code AS what, block.message AS detail
      FROM compliance_blocks block JOIN orders ON orders.id = block.order_id
      WHERE block.at >= :from AND block.at < :end AND block.store_id = :storeId
        AND NOT EXISTS (SELECT 1 FROM order_moves WHERE order_moves.order_id = block.order_id AND order_moves.at > block.at AND order_moves.at < :end)`,
    sentence: ({ orderNumber, what, detail }) =>
      `Order ${orderNumber} was stopped (${what.toLowerCase().replaceAll('_', ' ')})${detail ? `: ${detail}` : ''}`,
  },
  task_overdue: {
    sql: `SELECT task.due_at AS at, task.order_id, task.order_number, task.id AS reference, task.kind AS what, COALESCE(task.assignee_name, task.assignee_email) AS detail
      FROM tasks task
      WHERE task.store_id = :storeId AND task.due_at >= :lookBack AND task.due_at < :end
        AND (task.closed_at IS NULL OR task.closed_at >= :end)`,
    sentence: ({ orderNumber, what, detail }) =>
      `The ${what.replaceAll('_', ' ')} of order ${orderNumber} is late; it is with ${detail ?? 'nobody'}`,
  },
  delivery_failed: {
    sql: `SELECT move.at, move.order_id, orders.number AS order_number, move.id AS reference, COALESCE(move.reason, 'no reason') AS what, move.notes AS detail
      FROM order_moves move JOIN orders ON orders.id = move.order_id
      WHERE move.at >= :from AND move.at < :end AND move.to_status = 'delivery_failed' AND orders.store_id = :storeId
        AND NOT EXISTS (SELECT 1 FROM order_moves next WHERE next.order_id = move.order_id AND next.order_version > move.order_version AND next.at < :end)`,
    sentence: ({ orderNumber, what, detail }) =>
      `The delivery of order ${orderNumber} failed (${what.replaceAll('_', ' ')})${detail ? `: ${detail}` : ''}`,
  },
  cod_outdated: {
    sql: `SELECT parcel.cod_outdated_at AS at, parcel.order_id, orders.number AS order_number, parcel.id AS reference, parcel.courier AS what, parcel.reference AS detail
      FROM consignments parcel JOIN orders ON orders.id = parcel.order_id
      WHERE parcel.cod_outdated_at >= :lookBack AND parcel.cod_outdated_at < :end AND parcel.store_id = :storeId
        AND (parcel.cod_mended_at IS NULL OR parcel.cod_mended_at >= :end) AND (parcel.ended_at IS NULL OR parcel.ended_at >= :from)`,
    sentence: ({ orderNumber, what, detail }) =>
      `The rider of order ${orderNumber} (parcel ${detail} with ${what}) was told to collect another amount than is due`,
  },
  incident: {
    sql: `SELECT incident.created_at AS at, incident.order_id, orders.number AS order_number, incident.id AS reference,
        incident.message AS what, incident.workflow_name AS detail
      FROM incidents incident LEFT JOIN orders ON orders.id = incident.order_id
      WHERE incident.created_at >= :from AND incident.created_at < :end AND (incident.store_id = :storeId OR incident.store_id IS NULL)
        AND (incident.resolved_at IS NULL OR incident.resolved_at >= :end)`,
    sentence: ({ orderNumber, what, detail }) =>
      `${detail ? `The workflow "${detail}"` : 'A run'}${orderNumber ? ` of order ${orderNumber}` : ''} failed: ${what}`,
  },
  payment_failed: {
    sql: `SELECT payment.decided_at AS at, payment.order_id, orders.number AS order_number, payment.id AS reference, payment.method AS what, payment.reason AS detail
      FROM payments payment JOIN orders ON orders.id = payment.order_id
      WHERE payment.store_id = :storeId AND payment.decided_at >= :from AND payment.decided_at < :end AND payment.status IN ('failed', 'rejected')`,
    sentence: ({ orderNumber, what, detail }) =>
      `The payment of order ${orderNumber} by ${what} did not come${detail ? `: ${detail}` : ''}`,
  },
  cancellation_failed: {
    sql: `SELECT step.updated_at AS at, cancelled.order_id, orders.number AS order_number, step.id AS reference, step.kind AS what, step.note AS detail
      FROM cancellation_steps step JOIN cancellation_cases cancelled ON cancelled.id = step.case_id JOIN orders ON orders.id = cancelled.order_id
      WHERE step.updated_at >= :from AND step.updated_at < :end AND step.status = 'failed' AND orders.store_id = :storeId`,
    sentence: ({ orderNumber, what, detail }) =>
      `The cancellation of order ${orderNumber} needs a person (${what.replaceAll('_', ' ')})${detail ? `: ${detail}` : ''}`,
  },
  mail_failed: {
    sql: `SELECT mail.failed_at AS at, mail.order_id, orders.number AS order_number, mail.id AS reference, mail.template AS what, mail.last_error AS detail
      FROM mails mail LEFT JOIN orders ON orders.id = mail.order_id
      WHERE mail.failed_at >= :from AND mail.failed_at < :end AND mail.store_id = :storeId`,
    sentence: ({ orderNumber, what, detail }) =>
      `The mail "${what.replace(/^emails\//, '')}"${orderNumber ? ` of order ${orderNumber}` : ''} could not be sent${detail ? `: ${detail}` : ''}`,
  },
};

const FINAL_STATUSES = ['completed', 'cancelled', 'rejected', 'returned'];
const SENTENCE_LENGTH_MAX = 300;

/** Orders on hold, late tasks, failed runs, payments and mails, by kind and then oldest first. */
export async function exceptionsOf(ctx: ReadContext, { store, from, to }: ReportDay): Promise<Exception[]> {
  // What happened in this very moment counts.
  const soFar = plusMs(ctx.now, 1);
  const end = to < soFar ? to : soFar;
  const params = {
    storeId: store.id,
    from,
    end,
    lookBack: plusMs(end, -LOOK_BACK_MS),
    finalStatuses: FINAL_STATUSES,
  };
  const exceptions: Exception[] = [];
  for (const [kind, { sql, sentence }] of Object.entries(SOURCES) as [ExceptionKind, Source][]) {
    const found = await ctx.select<Found>(`${sql} ORDER BY at, reference LIMIT ${SHOWN_PER_KIND_MAX}`, params);
    exceptions.push(...found.map((one) => exceptionFrom(kind, one, sentence(one))));
  }
  return exceptions;
}

function exceptionFrom(kind: ExceptionKind, found: Found, sentence: string): Exception {
  const { at, orderId, orderNumber, reference } = found;
  return { kind, at, message: sentence.slice(0, SENTENCE_LENGTH_MAX), orderId, orderNumber, reference };
}
