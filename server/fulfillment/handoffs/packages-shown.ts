import type { ReadContext } from '../../platform/context';
import { packagesHere } from '../packing/find-packages';
import { packedLines } from '../packing/package-view';
import { viewBox } from '../packing/packing-page.view';

/** The order's packages that are still here, each in a few words; none where nobody packs. */
export async function packagesShown(ctx: ReadContext, orderId: string): Promise<string[]> {
  const here = await packagesHere(ctx, orderId);
  const lines = await packedLines(ctx, here);
  return here.map((one) => {
    const { title, weightText } = viewBox(one, lines);
    return weightText ? `${title}, ${weightText}` : title;
  });
}
