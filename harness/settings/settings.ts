/** Every stack that `idlerace settings` writes for, in the order in which its help names them. */
import { alb } from './alb.ts';
import { apacheHttpClient } from './apache-httpclient.ts';
import { dotnet } from './dotnet.ts';
import { envoy } from './envoy.ts';
import { go } from './go.ts';
import { haproxy } from './haproxy.ts';
import { java } from './java.ts';
import { nginx } from './nginx.ts';
import { nodeHttp } from './node-http.ts';
import { okhttp } from './okhttp.ts';
import { requests } from './requests.ts';
import { reqwest } from './reqwest.ts';
import type { SettingsClient } from './settings-client.ts';
import { undici } from './undici.ts';

export const settingsClients: readonly SettingsClient[] = [
  go,
  nodeHttp,
  undici,
  java,
  apacheHttpClient,
  okhttp,
  requests,
  reqwest,
  dotnet,
  nginx,
  haproxy,
  envoy,
  alb,
];
