/**
 * Retry in Go: a RoundTripper around the Transport that sends again what died of the race, and
 * nothing else: `httptrace` shows that the connection was reused and that no byte of an answer
 * had come. A fresh connection is one of a second Transport that keeps none.
 */
import type { RetryPolicy } from '../contract/policy.ts';
import { type Line, only } from './lines.ts';

export const goRetrier = { imports, use, type };

function imports({ idempotencyKey, backoffMs }: RetryPolicy): string[] {
  return [
    'errors',
    'net',
    'net/http/httptrace',
    'sync/atomic',
    ...(idempotencyKey ? ['crypto/rand', 'encoding/hex'] : []),
    ...(backoffMs > 0 ? ['time'] : []),
  ];
}

/** How `NewClient` ends. */
function use({ connection }: RetryPolicy): string[] {
  if (connection === 'pooled') {
    return ['\treturn &http.Client{Transport: &retrier{first: transport, again: transport}}'];
  }
  return [
    '\tfresh := transport.Clone()',
    '\tfresh.DisableKeepAlives = true',
    '\treturn &http.Client{Transport: &retrier{first: transport, again: fresh}}',
  ];
}

function type({ attemptsMax, methods, backoffMs, idempotencyKey }: RetryPolicy): Line[] {
  return [
    '// retrier sends a request again that died on a kept connection before any byte of an answer.',
    'type retrier struct {',
    '\tfirst, again http.RoundTripper',
    '}',
    '',
    `const attemptsMax = ${attemptsMax}`,
    only(methods !== null, [
      '',
      `var retryMethods = map[string]bool{${methods?.map((method) => `"${method}": true`).join(', ')}}`,
    ]),
    '',
    'func (r *retrier) RoundTrip(request *http.Request) (*http.Response, error) {',
    only(idempotencyKey, [
      '\tif request.Header.Get("Idempotency-Key") == "" {',
      '\t\tkey := make([]byte, 16)',
      '\t\tif _, err := rand.Read(key); err != nil {',
      '\t\t\treturn nil, err',
      '\t\t}',
      '\t\trequest = request.Clone(request.Context())',
      '\t\trequest.Header.Set("Idempotency-Key", hex.EncodeToString(key))',
      '\t}',
    ]),
    '\tnext, attempt := r.first, request',
    '\tfor sent := 1; ; sent++ {',
    '\t\tvar reused, answered atomic.Bool',
    '\t\ttrace := &httptrace.ClientTrace{',
    '\t\t\tGotConn:              func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },',
    '\t\t\tGotFirstResponseByte: func() { answered.Store(true) },',
    '\t\t}',
    '\t\tresponse, err := next.RoundTrip(attempt.WithContext(httptrace.WithClientTrace(request.Context(), trace)))',
    '\t\tif err == nil || sent == attemptsMax || !reused.Load() || answered.Load() || !mayRepeat(request, err) {',
    '\t\t\treturn response, err',
    '\t\t}',
    '\t\tattempt = request.Clone(request.Context())',
    '\t\tif request.GetBody != nil {',
    '\t\t\tbody, bodyErr := request.GetBody()',
    '\t\t\tif bodyErr != nil {',
    '\t\t\t\treturn nil, err',
    '\t\t\t}',
    '\t\t\tattempt.Body = body',
    '\t\t}',
    only(backoffMs > 0, [
      '\t\tselect {',
      `\t\tcase <-time.After(${Math.ceil(backoffMs)} * time.Millisecond << (sent - 1)):`,
      '\t\tcase <-request.Context().Done():',
      '\t\t\treturn nil, err',
      '\t\t}',
    ]),
    '\t\tnext = r.again',
    '\t}',
    '}',
    '',
    ...mayRepeat(methods),
  ];
}

function mayRepeat(methods: RetryPolicy['methods']): Line[] {
  return [
    '// mayRepeat is false for timeouts, cancelled requests and bodies that cannot be read twice.',
    'func mayRepeat(request *http.Request, err error) bool {',
    '\tvar network net.Error',
    '\tif request.Context().Err() != nil || (errors.As(err, &network) && network.Timeout()) {',
    '\t\treturn false',
    '\t}',
    only(methods !== null, [
      '\tmethod := request.Method',
      '\tif method == "" {',
      '\t\tmethod = http.MethodGet',
      '\t}',
      '\tif !retryMethods[method] {',
      '\t\treturn false',
      '\t}',
    ]),
    '\treturn request.Body == nil || request.Body == http.NoBody || request.GetBody != nil',
    '}',
  ];
}
