/** Every client kind. */
import type { ClientKind } from '../contract/client-kind.ts';
import { lean } from './lean.ts';
import { nodeHttp } from './node-http.ts';

export const clientKinds: readonly ClientKind[] = [lean, nodeHttp];
