package io.aiproxy.balance;

import io.aiproxy.json.JsonPaths;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonWatch;
import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import java.util.function.Consumer;

/** Finds the id of a response of OpenAI's Responses API while it passes: a document's own, or the one in a stream's events. */
final class ResponseId implements Transducer<Piece, Piece> {
  private static final JsonPaths PATHS =
      JsonPaths.builder().add("id", 0).add("response.id", 0).build();

  private final Consumer<String> found;
  private final JsonWatch watch = new JsonWatch(PATHS, this::see, 1024);
  private boolean over;

  /** Tells of the first one. */
  ResponseId(Consumer<String> found) {
    this.found = found;
  }

  @Override
  public void next(Piece piece, Consumer<? super Piece> out) {
    if (!over) {
      look(piece);
    }
    out.accept(piece);
  }

  private void look(Piece piece) {
    if (!(piece instanceof Event event)) {
      watch.next(piece.array(), piece.offset(), piece.length());
    } else if (event.hasData()) {
      watch.reset();
      watch.next(event.dataArray(), event.dataOffset(), event.dataLength());
    }
  }

  private void see(int place, byte[] bytes, int offset, int length, boolean whole) {
    if (!over && whole && bytes[offset] == '"') {
      over = true;
      found.accept(JsonValue.decode(bytes, offset, length));
    }
  }
}
