// All simulated clients of this process: each an http.Client with an http.Transport, and so a pool, of its own. What
// of the policy becomes which setting stands here.

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// DefaultTransport's, for the settings "own".
const (
	ownIdleConnTimeout = 90 * time.Second
	ownKeepAlive       = 15 * time.Second
	ownMaxIdleConns    = 100
)

// Headers that the harness sets itself; a template's own are left out.
var ownHeaders = map[string]bool{
	"Host": true, "Content-Length": true, "Connection": true,
	"Transfer-Encoding": true, "X-Request-Id": true, "Idempotency-Key": true,
}

type fleet struct {
	job       *job
	plan      *plan
	books     *books
	clients   map[int]*http.Client
	requests  []*http.Request
	body      []byte
	keyPrefix string
	tls       *tls.Config
	// Over when everything is.
	context context.Context
	cancel  context.CancelFunc
}

func openFleet(wanted *job, read *plan, written *books) (*fleet, error) {
	f := &fleet{job: wanted, plan: read, books: written, clients: map[int]*http.Client{}}
	f.context, f.cancel = context.WithCancel(context.Background())
	// Keys of two trials must differ, or a server that remembers keys would answer the wrong one.
	f.keyPrefix = fmt.Sprintf("%s-%d", read.Fingerprint, os.Getpid())
	scheme := "http"
	if wanted.Endpoint.TLS != nil {
		scheme = "https"
		if err := f.trust(); err != nil {
			return nil, err
		}
	}
	for _, one := range read.Templates {
		target, err := url.Parse(scheme + "://" + wanted.Endpoint.Authority + one.Path)
		if err != nil {
			return nil, err
		}
		request := &http.Request{
			Method: one.Method, URL: target, Host: wanted.Endpoint.Authority,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		}
		for name, value := range one.Headers {
			if canonical := http.CanonicalHeaderKey(name); !ownHeaders[canonical] {
				request.Header.Set(canonical, value)
			}
		}
		f.requests = append(f.requests, request)
	}
	var bodyMax uint32
	for _, size := range read.bodyBytes {
		if size > bodyMax {
			bodyMax = size
		}
	}
	f.body = bytes.Repeat([]byte("x"), int(bodyMax))
	for client := wanted.Share.Index; client < read.Clients; client += wanted.Share.Count {
		f.clients[client] = f.newClient(client)
	}
	return f, nil
}

func (f *fleet) trust() error {
	authority := f.job.Endpoint.Authority
	name := authority
	if host, _, err := net.SplitHostPort(authority); err == nil {
		name = host
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if ca := f.job.Endpoint.TLS.CA; ca != nil && !roots.AppendCertsFromPEM([]byte(*ca)) {
		return errors.New("the endpoint's certificate to trust cannot be read")
	}
	f.tls = &tls.Config{
		RootCAs:            roots,
		InsecureSkipVerify: f.job.Endpoint.TLS.Insecure,
		ServerName:         strings.Trim(name, "[]"),
	}
	return nil
}

func (f *fleet) newClient(number int) *http.Client {
	connection := f.job.Policy.Connection
	isOwn := f.job.Settings == "own"
	dialer := &net.Dialer{KeepAlive: -1, FallbackDelay: -1}
	if isOwn {
		dialer.KeepAlive = ownKeepAlive
	}
	if connection.TCPKeepAliveMs != nil {
		dialer.KeepAlive = ms(*connection.TCPKeepAliveMs)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return f.dial(ctx, number, dialer) }
	transport := &http.Transport{
		DialContext:         dial,
		DialTLSContext:      dial,
		DisableKeepAlives:   !connection.Reuse,
		IdleConnTimeout:     0, // never
		MaxIdleConnsPerHost: math.MaxInt32,
		DisableCompression:  true,
		// No HTTP/2, whatever the server offers.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	if isOwn {
		transport.IdleConnTimeout = ownIdleConnTimeout
		transport.MaxIdleConns = ownMaxIdleConns
		transport.MaxIdleConnsPerHost = http.DefaultMaxIdleConnsPerHost
		transport.DisableCompression = false
	}
	if connection.IdleTimeoutMs != nil {
		transport.IdleConnTimeout = ms(*connection.IdleTimeoutMs)
	}
	if most := f.job.Limits.ConnectionsPerClientMax; most != nil {
		transport.MaxConnsPerHost = *most
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (f *fleet) idleTimeoutNs() float64 {
	for _, client := range f.clients {
		if timeout := client.Transport.(*http.Transport).IdleConnTimeout; timeout > 0 {
			return float64(timeout)
		}
	}
	return math.Inf(1)
}

// Both kinds of connection, so that the handshake of either is told apart from what comes after it.
func (f *fleet) dial(ctx context.Context, client int, dialer *net.Dialer) (net.Conn, error) {
	c := f.books.newConn(client)
	asking, _ := ctx.Value(flightKey{}).(*flight)
	if asking != nil {
		asking.dialing(c)
	}
	ctx, cancel := context.WithTimeout(ctx, ms(f.job.Limits.ConnectTimeoutMs))
	defer cancel()
	over, isTCP, err := f.connect(ctx, dialer)
	if err != nil {
		c.neverConnected()
		if asking != nil {
			asking.dialFailed(c, err, isTCP)
		}
		return nil, err
	}
	c.connected(over)
	return c, nil
}

// isTCP says, of a failure, whether it came after TCP was connected.
func (f *fleet) connect(ctx context.Context, dialer *net.Dialer) (over net.Conn, isTCP bool, err error) {
	endpoint := net.JoinHostPort(f.job.Endpoint.Host, strconv.Itoa(f.job.Endpoint.Port))
	raw, err := dialer.DialContext(ctx, "tcp", endpoint)
	if err != nil || f.tls == nil {
		return raw, false, err
	}
	secured := tls.Client(raw, f.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, true, err
	}
	return secured, true, nil
}

// A request of the plan, made anew for each time that it is handed to http.Client.
func (f *fleet) request(ctx context.Context, row int) *http.Request {
	template := f.requests[f.plan.template[row]]
	request := template.WithContext(ctx)
	request.Header = make(http.Header, len(template.Header)+2)
	for name, value := range template.Header {
		request.Header[name] = value
	}
	id := strconv.Itoa(row)
	request.Header["X-Request-Id"] = []string{id}
	if f.job.Policy.Retry.IdempotencyKey {
		// Transport knows it, and sends such a request again by itself.
		request.Header["Idempotency-Key"] = []string{`"` + f.keyPrefix + "-" + id + `"`}
	}
	if size := f.plan.bodyBytes[row]; size > 0 {
		body := f.body[:size]
		request.ContentLength = int64(size)
		request.Body = io.NopCloser(bytes.NewReader(body))
		// Without it Transport could never send a body again.
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	return request
}

// Ends every connection; what is still under way has been waited for.
func (f *fleet) close() {
	f.abort()
	for _, client := range f.clients {
		client.CloseIdleConnections()
	}
	for tries := 0; tries < 1_000 && f.books.openCount() > 0; tries++ {
		time.Sleep(time.Millisecond)
	}
}

// Ends every request that is still under way.
func (f *fleet) abort() {
	f.books.isOver.Store(true)
	f.cancel()
}
