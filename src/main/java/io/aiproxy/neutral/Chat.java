package io.aiproxy.neutral;

import io.aiproxy.stream.Piece;
import io.aiproxy.stream.Transducer;
import io.aiproxy.wire.Event;
import io.aiproxy.wire.StreamFormat;

/** The dialect of a protocol in which one converses with a model. */
public interface Chat extends Dialect<Request, Response> {
  /** How its providers send streams. */
  default StreamFormat streams() {
    return StreamFormat.SSE;
  }

  /** What the query of a request for a stream has to say; empty if nothing. */
  default String streamQuery() {
    return "";
  }

  /**
   * Reads a stream. One per answer. What is of no known kind is passed over; at what is no JSON it throws a {@link
   * io.aiproxy.call.Problem}, for a part of the answer may be lost with it.
   */
  Transducer<Event, Delta> decoder();

  /**
   * Writes a stream: no more is held back than one message. One per answer. It is not given {@link Delta.Failed}.
   *
   * @param asked what is answered
   * @param format how the client wants it
   */
  Transducer<Delta, Piece> encoder(Request asked, StreamFormat format);
}
