package io.aiproxy.servlet;

import io.aiproxy.call.Call;
import io.aiproxy.call.Courtesy;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Logging;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Attribute;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.metering.Estimate;
import io.aiproxy.metering.ExchangeLog;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.usage.Usage;
import io.aiproxy.usage.UsageSource;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a client, from its arrival to the attributes that the access log prints. For one thread. */
public final class Visit {
  private static final Logger LOG = LoggerFactory.getLogger(Visit.class);
  private static final String ATTRIBUTE = Visit.class.getName();

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AiProxy settings;
  private final Exchange exchange;
  private final Estimate estimate;
  private final Arrival arrival;
  private final Departure departure;
  private @Nullable Call call;
  private @Nullable Reply reply;

  public Visit(
      HttpServletRequest request,
      HttpServletResponse response,
      AiProxy settings,
      Exchange exchange,
      Estimate estimate,
      Ticker ticker,
      boolean suspends) {
    this.request = request;
    this.response = response;
    this.settings = settings;
    this.exchange = exchange;
    this.estimate = estimate;
    this.arrival = new Arrival(request, settings, ticker);
    this.departure = new Departure(
        response,
        exchange,
        settings.streaming(),
        new Outlet(response, exchange.ledger(), ticker),
        new Suspension(request, response, suspends, new Rest()));
  }

  /** The path by which a request is routed: within the web application, decoded and normalised by the container. */
  public static String path(HttpServletRequest request) {
    return Arrival.path(request);
  }

  /**
   * Answers the request. What goes wrong is answered too; all that is thrown is meant for the container.
   *
   * @throws IOException if the answer broke off and the container has to show it by closing the connection
   */
  public void serve(Handler handler) throws IOException {
    conclude(() -> answer(handler));
  }

  /** The visit of a request to which the container comes back. */
  public static Optional<Visit> suspended(HttpServletRequest request) {
    return request.getDispatcherType() == DispatcherType.ASYNC
            && request.getAttribute(ATTRIBUTE) instanceof Visit visit
        ? Optional.of(visit)
        : Optional.empty();
  }

  /**
   * Goes on behind a stream that went without a thread.
   *
   * @throws IOException as {@link #serve} does
   */
  public void resume() throws IOException {
    if (departure.settle()) {
      request.removeAttribute(ATTRIBUTE);
      conclude(this::goOn);
    }
  }

  private void conclude(Runnable step) throws IOException {
    try {
      step.run();
    } finally {
      if (!departure.isSuspended()) {
        finish();
      }
    }
    if (departure.isSuspended()) {
      request.setAttribute(ATTRIBUTE, this); // before the container has its thread back
      return;
    }
    if (response.isCommitted() && !departure.mustCut() && !exchange.ended()) {
      arrival.drain();
    }
    if (departure.mustCut()) {
      throw new IOException("the answer broke off, see llm_outcome in the access log");
    }
    if (!departure.streamed()) { // whose end the container has still to send
      Courtesy.letOthersGoFirst();
    }
  }

  /** Answers that the gateway goes down. */
  public void turnAway() {
    refuse(Problem.of(Problem.Kind.DRAINING, "the gateway is going down, try again")
        .with("Retry-After", "1"));
    finish();
  }

  private void answer(Handler handler) {
    attempt(() -> {
      Optional.ofNullable(request.getRemoteAddr()).ifPresent(exchange::client);
      Optional.ofNullable(request.getUserPrincipal())
          .ifPresent(user -> exchange.ledger().consumer(user.getName()));
      if (isPreflight()) {
        allow();
        return;
      }
      Call arrived = arrival.call(exchange);
      call = arrived;
      Reply got = handler.handle(arrived);
      reply = got;
      deliver(got, () -> {
        closeIfUnread();
        departure.send(got, arrived.protocol());
      });
    });
  }

  private void goOn() {
    Reply suspended = Objects.requireNonNull(reply);
    attempt(() -> deliver(suspended, () -> departure.resume(suspended, protocol())));
  }

  private void deliver(Reply replied, Runnable step) {
    try {
      step.run();
      if (!departure.isSuspended()) {
        exchange.ledger().outcome(outcome(replied));
      }
    } finally {
      if (!departure.isSuspended()) {
        replied.close();
      }
    }
  }

