package io.aiproxy.ledger;

import io.aiproxy.usage.Usage;
import io.aiproxy.usage.UsageSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What is known about one exchange, written as it becomes known and read once at its end. It steers nothing. For the one
 * thread of its exchange.
 */
public final class Ledger {
  private final Ticker ticker;
  private final long start;
  private final String id;
  private final List<Attempt> attempts = new ArrayList<>(1);
  private String route = "";
  private String consumer = "";
  private String protocol = "";
  private String requestModel = "";
  private String model = "";
  private String endUser = "";
  private boolean stream;
  private int tools;
  private String outcome = "";
  private long sent;
  private long end = Attempt.NEVER;

  public Ledger(String id, Ticker ticker) {
    this(id, ticker, ticker.nanos());
  }

  private Ledger(String id, Ticker ticker, long start) {
    this.id = id;
    this.ticker = ticker;
    this.start = start;
  }

  /** Begins an attempt; the last one is the one that counts. */
  public Attempt attempt(String instance, String scheme, String host, int port, String path) {
    Attempt attempt = new Attempt(ticker, instance, scheme, host, port, path);
    attempts.add(attempt);
    return attempt;
  }

  /** One for attempts that run beside others: it knows what this one knows, and begins when this one began. */
  public Ledger branch() {
    Ledger branch = new Ledger(id, ticker, start);
    branch.route(route);
    branch.consumer(consumer);
    branch.asked(protocol, requestModel, stream, endUser, tools);
    return branch;
  }

  /** Takes over the attempts of a branch; its last one is now the one that counts. */
  public void won(Ledger branch) {
    attempts.addAll(branch.attempts);
    model = branch.model;
  }

  /** Takes over the attempts of a branch, of which none counts. */
  public void lost(Ledger branch) {
    attempts.addAll(Math.max(0, attempts.size() - 1), branch.attempts);
  }

  public List<Attempt> attempts() {
    return Collections.unmodifiableList(attempts);
  }

  public Optional<Attempt> lastAttempt() {
    return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
  }

  public void route(String id) {
    route = id;
  }

  /** The authenticated principal of the container. */
  public void consumer(String name) {
    consumer = name;
  }

  public void asked(
      String protocolName, String modelName, boolean wantsStream, String user, int toolCount) {
    protocol = protocolName;
    requestModel = modelName;
    model = modelName;
    stream = wantsStream;
    endUser = user;
    tools = toolCount;
  }

  /** The model that the upstream was asked for, where configuration decides it. */
  public void model(String name) {
    model = name;
  }

  /** How it ended, in a word; only the first one counts. */
  public void outcome(String word) {
    if (outcome.isEmpty()) {
      outcome = word;
    }
  }

  /** Bytes of the body went to the client. */
  public void sent(long count) {
    sent += count;
  }

  /** The exchange is over. */
  public void ended() {
    end = ticker.nanos() - start;
    attempts.forEach(Attempt::ended);
  }

  public String id() {
    return id;
  }

  public String route() {
    return route;
  }

  public String consumer() {
    return consumer;
  }

  /** The client's protocol; empty before it is known. */
  public String protocol() {
    return protocol;
  }

  public String requestModel() {
    return requestModel;
  }

  public String model() {
    return model;
  }

  public String endUser() {
    return endUser;
  }

  public boolean stream() {
    return stream;
  }

  public int tools() {
    return tools;
  }

  /** The tokens of the attempt that counts. */
  public Usage usage() {
    return lastAttempt().map(Attempt::usage).orElse(Usage.NONE);
  }

  public UsageSource usageSource() {
    return lastAttempt().map(Attempt::usageSource).orElse(UsageSource.ABSENT);
  }

  public String outcome() {
    return outcome;
  }

  /** How much of a body the client was sent, in bytes. */
  public long sent() {
    return sent;
  }

  /** The whole exchange, in nanoseconds; up to now if it is not over. */
  public long nanos() {
    return end == Attempt.NEVER ? ticker.nanos() - start : end;
  }
}
