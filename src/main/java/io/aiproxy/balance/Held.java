package io.aiproxy.balance;

import io.aiproxy.call.Body;
import io.aiproxy.call.Reply;
import io.aiproxy.call.Watch;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.stream.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a stream up to its first output, and a document that is not large to its end, before anybody is told of it: until then
 * another upstream can still be asked.
 */
final class Held {
  /** What is held at most, in bytes: documents of that size are held for the client in any case. */
  private static final int MOST = 1024 * 1024;

  private Held() {}

  /**
   * The same reply, with what was read of it at its beginning.
   *
   * @param patience how long to wait before the client is told anyway
   * @throws io.aiproxy.call.Problem if the stream breaks off before
   */
  static Reply of(Reply reply, Attempt attempt, Ledger ledger, Duration patience) {
    List<Piece> held = new ArrayList<>();
    int[] size = new int[1];
    long begun = ledger.nanos();
    boolean more = true;
    while (more
        && size[0] < MOST
        && !(reply.isStream() && isTold(attempt, ledger.nanos() - begun, patience))) {
      more = reply.body().advance(piece -> {
        held.add(piece.kept());
        size[0] += piece.length();
      });
    }
    return new Reply(
        reply.status(), reply.headers(), reply.format(), new Begun(held, more, reply.body()));
  }

  private static boolean isTold(Attempt attempt, long waited, Duration patience) {
    return attempt.answer().hasOutput()
        || attempt.answer().failed()
        || waited >= patience.toNanos();
  }

  /** A body of which something is at hand already. */
  private static final class Begun implements Body {
    private final List<Piece> held;
    private final boolean more;
    private final Body rest;
    private boolean told;

    Begun(List<Piece> held, boolean more, Body rest) {
      this.held = held;
      this.more = more;
      this.rest = rest;
    }

    @Override
    public boolean advance(Consumer<? super Piece> out) {
      if (!told) {
        told = true;
        held.forEach(out);
        held.clear();
        return more;
      }
      return more && rest.advance(out);
    }

    @Override
    public boolean ready() {
      return !told || rest.ready();
    }

    @Override
    public Optional<Watch> watch() {
      return told && more ? rest.watch() : Optional.empty();
    }

    @Override
    public long length() {
      return rest.length();
    }

    @Override
    public void close() {
      rest.close();
    }
  }
}
