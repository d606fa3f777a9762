package io.aiproxy.translate;

import io.aiproxy.call.Body;
import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Watch;
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
  private boolean said;
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
    boolean more = readOn(piece -> translate(piece, out));
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

  /** What the client was told is whole is not made worse by how the upstream's connection ends. */
  private boolean readOn(Consumer<? super Piece> out) {
    try {
      return source.advance(out);
    } catch (Problem broken) {
      if (over) {
        return false;
      }
      throw broken;
    }
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
      fail(failed.failure(), out);
    } else {
      encoder.next(delta, piece -> {
        said = true;
        out.accept(piece);
      });
      over = delta instanceof Delta.Ended;
    }
  }

  /** An array cannot begin with an error; as long as nothing was said the error can take its place. */
  private void fail(Failure failure, Consumer<? super Piece> out) {
    byte[] event = client.errorEvent(failure, format);
    if (event.length == 0 || (format == StreamFormat.JSON_ARRAY && !said)) {
      problem = Optional.of(Problem.of(Problem.Kind.UPSTREAM_ERROR, failure.message()));
    } else {
      out.accept(Chunk.of(event));
    }
  }

  @Override
  public boolean ready() {
    return source.ready();
  }

  @Override
  public Optional<Watch> watch() {
    return source.watch();
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
