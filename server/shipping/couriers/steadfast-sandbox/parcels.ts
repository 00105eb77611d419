import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

/** Older parcels are forgotten at a start beyond this number. */
const PARCELS_KEPT = 5000;
const FIRST_ID = 9_000_001;
const TRACKING_BYTES = 4;

export interface SandboxParcel {
  consignment_id: number;
  invoice: string;
  tracking_code: string;
  tracking_link: string;
  recipient_name: string;
  recipient_phone: string;
  recipient_address: string;
  recipient_email: string | null;
  alternative_phone: string | null;
  item_description: string | null;
  total_lot: number;
  cod_amount: number;
  status: string;
  note: string | null;
  created_at: string;
  updated_at: string;
}

export type NewParcel = Omit<
  SandboxParcel,
  'consignment_id' | 'tracking_code' | 'tracking_link' | 'status' | 'created_at' | 'updated_at'
>;

/** What the pretended courier has: one line a change in a file, so that it outlives the process as a courier would. */
export class Parcels {
  private readonly byInvoice = new Map<string, SandboxParcel>();
  private nextId = FIRST_ID;

  constructor(
    private readonly file: string,
    private readonly trackingUrl: string,
  ) {
    mkdirSync(dirname(file), { recursive: true });
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    // A line that was cut off by a crash is a change that nobody was told of.
    for (const parcel of lines.flatMap(readLine)) this.remember(parcel);
    const kept = [...this.byInvoice.values()].slice(-PARCELS_KEPT);
    this.byInvoice.clear();
    for (const parcel of kept) this.remember(parcel);
    writeFileSync(file, kept.map((parcel) => `${JSON.stringify(parcel)}\n`).join(''));
  }

  list(): SandboxParcel[] {
    return [...this.byInvoice.values()];
  }

  get(invoice: string): SandboxParcel | undefined {
    return this.byInvoice.get(invoice);
  }

  find(is: (parcel: SandboxParcel) => boolean): SandboxParcel | undefined {
    return this.list().find(is);
  }

  add(made: NewParcel, now: string): SandboxParcel {
    const tracking = randomBytes(TRACKING_BYTES).toString('hex');
    return this.write({
      consignment_id: this.nextId,
      tracking_code: tracking.toUpperCase(),
      tracking_link: `${this.trackingUrl}/${tracking}`,
      ...made,
      status: 'in_review',
      created_at: now,
      updated_at: now,
    });
  }

  setStatus(invoice: string, status: string, now: string): SandboxParcel | undefined {
    const parcel = this.byInvoice.get(invoice);
    return parcel && this.write({ ...parcel, status, updated_at: now });
  }

  private write(parcel: SandboxParcel): SandboxParcel {
    appendFileSync(this.file, `${JSON.stringify(parcel)}\n`);
    this.remember(parcel);
    return parcel;
  }

  private remember(parcel: SandboxParcel): void {
    this.byInvoice.set(parcel.invoice, parcel);
    this.nextId = Math.max(this.nextId, parcel.consignment_id + 1);
  }
}

function readLine(line: string): SandboxParcel[] {
  try {
    return [JSON.parse(line) as SandboxParcel];
  } catch {
    return [];
  }
}
