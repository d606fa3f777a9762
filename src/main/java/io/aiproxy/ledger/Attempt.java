package io.aiproxy.ledger;

import io.aiproxy.usage.Usage;
import io.aiproxy.usage.UsageSource;

/**
 * One request to an upstream and what came of it. Times are nanoseconds since its start; {@link #NEVER} where it did not come
 * to that. For the one thread of its exchange.
 */
public final class Attempt {
  public static final long NEVER = -1;

  private final Ticker ticker;
  private final long start;
  private final String instance;
  private final String scheme;
  private final String host;
  private final int port;
  private final String path;
  private final Answer answer = new Answer();
  private Usage usage = Usage.NONE;
  private UsageSource usageSource = UsageSource.ABSENT;
  private int status;
  private long connected = NEVER;
  private long head = NEVER;
  private long firstOutput = NEVER;
  private long end = NEVER;
  private long bytes;

  Attempt(Ticker ticker, String instance, String scheme, String host, int port, String path) {
    this.ticker = ticker;
    this.start = ticker.nanos();
    this.instance = instance;
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.path = path;
  }

  /** A connection is there: a kept one at once, a new one after its handshakes. */
  public void connected() {
    connected = nanos();
  }

  /** The head of the reply is there. */
  public void head(int status) {
    this.status = status;
    head = nanos();
  }

  /** The time since its start. Any thread. */
  public long nanos() {
    return ticker.nanos() - start;
  }

  public void received(int count) {
    bytes += count;
  }

  /** Output of the model is there; only the first time counts. */
  public void firstOutput() {
    if (firstOutput == NEVER) {
      firstOutput = nanos();
    }
  }

  /** Nothing more comes; only the first time counts. */
  public void ended() {
    if (end == NEVER) {
      end = nanos();
    }
  }

  public Answer answer() {
    return answer;
  }

  /** What it cost, as far as that was {@link #counted}; failed attempts cost too. */
  public Usage usage() {
    return usage;
  }

  public UsageSource usageSource() {
    return usageSource;
  }

  /** What it cost is known now. */
  public void counted(Usage tokens, UsageSource source) {
    usage = tokens;
    usageSource = source;
  }

  public String instance() {
    return instance;
  }

  public String scheme() {
    return scheme;
  }

  public String host() {
    return host;
  }

  /** Host and port. */
  public String address() {
    return host + ":" + port;
  }

  /** Without a query, which may hold a credential. */
  public String path() {
    return path;
  }

  /** 0 if there was no reply. */
  public int status() {
    return status;
  }

  public long connectNanos() {
    return connected;
  }

  public long headNanos() {
    return head;
  }

  public long firstOutputNanos() {
    return firstOutput;
  }

  public long endNanos() {
    return end;
  }

  /** Bytes of the reply's body that were read. */
  public long bytes() {
    return bytes;
  }
}
