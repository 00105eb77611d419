import { createHash } from 'node:crypto';
import { type Pool, type PoolConnection, createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { monotonicFactory } from 'ulid';
import type { Sample } from './sample';
import { Template } from './template';

const CONNECTIONS = 20;
const QUANTITY = 2;
const newId = monotonicFactory();

/** What one order of the floor calls the words of the sample. */
type Words = Map<string, string>;

interface Step {
  inserts: Template[];
  answer: Template;
  status: number;
}

export interface FloorAnswer {
  status: number;
  text: string;
}

interface Product {
  sku: string;
  productId: string;
  levelId: string;
}

/** Moves of an order: from which status to which, and what a guarded update does to goods. */
const MOVES: Readonly<Record<string, { from: string; to: string }>> = {
  confirm: { from: 'pending', to: 'confirmed' },
  process: { from: 'confirmed', to: 'processing' },
  fulfill: { from: 'processing', to: 'fulfilled' },
  ship: { from: 'fulfilled', to: 'shipped' },
  deliver: { from: 'shipped', to: 'completed' },
};

/**
 * The least that an order service can do: for each step one transaction of bare SQL, rows inserted and counters
 * changed by guarded updates, nothing read, nothing checked beyond the guards. It writes the rows that the service
 * writes, so that both load the database alike.
 */
export class FloorOrders {
  private readonly steps = new Map<string, Step>();
  private readonly products = new Map<string, Product>();
  private readonly orders = new Map<string, { words: Words; product: Product }>();
  private readonly pool: Pool;

  constructor(
    databaseUrl: string,
    private readonly sample: Sample,
  ) {
    this.pool = createPool({ uri: databaseUrl, connectionLimit: CONNECTIONS, flags: ['-FOUND_ROWS'] });
    this.pool.on('connection', (connection) => {
      void connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    });
    const words = [...sample.ownWords, sample.sku, sample.productId];
    for (const [name, { inserts, answer }] of Object.entries(sample.steps)) {
      this.steps.set(name, {
        inserts: inserts.map((sql) => new Template(sql, words)),
        answer: new Template(JSON.stringify(answer), words),
        status: name === 'place' || name === 'pay' ? 201 : 200,
      });
    }
  }

  async open(): Promise<void> {
    const [rows] = await this.pool.query<RowDataPacket[]>(
      'SELECT p.sku AS sku, p.id AS productId, l.id AS levelId FROM products p JOIN stock_levels l ON l.product_id = p.id',
    );
    for (const row of rows as unknown as Product[]) this.products.set(row.sku, row);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  place(sku: string, key: string): Promise<FloorAnswer> {
    const product = this.products.get(sku) as Product;
    const words: Words = new Map([
      [this.sample.sku, sku],
      [this.sample.productId, product.productId],
    ]);
    return this.transaction(async (connection) => {
      const taken = await touch(
        connection,
        'UPDATE stock_levels SET reserved = reserved + ?, updated_at = ? WHERE id = ? AND on_hand - reserved >= ?',
        [QUANTITY, now(), product.levelId, QUANTITY],
      );
      if (!taken) return { status: 409, text: '{"code":"STOCK_INSUFFICIENT"}' };
      const answer = await this.write(connection, 'place', words, key);
      this.orders.set(words.get(this.sample.orderId) ?? '', { words, product });
      return answer;
    });
  }

  pay(orderId: string, key: string): Promise<FloorAnswer> {
    return this.transaction(async (connection) => {
      await must(
        connection,
        `UPDATE orders SET payment_status = 'paid', paid_minor = total_minor, receivable_minor = 0, expires_at = NULL,
           version = version + 1, updated_at = ? WHERE id = ? AND payment_status = 'unpaid'`,
        [now(), orderId],
      );
      return this.write(connection, 'pay', this.wordsOf(orderId), key);
    });
  }

  prepare(orderId: string, lineId: string, key: string): Promise<FloorAnswer> {
    return this.transaction(async (connection) => {
      await must(
        connection,
        'UPDATE order_lines SET prepared_quantity = quantity WHERE id = ? AND prepared_quantity = 0',
        [lineId],
      );
      return this.write(connection, 'prepare', this.wordsOf(orderId), key);
    });
  }

  move(orderId: string, name: string, key: string): Promise<FloorAnswer> {
    const { from, to } = MOVES[name] as { from: string; to: string };
    return this.transaction(async (connection) => {
      await must(
        connection,
        'UPDATE orders SET status = ?, version = version + 1, updated_at = ? WHERE id = ? AND status = ?',
        [to, now(), orderId, from],
      );
      if (name === 'ship') await this.takeOut(connection, orderId);
      if (name === 'deliver') await this.handOver(connection, orderId);
      return this.write(connection, name, this.wordsOf(orderId), key);
    });
  }

  private async takeOut(connection: PoolConnection, orderId: string): Promise<void> {
    await must(
      connection,
      `UPDATE stock_levels SET reserved = reserved - ?, on_hand = on_hand - ?, outgoing = outgoing + ?
        WHERE id = ? AND reserved >= ?`,
      [QUANTITY, QUANTITY, QUANTITY, this.productOf(orderId).levelId, QUANTITY],
    );
    await must(
      connection,
      'UPDATE reservations SET dispatched = reserved, reserved = 0 WHERE id = ? AND reserved > 0',
      [this.wordsOf(orderId).get(this.sample.reservationId)],
    );
  }

  private async handOver(connection: PoolConnection, orderId: string): Promise<void> {
    await must(connection, 'UPDATE stock_levels SET outgoing = outgoing - ? WHERE id = ? AND outgoing >= ?', [
      QUANTITY,
      this.productOf(orderId).levelId,
      QUANTITY,
    ]);
    await must(
      connection,
      'UPDATE reservations SET delivered = dispatched, dispatched = 0 WHERE id = ? AND dispatched > 0',
      [this.wordsOf(orderId).get(this.sample.reservationId)],
    );
  }

  private wordsOf(orderId: string): Words {
    return this.orders.get(orderId)?.words ?? new Map();
  }

  private productOf(orderId: string): Product {
    return this.orders.get(orderId)?.product as Product;
  }

  /** Inserts what the service inserted in this step, each table with a statement of its own. */
  private async write(connection: PoolConnection, name: string, words: Words, key: string): Promise<FloorAnswer> {
    const step = this.steps.get(name) as Step;
    const wordFor = (word: string): string => {
      const known = words.get(word);
      if (known !== undefined) return known;
      const made = word.length === 64 ? createHash('sha256').update(key).digest('hex') : newId().slice(-word.length);
      // The key's row is the step's own; ids and numbers stay the order's.
      words.set(word, made);
      return made;
    };
    for (const insert of step.inserts) await connection.query(insert.fill(wordFor));
    return { status: step.status, text: step.answer.fill(wordFor) };
  }

  private async transaction(work: (connection: PoolConnection) => Promise<FloorAnswer>): Promise<FloorAnswer> {
    const connection = await this.pool.getConnection();
    try {
      await connection.query('START TRANSACTION');
      const answer = await work(connection);
      await connection.query(answer.status < 300 ? 'COMMIT' : 'ROLLBACK');
      return answer;
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    } finally {
      connection.release();
    }
  }
}

function now(): string {
  return new Date().toISOString();
}

async function touch(connection: PoolConnection, sql: string, values: unknown[]): Promise<boolean> {
  const [result] = await connection.query<ResultSetHeader>(sql, values);
  return result.affectedRows === 1;
}

async function must(connection: PoolConnection, sql: string, values: unknown[]): Promise<void> {
  if (!(await touch(connection, sql, values))) throw new Error(`Nothing was touched by: ${sql}`);
}
