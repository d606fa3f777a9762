package io.aiproxy.translate;

import io.aiproxy.call.Body;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.neutral.Delta;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An upstream's stream in the client's protocol. A stream that breaks off is not given an end of our making, and what the
 * upstream says of its failure is said to the client as its protocol says it.
 */
final class StreamBody implements Body {
  private final Body source;
  private final Transducer<Event, Delta> decoder;
  private final Transducer<Delta, Piece> encoder;
  private final Protocol client;
  private final StreamFormat format;
  private boolean over;
  private Optional<Problem> problem = Optional.empty();

  StreamBody(
      Body source,
      Transducer<Event, Delta> decoder,
      Transducer<Delta, Piece> encoder,
      Protocol client,
      StreamFormat format) {
    this.source = source;
    this.decoder = decoder;
    this.encoder = encoder;
    this.client = client;
    this.format = format;
  }

  @Override
  public boolean advance(Consumer<? super Piece> out) {
    boolean more = source.advance(piece -> translate(piece, out));
    if (!more) {
      decoder.end(delta -> say(delta, out));
      if (!over) {
        throw Problem.of(Problem.Kind.UPSTREAM_BROKEN, "the upstream's stream broke off");
      }
    }
    if (problem.isPresent()) {
      throw problem.get();
    }
    return more;
  }

  /** Does not throw: whoever hands out the pieces is in the middle of its work. */
  private void translate(Piece piece, Consumer<? super Piece> out) {
    if (over || problem.isPresent()) {
      return;
    }
    if (!(piece instanceof Event event)) {
      problem = Optional.of(Problem.of(
          Problem.Kind.UPSTREAM_BROKEN,
          "the upstream sent a message that is broken, or too long to be translated"));
      return;
    }
    if (event.hasData()) {
      try {
        decoder.next(event, delta -> say(delta, out));
      } catch (Problem bad) {
        problem = Optional.of(bad);
      }
    }
  }

  private void say(Delta delta, Consumer<? super Piece> out) {
    if (over) {
      return;
    }
    if (delta instanceof Delta.Failed failed) {
      over = true;
      out.accept(Chunk.of(client.errorEvent(failed.failure(), format)));
    } else {
      encoder.next(delta, out);
      over = delta instanceof Delta.Ended;
    }
  }

  @Override
  public boolean ready() {
    return source.ready();
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public void close() {
    source.close();
  }
}
