/** The matrix file that `idlerace init` writes: a run that works, every field worth knowing explained. */

export const initTemplate = `# A matrix: what is compared, under which load, against what. Run it: idlerace run matrix.yaml
# Every field with its meaning: idlerace schema. Durations need a unit: 500ms, 5s, 2m.

name: my-service
seed: 1            # everything drawn comes from it: same seed, same load
rounds: 3          # every strategy is tried this often; intervals need at least 3
# rounds: auto     # or as often as the verdicts need; also: until, maxTime: 3m, maxRounds, repeatUnhealthy, worthwhile
warmup: 1s         # start of each trial that is not counted
duration: 5s       # measured time of each trial

target:
  kind: embedded   # a server of our own; for one that is running: { kind: url, url: "http://127.0.0.1:8080", idleTimeout: 5s }
  idleTimeout: 500ms
  service: { time: 0ms, by: wait }   # how long an answer takes: wait (a database) or burn (CPU)

network:
  rtt: 10ms        # the wire adds this round trip; 0ms is plain loopback

traffic:
  kind: think-time # also: poisson, bursts, heartbeat, closed (idlerace list traffic)
  clients: 200
  # The race needs idle gaps around the server's idle timeout; without them nothing shows.
  gap: { uniform: [50%, 120%] }   # shares of target.idleTimeout; durations such as 250ms work too

request:
  method: POST     # no client retries it by itself
  path: /
  bodyBytes: 64

strategies:        # the first is what the others are compared with (idlerace list strategies)
  - reuse
  - retry
  - short-lived
  - evict
  - evict+retry
  # - { use: evict, label: evict-20ms, options: { marginMs: 20 } }
  # - ./my-strategy.ts

# Every combination of these becomes a scenario of its own:
# sweep:
#   network.rtt: [1ms, 10ms, 40ms]
#   target.idleTimeout: [250ms, 500ms, 1s]

# Requests go to loopback only, unless a host is named here:
# allowHosts: [staging.example.com]
`;
