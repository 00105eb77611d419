import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { skuOf } from '../shared/products';
import { toUtc } from '../shared/times';

interface FormLine {
  /** A choice of the product picker, or plain text. */
  sku: unknown;
  quantity: number;
  ownPrice?: boolean;
  unitPriceMinor?: number;
  discountMinor?: number;
}

/** The order of the form, as the service takes it; what is left empty is left to the service. */
export function orderFromFields(context: IExecuteFunctions, itemIndex: number): IDataObject {
  const field = (name: string): string | undefined => {
    const value = context.getNodeParameter(name, itemIndex, '') as unknown;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    return text === '' ? undefined : text;
  };
  const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
  const { transactionId, payerPhone, storeId: _storeId, placedAt, ...rest } = options;
  const fulfillmentMethod = context.getNodeParameter('fulfillmentMethod', itemIndex) as string;
  const lines = context.getNodeParameter('lines.line', itemIndex, []) as unknown as FormLine[];
  return present({
    number: field('number')?.replace(/^#/, ''),
    fulfillmentMethod,
    paymentMethod: field('paymentMethod'),
    placedAt: toUtc(context, itemIndex, placedAt),
    customer: present({ name: field('customerName') ?? '', email: field('email'), phone: field('phone') }),
    shippingAddress: fulfillmentMethod === 'delivery' ? addressOf(field) : undefined,
    lines: lines.map(lineOf),
    payment: transactionId ? present({ transactionId, payerPhone: payerPhone || undefined }) : undefined,
    // An option that was added and left empty says nothing.
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')),
  });
}

function addressOf(field: (name: string) => string | undefined): IDataObject {
  return present({
    line1: field('line1') ?? '',
    line2: field('line2'),
    city: field('city') ?? '',
    postalCode: field('postalCode'),
    country: field('country') ?? '',
  });
}

function lineOf({ sku, quantity, ownPrice, unitPriceMinor, discountMinor }: FormLine): IDataObject {
  return present({
    sku: skuOf(sku),
    quantity,
    unitPriceMinor: ownPrice ? unitPriceMinor : undefined,
    discountMinor: discountMinor || undefined,
  });
}

function present(fields: IDataObject): IDataObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
