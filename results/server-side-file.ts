/**
 * What the target, the wire and the OS said of a trial, as one column file: the counterpart of the
 * samples file. A part that is not available leaves no column and stays null when it is read.
 */
import type { ColumnFile } from '../harness/base/columns/columns.ts';
import { mapTable, namedColumns, readTable } from '../harness/base/columns/tables.ts';
import { balancerLayout } from '../harness/contract/balancer.ts';
import type { TableLayout, TableOrNulls } from '../harness/contract/columns.ts';
import { resourceLayout } from '../harness/contract/resources.ts';
import { connectionTimesLayout, ledgerLayout, type TargetReport } from '../harness/contract/target.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { type WireReport, wireLayout } from '../harness/contract/wire.ts';

type ServerSide = Pick<TrialResult, 'target' | 'wire' | 'balancer' | 'resources'>;

interface Meta {
  readonly target?: Pick<TargetReport, 'connectionsOpenMax' | 'eventLoopDelayMsP99'> | null;
  readonly wire?: Pick<WireReport, 'connections' | 'latenessMs'> | null;
}

export function encodeServerSide({ target, wire, balancer, resources }: ServerSide): ColumnFile {
  const meta: Meta = {
    target: target && {
      connectionsOpenMax: target.connectionsOpenMax,
      eventLoopDelayMsP99: target.eventLoopDelayMsP99,
    },
    wire: wire && { connections: wire.connections, latenessMs: wire.latenessMs },
  };
  const columns = {
    ...namedColumns('ledger.', target?.ledger),
    ...namedColumns('target.', target),
    ...namedColumns('balancer.', balancer),
    ...namedColumns('wire.', wire),
    ...namedColumns('resources.', resources),
  };
  return { meta, columns };
}

export function decodeServerSide(file: ColumnFile, fileName: string): ServerSide {
  const { target, wire } = file.meta as Meta;
  const table = <Layout extends TableLayout>(prefix: string, layout: Layout) =>
    readTable(file, fileName, layout, prefix);
  const tableOrNulls = <Layout extends TableLayout>(prefix: string, layout: Layout): TableOrNulls<Layout> =>
    mapTable(layout, (type, name) =>
      `${prefix}${name}` in file.columns ? table(prefix, { [name]: type })[name] : null,
    );
  return {
    target: target
      ? {
          ...target,
          ledger: table('ledger.', ledgerLayout),
          ...table('target.', { idleTimerLatenessNs: Float64Array }),
          ...tableOrNulls('target.', connectionTimesLayout),
        }
      : null,
    wire: wire ? { ...wire, ...table('wire.', wireLayout) } : null,
    balancer: 'balancer.answers' in file.columns ? table('balancer.', balancerLayout) : null,
    resources:
      'resources.atNs' in file.columns
        ? {
            ...table('resources.', { atNs: Float64Array }),
            ...tableOrNulls('resources.', resourceLayout),
          }
        : null,
  };
}
