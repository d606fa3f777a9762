package io.aiproxy.metering;

import io.aiproxy.call.Call;
import io.aiproxy.call.Handler;
import io.aiproxy.call.Layer;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads model, usage and time to first token off an answer while it passes, and changes no byte. A stream leaves it cut into
 * events.
 */
public final class Metering implements Layer {
  private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

  @Override
  public Reply handle(Call call, Handler next) {
    Reply reply = next.handle(call);
    Attempt attempt = call.exchange().ledger().lastAttempt().orElseThrow();
    boolean canBeRead = reply.succeeded() && reply.isPlain();
    Protocol.Reading reading =
        canBeRead ? call.protocol().read(attempt.answer(), reply.hasEvents()) : new Unread();
    Reply framed = reply.hasEvents() ? reply.inEvents() : reply;
    return framed.through(new Watcher(attempt, reading, reply.isStream()), true);
  }

  /** Hands on what it sees. If reading fails the answer goes on unread. */
  private static final class Watcher implements Transducer<Piece, Piece> {
    private final Attempt attempt;
    private final boolean isStream;
    private Protocol.Reading reading;

    Watcher(Attempt attempt, Protocol.Reading reading, boolean isStream) {
      this.attempt = attempt;
      this.reading = reading;
      this.isStream = isStream;
    }

    @Override
    public void next(Piece piece, Consumer<? super Piece> out) {
      guarded(() -> reading.next(piece));
      if (isStream && attempt.answer().hasOutput()) {
        attempt.firstOutput();
      }
      out.accept(piece);
    }

    @Override
    public void end(Consumer<? super Piece> out) {
      guarded(reading::end);
      if (!isStream) {
        attempt.firstOutput();
      }
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException unreadable) {
        reading = new Unread();
        LOG.warn("an answer cannot be read, its usage stays unknown", unreadable);
      }
    }
  }

  private static final class Unread implements Protocol.Reading {
    @Override
    public void next(Piece piece) {}

    @Override
    public void end() {}
  }
}