  /** Takes a step, and answers what goes wrong with it. */
  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (Problem problem) {
      refuse(problem);
    } catch (ClientGone gone) {
      breakOff();
    } catch (RuntimeException | Error fault) { // a container would show it, stack trace and all
      LOG.error("exchange {} failed by a fault of the gateway's own", exchange.id(), fault);
      refuse(Problem.of(
          Problem.Kind.INTERNAL,
          "the gateway failed, its log says more under this x-ai-request-id"));
    }
  }

  /** The body did not come whole: the client has left, or wrote nonsense and waits for an answer. */
  private void breakOff() {
    exchange.ledger().outcome(Ending.CLIENT_GONE.word());
    if (!response.isCommitted()) {
      departure.send(
          Problem.of(
                  Problem.Kind.INVALID_REQUEST,
                  "the request body is malformed or did not come whole")
              .with("Connection", "close"),
          protocol());
    }
  }

  private void refuse(Problem problem) {
    Departure.log(exchange, problem);
    exchange.ledger().outcome(problem.kind().code());
    closeIfUnread();
    departure.send(problem, protocol());
  }

  /** What is still to come of a body would be taken for the next request. */
  private void closeIfUnread() {
    if (arrival.isUnread() && !response.isCommitted()) {
      response.setHeader("Connection", "close");
    }
  }

  private Protocol protocol() {
    Call arrived = call;
    return arrived != null
        ? arrived.protocol()
        : Protocols.at(path(request)).orElse(Protocols.DEFAULT);
  }

  private boolean isPreflight() {
    return request.getMethod().equals("OPTIONS") && request.getContentLengthLong() <= 0;
  }

  /** No origin is allowed here: who serves browsers sets a CORS filter before this one. */
  private void allow() {
    exchange.ledger().outcome("preflight");
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.setHeader("Allow", "POST, OPTIONS");
    response.setHeader("x-ai-request-id", exchange.id());
  }

  private String outcome(Reply reply) {
    if (!reply.succeeded()) {
      return "upstream_error";
    }
    boolean complete =
        exchange.ledger().lastAttempt().filter(last -> last.answer().complete()).isPresent();
    boolean failed =
        exchange.ledger().lastAttempt().filter(last -> last.answer().failed()).isPresent();
    return failed
        ? "upstream_error"
        : complete || !departure.streamed() ? "completed" : "incomplete";
  }

  private void finish() {
    end();
    Ledger ledger = exchange.ledger();
    for (Attribute attribute : Attribute.values()) {
      String value = attribute.of(ledger);
      if (!value.isEmpty()) {
        request.setAttribute(attribute.key(), value);
      }
    }
  }

  private void end() {
    exchange.finish(this::count);
    ExchangeLog.write(
        settings.logging(), exchange.ledger(), Optional.ofNullable(call).map(Call::json));
  }

  private void count() {
    Ledger ledger = exchange.ledger();
    try {
      ledger
          .lastAttempt()
          .ifPresent(last -> ledger
              .attempts()
              .forEach(attempt ->
                  count(attempt, attempt == last ? departure.streamed() : ledger.stream())));
    } catch (RuntimeException | Error uncounted) { // what comes now is owed whatever happens
      LOG.error("exchange {}: its tokens could not be counted", exchange.id(), uncounted);
    }
  }

  private void count(Attempt attempt, boolean streamed) {
    Usage reported = attempt.answer().usage();
    if (isEstimated(attempt, streamed)) {
      departure.close();
      attempt.counted(reported.filledFrom(estimated(attempt.answer())), UsageSource.ESTIMATED);
    } else if (!reported.isAbsent()) {
      attempt.counted(reported, departure.drained() ? UsageSource.DRAINED : UsageSource.REPORTED);
    }
  }

  /** Whether tokens are counted here, since the provider did not tell. */
  private boolean isEstimated(Attempt attempt, boolean streamed) {
    return streamed
        && attempt.status() == HttpServletResponse.SC_OK
        && Estimate.applies(exchange.ledger().protocol())
        && attempt.answer().usage().isUnfinished();
  }

  private Usage estimated(Answer answer) {
    JsonValue asked = Optional.ofNullable(call).map(Call::json).orElseThrow();
    return estimate.of(asked, answer);
  }

  /** Of a stream that went without a thread. */
  private final class Rest implements Aftermath {
    @Override
    public boolean isQuick() {
      Logging logging = settings.logging();
      return !logging.summaries()
          && !logging.payloads()
          && !arrival.isUnread()
          && exchange.isAlone()
          && exchange.ledger().attempts().stream().noneMatch(attempt -> isEstimated(attempt, true));
    }

    @Override
    public void conclude() {
      try {
        goOn();
      } finally {
        finish();
      }
    }

    /** Its attributes are nobody's any more. */
    @Override
    public void abandon(boolean waits) {
      if (!waits) {
        exchange.end(Ending.CLIENT_GONE);
      }
      try {
        goOn();
      } finally {
        end();
      }
    }
  }
}
