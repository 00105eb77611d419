import { type MoveRule, orderMoves } from '../../server/orders/order-moves';

/** The table of moves as the READMEs show it. */
export function movesTable(): string {
  const rows = (Object.entries(orderMoves) as [string, MoveRule][]).map(([move, rule]) => {
    const fields = rule.requires.map((names) => names.replace('|', ' or ')).join(', ');
    const roles = ['admin', ...rule.roles].join(', ');
    return `| ${move} | ${rule.from.join(', ')} | ${rule.to} | ${rule.guards.join(', ')} | ${fields} | ${roles} | ${rule.event} |`;
  });
  return ['| Move | From | To | Guards | Fields | Roles | Event |', '|---|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}
