package io.aiproxy.call;

import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Answer;
import io.aiproxy.stream.Piece;
import io.aiproxy.wire.StreamFormat;
import java.util.Set;

/**
 * A language that clients and providers speak: how a request is recognised, what an answer says of usage, what an error looks
 * like. Has no state; safe for all threads.
 */
public interface Protocol {
  /** As configuration and errors name it, such as {@code openai-chat}. */
  String name();

  /** Whether a path is this protocol's own, to which its requests are POSTed. */
  default boolean isEndpoint(String path) {
    return false;
  }

  /** Whether a GET without a body is for its endpoint too. */
  default boolean lists() {
    return false;
  }

  /** Whether a request is in this protocol; protocols are asked in the order of their list. */
  boolean detects(String path, JsonValue body);

  /**
   * Refuses what no provider could answer.
   *
   * @throws Problem naming the member that is wrong
   */
  void check(JsonValue body);

  /**
   * What a request says of itself.
   *
   * @param path the client's, decoded
   * @param query the client's, as it stands in the request line; empty if there is none
   */
  Asked asked(String path, String query, JsonValue body);

  /** The parameters of a client's query that are part of what it says, and go on to an upstream of the same protocol. */
  default Set<String> parameters() {
    return Set.of();
  }

  /**
   * The body of a request for another model, wherever this protocol names it there.
   *
   * @param body an object
   * @param isAddressed whether the address names one, so that the body need not
   */
  default JsonEditor naming(String model, JsonValue body, boolean isAddressed) {
    JsonEditor named = new JsonEditor(body);
    if (!isAddressed || body.has("model")) {
      named.set("model", JsonEditor.encode(TextNode.valueOf(model)));
    }
    return named;
  }

  /** How an answer is put on the wire, by its status, its media type and what was asked for. */
  default StreamFormat format(int status, String mediaType, Asked asked) {
    return StreamFormat.of(mediaType);
  }

  /**
   * Follows an answer in this protocol while it passes, and writes down what it says. One per answer.
   *
   * @param isStream whether the pieces are {@link io.aiproxy.wire.Event}s, and not those of one document
   */
  Reading read(Answer answer, boolean isStream);

  /** What an upstream says went wrong, read from its error in this protocol; words it does not have stay empty. */
  Failure failure(int status, JsonValue body);

  /** An error as a body in this protocol, in JSON. */
  byte[] error(Failure failure);

  /** The same as a message within a stream that has begun; empty if the protocol has none for that format. */
  byte[] errorEvent(Failure failure, StreamFormat format);

  /**
   * What a request says of itself.
   *
   * @param model empty if it names none
   * @param format how the answer is asked to be sent
   * @param endUser who the client says is its user; empty if it does not
   * @param tools how many tools it offers
   */
  record Asked(String model, StreamFormat format, String endUser, int tools) {
    public static final Asked NOTHING = new Asked("", StreamFormat.DOCUMENT, "", 0);

    /** The same of another model. */
    public Asked of(String other) {
      return new Asked(other, format, endUser, tools);
    }

    /** Whether it asks for a stream, in so many words. */
    public boolean stream() {
      return format.isStream();
    }
  }

  /** Watches the pieces of one answer; changes none. */
  interface Reading {
    void next(Piece piece);

    /** No piece follows. */
    void end();
  }
}
