/** The columns of a balancer's report while they are being counted. */
import { emptyTable } from '../../base/columns/tables.ts';
import { type BalancerReport, balancerLayout } from '../../contract/balancer.ts';

export type CountName = keyof BalancerReport;

export class RequestCounts {
  readonly report: BalancerReport;

  constructor(requestCount: number) {
    this.report = emptyTable(balancerLayout, requestCount);
  }

  /** Ids that are no row of the plan are not booked. */
  add(request: number, counts: Readonly<Partial<Record<CountName, number>>>): void {
    for (const [name, column] of Object.entries(this.report)) {
      if (request >= column.length) continue;
      column[request] = Math.min(255, column[request] + (counts[name as CountName] ?? 0));
    }
  }
}
