/** A self-signed key and certificate for a loopback address, made on the fly and kept nowhere. */
import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** @param host The address that the server listens on. Valid for it and for `localhost`, for a day. */
export async function makeCertificate(host: string): Promise<Certificate> {
  const notBeforeDate = new Date();
  notBeforeDate.setHours(notBeforeDate.getHours() - 1);
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setDate(notAfterDate.getDate() + 1);
  const pems = await generate([{ name: 'commonName', value: 'idlerace' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: host },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}
