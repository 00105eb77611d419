import { z } from 'zod';
import { eventId, LINES_MAX, minorAmount, moment, quantity, sku, words } from '../orders.schema';

export const RESOLUTIONS = ['substitute', 'refund', 'backorder'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const PRICE_POLICIES = ['keep', 'new', 'lower'] as const;
export type PricePolicy = (typeof PRICE_POLICIES)[number];

/** Of each missing product, so many others that are alike. */
export const SUBSTITUTES_SHOWN = 5;

const lineId = z.string({ error: 'id is the id of a line of the order.' }).max(26);
const resolution = z.enum(RESOLUTIONS, { error: `resolution is one of ${RESOLUTIONS.join(', ')}.` });
const pricePolicy = z.enum(PRICE_POLICIES, { error: `pricePolicy is one of ${PRICE_POLICIES.join(', ')}.` });
export const reason = words('The reason', 500).min(3, 'Say why, in a few words.');
const expectedAt = moment('expectedAt').transform((time) => new Date(time).toISOString());

/** That the customer agreed, how that is known, and how much more was agreed to. */
export const consent = z.strictObject({
  given: z.literal(true, { error: 'given is true, or the consent is left out.' }),
  how: words('How the customer agreed', 200).min(2, 'Say how the customer agreed, such as "by phone".'),
  at: moment('consent.at').optional(),
  upToMinor: minorAmount('The agreed higher price').optional(),
});
export type Consent = z.output<typeof consent>;

const override = z.strictObject({ reason: words('The reason', 500).min(3, 'Say why nobody asked the customer.') });

const someUnits = z
  .array(z.strictObject({ id: lineId, quantity: quantity.optional() }), {
    error: 'lines lists what it is about: [{"id": "…", "quantity": 1}].',
  })
  .min(1, 'Name at least one line.')
  .max(LINES_MAX, `At most ${LINES_MAX} lines at a time.`)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'Name each line once.');

const version = z.int().min(1).optional();

export const backordersInput = z.strictObject({ lines: someUnits, reason, expectedAt: expectedAt.optional(), version });
export const shortLinesInput = z.strictObject({ lines: someUnits, reason, version });

const substitute = {
  pricePolicy: pricePolicy.optional(),
  consent: consent.optional(),
  /** A manager's word in place of the customer's. */
  override: override.optional(),
};

export const substitutionInput = z.strictObject({
  lineId,
  sku,
  quantity: quantity.optional(),
  ...substitute,
  pricePolicy,
  reason,
  version,
});

/** An answer for each line; a line may have several, each for its units. */
export const answerLines = z
  .array(
    z.strictObject({
      id: lineId,
      resolution,
      quantity: quantity.optional(),
      sku: sku.optional(),
      ...substitute,
      expectedAt: expectedAt.optional(),
    }),
    { error: 'lines has an answer for each line: [{"id": "…", "resolution": "backorder"}].' },
  )
  .min(1, 'Name at least one line.')
  .max(LINES_MAX, `At most ${LINES_MAX} lines at a time.`)
  .superRefine((list, issues) => {
    list.forEach(({ id, quantity }, n) => {
      if (quantity !== undefined || list.filter((one) => one.id === id).length === 1) return;
      const message = 'The line has several answers: say for how many units each is.';
      issues.addIssue({ code: 'custom', path: [n, 'quantity'], message });
    });
  });

export const shortageInput = z
  .strictObject({
    /** One answer to everything that is missing. */
    resolution: resolution.optional(),
    ...substitute,
    expectedAt: expectedAt.optional(),
    /** Or one for each line. */
    lines: answerLines.optional(),
    reason,
    event: eventId.optional(),
    version,
  })
  .refine((input) => (input.resolution === undefined) !== (input.lines === undefined), {
    path: ['resolution'],
    message: 'Give one resolution for everything that is missing, or lines with one each.',
  });
export type ShortageInput = z.output<typeof shortageInput>;

const count = z.int();
const maybeText = z.string().nullable();

export const resolutionView = z.object({
  id: z.string(),
  lineId: z.string(),
  resolution: z.enum(RESOLUTIONS),
  quantity: count,
  reason: z.string(),
  expectedAt: maybeText,
  substituteLineId: maybeText,
  pricePolicy: z.enum(PRICE_POLICIES).nullable(),
  differenceMinor: count,
  owedBackMinor: count,
  consent: z.record(z.string(), z.unknown()).nullable(),
  actorName: z.string(),
  createdAt: z.string(),
});

/** `resolution` names the first by substitute, refund, backorder; `lines` has all. */
export const resolvedView = z.object({
  resolution: z.enum(RESOLUTIONS),
  changed: z.boolean(),
  lines: z.array(resolutionView),
  order: z.looseObject({ id: z.string(), status: z.string(), version: count, balanceDueMinor: count }),
});

const money = z.object({ differenceMinor: count, owedBackMinor: count, taxMinor: count, shippingMinor: count });

export const shortageView = z.object({
  orderId: z.string(),
  number: z.string(),
  status: z.string(),
  currency: z.string(),
  missingUnits: count,
  lines: z.array(
    z.object({
      id: z.string(),
      sku: z.string(),
      name: z.string(),
      unitPriceMinor: count,
      quantity: count,
      /** `shortQuantity` + `backorderedQuantity`. */
      missingQuantity: count,
      /** Not found by the last picking, still promised. */
      shortQuantity: count,
      backorderedQuantity: count,
      /** In the queue for goods that come in: units promised to others before. */
      backorder: z.object({ position: count, unitsAhead: count, expectedAt: maybeText }),
      substitutes: z.array(
        z.object({
          sku: z.string(),
          name: z.string(),
          available: count,
          priceMinor: count,
          isEnough: z.boolean(),
          policies: z.array(z.object({ pricePolicy: z.enum(PRICE_POLICIES), unitPriceMinor: count, ...money.shape })),
        }),
      ),
      refund: money,
    }),
  ),
  /** Everything that is missing taken off the bill at once. */
  refundAll: money,
});
