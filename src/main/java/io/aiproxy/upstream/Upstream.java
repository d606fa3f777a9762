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
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ProtocolException;

/**
 * The innermost handler: sends a call as it is and returns at the head of the answer. Redirects are not followed, cookies
 * not kept, bodies not decoded, and nothing is sent twice but over a kept connection that was dead. Safe for all threads.
 */
public final class Upstream implements Handler {
  private final Transports.Lease transport;
  private final Timeouts timeouts;
  private final Limits limits;
  private final Duration heartbeat;

  /**
   * @param transport stays its maker's, who closes it
   * @param heartbeat how long {@code advance} of a stream's body waits at most before it returns without a piece; zero if it
   *     is to wait until there is one
   */
  public Upstream(
      Transports.Lease transport, Timeouts timeouts, Limits limits, Duration heartbeat) {
    this.transport = transport;
    this.timeouts = timeouts;
    this.limits = limits;
    this.heartbeat = heartbeat;
  }

  @Override
  public Reply handle(Call call) {
    ClassicHttpRequest request = outgoing(call);
    Conversation conversation = begin(call);
    boolean replied = false;
    try {
      Reply reply = reply(conversation, request, conversation.ask(request));
      replied = true;
      return reply;
    } finally {
      if (!replied) {
        conversation.end(Optional.empty());
      }
    }
  }

  private ClassicHttpRequest outgoing(Call call) {
    try {
      return Outgoing.of(call, transport.transport());
    } catch (IllegalArgumentException bad) {
      throw Problem.of(
          Problem.Kind.INTERNAL, "The request to the provider could not be made.", bad);
    }
  }

  private Conversation begin(Call call) {
    Target target = call.target();
    return new Conversation(
        call.exchange(),
        attempt(call.exchange().ledger(), target),
        new Line(transport.enter(), target),
        transport.transport().connectTimeout(),
        timeouts,
        limits);
  }

  private static Attempt attempt(Ledger ledger, Target target) {
    return ledger
        .lastAttempt()
        .orElseGet(
            () -> ledger.attempt("", target.scheme(), target.host(), target.port(), target.path()));
  }

  private Reply reply(
      Conversation conversation, ClassicHttpRequest request, ClassicHttpResponse response) {
    Incoming incoming;
    try {
      incoming = Incoming.of(request, response, transport.transport());
    } catch (ProtocolException bad) {
      throw Trouble.asking(bad);
    }
    if (incoming.framing().length() > limits.maxResponseBytes().orElse(Long.MAX_VALUE)) {
      throw Trouble.tooLarge();
    }
    conversation.reading(incoming.stream());
    return new Reply(
        incoming.status(),
        incoming.headers(),
        new ReplyBody(
            conversation, incoming, timeouts.idle(), heartbeat, limits.maxResponseBytes()));
  }
}
