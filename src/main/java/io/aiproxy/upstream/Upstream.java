package io.aiproxy.upstream;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Target;
import io.aiproxy.config.Limits;
import io.aiproxy.config.Timeouts;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ProtocolException;

/**
 * The innermost handler: sends a call as it is and returns at the head of the answer. Redirects are not followed, cookies
 * not kept, bodies not decoded, and nothing is sent twice but over a kept connection that was dead. Safe for all threads.
 */
public final class Upstream implements Handler {
  private final Transports.Lease transport;
  private final Patience patience;
  private final OptionalLong maxResponseBytes;
  private final Slices slices;

  /**
   * @param transport stays its maker's, who closes it
   */
  public Upstream(Transports.Lease transport, Timeouts timeouts, Limits limits, Slices slices) {
    this.transport = transport;
    this.patience = Patience.of(transport.transport(), timeouts, limits);
    this.maxResponseBytes = limits.maxResponseBytes();
    this.slices = slices;
  }

  /** With the same slice all the time. */
  public Upstream(Transports.Lease transport, Timeouts timeouts, Limits limits, Duration slice) {
    this(transport, timeouts, limits, new Slices(slice, slice));
  }

  @Override
  public Reply handle(Call call) {
    ClassicHttpRequest request;
    Line line;
    try {
      request = Outgoing.of(call, transport.transport());
      line = transport.line(call.target());
    } catch (IllegalArgumentException bad) {
      throw Problem.of(Problem.Kind.INTERNAL, "the request to the provider could not be made", bad);
    }
    return talk(call, new Conversation(call.exchange(), attempt(call), line, patience), request);
  }

  private Reply talk(Call call, Conversation conversation, ClassicHttpRequest request) {
    boolean replied = false;
    try {
      Reply reply = reply(call, conversation, request, conversation.ask(request));
      replied = true;
      return reply;
    } finally {
      if (!replied) {
        conversation.end(Optional.empty());
      }
    }
  }

  private static Attempt attempt(Call call) {
    Ledger ledger = call.exchange().ledger();
    Target target = call.target();
    return ledger
        .lastAttempt()
        .orElseGet(
            () -> ledger.attempt("", target.scheme(), target.host(), target.port(), target.path()));
  }

  private Reply reply(
      Call call,
      Conversation conversation,
      ClassicHttpRequest request,
      ClassicHttpResponse response) {
    Incoming incoming;
    try {
      incoming = Incoming.of(call, request, response, transport.transport());
    } catch (ProtocolException bad) {
      throw Trouble.asking(bad);
    }
    if (incoming.framing().length() > maxResponseBytes.orElse(Long.MAX_VALUE)) {
      throw Trouble.tooLarge();
    }
    SilenceWatch silence =
        conversation.reading(incoming.format().isStream(), incoming.framing().length());
    return new Reply(
        incoming.status(),
        incoming.headers(),
        incoming.format(),
        new ReplyBody(conversation, incoming, silence, slices, maxResponseBytes));
  }
}
